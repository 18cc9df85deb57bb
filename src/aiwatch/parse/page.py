"""Kind ``page``: a listing page, or the JSON behind one, without a feed.

    options -> rows (rows.py) -> filtered -> items (listing.py) -> Parsed, with the next page's address

What the options may say is told in ``pageoptions``. A page that yields fewer rows than ``min_items`` is an error with a name, for a
redesign, a bot check and a login page all answer 200.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import ending, listing
from aiwatch.parse.ending import End
from aiwatch.parse.listing import Row
from aiwatch.parse.markup import one_line
from aiwatch.parse.pageoptions import OPTIONS, PageOptions, options_for
from aiwatch.parse.rows import path_of, rows_of
from aiwatch.ports import Request
from aiwatch.urls import canonical_url, resolve

__all__ = ["OPTIONS", "parse", "request_for"]

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
JSON = "application/json,*/*;q=0.5"


def request_for(source: Source, state: PollState) -> Request:
    """Make the request for a page; ``{today}`` in its address becomes the day of the poll as ``YYYYMMDD`` in the source's zone.

    With ``post`` the table goes as a JSON body. robots.txt is asked unless the options say otherwise.
    """
    options = source.options
    accept = str(options.get("accept") or (JSON if options.get("json") == "body" else HTML))
    made = listing.request(source, state, url=_dated(source, state), robots=True, accept=accept)
    if "post" not in options:
        return made
    headers = {"content-type": "application/json", **made.headers}
    return replace(made, method="POST", headers=headers, body=json.dumps(options["post"], ensure_ascii=False).encode())


def _dated(source: Source, state: PollState) -> str:
    if "{today}" not in source.url:
        return source.url
    at = state.next_poll_at or state.last_attempt_at  # a claimed source's next_poll_at is now plus its lease
    day = at.astimezone(ZoneInfo(source.timezone or "UTC")).strftime("%Y%m%d") if at else "99991231"
    return source.url.replace("{today}", day)


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the posts of a page in its order. Raises ParseError for a bot check, for missing JSON, and for too few posts."""
    options = options_for(source)
    listing.refuse(fetched)
    text = listing.text_of(fetched)
    base = _base(text, fetched.url, options)
    end = End.WHOLE if options.mode == "json" else ending.of_page(text)
    found = rows_of(text, base, options)
    rows = [row for row in (found[:-1] if end.cut else found) if _wanted(row, base, options)]
    kept = listing.kept(source, base, list(_trimmed(rows, options)), now=now, limit=options.limit)
    items = kept.items
    if len(items) < options.min_items:
        what = f"{len(items)} posts found where {options.min_items} or more should be ({options.mode} = {options.at!r})"
        raise listing.barren(source, fetched, what)
    return Parsed(
        items=items,
        link=base,
        lang=source.lang,
        next_url=_next(text, base, options),
        notes=(*end.notes, *kept.notes, *_notes(source, items)),
        may_be_empty=options.min_items == 0,
        cut=end.cut,
        unread=kept.unread,
    )


def _base(text: str, url: str, options: PageOptions) -> str:
    """Return what relative links stand on: ``<base href>`` where the page has one."""
    if options.at == "body" and options.mode == "json":
        return url
    node = LexborHTMLParser(text[:20_000]).css_first("base[href]")
    return (resolve(url, node.attributes.get("href")) if node is not None else None) or url


def _wanted(row: Row, base: str, options: PageOptions) -> bool:
    url = resolve(base, row.link) if row.link else base
    if url is None or not options.wanted(path_of(url)):
        return False
    return options.title_pattern is None or bool(options.title_pattern.search(one_line(row.title)))


def _trimmed(rows: Iterable[Row], options: PageOptions) -> Iterable[Row]:
    for row in rows:
        title = options.title_strip.sub("", one_line(row.title)).strip() if options.title_strip else row.title
        date = listing.date_in(row.date, options.date_pattern) if options.date_pattern else row.date
        yield replace(row, title=title, date=date)


def _next(text: str, base: str, options: PageOptions) -> str | None:
    """Return the address of the second page; of later ones nothing, ``poll`` goes one page deep."""
    if options.next:
        node = LexborHTMLParser(text).css_first(options.next)
        url = resolve(base, node.attributes.get("href")) if node is not None else None
        return url if url and canonical_url(url) != canonical_url(base) else None
    if not options.page_param:
        return None
    parts = urlsplit(base)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if query.get(options.page_param, "1") not in {"0", "1"}:
        return None
    return urlunsplit(parts._replace(query=urlencode({**query, options.page_param: "2"})))


def _notes(source: Source, items: tuple[object, ...]) -> tuple[str, ...]:
    undated = sum(1 for item in items if getattr(item, "published", None) is None)
    if undated and undated == len(items) and any(key in source.options for key in ("date", "date_before", "date_pattern")):
        return ("no post has a readable date: the page's dates may have changed",)
    return ()
