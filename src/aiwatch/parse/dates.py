"""Dates as feeds write them: right, or none. A wrong date is worse than no date, so what is not fully understood is refused.

A text is taken apart into a clock time, a zone and a calendar date; whatever is left over must be a weekday or a filler word, or the
whole is refused. Nothing is ever filled in from the present. Zone-less texts take, in this order, the zone given by the caller, the
zone their script implies (오후, 년: Korea; 午後, 時: Japan; 下午, 时: China) and UTC, as RFC 822 readers do.

Sources of the forms: RFC 822/2822/9110, W3CDTF and ISO 8601, asctime, and forms met in the wild (Korean CMSs write ``2026-09-20
01:00:00`` meaning KST; ``KST`` is read as UTC by several common parsers, nine hours wrong).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from aiwatch.parse.calendar_words import FILLERS, MONTHS, OFFSETS, REGIONS, WEEKDAYS

MAX_LENGTH = 100
MIN_YEAR = 1970
MAX_YEAR = 2199

_KST = timezone(timedelta(hours=9))
_CHINA = timezone(timedelta(hours=8))

_RFC822 = re.compile(
    r"\s*(?:[A-Za-z]{3},\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:(GMT|UTC|Z)|([+-])(\d\d):?(\d\d))\s*",
    re.ASCII,
).fullmatch
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,12})?)?(?:(Z)|([+-])(\d\d):?(\d\d))\s*", re.ASCII
).fullmatch

_HALF = r"(?:[ap]\.?m\b\.?|오전|오후|上午|下午|午前|午後|凌晨|早上|中午|晚上)"
_TIME = re.compile(
    rf"(?:(?P<before>{_HALF})\s*)?(?<![\d.])(?P<h>\d{{1,2}})(?:\s*[:：]\s*|\s*시\s*|\s*[时時点點]\s*|h(?=\d))"
    rf"(?:(?P<m>\d{{1,2}})(?:\s*분|\s*分)?(?:\s*[:：]?\s*(?P<s>\d{{1,2}})(?![\d])(?:\s*초|\s*秒)?(?:[.,:]\d{{1,12}})?)?)?"
    rf"(?![\d])(?:\s*(?P<after>{_HALF}))?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?)?(?=\D|$)", re.ASCII)
_OFFSET = re.compile(r"(?:\b(?:gmt|utc?)\s*)?([+\-\u2212])\s*(\d{1,2})(?::?(\d\d))?(?::?\d\d)?(?!\d)", re.IGNORECASE)
_REGION = re.compile(r"\b(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific|us)/[a-z_]+(?:/[a-z_]+)?")
_NUMERIC = re.compile(r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{1,2})\.?)?(?!\d)", re.ASCII)
_CJK = re.compile(r"(?<!\d)(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?")
_DMY = re.compile(r"(?<!\d)(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)(?!\d)", re.ASCII)
_YMD2 = re.compile(r"^(\d\d)-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_ORDINAL = re.compile(r"^(\d{4})-(\d{3})(?!\d)", re.ASCII)
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_REST = re.compile(r"[^\W_]+")


class _Day(NamedTuple):
    """A calendar day as it was written: it may not exist."""

    year: int
    month: int
    day: int


class _Clock(NamedTuple):
    """A time of day as it was written; 24:00:00 and a leap second are times."""

    hour: int
    minute: int
    second: int


class _Dated(NamedTuple):
    """The day that was found in a text, and what is left of the text."""

    day: _Day
    rest: str


class _Parts(NamedTuple):
    """The day and, where there is one, the time of day that were found in a text, and what is left of it."""

    day: _Day
    clock: _Clock | None
    rest: str


_MIDNIGHT = _Clock(0, 0, 0)


def parse_date(text: str | None, zone: str | None = None) -> datetime | None:
    """Read ``text`` as an aware UTC datetime; None where it is empty, garbage, impossible or ambiguous.

    ``zone`` is the IANA name of the zone that dates without one are in; an unknown name counts as none.
    """
    if not text or len(text) > MAX_LENGTH * 4:
        return None
    match = _RFC822(text)
    if match:
        day, month, year, hour, minute, second, utc, sign, oh, om = match.groups()
        number = MONTHS.get(month.lower())
        if number:
            return _utc(_Day(int(year), number, int(day)), _Clock(int(hour), int(minute), int(second)), _fixed(utc, sign, oh, om))
    match = _ISO(text)
    if match:
        y, mo, d, hour, minute, s, utc, sign, oh, om = match.groups()
        return _utc(_Day(int(y), int(mo), int(d)), _Clock(int(hour), int(minute), int(s or 0)), _fixed(utc, sign, oh, om))
    return _any_form(text, zone)


@lru_cache(maxsize=1024)
def _any_form(text: str, zone: str | None) -> datetime | None:
    folded = _fold(text)
    if not folded or len(folded) > MAX_LENGTH:
        return None
    local = _zone(zone) or _implied(folded)
    taken = _take_compact(folded) or _take_parts(folded)
    if taken is None:
        return None
    named = _take_zone(taken.rest, zone, has_clock=taken.clock is not None)
    if named is None:
        return None
    found, rest = named
    if not _only_fillers(rest):
        return None
    where = found or local or UTC
    if isinstance(where, str):
        where = _zone(where) or UTC
    return _utc(taken.day, taken.clock or _MIDNIGHT, where)


def _fold(text: str) -> str:
    """Lower case, no accents, one space, no parenthesised comment such as ``(KST)`` after a numeric offset."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text))
    letters = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in letters if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", letters).casefold()
    text = text.replace("\u0131", "i")  # Turkish dotless i
    text = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())
    text = re.sub(r"(?<=\d)t(\d\d)(?=z|[+-]\d|$)", r"t\1:00", text)
    text = re.sub(r"([+-]\d\d:?\d\d)\s*\([^()]{0,60}\)$", r"\1", text)
    return re.sub(r"\[[a-z_]+/[a-z_/]+\]$", "", text)


