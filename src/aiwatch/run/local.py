"""The daemon of one machine: APScheduler is the metronome, the database is the schedule.

    every tick      claim due sources -> poll each (the fetcher asks at most ``http.concurrency`` at once)
    places free     the same at once, while more is due than there are places
    every tick      compose the editions that are due
    every tick      flush the outbox
    after a poll    the same at once, when something was found that somebody gets immediately
    every tick      read what hubs sent (see ``hubs``); every five minutes renew leases that end
    every hour      look at the room on the disk, and for what waits for a digest that is no more
    every day       the canary (see ``canary``)
    clock set back  all of it at once, and what was put off is due (see ``clock``)

A pass without a daemon (``tended``) does each of these once, as far as it is due.

Nothing is kept in APScheduler's job store: what is due is a column, so a crash loses no schedule. SIGTERM and SIGINT stop the claiming,
give polls ``POLLS_GRACE`` and messages ``GRACE`` seconds, and leave; what was cut off is claimed again when its lease ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aiwatch import deliver, publish
from aiwatch.app import Service
from aiwatch.errors import Contradiction, StoreError
from aiwatch.model import PollJob, PollPlan
from aiwatch.poll import broken, on_db, poll
from aiwatch.reread import reread
from aiwatch.run import clock, hubs, upkeep

log = logging.getLogger(__name__)

GRACE = 6.0  # seconds for messages that are going out when asked to stop; all is over within ten
POLLS_GRACE = 2.0  # the same for polls: what is cut off is asked again, and nothing is lost
WAIT_AFTER_STORE_ERROR = 10.0  # seconds: a full disk or a locked database may mend itself
HUBS_EVERY = 300.0  # seconds between two looks for leases that end
FIRST_CANARY = 30.0  # seconds after the start
PLACES = 8  # polls under way for each request that may be: those of silent or crowded hosts wait and hold up nobody
GATHER = 0.25  # seconds in which more places may become free, so that few claims take many
SAY_BEHIND_EVERY = 300.0  # seconds between two lines that more is due than can be polled
Chore = Callable[[], Coroutine[Any, Any, None]]
OnPoll = Callable[[PollPlan], None]


@dataclass(slots=True)
class Rounds:
    """What the daemon has under way, and what it does at each tick."""

    service: Service
    on_poll: OnPoll = lambda _: None
    ticked: Callable[[], None] = lambda: None
    polling: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # by source id
    sending: set[asyncio.Task[None]] = field(default_factory=set)
    failing: dict[str, deliver.Failing] = field(default_factory=dict)  # recipients that do not answer, by their ids
    told: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)  # a place is free, and more was due than there were
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    crowded: bool = False  # the last claim filled every place
    behind_said: datetime | None = None
    stopping: bool = False
    flushing: bool = False

    @property
    def places(self) -> int:
        """How many polls may be under way."""
        return self.service.config.http.concurrency * PLACES

    async def claim(self) -> None:
        """Claim as many due sources as there are places for, and start polling them; then say that the daemon ticked.

        A database that refuses has answered: to start anew would not mend a full disk, and would lose receipts that wait for room.
        """
        try:
            async with self.claiming:  # the start, a tick and a free place may ask at once, and would count the same places free
                if not self.stopping:
                    await self._claim()
        except StoreError:
            self.ticked()
            raise
        self.ticked()

    async def _claim(self) -> None:
        poller = self.service.poller
        free = self.places - len(self.polling)
        lease = timedelta(seconds=poller.polling.lease)
        jobs = await on_db(poller, poller.store.claim_due, poller.clock(), free, lease) if free > 0 else []
        for job in jobs:
            if job.source.id in self.polling:  # its lease ran out while it waited for its host's turn
                continue
            task = asyncio.create_task(self._poll(job), name=f"poll {job.source.id}")
            self.polling[job.source.id] = task
            task.add_done_callback(partial(self._done, job.source.id))
        self.crowded = len(jobs) >= free
        self._say_if_behind(jobs, poller.clock())
        await on_db(poller, poller.store.heartbeat, poller.clock(), "tick")

    def _say_if_behind(self, jobs: list[PollJob], now: datetime) -> None:
        """One line every few minutes while more is due than can be polled."""
        if not self.crowded or (self.behind_said and now - self.behind_said < timedelta(seconds=SAY_BEHIND_EVERY)):
            return
        self.behind_said = now
        hosts = Counter(urlsplit(job.source.url).hostname for job in jobs).most_common(1)
        most = f"; {hosts[0][1]} of the newest {len(jobs)} are of {hosts[0][0]}" if hosts and hosts[0][1] > len(jobs) / 4 else ""
        log.warning(
            "more sources are due than can be polled at once: all %d places are taken, the others wait their turn%s",
            self.places,
            most,
        )

    def _done(self, source_id: str, _: asyncio.Task[None]) -> None:
        self.polling.pop(source_id, None)
        if self.crowded:
            self.room.set()

    async def _poll(self, job: PollJob) -> None:
        made = await _polled(self.service, job)
        if isinstance(made, PollPlan):
            self.on_poll(made)
            if made.outbox or made.back_since or any(one.open for one in made.notices):
                self.told.set()

    async def compose(self) -> None:
        """Publish the editions that are due. Apart from sending: a mail server may think for ten minutes."""
        if not self.stopping:
            await compose_due(self.service)

    async def send(self) -> None:
        """Flush as a task of its own, which the end waits for: a message that is going out is not cut off and sent again later."""
        sending = asyncio.create_task(patiently(self.flush)())
        self.sending.add(sending)
        sending.add_done_callback(self.sending.discard)
        await asyncio.shield(sending)

    async def flush(self) -> None:
        """Send what is ready; a round that is under way looks for more by itself."""
        if not self.stopping and not self.flushing:
            self.flushing = True
            try:
                await flush(self.service, self.failing)
            finally:
                self.flushing = False


async def once(service: Service, on_poll: OnPoll = lambda _: None, only: tuple[str, ...] = ()) -> list[PollPlan]:
    """One pass over what is due (or over ``only``, due or not), then compose and send what is due; returns what the polls wrote."""
    poller, made, errors = service.poller, list[PollPlan](), list[Exception]()
    lease = timedelta(seconds=poller.polling.lease)
    room = asyncio.Semaphore(service.config.http.concurrency)

    async def one(job: PollJob) -> None:
        async with room:
            plan = await _polled(service, job)
        if isinstance(plan, PollPlan):
            made.append(plan)
            on_poll(plan)
        elif plan is not None:
            errors.append(plan)

    await _reread(service)
    jobs = await on_db(poller, poller.store.claim_due, poller.clock(), 100_000, lease, only or None)
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(one(job))
    await compose_due(service)
    await flush(service)
    if errors and not made:  # nothing could be polled at all: whoever called must not take it for a quiet day
        raise errors[0]
    return made


async def tended(service: Service, on_poll: OnPoll = lambda _: None, only: tuple[str, ...] = ()) -> list[PollPlan]:
    """``once`` with what the daemon does beside it, as far as that is due, for those who have passes made by cron and no daemon."""
    await _reread(service)  # before anything is folded; the second time there is nothing to do
    await _tried(partial(hubs.take_all, service))
    made = await once(service, on_poll, only)
    for chore in (hubs.renew, upkeep.watch_disk, upkeep.watch_outbox, upkeep.canary_if_due):
        await _tried(partial(chore, service))
    return made


async def _tried(chore: Chore) -> None:
    """A chore of a pass, which goes on without it."""
    try:
        await chore()
    except StoreError as error:
        log.error("%s; the next pass tries again", error)  # noqa: TRY400  the traceback helps nobody
    except Exception:
        log.exception("a chore failed; the next pass tries it again")


async def _reread(service: Service) -> None:
    """Read the launches of the last weeks anew where the rules are others than before; a mistake in it keeps nothing from running."""
    poller = service.poller
    try:
        renamed = await on_db(poller, reread, poller.store, poller.rules, poller.subscriptions, poller.clock())
    except StoreError as error:
        log.warning("what was announced in the last weeks was not read by today's rules: %s; the next start tries again", error)
        return
    except Exception:
        log.exception("what was announced in the last weeks could not be read by today's rules; it stands as it was")
        return
    if renamed:
        names = ", ".join(sorted({one.name for one in renamed})[:5])
        log.info(
            "by today's rules %d announcements of the last weeks have another name, and are not told again: %s",
            len(renamed),
            names,
        )


async def _polled(service: Service, job: PollJob) -> PollPlan | Exception | None:
    """What the poll wrote; None where somebody else committed first. A bug in one source's way is logged, and a failure of that source."""
    try:
        return await _read_or_broken(service, job)
    except StoreError as error:
        log.error("poll of %s was not written: %s; it is polled again", job.source.id, error)  # noqa: TRY400  told in full
        return error
    except Exception as error:  # the lease brings it back
        log.exception("not even that was written of %s", job.source.id)
        return error


