"""Sources, and what came of asking one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from aiwatch.model.kinds import EMPTY, Failure, Kind, Tier


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
    last: datetime | None = None  # the last arrival
    silence: float = 0.0  # the longest time between two arrivals in days; fades too
    known: tuple[float, ...] = ()  # decayed arrivals and days of observation as they were when the last one came


ANEW = -1  # 304s in a row where the document is to be read anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the sitemaps that an index lists, and what is known of it since it was read."""

    url: str
    stated: str = ""  # its lastmod as the index states it; empty: it states none
    read_at: datetime | None = None  # None: not yet
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    items: int | None = None  # in its last readable body


@dataclass(frozen=True, slots=True, kw_only=True)
class LostPart:
    """A part that its sitemap's index lists and that cannot be read."""

    url: str
    since: datetime  # its first failure since it was read last, or came up
    reason: str  # the last failure in words


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is remembered of a source between polls. ``revision`` guards against two writers (compare and set)."""

    source_id: str
    revision: int = 0
    next_poll_at: datetime | None = None
    polls: int = 0  # polls that brought a readable body; 0 means the next one is the baseline
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None  # when something new was stored last, by a poll or a push; kept by the store
    failures: float = 0.0  # weighted: hard 1, soft 0.5, temporary 0.25
    failing_since: datetime | None = None
    last_error: str | None = None
    etag: str | None = None
    last_modified: str | None = None  # echoed byte for byte
    unchanged_in_a_row: int = 0  # 304s since the last full answer; ANEW until the first one after address or mapping changed
    body_hash: str | None = None
    item_count: int | None = None  # items in the last readable body
    moved_to: str | None = None  # where a permanent redirect led
    moved_seen_at: datetime | None = None
    url: str | None = None  # the address in use once a move was confirmed
    gone: bool = False
    rhythm: Rhythm | None = None
    parts: tuple[Part, ...] = ()  # of a sitemap in parts
    lost: tuple[LostPart, ...] = ()  # those of them that cannot be read, longest first

    @property
    def baseline(self) -> bool:
        """Whether the next reading is the first of this address with this mapping: of what has no date there nobody knows its age."""
        return self.polls == 0 or self.unchanged_in_a_row == ANEW


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
