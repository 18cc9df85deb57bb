"""Each kind against an answer in its service's real shape (texts are ours): what becomes an item, and what a refusal says."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import parse
from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, Kind, PollState, Source
from aiwatch.parse.huggingface import release_of

NOW = datetime(2026, 3, 10, tzinfo=UTC)
TOKEN = {"Authorization": "Bearer t"}


def read(kind: Kind, body: object, url: str = "https://service.example/x", **given: Any) -> tuple[Item, ...]:
    source = Source(id="s", url=url, kind=kind, name="A source", **given)
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    ctype = "application/json" if not isinstance(body, str) else "application/xml"
    return parse.parse(source, Fetched(url=url, status=200, headers={"content-type": ctype}, body=text.encode()), now=NOW).items


# --- lists longer than their limit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "unread"),
    [
        (("2026-03-03", "2026-03-02", "2026-03-01"), 0),
        (("2026-03-01", "2026-03-02", "2026-03-03"), 1),
        (("2026-03-03", "2026-03-02", ""), 1),
        (("", "", ""), 1),
        (("2026-03-03", "2026-03-02"), 0),
    ],
)
def test_what_stands_below_the_limit_and_may_be_newer_is_counted(dates: tuple[str, ...], unread: int) -> None:
    rows = "".join(f'<li><a href="/p/{n}">Post number {n}</a> <time>{date}</time></li>' for n, date in enumerate(dates))
    options = {"item": "li", "title": "a", "link": "a", "date": "time", "limit": 2}
    source = Source(id="s", url="https://service.example/x", kind=Kind.PAGE, options=options)
    page = Fetched(url=source.url, status=200, headers={"content-type": "text/html"}, body=f"<ul>{rows}</ul></html>".encode())
    found = parse.parse(source, page, now=NOW)
    assert (len(found.items), found.unread) == (2, unread)
    assert any(note.startswith("1 row beyond limit = 2 not read") for note in found.notes) is bool(unread)


# --- huggingface ------------------------------------------------------------------------------------------------------------


def model(name: str, created: str = "2026-03-01T10:00:00.000Z", **more: Any) -> dict[str, Any]:
    return {"id": name, "createdAt": created, "pipeline_tag": "text-generation", "tags": ["transformers", "license:mit"], **more}


def test_one_release_in_many_rows_is_one_item_that_names_its_members() -> None:
    rows = [
        model("acme/Zephyr-9-70B-Instruct-GGUF"),
        model("acme/Zephyr-9-70B-Instruct"),
        model("acme/Zephyr-9-7B", "2026-02-28T10:00:00.000Z"),
        model("acme/Zephyr-9-7B-AWQ"),
        model("acme/Painter-2", pipeline_tag="text-to-image"),
    ]
    items = read(Kind.HUGGINGFACE, rows)
    assert [item.title for item in items] == ["Zephyr-9", "Painter-2"]
    assert items[0].url == "https://huggingface.co/acme/Zephyr-9-7B"
    assert items[0].published == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert "Zephyr-9-70B-Instruct" in items[0].summary
    assert "text-to-image" in items[1].summary


def test_a_later_size_of_a_known_release_is_the_same_item() -> None:
    (first,) = read(Kind.HUGGINGFACE, [model("acme/Zephyr-9-7B")])
    (later,) = read(Kind.HUGGINGFACE, [model("acme/Zephyr-9-70B-FP8"), model("acme/Zephyr-9-7B")])
    assert first.id == later.id


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "meta-llama/Llama-4-Scout"),
        ("google/gemma-3-27b-it-qat-q4_0-gguf", "google/gemma-3"),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507-FP8", "Qwen/Qwen3-2507"),
        ("LGAI-EXAONE/EXAONE-4.0-32B", "LGAI-EXAONE/EXAONE-4.0"),
        ("google/gemma-3n-E4B-it", "google/gemma-3n"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mistralai/Mixtral-v0.1"),
        ("Qwen/Qwen3-Next-80B-A3B-Thinking", "Qwen/Qwen3-Next-Thinking"),
        ("openai/whisper-large-v3", "openai/whisper-large-v3"),
    ],
)
def test_a_release_is_a_name_without_size_tuning_and_packing(name: str, release: str) -> None:
    assert release_of(name) == release


@given(st.text("abAB019-_./", max_size=40))
def test_the_release_of_a_release_is_itself(name: str) -> None:
    assert release_of(release_of(name)) == release_of(name)


def test_daily_papers_are_papers() -> None:
    (paper,) = read(
        Kind.HUGGINGFACE,
        [
            {
                "paper": {
                    "id": "2603.00001",
                    "title": "A model that plans",
                    "summary": "It looks ahead.",
                    "authors": [{"name": "K. Kim"}],
                    "publishedAt": "2026-03-05T00:00:00.000Z",
                }
            }
        ],
    )
    assert (paper.title, paper.url) == ("A model that plans", "https://huggingface.co/papers/2603.00001")


# --- posts without titles -----------------------------------------------------------------------------------------------------


def test_mastodon_statuses_get_their_first_line_as_title() -> None:
    statuses = [
        {
            "url": "https://m.example/@lab/1",
            "created_at": "2026-03-01T10:00:00.000Z",
            "content": "<p>Zephyr 9 is out.</p><p>Weights today.</p>",
            "account": {"acct": "lab"},
        },
        {
            "url": "https://m.example/@lab/2",
            "created_at": "2026-03-01T09:00:00.000Z",
            "content": "<p>@you thanks</p>",
            "in_reply_to_id": "5",
            "account": {"acct": "lab"},
        },
        {
            "url": "https://m.example/@lab/3",
            "created_at": "2026-03-01T08:00:00.000Z",
            "content": "",
            "reblog": {"url": "https://o.example/@x/1", "content": "<p>theirs</p>"},
        },
    ]
    (item,) = read(Kind.MASTODON, statuses)
    assert (item.title, item.url, item.authors) == ("Zephyr 9 is out.", "https://m.example/@lab/1", ("lab",))
    assert "Weights today." in item.summary
    assert len(read(Kind.MASTODON, statuses, options={"replies": True, "boosts": True})) == 3


def test_bluesky_posts_have_addresses_of_pages_and_reposts_are_left_out() -> None:
    post = {
        "uri": "at://did:plc:abc/app.bsky.feed.post/3k",
        "author": {"handle": "lab.example"},
        "record": {"text": "Zephyr 9 is out.\nWeights today.", "createdAt": "2026-03-01T10:00:00Z"},
    }
    (item,) = read(Kind.BLUESKY, {"feed": [{"post": post}, {"post": post, "reason": {"$type": "repost"}}]})
    assert (item.title, item.url) == ("Zephyr 9 is out.", "https://bsky.app/profile/lab.example/post/3k")
    card = {"external": {"title": "Introducing Zephyr 9", "description": "Our new model", "uri": "https://lab.example/zephyr-9"}}
    bare = {**post, "record": {"text": "", "createdAt": "2026-03-01T10:00:00Z"}, "embed": card}
    (item,) = read(Kind.BLUESKY, {"feed": [{"post": bare}]})
    assert (item.title, item.summary) == ("Introducing Zephyr 9", "Introducing Zephyr 9\nOur new model")
    rss = """<rss version="2.0"><channel><title>@lab</title><item><link>https://bsky.app/profile/lab/post/9</link>
    <description>Zephyr 9 is out.</description><pubDate>01 Mar 2026 10:00 +0000</pubDate><guid isPermaLink="false">at://x/9</guid></item></channel></rss>"""
    assert [one.title for one in read(Kind.BLUESKY, rss)] == ["Zephyr 9 is out."]


