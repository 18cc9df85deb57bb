"""A day of the daemon on a large list, compressed: does anything grow that should not?

    python bench/soak.py [--sources 1000] [--polls 72] [--minutes 35] [--warm 0.042] [--seed 1]

``aiwatch run`` polls a server on loopback: so many sources on a twentieth as many addresses, each as often as the default interval makes it
in 24 hours (72 polls), in so many minutes; ``--minutes 1440`` is the day itself. Most sources are quiet, answer 304 and bring an item now
and then; some bring one at each poll, some are silent, slow, broken, limited or gone, three send bodies so large that a child reads them.
What is found is told at once to one hook and every minute to another; each tenth message is answered 500 and comes again.

Every five seconds the daemon's resident memory, open files, threads and the size of its database are read from ``/proc``. Passes when,
between the hour after the warm-up (``--warm``, as a part of the whole: an hour of 24) and the last hour, the median of the memory grew by
at most 5 % and that of the open files by at most 5; when no file or thread is left behind, no traceback is in the log, every model was told
to both hooks, under one id, healthy sources were polled nine times in ten or more, and SIGTERM ended it within ten seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import kills

SHOWN = 20  # items that a feed holds
LARGE = 3000  # items of a large one: some 600 KB, which a child reads
EVERY = 5.0  # seconds between two samples
GROWTH = 1.05
FILES = 5
STOP = 10.0
SILENT, SLOW, LIMITED, BROKEN = range(20), range(20, 40), range(40, 60), range(60, 80)  # sources, twenty to a host
BIG, HOT = range(80, 83), range(100, 150)


@dataclass
class Town:
    """All sources, what was asked of them, and what the hooks heard."""

    rng: random.Random
    asked: Counter[int] = field(default_factory=Counter)
    given: Counter[int] = field(default_factory=Counter)  # items a source has published
    models: set[str] = field(default_factory=set)
    heard: defaultdict[str, defaultdict[str, set[str]]] = field(  # hook -> model -> ids it was told under
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    began: str = field(default_factory=lambda: formatdate(usegmt=True))

    def publish(self, source: int) -> None:
        """One more item; each fifth one of a busy source is a model."""
        self.given[source] += 1
        number = self.given[source]
        if source in HOT and number % 5 == 0:
            self.models.add(f"GPT-{1000 * (source - HOT.start + 1) + number}")

    def title(self, source: int, number: int) -> str:
        """What the item of that number says."""
        if source in HOT and number % 5 == 0:
            return f"Introducing GPT-{1000 * (source - HOT.start + 1) + number}, our new language model"
        return f"Notes on prompts, part {number} of source {source}"

    def body(self, source: int) -> bytes:
        """The feed now."""
        newest, most = self.given[source], LARGE if source in BIG else SHOWN
        rows = "".join(
            f"<item><title>{self.title(source, n)}</title><link>http://lab.example/{source}/{n}</link><pubDate>{self.began}</pubDate>"
            f"<description>{'Some words on what this is about. ' * 3}</description></item>"
            for n in range(newest, newest - most, -1)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{rows}</channel></rss>'.encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):  # the last: the bench ends
            while head := await reader.readuntil(b"\r\n\r\n"):
                fields = dict(line.lower().split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ": " in line)
                method, path = head.decode("latin-1").split(" ")[:2]
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                answer = self._hear(path, body) if method == "POST" else await self._feed(path, fields)
                writer.write(answer)
                await writer.drain()
                if b"Connection: close" in answer:
                    break
        writer.close()

    def _hear(self, hook: str, body: bytes) -> bytes:
        if self.rng.random() < 0.1:
            return _said(b"", "500 Not now")
        told = json.loads(body)
        for one in told["announcements"] + told["stage_changes"]:
            self.heard[hook][one["name"]].add(one["id"])
        return _said(b"{}")

    async def _feed(self, path: str, fields: dict[str, str]) -> bytes:
        name = path.rsplit("/", 1)[1]
        if not name.isdigit():
            return _said(b"", "404 Not Found")
        source = int(name)
        self.asked[source] += 1
        if source in SILENT:
            await asyncio.sleep(60)
        if source in SLOW:
            await asyncio.sleep(self.rng.uniform(0.5, 3))
        if source in LIMITED:
            return _said(b"", "503 Busy", "Retry-After: 60\r\n")
        if source in BROKEN:
            return self._broken(source)
        often = 1 if source in HOT else 12
        if self.asked[source] % often == 0:
            self.publish(source)
        tag = f'"{source}-{self.given[source]}"'
        if fields.get("if-none-match") == tag:
            return _said(b"", "304 Not Modified", f"ETag: {tag}\r\n")
        return _said(self.body(source), "200 OK", f"ETag: {tag}\r\n")

    def _broken(self, source: int) -> bytes:
        whole = self.body(source)
        return [
            _said(b"<html>gone</html>", "404 Not Found"),
            _said(b"", "500 Broken"),
            _said(whole)[: len(whole) // 2] + b"Connection: close",
            _said(whole[: len(whole) // 2]),
            _said(b"<html><body>Just a moment...</body></html>"),
            _said(b"", "302 Found", f"Location: /feed/{source}\r\n"),
            b"no HTTP at all\r\n\r\nConnection: close",
        ][source % 7]


def _said(body: bytes, status: str = "200 OK", fields: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body


def configure(folder: Path, port: int, sources: int, interval: float) -> list[str]:
    """The command line of the daemon."""
    rows = [
        f'[[source]]\nid = "s{n}"\nurl = "http://127.0.{n // 20 // 250}.{n // 20 % 250 + 1}:{port}/feed/{n}"\nallow_private = true\n'
        f'interval = {interval:.0f}\ntier = "primary"\nvendor = "OpenAI"\nlang = "en"\n'
        for n in range(sources)
    ]
    (folder / "sources.toml").write_text("\n".join(rows), "utf-8")
    hooks = "".join(
        f'[[recipient]]\nid = "{name}"\nwebhook = "http://127.0.0.1:{port}/{name}"\nallow_private = true\n'
        f'[[digest]]\nid = "{name}"\nschedule = "{schedule}"\nrecipients = ["{name}"]\n'
        for name, schedule in (("now", "immediate"), ("minute", "* * * * *"))
    )
    main = (
        'database = "soak.db"\n[http]\ncontact = "soak@example.org"\nhost_gap = 0.0\n[polling]\nmin_interval = 1\ntick = 1\n'
        f'budget_per_host = 1000000\n[log]\nformat = "json"\n{hooks}'
    )
    (folder / "aiwatch.toml").write_text(main, "utf-8")
    return [sys.executable, "-m", "aiwatch", "-c", str(folder / "aiwatch.toml"), "run"]


# --- measuring ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the daemon."""

    rss: float  # MiB
    files: int
    threads: int
    database: float  # MiB, its WAL included


