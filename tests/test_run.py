"""The daemon: it polls, tells, stops when asked, outlives a troubled database, and its canary sings."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest

from aiwatch import app
from aiwatch.errors import StoreError
from aiwatch.model import Delivery, Edition, Fetched, Outcome, PollJob, PollPlan, Push, Receipt, Source, Tier, Verdict
from aiwatch.poll import Poller
from aiwatch.ports import Request, Store
from aiwatch.run import canary, local, upkeep
from aiwatch.run.supervisor import Supervisor
from aiwatch.settings import Channel, Config, Http, Polling, Recipient, Secret, Subscription
from aiwatch.store.sqlite import SqliteStore

SOURCE = Source(id="lab", url="https://lab.example/feed", vendor="OpenAI", tier=Tier.PRIMARY, lang="en")
CONFIG = Config(
    database=":memory:",
    sources=(SOURCE,),
    polling=Polling(tick=1.0),
    recipients=(Recipient(id="me", channel=Channel.WEBHOOK, address=Secret("https://hook.example/")),),
    subscriptions=(Subscription(id="now", title="Now", schedule="immediate", recipients=("me",)),),
)

ALLOWED = timedelta(minutes=2)


def feed() -> bytes:
    item = f"<item><title>Introducing Sora, our text-to-video model</title><link>https://lab.example/sora</link><pubDate>{format_datetime(datetime.now(UTC))}</pubDate></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{item}</channel></rss>'.encode()


class Outside:
    """The network and the recipients, as fakes at the ports."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []
        self.arrived = asyncio.Event()
        self.hold: asyncio.Event | None = None

    async def fetch(self, request: Request) -> Outcome:
        if self.hold:
            await self.hold.wait()
        return Fetched(url=request.url, status=200, headers={}, body=feed())

    async def send(self, delivery: Delivery, recipient: Recipient) -> Receipt:
        self.sent.append(delivery)
        self.arrived.set()
        return Receipt(verdict=Verdict.SENT, answer="200")


@asynccontextmanager
async def running(outside: Outside, store: SqliteStore, config: Config = CONFIG) -> AsyncIterator[app.Service]:
    async with app.service(config, store, fetch=outside.fetch) as service:
        yield replace(service, send=outside.send)


def on_a_store(test: Callable[[SqliteStore], object], config: Config = CONFIG) -> None:
    with SqliteStore(":memory:") as store:
        store.sync_sources(config.sources, app.now())
        test(store)


def test_the_daemon_polls_tells_at_once_and_stops_when_asked() -> None:
    async def scene(store: SqliteStore) -> None:
        outside, stop, plans, ready = Outside(), asyncio.Event(), list[PollPlan](), list[bool]()
        async with running(outside, store) as service:
            daemon = asyncio.create_task(local.run(service, stop, plans.append, lambda: ready.append(True)))
            await asyncio.wait_for(outside.arrived.wait(), 60)
            stop.set()
            await asyncio.wait_for(daemon, 60)
        assert ready == [True]
        assert [plan.poll.source_id for plan in plans] == ["lab"]
        assert ["Sora" in delivery.subject for delivery in outside.sent] == [True]

    on_a_store(lambda store: asyncio.run(scene(store)))


