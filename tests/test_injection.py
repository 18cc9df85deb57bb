"""Hostile entries through the whole pipeline and out of every door: log, commands, pages, API, feeds, calendar, lists, tools."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from icalendar import Calendar
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from aiwatch import app
from aiwatch.cli import cli
from aiwatch.web.app import make_app

MARK = "\u241e"  # stands before what a title adds; nothing of ours holds it
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "</title></style><svg/onload=alert(1)>",
    "{{ 7*7 }}{% include '/etc/passwd' %}${7*7}#{7*7}",
    "'); DROP TABLE item; --",
    '" OR 1=1 UNION SELECT value FROM secret --',
    "\r\n2026-11-27 00:00:00 ERROR   forged line of a log",
    '\n{"at": "2026", "level": "error", "text": "forged object"}',
    "\r\nBcc: victim@example.org\r\n\r\nbody",
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:file:///etc/passwd",
    "\x1b[2J\x1b[31mred\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\link\x9b2J",
    "\u202egnp.exe\u202c\u2066\u200f hidden",
    "\u2028X-Injected: yes\u2029\x85\x0b\x0c",
    "[click](javascript:alert(1)) **bold** | cell | `code`",
    "<!channel> <@U1> @everyone <https://evil.example|bank>",
    "]]></title><entry><title>forged</title></entry>",
    "&lt;script&gt;&#60;script&#62;&amp;lt;",
    "[bold red]rich[/] [link=http://evil.example]x[/link]",
    "\ud800\udfff\ufffe\x00",
)
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "＝1+1", "|calc")
# What a terminal, or a reader, obeys; line feeds are for the caller to judge.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069]")
NAMES = [f"GPT-{n}" for n in range(100, 100 + len(HOSTILE))]


def body() -> bytes:
    """A JSON feed, which can say anything; its escapes keep lone surrogates."""
    items: list[dict[str, Any]] = [
        {
            "id": f"i{n}{text}",
            "url": f"https://lab.example/{n}?q={text}",
            "date_published": (datetime.now(UTC) - timedelta(minutes=n)).isoformat(),
            "title": f"Introducing {name}, our new language model {MARK}{text}",
            "summary": text,
            "content_text": text * 3,
            "authors": [{"name": text}],
            "tags": [text],
        }
        for n, (name, text) in enumerate(zip(NAMES, HOSTILE, strict=True))
    ]
    items += [{"id": text, "url": "javascript:alert(1)", "title": text, "summary": text} for text in FORMULAS]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": HOSTILE[0], "items": items}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/feed" else 404)
        self.send_header("Content-Type", "application/feed+json")
        self.end_headers()
        self.wfile.write(body())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with a configuration and a database that has polled the hostile feed; and what the logs of that said."""
    folder = tmp_path_factory.mktemp("injection")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/feed"
    source = f'[[source]]\nid = "lab"\nname = {json.dumps(HOSTILE[0] + HOSTILE[11])}\nurl = "{url}"\n'
    source += 'allow_private = true\ntier = "primary"\nvendor = "OpenAI"\nlang = "en"\n'
    (folder / "sources.toml").write_text(source, "utf-8")
    logs = {}
    for form in ("json", "text"):
        told = (
            '[[recipient]]\nid = "hook"\nwebhook = "http://127.0.0.1:9/"\n'
            '[[digest]]\nid = "now"\nschedule = "immediate"\nrecipients = ["hook"]\n'
        )
        text = (
            f'database = "{form}.db"\n[polling]\nalert_window_hours = 100000\n[log]\nlevel = "debug"\nformat = "{form}"\n{told}'
        )
        (folder / f"{form}.toml").write_text(text, "utf-8")
        call = [sys.executable, "-m", "aiwatch", "-c", f"{form}.toml", "once"]
        done = subprocess.run(call, cwd=folder, capture_output=True, check=False, timeout=300)
        logs[form] = done.stderr.decode("utf-8", "surrogateescape")
        logs[f"{form} out"] = done.stdout.decode("utf-8", "surrogateescape")
    server.shutdown()
    server.server_close()
    return folder, logs


