"""Kill the daemon at random moments and count what was lost and what was told twice.

    python bench/kills.py [--kills 40] [--seed 1] [--shortest 0.02] [--longest 8.0] [--calm 0] [--feeds 5] [--warm]

A server on loopback serves feeds into which new models appear (the truth is known: every model has a number of its own); a webhook on
loopback takes what ``aiwatch run`` tells at once. The daemon is killed with SIGKILL after a time drawn log-uniformly between the bounds
(or every ``--calm`` seconds; with ``--warm`` counted from its first poll, so that a slow start is not all that is hit, and with all sources
due again at each start, which would else wait for the lease of what the dead one had claimed), the database is checked after each kill, and
at the end the daemon is left alone until it has caught up.

Passes when every model was told, none under two ids, no database was unsound, and SIGTERM ended the last daemon within ten seconds.
A repeat under the same webhook-id is at-least-once delivery; a kill may cause one, of the message in flight, and more fail the run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiwatch.store.codec import stamp

KEEPS = 2000  # entries a feed shows: none may leave it before a daemon had the time to ask
NOISE = ("How to write prompts for GPT-{n}", "Company raises {n} million in new funding", "Opinion: what GPT-{n} cannot do")


@dataclass
class Newsroom:
    """Feeds that grow with time, and the hook that hears of it."""

    feeds: int
    pace: float  # seconds between two new models of a feed
    started: float = field(default_factory=time.time)
    stopped: float | None = None
    heard: list[tuple[str, str, str]] = field(default_factory=list)  # webhook-id, announcement id, model
    posts: list[str] = field(default_factory=list)  # webhook-id of each message, however many announcements were in it
    asked: int = 0  # answers given to polls

    def published(self, feed: int) -> list[int]:
        """Numbers of the models that this feed has brought so far."""
        until = self.stopped or time.time()
        return [100 + feed + count * self.feeds for count in range(int((until - self.started) / self.pace) + 1)]

    def render(self, feed: int) -> bytes:
        """The feed now: new models and noise between them."""
        rows = []
        for number in self.published(feed)[-KEEPS:]:
            at = formatdate(self.started + (number - 100) // self.feeds * self.pace, usegmt=True)
            rows.append(_row(feed, f"m{number}", f"Introducing GPT-{number}, our new language model", at))
            rows.append(_row(feed, f"n{number}", NOISE[number % len(NOISE)].format(n=number), at))
        head = f"<title>Lab {feed}</title><link>http://lab.example/</link>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(rows)}</channel></rss>'.encode()

    def truth(self) -> set[str]:
        """All models published."""
        return {f"GPT-{number}" for feed in range(self.feeds) for number in self.published(feed)}


def _row(feed: int, path: str, title: str, at: str) -> str:
    return f"<item><title>{title}</title><link>http://lab.example/{feed}/{path}</link><pubDate>{at}</pubDate></item>"


def serve(room: Newsroom) -> ThreadingHTTPServer:
    """Both the feeds (GET /feed/N) and the hook (POST /hook)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            room.asked += 1
            self._answer(room.render(int(self.path.rsplit("/", 1)[1])))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            room.posts.append(self.headers["webhook-id"])
            for one in body["announcements"] + body["stage_changes"]:
                room.heard.append((self.headers["webhook-id"], one["id"], one["name"]))
            self._answer(b"{}")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A killed client hangs up in the middle; that is what is being tried."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def configure(folder: Path, port: int, feeds: int) -> list[str]:
    """The command line of a daemon that polls every second and tells at once."""
    sources = [
        f'[[source]]\nid = "lab-{n}"\nurl = "http://127.0.0.1:{port}/feed/{n}"\nallow_private = true\ninterval = 1\n'
        'tier = "primary"\nvendor = "OpenAI"\nlang = "en"\n'
        for n in range(feeds)
    ]
    (folder / "sources.toml").write_text("\n".join(sources), "utf-8")
    main = f"""database = "kills.db"
[http]
host_gap = 0.0
per_host = 10
[polling]
min_interval = 1
lease = 30
tick = 1
[[recipient]]
id = "hook"
webhook = "http://127.0.0.1:{port}/hook"
allow_private = true
[[digest]]
id = "now"
schedule = "immediate"
recipients = ["hook"]
"""
    (folder / "aiwatch.toml").write_text(main, "utf-8")
    return [sys.executable, "-m", "aiwatch", "-c", str(folder / "aiwatch.toml"), "run"]


def sound(database: Path) -> str | None:
    """What is wrong with the database file; None if nothing."""
    if not database.exists():
        return None
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5) as db:
            verdict = db.execute("pragma integrity_check").fetchone()[0]
            dangling = db.execute("pragma foreign_key_check").fetchall()
    except sqlite3.Error as error:
        return str(error)
    return None if verdict == "ok" and not dangling else f"{verdict} {dangling[:2]}"