def test_x_posts_are_read_with_a_token_and_refused_with_the_reason_without_one() -> None:
    body = {
        "data": [{"id": "77", "text": "Introducing Zephyr 9\nmore words", "created_at": "2026-03-01T10:00:00.000Z"}],
        "meta": {"result_count": 1},
    }
    (item,) = read(Kind.X, body, options={"handle": "lab"})
    assert (item.title, item.url) == ("Introducing Zephyr 9", "https://x.com/lab/status/77")
    assert read(Kind.X, {"meta": {"result_count": 0}}) == ()
    with pytest.raises(ParseError, match=r"Unauthorized.*headers\.authorization"):
        read(Kind.X, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"})
    source = Source(id="s", url="https://api.x.com/2/users/1/tweets", kind=Kind.X, headers=TOKEN)
    request = parse.request_for(source, PollState(source_id="s"))
    assert request.headers["authorization"] == "Bearer t"
    assert "exclude=retweets%2Creplies" in request.url
    bare = parse.request_for(replace(source, headers={"authorization": "t"}), PollState(source_id="s"))
    assert bare.headers["authorization"] == "Bearer t"
    with pytest.raises(ParseError, match=r"token.*X_AUTHORIZATION.*enabled = false"):
        parse.request_for(replace(source, headers={}), PollState(source_id="s"))


def test_x_s_lookup_by_name_says_where_the_posts_are() -> None:
    url = "https://api.x.com/2/users/by/username/lab"
    with pytest.raises(ParseError, match=r"https://api\.x\.com/2/users/77/tweets"):
        read(Kind.X, {"data": {"id": "77", "name": "The lab", "username": "lab"}}, url=url)
    assert parse.request_for(Source(id="s", url=url, kind=Kind.X, headers=TOKEN), PollState(source_id="s")).url == url


# --- communities, papers, films ---------------------------------------------------------------------------------------------------


def test_hacker_news_stories_are_what_they_link_to() -> None:
    hits = [
        {
            "objectID": "1",
            "title": "Zephyr 9",
            "url": "https://lab.example/z9",
            "points": 200,
            "created_at": "2026-03-01T10:00:00Z",
            "author": "a",
        },
        {
            "objectID": "2",
            "title": "Ask HN: which model?",
            "url": None,
            "points": 3,
            "created_at": "2026-03-01T10:00:00Z",
            "story_text": "Well?",
        },
    ]
    first, second = read(Kind.HACKERNEWS, {"hits": hits})
    assert (first.url, second.url) == ("https://lab.example/z9", "https://news.ycombinator.com/item?id=2")
    assert "news.ycombinator.com/item?id=1" in first.summary
    assert len(read(Kind.HACKERNEWS, {"hits": hits}, options={"min_points": 100})) == 1


def test_reddit_posts_without_the_pinned_ones() -> None:
    post = {
        "title": "Zephyr 9 weights are up",
        "permalink": "/r/x/comments/1/",
        "created_utc": 1772359200.0,
        "score": 50,
        "link_flair_text": "News",
    }
    listing = {"data": {"children": [{"data": post}, {"data": {**post, "permalink": "/r/x/comments/2/", "stickied": True}}]}}
    (item,) = read(Kind.REDDIT, listing)
    assert (item.url, item.published) == ("https://www.reddit.com/r/x/comments/1/", datetime(2026, 3, 1, 10, tzinfo=UTC))
    assert read(Kind.REDDIT, listing, options={"flair": "Discussion"}) == ()


def test_arxiv_s_bookkeeping_and_replacements_are_cut() -> None:
    def entry(kind: str, number: int) -> str:
        link = f"https://arxiv.org/abs/2603.0000{number}"
        text = f"arXiv:2603.0000{number}v1 Announce Type: {kind} Abstract: We plan."
        return f"<item><title>Paper {number} of a kind</title><link>{link}</link><description>{text}</description></item>"

    body = f'<rss version="2.0"><channel><title>cs.CL</title>{entry("new", 1)}{entry("replace-cross", 2)}</channel></rss>'
    (item,) = read(Kind.ARXIV, body)
    assert (item.title, item.summary) == ("Paper 1 of a kind", "We plan.")
    assert len(read(Kind.ARXIV, body, options={"replacements": True})) == 2


def test_youtube_uploads_without_shorts() -> None:
    def entry(path: str) -> str:
        return f"""<entry><id>yt:video:{path[-3:]}</id><title>Film {path[-3:]}</title>
        <link rel="alternate" href="https://www.youtube.com/{path}"/>
        <published>2026-03-01T10:00:00+00:00</published>
        <media:group><media:description>What it shows.</media:description></media:group></entry>"""

    namespaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    body = f"<feed {namespaces}><title>Lab</title>{entry('watch?v=abc')}{entry('shorts/xyz')}</feed>"
    assert [item.title for item in read(Kind.YOUTUBE, body)] == ["Film abc"]
    assert len(read(Kind.YOUTUBE, body, options={"shorts": True})) == 2


def test_a_pushed_document_is_read_like_a_feed() -> None:
    body = '<rss version="2.0"><channel><title>x</title><item><title>Zephyr 9 is here today</title><link>https://lab.example/9</link></item></channel></rss>'
    assert [item.url for item in read(Kind.WEBHOOK, body)] == ["https://lab.example/9"]


REFUSALS = [
    (Kind.HUGGINGFACE, {"error": "Rate limit reached"}, "Rate limit reached"),
    (Kind.HUGGINGFACE, [], "no models"),
    (Kind.MASTODON, {"error": "Record not found"}, "Record not found"),
    (Kind.BLUESKY, {"error": "InvalidRequest", "message": "Profile not found"}, "Profile not found"),
    (Kind.REDDIT, {"message": "Too Many Requests", "error": 429}, "Too Many Requests"),
    (Kind.HACKERNEWS, {"message": "bad query"}, "bad query"),
    (Kind.GITHUB, {"message": "API rate limit exceeded"}, "rate limit"),
    (Kind.X, {"errors": [{"detail": "Could not find user"}]}, "Could not find user"),
]


@pytest.mark.parametrize(("kind", "body", "said"), REFUSALS, ids=lambda one: getattr(one, "value", None))
def test_a_service_s_own_words_are_in_the_error(kind: Kind, body: object, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        read(kind, body)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SITEMAP])
def test_a_challenge_page_is_no_answer_of_any_kind(kind: Kind) -> None:
    page = "<html><head><title>Just a moment...</title></head><body>Checking your browser before accessing</body></html>"
    options = {"links": "^/news/"} if kind is Kind.PAGE else {}
    with pytest.raises(ParseError):
        read(kind, page, options=options)


