"""Detections and history in, stories and announcements out: what is told, once.

    detections in time order ──> the story each belongs to ──> the step it reports ──> an announcement, or a silent mention

A story is one model's coverage, or one line-up's. A step (rumored, announced, preview, released, open_weights, updated, deprecated) of
a story is told once. Outlets choose between announced, preview and released by taste (two careful readers agree in 93 %), so a further
launch step needs time behind it, or the vendor's own word, or an explicit phrase; see ``docs/stories.md`` for the windows and why.

    which                              the story that an item belongs to
    story, steps, times                what grows here, which step an item tells of, and when it is of
    filing, recency, telling           what a poll, a replay and a mending have in common; how old news may be; what is told, and to whom
    corrections, refile, placing       a person's word: put over the rules', followed in the past, and what was told put in its place
    arrivals                           in which order an archive came

Nothing here knows a clock: times are the items' own, ``now`` is an argument. Within a batch the order of arrival does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aiwatch.model import (
    Announcement,
    Detection,
    Document,
    Folded,
    Item,
    Judged,
    Mention,
    Modality,
    Model,
    Source,
    Stage,
    Story,
    Tier,
    ident,
)
from aiwatch.names.identity import Identity, Nearness, identity, lookup, nameless, nearness
from aiwatch.names.vendors import by_maker, vendor_key
from aiwatch.stories import steps, times
from aiwatch.stories.steps import RANK, SAME_LAUNCH
from aiwatch.stories.story import (
    QUOTE,
    announced,
    answers,
    grown,
    last_step,
    name_of,
    with_primary,
    with_step,
    with_told,
)
from aiwatch.stories.times import Time
from aiwatch.stories.which import belongs, distance, find, known_as

# --- keys ---------------------------------------------------------------------------------------------------------------------


def keys(detection: Detection, by: Document | None = None) -> frozenset[str]:
    """All identities under which a story of this detection's models may stand; for ``Store.stories``.

    What tells nothing (a review, a comparison) answers to the exact names alone: it is a mention of stories that exist. Where no model is
    named, the item and its source say what else may tell the same.
    """
    if not _counts(detection):
        return frozenset(identity(model).key for model in detection.models)
    if not detection.models:
        return frozenset(nameless(*by)) if by else frozenset({f"item|{detection.item_id}"})
    models = vendored(detection.models, by.source) if by else detection.models
    return frozenset(key for model in models for key in lookup(identity(model)))


def _counts(detection: Detection) -> bool:
    """Whether a detection tells something: an announcement, a rumour, an update, a retirement."""
    return detection.announcement or (detection.stage is not Stage.NONE and bool(detection.models))


# --- folding ------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shelf:
    """The stories as they grow while one batch is folded. The one mutable thing here; it never leaves ``fold``."""

    now: datetime
    alert_window: timedelta
    watched: datetime | None
    stories: dict[str, Story] = field(default_factory=dict)
    by_key: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    changed: set[str] = field(default_factory=set)
    mentions: dict[tuple[str, str], Mention] = field(default_factory=dict)
    announcements: list[Announcement] = field(default_factory=list)

    def time(self, judged: Judged) -> Time:
        """When an item is of; what a list that was read since that day did not have then was not there before it was seen."""
        at, seen = _at(judged, self.now), judged.item.seen_at or self.now
        unheard = judged.item.doubted or (self.watched is not None and at < self.watched)
        doubted = unheard and self.now - at > self.alert_window
        return Time(at, seen if doubted else at)

    def put(self, story: Story) -> None:
        """Keep the newest state of a story, findable under all its keys."""
        self.stories[story.id] = story
        for key in story.keys:
            self.by_key[key].add(story.id)

    def near(self, models: Sequence[Model]) -> list[Story]:
        """The stories that answer to a key of the models."""
        return self.under({key for model in models for key in lookup(identity(model))})

    def under(self, keys: Iterable[str]) -> list[Story]:
        """The stories that answer to a key."""
        return [self.stories[story_id] for story_id in sorted({one for key in keys for one in self.by_key.get(key, ())})]

    def opened_by(self, item: Item, models: Sequence[Model]) -> Story | None:
        """The story in which this very item made a step, or was its maker's word for one, where it is met again (edited, or replayed)."""
        stories = self.near(models) if models else self.under([f"item|{item.id}"])
        return next((one for one in stories if any(item.id in (step.item_id, step.primary_item_id) for step in one.stages)), None)


def fold(
    batch: Sequence[Judged], history: Sequence[Story], *, now: datetime, alert_window: timedelta, watched: datetime | None = None
) -> Folded:
    """Join each detection to its story and tell what is new.

    ``history`` are the stories answering to the keys of the batch. The batch is taken in time order, the vendor's own word first among
    equals, so its order does not matter. A step older than ``now - alert_window`` is recorded with ``silent`` set. ``watched`` is when the
    source was last read: what is as old and dated before that was not there then, and its date may be wrong.
    ``Mention.stage`` is the step the item counts towards, so ``ident(story_id, stage)`` is the announcement it belongs to.
    """
    shelf = _Shelf(now=now, alert_window=alert_window, watched=watched)
    for story in history:
        shelf.put(story)
    for judged in sorted(batch, key=lambda judged: _order(judged, now)):
        if _counts(judged.detection):
            models = vendored(judged.detection.models, judged.source)
            before = shelf.opened_by(judged.item, models)
            again = before is not None and (
                judged.detection.stage is Stage.RUMORED or not steps.only_rumored(before, judged.item)
            )
            for group in by_maker(models):
                _take(shelf, judged, group, again=again)
        else:
            _note(shelf, judged)
    return Folded(
        stories=tuple(shelf.stories[story_id] for story_id in sorted(shelf.changed)),
        mentions=tuple(shelf.mentions.values()),
        announcements=tuple(shelf.announcements),
    )


