"""What a large list and large bodies cost: time, memory, and whether the daemon still stops when asked.

    python bench/load.py [--sources 10000] [--items 50000] [--failing 100] [--burst 5000] [--seconds 20]

Five scenes, each on a new database, each in a process of its own so that its memory is its own. The parts are the daemon's: its rounds,
parser, rules, stories, SQLite on disk; the network is a server's answers without the server (``bench/freshness.py`` has that one).

    sources   so many sources, all due at once, polled by the daemon for so many seconds; SIGTERM in the middle
    items     one feed of so many items: the first poll (nothing is told), then one with another item on top
    failing   so many sources that fail, half of them by silence, among as many that answer: how late are the good ones
    burst     so many new items in one poll of a source that is known, a hundred of them announcements
    stop      the real daemon reads that feed of so many items; SIGTERM after 1, 3, 6, 10 and 15 s of it: how long until it is gone

Passes while every bound in ``BOUNDS`` holds; times are printed, and bounded only where a promise is made about them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import kills
from aiwatch import app
from aiwatch.cli import running
from aiwatch.model import Failed, Failure, Fetched, Outcome, PollPlan, Source, Tier
from aiwatch.ports import Request
from aiwatch.run import local
from aiwatch.settings import Config, Http, Polling
from aiwatch.store.sqlite import SqliteStore

BOUNDS = {  # figure -> the most it may be
    "sources: stopped in s": 10.0,
    "sources: MiB": 400.0,
    "sources: a claim in ms": 250.0,
    "items: MiB": 350.0,
    "items: longest silence of the loop in ms": 2000.0,
    "stop: stopped in s": 10.0,
    "stop: worst exit code": 0.0,
    "failing: late in s": 5.0,
    "burst: MiB": 400.0,
}


def rss() -> float:
    """The most memory this process ever had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def children_rss() -> float:
    """The same of the largest child."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def feed(items: list[tuple[str, str]]) -> bytes:
    """RSS with these (path, title)."""
    at = format_datetime(datetime.now(UTC))
    rows = "".join(
        f"<item><title>{title}</title><link>https://lab.example/{path}</link><pubDate>{at}</pubDate></item>"
        for path, title in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{rows}</channel></rss>'.encode()


def notes(count: int, start: int = 0) -> list[tuple[str, str]]:
    """Items that are no news."""
    return [(f"n{n}", f"Notes on the weather, part {n}: rain and some sun") for n in range(start, start + count)]


@dataclass(slots=True)
class Network:
    """Answers by address; what is not there fails at once, what is ``silent`` after the fetcher's patience."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    patience: float = 20.0

    async def __call__(self, request: Request) -> Outcome:
        if request.url in self.silent:
            await asyncio.sleep(self.patience)
            return Failed(kind=Failure.TEMPORARY, reason="no answer")
        await asyncio.sleep(0.01)
        body = self.bodies.get(request.url)
        if body is None:
            return Failed(kind=Failure.HARD, reason="HTTP 404", status=404)
        return Fetched(url=request.url, status=200, headers={"content-type": "application/rss+xml"}, body=body)


def sources(count: int) -> tuple[Source, ...]:
    """So many sources on as many hosts."""
    return tuple(
        Source(id=f"s{n}", url=f"https://h{n}.example/feed", vendor="OpenAI", tier=Tier.PRIMARY, lang="en") for n in range(count)
    )


@dataclass(slots=True)
class Lag:
    """How long the event loop was silent at most."""

    worst: float = 0.0

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            self.worst = max(self.worst, time.perf_counter() - began - 0.01)


@contextmanager
def database(config: Config) -> Iterator[tuple[Any, SqliteStore]]:
    """A store on the thread that owns it."""
    with running.database_thread() as db:
        store = db.submit(app.open_store, config).result()
        try:
            yield db, store
        finally:
            db.submit(store.close).result()


