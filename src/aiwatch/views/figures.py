"""The whole database, and each source's record, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiwatch.model import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Figures of the whole database. Pairs are ``(name, count)``, most first; days are UTC, oldest first, without holes."""

    documents: int
    stories: int
    announcements: int  # told
    silent: int  # recorded, not told
    withdrawn: int  # taken back by a person
    sources: int
    mentions: int
    first_seen: datetime | None
    last_seen: datetime | None
    size: int  # bytes on disk
    days: tuple[tuple[date, int, int], ...] = ()  # day, documents, announcements
    vendors: tuple[tuple[str, int], ...] = ()  # of told announcements; empty name: unknown
    modalities: tuple[tuple[str, int], ...] = ()
    stages: tuple[tuple[str, int], ...] = ()
    langs: tuple[tuple[str, int], ...] = ()  # of documents
    top_sources: tuple[tuple[str, int], ...] = ()  # of documents


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime:
    """One source's record: how often it was first with a story's step, and its median lag behind the vendor's own word."""

    source_id: str
    source_name: str
    tier: Tier
    joined: int  # steps it reported
    first: int  # steps it was the first with
    before_vendor: int  # steps it had before the vendor's own source
    median_lag: timedelta | None = None  # behind the first of anybody
    median_vendor_lag: timedelta | None = None  # behind the vendor's own; None: it never met one

    @property
    def never_first(self) -> bool:
        """It was never the first with anything."""
        return self.first == 0
