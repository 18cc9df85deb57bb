"""Kind ``hackernews``: the search API (``https://hn.algolia.com/api/v1/search_by_date?tags=story&query=...``) or hnrss.org.

The item is what the story links to, so that it joins the article's own coverage; the discussion is its summary's last line. A story
without a link (Ask HN) is the discussion. Source: hn.algolia.com/api.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed, listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import number_at, text_at
from aiwatch.ports import Request
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"min_points"})  # keep stories of at least so many points


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for either address."""
    return listing.request(source, state, robots=False, accept="application/json, application/rss+xml;q=0.9, */*;q=0.5")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the stories, newest first. Raises ParseError for an answer without hits."""
    if not listing.is_json(fetched):
        return feed.parse(source, fetched, now=now)
    value = listing.json_of(source, fetched)
    hits = value.get("hits") if isinstance(value, dict) else None
    if not isinstance(hits, list):
        said = value.get("message", "nothing of hits") if isinstance(value, dict) else "nothing of hits"
        raise ParseError(f"{redact(fetched.url)}: the search says {said!r}")
    least = int(source.options.get("min_points", 0))
    rows = [_row(hit) for hit in hits if isinstance(hit, dict) and number_at(hit, "points") >= least]
    items = listing.entries(source, fetched.url, rows, now=now, limit=200)
    dates = [text_at(hit, "created_at") for hit in hits if isinstance(hit, dict)] if "search_by_date" in fetched.url else []
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, lang=source.lang, may_be_empty=len(rows) < len(hits), reaches=reaches)


def _row(hit: dict[str, Any]) -> Row:
    discussion = f"https://news.ycombinator.com/item?id={text_at(hit, 'objectID')}"
    text = text_at(hit, "story_text")
    return Row(
        title=text_at(hit, "title|story_title"),
        link=text_at(hit, "url") or discussion,
        date=text_at(hit, "created_at"),
        summary=f"{text}\n{discussion}".strip(),
        author=text_at(hit, "author"),
    )