def configured(folder: str, count: int) -> Config:
    """A daemon with so many sources and nobody to tell."""
    return Config(
        database=f"{folder}/load.db", sources=sources(count), http=Http(contact="load@example.org"), polling=Polling(tick=1.0)
    )


# --- the scenes -------------------------------------------------------------------------------------------------------------


async def many_sources(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """All due at once; SIGTERM after a while."""
    config = configured(folder, options.sources)
    network = Network(
        {one.url: feed([(f"{one.id}/{n}", f"Notes of {one.id}, part {n}") for n in range(20)]) for one in config.sources}
    )
    stop, lag, polls = asyncio.Event(), Lag(), list[float]()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with database(config) as (db, store):
        began = time.perf_counter()
        db.submit(running.begin, store, config).result()
        begun = time.perf_counter() - began
        async with app.service(config, store, db=db, fetch=network) as service:
            started = time.perf_counter()
            watcher = asyncio.create_task(lag.watch())
            daemon = asyncio.create_task(local.run(service, stop, lambda _: polls.append(time.perf_counter())))
            await asyncio.sleep(options.seconds)
            asked = time.perf_counter()
            os.kill(os.getpid(), signal.SIGTERM)
            await daemon
            stopped = time.perf_counter() - asked
            watcher.cancel()
        claims = []
        for _ in range(5):
            began = time.perf_counter()
            db.submit(store.claim_due, app.now(), 32, timedelta(minutes=5)).result()
            claims.append(time.perf_counter() - began)
    return {
        "begun in s": begun,
        "polls": len(polls),
        "polls a second": len(polls) / (asked - started),
        "a claim in ms": 1000 * min(claims),
        "longest silence of the loop in ms": 1000 * lag.worst,
        "MiB": rss(),
        "stopped in s": stopped,
    }


async def many_items(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """The first poll of a very long feed, then the same with one more item."""
    config, lag, took = configured(folder, 1), Lag(), list[float]()
    (url,) = [one.url for one in config.sources]
    network = Network()
    with database(config) as (db, store):
        db.submit(running.begin, store, config).result()
        async with app.service(config, store, db=db, fetch=network) as service:
            watcher = asyncio.create_task(lag.watch())
            for body in (notes(options.items), [*notes(1, options.items), *notes(options.items)]):
                network.bodies[url] = feed(body)
                began = time.perf_counter()
                (made,) = await local.once(service, only=(config.sources[0].id,))
                took.append(time.perf_counter() - began)
                done = made.poll
                del made  # as in the daemon, which keeps no plan
                if done.outcome != "fetched":
                    sys.exit(f"the long feed failed: {done.reason}")
            watcher.cancel()
    return {
        "MB of the feed": len(network.bodies[url]) / 1e6,
        "first poll in s": took[0],
        "next poll in s": took[1],
        "new in it": done.fresh,
        "longest silence of the loop in ms": 1000 * lag.worst,
        "MiB": rss(),
        "MiB of the child": children_rss(),
    }


async def many_failing(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """Half of the sources fail, half of those by silence; when was the last good one polled?"""
    config = configured(folder, 2 * options.failing)
    good = {one.url for one in config.sources[1::2]}
    bad = [one.url for one in config.sources[::2]]
    body = feed(notes(20))
    network = Network(dict.fromkeys(good, body), silent=set(bad[::2]))
    stop, done, failed = asyncio.Event(), list[float](), list[float]()

    def count(plan: PollPlan) -> None:
        (failed if plan.poll.outcome == "failed" else done).append(time.perf_counter())
        if len(done) == len(good) and len(failed) >= len(bad) // 2:
            stop.set()

    with database(config) as (db, store):
        db.submit(running.begin, store, config).result()
        async with app.service(config, store, db=db, fetch=network) as service:
            started = time.perf_counter()
            asyncio.get_running_loop().call_later(120, stop.set)
            await local.run(service, stop, count)
    return {"good": len(done), "failed": len(failed), "late in s": max(done) - started, "MiB": rss()}


async def burst(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """A known source brings very many new items at once; a hundred of them are models."""
    config, network = configured(folder, 1), Network()
    (source,) = config.sources
    with database(config) as (db, store):
        db.submit(running.begin, store, config).result()
        async with app.service(config, store, db=db, fetch=network) as service:
            network.bodies[source.url] = feed(notes(20))
            await local.once(service, only=(source.id,))
            models = [(f"m{n}", f"Introducing GPT-{n}, our new language model") for n in range(100, 200)]
            network.bodies[source.url] = feed([*models, *notes(options.burst - 100, 20), *notes(20)])
            began = time.perf_counter()
            (made,) = await local.once(service, only=(source.id,))
            took = time.perf_counter() - began
    told = {one.name for one in made.folded.announcements if not one.silent}
    return {"new": made.poll.fresh, "told of 100": len(told), "in s": took, "MiB": rss()}


class Endless(kills.Newsroom):
    """One feed, very long."""

    body = b""

    def render(self, feed: int) -> bytes:  # noqa: ARG002  there is only one
        return self.body


def _stopped_after(moment: float, room: kills.Newsroom, command: list[str]) -> tuple[float, int]:
    """Seconds it took to stop, and the exit code, when asked so long after its first poll."""
    asked = room.asked
    daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while room.asked == asked and daemon.poll() is None:
        time.sleep(0.01)
    time.sleep(moment)
    began = time.perf_counter()
    daemon.terminate()
    code = daemon.wait()
    return time.perf_counter() - began, code


async def stop(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """The daemon as people run it, asked to stop at several moments of a very large poll."""
    room, took, codes = Endless(feeds=1, pace=1.0), list[float](), set[int]()
    room.body = feed(notes(options.items))
    server = kills.serve(room)
    command = kills.configure(Path(folder), server.server_address[1], 1)
    for moment in (1, 3, 6, 10, 15):
        seconds, code = await asyncio.to_thread(_stopped_after, moment, room, command)
        took.append(seconds)
        codes.add(code)
        if problem := kills.sound(Path(folder) / "kills.db"):
            sys.exit(problem)
    server.shutdown()
    return {"stopped in s": max(took), "stops": len(took), "worst exit code": max(codes, key=abs)}


SCENES = {"stop": stop, "sources": many_sources, "items": many_items, "failing": many_failing, "burst": burst}


def main() -> int:
    """Each scene in a process of its own; 0 if every bound holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--failing", type=int, default=100)
    parser.add_argument("--burst", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=20, help="how long the many sources are polled")
    parser.add_argument("--scene", choices=SCENES, help=argparse.SUPPRESS)
    parser.add_argument("--only", choices=SCENES)
    options = parser.parse_args()
    if options.scene:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # as in the daemon: a chore longer than a tick is no news
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(SCENES[options.scene](folder, options))))
        return 0
    broken = [line for name in SCENES if options.only in (None, name) for line in _apart(name)]
    print("\n".join(broken) or "PASS")
    return 1 if broken else 0


def _apart(name: str) -> list[str]:
    """Run a scene, print its figures, and say which bounds it broke."""
    ran = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--scene", name], stdout=subprocess.PIPE, check=False)
    if ran.returncode:
        return [f"FAIL {name} ended with {ran.returncode}"]
    figures = json.loads(ran.stdout.splitlines()[-1])
    print(f"{name:<8} " + "  ".join(f"{what} {value:,.1f}".removesuffix(".0") for what, value in figures.items()), flush=True)
    limits = {what: BOUNDS[f"{name}: {what}"] for what in figures if f"{name}: {what}" in BOUNDS}
    return [
        f"FAIL {name}: {what} {figures[what]:,.1f} is more than {most:g}" for what, most in limits.items() if figures[what] > most
    ]


if __name__ == "__main__":
    sys.exit(main())
