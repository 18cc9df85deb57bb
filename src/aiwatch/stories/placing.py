"""What was told, and what stands in its place once a person's word had the stories made again.

    announcements as they were + stories ``Remade`` ──> each in its place, as it stood, taken back, or taken back before

Pure; ``refile`` calls it. What was told stays told, whatever it is called now, and whatever item tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from aiwatch.feedback import Shelved
from aiwatch.model import Announcement, Mention, Silence, Stage, Story, StoryStage, ident, silence_of
from aiwatch.stories.corrections import heed
from aiwatch.stories.steps import RANK, SAME_LAUNCH

BEFORE = "; before: "  # stands between why a step was taken back and why it had not been told


@dataclass(frozen=True, slots=True)
class Remade:
    """Stories made again, by id, with their mentions, by story and item, and their announcements, by id."""

    stories: Mapping[str, Story]
    mentions: Mapping[tuple[str, str], Mention]
    announcements: Mapping[str, Announcement]


def withdrawn(one: Announcement) -> bool:
    """Whether a person's word took it back."""
    return silence_of(one.silent) is Silence.WITHDRAWN


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

    def own(self, one: Announcement, was: Announcement) -> bool:
        """Whether its item's own was that; not where it was kept in silence, and readers have what it is now from another."""
        unheard = was.silent is not None and not withdrawn(was)
        return was.item_id == one.item_id and not (unheard and any(self.told_by(one, other) for other in self.old.values()))

    def told_by(self, one: Announcement, was: Announcement) -> bool:
        """Whether readers got the item, or what it was coverage of, with ``was``."""
        return was.silent is None and (was.item_id == one.item_id or self.covers(one, was) or self.covered(one, was))


@dataclass(frozen=True, slots=True)
class Place:
    """An announcement as it is now, the one whose place it takes, and one that told its readers the same before."""

    one: Announcement
    was: Announcement | None
    cover: Announcement | None = None

    @property
    def before(self) -> Announcement | None:
        """What its readers had, or were to have, instead of it."""
        return self.was or self.cover


@dataclass(frozen=True, slots=True)
class Away:
    """What is told no more: as it was, as it stands now, and the story that keeps it."""

    was: Announcement
    one: Announcement
    story: Story

    @property
    def mention(self) -> Mention:
        """What keeps its item in that story."""
        return Mention(
            story_id=self.story.id,
            item_id=self.one.item_id,
            source_id=self.one.source_id,
            stage=self.one.stage,
            at=self.story.first_seen,
            role="first",
        )


@dataclass(frozen=True, slots=True)
class Matched:
    """What the stories tell now, ``placed``, and what became of all else that they told."""

    placed: Sequence[Place]
    back: Sequence[Announcement]  # it stands in its story as it did
    away: Sequence[Away]
    kept: frozenset[str]  # the stories of what was taken back before, and stays so


def matched(
    folded: Remade, shelved: Shelved, gone: Collection[str], *, changed: Collection[str], asked: Collection[str]
) -> Matched:
    """What the stories told that are ``gone``, beside what their items tell now.

    Of an item whose meaning has ``changed`` nothing stands as it did; what it tells that a person ``asked`` for is told anew.
    """
    old = {one.id: one for one in shelved.announcements if one.story_id in gone}
    homes = {one.item.id: {m.story_id for m in one.mentions if m.role != "mention"} for one in shelved.filed}
    joined = {(m.item_id, m.story_id, m.stage) for m in folded.mentions.values()}
    placed = _placed(list(folded.announcements.values()), _Before(old, homes, asked, joined))
    left = [one for one in old.values() if one.id not in {place.was.id for place in placed if place.was}]
    back = [one for one in left if one.item_id not in changed and _still(one, folded, shelved)]
    return Matched(
        placed=[replace(place, one=_as_told(place, shelved)) for place in placed],
        back=back,
        away=[_away(one, folded, shelved) for one in left if one not in back and not withdrawn(one)],
        kept=frozenset(one.story_id for one in left if withdrawn(one)),
    )


def _placed(made: Sequence[Announcement], of: _Before) -> list[Place]:
    """Each announcement with the one whose place it takes.

    Its own item's of that step, that very step, its own item's, what covered it, what is coverage of it.
    """
    left, found = dict(of.old), dict[str, Announcement]()
    fits = (
        lambda one, was: of.own(one, was) and was.stage is one.stage,
        lambda one, was: was.id == one.id and of.near(one, was),
        of.own,
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
    return [Place(one, found.get(one.id), covers[one.id]) for one in made]


def _as_told(place: Place, shelved: Shelved) -> Announcement:
    """The announcement with when it was found and whether it was told, from the one whose place it takes, or that covered it."""
    one, was = place.one, place.before
    if was is None or (was.silent == Silence.NAMELESS and one.models):
        return one
    if withdrawn(was) and not was_told(was, shelved):
        return replace(one, at=was.at, silent=(was.silent or "").partition(BEFORE)[2] or one.silent)
    return replace(one, at=was.at, silent=None if withdrawn(was) else was.silent)


def was_told(was: Announcement, shelved: Shelved) -> bool:
    """Whether subscribers could get it, whatever became of it since."""
    step = shelved.stories[was.story_id].at(was.stage)
    return step is not None and step.told


def _still(was: Announcement, folded: Remade, shelved: Shelved) -> bool:
    """Whether a step of an item that meant two things in time (a rumour, edited into the launch) stands in its story as it was."""
    story = folded.stories.get(was.story_id)
    return story is not None and story.at(was.stage) is None and shelved.stories[was.story_id].at(was.stage) is not None


def _away(was: Announcement, folded: Remade, shelved: Shelved) -> Away:
    """What is told no more, with why: in a story of its own, which answers to nobody."""
    homes = [
        folded.stories[story_id].name
        for story_id, item_id in folded.mentions
        if item_id == was.item_id and story_id in folded.stories
    ]
    why = f"it belongs to “{homes[0]}”" if homes else "it is no announcement"
    one = next((filed for filed in shelved.filed if filed.item.id == was.item_id), None)
    if one is not None and not homes and heed(one.detection, shelved.after).announcement:
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
    return Away(was, replace(was, id=ident(story.id, was.stage), story_id=story.id, silent=silent), story)