def test_a_poll_that_hangs_does_not_keep_the_daemon_from_stopping(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(store: SqliteStore) -> None:
        outside, rounds_stop = Outside(), asyncio.Event()
        outside.hold = asyncio.Event()
        async with running(outside, store) as service:
            daemon = asyncio.create_task(local.run(service, rounds_stop, grace=0.3))
            rounds_stop.set()
            await asyncio.wait_for(daemon, 60)

    with caplog.at_level("INFO"):
        on_a_store(lambda store: asyncio.run(scene(store)))
    assert "under way" in caplog.text


def test_a_database_in_trouble_at_the_start_does_not_keep_the_daemon_from_stopping(caplog: pytest.LogCaptureFixture) -> None:
    class Locked(SqliteStore):
        def claim_due(self, now: datetime, limit: int, lease: timedelta, only: Collection[str] | None = None) -> list[PollJob]:
            raise StoreError("a.db: another process has been writing for more than 10 seconds")

    async def scene(store: SqliteStore) -> None:
        stop = asyncio.Event()
        async with running(Outside(), store) as service:
            daemon = asyncio.create_task(local.run(service, stop, ready=stop.set))
            await asyncio.wait_for(daemon, local.WAIT_AFTER_STORE_ERROR / 2)

    with Locked(":memory:") as store:
        asyncio.run(scene(store))
    assert "another process" in caplog.text


def test_a_database_in_trouble_is_waited_for_and_said(caplog: pytest.LogCaptureFixture) -> None:
    waited: list[float] = []

    async def nap(seconds: float) -> None:
        waited.append(seconds)

    async def full() -> None:
        raise StoreError("a.db: the disk is full; make room")

    asyncio.run(local.patiently(full, nap)())
    assert "the disk is full" in caplog.text
    assert waited == [local.WAIT_AFTER_STORE_ERROR]


def test_a_mistake_in_a_chore_is_logged_and_its_watcher_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise RuntimeError("of ours")

    asyncio.run(local.patiently(broken)())
    assert "a chore failed" in caplog.text
    assert "of ours" in caplog.text


def test_one_pass_tells_what_it_finds_once() -> None:
    async def scene(store: SqliteStore) -> None:
        outside = Outside()
        async with running(outside, store) as service:
            first = await local.once(service)
            second = await local.once(service, only=("lab",))
        assert [plan.poll.fresh for plan in (*first, *second)] == [1, 0]
        assert len(outside.sent) == 1

    on_a_store(lambda store: asyncio.run(scene(store)))


def test_a_start_reads_the_last_weeks_by_its_rules_once() -> None:
    async def scene(store: SqliteStore, *, daemon: bool) -> None:
        async with running(Outside(), store) as service:
            mark = f"reread {service.poller.rules.digest}"
            assert store.last_heartbeat(mark) is None
            if daemon:
                stop = asyncio.Event()
                await local.run(service, stop, ready=stop.set)
            else:
                await local.once(service)
            assert store.last_heartbeat(mark) is not None

    for daemon in (True, False):
        on_a_store(lambda store, daemon=daemon: asyncio.run(scene(store, daemon=daemon)))  # type: ignore[misc]


class Buggy(Outside):
    """One source of two, "other", meets a bug of ours."""

    async def fetch(self, request: Request) -> Outcome:
        if "other" in request.url:
            raise RuntimeError("a bug")
        return await super().fetch(request)


TWO = replace(CONFIG, sources=(replace(SOURCE, id="other", url="https://other.example/feed"), SOURCE))


def test_a_bug_in_one_source_s_way_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(store: SqliteStore) -> None:
        outside = Buggy()
        async with running(outside, store, TWO) as service:
            rounds = local.Rounds(service=service)
            await rounds.claim()
            await asyncio.gather(*rounds.polling.values())
            await rounds.compose()
            await rounds.flush()
        assert len(outside.sent) == 1

    on_a_store(lambda store: asyncio.run(scene(store)), TWO)
    assert "poll of other failed" in caplog.text


def test_a_bug_in_one_source_s_way_does_not_cost_a_single_pass_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(store: SqliteStore) -> None:
        outside = Buggy()
        async with running(outside, store, TWO) as service:
            plans = await local.once(service)
        assert {plan.poll.source_id: plan.poll.outcome for plan in plans} == {"lab": "fetched", "other": "failed"}
        assert len(outside.sent) == 1

    on_a_store(lambda store: asyncio.run(scene(store)), TWO)
    assert "poll of other failed" in caplog.text


def test_a_source_that_a_bug_of_ours_keeps_from_being_read_is_down_as_any_other() -> None:
    async def scene(store: SqliteStore) -> None:
        async with running(Buggy(), store, TWO) as service:
            for _ in range(3):
                await local.once(service, only=("other",))
        state = store.claim_due(app.now(), 1, timedelta(minutes=5), ["other"])[0].state
        assert state.last_error == "a mistake of ours, RuntimeError: the log has its trace; please report it"
        assert (state.polls, state.failures) == (0, 1.5)
        assert state.failing_since is not None

    on_a_store(lambda store: asyncio.run(scene(store)), TWO)


class Contradicting(SqliteStore):
    """What this source brings breaks a rule of the schema: its findings are of an item that was never stored."""

    def commit(self, plan: PollPlan) -> None:
        super().commit(replace(plan, items=()))


class Full(SqliteStore):
    def commit(self, plan: PollPlan) -> None:
        raise StoreError("a.db: the disk is full; nothing was written")


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Contradicting, "a mistake of ours, Contradiction: the log has its trace; please report it"), (Full, None)],
)
def test_what_can_never_be_written_is_a_failure_of_its_source_and_a_full_disk_is_not(
    kind: type[SqliteStore], said: str | None
) -> None:
    async def scene(store: SqliteStore) -> None:
        outside = Outside()
        async with running(outside, store) as service:
            rounds = local.Rounds(service=service)
            await rounds.claim()
            await asyncio.gather(*rounds.polling.values())
        (job,) = store.claim_due(app.now(), 1, timedelta(minutes=5), ["lab"])
        assert (job.state.last_error, bool(job.state.failures)) == (said, said is not None)

    with kind(":memory:") as store:
        store.sync_sources(CONFIG.sources, app.now())
        asyncio.run(scene(store))


def test_the_canary_goes_the_whole_way() -> None:
    assert asyncio.run(canary.sing(Config(database=":memory:"), app.now()))


