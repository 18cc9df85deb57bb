"""The demo's world as values: outlets, their articles, and what is expected to become of them. Read from the TOML beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from aiwatch.model import EMPTY, ident


class Expect(StrEnum):
    """What is to become of an article."""

    FIRST = "first"  # tells of a new model, and is the first to do so
    JOINS = "joins"  # belongs to a story that was told; tells nobody anything
    RUMOUR = "rumour"  # kept as a rumour
    SILENT = "silent"  # no announcement at all
    KNOWN = "known"  # there before the first poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """From ``at`` on the outlet's address answers 301 to the path ``to``."""

    at: datetime
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Between ``start`` and ``end`` the outlet answers 503."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One source of the newsroom: the format it renders in, and its quirk."""

    id: str
    name: str
    format: str  # rss, rdf, atom, jsonfeed, page, sitemap, news-sitemap
    path: str
    tier: str
    lang: str
    quirk: str
    vendor: str | None = None
    interval: int | None = None
    options: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    charset: str = "utf-8"
    zone: str = "UTC"  # in which its dates are written
    naive_dates: bool = False  # dates carry no zone
    window: int | None = None  # so many newest articles are listed; None: all
    etag: bool = False
    last_modified: bool = False
    cdata: bool = False
    entities: bool = False
    double_escaped: bool = False
    utm: bool = False
    cache_buster: bool = False
    moved: Moved | None = None
    outage: Outage | None = None
    restamped: datetime | None = None  # at that time every date became that time
    reidentified: datetime | None = None  # at that time every id changed

    @property
    def home(self) -> str:
        """The directory that its article pages stand in, such as ``/openai``."""
        return "/" + self.path.split("/")[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """From ``at`` on the article has another title."""

    at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text of an outlet. ``number`` counts the newsroom's articles by time, from 1."""

    source: str
    at: datetime
    title: str
    expect: Expect
    number: int
    summary: str = ""
    slug: str = ""
    of: tuple[str, ...] = ()
    why: str = ""
    edited: Edited | None = None

    @property
    def token(self) -> str:
        """Its name in an address; an edit does not change it."""
        return ident(self.source, self.at)[:10]

    def as_of(self, now: datetime) -> Article:
        """The article as it reads at ``now``."""
        return replace(self, title=self.edited.title) if self.edited and self.edited.at <= now else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story that must be told exactly once. ``stages`` lists what the step may be called."""

    name: str
    vendor: str
    modality: str
    stages: tuple[str, ...]
    first: str
    day: date
    langs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A model that is known before the run begins and must not be told."""

    name: str
    vendor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rumour:
    """A report that is kept as a rumour; its headline holds one of ``words``."""

    vendor: str
    first: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the demo knows of these ten days. Articles are in the order of time."""

    outlets: tuple[Outlet, ...]
    articles: tuple[Article, ...]
    told: tuple[Told, ...]
    known: tuple[Known, ...]
    rumours: tuple[Rumour, ...]

    def outlet(self, outlet_id: str) -> Outlet:
        """The outlet of that id; KeyError where there is none."""
        return {one.id: one for one in self.outlets}[outlet_id]

    def published(self, outlet: Outlet, now: datetime) -> list[Article]:
        """What the outlet lists at ``now``, newest first."""
        there = [one.as_of(now) for one in self.articles if one.source == outlet.id and one.at <= now]
        return there[::-1][: outlet.window]


@cache
def world() -> World:
    """Read the TOML files. ValueError names an article of an unknown outlet."""
    here = files("aiwatch.demo")
    outlets = tuple(_outlet(raw) for raw in tomllib.loads((here / "outlets.toml").read_text("utf-8"))["outlet"])
    days = sorted((one for one in (here / "articles").iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    raws = [raw for day in days for raw in tomllib.loads(day.read_text("utf-8"))["article"]]
    raws.sort(key=lambda raw: raw["at"])
    ids = {one.id for one in outlets}
    if strange := sorted({raw["source"] for raw in raws} - ids):
        raise ValueError(f"articles of unknown outlets: {', '.join(strange)}; known: {', '.join(sorted(ids))}")
    expected = tomllib.loads((here / "stories.toml").read_text("utf-8"))
    return World(
        outlets=outlets,
        articles=tuple(_article(raw, number) for number, raw in enumerate(raws, start=1)),
        told=tuple(Told(**_tuples(raw)) for raw in expected["story"]),
        known=tuple(Known(**raw) for raw in expected["known"]),
        rumours=tuple(Rumour(**_tuples(raw)) for raw in expected["rumour"]),
    )


def _outlet(raw: dict[str, Any]) -> Outlet:
    shapes = {"moved": Moved, "outage": Outage}
    return Outlet(**{key: shapes[key](**value) if key in shapes else value for key, value in raw.items()})


def _article(raw: dict[str, Any], number: int) -> Article:
    shaped = {**_tuples(raw), "expect": Expect(raw["expect"]), "at": raw["at"].astimezone(UTC)}
    if "edited" in raw:
        shaped["edited"] = Edited(**raw["edited"])
    return Article(number=number, **shaped)


def _tuples(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
