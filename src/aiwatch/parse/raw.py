"""What the formats have in common: a feed as read, before it gets identities. Filled by ``xmlfeed`` and ``jsonfeed``, read by ``feed``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aiwatch.parse.ending import End


@dataclass(slots=True)
class RawEntry:
    """One entry. Texts are plain, links absolute http(s) addresses, dates aware UTC."""

    title: str = ""
    link: str | None = None
    guid: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lang: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class RawFeed:
    """One feed; ``format`` is such as ``rss``, ``atom``, ``cdf`` or ``json``."""

    format: str = ""
    title: str = ""
    link: str | None = None
    lang: str | None = None
    ttl: int | None = None  # seconds
    hub: str | None = None
    next_url: str | None = None
    entries: list[RawEntry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    end: End = End.WHOLE
