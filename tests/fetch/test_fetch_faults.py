"""Every fault of ``faultserver`` against the real fetcher on real sockets: the outcome it must have, in bounded time and memory."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from faultserver import DATE, ENDPOINTS, FEED, FaultServer, served

from aiwatch.fetch import Call, HttpFetch, make_client
from aiwatch.model import Failed, Failure, Fetched, NotModified, Outcome
from aiwatch.ports import Request
from aiwatch.settings import Http

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# Long enough for a machine that is busy with other things: only what must run out of time is given little of it.
PATIENT = Http(contact="https://ours.example/bot", timeout=120.0, inactivity=60.0, max_body=1 << 18, host_gap=0.0)
HASTY = {
    "silent": replace(PATIENT, inactivity=0.4),
    "403 Forbidden": replace(PATIENT, inactivity=0.4),
    "http.timeout": replace(PATIENT, timeout=0.8),
}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    yield from served()


@pytest.fixture
def fresh() -> Iterator[FaultServer]:
    yield from served()


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def run(server: FaultServer, work: Callable[[HttpFetch], Awaitable[T]], http: Http = PATIENT, clock: Clock | None = None) -> T:
    async def inside() -> T:
        async with HttpFetch(replace(http, allow_private=server.allowed), clock or Clock()) as fetch:
            return await work(fetch)

    return asyncio.run(inside())


def get(server: FaultServer, path: str, **more: str | None) -> Request:
    return Request(url=f"{server.base}/{path}", headers={}, etag=more.get("etag"), last_modified=more.get("last_modified"))


def ask(server: FaultServer, path: str, http: Http = PATIENT, **more: str | None) -> Outcome:
    return run(server, lambda fetch: fetch(get(server, path, **more)), http)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_fault_has_the_outcome_it_must_have(server: FaultServer, name: str) -> None:
    expected = ENDPOINTS[name][1]
    started = time.monotonic()
    outcome = ask(server, name, HASTY.get(expected.words, PATIENT))
    assert time.monotonic() - started < PATIENT.inactivity / 2
    assert not server.canary
    if expected.kind is None:
        assert isinstance(outcome, Fetched if name != "login" else Failed), outcome
        assert not isinstance(outcome, Fetched) or outcome.body == FEED
    else:
        assert isinstance(outcome, Failed), outcome
        assert outcome.kind is expected.kind, outcome
        assert expected.words in outcome.reason


@pytest.mark.parametrize("name", ["gzip-bomb", "br-bomb", "zstd-bomb", "endless", "length-huge", "chunk-huge", "endless-header"])
def test_no_fault_takes_much_memory(server: FaultServer, name: str) -> None:
    """64 MB and more are offered; the body may hold 256 KB."""
    ask(server, "ok")
    tracemalloc.start()
    try:
        ask(server, name)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_validators_come_back_byte_for_byte_and_304_is_not_modified(server: FaultServer) -> None:
    first = ask(server, "etag")
    assert isinstance(first, Fetched)
    assert first.etag == '"v1"'
    assert first.max_age == 60
    second = ask(server, "etag", etag=first.etag)
    assert isinstance(second, NotModified)
    assert second.etag == '"v1"'
    dated = ask(server, "last-modified")
    assert isinstance(dated, Fetched)
    assert dated.last_modified == DATE
    assert isinstance(ask(server, "last-modified", last_modified=dated.last_modified), NotModified)


def test_a_304_without_validators_keeps_the_old_ones(server: FaultServer) -> None:
    outcome = ask(server, "last-modified", etag='"old"', last_modified=DATE)
    assert isinstance(outcome, NotModified)
    assert (outcome.etag, outcome.last_modified) == ('"old"', DATE)


def test_validators_that_cannot_be_sent_back_are_dropped(server: FaultServer) -> None:
    outcome = ask(server, "garbage-validators")
    assert isinstance(outcome, Fetched)
    assert (outcome.etag, outcome.last_modified) == (None, None)


def test_a_server_that_cannot_read_its_own_validator_is_asked_again_without(fresh: FaultServer) -> None:
    outcome = ask(fresh, "fussy", etag='"odd"')
    assert isinstance(outcome, Fetched)
    assert [asked.headers.get("if-none-match") for asked in fresh.requests] == ['"odd"', None]


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("retry-seconds", 120),
        ("429-unknown-coding", 120),
        ("503-broken-off", 120),
        ("retry-date", 300),
        ("retry-huge", 86_400),
        ("retry-garbage", None),
        ("retry-negative", None),
        ("retry-past", None),
    ],
)
def test_retry_after_is_read_or_ignored(server: FaultServer, name: str, seconds: int | None) -> None:
    outcome = ask(server, name)
    assert isinstance(outcome, Failed)
    assert outcome.retry_after == seconds


def test_nothing_is_sent_inside_a_retry_after_window(fresh: FaultServer) -> None:
    clock = Clock()

    async def work(fetch: HttpFetch) -> list[Outcome]:
        outcomes = [await fetch(get(fresh, "retry-seconds"))]
        clock.now += timedelta(seconds=119)
        outcomes.append(await fetch(get(fresh, "retry-seconds")))
        clock.now += timedelta(seconds=2)
        outcomes.append(await fetch(get(fresh, "retry-seconds")))
        return outcomes

    first, held, after = run(fresh, work, clock=clock)
    assert isinstance(held, Failed)
    assert (held.kind, held.retry_after) == (Failure.TEMPORARY, 1)
    assert "left alone" in held.reason
    assert isinstance(first, Failed)
    assert isinstance(after, Failed)
    assert len(fresh.requests) == 2


def test_a_host_that_limits_one_address_after_another_is_left_alone_as_a_whole(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        for number in range(4):
            await fetch(get(fresh, f"retry-seconds?page={number}"))
        held = await fetch(get(fresh, "ok"))
        return [held]

    (held,) = run(fresh, work)
    assert isinstance(held, Failed)
    assert held.retry_after == 120
    assert "ok" not in fresh.paths()


def test_a_good_answer_in_between_shows_that_it_is_the_address_and_not_the_host(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> Outcome:
        for number in range(6):
            await fetch(get(fresh, f"retry-seconds?page={number}"))
            assert isinstance(await fetch(get(fresh, "ok")), Fetched)
        return await fetch(get(fresh, "ok"))

    assert isinstance(run(fresh, work), Fetched)


def test_a_permanent_redirect_is_reported_and_a_passing_one_is_not(server: FaultServer) -> None:
    moved, passing = ask(server, "moved"), ask(server, "to-ok")
    assert isinstance(moved, Fetched)
    assert moved.permanent_url == f"{server.base}/ok"
    assert isinstance(passing, Fetched)
    assert passing.permanent_url is None
    assert passing.url == f"{server.base}/ok"


def test_no_secret_crosses_to_another_origin(fresh: FaultServer) -> None:
    secrets = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "id=s3cret"}
    request = Request(url=f"http://name:word@127.0.0.1:{fresh.port}/hop", headers=secrets, etag='"e"')
    assert isinstance(run(fresh, lambda fetch: fetch(request)), Fetched)
    hop, landed = fresh.requests
    assert hop.headers["x-api-key"] == "s3cret"
    assert landed.headers["if-none-match"] == '"e"'
    assert not {"authorization", "x-api-key", "cookie"} & landed.headers.keys()


def test_a_login_in_the_address_becomes_a_header_and_leaves_no_trace(fresh: FaultServer) -> None:
    request = Request(url=f"http://name:word@127.0.0.1:{fresh.port}/login", headers={})
    outcome = run(fresh, lambda fetch: fetch(request))
    assert isinstance(outcome, Fetched)
    assert "word" not in outcome.url


def test_cookies_are_never_sent_back(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> None:
        await fetch(get(fresh, "cookies"))
        await fetch(get(fresh, "cookies"))

    run(fresh, work)
    assert all("cookie" not in asked.headers for asked in fresh.requests)


def test_every_request_names_us_and_how_to_reach_us(fresh: FaultServer) -> None:
    ask(fresh, "ok")
    agent = fresh.requests[0].headers["user-agent"]
    assert agent.startswith("aiwatch/")
    assert "(+https://ours.example/bot)" in agent


def test_one_host_sees_two_requests_at_once_and_no_more(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        return list(await asyncio.gather(*(fetch(get(fresh, "held")) for _ in range(6))))

    fresh.together = 2
    assert all(isinstance(outcome, Fetched) for outcome in run(fresh, work))
    assert fresh.peak == 2


def test_requests_to_one_host_keep_a_gap(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> float:
        started = time.monotonic()
        await asyncio.gather(*(fetch(get(fresh, "ok")) for _ in range(4)))
        return time.monotonic() - started

    assert run(fresh, work, replace(PATIENT, host_gap=0.1)) >= 0.3


def test_the_next_address_of_a_host_goes_over_the_same_connection(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> None:
        for path in ("ok", "gzip", "etag", "to-ok", "moved", "404", "ok"):
            await fetch(get(fresh, path))
        assert isinstance(await fetch(get(fresh, "etag", etag='"v1"')), NotModified)
        assert isinstance(await fetch(get(fresh, "ok")), Fetched)

    run(fresh, work)
    assert {asked.connection for asked in fresh.requests} == {1}


def test_a_kept_connection_that_was_closed_is_opened_anew(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        both = [fetch(get(fresh, "closes-kept-connection")) for _ in range(2)]
        return [*await asyncio.gather(*both), *[await fetch(get(fresh, "closes-kept-connection")) for _ in range(3)]]

    assert all(isinstance(outcome, Fetched) for outcome in run(fresh, work))


def test_bytes_after_a_body_are_not_the_next_answer(fresh: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        return [await fetch(get(fresh, path)) for path in ("trailing-garbage", "ok", "trailing-garbage", "ok")]

    for outcome in run(fresh, work):
        assert not isinstance(outcome, Fetched) or outcome.body == FEED


ASK = """
import asyncio, sys
from datetime import UTC, datetime
from aiwatch.fetch import HttpFetch
from aiwatch.ports import Request
from aiwatch.settings import Http

