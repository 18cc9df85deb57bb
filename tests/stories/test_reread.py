"""After an upgrade: what was told in the last weeks answers to the names that today's rules read, and is not told again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aiwatch import rules
from aiwatch.feedback import Mend, Saying
from aiwatch.model import Announcement
from aiwatch.names.identity import identity
from aiwatch.reread import reread
from aiwatch.stories.story import answers
from poll_world import KOREAN, PRESS, START, World, opened

LATER = rules.load(
    """
[families."Brinewell"]
vendor = "Quillon Labs"
names = ["Brinewell", "Zephyros Nine"]
aliases = ["Zephyros Nine"]
"""
)
FIRST = ("a", "Quillon Labs launches Zephyros Nine, a language model", "The language model is out today.", START)
AGAIN = ("b", "Quillon Labs launches Brinewell, a language model", "The language model is out today.", START + timedelta(hours=5))


@pytest.fixture
def world() -> Iterator[World]:
    with opened() as made:
        made.polled_once(PRESS, KOREAN)
        made.serve(PRESS, FIRST)
        made.now += timedelta(hours=1)
        made.poll(PRESS)
        made.now += timedelta(hours=5)
        yield made


def upgraded(world: World) -> list[Announcement]:
    world.rules = LATER
    return reread(world.store, world.rules, world.subscriptions, world.now)


def test_a_name_that_is_read_otherwise_now_is_not_told_once_more(world: World) -> None:
    [(name, *_)] = world.told()
    assert name == "Zephyros Nine"
    assert [one.name for one in upgraded(world)] == ["Zephyros Nine"]  # as its outlet wrote it
    world.serve(KOREAN, AGAIN)
    world.poll(KOREAN)
    assert len(world.told()) == 1


def test_without_that_it_would_be(world: World) -> None:
    world.rules = LATER
    world.serve(KOREAN, AGAIN)
    world.poll(KOREAN)
    assert len(world.told()) == 2


def test_it_is_done_once_for_every_rule_set(world: World) -> None:
    assert upgraded(world)
    assert upgraded(world) == []
    world.rules = rules.load()
    assert reread(world.store, world.rules, world.subscriptions, world.now)  # and back again


def test_what_was_not_told_stays_so_and_what_was_told_stays_told(world: World) -> None:
    """Today's rules hear a launch where the old ones heard none, and none where those heard one: an upgrade is no news."""
    world.rules = rules.load('[weights]\n"name.called" = -9')
    assert reread(world.store, world.rules, world.subscriptions, world.now) == []
    assert len(world.told()) == 1
    world.serve(PRESS, FIRST, ("c", "Northgale launches Ostra, its first language model", "It is out.", world.now))
    world.poll(PRESS)
    assert len(world.told()) == 1
    assert upgraded(world)
    assert len(world.told()) == 1


def test_a_story_answers_to_the_keys_that_the_program_looks_for_today(world: World) -> None:
    [told] = world.store.pending("all", world.now)
    [entry] = world.store.entries([told.id])
    with_old_keys = replace(entry.story, keys=("a key of an older program",))
    world.store.mend(Saying(), [told.item_id], lambda _: Mend(stories=(with_old_keys,)), world.now)
    wanted = {identity(model).key for model in entry.story.models}
    assert world.store.stories(wanted) == []
    assert reread(world.store, world.rules, world.subscriptions, world.now) == []  # no name is another
    [story] = world.store.stories(wanted)
    assert set(story.keys) == {*answers(entry.story.models), "a key of an older program"}
    assert [step.told for step in story.stages] == [True]


def test_a_launch_of_long_ago_is_left_alone(world: World) -> None:
    world.now += timedelta(days=60)
    assert upgraded(world) == []


def test_the_coverage_of_a_launch_comes_along_and_its_date_stays(world: World) -> None:
    world.serve(KOREAN, ("b", "Zephyros Nine, a new language model of Quillon Labs, is out", "It is out.", START))
    world.poll(KOREAN)
    [before] = world.store.entries([one.id for one in world.store.pending("all", world.now)])
    upgraded(world)
    [after] = world.store.entries([one.id for one in world.store.pending("all", world.now)])
    assert {one.source_id for one in before.coverage} == {one.source_id for one in after.coverage} == {"daily", "ilbo"}
    assert before.announcement.at == after.announcement.at
    assert {model.family for model in after.story.models} == {"brinewell"}
