"""What one item does to its story: which step it counts towards, whether it makes that step, and the story grown by it.

The steps of a launch (announced, preview, released, open_weights, updated) are further apart than outlets' words for them: a stage the
story has not reached is a new step only where it lies further on *and* something speaks for it: time, the vendor itself, or an
explicit phrase. Rumours and retirements are steps of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiwatch.identity import Nearness, identity, lookup, nearness
from aiwatch.model import (
    AGELESS,
    AWAY,
    DOUBTED,
    EDITED,
    EDITED_LATE,
    STAMPED,
    TOO_OLD,
    UNDATED,
    Detection,
    Item,
    Modality,
    Model,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
)
from aiwatch.parse.belief import FIRST_DATE
from aiwatch.text import is_latin

SAME_LAUNCH = timedelta(days=14)  # coverage of a launch, whatever fine stage an outlet chooses
PRIMARY_STEP = timedelta(days=2)  # the vendor itself says a further stage, so much later
EXPLICIT_STEP = timedelta(days=2)  # "generally available", after a preview
SAME_NEWS = timedelta(days=3)  # a report with a date, so near to when an item without one was first seen, is of the same news
WEIGHTS_STEP = timedelta(days=5)  # weights after an announcement
RANK = {Stage.ANNOUNCED: 0, Stage.PREVIEW: 1, Stage.RELEASED: 2, Stage.OPEN_WEIGHTS: 3, Stage.UPDATED: 4}  # the steps of a launch
QUOTE = 240  # characters
_EXPLICIT = re.compile(
    r"general(?:ly)? availab|\bGA\b|out of (?:beta|preview)|정식\s?(?:출시|버전|공개|서비스)|正式(?:リリース|版|提供|发布|發布|上线)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:\.(?=\S)[^.!?。！？\n]+)*[.!?。！？]*")
_DAY = timedelta(days=1)


class Time(NamedTuple):
    """When an item is of by its own date, and when it counts as seen: later, where that date is not believed."""

    at: datetime
    seen: datetime


def when(item: Item, now: datetime, zone: str | None = None) -> datetime:
    """The item's time: its date where that is sane, else when it was seen, else ``now``; never later than it was seen.

    A date that is exactly midnight, in UTC or in the source's ``zone``, is a day without a time: of an item seen within that day, the time
    it was seen is the better one.
    """
    if item.published is None or item.published < FIRST_DATE:
        return item.seen_at or now
    if item.seen_at is None:
        return item.published
    if item.seen_at - item.published < _DAY and is_midnight(item.published, zone):
        return item.seen_at
    return min(item.published, item.seen_at)


def is_midnight(moment: datetime, zone: str | None) -> bool:
    """Whether a date is a day without a time, in UTC or in ``zone``."""
    local = moment.astimezone(_zone(zone)) if zone else moment
    return any(not (one.hour or one.minute or one.second) for one in (moment, local))


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


# --- which step ---------------------------------------------------------------------------------------------------------------


def step(story: Story, at: datetime, judged: tuple[Item, Source, Detection]) -> tuple[Stage | None, bool]:
    """The step an item counts towards, and whether it makes it. None: it belongs to no step (an update nobody should be told of)."""
    item, source, detection = judged
    stage = detection.stage if detection.stage is not Stage.NONE else Stage.ANNOUNCED
    own = next((one for one in story.stages if one.item_id == item.id), None)
    if own is not None and (own.stage is stage or (stage in RANK and own.stage is not Stage.RUMORED)):
        return own.stage, False  # the same item again, perhaps edited
    launches = [one for one in story.stages if one.stage in RANK]
    if stage is Stage.RUMORED and launches:
        return nearest_step(launches, at).stage, False
    if stage in (Stage.RUMORED, Stage.DEPRECATED):
        return stage, story.at(stage) is None
    if not detection.announcement:
        return (nearest_step(launches, at).stage, False) if launches else (None, False)
    if not launches or _goes_further(launches, stage, at, (item, source)):
        return stage, True
    return nearest_step(launches, at).stage, False


def only_rumored(story: Story, item: Item) -> bool:
    """Whether all that an item told of its story is a rumour: "coming soon", on the page that becomes the launch's."""
    return all(step.stage is Stage.RUMORED for step in story.stages if step.item_id == item.id)


