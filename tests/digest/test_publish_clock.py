"""Digests and notices once a clock that was ahead is right again: nothing is silenced, and nothing is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from delivery_samples import config_of, find
from digest_samples import notice, recipient, subscription, week

from aiwatch import publish
from aiwatch.model import Delivery
from aiwatch.store.sqlite import SqliteStore

MONDAY = datetime(2024, 2, 12, 1, 0, tzinfo=UTC)  # 10:00 in Seoul
HOUR = timedelta(hours=1)
DAILY = subscription(id="daily", schedule="daily 9:00", recipients=("me",))
CONFIG = config_of((DAILY,), (recipient(),), operators=("me",))


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with SqliteStore(":memory:") as opened:
        yield opened


def sent(store: SqliteStore) -> list[Delivery]:
    """What waits to be sent, each taken for good."""
    return store.claim_deliveries(MONDAY + timedelta(days=3000), 100, timedelta(days=3000))


def goes_wrong(store: SqliteStore, ahead: timedelta) -> None:
    """A launch and a notice told at a time that is still to come; then the clock is set right."""
    publish.compose_due(store, CONFIG, MONDAY)
    wrong = MONDAY + ahead
    store.heartbeat(wrong, "tick")
    find(store, week()[0], wrong - HOUR, "daily")
    store.note([replace(notice(), condition="source-down:far", at=wrong - timedelta(minutes=10))])
    publish.compose_due(store, CONFIG, wrong)
    assert store.rewind(MONDAY + timedelta(minutes=5))


@pytest.mark.parametrize("ahead", [timedelta(hours=24), timedelta(hours=40), timedelta(days=5), timedelta(days=1500)])
def test_every_slot_and_notice_after_a_wrong_clock_is_told_once(store: SqliteStore, ahead: timedelta) -> None:
    goes_wrong(store, ahead)
    before = {one.digest_id for one in sent(store)}
    assert before == {"daily", "_operations"}
    find(store, week()[1], MONDAY + HOUR, "daily")
    store.note([replace(notice(), condition="source-down:near", at=MONDAY + HOUR)])
    told: list[tuple[int, str]] = []
    for hours in range(2, 24 * 7):
        publish.compose_due(store, CONFIG, MONDAY + hours * HOUR)
        told += [(hours, one.digest_id) for one in sent(store)]
    assert told == [(2, "_operations"), (23, "daily")]
    assert store.waiting() == {}


def test_a_launch_found_by_a_wrong_clock_is_counted_on_the_day_it_was_right(store: SqliteStore) -> None:
    goes_wrong(store, timedelta(days=400))
    (found,) = store.entries([one.announcement.id for one in week()[:1]])
    assert found.announcement.at == MONDAY + timedelta(minutes=5)
    assert {step.first_seen for step in found.story.stages if step.stage is found.announcement.stage} == {found.announcement.at}
