"""Which story an item belongs to: whose names are near enough to its own, so soon after what that story told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiwatch.model import Judged, Model, Source, Stage, Story
from aiwatch.names.identity import Identity, Nearness, identity, nearness
from aiwatch.names.vendors import compatible, own_word
from aiwatch.stories import steps
from aiwatch.stories.steps import RANK, SAME_LAUNCH
from aiwatch.stories.story import added_within, last_step, taken_since
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


def find(stories: Iterable[Story], models: Sequence[Model], judged: Judged, time: Time) -> Story | None:
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
    speaks = not detection.announcement or steps.outspoken(judged, story.vendor)  # a retirement, a rumour: of the very model
    sibling = whole and max(near) is Nearness.MEMBER and len(story.models) == 1 and speaks
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
    one, detection, far, added = identity(model), judged.detection, distance(story, time), added_within(story, judged)
    best = Nearness.NONE
    # Weights come in sizes, and whenever they come.
    opens = bool(one.version) and detection.stage is Stage.OPEN_WEIGHTS and story.at(Stage.OPEN_WEIGHTS) is None
    for other in map(identity, story.models):
        near = nearness(one, other)
        if near is Nearness.VAGUE and (one.version or detection.stage not in RANK):
            continue  # a headline may leave out the version of what was launched these days; the other way round a launch would be muted
        if near is Nearness.MEMBER and far > added and set(one.core) > set(other.core):
            continue  # a line-up's own members are named within days: GPT-6 mini of the week after is a launch
        if near is Nearness.MEMBER and one.version != other.version and taken_since(story, one, time.at):
            continue
        sized = opens and near is Nearness.MEMBER and one.core == other.core
        if near and (far <= WINDOWS[near] or sized or known_as(story, one, near)):
            best = max(best, near)
    if best is Nearness.SAME and not compatible(one.vendor, story.vendor):
        return Nearness.NONE
    return best


def known_as(story: Story, one: Identity, near: Nearness) -> bool:
    """Whether a name in another script than the story's was taken for its model's before: what it is does not depend on days then."""
    return near in (Nearness.SOUND, Nearness.PAIRED) and one.key in story.keys


def belongs(story: Story, model: Model, judged: Judged, time: Time) -> bool:
    """Whether a model named beside a story's is part of it: its own, or of the same line. Another one must be told by itself."""
    one = identity(model)
    member = bool(one.version) and (one.member or not one.variant)
    line = member and any(
        one.line == other.line and compatible(one.vendor, other.vendor) for other in map(identity, story.models)
    )
    return line or not story.stages or _nearest(story, model, judged, time) is not Nearness.NONE


def distance(story: Story, time: Time) -> timedelta:
    """How near an item is to what the story told of its models; that they retire brings no other name nearer."""
    near = [step for step in story.stages if step.stage is not Stage.DEPRECATED] or story.stages
    return min(abs(one - step.first_seen) for step in near for one in time)