def nearest_step(launches: Sequence[StoryStage], at: datetime) -> StoryStage:
    """The launch step an item is coverage of: the last one begun before it, else the first."""
    begun = [step for step in launches if step.first_seen <= at]
    return (
        max(begun, key=lambda step: (step.first_seen, RANK.get(step.stage, -1)))
        if begun
        else min(launches, key=lambda step: step.first_seen)
    )


def _goes_further(launches: Sequence[StoryStage], stage: Stage, at: datetime, told: tuple[Item, Source]) -> bool:
    """Whether a launch stage that the story has not reached is a further step, and not another word for the last one."""
    item, source = told
    last = max(launches, key=lambda step: RANK[step.stage])
    if RANK[stage] <= RANK[last.stage]:
        return False
    waited = at - max(step.first_seen for step in launches)
    if source.tier is Tier.PRIMARY and waited >= PRIMARY_STEP:
        return True
    if stage is Stage.OPEN_WEIGHTS:
        return waited >= WEIGHTS_STEP
    if stage is Stage.RELEASED and _EXPLICIT.search(f"{item.title} {item.summary}") and waited >= EXPLICIT_STEP:
        return True
    return waited >= SAME_LAUNCH


def shows_news(step: StoryStage, at: datetime, judged: tuple[Item, Source, Detection], *, watched: bool) -> bool:
    """Whether an item shows that a step which was kept silent is news after all.

    Of an item without a date at a first poll, or after a long absence, nobody knows its age; a report that has one, from about that day,
    tells it, and so does one without in a list that was ``watched``: it was not there before. So does one of the days in which an item came
    up with a date of long ago, which may be wrong. And an edit that is not told itself, such as a corrected name, or a launch put on last
    year's page, must not mute those who report what it says.
    """
    item, _, detection = judged
    aged = item.published is not None or (watched and AGELESS not in item.notes)
    if step.item_id == item.id or not (detection.stage is step.stage or (detection.announcement and step.stage in RANK)):
        return False
    if step.silent in (UNDATED, STAMPED, AWAY):
        return aged and abs(at - step.first_seen) <= SAME_NEWS
    if step.silent and step.silent.startswith(DOUBTED):
        return aged and abs(at - step.first_seen) <= SAME_LAUNCH
    return step.silent in (EDITED, EDITED_LATE)


def silence(time: Time, now: datetime, alert_window: timedelta) -> str | None:
    """Why a step of that time is not told; None where it is."""
    if now - time.at <= alert_window:
        return None
    return f"{TOO_OLD if time.at == time.seen else DOUBTED}{time.at:%Y-%m-%d}"


def last_step(story: Story) -> StoryStage:
    """The story's newest step; a story has at least one as soon as it is kept."""
    return max(story.stages, key=lambda step: (step.first_seen, step.stage))


# --- the story grown by one item -------------------------------------------------------------------------------------------------


def grown(story: Story, models: Sequence[Model], at: datetime, *, joins: bool) -> Story:
    """The story with the item's time, and with the members it adds (only an announcement adds members)."""
    members = list(story.models)
    for model in models if joins else ():
        near, at_member = max(
            ((nearness(identity(model), identity(known)), -i) for i, known in enumerate(members)), default=(Nearness.NONE, 0)
        )
        if near in (Nearness.NONE, Nearness.MEMBER):
            members.append(model)
        elif near >= Nearness.SOUND:
            members[-at_member] = _better(members[-at_member], model)
        # else: a name without its version adds nothing, and must not draw later models of its family here
    return replace(
        story,
        name=name(members) or story.name,
        models=tuple(members),
        keys=tuple(sorted({*story.keys, *answers(members)})),
        first_seen=min(story.first_seen, at),
        last_seen=max(story.last_seen, at),
        vendor=story.vendor or next((model.vendor for model in members if model.vendor), None),
        modality=next((model.modality for model in members if model.modality is not Modality.TEXT), story.modality)
        if story.modality is Modality.TEXT and story.models
        else story.modality,
    )


