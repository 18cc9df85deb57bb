"""The past as a person's word has it: the stories that it concerns, made again of their items, and what was told put in its place.

    Shelved ──> whose word changed ──> their stories' items ──> filing.fold, poll by poll ──> matched with what was told ──> Mend

Pure. What was told stays told, under its new name, step or story: nobody hears of it again. What stands no longer is kept apart, in a
story that answers to nobody and says why. What nobody was told is told now, where it is of the last month.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aiwatch import arrivals, filing, stories, telling, times
from aiwatch.digest import select
from aiwatch.heed import heed
from aiwatch.identity import Nearness, identity, nearness
from aiwatch.model import (
    Announcement,
    Detection,
    Mention,
    Silence,
    Stage,
    Story,
    StoryStage,
    ident,
    silence_of,
)
from aiwatch.said import Filed, Mend, Shelved
from aiwatch.settings import Subscription
from aiwatch.steps import RANK, SAME_LAUNCH

COVERS = stories.WINDOWS[Nearness.SOUND]  # the longest in which another name still means the same launch
BEFORE = "; before: "  # stands between why a step was taken back and why it had not been told


@dataclass(slots=True)
class _Folded:
    """The stories as they grow while the items are folded again; it never leaves this module."""

    stories: dict[str, Story] = field(default_factory=dict)
    mentions: dict[tuple[str, str], Mention] = field(default_factory=dict)
    announcements: dict[str, Announcement] = field(default_factory=dict)


def refile(shelved: Shelved, asked: Collection[str], subscriptions: Sequence[Subscription], now: datetime) -> Mend:
    """What is to be written now that people say something else; nothing where that changes no item's meaning.

    ``asked`` are the items that the person spoke of: what one of them tells for the first time is news, though its story was told.
    """
    changed = _changed(shelved, asked)
    if not changed:
        return Mend()
    around = _around(shelved, changed, now)
    shelved = shelved.wider(around) if around else shelved
    again, gone = _concerned(shelved.filed, changed, around)
    folded = _fold(shelved, [one for one in shelved.filed if one.item.id in again], gone, now)
    old = {one.id: one for one in shelved.announcements if one.story_id in gone}
    homes = {one.item.id: {m.story_id for m in one.mentions if m.role != "mention"} for one in shelved.filed}
    joined = {(m.item_id, m.story_id, m.stage) for m in folded.mentions.values()}
    placed = _placed(list(folded.announcements.values()), _Before(old, homes, asked, joined))
    placed = [replace(place, one=_as_told(place, shelved)) for place in placed]
    left = [one for one in old.values() if one.id not in {place.was.id for place in placed if place.was}]
    back = [one for one in left if one.item_id not in changed and _still(one, folded, shelved)]
    away = [_away(one, folded, shelved) for one in left if one not in back and not withdrawn(one)]
    made = _stories(folded, placed, back, shelved, gone)
    kept = {one.story_id for one in left if withdrawn(one)}  # taken back before, and so it stays
    pairs = [(place.was.id if place.was else None, place.one) for place in placed] + [(was.id, one) for was, one, _ in away]
    recalled, outbox = _outbox(placed, made, (shelved, subscriptions, now))
    return Mend(
        stories=tuple(one for one in made if one.id not in kept) + tuple(story for _, _, story in away),
        unfiled=tuple((m.story_id, m.item_id) for m in _told_in(shelved.filed, again) if m.story_id in gone - kept),
        mentions=tuple(folded.mentions.values()) + tuple(_mention(one, story) for _, one, story in away),
        announcements=tuple(pairs),
        replaced=tuple((place.one.id, place.was) for place in placed if place.was and not withdrawn(place.was)),
        covered=tuple((place.cover.id, place.one.id) for place in placed if place.cover and not place.was),
        waiting=tuple(sorted(_goes_on(placed, shelved, recalled))),
        sent=frozenset(
            place.one.id for place in placed if {one.id for one in (place.was, place.cover) if one} & set(shelved.sent)
        ),
        recalled=recalled,
        outbox=outbox,
        heard=tuple(_meaning(one, shelved) for one in shelved.filed if one.item.id in changed.intersection(asked)),
        judged=tuple(_meaning(one, shelved) for one in shelved.filed if one.item.id in again),
    )


def withdrawn(one: Announcement) -> bool:
    """Whether a person's word took it back."""
    return silence_of(one.silent) is Silence.WITHDRAWN


