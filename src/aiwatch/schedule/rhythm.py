"""When a source publishes: learned on-line from past arrivals alone, forgotten slowly, unsure while there is little to go by.

``learn`` keeps decayed counts of arrivals: by hour of the week, by minute of the hour (a third of all press items appear on the full hour),
and the last few for bursts. ``forecast`` turns them into an expected rate for every minute to come:

    rate(t) = (1 - BURST) * week[hour of week] * minute[minute of hour] + what the latest arrivals still promise

Few counts are smoothed towards more general ones, step by step: the hour of one weekday towards (hour of day x weekday), the hour of day
towards the newsroom it looks most like (working days of different lengths in every time zone, weighed by how well they explain the counts).
All times are UTC; a change to summer time moves a rhythm by one hour of 24 and is unlearned within weeks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from aiwatch.model import Rhythm

HOURS = 168  # of a week, from Monday 00:00 UTC
RECENT = 12  # arrivals kept for bursts
_BASELINE_SPAN = timedelta(days=28)  # how far back the first poll's dates are believed
_SILENCE_MEMORY = 180.0  # days after which the longest silence has faded to a third
_AHEAD = timedelta(days=2)  # what was learned so far ahead of now was learned by a clock that was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """The few numbers of the model, between the choices of ``bench/freshness.py --tune`` on either half of the sources.

    The loss is flat around them: any one of them halved or doubled changes the mean delay by 1 to 4 percent (no bursts at all: 10).
    """

    memory: float = 45.0  # days after which a count has faded to a third
    minute_memory: float = 60.0  # the same for the minutes of the hour
    rate_prior: float = 3.0  # items a day of a source of which nothing is known
    rate_weight: float = 0.3  # days of observation that outweigh it
    hour_weight: float = 4.0  # arrivals that outweigh the newsroom's hours
    weekday_weight: float = 1.5  # weeks of observation that outweigh the usual week
    joint_weight: float = 8.0  # weeks of observation that outweigh (hour of day x weekday)
    minute_weight: float = 15.0  # arrivals that outweigh "any minute is like another"
    blur: float = 0.2  # share of an hour's count that belongs to each neighbour
    burst: float = 0.3  # share of arrivals that follow another one
    burst_minutes: float = 50.0  # within about so long


TUNING = Tuning()
_USUAL_WEEK = (1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5)  # weekdays against weekend, mean 1
_WORKDAYS = ((8, 10), (9, 15), (11, 20))  # (first full hour, hours): office, newsroom, round-the-clock desk
_NIGHT = 0.15  # of the daytime rate


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected arrivals. ``week``: per minute, by hour of the week. ``minute``: factor by minute of the hour, mean 1."""

    week: tuple[float, ...]
    minute: tuple[float, ...]
    recent: tuple[datetime, ...] = ()
    tuning: Tuning = TUNING

    def excess(self, now: datetime) -> float:
        """Arrivals per minute that the latest ones still promise at ``now``; fades with ``burst_minutes``."""
        tuning = self.tuning
        ages = ((now - one).total_seconds() / 60.0 for one in self.recent)
        return sum(math.exp(-age / tuning.burst_minutes) for age in ages if age >= 0) * tuning.burst / tuning.burst_minutes

    def root(self) -> float:
        """Mean over the week of the square root of the rate: what a poll density that goes with the root is divided by."""
        return sum(math.sqrt(rate) for rate in self.week) / len(self.week)


def hour_of_week(moment: datetime) -> int:
    """0 to 167, from Monday 00:00 UTC."""
    utc = moment.astimezone(UTC)
    return utc.weekday() * 24 + utc.hour


