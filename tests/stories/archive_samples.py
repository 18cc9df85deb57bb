"""A small archive in a real database, brought by real polls from feeds that stand in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from click.testing import CliRunner, Result

from aiwatch import poll, rules
from aiwatch.cli import cli
from aiwatch.model import EMPTY, Announcement, Failed, Failure, Fetched, Item, Outcome, Source, Tier
from aiwatch.ports import Request
from aiwatch.settings import Subscription
from aiwatch.store.sqlite import SqliteStore

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WIRE = Source(id="wire", name="Wire", url="https://wire.example/feed", lang="en")
LAB = Source(id="openai", name="OpenAI News", url="https://openai.com/news/rss.xml", tier=Tier.PRIMARY, vendor="OpenAI")
GPT = "OpenAI releases GPT-9, its new flagship language model"
FUNDS = "OpenAI raises money to build data centres"


def _entry(source: Source) -> str:
    vendor = f'vendor = "{source.vendor}"\n' if source.vendor else ""
    return f'[[source]]\nid = "{source.id}"\nname = "{source.name}"\nurl = "{source.url}"\ntier = "{source.tier}"\n{vendor}'


@dataclass
class Newsroom:
    """A directory with configuration and database, whose feeds say what the test has put into them."""

    directory: Path
    sources: tuple[Source, ...] = (WIRE, LAB)
    clock: datetime = START
    entries: dict[str, list[tuple[str, str, datetime]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        listed = "\n".join(map(_entry, self.sources))
        (self.directory / "sources.toml").write_text(listed, "utf-8")
        (self.directory / "aiwatch.toml").write_text("# mine\n[polling]\nalert_window_hours = 72\n", "utf-8")

    @property
    def database(self) -> str:
        return str(self.directory / "news.db")

    def publish(self, source: Source, title: str, summary: str = "", *, ago: timedelta = timedelta(minutes=5)) -> str:
        """Put an entry into a feed; its address."""
        entries = self.entries.setdefault(source.id, [])
        entries.insert(0, (title, summary, self.clock - ago))
        return self.address(source, title)

    def address(self, source: Source, title: str) -> str:
        slug = "-".join(title.lower().split())[:40].replace(",", "")
        return f"{source.url.rsplit('/', 1)[0]}/{slug}"

    async def fetch(self, request: Request) -> Outcome:
        source = next((one for one in self.sources if one.url == request.url), None)
        if source is None:
            return Failed(kind=Failure.HARD, reason="404", status=404)
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.address(source, title)}</link><guid>{self.address(source, title)}</guid>"
            f"<description>{escape(summary)}</description><pubDate>{format_datetime(at)}</pubDate></item>"
            for title, summary, at in self.entries.get(source.id, [])
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{source.name}</title>{items}</channel></rss>'
        return Fetched(url=source.url, status=200, headers={"content-type": "application/rss+xml"}, body=body.encode())

    def tick(self) -> datetime:
        """The time, a moment later at every look."""
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def poll(self, overlay: str | None = None, subscriptions: Sequence[Subscription] = ()) -> list[Announcement]:
        """Poll every source with entries, an hour later; what was told."""
        self.clock += timedelta(hours=1)
        with SqliteStore(self.database) as store:
            poller = poll.Poller(
                store=store,
                fetch=self.fetch,
                rules=rules.load(overlay),
                clock=self.tick,
                sources=self.sources,
                subscriptions=tuple(subscriptions),
            )
            store.sync_sources(self.sources, self.clock)
            jobs = store.claim_due(self.clock, 99, timedelta(minutes=5), only=list(self.entries))
            plans = [plan for job in jobs if (plan := asyncio.run(poll.poll(poller, job)))]
        return [one for plan in plans for one in plan.folded.announcements if one.silent is None]

    def run(self, *args: str, stdin: str | None = None) -> Result:
        """An ``aiwatch`` command in this directory."""
        config = str(self.directory / "aiwatch.toml")
        return CliRunner().invoke(cli, ["-c", config, "--db", self.database, *args], input=stdin, env=dict(EMPTY))


class Overtaken(SqliteStore):
    """A store beside which another poll begins and is written while the one that reads from it is at work."""

    def __init__(self, path: str, other: Callable[[], object]) -> None:
        super().__init__(path)
        self._other = other

    def owed(self, source_id: str, since: datetime) -> list[Item]:
        with ThreadPoolExecutor(1) as beside:
            beside.submit(self._other).result()
        return super().owed(source_id, since)
