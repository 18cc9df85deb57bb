"""What commands that take a person's word have in common: keep it, let the past follow, and say what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import click

from aiwatch import app
from aiwatch.cli.output import flat
from aiwatch.explaining import source_of
from aiwatch.identity import identity
from aiwatch.jsonable import encoded, jsonable
from aiwatch.judging import judge
from aiwatch.model import Announcement, Detection, Stage, Story
from aiwatch.refile import refile
from aiwatch.rules import RuleSet
from aiwatch.said import Mend, Saying
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.story import titled


def mend(config: Config, said: Saying, concerned: Collection[str] = (), asked: Collection[str] = ()) -> Mend:
    """Keep what a person says, and mend the stories of the items ``concerned``; ``asked`` are those that the person spoke of."""
    now = app.now()
    with app.open_store(config) as store:
        return store.mend(said, concerned, lambda shelved: refile(shelved, set(asked), config.subscriptions, now), now)


def of_names(config: Config, said: Saying, keys: Collection[str], asked: Collection[str] = ()) -> Mend:
    """The same where the person spoke of names, whose identities are ``keys``: it concerns their stories."""
    with app.open_store(config) as store:
        found = store.stories(keys)
    with app.open_library(config) as library:
        items = members(library, [one.id for one in found if any(identity(model).key in keys for model in one.models)])
    return mend(config, said, items, asked)


def restated(config: Config, said: Saying) -> Mend:
    """Heed what people said in the database that a backup has replaced."""
    with app.open_library(config) as library:
        known = {one.name_key: one for one in library.same_names()}
    keys = {*(one.name_key for one in said.same), *(identity(known[one].model).key for one in said.parted if one in known)}
    return of_names(config, said, keys, said.items)


def again(config: Config, rules: RuleSet, library: Library, item_ids: Iterable[str]) -> Saying:
    """What today's rules say of items; what retention has emptied keeps its verdict."""
    names = library.heard()
    made, revisions = list[Detection](), dict[str, int]()
    for item_id in dict.fromkeys(item_ids):
        trace = library.trace(item_id)
        if trace is not None and trace.pruned_at is None:
            made += judge([(trace.item, source_of(config.sources, trace))], rules, names)
            revisions[item_id] = trace.item.revision
    return Saying(detections=tuple(made), revisions=revisions)


def members(library: Library, story_ids: Iterable[str]) -> list[str]:
    """The ids of the items that stand in stories, but for those that only mention them."""
    views = (library.story(story_id) for story_id in story_ids)
    return [one.item_id for view in views if view for one in view.members if one.role != "mention"]


def naming(library: Library, stories: Iterable[Story]) -> list[str]:
    """The ids of the newest items in which the name of a story stands: those that were coverage of it and stand in no story now."""
    names = dict.fromkeys(story.name for story in stories)
    return [hit.item_id for name in names for hit in library.search(f'"{name}"', limit=COVERAGE).hits]


COVERAGE = 200  # items of one model that are looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of one announcement; ``became`` says it in words."""

    announcement_id: str
    story_id: str
    vendor: str | None
    name: str
    stage: Stage
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the past looks like now: the announcements that are concerned, and the stories that were only joined. Empty: nothing changed."""

    announcements: tuple[Became, ...] = ()
    joined: tuple[str, ...] = ()  # their names


def followed(made: Mend) -> Followed:
    """What a mend has changed, for a person."""
    told, covered, replaced = {one.id for one in made.told}, {new for _, new in made.covered}, dict(made.replaced)
    became = []
    for was, one in made.announcements:
        if one.id in told:
            words = _told(one, made) if one.id in replaced and not replaced[one.id].silent else "told with the next digests"
        elif one in made.withdrawn:
            words = str(one.silent)
        elif was is not None or one.id in covered:
            words = f"recorded in silence ({one.silent})" if one.silent else _stands(one, made)
        else:
            words = f"recorded in silence ({one.silent})" if one.silent else "recorded; no digest wants it"
        unread = one.id not in made.sent and any(waits == one.id for _, waits in made.waiting)
        words += _otherwise(replaced[one.id], one, unread=unread) if one.id in replaced else ""
        became.append(
            Became(announcement_id=one.id, story_id=one.story_id, vendor=one.vendor, name=one.name, stage=one.stage, became=words)
        )
    follow_ups = {one.story_id for one in made.mentions if one.role == "follow-up"} if not became else set()
    return Followed(announcements=tuple(became), joined=tuple(one.name for one in made.stories if one.id in follow_ups))


def _told(one: Announcement, made: Mend) -> str:
    """What stood as told and goes to more digests as it is now: which, as the others do not tell it again."""
    waiting = {digest_id for digest_id, waits in made.waiting if waits == one.id}
    fresh = sorted({digest_id for digest_id, waits in made.outbox if waits == one.id} - waiting)
    return _stands(one, made) + (f"; told with the next edition of {', '.join(fresh)}" if fresh else "")


def _stands(one: Announcement, made: Mend) -> str:
    """Whether it was told, or waits for the digests that want it."""
    digests = [digest_id for digest_id, waits in made.waiting if waits == one.id]
    waits = f"waits for the next edition of {', '.join(digests)}"
    if not digests:
        return "stands as told"
    return f"stands as told, and {waits}" if one.id in made.sent else f"stands, and {waits}"


def _otherwise(was: Announcement, one: Announcement, *, unread: bool) -> str:
    """As what it was told, waited or was recorded in silence, where name, maker, step or kind is another now; empty where none is.

    ``unread``: it waits, and no edition had it.
    """
    how = "recorded" if was.silent else "found" if unread else "told"
    if not was.models:
        return f"; it was {how} without a name" if one.models else ""
    name = titled(was.vendor, was.name) if was.vendor != one.vendor else was.name if was.name != one.name else ""
    step = was.stage.value if was.stage is not one.stage else ""
    kind = was.modality.value if was.modality is not one.modality else ""
    if not (name or step or kind):
        return ""
    aside = f" ({', '.join(filter(None, (step, kind)))})" if step or kind else ""
    return f"; it was {how} as {name or was.name}{aside}"


def report(done: Mapping[str, object], lines: Iterable[str], made: Followed, *, as_json: bool) -> None:
    """Say what was done and what became of it: in ``lines`` and a line each, or both as one JSON object."""
    if as_json:
        click.echo(encoded(jsonable({**done, "followed": made})))
        return
    for line in lines:
        click.echo(line)
    for one in made.announcements:
        click.echo(f"  {flat(titled(one.vendor, one.name))} ({one.stage.value}): {flat(one.became)}")
    if made.joined:
        click.echo(f"  joined in silence: {', '.join(map(flat, made.joined))}")
