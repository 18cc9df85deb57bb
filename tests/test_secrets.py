"""Planted secrets of every kind that the configuration knows: none may show in any output, at DEBUG, whatever goes wrong."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import tomllib
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner

from aiwatch.cli import cli
from aiwatch.cli import main as entry
from aiwatch.cli.running import JsonLines, PlainLines
from aiwatch.notify.redaction import veiled
from aiwatch.settings import Channel, Recipient, Secret
from aiwatch.urls import shareable
from aiwatch.web.auth import hash_token

SECRETS = {
    # of sources
    "header from the environment": "tok-header-7c1e9a55",
    "header from a file": "tok-hfile-0be14d6c",
    "header as plain text": "tok-hplain-a8825f90",
    "API key in a query": "tok-query-5d20b6f1",
    "password in an address": "tok-user-b4a91c02",
    "token as user name": "tok-name-6e80f7da",
    "private feed's path": "tok-path-13c9d4be",
    "query of a permanent redirect": "tok-moved-f2a07b58",
    "query of a page whose links are fragments": "tok-page-c60d8e31",
    "X's token": "tok-xapi-9d4f20a6",
    "hub's address": "tok-hub-28be71c4",
    "address of a disabled source": "tok-off-e719a3b0",
    # of recipients
    "smtp password": "tok-smtp-91f3c2d8",
    "webhook's path": "tok-hookpath-3b8807aa",
    "webhook's query": "tok-hookquery-d1957ce4",
    "webhook's header": "tok-hookhead-40ca6b19",
    "signing key": "whsec_dG9rLWhvb2sta2V5LTQ0YjE3YzYw",
    "older signing key": "tok-oldkey-8f36e2d7a1b9",
    "slack address": "tokslack7d02e6f38b",
    "discord address": "tokdiscord5c81a94fe0",
    "teams address": "tokteams3e97b60d2c",
    "apprise address": "tok-apprise-b25c09f6",
    "apprise password": "tok-apppass-70e4d8a3",
    # of the service and its surroundings
    "web token": "tok-web-0f61d2c3-and-more-of-it",
    "proxy of the environment": "tok-proxy-4a7be951",
    "the proxy's password": "tok-outproxy-c8e12f57",
    "the proxy's login as it is sent": b64encode(b"me:tok-outproxy-c8e12f57").decode(),
}
PAGES = (
    *("/", "/rumors", "/race", "/search?q=Sora", "/sources", "/explain?q=Sora", "/digests", "/look", "/signin", "/nosuch"),
    *("/sources/good", "/sources/bad", "/sources/private", "/sources/moved", "/sources/page", "/sources/pushed", "/sources/off"),
    *("/feed.atom", "/feed.json", "/calendar.ics", "/metrics", "/healthz", "/readyz", "/api/v1/openapi.json"),
    *(
        f"/api/v1/{one}"
        for one in ("announcements", "stories", "search?q=Sora", "sources", "gaps", "stats", "leadtime", "nosuch")
    ),
)
BIG = 600_000  # bytes: beyond what the daemon reads itself


def _feed(items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def _item(title: str, link: str) -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{formatdate()}</pubDate></item>"


class Handler(BaseHTTPRequestHandler):
    """Feeds, pages, a redirect, and hooks that answer an error which says everything they were sent."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/robots.txt":
            return self._say(404, b"")
        if path == "/moved":
            return self._say(301, b"", {"Location": f"/feed?sig={SECRETS['query of a permanent redirect']}"})
        if path == "/page":
            rows = "".join(f'<h2 id="v{n}">Introducing Lumi {n}, our video model</h2><p>2026-11-2{n}</p>' for n in range(4))
            return self._say(200, f"<html><body>{rows}</body></html>".encode())
        if path == "/big":
            return self._say(200, _feed(_item("Big", "/big/1") + f"<!--{'x' * BIG}-->"))
        if "feed" in path:
            return self._say(200, _feed(_item("Introducing Sora, our text-to-video model", "?x=1") + _item("Empty link", "#top")))
        return self._say(500, str(self.headers).encode() + self.path.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._say(500, f"Cannot POST {self.path} {dict(self.headers)}".encode())

    def _say(self, status: int, body: bytes, fields: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (fields or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


class Postbox:
    """Keeps the mails, and refuses the login."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        self.mails.append((envelope.content or b"").decode("utf-8", "replace") if isinstance(envelope.content, bytes) else "")
        return "250 ok"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=number)
    controller.start()
    yield box, number
    controller.stop()


def configure(folder: Path, port: int, mail: int) -> dict[str, str]:
    """Write the configuration; the environment that it needs."""
    s, here = SECRETS, f"127.0.0.1:{port}"
    (folder / "header.txt").write_text(f"Bearer {s['header from a file']}\n", "utf-8")
    sources = f"""
[[source]]
id = "good"
url = "http://{here}/feed?api_key={s["API key in a query"]}"
headers.authorization = {{ env = "PLANTED_HEADER" }}
headers.x-file = {{ file = "{folder / "header.txt"}" }}
headers.x-plain = "{s["header as plain text"]}"
tier = "primary"
vendor = "OpenAI"
allow_private = true
[[source]]
id = "bad"
url = "http://user:{s["password in an address"]}@{here}/broken?token={s["API key in a query"]}"
headers = {{ authorization = {{ env = "PLANTED_HEADER" }} }}
allow_private = true
[[source]]
id = "named"
url = "http://{s["token as user name"]}@{here}/feed/1"
allow_private = true
[[source]]
id = "private"
url = "http://{here}/feeds/private/{s["private feed's path"]}"
allow_private = true
[[source]]
id = "moved"
url = "http://{here}/moved"
allow_private = true
[[source]]
id = "page"
kind = "page"
url = "http://{here}/page?key={s["query of a page whose links are fragments"]}"
options = {{ sections = "h2" }}
allow_private = true
[[source]]
id = "big"
url = "http://{here}/big?token={s["API key in a query"]}"
headers = {{ authorization = {{ env = "PLANTED_HEADER" }} }}
allow_private = true
[[source]]
id = "x"
kind = "x"
url = "http://{here}/2/users/1/tweets"
headers = {{ authorization = {{ env = "PLANTED_X" }} }}
allow_private = true
[[source]]
id = "pushed"
kind = "webhook"
url = "http://{here}/feed/2"
options = {{ hub = "http://{here}/hub?token={s["hub's address"]}" }}
allow_private = true
[[source]]
id = "outside"
url = "http://outside.example/feed"
[[source]]
id = "tunnel"
url = "https://outside.example/feed"
[[source]]
id = "off"
url = "http://{here}/feed/3?password={s["address of a disabled source"]}"
enabled = false
reason = "for later"
allow_private = true
"""
    recipients = f"""
[[recipient]]
id = "mail"
email = "me@example.org"
[[recipient]]
id = "hook"
webhook = "http://{here}/{s["webhook's path"]}?key={s["webhook's query"]}"
secrets = ["{s["signing key"]}", "{s["older signing key"]}"]
headers = {{ x-key = "{s["webhook's header"]}" }}
allow_private = true
[[recipient]]
id = "slack"
slack = "http://{here}/services/T0/B0/{s["slack address"]}"
allow_private = true
[[recipient]]
id = "discord"
discord = "http://{here}/api/webhooks/12/{s["discord address"]}"
allow_private = true
[[recipient]]
id = "teams"
teams = "http://{here}/{s["teams address"]}"
allow_private = true
[[recipient]]
id = "apprise"
apprise = "json://me:{s["apprise password"]}@{here}/{s["apprise address"]}"
allow_private = true
[[recipient]]
id = "outside"
webhook = "http://hooks.example/in"
[[digest]]
id = "now"
schedule = "immediate"
recipients = ["mail", "hook", "outside", "slack", "discord", "teams", "apprise"]
"""
    main = f"""
database = "a.db"
operators = ["mail", "hook", "slack"]
[smtp]
host = "127.0.0.1"
port = {mail}
security = "none"
[http]
host_gap = 0.0
per_host = 10
proxy = {{ env = "PLANTED_PROXY" }}
[web]
token_hash = "{hash_token(s["web token"], b"0123456789abcdef")}"
base_url = "http://127.0.0.1:1/"
[polling]
alert_window_hours = 100000
failing_notice_hours = 0.000001
[log]
level = "debug"
format = "FORMAT"
"""
    (folder / "sources.toml").write_text(sources, "utf-8")
    (folder / "aiwatch.toml").write_text(main.replace("FORMAT", "json") + recipients, "utf-8")
    (folder / "text.toml").write_text(main.replace("FORMAT", "text").replace("a.db", "b.db") + recipients, "utf-8")
    login = 'username = "me"\npassword = { env = "PLANTED_SMTP" }\n'
    (folder / "login.toml").write_text(main.replace("FORMAT", "text").replace("[http]", login + "[http]") + recipients, "utf-8")
    return {
        "PLANTED_HEADER": f"Bearer {s['header from the environment']}",
        "PLANTED_PROXY": "http://me:" + s["the proxy's password"] + f"@{here}",
        "PLANTED_X": "Bearer " + s["X's token"],
        "PLANTED_SMTP": s["smtp password"],
        "http_proxy": f"http://me:{s['proxy of the environment']}@127.0.0.1:9",
        "HTTPS_PROXY": f"http://me:{s['proxy of the environment']}@127.0.0.1:9",
    }


LISTINGS = (
    ("doctor",),
    ("list",),
    ("show", "Sora"),
    ("search", "Sora"),
    ("stats",),
    ("leadtime",),
    ("names", "list"),
    ("sources", "list"),
    ("sources", "gaps"),
    ("deliveries", "list"),
    ("digest", "next"),
    ("label",),
    ("notify", "muted"),
    ("db", "stats"),
    ("sql", "SELECT * FROM sources_health"),
    ("sql", "SELECT * FROM documents"),
    ("sql", "SELECT * FROM deliveries"),
    ("sql", "SELECT * FROM notice"),
    ("explain", "Sora"),
)
OTHERS = (
    ("sources", "check", "good"),
    ("sources", "check", "bad"),
    ("sources", "check", "outside", "tunnel"),
    ("sources", "check", "page"),
    ("sources", "export"),
    ("sources", "export", "--opml"),
    ("sources", "add", "http://me:tok-user-b4a91c02@127.0.0.1:9/x?token=tok-query-5d20b6f1"),
    ("digest", "preview", "now", "--since", "7d"),
    ("digest", "preview", "now", "--since", "7d", "--html"),
    ("digest", "preview", "now", "--since", "7d", "--json", "--to", "hook"),
    ("deliveries", "list", "--failed"),
    ("notify", "test", "hook"),
    ("notify", "test", "outside"),
    ("notify", "test", "apprise"),
    ("replay",),
    ("once", "nosuch"),
    ("db", "check"),
)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # by the first of Apprise's plugins
def test_no_planted_secret_shows_anywhere(tmp_path: Path, port: int, postbox: tuple[Postbox, int]) -> None:
    box, mail = postbox
    env = configure(tmp_path, port, mail)
    calls = (("aiwatch.toml", "once"), ("text.toml", "once"), ("login.toml", "notify", "test", "mail"))
    with ThreadPoolExecutor() as beside:  # each has a database of its own, or none
        said = dict(
            zip(((" ".join(call), "command") for call in calls), beside.map(partial(_run, tmp_path, env), calls), strict=True)
        )
    said |= {("daemon", what): text for what, text in _daemon(tmp_path, env).items()}
    said |= {("pages", what): text for what, text in _pages(tmp_path, env).items()}
    runner = CliRunner()
    for words in (*LISTINGS, *[(*one, "--json") for one in LISTINGS], *[(*one, "--csv") for one in LISTINGS], *OTHERS):
        done = runner.invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), *words], env=env)
        said[" ".join(words), "command"] = f"{done.output}{done.exception!r}"
    said["database", "file"] = "".join(path.read_bytes().decode("latin-1") for path in tmp_path.glob("?.db*"))
    said["mails", "box"] = "\n".join(box.mails)
    assert "Sora" in said["list --json", "command"]
    assert "Lumi" in said["search Sora --json", "command"] or "Lumi" in said["sql SELECT * FROM documents --json", "command"]
    assert "Sora" in said["mails", "box"]
    assert "500" in said["deliveries list --json", "command"]
    for name in ("hook", "outside", "apprise"):
        assert f"NOT reached  {name}" in said[f"notify test {name}", "command"]
    found = {name: sorted({where for where, text in said.items() if secret in text}) for name, secret in SECRETS.items()}
    assert {name: places for name, places in found.items() if places} == {}


def _run(folder: Path, env: dict[str, str], call: tuple[str, ...]) -> str:
    command = [sys.executable, "-m", "aiwatch", "-c", *call]
    done = subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False, timeout=300)
    return done.stdout + done.stderr


def _daemon(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """What the daemon logs, and what others see of it and of the child that reads the large body."""
    (folder / "a.db").unlink()
    command, seen = (
        [sys.executable, "-m", "aiwatch", "-c", "aiwatch.toml", "run"],
        {"process list": "", "child's environment": ""},
    )
    with subprocess.Popen(command, cwd=folder, env=os.environ | env, stderr=subprocess.PIPE, text=True) as daemon:
        assert daemon.stderr is not None
        late = threading.Timer(300, daemon.kill)  # one that never gets there ends this test, not the whole run
        late.daemon = True
        late.start()
        lines, missing = [], {'"big: ', "now to hook: not sent: 500"}  # both are part of it, in whichever order
        for line in daemon.stderr:
            lines.append(line)
            missing = {one for one in missing if one not in line}
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    called = (process / "cmdline").read_text("utf-8", "replace")
                    seen["process list"] += called
                    seen["child's environment"] += (
                        (process / "environ").read_text("utf-8", "replace") if "aside" in called else ""
                    )
                except OSError:
                    continue
            if not missing:
                break
        assert not missing, lines
        daemon.terminate()
        lines += daemon.stderr.readlines()
        late.cancel()
    assert "aiwatch" in seen["process list"]
    return seen | {"log": "".join(lines)}


def _pages(folder: Path, env: dict[str, str]) -> dict[str, str]:
    """The pages, the API and the feeds, with and without the token; and what the server logs."""
    from starlette.testclient import TestClient

    from aiwatch import app
    from aiwatch.web.app import make_app

    config = app.load_config(str(folder / "aiwatch.toml"), env=env)
    said = {}
    with closing(app.open_library(config)) as library:
        client = TestClient(make_app(config, library, app.load_rules(config), app.now), base_url="http://127.0.0.1")
        for login in ({}, {"authorization": f"Bearer {SECRETS['web token']}"}):
            for path in PAGES:
                answer = client.get(path, headers=login)
                said[f"{path} {len(login)}"] = f"{answer.headers}{answer.text}"
    assert "Sora" in said["/api/v1/announcements 1"], said
    return said


BROKEN = (
    "[http]\nproxy = 'me:tok-1@proxy.example:3128'",
    "[http]\nproxy = 'socks4://me:tok-1@proxy.example:1080'",
    "[http]\nproxy = ['tok-1']",
    '[smtp]\npasword = "tok-1"',
    "[smtp]\npassword = ['tok-1']",
    "[web]\ntoken_hash = ['tok-1']",
    "[web]\nbase_url = 'ftp://me:tok-1@x.example/'",
    "[[recipient]]\nid = 'a'\nwebhook = ['http://x.example/tok-1']",
    "[[recipient]]\nid = 'a'\nwebhook = 'http://x.example/'\nsecrets = 'tok-1'",
    "[[recipient]]\nid = 'a'\nwebhook = 'http://x.example/'\nheaders = 'tok-1'",
    "[[recipient]]\nid = 'a'\nslack = { envv = 'tok-1' }",
    "[smtp]\npassword = 'tok-1",
    "[smtp]\npassword = tok-1",
)
BROKEN_SOURCES = (
    "[[source]]\nid = 'a'\nurl = 'ftp://me:tok-1@x.example/'",
    "[[source]]\nid = 'a'\nurl = 'http://x.example/?token=tok-1 2'",
    "[[source]]\nid = 'a'\nurl = 'http://x.example/'\nheaders = { x = ['tok-1'] }",
    "[[source]]\nid = 'a'\nurl = 'http://x.example/'\nheaders = 'tok-1'",
    '[[source]]\nid = "a"\nurl = "http://x.example/"\nheaders = { x = "tok-1\\n and more" }',
)


@pytest.mark.parametrize(("main", "sources"), [*[(one, "") for one in BROKEN], *[("", one) for one in BROKEN_SOURCES]])
def test_a_mistake_in_the_configuration_quotes_no_secret(
    main: str, sources: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "aiwatch.toml").write_text(main, "utf-8")
    (tmp_path / "sources.toml").write_text(sources, "utf-8")
    with pytest.raises(SystemExit) as ended:
        entry(["-c", str(tmp_path / "aiwatch.toml"), "list"])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert ".toml" in said
    assert "tok-1" not in said


def test_a_log_line_masks_addresses() -> None:
    text = "poll of https://user:tok-a1b2c3d4e5@x.example/feed?api_key=tok-f6a7b8c9d0 failed"
    record = logging.LogRecord("aiwatch", logging.WARNING, __file__, 1, text, (), None)
    for form in (JsonLines(), PlainLines("%(message)s")):
        line = form.format(record)
        assert "x.example" in line
        assert "tok-" not in line


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://x.example/feed", "https://x.example/feed"),
        ("https://x.example/feed?tag=ai&page=2#top", "https://x.example/feed?tag=ai&page=2#top"),
        ("https://me:tok-1@x.example/feed?api_key=tok-1&tag=ai", "https://x.example/feed?tag=ai"),
        ("https://x.example/page?key=tok-1#v2", "https://x.example/page#v2"),
        ("https://x.example/feeds/private/tok-1?format=atom", "https://x.example/feeds/private/***?format=atom"),
        ("https://x.example/?", "https://x.example/"),
        (
            "https://x.example/videos.xml?channel_id=UC1aB2cD3eF4gH5iJ6kL7mN8",
            "https://x.example/videos.xml?channel_id=UC1aB2cD3eF4gH5iJ6kL7mN8",
        ),
        ("https://x.example/videos.xml?feed=UC1aB2cD3eF4gH5iJ6kL7mN8", "https://x.example/videos.xml"),
    ],
)
def test_what_goes_out_is_made_on_an_address_without_secrets(address: str, public: str) -> None:
    assert shareable(address) == public


def test_the_shipped_list_is_given_out_whole() -> None:
    listed = tomllib.loads((Path(__file__).parents[1] / "sources.toml").read_text("utf-8"))["source"]
    assert len(listed) > 100
    assert [one["id"] for one in listed if shareable(one["url"]) != one["url"]] == []


def test_what_a_server_repeats_of_a_request_is_hidden() -> None:
    hook = Recipient(
        id="hook",
        channel=Channel.WEBHOOK,
        address=Secret("https://hook.example/in/tok-path%2Fmore?name=tok-query-1"),
        secrets=(Secret("a signing key"),),
        headers={"authorization": "Bearer tok-header-1"},
    )
    said = "no hook.example/in/tok-path%2Fmore, tok-path/more, tok-query-1; Bearer tok-header-1; 'tok-header-1'; a signing key"
    assert veiled(said, hook) == "no hook.example/in/…, …, …; …; '…'; …"
