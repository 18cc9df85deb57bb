"""The past as a person's word has it: the stories that it concerns, made again of their items, and what was told put in its place.

    Shelved ──> whose word changed ──> their stories' items ──> filing.fold, poll by poll ──> matched with what was told ──> Mend

Pure. What was told stays told, under its new name, step or story: nobody hears of it again. What stands no longer is kept apart, in a
story that answers to nobody and says why. What nobody was told is told now, where it is of the last month.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from aiwatch import stories
from aiwatch.digest import select
from aiwatch.feedback import Filed, Mend, Shelved
from aiwatch.model import (
    Announcement,
    Detection,
    Document,
    Judged,
    Mention,
    Stage,
    Story,
)
from aiwatch.names.identity import Nearness, identity, nearness
from aiwatch.settings import Subscription
from aiwatch.stories import arrivals, filing, recency, telling, times
from aiwatch.stories.corrections import heed
from aiwatch.stories.placing import Matched, Place, Remade, matched, was_told, withdrawn
from aiwatch.stories.which import WINDOWS

COVERS = WINDOWS[Nearness.SOUND]  # the longest in which another name still means the same launch


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
    found = matched(folded, shelved, gone, changed=changed, asked=asked)
    made = _stories(folded, found, shelved, gone)
    recalled, outbox = _outbox(found.placed, made, shelved, subscriptions, now)
    return Mend(
        stories=tuple(one for one in made if one.id not in found.kept) + tuple(one.story for one in found.away),
        unfiled=tuple((m.story_id, m.item_id) for m in _told_in(shelved.filed, again) if m.story_id in gone - found.kept),
        mentions=tuple(folded.mentions.values()) + tuple(one.mention for one in found.away),
        announcements=tuple((place.was.id if place.was else None, place.one) for place in found.placed)
        + tuple((one.was.id, one.one) for one in found.away),
        replaced=tuple((place.one.id, place.was) for place in found.placed if place.was and not withdrawn(place.was)),
        covered=tuple((place.cover.id, place.one.id) for place in found.placed if place.cover and not place.was),
        waiting=tuple(sorted(_goes_on(found.placed, shelved, recalled))),
        sent=frozenset(
            place.one.id for place in found.placed if {one.id for one in (place.was, place.cover) if one} & set(shelved.sent)
        ),
        recalled=recalled,
        outbox=outbox,
        heard=tuple(_meaning(one, shelved) for one in shelved.filed if one.item.id in changed.intersection(asked)),
        judged=tuple(_meaning(one, shelved) for one in shelved.filed if one.item.id in again),
    )


def _meaning(one: Filed, shelved: Shelved) -> Detection:
    return heed(one.detection, shelved.after)


def _misfiled(one: Filed, shelved: Shelved) -> bool:
    """Whether it is not where its meaning puts it: judgements of older versions were kept and not heeded."""
    meaning = _meaning(one, shelved)
    told = any(m.role != "mention" and shelved.stories[m.story_id].keys for m in one.mentions)
    return not told if meaning.announcement else told and meaning.stage is Stage.NONE


def _parts(detection: Detection) -> tuple[object, ...]:
    """What of a detection makes stories."""
    models = tuple(
        (one.name, one.vendor, one.family, one.version, one.variant, one.modality, one.kind_words) for one in detection.models
    )
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
        for story in shelved.answering(stories.keys(meaning, Document(one.item, one.source))):
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


def _fold(shelved: Shelved, items: Sequence[Filed], gone: Collection[str], now: datetime) -> Remade:
    """The items poll by poll, as they were written: ``items`` stand in the order of the store.

    Of their ages no more is asked than whether they are news: what was silent for another reason stays so in its place (``placing``).
    None is held back for its page: a person's word does not wait.
    """
    made, mentions, announcements = dict[str, Story](), dict[tuple[str, str], Mention](), dict[str, Announcement]()

    def answering(keys: Collection[str]) -> list[Story]:
        kept = {one.id: one for one in shelved.answering(keys) if one.id not in gone}
        return list((kept | {one.id: one for one in made.values() if set(keys) & set(one.keys)}).values())

    ages = recency.Ages(now=now, window=recency.LATE_NEWS, watched=None, undated={})
    came = arrivals.as_told([Document(one.item, one.source) for one in items], shelved.announcements)
    meanings = {one.item.id: _meaning(one, shelved) for one in items}
    for poll in arrivals.as_committed(arrivals.polls(came, now), came):
        part = filing.fold([Judged(*one, meanings[one.item.id]) for one in poll], answering, ages=ages).folded
        made |= {one.id: one for one in part.stories}
        mentions |= {(one.story_id, one.item_id): one for one in part.mentions}
        announcements |= {one.id: one for one in part.announcements}
    return Remade(made, mentions, announcements)


# --- the stories as they stand --------------------------------------------------------------------------------------------------


def _stories(folded: Remade, found: Matched, shelved: Shelved, gone: Collection[str]) -> tuple[Story, ...]:
    """The stories as they stand, their steps as told as their announcements; one that is empty now answers to nobody."""
    said = {(place.one.story_id, place.one.stage): place.one.silent for place in found.placed}
    made = []
    for story in folded.stories.values():
        back = [shelved.stories[one.story_id].at(one.stage) for one in found.back if one.story_id == story.id]
        synced = (
            replace(step, told=said[key] is None, silent=said[key]) if (key := (story.id, step.stage)) in said else step
            for step in story.stages
        )
        steps = sorted((*synced, *(step for step in back if step)), key=lambda step: step.first_seen)
        made.append(replace(story, stages=tuple(steps)))
    empty = [replace(shelved.stories[one], keys=(), stages=()) for one in sorted(gone) if one not in folded.stories]
    return (*made, *empty)


# --- who is to be told what ----------------------------------------------------------------------------------------------------------


def _outbox(
    placed: Sequence[Place], made: Sequence[Story], shelved: Shelved, subscriptions: Sequence[Subscription], now: datetime
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """What waits and is not to be told any more, and what is to be told: new things, and corrected ones to digests that want them now.

    What was taken back keeps its place: it is told by nobody as long as it is silent, and waits again where it is restored.
    """
    recalled: list[tuple[str, str]] = []
    outbox: list[tuple[str, str]] = []
    for place in placed:
        wanted = telling.outbox([place.one], subscriptions, made)
        was = place.before
        if was is None:
            outbox += wanted
            continue
        digests = {digest_id for digest_id, _ in wanted}
        recalled += [pair for pair in shelved.waiting if place.was and pair[1] == was.id and pair[0] not in digests]
        told = was.silent is None or (withdrawn(was) and was_told(was, shelved))
        had = {one.id for one in subscriptions if told and select.wanted(one, was)}
        fresh = place.one.at >= now - recency.LATE_NEWS
        outbox += [pair for pair in wanted if fresh and pair[0] not in had]
    return tuple(sorted(recalled)), tuple(outbox)


def _goes_on(placed: Sequence[Place], shelved: Shelved, recalled: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What waited for a digest under what it was, or with what covers it, and waits for it as it is now."""
    for place in placed:
        was = place.before
        for digest_id, announcement_id in shelved.waiting:
            if was is not None and announcement_id == was.id and (digest_id, was.id) not in recalled and place.one.silent is None:
                yield digest_id, place.one.id
