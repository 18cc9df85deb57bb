"""Stories that a person's word makes again are made of their items in the order in which the polls were written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import GPT, LAB, WIRE, Newsroom, Overtaken
from test_mending import DAILY, Desk

from aiwatch import poll, rules
from aiwatch.effects import followed
from aiwatch.feedback import Saying
from aiwatch.model import Filter, Stage
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.stories.refile import refile
from aiwatch.views import Label


def test_a_word_on_one_report_leaves_the_launch_with_the_item_that_was_written_first(tmp_path: Path) -> None:
    """The sources are asked at one time: a poll that is asked first and written last was made the first again by a mend."""
    room = Newsroom(tmp_path)

    def wire() -> None:
        room.entries.clear()
        room.publish(WIRE, "OpenAI launches GPT-9, a new language model", ago=timedelta(hours=2))
        room.poll()

    room.publish(LAB, GPT, ago=timedelta(hours=1))
    with Overtaken(room.database, wire) as store:
        desk = poll.Poller(store=store, fetch=room.fetch, rules=rules.load(), clock=room.tick, sources=room.sources)
        store.sync_sources(room.sources, room.clock)
        (job,) = store.claim_due(room.clock, 1, timedelta(minutes=5), only=[LAB.id])
        asyncio.run(poll.poll(desk, job))
    before = _told(room)
    assert [source_id for source_id, _ in before] == ["wire"]
    assert room.run("label", room.address(LAB, GPT), "yes", "--stage", "announced").exit_code == 0
    assert _told(room) == before


def test_a_word_on_one_report_leaves_the_launch_with_an_item_that_was_edited_since(tmp_path: Path) -> None:
    """A corrected headline was made coverage of what others had said of it meanwhile."""
    room = Newsroom(tmp_path)
    room.publish(LAB, GPT)
    room.poll()
    wire = room.publish(WIRE, "OpenAI launches GPT-9, a new language model")
    room.poll()
    room.entries[LAB.id] = [(title, "A sentence more.", at) for title, _, at in room.entries[LAB.id]]
    room.poll()
    before = _told(room)
    assert [source_id for source_id, _ in before] == [LAB.id]
    assert room.run("label", wire, "yes", "--stage", "announced").exit_code == 0
    assert _told(room) == before


def _told(room: Newsroom) -> list[tuple[str, str]]:
    with Library(room.database) as library:
        return [(one.source_id, one.stage.value) for one in library.timeline(Filter(), limit=9)]


@pytest.fixture
def late(tmp_path: Path) -> Newsroom:
    """A launch whose press report was read first, and the vendor's own of an hour before it later."""
    room = Newsroom(tmp_path)
    room.publish(WIRE, "OpenAI launches GPT-9, a new language model")
    room.poll()
    room.publish(LAB, GPT, ago=timedelta(hours=2))
    room.poll()
    return room


def test_show_says_that_the_vendors_word_is_the_earlier_one(late: Newsroom) -> None:
    """It said "-55m later"."""
    assert "  vendor: OpenAI News, 55m earlier\n" in late.run("show", "GPT-9").stdout


def test_who_was_first_is_who_had_the_earliest_report(late: Newsroom) -> None:
    """It was whose poll was written first, and the vendor had a lag of -55m behind the first."""
    with Library(late.database) as library:
        found = [(one.source_id, one.first, one.median_lag) for one in library.leadtime()]
    assert found == [(LAB.id, 1, timedelta()), (WIRE.id, 0, timedelta(minutes=55))]


def test_what_is_corrected_is_said_to_go_to_the_digests_that_want_it_now(tmp_path: Path) -> None:
    """It was "told with the next digests", as if all of them told it again."""
    desk = Desk(Newsroom(tmp_path))
    desk.brings(WIRE, GPT)
    desk.goes_out()
    previews = replace(DAILY, id="previews", filter=Filter(stages=(Stage.PREVIEW,)))
    label = Label(item_id=desk.item(WIRE, GPT), announcement=True, stage=Stage.PREVIEW, note="", at=desk.room.tick())
    with SqliteStore(desk.room.database) as store:
        said = Saying(labels=(label,))
        made = store.mend(said, (), lambda shelved: refile(shelved, said.items, [DAILY, previews], label.at), label.at)
    (one,) = followed(made).announcements
    assert one.became == "stands as told; told with the next edition of previews; it was told as GPT-9 (released)"


def test_what_waits_is_not_said_to_have_been_told_as_it_was(tmp_path: Path) -> None:
    """Of a launch that no edition had yet it said "it was told as"."""
    desk = Desk(Newsroom(tmp_path))
    desk.brings(WIRE, GPT)
    (waits,) = followed(desk.says(desk.item(WIRE, GPT), yes=True, stage=Stage.PREVIEW)).announcements
    assert waits.became == "stands, and waits for the next edition of daily; it was found as GPT-9 (released)"
    desk.goes_out()
    (told,) = followed(desk.says(desk.item(WIRE, GPT), yes=True, stage=Stage.ANNOUNCED)).announcements
    assert told.became == "stands as told; it was told as GPT-9 (preview)"