def test_a_canary_that_cannot_arrive_is_a_notice() -> None:
    async def scene(store: SqliteStore) -> None:
        config = replace(CONFIG, http=Http(max_body=10))  # too small a body for any feed
        async with running(Outside(), store, config) as service:
            await upkeep.send_canary(service)
            (notice,) = store.notices(app.now() - timedelta(hours=1), app.now())
        assert (notice.condition, notice.open) == ("canary", True)

    on_a_store(lambda store: asyncio.run(scene(store)))


def test_a_canary_that_stumbles_over_a_mistake_is_a_notice(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(store: SqliteStore) -> None:
        async with running(Outside(), store) as service:
            gone = replace(CONFIG, rules=str(tmp_path / "removed.toml"))  # since the start
            await upkeep.send_canary(replace(service, config=gone))
            (notice,) = store.notices(app.now() - timedelta(hours=1), app.now())
        assert (notice.condition, notice.open) == ("canary", True)

    on_a_store(lambda store: asyncio.run(scene(store)))
    assert "removed.toml" in caplog.text


def test_a_pass_without_a_daemon_looks_after_what_a_daemon_does() -> None:
    waits = replace(CONFIG, subscriptions=(Subscription(id="mornings", title="Mornings", schedule="9:00"),))

    async def scene(store: SqliteStore) -> None:
        async with running(Outside(), store, waits) as service:
            assert [one.poll.source_id for one in await local.tended(service)] == ["lab"]
        sung, renamed, start = store.last_heartbeat("canary"), Outside(), app.now()
        assert sung is not None
        async with running(renamed, store) as service:
            await local.tended(service)
            assert store.last_heartbeat("canary") == sung, "one a day"
            assert [one.condition for one in store.notices(start, app.now())] == ["digest-missing:mornings"]
            tomorrow = sung + timedelta(days=1)
            await local.tended(replace(service, poller=replace(service.poller, clock=lambda: tomorrow)))
        assert store.last_heartbeat("canary") == tomorrow

    on_a_store(lambda store: asyncio.run(scene(store)), waits)


def test_a_pass_goes_on_without_a_chore_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(SqliteStore):
        def pushes(self, limit: int) -> list[Push]:
            raise StoreError("the disk did not do what was asked")

        def waiting(self) -> dict[str, int]:
            raise KeyError("a mistake of ours")

    async def scene(store: SqliteStore) -> None:
        async with running(Outside(), store) as service:
            assert [one.poll.source_id for one in await local.tended(service)] == ["lab"]
        assert store.last_heartbeat("canary") is not None

    with Stuck(":memory:") as store:
        store.sync_sources(CONFIG.sources, app.now())
        asyncio.run(scene(store))
    assert "the disk did not do what was asked; the next pass tries again" in caplog.text
    assert "a mistake of ours" in caplog.text


def test_little_room_on_the_disk_is_a_notice() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert upkeep.disk_notice("/x/a.db", 100, now).open
    assert not upkeep.disk_notice("/x/a.db", 10**12, now).open


def test_what_waits_for_a_digest_that_is_no_more_is_a_notice_until_it_is_there_again() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    config = replace(CONFIG, subscriptions=(Subscription(id="mornings", title="Mornings", schedule="9:00"),))
    (_, stray) = upkeep.stray_notices({"mornings": 2, "daily": 3}, config, now)
    assert (stray.condition, stray.open, "3 announcements wait" in stray.text) == ("digest-missing:daily", True, True)
    (_, one) = upkeep.stray_notices({"daily": 1}, config, now)
    assert one.text.startswith("1 announcement waits for the digest daily, ")
    config = replace(config, subscriptions=(replace(config.subscriptions[0], id="daily"),))
    (back,) = upkeep.stray_notices({"daily": 3}, config, now)
    assert (back.condition, back.open) == ("digest-missing:daily", False)


def test_the_supervisor_hears_that_the_daemon_is_ready_and_stopping() -> None:
    async def scene(folder: str) -> list[bytes]:
        address = Path(folder) / "notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            ear.bind(str(address))
            ear.settimeout(60)
            environment = {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "600000000"}
            async with Supervisor.from_environment(ALLOWED, environment) as supervisor:
                supervisor.ready()
                heard = [ear.recv(100)]
                await asyncio.sleep(0)
                heard.append(await asyncio.to_thread(ear.recv, 100))
            return [*heard, ear.recv(100)]

    with TemporaryDirectory(dir="/tmp") as folder:  # tmp_path may be longer than a socket's path may be
        assert asyncio.run(scene(folder)) == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_daemon_that_no_longer_ticks_is_not_said_to_be_well(caplog: pytest.LogCaptureFixture) -> None:
    passed, heard = [0.0], list[float]()

    async def scene(address: Path, ear: socket.socket) -> None:
        async def nap(seconds: float) -> None:
            with contextlib.suppress(BlockingIOError):
                assert ear.recv(100) == b"WATCHDOG=1"
                heard.append(passed[-1])
            passed.append(passed[-1] + seconds)
            if passed[-1] in {60, 300}:
                supervisor.ticked()
            if len(passed) > 10:
                ended.set()
                await asyncio.Event().wait()

        ended = asyncio.Event()
        supervisor = Supervisor(str(address), 120.0, ALLOWED, lambda: passed[-1], nap)
        async with supervisor:
            await asyncio.wait_for(ended.wait(), 60)

    with TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"{folder}/notify")
        ear.setblocking(False)
        asyncio.run(scene(Path(folder) / "notify", ear))
    assert heard == [0, 60, 120, 180, 300, 360, 420]
    assert [one.levelname for one in caplog.records] == ["ERROR", "ERROR"]


