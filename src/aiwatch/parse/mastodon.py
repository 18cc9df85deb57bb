"""Kind ``mastodon``: an account's RSS (``https://HOST/@USER.rss``) or its statuses (``https://HOST/api/v1/accounts/ID/statuses``).

Posts have no titles: the first line is one. Source: docs.joinmastodon.org, "Accounts: get statuses".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed, listing
from aiwatch.parse.listing import Row
from aiwatch.parse.markup import plain
from aiwatch.parse.path import text_at
from aiwatch.ports import Request
from aiwatch.text import first_line
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"boosts", "replies"})  # true: keep other people's posts, answers


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for either address."""
    return listing.request(source, state, robots=False, accept="application/json, application/rss+xml;q=0.9, */*;q=0.5")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read an account's posts, newest first. Raises ParseError for an error object and for what is neither form."""
    if not listing.is_json(fetched):
        return feed.parse(source, fetched, now=now)
    value = listing.json_of(source, fetched)
    if not isinstance(value, list):
        said = value.get("error", "something that is no list") if isinstance(value, dict) else "something that is no list"
        raise ParseError(f"{redact(fetched.url)}: the server says {said!r}")
    rows = [row_of(one) for one in value if isinstance(one, dict) and _wanted(source, one)]
    items = listing.entries(source, fetched.url, rows, now=now, limit=200)
    dates = [text_at(one, "created_at") for one in value if isinstance(one, dict)]
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, lang=source.lang, may_be_empty=len(rows) < len(value), reaches=reaches)


def _wanted(source: Source, one: dict[str, Any]) -> bool:
    boost, reply = one.get("reblog"), one.get("in_reply_to_id")
    return (not boost or bool(source.options.get("boosts"))) and (not reply or bool(source.options.get("replies")))


def row_of(one: dict[str, Any]) -> Row:
    """A status as a row; a boost is the post that it repeats."""
    post = one.get("reblog") or one
    text = plain(text_at(post, "content"))
    return Row(
        title=first_line(text),
        link=text_at(post, "url|uri"),
        date=text_at(post, "created_at"),
        summary=text,
        author=text_at(post, "account.acct"),
    )
