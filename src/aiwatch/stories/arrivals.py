"""The order in which items came: poll by poll, as the service wrote them.

Polls run at the same time. Where two bring reports of one launch, the poll that was written first has it, whichever was asked first; what
folds the past again (``replay``, ``refile``) must take them as they were written, or it hears of the launch from another item. An archive
has each item's newest wording alone: what told a launch and was edited later must be taken as of then, or it comes behind its own coverage.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from aiwatch.model import Announcement, Document, Stage
from aiwatch.stories import times

POLL = timedelta(minutes=10)  # a poll is written so soon after it was begun, which is when its items were seen


def as_told(came: Sequence[Document], told: Iterable[Announcement]) -> list[Document]:
    """The documents, each that made a launch's step before it was edited with its newest wording and as of the poll that brought it.

    What was a rumour, and became the launch by an edit, is of the edit.
    """
    first = {one.item_id: one.at for one in sorted(told, key=lambda one: one.at, reverse=True) if one.stage is not Stage.RUMORED}
    begun = defaultdict[str, set[datetime]](set)
    for item, source in came:
        if item.revision == 1 and item.seen_at:
            begun[source.id].add(item.seen_at)
    begins = {source_id: sorted(polls) for source_id, polls in begun.items()}
    return [_as_of(one, first.get(one.item.id), begins.get(one.source.id, ())) for one in came]


def _as_of(document: Document, told: datetime | None, begun: Sequence[datetime]) -> Document:
    """``begun``: when its source's polls were, in order."""
    item, source = document
    if item.revision == 1 or told is None or item.seen_at is None or told >= item.seen_at:
        return document
    before = bisect_right(begun, told)
    seen = begun[before - 1] if before and told - begun[before - 1] <= POLL else told
    return Document(replace(item, seen_at=seen, revision=1), source)


def polls(came: Iterable[Document], end: datetime) -> Iterator[list[Document]]:
    """The items in the order seen, those of one poll together; undated ones that no poll saw come last, at ``end``."""
    placed = sorted(
        ((item.seen_at or times.when(item, end), source.id, item.id, source, item) for item, source in came),
        key=lambda p: p[:3],
    )
    for _, poll in groupby(placed, key=lambda p: p[:2]):
        yield [Document(item, source) for _, _, _, source, item in poll]


def as_committed(seen: Iterable[list[Document]], came: Iterable[Document]) -> list[list[Document]]:
    """The polls by where their new items stand in ``came``; what only edited goes behind those that were seen before it."""
    stands = {item.id: place for place, (item, _) in enumerate(came)}
    last, placed = -1, list[tuple[int, list[Document]]]()
    for poll in seen:
        first = min((stands[item.id] for item, _ in poll if item.revision == 1), default=last)
        last = max(last, first)
        placed.append((first, poll))
    return [poll for _, poll in sorted(placed, key=lambda one: one[0])]
