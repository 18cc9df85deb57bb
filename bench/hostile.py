"""What bodies that mean harm cost to read: seconds and memory, each in a process of its own, beside an honest body of the same size.

    python bench/hostile.py

Three kinds that were found: a page of lists nested without end, a sitemap that is packed very small, a robots.txt of as many agents as
rules. Pages and sitemaps go through the daemon's own way (``sandbox``: small ones in a thread, large ones in a child that may be killed),
robots.txt through the group that holds for us, and through protego alone for comparison. Takes two minutes. Exits 1 where a body took
the daemon longer than a child's deadline.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from protego import Protego

from aiwatch.errors import ParseError
from aiwatch.fetch.robots import group
from aiwatch.model import Fetched, Kind, Source
from aiwatch.parse import parse
from aiwatch.parse.weight import weight
from aiwatch.sandbox import ABOVE, SECONDS, Sandbox

KB = 1024
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = Source(id="page", url="https://lab.example/news", kind=Kind.PAGE, options={"item": "li", "title": "a"})
MAP = Source(id="map", url="https://lab.example/sitemap.xml", kind=Kind.SITEMAP)
AGENT = "aiwatch"


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds, children included, the peak of memory in MB beyond what the process had before, and what came of it."""

    seconds: float
    memory: float
    ended: str


def nested(size: int) -> bytes:
    """Lists in lists to the end of the page."""
    return b"<ul><li>" * (size // 8)


def listed(size: int) -> bytes:
    """An honest page of as many bytes."""
    rows = (f'<li><a href="/news/{n}">Entry number {n} of a list</a></li>' for n in range(size // 60))
    return f"<ul>{''.join(rows)}</ul>".encode()


def small(plain: int) -> bytes:
    """A sitemap of empty elements that unpacks to so many bytes."""
    return gzip.compress(b"<urlset>" + b"<a/>" * (plain // 4) + b"</urlset>", 9, mtime=0)


def addresses(count: int) -> bytes:
    """An honest sitemap of so many addresses, packed."""
    rows = "".join(f"<url><loc>https://lab.example/news/entry-{n}</loc></url>" for n in range(count))
    return gzip.compress(f"<urlset>{rows}</urlset>".encode(), 9, mtime=0)


def robots(size: int, agents: float) -> bytes:
    """A robots.txt of which that share names agents, and the rest are rules for them."""
    named = "".join(f"User-agent: agent-{n}\n" for n in range(int(size * agents / 23)))
    rules = "".join(f"Disallow: /private-{n:06}\n" for n in range(int(size * (1 - agents) / 26)))
    return f"{named}User-agent: *\n{rules}".encode()


def in_the_daemon(source: Source, body: bytes) -> str:
    """Read a body as a poll does."""

    async def read() -> str:
        fetched = Fetched(url=source.url, status=200, headers={}, body=body)
        parsed = await Sandbox()(weight(body), parse, source, fetched, now=NOW)
        return f"{len(parsed.items)} items"

    try:
        return asyncio.run(read())
    except ParseError as error:
        return str(error).removeprefix(f"{source.url}: ")


def alone(source: Source, body: bytes) -> str:
    """Read a body in this process, whatever it takes."""
    try:
        fetched = Fetched(url=source.url, status=200, headers={}, body=body)
        return f"{len(parse(source, fetched, now=NOW).items)} items"
    except ParseError as error:
        return str(error).removeprefix(f"{source.url}: ")


def our_group(body: bytes) -> str:
    """The way of ``fetch/robots.py``."""
    rules = group(body.decode(), AGENT)
    Protego.parse("\n".join(("user-agent: *", *rules)))
    return f"{len(rules)} rules"


def whole_file(body: bytes) -> str:
    """protego on all of it."""
    Protego.parse(body.decode())
    return "read"


def _spent() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, whose))


def _measured(call: Callable[..., str], arguments: tuple[object, ...]) -> Cost:
    before, began = _peak(), _spent()
    ended = call(*arguments)
    return Cost(_spent() - began, _peak() - before, ended)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB


def cost(call: Callable[..., str], *arguments: object) -> Cost:
    """What a call costs in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, call, arguments).result()


def show(what: str, honest: Cost, hostile: Cost) -> None:
    """One line: the hostile body, and how many times the honest one's processor time it took."""
    times = f"{hostile.seconds / max(honest.seconds, 0.001):7.1f} x"
    print(f"{what:<52} {hostile.seconds:7.2f} s {times} {hostile.memory:7.0f} MB  {hostile.ended[:70]}", flush=True)


def main() -> int:
    """Print the table; 1 where something took longer than it may."""
    print(f"{'':<52} {'processor':>9} {'honest':>9} {'daemon':>10}", flush=True)
    worst = 0.0
    for size in (64 * KB, ABOVE, 256 * KB, 511 * KB):
        honest, hostile = cost(in_the_daemon, PAGE, listed(size)), cost(in_the_daemon, PAGE, nested(size))
        show(f"page of nested lists, {size // KB} KB", honest, hostile)
        worst = max(worst, hostile.seconds)
    honest = cost(in_the_daemon, MAP, addresses(50_000))
    show("sitemap of 50,000 addresses, packed", honest, honest)
    for plain in (19_000_000, 49_000_000):
        body = small(plain)
        show(f"sitemap of {len(body) // KB} KB that is {plain // 10**6} MB", honest, cost(in_the_daemon, MAP, body))
        show("   the same, without a child", honest, cost(alone, MAP, body))
    for size in (31 * KB, 62 * KB):
        honest = cost(our_group, robots(size, 0.0))
        show(f"robots.txt of agents and rules, {size // KB} KB", honest, cost(our_group, robots(size, 0.5)))
        show("   the same, by protego alone", honest, cost(whole_file, robots(size, 0.5)))
    return 1 if worst > SECONDS + 5 else 0


if __name__ == "__main__":
    sys.exit(main())
