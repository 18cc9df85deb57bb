"""What need not wait, filed into the stories that answer to it: steps, and which of them stay silent.

    judged ── heeded ──> ready (and what waits for its page)
    ready ── keys ──> history ── stories.fold, edits first ──> steps ── telling.hush ──> steps told, steps kept silent

``poll`` files what came now, ``replay`` an archive poll by poll, ``refile`` what a person's word concerns: all three by ``fold``, so that
none tells another story. What differs is theirs: where the stories stand, what is known of the items' ages, and whether a page is
waited for: a person's word, which ``refile`` follows, does not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from aiwatch import stories
from aiwatch.feedback import Words
from aiwatch.model import EMPTY, Entry, Folded, Judged, Mention, Model, Note, Story
from aiwatch.names.identity import Nearness, identity, nearness
from aiwatch.stories import recency, telling
from aiwatch.stories.corrections import heed
from aiwatch.stories.story import answers, name_of, quote_of

Answering: TypeAlias = Callable[[Collection[str]], Sequence[Story]]  # the stories that answer to one of the keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of a batch's items that were judged before, by item. Edited ones stand in ``places``, if only with an empty list."""

    places: Mapping[str, Sequence[Mention]] = field(default_factory=lambda: EMPTY)  # in the stories
    by_address: Mapping[str, Sequence[Entry]] = field(default_factory=lambda: EMPTY)  # steps that may have the name of an address


UNMET = Before()  # all of a batch is judged for the first time


@dataclass(frozen=True, slots=True, kw_only=True)
class Heeded:
    """Judged items as people corrected them: what can be told of, and what waits for its page."""

    ready: tuple[Judged, ...]
    waiting: tuple[Judged, ...]


def heeded(batch: Iterable[Judged], words: Words) -> Heeded:
    """What people said put over what the rules say, and by that, and not by what it corrects, asked whether it waits for its page."""
    meant = [judged._replace(detection=heed(judged.detection, words)) for judged in batch]
    ready, waiting = (tuple(one for one in meant if telling.settled(one, words) is told) for told in (True, False))
    return Heeded(ready=ready, waiting=waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a batch made of the stories, and these as they were before it."""

    history: tuple[Story, ...]
    folded: Folded


def fold(batch: Sequence[Judged], answering: Answering, *, ages: recency.Ages, before: Before = UNMET) -> Filing:
    """A batch folded into the stories that answer to it, with what must not be told silenced."""
    keys = frozenset[str]().union(*(stories.keys(one.detection, one.document) for one in batch))
    history = tuple(answering(keys)) if keys else ()
    renamed = _renamed(batch, before.by_address, history)
    known = {story.id: story for story in (*history, *renamed.stories)}
    folded = _edits_first(batch, known, ages, before.places)
    return Filing(history=history, folded=replace(folded, corrected=renamed.corrected))


def _edits_first(
    batch: Sequence[Judged], history: Mapping[str, Story], ages: recency.Ages, places: Mapping[str, Sequence[Mention]]
) -> Folded:
    """The steps of a batch, so that what edits say in silence can be told by what came with them.

    Edited items were there when the source was last read: of them it proves nothing that it was ``watched``.
    """
    known, made = dict(history), list[Folded]()
    for edits in (True, False):
        part = [judged for judged in batch if (judged.item.id in places) is edits]
        if not part:
            continue
        watched = None if edits else ages.watched
        one = stories.fold(part, tuple(known.values()), now=ages.now, alert_window=ages.window, watched=watched)
        made.append(telling.hush(one, revised=places, undated=ages.undated))
        known |= {story.id: story for story in made[-1].stories}
    changed = {story.id for one in made for story in one.stories}
    return Folded(
        stories=tuple(known[story_id] for story_id in sorted(changed)),
        mentions=tuple(mention for one in made for mention in one.mentions),
        announcements=tuple(announcement for one in made for announcement in one.announcements),
    )


# --- better names -------------------------------------------------------------------------------------------------------------


def _renamed(batch: Sequence[Judged], by_address: Mapping[str, Sequence[Entry]], history: Sequence[Story]) -> Folded:
    """The stories that items made under the name of an address, by the name that their pages have.

    A name that has a story of its own by now is no better name for another one.
    """
    better = [
        _by_its_name(entry, judged)
        for judged in batch
        if Note.TITLE_FROM_PAGE in judged.item.notes and judged.detection.announcement and judged.detection.models
        for entry in by_address.get(judged.item.id, ())
        if entry.announcement.item_id == judged.item.id and not _known(judged.detection.models, entry.story, history)
    ]
    return Folded(stories=tuple(one.story for one in better), corrected=tuple(one.announcement for one in better))


def _known(models: Sequence[Model], own: Story, history: Sequence[Story]) -> bool:
    others = [identity(model) for story in history if story.id != own.id for model in story.models]
    return any(nearness(identity(model), other) is Nearness.SAME for model in models for other in others)


def _by_its_name(entry: Entry, judged: Judged) -> Entry:
    item, source, detection = judged
    models = stories.vendored(detection.models, source)
    story = replace(
        entry.story,
        name=name_of(models),
        models=models,
        keys=tuple(sorted({*entry.story.keys, *answers(models)})),
        vendor=entry.story.vendor or next((model.vendor for model in models if model.vendor), None),
    )
    announcement = replace(
        entry.announcement,
        name=story.name,
        models=models,
        title=item.title,
        lang=item.lang or source.lang,
        quote=quote_of(item, detection),
    )
    return replace(entry, story=story, announcement=announcement)
