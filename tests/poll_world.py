"""What a poll's tests play with: a clock to turn, feeds to serve, and the poller over the real parser, rules, stories and SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiwatch import rules
from aiwatch.model import Failed, Failure, Fetched, Kind, Outcome, PollPlan, Source, Tier
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.rules import RuleSet
from aiwatch.settings import Subscription
from aiwatch.store.sqlite import SqliteStore

START = datetime(2024, 2, 15, 12, 0, tzinfo=UTC)
RULES = rules.load()
VENDOR = Source(id="openai-blog", url="https://openai.example/feed", name="OpenAI", vendor="OpenAI", tier=Tier.PRIMARY, lang="en")
PRESS = Source(id="daily", url="https://daily.example/feed", name="The Daily", lang="en")
KOREAN = Source(id="ilbo", url="https://ilbo.example/feed", name="일보", lang="ko", timezone="Asia/Seoul")
SITEMAP = Source(
    id="map", url="https://lab.example/sitemap.xml", kind=Kind.SITEMAP, vendor="OpenAI", tier=Tier.PRIMARY, lang="en"
)
LEASE = timedelta(minutes=5)
OLD = ("old", "A look back at our year", "What we did.", START - timedelta(days=30))

Entry = tuple[str, str, str, datetime]  # path, title, summary, published


def feed(source: Source, *entries: Entry) -> bytes:
    rows = "".join(
        f"<item><title>{escape(title)}</title><link>{source.url}/{path}</link><description>{escape(text)}</description>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for path, title, text, at in entries
    )
    head = f"<title>{source.name}</title><link>{source.url}</link>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{rows}</channel></rss>'.encode()


PAGE = (
    "<html><head><title>x</title></head><body><article><h1>GPT-9</h1><p>OpenAI on Thursday released GPT-9, a new language model that it "
    "calls its most capable so far. The model is available to everybody from today, the company said."
    "</p></article></body></html>"
)


@dataclass
class World:
    """A clock to turn, answers to give, and the poller between them."""

    store: SqliteStore
    now: datetime = START
    answers: dict[str, Outcome | bytes] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    subscriptions: tuple[Subscription, ...] = (Subscription(id="all", title="All", schedule="hourly"),)
    sources: tuple[Source, ...] = (VENDOR, PRESS, KOREAN)
    rules: RuleSet = RULES

    async def fetch(self, request: Request) -> Outcome:
        self.requests.append(request)
        answer = self.answers.get(request.url, Failed(kind=Failure.HARD, reason="HTTP 404", status=404))
        if isinstance(answer, bytes):
            return Fetched(url=request.url, status=200, headers={"content-type": "application/rss+xml"}, body=answer)
        return answer

    def polled_once(self, *sources: Source) -> None:
        """The first poll of each, which brings one old item."""
        for source in sources:
            self.serve(source, OLD)
            self.poll(source)

    def poll(self, source: Source) -> PollPlan:
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731
        poller = Poller(
            store=self.store,
            fetch=self.fetch,
            rules=self.rules,
            clock=clock,
            sources=self.sources,
            subscriptions=self.subscriptions,
        )
        (job,) = self.store.claim_due(self.now, 1, LEASE, [source.id])
        made = asyncio.run(poll(poller, job))
        assert made is not None
        return made

    def serve(self, source: Source, *entries: Entry) -> None:
        self.answers[source.url] = feed(source, *entries)

    def told(self) -> list[tuple[str, str, str]]:
        return [(one.name, one.stage.value, one.source_id) for one in self.store.pending("all", self.now + timedelta(days=1))]


@contextmanager
def opened(path: str = ":memory:", now: datetime = START) -> Iterator[World]:
    """A world over a store, an empty one in memory or a file, its sources listed."""
    store = SqliteStore(path)
    made = World(store=store, now=now)
    store.sync_sources(made.sources, made.now)
    yield made
    store.close()


def sitemap(*slugs: str) -> bytes:
    rows = "".join(f"<url><loc>https://lab.example/news/{slug}</loc></url>" for slug in slugs)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def turn(world: World, *slugs: str, **later: float) -> PollPlan:
    world.now += timedelta(**later)
    world.answers[SITEMAP.url] = sitemap(*slugs)
    return world.poll(SITEMAP)
