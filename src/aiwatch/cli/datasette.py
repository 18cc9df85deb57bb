"""``aiwatch datasette``: the database in a browser, with Datasette (an extra), reading only."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from aiwatch.cli import asked, given
from aiwatch.store import public
from aiwatch.store.library import Library

SPAN = 0.2  # seconds between two looks at the process that is waited for
SETTINGS = {"sql_time_limit_ms": 1000, "max_returned_rows": 1000, "allow_download": "off", "suggest_facets": "off"}
FACETS = {
    "announcements": ["vendor", "modality", "stage", "lang", "tier", "told"],
    "stories": ["vendor", "modality", "stage"],
    "mentions": ["source", "lang", "role", "stage"],
    "documents": ["source", "lang", "tier"],
    "sources_health": ["health", "kind", "tier"],
    "deliveries": ["state", "digest", "recipient"],
}
QUERIES = {
    "week": (
        "The last seven days",
        (
            "SELECT at, name, vendor, stage, title, url FROM announcements WHERE told AND stage <> 'rumored' "
            "AND at >= strftime('%Y-%m-%dT%H:%M:%S', (SELECT max(at) FROM announcements), '-7 days') ORDER BY at DESC"
        ),
    ),
    "vendor": (
        "All steps of one vendor",
        "SELECT at, name, stage, modality, title, url FROM announcements WHERE vendor = :vendor COLLATE NOCASE ORDER BY at DESC",
    ),
    "race": (
        "Who had it first: each story's first source and the vendor's own",
        (
            "WITH report AS (SELECT *, rank() OVER (PARTITION BY story_id ORDER BY at, tier <> 'primary', item_id) AS place, "
            "rank() OVER (PARTITION BY story_id, tier ORDER BY at, item_id) AS place_in_tier FROM mentions WHERE role <> 'mention') "
            "SELECT stories.name, stories.vendor, first.source AS first_source, first.at AS first_at, own.source AS vendor_source, "
            "own.at AS vendor_at FROM stories JOIN report first ON first.story_id = stories.id AND first.place = 1 "
            "LEFT JOIN report own ON own.story_id = stories.id AND own.tier = 'primary' AND own.place_in_tier = 1 "
            "ORDER BY first.at DESC"
        ),
    ),
    "search": (
        "Full text of words in an alphabet (for Korean use aiwatch search)",
        (
            "SELECT item.first_seen_at AS seen_at, item.title, item.url FROM item_fts JOIN item ON item.n = item_fts.rowid "
            "WHERE item_fts MATCH '\"' || replace(:words, '\"', '') || '\"' ORDER BY item_fts.rowid DESC LIMIT 100"
        ),
    ),
    "feed": ("An Atom feed of what was told: add .atom to the address", "SELECT * FROM atom LIMIT 50"),
}


@click.command("datasette")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; there is no token, so leave it on loopback."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8732, show_default=True, help="Where to listen.")
@click.option("--open", "browser", is_flag=True, help="Open a browser.")
@click.pass_obj
def command(obj: dict[str, str | None], host: str, port: int, browser: bool) -> None:
    """Open the database in Datasette: views with facets, ready queries, SQL, and an Atom feed. Nothing can be written.

    Needs the extra: pip install "aiwatch[datasette]".
    """
    if importlib.util.find_spec("datasette") is None:
        raise given.missing("datasette")
    with asked.library(obj) as library:  # is it ours, and of this version?
        path = library.path
    given.free(host, port)
    with tempfile.TemporaryDirectory() as directory:
        described = Path(directory) / "metadata.json"
        described.write_text(json.dumps(metadata(path)), "utf-8")
        call = [
            sys.executable,
            "-m",
            "datasette",
            "serve",
            path,
            "--metadata",
            str(described),
            "--host",
            host,
            "--port",
            str(port),
        ]
        for name, value in SETTINGS.items():
            call += ["--setting", name, str(value)]
        sys.exit(_until_it_ends([*call, *(["--open"] if browser else [])]))


def _until_it_ends(call: Sequence[str]) -> int:
    """Run a process and return its exit code; whoever ends us ends it too.

    A signal that comes just before a wait without an end would be heard only after it, so it is waited in short spans.
    """
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    with subprocess.Popen(call) as child:  # noqa: S603  our own words
        while child.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):  # a terminal tells both of us
                child.wait(SPAN)
            if told.is_set():
                child.terminate()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def metadata(path: str) -> dict[str, Any]:
    """Return what Datasette is told of the database: tables hidden, views with facets and column meanings, ready queries."""
    from aiwatch.store.schema import columns

    with Library(path) as library:
        names = [row[0] for row in library.sql("SELECT name FROM sqlite_schema WHERE type = 'table'").rows]
    views = {
        name: {
            "facets": FACETS.get(name, []),
            "columns": columns(name),
            **({} if name == "atom" else {"sort_desc": _newest(name)}),
        }
        for name in public.VIEWS
    }
    return {
        "title": "aiwatch",
        "description": "Announcements of new AI models: the views are the interface, the tables may change.",
        "databases": {
            Path(path).stem: {
                "queries": {name: {"title": title, "sql": sql} for name, (title, sql) in QUERIES.items()},
                "tables": {**{name: {"hidden": True} for name in names}, **views, "secret": {"allow": False}},
            }
        },
    }


def _newest(view: str) -> str:
    return {"stories": "last_seen", "documents": "seen_at", "sources_health": "last_success_at", "deliveries": "created_at"}.get(
        view, "at"
    )
