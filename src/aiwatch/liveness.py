"""For how long the service may be silent before it has stopped: one measure for pages, commands, tools and the service manager."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.settings import Polling

TICKS = 10
TICKS_AT_LEAST = timedelta(minutes=2)  # a database that is locked for a moment costs a tick twenty seconds
POLLS_AT_LEAST = timedelta(days=1)


def allowed(polling: Polling) -> timedelta:
    """How old the daemon's last tick may be."""
    return max(TICKS_AT_LEAST, TICKS * timedelta(seconds=polling.tick))


def ticks(last: datetime | None, polling: Polling, now: datetime) -> bool:
    """Whether a daemon that ticked at ``last`` (None: never) still does."""
    return last is not None and now - last <= allowed(polling)


def unpolled_since(last: datetime | None, polling: Polling, now: datetime) -> datetime | None:
    """The last poll of any source, where it is so long ago that no service can be running: a day, or twice the longest interval."""
    long = max(POLLS_AT_LEAST, timedelta(seconds=2 * polling.max_interval))
    return last if last is not None and now - last > long else None
