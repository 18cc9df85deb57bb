"""What somebody asks for, as texts (options of a command, parameters of an address), made a ``Filter``. One reading for all faces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import isfinite, nan
from typing import TypeVar

from aiwatch import liveness
from aiwatch.model import Filter, Modality, Stage, Tier
from aiwatch.settings import Polling

E = TypeVar("E", bound=StrEnum)

_SPAN = re.compile(r"(\d{1,6})\s*(m|h|d|w|mo|y)")
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "mo": 30 * 86400, "y": 365 * 86400}
NAMES = ("vendor", "modality", "stage", "lang", "source", "tier")
ALL_STAGES = tuple(stage for stage in Stage if stage is not Stage.NONE)


def moment(text: str, now: datetime) -> datetime:
    """``7d``, ``24h``, ``2w``, ``3mo``, ``1y`` before ``now``; or an ISO day or time (UTC where it has no zone). Raises ValueError."""
    if span := _SPAN.fullmatch(text.strip().lower()):
        try:
            return now - timedelta(seconds=int(span[1]) * _UNITS[span[2]])
        except OverflowError:
            return datetime(1970, 1, 1, tzinfo=UTC)
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # in UTC, the first hours of the year 1 east of Greenwich lie before it
        raise ValueError(f'found "{text}"; a time is a span such as 7d, 24h, 2w, 3mo, or a day such as 2024-02-15') from None


def unpolled(last: datetime | None, polling: Polling, now: datetime) -> str | None:
    """What is to be said with an answer where nothing was polled for long: silence is not absence then. ``last``: the last poll."""
    if last is None:
        return "no source has been polled yet"
    if liveness.unpolled_since(last, polling, now) is None:
        return None
    return f"nothing has been polled since {last.astimezone(UTC):%Y-%m-%d %H:%M} UTC: what was announced later is not here"


def filter_of(asked: Mapping[str, Sequence[str]], now: datetime) -> Filter:
    """The filter that these texts ask for; keys as in ``NAMES`` and ``text``, ``min_score``, ``since``, ``until``. Raises ValueError.

    ``stage=all`` asks for every stage, rumours included.
    """
    many = {name: tuple(value for value in asked.get(name, ()) if value) for name in NAMES}
    one = {
        name: next((value for value in asked.get(name, ()) if value), None) for name in ("text", "min_score", "since", "until")
    }
    return Filter(
        vendors=many["vendor"],
        modalities=_members(Modality, "modality", many["modality"]),
        stages=ALL_STAGES if "all" in many["stage"] else _members(Stage, "stage", many["stage"]),
        langs=many["lang"],
        sources=many["source"],
        tiers=_members(Tier, "tier", many["tier"]),
        min_score=_number(one["min_score"]),
        text=one["text"],
        since=_time("since", one["since"], now),
        until=_time("until", one["until"], now),
    )


def _time(name: str, text: str | None, now: datetime) -> datetime | None:
    try:
        return moment(text, now) if text else None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _members(kind: type[E], name: str, values: Sequence[str]) -> tuple[E, ...]:
    try:
        return tuple(kind(value.strip().lower().replace("-", "_")) for value in values)
    except ValueError:
        allowed = ", ".join(one.value for one in kind if one.value != "none")
        raise ValueError(f"{name}: found {', '.join(values)!r}; allowed are {allowed}") from None


def _number(text: str | None) -> float:
    try:
        found = float(text) if text else 0.0
    except ValueError:
        found = nan
    if not isfinite(found):
        raise ValueError(f"min_score: found {text!r}; it is a number")
    return found
