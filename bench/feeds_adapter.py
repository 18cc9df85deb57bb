"""The feed parser as a scorer of feed parsers calls it: bytes, headers and an address in, plain dictionaries out."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from aiwatch.parse.feed import read_feed
from aiwatch.parse.raw import RawEntry


def parse(data: bytes, headers: dict[str, str], base_url: str) -> dict[str, Any]:
    """Read a feed: ``{"feed": ..., "entries": [...], "error": None}``, or ``{"error": reason}`` for what is none."""
    feed = read_feed(data, headers or {}, base_url or None)
    if feed is None:
        return {"error": "not a feed"}
    return {
        "feed": {"title": feed.title, "link": feed.link},
        "entries": [_entry(entry, feed.link) for entry in feed.entries],
        "error": None,
    }


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
