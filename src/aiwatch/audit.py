"""A public list of releases against what was told: what was caught, how late, what was missed, and why.

    file -> releases -> (stories that answer to each) -> verdicts -> recall and delay

Only releases within the time that was watched count: nobody can catch what was before.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from aiwatch.detect.typed import model_named
from aiwatch.errors import ConfigError
from aiwatch.model import Stage, Story
from aiwatch.names.identity import Identity, Nearness, identity, lookup, nearness
from aiwatch.rules import RuleSet

SLACK = timedelta(days=3)  # lists give days without zones, and sometimes the paper's date
_NAMES = ("model", "name", "title", "system")
_VENDORS = ("vendor", "organisation", "organization", "org", "company", "lab", "developer")
_DATES = ("released", "release_date", "publication_date", "date", "published", "announced")
_LINKS = ("link", "url", "href")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One line of the list."""

    name: str
    vendor: str | None
    released: date
    url: str | None = None
    line: int = 0


class Verdict(StrEnum):
    """What became of a release here."""

    CAUGHT = "caught"  # told as more than a rumour
    SILENT = "silent"  # a story is there, nothing of it was told
    RUMOR = "rumor"  # only a rumour was told
    MISSED = "missed"
    OUTSIDE = "outside"  # not in the time that was watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A release with its verdict. ``delay`` from the day of release to the first step that was told; None where that is unknown."""

    release: Release
    verdict: Verdict
    story_id: str | None = None
    story_name: str | None = None
    delay: timedelta | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Recall over the releases within the watched time; ``delay`` is the median of the caught."""

    releases: int
    caught: int
    silent: int
    rumor: int
    missed: int
    outside: int
    delay: timedelta | None

    @property
    def recall(self) -> float:
        """Caught of all within the watched time; 0 where there were none."""
        return self.caught / self.releases if self.releases else 0.0


# --- the list -----------------------------------------------------------------------------------------------------------------


def read(text: str, name: str) -> tuple[list[Release], list[str]]:
    """Read a list of releases as CSV, JSON, JSON lines or YAML, by the file's ending; with it, what cannot be read, by file and line.

    Raises ConfigError where nothing can be read.
    """
    problems: list[str] = []
    rows = _rows(text, name, problems)
    if not rows and not problems:
        raise ConfigError(f"{name}: there are no rows in it; a list has a row for each release, with name and date")
    found = [release for number, row in rows if (release := _release(number, row, name, problems)) is not None]
    shown = problems[:20] + ([f"{name}: and {len(problems) - 20} more"] if len(problems) > 20 else [])
    if not found:
        raise ConfigError(shown)
    return found, shown


def _rows(text: str, name: str, problems: list[str]) -> list[tuple[int, Any]]:
    ending = name.rsplit(".", 1)[-1].lower()
    try:
        if ending in {"yaml", "yml"}:
            return _listed(_yaml(text), name)
        if ending in {"jsonl", "ndjson"}:
            return _objects(text, name, problems)
        if ending == "json":
            return _listed(json.loads(text), name)
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        return [(reader.line_num, row) for row in reader]
    except (ValueError, RecursionError, csv.Error) as error:
        raise ConfigError(f"{name}: cannot be read: {error}") from error


def _yaml(text: str) -> Any:
    """Raises ValueError for what is not YAML."""
    import yaml  # type: ignore[import-untyped]  # it has no types of its own; slow to load, and few lists need it

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _objects(text: str, name: str, problems: list[str]) -> list[tuple[int, Any]]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found += [(number, json.loads(line))] if line.strip() else []
        except (ValueError, RecursionError) as error:
            problems.append(f"{name}:{number}: not a JSON object: {error}")
    return found


def _listed(value: Any, name: str) -> list[tuple[int, Any]]:
    if isinstance(value, Mapping):  # {"models": [...]}
        value = next((one for one in value.values() if isinstance(one, list)), None)
    if not isinstance(value, list):
        raise ConfigError(f"{name}: found {type(value).__name__}; it must hold a list of releases")
    return list(enumerate(value, 1))


def _release(number: int, row: object, name: str, problems: list[str]) -> Release | None:
    if not isinstance(row, Mapping):
        problems.append(f"{name}:{number}: found {row!r}; a release has a name and a date")
        return None
    flat = {str(key).strip().casefold(): value for key, value in row.items() if key is not None}
    title, day = _first(flat, _NAMES), _first(flat, _DATES)
    if not title or not day:
        problems.append(
            f"{name}:{number}: needs a name ({', '.join(_NAMES)}) and a date ({', '.join(_DATES)}); has {', '.join(flat)}"
        )
        return None
    try:
        released = date.fromisoformat(day[:10])
    except ValueError:
        problems.append(f"{name}:{number}: found date {day!r}; write 2024-02-15")
        return None
    return Release(
        name=title, vendor=_first(flat, _VENDORS) or None, released=released, url=_first(flat, _LINKS) or None, line=number
    )


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name)), "")


# --- the verdicts ---------------------------------------------------------------------------------------------------------------


def keys(release: Release, rules: RuleSet) -> set[str]:
    """Return the keys under which a story of this release may stand."""
    return {key for one in _identities(release, rules) for key in lookup(one)}


def _identities(release: Release, rules: RuleSet) -> list[Identity]:
    """The release as detection reads its name, by each of its makers."""
    model = model_named(release.name, rules)
    makers: list[str | None] = [part.strip() for part in (release.vendor or "").split(",") if part.strip()]
    return [identity(replace(model, vendor=maker)) for maker in makers or [model.vendor]]


def watched(release: Release, since: datetime, until: datetime) -> bool:
    """Whether a release lies in the time that was watched."""
    at = datetime.combine(release.released, time(), UTC)
    return since - SLACK <= at <= until


def judge(release: Release, stories: Sequence[Story], rules: RuleSet, since: datetime, until: datetime) -> Line:
    """Return what became of a release, given the stories that answer to its keys."""
    if not watched(release, since, until):
        return Line(release=release, verdict=Verdict.OUTSIDE, why=f"watched from {since:%Y-%m-%d} to {until:%Y-%m-%d}")
    story = _meant(_identities(release, rules), stories)
    if story is None:
        return Line(release=release, verdict=Verdict.MISSED)
    told = [step for step in story.stages if step.told]
    firm = [step for step in told if step.stage is not Stage.RUMORED]
    if not firm:
        verdict = Verdict.RUMOR if told else Verdict.SILENT
        return Line(
            release=release, verdict=verdict, story_id=story.id, story_name=story.name, why="rumour only" if told else "not told"
        )
    first = min(step.first_seen for step in firm)
    delay = first - datetime.combine(release.released, time(), UTC)
    return Line(release=release, verdict=Verdict.CAUGHT, story_id=story.id, story_name=story.name, delay=max(delay, timedelta()))


def _meant(wanted: Sequence[Identity], stories: Sequence[Story]) -> Story | None:
    """The story nearest to a release; a story of another version, or of the family alone, is not it."""
    ranked = [
        (max(nearness(one, identity(model)) for one in wanted for model in story.models), story)
        for story in stories
        if story.models
    ]
    best = max(ranked, key=lambda pair: (pair[0], any(step.told for step in pair[1].stages)), default=None)
    return best[1] if best and best[0] >= Nearness.FIRST else None


def summarise(lines: Sequence[Line]) -> Summary:
    """Return the figures."""
    count = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    delays = [line.delay.total_seconds() for line in lines if line.delay is not None]
    return Summary(
        releases=len(lines) - count[Verdict.OUTSIDE],
        caught=count[Verdict.CAUGHT],
        silent=count[Verdict.SILENT],
        rumor=count[Verdict.RUMOR],
        missed=count[Verdict.MISSED],
        outside=count[Verdict.OUTSIDE],
        delay=timedelta(seconds=median(delays)) if delays else None,
    )
