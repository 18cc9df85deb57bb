"""A person's word while the service is at work: what it had read before is not written over what they said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import WIRE
from test_mending import DAILY, NARAE, OPINION, SINMUN, ZEPHYROS, Desk, opened

from aiwatch import poll, rules
from aiwatch.detect.typed import model_named
from aiwatch.errors import Conflict
from aiwatch.feedback import SameName, Saying
from aiwatch.model import Edition, Stage, Story, ident
from aiwatch.names.identity import identity
from aiwatch.store.sqlite import SqliteStore


class Interrupted(SqliteStore):
    """A store beside which a person says something just as a poll asks for the stories it knows."""

    def __init__(self, path: str, says: Callable[[], object]) -> None:
        super().__init__(path)
        self._says: Callable[[], object] | None = says

    def stories(self, keys: Collection[str]) -> list[Story]:
        says, self._says = self._says, None
        if says:
            says()
        return super().stories(keys)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path)


def _same(desk: Desk) -> Saying:
    zephyros = model_named("Zephyros 4", rules.load())
    other = model_named("미르나래 4", rules.load())
    return Saying(
        same=(SameName(name_key=identity(other).key, spelled="미르나래 4", vendor=None, model=zephyros, at=desk.room.clock),)
    )


def test_a_poll_does_not_write_what_it_read_before_a_person_spoke(desk: Desk) -> None:
    assert desk.brings(WIRE, ZEPHYROS) == ["Zephyros 4"]
    desk.room.publish(SINMUN, NARAE)
    room = desk.room
    room.clock += timedelta(hours=1)
    with Interrupted(room.database, lambda: desk.mends(_same(desk))) as store:
        store.sync_sources(room.sources, room.clock)
        made = poll.Poller(
            store=store, fetch=room.fetch, rules=rules.load(), clock=room.tick, sources=room.sources, subscriptions=(DAILY,)
        )
        (job,) = store.claim_due(room.clock, 1, timedelta(minutes=5), only=["sinmun"])
        assert asyncio.run(poll.poll(made, job)) is None, "the poll comes again, and heeds what was said"
    desk.brings(SINMUN, "Nothing else")
    assert list(desk.stories()) == ["Zephyros 4"]


def test_an_edition_does_not_go_out_with_what_was_taken_back_while_it_was_composed(desk: Desk) -> None:
    assert desk.brings(WIRE, OPINION) == ["GPT-9"]
    now = desk.room.tick()
    with SqliteStore(desk.room.database) as store:
        found = store.pending("daily", now)
        desk.says(desk.item(WIRE, OPINION), False)
        made = Edition(
            id=ident("daily", now),
            digest_id="daily",
            title="",
            since=now - timedelta(days=1),
            until=now,
            entries=tuple(store.entries([one.id for one in found])),
        )
        with pytest.raises(Conflict, match="daily"):
            store.publish(made, [], [one.id for one in found])


def test_what_was_edited_while_it_was_judged_again_keeps_the_newer_verdict(desk: Desk) -> None:
    assert desk.brings(WIRE, OPINION, "A first version.") == ["GPT-9"]
    item_id = desk.item(WIRE, OPINION)
    with SqliteStore(desk.room.database) as store:
        before = store.detection(item_id)
    assert before is not None
    desk.room.entries["wire"] = [
        (OPINION, "A second version.", at) for title, _, at in desk.room.entries["wire"] if title == OPINION
    ]
    desk.room.poll(subscriptions=[DAILY])
    with SqliteStore(desk.room.database) as store:
        (item,) = (item for item, _ in store.archive() if item.id == item_id)
        assert item.revision == 2
        newer = store.detection(item_id)
    none = replace(before, announcement=False, stage=Stage.NONE, models=())
    desk.mends(Saying(detections=(none,), revisions={item_id: 1}), asked=[item_id])
    with SqliteStore(desk.room.database) as store:
        assert store.detection(item_id) == newer
    desk.mends(Saying(detections=(none,), revisions={item_id: 2}), asked=[item_id])
    with SqliteStore(desk.room.database) as store:
        assert store.detection(item_id) == none
