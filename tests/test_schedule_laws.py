"""The laws of the schedule: whatever happens, these hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import schedule
from aiwatch.model import Failed, Failure, Fetched, NotModified, Outcome, PollState, Rhythm, Source
from aiwatch.schedule.rhythm import Forecast
from aiwatch.settings import Polling

SOURCE = Source(id="lab", url="https://lab.example/feed")
STATE = PollState(source_id="lab", polls=3)
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
jitters = st.floats(0, 0.999)
pollings = st.builds(
    Polling, min_interval=st.integers(1, 3600), max_interval=st.integers(60, 86_400), budget=st.integers(1, 1440)
)
ages = st.none() | st.integers(0, 10**9)
failures = st.sampled_from([one for one in Failure if one is not Failure.GONE])
rhythms = st.none() | st.builds(lambda gaps, start: learned(start, gaps), st.lists(st.integers(0, 3000), max_size=40), moments)


def learned(start: datetime, gaps: list[int]) -> Rhythm:
    rhythm = schedule.learn(None, [], start)
    at = start
    for gap in gaps:
        at += timedelta(minutes=gap)
        rhythm = schedule.learn(rhythm, [at - timedelta(seconds=min(30, gap))], at)
    return rhythm


TERMS = schedule.Terms(polling=Polling(), now=START, jitter=0.0)


def due(
    outcome: Outcome, state: PollState = STATE, rhythm: Rhythm | None = None, ttl: int | None = None, **terms: Any
) -> datetime:
    return schedule.next_poll(SOURCE, replace(state, rhythm=rhythm), outcome, replace(TERMS, **terms), ttl)


def fetched(max_age: int | None = None) -> Fetched:
    return Fetched(url=SOURCE.url, status=200, headers={}, body=b"x", max_age=max_age)


@given(
    rhythm=rhythms,
    polling=pollings,
    now=moments,
    ttl=st.none() | st.integers(0, 10**7),
    age=st.none() | st.integers(0, 10**9),
    jitter=jitters,
)
def test_after_an_answer_the_wait_is_within_bounds(
    rhythm: Rhythm | None, polling: Polling, now: datetime, ttl: int | None, age: int | None, jitter: float
) -> None:
    for outcome in (fetched(age), NotModified(url=SOURCE.url, max_age=age)):
        waited = (due(outcome, rhythm=rhythm, polling=polling, now=now, ttl=ttl, jitter=jitter) - now).total_seconds()
        assert (
            min(polling.min_interval, polling.max_interval) <= waited <= max(polling.max_interval, polling.min_interval) + 0.001
        )


@given(
    kind=failures,
    count=st.floats(0, 60),
    asked=st.integers(1, 86_400),
    jitter=jitters,
    polling=pollings,
    days=st.integers(0, 400),
)
def test_nothing_is_sent_inside_a_retry_after(
    kind: Failure, count: float, asked: int, jitter: float, polling: Polling, days: int
) -> None:
    state = replace(STATE, failures=count, failing_since=START - timedelta(days=days))
    waited = due(Failed(kind=kind, reason="busy", retry_after=asked), state, polling=polling, jitter=jitter) - START
    assert waited >= timedelta(seconds=asked)


@given(
    kind=failures,
    count=st.floats(0, 1000),
    more=st.floats(0, 1000),
    days=st.integers(0, 60),
    longer=st.integers(0, 60),
    jitter=jitters,
)
def test_more_failures_never_shorten_the_wait(
    kind: Failure, count: float, more: float, days: int, longer: int, jitter: float
) -> None:
    failed = Failed(kind=kind, reason="no")
    sooner = replace(STATE, failures=count, failing_since=START - timedelta(days=days))
    later = replace(STATE, failures=count + more, failing_since=START - timedelta(days=days + longer))
    assert due(failed, sooner, jitter=jitter) <= due(failed, later, jitter=jitter)


@given(kind=failures, count=st.floats(0, 10_000), days=st.integers(0, 4000), jitter=jitters)
def test_a_dead_source_is_still_looked_at(kind: Failure, count: float, days: int, jitter: float) -> None:
    state = replace(STATE, failures=count, failing_since=START - timedelta(days=days))
    waited = due(Failed(kind=kind, reason="no"), state, jitter=jitter) - START
    assert timedelta(seconds=Polling().min_interval) <= waited <= timedelta(days=1.3)


@given(
    outcome=st.sampled_from([fetched(), Failed(kind=Failure.HARD, reason="no"), Failed(kind=Failure.GONE, reason="410")]),
    jitter=jitters,
)
def test_gone_is_never_polled_again(outcome: Outcome, jitter: float) -> None:
    assert due(outcome, replace(STATE, gone=True), jitter=jitter) == schedule.NEVER
    assert timedelta(days=1) <= due(Failed(kind=Failure.GONE, reason="410"), jitter=jitter) - START <= timedelta(days=1.3)


@given(rhythm=rhythms, ahead=st.lists(st.timedeltas(timedelta(-60), timedelta(60)), max_size=30), now=moments)
def test_learning_takes_any_dates_and_stays_finite(rhythm: Rhythm | None, ahead: list[timedelta], now: datetime) -> None:
    after = schedule.learn(rhythm, [now + one for one in ahead], now)
    assert len(after.hours) == 168
    assert len(after.minutes) == 60
    assert all(0.0 <= one < 1e6 for one in (*after.hours, *after.minutes, *after.days))
    assert after.updated is not None
    assert all(one <= max(now, after.updated) for one in after.recent)
    expected = schedule.forecast(after)
    assert all(rate > 0 for rate in expected.week)
    assert abs(sum(expected.minute) / 60 - 1) < 1e-6


def test_a_clock_that_was_a_year_ahead_is_forgotten_within_weeks() -> None:
    """Two items a day, for two weeks after the clock was set right."""
    rhythm = schedule.learn(None, [], START + timedelta(days=365))
    rhythm = schedule.learn(rhythm, [], START + timedelta(days=366))
    for half_days in range(1, 29):
        now = START + timedelta(hours=12 * half_days)
        rhythm = schedule.learn(rhythm, [now - timedelta(minutes=7)], now)
    week = schedule.forecast(rhythm).week
    assert 1.5 < sum(week) / len(week) * 1440 < 2.5
    assert rhythm.updated == now


def test_the_future_teaches_nothing() -> None:
    rhythm = schedule.learn(None, [], START)
    assert schedule.learn(rhythm, [START + timedelta(days=3)], START).hours == rhythm.hours


def test_an_explicit_interval_is_kept() -> None:
    source = replace(SOURCE, interval=900)
    at = schedule.next_poll(source, STATE, fetched(), TERMS)
    assert at == START + timedelta(seconds=900)


def test_a_ttl_is_heeded_up_to_an_hour() -> None:
    assert due(fetched(), ttl=2400) >= START + timedelta(seconds=2400)
    assert due(fetched(max_age=3600)) >= START + timedelta(hours=1)
    assert due(fetched(max_age=10**6)) < START + timedelta(hours=2)


def test_polls_go_where_the_items_come() -> None:
    """Two weeks of items at 09:00 on working days: the nights are quiet, and the first look of the morning comes right after nine."""
    rhythm = schedule.learn(None, [], datetime(2026, 2, 2, tzinfo=UTC))
    for day in range(28):
        at = datetime(2026, 2, 2, 9, 0, 20, tzinfo=UTC) + timedelta(days=day)
        if at.weekday() < 5:
            rhythm = schedule.learn(rhythm, [at, at, at], at + timedelta(minutes=1))
    before_nine = datetime(2026, 3, 2, 8, 52, tzinfo=UTC)
    assert due(fetched(), rhythm=rhythm, now=before_nine) == datetime(2026, 3, 2, 9, 1, tzinfo=UTC)
    night, morning = datetime(2026, 3, 2, 22, 10, tzinfo=UTC), datetime(2026, 3, 2, 9, 10, tzinfo=UTC)
    assert due(fetched(), rhythm=rhythm, now=night) - night > due(fetched(), rhythm=rhythm, now=morning) - morning


def test_a_burst_brings_the_next_look_nearer() -> None:
    rhythm = learned(START - timedelta(days=10), [240] * 50)
    now = rhythm.updated or START
    busy = replace(rhythm, recent=(now, now - timedelta(minutes=4), now - timedelta(minutes=9)))
    quiet = replace(rhythm, recent=())
    assert due(fetched(), rhythm=busy, now=now) < due(fetched(), rhythm=quiet, now=now)


def test_a_nudge_comes_soon_and_not_for_all_sources_of_a_vendor_at_once() -> None:
    times = {schedule.nudge(Source(id=f"lab-{number}", url="https://lab.example/"), START) for number in range(8)}
    assert len(times) == 8
    assert all(timedelta(seconds=60) <= one - START <= timedelta(seconds=120) for one in times)


@given(budget=st.integers(6, 240), more=st.integers(1, 240), a_day=st.floats(0.1, 50), now=moments)
def test_a_steady_rate_is_polled_as_often_as_the_budget_says_whatever_the_rate(
    budget: int, more: int, a_day: float, now: datetime
) -> None:
    steady = Forecast(week=(a_day / 1440.0,) * 168, minute=(1.0,) * 60)
    waits = [schedule.wait(steady, polls, now, 60.0, 86_400.0) for polls in (budget, budget + more)]
    assert 0.8 <= waits[0] * budget / 86_400 <= 1.3
    assert waits[1] <= waits[0]


@pytest.mark.parametrize(
    ("kind", "first", "longest"),
    [
        (Failure.HARD, timedelta(minutes=30), timedelta(days=1)),
        (Failure.SOFT, timedelta(minutes=15), timedelta(hours=12)),
        (Failure.TEMPORARY, timedelta(minutes=5), timedelta(hours=6)),
        (Failure.BLOCKED, timedelta(hours=1), timedelta(days=1)),
    ],
)
def test_the_wait_after_a_failure_starts_doubles_and_ends_by_its_kind(
    kind: Failure, first: timedelta, longest: timedelta
) -> None:
    failed, one = Failed(kind=kind, reason="no"), schedule.FAILURE_WEIGHT[kind]
    waits = [due(failed, replace(STATE, failures=count)) - START for count in (one, one + 1.0, one + 2.0, 99.0)]
    assert waits == [first, 2 * first, 4 * first, longest]
    slow = Polling(min_interval=2 * 86_400)
    assert due(failed, replace(STATE, failures=one), polling=slow) - START == timedelta(days=2)
    assert due(failed, replace(STATE, failures=one), jitter=0.5) - START == first * 1.125


def test_a_source_that_failed_for_two_weeks_is_looked_at_once_a_day_whatever_its_kind_of_failure() -> None:
    failed, since = Failed(kind=Failure.TEMPORARY, reason="no"), START - schedule.DEAD_AFTER
    for count in (0.25, 99.0):
        assert due(failed, replace(STATE, failures=count, failing_since=since)) == START + timedelta(days=1)
    younger = replace(STATE, failures=99.0, failing_since=since + timedelta(seconds=1))
    assert due(failed, younger) == START + timedelta(hours=6)


def test_after_a_retry_after_the_sources_of_a_host_do_not_all_come_at_once() -> None:
    def waited(asked: int) -> timedelta:
        failed = Failed(kind=Failure.TEMPORARY, reason="busy", retry_after=asked)
        return due(failed, replace(STATE, failures=0.25), jitter=0.5) - START

    assert waited(400) == timedelta(seconds=420), "spread over a tenth of what was asked"
    assert waited(86_400) == timedelta(seconds=86_430), "and a minute at most"


@pytest.mark.parametrize(("interval", "jitter", "seconds"), [(100, 0.5, 102.5), (900, 0.5, 910.0), (0, 0.0, 1.0)])
def test_polls_at_an_interval_are_spread_by_a_twentieth_and_twenty_seconds_at_most(
    interval: int, jitter: float, seconds: float
) -> None:
    at = schedule.next_poll(replace(SOURCE, interval=interval), STATE, fetched(), replace(TERMS, jitter=jitter))
    assert at == START + timedelta(seconds=seconds)


def test_neighbours_share_the_host() -> None:
    polling = Polling(budget=72, budget_per_host=2000)
    crowded = schedule.crowd([SOURCE, *(Source(id=str(number), url=f"https://hub.example/{number}") for number in range(100))])
    assert schedule.share(polling, SOURCE, crowded) is polling
    neighbour = Source(id="one", url="https://key@HUB.example/x")
    assert schedule.share(polling, neighbour, crowded).budget == 20
    assert schedule.share(replace(polling, budget=20), neighbour, crowded).budget == 20
    assert schedule.share(replace(polling, budget_per_host=99), neighbour, crowded).budget == 1, "never none at all"
    assert schedule.crowd([SOURCE, replace(SOURCE, id="off", enabled=False)]) == {"lab.example": 1}
