"""What several items tell of one model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiwatch.model.detections import Model
from aiwatch.model.kinds import Modality, Stage, Tier


class Silence(StrEnum):
    """Why a step was recorded and not told: how the reason begins that is kept with it, so that none may be worded anew."""

    TOO_OLD = "older than the alert window: "  # the day stands behind it
    DOUBTED = "it came up with a date of long ago, and is told when somebody else reports it in these days: "  # the same
    UNDATED = "baseline: first poll of this source as it is configured, and the item has no date"
    STAMPED = "baseline: first poll of this source as it is configured, and most of its items have one and the same date"
    AWAY = "its source was away for long, and the item has no date"
    NAMELESS = "names no model: told when somebody gives it a name"
    EDITED_LATE = "revision of an item that is older than the alert window"
    EDITED = "revision of an item that was told before"
    WITHDRAWN = "taken back: "  # by a person; what for stands behind it


# Nothing but its age keeps it silent.
OF_AGE = frozenset({Silence.TOO_OLD, Silence.DOUBTED, Silence.UNDATED, Silence.STAMPED, Silence.AWAY})


def silence_of(kept: str | None) -> Silence | None:
    """Which reason that is; None where a step was told, or kept silent for a reason of an older version."""
    return next((one for one in Silence if kept is not None and kept.startswith(one)), None)


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
    silent: str | None = None  # why it was not told


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
    """What ``filing.fold`` made of some detections: stories to write, items that joined them, steps to tell."""

    stories: tuple[Story, ...] = ()
    mentions: tuple[Mention, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    corrected: tuple[Announcement, ...] = ()  # made before, under a name that was read off an address
