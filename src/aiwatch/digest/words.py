"""Schedules in plain words, as cron expressions: ``weekdays 08:00`` is ``0 8 * * 1-5``. English and Korean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cronsim import CronSim, CronSimError

from aiwatch.settings import Subscription

HELP = (
    'allowed are "immediate", "hourly", "daily 9:00", "weekdays 08:00", "weekends 10:00", "weekly monday 9:00", '
    '"tue and fri 18:30", "monthly 1 9:00", several times ("daily 9:00, 18:00") and cron with five fields ("0 8 * * 1-5")'
)

_ANY = datetime(2024, 1, 1)  # noqa: DTZ001 - cron runs over wall-clock time
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_KOREAN_DAYS = "일월화수목금토"
_SETS = {
    "daily": "*", "everyday": "*", "every day": "*", "매일": "*",
    "weekdays": "1-5", "weekday": "1-5", "평일": "1-5",
    "weekends": "0,6", "weekend": "0,6", "주말": "0,6",
}  # fmt: skip
_IMMEDIATE = {"immediate", "immediately", "at once", "즉시", "바로"}
_HOURLY = {"hourly", "every hour", "매시간", "매시"}
_TIME = re.compile(r"^(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>am|pm)?$")
_KOREAN_TIME = re.compile(r"(?P<half>오전|오후)?\s*(?P<hour>\d{1,2})시(?:\s*(?P<minute>\d{1,2})분)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest is due: at once, or at the moments of its cron expressions in the digest's zone."""

    immediate: bool = False
    crons: tuple[str, ...] = ()


def read(text: str) -> Schedule:
    """The schedule that ``text`` names. Raises ValueError saying what is allowed."""
    words = " ".join(text.casefold().replace("，", ",").split())
    if words in _IMMEDIATE:
        return Schedule(immediate=True)
    if words in _HOURLY:
        return Schedule(crons=("0 * * * *",))
    fields = text.split()
    if len(fields) == 5 and re.fullmatch(r"[\d*][\d*/,\-]*", fields[0]):
        return Schedule(crons=(_checked(" ".join(fields)),))
    head, times = _split_times(words)
    month_day, week_days = _days(head)
    return Schedule(crons=tuple(f"{minute} {hour} {month_day} * {week_days}" for hour, minute in times))


def of(subscription: Subscription) -> Schedule:
    """The subscription's schedule. Raises ValueError as ``read`` does."""
    return read(subscription.schedule)


def _checked(cron: str) -> str:
    try:
        CronSim(cron, _ANY)
    except CronSimError as error:
        raise ValueError(f"cron: {str(error)[0].lower()}{str(error)[1:]}; {HELP}") from error
    return cron


def _split_times(words: str) -> tuple[str, list[tuple[int, int]]]:
    """``weekly monday 9:00, 18:00`` -> (``weekly monday``, [(9, 0), (18, 0)])."""
    words = _KOREAN_TIME.sub(_spelled_out, words)
    words = re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", words)
    tokens = re.sub(r"\bat\b|\band\b|,|와|과|및", " ", words).split()
    times: list[tuple[int, int]] = []
    while tokens and (found := _time(tokens[-1])) is not None:
        times.insert(0, found)
        tokens.pop()
    if not times:
        raise ValueError(f"no time of day is named; {HELP}")
    return " ".join(tokens), times


def _spelled_out(match: re.Match[str]) -> str:
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "오후" else 0)
    return f" {hour}:{int(match['minute'] or 0):02d} "


def _time(token: str) -> tuple[int, int] | None:
    """A time of day; a bare number (``monthly 1``) is none."""
    match = _TIME.match(token)
    if match is None or not (match["minute"] or match["half"]):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f'"{token}" is no time of day; {HELP}')
        hour = hour % 12 + (12 if match["half"] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f'"{token}" is no time of day; {HELP}')
    return hour, minute


def _days(head: str) -> tuple[str, str]:
    """(day of month, days of week) in cron's words."""
    if head in _SETS or not head:
        return "*", _SETS.get(head, "*")
    tokens = head.split()
    if tokens[0] in {"monthly", "매월", "매달"}:
        return _month_day(tokens[1:]), "*"
    if tokens[0] in {"weekly", "every", "매주"}:
        tokens = tokens[1:] or ["monday"]
    return "*", ",".join(str(day) for day in sorted({_week_day(token) for token in tokens}))


def _month_day(tokens: list[str]) -> str:
    """``monthly``, ``monthly 15``, ``monthly last``. A day that not every month has would be skipped, so it is refused."""
    if not tokens:
        return "1"
    day = tokens[0].removesuffix("일").removesuffix(".")
    if len(tokens) == 1 and day in {"last", "마지막", "말"}:
        return "L"
    if len(tokens) == 1 and day.isdecimal() and 1 <= int(day) <= 28:
        return day
    raise ValueError(f'"{" ".join(tokens)}" is no day that every month has; allowed are 1 to 28 and "last"')


def _week_day(token: str) -> int:
    name = token.removesuffix("s") if len(token) > 4 else token
    found = [index for index, day in enumerate(_DAYS) if len(name) >= 3 and (day.startswith(name) or day == token)]
    if not found and re.fullmatch(f"[{_KOREAN_DAYS}](요일)?", token):
        found = [_KOREAN_DAYS.index(token[0])]
    if len(found) != 1:
        raise ValueError(f'"{token}" is no day; {HELP}')
    return found[0]
