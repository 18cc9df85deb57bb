"""A real daemon in a process of its own, a feed and a hook on loopback, and ways to wait for what it does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 120.0  # seconds; a busy machine starts slowly


def until(met: Callable[[], object], what: str) -> None:
    """Wait for something that a thread or another process brings about."""
    turn = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        turn.wait(0.02)


@dataclass
class Newsroom:
    """A feed that ``announce`` adds to, and what the hook heard: (webhook-id, model)."""

    models: list[str] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(room.feed())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                room.heard += [(self.headers["webhook-id"], one["name"]) for one in body["announcements"]]
                self._answer(b"{}")

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's word
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def feed(self) -> bytes:
        rows = "".join(
            f"<item><title>Introducing {name}, our new language model</title><link>http://lab.example/{name}</link>"
            f"<pubDate>{formatdate(usegmt=True)}</pubDate></item>"
            for name in self.models
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>{rows}</channel></rss>'.encode()

    def configure(self, folder: Path) -> Path:
        """A configuration that polls each second and tells at once."""
        assert self.server is not None
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        (folder / "sources.toml").write_text(
            f'[[source]]\nid = "lab"\nurl = "{here}/feed"\nallow_private = true\ninterval = 1\n'
            'tier = "primary"\nvendor = "OpenAI"\nlang = "en"\n'
        )
        path = folder / "aiwatch.toml"
        path.write_text(
            f'database = "a.db"\n[log]\nformat = "json"\n[http]\nhost_gap = 0.0\n[polling]\nmin_interval = 1\nlease = 30\ntick = 1\n'
            f'[[recipient]]\nid = "hook"\nwebhook = "{here}/hook"\nallow_private = true\n'
            '[[digest]]\nid = "now"\nschedule = "immediate"\nrecipients = ["hook"]\n'
        )
        return path

    def announce(self, name: str) -> None:
        self.models.append(name)

    def told(self, name: str) -> int:
        return sum(one == name for _, one in self.heard)


def without_root() -> None:
    """In a child before it becomes the program: root's right to write where the permissions forbid it is given up."""
    import ctypes

    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def command(config: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "aiwatch", "-c", str(config), *words]


def ask(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as somebody who is not root."""
    before = without_root if os.geteuid() == 0 else None
    return subprocess.run(
        command(config, *words), capture_output=True, text=True, timeout=PATIENCE, preexec_fn=before, check=False
    )


class Daemon:
    """``aiwatch run``; its log is read line by line, each a JSON object."""

    def __init__(self, config: Path) -> None:
        self.process = subprocess.Popen(command(config, "run"), stderr=subprocess.PIPE, text=True)
        self.log: list[dict[str, str]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(json.loads(line) if line.startswith("{") else {"text": line, "level": "bare"})

    def says(self, text: str, level: str | None = None) -> bool:
        return any(text in line["text"] and level in (None, line["level"]) for line in list(self.log))

    def stop(self) -> float:
        """Ask it to stop as a supervisor would; seconds it took. It must end well."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.log
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        assert self.process.stderr is not None
        self.process.stderr.close()
