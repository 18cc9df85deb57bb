"""Real captured feeds, one moment after the other, served by a plain web server on loopback and polled by ``aiwatch once``.

    python bench/history.py [--feeds ../shared/data/feeds] [--show 40] [--keep DIR]

Says: files served, bodies parsed, what an unchanged second poll answered, items that appeared in the history and how many of them are
stored exactly once, announcements and how many were made twice. Exits 1 where an item was lost or something was announced twice.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser

from aiwatch.urls import page_key

HERE = Path(__file__).resolve().parent.parent


class Shelf:
    """What the server has at each address now."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.answers: list[int] = []


@contextmanager
def serving(shelf: Shelf) -> Iterator[int]:
    """The shelf on a port of 127.0.0.1, with an ETag as any web server gives it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = shelf.bodies.get(self.path, b"")
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            status = 404 if not body else 304 if self.headers.get("If-None-Match") == tag else 200
            shelf.answers.append(status)
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def moments(feeds: Path) -> dict[str, list[Path]]:
    """Source id -> its files in the order of time; a current feed has one."""
    found = {f"current-{path.stem}".replace("_", "-"): [path] for path in sorted((feeds / "current").glob("*.xml"))}
    for folder in sorted((feeds / "history").iterdir()):
        found[f"history-{folder.name}".replace("_", "-")] = sorted(folder.glob("*.xml"))
    return found


def entries(body: bytes) -> set[str]:
    """The identities that an independent reader sees in a body: the page's address, else the title."""
    parsed = feedparser.parse(body)
    return {page_key(entry["link"]) if entry.get("link") else str(entry.get("title")) for entry in parsed.entries}


def configure(folder: Path, sources: list[str], port: int) -> Path:
    """A generated sources.toml and an aiwatch.toml that tells whatever is found, however old."""
    lines = [
        f'[[source]]\nid = "{one}"\nurl = "http://127.0.0.1:{port}/{one}"\nallow_private = true\ntier = "primary"\n'
        for one in sources
    ]
    (folder / "sources.toml").write_text("\n".join(lines), "utf-8")
    main = 'database = "history.db"\n[http]\nhost_gap = 0.0\nper_host = 10\n[polling]\nalert_window_hours = 1000000\n'
    (folder / "aiwatch.toml").write_text(main, "utf-8")
    return folder / "aiwatch.toml"


def once(config: Path) -> dict[str, int]:
    """One pass of the real command over every source."""
    command = [sys.executable, "-m", "aiwatch", "-c", str(config), "once", "--all", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=config.parent)
    if done.returncode:
        sys.exit(f"aiwatch once failed: {done.stderr}")
    answer = json.loads(done.stdout)
    return {name: number for name, number in answer.items() if isinstance(number, int)}


def main() -> int:
    """Run it all; 0 if nothing was lost and nothing told twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=Path, default=HERE.parent / "shared" / "data" / "feeds")
    parser.add_argument("--show", type=int, default=0, help="announcements to print")
    parser.add_argument("--keep", type=Path, help="leave the database here")
    options = parser.parse_args()
    if not options.feeds.is_dir():
        print(f"skipped: {options.feeds} is not there")
        return 0
    files, shelf = moments(options.feeds), Shelf()
    with tempfile.TemporaryDirectory() as temporary, serving(shelf) as port:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        config = configure(folder, list(files), port)
        return report(config, files, shelf, options.show)


def report(config: Path, files: dict[str, list[Path]], shelf: Shelf, show: int) -> int:
    """Serve, poll, count, print."""
    expected: dict[str, set[str]] = {one: set() for one in files}
    passes, failed, told = 0, 0, 0
    for step in range(max(map(len, files.values()))):
        for one, paths in files.items():
            body = paths[min(step, len(paths) - 1)].read_bytes()
            shelf.bodies[f"/{one}"] = body
            expected[one] |= entries(body)
        numbers = once(config)
        passes, failed, told = passes + 1, failed + numbers["failed"], told + numbers["announcements"]
        if step == 0:
            print(f"first pass      {numbers}")
            shelf.answers.clear()
            again = once(config)
            print(f"unchanged pass  {again}; answers {sorted(set(shelf.answers))}")
    lost, doubled = compare(config.parent / "history.db", expected)
    announced = announcements(config.parent / "history.db")
    twice = len(announced) - len({(row["story_id"], row["stage"]) for row in announced})
    print(f"files {sum(map(len, files.values()))}, sources {len(files)}, passes {passes}, failed polls {failed}")
    print(f"items seen {sum(map(len, expected.values()))}, lost {len(lost)}, stored more than once {doubled}")
    print(f"announcements {len(announced)} (told while polling: {told}), told twice {twice}")
    for row in announced[:show]:
        print(f"  {row['stage']:<13} {row['vendor'] or '-'} | {row['name']} | {row['title']}")
    for source, key in sorted(lost)[:20]:
        print(f"  lost: {source} {key}")
    return 1 if lost or doubled or twice or failed else 0


def compare(database: Path, expected: dict[str, set[str]]) -> tuple[set[tuple[str, str]], int]:
    """Items that are not in the database, and how many addresses of one source are there more than once."""
    with sqlite3.connect(database) as db:
        rows = db.execute("select source_id, url, title from documents").fetchall()
    stored: dict[str, list[str]] = {}
    for source, url, title in rows:
        stored.setdefault(source, []).append(page_key(url) if url else str(title))
    lost = {(one, key) for one, keys in expected.items() for key in keys - set(stored.get(one, ()))}
    doubled = sum(len(keys) - len(set(keys)) for keys in stored.values())
    return lost, doubled


def announcements(database: Path) -> list[sqlite3.Row]:
    """All that was told, in the order found."""
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        return db.execute("select * from announcements where silent is null order by at, published").fetchall()


if __name__ == "__main__":
    sys.exit(main())
