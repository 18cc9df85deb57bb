"""Kind ``reddit``: a subreddit's or user's listing as Atom (``.../r/NAME/.rss``) or JSON (``.../r/NAME/new.json``).

Anonymous requests are answered 429 since June 2026: the address needs a personal feed token, or ``headers`` an OAuth bearer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import feed, listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import number_at, select, text_at
from aiwatch.ports import Request
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"flair", "min_score"})  # keep posts of this flair; of at least so many points


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET; robots.txt is heeded, as the site asks of everybody."""
    return listing.request(source, state, robots=True, accept="application/atom+xml, application/json;q=0.9, */*;q=0.5")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the posts in the order of the listing. Raises ParseError for an error object."""
    if not listing.is_json(fetched):
        return feed.parse(source, fetched, now=now)
    value = listing.json_of(source, fetched)
    children = select(value, "data.children")
    if not children or not isinstance(children[0], list):
        said = value.get("message", "no listing") if isinstance(value, dict) else "no listing"
        raise ParseError(f"{redact(fetched.url)}: the answer has no posts; it says {said!r}")
    posts = select(children[0], "[].data")
    rows = [_row(post) for post in posts if _wanted(source, post)]
    items = listing.entries(source, fetched.url, rows, now=now, limit=200)
    dates = [text_at(post, "created_utc") for post in posts] if "/new" in fetched.url else []
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, lang=source.lang, may_be_empty=len(rows) < len(posts), reaches=reaches)


def _wanted(source: Source, post: Any) -> bool:
    flair = source.options.get("flair")
    enough = number_at(post, "score") >= int(source.options.get("min_score", 0))
    return enough and not select(post, "[stickied=True]") and (not flair or text_at(post, "link_flair_text") == flair)


def _row(post: Any) -> Row:
    page = text_at(post, "permalink")
    return Row(
        title=text_at(post, "title"),
        link=f"https://www.reddit.com{page}" if page else text_at(post, "url"),
        date=text_at(post, "created_utc"),
        summary=text_at(post, "selftext"),
        category=text_at(post, "link_flair_text"),
        author=text_at(post, "author"),
    )
