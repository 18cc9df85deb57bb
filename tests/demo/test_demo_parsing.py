"""The project's own parsers read every outlet of the newsroom as it was meant."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from aiwatch import parse
from aiwatch.demo import formats, workspace
from aiwatch.demo.articles import Article, Outlet, world
from aiwatch.model import Fetched, Item, Kind, Source, Tier

AT = datetime(2024, 2, 22, 23, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8080"
UNDATED: Mapping[str, str] = MappingProxyType({"runway": "a sitemap's lastmod is not to be trusted"})


def items_of(outlet: Outlet, now: datetime = AT) -> tuple[list[Article], tuple[Item, ...]]:
    articles = world().published(outlet, now)
    body = formats.render(formats.Issue(outlet=outlet, articles=articles, base=BASE, now=now))
    source = Source(
        id=outlet.id,
        url=BASE + outlet.path,
        name=outlet.name,
        kind=Kind(workspace.KINDS.get(outlet.format, "feed")),
        tier=Tier(outlet.tier),
        lang=outlet.lang,
        timezone=outlet.zone if outlet.naive_dates else None,
        options=outlet.options,
    )
    headers = {"content-type": formats.content_type(outlet)}
    return articles, parse.parse(source, Fetched(url=source.url, status=200, headers=headers, body=body), now=now).items


@pytest.mark.parametrize("outlet", [one for one in world().outlets if one.id != "runway"], ids=lambda one: one.id)
def test_titles_links_and_dates_are_those_of_the_articles(outlet: Outlet) -> None:
    articles, items = items_of(outlet)
    assert [html.unescape(one.title) for one in items] == [formats.plain(one.title) for one in articles]
    for article, item in zip(articles, items, strict=True):
        assert item.url is not None
        assert item.url.startswith(BASE + formats.page_path(outlet, article))
        assert item.published is not None
        if outlet.restamped is None:
            allowed = {article.at} if outlet.format != "page" else {item.published}
            assert item.published in allowed
            assert abs((item.published - article.at).total_seconds()) < 86400


def test_runway_pages_outside_of_research_are_left_out() -> None:
    _, items = items_of(world().outlet("runway"))
    assert {one.title for one in items} == {"Gen 1", "Gen 2"}
    assert all(one.published is None for one in items), UNDATED["runway"]


@pytest.mark.parametrize("outlet", world().outlets, ids=lambda one: one.id)
def test_an_item_stays_the_same_item_through_the_ten_days(outlet: Outlet) -> None:
    """Ids, aliases or both carry over every quirk: changed guids, dates and campaign parameters."""
    known: dict[str, set[str]] = {}
    for day in range(13, 23):
        for item in items_of(outlet, datetime(2024, 2, day, 12, tzinfo=UTC))[1]:
            identities = {item.id, *item.aliases}
            match = [title for title, before in known.items() if before & identities]
            assert match in ([], [item.title])
            if not match:
                assert item.title not in known
            known.setdefault(item.title, set()).update(identities)
