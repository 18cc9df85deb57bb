"""JSON Feed as written, and as people write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_samples import parsed, raw

from aiwatch.errors import ParseError
from aiwatch.parse.feed import read_feed

VERSION = "https://jsonfeed.org/version/1.1"
SECOND = {"id": "2", "title": "Second", "url": "https://lab.example/2"}


def document(*items: Any, **more: Any) -> str:
    return json.dumps({"version": VERSION, "title": "Lab", "home_page_url": "https://lab.example/", "items": list(items), **more})


def test_all_that_is_said() -> None:
    entry = {
        "id": 7,
        "url": "/1",
        "title": "First &amp; foremost",
        "content_html": "<p>One</p><p>Two</p>",
        "summary": "Short",
        "date_published": "2025-03-04T05:06:07+09:00",
        "date_modified": "2025-03-05T05:06:07Z",
        "authors": [{"name": "Ada"}, {"name": "김"}],
        "tags": ["ai", "models"],
        "language": "ko-KR",
    }
    feed = parsed(document(entry, language="en", next_url="/feed?p=2", hubs=[{"type": "WebSub", "url": "https://hub.example/"}]))
    news = feed.items[0]
    assert (feed.title, feed.link, feed.lang) == ("Lab", "https://lab.example/", "en")
    assert (feed.hub, feed.next_url) == ("https://hub.example/", "https://lab.example/feed?p=2")
    assert (news.title, news.url, news.guid, news.lang) == ("First & foremost", "https://lab.example/1", "7", "ko")
    assert (news.summary, news.content, news.authors, news.categories) == ("Short", "One\nTwo", ("Ada", "김"), ("ai", "models"))
    assert [str(date) for date in (news.published, news.updated)] == ["2025-03-03 20:06:07+00:00", "2025-03-05 05:06:07+00:00"]


ODD: list[Any] = [None, 0, 1.5, True, "", "x", [], {}, [None], {"a": 1}, [1, "x"], "\ud800", "9" * 5000, float("nan")]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
@pytest.mark.parametrize(
    "key", ["id", "url", "title", "content_html", "summary", "date_published", "authors", "tags", "language", "author"]
)
def test_an_odd_value_costs_nobody_else(key: str, odd: Any) -> None:
    feed = raw(document({"id": "1", "title": "First", "url": "https://lab.example/1", key: odd}, None, 5, SECOND))
    assert [entry.title for entry in feed.entries][-1] == "Second"
    assert len(feed.entries) == 2


def test_version_1_0_s_author_and_an_external_address() -> None:
    entry = raw(document({"id": "1", "external_url": "https://other.example/x", "author": {"name": "Ada"}})).entries[0]
    assert (entry.link, entry.authors) == ("https://other.example/x", ("Ada",))


def test_a_cut_tail_costs_only_what_it_cuts() -> None:
    text = document({"id": "1", "title": "First"}, SECOND, {"id": "3", "title": "Third"})
    feed = raw(text[: text.index("Third")])
    assert [entry.title for entry in feed.entries] == ["First", "Second"]
    assert feed.end.cut


def test_depth_and_huge_numbers() -> None:
    with pytest.raises(ParseError, match="JSON"):
        parsed('{"version":"' + VERSION + '","items":' + "[" * 100_000)
    assert raw('{"version":"' + VERSION + '","items":[{"id":' + "9" * 100_000 + ',"title":"a"}]}').entries[0].title == "a"


KEYS = st.sampled_from(["id", "url", "title", "items", "version", "name"])
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_total(value: Any) -> None:
    for body in (json.dumps(value), json.dumps({"version": VERSION, "items": value}), json.dumps(value)[:-2]):
        read_feed(body.encode(), {}, None)
