"""Real feeds as they were on a dozen days, served one after the other: every new item is found, none twice, a gap is named.

The short form of ``bench/history.py``, for two feeds; an independent reader (feedparser) says what each day's file holds.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from aiwatch import rules
from aiwatch.model import Fetched, Outcome, PollPlan, Source, Tier
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.store.sqlite import SqliteStore
from aiwatch.urls import page_key

HISTORY = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "feeds" / "history"
FEEDS = ("ollama", "anthropic_news")
RULES = rules.load()

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not HISTORY.is_dir(), reason="the captured feeds are not beside this checkout (../shared/data/feeds/history)"
    ),
]


def files(name: str) -> list[tuple[datetime, bytes]]:
    """When each file was taken, and what it holds."""
    paths = sorted((HISTORY / name).glob("*.xml"))
    return [(datetime.strptime(path.stem, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), path.read_bytes()) for path in paths]


def entries(body: bytes) -> set[str]:
    """The addresses of a body's entries, as the independent reader sees them."""
    return {page_key(entry["link"]) for entry in feedparser.parse(body).entries}


@dataclass
class Watcher:
    """One source that is polled at given moments from given bytes."""

    store: SqliteStore
    source: Source
    plans: list[PollPlan] = field(default_factory=list)

    def poll(self, at: datetime, body: bytes) -> PollPlan:
        async def fetch(request: Request) -> Outcome:
            if request.url == self.source.url:
                return Fetched(url=request.url, status=200, headers={"content-type": "application/xml"}, body=body)
            return Fetched(url=request.url, status=200, headers={}, body=b"<html><body>an article elsewhere</body></html>")

        poller = Poller(store=self.store, fetch=fetch, rules=RULES, clock=lambda: at, sources=(self.source,))
        (job,) = self.store.claim_due(at, 1, timedelta(minutes=5), [self.source.id])
        made = asyncio.run(poll(poller, job))
        assert made is not None
        assert made.poll.outcome != "failed", made.poll.reason
        self.plans.append(made)
        return made

    def stored(self) -> Counter[str]:
        """How often each address is in the store."""
        return Counter(page_key(str(item.url)) for item, _ in self.store.archive())


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    store = SqliteStore(":memory:")
    source = Source(id="captured", url="https://captured.example/feed", name="Captured", tier=Tier.PRIMARY, lang="en")
    store.sync_sources([source], datetime(2025, 1, 1, tzinfo=UTC))
    yield Watcher(store=store, source=source)
    store.close()


@pytest.mark.parametrize("name", FEEDS)
def test_every_item_that_was_ever_there_is_stored_once_and_no_step_is_reached_twice(watcher: Watcher, name: str) -> None:
    seen: set[str] = set()
    for at, body in files(name):
        here = entries(body)
        made = watcher.poll(at, body)
        assert {page_key(str(item.url)) for item in made.items if item.revision == 1} == here - seen, at
        assert made.poll.fresh == len(here - seen), at
        if seen:
            assert made.poll.overlap is bool(here & seen), at
            assert (made.poll.gap_since is None) is bool(here & seen), at
        seen |= here
    assert len(seen) > len(entries(files(name)[0][1])), "something was published in that time"
    assert watcher.stored() == dict.fromkeys(seen, 1)
    steps = [(one.story_id, one.stage) for made in watcher.plans for one in made.folded.announcements]
    assert steps, "both archives have models in them, told or recorded silently as too old"
    assert len(steps) == len(set(steps)), "no step of a story is reached twice"


@pytest.mark.parametrize("name", FEEDS)
def test_the_same_bytes_again_bring_nothing(watcher: Watcher, name: str) -> None:
    at, body = files(name)[0]
    watcher.poll(at, body)
    again = watcher.poll(at + timedelta(hours=1), body)
    assert (again.poll.outcome, again.items) == ("unchanged", ())


@pytest.mark.parametrize("name", FEEDS)
def test_items_that_slipped_by_between_two_polls_are_named_as_a_gap(watcher: Watcher, name: str) -> None:
    """The last file without all that the first one had: nothing proves that nothing was lost in between."""
    (first_at, first), *_, (last_at, last) = files(name)
    known = entries(first)

    def unknown(match: re.Match[bytes]) -> bytes:
        return b"" if entries(b"<rss version='2.0'><channel>" + match[0] + b"</channel></rss>") & known else match[0]

    cut = re.sub(rb"<item>.*?</item>", unknown, last, flags=re.DOTALL)
    assert entries(cut) == entries(last) - known
    watcher.poll(first_at, first)
    made = watcher.poll(last_at, cut)
    assert made.poll.fresh == len(entries(cut)) > 0
    assert (made.poll.overlap, made.poll.gap_since) == (False, first_at)
    found = watcher.store.watch(first_at - timedelta(hours=1), last_at + timedelta(hours=1))
    assert [(source, since, until) for source, since, until in found.gaps] == [("captured", first_at, last_at)]
