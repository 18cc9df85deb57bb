"""What a person's word does to what is there: it is kept, the past follows, and what it speaks of is judged again.

    Saying | the items it concerns | refile | one transaction -> Mend      effects: what became of it, for a person

Every face that takes a word calls this; ``cli/mending`` says what came of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiwatch.errors import Refused
from aiwatch.explaining import source_of
from aiwatch.feedback import Mend, SameName, Saying
from aiwatch.judging import judge
from aiwatch.model import Detection, Document, HeardName, Model, Story
from aiwatch.names.identity import identity
from aiwatch.ports import Store
from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.stories.refile import refile
from aiwatch.views import Hits, NameSeen, StoryLine, StoryView, Trace

COVERAGE = 200  # items of one model that are looked at again


class Archive(Protocol):
    """What is asked of the database here and by ``verdicts``; ``store.library`` answers it. Methods raise StoreError."""

    def trace(self, ref: str) -> Trace | None:
        """An item's whole way, by its id or address."""

    def traces(self, ref: str) -> list[Trace]:
        """The same of every item that has that id or address."""

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """Names in no list that were announced by then."""

    def names(self, verdict: str | None = None, limit: int = 200) -> list[NameSeen]:
        """Announced names that the lexicon does not have."""

    def same_names(self) -> list[SameName]:
        """Names that people said mean another model."""

    def answering(self, keys: Collection[str]) -> list[Story]:
        """All stories that answer to one of ``keys``."""

    def withdrawn(self) -> list[Story]:
        """The stories that keep what a person's word took back."""

    def stories(
        self, *, limit: int = 50, cursor: str | None = None, text: str | None = None, vendor: str | None = None
    ) -> tuple[list[StoryLine], str | None]:
        """A page of stories whose name has ``text``."""

    def story(self, ref: str) -> StoryView | None:
        """A story with its items."""

    def search(self, query: str, *, limit: int = 20) -> Hits:
        """Documents by full text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What is on record, to be read and to be mended: what a person's word is kept in, and followed with."""

    store: Store
    archive: Archive
    config: Config
    now: datetime


def mend(records: Records, said: Saying, concerned: Collection[str] = (), asked: Collection[str] = ()) -> Mend:
    """Keep what a person says, and mend the stories of the items ``concerned``; ``asked`` are those that the person spoke of."""
    digests, now = records.config.subscriptions, records.now
    return records.store.mend(said, concerned, lambda shelved: refile(shelved, set(asked), digests, now), now)


def of_names(records: Records, said: Saying, keys: Collection[str], asked: Collection[str] = ()) -> Mend:
    """The same where the person spoke of names, whose identities are ``keys``: it concerns their stories."""
    found = records.archive.answering(keys)
    of = [one.id for one in found if any(identity(model).key in keys for model in one.models)]
    return mend(records, said, members(records.archive, of), asked)


def restated(records: Records, said: Saying) -> Mend:
    """Heed what people said in the database that a backup has replaced."""
    known = {one.name_key: one for one in records.archive.same_names()}
    keys = {*(one.name_key for one in said.same), *(identity(known[one].model).key for one in said.parted if one in known)}
    return of_names(records, said, keys, said.items)


def again(archive: Archive, config: Config, rules: RuleSet, item_ids: Iterable[str]) -> Saying:
    """What these rules say of items; what retention has emptied keeps its verdict."""
    names = archive.heard()
    made, revisions = list[Detection](), dict[str, int]()
    for item_id in dict.fromkeys(item_ids):
        trace = archive.trace(item_id)
        if trace is not None and trace.pruned_at is None:
            made += judge([Document(trace.item, source_of(config.sources, trace))], rules, names)
            revisions[item_id] = trace.item.revision
    return Saying(detections=tuple(made), revisions=revisions)


def rejudged(records: Records, rules: RuleSet, refs: Iterable[str]) -> tuple[Saying, Mend]:
    """Have these rules judge the items that are referred to, by id or address, and those of a story by its id, and let the past follow.

    Raises Refused where there is neither an item nor a story that is called so.
    """
    asked, ids = list[str](), list[str]()
    for ref in refs:
        items = [one.item.id for one in records.archive.traces(ref)]
        view = None if items else records.archive.story(ref)
        if not items and view is None:
            raise Refused(f"there is neither an item nor a story {ref!r}; `aiwatch search` and `aiwatch list` show ids")
        asked += items
        ids += items or members(records.archive, [view.story.id] if view else [])
    said = again(records.archive, records.config, rules, ids)
    return said, mend(records, said, asked=asked)


def members(archive: Archive, story_ids: Iterable[str]) -> list[str]:
    """The ids of the items that stand in stories, but for those that only mention them."""
    views = (archive.story(story_id) for story_id in story_ids)
    return [one.item_id for view in views if view for one in view.members if one.role != "mention"]


def naming(archive: Archive, stories: Iterable[Story]) -> list[str]:
    """The ids of the newest items in which the name of a story stands: those that were coverage of it and stand in no story now."""
    names = dict.fromkeys(story.name for story in stories)
    return [hit.item_id for name in names for hit in archive.search(f'"{name}"', limit=COVERAGE).hits]


def called(archive: Archive, names: Sequence[str]) -> list[Model]:
    """The models of stories that are called so, taken back or not, with their makers."""
    wanted = {name.casefold() for name in names}
    lines = [line for name in names for line in archive.stories(text=name)[0]]
    stories = [*(line.story for line in lines), *archive.withdrawn()]
    return [model for story in stories for model in story.models if model.name.casefold() in wanted]
