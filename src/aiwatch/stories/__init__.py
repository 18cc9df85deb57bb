"""Detections and history in, stories and announcements out: what is told, once.

    detections in time order ──> the story each belongs to ──> the step it reports ──> an announcement, or a silent mention

A story is one model's coverage, or one line-up's. A step (rumored, announced, preview, released, open_weights, updated, deprecated) of
a story is told once. Outlets choose between announced, preview and released by taste (two careful readers agree in 93 %), so a further
launch step needs time behind it, or the vendor's own word, or an explicit phrase; see ``docs/stories.md`` for the windows and why.

    story, steps, times                what grows here, which step an item tells of, and when it is of
    filing, telling                    what a poll, a replay and a mending have in common; what of it is told, and to whom
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
from aiwatch.names.identity import Nearness, identity, lookup, nameless, nearness
from aiwatch.names.vendors import by_maker, compatible, own_word, vendor_key
from aiwatch.stories import steps, times
from aiwatch.stories.steps import RANK, SAME_LAUNCH
from aiwatch.stories.story import (
    QUOTE,
    added_within,
    announced,
    answers,
    grown,
    last_step,
    name_of,
    taken_since,
    with_primary,
    with_step,
    with_told,
)
from aiwatch.stories.times import Time

# How long after a story's step another name may still mean the same launch.
WINDOWS = {
    Nearness.SAME: timedelta.max,
    Nearness.SOUND: timedelta(days=21),
    Nearness.PAIRED: timedelta(days=3),
    Nearness.MEMBER: timedelta(days=7),
    Nearness.FIRST: timedelta(days=14),
    Nearness.VAGUE: timedelta(days=4),
}
COLD = timedelta(days=180)  # a name without version or variant, unheard for so long and launched again, is the next model
UNCONFIRMED = timedelta(days=21)  # a launch that only the press told, so long before the vendor's own word, was none


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
        story = _find(shelf.near(models), models, judged, time) if models else _unnamed(shelf, judged, time)
    if story is None:
        if again or not (detection.announcement or detection.stage.beside_launch):
            return  # "X got better" about a model nobody told of: no story
        story = _open(shelf, judged, models, time.seen)
    own = tuple(model for model in models if _belongs(story, model, judged, time)) or tuple(models)
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
        one = identity(model)
        same = [s for s in shelf.near([model]) if any(nearness(one, identity(other)) is Nearness.SAME for other in s.models)]
        if same:
            story = max(same, key=lambda story: (last_step(story).first_seen <= at, last_step(story).first_seen, story.id))
            launches = [step for step in story.stages if step.stage in RANK] or list(story.stages)
            stage = steps.nearest_step(launches, at).stage
            shelf.mentions[story.id, judged.item.id] = _mention(story, stage, at, judged.document, role="mention")


def vendored(models: Sequence[Model], source: Source) -> tuple[Model, ...]:
    """On a vendor's own blog a model without a vendor is that vendor's."""
    own = source.vendor if source.tier is Tier.PRIMARY else None
    return tuple(replace(model, vendor=model.vendor or own) for model in models)


# --- which story --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Match:
    """A story that an item may belong to, with what speaks for it."""

    story: Story
    near: tuple[Nearness, ...]  # of each of the item's models, NONE where it is not this story's
    recent: bool
    sibling: bool  # it told another one of the line, and a step is spoken of that the model's own story may lack
    settled: bool  # it has the item's step already: where two makers' stories answer, nothing is told twice

    @property
    def covers(self) -> bool:
        return all(near is not Nearness.NONE for near in self.near)

    @property
    def rank(self) -> tuple[bool, int, int, bool, datetime, str]:
        return (
            self.recent and not self.sibling,
            max(self.near),
            sum(bool(near) for near in self.near),
            self.settled,
            last_step(self.story).first_seen,
            self.story.id,
        )


def _find(stories: Iterable[Story], models: Sequence[Model], judged: Judged, time: Time) -> Story | None:
    """The story an item belongs to; None where it opens one of its own.

    A launch of these days comes first, unless it is another model's of the line; then a story that covers all its models. A line-up of
    models from several older stories, or partly unknown ones, is a new story, unless it brings nothing new.
    """
    detection = judged.detection
    matches = sorted(
        (match for story in stories if (match := _match(story, models, judged, time))),
        key=lambda match: match.rank,
        reverse=True,
    )
    if not matches:
        return None
    best = matches[0]
    if best.recent or best.covers or not detection.announcement:
        return best.story
    return next((match.story for match in matches if match.covers), None)


def _unnamed(shelf: _Shelf, judged: Judged, time: Time) -> Story | None:
    """The story of an announcement without a name that its vendor made in another place too; a title counts for the days of a launch."""
    for key in nameless(judged.item, judged.source):
        for story in shelf.under([key]):
            if not key.startswith("title|") or _distance(story, time) <= SAME_LAUNCH:
                return story
    return None


def _match(story: Story, models: Sequence[Model], judged: Judged, time: Time) -> _Match | None:
    item, source, detection = judged
    dated = item.published is not None  # a page of a sitemap that tells no day may be as old as the story
    if dated and detection.announcement and _is_over(story, models, source, time.at):
        return None
    near = tuple(_nearest(story, model, judged, time) for model in models)
    if not any(near):
        return None
    launches = [step for step in story.stages if step.stage in RANK]
    recent = any(abs(one - step.first_seen) <= SAME_LAUNCH for step in launches for one in time)
    whole = not any(identity(model).variant for model in models)
    sibling = whole and max(near) is Nearness.MEMBER and len(story.models) == 1 and steps.outspoken(judged, story.vendor)
    return _Match(story, near, recent, sibling, story.at(detection.stage) is not None)


def _is_over(story: Story, models: Sequence[Model], source: Source, at: datetime) -> bool:
    """Whether a launch told now cannot be this story's: "nothing missed" weighs more here than telling a name once.

    A bare name of long ago (Claude of 2023) is not the next one of that name, and a vendor's own launch is not what an outlet took for it
    weeks before (plans for a summer told as a release).
    """
    launches = [step for step in story.stages if step.stage in RANK]
    if not launches:
        return False
    bare = all(not identity(model).version and not identity(model).variant for model in models)
    if bare and at - story.last_seen > COLD:
        return True
    confirmed = any(step.primary_item_id for step in launches)
    return own_word(source, story.vendor) and not confirmed and at - max(step.first_seen for step in launches) > UNCONFIRMED


def _nearest(story: Story, model: Model, judged: Judged, time: Time) -> Nearness:
    """The strongest relation to one of the story's models that is allowed at this distance in time."""
    one, detection, distance, added = identity(model), judged.detection, _distance(story, time), added_within(story, judged)
    best = Nearness.NONE
    # Weights come in sizes, and whenever they come.
    opens = bool(one.version) and detection.stage is Stage.OPEN_WEIGHTS and story.at(Stage.OPEN_WEIGHTS) is None
    for other in map(identity, story.models):
        near = nearness(one, other)
        if near is Nearness.VAGUE and (one.version or detection.stage not in RANK):
            continue  # a headline may leave out the version of what was launched these days; the other way round a launch would be muted
        if near is Nearness.MEMBER and distance > added and set(one.core) > set(other.core):
            continue  # a line-up's own members are named within days: GPT-6 mini of the week after is a launch
        if near is Nearness.MEMBER and one.version != other.version and taken_since(story, one, time.at):
            continue
        if near and (distance <= WINDOWS[near] or (opens and near is Nearness.MEMBER and one.core == other.core)):
            best = max(best, near)
    if best is Nearness.SAME and not compatible(one.vendor, story.vendor):
        return Nearness.NONE
    return best


def _belongs(story: Story, model: Model, judged: Judged, time: Time) -> bool:
    """Whether a model named beside a story's is part of it: its own, or of the same line. Another one must be told by itself."""
    one = identity(model)
    member = bool(one.version) and (one.member or not one.variant)
    line = member and any(
        one.line == other.line and compatible(one.vendor, other.vendor) for other in map(identity, story.models)
    )
    return line or not story.stages or _nearest(story, model, judged, time) is not Nearness.NONE


def _distance(story: Story, time: Time) -> timedelta:
    """How near an item is to what the story told of its models; that they retire brings no other name nearer."""
    near = [step for step in story.stages if step.stage is not Stage.DEPRECATED] or story.stages
    return min(abs(one - step.first_seen) for step in near for one in time)


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
