"""What the faces show: values that ``store.library`` answers with, read by ``cli``, ``web`` and ``mcp``.

All frozen, times aware and in UTC. Text from outside (titles, snippets, quotes) stands here as it came: escaping is the face's
business, which is why highlights are pieces of text and never markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from aiwatch.model import (
    EMPTY,
    Announcement,
    Delivery,
    DeliveryState,
    Detection,
    Item,
    Kind,
    LostPart,
    Mention,
    Model,
    Poll,
    Stage,
    Story,
    StoryStage,
    Tier,
)

SORTS = ("newest", "oldest", "score", "published")  # of announcements; "newest" and "oldest" go by when they were found
Marked: TypeAlias = tuple[tuple[str, bool], ...]
"""A text cut into pieces, each with whether it is a match: ``(("OpenAI's ", False), ("Sora", True), (" is here", False))``."""


def plain(marked: Marked) -> str:
    """Return the text without its marks."""
    return "".join(piece for piece, _ in marked)


# --- stories ------------------------------------------------------------------------------------------------------------


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
    lag: timedelta = timedelta()
    vendor_lag: timedelta | None = None

    @property
    def dated(self) -> bool:
        """Whether ``seen_at`` is its own date, and not the time at which it was found."""
        return self.seen_at == self.published


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
        return self.first is not None and self.step.first_seen == self.first.published


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery without its body."""

    id: str
    edition_id: str
    digest_id: str
    recipient_id: str
    subject: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    last_answer: str | None = None
    receipt: str | None = None


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


# --- search -------------------------------------------------------------------------------------------------------------


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


# --- sources ------------------------------------------------------------------------------------------------------------


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


# --- deliveries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a delivery."""

    at: datetime
    verdict: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """A delivery as sent, with its tries and what it told."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]
    announcements: tuple[Announcement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """A digest's issue in a list, newest first."""

    id: str
    digest_id: str
    title: str
    since: datetime
    until: datetime
    created_at: datetime
    entries: int
    deliveries: tuple[DeliveryLine, ...] = ()


# --- figures ------------------------------------------------------------------------------------------------------------


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


# --- one item's whole way -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An announcement in the outbox: which digest is to tell it, and which edition did."""

    digest_id: str
    announcement_id: str
    edition_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What became of one item, from the poll that brought it to the deliveries that told it; for ``explain``."""

    item: Item
    source_id: str
    source_name: str
    revisions: tuple[Item, ...]  # older ones, oldest first
    detection: Detection | None
    poll: Poll | None
    mentions: tuple[Mention, ...] = ()
    stories: tuple[Story, ...] = ()
    announcements: tuple[Announcement, ...] = ()  # those that this item is the first item of
    story_announcements: tuple[Announcement, ...] = ()  # all of its stories
    outbox: tuple[Waiting, ...] = ()
    brought: tuple[tuple[str, str], ...] = ()  # digest and edition that told it before a person's word moved its announcement
    deliveries: tuple[DeliveryLine, ...] = ()  # of all these editions
    labels: tuple[Label, ...] = ()
    judged_at: datetime | None = None  # when the detection was written, with the names that were heard by then
    pruned_at: datetime | None = None  # when its text was removed by retention; identity and verdict are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A person's judgement of an item."""

    item_id: str
    announcement: bool
    stage: Stage | None
    note: str
    at: datetime
    models: tuple[Model, ...] = ()  # those that it is of, where the person said so
    apart: bool = False  # it belongs to none of the stories that were there


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSeen:
    """A model name that was announced and that the lexicon does not have. ``verdict``: accepted, ignored, or None for undecided."""

    name_key: str
    spelled: str
    vendor: str | None
    first_item_id: str
    title: str  # of that item
    url: str | None
    seen: int  # items that name it
    verdict: str | None
    first_seen: datetime | None
    heard_at: datetime | None = None  # since when items are judged by it; None: not by this one


# --- free SQL -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a free query may take."""

    seconds: float = 1.0
    rows: int = 1000
    cell: int = 100_000  # characters of one text
    size: int = 8 * 1024 * 1024  # characters of the whole answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A free query's answer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False  # there were more rows than the limit
    elapsed: float = 0.0  # seconds
