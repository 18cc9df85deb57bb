"""Kind ``arxiv``: a category's RSS or Atom (``https://rss.arxiv.org/rss/cs.CL``) or a search of the API (``export.arxiv.org/api/query``).

Announced once a day, not at weekends. The summary of the RSS begins with a line of bookkeeping ("arXiv:2402.00001v1 Announce Type: new"),
which is cut; replacements of old papers are left out unless asked for. Source: info.arxiv.org/help/rss_specifications.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from aiwatch.model import Fetched, Item, Parsed, PollState, Source
from aiwatch.parse import feed
from aiwatch.ports import Request

OPTIONS: frozenset[str] = frozenset(
    {
        "replacements",  # true: keep new versions of old papers
        "title_pattern",  # regular expression a title must match
    }
)
HEAD = re.compile(r"^arXiv:\S+\s+Announce Type:\s*(?P<type>[\w-]+)\s*(?:Abstract:\s*)?", re.IGNORECASE)

STANDS = timedelta(hours=20)  # the list of a day is there for so long at least; the next one holds nothing of it


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for the feed."""
    return feed.request_for(source, state)


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the day's papers. Raises ParseError as a feed does; an empty list at a weekend is none."""
    parsed = feed.parse(source, fetched, now=now)
    pattern = re.compile(str(source.options.get("title_pattern", "")))
    kept = (item for item in parsed.items if _kept(source, item) and pattern.search(item.title))
    of_a_day = any(HEAD.match(item.summary) for item in parsed.items)
    reaches = now - STANDS if of_a_day else None
    return replace(parsed, items=tuple(_tidy(item) for item in kept), may_be_empty=True, reaches=reaches)


def _kept(source: Source, item: Item) -> bool:
    head = HEAD.match(item.summary)
    return bool(source.options.get("replacements")) or head is None or not head["type"].lower().startswith("replace")


def _tidy(item: Item) -> Item:
    return replace(item, summary=HEAD.sub("", item.summary).strip())