def _take_compact(text: str) -> _Parts | None:
    match = _COMPACT.match(text.replace("t", "T", 1) if re.match(r"\d{8}t", text) else text)
    if not match:
        return None
    y, mo, d, hour, minute, second = match.groups()
    clock = None if hour is None else _Clock(int(hour), int(minute), int(second or 0))
    return _Parts(_Day(int(y), int(mo), int(d)), clock, text[match.end() :])


def _take_parts(text: str) -> _Parts | None:
    clock: _Clock | None = None
    match = _TIME.search(text)
    if match:
        clock = _clock(match)
        if clock is None:
            return None
        head, tail = text[: match.start()], text[match.end() :]
        if head.endswith("t") and re.search(r"[\d.]t$", head):
            head = head[:-1]
        text = f"{head} \x00{tail}"
    taken = _numeric_date(text) or _worded_date(text)
    return _Parts(taken.day, clock, taken.rest) if taken else None


def _clock(match: re.Match[str]) -> _Clock | None:
    hour, minute, second = int(match["h"]), int(match["m"] or 0), int(match["s"] or 0)
    half = (match["before"] or match["after"] or "").replace(".", "")
    if half:
        late = half in {"pm", "오후", "下午", "午後", "晚上", "中午"}
        if hour > 12 or (hour == 0 and late and half == "pm"):
            return _Clock(hour, minute, second) if late or hour == 0 else None
        hour = hour % 12 + (12 if late else 0) if half != "中午" else 12 if hour == 12 else hour
    return _Clock(hour, minute, second)


def _numeric_date(text: str) -> _Dated | None:
    for reader in (_year_first, _ordinal, _day_first, _short_year_first):
        found = reader(text)
        if found:
            return found
    return _Dated(_Day(int(text), 1, 1), "") if re.fullmatch(r"(?:19|20)\d\d", text) else None


def _year_first(text: str) -> _Dated | None:
    match = _CJK.search(text) or _NUMERIC.search(text)
    if not match or (match[3] is None and "\x00" in text):
        return None
    return _Dated(_Day(int(match[1]), int(match[2]), int(match[3] or 1)), _without(text, match))


