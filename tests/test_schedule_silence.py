"""Whether a source is silent for longer than its own past lets expect: a frozen list is found, a source that rests is left alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from aiwatch.model import Rhythm
from aiwatch.schedule import learn
from aiwatch.schedule.silence import AT_LEAST, expected

START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Watched:
    """What was learned of a source by the end of its days, when its last entry was found, and on which days it was called quiet."""

    rhythm: Rhythm | None
    last: datetime | None
    now: datetime
    quiet: tuple[float, ...]


def watched(days: Sequence[float], until: float, every: timedelta = DAY / 2) -> Watched:
    """A source that brings an entry at each of ``days`` (ascending), polled till ``until``."""
    rhythm, last, quiet, now = None, None, list[float](), START
    coming = [START + day * DAY for day in days]
    while now < START + until * DAY:
        now += every
        new, coming = [one for one in coming if one <= now], [one for one in coming if one > now]
        rhythm, last = learn(rhythm, new, now), now if new else last
        if expected(rhythm, last, now) is not None:
            quiet.append((now - START) / DAY)
    return Watched(rhythm=rhythm, last=last, now=now, quiet=tuple(quiet))


def by_chance(rate: float, days: float, seed: int) -> list[float]:
    rng, at, made = random.Random(seed), 0.0, list[float]()
    while (at := at + rng.expovariate(rate)) < days:
        made.append(at)
    return made


@pytest.mark.parametrize("every", [timedelta(hours=1), timedelta(hours=12), DAY])
def test_a_daily_source_that_is_frozen_is_found_after_two_weeks_and_stays_found(every: timedelta) -> None:
    seen = watched([day + 0.4 for day in range(40)], 100, every)
    assert 53 <= seen.quiet[0] <= 55.1
    assert seen.quiet[-1] == 100
    assert len(seen.quiet) == pytest.approx((100 - seen.quiet[0]) * (DAY / every) + 1, abs=0.01), "without a break"


def test_what_was_to_come_is_counted_by_the_rate_before_the_silence() -> None:
    seen = watched([day + 0.4 for day in range(60)], 90)
    assert expected(seen.rhythm, seen.last, seen.now) == pytest.approx(30, abs=2)


def test_a_weekly_source_is_found_after_a_dozen_weeks() -> None:
    seen = watched([7.0 * week for week in range(40)], 600)
    assert 273 + 75 <= seen.quiet[0] <= 273 + 100


@pytest.mark.parametrize(
    "days", [[30.0 * month for month in range(20)], [1.0, 2.0, 3.0, 20.0], [0.5 + n / 20 for n in range(60)], []]
)
def test_rare_few_and_short_known_ones_are_left_alone(days: list[float]) -> None:
    assert watched(days, 650).quiet == ()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rate", [3.0, 0.5, 0.15, 0.05])
def test_chance_alone_makes_nobody_quiet(rate: float, seed: int) -> None:
    days = by_chance(rate, 300, seed)
    assert watched(days, days[-1]).quiet == ()


@pytest.mark.parametrize(("every", "entries"), [(14, 10), (30, 20), (60, 30)])
def test_who_always_rests_for_long_is_only_quiet_the_first_time(every: int, entries: int) -> None:
    days = sorted(every * turn + n / 20 for turn in range(8) for n in range(entries))
    assert [day for day in watched(days, days[-1]).quiet if day > 2 * every] == []


def test_time_in_which_nobody_looked_is_no_silence_of_the_source() -> None:
    seen = watched([day + 0.4 for day in range(40)], 40)
    for away in (20, 60, 365):
        back = seen.now + away * DAY
        rhythm = learn(seen.rhythm, [back - n * DAY for n in range(9)], back)
        assert expected(rhythm, back, back + AT_LEAST - DAY / 2) is None
        assert expected(rhythm, back, back + AT_LEAST) is None, (
            "what was missed is not known, and the rate is too low for a while"
        )


def test_a_rhythm_of_an_earlier_version_knows_its_silence_from_its_next_poll_on() -> None:
    seen = watched([day + 0.4 for day in range(40)], 40)
    assert seen.rhythm is not None
    older = replace(seen.rhythm, last=None, silence=0.0, known=())
    assert expected(older, seen.last, seen.now + 30 * DAY) is None
    again = learn(older, [], seen.now + DAY)
    assert expected(again, seen.last, seen.now + 14 * DAY) == pytest.approx(14, abs=1)


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert expected(None, START, START + 99 * DAY) is None
    assert expected(Rhythm(), START, START + 99 * DAY) is None
    seen = watched([day + 0.4 for day in range(40)], 90)
    assert expected(seen.rhythm, None, seen.now) is None