ODD = """
1 "x" [] {} [1] [null] [[]] {"data": 1} {"data": [1]} {"data": [{"id": {}, "text": 1}]} {"meta": 1} {"errors": 1} {"errors": [1]}
{"data": {"children": 1}} {"data": {"children": [1]}} {"data": {"children": [{"data": 1}]}}
{"data": {"children": [{"data": {"created_utc": "x", "score": "x", "permalink": 3}}]}}
{"hits": [1]} {"hits": [{}]} {"hits": [{"points": "x"}]} {"hits": [{"title": [], "points": []}]}
{"feed": [1]} {"feed": [{"post": 1}]} {"feed": [{"post": {"record": 1, "author": 1, "uri": []}}]}
[{"paper": 1}] [{"paper": {"authors": 1}}] [{"id": "a/b", "tags": 1, "createdAt": 1}] [{"content": 1, "account": 1}] [{"reblog": 1}]
[{"full_name": 1, "topics": 1}] [{"tag_name": 1, "author": 1, "name": {}}]
"""


def values(text: str) -> Iterator[str]:
    """The JSON values of a text, one after the other."""
    at, end = 0, len(text.rstrip())
    while at < end:
        at += len(text[at:]) - len(text[at:].lstrip())
        start, (_, at) = at, json.JSONDecoder().raw_decode(text, at)
        yield text[start:at]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("body", list(values(ODD)))
