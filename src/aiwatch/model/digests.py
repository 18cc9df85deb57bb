"""What is told to whom, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from aiwatch.model.detections import Evidence, Model
from aiwatch.model.kinds import Modality, Stage, Tier
from aiwatch.model.plans import Notice
from aiwatch.model.stories import Announcement, Story


def own_date(at: datetime, published: datetime | None, found_at: datetime | None) -> bool:
    """Whether ``at`` is a report's own date, and not the time at which it was found; an edit may have dated it anew since."""
    return at == published or (found_at is not None and at < found_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Where a step of a story was reported."""

    source_id: str
    source_name: str
    tier: Tier
    lang: str | None
    title: str
    url: str | None
    seen_at: datetime  # ``published`` where that date is believed, else when it was found
    published: datetime | None = None
    found_at: datetime | None = None  # when a poll first had it

    @property
    def dated(self) -> bool:
        """Whether ``seen_at`` is a date of its own, and not the time at which it was found."""
        return own_date(self.seen_at, self.published, self.found_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announcement as a digest, a page, a feed and the API show it."""

    announcement: Announcement
    story: Story
    coverage: tuple[Coverage, ...] = ()  # reports of this step of the story; the vendor's own first, then by time seen


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An item just below the bar, for the digest's tail."""

    item_id: str
    title: str
    url: str | None
    source_name: str
    score: float
    threshold: float
    near: tuple[Evidence, ...] = ()  # what kept it from more, as ``Detection.held_back``
    source_id: str = ""
    tier: Tier = Tier.PRESS
    lang: str | None = None
    vendor: str | None = None  # whose page it stands on
    models: tuple[Model, ...] = ()  # that it names

    @property
    def lacking(self) -> str:
        """Why it was kept from more, in the words of the rules; each reason once."""
        return "; ".join(dict.fromkeys(one.why or one.rule for one in self.near))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshown:
    """A part of an edition that could not be laid out, and is named in it alone."""

    name: str
    item_id: str
    stage: Stage | None = None  # None: a near miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The coverage line: how many sources were watched in the window, and where a gap is possible."""

    sources: int = 0
    watched: int = 0
    failing: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()  # sources of which a part cannot be read
    gaps: tuple[tuple[str, datetime, datetime], ...] = ()  # source id, from, to
    polled: bool = True  # whether any source was ever asked
    last: datetime | None = None  # when any was asked last, whatever it answered
    idle: bool = False  # that was long before the edition was composed: what came since is not in it, nor are its gaps known


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
    unshown: tuple[Unshown, ...] = ()


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
class Upshot:
    """What one try says beyond its delivery. Handed by ``deliver`` to the store, which writes it with the receipt."""

    mute: tuple[str, str] | None = None  # whom to write to no more, and why
    notices: tuple[Notice, ...] = ()


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
