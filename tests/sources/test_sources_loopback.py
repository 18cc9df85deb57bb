"""Seven kinds against a real server on the loopback: the real fetcher, parser, rules and SQLite; only the clock is turned by hand."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from aiwatch import rules
from aiwatch.fetch import HttpFetch
from aiwatch.model import Failed, Failure, Kind, Outcome, PollPlan, Source, Tier, ident
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.settings import Http
from aiwatch.store.sqlite import SqliteStore

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
RULES = rules.load()
LEASE = timedelta(minutes=5)
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><script>_cf_chl_opt={}</script></body></html>"
)

Post = tuple[str, str]  # the last part of its address, its title or first line
OLD: tuple[Post, ...] = (
    ("orchard", "A walk through our orchard"),
    ("kitchen", "What the kitchen cooks in spring"),
    ("library", "New shelves for the library"),
    ("bicycle", "Repairing a bicycle by the river"),
)
SORA: Post = ("introducing-sora", "Introducing Sora, our text-to-video model")


# --- each kind's answer, in its service's shape -----------------------------------------------------------------------------


def rss(base: str, posts: tuple[Post, ...]) -> str:
    rows = "".join(f"<item><title>{title}</title><link>{base}/{slug}</link></item>" for slug, title in posts)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><link>{base}/</link>{rows}</channel></rss>'


def page(_base: str, posts: tuple[Post, ...]) -> str:
    cards = "".join(
        f'<li><a href="/news/{slug}"><h3>{title}</h3></a><time datetime="2026-03-10">today</time></li>' for slug, title in posts
    )
    return f"<!doctype html><html><head><title>News</title></head><body><main><ul>{cards}</ul></main></body></html>"


def sitemap(base: str, posts: tuple[Post, ...]) -> str:
    rows = "".join(f"<url><loc>{base}/news/{slug}</loc><lastmod>2026-03-10</lastmod></url>" for slug, _ in posts)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def github(base: str, posts: tuple[Post, ...]) -> str:
    return json.dumps(
        [
            {
                "tag_name": f"v{len(posts) - place}.0",
                "name": title,
                "html_url": f"{base}/lab/tools/releases/tag/{slug}",
                "draft": False,
                "prerelease": False,
                "published_at": "2026-03-10T08:00:00Z",
                "body": "",
                "author": {"login": "someone"},
            }
            for place, (slug, title) in enumerate(posts)
        ]
    )


def huggingface(_base: str, posts: tuple[Post, ...]) -> str:
    return json.dumps(
        [
            {"id": f"openai/{slug}", "createdAt": "2026-03-10T08:00:00.000Z", "tags": [], "private": False, "downloads": 0}
            for slug, _ in posts
        ]
    )


def bluesky(_base: str, posts: tuple[Post, ...]) -> str:
    return json.dumps(
        {
            "feed": [
                {
                    "post": {
                        "uri": f"at://did:plc:lab/app.bsky.feed.post/{slug}",
                        "author": {"did": "did:plc:lab", "handle": "lab.example"},
                        "record": {"$type": "app.bsky.feed.post", "text": title, "createdAt": "2026-03-10T08:00:00Z"},
                    }
                }
                for slug, title in posts
            ],
            "cursor": "2026-03-10T08:00:00Z",
        }
    )


def hackernews(base: str, posts: tuple[Post, ...]) -> str:
    hits = [
        {
            "objectID": str(ident(slug)),
            "title": title,
            "url": f"{base}/{slug}",
            "points": 120,
            "created_at": "2026-03-10T08:00:00Z",
            "author": "a",
        }
        for slug, title in posts
    ]
    return json.dumps({"hits": hits, "nbHits": len(hits), "page": 0})


@dataclass(frozen=True)
class Service:
    """How a kind's server is asked and answers."""

    kind: Kind
    path: str
    body: Callable[[str, tuple[Post, ...]], str]
    type: str
    options: dict[str, Any] = field(default_factory=dict)
    moves: bool = True  # an address with a question of ours in it is not moved by a redirect


