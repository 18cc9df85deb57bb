"""Where feedparser is right, we say the same: on well-formed feeds of every format, made at random."""

from __future__ import annotations

import calendar
import warnings
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_samples import raw

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports warn of what Python will drop
    feedparser = pytest.importorskip("feedparser")

WORDS = st.lists(
    st.text(st.sampled_from("abcdefgXYZ0123456789-.:소라모델新模型カナéü"), min_size=1, max_size=8), min_size=1, max_size=5
).map(" ".join)
PATHS = st.text(st.sampled_from("abcxyz0123456789-_/"), min_size=1, max_size=12).map(lambda text: "p" + text)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001 - bounds of hypothesis are naive
ENTRIES = st.lists(st.tuples(WORDS, PATHS, MOMENTS, WORDS), max_size=4)


def as_rss(entries: list[tuple[str, str, datetime, str]]) -> str:
    rows = "".join(
        f"<item><title>{escape(title)}</title><link>https://lab.example/{path}</link><guid isPermaLink='false'>{path}</guid>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>{escape(text)}</description></item>"
        for title, path, at, text in entries
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><link>https://lab.example/</link>{rows}</channel></rss>'


def as_atom(entries: list[tuple[str, str, datetime, str]]) -> str:
    rows = "".join(
        f"<entry><title>{escape(title)}</title><link href={quoteattr('https://lab.example/' + path)}/><id>urn:{path}</id>"
        f"<published>{at:%Y-%m-%dT%H:%M:%SZ}</published><summary>{escape(text)}</summary></entry>"
        for title, path, at, text in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title><link href="https://lab.example/"/>{rows}</feed>'


def as_rdf(entries: list[tuple[str, str, datetime, str]]) -> str:
    rows = "".join(
        f'<item rdf:about="https://lab.example/{path}"><title>{escape(title)}</title><link>https://lab.example/{path}</link>'
        f"<dc:date>{at:%Y-%m-%dT%H:%M:%SZ}</dc:date><description>{escape(text)}</description></item>"
        for title, path, at, text in entries
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://lab.example/feed"><title>Lab</title>'
        f"<link>https://lab.example/</link></channel>{rows}</rdf:RDF>"
    )


def ours(document: str) -> tuple[object, ...]:
    feed = raw(document)
    rows = [(entry.title, entry.link, entry.published or entry.updated, entry.summary) for entry in feed.entries]
    return feed.title, feed.link, rows


def theirs(document: str) -> tuple[object, ...]:
    feed = feedparser.parse(document.encode(), sanitize_html=False, resolve_relative_uris=False)
    rows = []
    for entry in feed.entries:
        stamp = entry.get("published_parsed") or entry.get("updated_parsed")
        rows.append(
            (entry.get("title"), entry.get("link"), datetime.fromtimestamp(calendar.timegm(stamp), UTC), entry.get("summary"))
        )
    return feed.feed.get("title"), feed.feed.get("link"), rows


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(ENTRIES)
@pytest.mark.parametrize("form", [as_rss, as_atom, as_rdf])
def test_the_answer_is_feedparser_s(form: object, entries: list[tuple[str, str, datetime, str]]) -> None:
    assert callable(form)
    document = form(entries)
    assert ours(document) == theirs(document)
