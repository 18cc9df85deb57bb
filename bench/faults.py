"""The real poller against a hostile server: fetch, parse, detect, fold, plan and commit, as the daemon does, endpoint by endpoint.

    python bench/faults.py [--runs 3] [--memory] [--stalled] [--only NAME ...]    needs ../shared/tools/fault_server.py beside the checkout

The server's manifest says what each endpoint must come to; ``EVOLVING`` adds how many items the changing ones must leave. All endpoints of
a run are polled 16 wide in one process with the limits of the default configuration, several polls each, on a clock that jumps to each next
poll. ``--memory`` polls, before all that, every endpoint in a forked process of its own and prints what it took beyond what it began with.
``--stalled`` asks 1,000 hosts at once, of which 100 never answer, and prints how late that made the others.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiwatch import rules, schedule
from aiwatch.fetch import HttpFetch
from aiwatch.model import Failed, Failure, Kind, Outcome, PollState, Source
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.rules import RuleSet
from aiwatch.settings import Http, Polling
from aiwatch.store.sqlite import SqliteStore

SERVER = Path(__file__).resolve().parents[1] / ".." / "shared" / "tools" / "fault_server.py"
WIDE = 16
POLLS = {"ok": 3, "unchanged": 3, "error": 2, "blocked": 1, "backoff": 3, "gone": 3, "any": 3}
EVOLVING = {  # items left after so many polls
    "evolve-new": (12, 12), "evolve-guid": (12, 1), "evolve-title": (12, 1), "evolve-date": (12, 1), "evolve-utm": (12, 1),
    "evolve-vanish": (12, 2), "evolve-empty": (12, 2), "evolve-shuffle": (12, 5), "evolve-burst": (4, 1002), "evolve-dup-guid": (12, 3),
    "evolve-backfill": (4, 500),
}  # fmt: skip


@dataclass(slots=True)
class Server:
    """The shared fault server in a process of its own."""

    port: int
    canary: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.base}/{what}", timeout=20) as answer:
            return json.loads(answer.read())


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    ports = _free_ports(4)
    command = [
        sys.executable,
        "-B",
        str(SERVER),
        "--port",
        str(ports[0]),
        "--canary-port",
        str(ports[1]),
        "--tls-port",
        str(ports[2]),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield Server(ports[0], ports[1])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _free_ports(count: int) -> list[int]:
    """Neighbouring pairs are needed for TLS, so the last two follow one another."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)]
    return [int(port) for port in found]


@dataclass(slots=True)
class Seen:
    """What happened at one endpoint."""

    outcomes: list[Outcome] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    state: PollState | None = None
    items: int = 0
    told: int = 0
    longest: float = 0.0
    problems: list[str] = field(default_factory=list)