def test_values_of_another_type_cost_at_most_the_poll(kind: Kind, body: str) -> None:
    """Asked of the kind's own module: the net around all kinds, which names what it caught, must not be needed."""
    options = {"json": "body", "items": "**", "title": "title"} if kind is Kind.PAGE else {}
    source = Source(id="s", url="https://a.example/", kind=kind, options=options)
    fetched = Fetched(url=source.url, status=200, headers={}, body=body.encode())
    with contextlib.suppress(ParseError):
        parsed = import_module(parse.KINDS[kind]).parse(source, fetched, now=NOW)
        assert all(item.id and item.source_id == "s" for item in parsed.items)


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({"sections": "h2"}, "<article><h2>{}</h2><p>Words on it.</p><h2>{}</h2><p>More words.</p></article>"),
        ({"json": "body", "items": "[]", "title": "t", "key": "k"}, '[{{"t": "{0}", "k": "{0}"}}, {{"t": "{1}", "k": "{1}"}}]'),
    ],
)
def test_rows_that_share_the_page_s_address_are_not_one(options: dict[str, Any], body: str) -> None:
    before = read(Kind.PAGE, body.format("Zephyr 8 is here", "Our garden"), options=options)
    after = read(Kind.PAGE, body.format("Zephyr 9 is here", "Zephyr 8 is here"), options=options)
    assert {item.url for item in (*before, *after)} == {"https://service.example/x"}
    assert {item.id for item in before} & {item.id for item in after} == {before[0].id}
    assert not {alias for item in before for alias in item.aliases} & set(after[0].aliases)


def test_a_row_that_has_nothing_but_its_title_is_known_whatever_counts_its_readers() -> None:
    counts = [read(Kind.PAGE, f"<h2>Zephyr 9 is here ({n})</h2><p>Words.</p>", options={"sections": "h2"})[0] for n in (3, 40)]
    assert counts[0].aliases == counts[1].aliases != ()
    two = read(Kind.PAGE, "<h2>Our garden, a part (1)</h2><h2>Our garden, a part (2)</h2>", options={"sections": "h2"})
    assert len({item.id for item in two}) == 2
    assert {item.aliases for item in two} == {()}


def test_a_script_that_breaks_on_and_on_is_given_up_soon() -> None:
    body = f"<script>{'window._D = ' * 100_000}</script>"
    with pytest.raises(ParseError, match=r"no JSON at 'window\._D'"):
        read(Kind.PAGE, body, options={"json": "window._D", "items": "[]", "title": "t"})