def _at(judged: Judged, now: datetime) -> datetime:
    item, source, _ = judged
    return times.when(item, now, source.timezone)


def _order(judged: Judged, now: datetime) -> tuple[datetime, bool, str]:
    item, source, _ = judged
    return _at(judged, now), source.tier is not Tier.PRIMARY, item.id


def _take(shelf: _Shelf, judged: Judged, models: Sequence[Model], *, again: bool) -> None:
    """One item's way: find its story or open one, find its step or make one; then the same for models that are not that story's.

    ``again``: the item made a step before (it was edited, or is replayed), so it makes no other one; a rumour may become the launch.
    """
    item, _, detection = judged
    time = shelf.time(judged)
    story = shelf.opened_by(item, models)
    if story is None and not detection.apart:
        story = find(shelf.near(models), models, judged, time) if models else _unnamed(shelf, judged, time)
    if story is None:
        if again or not (detection.announcement or detection.stage.beside_launch):
            return  # "X got better" about a model nobody told of: no story
        story = _open(shelf, judged, models, time.seen)
    own = tuple(model for model in models if belongs(story, model, judged, time)) or tuple(models)
    _join(shelf, judged, story, own, again=again)
    if rest := tuple(model for model in models if model not in own):
        _take(shelf, judged, rest, again=again)


def _join(shelf: _Shelf, judged: Judged, story: Story, models: Sequence[Model], *, again: bool) -> None:
    """Write an item into its story: as a new step, or as a mention of the one it is coverage of."""
    item, detection = judged.item, judged.detection
    time = shelf.time(judged)
    stage, is_new = steps.step(story, time.at, judged)
    if stage is None or (is_new and again):
        return
    silent = steps.silence(time, shelf.now, shelf.alert_window)
    story = grown(story, models, time.seen, joins=detection.announcement)
    if is_new:
        story = with_step(story, stage, time.seen, judged.document, silent=silent)
        shelf.announcements.append(announced(shelf.now, (story, stage), models, judged, silent))
    else:
        story = with_primary(story, stage, time.seen, judged.document)
        watched = shelf.watched is not None
        if not (again or silent) and (reached := story.at(stage)) and steps.shows_news(reached, time.at, judged, watched=watched):
            story = with_told(story, stage)
            shelf.announcements.append(announced(shelf.now, (story, stage), models, judged, None))
    shelf.put(story)
    shelf.changed.add(story.id)
    shelf.mentions[story.id, item.id] = _mention(story, stage, time.seen, judged.document)


def _note(shelf: _Shelf, judged: Judged) -> None:
    """An item that tells nothing but names models: a mention of the story of each, which it neither opens nor changes."""
    at = _at(judged, shelf.now)
    for model in judged.detection.models:
        if same := [story for story in shelf.near([model]) if _named(story, identity(model))]:
            story = max(same, key=lambda story: (last_step(story).first_seen <= at, last_step(story).first_seen, story.id))
            launches = [step for step in story.stages if step.stage in RANK] or list(story.stages)
            stage = steps.nearest_step(launches, at).stage
            shelf.mentions[story.id, judged.item.id] = _mention(story, stage, at, judged.document, role="mention")


def _named(story: Story, one: Identity) -> bool:
    near = [nearness(one, identity(other)) for other in story.models]
    return any(how is Nearness.SAME or known_as(story, one, how) for how in near)


def vendored(models: Sequence[Model], source: Source) -> tuple[Model, ...]:
    """On a vendor's own blog a model without a vendor is that vendor's."""
    own = source.vendor if source.tier is Tier.PRIMARY else None
    return tuple(replace(model, vendor=model.vendor or own) for model in models)


# --- a story for what names none, and a new one --------------------------------------------------------------------------------


def _unnamed(shelf: _Shelf, judged: Judged, time: Time) -> Story | None:
    """The story of an announcement without a name that its vendor made in another place too; a title counts for the days of a launch."""
    for key in nameless(judged.item, judged.source):
        for story in shelf.under([key]):
            if not key.startswith("title|") or distance(story, time) <= SAME_LAUNCH:
                return story
    return None


def _open(shelf: _Shelf, judged: Judged, models: Sequence[Model], at: datetime) -> Story:
    """A story without steps yet. Its id comes from its models; the vendor is added only where that id is taken by somebody else's."""
    item, source, detection = judged
    canonical = "+".join(sorted({identity(model).key for model in models})) or f"item|{item.id}"
    vendor = next((model.vendor for model in models if model.vendor), detection.maker)
    candidates = (
        ("story", canonical),
        ("story", canonical, vendor_key(vendor)),
        ("story", canonical, vendor_key(vendor), item.id),
    )
    return Story(
        id=next(story_id for parts in candidates if (story_id := ident(*parts)) not in shelf.stories),
        name=name_of(models) or item.title[:QUOTE],
        models=tuple(models),
        keys=answers(models) or nameless(item, source),
        stages=(),
        first_seen=at,
        last_seen=at,
        vendor=vendor,
        modality=models[0].modality if models else Modality.OTHER,
    )


# --- what is told -------------------------------------------------------------------------------------------------------------


def _mention(story: Story, stage: Stage, at: datetime, by: Document, role: str = "follow-up") -> Mention:
    item, source = by
    step = story.at(stage)
    if step is not None and step.item_id == item.id:
        role = "first"
    elif step is not None and step.primary_item_id == item.id:
        role = "primary"
    return Mention(story_id=story.id, item_id=item.id, source_id=source.id, stage=stage, at=at, role=role)