def _better(known: Model, other: Model) -> Model:
    """One member under two spellings: the lexicon's over a found one, Latin over Hangul, vendor and kind from whichever has them."""
    take_other = (other.known, is_latin(other.name)) > (known.known, is_latin(known.name))
    kept, rest = (other, known) if take_other else (known, other)
    return replace(kept, vendor=kept.vendor or rest.vendor, modality=kind(kept, rest))


def kind(model: Model, other: Model) -> Modality:
    """The modality of a model that another report has as ``other``: text is what is taken for granted where nothing says more."""
    unsaid = model.modality is Modality.TEXT and not model.known
    return other.modality if unsaid else model.modality


def with_step(story: Story, stage: Stage, at: datetime, by: tuple[Item, Source], *, silent: str | None) -> Story:
    """The story with a step more; ``silent``: why it is not told."""
    item, source = by
    primary = source.tier is Tier.PRIMARY
    step = StoryStage(
        stage=stage,
        first_seen=at,
        item_id=item.id,
        source_id=source.id,
        primary_item_id=item.id if primary else None,
        primary_seen=at if primary else None,
        told=silent is None,
        silent=silent,
    )
    return replace(story, stages=(*story.stages, step))


def with_told(story: Story, stage: Stage) -> Story:
    """The story with a step told that had been kept silent."""
    stages = tuple(replace(step, told=True, silent=None) if step.stage is stage else step for step in story.stages)
    return replace(story, stages=stages)


def with_primary(story: Story, stage: Stage, at: datetime, by: tuple[Item, Source]) -> Story:
    """The vendor's own item, where the step had none yet."""
    item, source = by
    if source.tier is not Tier.PRIMARY:
        return story
    stages = tuple(
        replace(step, primary_item_id=item.id, primary_seen=at) if step.stage is stage and step.primary_item_id is None else step
        for step in story.stages
    )
    return replace(story, stages=stages)


def answers(models: Iterable[Model]) -> tuple[str, ...]:
    """All keys a story of these models answers to: those that an item of theirs looks for, and the family's."""
    ones = [identity(model) for model in models]
    return tuple(sorted({key for one in ones for key in (*lookup(one), f"{one.family}|*")}))


def name(models: Sequence[Model]) -> str:
    """``Claude Opus 4, Claude Sonnet 4``; more than three are counted. A line-up's sizes go by its name, and its name by its members."""
    ones = [(model.name, identity(model)) for model in models]
    whole = {one.line for _, one in ones if not one.variant}
    named = {one.line for _, one in ones if one.variant and not one.size_only}
    shown = [
        spelled
        for spelled, one in ones
        if not (one.size_only and one.line in whole | named) and (one.variant or one.line not in named)
    ]
    names = list(dict.fromkeys(shown))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def quote(item: Item, detection: Detection) -> str:
    """The one sentence that carries the news, at most 240 characters.

    The first of summary or text that names the model and has two rules' matches in it, else one that names it, else the title.
    """
    spelled = {name.casefold() for model in detection.models for name in (model.spelled, model.name) if name}
    named: list[str] = []
    for field_name in ("summary", "content"):
        fired = [(one.start, one.end) for one in detection.evidence if one.field == field_name and one.weight > 0]
        for match in _SENTENCE.finditer(getattr(item, field_name)):
            sentence = " ".join(match.group().split())
            if any(name in sentence.casefold() for name in spelled):
                if len({span for span in fired if match.start() <= span[0] and span[1] <= match.end()}) >= 2:
                    return _cut(sentence)
                named.append(sentence)
    return _cut(named[0] if named else " ".join(item.title.split()))


def _cut(text: str) -> str:
    if len(text) <= QUOTE:
        return text
    return text[: QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
