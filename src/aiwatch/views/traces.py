"""One item's whole way, from the poll that brought it to the deliveries that told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiwatch.model import Announcement, Detection, Item, Mention, Poll, Story
from aiwatch.views.deliveries import DeliveryLine
from aiwatch.views.judgements import Label


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