async def _read_or_broken(service: Service, job: PollJob) -> PollPlan | None:
    try:
        return await poll(service.poller, job)
    except Exception as error:
        if isinstance(error, StoreError) and not isinstance(error, Contradiction):  # the database's trouble is no source's
            raise
        log.exception("poll of %s failed", job.source.id)
        return await broken(service.poller, job, error)


async def compose_due(service: Service) -> None:
    """Publish the editions that are due."""
    poller = service.poller
    await on_db(poller, publish.compose_due, poller.store, service.config, poller.clock(), service.templates)


async def flush(service: Service, failing: dict[str, deliver.Failing] | None = None) -> None:
    """Send what is ready."""
    poller = service.poller
    await deliver.flush(
        deliver.Courier(store=poller.store, send=service.send, config=service.config, clock=poller.clock, db=poller.db),
        failing=failing,
    )


async def run(
    service: Service,
    stop: asyncio.Event,
    on_poll: OnPoll = lambda _: None,
    ready: Callable[[], None] = lambda: None,
    ticked: Callable[[], None] = lambda: None,
    grace: float = GRACE,
) -> None:
    """Keep going until ``stop`` is set; ``ticked`` is called at each tick. Errors of the database are waited out: they end nothing."""
    rounds = Rounds(service=service, on_poll=on_poll, ticked=ticked)
    scheduler = AsyncIOScheduler(timezone=UTC)
    tick, started = service.config.polling.tick, datetime.now(UTC)
    chores: tuple[tuple[str, Chore, float], ...] = (
        ("claim", rounds.claim, max(1, round(tick))),
        ("compose", rounds.compose, max(1, round(tick))),
        ("flush", rounds.send, max(1, round(tick))),
        ("pushes", partial(_taken, rounds), max(1, round(tick))),
        ("hubs", partial(hubs.renew, service), HUBS_EVERY),
        ("disk", partial(upkeep.watch_disk, service), 3600),
        ("outbox", partial(upkeep.watch_outbox, service), 3600),
        ("canary", partial(upkeep.send_canary, service), upkeep.CANARY_EVERY.total_seconds()),
    )
    for name, chore, seconds in chores:
        first = started + timedelta(seconds=FIRST_CANARY if name == "canary" else seconds)
        trigger = IntervalTrigger(seconds=seconds, start_date=first, timezone=UTC)
        scheduler.add_job(_quietly(patiently(chore)), trigger, id=name, coalesce=True, max_instances=1, misfire_grace_time=None)
    await _reread(service)
    scheduler.start()
    ready()
    watching = (_when_told(rounds), _when_room(rounds), clock.watch(service, scheduler, max(1.0, tick)))
    watchers = [asyncio.create_task(one) for one in watching]
    watchers.append(asyncio.create_task(patiently(rounds.claim)()))  # the first tick is some seconds away
    stopped = asyncio.create_task(stop.wait())  # as a task: the first claim has begun, even where the word is in already
    await asyncio.wait([stopped])
    rounds.stopping = True
    scheduler.shutdown(wait=False)
    for watcher in watchers:
        watcher.cancel()
    await _wind_down(rounds, grace)