def learn(rhythm: Rhythm | None, arrivals: Sequence[datetime], now: datetime, *, tuning: Tuning = TUNING) -> Rhythm:
    """The rhythm after a poll at ``now`` that brought ``arrivals`` (when they were published, aware; none for a poll without news).

    The first call takes the dates of the whole body. Later, a date before the previous poll is not believed: the item was not there then,
    so it counts as of ``now``. Dates to the day alone say nothing of hours and are counted as a rate only. A clock that was a year ahead
    has faded all counts and watched a year of silence: a rhythm from then is learned anew, or it would take that year to recover.
    """
    believed = sorted(one for one in arrivals if now - _BASELINE_SPAN <= one <= now)
    if rhythm is None or rhythm.updated is None or rhythm.updated > now + _AHEAD:
        rhythm = Rhythm(hours=(0.0,) * HOURS, minutes=(0.0,) * 60, days=(0.0,) * 7, updated=believed[0] if believed else now)
        late: list[datetime] = []
    else:
        since = rhythm.updated
        rhythm = _whole(rhythm)
        late = [one for one in believed if one < since]
        believed = [one for one in believed if one >= since]
    rhythm = _faded(rhythm, now, tuning)
    came = [*believed, *(now for _ in late)]
    counted = _spread(rhythm, believed) if _by_day(believed) else _counted(rhythm, believed, len(late), now)
    return _waited(counted, came)


def _counted(rhythm: Rhythm, believed: Sequence[datetime], late: int, now: datetime) -> Rhythm:
    hours, minutes = list(rhythm.hours), list(rhythm.minutes)
    for one in believed:
        hours[hour_of_week(one)] += 1.0
        minutes[one.minute] += 1.0
    hours[hour_of_week(now)] += late
    latest = tuple(reversed([*believed, *(now for _ in range(late))]))[:RECENT]
    return replace(rhythm, hours=tuple(hours), minutes=tuple(minutes), recent=(latest + rhythm.recent)[:RECENT])


def _waited(rhythm: Rhythm, came: Sequence[datetime]) -> Rhythm:
    """What ``silence`` goes by: the longest time between two arrivals, the last of them, and what was known then. ``came`` ascends."""
    moments = [*([rhythm.last] if rhythm.last else []), *came]
    waits = [(later - earlier) / timedelta(days=1) for earlier, later in pairwise(moments)]
    known = (sum(rhythm.hours), rhythm.weight) if came or not rhythm.known else rhythm.known
    return replace(rhythm, last=max(moments, default=None), silence=max((rhythm.silence, *waits)), known=known)


def _whole(rhythm: Rhythm) -> Rhythm:
    """A rhythm as an earlier version wrote it, with what it lacks."""
    days = rhythm.days if len(rhythm.days) == 7 else (rhythm.weight / 7.0,) * 7
    hours = rhythm.hours if len(rhythm.hours) == HOURS else (0.0,) * HOURS
    minutes = rhythm.minutes if len(rhythm.minutes) == 60 else (0.0,) * 60
    return replace(rhythm, hours=hours, minutes=minutes, days=days)


def _faded(rhythm: Rhythm, now: datetime, tuning: Tuning) -> Rhythm:
    """Older counts fade; the days between the last poll and this one are added to what was watched."""
    since = rhythm.updated or now
    passed = max(0.0, (now - since).total_seconds() / 86_400)
    keep, keep_minutes = math.exp(-passed / tuning.memory), math.exp(-passed / tuning.minute_memory)
    days = [one * keep for one in rhythm.days]
    at = since
    while at < now:
        midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        until = min(now, midnight)
        days[at.astimezone(UTC).weekday()] += (until - at).total_seconds() / 86_400
        at = until
    return replace(
        rhythm,
        hours=tuple(one * keep for one in rhythm.hours),
        minutes=tuple(one * keep_minutes for one in rhythm.minutes),
        days=tuple(days),
        weight=sum(days),
        silence=rhythm.silence * math.exp(-passed / _SILENCE_MEMORY),
        updated=max(now, since),
    )


def _by_day(arrivals: Sequence[datetime]) -> bool:
    """Whether these dates are of days alone: of three days or more, all with one time of day (midnight of somebody's zone)."""
    days, times = {one.date() for one in arrivals}, {one.timetz() for one in arrivals}
    return len(days) >= 3 and len(times) == 1 and arrivals[0].minute in (0, 30)


