"""A source that brings new entries without end: identities made up at each answer, an archive that is taken in for ever.

    what its polls brought of late + what is new now ── kept ──> what is stored of it

Every new entry is judged, stored and remembered for good: 2,000 made-up links at each poll are half a million rows a day. What a source may
bring in a day follows from what it brought on its other days; one very long answer, or two, are no flood. Beyond that the newest few of
each poll are stored, so that news in it is still heard, and operators are told. What is left is new again as long as the source shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from aiwatch.model import Item, Note
from aiwatch.ports import Brought

KEPT = 50  # new entries of a poll that are stored in any case; where a poll brings no more, nothing is looked at
RUNNING = 2  # polls of the last day that brought more than that, and this is one more
A_DAY = 5_000  # new entries that any source may bring in a day: a busy wire has a thousand
USUAL = 3  # times what it brings on its other days
MOST_A_DAY = 20_000  # whatever it brought before
DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def suspected(new: Sequence[Item]) -> bool:
    """Whether so much is new that it may be one; else what the source brought before need not be read."""
    return len(new) > KEPT


def kept(new: Sequence[Item], brought: Sequence[Brought], now: datetime) -> tuple[Item, ...]:
    """The new items that are stored: all, but where the source floods. Parts of a sitemap that are read for the first time are none of it.

    ``brought`` is of the last ``MONTH``, oldest first.
    """
    doubtful = [item for item in new if Note.AGELESS not in item.notes]
    before = brought[1:]  # the first poll of all brings what was there, or is a month old
    lately = [one.fresh for one in before if now - one.at < DAY]
    large = sum(1 for fresh in lately if fresh > KEPT)
    if len(doubtful) <= KEPT or large < RUNNING or sum(lately) < _allowed(before, now):
        return tuple(new)
    left = {item.id for item in _newest_first(doubtful, now)[KEPT:]}
    return tuple(item for item in new if item.id not in left)


def calm(brought: Sequence[Brought], now: datetime) -> bool:
    """Whether the last day had nothing of a flood: a notice of one ends."""
    return sum(1 for one in brought if now - one.at < DAY and one.fresh > KEPT) < RUNNING


def said(left: int) -> str:
    """A sentence's part on what was left; empty where nothing was."""
    return f"{left} new entries were not stored: the source brings far more than on other days" if left else ""


def _allowed(before: Sequence[Brought], now: datetime) -> float:
    """New entries of a day up to which nothing is left."""
    days = Counter[int]()
    for one in before:
        days[(now - one.at) // DAY] += one.fresh
    usual = median([fresh for day, fresh in days.items() if day > 0] or [0])
    return min(max(USUAL * usual, A_DAY), MOST_A_DAY)


def _newest_first(items: Sequence[Item], now: datetime) -> list[Item]:
    """By date; of what has none, or the same, what stands at either end: lists have the newest on top, sitemaps often last."""
    placed = enumerate(items)
    ranked = sorted(placed, key=lambda one: (now - (one[1].published or now), min(one[0], len(items) - 1 - one[0])))
    return [item for _, item in ranked]