def _quietly(chore: Chore) -> Chore:
    """A chore for the scheduler, which cancels what it runs when it is shut down and would report that as an error."""

    async def quiet() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await chore()

    return quiet


async def _taken(rounds: Rounds) -> None:
    """Read what hubs sent, and deliver at once."""
    if not rounds.stopping and await hubs.take(rounds.service):
        rounds.told.set()


def patiently(chore: Chore, nap: Callable[[float], Awaitable[None]] = asyncio.sleep) -> Chore:
    """A chore that survives a database that is full, locked or read-only for a while, and a mistake of ours, and says so."""

    async def careful() -> None:
        try:
            await chore()
        except StoreError as error:
            log.error("%s; trying again in %d s", error, WAIT_AFTER_STORE_ERROR)  # noqa: TRY400  the traceback helps nobody
            await nap(WAIT_AFTER_STORE_ERROR)
        except Exception:  # whoever watches for the next occasion must still be there
            log.exception("a chore failed; it is tried again at its next time")

    return careful


async def _when_told(rounds: Rounds) -> None:
    """Deliver at once after a poll that found something, instead of at the next tick."""
    while True:
        await rounds.told.wait()
        rounds.told.clear()
        await patiently(rounds.compose)()
        background = asyncio.create_task(rounds.send())
        rounds.sending.add(background)
        background.add_done_callback(rounds.sending.discard)


async def _when_room(rounds: Rounds) -> None:
    """Claim more at once where more was due than there were places; the tick alone would make a long list late."""
    while True:
        await rounds.room.wait()
        if len(rounds.polling) > rounds.places // 2:
            await asyncio.sleep(GATHER)
        rounds.room.clear()
        await patiently(rounds.claim)()


async def _wind_down(rounds: Rounds, grace: float) -> None:
    under_way = {*rounds.polling.values(), *rounds.sending}
    if not under_way:
        return
    log.info("stopping: %d polls and sendings under way have %d and %d s", len(under_way), min(POLLS_GRACE, grace), grace)
    await asyncio.wait(under_way, timeout=min(POLLS_GRACE, grace))
    polls = {task for task in rounds.polling.values() if not task.done()}
    for task in polls:
        task.cancel()
    late = polls
    if sending := {task for task in rounds.sending if not task.done()}:
        _, unsent = await asyncio.wait(sending, timeout=max(0.0, grace - POLLS_GRACE))
        for task in unsent:
            task.cancel()
        late |= unsent
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*late, return_exceptions=True)
