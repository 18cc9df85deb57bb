"""robots.txt: heeded for pages, asked for once a day, and safe when it is missing, broken or huge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from faultserver import FaultServer, served
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from aiwatch.fetch import Answer, HttpFetch
from aiwatch.fetch.robots import KEPT, MAX_RULES, Robots, group
from aiwatch.model import Failed, Failure, Fetched, Outcome
from aiwatch.ports import Request
from aiwatch.settings import Http

T = TypeVar("T")
RULES = b"User-agent: *\nDisallow: /etag\nAllow: /ok\n\nUser-agent: aiwatch\nDisallow: /gzip\nDisallow: /*.pdf$\n"


@pytest.fixture
def fresh() -> Iterator[FaultServer]:
    yield from served()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def run(
    server: FaultServer, work: Callable[[HttpFetch], Awaitable[T]], clock: Clock | None = None, http: Http | None = None
) -> T:
    async def inside() -> T:
        settings = replace(http or Http(timeout=120.0, inactivity=60.0, host_gap=0.0), allow_private=server.allowed)
        async with HttpFetch(settings, clock or Clock()) as fetch:
            return await work(fetch)

    return asyncio.run(inside())


def page(server: FaultServer, path: str, *, robots: bool = True) -> Request:
    return Request(url=f"{server.base}/{path}", headers={}, robots=robots)


def test_a_page_that_is_asked_not_to_be_fetched_is_not_requested() -> None:
    with FaultServer(robots=("200 OK", RULES)) as server:

        async def work(fetch: HttpFetch) -> list[Outcome]:
            return [await fetch(page(server, path)) for path in ("gzip", "x.pdf", "etag", "ok")]

        no, pdf, ours, yes = run(server, work)
        assert isinstance(no, Failed)
        assert no.kind is Failure.BLOCKED
        assert "robots.txt" in no.reason
        assert isinstance(pdf, Failed)
        assert isinstance(ours, Fetched), "the group of our own name replaces the one for all"
        assert isinstance(yes, Fetched)
        assert server.paths() == ["robots.txt", "etag", "ok"]


def test_feeds_are_fetched_without_asking() -> None:
    with FaultServer(robots=("200 OK", RULES)) as server:
        assert isinstance(run(server, lambda fetch: fetch(page(server, "gzip", robots=False))), Fetched)
        assert server.paths() == ["gzip"]


def test_a_user_may_switch_it_off() -> None:
    with FaultServer(robots=("200 OK", RULES)) as server:
        http = Http(timeout=120.0, inactivity=60.0, host_gap=0.0, respect_robots=False)
        assert isinstance(run(server, lambda fetch: fetch(page(server, "gzip")), http=http), Fetched)


def test_it_is_asked_for_once_a_day_however_many_pages_are_wanted() -> None:
    with FaultServer(robots=("200 OK", RULES)) as server:
        clock = Clock()

        async def work(fetch: HttpFetch) -> None:
            await asyncio.gather(*(fetch(page(server, "ok")) for _ in range(5)))
            clock.now += timedelta(hours=23)
            await fetch(page(server, "ok"))
            assert server.paths().count("robots.txt") == 1
            clock.now += timedelta(hours=2)
            await fetch(page(server, "ok"))

        run(server, work, clock)
        assert server.paths().count("robots.txt") == 2


@pytest.mark.parametrize(
    ("robots", "kind"),
    [
        (("404 Not Found", b""), None),
        (("403 Forbidden", b"no"), None),
        (("500 Internal Server Error", b""), Failure.TEMPORARY),
        (("503 Service Unavailable", b""), Failure.TEMPORARY),
        (("429 Too Many Requests", b""), Failure.TEMPORARY),
        (("200 OK", b"<!doctype html><html><title>Welcome</title>Disallow: /ok"), None),
        (("200 OK", b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /ok\r\n"), Failure.BLOCKED),
        (("200 OK", b"# x\n" * 200_000 + b"User-agent: *\nDisallow: /ok\n"), None),
        (("200 OK", b"User-agent: *\nDisallow: /ok\n" + b"# x\n" * 400_000), Failure.BLOCKED),
        (("200 OK", bytes(range(256)) * 100), None),
    ],
)
def test_what_the_answer_means(robots: tuple[str, bytes], kind: Failure | None) -> None:
    with FaultServer(robots=robots) as server:
        outcome = run(server, lambda fetch: fetch(page(server, "ok")))
        assert isinstance(outcome, Fetched) is (kind is None), outcome
        assert kind is None or (isinstance(outcome, Failed) and outcome.kind is kind)


def test_that_it_cannot_be_read_is_a_trouble_that_ends_and_says_when(fresh: FaultServer) -> None:
    fresh.robots = ("503 Service Unavailable", b"")
    clock = Clock()

    async def work(fetch: HttpFetch) -> list[Outcome]:
        outcomes = [await fetch(page(fresh, "ok"))]
        clock.now += timedelta(minutes=20)
        outcomes.append(await fetch(page(fresh, "ok")))
        fresh.robots = ("404 Not Found", b"")
        clock.now += timedelta(minutes=10)
        outcomes.append(await fetch(page(fresh, "ok")))
        return outcomes

    *waiting, there = run(fresh, work, clock)
    assert [one.retry_after for one in waiting if isinstance(one, Failed)] == [1800, 600]
    assert isinstance(there, Fetched)


def test_rules_once_known_stay_in_force_while_the_server_is_unwell() -> None:
    with FaultServer(robots=("200 OK", RULES)) as server:
        clock = Clock()

        async def work(fetch: HttpFetch) -> tuple[Outcome, Outcome]:
            await fetch(page(server, "ok"))
            server.robots = ("500 Internal Server Error", b"")
            clock.now += timedelta(hours=25)
            return await fetch(page(server, "ok")), await fetch(page(server, "gzip"))

        yes, no = run(server, work, clock)
        assert isinstance(yes, Fetched)
        assert isinstance(no, Failed)


@pytest.mark.parametrize("known", [404, 200], ids=["there is none", "it holds no rule for us"])
@pytest.mark.parametrize("lost", [None, 503, 429])
def test_that_all_is_allowed_stays_known_while_robots_txt_cannot_be_had(known: int, lost: int | None) -> None:
    clock = Clock()
    answers: list[int | None] = [known, lost, lost, known]

    async def ask(url: str, _private: bool) -> Answer | Failed:
        status = answers.pop(0)
        if status is None:
            return Failed(kind=Failure.SOFT, reason="the connection broke")
        return Answer(url=url, status=status, headers={}, body=b"")

    async def scene() -> list[bool]:
        robots = Robots(ask, agent="aiwatch", clock=clock)
        said = []
        for wait in (timedelta(), timedelta(hours=25), timedelta(minutes=31), timedelta(minutes=31), timedelta(hours=23)):
            clock.now += wait
            said.append((await robots.verdict("https://lab.example/a", allow_private=False)).allowed)
        return said

    assert asyncio.run(scene()) == [True] * 5
    assert not answers, "it is asked for again every half hour until it is there, and then once a day"


def test_a_robots_txt_that_was_never_read_forbids_until_it_is() -> None:
    clock = Clock()
    answers = [503, 503, 404]

    async def ask(url: str, _private: bool) -> Answer | Failed:
        return Answer(url=url, status=answers.pop(0), headers={}, body=b"")

    async def scene() -> list[bool]:
        robots = Robots(ask, agent="aiwatch", clock=clock)
        said = []
        for _ in range(3):
            said.append((await robots.verdict("https://lab.example/a", allow_private=False)).allowed)
            clock.now += timedelta(minutes=31)
        return said

    assert asyncio.run(scene()) == [False, False, True], "a refusal that only stands in for an answer is no verdict to keep"


def test_a_crawl_delay_spaces_the_requests() -> None:
    with FaultServer(robots=("200 OK", b"User-agent: *\nCrawl-delay: 0.2\n")) as server:

        async def work(fetch: HttpFetch) -> float:
            loop = asyncio.get_running_loop()
            await fetch(page(server, "ok"))
            started = loop.time()
            await asyncio.gather(*(fetch(page(server, "ok")) for _ in range(3)))
            return loop.time() - started

        assert run(server, work) >= 0.4


def test_a_crawl_delay_that_is_said_no_more_is_heeded_no_more() -> None:
    with FaultServer(robots=("200 OK", b"User-agent: *\nCrawl-delay: 0.5\n")) as server:
        clock = Clock()

        async def work(fetch: HttpFetch) -> float:
            loop = asyncio.get_running_loop()
            await fetch(page(server, "ok"))
            server.robots = ("200 OK", b"User-agent: *\nDisallow: /no\n")
            clock.now += timedelta(hours=25)
            await fetch(page(server, "ok"))
            started = loop.time()
            await asyncio.gather(*(fetch(page(server, "ok")) for _ in range(8)))
            return loop.time() - started

        assert run(server, work, clock) < 2.0, "half a second between two of eight would be four seconds"


def test_what_was_read_while_the_clock_was_ahead_is_asked_for_again_when_it_is_right() -> None:
    asked: list[str] = []
    clock = Clock()

    async def ask(url: str, _private: bool) -> Answer | Failed:
        asked.append(url)
        return (
            Answer(url=url, status=503, headers={}, body=b"")
            if len(asked) == 1
            else Answer(url=url, status=404, headers={}, body=b"")
        )

    async def scene() -> list[bool]:
        robots = Robots(ask, agent="aiwatch", clock=clock)
        said = [await robots.verdict("https://lab.example/a", allow_private=False)]
        clock.now -= timedelta(days=10)
        said.append(await robots.verdict("https://lab.example/a", allow_private=False))
        return [one.allowed for one in said]

    assert asyncio.run(scene()) == [False, True]


def verdicts(body: str, *paths: str) -> list[bool]:
    """What a robots.txt says of each path."""

    async def ask(url: str, _private: bool) -> Answer | Failed:
        return Answer(url=url, status=200, headers={}, body=body.encode())

    async def scene() -> list[bool]:
        robots = Robots(ask, agent="aiwatch", clock=Clock())
        return [(await robots.verdict(f"https://lab.example{path}", allow_private=False)).allowed for path in paths]

    return asyncio.run(scene())


@pytest.mark.parametrize("ours", ["", "User-agent: aiwatch\n", "User-agent: *\n"])
def test_each_rule_is_read_once_however_many_agents_its_group_names(ours: str) -> None:
    agents = "".join(f"User-agent: a{n}\n" for n in range(10_000))
    text = f"{agents}{ours}" + "".join(f"Disallow: /{n}/\n" for n in range(10_000))
    assert len(group(text, "aiwatch")) == (10_000 if ours else 0), "and not a hundred million"
    assert verdicts(text, "/9999/a", "/x") == [not ours, True]


def test_rules_beyond_any_reason_are_left_out() -> None:
    text = "User-agent: *\n" + "Disallow: /no\n" * (MAX_RULES + 5)
    assert len(group(text, "aiwatch")) == MAX_RULES


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("User-agent: *\nDisallow: /a\nUser-agent: other\nDisallow: /b\nUser-agent: *\nDisallow: /c", ["/a", "/c"]),
        ("User-agent: aiwatch\nDisallow: /a\nUser-agent: *\nDisallow: /b\nUser-agent: AIwatch/1.0\nAllow: /c", ["/a", "/c"]),
        ("User-agent: *\nUser-agent: other\n\n# all\nSitemap: /s\nUser-agent: aiwatch\nDisallow: /a # not", ["/a"]),
        ("User-agent: *\nDisallow: /a\nUser-agent: aiwatch", []),
        ("User-agent: *\nDisallow: /a\nUser-agent: aiwatcher\nDisallow: /b\nUser-agent: ai\nDisallow: /c", ["/a"]),
        ("User-agent: *\nDisallow: /a\nUser-agent:\nDisallow: /b", ["/a"]),
        ("Disallow: /a\nUser-agent: other\nDisallow: /b", []),
    ],
)
def test_groups_that_name_us_are_one_and_take_the_place_of_those_for_all(text: str, rules: list[str]) -> None:
    assert [line.partition(": ")[2] for line in group(text, "aiwatch")] == rules


LINES = [
    "User-agent: *", "User-agent: aiwatch", "USERAGENT:AIWATCH", "user  agent aiwatch*", "User-agent: other", "User-agent:",
    "User-agent: **", "Disallow: /a", "disalow /b", "Allow: /a/b", "Disallow:", "Disallow: /*.pdf$", "Crawl-delay: 2", "Noindex: /a",
    "Sitemap: https://x/s", "Host x", "", "# User-agent: *", "Allow: /b # User-agent: *", "what is this",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_what_holds_for_us_is_what_protego_makes_of_the_whole_file(lines: list[str]) -> None:
    text, paths = "\n".join(lines), ("/a", "/a/b", "/b", "/x.pdf", "/")
    whole = Protego.parse(text)
    assert verdicts(text, *paths) == [whole.can_fetch(f"https://lab.example{path}", "aiwatch") for path in paths]


def test_the_rules_of_many_origins_are_bounded_in_bytes() -> None:
    asked: list[str] = []

    async def ask(url: str, _private: bool) -> Answer | Failed:
        asked.append(url)
        return Answer(url=url, status=200, headers={}, body=b"User-agent: *\nDisallow: /no\nAllow: /" + b"x" * 400_000)

    async def scene() -> None:
        robots = Robots(ask, agent="aiwatch", clock=Clock())
        for n in range(30):
            assert not (await robots.verdict(f"https://h{n}.example/no", allow_private=False)).allowed
        assert sum(known.size for known in robots._known.values()) <= KEPT
        assert robots._size == sum(known.size for known in robots._known.values())
        assert robots._locks.keys() == robots._known.keys()
        await robots.verdict("https://h29.example/", allow_private=False)
        assert len(asked) == 30, "the newest are kept"
        await robots.verdict("https://h0.example/", allow_private=False)
        assert len(asked) == 31, "the oldest are asked for again"

    asyncio.run(scene())


def test_what_is_pushed_out_while_it_is_asked_for_is_counted_once() -> None:
    clock = Clock()
    heavy = b"User-agent: *\nAllow: /" + b"x" * 400_000

    async def ask(url: str, _private: bool) -> Answer | Failed:
        if url == "https://h0.example/robots.txt" and len(robots._known) == 1:
            await crowd()
        return Answer(url=url, status=200, headers={}, body=heavy)

    async def crowd() -> None:
        for n in range(1, 12):
            await robots.verdict(f"https://h{n}.example/", allow_private=False)

    robots = Robots(ask, agent="aiwatch", clock=clock)

    async def scene() -> None:
        await robots.verdict("https://h0.example/", allow_private=False)
        clock.now += timedelta(hours=25)
        await robots.verdict("https://h0.example/", allow_private=False)
        assert robots._size == sum(known.size for known in robots._known.values())

    asyncio.run(scene())
