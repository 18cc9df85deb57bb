"""What servers really send: cut off, mistyped, wrapped, mislabelled. Nothing a reader could see is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from parse_samples import atom, item, parsed, raw, rss

from aiwatch.errors import ParseError
from aiwatch.parse.feed import read_feed
from aiwatch.parse.mend import MAX_DEPTH, mend, without_doctype

TWO = item("First") + item("Second", "2")
BROKEN = {
    "junk before": "\n\n junk <?xml version='1.0'?>" + rss(TWO),
    "a warning before": "<br />\n<b>Warning</b>: x in <b>/y.php</b> on line <b>3</b><br />\n<?xml version='1.0'?>" + rss(TWO),
    "junk after": rss(TWO) + "<script>x()</script> and more",
    "two roots": rss(TWO) + rss(item("Third")),
    "cut in a tag": rss(TWO + "<item><ti")[:-30],
    "no end at all": rss(TWO).replace("</channel></rss>", ""),
    "items left open": rss(TWO).replace("</item>", ""),
    "titles left open": rss(TWO).replace("</title><link>https://lab.example/1", "<link>https://lab.example/1"),
    "crossed tags": rss(TWO).replace("First</title>", "<b>First</title></b>"),
    "an end too many": rss(TWO).replace("First</title>", "First</title></p></x>"),
    "attributes without quotes": rss(TWO).replace('version="2.0"', "version=2.0"),
    "an attribute twice": rss(TWO).replace('version="2.0"', 'version="2.0" version="2.0"'),
    "prefixes nobody declared": rss(item("First", more="<foo:bar x:y='1'>z</foo:bar>") + item("Second", "2")),
    "controls": rss(TWO).replace("First", "Fi\x00r\x0bst"),
    "a comment left open": rss(item("First") + "<!-- oops >" + item("Second", "2")),
    "cdata left open": rss(item("First", more="<description><![CDATA[text</description>") + item("Second", "2")),
    "a section left open in an address": rss(TWO).replace(
        "https://lab.example/</link>", "https://lab<![CDATA[.example/</link>", 1
    ),
    "a section left open in a tag": rss(TWO).replace("<channel>", "<channel<![CDATA[>", 1),
    "a doctype in a comment": "<!-- x <!DOCTYPE x [ y -->" + rss(TWO),
    "an end that is none": rss(TWO).replace("</item><item>", "</item></ <item>"),
    "a section in a section": rss(
        item("First", more="<description><![CDATA[a <![CDATA[b]]> c]]></description>") + item("Second", "2")
    ),
    "bare signs": rss(item("First", more="<description>a < b && c > d</description>") + item("Second", "2")),
    "depth": rss(item("First", more="<a>" * 5000 + "x") + item("Second", "2")),
    "a doctype": '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">' + rss(TWO),
    "a namespace that is no address": rss(TWO).replace("<rss ", '<rss xmlns:q="http: /a b" '),
    "unknown processing": "<?xml-stylesheet href='x'?>" + rss(TWO).replace("<channel>", "<?php x ?><channel>"),
}


@pytest.mark.parametrize("document", BROKEN.values(), ids=BROKEN)
def test_both_entries_survive(document: str) -> None:
    found = [(entry.title, entry.link) for entry in raw(document).entries[:2]]
    assert found == [("First", "https://lab.example/1"), ("Second", "https://lab.example/2")]


def test_an_address_with_bare_ampersands_stays_whole() -> None:
    assert (
        raw(rss("<item><link>https://lab.example/?a=1&b=2&copy=3</link></item>")).entries[0].link
        == "https://lab.example/?a=1&b=2&copy=3"
    )


def test_own_entities_are_resolved_and_only_the_harmless_ones() -> None:
    head = (
        '<!DOCTYPE rss [<!ENTITY lab "AI Lab"><!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">'
        '%p;<!ENTITY bomb "&lab;&lab;&lab;">]>'
    )
    feed = raw(head + rss(item("&lab; new &secret; &bomb;") + item("Second", "2")))
    assert feed.entries[0].title == "AI Lab new &secret; &bomb;"
    assert feed.entries[1].title == "Second"


WHOLE = rss(TWO).encode()


def test_no_half_entry_of_a_document_that_breaks_off_is_an_item() -> None:
    """Cut anywhere, what is there is whole; and where nothing whole is there, it is said that the document breaks off."""
    both = [("First", "https://lab.example/1"), ("Second", "https://lab.example/2")]
    for end in range(WHOLE.index(b"<item>"), len(WHOLE)):
        start = WHOLE[:end]
        if b"<item>" in start and b"</item>" not in start:
            with pytest.raises(ParseError, match="breaks off"):
                parsed(start)
        else:
            found = parsed(start)
            assert [(item.title, item.url) for item in found.items] == both[: start.count(b"</item>")]
            assert found.cut is (b"</channel>" not in start), start[-30:]


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (b"<rss><channel><title>x</title>", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title>", True),
        (b"<rdf:RDF><channel></channel><item><title>a</title><link>https://lab.example/a</link></item>", True),
        (b"<item><title>a</title></item><item><title>b &amp c</title></item>", False),  # nothing around them that could end
        (b"<rss><channel><item><title>a & b</title></item></channel>", False),
        (b"<rss><channel><item><title>a & b</title></item></channel></rss><!-- by a machine, " + b"x" * 200 + b" -->", False),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "a", "title": "a"}, {"id": "b"', True),
    ],
)
def test_what_breaks_off_behind_an_entry_is_no_whole_list(body: bytes, cut: bool) -> None:
    assert parsed(body).cut is cut


REFUSED = {
    "nothing": (b"", "an empty body"),
    "space": (b" \n ", "an empty body"),
    "a page": (b"<!doctype html><html><head><title>Our blog</title></head><body><p>hi</body></html>", "Our blog"),
    "a login": (b"<html><head><title>Log in</title></head><form><input type='password'></form></html>", "login page"),
    "a check": (b"<html><head><title>Just a moment...</title></head><body></body></html>", "Cloudflare"),
    "a json error": (b'{"error": "rate limited", "status": 429}', "JSON"),
    "a json list": (b"[1, 2, 3]", "JSON"),
    "words": (b"service unavailable", "plain text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "plain text"),
    "other xml": (b"<?xml version='1.0'?><urlset><url><loc>https://lab.example/</loc></url></urlset>", "XML"),
}


@pytest.mark.parametrize(("body", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_feed_is_refused_with_a_word_on_what_it_is(body: bytes, said: str) -> None:
    with pytest.raises(ParseError) as refusal:
        parsed(body)
    assert said in str(refusal.value)
    assert "https://lab.example/feed" in str(refusal.value)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parsed(rss("")).items == ()
    assert parsed(atom("")).items == ()


TAGS = st.sampled_from(
    ["rss", "channel", "item", "title", "link", "guid", "description", "feed", "entry", "dc:date", "b", "br", "x:y", "p"]
)
PIECES = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    TAGS.map(lambda tag: f"<{tag}/>"),
    st.tuples(TAGS, st.text(max_size=8)).map(lambda two: f'<{two[0]} xmlns="http:{two[1]}" xmlns:{two[0]}="{two[1]}">'),
    st.tuples(TAGS, st.text(max_size=8)).map(lambda two: f'<{two[0]} a="{two[1]}" b={two[1]}>'),
    st.sampled_from(
        [
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?",
            "?>",
            "&",
            "&amp;",
            "&eacute;",
            "&#0;",
            "&#x80;",
            "&#xD800;",
            "<",
            ">",
            '"',
            "<!DOCTYPE x [",
        ]
    ),
    st.text(max_size=12),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_what_is_mended_is_well_formed(text: str) -> None:
    body, entities = without_doctype(text)
    mended = mend(body, entities)
    if mended:
        root = etree.fromstring(mended.encode("utf-8", "replace"))
        assert max(len(list(node.iterancestors())) for node in root.iter()) <= MAX_DEPTH


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["", "text/xml; charset=euc-kr", "application/json"]))
def test_reading_is_total(text: str, content_type: str) -> None:
    for document in (text, f"<rss><channel>{text}</channel></rss>", f"<feed><entry>{text}</entry></feed>"):
        read_feed(document.encode("utf-8", "surrogatepass"), {"content-type": content_type}, "https://lab.example/")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_reading_bytes_is_total(body: bytes) -> None:
    for document in (body, b"<?xml version='1.0' encoding='shift_jis'?><rss><channel><item><title>" + body, b'{"items":[' + body):
        read_feed(document, {}, None)


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Cf"], exclude_characters="\ufffe\uffff&<>"),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_mending_what_is_well_formed_changes_nothing(texts: list[tuple[str, str]]) -> None:
    document = rss("".join(item(title, str(i), f"<description>{text}</description>") for i, (title, text) in enumerate(texts)))
    whole = raw(document)
    mended = raw(document.replace("</channel></rss>", ""))
    assert mended.notes
    assert not whole.notes
    assert mended.entries == whole.entries
