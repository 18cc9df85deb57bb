"""Reading large bodies in a child: it gives what a thread gives, and it can be abandoned."""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from aiwatch import app, plan, rules, sandbox
from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, Kind, Outcome, PollJob, PollState, Source
from aiwatch.parse import article
from aiwatch.parse.tree import tree_of
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.sandbox import Sandbox, in_a_thread
from aiwatch.settings import Config
from aiwatch.store.sqlite import SqliteStore

P = ParamSpec("P")
T = TypeVar("T")
NOW = datetime(2024, 2, 15, 12, 0, tzinfo=UTC)
SOURCE = Source(id="lab", url="https://lab.example/feed", vendor="OpenAI", lang="en", headers={"authorization": "Bearer s3cret"})


def feed(items: int, text: str = "") -> bytes:
    row = "<item><title>Notes, part {n}</title><link>https://lab.example/{n}</link><description>{text}</description></item>"
    rows = "".join(row.format(n=n, text=text) for n in range(items))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{rows}</channel></rss>'.encode()


def fetched(body: bytes) -> Fetched:
    return Fetched(url=SOURCE.url, status=200, headers={"content-type": "application/rss+xml"}, body=body)


def job() -> PollJob:
    return PollJob(source=SOURCE, state=PollState(source_id=SOURCE.id))


def children() -> set[str]:
    return {pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()}


def test_a_large_body_is_read_in_a_child_as_a_thread_would_read_it() -> None:
    async def both() -> tuple[plan.Reading, plan.Reading]:
        answer = fetched(feed(30))
        size = len(answer.body)
        return (
            await Sandbox(above=0)(size, plan.read, job(), answer, NOW),
            await in_a_thread(size, plan.read, job(), answer, NOW),
        )

    apart, here = asyncio.run(both())
    assert apart == here
    assert apart.parsed is not None
    assert len(apart.parsed.items) == 30


def test_a_small_body_costs_no_child() -> None:
    assert asyncio.run(Sandbox(above=100)(100, os.getpid)) == os.getpid()
    assert asyncio.run(Sandbox(above=100)(101, os.getpid)) != os.getpid()


