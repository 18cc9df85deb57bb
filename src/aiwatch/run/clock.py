"""A clock that was ahead and is set back, as on a machine that starts before it has heard of the time.

The metronome's next beats and what is due are moments: those that were reckoned from the wrong time would all wait for it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aiwatch.app import Service
from aiwatch.errors import StoreError
from aiwatch.poll import on_db

log = logging.getLogger(__name__)

SLACK = timedelta(minutes=1)  # a beat that is so late is late for another reason


async def watch(service: Service, scheduler: AsyncIOScheduler, every: float) -> None:
    """Look every so many seconds whether the clock went back; asyncio's own sleep does not heed it."""
    poller = service.poller
    while True:
        await asyncio.sleep(every)
        if not wound_back(scheduler, datetime.now(UTC)):
            continue
        log.warning("the clock was set back; what was put off until the time it had shown is due now")
        try:
            await on_db(poller, poller.store.rewind, poller.clock())
        except StoreError as error:
            log.error("%s; what is due waits until the next start", error)  # noqa: TRY400  the traceback helps nobody
        except Exception:  # whoever watches for the next time must still be there
            log.exception("what was put off could not be made due; it waits until the next start")


def wound_back(scheduler: AsyncIOScheduler, now: datetime) -> bool:
    """Let the jobs that would wait longer than their interval run now; whether there were any."""
    waiting = [
        job for job in scheduler.get_jobs() if job.next_run_time and job.next_run_time > now + job.trigger.interval + SLACK
    ]
    for job in waiting:
        job.modify(next_run_time=now)
    return bool(waiting)