SERVICES = {
    service.kind: service
    for service in (
        Service(Kind.FEED, "/feed.xml", rss, "application/rss+xml"),
        Service(Kind.PAGE, "/news", page, "text/html; charset=utf-8", {"links": "^/news/[a-z-]+$"}),
        Service(Kind.SITEMAP, "/sitemap.xml", sitemap, "application/xml", {"include": ["^/news/"]}),
        Service(Kind.GITHUB, "/repos/lab/tools/releases", github, "application/json"),
        Service(Kind.HUGGINGFACE, "/api/models", huggingface, "application/json", moves=False),
        Service(Kind.BLUESKY, "/xrpc/app.bsky.feed.getAuthorFeed", bluesky, "application/json", moves=False),
        Service(Kind.HACKERNEWS, "/api/v1/search_by_date", hackernews, "application/json", moves=False),
    )
}
every_kind = pytest.mark.parametrize("kind", SERVICES)
ASKS_ROBOTS = {Kind.PAGE, Kind.SITEMAP}


# --- the server -----------------------------------------------------------------------------------------------------------


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """What a server has at each path, and what it was asked. A body has an ETag; who knows it gets a 304."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # path, If-None-Match
    given: list[int] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def listening() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            known = self.headers.get("If-None-Match")
            site.asked.append((path, known))
            answer = site.answers.get(path, Answer(404))
            tag = f'"{ident(answer.body)}"'
            status = 304 if answer.status == 200 and known == tag else answer.status
            site.given.append(status)
            self.send_response(status)
            if answer.status == 200:
                self.send_header("ETag", tag)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            body = b"" if status == 304 else answer.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# --- the house --------------------------------------------------------------------------------------------------------------


@dataclass
class House:
    """One source of a kind, the server behind it, and a clock to turn."""

    service: Service
    site: Site
    store: SqliteStore
    runner: asyncio.Runner
    http: HttpFetch
    source: Source
    now: datetime = START

    def has(self, *posts: Post, path: str | None = None) -> None:
        """The server has these posts now."""
        body = self.service.body(self.site.base, posts).encode()
        self.answers(Answer(body=body, headers={"Content-Type": self.service.type}), path)

    def answers(self, answer: Answer, path: str | None = None) -> None:
        self.site.answers[path or self.service.path] = answer

    async def fetch(self, request: Request) -> Outcome:
        """The real fetcher, held to this machine: an article's page elsewhere is out of reach."""
        if not request.url.startswith(self.site.base):
            return Failed(kind=Failure.TEMPORARY, reason="not on this machine")
        return await self.http(request)

    def poll(self, later: timedelta = timedelta()) -> PollPlan:
        self.now += later
        poller = Poller(store=self.store, fetch=self.fetch, rules=RULES, clock=lambda: self.now, sources=(self.source,))
        (job,) = self.store.claim_due(self.now, 1, LEASE, [self.source.id])
        made = self.runner.run(poll(poller, job))
        assert made is not None
        return made

    def stored(self) -> list[str]:
        """Where the stored items lead, by the last part of the address."""
        return sorted(str(item.url).rpartition("/")[2] for item, _ in self.store.archive())


@pytest.fixture
def house(kind: Kind) -> Iterator[House]:
    service = SERVICES[kind]
    with listening() as site, asyncio.Runner() as runner:
        url = site.base + service.path + ("?per_page=100" if kind is Kind.GITHUB else "")
        source = Source(
            id=f"a-{kind.value}",
            url=url,
            name="The lab",
            kind=kind,
            tier=Tier.PRIMARY,
            vendor="OpenAI",
            lang="en",
            allow_private=True,
            options=service.options,
        )
        store = SqliteStore(":memory:")
        store.sync_sources([source], START)
        made = House(service=service, site=site, store=store, runner=runner, http=None, source=source)  # type: ignore[arg-type]  # set below

        async def opened() -> HttpFetch:
            return await HttpFetch(Http(timeout=5.0, host_gap=0.0), lambda: made.now).__aenter__()

        made.http = runner.run(opened())
        made.has(*OLD)
        yield made
        runner.run(made.http.__aexit__(None, None, None))
        store.close()


