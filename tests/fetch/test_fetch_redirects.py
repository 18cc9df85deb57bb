"""Where a redirect leads is asked as politely as what is in the list: two hosts on real sockets, one of which forwards to the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from faultserver import FEED, FaultServer, served

from aiwatch.fetch import HttpFetch
from aiwatch.model import Failed, Failure, Fetched, Outcome
from aiwatch.ports import Request
from aiwatch.settings import Http

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATIENT = Http(timeout=120.0, inactivity=60.0, host_gap=0.0)
NOT_THIS = ("200 OK", b"User-agent: *\nDisallow: /landed\n")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    yield from served()


def run(server: FaultServer, work: Callable[[HttpFetch], Awaitable[T]], http: Http = PATIENT) -> T:
    async def inside() -> T:
        async with HttpFetch(replace(http, allow_private=server.allowed), lambda: NOW) as fetch:
            return await work(fetch)

    return asyncio.run(inside())


def page(base: str, path: str, *, robots: bool = True) -> Request:
    return Request(url=f"{base}/{path}", headers={}, robots=robots)


def failed(outcome: Outcome) -> Failed:
    assert isinstance(outcome, Failed), outcome
    return outcome


def test_the_host_that_a_redirect_leads_to_is_asked_for_its_robots_txt_first(server: FaultServer) -> None:
    assert isinstance(run(server, lambda fetch: fetch(page(server.base, "hop"))), Fetched)
    assert server.asked_of_second() == ["robots.txt", "landed"]


def test_what_its_robots_txt_asks_to_leave_alone_is_not_requested_and_the_failure_says_whose_word_it_is(
    server: FaultServer,
) -> None:
    server.robots_of_second = NOT_THIS
    outcome = failed(run(server, lambda fetch: fetch(page(server.base, "hop"))))
    assert outcome.kind is Failure.BLOCKED
    assert outcome.reason == (
        f"redirected to {server.second}/landed: {server.second}/robots.txt asks aiwatch not to fetch this address"
    )
    assert server.asked_of_second() == ["robots.txt"]


@pytest.mark.parametrize("switched_off", ["by the request", "by the user"])
def test_who_asks_no_robots_txt_asks_none_on_the_way_either(server: FaultServer, switched_off: str) -> None:
    server.robots_of_second = NOT_THIS
    http = replace(PATIENT, respect_robots=switched_off != "by the user")
    wanted = page(server.base, "hop", robots=switched_off != "by the request")
    assert isinstance(run(server, lambda fetch: fetch(wanted), http), Fetched)
    assert "robots.txt" not in server.paths()


def test_a_redirect_within_a_host_is_no_way_around_its_robots_txt(server: FaultServer) -> None:
    server.robots = ("200 OK", b"User-agent: *\nDisallow: /ok\n")
    outcome = failed(run(server, lambda fetch: fetch(page(server.base, "to-ok"))))
    assert outcome.kind is Failure.BLOCKED
    assert server.paths() == ["robots.txt", "to-ok"]


def test_a_robots_txt_that_stands_on_another_host_is_read_there(server: FaultServer) -> None:
    server.robots = (f"301 Moved Permanently\r\nLocation: {server.second}/robots.txt", b"")
    server.robots_of_second = ("200 OK", b"User-agent: *\nDisallow: /ok\n")
    outcome = failed(run(server, lambda fetch: fetch(page(server.base, "ok"))))
    assert f"{server.base}/robots.txt asks aiwatch" in outcome.reason
    assert server.paths() == ["robots.txt", "robots.txt"]


def test_requests_that_are_led_to_a_host_keep_its_gap(server: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> float:
        await fetch(page(server.second, "ok", robots=False))
        started = time.monotonic()
        await fetch(page(server.base, "hop", robots=False))
        return time.monotonic() - started

    assert run(server, work, replace(PATIENT, host_gap=0.5)) >= 0.4, "the gap began with the answer before"


def test_the_crawl_delay_of_the_host_that_is_led_to_spaces_them(server: FaultServer) -> None:
    server.robots_of_second = ("200 OK", b"User-agent: *\nCrawl-delay: 0.3\n")

    async def work(fetch: HttpFetch) -> float:
        await fetch(page(server.base, "hop"))
        started = time.monotonic()
        await asyncio.gather(*(fetch(page(server.base, "hop")) for _ in range(3)))
        return time.monotonic() - started

    assert run(server, work) >= 0.6


def test_a_host_that_is_led_to_sees_two_requests_at_once_and_no_more(server: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        there = [fetch(page(server.second, "held", robots=False)) for _ in range(4)]
        return list(await asyncio.gather(*there, *(fetch(page(server.base, "hop-held", robots=False)) for _ in range(4))))

    server.together = 2
    assert all(isinstance(outcome, Fetched) for outcome in run(server, work))
    assert server.peak_of_second == 2


def test_an_address_that_wants_to_be_left_alone_is_not_asked_by_way_of_another(server: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        return [await fetch(page(server.base, "hop-limited", robots=False)) for _ in range(2)]

    first, second = map(failed, run(server, work))
    assert (first.status, first.retry_after) == (429, 120)
    assert (second.kind, second.retry_after) == (Failure.TEMPORARY, 120)
    assert second.reason.startswith(f"redirected to {server.second}/retry-seconds: the server asked to be left alone")
    assert server.asked_of_second() == ["retry-seconds"]


def test_two_hosts_that_lead_to_each_other_do_not_wait_for_each_other(server: FaultServer) -> None:
    async def work(fetch: HttpFetch) -> list[Outcome]:
        pairs = [(server.base, "hop"), (server.second, "hop-back")] * 4
        return list(await asyncio.gather(*(fetch(page(base, path)) for base, path in pairs)))

    for outcome in run(server, work, replace(PATIENT, per_host=1, timeout=20.0)):
        assert isinstance(outcome, Fetched), outcome
        assert outcome.body == FEED


def test_all_that_a_redirect_leads_to_has_one_deadline(server: FaultServer) -> None:
    http = replace(PATIENT, timeout=1.2, max_redirects=10)
    outcome = failed(run(server, lambda fetch: fetch(page(server.base, "hop-slow", robots=False)), http))
    assert outcome.kind is Failure.TEMPORARY
    assert "http.timeout" in outcome.reason
    assert len(server.requests) <= 3


def test_time_spent_waiting_for_a_turn_is_none_of_it(server: FaultServer) -> None:
    server.robots_of_second = ("200 OK", b"User-agent: *\nCrawl-delay: 2\n")

    async def work(fetch: HttpFetch) -> Outcome:
        await fetch(page(server.second, "ok"))
        return await fetch(page(server.base, "hop"))

    assert isinstance(run(server, work, replace(PATIENT, timeout=1.5)), Fetched)


def test_an_address_that_repeats_what_was_sent_is_told_without_it(server: FaultServer) -> None:
    wanted = Request(url=f"{server.base}/hop-telling?key=tok-query-5d20&lang=english-only", headers={"X-Key": "tok-head-77aa"})
    outcome = failed(run(server, lambda fetch: fetch(wanted)))
    assert server.asked_of_second() == ["private-feeds/key/tok-query-5d20/lang/english-only/tok-head-77aa"]
    goal = f"{server.second}/private-feeds/key/***/lang/english-only/***"
    assert outcome.reason == f"redirected to {goal}: the server answered 404 Not Found"