def _spread(rhythm: Rhythm, arrivals: Sequence[datetime]) -> Rhythm:
    hours = list(rhythm.hours)
    for one in arrivals:
        for hour in range(24):
            hours[one.astimezone(UTC).weekday() * 24 + hour] += 1.0 / 24.0
    return replace(rhythm, hours=tuple(hours))


# --- forecast -----------------------------------------------------------------------------------------------------------------


def forecast(rhythm: Rhythm | None, *, tuning: Tuning = TUNING) -> Forecast:
    """What to expect; for a source of which nothing is known, the same at every hour."""
    if rhythm is None or not rhythm.hours:
        return Forecast(week=(tuning.rate_prior / 1440.0,) * HOURS, minute=(1.0,) * 60, tuning=tuning)
    rhythm = _whole(rhythm)
    counts, watched = rhythm.hours, sum(rhythm.days)
    rate = (sum(counts) + tuning.rate_prior * tuning.rate_weight) / (watched + tuning.rate_weight)
    day = _hours_of_day(counts, tuning)
    weekdays = _weekdays(counts, rhythm.days, rate, tuning)
    week = []
    for place in range(HOURS):
        weekday, hour = divmod(place, 24)
        expected = weekdays[weekday] * day[hour] / 24.0
        around = _blurred(counts, place, tuning.blur)
        week.append((around + tuning.joint_weight * expected) / (rhythm.days[weekday] + tuning.joint_weight) / 60.0)
    return Forecast(week=tuple(week), minute=_minutes(rhythm.minutes, tuning), recent=rhythm.recent, tuning=tuning)


def _blurred(counts: Sequence[float], place: int, blur: float) -> float:
    size = len(counts)
    return counts[place] * (1 - 2 * blur) + (counts[place - 1] + counts[(place + 1) % size]) * blur


def _hours_of_day(counts: Sequence[float], tuning: Tuning) -> list[float]:
    """Share of each hour of the day, mean 1."""
    by_hour = [sum(counts[day * 24 + hour] for day in range(7)) for hour in range(24)]
    prior = _newsroom(by_hour)
    total = sum(by_hour) + tuning.hour_weight
    return [24.0 * (_blurred(by_hour, hour, tuning.blur) + tuning.hour_weight * prior[hour]) / total for hour in range(24)]


def _newsrooms() -> list[tuple[float, ...]]:
    """Share of each UTC hour for working days of several lengths in every zone, and for one without a rhythm."""
    found: list[tuple[float, ...]] = [(1.0 / 24.0,) * 24]
    for first, length in _WORKDAYS:
        shape = [1.0 if (hour - first) % 24 < length else _NIGHT for hour in range(24)]
        total = sum(shape)
        found += [tuple(shape[(hour + zone) % 24] / total for hour in range(24)) for zone in range(24)]
    return found


_NEWSROOMS = _newsrooms()
_LOG_NEWSROOMS = [tuple(math.log(share) for share in shape) for shape in _NEWSROOMS]


def _newsroom(by_hour: Sequence[float]) -> list[float]:
    """The mixture of newsrooms that the counts speak for; all of them alike where there are no counts."""
    scores = [sum(count * share for count, share in zip(by_hour, logs, strict=True)) for logs in _LOG_NEWSROOMS]
    best = max(scores)
    weights = [math.exp(max(score - best, -60.0)) for score in scores]
    total = sum(weights)
    return [sum(weight * shape[hour] for weight, shape in zip(weights, _NEWSROOMS, strict=True)) / total for hour in range(24)]


def _weekdays(counts: Sequence[float], watched: Sequence[float], rate: float, tuning: Tuning) -> list[float]:
    """Items a day by weekday."""
    weight = tuning.weekday_weight
    return [
        (sum(counts[day * 24 : day * 24 + 24]) + weight * rate * _USUAL_WEEK[day]) / (watched[day] + weight) for day in range(7)
    ]


def _minutes(counts: Sequence[float], tuning: Tuning) -> tuple[float, ...]:
    """Factor by minute of the hour, mean 1."""
    if not counts:
        return (1.0,) * 60
    total = sum(counts) + tuning.minute_weight
    return tuple(60.0 * (count + tuning.minute_weight / 60.0) / total for count in counts)
