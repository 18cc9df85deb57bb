"""What was sent to whom, with its tries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from aiwatch.model import Announcement, Delivery, DeliveryState


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

    @property
    def line(self) -> DeliveryLine:
        """The delivery as a list has it."""
        return DeliveryLine(**{each.name: getattr(self.delivery, each.name) for each in fields(DeliveryLine)})


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
