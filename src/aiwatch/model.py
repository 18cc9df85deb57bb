"""The values that flow through the house, in the order in which one item meets them.

``Source + PollState -> PollJob -> Outcome -> Parsed(Item...) -> Detection -> (Story, Mention, Announcement) -> PollPlan``
and from there ``Announcement -> Digest -> Delivery -> Receipt``.

All are frozen and know nothing of clocks, files or networks. Times are aware datetimes in UTC. Ids are derived from content, so
that doing a thing again gives the same id (see ``ident``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

EMPTY: Mapping[str, Any] = MappingProxyType({})


def ident(*parts: object) -> str:
    """A stable 16-digit hexadecimal id of ``parts``; the same parts give the same id on every machine and at every time."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Stage(StrEnum):
    """A step in a model's life. Each step of a story is told once."""

    NONE = "none"
    RUMORED = "rumored"
    ANNOUNCED = "announced"
    PREVIEW = "preview"
    RELEASED = "released"
    OPEN_WEIGHTS = "open_weights"
    UPDATED = "updated"
    DEPRECATED = "deprecated"


class Modality(StrEnum):
    """What a model makes or takes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    SPEECH = "speech"
    MUSIC = "music"
    CODE = "code"
    MULTIMODAL = "multimodal"
    THREE_D = "3d"
    EMBEDDING = "embedding"
    ROBOTICS = "robotics"
    WORLD = "world"
    OTHER = "other"


class Tier(StrEnum):
    """How near a source is to the vendor."""

    PRIMARY = "primary"
    PRESS = "press"
    COMMUNITY = "community"


class Kind(StrEnum):
    """What stands behind a source's address; each kind has one parser in ``parse``."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    GITHUB = "github"
    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    HACKERNEWS = "hackernews"
    YOUTUBE = "youtube"
    REDDIT = "reddit"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    X = "x"
    WEBHOOK = "webhook"


class Failure(StrEnum):
    """Why a poll brought nothing, by what is to be done about it."""

    HARD = "hard"  # the address is wrong or forbidden: 4xx, not a feed, TLS
    SOFT = "soft"  # the server is unwell: 5xx, malformed or truncated body
    TEMPORARY = "temporary"  # the way there is: DNS, refused, timeout, 429
    BLOCKED = "blocked"  # we refuse: private address, robots.txt, scheme
    GONE = "gone"  # 410: stop


# --- sources and polls ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address that is polled, as ``sources.toml`` tells it. Handed by ``config`` to ``store.sync_sources``."""

    id: str
    url: str
    name: str = ""
    kind: Kind = Kind.FEED
    tier: Tier = Tier.PRESS
    vendor: str | None = None
    lang: str | None = None
    timezone: str | None = None  # IANA zone of dates that carry none
    enabled: bool = True
    reason: str | None = None  # why it is not enabled
    groups: tuple[str, ...] = ()
    interval: int | None = None  # seconds between polls; None: learned
    allow_private: bool = False
    tls_verify: bool = True  # False: whoever answers is believed; said aloud at start, in the log and by doctor
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    options: Mapping[str, Any] = field(default_factory=lambda: EMPTY)  # what its kind needs: selectors, patterns, limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was learned of when a source publishes; made and read by ``schedule`` alone."""

    hours: tuple[float, ...] = ()  # decayed arrivals by hour of the week, 168 of them
    weight: float = 0.0  # decayed days of observation
    recent: tuple[datetime, ...] = ()  # last arrivals, newest first, for bursts
    updated: datetime | None = None
    minutes: tuple[float, ...] = ()  # decayed arrivals by minute of the hour, 60 of them
    days: tuple[float, ...] = ()  # decayed days of observation by weekday, 7 of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of a source between polls. ``revision`` guards against two writers (compare and set)."""

    source_id: str
    revision: int = 0
    next_poll_at: datetime | None = None
    polls: int = 0  # polls that brought a readable body; 0 means the next one is the baseline
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    failures: float = 0.0  # weighted: hard 1, soft 0.5, temporary 0.25
    failing_since: datetime | None = None
    last_error: str | None = None
    etag: str | None = None
    last_modified: str | None = None  # echoed byte for byte
    unchanged_in_a_row: int = 0  # 304s since the last full answer
    body_hash: str | None = None
    item_count: int | None = None  # items in the last readable body
    moved_to: str | None = None  # where a permanent redirect led
    moved_seen_at: datetime | None = None
    url: str | None = None  # the address in use once a move was confirmed
    gone: bool = False
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What is known of a source's subscription at its hub (WebSub)."""

    asked_at: datetime
    since: datetime | None = None  # when the hub confirmed it
    until: datetime | None = None  # None: never confirmed, or denied
    answer: str | None = None  # what went wrong at the last asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A body that a hub sent, waiting to be read."""

    n: int
    source_id: str
    at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PollJob:
    """A source claimed for polling, by ``store.claim_due``; the lease is ``next_poll_at`` pushed forward."""

    source: Source
    state: PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A whole, decoded body. Handed by ``fetch`` to ``parse``."""

    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    max_age: int | None = None  # seconds, from Cache-Control or Expires
    permanent_url: str | None = None  # where a chain of 301/308 alone leads
    elapsed: float = 0.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304 to our validators."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    max_age: int | None = None
    elapsed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No body. ``reason`` is for people: what was seen and, where it helps, what to do."""

    kind: Failure
    reason: str
    status: int | None = None
    retry_after: int | None = None  # seconds, already capped to a day
    elapsed: float = 0.0


