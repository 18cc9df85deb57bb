"""When digests are due: never twice, never skipped, whatever clocks and zones do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from digest_samples import subscription
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.digest import slots, words
from aiwatch.settings import QuietHours

ZONES = (
    "Asia/Seoul",  # no change of the clock
    "America/New_York",  # an hour at 02:00
    "Europe/Berlin",  # an hour at 02:00, by UTC
    "Australia/Lord_Howe",  # half an hour
    "America/Santiago",  # at midnight: 00:00 does not exist
    "Africa/Casablanca",  # twice a year around Ramadan
    "Asia/Tehran",  # half-hour offset
    "Pacific/Chatham",  # three quarters of an hour, 02:45
)


@pytest.mark.parametrize(
    ("text", "crons"),
    [
        ("hourly", ("0 * * * *",)),
        ("daily 9:00", ("0 9 * * *",)),
        ("9:00", ("0 9 * * *",)),
        ("every day at 9pm", ("0 21 * * *",)),
        ("weekdays 08:00", ("0 8 * * 1-5",)),
        ("weekends 10:00", ("0 10 * * 0,6",)),
        ("weekly monday 9:00", ("0 9 * * 1",)),
        ("Mondays, Thursdays 9am", ("0 9 * * 1,4",)),
        ("tue and fri 18:30", ("30 18 * * 2,5",)),
        ("monthly 1 9:00", ("0 9 1 * *",)),
        ("monthly last 9:00", ("0 9 L * *",)),
        ("daily 9:00, 18:30", ("0 9 * * *", "30 18 * * *")),
        ("daily 12am and 12pm", ("0 0 * * *", "0 12 * * *")),
        ("평일 08:00", ("0 8 * * 1-5",)),
        ("매일 오후 6시 30분", ("30 18 * * *",)),
        ("매주 월요일 9시", ("0 9 * * 1",)),
        ("0 8 * * 1-5", ("0 8 * * 1-5",)),
        ("*/15 9-17 * * mon-fri", ("*/15 9-17 * * mon-fri",)),
    ],
)
def test_schedules_are_said_in_plain_words(text: str, crons: tuple[str, ...]) -> None:
    assert words.read(text) == words.Schedule(crons=crons)


@pytest.mark.parametrize("text", ["immediate", "Immediately", "즉시"])
def test_at_once_is_a_schedule_too(text: str) -> None:
    assert slots.is_immediate(subscription(schedule=text))
    assert slots.next_slot(subscription(schedule=text), datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no time of day is named"),
        ("daily", "no time of day is named"),
        ("daily 25:00", '"25:00" is no time of day'),
        ("weekly fooday 9:00", '"fooday" is no day'),
        ("monthly 31 9:00", "no day that every month has"),
        ("61 8 * * *", "cron: bad minute"),
        ("0 8 * *", "no time of day is named"),
        ("0 0 8 * * 1", "no time of day is named"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="allowed are") as caught:
        slots.next_slot(subscription(schedule=text), datetime(2026, 1, 1, tzinfo=UTC))
    assert said in str(caught.value)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:00", "01:30", "02:30", "02:59", "23:30"])
def test_every_day_of_four_hundred_has_its_slot_once(zone: str, at: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = list(islice(slots.coming(subscription(schedule=f"daily {at}", timezone=zone), start), 400))
    assert len(set(found)) == len(found) == 400
    days = [slot.astimezone(ZoneInfo(zone)).date() for slot in found]
    assert days == [days[0] + timedelta(days=n) for n in range(400)], "a day was missed or doubled"
    for slot, day in zip(found, days, strict=True):
        assert slot == expected(day, time.fromisoformat(at), ZoneInfo(zone))


def expected(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The law: that time of that day, or, told minute by minute, the first moment whose wall clock is past it."""
    wall = datetime.combine(day, at, tzinfo=zone)
    if wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return wall.astimezone(UTC)  # it exists: its first occurrence
    moment = wall.astimezone(UTC) - timedelta(hours=3)
    while True:
        local = moment.astimezone(zone)
        if local.date() > day or (local.date() == day and local.time() >= at):
            return moment
        moment += timedelta(minutes=1)


