"""What commands that take a person's word have in common: keep it, let the past follow, and say what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import click

from aiwatch import app
from aiwatch.cli.explain import flat
from aiwatch.identity import identity
from aiwatch.judging import judge
from aiwatch.model import Announcement, Detection, Source
from aiwatch.refile import refile
from aiwatch.rules import RuleSet
from aiwatch.said import Mend, Saying
from aiwatch.settings import Config
from aiwatch.store.library import Library


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
    names, configured = library.heard(), {source.id: source for source in config.sources}
    made, revisions = list[Detection](), dict[str, int]()
    for item_id in dict.fromkeys(item_ids):
        trace = library.trace(item_id)
        if trace is not None and not trace.pruned:
            source = configured.get(trace.source_id) or Source(id=trace.source_id, url="", name=trace.source_name)
            made += judge([(trace.item, source)], rules, names)
            revisions[item_id] = trace.item.revision
    return Saying(detections=tuple(made), revisions=revisions)


def members(library: Library, story_ids: Iterable[str]) -> list[str]:
    """The ids of the items that stand in stories, but for those that only mention them."""
    views = (library.story(story_id) for story_id in story_ids)
    return [one.item_id for view in views if view for one in view.members if one.role != "mention"]


def report(made: Mend) -> None:
    """Say what the past looks like now, a line each; nothing where nothing changed."""
    told, covered = {one.id for one in made.told}, {new for _, new in made.covered}
    for was, one in made.announcements:
        if one.id in told:
            _say("told with the next digests", one)
        elif one in made.withdrawn:
            _say(str(one.silent), one)
        elif was is not None or one.id in covered:
            _say(f"recorded in silence ({one.silent})" if one.silent else "stands as told", one)
        else:
            _say(f"recorded in silence ({one.silent})" if one.silent else "recorded; no digest wants it", one)
    followed = {one.story_id: one for one in made.mentions if one.role == "follow-up"}
    if not made.announcements and followed:
        names = {story.id: story.name for story in made.stories}
        click.echo(f"  joined in silence: {', '.join(flat(names[one]) for one in followed if one in names)}")


def _say(what: str, one: Announcement) -> None:
    name = f"{one.vendor} {one.name}" if one.vendor and not one.name.startswith(one.vendor) else one.name
    click.echo(f"  {flat(name)} ({one.stage.value}): {flat(what)}")