def look(pid: int, database: Path) -> Sample:
    """From ``/proc``."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    size = sum(part.stat().st_size for part in database.parent.glob(f"{database.name}*"))
    return Sample(int(status["VmRSS"].split()[0]) / 1024, files, int(status["Threads"]), size / 2**20)


async def watch(daemon: subprocess.Popen[bytes], database: Path, seconds: float) -> list[Sample]:
    """A sample every five seconds, told once in a while."""
    samples, until, told = list[Sample](), time.monotonic() + seconds, 0.0
    while time.monotonic() < until and daemon.poll() is None:
        await asyncio.sleep(EVERY)
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            samples.append(look(daemon.pid, database))
            if time.monotonic() - told > seconds / 20:
                told, one = time.monotonic(), samples[-1]
                print(
                    f"  {one.rss:.1f} MiB  {one.files} files  {one.threads} threads  database {one.database:.1f} MiB", flush=True
                )
    return samples


def judge(
    town: Town, samples: list[Sample], log: Path, stopped: tuple[float, int | None], given: argparse.Namespace
) -> list[str]:
    """Print the figures; what is not as promised."""
    warm, hour = int(len(samples) * given.warm), max(3, len(samples) // 24)
    early, late = samples[warm : warm + hour], samples[-hour:]
    before, after = statistics.median(one.rss for one in early), statistics.median(one.rss for one in late)
    files = [statistics.median(one.files for one in part) for part in (early, late)]
    healthy = [n for n in range(given.sources) if n not in {*SILENT, *SLOW, *LIMITED, *BROKEN}]
    lines = log.read_text("utf-8", "replace").splitlines()
    traces, errors = sum("Traceback" in line for line in lines), [line for line in lines if '"level": "error"' in line]
    fewest = min(town.asked[n] for n in healthy)
    print(
        f"{given.sources} sources, {sum(town.asked.values()):,} polls; memory {before:.1f} MiB, then {after:.1f} "
        f"({100 * (after / before - 1):+.1f} %), at most {max(one.rss for one in samples):.1f}; files {files[0]:.0f}, then {files[1]:.0f}, "
        f"at most {max(one.files for one in samples)}; threads at most {max(one.threads for one in samples)}; "
        f"database {samples[-1].database:.1f} MiB; {traces} tracebacks, {len(errors)} errors in {len(lines):,} lines; "
        f"{len(town.models)} models; fewest polls of a healthy source {fewest}; stopped in {stopped[0]:.1f} s"
    )
    untold = {hook: town.models - town.heard[hook].keys() for hook in ("/now", "/minute")}
    twice = [name for told in town.heard.values() for name, ids in told.items() if len(ids) > 1]
    wrong = {
        f"memory grew from {before:.1f} to {after:.1f} MiB": after > before * GROWTH,
        f"open files grew from {files[0]:.0f} to {files[1]:.0f}": files[1] > files[0] + FILES,
        f"threads grew to {late[-1].threads}": late[-1].threads > max(one.threads for one in samples[: warm + hour]) + 2,
        f"{traces} tracebacks": traces > 0,
        f"not told: { {hook: sorted(names)[:5] for hook, names in untold.items()} }": any(untold.values()),
        f"told under two ids: {twice[:5]}": bool(twice),
        f"a healthy source was polled {fewest} times": fewest < 0.9 * given.polls,
        f"SIGTERM took {stopped[0]:.1f} s, exit {stopped[1]}": stopped[0] > STOP or stopped[1] != 0,
    }
    return [f"FAIL {what}" for what, true in wrong.items() if true] + errors[:5]


async def soak(folder: Path, given: argparse.Namespace) -> list[str]:
    """Serve, run, watch, stop."""
    town = Town(rng=random.Random(given.seed), given=Counter({n: LARGE if n in BIG else SHOWN for n in range(given.sources)}))
    hosts = sorted({f"127.0.{n // 20 // 250}.{n // 20 % 250 + 1}" for n in range(given.sources)} | {"127.0.0.1"})
    first = await asyncio.start_server(town.answer, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    servers = [first, *[await asyncio.start_server(town.answer, host, port) for host in hosts[1:]]]
    command = configure(folder, port, given.sources, 60 * given.minutes / given.polls)
    log = Path(given.log or folder / "daemon.log")
    daemon = await asyncio.to_thread(_start, command, log)
    samples = await watch(daemon, folder / "soak.db", 60 * given.minutes)
    models = town.models.copy()
    await asyncio.sleep(90)  # the last ones are told: a minute's edition, and a message that was answered 500
    town.models = models
    stopped = await asyncio.to_thread(_stop, daemon)
    for server in servers:
        server.close()
    problem = kills.sound(folder / "soak.db")
    return judge(town, samples, log, stopped, given) + ([f"FAIL the database: {problem}"] if problem else [])


def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=out)


def _stop(daemon: subprocess.Popen[bytes]) -> tuple[float, int | None]:
    began = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    try:
        code: int | None = daemon.wait(30)
    except subprocess.TimeoutExpired:
        daemon.kill()
        code = None
    return time.monotonic() - began, code


def main() -> int:
    """Run it; 0 if it passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--polls", type=int, default=72, help="of each source; 72 are a day at the default interval")
    parser.add_argument("--minutes", type=float, default=35.0)
    parser.add_argument("--warm", type=float, default=1 / 24, help="the part that is not judged")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", help="keep the daemon's log there")
    with tempfile.TemporaryDirectory() as directory:
        broken = asyncio.run(soak(Path(directory), parser.parse_args()))
    print("\n".join(broken))
    failed = any(line.startswith("FAIL") for line in broken)
    print("FAIL" if failed else "PASS")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