def _meaning(one: Filed, shelved: Shelved) -> Detection:
    return heed(one.detection, shelved.after)


def _misfiled(one: Filed, shelved: Shelved) -> bool:
    """Whether it is not where its meaning puts it: judgements of older versions were kept and not heeded."""
    meaning = _meaning(one, shelved)
    told = any(m.role != "mention" and shelved.stories[m.story_id].keys for m in one.mentions)
    return not told if meaning.announcement else told and meaning.stage is Stage.NONE


def _parts(detection: Detection) -> tuple[object, ...]:
    """What of a detection makes stories."""
    models = tuple((one.name, one.vendor, one.family, one.version, one.variant, one.modality) for one in detection.models)
    return detection.announcement, detection.stage, detection.apart, models


def _told_in(filed: Iterable[Filed], items: Collection[str]) -> list[Mention]:
    return [m for one in filed if one.item.id in items for m in one.mentions if m.role != "mention"]


def _changed(shelved: Shelved, asked: Collection[str]) -> set[str]:
    """The items that mean something else now, and those asked for that do not stand where their meaning has them."""
    return {
        one.item.id
        for one in shelved.filed
        if _parts(_meaning(one, shelved)) != _parts(heed(one.before, shelved.before))
        or (one.item.id in asked and _misfiled(one, shelved))
    }


def _around(shelved: Shelved, changed: Collection[str], now: datetime) -> set[str]:
    """The stories that go on without a changed item, and begin or take a step behind it: its word may be the first, or the vendor's own.

    Where a judgement goes or is another now, also those that went on otherwise meanwhile.
    """
    found = set[str]()
    for one in shelved.filed:
        meaning = _meaning(one, shelved)
        if one.item.id not in changed or not (meaning.announcement or meaning.stage is not Stage.NONE):
            continue
        at = times.when(one.item, now, one.source.timezone)
        for story in shelved.answering(stories.keys(meaning, (one.item, one.source))):
            later = any(at < max(step.first_seen, step.primary_seen or at) for step in story.stages)
            again = one.item.id in shelved.before.labels and at <= story.last_seen
            if (later or again) and at >= story.first_seen - COVERS and _akin(meaning, story):
                found.add(story.id)
    return found


def _akin(meaning: Detection, story: Story) -> bool:
    """Whether one of the models can be one of the story's; of a launch without a name only its key can tell."""
    pairs = ((identity(one), identity(other)) for one in meaning.models for other in story.models)
    return not meaning.models or any(nearness(one, other) for one, other in pairs)


def _concerned(filed: Sequence[Filed], changed: Collection[str], around: Collection[str]) -> tuple[set[str], set[str]]:
    """The items to fold again and the stories that go: those of the changed ones and those ``around``, with all that belongs to them."""
    again, before = set(changed), set[str]()
    gone = set(around)
    again |= {one.item.id for one in filed if any(m.story_id in gone and m.role != "mention" for m in one.mentions)}
    while again != before:
        before = set(again)
        gone |= {m.story_id for m in _told_in(filed, again)}
        again |= {one.item.id for one in filed if any(m.story_id in gone and m.role != "mention" for m in one.mentions)}
    return again, gone


def _fold(shelved: Shelved, items: Sequence[Filed], gone: Collection[str], now: datetime) -> _Folded:
    """The items poll by poll, as they were written: ``items`` stand in the order of the store.

    Of their ages no more is asked than whether they are news: what was silent for another reason stays so in its place (``_as_told``).
    None is held back for its page: a person's word does not wait.
    """
    made = _Folded()

    def answering(keys: Collection[str]) -> list[Story]:
        kept = {one.id: one for one in shelved.answering(keys) if one.id not in gone}
        return list((kept | {one.id: one for one in made.stories.values() if set(keys) & set(one.keys)}).values())

    ages = telling.Ages(now=now, window=telling.LATE_NEWS, watched=None, undated={})
    came, meanings = [(one.item, one.source) for one in items], {one.item.id: _meaning(one, shelved) for one in items}
    for poll in arrivals.as_committed(arrivals.polls(came, now), came):
        part = filing.fold([(item, source, meanings[item.id]) for item, source in poll], answering, ages=ages).folded
        made.stories |= {one.id: one for one in part.stories}
        made.mentions |= {(one.story_id, one.item_id): one for one in part.mentions}
        made.announcements |= {one.id: one for one in part.announcements}
    return made


