"""The feed parser as a scorer of feed parsers calls it: bytes, headers and an address in, plain dictionaries out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from aiwatch.errors import ParseError
from aiwatch.parse.feed import read_feed
from aiwatch.parse.opml import read_opml
from aiwatch.parse.raw import RawEntry


def parse(data: bytes, headers: dict[str, str], base_url: str) -> dict[str, Any]:
    """Read a feed or a list: ``{"feed", "entries", "feeds", "error": None}``, or ``{"error": reason}`` for what is neither."""
    feed = read_feed(data, headers or {}, base_url or None)
    if feed is None:
        return _list(data)
    return {
        "feed": {"title": feed.title, "link": feed.link},
        "feeds": [] if feed.entries else _list(data).get("feeds", []),
        "entries": [_entry(entry, feed.link) for entry in feed.entries],
        "error": None,
    }


def _list(data: bytes) -> dict[str, Any]:
    try:
        outlines = read_opml(data)
    except ParseError as refusal:
        return {"error": str(refusal)}
    if not outlines and b"opml" not in data[:4000].lower():
        return {"error": "neither a feed nor a list of feeds"}
    return {"feeds": [{"url": outline.url, "title": outline.title} for outline in outlines], "entries": [], "error": None}


def _entry(entry: RawEntry, site: str | None) -> dict[str, Any]:
    return {
        "title": entry.title,
        "link": entry.link or site,
        "id": entry.guid or entry.link,
        "published": _iso(entry.published),
        "updated": _iso(entry.updated),
        "summary": entry.summary,
        "content": entry.content,
    }


def _iso(date: datetime | None) -> str | None:
    return date.strftime("%Y-%m-%dT%H:%M:%SZ") if date else None
