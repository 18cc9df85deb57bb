"""Feeds: RSS, Atom, CDF and JSON Feed, well-formed or not. ``Fetched -> text -> tree -> RawFeed -> Parsed``.

    decode | tree_of (strict, else mended) | read_xml      | identities | Item
           | read_json                                     |

A body is read for what it is, whatever its content type says; what is no feed is refused with a word on what it looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, Parsed, PollState, Source, ident
from aiwatch.parse import ending
from aiwatch.parse.challenge import challenge, looks_like
from aiwatch.parse.encoding import decode
from aiwatch.parse.ending import End
from aiwatch.parse.identity import Identity, distinct, identities
from aiwatch.parse.jsonfeed import read_json
from aiwatch.parse.raw import RawEntry, RawFeed
from aiwatch.parse.tree import tree_of
from aiwatch.parse.xmlfeed import read_xml
from aiwatch.ports import Request
from aiwatch.text import first_line
from aiwatch.urls import redact, resolve

MAX_BODY = 20 * 1024 * 1024  # bytes looked at; the fetcher's own limit is lower
MOST = 10_000  # entries kept, the newest
FUTURE = timedelta(days=2)  # a date further ahead is a mistake of the source's clock or calendar
ACCEPT = (
    "application/atom+xml, application/rss+xml;q=0.9, application/feed+json;q=0.9, application/rdf+xml;q=0.8, application/xml;q=0.7,"
    " text/xml;q=0.7, application/json;q=0.6, */*;q=0.1"
)


def request_for(source: Source, state: PollState) -> Request:
    """Make the conditional GET of a feed."""
    return Request(
        url=source.url,
        headers={"Accept": ACCEPT, **source.headers},
        allow_private=source.allow_private,
        etag=state.etag,
        last_modified=state.last_modified,
    )


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read a feed's items; raises ParseError, naming the address and what the body looks like, where there is no feed."""
    feed = read_feed(fetched.body, fetched.headers, fetched.url, source.timezone)
    if feed is None or (not feed.entries and (_is_page(fetched.body) or (feed.format == "rss" and challenge(fetched)))):
        what = challenge(fetched) or looks_like(fetched.body)
        raise ParseError(f"{redact(fetched.url)}: expected a feed, got {what}; open the address in a browser to see it")
    if feed.end is End.WITHIN:
        if len(feed.entries) < 2:
            raise ParseError(f"{redact(fetched.url)}: the answer breaks off before its first entry ends")
        feed.entries.pop()
    feed.notes.extend(feed.end.notes)
    return _parsed(source, feed, fetched.url, now)


def _is_page(body: bytes) -> bool:
    """Whether a body says of itself that it is HTML; mending finds a title in any page, and an empty feed is no failure."""
    head = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def read_feed(body: bytes, headers: Mapping[str, str], url: str | None, zone: str | None = None) -> RawFeed | None:
    """Read a body as a feed; None where it is none. ``zone`` (IANA) is for dates that carry none. Total and pure."""
    notes: list[str] = []
    if len(body) > MAX_BODY:
        body = body[:MAX_BODY]
        notes.append(f"only the first {MAX_BODY} bytes were read")
    lowered = {name.lower(): value for name, value in headers.items()}
    decoded = decode(body, lowered.get("content-type"))
    notes.extend(decoded.notes)
    text = decoded.text
    base = resolve(url, lowered.get("content-location")) or url or None
    start = text[:2000].lstrip("\ufeff \t\r\n\0")
    is_json = start[:1] in {"{", "["}
    feed = read_json(text, base=base, zone=zone) if is_json else _read_markup(text, base, zone, notes)
    if feed is not None:
        feed.notes.extend(notes)
        feed.link = feed.link or base  # where nothing better is said, the feed is its own place
    return feed


