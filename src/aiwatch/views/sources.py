"""How sources do, and what no poll of theirs saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiwatch.model import Kind, LostPart, Tier


class Health(StrEnum):
    """How a source does, worst first."""

    GONE = "gone"  # answered 410
    FAILING = "failing"
    PARTLY = "partly"  # a part of its sitemap cannot be read
    LATE = "late"  # due for an hour and not polled: the daemon is not running, or is overloaded
    QUIET = "quiet"  # it answers, and has brought nothing new for longer than its own rhythm lets expect
    FLOODS = "floods"  # it brings new entries without end, of which the newest few are stored
    PAUSED = "paused"  # by the configuration, or by a person
    WAITING = "waiting"  # never polled yet
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source's state. ``days`` counts new items of each of the last 30 days (UTC), oldest first, today last."""

    id: str
    name: str
    url: str  # as configured; callers redact
    kind: Kind
    tier: Tier
    vendor: str | None
    lang: str | None
    health: Health
    enabled: bool
    reason: str | None = None  # why it is not enabled
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    next_poll_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None
    lost: tuple[LostPart, ...] = ()  # parts of its sitemap that cannot be read, longest first
    noticed: str = ""  # what operators were told of its silence, or of its flood
    failures: float = 0.0
    polls: int = 0
    items: int = 0
    last_item_at: datetime | None = None
    gaps: int = 0  # in the last 30 days
    days: tuple[int, ...] = ()
    moved_to: str | None = None

    @property
    def trouble(self) -> str:
        """What is the matter with it, in words; empty where nothing is."""
        if self.last_error or not self.lost:
            return self.last_error or self.noticed
        first, more = self.lost[0], len(self.lost) - 1
        others = f", and {more} more of its parts" if more else ""
        return f"{first.url} cannot be read since {first.since:%Y-%m-%d %H:%M} UTC ({first.reason}){others}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A span in which a source may have published what no poll saw."""

    source_id: str
    source_name: str
    since: datetime
    until: datetime
