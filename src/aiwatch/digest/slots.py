"""When a digest is due. Never twice, never skipped, whatever clocks do.

Cron runs over local wall-clock time without a zone; its answers are then placed on the real time line by these laws:

- a wall-clock time that a zone skips (02:30 when 02:00 becomes 03:00) is due at the first moment after the gap;
- one that a zone repeats is due once, the first time. Only a schedule with ``*`` in hour or minute is an interval and goes on through
  the repeated hour, as in Debian's cron;
- slots that fall on one moment are one slot;
- a digest is due if a slot lies after the last one that was published. Several missed ones are caught up as one: the newest.

The last slot is a moment and not a local date, so a changed zone, a clock set back or a suspended machine cannot repeat one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from aiwatch.digest import words
from aiwatch.settings import QuietHours, Subscription

# how far back the newest slot is looked for: a cron of every minute has half a million slots in a year, which would take minutes to walk
_BACK = (timedelta(hours=3), timedelta(days=8), timedelta(days=400))
_REPEATED = timedelta(hours=3)  # longer than any hour that a zone of tzdata repeats since 1970


def next_slot(subscription: Subscription, after: datetime) -> datetime | None:
    """The first slot after ``after``, in UTC; None for an immediate digest and for a cron that never comes (30 February).

    Raises ValueError for a schedule that cannot be read; the message says what is allowed.
    """
    schedule = words.of(subscription)
    zone = ZoneInfo(subscription.timezone)
    found = [slot for cron in schedule.crons if (slot := _next(cron, zone, after)) is not None]
    return min(found, default=None)


def coming(subscription: Subscription, after: datetime) -> Iterator[datetime]:
    """All slots after ``after``, in order; nothing for an immediate digest."""
    slot = next_slot(subscription, after)
    while slot is not None:
        yield slot
        slot = next_slot(subscription, slot)


def due(subscription: Subscription, last: datetime, now: datetime) -> datetime | None:
    """The newest slot after ``last`` and not after ``now``; None if there is none, or the digest is immediate."""
    newest: datetime | None = None
    if first_missed(subscription, last, now) is None:
        return None
    for span in (*_BACK, now - last):
        for slot in takewhile(lambda one: one <= now, coming(subscription, max(last, now - span))):
            newest = slot
        if newest is not None:
            break
    return newest


def first_missed(subscription: Subscription, last: datetime, now: datetime) -> datetime | None:
    """The oldest slot after ``last`` and not after ``now``: what a catch-up is measured against."""
    slot = next_slot(subscription, last)
    return slot if slot is not None and slot <= now else None


def is_immediate(subscription: Subscription) -> bool:
    """Whether its announcements are told one by one, as soon as they are found."""
    return words.of(subscription).immediate


def quiet_until(quiet: QuietHours | None, zone_name: str, now: datetime) -> datetime | None:
    """When the quiet hours that ``now`` lies in end, in UTC; None outside of them. May cross midnight; start = end is no quiet."""
    if quiet is None:
        return None
    zone, start, end = ZoneInfo(zone_name), _clock(quiet.start), _clock(quiet.end)
    local = now.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    inside = start <= at < end if start < end else (at >= start or at < end) and start != end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if start > end and at >= start else local.date()
    ends = _placed(datetime.combine(day, end), zone, fold=0)
    return ends if ends > now else _placed(datetime.combine(day, end), zone, fold=1)


def period(subscription: Subscription, at: datetime) -> timedelta | None:
    """The usual time between two slots around ``at``: the shortest of the next eight; None for an immediate digest."""
    gaps = [later - earlier for earlier, later in pairwise(islice(coming(subscription, at), 8))]
    return min(gaps, default=None)


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _next(cron: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    first = _first(cron, zone, after, fold=0)
    minute, hour = cron.split()[:2]
    if first is None or not (minute.startswith("*") or hour.startswith("*")):
        return first
    again = _first(cron, zone, after, fold=1)
    return min(first, again) if again is not None else first


def _first(cron: str, zone: ZoneInfo, after: datetime, fold: int) -> datetime | None:
    """The first slot after ``after`` if a repeated hour is taken to be its first (fold 0) or second (fold 1) pass.

    Either placing never goes back as wall-clock time goes on, so the first hit is the earliest.
    """
    start = after.astimezone(zone).replace(tzinfo=None) - (_REPEATED if fold else timedelta(minutes=1))
    for wall in CronSim(cron, start):
        slot = _placed(wall, zone, fold)
        if slot > after:
            return slot
    return None


def _placed(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """The moment of a wall-clock time; one that does not exist is the first moment after the gap."""
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # In a gap fold 0 takes the offset before it and fold 1 the one after (PEP 495): the gap's end lies between the two moments.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    beyond = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return _gap_end(zone, before, beyond)


def _gap_end(zone: ZoneInfo, before: datetime, beyond: datetime) -> datetime:
    """The first moment with the offset of ``beyond``, to the second."""
    offset = beyond.astimezone(zone).utcoffset()
    while beyond - before > timedelta(seconds=1):
        middle = (before + (beyond - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == offset:
            beyond = middle
        else:
            before = middle
    return beyond
