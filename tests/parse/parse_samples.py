"""Small feeds to build cases from, in our own words, and the one way through which the tests read them."""

from __future__ import annotations

from datetime import UTC, datetime

from aiwatch.model import Fetched, Kind, Parsed, Source
from aiwatch.parse.feed import parse, read_feed
from aiwatch.parse.raw import RawFeed

URL = "https://lab.example/feed"
NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
SOURCE = Source(id="lab", url=URL, kind=Kind.FEED)
SPACES = (
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)


def rss(items: str, channel: str = "") -> str:
    return (
        f'<rss version="2.0"{SPACES}><channel><title>Lab</title><link>https://lab.example/</link>{channel}{items}</channel></rss>'
    )


def item(title: str = "First", path: str = "1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>https://lab.example/{path}</link>{more}</item>"


def atom(entries: str, more: str = "", attributes: str = "") -> str:
    head = f'<title>Lab</title><link href="https://lab.example/"/>{more}'
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{attributes}>{head}{entries}</feed>'


def raw(document: str | bytes, headers: dict[str, str] | None = None, url: str | None = URL, zone: str | None = None) -> RawFeed:
    body = document.encode() if isinstance(document, str) else document
    feed = read_feed(body, headers or {}, url, zone)
    assert feed is not None, "no feed was found"
    return feed


def parsed(document: str | bytes, source: Source = SOURCE, headers: dict[str, str] | None = None) -> Parsed:
    body = document.encode() if isinstance(document, str) else document
    return parse(source, Fetched(url=source.url, status=200, headers=headers or {}, body=body), now=NOW)
