"""Kind ``bluesky``: a profile's RSS (``https://bsky.app/profile/HANDLE/rss``) or the public API's author feed
(``https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=HANDLE``).

Posts have no titles: the first line is one. What the account merely repeats is left out.
Source: docs.bsky.app, app.bsky.feed.getAuthorFeed.
"""  # noqa: D205  the two addresses are one sentence

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed, listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import text_at
from aiwatch.ports import Request
from aiwatch.text import first_line
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"reposts"})  # true: keep what the account repeats of others


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for either address."""
    return listing.request(source, state, robots=False, accept="application/json, application/rss+xml;q=0.9, */*;q=0.5")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read an account's posts, newest first. Raises ParseError for an error object."""
    if not listing.is_json(fetched):
        parsed = feed.parse(source, fetched, now=now)
        return replace(parsed, items=tuple(replace(item, title=item.title or first_line(item.summary)) for item in parsed.items))
    value = listing.json_of(source, fetched)
    posts = value.get("feed") if isinstance(value, dict) else None
    if not isinstance(posts, list):
        said = value.get("message", "no feed") if isinstance(value, dict) else "no feed"
        raise ParseError(f"{redact(fetched.url)}: the service says {said!r}")
    own = [one for one in posts if isinstance(one, dict) and (not one.get("reason") or source.options.get("reposts"))]
    rows = [_row(one) for one in own]
    items = listing.entries(source, fetched.url, rows, now=now, limit=200)
    # A repost stands by its own date.
    dates = [text_at(one, "reason.indexedAt|post.record.createdAt|post.indexedAt") for one in posts if isinstance(one, dict)]
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, lang=source.lang, may_be_empty=len(rows) < len(posts), reaches=reaches)


def _row(one: dict[str, Any]) -> Row:
    """A post; the card under it, such as "Introducing ..." of the linked page, belongs to its words."""
    text, uri = text_at(one, "post.record.text"), text_at(one, "post.uri")
    handle = text_at(one, "post.author.handle|post.author.did")
    card = [text_at(one, "post.embed.external.title"), text_at(one, "post.embed.external.description")]
    return Row(
        title=first_line(text) or card[0],
        link=f"https://bsky.app/profile/{handle}/post/{uri.rsplit('/', 1)[-1]}" if uri and handle else "",
        date=text_at(one, "post.record.createdAt|post.indexedAt"),
        summary="\n".join(filter(None, (text, *card))),
        author=handle,
    )
