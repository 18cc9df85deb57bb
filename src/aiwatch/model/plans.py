"""What one poll writes, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aiwatch.model.detections import Detection
from aiwatch.model.items import Item
from aiwatch.model.sources import PollState
from aiwatch.model.stories import Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The record of one poll, for health, coverage and the learning of rhythms."""

    source_id: str
    at: datetime
    outcome: str  # fetched, unchanged, failed
    status: int | None = None
    reason: str | None = None
    items: int = 0
    fresh: int = 0
    revised: int = 0
    overlap: bool | None = None  # the body reached back to what came last; None: nothing can be said
    gap_since: datetime | None = None  # possible loss between this poll and that one
    elapsed: float = 0.0
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A condition of the service itself, told once when it begins and once when it ends; apart from news."""

    condition: str  # such as source-down:openai-news
    open: bool
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """Everything one poll wants written, in one transaction. ``state.revision`` is the revision it was planned on."""

    state: PollState
    poll: Poll
    items: tuple[Item, ...] = ()  # new ones and new revisions
    moved: tuple[Item, ...] = ()  # known ones that stand at other addresses now
    detections: tuple[Detection, ...] = ()
    folded: Folded = field(default_factory=Folded)
    outbox: tuple[tuple[str, str], ...] = ()  # (digest id, announcement id): who is to be told what
    notices: tuple[Notice, ...] = ()
    back_since: datetime | None = None  # since when it had failed, where it answers again
    nudges: tuple[tuple[str, datetime], ...] = ()  # (source id, poll it by then): a vendor's own pages after news elsewhere
