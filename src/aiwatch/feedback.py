"""What people say over the rules' heads, and what is written when the past follows their word.

    Saying ──> Words before and after ──> Shelved: the stories it concerns ──> refile ──> Mend ──> one transaction

``mending`` is given a ``Saying`` by a face, the store hands ``Shelved`` to ``refile`` and writes the ``Mend`` that it answers with.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeAlias

from aiwatch.model import (
    EMPTY,
    Announcement,
    Detection,
    Item,
    Mention,
    Model,
    Silence,
    Source,
    Story,
    silence_of,
)
from aiwatch.views import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class SameName:
    """A name that a person says means ``model``. ``name_key`` is its identity (family, version, variant), ``spelled`` how it was told.

    ``vendor`` is whose it was told to be: the maker's name in another script, or a wrong one.
    """

    name_key: str
    spelled: str
    vendor: str | None
    model: Model
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """People's words: judgements by item id, and what names mean by the identity of the name."""

    labels: Mapping[str, Label] = field(default_factory=lambda: EMPTY)
    same: Mapping[str, SameName] = field(default_factory=lambda: EMPTY)

    @classmethod
    def of_names(cls, same: Iterable[SameName]) -> Self:
        """What was said of names alone."""
        return cls(same={one.name_key: one for one in same})


UNSAID = Words()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a person says now. ``detections``: items judged again by today's rules, because a person asked for it."""

    labels: tuple[Label, ...] = ()
    taken_back: tuple[str, ...] = ()  # items whose label goes
    same: tuple[SameName, ...] = ()
    parted: tuple[str, ...] = ()  # name keys that mean another model no more
    detections: tuple[Detection, ...] = ()
    # That were judged, by item; what was edited meanwhile is judged by its poll.
    revisions: Mapping[str, int] = field(default_factory=lambda: EMPTY)

    @property
    def items(self) -> tuple[str, ...]:
        """The items that it speaks of one by one."""
        spoken = (*(one.item_id for one in self.labels), *self.taken_back, *(one.item_id for one in self.detections))
        return tuple(dict.fromkeys(spoken))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One item as it is kept: what the rules say of it (before, and now) and the stories it is in."""

    item: Item
    source: Source
    before: Detection
    detection: Detection
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What a person's word may concern: the items, their stories with all that these told, and what of it still waits."""

    filed: tuple[Filed, ...]
    stories: Mapping[str, Story]
    announcements: tuple[Announcement, ...]
    waiting: Collection[tuple[str, str]]  # (digest id, announcement id) in no edition yet
    sent: Collection[str]  # announcements that are in an edition
    before: Words
    after: Words
    answering: Callable[[Collection[str]], Sequence[Story]]  # stories that answer to one of the keys
    wider: Callable[[Collection[str]], Shelved]  # this, with the stories of these ids and all that belongs to them


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """What is to be written. ``stories`` replace what was kept of them; one without keys answers to nobody.

    ``announcements`` are pairs of an id as it was (None: a new one) and what stands in its place.
    """

    stories: tuple[Story, ...] = ()
    unfiled: tuple[tuple[str, str], ...] = ()  # (story id, item id): mentions that go, before the others come
    mentions: tuple[Mention, ...] = ()
    announcements: tuple[tuple[str | None, Announcement], ...] = ()
    replaced: tuple[tuple[str, Announcement], ...] = ()  # (id, what stood in its place), but for what stood as taken back
    covered: tuple[tuple[str, str], ...] = ()  # (id as it was, id): who got, or is to get, the one, got the other with it
    waiting: tuple[tuple[str, str], ...] = ()  # (digest id, id) that waited before and goes on waiting
    sent: frozenset[str] = frozenset()  # ids of those that an edition told
    recalled: tuple[tuple[str, str], ...] = ()  # (digest id, announcement id as it was) that waited and is not to be told
    outbox: tuple[tuple[str, str], ...] = ()  # (digest id, announcement id) to be told
    heard: tuple[Detection, ...] = ()  # whose names later items are judged by
    judged: tuple[Detection, ...] = ()  # items that search finds by other words now (``vendor:``, ``stage:``)

    @property
    def told(self) -> tuple[Announcement, ...]:
        """What is told now for the first time."""
        wanted = {announcement_id for _, announcement_id in self.outbox}
        return tuple(one for _, one in self.announcements if one.silent is None and one.id in wanted)

    @property
    def withdrawn(self) -> tuple[Announcement, ...]:
        """What stands as told no more."""
        return tuple(one for old, one in self.announcements if old and silence_of(one.silent) is Silence.WITHDRAWN)


Work: TypeAlias = Callable[[Shelved], Mend]
