"""Kind ``youtube``: a channel's or playlist's Atom feed (``https://www.youtube.com/feeds/videos.xml?channel_id=UC...``).

The description stands in ``media:group``, which the feed parser reads. A 404 comes and goes there; that is the fetcher's to bear.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed
from aiwatch.ports import Request

OPTIONS: frozenset[str] = frozenset({"shorts"})  # true: keep Shorts


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for the feed."""
    return feed.request_for(source, state)


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the newest uploads. Raises ParseError as a feed does."""
    parsed = feed.parse(source, fetched, now=now)
    if source.options.get("shorts"):
        return parsed
    kept = tuple(item for item in parsed.items if "/shorts/" not in (item.url or ""))
    fewer = len(kept) < len(parsed.items)
    return replace(parsed, items=kept, may_be_empty=fewer, reaches=parsed.items[-1].published if fewer else None)
