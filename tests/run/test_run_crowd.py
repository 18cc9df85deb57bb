"""A list that is longer than the places: everything is polled without waiting for ticks, silence holds up nobody, and the log says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aiwatch import app
from aiwatch.errors import StoreError
from aiwatch.model import Failed, Failure, Fetched, Outcome, PollPlan, Source
from aiwatch.ports import Request
from aiwatch.run import local
from aiwatch.settings import Config, Http, Polling
from aiwatch.store.sqlite import SqliteStore

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><item><title>Notes</title><link>https://l.example/1</link></item></channel></rss>'
SOURCES = tuple(Source(id=f"s{n}", url=f"https://{'crowd' if n < 40 else f'h{n}'}.example/{n}") for n in range(50))
CONFIG = Config(
    database=":memory:", sources=SOURCES, http=Http(concurrency=1, contact="a@b.example"), polling=Polling(tick=3600.0)
)


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with SqliteStore(":memory:") as made:
        made.sync_sources(SOURCES, app.now())
        yield made


def test_what_is_due_is_polled_at_once_though_there_are_fewer_places(
    store: SqliteStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def fetch(request: Request) -> Outcome:
        return Fetched(url=request.url, status=200, headers={}, body=FEED)

    async def scene() -> set[str]:
        polled, stop = set[str](), asyncio.Event()

        def count(plan: PollPlan) -> None:
            polled.add(plan.poll.source_id)
            if len(polled) == len(SOURCES):
                stop.set()

        async with app.service(CONFIG, store, fetch=fetch) as service:
            await asyncio.wait_for(local.run(service, stop, count), 120)  # the next tick is an hour away
        return polled

    assert asyncio.run(scene()) == {one.id for one in SOURCES}
    said = [record.getMessage() for record in caplog.records if "more sources are due" in record.getMessage()]
    assert len(said) == 1, "once, however often it claims"
    assert said[0].startswith(
        "more sources are due than can be polled at once: all 8 places are taken, the others wait their turn"
    )
    assert said[0].endswith("8 of the newest 8 are of crowd.example")


def test_claims_at_once_fill_the_places_and_no_more() -> None:
    async def fetch(request: Request) -> Outcome:
        await asyncio.Event().wait()
        return Failed(kind=Failure.TEMPORARY, reason="no answer")

    async def scene(db: ThreadPoolExecutor, store: SqliteStore) -> int:
        async with app.service(CONFIG, store, fetch=fetch, db=db) as service:
            rounds = local.Rounds(service=service)
            await asyncio.gather(rounds.claim(), rounds.claim(), rounds.claim())
            polling = len(rounds.polling)
            for task in rounds.polling.values():
                task.cancel()
            await asyncio.gather(*rounds.polling.values(), return_exceptions=True)
        return polling - rounds.places

    with ThreadPoolExecutor(1) as db:
        opened = db.submit(SqliteStore, ":memory:").result()
        db.submit(opened.sync_sources, SOURCES, app.now()).result()
        assert asyncio.run(scene(db, opened)) == 0
        db.submit(opened.close).result()


def test_silent_servers_hold_up_nobody(store: SqliteStore) -> None:
    silent = {one.url for one in SOURCES[:5]}

    async def scene() -> set[str]:
        polled, stop, never = set[str](), asyncio.Event(), asyncio.Event()

        async def fetch(request: Request) -> Outcome:
            if request.url in silent:
                await never.wait()
                return Failed(kind=Failure.TEMPORARY, reason="no answer")
            return Fetched(url=request.url, status=200, headers={}, body=FEED)

        def count(plan: PollPlan) -> None:
            polled.add(plan.poll.source_id)
            if len(polled) == len(SOURCES) - len(silent):
                stop.set()

        async with app.service(CONFIG, store, fetch=fetch) as service:
            await asyncio.wait_for(local.run(service, stop, count, grace=0.1), 120)
        return polled

    assert asyncio.run(scene()) == {one.id for one in SOURCES[5:]}


def test_a_poll_whose_lease_ran_out_while_it_waited_is_not_begun_a_second_time(store: SqliteStore) -> None:
    later = [app.now()]

    async def scene() -> list[str]:
        asked, never = list[str](), asyncio.Event()

        async def fetch(request: Request) -> Outcome:
            asked.append(request.url)
            await never.wait()
            return Failed(kind=Failure.TEMPORARY, reason="no answer")

        config = replace(CONFIG, http=Http(concurrency=len(SOURCES)))
        async with app.service(config, store, clock=lambda: later[0], fetch=fetch) as service:
            rounds = local.Rounds(service=service)
            for _ in range(2):
                await rounds.claim()
                await asyncio.sleep(0)
                later[0] += timedelta(seconds=CONFIG.polling.lease + 1)
            for task in rounds.polling.values():
                task.cancel()
            await asyncio.gather(*rounds.polling.values(), return_exceptions=True)
        return asked

    assert sorted(asyncio.run(scene())) == sorted(one.url for one in SOURCES)


def test_an_interrupted_store_writes_nothing_more_and_can_be_closed(tmp_path: Path) -> None:
    with SqliteStore(f"{tmp_path}/a.db") as store:
        store.sync_sources(SOURCES, app.now())
        store.interrupt()
        with pytest.raises(StoreError):
            store.heartbeat(app.now(), "tick")
    with SqliteStore(f"{tmp_path}/a.db") as again:
        assert again.watch(app.now(), app.now()).sources == len(SOURCES)
        again.heartbeat(app.now(), "tick")
    again.interrupt()
