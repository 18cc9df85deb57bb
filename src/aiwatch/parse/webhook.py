"""Kind ``webhook``: a source that pushes (a WebSub hub, or a site that posts its feed).

What is pushed is a feed's document and is read like one; the same address is polled as the safety net, as the WebSub recommendation (W3C,
section 7) advises, because hubs forget. The subscription itself is ``aiwatch.websub``.
"""

from __future__ import annotations

from datetime import datetime

from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed
from aiwatch.ports import Request

OPTIONS: frozenset[str] = frozenset({"hub", "topic"})  # the hub's address, and the feed's as the hub knows it


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET of the safety net: the topic where it differs from the address."""
    return feed.request_for(source, state)


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read a pushed or polled document. Raises ParseError as a feed does."""
    return feed.parse(source, fetched, now=now)