def main() -> int:
    """Run it; 0 if it passes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shortest", type=float, default=0.02)
    parser.add_argument("--longest", type=float, default=8.0)
    parser.add_argument("--calm", type=float, default=0, help="kill every so many seconds instead")
    parser.add_argument("--warm", action="store_true", help="count the time from the daemon's first poll")
    parser.add_argument("--rest", type=float, default=5, help="seconds that the last daemon runs while news still comes")
    parser.add_argument("--feeds", type=int, default=5)
    parser.add_argument("--pace", type=float, default=2.0, help="seconds between two models of a feed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        room = Newsroom(feeds=options.feeds, pace=options.pace)
        server = serve(room)
        command = configure(folder, server.server_address[1], options.feeds)
        unsound = harass(command, folder, room, options)
        # Where none were, the kills hit nothing but starts.
        print(f"between the kills {kept(folder / 'kills.db')} polls were committed and {len(room.posts)} messages taken")
        return judge(room, unsound, options.kills, *settle(command, room, folder, options.rest))


def harass(command: list[str], folder: Path, room: Newsroom, options: argparse.Namespace) -> list[str]:
    """Start, wait, kill, check; as often as asked."""
    draw, unsound = random.Random(options.seed), []
    with (folder / "daemon.log").open("ab") as log:
        for _ in range(options.kills):
            daemon = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
            asked, patience = room.asked, time.time() + 60
            while options.warm and room.asked == asked and daemon.poll() is None and time.time() < patience:
                time.sleep(0.005)
            ratio = options.longest / options.shortest
            time.sleep(options.calm or options.shortest * ratio ** draw.random())
            if daemon.poll() is not None:
                sys.exit(f"the daemon ended by itself with {daemon.returncode}:\n{(folder / 'daemon.log').read_text()[-2000:]}")
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()
            if problem := sound(folder / "kills.db"):
                unsound.append(problem)
            if options.warm:
                make_due(folder / "kills.db")
    return unsound


def make_due(database: Path) -> None:
    """Every source is due now; where the kill came before there was a table, each is anyway."""
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=rw", uri=True)) as db,
    ):
        db.execute("UPDATE source SET next_poll_at = ?", [stamp(datetime.now(UTC))])
        db.commit()


def kept(database: Path) -> int:
    """How many polls are in the database; none where the last kill came before there was a table."""
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db,
    ):
        return int(db.execute("SELECT count(*) FROM poll").fetchone()[0])
    return 0


def settle(command: list[str], room: Newsroom, folder: Path, rest: float) -> tuple[float, int | None]:
    """Let a last daemon catch up, then stop it; seconds it took to stop, and its exit code."""
    with (folder / "daemon.log").open("ab") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        time.sleep(rest)
        room.stopped = time.time()
        deadline = time.time() + 90  # of many alerts in a minute the last ones wait for its end
        while time.time() < deadline and room.truth() - {name for _, _, name in room.heard}:
            time.sleep(0.5)
        time.sleep(2)
        began = time.time()
        daemon.terminate()
        try:
            code: int | None = daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            code = None
    return time.time() - began, code


def judge(room: Newsroom, unsound: list[str], kills: int, stop_seconds: float, code: int | None) -> int:
    """Print the figures; 0 if all is as promised."""
    ids, deliveries = defaultdict(set), defaultdict(set)
    for webhook_id, announcement, name in room.heard:
        ids[name].add(announcement)
        deliveries[announcement].add(webhook_id)
    lost, repeats = room.truth() - set(ids), len(room.posts) - len(set(room.posts))
    false = {name for name in ids if not re.fullmatch(r"GPT-\d+", name)} | (set(ids) - room.truth())
    figures = {
        "models": len(room.truth()),
        "told": len(ids),
        "lost": len(lost),
        "under two ids": sum(len(one) > 1 for one in ids.values()),
        "under two keys": sum(len(one) > 1 for one in deliveries.values()),
        "false": len(false),
        "messages": len(room.posts),
        "repeats of the same key": repeats,
        "unsound": len(unsound),
        "polls": room.asked,
        "stopped in s": round(stop_seconds, 1),
        "exit": code,
    }
    print("  ".join(f"{name} {value}" for name, value in figures.items()))
    for name in sorted(lost | false)[:10]:
        print(f"  {'lost' if name in lost else 'false'}: {name}")
    wrong = lost or false or unsound or code != 0 or figures["under two ids"] or figures["under two keys"]
    wrong = wrong or repeats > kills
    print("FAIL" if wrong else "PASS")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