class Clock:
    """Real time, moved ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def visit(server: Server, entry: dict[str, Any], suffix: str, known: RuleSet) -> Seen:
    """Poll one endpoint as often as its manifest needs, with a store, a fetcher and a clock of its own."""
    name, clock, seen = entry["path"].strip("/"), Clock(), Seen()
    path = name if name in ("robots.txt", "page-blocked") else f"{name}/{suffix}"
    kind = Kind.PAGE if name.startswith("page") else Kind.FEED
    options = {"item": "a"} if kind is Kind.PAGE else {}
    source = Source(id="under-test", url=f"{server.base}/{path}", kind=kind, options=options)
    http = Http(contact="https://aiwatch.example/bot", host_gap=0.0, allow_private=(f"127.0.0.1:{server.port}",))
    store = SqliteStore(":memory:")
    try:
        store.sync_sources([source], clock())
        async with HttpFetch(http, clock) as fetch:

            async def noted(request: Request) -> Outcome:
                outcome = await fetch(request)
                seen.outcomes.append(outcome)
                seen.longest = max(seen.longest, outcome.elapsed)
                return outcome

            poller = Poller(
                store=store, fetch=noted, rules=known, clock=clock, sources=(source,), jitter=lambda: 0.0, polling=Polling()
            )
            for _ in range(EVOLVING.get(name, (POLLS[entry["outcome"]], 0))[0]):
                if not await _poll(poller, clock, seen):
                    break
            await _inside_window(fetch, source, server, entry, seen)
        _count(store, seen)
    except Exception as error:
        seen.problems.append(f"escaped: {type(error).__name__}: {error}")
    finally:
        store.close()
    return seen


async def _poll(poller: Poller, clock: Clock, seen: Seen) -> bool:
    jobs = poller.store.claim_due(clock(), 1, timedelta(seconds=300))
    if not jobs:
        return False
    made = await poll(poller, jobs[0])
    if made is None or made.state.next_poll_at is None:
        seen.problems.append("the poll was not written")
        return False
    seen.state = made.state
    seen.told += sum(not one.silent for one in made.folded.announcements)
    seen.waits.append((made.state.next_poll_at - clock()).total_seconds())
    if made.state.next_poll_at < schedule.NEVER:
        clock.ahead += timedelta(seconds=max(0.0, seen.waits[-1]) + 1)
    else:
        clock.ahead += timedelta(days=30)
    return True


async def _inside_window(fetch: HttpFetch, source: Source, server: Server, entry: dict[str, Any], seen: Seen) -> None:
    """A second try right after a Retry-After must not leave the house."""
    last = seen.outcomes[-1] if seen.outcomes else None
    if not isinstance(last, Failed) or not last.retry_after or last.status is None:
        return
    held = await fetch(Request(url=source.url, headers={}))  # the jump of the clock ended the old window: this one opens the next
    before = len(_asked(server, source))
    held = await fetch(Request(url=source.url, headers={}))
    if not isinstance(held, Failed) or held.retry_after is None or len(_asked(server, source)) != before:
        seen.problems.append(f"sent inside the window of {entry['path']}")


def _asked(server: Server, source: Source) -> list[Any]:
    return [row for row in server.ask("log") if source.url.endswith(row["target"])]


def _count(store: SqliteStore, seen: Seen) -> None:
    seen.items = sum(1 for _ in store.archive())


# --- judging ------------------------------------------------------------------------------------------------------------------


def judge(entry: dict[str, Any], seen: Seen) -> list[str]:
    """Everything at this endpoint that is not as the manifest says."""
    name, expected = entry["path"].strip("/"), entry["outcome"]
    wrong = list(seen.problems)
    if seen.longest > entry.get("max_s", 30) + 1:
        wrong.append(f"took {seen.longest:.1f} s")
    if not seen.outcomes or seen.state is None:
        return [*wrong, "no outcome"]
    wrong += JUDGES[expected](seen)
    entries = EVOLVING[name][1] if name in EVOLVING else entry.get("entries")
    if entries is not None and seen.items != entries:
        wrong.append(f"{seen.items} items instead of {entries}")
    if entry.get("max_requests_60s") and min(seen.waits) < 60:
        wrong.append(f"polled again after {min(seen.waits):.0f} s")
    return wrong


def _ok(seen: Seen) -> list[str]:
    assert seen.state is not None
    wrong = [] if any(not isinstance(one, Failed) for one in seen.outcomes) else [f"failed: {seen.outcomes[-1]}"]
    return wrong + ([] if seen.items else ["no items"])


def _error(seen: Seen) -> list[str]:
    assert seen.state is not None
    wrong = [] if seen.state.failures > 0 and seen.state.last_error else ["not counted as a failure"]
    return wrong + (["stored something"] if seen.items else [])


def _blocked(seen: Seen) -> list[str]:
    last = seen.outcomes[-1]
    blocked = isinstance(last, Failed) and last.kind is Failure.BLOCKED
    return _error(seen) + ([] if blocked else [f"not blocked: {last}"]) + ([] if seen.longest < 1 else ["not within a second"])


def _unchanged(seen: Seen) -> list[str]:
    kinds = [type(one).__name__ for one in seen.outcomes]
    right = kinds == ["Fetched", "NotModified", "NotModified"] and seen.items == 2
    return [] if right else [f"{kinds}, {seen.items} items"]


def _backoff(seen: Seen) -> list[str]:
    growing = all(later >= earlier - 1 for earlier, later in zip(seen.waits, seen.waits[1:], strict=False))
    return _error(seen) + ([] if growing and min(seen.waits) >= 60 else [f"waits {[round(one) for one in seen.waits]}"])


def _gone(seen: Seen) -> list[str]:
    return [] if seen.state is not None and seen.state.gone and len(seen.outcomes) == 2 else ["still polled"]


def _any(_: Seen) -> list[str]:
    return []


JUDGES = {
    "ok": _ok,
    "error": _error,
    "blocked": _blocked,
    "unchanged": _unchanged,
    "backoff": _backoff,
    "gone": _gone,
    "any": _any,
}


# --- more than one endpoint at a time -------------------------------------------------------------------------------------------


async def polite(server: Server) -> list[str]:
    """Six sources of one host, polled at once: two requests at a time, and an honest name."""
    http = Http(contact="https://aiwatch.example/bot", host_gap=0.0, allow_private=(f"127.0.0.1:{server.port}",))
    async with HttpFetch(http, lambda: datetime.now(UTC)) as fetch:
        await asyncio.gather(*(fetch(Request(url=f"{server.base}/polite/{number}", headers={})) for number in range(6)))
    asked = [row for row in server.ask("log") if row["target"].startswith("/polite/")]
    agents = {row["headers"].get("user-agent", "") for row in asked}
    peak = server.ask("counts")["peak"].get("polite", 0)
    wrong = [] if peak <= 2 else [f"{peak} at once"]
    return wrong + ([] if all("aiwatch/" in one and "+https://" in one for one in agents) else [f"agents {agents}"])


async def run(server: Server, entries: list[dict[str, Any]], number: int, known: RuleSet) -> dict[str, list[str]]:
    room = asyncio.Semaphore(WIDE)

    async def one(entry: dict[str, Any]) -> tuple[str, list[str]]:
        async with room:
            seen = await visit(server, entry, f"run{number}", known)
        return entry["path"], judge(entry, seen)

    wrong = dict(await asyncio.gather(*(one(entry) for entry in entries)))
    if "/polite" in wrong:
        wrong["/polite"] += await polite(server)
    return {path: found for path, found in wrong.items() if found}


async def stalled(every: int) -> list[float]:
    """When each healthy one of 1,000 hosts was answered, in seconds, where one in ``every`` never answers (0: none)."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/stall" in head:
                await reader.read()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfeed")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "0.0.0.0", 0, backlog=1000)
    port = server.sockets[0].getsockname()[1]
    answered: list[float] = []
    started = time.monotonic()

    async def one(fetch: HttpFetch, number: int) -> None:
        silent = every > 0 and number % every == 0
        url = f"http://127.{10 + number // 250}.{number % 250}.1:{port}/{'stall' if silent else 'feed'}"
        outcome = await fetch(Request(url=url, headers={}, allow_private=True))
        if not silent and not isinstance(outcome, Failed):
            answered.append(time.monotonic() - started)

    async with HttpFetch(Http(), lambda: datetime.now(UTC)) as fetch:
        tasks = [asyncio.create_task(one(fetch, number)) for number in range(1000)]
        await asyncio.wait([task for number, task in enumerate(tasks) if not every or number % every], timeout=60)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    server.close()
    return sorted(answered)


