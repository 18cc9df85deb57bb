"""Planted secrets: none of them may show in the database, the logs, the output, the pages or the mails."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SECRETS = {
    "source-header": "tok-header-7c1e9a55",
    "source-query": "tok-query-5d20b6f1",
    "smtp-password": "tok-smtp-91f3c2d8",
    "hook-key": "whsec_dG9rLWhvb2sta2V5LTQ0YjE3YzYw",
    "hook-path": "tok-hook-path-3b8807aa",
    "web-token": "tok-web-0f61d2c3",
}


@pytest.fixture
def port() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'<rss version="2.0"><channel><title>x</title><item><title>Introducing Sora, our text-to-video model</title>'
            body += b"<link>http://lab.example/1</link><pubDate>" + formatdate().encode()
            body += b"</pubDate></item></channel></rss>"
            self.send_response(200 if "feed" in self.path else 500)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.send_response(500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def configure(folder: Path, port: int) -> None:
    (folder / "sources.toml").write_text(
        f"""
[[source]]
id = "good"
url = "http://127.0.0.1:{port}/feed?api_key={SECRETS["source-query"]}"
allow_private = true
headers = {{ authorization = {{ env = "PLANTED_HEADER" }} }}
tier = "primary"
vendor = "OpenAI"
[[source]]
id = "bad"
url = "http://user:{SECRETS["source-query"]}@127.0.0.1:{port}/broken?token={SECRETS["source-query"]}"
allow_private = true
""",
        "utf-8",
    )
    (folder / "aiwatch.toml").write_text(
        f"""
database = "a.db"
operators = ["hook"]
[smtp]
host = "127.0.0.1"
port = 9
security = "none"
username = "me"
password = {{ env = "PLANTED_SMTP" }}
[[recipient]]
id = "mail"
email = "me@example.org"
[[recipient]]
id = "hook"
webhook = "http://127.0.0.1:{port}/{SECRETS["hook-path"]}?token={SECRETS["hook-path"]}"
secrets = ["{SECRETS["hook-key"]}"]
allow_private = true
[[digest]]
id = "now"
schedule = "immediate"
recipients = ["mail", "hook"]
[polling]
alert_window_hours = 100000
[log]
level = "debug"
format = "json"
""",
        "utf-8",
    )


def run(folder: Path, *words: str) -> str:
    env = {**os.environ, "PLANTED_HEADER": f"Bearer {SECRETS['source-header']}", "PLANTED_SMTP": SECRETS["smtp-password"]}
    command = [sys.executable, "-m", "aiwatch", "-c", "aiwatch.toml", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def test_no_planted_secret_shows_anywhere(tmp_path: Path, port: int) -> None:
    configure(tmp_path, port)
    said: dict[tuple[str, ...], str] = {words: run(tmp_path, *words) for words in (("once", "--json"), ("once", "good", "bad"))}
    for words in (
        ("doctor", "--json"),
        ("list", "--json"),
        ("sources", "list", "--json"),
        ("deliveries", "list", "--json"),
        ("stats", "--json"),
    ):
        said[words] = run(tmp_path, *words)
    said["explain",] = run(tmp_path, "explain", "Sora")
    said["database",] = "".join(path.read_bytes().decode("latin-1") for path in tmp_path.glob("a.db*"))
    assert "Sora" in said["list", "--json"]
    assert json.loads(said["deliveries", "list", "--json"])
    for name, secret in SECRETS.items():
        shown = [words for words, text in said.items() if secret in text]
        assert shown == [], f"{name} shows in {shown}"


def test_a_log_line_masks_addresses() -> None:
    from aiwatch.cli.running import JsonLines, PlainLines

    text = "poll of https://user:tok-a1b2c3d4e5@x.example/feed?api_key=tok-f6a7b8c9d0 failed"
    record = logging.LogRecord("aiwatch", logging.WARNING, __file__, 1, text, (), None)
    for form in (JsonLines(), PlainLines("%(message)s")):
        line = form.format(record)
        assert "x.example" in line
        assert "tok-" not in line
