"""Which step of its story one item counts towards, whether it makes that step, and whether that is told.

The steps of a launch (announced, preview, released, open_weights, updated) are further apart than outlets' words for them: a stage the
story has not reached is a new step only where it lies further on *and* something speaks for it: time, the vendor itself, or an
explicit phrase. Rumours and retirements are steps of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from aiwatch.model import (
    Item,
    Judged,
    Mention,
    Note,
    Silence,
    Stage,
    Story,
    StoryStage,
    silence_of,
)
from aiwatch.names.vendors import own_word
from aiwatch.names.wordbook import alternatives
from aiwatch.stories.times import Time

SAME_LAUNCH = timedelta(days=14)  # coverage of a launch, whatever fine stage an outlet chooses
PRIMARY_STEP = timedelta(days=2)  # the vendor itself says a further stage, so much later
EXPLICIT_STEP = timedelta(days=2)  # "generally available", after a preview
SHOWN_STEP = timedelta(days=5)  # the same where no preview was told: 正式发布 and 정식 출시 are said of any launch
SAME_NEWS = timedelta(days=3)  # a report with a date, so near to when an item without one was first seen, is of the same news
WEIGHTS_STEP = timedelta(days=5)  # weights after an announcement
RANK = {Stage.ANNOUNCED: 0, Stage.PREVIEW: 1, Stage.RELEASED: 2, Stage.OPEN_WEIGHTS: 3, Stage.UPDATED: 4}  # the steps of a launch
_EXPLICIT = re.compile(alternatives("explicit"), re.IGNORECASE)


def step(story: Story, at: datetime, judged: Judged) -> tuple[Stage | None, bool]:
    """The step an item counts towards, and whether it makes it. None: it belongs to no step (an update nobody should be told of)."""
    item, source, detection = judged
    stage = detection.stage if detection.stage is not Stage.NONE else Stage.ANNOUNCED
    own = next((one for one in story.stages if one.item_id == item.id), None)
    if own is not None and (own.stage is stage or (stage in RANK and own.stage is not Stage.RUMORED)):
        return own.stage, False  # the same item again, perhaps edited
    launches = [one for one in story.stages if one.stage in RANK]
    if stage is Stage.RUMORED and launches:
        return nearest_step(launches, at).stage, False
    if stage.beside_launch:
        return stage, story.at(stage) is None
    if not detection.announcement:
        return (nearest_step(launches, at).stage, False) if launches else (None, False)
    if not launches or _goes_further(launches, stage, at, item, own=own_word(source, story.vendor)):
        return stage, True
    said = story.at(stage)  # an outlet may be read before the vendor whose word it reports
    read_later = said is not None and timedelta(0) < said.first_seen - at <= SAME_NEWS
    return (stage if read_later else nearest_step(launches, at).stage), False


def another_word(said: Stage, mention: Mention) -> bool:
    """Whether an item says a further stage of a launch than the step it counts towards: so soon after that it is another word for it."""
    known = said in RANK and mention.stage in RANK
    return mention.role not in {"first", "mention"} and known and RANK[said] > RANK[mention.stage]


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


def _goes_further(launches: Sequence[StoryStage], stage: Stage, at: datetime, item: Item, *, own: bool) -> bool:
    """Whether a launch stage that the story has not reached is a further step, and not another word for the last one.

    ``own``: the maker itself says it.
    """
    # an update is behind whatever was told, and goes before nothing that was not: a preview is updated, and then released
    behind = [step for step in launches if step.stage is not Stage.UPDATED or stage is Stage.UPDATED] or launches
    last = max(behind, key=lambda step: RANK[step.stage])
    if RANK[stage] <= RANK[last.stage]:
        return False
    waited = at - max(step.first_seen for step in launches)
    if own and waited >= PRIMARY_STEP:
        return True
    if stage is Stage.OPEN_WEIGHTS:
        return waited >= WEIGHTS_STEP
    if stage is Stage.RELEASED and _explicit(item):
        return waited >= (EXPLICIT_STEP if last.stage is Stage.PREVIEW else SHOWN_STEP)
    return waited >= SAME_LAUNCH


def outspoken(judged: Judged, maker: str | None) -> bool:
    """Whether more than time speaks for a further step: the vendor itself, opened weights, an explicit phrase."""
    item, source, detection = judged
    return own_word(source, maker) or detection.stage is Stage.OPEN_WEIGHTS or _explicit(item)


def _explicit(item: Item) -> bool:
    return _EXPLICIT.search(f"{item.title} {item.summary}") is not None


def shows_news(step: StoryStage, at: datetime, judged: Judged, *, watched: bool) -> bool:
    """Whether an item shows that a step which was kept silent is news after all.

    Of an item without a date at a first poll, or after a long absence, nobody knows its age; a report that has one, from about that day,
    tells it, and so does one without in a list that was ``watched``: it was not there before. So does one of the days in which an item came
    up with a date of long ago, which may be wrong. And an edit that is not told itself, such as a corrected name, or a launch put on last
    year's page, must not mute those who report what it says.
    """
    item, _, detection = judged
    aged = item.published is not None or (watched and Note.AGELESS not in item.notes)
    if step.item_id == item.id or not (detection.stage is step.stage or (detection.announcement and step.stage in RANK)):
        return False
    why = silence_of(step.silent)
    if why in (Silence.UNDATED, Silence.STAMPED, Silence.AWAY):
        return aged and abs(at - step.first_seen) <= SAME_NEWS
    if why is Silence.DOUBTED:
        return aged and abs(at - step.first_seen) <= SAME_LAUNCH
    return why in (Silence.EDITED, Silence.EDITED_LATE)


def silence(time: Time, now: datetime, alert_window: timedelta) -> str | None:
    """Why a step of that time is not told; None where it is."""
    if now - time.at <= alert_window:
        return None
    return f"{Silence.TOO_OLD if time.at == time.seen else Silence.DOUBTED}{time.at:%Y-%m-%d}"
