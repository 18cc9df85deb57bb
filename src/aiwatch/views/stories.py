"""Stories: their items, their steps, and how they stand in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiwatch.model import EMPTY, Announcement, Detection, Stage, Story, StoryStage, Tier, own_date
from aiwatch.views.deliveries import DeliveryLine

SORTS = ("newest", "oldest", "score", "published")  # of announcements; "newest" and "oldest" go by when they were found


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One item of a story. ``lag`` counts from its first item, ``vendor_lag`` from the vendor's own (negative: before it)."""

    item_id: str
    source_id: str
    source_name: str
    tier: Tier
    lang: str | None
    stage: Stage
    role: str  # first, primary, follow-up, or mention (names it, tells nothing)
    title: str
    url: str | None
    seen_at: datetime  # ``published`` where that date is believed, else when it was found
    published: datetime | None = None
    found_at: datetime | None = None  # when a poll first had it
    lag: timedelta = timedelta()
    vendor_lag: timedelta | None = None

    @property
    def dated(self) -> bool:
        """Whether ``seen_at`` is a date of its own, and not the time at which it was found."""
        return own_date(self.seen_at, self.published, self.found_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One stage of a story: its first item, the vendor's own, the announcement it became (None: none was made) and the quote.

    ``lead`` is how long before the vendor's own word it was first seen; None where there is no vendor's word, or it was the first.
    """

    step: StoryStage
    first: Member | None
    primary: Member | None
    announcement: Announcement | None
    quote: str = ""
    lead: timedelta | None = None

    @property
    def dated(self) -> bool:
        """Whether the step's time is its first item's own date, and not the time at which that was found."""
        first = self.first
        return first is not None and own_date(self.step.first_seen, first.published, first.found_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """All that is known of one story. ``members`` are in the order seen."""

    story: Story
    steps: tuple[StepView, ...]
    members: tuple[Member, ...]
    outlets: int
    langs: tuple[tuple[str, int], ...]  # language (empty: unknown), members; most first
    detections: Mapping[str, Detection] = field(default_factory=lambda: EMPTY)  # of the first and primary items, by item id
    deliveries: tuple[DeliveryLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a list."""

    story: Story
    members: int
    stage: Stage  # the newest told or silent step