# --- what was told, and what stands in its place -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Before:
    """What the stories told, by id, in which of them each item was, and the items that the person spoke of.

    ``joined``: each item with the story and the step in which it is now.
    """

    old: Mapping[str, Announcement]
    homes: Mapping[str, Collection[str]]
    asked: Collection[str]
    joined: Collection[tuple[str, str, Stage]]

    def near(self, one: Announcement, was: Announcement) -> bool:
        """Whether the two can be of one launch; what was taken back told nothing."""
        return abs((one.published or one.at) - (was.published or was.at)) <= SAME_LAUNCH and not withdrawn(was)

    def covers(self, one: Announcement, was: Announcement) -> bool:
        """Whether its item was coverage of that story's launch, so that readers know of it; not where the person spoke of the item."""
        same = was.stage is one.stage or (was.stage in RANK and one.stage in RANK)
        member = was.story_id in self.homes.get(one.item_id, ()) and one.item_id not in self.asked
        return same and member and self.near(one, was)

    def covered(self, one: Announcement, was: Announcement) -> bool:
        """Whether what told the step is coverage of it now."""
        return (was.item_id, one.story_id, one.stage) in self.joined and self.near(one, was)

    def told_by(self, one: Announcement, was: Announcement) -> bool:
        """Whether readers got the item, or what it was coverage of, with ``was``."""
        return was.silent is None and (was.item_id == one.item_id or self.covers(one, was) or self.covered(one, was))


@dataclass(frozen=True, slots=True)
class _Place:
    """An announcement as it is now, the one whose place it takes, and one that told its readers the same before."""

    one: Announcement
    was: Announcement | None
    cover: Announcement | None = None


def _placed(made: Sequence[Announcement], of: _Before) -> list[_Place]:
    """Each announcement with the one whose place it takes.

    Its own item's of that step, that very step, its own item's, what covered it, what is coverage of it.
    """
    left, found = dict(of.old), dict[str, Announcement]()
    fits = (
        lambda one, was: was.item_id == one.item_id and was.stage is one.stage,
        lambda one, was: was.id == one.id and of.near(one, was),
        lambda one, was: was.item_id == one.item_id,
        of.covers,
        of.covered,
    )
    for fit in fits:
        for one in made:
            best = max(
                (was for was in left.values() if one.id not in found and fit(one, was)),
                key=lambda was: (was.stage is one.stage, was.story_id == one.story_id, was.vendor == one.vendor, was.id),
                default=None,
            )
            if best is not None:
                found[one.id] = left.pop(best.id)
    covers = {one.id: next((was for was in of.old.values() if of.told_by(one, was)), None) for one in made}
    return [_Place(one, found.get(one.id), covers[one.id]) for one in made]


def _as_told(place: _Place, shelved: Shelved) -> Announcement:
    """The announcement with when it was found and whether it was told, from the one whose place it takes, or that covered it."""
    one, was = place.one, place.was or place.cover
    if was is None or (was.silent == Silence.NAMELESS and one.models):
        return one
    if withdrawn(was) and not _was_told(was, shelved):
        return replace(one, at=was.at, silent=(was.silent or "").partition(BEFORE)[2] or one.silent)
    return replace(one, at=was.at, silent=None if withdrawn(was) else was.silent)


def _was_told(was: Announcement, shelved: Shelved) -> bool:
    """Whether subscribers could get it, whatever became of it since."""
    step = shelved.stories[was.story_id].at(was.stage)
    return step is not None and step.told


def _still(was: Announcement, folded: _Folded, shelved: Shelved) -> bool:
    """Whether a step of an item that meant two things in time (a rumour, edited into the launch) stands in its story as it was."""
    story = folded.stories.get(was.story_id)
    return story is not None and story.at(was.stage) is None and shelved.stories[was.story_id].at(was.stage) is not None