def show_stalled() -> None:
    alone, beside = asyncio.run(stalled(0)), asyncio.run(stalled(10))
    late = [beside[int(len(beside) * share)] - alone[int(len(alone) * share)] for share in (0.5, 0.99)]
    print(
        f"100 of 1,000 hosts never answer: the others are {late[0]:.1f} s late in the middle, {late[1]:.1f} s at the 99th percentile"
    )
    print(f"  ({len(alone)} answered in {alone[-1]:.1f} s without them, {len(beside)} in {beside[-1]:.1f} s with them)")


def rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(server: Server, entries: list[dict[str, Any]], known: RuleSet) -> list[tuple[float, str, int]]:
    """(extra MB, endpoint, allowed MB) of each endpoint in a process of its own, eight at a time."""
    found: list[tuple[float, str, int]] = []
    running: dict[int, tuple[dict[str, Any], int]] = {}
    waiting = list(entries)
    asyncio.run(
        visit(server, {"path": "/ok", "outcome": "ok"}, "warm-up", known)
    )  # what is imported on first use is not the endpoint's
    while waiting or running:
        while waiting and len(running) < 8:
            entry = waiting.pop()
            read, write = os.pipe()
            if not (child := os.fork()):
                before = rss_mb()
                asyncio.run(visit(server, replace_outcome(entry), "memory", known))
                os.write(write, json.dumps(rss_mb() - before).encode())
                os._exit(0)
            os.close(write)
            running[child] = (entry, read)
        child, _ = os.wait()
        entry, read = running.pop(child)
        with os.fdopen(read) as pipe:
            found.append((float(json.loads(pipe.read() or "999")), entry["path"], entry["max_mb"]))
    return sorted(found, reverse=True)


def replace_outcome(entry: dict[str, Any]) -> dict[str, Any]:
    """One poll is enough for a measure of memory."""
    return entry | {"outcome": "blocked"} if entry["path"].strip("/") not in EVOLVING else entry


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--runs", type=int, default=3)
    ask.add_argument("--memory", action="store_true")
    ask.add_argument("--stalled", action="store_true")
    ask.add_argument("--only", nargs="*")
    args = ask.parse_args()
    if not SERVER.exists():
        print("bench/faults.py: skipped, ../shared/tools/fault_server.py is not there (tests/fetch has a server of its own)")
        return 0
    if args.stalled:
        show_stalled()
    known = rules.load()
    bad = 0
    with serving() as server:
        entries = [one for one in server.ask("manifest") if not args.only or any(part in one["path"] for part in args.only)]
        if args.memory:
            measured = memory(server, entries, known)
            over = [one for one in measured if one[0] > one[2]]
            print("memory beyond the process: " + ", ".join(f"{path} {size:.0f} MB" for size, path, _ in measured[:8]))
            print(
                f"memory: at most {measured[0][0]:.0f} MB beyond the process ({measured[0][1]}), over the limit: {over or 'none'}"
            )
            bad += len(over)
        for number in range(args.runs):
            started = time.monotonic()
            wrong = asyncio.run(run(server, entries, number, known))
            canary = server.ask("counts")["canary"]
            print(
                f"run {number + 1}: {len(entries) - len(wrong)} of {len(entries)} as the manifest says, canary {canary}, "
                f"{time.monotonic() - started:.0f} s, process at most {rss_mb():.0f} MB"
            )
            for path, found in wrong.items():
                print(f"  {path}: {'; '.join(found)}")
            bad += len(wrong) + canary
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
