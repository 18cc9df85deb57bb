"""Bodies made to hurt: each is read within bounds of time and memory, reads nothing else, and its neighbours survive."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from parse_samples import NOW, SOURCE, URL, item, parsed, raw, rss

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Kind, Source
from aiwatch.parse import packed
from aiwatch.parse import parse as parse_any
from aiwatch.parse.feed import MOST, parse
from aiwatch.parse.weight import COUNTED, weight

SECOND = item("Second", "2")
LIMIT = 4.0  # seconds of CPU; a quiet machine takes a tenth, a busy one shared by many must not make the test fail


def entities(*declarations: str) -> str:
    return f"<!DOCTYPE rss [{''.join(declarations)}]>"


LAUGHS = entities('<!ENTITY l0 "ha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)))
BOMBS = {
    "billion laughs": LAUGHS + rss(item("&l9;") + SECOND),
    "quadratic": entities(f'<!ENTITY a "{"x" * 1000}">') + rss(item("&a;" * 50_000) + SECOND),
    "external entity": entities('<!ENTITY x SYSTEM "file:///etc/passwd">') + rss(item("&x;") + SECOND),
    "parameter entity": entities('<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;') + rss(item() + SECOND),
    "xinclude": rss(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>' + item() + SECOND
    ),
    "stylesheet": '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/"?>' + rss(item() + SECOND),
    "20,000 attributes": rss(item().replace("<item", "<item" + "".join(f' a{n}="v"' for n in range(20_000))) + SECOND),
    "20,000 namespaces": rss(item() + SECOND).replace("<rss", "<rss" + "".join(f' xmlns:n{n}="urn:{n}"' for n in range(20_000))),
    "100,000 levels": rss(item(more="<description>" + "<a>" * 100_000 + "x" + "</a>" * 100_000 + "</description>") + SECOND),
    "100,000 levels left open": rss("<a>" * 100_000 + item() + SECOND),
    "100,000 levels of html": rss(item(more=f"<description>{'&lt;div&gt;' * 100_000}x</description>") + SECOND),
    "misnested html": rss(item(more=f"<description><![CDATA[{'<b><i><p>' * 20_000}]]></description>") + SECOND),
    "comments left open": rss(item(more=f"<description><![CDATA[{'<!-- ' * 40_000}]]></description>") + SECOND),
    "a megabyte of &": rss(item(more=f"<description>{'&' * 1_000_000}</description>") + SECOND),
    "a megabyte of <": rss(item(more=f"<description>{'<' * 1_000_000}</description>") + SECOND),
    "quotes left open": rss(item(more=f"<description>{'<a href=' + chr(34)}" * 20_000 + "</description>") + SECOND),
    "ends without starts": rss("<a>" * 110 + "</b>" * 100_000 + item() + SECOND),
    "a title of 5 MB": rss(item("x" * 5_000_000) + SECOND),
    "a text of 11 MB": rss(item(more=f"<description>{'y' * 11_000_000}</description>") + SECOND),
    "a name of 2 MB": rss(f"<a {'x' * 2_000_000}/>" + item() + SECOND),
    "spaces": rss(item(" " * 1_000_000 + "x") + SECOND),
    "a date of 1 MB": rss(item(more=f"<pubDate>{'1:' * 500_000}</pubDate>") + SECOND),
    "50,000 categories": rss(item(more="<category>c</category>" * 50_000) + SECOND),
    "100,000 sections": rss(item(more=f"<description>{'<![CDATA[x]]>' * 100_000}</description>") + SECOND),
    "100,000 sections left open": rss(item() + SECOND + f"<description>{'<![CDATA[' * 100_000}"),
}


@pytest.mark.parametrize("document", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_little_and_its_neighbour_survives(document: str) -> None:
    started = time.process_time()
    feed = raw(document)
    assert time.process_time() - started < LIMIT
    assert len(feed.entries) == 2
    assert feed.entries[1].title == "Second"
    assert all(len(entry.title) <= 1000 and len(entry.content) <= 20_000 for entry in feed.entries)
    assert "root:" not in repr(feed)


def test_ten_thousand_items_are_all_there() -> None:
    document = rss("".join(item(f"Item number {n} of the feed", str(n)) for n in range(10_000))).encode()
    started = time.process_time()
    feed = parse(SOURCE, Fetched(url=URL, status=200, headers={}, body=document), now=NOW)
    assert time.process_time() - started < LIMIT
    assert len({news.id for news in feed.items}) == 10_000


def test_memory_stays_in_proportion() -> None:
    tracemalloc.start()
    raw(LAUGHS + rss(item("&l9;" * 1000) + SECOND))
    raw(rss(item(more=f"<description>{'&lt;p&gt;x' * 100_000}</description>") + SECOND))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * 1024 * 1024


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, json.dumps({"version": "https://jsonfeed.org/version/1"}).encode() * 10_000]
)
def test_deep_json_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse(SOURCE, Fetched(url=URL, status=200, headers={}, body=body), now=NOW)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import url(javascript:alert(1))</style>",
    "\u202egpj.exe",
    "a\r\nBcc: x@lab.example",
    "\x00\x1b[31m",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["title", "description", "author", "category"])
def test_texts_come_out_inert(hostile: str, where: str) -> None:
    for text in (hostile, f"<![CDATA[{hostile}]]>"):
        entry = raw(
            rss(f"<item><title>x</title><link>https://lab.example/1</link><{where}>{text}</{where}></item>" + SECOND)
        ).entries[0]
        for value in (entry.title, *entry.authors, *entry.categories):
            assert "\n" not in value
            assert "\r" not in value
        said = repr(entry).lower()
        assert not any(
            mark in said for mark in ("<script", "<img", "<svg", "<style", "onerror", "javascript:", "\\u202e", "\\x00", "\\x1b")
        )


MAP = Source(id="map", url="https://lab.example/sitemap.xml", kind=Kind.SITEMAP)


@pytest.mark.parametrize("half", ["&#xD800;", "&#xDfFf;", "&#56320;", "&#0057343;"])
def test_half_a_character_in_a_namespace_spoils_no_sitemap(half: str) -> None:
    place = "<url><loc>https://lab.example/news/one</loc></url>"
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9{half}">{place}</urlset>'.encode()
    found = parse_any(MAP, Fetched(url=MAP.url, status=200, headers={}, body=body), now=NOW)
    assert [one.url for one in found.items] == ["https://lab.example/news/one"]


def zipped(*parts: bytes) -> Fetched:
    """A sitemap as its vendor keeps it: packed in as many gzip members as there are ``parts``."""
    return Fetched(url="https://lab.example/sitemap.xml.gz", status=200, headers={}, body=b"".join(map(gzip.compress, parts)))


ZIPPED = zipped(b"<urlset><url><loc>https://lab.example/news/one</loc></url>", b"<url><loc>/news/two</loc></url></urlset>")


def test_a_packed_sitemap_is_read_to_its_last_member() -> None:
    found = parse_any(MAP, ZIPPED, now=NOW)
    assert [one.url for one in found.items] == ["https://lab.example/news/one", "https://lab.example/news/two"]


@pytest.mark.parametrize("left", [0.05, 0.5, 0.95])
def test_part_of_a_packed_sitemap_does_not_pass_for_the_whole(left: float) -> None:
    part = ZIPPED.body[: int(len(ZIPPED.body) * left)]
    with pytest.raises(ParseError, match="a broken gzip file"):
        parse_any(MAP, replace(ZIPPED, body=part), now=NOW)


@pytest.mark.parametrize("members", [1, 2])
def test_a_packed_sitemap_unpacks_to_so_much_and_no_more(members: int) -> None:
    bomb = zipped(*[b" " * (packed.MAX_PLAIN // members + 1)] * members)
    with pytest.raises(ParseError, match="unpacks to more than"):
        parse_any(MAP, bomb, now=NOW)


def test_a_packed_body_weighs_what_it_unpacks_to_counted_no_further_than_need_be() -> None:
    assert weight(b"<urlset/>") == 9
    assert weight(gzip.compress(b" " * 400_000)) == 400_000
    assert weight(gzip.compress(b" " * 40_000_000)) == COUNTED
    assert weight(ZIPPED.body) == COUNTED, "what follows its first member is not looked at"
    assert weight(b"\x1f\x8bno gzip") == 9


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        (b"<ul><li>" * 151, True),
        (b"<UL><LI>" * 151 + b"</li></ul>" * 151, True),
        (b"<ul><li>" * 149, False),
        (b"<ul><li>entry</li></ul>" * 4_000, False),
        (b"<p>one<br><img src='a'><hr>" * 100 + b"</p>", False),
        (b"a < b and c > d </x>" * 1_000, False),
    ],
)
def test_a_page_that_is_nested_without_end_weighs_as_a_large_one(body: bytes, deep: bool) -> None:
    assert weight(body) == (COUNTED if deep else len(body))


def numbered(*days: int | None) -> str:
    """A feed of one entry for each of the days before now; None has no date."""
    dates = ["" if day is None else f"<pubDate>{format_datetime(NOW - timedelta(days=day))}</pubDate>" for day in days]
    return rss("".join(item(f"Entry {n}", str(n), date) for n, date in enumerate(dates)))


def test_a_feed_of_as_many_entries_as_are_kept_is_read_whole() -> None:
    found = parsed(numbered(*[None] * MOST))
    assert (len(found.items), found.unread, found.notes) == (MOST, 0, ())


@pytest.mark.parametrize(
    ("days", "first", "unread"),
    [
        ([None] * (MOST + 30), "Entry 0", 30),  # nobody knows which are the newest
        (range(MOST + 30), "Entry 0", 0),
        (range(MOST + 30, 0, -1), "Entry 30", 0),  # the newest at the end
        ([*range(10, MOST + 10), *range(10), *range(MOST + 10, MOST + 30)], "Entry 0", 10),
    ],
)
def test_of_a_longer_feed_the_newest_are_kept_and_what_need_not_be_older_is_counted(
    days: Sequence[int | None], first: str, unread: int
) -> None:
    found = parsed(numbered(*days))
    assert (len(found.items), found.items[0].title, found.unread) == (MOST, first, unread)
    assert found.notes == ((f"{unread} entries beyond {MOST} not read, which may be the newest",) if unread else ())