def slugs(*posts: Post) -> list[str]:
    return sorted(slug for slug, _ in posts)


# --- what every kind must bear ----------------------------------------------------------------------------------------------


@every_kind
def test_unchanged_is_304_and_what_is_new_is_found_once(house: House, kind: Kind) -> None:
    first = house.poll()
    assert (first.poll.outcome, first.poll.fresh) == ("fetched", 4), first.poll.reason
    again = house.poll(timedelta(hours=1))
    assert (again.poll.outcome, again.items) == ("unchanged", ())
    assert house.site.given[-1] == 304
    assert house.site.asked[-1][1] == first.state.etag
    house.has(SORA, *OLD)
    news = house.poll(timedelta(hours=1))
    assert (news.poll.fresh, news.poll.revised, news.poll.overlap) == (1, 0, True)
    assert house.stored() == slugs(SORA, *OLD)
    if kind not in {Kind.GITHUB, Kind.HUGGINGFACE}:  # a tool's release and a repository's bare name announce no model
        assert [(one.name.casefold(), one.silent) for one in news.folded.announcements] == [("sora", None)]
    house.has(*OLD, SORA)
    assert house.poll(timedelta(hours=1)).items == (), "another order is nothing new"


@every_kind
def test_429_is_left_alone_for_as_long_as_it_asked(house: House, kind: Kind) -> None:
    house.poll()
    house.answers(Answer(429, b"slow down", {"Retry-After": "5400"}))
    refused = house.poll(timedelta(hours=1))
    asked_at, asked = house.now, len(house.site.asked)
    assert (refused.poll.outcome, refused.poll.status) == ("failed", 429)
    assert refused.state.next_poll_at is not None
    assert refused.state.next_poll_at >= asked_at + timedelta(seconds=5400)
    house.has(SORA, *OLD)
    early = house.poll(timedelta(seconds=5399))
    assert len(house.site.asked) == asked, "nothing may be sent inside the window"
    assert "left alone" in str(early.poll.reason)
    assert early.state.next_poll_at is not None
    assert early.state.next_poll_at >= asked_at + timedelta(seconds=5400)
    late = house.poll(timedelta(seconds=2))
    assert len(house.site.asked) > asked
    assert (late.poll.outcome, late.poll.fresh) == ("fetched", 1)
    assert house.stored() == slugs(SORA, *OLD)


@every_kind
def test_410_stops_for_ever_and_keeps_what_was_known(house: House, kind: Kind) -> None:
    house.poll()
    house.answers(Answer(410, b"gone"))
    assert not house.poll(timedelta(hours=1)).state.gone
    made = house.poll(timedelta(days=1))
    assert made.state.gone
    assert [notice.open for notice in made.notices] == [True]
    assert house.store.claim_due(house.now + timedelta(days=400), 9, LEASE) == []
    assert house.stored() == slugs(*OLD)


@every_kind
def test_a_challenge_page_with_status_200_is_a_failure_and_costs_nothing(house: House, kind: Kind) -> None:
    before = house.poll()
    house.answers(Answer(200, CHALLENGE, {"Content-Type": "text/html"}))
    walled = house.poll(timedelta(hours=1))
    assert (walled.poll.outcome, walled.poll.status) == ("failed", 200)
    assert "Cloudflare challenge" in str(walled.poll.reason)
    assert (walled.state.etag, walled.state.item_count) == (before.state.etag, before.state.item_count)
    assert house.stored() == slugs(*OLD)
    house.has(SORA, *OLD)
    back = house.poll(timedelta(hours=1))
    assert (back.poll.fresh, back.state.failures) == (1, 0.0)


@every_kind
def test_an_empty_list_where_there_were_many_is_a_failure(house: House, kind: Kind) -> None:
    house.poll()
    house.has()
    empty = house.poll(timedelta(hours=1))
    assert (empty.poll.outcome, empty.state.item_count) == ("failed", 4)
    assert empty.poll.reason
    assert house.stored() == slugs(*OLD)
    house.has(SORA, *OLD)
    assert house.poll(timedelta(hours=1)).poll.fresh == 1