def _away(was: Announcement, folded: _Folded, shelved: Shelved) -> tuple[Announcement, Announcement, Story]:
    """What is told no more, before and after, and the story that keeps it."""
    homes = [
        folded.stories[story_id].name
        for story_id, item_id in folded.mentions
        if item_id == was.item_id and story_id in folded.stories
    ]
    why = f"it belongs to “{homes[0]}”" if homes else "it is no announcement"
    one = next((filed for filed in shelved.filed if filed.item.id == was.item_id), None)
    if one is not None and not homes and _meaning(one, shelved).announcement:
        why = "another item tells it"
    silent = f"{Silence.WITHDRAWN}{why}" + (f"{BEFORE}{was.silent}" if was.silent else "")
    step = shelved.stories[was.story_id].at(was.stage)
    at = step.first_seen if step else was.at
    story = Story(
        id=ident("withdrawn", was.story_id, was.item_id),
        name=was.name,
        models=was.models,
        keys=(),
        stages=(
            StoryStage(
                stage=was.stage,
                first_seen=at,
                item_id=was.item_id,
                source_id=was.source_id,
                told=was.silent is None,
                silent=silent,
            ),
        ),
        first_seen=at,
        last_seen=at,
        vendor=was.vendor,
        modality=was.modality,
    )
    return was, replace(was, id=ident(story.id, was.stage), story_id=story.id, silent=silent), story


def _mention(one: Announcement, story: Story) -> Mention:
    return Mention(
        story_id=story.id, item_id=one.item_id, source_id=one.source_id, stage=one.stage, at=story.first_seen, role="first"
    )


def _stories(
    folded: _Folded,
    placed: Sequence[_Place],
    back: Sequence[Announcement],
    shelved: Shelved,
    gone: Collection[str],
) -> tuple[Story, ...]:
    """The stories as they stand, their steps as told as their announcements; one that is empty now answers to nobody."""
    told = {(place.one.story_id, place.one.stage): place.one.silent for place in placed}
    made = []
    for story in folded.stories.values():
        kept = [shelved.stories[one.story_id].at(one.stage) for one in back if one.story_id == story.id]
        stages = tuple(_synced(step, told.get((story.id, step.stage), step.silent), told, story.id) for step in story.stages)
        stages = tuple(sorted((*stages, *(step for step in kept if step)), key=lambda step: step.first_seen))
        made.append(replace(story, stages=stages))
    empty = [replace(shelved.stories[one], keys=(), stages=()) for one in sorted(gone) if one not in folded.stories]
    return (*made, *empty)


def _synced(step: StoryStage, silent: str | None, told: Mapping[tuple[str, Stage], str | None], story_id: str) -> StoryStage:
    return replace(step, told=silent is None, silent=silent) if (story_id, step.stage) in told else step


# --- who is to be told what ----------------------------------------------------------------------------------------------------------


def _outbox(
    placed: Sequence[_Place], made: Sequence[Story], of: tuple[Shelved, Sequence[Subscription], datetime]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What waits and is not to be told any more, and what is to be told: new things, and corrected ones to digests that want them now.

    What was taken back keeps its place: it is told by nobody as long as it is silent, and waits again where it is restored.
    """
    shelved, subscriptions, now = of
    recalled: list[tuple[str, str]] = []
    outbox: list[tuple[str, str]] = []
    for place in placed:
        wanted = telling.outbox([place.one], subscriptions, made)
        was = place.was or place.cover
        if was is None:
            outbox += wanted
            continue
        digests = {digest_id for digest_id, _ in wanted}
        recalled += [pair for pair in shelved.waiting if place.was and pair[1] == was.id and pair[0] not in digests]
        told = was.silent is None or (withdrawn(was) and _was_told(was, shelved))
        had = {one.id for one in subscriptions if told and select.wanted(one, was)}
        fresh = place.one.at >= now - telling.LATE_NEWS
        outbox += [pair for pair in wanted if fresh and pair[0] not in had]
    return tuple(sorted(recalled)), tuple(outbox)


def _goes_on(placed: Sequence[_Place], shelved: Shelved, recalled: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What waited for a digest under what it was, or with what covers it, and waits for it as it is now."""
    for place in placed:
        was = place.was or place.cover
        for digest_id, announcement_id in shelved.waiting:
            if was is not None and announcement_id == was.id and (digest_id, was.id) not in recalled and place.one.silent is None:
                yield digest_id, place.one.id