def _ordinal(text: str) -> _Dated | None:
    """Read ``2003-335``, the day of the year (ISO 8601)."""
    match = _ORDINAL.match(text)
    if not match or not 1 <= int(match[2]) <= 366 or int(match[1]) < MIN_YEAR:
        return None
    day = datetime(int(match[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(match[2]) - 1)
    return _Dated(_Day(day.year, day.month, day.day), _without(text, match)) if day.year == int(match[1]) else None


def _day_first(text: str) -> _Dated | None:
    match = _DMY.search(text)
    if match is None or (match[2] == "." and len(match[4]) == 2):  # 06.01.02: January in Seoul, February in Berlin
        return None
    date = _day_month(int(match[1]), int(match[3]), _year(match[4]), match[2], text)
    return _Dated(date, _without(text, match)) if date else None


def _short_year_first(text: str) -> _Dated | None:
    match = _YMD2.match(text)
    return _Dated(_Day(_year(match[1]), int(match[2]), int(match[3])), _without(text, match)) if match else None


def _day_month(one: int, two: int, year: int, separator: str, text: str) -> _Day | None:
    """Order of day and month: dots are European; slashes and dashes only where one number settles it, or am/pm says America."""
    if separator == "." or one > 12:
        return _Day(year, two, one)
    if two > 12 or one == two or re.search(r"[ap]m\b", text):
        return _Day(year, one, two)
    return None


def _worded_date(text: str) -> _Dated | None:
    """Find ``4 March 2025``, ``March 4, 2025``, ``2025-march-4``, ``Mar 4 05:06:07 2025``: one month word, one day, one year."""
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]
    words = [i for i, (word, _, _) in enumerate(tokens) if word in MONTHS]
    if len(words) > 1:
        words = [i for i in words if tokens[i][0] not in WEEKDAYS]
    if len(words) != 1:
        return None
    at = words[0]
    near = [i for i in range(max(0, at - 4), min(len(tokens), at + 8)) if tokens[i][0].isdecimal() and _free(text, tokens[i])]
    if len(near) < 2:
        return None
    before, after = [i for i in near if i < at], [i for i in near if i > at]
    if before and len(tokens[before[-1]][0]) == 4:  # 2004-july-13
        year, day = before[-1], after[0] if after else before[-1]
    elif before:
        day, year = before[-1], after[0] if after else before[-1]
    else:
        day, year = after[0], after[1]
    if day == year or len(tokens[day][0]) > 2 or len(tokens[year][0]) not in {2, 4}:
        return None
    spans = sorted((tokens[i][1:] for i in (day, at, year)), reverse=True)
    rest = text
    for start, end in spans:
        rest = rest[:start] + " " + rest[end:]
    return _Dated(_Day(_year(tokens[year][0]), MONTHS[tokens[at][0]], int(tokens[day][0])), rest)


def _free(text: str, token: tuple[str, int, int]) -> bool:
    """Whether a number stands for itself, and is no zone offset or fraction."""
    _, start, _ = token
    mark = text.rfind("\x00", 0, start)
    return not (mark >= 0 and re.search(r"[+\-.]\s*$", text[mark:start])) and (mark < 0 or len(token[0]) in {2, 4})


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (2000 if number < 69 else 1900)


def _without(text: str, match: re.Match[str]) -> str:
    tail = text[match.end() :]
    return text[: match.start()] + " " + (tail.removeprefix("t"))


def _take_zone(rest: str, zone: str | None, *, has_clock: bool) -> tuple[tzinfo | str | None, str] | None:
    """Split the zone off ``rest``; None where a number is left that is no offset."""
    if not has_clock and "\x00" not in rest:
        match = _OFFSET.search(rest)
        if not match and not re.search(r"\d", rest):
            return _named_zone(rest, zone)
    match = _OFFSET.search(rest)
    if match:
        sign, hours, minutes = match.groups()
        if int(hours) > 15 or int(minutes or 0) > 59:
            return None
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        tail = rest[match.end() :].strip(" ()")
        named = tail in OFFSETS or tail in {"gmt", "utc"}  # +0000 UTC: said twice
        return timezone(-offset if sign != "+" else offset), rest[: match.start()] + " " + ("" if named else tail)
    match = _REGION.search(rest)
    if match:
        name = "/".join("_".join(word.capitalize() for word in part.split("_")) for part in match[0].split("/"))
        region = _zone(name.replace("Us/", "US/"))
        return (region, rest.replace(match[0], " ")) if region else None
    return _named_zone(rest, zone)


def _named_zone(rest: str, zone: str | None) -> tuple[tzinfo | str | None, str]:
    for match in _REST.finditer(rest):
        name = match[0]
        if name in {"gmt", "utc", "ut", "z"}:
            return UTC, rest[: match.start()] + " " + rest[match.end() :]
        if name == "cst" and zone and zone.startswith("Asia/"):
            return _CHINA, rest[: match.start()] + " " + rest[match.end() :]
        if name in OFFSETS and "\x00" in rest[: match.start()]:
            return timezone(timedelta(minutes=OFFSETS[name])), rest[: match.start()] + " " + rest[match.end() :]
        if name in REGIONS and "\x00" in rest[: match.start()]:
            return REGIONS[name], rest[: match.start()] + " " + rest[match.end() :]
    return None, rest


def _only_fillers(rest: str) -> bool:
    words = _REST.findall(rest)
    lead = re.match(r"\s*([^\W\d_]{2,12})\s*[.,]", rest)
    return all(
        word in FILLERS or word in WEEKDAYS or (lead is not None and word == lead[1] and i == 0) for i, word in enumerate(words)
    )


def _implied(text: str) -> tzinfo | None:
    if re.search("[\uac00-\ud7a3]", text):
        return _KST
    if re.search(r"午[前後]", text):
        return _KST
    if re.search(r"[上下]午|[时点]|凌晨|早上|晚上", text):
        return _CHINA
    return _KST if "時" in text else None


@lru_cache(maxsize=256)
def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return None


@lru_cache(maxsize=256)
def _offset(sign: str, hours: str, minutes: str) -> tzinfo | None:
    if int(hours) > 15 or int(minutes) > 59:
        return None
    delta = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-delta if sign == "-" else delta)


def _fixed(utc: str | None, sign: str | None, hours: str | None, minutes: str | None) -> tzinfo | None:
    return UTC if utc or not sign else _offset(sign, hours or "0", minutes or "0")


def _utc(day: _Day, clock: _Clock, zone: tzinfo | None) -> datetime | None:
    """Join the parts; None for a day that does not exist or lies outside of what feeds can mean."""
    hour, minute, second = clock
    if zone is None or not MIN_YEAR <= day.year <= MAX_YEAR:
        return None
    extra = timedelta(0)
    if second == 60:  # a leap second: POSIX has no name for it
        second, extra = 59, timedelta(seconds=1)
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601: the end of the day
        hour, extra = 0, timedelta(days=1)
    try:
        return (datetime(*day, hour, minute, second, tzinfo=zone) + extra).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
