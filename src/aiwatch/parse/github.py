"""Kind ``github``: releases, tags, or the new repositories of an organisation.

Addresses: ``https://github.com/OWNER/REPO/releases.atom`` (or ``tags.atom``), which needs no token, or the REST API
(``https://api.github.com/repos/OWNER/REPO/releases``, ``.../tags``, ``https://api.github.com/orgs/ORG/repos``), 60 requests an hour
without a token, 5,000 with one in ``headers``. Release titles are bare versions ("v4.57.0"): the project's name is put before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, Parsed, PollState, Source
from aiwatch.parse import feed, listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import select, text_at
from aiwatch.ports import Request
from aiwatch.urls import host_of, redact

OPTIONS: frozenset[str] = frozenset(
    {
        "project",  # name put before each title; default: the repository's
        "prereleases",  # true: keep alpha, beta, rc, nightly, preview, canary, dev
        "drop",  # regular expression: titles or tags that match are left out
        "forks",  # true: keep forks among an organisation's repositories
        "limit",
        "robots",
    }
)
PRERELEASE = re.compile(
    r"(?<![a-z])(?:alpha|beta|rc|nightly|preview|canary|dev|pre|snapshot|experimental)(?![a-z])|\d(?:a|b|rc)\d", re.IGNORECASE
)
REPOSITORY = re.compile(r"(?:github\.com/|/repos/)([\w.-]+)/([\w.-]+)")


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET; to the API with its version header (docs.github.com, REST, "API versions")."""
    if host_of(source.url) != "api.github.com" and not source.url.endswith("per_page=100"):
        return listing.request(source, state, robots=False, accept="application/atom+xml,*/*;q=0.5")
    made = listing.request(source, state, robots=False, accept="application/vnd.github+json")
    return replace(made, headers={"x-github-api-version": "2022-11-28", **made.headers})


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read releases, tags or repositories, newest first. Raises ParseError for the API's error objects and for what is neither."""
    if listing.is_json(fetched):
        return _from_api(source, fetched, now)
    parsed = feed.parse(source, fetched, now=now)
    project = _project(source, fetched.url)
    kept = tuple(_named(item, project) for item in parsed.items if _kept(source, item.title, prerelease=False))
    fewer = len(kept) < len(parsed.items)
    return replace(parsed, items=kept, may_be_empty=fewer, reaches=parsed.items[-1].published if fewer else None)


def _named(item: Item, project: str) -> Item:
    """Put the project's name before a title that lacks it."""
    if project.casefold() in item.title.casefold():
        return item
    return replace(item, title=f"{project} {item.title}")


def _project(source: Source, url: str) -> str:
    match = REPOSITORY.search(source.url) or REPOSITORY.search(url)
    return str(source.options.get("project") or (match[2].removesuffix(".git") if match else source.name))


def _kept(source: Source, title: str, *, prerelease: bool) -> bool:
    drop = source.options.get("drop")
    if drop and re.search(str(drop), title):
        return False
    return bool(source.options.get("prereleases")) or not (prerelease or PRERELEASE.search(title))


def _from_api(source: Source, fetched: Fetched, now: datetime) -> Parsed:
    value = listing.json_of(source, fetched)
    if isinstance(value, dict):
        raise ParseError(f"{redact(fetched.url)}: GitHub says {str(value.get('message', 'something that is no list'))!r}")
    if not isinstance(value, list) or not value:
        raise listing.barren(source, fetched, "no releases: an empty list")
    rows = list(_rows(source, fetched, value))
    items = listing.entries(source, fetched.url, rows, now=now, limit=int(source.options.get("limit", 100)))
    # Repositories stand in any order.
    dates = [text_at(one, "published_at|created_at") for one in value if isinstance(one, dict) and "full_name" not in one]
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, may_be_empty=len(rows) < len(value), reaches=reaches)


def _rows(source: Source, fetched: Fetched, values: list[Any]) -> Iterator[Row]:
    project = _project(source, fetched.url)
    for one in (value for value in values if isinstance(value, dict)):
        if "full_name" in one:  # a repository
            if not one.get("fork") or source.options.get("forks"):
                yield _repository(one)
            continue
        tag = text_at(one, "tag_name|name")
        name = text_at(one, "name") or tag
        if one.get("draft") or not _kept(source, f"{name} {tag}", prerelease=bool(one.get("prerelease"))):
            continue
        page = f"https://github.com/{'/'.join(m)}/releases/tag/{tag}" if (m := _owner(fetched.url, source.url)) else ""
        yield Row(
            title=name if project.casefold() in name.casefold() else f"{project} {name}",
            link=text_at(one, "html_url") or page,
            date=text_at(one, "published_at|created_at"),
            summary=text_at(one, "body"),
            author=text_at(one, "author.login"),
        )


def _repository(one: dict[str, Any]) -> Row:
    name, words = text_at(one, "full_name"), text_at(one, "description")
    return Row(
        title=f"{name}: {words}" if words else name,
        link=text_at(one, "html_url"),
        date=text_at(one, "created_at"),
        summary=words,
        category="|".join(str(topic) for topic in select(one, "topics[]")),
    )


def _owner(*urls: str) -> tuple[str, ...]:
    match = next(filter(None, (REPOSITORY.search(url) for url in urls)), None)
    return match.groups() if match else ()