def changes(zone: str) -> list[datetime]:
    """The hours of 2026 before which its clock changes; one without a change where it keeps its time."""
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return [hour for hour, (one, other) in zip(hours[1:], pairwise(offsets), strict=True) if one != other] or hours[:1]


@pytest.mark.parametrize("zone", ZONES)
def test_hourly_goes_on_through_skipped_and_repeated_hours(zone: str) -> None:
    for change in changes(zone):
        found = list(islice(slots.coming(subscription(schedule="hourly", timezone=zone), change - timedelta(hours=30)), 60))
        assert found[-1] > change + timedelta(hours=24)
        gaps = {later - earlier for earlier, later in pairwise(found)}
        assert max(gaps) <= timedelta(hours=1, minutes=30)
        assert min(gaps) >= timedelta(minutes=15)  # 03:45 to 04:00 on Chatham, after its gap


def test_a_skipped_time_is_due_at_the_first_moment_after_the_gap() -> None:
    new_york = subscription(schedule="30 2 * * *", timezone="America/New_York")
    assert slots.next_slot(new_york, datetime(2026, 3, 8, 1, tzinfo=UTC)) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)  # 03:00 EDT
    lord_howe = subscription(schedule="15 2 * * *", timezone="Australia/Lord_Howe")
    assert slots.next_slot(lord_howe, datetime(2026, 10, 3, 15, tzinfo=UTC)) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)  # 02:30


def test_a_repeated_time_is_due_the_first_time_only() -> None:
    new_york = subscription(schedule="30 1 * * *", timezone="America/New_York")
    found = list(islice(slots.coming(new_york, datetime(2026, 10, 31, 12, tzinfo=UTC)), 2))
    assert found == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 2, 6, 30, tzinfo=UTC)]


def test_a_day_that_a_zone_skips_is_told_at_its_end() -> None:
    apia = subscription(schedule="daily 9:00", timezone="Pacific/Apia")  # 30 December 2011 did not exist there
    found = list(islice(slots.coming(apia, datetime(2011, 12, 29, 12, tzinfo=UTC)), 3))
    assert found == [
        datetime(2011, 12, 29, 19, tzinfo=UTC),
        datetime(2011, 12, 30, 10, tzinfo=UTC),
        datetime(2011, 12, 30, 19, tzinfo=UTC),
    ]


def test_leap_day_and_days_that_never_come() -> None:
    leap = subscription(schedule="0 9 29 2 *", timezone="UTC")
    assert slots.next_slot(leap, datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2028, 2, 29, 9, tzinfo=UTC)
    daily = list(
        islice(slots.coming(subscription(schedule="daily 9:00", timezone="UTC"), datetime(2028, 2, 27, 12, tzinfo=UTC)), 3)
    )
    assert [slot.day for slot in daily] == [28, 29, 1]


def test_a_changed_zone_neither_repeats_nor_skips() -> None:
    seoul, new_york = (subscription(schedule="daily 9:00", timezone=zone) for zone in ("Asia/Seoul", "America/New_York"))
    last = datetime(2026, 6, 1, 0, tzinfo=UTC)  # 09:00 in Seoul, told
    assert slots.due(new_york, last, datetime(2026, 6, 1, 12, 59, tzinfo=UTC)) is None
    told = slots.due(new_york, last, datetime(2026, 6, 1, 13, tzinfo=UTC))
    assert told == datetime(2026, 6, 1, 13, tzinfo=UTC)
    assert slots.due(seoul, told, datetime(2026, 6, 1, 14, tzinfo=UTC)) is None
    assert slots.due(seoul, told, datetime(2026, 6, 2, 0, tzinfo=UTC)) == datetime(2026, 6, 2, 0, tzinfo=UTC)