# --- redirects --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind, service in SERVICES.items() if service.moves])
def test_a_permanent_move_seen_again_on_a_later_day_is_adopted(house: House, kind: Kind) -> None:
    old, new = house.service.path, "/moved" + house.service.path
    house.poll()
    house.answers(Answer(301, headers={"Location": new}))
    house.has(SORA, *OLD, path=new)
    once = house.poll(timedelta(hours=1))
    assert (once.poll.fresh, once.state.url) == (1, None), "followed, and not yet believed"
    house.has(*OLD, SORA, path=new)
    assert house.poll(timedelta(hours=6)).state.url is None, "the same day proves nothing"
    house.has(SORA, *OLD, ("pond", "Ducks on the pond"), path=new)
    confirmed = house.poll(timedelta(hours=20))
    assert confirmed.state.url is not None
    assert confirmed.state.url.startswith(house.site.base + new)
    asked = len(house.site.asked)
    house.has(("roof", "A new roof"), SORA, *OLD, path=new)
    after = house.poll(timedelta(hours=1))
    assert {path for path in house.site.paths()[asked:] if path != "/robots.txt"} >= {new}
    assert old not in house.site.paths()[asked:]
    assert after.poll.fresh == 1, "what was known under the old address is known"


@pytest.mark.parametrize("kind", [Kind.FEED])
def test_a_move_that_passes_is_forgotten(house: House, kind: Kind) -> None:
    house.poll()
    home = house.site.answers[house.service.path]
    house.has(*OLD, SORA, path="/sale.xml")
    house.answers(Answer(301, headers={"Location": "/sale.xml"}))
    assert house.poll(timedelta(hours=1)).state.moved_to is not None
    house.answers(home)
    house.has(*OLD[:3])
    assert house.poll(timedelta(hours=1)).state.moved_to is None
    house.answers(Answer(301, headers={"Location": "/sale.xml"}))
    house.has(SORA, *OLD[:2], path="/sale.xml")
    assert house.poll(timedelta(days=2)).state.url is None, "the days are counted anew"


# --- robots.txt -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.FEED])
def test_a_page_that_decides_is_read_when_robots_txt_can_be_read_again(house: House) -> None:
    house.poll()
    text = "".join(
        f"<p>{line}</p>" for line in ("OpenAI today released GPT-9, its new language model.", *["It is out now."] * 40)
    )
    page = f"<html><head><title>On GPT-9</title></head><body><article><h1>On GPT-9</h1>{text}</article></body></html>"
    house.answers(Answer(body=page.encode(), headers={"Content-Type": "text/html"}), "/on-gpt-9")
    house.answers(Answer(503, b""), "/robots.txt")
    house.has(("on-gpt-9", "On GPT-9 of OpenAI"), *OLD)
    assert house.poll(timedelta(hours=1)).folded.announcements == ()
    house.answers(Answer(404, b""), "/robots.txt")
    made = house.poll(timedelta(hours=1))
    assert [(one.name, one.silent) for one in made.folded.announcements] == [("GPT-9", None)]


@every_kind
def test_robots_txt_is_heeded_where_a_page_is_read(house: House, kind: Kind) -> None:
    house.poll()
    house.now += timedelta(days=2)  # what was known of robots.txt has run out
    asked = len(house.site.asked)
    house.answers(Answer(200, b"User-agent: *\nDisallow: /\n", {"Content-Type": "text/plain"}), "/robots.txt")
    house.has(SORA, *OLD)
    made = house.poll()
    sent = house.site.paths()[asked:]
    if kind in ASKS_ROBOTS:
        assert sent == ["/robots.txt"]
        assert (made.poll.outcome, made.items) == ("failed", ())
        assert "robots.txt" in str(made.poll.reason)
        assert house.stored() == slugs(*OLD)
    else:
        assert sent[0] == house.service.path, "a feed and an interface for programs are there to be asked"
        assert made.poll.outcome == "fetched"
