"""A clock that was ahead and is set back: the daemon goes on ticking, and what was put off is due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aiwatch import app
from aiwatch.cli import running
from aiwatch.model import Source
from aiwatch.run import clock
from aiwatch.settings import Config
from aiwatch.store.sqlite import SqliteStore

YEAR = timedelta(days=365)


def test_the_metronome_beats_on_when_the_clock_went_back() -> None:
    async def scene() -> None:
        beaten = asyncio.Event()

        async def beat() -> None:
            beaten.set()

        scheduler = AsyncIOScheduler(timezone=UTC)
        ahead = datetime.now(UTC) + YEAR  # as a job's next beat looks after the clock went back a year
        scheduler.add_job(beat, IntervalTrigger(seconds=3600, start_date=ahead, timezone=UTC), id="tick")
        scheduler.start()
        try:
            assert clock.wound_back(scheduler, datetime.now(UTC))
            await asyncio.wait_for(beaten.wait(), 60)
            assert not clock.wound_back(scheduler, datetime.now(UTC)), "the beats after it are as far apart as ever"
        finally:
            scheduler.shutdown(wait=False)

    asyncio.run(scene())


class Unwell(SqliteStore):
    """Has a mistake in it: what a clock that was ahead has put off cannot be made due."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.rewound = 0
        self.twice = asyncio.Event()

    def rewind(self, now: datetime) -> bool:
        self.rewound += 1
        if self.rewound == 2:
            self.twice.set()
        raise ValueError(now)


def test_a_mistake_in_what_follows_does_not_end_the_watch_on_the_clock() -> None:
    async def scene() -> None:
        scheduler = AsyncIOScheduler(timezone=UTC)
        with Unwell() as store:
            async with app.service(Config(database=":memory:"), store) as service:

                async def beat() -> None:
                    """The clock goes back a year after each of them."""
                    ahead = datetime.now(UTC) + YEAR
                    scheduler.reschedule_job("tick", trigger=IntervalTrigger(seconds=3600, start_date=ahead, timezone=UTC))

                ahead = IntervalTrigger(seconds=3600, start_date=datetime.now(UTC) + YEAR, timezone=UTC)
                scheduler.add_job(beat, ahead, id="tick")
                scheduler.start()
                watching = asyncio.create_task(clock.watch(service, scheduler, 0.05))
                try:
                    await asyncio.wait_for(store.twice.wait(), 60)
                finally:
                    watching.cancel()
                    scheduler.shutdown(wait=False)

    asyncio.run(scene())


def test_a_start_takes_over_from_one_whose_clock_was_ahead(tmp_path: Path) -> None:
    source = Source(id="lab", url="https://lab.example/feed")
    config = Config(database=str(tmp_path / "a.db"), sources=(source,))
    ahead = app.now() + YEAR
    with SqliteStore(config.database) as store:
        store.sync_sources(config.sources, ahead)
        store.claim_due(ahead, 1, timedelta(minutes=5))
        store.heartbeat(ahead, "tick")
        assert not store.claim_due(app.now(), 1, timedelta(minutes=5))
        running.begin(store, config)
        assert [job.source.id for job in store.claim_due(app.now(), 1, timedelta(minutes=5))] == ["lab"]