async def ask():
    http = Http(contact="https://ours.example/bot", timeout=50.0)
    async with HttpFetch(http, lambda: datetime(2026, 3, 2, tzinfo=UTC)) as fetch:
        return [await fetch(Request(url=url, headers={}, allow_private=True)) for url in sys.argv[1:]]

near, far = asyncio.run(ask())
sys.stdout.buffer.write(near.body)
print(far.reason, file=sys.stderr)
"""


def test_proxies_of_the_environment_are_not_used(fresh: FaultServer) -> None:
    """Neither for what is near, nor for a name that only a proxy could know."""
    names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    proxies = dict.fromkeys(names, f"http://127.0.0.1:{fresh.canary_port}")
    command = [sys.executable, "-c", ASK, get(fresh, "ok").url, "http://nobody.invalid/feed"]
    asked = subprocess.run(command, env={**os.environ, **proxies}, capture_output=True, text=True, timeout=300, check=False)
    assert asked.stdout == FEED.decode(), asked.stderr
    assert "host name is not known" in asked.stderr
    assert not fresh.canary


def test_many_stalled_servers_do_not_hold_up_a_healthy_one(fresh: FaultServer) -> None:
    """Forty addresses of other hosts say nothing for a minute; the healthy one is answered long before their time is up."""

    async def work(fetch: HttpFetch) -> float:
        hosts = [f"127.0.1.{number}" for number in range(40)]
        stalled = [
            asyncio.create_task(fetch(Request(url=f"http://{host}:{fresh.port}/never-answers", headers={}, allow_private=True)))
            for host in hosts
        ]
        await asyncio.sleep(0)
        started = time.monotonic()
        assert isinstance(await fetch(get(fresh, "ok")), Fetched)
        waited = time.monotonic() - started
        for task in stalled:
            task.cancel()
        await asyncio.gather(*stalled, return_exceptions=True)
        return waited

    assert run(fresh, work) < PATIENT.inactivity / 2


def test_a_single_call_gives_any_status_with_its_body(server: FaultServer) -> None:
    async def inside() -> None:
        async with make_client(replace(PATIENT, allow_private=server.allowed)) as client:
            answer = await client(Call(url=f"{server.base}/404", method="POST", body=b"{}", redirects=0))
            assert not isinstance(answer, Failed)
            assert (answer.status, answer.body) == (404, FEED)
            bounced = await client(Call(url=f"{server.base}/to-ok", redirects=0))
            assert not isinstance(bounced, Failed)
            assert bounced.status == 302
            refused = await client(Call(url=f"http://127.0.0.1:{server.canary_port}/hook", method="POST", body=b"{}"))
            assert isinstance(refused, Failed)
            assert refused.kind is Failure.BLOCKED

    asyncio.run(inside())
    assert not server.canary


def test_a_source_of_ones_own_network_follows_redirects_at_its_own_address_alone(fresh: FaultServer) -> None:
    """What answers there may be a bridge that repeats strangers, and would lead to all of this network."""

    async def work(pairs: tuple[str, ...], *paths: str) -> list[Outcome]:
        async with HttpFetch(replace(PATIENT, allow_private=pairs), Clock()) as fetch:
            return [await fetch(replace(get(fresh, path), allow_private=True)) for path in paths]

    moved, relative, refused, metadata = asyncio.run(
        work((), "moved", "to-ok-relative", "to-http:127.0.0.1", "to-http:169.254.169.254latest")
    )
    assert isinstance(moved, Fetched)
    assert isinstance(relative, Fetched)
    for one in (refused, metadata):
        assert isinstance(one, Failed)
        assert one.kind is Failure.BLOCKED
        assert "http.allow_private" in one.reason, "which is what to do about it"
    assert not fresh.canary
    asyncio.run(work((f"127.0.0.1:{fresh.canary_port}",), "to-http:127.0.0.1"))
    assert fresh.canary, "what the owner names may be led to"


def test_a_connection_opened_for_a_private_source_serves_no_other(fresh: FaultServer) -> None:
    async def work() -> list[Outcome]:
        async with HttpFetch(PATIENT, Clock()) as fetch:
            request = get(fresh, "ok")
            return [await fetch(replace(request, allow_private=True)), await fetch(request)]

    opened, refused = asyncio.run(work())
    assert isinstance(opened, Fetched)
    assert isinstance(refused, Failed)
    assert refused.kind is Failure.BLOCKED


def test_why_there_is_no_connection_is_said_in_the_systems_words(server: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        nowhere = await fetch(Request(url="http://255.255.255.255/feed", headers={}, allow_private=True))
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, most))
        try:
            return [nowhere, await fetch(get(server, "ok"))]
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))

    nowhere, no_room = run(server, work)
    assert isinstance(nowhere, Failed)
    assert "All connection attempts failed" not in nowhere.reason
    assert isinstance(no_room, Failed)
    assert (no_room.kind, no_room.reason) == (Failure.TEMPORARY, "no connection: Too many open files")