Outcome: TypeAlias = Fetched | NotModified | Failed


# --- items --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a source as parsed. Never changed; an edited entry is a new revision with the same ``id``."""

    id: str  # ident(source_id, key)
    source_id: str
    key: str  # what makes it the same entry next time
    url: str | None
    title: str
    summary: str = ""
    content: str = ""
    guid: str | None = None
    published: datetime | None = None  # None where the source gives no date that can be trusted
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lang: str | None = None
    seen_at: datetime | None = None  # when a poll first brought this revision
    revision: int = 1
    aliases: tuple[str, ...] = ()  # other identities: canonical URL, normalised title and day
    notes: tuple[str, ...] = ()  # what the parser had to mend
    source_hash: str | None = None  # the hash as the source gave it, where its page's text was put in as content

    @property
    def content_hash(self) -> str:
        """Changes when, and only when, what the source says changes (dates and markup do not count, nor what was fetched besides)."""
        return self.source_hash or ident(self.title, self.summary, self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a body held. Handed by ``parse`` to ``plan``."""

    items: tuple[Item, ...]
    title: str | None = None
    link: str | None = None
    lang: str | None = None
    ttl: int | None = None  # seconds the feed asks to be left alone
    hub: str | None = None  # WebSub hub
    next_url: str | None = None  # the next page of a paged list
    notes: tuple[str, ...] = ()


# --- detection ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One rule that fired: ``getattr(item, field)[start:end] == matched``."""

    rule: str
    field: str
    start: int
    end: int
    matched: str
    weight: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named AI model. ``name`` is canonical; ``key`` is its identity across languages and spellings."""

    name: str
    vendor: str | None = None
    family: str = ""
    version: str = ""
    variant: str = ""
    modality: Modality = Modality.TEXT
    known: bool = False  # the lexicon has it, or its family
    spelled: str = ""  # as the text has it

    @property
    def key(self) -> str:
        """Family, version and variant; the vendor is left out because outlets often leave it out."""
        return "|".join((self.family or self.name.casefold(), self.version, self.variant))


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What the rules say of one item; kept whether or not it passed. ``score`` is the sum of the evidence's weights."""

    item_id: str
    announcement: bool
    stage: Stage
    models: tuple[Model, ...] = ()
    score: float = 0.0
    threshold: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    near: tuple[Evidence, ...] = ()  # rules that nearly fired, with what was lacking in ``why``
    rules: str = ""  # digest of the rule set
    maker: str | None = None  # who announces a model without its name; not kept with the item

    @property
    def near_miss(self) -> bool:
        """Just below the bar: worth a line in the digest's tail."""
        return not self.announcement and self.stage is Stage.NONE and bool(self.models) and self.score >= 0.6 * self.threshold


# --- stories ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStage:
    """One step of a story: who had it first, and the vendor's own word for it."""

    stage: Stage
    first_seen: datetime
    item_id: str
    source_id: str
    primary_item_id: str | None = None
    primary_seen: datetime | None = None
    told: bool = False  # it became an announcement that subscribers could get


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One model's (or one line-up's) coverage. ``keys`` are all identities it answers to, phonetic ones included."""

    id: str
    name: str
    models: tuple[Model, ...]
    keys: tuple[str, ...]
    stages: tuple[StoryStage, ...]
    first_seen: datetime
    last_seen: datetime
    vendor: str | None = None
    modality: Modality = Modality.TEXT

    def at(self, stage: Stage) -> StoryStage | None:
        """The story's step of that name, if it was reached."""
        return next((step for step in self.stages if step.stage is stage), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One item that belongs to a story's step. ``role``: first, primary, follow-up, or mention (it names the model and tells nothing)."""

    story_id: str
    item_id: str
    source_id: str
    stage: Stage
    at: datetime
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A story's step to a new stage: what is told. ``silent`` says why it is recorded but not told (baseline, too old)."""

    id: str  # ident(story_id, stage)
    story_id: str
    stage: Stage
    name: str
    models: tuple[Model, ...]
    vendor: str | None
    modality: Modality
    at: datetime  # when it was found
    item_id: str
    source_id: str
    tier: Tier
    title: str
    url: str | None
    lang: str | None = None
    quote: str = ""  # one line of what is new, in the item's words
    published: datetime | None = None
    score: float = 0.0
    silent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What ``stories.fold`` made of some detections: stories to write, items that joined them, steps to tell."""

    stories: tuple[Story, ...] = ()
    mentions: tuple[Mention, ...] = ()
    announcements: tuple[Announcement, ...] = ()


# --- what one poll writes -----------------------------------------------------------------------------------------------


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
    overlap: bool | None = None  # the oldest item was known already; None: nothing can be said
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
    detections: tuple[Detection, ...] = ()
    folded: Folded = field(default_factory=Folded)
    outbox: tuple[tuple[str, str], ...] = ()  # (digest id, announcement id): who is to be told what
    notices: tuple[Notice, ...] = ()
    nudges: tuple[tuple[str, datetime], ...] = ()  # (source id, poll it by then): a vendor's own pages after news elsewhere


# --- digests and deliveries ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where else a story was reported."""

    source_id: str
    source_name: str
    tier: Tier
    lang: str | None
    title: str
    url: str | None
    seen_at: datetime
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announcement as a digest, a page, a feed and the API show it."""

    announcement: Announcement
    story: Story
    coverage: tuple[Coverage, ...] = ()  # every member, the vendor's own first, then by time seen


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An item just below the bar, for the digest's tail."""

    item_id: str
    title: str
    url: str | None
    source_name: str
    score: float
    threshold: float
    lacking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The coverage line: how many sources were watched in the window, and where a gap is possible."""

    sources: int = 0
    watched: int = 0
    failing: tuple[str, ...] = ()
    gaps: tuple[tuple[str, datetime, datetime], ...] = ()  # source id, from, to


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A digest's one issue: a window's announcements, composed. Handed by ``digest.compose`` to ``digest.render``."""

    id: str  # ident(digest id, slot)
    digest_id: str
    title: str
    since: datetime
    until: datetime
    entries: tuple[Entry, ...] = ()
    rumors: tuple[Entry, ...] = ()
    near: tuple[NearMiss, ...] = ()
    watch: Watch = field(default_factory=Watch)
    next_at: datetime | None = None
    late: int = 0  # seconds behind its slot, when that is worth a word
    notices: tuple[Notice, ...] = ()
    more: int = 0  # entries beyond the limit, counted and linked, never silently cut


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"  # permanent refusal, or given up after days: listed, never dropped by itself
    DROPPED = "dropped"  # by a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition (or notice) to one recipient: an outbox row. ``body`` is fixed at composing, so every try is the same bytes."""

    id: str  # ident(edition id, recipient id); the idempotency key and the stem of the Message-ID
    edition_id: str
    digest_id: str
    recipient_id: str
    subject: str
    body: Mapping[str, Any]  # what the channel needs: text, html, payload, headers
    created_at: datetime
    state: DeliveryState = DeliveryState.READY
    attempts: int = 0
    next_try_at: datetime | None = None
    last_answer: str | None = None
    receipt: str | None = None
    sent_at: datetime | None = None


class Verdict(StrEnum):
    """What one try came to."""

    SENT = "sent"
    RETRY = "retry"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One try's result. Handed by ``notify`` to ``deliver``."""

    verdict: Verdict
    answer: str
    retry_after: int | None = None  # seconds
    gone: bool = False  # HTTP 410: write to this address no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which announcements somebody wants. Empty tuples mean no restriction; all given conditions must hold.

    Serves digests, commands, pages, feeds and the API alike (``digest.select.matches`` and ``store`` read it the same way).
    """

    vendors: tuple[str, ...] = ()
    modalities: tuple[Modality, ...] = ()
    stages: tuple[Stage, ...] = ()  # empty: every stage but rumored
    langs: tuple[str, ...] = ()  # of the first item
    sources: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    min_score: float = 0.0
    text: str | None = None  # the model's name contains it
    since: datetime | None = None
    until: datetime | None = None
