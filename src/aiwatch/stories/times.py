"""When an item is of: its own date where that is believed, and when it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiwatch.model import FIRST_DATE, Item

_DAY = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Time(NamedTuple):
    """When an item is of by its own date, and when it counts as seen: later, where that date is not believed."""

    at: datetime
    seen: datetime


def when(item: Item, now: datetime, zone: str | None = None) -> datetime:
    """The item's time: its date where that is sane, else when it was seen, else ``now``; never later than it was seen.

    A date that is exactly midnight, in UTC or in the source's ``zone``, is a day without a time: of an item seen within that day, the time
    it was seen is the better one.
    """
    if item.published is None or item.published < FIRST_DATE:
        return item.seen_at or now
    if item.seen_at is None:
        return item.published
    if item.seen_at - item.published < _DAY and is_midnight(item.published, zone):
        return item.seen_at
    return min(item.published, item.seen_at)


def last(items: Iterable[Item]) -> datetime:
    """When the last of them was: one without a date that no poll saw counts as of then. Where none has a date, 1970."""
    return max((when(item, _BEGINNING) for item in items), default=_BEGINNING)


def is_midnight(moment: datetime, zone: str | None) -> bool:
    """Whether a date is a day without a time, in UTC or in ``zone``."""
    local = moment.astimezone(_zone(zone)) if zone else moment
    return any(not (one.hour or one.minute or one.second) for one in (moment, local))


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
