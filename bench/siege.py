"""The pages under siege: do they stay quick for others, and does the daemon still poll in time?

    python bench/siege.py [--documents 100000] [--heavy 50] [--slow 200] [--seconds 40] [--sources 200]

``aiwatch run`` polls so many sources of a server on loopback every five seconds, into a database of so many documents; ``aiwatch serve``
shows that database. First for a while in peace, then under siege: so many clients ask without a pause for what costs most, and so many
hold a connection each to which they write one byte every two seconds. All come from addresses of their own, so that no limit of requests
a client stands in their way. Meanwhile one more client asks for a cheap page five times a second.

Passes when, under siege, sources are polled late by at most 5 s and the cheap page takes at most 1 s, both at the 99th percentile, no
cheap page failed, and every heavy answer was 200: a question that is refused costs nothing, and the siege would be a feint. A heavy
client that got no answer within a minute is told, and passes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import kills
import query_speed
from aiwatch.web.face import LONGEST

INTERVAL = 5.0  # seconds between two polls of a source
LATE, CHEAP = 5.0, 1.0  # seconds, 99th percentile
ANSWERED = {200, 0}  # statuses of heavy answers; 0: none, which a client that costs so much is promised nothing about
HEAVY = (
    "/search?q=model&sort=best",
    "/api/v1/search?q=model+{word}&sort=best&limit=100",
    "/api/v1/search?q=소&limit=100",
    "/?text={word}&limit=100",
    "/api/v1/announcements?text={word}&sort=score&limit=200",
    "/api/v1/leadtime?since={number}d",
    "/race?zoom=year&at=2025-{month:02}",
    "/feed.atom?text={word}",
    "/explain?q={text}",
    "/api/v1/stories?text={word}&limit=200",
)


class Timed(kills.Newsroom):
    """Feeds that keep in mind when they were asked."""

    def __init__(self, feeds: int) -> None:
        super().__init__(feeds=feeds, pace=60.0)
        self.at: defaultdict[int, list[float]] = defaultdict(list)

    def render(self, feed: int) -> bytes:
        self.at[feed].append(time.monotonic())
        return super().render(feed)

    def late(self, since: float, until: float) -> list[float]:
        """Seconds by which each poll of that span came later than promised, jitter of a twentieth included; and those due still."""
        found = []
        for moments in self.at.values():
            for before, now in itertools.pairwise([*moments, until]):
                if since <= now <= until and (now < until or now - before > INTERVAL * 1.05):
                    found.append(max(0.0, now - before - INTERVAL * 1.05))
        return found


@dataclass
class Figures:
    """What clients met with."""

    cheap: list[float] = field(default_factory=list)
    failed: int = 0
    heavy: Counter[int] = field(default_factory=Counter)  # answers by status; 0: none


async def ask(port: int, path: str, own: str, patience: float) -> int:
    """The status of one answer, read to its end; 0 where there is none."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0))
            try:
                target = quote(path, safe="/?&=%+")
                writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                answer = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return 0
    return int(answer[9:12]) if answer[:5] == b"HTTP/" else 0


async def heavy(port: int, number: int, figures: Figures, words: list[str]) -> None:
    """One client that asks for what costs most, without a pause."""
    rng = random.Random(number)
    while True:
        text = " ".join(rng.choice(words) for _ in range(250))[:LONGEST]
        values = {"word": rng.choice(words), "number": rng.randint(30, 365), "month": rng.randint(1, 12), "text": text}
        figures.heavy[await ask(port, rng.choice(HEAVY).format(**values), f"127.0.2.{number % 250 + 1}", 60)] += 1
        await asyncio.sleep(0.01)


async def slow(port: int, number: int) -> None:
    """One client that never comes to the end of its question; it comes again when it is sent away."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(f"127.0.3.{number % 250 + 1}", 0))
            for byte in b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-Padding: 1\r\n" * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(2)
        await asyncio.sleep(0.5)


async def cheap(port: int, figures: Figures, seconds: float) -> None:
    """Today's page, five times a second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        status = await ask(port, "/", "127.0.4.1", 20)
        figures.cheap.append(time.monotonic() - began)
        figures.failed += status != 200
        await asyncio.sleep(0.2)


def percentile(values: list[float], part: float) -> float:
    """That percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


async def measure(
    room: Timed, port: int, given: argparse.Namespace, words: list[str], *, siege: bool
) -> tuple[float, float, Figures]:
    """99th percentiles of lateness and of the cheap page, and all figures."""
    figures = Figures()
    crowd = [asyncio.create_task(heavy(port, n, figures, words)) for n in range(given.heavy if siege else 0)]
    crowd += [asyncio.create_task(slow(port, n)) for n in range(given.slow if siege else 0)]
    await asyncio.sleep(5)  # until all are there
    began = time.monotonic()
    await cheap(port, figures, given.seconds)
    late = percentile(room.late(began, time.monotonic()), 0.99)
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return late, percentile(figures.cheap, 0.99), figures


def told(what: str, late: float, page: float, figures: Figures) -> None:
    """One line."""
    answers = ", ".join(f"{count} x {status or 'none'}" for status, count in sorted(figures.heavy.items()))
    print(
        f"{what}: late p99 {late:.1f} s; cheap page p50 {percentile(figures.cheap, 0.5):.3f} s, p99 {page:.3f} s, "
        f"{figures.failed} of {len(figures.cheap)} failed" + (f"; heavy ones: {answers}" if answers else ""),
        flush=True,
    )


def most(pid: int) -> float:
    """The most memory that a process ever had, MiB."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def main() -> int:
    """Run it; 0 if it passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--heavy", type=int, default=50)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=40.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        query_speed.generate(str(folder / "kills.db"), given.documents, given.documents // 50, seed=1)
        words = query_speed.world(given.documents, seed=1).english
        room = Timed(given.sources)
        server = kills.serve(room)
        command = kills.configure(folder, server.server_address[1], given.sources)
        listed = folder / "sources.toml"
        listed.write_text(listed.read_text("utf-8").replace("interval = 1\n", f"interval = {INTERVAL:.0f}\n"), "utf-8")
        port = free_port()
        with (folder / "log").open("wb") as log:
            made = [
                subprocess.Popen(one, stdout=log, stderr=log) for one in (command, [*command[:-1], "serve", "--port", str(port)])
            ]
        try:
            failed = asyncio.run(besiege(room, port, given, words))
            print(f"memory at most: daemon {most(made[0].pid):.0f} MiB, pages {most(made[1].pid):.0f} MiB")
            return failed
        finally:
            for one in made:
                one.terminate()
            for one in made:
                one.wait()
            print(
                (folder / "log").read_text("utf-8", "replace")[-2000:]
                if any(one.returncode not in (0, -15) for one in made)
                else "",
                end="",
            )
            server.shutdown()


async def besiege(room: Timed, port: int, given: argparse.Namespace, words: list[str]) -> int:
    """First in peace, then not."""
    for _ in range(600):
        if await ask(port, "/readyz", "127.0.0.1", 5) == 200 and len(room.at) == given.sources:
            break
        await asyncio.sleep(0.1)
    told("in peace", *await measure(room, port, given, words, siege=False))
    late, page, figures = await measure(room, port, given, words, siege=True)
    told("under siege", late, page, figures)
    refused = figures.heavy.keys() - ANSWERED
    failed = late > LATE or page > CHEAP or figures.failed > 0 or bool(refused)
    print("FAIL" if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
