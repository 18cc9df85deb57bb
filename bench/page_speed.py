"""How quickly the pages answer over a large database: p50 and p95 of every page and API route, and memory before and after.

    python bench/page_speed.py [--path FILE] [--documents 1000000] [--stories 20000] [--rounds 30] [--only /race]

The database is the one of ``query_speed`` (generated where FILE is absent). Requests go through the whole application in this process
(headers, gate, rate, template), then a few through a real socket of uvicorn. One column asks after something was written, when what was
kept is older than a minute. Passes when p95 of every page and route is at most 100 ms, by the clock or (on a machine with busy
neighbours) by the processor time it took, and memory stays flat.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from aiwatch import rules
from aiwatch.model import Filter
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.web.app import make_app, settle
from query_speed import BEGIN, YEAR, generate, resident

LIMIT_MS = 100.0
NOW = BEGIN + YEAR - timedelta(hours=1)
HOST = "http://127.0.0.1"
Get = Callable[[str], Awaitable[httpx.Response]]


ADDRESSES = {  # what is asked, by name; ``addresses`` fills in what the database has
    "today": "/",
    "today, vendor and modality": "/?vendor=Google&modality=video",
    "today, since 7d": "/?since=7d",
    "today, page 200": "/?cursor={deep}",
    "today, 100 cards": "/?limit=100",
    "rumours": "/rumors",
    "race, month": "/race?at={month}",
    "race, quarter": "/race?zoom=quarter&at={month}",
    "race, year": "/race?zoom=year&at={month}",
    "race, a year's first month": "/race?at={begin}",
    "race, video of a year": "/race?zoom=year&modality=video&at={month}",
    "story": "/story/{story}",
    "story, most covered": "/story/{busy}",
    "search, empty": "/search",
    "search 소라": "/search?q=소라",
    "search common word": "/search?q=model",
    "search vendor and word": "/search?q=vendor:google+model",
    "sources": "/sources",
    "source": "/sources/source-3",
    "explain, a headline": "/explain?q=OpenAI unveils Sora, a new AI model that turns text into video",
    "explain, an item": "/explain?q={item}",
    "digests": "/digests",
    "nothing there": "/story/none",
    "api announcements": "/api/v1/announcements",
    "api announcements, 200": "/api/v1/announcements?limit=200",
    "api stories": "/api/v1/stories",
    "api story": "/api/v1/stories/{busy}",
    "api search": "/api/v1/search?q=소라",
    "api sources": "/api/v1/sources",
    "api gaps": "/api/v1/gaps",
    "api stats": "/api/v1/stats",
    "api leadtime": "/api/v1/leadtime",
    "api leadtime, 90 days": "/api/v1/leadtime?since=90d",
    "api explain": "/api/v1/explain?q={item}",
    "api description": "/api/v1/openapi.json",
    "feed.atom": "/feed.atom",
    "feed.json": "/feed.json?vendor=Google",
    "calendar.ics": "/calendar.ics",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
}


def addresses(library: Library) -> dict[str, str]:
    """What is asked of that database, by name."""
    newest = library.announcements(limit=200)[0]
    one = newest[7].announcement
    known = {
        "story": one.story_id,
        "busy": max(newest, key=lambda entry: len(entry.coverage)).story.id,
        "item": newest[3].announcement.item_id,
        "deep": library.announcements(Filter(), limit=5000)[1],
        "month": f"{one.at:%Y-%m}",
        "begin": f"{BEGIN:%Y-%m}",
    }
    return {name: address.format(**known) for name, address in ADDRESSES.items()}


class Steps:
    """A clock on which a second passes at each look, so that the rate limit is gone through and never met."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        """The next second."""
        self._now += 1.0
        return self._now


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, and bytes of the last answer. ``cpu``: p95 of this process's own work, which neighbours do not lengthen."""

    p50: float
    p95: float
    cpu: float
    size: int


