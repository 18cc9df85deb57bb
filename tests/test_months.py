"""What happens to a service that runs for months: wrong dates, sources that were away, edits, counters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch import deliver, publish, replay
from aiwatch.cli import cli
from aiwatch.model import (
    Delivery,
    Failed,
    Failure,
    Filter,
    Kind,
    Note,
    NotModified,
    Receipt,
    Silence,
    Source,
    Tier,
    Verdict,
)
from aiwatch.model.counters import uncounted, uncounted_title
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.store import maintenance
from poll_world import OLD, PAGE, PRESS, RULES, SITEMAP, START, VENDOR, Entry, World, feed, opened, sitemap, turn

MONTH = timedelta(days=30)
YEARS_AGO = START - timedelta(days=1900)


@pytest.fixture
def world() -> Iterator[World]:
    with opened() as made:
        yield made


# --- dates that are wrong ---------------------------------------------------------------------------------------------------------


def test_a_wrong_old_date_mutes_nobody_else_s_report(world: World) -> None:
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("g", "Introducing GPT-5.2, our new language model", "Available today.", YEARS_AGO), OLD)
    (silent,) = world.poll(VENDOR).folded.announcements
    assert silent.silent == f"{Silence.DOUBTED}{YEARS_AGO:%Y-%m-%d}"
    for hour, title in enumerate(("OpenAI launches GPT-5.2, a new language model", "OpenAI releases its new AI model GPT-5.2")):
        world.now += timedelta(hours=20)
        world.serve(PRESS, (f"g{hour}", title, "", world.now), OLD)
        world.poll(PRESS)
        assert [(name, source) for name, _, source in world.told()] == [("GPT-5.2", "daily")], "once"
    (entry,) = world.store.entries([silent.id])
    assert min(one.seen_at for one in entry.coverage) == START + timedelta(hours=1), "nobody was first by five years"
    assert entry.story.first_seen == START + timedelta(hours=1)


@pytest.mark.parametrize(
    "date", ["1970-01-01T00:00:00Z", "1970-01-01T09:00:00+09:00", "0001-01-01T00:00:00Z", "2001-01-01T00:00:00Z"]
)
def test_an_impossible_date_at_a_first_poll_is_none(world: World, date: str) -> None:
    world.polled_once(PRESS)
    launches = tuple((f"g{n}", f"Introducing GPT-{n}, our new language model", "", START) for n in range(5, 9))
    served = feed(VENDOR, *launches, OLD)
    world.answers[VENDOR.url] = served.replace(format_datetime(START).encode(), date.encode())
    made = world.poll(VENDOR)
    assert {one.silent for one in made.folded.announcements} == {Silence.UNDATED}, (
        "an archive is no news, whatever stands for its dates"
    )
    assert {one.published for one in made.items if one.title != OLD[1]} == {None}
    for hour in (20, 40):
        world.now = START + timedelta(hours=hour)
        world.serve(PRESS, (f"p{hour}", "OpenAI launches GPT-7, a new language model", "", world.now), OLD)
        world.poll(PRESS)
        assert [name for name, _, _ in world.told()] == ["GPT-7"], "what is news after all is told, once"


def test_an_impossible_date_of_what_comes_later_does_not_keep_its_page_from_being_read(world: World) -> None:
    world.polled_once(VENDOR)
    world.now += timedelta(hours=1)
    served = feed(VENDOR, ("g", "GPT-9 in everyday life", "", START), OLD)
    world.answers[VENDOR.url] = served.replace(format_datetime(START).encode(), b"1970-01-01T00:00:00Z")
    world.answers[f"{VENDOR.url}/g"] = PAGE.encode()
    world.poll(VENDOR)
    assert f"{VENDOR.url}/g" in [request.url for request in world.requests]


def test_a_wrong_old_date_does_not_make_a_story_that_was_told_old(world: World) -> None:
    world.subscriptions += (Subscription(id="own", title="Own", schedule="hourly", filter=Filter(tiers=(Tier.PRIMARY,))),)
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-5.2, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("g", "Introducing GPT-5.2, our new language model", "Available today.", YEARS_AGO), OLD)
    assert world.poll(VENDOR).folded.announcements == ()
    (told,) = world.store.pending("all", world.now)
    (entry,) = world.store.entries([told.id])
    assert (entry.story.first_seen, entry.story.last_seen) == (START + timedelta(hours=1), START + timedelta(hours=2))
    assert [one.name for one in world.store.pending("own", world.now)] == ["GPT-5.2"], "its own word is there"


def test_an_archive_that_is_added_to_a_list_is_no_news_and_mutes_what_is_old(world: World) -> None:
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("g", "Introducing GPT-4.5, our new language model", "Available today.", YEARS_AGO), OLD)
    world.poll(VENDOR)
    world.now += timedelta(days=20)
    world.serve(PRESS, ("g", "OpenAI launches GPT-4.5, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert world.told() == []


def test_what_a_first_poll_brings_from_an_archive_is_old_however_soon_somebody_tells_it_again(world: World) -> None:
    world.serve(VENDOR, ("g", "Introducing GPT-4.5, our new language model", "Available today.", YEARS_AGO), OLD)
    (silent,) = world.poll(VENDOR).folded.announcements
    assert str(silent.silent).startswith(Silence.TOO_OLD)
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=2)
    world.serve(PRESS, ("g", "OpenAI launches GPT-4.5, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert world.told() == []


# A feed that has the newest first, and one entry in it with a date of long ago: whose mistake is that?

GPT = ("g", "Introducing GPT-4.5, our new language model", "Available today.", YEARS_AGO)
GPT_PAGE = PAGE.replace("GPT-9", "GPT-4.5")
STATED = '<head><meta property="article:published_time" content="{}">'


def notes_of(world: World, days: int = 6) -> list[Entry]:
    return [(f"n{n}", f"A note on our garden {n}", "", START - timedelta(hours=5 + 20 * n)) for n in range(days)]


def of_gpt(world: World, page: str | Failed) -> None:
    world.answers[f"{VENDOR.url}/g"] = page.encode() if isinstance(page, str) else page


def dated(date: str) -> str:
    return GPT_PAGE.replace("<head>", STATED.format(date))


BYLINE = GPT_PAGE.replace("</h1>", f"</h1><p>Posted on {YEARS_AGO:%B %d, %Y}</p>")
SHELL = "<html><head><title>GPT-4.5</title></head><body><div id=root></div><script>start()</script></body></html>"
REFUSED = Failed(kind=Failure.HARD, reason="HTTP 403", status=403)


@pytest.mark.parametrize("place", [0, 1, 3])
@pytest.mark.parametrize(
    ("page", "told"),
    [
        (GPT_PAGE, 1),
        (dated("2024-02-15"), 1),
        (dated(f"{YEARS_AGO:%Y-%m-%d}"), 0),
        (BYLINE, 0),
        (REFUSED, 0),
        (SHELL, 0),
        (dated("2021-03-04"), 0),
    ],
    ids=["no date", "today", "that day", "that day in a line", "refused", "a shell", "another year"],
)
def test_a_date_that_breaks_a_feed_s_order_is_its_page_s_to_confirm(
    world: World, page: str | Failed, told: int, place: int
) -> None:
    world.polled_once(PRESS)
    world.serve(VENDOR, *notes_of(world), OLD)
    world.poll(VENDOR)
    of_gpt(world, page)
    world.now += timedelta(hours=1)
    news = [(f"late{n}", f"A note on our office {n}", "", world.now - timedelta(minutes=n)) for n in range(4)]
    world.serve(VENDOR, *news[:place], GPT, *news[place:], *notes_of(world), OLD)
    made = world.poll(VENDOR)
    assert len(world.told()) == told
    assert [str(one.silent).startswith(Silence.DOUBTED) for one in made.folded.announcements] == [not told]
    for hour in (20, 40):
        world.now = START + timedelta(hours=hour)
        world.serve(PRESS, (f"p{hour}", "OpenAI launches GPT-4.5, a new language model", "", world.now), OLD)
        world.poll(PRESS)
        assert [name for name, _, _ in world.told()] == ["GPT-4.5"], "once, and nobody's report of it is muted"
    replayed = replay.tell(world.store.archive(), RULES, alert_window=timedelta(days=3)).announcements.values()
    assert [one.name for one in replayed] == ["GPT-4.5"]


@pytest.mark.parametrize(
    ("page", "why"),
    [(dated("2024-02-15"), None), (GPT_PAGE, Silence.DOUBTED), (REFUSED, Silence.DOUBTED), (BYLINE, Silence.TOO_OLD)],
)
def test_a_first_poll_tells_what_its_page_dates_of_now_and_mutes_nobody(
    world: World, page: str | Failed, why: str | None
) -> None:
    world.polled_once(PRESS)
    of_gpt(world, page)
    world.serve(VENDOR, GPT, *notes_of(world), OLD)
    (one,) = world.poll(VENDOR).folded.announcements
    assert one.silent == (why and f"{why}{YEARS_AGO:%Y-%m-%d}")
    world.now += timedelta(hours=20)
    world.serve(PRESS, ("p", "OpenAI launches GPT-4.5, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == (["GPT-4.5"] if why != Silence.TOO_OLD else [])


def test_a_page_that_is_to_say_how_old_an_entry_is_and_is_not_up_is_waited_for(world: World) -> None:
    world.serve(VENDOR, *notes_of(world), OLD)
    world.poll(VENDOR)
    for page, told in ((Failed(kind=Failure.SOFT, reason="HTTP 503", status=503), 0), (dated("2024-02-15"), 1)):
        of_gpt(world, page)
        world.now += timedelta(hours=1)
        world.serve(VENDOR, GPT, *notes_of(world), OLD)
        world.poll(VENDOR)
        assert len(world.told()) == told


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("page", [GPT_PAGE, BYLINE])
def test_an_archive_on_top_of_a_feed_is_no_news(world: World, at_once: bool, page: str) -> None:
    archive = [
        (f"a{n}", f"Introducing GPT-3.{n}, our new language model", "Available today.", YEARS_AGO - timedelta(days=40 * n))
        for n in range(5)
    ]
    world.answers |= {
        f"{VENDOR.url}/{one[0]}": page.replace(f"{YEARS_AGO:%B %d, %Y}", f"{one[3]:%B %d, %Y}").encode() for one in archive
    }
    world.serve(VENDOR, *notes_of(world), OLD)
    world.poll(VENDOR)
    for added in (5,) if at_once else range(1, 6):
        world.now += timedelta(hours=1)
        world.serve(VENDOR, *archive[5 - added :], *notes_of(world), OLD)
        world.poll(VENDOR)
    dateless = page is GPT_PAGE and not at_once
    assert [name for name, _, _ in world.told()] == (["GPT-3.4"] if dateless else []), (
        "one by one, and no page says when: the first"
    )


def test_an_old_entry_that_was_updated_stands_where_that_puts_it(world: World) -> None:
    def entry(path: str, title: str, published: datetime, updated: datetime) -> str:
        return (
            f'<entry><title>{title}</title><link href="{VENDOR.url}/{path}"/><id>{path}</id><published>{published.isoformat()}</published>'
            f"<updated>{updated.isoformat()}</updated></entry>"
        )

    notes = [entry(path, title, at, at) for path, title, _, at in notes_of(world)]
    again = entry(GPT[0], GPT[1], YEARS_AGO, START + timedelta(minutes=30))
    of_gpt(world, GPT_PAGE)
    for entries in (notes, [again, *notes]):
        world.answers[VENDOR.url] = (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{"".join(entries)}</feed>'.encode()
        )
        world.poll(VENDOR)
        world.now += timedelta(hours=1)
    assert world.told() == []


@pytest.mark.parametrize(
    ("stamped", "others", "told"),
    [(8, 0, []), (8, 7, []), (4, 0, [f"GPT-9.{n}" for n in range(4)]), (6, 7, [f"GPT-9.{n}" for n in range(6)])],
)
def test_a_list_that_dates_its_archive_by_the_moment_it_is_made_is_no_news_at_its_first_poll(
    world: World, stamped: int, others: int, told: list[str]
) -> None:
    archive = [
        (f"g{n}", f"Introducing GPT-9.{n}, our new language model", "Out today.", world.now - timedelta(seconds=30))
        for n in range(stamped)
    ]
    notes = [(f"n{n}", f"A note on our garden {n}", "", world.now - timedelta(days=n + 1)) for n in range(others)]
    world.serve(VENDOR, *archive, *notes)
    silent = {str(one.silent) for one in world.poll(VENDOR).folded.announcements}
    assert sorted(name for name, _, _ in world.told()) == told
    assert silent == ({"None"} if told else {Silence.STAMPED})
    world.now += timedelta(hours=5)
    world.serve(VENDOR, ("new", "Introducing GPT-10, our new language model", "Out today.", world.now), *archive, *notes)
    world.poll(VENDOR)
    assert "GPT-10" in [name for name, _, _ in world.told()], "what is new later is news"


def test_a_gap_begins_with_the_last_poll_that_saw_a_body(world: World) -> None:
    world.polled_once(VENDOR)
    saw = world.now
    for _ in range(3):
        world.now += timedelta(hours=1)
        world.answers[VENDOR.url] = NotModified(url=VENDOR.url)
        world.poll(VENDOR)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, *((f"n{n}", f"A note on our office {n}", "", world.now) for n in range(4)))
    world.poll(VENDOR)
    ((_, since, at),) = world.store.watch(START - MONTH, world.now).gaps
    assert (since, at) == (saw, world.now), "a server that says 304 may be wrong"


@pytest.mark.parametrize("first", ["a wrong date", "a first poll"])
def test_a_report_without_a_date_in_a_list_that_was_watched_is_news(world: World, first: str) -> None:
    def without(*titles: str) -> bytes:
        rows = "".join(f"<item><title>{title}</title><link>{PRESS.url}/{n}</link></item>" for n, title in enumerate(titles))
        return f"<rss><channel><title>x</title>{rows}</channel></rss>".encode()

    world.answers[PRESS.url] = without("Our garden")
    world.poll(PRESS)
    launch = "Introducing GPT-5.2, our new language model"
    if first == "a wrong date":
        world.polled_once(VENDOR)
        world.serve(VENDOR, ("g", launch, "Available today.", YEARS_AGO), OLD)
    else:
        world.answers[VENDOR.url] = without("Our office", launch)
    world.now += timedelta(hours=1)
    (silent,) = world.poll(VENDOR).folded.announcements
    assert silent.silent
    for hour in (1, 2):
        world.now += timedelta(hours=hour)
        world.answers[PRESS.url] = without(
            "Our garden", *("OpenAI launches GPT-5.2, a new language model", "More on GPT-5.2")[:hour]
        )
        world.poll(PRESS)
        assert [name for name, _, _ in world.told()] == ["GPT-5.2"], "once: it was not there an hour ago"


# --- sources that were away -------------------------------------------------------------------------------------------------------


def launches(world: World, *days_ago: int) -> list[Entry]:
    return [
        (f"g{days}", f"Introducing GPT-5.{days}, our new language model", "Available today.", world.now - timedelta(days=days))
        for days in days_ago
    ]


@pytest.mark.parametrize("failing", [True, False])
def test_a_source_that_comes_back_after_months_tells_what_is_news_and_records_the_rest(world: World, failing: bool) -> None:
    world.polled_once(VENDOR)
    for _ in range(2 * failing):
        world.now += timedelta(days=1)
        world.answers[VENDOR.url] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
        world.poll(VENDOR)
    world.now = START + timedelta(days=150)
    world.serve(VENDOR, *launches(world, 2, 12, 40, 90, 149), OLD)
    made = world.poll(VENDOR)
    assert sorted(name for name, _, _ in world.told()) == ["GPT-5.12", "GPT-5.2"]
    silent = {one.name: one.silent for one in made.folded.announcements if one.silent}
    assert silent == {f"GPT-5.{days}": f"{Silence.TOO_OLD}{world.now - timedelta(days=days):%Y-%m-%d}" for days in (40, 90, 149)}
    said = "3 announcements from before 2024-06-14 were recorded and not told"
    assert said in str(made.poll.reason)
    assert [said in one.text for one in world.store.notices(START, world.now)] == [False, True] * failing


LIST = Source(
    id="list", url="https://lab.example/news", kind=Kind.PAGE, vendor="OpenAI", tier=Tier.PRIMARY, lang="en",
    options={"links": "^/news/[a-z0-9-]+$"},
)  # fmt: skip


@pytest.mark.parametrize(("days", "told"), [(25, 5), (150, 0)])
def test_a_page_without_dates_that_was_off_for_months_is_read_as_at_its_first_poll(world: World, days: int, told: int) -> None:
    def listed(names: int) -> bytes:
        posts = [(f"gpt-5-{n}", f"Introducing GPT-5.{n}, our new language model") for n in reversed(range(names))]
        rows = "".join(f'<div><a href="/news/{slug}"><h3>{title}</h3></a></div>' for slug, title in posts)
        return f'<html><body><main>{rows}<div><a href="/news/garden"><h3>Our garden</h3></a></div></main></body></html>'.encode()

    world.sources = (LIST, PRESS)
    world.store.sync_sources(world.sources, world.now)
    world.answers[LIST.url] = listed(1)
    for source in (LIST, PRESS):
        world.serve(PRESS, OLD)
        world.poll(source)
    world.store.sync_sources((replace(LIST, enabled=False), PRESS), world.now)
    world.now += timedelta(days=days)
    world.store.sync_sources(world.sources, world.now)
    world.answers[LIST.url] = listed(6)
    made = world.poll(LIST)
    assert len(world.told()) == told
    assert {one.silent for one in made.folded.announcements} == ({None} if told else {Silence.AWAY})
    assert made.poll.reason == (
        None if told else f"5 announcements from before {world.now - MONTH:%Y-%m-%d} or without a date were recorded and not told"
    )
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-5.5, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert [name for name, _, _ in world.told()][told:] == ([] if told else ["GPT-5.5"]), (
        "a dated report shows that one to be news"
    )


def test_a_source_that_was_away_for_three_weeks_tells_all_of_it(world: World) -> None:
    world.polled_once(VENDOR)
    world.now += timedelta(days=21)
    world.serve(VENDOR, *launches(world, 1, 10, 20), OLD)
    assert world.poll(VENDOR).poll.reason is None
    assert sorted(name for name, _, _ in world.told()) == ["GPT-5.1", "GPT-5.10", "GPT-5.20"]


# --- lists that move, models that retire ------------------------------------------------------------------------------------------

POSTS = (
    ("Introducing Sora, our text-to-video model", "Available today."),
    ("Introducing GPT-5.2, our new language model", "Available today."),
    ("Introducing our new text-to-video model", "Today we release a new AI model that makes videos."),
    ("A note on our garden", "Nothing."),
)


def test_a_blog_that_is_rebuilt_with_new_addresses_and_dates_tells_nothing_again(world: World) -> None:
    world.polled_once(VENDOR)
    at = world.now
    for number in range(len(POSTS)):
        world.now += timedelta(hours=1)
        world.serve(VENDOR, *((f"p{n}", *POSTS[n], at) for n in range(number + 1)), OLD)
        world.poll(VENDOR)
    told = world.told()
    assert len(told) == 3
    world.now += timedelta(days=250)
    new = ("g6", "Introducing GPT-6, our new language model", "Available today.", world.now)
    for posts in (POSTS, ((POSTS[0][0], "An edit."), *POSTS[1:])):
        world.serve(VENDOR, new, *((f"blog/2024/{n}", *post, world.now) for n, post in enumerate(posts)))
        made = world.poll(VENDOR)
        assert [name for name, _, _ in world.told()[len(told) :]] == ["GPT-6"]
        assert (made.poll.fresh, made.poll.revised) == ((1, 0) if posts is POSTS else (0, 1))
        if posts is POSTS:
            assert made.poll.reason == "the list moved: 4 entries were known at other addresses"
        world.now += timedelta(hours=1)


def test_a_sitemap_whose_addresses_change_tells_no_step_of_months_ago(world: World) -> None:
    slugs = ("gpt-5-2-for-everybody", "o9-mini-for-everybody", "gpt-oss-120b-for-everybody")
    world.store.sync_sources((SITEMAP, PRESS), world.now)
    world.polled_once(PRESS)
    turn(world, "about")
    for slug, name in zip(slugs, ("GPT-5.2", "o9-mini", "gpt-oss-120b"), strict=True):
        world.now += timedelta(hours=1)
        world.serve(PRESS, (slug, f"OpenAI announces {name}, a new language model", "", world.now), OLD)
        world.poll(PRESS)
        words = f"<title>{name} is generally available</title>"
        page = PAGE.replace("<title>x</title>", words).replace("GPT-9", name).encode()
        world.answers |= {f"https://lab.example/{part}/{slug}": page for part in ("news", "blog")}
        turn(world, *slugs[: slugs.index(slug) + 1], "about", hours=5)
    told = world.told()
    assert len(told) == 3
    world.now += timedelta(days=100)
    world.answers[SITEMAP.url] = sitemap(*slugs, "about").replace(b"/news/", b"/blog/")
    world.poll(SITEMAP)
    assert world.told() == told


def test_a_title_that_comes_again_by_itself_is_another_entry(world: World) -> None:
    world.polled_once(VENDOR)
    for week in range(4):
        world.now += timedelta(days=7)
        columns = [(f"{name}-{week}", f"The weekly column on {name}", "", world.now) for name in ("gardening", "crabs")]
        world.serve(VENDOR, *columns, (f"n{week}", f"A note on our office {week}", "", world.now), OLD)
        assert world.poll(VENDOR).poll.fresh == 3


def test_a_model_that_retires_draws_no_launch_to_its_story(world: World) -> None:
    world.polled_once(VENDOR)
    at = world.now
    for days, title in (
        (0, "Introducing GPT-5.2, our new language model"),
        (200, "GPT-5.2 is deprecated and will be retired in June"),
    ):
        world.now = at + timedelta(days=days)
        world.serve(VENDOR, (f"{days}", title, "", world.now), OLD)
        world.poll(VENDOR)
    world.now += timedelta(days=1)
    world.serve(VENDOR, ("new", "Introducing our new GPT model", "Available today.", world.now), OLD)
    world.poll(VENDOR)
    assert [(name, stage) for name, stage, _ in world.told()] == [
        ("GPT-5.2", "released"),
        ("GPT-5.2", "deprecated"),
        ("GPT", "released"),
    ]


# --- pages that come up late --------------------------------------------------------------------------------------------------------

UNWELL = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
SLUG = "introducing-zephyr-9-our-new-language-model"


def hours_without_the_page(world: World, slug: str, hours: int) -> str:
    """The address of a new page of a sitemap, polled each hour in which it cannot be had."""
    address = f"https://lab.example/news/{slug}"
    world.store.sync_sources((SITEMAP, PRESS), world.now)
    turn(world, "about")
    world.answers[address] = UNWELL
    for _ in range(hours):
        turn(world, slug, "about", hours=1)
    return address


@pytest.mark.parametrize(("slug", "name"), [(SLUG, "Introducing zephyr 9 our new language model"), ("news260120", "News260120")])
def test_what_was_told_by_its_address_gets_its_name_from_the_page_and_is_not_told_again(
    world: World, slug: str, name: str
) -> None:
    address = hours_without_the_page(world, slug, 9)
    assert [name for name, _, _ in world.told()] == [name]
    world.answers[address] = PAGE.replace("<title>x", "<title>Introducing GPT-9").encode()
    for _ in range(9):
        turn(world, slug, "about", hours=1)
    (told,) = world.store.pending("all", world.now)
    (entry,) = world.store.entries([told.id])
    assert (told.name, told.title, entry.story.name) == ("GPT-9", "Introducing GPT-9", "GPT-9")
    assert told.quote.startswith("OpenAI on Thursday released GPT-9")
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-9, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["GPT-9"]


def test_a_page_of_a_model_that_others_told_meanwhile_joins_them(world: World) -> None:
    address = hours_without_the_page(world, SLUG, 9)
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-9, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    world.answers[address] = PAGE.encode()
    for _ in range(9):
        turn(world, SLUG, "about", hours=1)
    assert [name for name, _, _ in world.told()] == ["Introducing zephyr 9 our new language model", "GPT-9"]
    (entry,) = world.store.entries([one.id for one in world.store.pending("all", world.now) if one.name == "GPT-9"])
    assert {one.source_id for one in entry.coverage} == {"daily", "map"}


def test_a_launch_that_no_address_gives_away_is_told_when_its_page_is_up_and_a_dead_page_is_asked_ever_less(world: World) -> None:
    address = hours_without_the_page(world, "our-garden", 10)
    for _ in range(24 * 8):
        turn(world, "our-garden", "about", hours=1)
    assert world.told() == []
    asked = [request for request in world.requests if request.url == address]
    assert 10 <= len(asked) <= 14, "each hour for six, then at 12, 24, 48..."
    world.answers[address] = PAGE.encode()
    for _ in range(24 * 8):
        turn(world, "our-garden", "about", hours=1)
    assert [name for name, _, _ in world.told()] == ["GPT-9"]


def test_more_late_pages_than_a_poll_looks_at_are_not_waited_for_again(world: World) -> None:
    slugs = [f"our-garden-{chr(97 + number)}" for number in range(8)]
    world.store.sync_sources((SITEMAP,), world.now)
    turn(world, "about")
    for _ in range(20):
        turn(world, *slugs, "about", hours=1)
    assert {
        note for item in world.store.owed(SITEMAP.id, START) for note in item.notes if note in (Note.PAGE_OWED, Note.PAGE_LATE)
    } == {Note.PAGE_LATE}
    asked = len(world.requests)
    for _ in range(3):
        turn(world, *slugs, "about", hours=1)
    assert len(world.requests) == asked + 3, "the list alone"


# --- counters -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "Article URL: https://x.example/a Comments URL: https://y.example/b Points: {} # Comments: {}",
        "{} points by someone 3 hours ago | {} comments",
        "조회수 1,{}  댓글({}) · 5분 전",
        "阅读 {}.2万 · 评论({}) · {}小时前",
        "{}k views and {} likes",
    ],
)
def test_counters_in_a_summary_are_no_edit(world: World, written: str) -> None:
    world.polled_once(PRESS)
    revised = []
    for hour, words in enumerate(("Zephyr 2 can see.", "Zephyr 2 can see.", "Zephyr 2 can see.", "Zephyr 3 can see.")):
        world.now += timedelta(hours=1)
        text = f"{words}\n{written.replace('{}', str(100 + 7 * hour))}"
        world.serve(PRESS, ("z", "OpenAI and Zephyr", text, START), OLD)
        revised.append(world.poll(PRESS).poll.revised)
    assert revised == [0, 0, 0, 1]


@pytest.mark.parametrize("written", ["{} [{}]", "{} ({} comments)", "{} 댓글 {}", "{} - {} hours ago"])
def test_counters_in_a_title_are_no_edit(world: World, written: str) -> None:
    world.polled_once(PRESS)
    revised = []
    for hour, name in enumerate(("Zephyr 2", "Zephyr 2", "Zephyr 2", "Zephyr 3")):
        world.now += timedelta(hours=1)
        world.serve(PRESS, ("z", written.format(f"OpenAI and {name}", 100 + 7 * hour), "", START), OLD)
        revised.append(world.poll(PRESS).poll.revised)
    assert revised == [0, 0, 0, 1]


@pytest.mark.parametrize(
    "written",
    [
        "Introducing GPT-9, our new language model ({})",
        "Introducing GPT-9, our new language model [{}]",
        "OpenAI, 새 언어 모델 GPT-9 공개 댓글 {}",
        "OpenAI, 새 언어 모델 GPT-9 공개 | 조회 {} · 댓글 3",
        "Introducing our new language model - {} comments",
    ],
)
@pytest.mark.parametrize("dated", [True, False])
def test_an_entry_that_has_nothing_but_a_title_with_a_counter_is_told_once(world: World, written: str, dated: bool) -> None:
    world.polled_once(VENDOR)
    for hour in range(5):
        world.now += timedelta(hours=1)
        title = written.format(3 + 40 * hour)
        date = f"<pubDate>{format_datetime(START)}</pubDate>" if dated else ""
        entry = f"<item><title>{title}</title>{date}</item></channel>".encode()
        world.answers[VENDOR.url] = feed(VENDOR, OLD).replace(b"</channel>", entry)
        assert world.poll(VENDOR).poll.fresh == (hour == 0), title
        assert len(world.told()) == 1


@pytest.mark.parametrize(
    "text",
    ["Claude 3 reads documents.", "GPT-5 is 12 points better.", "Zephyr 7, with 70B parameters", "소라 2 공개", "Zephyr (2)"],
)
def test_a_number_that_counts_no_reader_is_text(text: str) -> None:
    assert uncounted_title(text) == uncounted(text) == text


# --- edits --------------------------------------------------------------------------------------------------------------------------


def test_a_page_that_said_coming_soon_and_is_edited_into_the_launch_tells_it_once(world: World) -> None:
    world.polled_once(VENDOR, PRESS)
    at = world.now
    for title, told in (
        ("GPT-6 is coming soon", []),
        ("Introducing GPT-6, our new language model, available today", ["GPT-6"]),
        ("Introducing GPT-6, our newest language model, available today", ["GPT-6"]),
        ("GPT-6 is coming soon", ["GPT-6"]),
        ("Introducing GPT-6, our new language model, available now", ["GPT-6"]),
    ):
        world.now += timedelta(hours=3)
        world.serve(VENDOR, ("g", title, "", at), OLD)
        world.poll(VENDOR)
        assert [name for name, stage, _ in world.told() if stage == "released"] == told, title
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-6, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert world.told() == [("GPT-6", "released", "openai-blog")]


# --- a backup of yesterday ----------------------------------------------------------------------------------------------------------

HOOK = Recipient(id="hook", channel=Channel.WEBHOOK, address=Secret("https://hook.example"))
PAGER = Recipient(id="pager", channel=Channel.WEBHOOK, address=Secret("https://pager.example"))
ALL = Subscription(id="all", title="All", schedule="immediate", recipients=("hook", "pager"))
CONFIG = Config(database="", subscriptions=(ALL,), recipients=(HOOK, PAGER))


def deliver_all(world: World, heard: list[tuple[str, str]], *, down: str = "") -> None:
    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        if recipient.id == down:
            return Receipt(verdict=Verdict.RETRY, answer="503")
        heard.append((recipient.id, delivery.subject.partition(" (")[0]))
        return Receipt(verdict=Verdict.SENT, answer="200")

    publish.compose_due(world.store, CONFIG, world.now)
    asyncio.run(deliver.flush(deliver.Courier(store=world.store, send=send, config=CONFIG, clock=lambda: world.now)))


def announce(world: World, source: Source, *names: str, says: str = "Introducing {}, our new language model") -> None:
    world.serve(source, *((name, says.format(name), "Available today.", START + timedelta(hours=2)) for name in names), OLD)
    world.poll(source)


@pytest.mark.parametrize(("again", "restores"), [(False, 1), (False, 2), (True, 1)])
def test_a_backup_of_yesterday_tells_nothing_twice_where_the_database_before_can_be_read(
    tmp_path: Path, again: bool, restores: int
) -> None:
    path, saved, heard = str(tmp_path / "a.db"), str(tmp_path / "saved.db"), list[tuple[str, str]]()
    with opened(path) as world:
        world.subscriptions = (ALL,)
        world.polled_once(VENDOR, PRESS)
        world.now += timedelta(hours=3)
        announce(world, VENDOR, "GPT-5.1")
        deliver_all(world, heard, down="pager")
        maintenance.backup(path, saved)
        world.now += timedelta(hours=20)
        announce(world, PRESS, "GPT-5.2", says="OpenAI announces {}, a new language model")
        announce(world, VENDOR, "GPT-5.2", "GPT-5.1")
        deliver_all(world, heard)
        world.store.mute("hook", "all", "unsubscribed", world.now)
    assert sorted(heard) == [("hook", "GPT-5.1"), ("hook", "GPT-5.2"), ("pager", "GPT-5.1"), ("pager", "GPT-5.2")]
    command = ["--db", path, "db", "restore", saved, "--yes", *(["--tell-again"] if again else [])]
    for _ in range(restores):
        said = CliRunner().invoke(cli, command, catch_exceptions=False).output
        assert ("1 announcement told since the backup will not be told again" in said) is not again
    with opened(path, world.now + timedelta(hours=1)) as restored:
        restored.subscriptions = (ALL,)
        announce(restored, VENDOR, "GPT-5.2", "GPT-5.1")  # in another order than the first time
        announce(restored, PRESS, "GPT-5.2", says="OpenAI announces {}, a new language model")
        deliver_all(restored, heard)
        assert len(heard) == (7 if again else 4), heard
        assert bool(restored.store.muted()) is not again
        restored.now += timedelta(hours=1)
        announce(restored, VENDOR, "GPT-5.3", "GPT-5.2", "GPT-5.1")
        deliver_all(restored, heard)
        assert ("pager", "GPT-5.3") in heard


def test_links_to_unsubscribe_that_were_sent_since_the_backup_hold_after_it(tmp_path: Path) -> None:
    path, saved = str(tmp_path / "a.db"), str(tmp_path / "saved.db")
    with opened(path) as world:
        maintenance.backup(path, saved)
        key = world.store.secret("unsubscribe")
    assert CliRunner().invoke(cli, ["--db", path, "db", "restore", saved, "--yes"], catch_exceptions=False).exit_code == 0
    with opened(path) as world:
        assert world.store.secret("unsubscribe") == key


def test_a_database_that_cannot_be_read_is_replaced_all_the_same(tmp_path: Path) -> None:
    path, saved = tmp_path / "a.db", tmp_path / "saved.db"
    with opened(str(path)) as world:
        announce(world, VENDOR, "GPT-5.1")
        maintenance.backup(str(path), str(saved))
        for number in range(40):
            announce(world, VENDOR, f"GPT-7.{number}")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    said = CliRunner().invoke(cli, ["--db", str(path), "db", "restore", str(saved), "--yes"], catch_exceptions=False).output
    assert "from which nothing can be taken" in said
    with opened(str(path)) as world:
        assert len(world.store.listed(VENDOR.id)) == 2
