"""The newsroom's formats, read by readers that are not ours, and its manners over HTTP."""

from __future__ import annotations

import html
import json
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Any

import feedparser
import httpx
import pytest
from lxml import etree

from aiwatch.demo import formats
from aiwatch.demo.articles import Outlet, world
from aiwatch.demo.loopback import Loopback
from aiwatch.demo.newsroom import Newsroom

AT = datetime(2024, 2, 20, 12, tzinfo=UTC)
FEEDS = [one for one in world().outlets if one.format in {"rss", "rdf", "atom"}]


@pytest.fixture(scope="module")
def room() -> Iterator[SimpleNamespace]:
    time = SimpleNamespace(now=AT)
    newsroom = Newsroom(world(), lambda: time.now)
    with Loopback(newsroom.app) as server, httpx.Client(base_url=server.base, trust_env=False, timeout=60) as client:
        yield SimpleNamespace(time=time, newsroom=newsroom, get=client.get, base=server.base)


@pytest.fixture(autouse=True)
def at_noon(room: SimpleNamespace) -> None:
    room.time.now = AT


def expected(outlet: Outlet, now: datetime = AT) -> list[str]:
    return [formats.plain(one.title) for one in world().published(outlet, now)]


def address(outlet: Outlet) -> str:
    return outlet.moved.to if outlet.moved else outlet.path


def unescaped(text: str) -> str:
    return html.unescape(html.unescape(re.sub(r"</?b>", "", html.unescape(text))))


@pytest.mark.parametrize("outlet", FEEDS, ids=lambda one: one.id)
def test_feedparser_reads_every_feed_as_meant(room: SimpleNamespace, outlet: Outlet) -> None:
    answer = room.get(address(outlet))
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    assert [unescaped(one.title) for one in feed.entries] == expected(outlet)
    assert feed.entries[0].link.startswith(room.base)
    published = [datetime.fromtimestamp(timegm(one.published_parsed), UTC) for one in feed.entries if one.get("published_parsed")]
    if outlet.restamped is None and not outlet.naive_dates and outlet.format != "rdf":
        assert published == [one.at.replace(microsecond=0) for one in world().published(outlet, AT)]


def test_json_feed_has_version_and_items(room: SimpleNamespace) -> None:
    outlet = world().outlet("byte-and-order")
    feed = json.loads(room.get(outlet.path).content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["title"] for one in feed["items"]] == expected(outlet)


def test_page_lists_posts_with_days_alone(room: SimpleNamespace) -> None:
    outlet = world().outlet("meta-ai")
    tree: Any = etree.fromstring(room.get(outlet.path).content, etree.HTMLParser())
    posts = tree.xpath("//article[@class='post']")
    assert [one.xpath("string(.//h3)") for one in posts] == expected(outlet)
    assert "February 15, 2024" in {one.xpath("string(.//time)") for one in posts}


@pytest.mark.parametrize("name", ["runway", "afp"])
def test_sitemaps_are_valid_xml_with_all_addresses(room: SimpleNamespace, name: str) -> None:
    outlet = world().outlet(name)
    root = etree.fromstring(room.get(outlet.path).content)
    locs = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(locs) == len(expected(outlet))
    assert all(room.get(one).status_code == 200 for one in locs)


def test_korean_newspaper_writes_euc_kr_and_local_time_without_zone(room: SimpleNamespace) -> None:
    body = room.get("/hangang/rss/it.xml").content
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    text = body.decode("euc-kr")
    # 22:40 UTC on the 15th is 07:40 in Seoul on the 16th
    assert "<pubDate>2024-02-16 07:40:00</pubDate>" in text


def test_portal_lists_twelve_and_addresses_by_number(room: SimpleNamespace) -> None:
    text = room.get("/nuri/news/rss?section=105").text
    assert text.count("<item>") == 12
    assert re.search(r"<link>\S+/nuri/read\?aid=\d{10}&amp;oid=105</link>", text)


@pytest.mark.parametrize("name", ["openai", "byte-and-order", "google"])
def test_validators_earn_304_until_something_is_published(room: SimpleNamespace, name: str) -> None:
    path = world().outlet(name).path
    first = room.get(path)
    validators = {"if-none-match": first.headers.get("etag"), "if-modified-since": first.headers.get("last-modified")}
    headers = {key: value for key, value in validators.items() if value}
    assert headers
    again = room.get(path, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    room.time.now = AT + timedelta(days=30)
    assert room.get(path, headers=headers).status_code == 200


def test_move_is_permanent_and_begins_in_time(room: SimpleNamespace) -> None:
    outlet = world().outlet("stability")
    assert outlet.moved
    room.time.now = outlet.moved.at - timedelta(minutes=1)
    assert room.get(outlet.path).status_code == 200
    assert room.get(outlet.moved.to).status_code == 404
    room.time.now = outlet.moved.at
    answer = room.get(outlet.path)
    assert (answer.status_code, answer.headers["location"]) == (301, outlet.moved.to)
    assert room.get(outlet.moved.to).status_code == 200


def test_outage_begins_and_ends(room: SimpleNamespace) -> None:
    outlet = world().outlet("ai-madang")
    assert outlet.outage
    statuses = []
    for at in (outlet.outage.start - timedelta(seconds=1), outlet.outage.start, outlet.outage.end):
        room.time.now = at
        statuses.append(room.get(outlet.path).status_code)
    assert statuses == [200, 503, 200]


def test_ids_change_with_the_new_software_and_links_stay(room: SimpleNamespace) -> None:
    outlet = world().outlet("weights-forum")
    assert outlet.reidentified

    def entries() -> dict[str, str]:
        return {one.link: one.id for one in feedparser.parse(room.get(outlet.path).content).entries}

    room.time.now = outlet.reidentified - timedelta(minutes=1)
    before = entries()
    room.time.now = outlet.reidentified
    after = entries()
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())


def test_the_information_dates_every_entry_anew(room: SimpleNamespace) -> None:
    outlet = world().outlet("the-information")
    dates = {one.updated for one in feedparser.parse(room.get(outlet.path).content).entries if "cb=" in one.id}
    assert "2024-02-18T08:00:00+00:00" in dates
    assert len(dates) == 1


def test_campaign_parameters_change_by_the_day(room: SimpleNamespace) -> None:
    today = room.get("/techopedia/feed").text
    room.time.now = AT + timedelta(days=1)
    tomorrow = room.get("/techopedia/feed").text
    assert "utm_campaign=day-20240220" in today
    assert "utm_campaign=day-20240221" in tomorrow


def test_nothing_is_shown_before_its_time(room: SimpleNamespace) -> None:
    sora = next(one for one in world().articles if one.source == "openai" and "Sora" in one.of)
    path = formats.page_path(world().outlet("openai"), sora)
    room.time.now = sora.at - timedelta(seconds=1)
    assert sora.title not in html.unescape(room.get("/openai/news/rss.xml").text)
    assert room.get(path).status_code == 404
    room.time.now = sora.at
    assert sora.title in html.unescape(room.get("/openai/news/rss.xml").text)
    assert parsedate_to_datetime(re.findall(r"<pubDate>(.*?)</pubDate>", room.get("/openai/news/rss.xml").text)[0]) == sora.at
    assert room.get(path).status_code == 200


def test_answers_are_counted(room: SimpleNamespace) -> None:
    before = room.newsroom.answers["afp", 200]
    room.get("/afp/technology/news-sitemap.xml")
    assert room.newsroom.answers["afp", 200] == before + 1
