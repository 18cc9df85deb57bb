"""The race: announcements on a line of time, a lane a vendor, a shape a stage, a colour a modality. Pure: values in, places out.

A lane has as many rows as its labels need, so that no label covers another. The template draws what stands here and decides nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from aiwatch.model import Announcement

Zoom = Literal["month", "quarter", "year"]
MONTHS: dict[Zoom, int] = {"month": 1, "quarter": 3, "year": 12}
ZOOMS = tuple(MONTHS)
YEARS = range(1950, 2200)
LANES = 14  # vendors with a lane of their own; the rest share one
WIDTH, LEFT, RIGHT, TOP, ROW = 1160, 132, 24, 34, 26  # units of the drawing
LETTER, WIDE = 6.9, 12.5  # widths of a Latin letter and of an East Asian one


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is looked at: a month, a quarter or a year, from midnight to midnight in the reader's zone."""

    zoom: Zoom
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        """How an address names it: ``2024-02``."""
        return f"{self.since:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One announcement on the drawing. ``before``: its label stands to the left, because there is no room to the right."""

    announcement: Announcement
    when: datetime
    x: float
    y: float
    label_x: float
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One vendor's lane."""

    vendor: str | None  # None: everybody else
    y: float
    height: float
    marks: tuple[Mark, ...]

    @property
    def label_y(self) -> float:
        """Where its name stands: beside the first row, so that a tall lane has it in sight."""
        return self.y + 5 + ROW / 2 + 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line at a day or a month; ``name`` says what of its moment is written."""

    x: float
    moment: datetime
    form: Literal["day", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """The whole drawing."""

    span: Span
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: float
    left: int = LEFT  # what the names of the lanes take

    @property
    def marks(self) -> list[Mark]:
        """All marks in the order of time."""
        return sorted((mark for lane in self.lanes for mark in lane.marks), key=lambda mark: mark.when)

    @property
    def aim(self) -> int:
        """In which tenth of the width the middle mark stands: a narrow screen begins there."""
        marks = self.marks
        return min(9, int(max(0.0, marks[len(marks) // 2].x - LEFT) / WIDTH * 10)) if marks else 0


def span_of(zoom: str | None, at: str | None, newest: datetime, zone: tzinfo = UTC) -> Span:
    """The span of ``zone`` that the parameters ask for; without them the month of the newest announcement. Raises ValueError."""
    chosen: Zoom = zoom if zoom in ZOOMS else "month"
    start = datetime.strptime(at, "%Y-%m").replace(tzinfo=zone) if at else newest.astimezone(zone)
    if start.year not in YEARS:
        raise ValueError(f"no year of announcements: {start.year}")
    months = MONTHS[chosen]
    first = (start.month - 1) // months * months + 1
    since = datetime(start.year, first, 1, tzinfo=zone)
    return Span(zoom=chosen, since=since, until=_months_later(since, months))


def neighbours(span: Span) -> tuple[str, str]:
    """Keys of the spans before and after."""
    months = MONTHS[span.zoom]
    return f"{_months_later(span.since, -months):%Y-%m}", f"{span.until:%Y-%m}"


def _months_later(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 + months
    return moment.replace(year=index // 12, month=index % 12 + 1, day=1)


def moment_of(announcement: Announcement) -> datetime:
    """When it happened: what the first item says, unless that is later than it was found."""
    published = announcement.published
    return published if published and published <= announcement.at else announcement.at


def race(announcements: Sequence[Announcement], span: Span) -> Race:
    """Lay out the announcements of a span."""
    inside = [(moment_of(one), one) for one in announcements if span.since <= moment_of(one) < span.until]
    lanes, y = [], float(TOP)
    for vendor, members in _by_vendor(inside):
        rows = _rows(members, span)
        height = max(1, len(rows)) * ROW + 10
        marks = tuple(
            _mark(one, when, span, y + 5 + index * ROW + ROW / 2) for index, row in enumerate(rows) for when, one in row
        )
        lanes.append(Lane(vendor=vendor, y=y, height=height, marks=marks))
        y += height
    return Race(span=span, lanes=tuple(lanes), ticks=_ticks(span), width=WIDTH, height=y + 30)


_Placed = list[tuple[datetime, Announcement]]


def _by_vendor(inside: _Placed) -> list[tuple[str | None, _Placed]]:
    """Lanes in the order of their first mark; small vendors share the last one where there are too many."""
    lanes: dict[str | None, _Placed] = {}
    for when, one in sorted(inside, key=lambda pair: pair[0]):
        lanes.setdefault(one.vendor, []).append((when, one))
    if len(lanes) <= LANES and None not in lanes:
        return list(lanes.items())
    kept = sorted((vendor for vendor in lanes if vendor), key=lambda vendor: -len(lanes[vendor]))[: LANES - 1]
    shared = sorted((pair for vendor, pairs in lanes.items() if vendor not in kept for pair in pairs), key=lambda pair: pair[0])
    return [*((vendor, pairs) for vendor, pairs in lanes.items() if vendor in kept), (None, shared)]


def _rows(members: _Placed, span: Span) -> list[_Placed]:
    """The marks in rows, so that in a row none touches another's label."""
    rows: list[_Placed] = []
    ends: list[float] = []
    for when, one in members:
        start, end = _extent(when, one, span)
        index = next((number for number, taken in enumerate(ends) if taken + 8 < start), None)
        if index is None:
            rows.append([(when, one)])
            ends.append(end)
        else:
            rows[index].append((when, one))
            ends[index] = end
    return rows


def _extent(when: datetime, one: Announcement, span: Span) -> tuple[float, float]:
    x, width = _x(when, span), label_width(one.name)
    return (x - 14 - width, x + 8) if _stands_before(x, width) else (x - 8, x + 14 + width)


def _mark(one: Announcement, when: datetime, span: Span, y: float) -> Mark:
    x = _x(when, span)
    before = _stands_before(x, label_width(one.name))
    return Mark(
        announcement=one, when=when, x=round(x, 1), y=round(y, 1), label_x=round(x - 13 if before else x + 13, 1), before=before
    )


def _stands_before(x: float, width: float) -> bool:
    return x + 14 + width > WIDTH - 4 and x - 14 - width > LEFT


def label_width(text: str) -> float:
    """Roughly how wide a label is in units of the drawing."""
    return sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else LETTER for letter in text[:40])


def _x(when: datetime, span: Span) -> float:
    since, until = span.since.astimezone(UTC), span.until.astimezone(UTC)  # a day on which clocks are changed has not 24 hours
    return LEFT + (WIDTH - LEFT - RIGHT) * ((when.astimezone(UTC) - since) / (until - since))


def _ticks(span: Span) -> tuple[Tick, ...]:
    """Every week of a month, every month of longer spans."""
    if span.zoom == "month":
        days = [span.since + timedelta(days=number) for number in range(0, (span.until - span.since).days, 7)]
        return tuple(Tick(x=round(_x(day, span), 1), moment=day, form="day") for day in days)
    starts = [span.since]
    while (following := _months_later(starts[-1], 1)) < span.until:
        starts.append(following)
    assert all(one < other for one, other in pairwise(starts))  # noqa: S101
    return tuple(Tick(x=round(_x(start, span), 1), moment=start, form="month") for start in starts)