def _read_markup(text: str, base: str | None, zone: str | None, notes: list[str]) -> RawFeed | None:
    if "<" not in text:
        return None
    root, mended = tree_of(text)
    if root is None:
        return None
    notes.extend(mended)
    feed = read_xml(root, base=base, zone=zone, has_base="xml:base" in text)
    if feed is not None and mended:
        feed.end = ending.of_list(text)
    return feed


def _parsed(source: Source, feed: RawFeed, url: str, now: datetime) -> Parsed:
    told = [entry for entry in feed.entries if entry.title or entry.link or entry.guid or entry.summary or entry.content]
    entries, unread = _newest(told)
    names = identities(entries, (url, source.url, feed.link))
    notes = [f"{unread} entries beyond {MOST} not read, which may be the newest"] if unread else []
    notes += feed.notes
    if len(told) < len(feed.entries):
        notes.append(f"{len(feed.entries) - len(told)} empty entries were left out")
    kept = distinct(names)
    if len(kept) < len(entries):
        notes.append(f"{len(entries) - len(kept)} entries were there twice")
    lang = _language(feed.lang) or source.lang
    site = feed.link if feed.link != url else None
    items = tuple(_item(source, entries[i], names[i], site, lang, now) for i in kept)
    return Parsed(
        items=items,
        title=feed.title or None,
        link=feed.link,
        lang=lang,
        ttl=feed.ttl,
        hub=feed.hub,
        next_url=feed.next_url,
        notes=tuple(notes),
        cut=feed.end.cut,
        unread=unread,
    )


def _newest(entries: Sequence[RawEntry]) -> tuple[Sequence[RawEntry], int]:
    """The newest entries, as many as are kept, and how many of the others need not be older.

    Feeds have them on top; where more dates rise than fall, they are at the end.
    """
    if len(entries) <= MOST:
        return entries, 0
    dates = [entry.published or entry.updated for entry in entries]
    known = [date for date in dates if date]
    steps = [(above < below) - (above > below) for above, below in pairwise(known)]
    kept, rest = (slice(MOST), slice(MOST, None)) if sum(steps) <= 0 else (slice(-MOST, None), slice(-MOST))
    oldest = min((date for date in dates[kept] if date), default=None)
    older = sum(1 for date in dates[rest] if date and oldest and date <= oldest)
    return entries[kept], len(entries) - MOST - older


def _item(source: Source, entry: RawEntry, name: Identity, site: str | None, lang: str | None, now: datetime) -> Item:
    """An entry as an item; ``site``: the page that its feed is of, for an entry without a link."""
    notes = list(entry.notes)
    dates = _Dates(now, notes)
    title = entry.title
    if not title:
        title = first_line(entry.summary or entry.content)
        notes.append("no title: the text's beginning stands for it")
    if not entry.link and site:
        notes.append("no link of its own: the feed's page stands for it")
    return Item(
        id=ident(source.id, name.key),
        source_id=source.id,
        key=name.key,
        url=entry.link or site,
        title=title,
        summary=entry.summary,
        content=entry.content,
        guid=entry.guid,
        published=dates.sane(entry.published),
        updated=dates.sane(entry.updated),
        authors=entry.authors,
        categories=entry.categories,
        lang=_language(entry.lang) or lang,
        aliases=name.aliases,
        notes=tuple(notes),
    )


@dataclass(slots=True)
class _Dates:
    now: datetime
    notes: list[str]

    def sane(self, date: datetime | None) -> datetime | None:
        """Drop a date that lies too far ahead, with a note; what is slightly ahead is somebody's clock."""
        if date is not None and date > self.now + FUTURE:
            self.notes.append(f"a date in the future was not believed: {date.isoformat()}")
            return None
        return date


def _language(text: str | None) -> str | None:
    """Give the primary language subtag in lower case (``ko`` of ``ko-KR``); None where it is none."""
    first = (text or "").strip().replace("_", "-").split("-")[0].lower()
    return first if first.isascii() and first.isalpha() and 2 <= len(first) <= 3 else None
