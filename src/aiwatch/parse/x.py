"""Kind ``x``: a user's posts through the official API v2, which needs a token of a paid project.

    url = "https://api.x.com/2/users/12345/tweets"           headers = { authorization = { env = "X_AUTHORIZATION" } }

with ``X_AUTHORIZATION="Bearer ..."`` in the environment. Without a token, a bridge's feed address with kind ``feed`` is the way.
The address of a lookup by name (``.../users/by/username/NAME``) holds no posts: its error names the address that does.
Source: docs.x.com, "Get Posts" and "Get user by username".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import text_at
from aiwatch.ports import Request
from aiwatch.text import first_line
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"replies", "handle"})  # true: keep answers; the user's name, for the posts' addresses
LOOKUP = "/users/by/username/"
FIELDS = {"max_results": "100", "tweet.fields": "created_at,lang,author_id,note_tweet"}


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET with the fields that are read; a lookup by name takes none of them. Raises ParseError where the token is missing."""
    made = listing.request(source, state, robots=False, accept="application/json")
    token = made.headers.get("authorization", "").strip()
    if not token:
        raise ParseError(
            f'{redact(source.url)} needs a token of X\'s API v2: headers = {{ authorization = {{ env = "X_AUTHORIZATION" }} }} with '
            '"Bearer <token>" in that variable; or enabled = false, or a bridge\'s feed address with kind = "feed"'
        )
    if " " not in token:
        made = replace(made, headers={**made.headers, "authorization": f"Bearer {token}"})
    if LOOKUP in source.url:
        return made
    exclude = {} if source.options.get("replies") else {"exclude": "retweets,replies"}
    query = urlencode({**FIELDS, **exclude})
    return replace(made, url=f"{source.url}{'&' if '?' in source.url else '?'}{query}")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the user's posts, newest first. Raises ParseError with the API's own words, which name a missing or refused token."""
    value = listing.json_of(source, fetched)
    posts = value.get("data") if isinstance(value, dict) else None
    if isinstance(posts, dict) and posts.get("id"):
        number = f"https://api.x.com/2/users/{posts['id']}/tweets"
        raise ParseError(
            f"{redact(fetched.url)}: this looks up {posts.get('username', 'a user')!r}; the posts are at {number}: set url to it"
        )
    if not isinstance(posts, list):
        if text_at(value, "meta.result_count") == "0":
            return Parsed(items=(), lang=source.lang, may_be_empty=True)
        raise ParseError(f"{redact(fetched.url)}: {_said(value)}; a token of the API v2 belongs into headers.authorization")
    rows = [_row(source, post) for post in posts if isinstance(post, dict)]
    return Parsed(items=listing.entries(source, fetched.url, rows, now=now, limit=100), lang=source.lang)


def _said(value: Any) -> str:
    if not isinstance(value, dict):
        return "no posts in the answer"
    errors = value.get("errors") or [value]
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return f"the API says {first.get('detail') or first.get('title') or 'no reason'!r}"


def _row(source: Source, post: dict[str, Any]) -> Row:
    text = text_at(post, "note_tweet.text|text")
    handle = str(source.options.get("handle") or "i")
    return Row(
        title=first_line(text),
        link=f"https://x.com/{handle}/status/{text_at(post, 'id')}",
        date=text_at(post, "created_at"),
        summary=text,
    )
