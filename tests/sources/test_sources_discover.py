"""From an address to a source: hosts with rules of their own, and pages that name their feeds."""

from __future__ import annotations

import pytest

from aiwatch.model import Fetched, Kind, Tier
from aiwatch.parse import discover


def fetched(body: str, kind: str = "text/html", url: str = "https://acme.example/blog/") -> Fetched:
    return Fetched(url=url, status=200, headers={"content-type": kind}, body=body.encode())


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        ("https://github.com/acme/orion", Kind.GITHUB, "https://github.com/acme/orion/releases.atom"),
        ("https://github.com/acme/orion/tags", Kind.GITHUB, "https://github.com/acme/orion/tags.atom"),
        (
            "https://github.com/acme",
            Kind.GITHUB,
            "https://api.github.com/orgs/acme/repos?sort=created&direction=desc&per_page=100&type=public",
        ),
        (
            "https://huggingface.co/acme",
            Kind.HUGGINGFACE,
            "https://huggingface.co/api/models?author=acme&sort=createdAt&direction=-1&limit=20",
        ),
        ("https://www.youtube.com/channel/UC123", Kind.YOUTUBE, "https://www.youtube.com/feeds/videos.xml?channel_id=UC123"),
        ("https://www.reddit.com/r/models/", Kind.REDDIT, "https://www.reddit.com/r/models/new/.rss"),
        ("https://bsky.app/profile/acme.example", Kind.BLUESKY, "https://bsky.app/profile/acme.example/rss"),
        ("https://arxiv.org/list/cs.CL/recent", Kind.ARXIV, "https://rss.arxiv.org/rss/cs.CL"),
        ("https://social.example/@acme", Kind.MASTODON, "https://social.example/@acme.rss"),
        ("https://x.com/acme", Kind.X, "https://api.x.com/2/users/by/username/acme"),
    ],
)
def test_a_known_host_has_its_own_rule(url: str, kind: Kind, expected: str) -> None:
    source = discover.known(url)
    assert source is not None
    assert (source.kind, source.url) == (kind, expected)
    assert source.enabled is (kind is not Kind.X)
    assert (source.tier is Tier.COMMUNITY) is (kind is Kind.REDDIT)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example/",
        "https://github.com/",
        "https://huggingface.co/blog",
        "https://youtube.com/@acme",
        "https://x.com",
        "https://medium.com/@acme",
    ],
)
def test_other_addresses_have_none(url: str) -> None:
    assert discover.known(url) is None


def test_a_page_names_its_feeds_and_feeds_of_comments_come_last() -> None:
    page = """<html lang="ko-KR"><head><title>Acme &amp; friends</title>
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate stylesheet" type="text/css" href="/x.css">
    <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" title="Acme news" href="feed.xml">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head></html>"""
    found = discover.proposals(fetched(page))
    assert [(one.kind, one.url, one.name, one.lang) for one in found] == [
        (Kind.FEED, "https://acme.example/blog/feed.xml", "Acme news", "ko"),
        (Kind.FEED, "https://acme.example/comments/feed", "Comments", "ko"),
        (Kind.PAGE, "https://acme.example/blog/", "Acme & friends", "ko"),
    ]
    assert found[0].id == "acme-news"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<?xml version="1.0"?><rss version="2.0"><channel><title><![CDATA[Acme]]></title></channel></rss>', Kind.FEED),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme</title></feed>', Kind.FEED),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "Acme", "items": []}', Kind.FEED),
        ('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>', Kind.SITEMAP),
    ],
)
def test_what_is_a_list_already_is_taken_as_it_is(body: str, kind: Kind) -> None:
    (source,) = discover.proposals(fetched(body, "application/xml", "https://acme.example/x"))
    assert (source.kind, source.url) == (kind, "https://acme.example/x")
    assert source.name in {"Acme", "acme.example"}


def test_ids_are_made_of_names_and_are_new() -> None:
    assert discover.source_id("Acme: News & Views!") == "acme-news-views"
    assert discover.source_id("뉴스") == "source"
    assert discover.unique("a", frozenset({"a", "a-2"})) == "a-3"