def run(house: tuple[Path, dict[str, str]], *words: str) -> str:
    done = CliRunner().invoke(cli, ["-c", str(house[0] / "text.toml"), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
    assert not OBEYED.search(done.stderr)
    return done.stdout


COMMANDS = (
    ("list",),
    ("list", "--sort", "score"),
    ("search", "Introducing"),
    ("names", "list"),
    ("sources", "list"),
    ("sources", "gaps"),
    ("leadtime",),
    ("deliveries", "list"),
    ("stats",),
    ("sql", "SELECT * FROM documents"),
    ("sql", "SELECT * FROM announcements"),
)


def test_no_entry_writes_a_line_of_the_log_or_moves_the_cursor(house: tuple[Path, dict[str, str]]) -> None:
    logs = house[1]
    lines = logs["text"].splitlines()
    assert not [line for line in lines if OBEYED.search(line)]
    assert not [line for line in lines if "forged" in line and MARK not in line]
    for line in logs["json"].splitlines():
        assert json.loads(line)["level"] in {"debug", "info", "warning", "error"}
    assert "GPT-107" in logs["text out"]
    assert not OBEYED.search(logs["text out"] + logs["json out"])


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_lets_an_entry_move_the_cursor_or_start_a_row(
    house: tuple[Path, dict[str, str]], words: tuple[str, ...]
) -> None:
    text, coded = run(house, *words), run(house, *words, "--json")
    assert not OBEYED.search(text + coded)
    rows = json.loads(coded)
    if rows and words[0] in {"list", "sql", "names", "deliveries"}:
        assert len(text.splitlines()) - 1 == len(rows)
    table = list(csv.reader(StringIO(run(house, *words, "--csv"), newline="")))
    assert not [cell for row in table for cell in row if re.match(r"\s*[=+@＝|]|\s*-(?![\d.]+$)", cell)]
    assert len({len(row) for row in table if row}) <= 1
    marked = run(house, *words, "--markdown").splitlines()
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in marked if line}) <= 1
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[click", "".join(marked))


def test_a_story_and_an_explanation_are_harmless_lines(house: tuple[Path, dict[str, str]]) -> None:
    for name, text in zip(NAMES, HOSTILE, strict=True):
        assert not OBEYED.search(run(house, "show", name))
        assert not OBEYED.search(
            run(house, "explain", f"Introducing {name}, our new language model {MARK}{text}".replace("\x00", ""))
        )
    assert not OBEYED.search(run(house, "digest", "preview", "now", "--since", "7d"))
    tree = LexborHTMLParser(run(house, "digest", "preview", "now", "--since", "7d", "--html"))
    assert _active(tree) == []


@pytest.fixture(scope="module")
def client(house: tuple[Path, dict[str, str]]) -> Iterator[TestClient]:
    config = app.load_config(str(house[0] / "text.toml"))
    with closing(app.open_library(config)) as library:
        made = make_app(config, library, app.load_rules(config), lambda: datetime.now(UTC), _ticking().__next__)
        yield TestClient(made, base_url="http://127.0.0.1", follow_redirects=False)


def _ticking() -> Iterator[float]:
    return iter(float(n) for n in range(10**9))


def _active(tree: LexborHTMLParser) -> list[str]:
    """What could run, load or lead astray."""
    found = [f"<{node.tag}>" for node in tree.css("script, iframe, object, embed, svg, base, link[rel=import]")]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            leads = name in {"href", "src", "action"} and re.match(r"\s*(javascript|data:text|vbscript)", value or "")
            if name.startswith("on") or leads:
                found.append(f"{node.tag} {name}={value}")
    return found


def test_no_page_holds_what_could_run(client: TestClient) -> None:
    pages = ["/", "/rumors", "/race", "/search?q=Introducing", "/sources", "/sources/lab", "/digests"]
    pages += [f"/explain?q={name}" for name in NAMES] + [f"/story/{one['story']['id']}" for one in _told(client)]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        tree = LexborHTMLParser(answer.text)
        assert [one for one in _active(tree) if one != "<svg>"] == [], page
        assert "49" not in re.findall(rf"{MARK}(\d+)", answer.text), "a title was taken for a template"


def test_what_is_typed_comes_back_as_text_and_asks_for_nothing_else(client: TestClient) -> None:
    documents = client.get("/api/v1/stats").json()["documents"]
    for text in (*HOSTILE[:-1], *FORMULAS):
        for address in (
            "/search",
            "/explain",
            "/",
            "/api/v1/search",
            "/api/v1/explain",
            "/api/v1/stories",
            "/feed.atom",
            "/look",
        ):
            answer = client.get(address, params={"q": text, "text": text, "vendor": text, "cursor": text, "next": text})
            assert answer.status_code < 500, (address, text)
            assert not {"bcc", "x-injected", "attach"} & {name.lower() for name in answer.headers}
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert [one for one in _active(LexborHTMLParser(answer.text)) if one != "<svg>"] == []
    assert client.get("/api/v1/stats").json()["documents"] == documents


def _told(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v1/announcements?limit=100").json()["announcements"]
    return found


def test_the_api_gives_the_words_and_the_feeds_hold_together(client: TestClient) -> None:
    told = {one["announcement"]["name"]: one["announcement"]["title"] for one in _told(client)}
    assert set(NAMES) <= set(told)
    assert "DROP TABLE item; --" in told["GPT-105"]
    feed = etree.fromstring(client.get("/feed.atom").content)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == len(told)
    for entry in entries:
        for node in entry.iter("{*}title", "{*}summary", "{*}content"):
            inside = LexborHTMLParser(node.text or "") if node.get("type") == "html" else None
            assert inside is None or _active(inside) == []
        for link in entry.iter("{*}link"):
            assert link.get("href", "").startswith(("http://", "https://"))
    items = client.get("/feed.json").json()["items"]
    assert len(items) == len(told)
    for item in items:
        assert _active(LexborHTMLParser(item.get("content_html", ""))) == []


def test_no_entry_adds_to_the_calendar(client: TestClient) -> None:
    raw = client.get("/calendar.ics").content.decode()
    events = Calendar.from_ical(raw).walk("VEVENT")
    assert len(events) == len(_told(client))
    assert not re.search(r"^ATTACH|^Bcc", raw, re.MULTILINE)
    assert not OBEYED.search(raw.replace("\r\n", "\n"))


def test_a_hostile_list_adds_what_it_says_and_nothing_else(house: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    names = [f'x"\n[[source]]\nid = "evil{n}"\nurl = "http://evil.example/"\n#{text}' for n, text in enumerate(HOSTILE)]
    root = etree.Element("opml", version="2.0")
    outlines = etree.SubElement(root, "body")
    for n, name in enumerate(names):
        legal = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "", name)
        etree.SubElement(outlines, "outline", type="rss", text=legal, title=legal, xmlUrl=f"https://lab{n}.example/feed")
    (tmp_path / "list.opml").write_bytes(etree.tostring(root))
    (tmp_path / "aiwatch.toml").write_text('database = "a.db"\n', "utf-8")
    (tmp_path / "sources.toml").write_text("", "utf-8")
    done = CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), "sources", "import", str(tmp_path / "list.opml")])
    assert done.exit_code == 0, done.output
    assert not OBEYED.search(done.output)
    listed = tomllib.loads((tmp_path / "sources.toml").read_text("utf-8"))["source"]
    assert {one["url"] for one in listed} == {f"https://lab{n}.example/feed" for n in range(len(names))}
    exported = run(house, "sources", "export", "--opml")
    assert len(etree.fromstring(exported[exported.index("<?xml") :].encode()).findall(".//outline")) == 1
    assert len(tomllib.loads(run(house, "sources", "export"))["source"]) == 1


def test_an_assistant_gets_the_words_as_data_that_is_marked_as_such(house: tuple[Path, dict[str, str]]) -> None:
    pytest.importorskip("mcp", reason="the extra for assistants is not installed")
    from mcp.client import Client

    from aiwatch import mcp

    config = app.load_config(str(house[0] / "text.toml"))

    async def scene() -> list[Any]:
        async with Client(mcp.server(config, library, app.load_rules(config), lambda: datetime.now(UTC))) as client:
            calls: list[tuple[str, dict[str, Any]]] = [
                ("recent_announcements", {"days": 7}),
                ("search", {"query": "Introducing"}),
            ]
            return [await client.call_tool(name, given) for name, given in calls]

    with closing(app.open_library(config)) as library:
        for answer in asyncio.run(scene()):
            found = answer.structured_content
            assert "DROP TABLE" in json.dumps(found["untrusted"])
            assert "DROP TABLE" not in json.dumps({key: value for key, value in found.items() if key != "untrusted"})