def test_a_database_that_hangs_is_no_tick_and_one_that_refuses_is() -> None:
    entered, free = threading.Event(), threading.Event()

    class Hung(SqliteStore):
        def heartbeat(self, now: datetime, what: str) -> None:
            entered.set()
            assert free.wait(60)
            super().heartbeat(now, what)

    class Full(SqliteStore):
        def heartbeat(self, now: datetime, what: str) -> None:
            raise StoreError("a.db: the disk is full")

    async def scene(store: SqliteStore, db: ThreadPoolExecutor, *, hangs: bool) -> None:
        stop, ticked = asyncio.Event(), asyncio.Event()
        async with app.service(CONFIG, store, db=db, fetch=Outside().fetch) as service:
            daemon = asyncio.create_task(local.run(service, stop, ticked=ticked.set))
            if hangs:
                assert await asyncio.to_thread(entered.wait, 60)
                assert not ticked.is_set()
                free.set()
            await asyncio.wait_for(ticked.wait(), 60)
            stop.set()
            await asyncio.wait_for(daemon, 60)

    for kind in (Hung, Full):
        with kind(":memory:") as store, ThreadPoolExecutor(max_workers=1) as db:
            asyncio.run(scene(store, db, hangs=kind is Hung))


def test_without_a_supervisor_nothing_is_said() -> None:
    async def scene() -> None:
        async with Supervisor.from_environment(ALLOWED, {}) as supervisor:
            supervisor.ready()

    asyncio.run(scene())


class Watched:
    """A store that remembers which threads its methods ran on."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.threads: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            self.threads.add(threading.current_thread().name)
            return method(*args, **kwargs)

        return watched


def test_store_calls_run_on_the_database_s_own_thread() -> None:
    async def scene() -> None:
        outside = Outside()
        with ThreadPoolExecutor(1, "database") as db:
            store = db.submit(SqliteStore, ":memory:").result()
            watched = Watched(store)
            db.submit(store.sync_sources, CONFIG.sources, app.now()).result()
            async with app.service(CONFIG, cast("Store", watched), db=db, fetch=outside.fetch) as service:
                assert isinstance(service.poller, Poller)
                plans = await local.once(replace(service, send=outside.send))
            db.submit(store.close).result()
        assert [plan.poll.fresh for plan in plans] == [1]
        assert len(outside.sent) == 1
        assert watched.threads == {"database_0"}

    asyncio.run(scene())


def test_a_recipient_is_written_to_once_at_a_time_however_many_rounds_of_sending_are_asked_for() -> None:
    """Two messages wait, the first takes its time, and the next tick comes meanwhile."""

    async def scene(store: SqliteStore) -> None:
        outside, at_once = Outside(), list[int]()
        under_way, release = [0], asyncio.Event()

        async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
            under_way[0] += 1
            at_once.append(under_way[0])
            outside.arrived.set()
            await release.wait()
            under_way[0] -= 1
            return await outside.send(delivery, recipient)

        made = Edition(id="e", digest_id="now", title="Now", since=app.now(), until=app.now())
        body = {"channel": "webhook", "content": "{}"}
        parts = [
            Delivery(id=name, edition_id="e", digest_id="now", recipient_id="me", subject=name, body=body, created_at=app.now())
            for name in ("first", "second")
        ]
        store.publish(made, parts, [])
        async with app.service(CONFIG, store, fetch=outside.fetch) as service:
            rounds = local.Rounds(service=replace(service, send=send))
            first = asyncio.create_task(rounds.send())
            await asyncio.wait_for(outside.arrived.wait(), 60)
            second = asyncio.create_task(rounds.send())
            await asyncio.wait_for(second, 60)
            release.set()
            await asyncio.wait_for(first, 60)
        assert at_once == [1, 1]
        assert [delivery.id for delivery in outside.sent] == ["first", "second"]

    on_a_store(lambda store: asyncio.run(scene(store)))
