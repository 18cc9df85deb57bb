"""What people say of items, and the names that wait for their word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiwatch.model import Model, Stage


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