def test_missed_slots_are_caught_up_once() -> None:
    daily = subscription(schedule="daily 9:00", timezone="Asia/Seoul")
    last, now = datetime(2026, 6, 1, 0, tzinfo=UTC), datetime(2026, 6, 4, 5, tzinfo=UTC)
    assert slots.first_missed(daily, last, now) == datetime(2026, 6, 2, 0, tzinfo=UTC)
    newest = slots.due(daily, last, now)
    assert newest == datetime(2026, 6, 4, 0, tzinfo=UTC)
    assert slots.due(daily, newest, now) is None


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=st.times(),
    steps=st.lists(st.integers(min_value=-86400, max_value=3 * 86400), min_size=5, max_size=60),
)
def test_whatever_the_clock_does_no_slot_is_told_twice_and_none_is_lost(zone: str, at: time, steps: list[int]) -> None:
    """Suspends, jumps a day forward and a day back: told slots only go forward, and every slot up to the latest moment is behind us."""
    daily = subscription(schedule=f"{at.minute} {at.hour} * * *", timezone=zone)
    now = last = datetime(2026, 1, 1, tzinfo=UTC)
    told: list[datetime] = []
    latest = now
    for step in steps:
        now += timedelta(seconds=step)
        latest = max(latest, now)
        if (slot := slots.due(daily, last, now)) is not None:
            assert not told or slot > told[-1]
            told.append(slot)
            last = slot
    following = slots.next_slot(daily, last)
    assert following is not None
    assert following > latest, "a slot has passed and was not told"


@pytest.mark.parametrize(
    ("start", "end", "at", "until"),
    [
        ("22:00", "07:00", "2026-06-01T23:30", "2026-06-02T07:00"),
        ("22:00", "07:00", "2026-06-02T06:59", "2026-06-02T07:00"),
        ("22:00", "07:00", "2026-06-02T07:00", None),
        ("22:00", "07:00", "2026-06-02T12:00", None),
        ("12:00", "13:00", "2026-06-02T12:00", "2026-06-02T13:00"),
        ("12:00", "13:00", "2026-06-02T12:59", "2026-06-02T13:00"),
        ("12:00", "13:00", "2026-06-02T13:00", None),
        ("12:00", "12:00", "2026-06-02T12:00", None),
        ("22:00", "02:30", "2026-03-08T01:30", "2026-03-08T03:00"),  # 02:30 does not exist that night
        ("22:00", "01:30", "2026-11-01T01:45", None),  # the first 01:30 has ended them; the second does not begin them again
    ],
)
def test_quiet_hours_end_when_they_say(start: str, end: str, at: str, until: str | None) -> None:
    zone = ZoneInfo("America/New_York")
    now = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC)
    ends = slots.quiet_until(QuietHours(start=start, end=end), "America/New_York", now)
    assert ends == (datetime.fromisoformat(until).replace(tzinfo=zone).astimezone(UTC) if until else None)
    assert slots.quiet_until(None, "UTC", now) is None


@pytest.mark.parametrize("fold", [0, 1])
def test_quiet_hours_within_an_hour_that_comes_twice_end_in_the_pass_that_it_is(fold: int) -> None:
    at = datetime(2026, 11, 1, 1, 10, fold=fold, tzinfo=ZoneInfo("America/New_York"))
    ends = slots.quiet_until(QuietHours(start="22:00", end="01:30"), "America/New_York", at.astimezone(UTC))
    assert ends == at.astimezone(UTC) + timedelta(minutes=20)


@pytest.mark.parametrize("schedule", ["* * * * *", "*/7 * * * *", "daily 9:00", "weekly monday 9:00", "0 0 29 2 *"])
def test_the_newest_slot_of_years_is_found_from_its_end(schedule: str) -> None:
    """Also for a cron of every minute, whose slots nobody can walk one by one; a slot is newest if none follows before now."""
    one = subscription(schedule=schedule, timezone="UTC")
    now = datetime(2026, 11, 28, 12, 30, 30, tzinfo=UTC)
    found = slots.due(one, datetime(1999, 1, 1, tzinfo=UTC), now)
    assert found is not None
    assert found <= now
    following = slots.next_slot(one, found)
    assert following is not None
    assert following > now
