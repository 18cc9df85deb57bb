"""The daily canary: a made-up announcement goes the whole way, from a feed on loopback to a webhook on loopback.

It takes the real fetcher, parser, rules, stories, store (in memory), composing and sender, so that a daemon which still ticks but finds or
sends nothing any more is seen. It touches neither the real database nor any recipient.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from aiwatch import app, deliver, publish
from aiwatch.model import Source, Tier
from aiwatch.poll import poll
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.store.sqlite import SqliteStore

PATIENCE = 20.0  # seconds for the whole way
LARGEST = 1024 * 1024


@dataclass(slots=True)
class Perch:
    """A feed with one new model, and what was told of it."""

    feed: bytes = b""
    told: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One HTTP/1.1 exchange."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(min(int(fields.get("content-length", 0)), LARGEST))
            if head.startswith("POST"):
                self.told += [one["name"] for one in json.loads(body).get("announcements", [])]
            answer = self.feed if head.startswith("GET") else b"{}"
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
        writer.close()


async def sing(config: Config, now: datetime) -> bool:
    """Send the canary once; whether its announcement arrived, once."""
    name = f"Canary-{now:%y%j}"
    perch = Perch(feed=_feed(name, now))
    try:
        async with asyncio.timeout(PATIENCE), _listening(perch) as port:
            await _fly(_own(config, port), now)
    except TimeoutError:
        return False
    return perch.told == [name]


def _feed(name: str, now: datetime) -> bytes:
    item = f"<item><title>Introducing {name}, our new language model</title><link>http://canary.example/{name}</link>"
    item += f"<pubDate>{format_datetime(now)}</pubDate></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Canary</title>{item}</channel></rss>'.encode()


@asynccontextmanager
async def _listening(perch: Perch) -> AsyncIterator[int]:
    server = await asyncio.start_server(perch.answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _own(config: Config, port: int) -> Config:
    """The configuration with nothing but the canary's own source, recipient and digest."""
    here = f"http://127.0.0.1:{port}"
    source = Source(id="canary", url=f"{here}/feed", vendor="OpenAI", tier=Tier.PRIMARY, lang="en")
    recipient = Recipient(id="canary", channel=Channel.WEBHOOK, address=Secret(f"{here}/hook"))
    digest = Subscription(id="canary", title="Canary", schedule="immediate", recipients=("canary",))
    http = replace(config.http, allow_private=(f"127.0.0.1:{port}",), respect_robots=False)
    return Config(
        database=":memory:", sources=(source,), http=http, subscriptions=(digest,), recipients=(recipient,), rules=config.rules
    )


async def _fly(config: Config, now: datetime) -> None:
    with SqliteStore(":memory:") as store:
        store.sync_sources(config.sources, now)
        async with app.service(config, store, lambda: now) as service:
            publish.compose_due(store, config, now)
            for job in store.claim_due(now, 1, timedelta(minutes=1)):
                await poll(service.poller, job)
            publish.compose_due(store, config, now)
            await deliver.flush(deliver.Courier(store=store, send=service.send, config=config, clock=lambda: now))
