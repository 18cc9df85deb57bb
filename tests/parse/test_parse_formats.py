"""Every format, and every place where a property may hide, in the order in which the formats rank them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from parse_samples import NOW, atom, item, parsed, raw, rss

from aiwatch.model import Fetched, Kind, Source
from aiwatch.parse import parse

D1, D2, D3 = (datetime(2025, 3, day, 5, 6, 7, tzinfo=UTC) for day in (4, 5, 6))
I1, I2, I3 = (f"2025-03-0{day}T05:06:07Z" for day in (4, 5, 6))
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

LINKS = {
    "the link": (rss("<item><link>https://lab.example/1</link></item>"), "https://lab.example/1"),
    "spaces and CDATA": (rss("<item><link>\n <![CDATA[ https://lab.example/1 ]]>\n</link></item>"), "https://lab.example/1"),
    "a permalink guid": (rss("<item><guid>https://lab.example/1</guid></item>"), "https://lab.example/1"),
    "an empty link and a guid": (rss("<item><link/><guid>https://lab.example/1</guid></item>"), "https://lab.example/1"),
    "a guid that is none": (rss('<item><guid isPermaLink="false">https://lab.example/1</guid></item>'), None),
    "a guid that is a word": (rss("<item><guid>abc</guid></item>"), None),
    "an atom link in rss": (
        rss('<item><atom:link rel="self" href="/s"/><atom:link href="/1"/></item>'),
        "https://lab.example/1",
    ),
    "the original behind a proxy": (
        rss(
            "<item><link>https://proxy.example/~r/1</link><feedburner:origLink>https://lab.example/1</feedburner:origLink></item>"
        ),
        "https://lab.example/1",
    ),
    "an enclosure alone": (rss('<item><enclosure url="https://lab.example/1.mp3"/></item>'), "https://lab.example/1.mp3"),
    "not the image's": (
        rss("<item><image><link>https://img.example/</link></image><link>https://lab.example/1</link></item>"),
        "https://lab.example/1",
    ),
    "relative to the feed": (rss("<item><link>p/1</link></item>"), "https://lab.example/p/1"),
    "without a scheme": (rss("<item><link>//lab.example/1</link></item>"), "https://lab.example/1"),
    "www alone": (rss("<item><link>www.lab.example/1</link></item>"), "https://www.lab.example/1"),
    "mailto": (rss("<item><title>x</title><link>mailto:x@lab.example</link></item>"), None),
    "javascript": (rss("<item><title>x</title><link>javascript:alert(1)</link></item>"), None),
    "atom alternate among others": (
        atom(
            '<entry><link rel="enclosure" href="e"/><link rel="via" href="v"/><link rel="alternate" type="application/json" href="j"/>'
            '<link rel="alternate" type="text/html" href="1"/></entry>'
        ),
        "https://lab.example/1",
    ),
    "atom without rel": (atom('<entry><link href="1"/></entry>'), "https://lab.example/1"),
    "atom related alone": (atom('<entry><id>urn:1</id><link rel="related" href="1"/></entry>'), None),
    "an atom id that is an address": (atom("<entry><id>https://lab.example/1</id></entry>"), "https://lab.example/1"),
    "xml:base, nested": (
        atom('<entry xml:base="b/"><link xml:base="c/" href="1"/></entry>', attributes=' xml:base="https://lab.example/a/"'),
        "https://lab.example/a/b/c/1",
    ),
    "xml:base, dots": (
        atom('<entry><link href="../1"/></entry>', attributes=' xml:base="https://lab.example/a/b/"'),
        "https://lab.example/a/1",
    ),
}


@pytest.mark.parametrize(("document", "expected"), LINKS.values(), ids=LINKS)
def test_an_entry_s_link(document: str, expected: str | None) -> None:
    assert raw(document).entries[0].link == expected


def test_links_of_a_feed_served_by_another_host_mean_the_site() -> None:
    assert (
        raw(rss("<item><link>/p/1</link></item>"), url="https://feeds.example/lab").entries[0].link == "https://lab.example/p/1"
    )


def test_content_location_is_the_base() -> None:
    feed = raw(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="1"/></entry></feed>',
        headers={"Content-Location": "https://lab.example/news/"},
        url="https://cdn.example/x",
    )
    assert feed.entries[0].link == "https://lab.example/news/1"


TITLES = {
    "plain": (rss("<item><title>a</title></item>"), "a"),
    "not media's": (rss("<item><media:title>m</media:title><title>a</title></item>"), "a"),
    "media's where there is no other": (rss("<item><media:group><media:title>m</media:title></media:group></item>"), "m"),
    "dublin core": (rss("<item><dc:title>d</dc:title></item>"), "d"),
    "itunes": (rss("<item><itunes:title>i</itunes:title></item>"), "i"),
    "entities": (rss("<item><title>R&amp;D caf&#233; &#x92;s</title></item>"), "R&D café ’s"),
    "escaped twice": (rss("<item><title>R&amp;amp;D &amp;#8217; &amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;</title></item>"), "R&D ’ x"),
    "html entities": (rss("<item><title>caf&eacute;&nbsp;x&hellip;</title></item>"), "café x…"),
    "cdata with markup": (rss("<item><title><![CDATA[<b>a</b> &amp; b]]></title></item>"), "a & b"),
    "markup inside": (rss("<item><title>a <em>b</em> c</title></item>"), "a b c"),
    "no markup at all": (rss("<item><title>std::vector&lt;int&gt; &lt; list</title></item>"), "std::vector<int> < list"),
    "script": (rss("<item><title>a&lt;script&gt;alert(1)&lt;/script&gt;b</title></item>"), "ab"),
    "lines": (rss("<item><title>\n a\n  b\t</title></item>"), "a b"),
    "a newer ampersand": (rss("<item><title>AT&T and R&D</title></item>"), "AT&T and R&D"),
    "atom xhtml": (
        atom('<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;c&gt;</div></title></entry>'),
        "a b <c>",
    ),
    "atom html": (atom('<entry><title type="html">a &lt;b&gt;b&lt;/b&gt; &amp;amp; c</title></entry>'), "a b & c"),
    "atom base64": (atom('<entry><title type="application/octet-stream">TmV3IG1vZGVs</title></entry>'), "New model"),
    "direction marks": (rss("<item><title>a\u202eb\u200bc\u2066d</title></item>"), "abcd"),
}


@pytest.mark.parametrize(("document", "expected"), TITLES.values(), ids=TITLES)
def test_a_title_is_plain_text(document: str, expected: str) -> None:
    assert raw(document).entries[0].title == expected


DATES = {
    "pubDate": (rss("<item><pubDate>Tue, 04 Mar 2025 05:06:07 GMT</pubDate></item>"), D1, None),
    "dc:date": (rss(f"<item><dc:date>{I1}</dc:date></item>"), D1, None),
    "both": (rss(f"<item><dc:date>{I2}</dc:date><pubDate>Tue, 04 Mar 2025 05:06:07 GMT</pubDate></item>"), D1, D2),
    "a bad one before a good one": (rss(f"<item><pubDate>soon</pubDate><dc:date>{I1}</dc:date></item>"), D1, None),
    "atom": (atom(f"<entry><published>{I1}</published><updated>{I2}</updated></entry>"), D1, D2),
    "atom, updated alone": (atom(f"<entry><updated>{I2}</updated></entry>"), None, D2),
    "atom in rss": (rss(f"<item><atom:updated>{I2}</atom:updated></item>"), None, D2),
    "none": (rss("<item><title>x</title></item>"), None, None),
    "not the source's": (atom(f"<entry><source><updated>{I3}</updated></source><updated>{I1}</updated></entry>"), None, D1),
}


@pytest.mark.parametrize(("document", "published", "updated"), DATES.values(), ids=DATES)
def test_an_entry_s_dates(document: str, published: datetime | None, updated: datetime | None) -> None:
    entry = raw(document).entries[0]
    assert (entry.published, entry.updated) == (published, updated)


WHOLE = {
    "rss 0.91": '<rss version="0.91"><channel><title>Lab</title><link>https://lab.example/</link>'
    "<item><title>a</title><link>https://lab.example/1</link></item></channel></rss>",
    "rss 0.92, items outside": '<rss version="0.92"><channel><title>Lab</title><link>https://lab.example/</link></channel>'
    "<item><title>a</title><link>https://lab.example/1</link></item></rss>",
    "rss 0.90": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Lab</title>'
    "<link>https://lab.example/</link></channel><item><title>a</title><link>https://lab.example/1</link></item></rdf:RDF>",
    "rss 1.0": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>Lab</title>'
    "<link>https://lab.example/</link></channel><item rdf:about='https://lab.example/1'><title>a</title>"
    "<link>https://lab.example/1</link></item></rdf:RDF>",
    "rss 2.0 in a namespace": '<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><title>Lab</title>'
    "<link>https://lab.example/</link><item><title>a</title><link>https://lab.example/1</link></item></channel></rss>",
    "rss with prefixes": '<r:rss xmlns:r="http://backend.userland.com/rss2"><r:channel><r:title>Lab</r:title>'
    "<r:link>https://lab.example/</r:link><r:item><r:title>a</r:title><r:link>https://lab.example/1</r:link></r:item></r:channel></r:rss>",
    "capitals": "<RSS><CHANNEL><TITLE>Lab</TITLE><LINK>https://lab.example/</LINK><ITEM><TITLE>a</TITLE>"
    "<LINK>https://lab.example/1</LINK></ITEM></CHANNEL></RSS>",
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Lab</title><link rel="alternate" href="https://lab.example/"/>'
    '<entry><title mode="base64" type="text/html">PGI+YTwvYj4=</title><link rel="alternate" href="https://lab.example/1"/></entry></feed>',
    "atom without a namespace": '<feed><title>Lab</title><link href="https://lab.example/"/><entry><title>a</title>'
    '<link href="https://lab.example/1"/></entry></feed>',
    "atom in a namespace of its own": '<feed xmlns="https://made.example/up"><title>Lab</title><link href="https://lab.example/"/>'
    '<entry><title>a</title><link href="https://lab.example/1"/></entry></feed>',
    "atom in an https namespace": '<feed xmlns="https://www.w3.org/2005/Atom"><title>Lab</title><link href="https://lab.example/"/>'
    '<entry><title>a</title><link href="https://lab.example/1"/></entry></feed>',
    "rss in atom's namespace": '<rss xmlns="http://www.w3.org/2005/Atom"><channel><title>Lab</title><link>https://lab.example/</link>'
    "<item><title>a</title><link>https://lab.example/1</link></item></channel></rss>",
    "cdf": '<CHANNEL HREF="https://lab.example/"><TITLE>Lab</TITLE><ITEM HREF="/1"><TITLE>a</TITLE></ITEM></CHANNEL>',
    "in an envelope": '<s:Envelope xmlns:s="urn:s"><s:Body><rss><channel><title>Lab</title><link>https://lab.example/</link>'
    "<item><title>a</title><link>https://lab.example/1</link></item></channel></rss></s:Body></s:Envelope>",
    "json feed": '{"version":"https://jsonfeed.org/version/1.1","title":"Lab","home_page_url":"https://lab.example/",'
    '"items":[{"id":"1","title":"a","url":"/1"}]}',
}


@pytest.mark.parametrize("document", WHOLE.values(), ids=WHOLE)
def test_every_format_says_the_same(document: str) -> None:
    feed = raw(document)
    assert (feed.title, feed.link) == ("Lab", "https://lab.example/")
    assert [(entry.title, entry.link) for entry in feed.entries] == [("a", "https://lab.example/1")]


def test_the_feed_s_own_properties() -> None:
    head = (
        "<language>ko-KR</language><ttl>15</ttl><skipHours><hour>1</hour><hour>2</hour></skipHours>"
        '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="next" href="/feed?page=2"/>'
        "<image><title>Logo</title><link>https://img.example/</link></image>"
    )
    feed = parsed(rss(item(), head))
    assert (feed.title, feed.link, feed.lang, feed.ttl) == ("Lab", "https://lab.example/", "ko", 900)
    assert (feed.hub, feed.next_url) == ("https://hub.example/", "https://lab.example/feed?page=2")
    assert "skipHours: 1,2" in feed.notes
    assert feed.items[0].lang == "ko"


def test_syndication_period_is_a_ttl() -> None:
    head = "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    assert parsed(rss(item(), head)).ttl == 1800


def test_texts_authors_and_categories() -> None:
    more = (
        "<description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</description><content:encoded><![CDATA[<h1>Whole</h1>text]]></content:encoded>"
        "<author>a@lab.example (Ada)</author><category>ai</category><category>models</category><category>ai</category>"
    )
    entry = raw(rss(item(more=more))).entries[0]
    assert (entry.summary, entry.content) == ("One\nTwo", "Whole\ntext")
    assert (entry.authors, entry.categories) == (("Ada",), ("ai", "models"))
    entry = raw(
        atom('<entry><author><name>김</name></author><author><name>Lee</name></author><category term="x" label="X"/></entry>')
    ).entries[0]
    assert (entry.authors, entry.categories) == (("김", "Lee"), ("X",))


def test_zone_less_dates_are_in_the_source_s_zone() -> None:
    feed = raw(rss("<item><pubDate>2025-03-04 14:06:07</pubDate></item>"), zone="Asia/Seoul")
    assert feed.entries[0].published == D1


def test_a_date_far_ahead_is_not_believed() -> None:
    news = parsed(rss(item(more="<pubDate>Tue, 04 Mar 2098 05:06:07 GMT</pubDate>"))).items[0]
    assert news.published is None
    assert any("2098" in note for note in news.notes)


def test_an_entry_without_title_or_link_is_kept() -> None:
    news = parsed(rss("<item><description>A new model is here. More below.</description></item>")).items[0]
    assert news.title == "A new model is here. More below."
    assert news.url == "https://lab.example/"
    assert len(news.notes) == 2


def test_one_bad_entry_does_not_cost_the_feed() -> None:
    bad = "<item><title>b\x00\x0bad &bogus; <link>::::</link><pubDate>never</pubDate><guid/></title></item>"
    assert [news.title for news in parsed(rss(item("First") + bad + item("Third", "3"))).items][::2] == ["First", "Third"]


ADDRESSES = {
    "claude-opus-4-5": "Claude opus 4.5",
    "llama-3-1-405b": "Llama 3.1 405b",
    "deepseek-r1-0528": "Deepseek r1 0528",
    "google-launches-gemini-9-84213.html": "Google launches gemini 9",
    "84213-google-launches-gemini-9": "Google launches gemini 9",
    "2025-11-03-olmo-9": "Olmo 9",
    "olmo-9-20251103": "Olmo 9",
    "gemini-9-flash-a1b2c3d4": "Gemini 9 flash",
    "20251103": "20251103",
}


@pytest.mark.parametrize(("address", "title"), ADDRESSES.items(), ids=ADDRESSES)
def test_an_address_is_read_without_the_day_and_the_number_that_are_the_site_s_own(address: str, title: str) -> None:
    source = Source(id="map", url="https://lab.example/sitemap.xml", kind=Kind.SITEMAP)
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://lab.example/news/{address}</loc></url></urlset>'
    items = parse(source, Fetched(url=source.url, status=200, headers={}, body=body.encode()), now=NOW).items
    assert [item.title for item in items] == [title]
