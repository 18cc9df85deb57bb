"""A whole file judged and folded at once: what ``aiwatch detect`` prints and the benches measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from aiwatch.judging import Listener
from aiwatch.model import Announcement, Detection, Document, Judged, ident
from aiwatch.names.vendors import one_maker
from aiwatch.rules import RuleSet
from aiwatch.stories import fold, times

SAME_DAYS = timedelta(days=3)  # how far from the launch a report of "a new model" without its name may be


def judged(documents: Iterable[Document], rules: RuleSet) -> list[Judged]:
    """Every document with the rules' word on it, in the order given.

    Each hears the names that earlier documents gave, and those of its own moment; one without a date those of all.
    """
    rows = list(enumerate(documents))
    end = times.last(item for _, (item, _) in rows)
    placed = sorted(rows, key=lambda row: (times.when(row[1].item, end), row[1].item.id))
    listener = Listener(rules)
    found: dict[int, Judged] = {}
    for _, together in groupby(placed, key=lambda row: times.when(row[1].item, end)):
        batch = list(together)
        found |= dict(zip((at for at, _ in batch), listener.judge([document for _, document in batch]), strict=True))
    return [found[at] for at, _ in rows]


def events(batch: Sequence[Judged]) -> dict[str, str]:
    """The event (announcement id: story and step) of every document that counts, over a whole file in any order.

    Documents without a date come last: they join what is there rather than open a launch before its time. A report that names no model
    goes to its maker's launch of those days; the daemon, which cannot wait for the name, keeps such a report silent instead
    (``telling.hush``).
    """
    end = times.last(item for item, _, _ in batch)
    folded = fold(batch, (), now=end, alert_window=timedelta.max)
    told = [mention for mention in folded.mentions if mention.role != "mention"]
    found = {mention.item_id: ident(mention.story_id, mention.stage) for mention in reversed(told)}  # of several, the first
    return found | dict(_named(batch, folded.announcements, end))


def _named(batch: Sequence[Judged], announcements: Sequence[Announcement], end: datetime) -> Iterator[tuple[str, str]]:
    """The event of each report that names no model: the nearest launch of its maker, else the first such report of those days."""
    at_item = {item.id: times.when(item, end) for item, _, _ in batch}
    launches = [(at_item[one.item_id], one) for one in announcements]
    named = [(at, one.vendor, one.id) for at, one in launches if one.models and one.vendor]
    bare: list[tuple[datetime, str, str]] = []
    nameless = [(times.when(item, end), item.id, detection) for item, _, detection in batch if _names_none(detection)]
    for at, item_id, detection in sorted(nameless, key=lambda one: one[:2]):
        maker = detection.maker
        event = maker and (_nearest(named, maker, at) or _nearest(bare, maker, at))
        if event:
            yield item_id, event
        elif maker:
            bare.extend((at, maker, one.id) for _, one in launches if one.item_id == item_id)


def _names_none(detection: Detection) -> bool:
    return detection.announcement and not detection.models


def _nearest(events: Sequence[tuple[datetime, str, str]], maker: str, at: datetime) -> str | None:
    near = [(abs(at - when), event) for when, vendor, event in events if one_maker(vendor, maker) and abs(at - when) <= SAME_DAYS]
    return min(near)[1] if near else None