async def timed(get: Get, address: str, rounds: int, before: Callable[[], None] = lambda: None) -> Figures:
    """Ask so many times."""
    times, work, size = [], [], 0
    for _ in range(rounds):
        before()
        started, worked = time.perf_counter(), time.process_time()
        answer = await get(address)
        times.append((time.perf_counter() - started) * 1e3)
        work.append((time.process_time() - worked) * 1e3)
        if answer.status_code >= 500 and address != "/healthz":
            raise SystemExit(f"{address}: {answer.status_code} {answer.text[:200]}")
        size = len(answer.content)
    return Figures(p50=share(times, 0.5), p95=share(times, 0.95), cpu=share(work, 0.95), size=size)


def share(values: list[float], part: float) -> float:
    """The value that so large a part of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


async def in_process(app: ASGIApp, asked: dict[str, str], rounds: int, path: str) -> list[str]:
    """Print a line for each address; return the names of those that are late."""
    late = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST, timeout=60) as client:
        for name, address in asked.items():
            first = await timed(client.get, address, max(5, rounds // 5), lambda: touch(path))
            seen = await timed(client.get, address, rounds)
            missed = seen.p95 > LIMIT_MS and seen.cpu > LIMIT_MS
            late += [name] if missed else []
            print(
                f"{name:28} p50 {seen.p50:6.1f}  p95 {seen.p95:6.1f}  cpu p95 {seen.cpu:6.1f}  after a commit: cpu p95 {first.cpu:6.1f} ms"
                f"{seen.size / 1e3:8.1f} kB{'   MISSED' if missed else ''}"
            )
    return late


def touch(path: str) -> None:
    """What a commit leaves on the file, as far as anybody who looks at it from outside can tell."""
    os.utime(path)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application behind a real socket of uvicorn."""
    with socket.socket(proto=socket.IPPROTO_TCP) as bound:  # asyncio sets TCP_NODELAY only where the protocol is said
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


async def over_socket(root: str, asked: dict[str, str], rounds: int) -> None:
    """The same for a few pages over HTTP, with one connection kept."""
    async with httpx.AsyncClient(base_url=root, timeout=60) as client:
        for name in ("today", "race, month", "story", "search 소라", "sources", "api announcements"):
            seen = await timed(client.get, asked[name], rounds)
            print(f"{'uvicorn: ' + name:28} p50 {seen.p50:6.1f}  p95 {seen.p95:6.1f} ms")


def main() -> int:
    """Generate where needed, ask, print; 1 if a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--path", help="where the database is kept; used as it is if it exists")
    parser.add_argument("--only", default="", help="addresses that begin so")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = given.path or str(Path(directory) / "large.db")
        if not Path(path).exists():
            generate(path, given.documents, given.stories, given.seed)
        return measured(path, given.rounds, given.only)


def measured(path: str, rounds: int, only: str) -> int:
    """All figures over one database."""
    with Library(path) as library:
        app = make_app(Config(database=path), library, rules.load(), lambda: NOW, Steps())
        settle()
        asked = {name: address for name, address in addresses(library).items() if address.startswith(only)}
        late, before, after = asyncio.run(all_in_process(app, asked, rounds, path))
        if not only:
            with served(app) as root:
                asyncio.run(over_socket(root, asked, rounds))
    grown = after > before * 1.1
    print(f"memory: {before:.0f} MB before, {after:.0f} MB after{'   MISSED' if grown else ''}")
    return 1 if late or grown else 0


async def all_in_process(app: ASGIApp, asked: dict[str, str], rounds: int, path: str) -> tuple[list[str], float, float]:
    """Names of what is late, and megabytes before and after. Before means: after each address was asked a few times."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST, timeout=60) as client:
        for address in [*asked.values()] * 5:
            touch(path)
            await client.get(address)
    gc.collect()
    before = resident()
    late = await in_process(app, asked, rounds, path)
    gc.collect()
    return late, before, resident()


if __name__ == "__main__":
    sys.exit(main())
