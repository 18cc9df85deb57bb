"""A small archive of February 2024, made by the real pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from xml.sax.saxutils import escape

from starlette.testclient import TestClient

from aiwatch import deliver, publish, rules
from aiwatch.model import Delivery, Fetched, Outcome, Receipt, Source, Tier, Verdict
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.store.sqlite import SqliteStore

NOW = datetime(2024, 2, 22, 12, 0, tzinfo=UTC)
RULES = rules.load()
OPENAI = Source(id="openai", url="https://openai.example/feed", name="OpenAI News", vendor="OpenAI", tier=Tier.PRIMARY, lang="en")
GOOGLE = Source(id="google", url="https://google.example/feed", name="The Keyword", vendor="Google", tier=Tier.PRIMARY, lang="en")
DAILY = Source(id="daily", url="https://daily.example/feed", name="The Daily <b>", lang="en")
ILBO = Source(id="ilbo", url="https://ilbo.example/feed", name="일보", lang="ko", timezone="Asia/Seoul")
HOSTILE = "<script>alert(1)</script>{{7*7}} =cmd() \u202eevil"

Entry = tuple[Source, str, str, str, datetime]
DAY = {day: datetime(2024, 2, day, 18, 0, tzinfo=UTC) for day in range(10, 23)}
NEWS: tuple[Entry, ...] = (
    (
        OPENAI,
        "sora",
        "Introducing Sora, our text-to-video model",
        "Today we are introducing Sora, our text-to-video model.",
        DAY[15],
    ),
    (DAILY, "sora", "OpenAI unveils Sora, a new AI model that turns text into video", "", DAY[15] + timedelta(minutes=40)),
    (ILBO, "sora", "오픈AI, 텍스트를 동영상으로 만드는 AI 모델 '소라' 공개", "", DAY[15] + timedelta(minutes=55)),
    (DAILY, "opinion", "Opinion: OpenAI's Sora is dazzling, and it should worry us", "", DAY[16]),
    (GOOGLE, "gemma", "Introducing Gemma, a family of open models", "Weights are available today.", DAY[21]),
    (ILBO, "gemma", "구글, 오픈소스 AI 모델 '젬마' 공개", "", DAY[21] + timedelta(hours=1)),
    (DAILY, "rumour", "OpenAI is reportedly preparing to launch GPT-5 this summer, sources say", "", DAY[18]),
    (DAILY, "hostile", HOSTILE, "<img src=x onerror=alert(1)>", DAY[19]),
    (DAILY, "crab", "A hermit crab for the children", "소라게 키우기", DAY[20]),
)
RECIPIENT = Recipient(id="me", channel=Channel.EMAIL, address=Secret("me@example.org"))
DIGEST = Subscription(id="daily", title="New AI models", schedule="immediate", recipients=("me",), timezone="Asia/Seoul")


def feed(source: Source, until: datetime) -> bytes:
    rows = "".join(
        f"<item><title>{escape(escape(title))}</title><link>{source.url}/{path}</link><description>{escape(text)}</description>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for one, path, title, text, at in NEWS
        if one is source and at <= until
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>{rows}</channel></rss>'.encode()


def fill(path: str) -> None:
    """Poll every source after each piece of news, and send what is due."""
    sources = (OPENAI, GOOGLE, DAILY, ILBO)
    moments = [DAY[10], *sorted({at + timedelta(minutes=1) for *_, at in NEWS}), NOW]
    config = Config(database=path, sources=sources, subscriptions=(DIGEST,), recipients=(RECIPIENT,))

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        return Receipt(verdict=Verdict.SENT, answer="250 kept")

    with SqliteStore(path) as store:
        store.sync_sources(sources, DAY[10])
        for now in moments:
            asyncio.run(_pass(store, config, now))
            asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=partial(_same, now))))
        store.heartbeat(NOW, "tick")


def _same(now: datetime) -> datetime:
    return now


async def _pass(store: SqliteStore, config: Config, now: datetime) -> None:
    async def fetch(request: Request) -> Outcome:
        source = next((one for one in config.sources if one.url == request.url), None)
        body = feed(source, now) if source else b"<html></html>"
        return Fetched(url=request.url, status=200, headers={}, body=body)

    poller = Poller(
        store=store, fetch=fetch, rules=RULES, clock=lambda: now, sources=config.sources, subscriptions=config.subscriptions
    )
    for job in store.claim_due(now, 9, timedelta(minutes=1), [one.id for one in config.sources]):
        await poll(poller, job)
    publish.compose_due(store, config, now)


CONFIG = Config(database="", sources=(OPENAI, GOOGLE, DAILY, ILBO), subscriptions=(DIGEST,), recipients=(RECIPIENT,))
MakeClient = Callable[..., TestClient]