@pytest.mark.parametrize("nested", ["<ul><li>", "<dl><dt>", "<div>"])
def test_what_is_read_in_a_thread_holds_it_for_no_more_than_seconds(nested: str) -> None:
    page = Fetched(url=SOURCE.url, status=200, headers={}, body=(nested * (sandbox.ABOVE // len(nested))).encode())
    began = time.process_time()
    with pytest.raises(ParseError, match="no article text"):
        article.extract(page, Item(id="i", source_id="lab", key="k", url=SOURCE.url, title="Notes"), now=NOW)
    assert time.process_time() - began < 10, "two on a quiet machine"


def test_bodies_that_wait_for_a_child_are_bounded_in_bytes_and_one_is_always_read() -> None:
    async def scene() -> list[object]:
        reads = Sandbox(above=0, at_once=1, held=100)
        calls = [reads(size, os.getpid) for size in (500, 60, 30)]
        many = await asyncio.gather(*calls, return_exceptions=True)
        return [*many, await reads(60, os.getpid)]

    alone, second, third, later = asyncio.run(scene())
    assert isinstance(alone, int)
    assert all("too many large ones" in str(one) and isinstance(one, ParseError) for one in (second, third))
    assert isinstance(later, int)


def test_what_a_parser_says_is_wrong_comes_back_in_its_words() -> None:
    reading = asyncio.run(Sandbox(above=0)(9, plan.read, job(), fetched(b"<html>no feed"), NOW))
    assert reading == plan.read(job(), fetched(b"<html>no feed"), NOW)
    assert reading.parsed is None


def test_a_parser_that_hangs_is_killed_when_its_time_is_up() -> None:
    began = time.monotonic()
    with pytest.raises(ParseError, match=r"a body that weighs 3\.0 MB took longer than 1 s to read and was given up"):
        asyncio.run(Sandbox(above=0, seconds=1.0)(3_000_000, time.sleep, 120))
    assert time.monotonic() - began < 30
    assert not children()


def test_a_parser_that_crashes_costs_the_poll_and_not_the_process() -> None:
    with pytest.raises(ParseError, match="the process that read it ended with signal SIGABRT"):
        asyncio.run(Sandbox(above=0)(9, os.abort))


def test_a_parser_with_a_bug_is_told_by_its_error() -> None:
    with pytest.raises(ParseError, match=r"ValueError: invalid literal .*; please report it"):
        asyncio.run(Sandbox(above=0)(9, int, "x"))


def test_a_machine_that_starts_no_thread_or_process_is_named_and_a_later_poll_goes_on() -> None:
    aside = Sandbox(above=9)
    usual, (files, most) = threading.stack_size(1 << 45), resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        with pytest.raises(ParseError, match=r"starts no more threads for us .*; it is tried again later"):
            asyncio.run(aside(9, int, "1"))
        threading.stack_size(usual)
        with asyncio.Runner() as runner:
            runner.get_loop()
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, most))
            with pytest.raises(ParseError, match=r"starts no process for us \(Too many open files\); it is tried again later"):
                runner.run(aside(10, int, "1"))
    finally:
        threading.stack_size(usual)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    assert [asyncio.run(aside(size, int, "1")) for size in (9, 10)] == [1, 1]


def test_one_that_wants_all_memory_is_refused_it() -> None:
    with pytest.raises(ParseError, match=r"a body that weighs 0\.0 MB takes more than 320 MiB of memory to read"):
        asyncio.run(Sandbox(above=0)(9, bytes, sandbox.MEMORY))


def test_children_the_bodies_that_wait_for_them_and_the_daemon_fit_into_what_unit_and_container_allow() -> None:
    together = sandbox.AT_ONCE * sandbox.MEMORY + sandbox.HELD + 256 * 1024**2
    deploy = Path(__file__).parents[2] / "deploy"
    assert "MemoryMax=1G\n" in (deploy / "aiwatch.service").read_text("utf-8")
    assert "mem_limit: 1g\n" in (deploy / "compose.yaml").read_text("utf-8")
    assert together <= 1024**3


def test_a_packed_sitemap_is_unpacked_where_it_can_be_killed() -> None:
    """50 KB of made-up elements are 20 MB, and a tree of 700."""
    packed = gzip.compress(b"<urlset>" + b"<a/>" * 4_900_000 + b"</urlset>")
    source = replace(SOURCE, kind=Kind.SITEMAP, url="https://lab.example/sitemap.xml.gz")

    async def fetch(request: Request) -> Outcome:
        return replace(fetched(packed), url=request.url)

    with SqliteStore(":memory:") as store:
        store.sync_sources((source,), NOW)
        (due,) = store.claim_due(NOW, 1, timedelta(minutes=5))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        made = asyncio.run(poll(Poller(store=store, fetch=fetch, rules=rules.load(), clock=lambda: NOW, aside=Sandbox()), due))
        assert made is not None
        assert made.poll.outcome == "failed"
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_the_child_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIWATCH_SECRET", "s3cret")
    assert asyncio.run(Sandbox(above=0)(9, os.getenv, "AIWATCH_SECRET")) is None


@pytest.mark.skipif(not any(Path("/proc/self/task").glob("*/children")), reason="this kernel does not list a process's children")
def test_stopping_leaves_no_child() -> None:
    async def scene() -> set[str]:
        task = asyncio.create_task(Sandbox(above=0)(9, time.sleep, 120))
        async with asyncio.timeout(60):
            while not children():  # noqa: ASYNC110  the kernel has no event for us
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return children()

    assert asyncio.run(scene()) == set()


@dataclass
class Hanging:
    """Reads everything in a child that never comes back."""

    asked: list[object]

    async def __call__(self, size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        self.asked += args
        await Sandbox(above=0, seconds=0.5)(size, time.sleep, 120)
        return call(*args, **kwargs)


def test_the_poll_of_a_body_that_hangs_fails_with_a_reason_and_is_tried_again() -> None:
    async def fetch(request: Request) -> Outcome:
        return fetched(feed(3))

    hanging = Hanging([])
    with SqliteStore(":memory:") as store:
        store.sync_sources((SOURCE,), NOW)
        (due,) = store.claim_due(NOW, 1, timedelta(minutes=5))
        poller = Poller(store=store, fetch=fetch, rules=rules.load(), clock=lambda: NOW, aside=hanging)
        made = asyncio.run(poll(poller, due))
        assert made is not None
        assert made.poll.outcome == "failed"
        assert "took longer than 0.5 s to read and was given up" in (made.poll.reason or "")
        assert made.state.next_poll_at is not None
        assert made.state.next_poll_at > NOW
        assert due.source.headers
        assert "s3cret" not in repr(hanging.asked), "secrets of the source do not go to where hostile bodies are read"


def test_the_service_reads_large_bodies_aside() -> None:
    body = feed(150, text="plain words " * 75)
    assert sandbox.ABOVE < len(body) < 1.5 * sandbox.ABOVE

    async def fetch(request: Request) -> Outcome:
        return fetched(body)

    async def scene(store: SqliteStore) -> int:
        async with app.service(Config(database=":memory:"), store, clock=lambda: NOW, fetch=fetch) as service:
            assert isinstance(service.poller.aside, Sandbox)
            (due,) = store.claim_due(NOW, 1, timedelta(minutes=5))
            made = await poll(replace(service.poller), due)
            return made.poll.items if made else 0

    with SqliteStore(":memory:") as store:
        store.sync_sources((SOURCE,), NOW)
        assert asyncio.run(scene(store)) == 150


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell what memory a process has")
def test_names_that_a_feed_makes_up_are_forgotten_with_it() -> None:
    def resident() -> float:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def scene() -> float:
        reads, before = Sandbox(), 0.0
        for poll_number in range(80):
            before = before if poll_number > 10 else resident()  # what the first ones take is warmth
            names = "".join(f"<a{poll_number}b{n}-made-up/>" for n in range(6_500))
            assert await reads(len(names), tags, f"<rss><channel>{names}</channel></rss>") == 6_502
        return resident() - before

    assert asyncio.run(scene()) < 8


def tags(text: str) -> int:
    root, _ = tree_of(text)
    return 0 if root is None else sum(1 for _ in root.iter())
