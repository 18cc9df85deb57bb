"""A source that brings new entries without end fills no disk, holds back no news of its own, and is told to operators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from aiwatch import floods
from aiwatch.model import Item, Note
from aiwatch.ports import Brought
from poll_world import OLD, PRESS, START, World, feed, opened

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> Iterator[World]:
    with opened() as made:
        yield made


def items(count: int, *notes: str, published: datetime | None = None) -> list[Item]:
    return [
        Item(id=f"i{n}", source_id="s", key=f"k{n}", url=None, title=f"Entry {n}", notes=notes, published=published)
        for n in range(count)
    ]


def polls(*brought: tuple[timedelta, int]) -> list[Brought]:
    """The first reading, a month ago, and so many new entries so long ago."""
    return [Brought(at=START - 29 * DAY, fresh=900), *(Brought(at=START - ago, fresh=fresh) for ago, fresh in brought)]


def stored(new: Sequence[Item], brought: Sequence[Brought]) -> int:
    return len(floods.kept(new, brought, START))


def test_polls_of_one_day_that_bring_thousands_each_are_a_flood_and_one_or_two_are_none() -> None:
    new = items(2_000)
    assert stored(new, polls()) == 2_000
    assert stored(new, polls((HOUR, 8_000))) == 2_000
    assert stored(new, polls((2 * HOUR, 2_000), (HOUR, 2_000))) == 2_000, "less than any source may bring"
    assert stored(new, polls((3 * HOUR, 4_000), (HOUR, 4_000))) == floods.KEPT
    assert stored(new, polls((3 * DAY, 4_000), (2 * DAY, 4_000))) == 2_000, "on other days"


def test_what_the_first_reading_brought_counts_for_nothing() -> None:
    assert stored(items(200), [Brought(at=START - 2 * HOUR, fresh=9_000), Brought(at=START - HOUR, fresh=100)]) == 200


def test_a_source_that_brings_as_much_on_its_other_days_is_read_whole() -> None:
    today = ((3 * HOUR, 4_000), (HOUR, 4_000))
    wire = tuple((day * DAY, 3_000) for day in range(20, 1, -1))
    assert stored(items(2_000), polls(*wire, *today)) == 2_000
    assert stored(items(2_000), polls(*wire, (4 * HOUR, 4_000), *today)) == floods.KEPT


def test_no_history_allows_more_than_so_much_of_a_day() -> None:
    wild = tuple((day * DAY, 90_000) for day in range(20, 1, -1))
    assert stored(items(2_000), polls(*wild, (2 * HOUR, 10_000), (HOUR, 10_000))) == floods.KEPT


def test_a_page_s_worth_is_stored_whatever_came_before() -> None:
    assert stored(items(floods.KEPT), polls((3 * HOUR, 4_000), (HOUR, 4_000))) == floods.KEPT


def test_the_archive_of_a_sitemap_s_parts_is_no_flood() -> None:
    assert stored(items(2_000, Note.AGELESS), polls((3 * HOUR, 4_000), (HOUR, 4_000))) == 2_000


def test_the_newest_are_stored_and_where_nobody_knows_those_at_either_end() -> None:
    flood = polls((3 * HOUR, 4_000), (HOUR, 4_000))
    old, new = items(100, published=START - DAY), items(130, published=START - HOUR)[100:]
    kept = [one.id for one in floods.kept([*old, *new], flood, START)]
    assert kept[-30:] == [one.id for one in new]
    undated = [one.id for one in floods.kept(items(200), flood, START)]
    assert undated == [f"i{n}" for n in (*range(25), *range(175, 200))]


def test_addresses_made_up_at_each_answer_end_in_a_few_rows_a_poll_a_gap_and_one_notice(world: World) -> None:
    made = []
    for poll in range(6):
        entries = [(f"{poll}-{n}", "Market report", "", world.now - DAY) for n in range(1_700)]
        news = ("sora", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now)
        world.serve(PRESS, *entries, *([news] if poll == 5 else ()))
        made.append(world.poll(PRESS))
        world.now += HOUR
    assert [one.poll.fresh for one in made] == [1_700, 1_700, 1_700, 1_700, floods.KEPT, floods.KEPT]
    assert "1651 new entries were not stored" in (made[5].poll.reason or "")
    assert made[5].poll.overlap is False
    assert made[5].poll.gap_since is not None
    assert world.told() == [("Sora", "announced", PRESS.id)]
    (notice,) = world.store.notices(START - DAY, world.now)
    assert (notice.condition, notice.open) == ("source-floods:daily", True)
    assert "1650 were left now" in notice.text


def test_what_was_left_is_stored_by_and_by_and_the_notice_ends_after_a_day_of_calm(world: World) -> None:
    world.polled_once(PRESS)
    archive = [(f"a{n}", f"Archive, part {n}", "", world.now - 40 * DAY) for n in range(7_200)]
    came = []
    for shown in (2_600, 5_200, 5_300, 5_301, 5_302):
        world.now += HOUR
        world.answers[PRESS.url] = feed(PRESS, *archive[:shown], OLD)
        came.append(world.poll(PRESS).poll.fresh)
    assert came == [2_600, 2_600, 50, 50, 2]
    assert [one.open for one in world.store.notices(START, world.now)] == [True]
    world.now += 2 * DAY
    world.serve(PRESS, ("today", "A quiet day", "", world.now), OLD)
    world.poll(PRESS)
    assert [one.open for one in world.store.notices(START, world.now)] == [True, False]
