"""Documents that a search found, and what of their text matched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from aiwatch.model import Stage, Tier

Marked: TypeAlias = tuple[tuple[str, bool], ...]
"""A text cut into pieces, each with whether it is a match: ``(("OpenAI's ", False), ("Sora", True), (" is here", False))``."""


def plain(marked: Marked) -> str:
    """Return the text without its marks."""
    return "".join(piece for piece, _ in marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that a search found."""

    item_id: str
    title: Marked
    snippet: Marked
    url: str | None
    source_id: str
    source_name: str
    tier: Tier
    lang: str | None
    seen_at: datetime
    published: datetime | None = None
    story_id: str | None = None
    story_name: str | None = None
    vendor: str | None = None
    stage: Stage = Stage.NONE
    announcement: bool = False  # what the rules, or a person over them, said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of hits, newest first (or best first within ``window``). ``notes`` says what of the query was not understood."""

    hits: tuple[Hit, ...]
    cursor: str | None = None  # hand it back for the next page
    notes: tuple[str, ...] = ()
    window: tuple[datetime, datetime] | None = None  # the span of time that was looked at; None: an empty archive
    elapsed: float = 0.0  # seconds
