"""The picture of a window: when each announcement was found, as a PNG that mail clients show (they do not show SVG).

Numbers in the dots are those of the entries below, so that the picture needs no names and no fonts of other scripts. The background is
transparent and all greys are middle ones: it is read on white and on black alike.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFont

SCALE = 3  # for sharp screens
WIDTH = 480  # units; shown 360 CSS pixels wide on a phone and 590 on a desk, so figures stay legible on both
COLORS = {
    "released": "#16a34a",
    "open_weights": "#0d9488",
    "announced": "#2563eb",
    "preview": "#7c3aed",
    "updated": "#64748b",
    "deprecated": "#b45309",
    "rumored": "#db2777",
    "none": "#64748b",
}
_GREY = "#8b93a1"
_RADIUS = 11
_LANE = 26
_MARGIN = 18
_STEPS = (1, 2, 3, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24)  # hours between two ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One announcement on the line."""

    number: int
    at: datetime
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG and the size it was drawn for."""

    png: bytes
    width: int
    height: int


def draw(dots: Sequence[Dot], since: datetime, until: datetime, zone: ZoneInfo, day: Callable[[datetime], str]) -> Picture | None:
    """The timeline of ``since`` to ``until``; None where it would show less than a glance at the list does (under two dots).

    ``day`` writes a day in the reader's form, in letters the font has: Latin ones.
    """
    if len(dots) < 2:
        return None
    since = min(since, *(dot.at for dot in dots))
    until = max(until, *(dot.at for dot in dots), since + timedelta(minutes=1))
    return _drawn(tuple(dots), since, until, tuple(_ticks(since, until, zone, day)))


# Drawing takes most of a mail's time, and whoever reads the same language in the same zone gets the same picture.
@lru_cache(maxsize=8)
def _drawn(dots: Sequence[Dot], since: datetime, until: datetime, ticks: Sequence[tuple[datetime, str]]) -> Picture:
    placed, lanes = _lanes(sorted(dots, key=lambda dot: (dot.at, dot.number)), since, until)
    height = lanes * _LANE + 34
    image = Image.new("RGBA", (WIDTH * SCALE, height * SCALE), (139, 147, 161, 0))
    pen = ImageDraw.Draw(image)
    line = lanes * _LANE + 6
    _axis(pen, line, ticks, partial(_x, since=since, until=until))
    for dot, x, lane in reversed(placed):  # stems first, so that none crosses a dot
        pen.line([(x * SCALE, _y(line, lane) * SCALE), (x * SCALE, line * SCALE)], fill=_color(dot), width=SCALE)
    for dot, x, lane in placed:
        _dot(pen, dot, x, _y(line, lane))
    out = io.BytesIO()
    image.save(out, "PNG")
    return Picture(png=out.getvalue(), width=WIDTH, height=height)


def _x(at: datetime, since: datetime, until: datetime) -> float:
    return _MARGIN + (WIDTH - 2 * _MARGIN) * ((at - since) / (until - since))


def _lanes(dots: Sequence[Dot], since: datetime, until: datetime) -> tuple[list[tuple[Dot, float, int]], int]:
    """Each dot with its place: those that would overlap stand on top of each other, six at most."""
    ends: list[float] = []
    placed = []
    for dot in dots:
        x = _x(dot.at, since, until)
        lane = next((index for index, end in enumerate(ends) if end <= x), len(ends))
        lane = lane if lane < 6 else min(range(6), key=lambda index: ends[index])
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = x + 2 * _RADIUS + 2
        placed.append((dot, x, lane))
    return placed, max(1, len(ends))


def _axis(pen: ImageDraw.ImageDraw, line: int, ticks: Sequence[tuple[datetime, str]], place: Callable[[datetime], float]) -> None:
    font = _font(12)
    pen.line([(0, line * SCALE), (WIDTH * SCALE, line * SCALE)], fill=_GREY, width=SCALE)
    for moment, label in ticks:
        x = place(moment) * SCALE
        pen.line([(x, (line - 3) * SCALE), (x, (line + 3) * SCALE)], fill=_GREY, width=SCALE)
        half = pen.textlength(label, font) / 2
        inside = min(max(x, half), WIDTH * SCALE - half)
        pen.text((inside, (line + 8) * SCALE), label, fill=_GREY, font=font, anchor="ma")


def _ticks(since: datetime, until: datetime, zone: ZoneInfo, day: Callable[[datetime], str]) -> list[tuple[datetime, str]]:
    """At most eight round moments in the reader's zone: hours as ``15:00``, days as ``day`` writes them."""
    hours = (until - since).total_seconds() / 3600
    step = next((step for step in _STEPS if hours / step <= 8), None) or round(hours / 8 / 24) * 24
    start = since.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    ticks = []
    for index in range(int((hours + 48) / step) + 1):
        wall = start + timedelta(hours=step * index)
        moment = wall.replace(tzinfo=zone)
        if since <= moment <= until:
            ticks.append((moment, f"{wall.hour:02d}:00" if step < 24 else day(moment)))
    return ticks


def _y(line: int, lane: int) -> float:
    return line - 6 - _RADIUS - lane * _LANE


def _color(dot: Dot) -> str:
    return COLORS.get(dot.stage, COLORS["none"])


def _dot(pen: ImageDraw.ImageDraw, dot: Dot, x: float, y: float) -> None:
    box = [(x - _RADIUS) * SCALE, (y - _RADIUS) * SCALE, (x + _RADIUS) * SCALE, (y + _RADIUS) * SCALE]
    pen.ellipse(box, fill=_color(dot))
    text = str(dot.number)
    font = _font(13 if len(text) < 2 else 11 if len(text) < 3 else 8)
    pen.text((x * SCALE, y * SCALE), text, fill="#ffffff", font=font, anchor="mm")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)
