"""Subscription lists: ours come back whole, others' are read, hostile ones do nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.errors import ParseError
from aiwatch.parse.opml import Outline, read_opml, write_opml

CREATED = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def opml(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><head/><body>{body}</body></opml>'.encode()


def test_rows_that_should_be_feeds_and_are_none_are_named_by_line() -> None:
    body = (
        '<?xml version="1.0"?>\n<!-- mine -->\n<opml version="2.0"><body>\n<outline text="a" xmlUrl="http://[bad"/>\n'
        '<outline text="b" xmlUrl="javascript:1"/>\n<outline text="c" xmlUrl="https://lab.example/f"/>\n'
        '<outline text="d" type="rss"/>\n<outline text="e" xmlUrl="https://lab.example:0/f?token=s3cret"/>\n'
        '<outline text="folder"><outline text="f" type="link" url="https://lab.example/"/></outline>\n</body></opml>'
    )
    heard: list[str] = []
    for text in (body, body.replace("</body>", "")):
        heard.clear()
        assert [one.url for one in read_opml(text.encode(), "f.opml", heard.append)] == ["https://lab.example/f"]
        assert [one.partition(" is left out: ")[0] for one in heard] == [
            "f.opml:4: 'http://[bad'",
            "f.opml:5: 'javascript:1'",
            "f.opml:7: 'd'",
            "f.opml:8: 'https://lab.example:0/f?token=***'",
        ]
        assert "this is no address" in heard[0]


def test_groups_titles_and_categories() -> None:
    body = (
        '<outline text="AI"><outline text="Labs"><outline type="rss" text="Lab" xmlUrl=" https://lab.example/feed " htmlUrl="https://lab.example/"'
        ' category="/ai,/news"/></outline><outline title="Press" xmlurl="https://press.example/rss"/></outline>'
        '<outline type="link" text="Not a feed" url="https://lab.example/"/><outline text="Empty"/>'
        '<outline text="Again" xmlUrl="https://lab.example/feed"/><outline text="Bad" xmlUrl="javascript:alert(1)"/>'
    )
    first, second = read_opml(opml(body))
    assert (first.url, first.title, first.page) == ("https://lab.example/feed", "Lab", "https://lab.example/")
    assert (first.path, first.categories) == (("AI", "Labs"), ("/ai", "/news"))
    assert (second.url, second.title, second.path) == ("https://press.example/rss", "Press", ("AI",))


def test_broken_and_hostile_lists_are_read() -> None:
    body = '<outline text="R&D & more" xmlUrl="https://lab.example/?a=1&b=2"><outline text=x xmlUrl=https://b.example/f>'
    assert [(one.title, one.url) for one in read_opml(opml(body)[:-9])] == [
        ("R&D & more", "https://lab.example/?a=1&b=2"),
        ("x", "https://b.example/f"),
    ]
    bomb = '<!DOCTYPE opml [<!ENTITY a "&b;&b;"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    assert read_opml(opml('<outline text="&a;" xmlUrl="https://lab.example/f"/>', bomb))[0].title == "&a;"
    deep = read_opml(opml("<outline text='x'>" * 3000 + "<outline xmlUrl='https://lab.example/f'/>"))
    assert len(deep) <= 1


def test_foaf_lists() -> None:
    foaf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/"'
        ' xmlns:rss="http://purl.org/rss/1.0/"><foaf:Agent><foaf:name>Ada</foaf:name><foaf:weblog><rss:channel'
        ' rdf:about="https://ada.example/feed"/></foaf:weblog></foaf:Agent></rdf:RDF>'
    )
    assert [(one.url, one.title) for one in read_opml(foaf.encode())] == [("https://ada.example/feed", "Ada")]


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body>x</body></html>", b"\x89PNG"])
def test_what_is_no_list_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(ParseError, match=r"mine\.opml"):
        read_opml(body, "mine.opml")


def test_no_secret_is_written() -> None:
    written = write_opml([Outline(url="https://user:hunter2@lab.example/f")], title="x", created=CREATED)
    assert b"hunter2" not in written
    assert read_opml(written)[0].url == "https://lab.example/f"


LABELS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12).filter(
    lambda t: "&" not in t and "<" not in t
)
OUTLINES = st.builds(
    Outline,
    url=st.integers(0, 10**9).map(lambda n: f"https://lab.example/{n}"),
    title=LABELS,
    path=st.lists(LABELS, max_size=3).map(tuple),
    categories=st.lists(LABELS.filter(lambda t: "," not in t), max_size=2).map(tuple),
    settings=st.dictionaries(st.sampled_from(["id", "kind", "timezone", "options"]), LABELS, max_size=4),
)


@given(st.lists(OUTLINES, max_size=6, unique_by=lambda one: one.url))
def test_what_is_written_comes_back(outlines: list[Outline]) -> None:
    back = read_opml(write_opml(outlines, title="한글 & <x>", created=CREATED))
    assert {one.url: one for one in back} == {one.url: one for one in outlines}
