"""A poll from claim to commit, over the real parser, rules, stories and SQLite; only the network is a fake."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aiwatch import conditions, replay
from aiwatch.feedback import Mend, SameName, Saying, Words
from aiwatch.model import (
    Failed,
    Failure,
    Fetched,
    Filter,
    Kind,
    Modality,
    Model,
    Notice,
    NotModified,
    PollPlan,
    Silence,
    Source,
    Stage,
    Tier,
    ident,
)
from aiwatch.poll import Poller, poll, pushed
from aiwatch.publish import compose_due
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.views import Label
from poll_world import KOREAN, LEASE, OLD, PAGE, PRESS, RULES, SITEMAP, START, VENDOR, Entry, World, feed, opened, sitemap, turn


@pytest.fixture
def world() -> Iterator[World]:
    with opened() as made:
        yield made


def test_a_new_model_is_told_once_however_many_outlets_repeat_it(world: World) -> None:
    world.polled_once(*world.sources)
    assert world.told() == []
    world.now += timedelta(hours=6)
    at = world.now - timedelta(minutes=5)
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "Sora makes videos of up to a minute.", at), OLD)
    world.poll(VENDOR)
    assert world.told() == [("Sora", "announced", "openai-blog")]
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now), OLD)
    world.serve(KOREAN, ("s", "오픈AI, 텍스트를 동영상으로 만드는 AI 모델 '소라' 공개", "", world.now), OLD)
    assert world.poll(PRESS).folded.announcements == ()
    assert world.poll(KOREAN).folded.announcements == ()
    assert world.told() == [("Sora", "announced", "openai-blog")]
    (entry,) = world.store.entries([world.store.pending("all", world.now)[0].id])
    assert {one.source_id for one in entry.coverage} == {"openai-blog", "daily", "ilbo"}


def test_what_one_outlet_explained_another_need_not(world: World) -> None:
    brief = ("b", "Zephyros 3 Pro now available", "", START + timedelta(hours=1))
    world.polled_once(KOREAN, PRESS)
    world.now += timedelta(hours=2)
    world.serve(KOREAN, brief, OLD)
    world.poll(KOREAN)
    assert world.told() == []
    world.serve(PRESS, ("l", "Brightloom launches Zephyros 2, a language model for lawyers", "", world.now), OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("p", *brief[1:3], world.now), OLD)
    world.poll(PRESS)
    assert world.told() == [("Zephyros 2", "released", "daily"), ("Zephyros 3 Pro", "released", "daily")]


def test_a_name_that_stands_where_its_maker_would_is_no_maker(world: World) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    titles = ("Zephyros 2, a new language model for lawyers, launched", "Brightloom launches Zephyros 2, a language model")
    for title in titles:
        world.now += timedelta(hours=1)
        world.serve(PRESS, (title[:4], title, "", world.now), OLD)
        world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["Zephyros 2"]
    assert [(one.name, one.vendor) for one in world.store.heard()] == [("Zephyros 2", "Brightloom")]


def test_an_edit_hears_the_name_that_another_told_in_the_same_poll(world: World) -> None:
    launch = ("l", "Brightloom launches Zephyros 2, a language model for lawyers", "", START)
    for title in ("Zephyros 3 Pro now available", "Zephyros 3 Pro is now available"):
        world.serve(PRESS, ("p", title, "", START), launch, OLD)
        (found,) = [one for one in world.poll(PRESS).detections if [model.name for model in one.models] == ["Zephyros 3 Pro"]]
        assert found.announcement, title


def test_who_waits_for_the_vendor_s_own_word_hears_of_what_the_press_had_first(world: World) -> None:
    own = Subscription(id="own", title="Own", schedule="hourly", recipients=("me",), filter=Filter(tiers=(Tier.PRIMARY,)))
    press = replace(own, id="press", filter=Filter(tiers=(Tier.PRESS,)))
    world.subscriptions = (own, press)
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now), OLD)
    world.poll(PRESS)

    def waiting() -> list[list[str]]:
        return [[one.name for one in world.store.pending(digest, world.now)] for digest in ("own", "press")]

    assert waiting() == [[], ["Sora"]]
    for title in ("Introducing Sora, our text-to-video model", "Introducing Sora, our first text-to-video model"):
        world.now += timedelta(minutes=20)
        world.serve(VENDOR, ("sora", title, "", world.now), OLD)
        world.poll(VENDOR)
        assert waiting() == [["Sora"], ["Sora"]]
    me = Recipient(id="me", channel=Channel.EMAIL, address=Secret("me@example.org"))
    config = Config(database=":memory:", subscriptions=(own,), recipients=(me,))
    compose_due(world.store, config, START)
    assert compose_due(world.store, config, world.now) == 1
    (sent,) = world.store.claim_deliveries(world.now, 9, LEASE)
    assert (sent.digest_id, "Sora" in sent.subject) == ("own", True)


@pytest.mark.parametrize("joins", [VENDOR, PRESS])
def test_who_asks_for_a_maker_hears_of_a_launch_whose_first_report_did_not_name_it(world: World, joins: Source) -> None:
    wants = {
        "maker": Filter(vendors=("OpenAI",)),
        "maker and own word": Filter(vendors=("OpenAI",), tiers=(Tier.PRIMARY,)),
        "another": Filter(vendors=("Meta",)),
    }
    world.subscriptions = tuple(Subscription(id=name, title="", schedule="hourly", filter=one) for name, one in wants.items())
    world.polled_once(VENDOR, PRESS, KOREAN)
    world.now += timedelta(hours=1)
    world.serve(KOREAN, ("k", "새 대형언어모델 'Kestrel 4 Flash' 공개", "", world.now), OLD)
    assert [one.vendor for one in world.poll(KOREAN).folded.announcements] == [None]
    assert world.store.waiting() == {}
    for _ in range(2):
        world.now += timedelta(hours=1)
        world.serve(joins, ("o", "OpenAI introduces Kestrel 4 Flash, its new large language model", "", world.now), OLD)
        world.poll(joins)
        expected = {"maker": 1, "maker and own word": 1} if joins is VENDOR else {"maker": 1}
        assert world.store.waiting() == expected
    (kept,) = world.store.entries([one.id for one in world.store.pending("maker", world.now)])
    assert (kept.announcement.vendor, kept.announcement.models[0].vendor) == ("OpenAI", "OpenAI")


def test_who_asks_for_a_kind_hears_of_a_launch_whose_first_report_did_not_say_it(world: World) -> None:
    world.subscriptions = (
        Subscription(id="video", title="", schedule="hourly", filter=Filter(modalities=(Modality.VIDEO,))),
        Subscription(id="text", title="", schedule="hourly", filter=Filter(modalities=(Modality.TEXT,))),
    )
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("p", "OpenAI unveils Kestrel 4 Flash, its new AI model", "", world.now), OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("o", "Introducing Kestrel 4 Flash, our new video generation model", "", world.now), OLD)
    world.poll(VENDOR)
    assert world.store.waiting() == {"text": 1, "video": 1}


def test_a_digest_that_is_added_later_hears_of_no_earlier_launch_when_the_vendor_joins_it(world: World) -> None:
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now), OLD)
    world.poll(PRESS)
    world.subscriptions = (*world.subscriptions, Subscription(id="added", title="Added", schedule="hourly"))
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now), OLD)
    assert [one.role for one in world.poll(VENDOR).folded.mentions] == ["primary"]
    assert world.store.waiting() == {"all": 1}


def test_an_alert_that_waited_for_the_vendor_s_own_word_is_not_called_late(world: World) -> None:
    own = Subscription(id="own", title="", schedule="immediate", recipients=("hook",), filter=Filter(tiers=(Tier.PRIMARY,)))
    hook = Recipient(id="hook", channel=Channel.WEBHOOK, address=Secret("https://hook.example"))
    world.subscriptions, config = (own,), Config(database=":memory:", subscriptions=(own,), recipients=(hook,))
    world.polled_once(VENDOR, PRESS)
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now), OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=5)
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now), OLD)
    world.poll(VENDOR)
    assert compose_due(world.store, config, world.now) == 1
    (sent,) = world.store.claim_deliveries(world.now, 9, LEASE)
    assert json.loads(sent.body["content"])["late_seconds"] == 0


def test_a_vendor_s_page_that_is_added_later_confirms_nothing_old(world: World) -> None:
    world.subscriptions = (Subscription(id="own", title="Own", schedule="hourly", filter=Filter(tiers=(Tier.PRIMARY,))),)
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now), OLD)
    world.poll(PRESS)
    world.now += timedelta(days=60)
    listing = replace(VENDOR, id="openai-list", url="https://openai.example/list")
    world.store.sync_sources((VENDOR, PRESS, listing), world.now)
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", START), OLD)
    world.answers[listing.url] = undated(listing, ("sora", "Introducing Sora, our text-to-video model", "", START), OLD)
    for source in (listing, VENDOR):
        world.poll(source)
    assert world.store.pending("own", world.now) == []


def test_what_is_no_announcement_is_kept_and_not_told(world: World) -> None:
    at = world.now - timedelta(hours=1)
    world.serve(
        PRESS,
        ("1", "How to write better prompts for ChatGPT", "A tutorial.", at),
        ("2", "OpenAI raises new funding at a record valuation", "", at),
        ("3", "Gemini exchange returns funds to customers", "The crypto exchange said on Thursday.", at),
    )
    made = world.poll(PRESS)
    assert len(made.items) == 3
    assert len(made.detections) == 3
    assert made.folded.announcements == ()
    assert world.told() == []


def test_a_first_poll_tells_the_young_and_only_records_the_old(world: World) -> None:
    world.serve(
        VENDOR,
        ("new", "Introducing Sora, our text-to-video model", "", world.now - timedelta(hours=2)),
        ("old", "Introducing GPT-4, our most capable model", "", world.now - timedelta(days=300)),
    )
    made = world.poll(VENDOR)
    assert {(one.name, bool(one.silent)) for one in made.folded.announcements} == {("Sora", False), ("GPT-4", True)}
    assert [name for name, _, _ in world.told()] == ["Sora"]


def test_a_date_from_shortly_before_the_last_look_is_believed(world: World) -> None:
    """Lists are an hour behind their own dates; only what is older than news and was not there then is doubted."""
    world.polled_once(PRESS)
    at, world.now = world.now - timedelta(minutes=30), world.now + timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-9, a new language model", "", at), OLD)
    (story,) = world.poll(PRESS).folded.stories
    assert (story.first_seen, story.stages[0].first_seen) == (at, at)


def undated(source: Source, *entries: Entry) -> bytes:
    return re.sub(rb"<pubDate>.*?</pubDate>", b"", feed(source, *entries))


@pytest.mark.parametrize(("days", "told"), [(1, ["daily"]), (20, [])])
def test_what_a_first_poll_found_without_a_date_is_told_once_a_dated_report_shows_that_it_is_new(
    world: World, days: int, told: list[str]
) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    world.answers[VENDOR.url] = undated(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now))
    (silent,) = world.poll(VENDOR).folded.announcements
    assert (silent.silent, world.told()) == (Silence.UNDATED, [])
    for hour in range(2):
        world.now = START + timedelta(days=days, hours=hour)
        report = ("OpenAI unveils Sora, a new AI model that turns text into video", "OpenAI launches Sora, its AI video model")[
            hour
        ]
        world.serve(PRESS, (f"{hour}", report, "", world.now), OLD)
        world.poll(PRESS)
        assert [source for _, _, source in world.told()] == told, "once, and only where it is of these days"
    (entry,) = world.store.entries([silent.id])
    assert {one.source_id for one in entry.coverage} == {"openai-blog", "daily"}
    assert [step.told for step in entry.story.stages] == [bool(told)]


def changed_only(source: Source, *entries: Entry) -> bytes:
    """A list that gives no day of publication, but that of the last change."""
    return feed(source, *entries).replace(b"pubDate>", b"updated>")


def test_an_old_entry_that_slides_into_a_list_without_days_of_publication_is_no_news(world: World) -> None:
    ours = [(f"r{n}", f"Zephyros {n}: repairs", "Bugs.", START - timedelta(days=20 * n)) for n in range(1, 9)]
    old = ("old", "Introducing Orion 2, our new open language model", "", START - timedelta(days=700))
    fresh = ("new", "Introducing GPT-9, our new language model", "", START + timedelta(hours=5))
    world.answers[VENDOR.url] = changed_only(VENDOR, *ours)
    world.poll(VENDOR)
    world.polled_once(PRESS)
    world.now += timedelta(hours=6)
    world.answers[VENDOR.url] = changed_only(VENDOR, fresh, *ours[1:], old)  # one above it was taken down
    silent = {one.name: (one.silent or "").partition(":")[0] for one in world.poll(VENDOR).folded.announcements}
    assert silent == {"GPT-9": "", "Orion 2": Silence.DOUBTED.partition(":")[0]}
    world.now += timedelta(hours=1)
    touched = (*old[:2], "Its links were mended.", world.now)
    world.answers[VENDOR.url] = changed_only(VENDOR, touched, fresh, *ours[1:])
    assert world.poll(VENDOR).poll.revised == 1
    assert [name for name, _, _ in world.told()] == ["GPT-9"], "an edit makes it no news"
    world.serve(PRESS, ("o", "OpenAI launches Orion 2, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["GPT-9", "Orion 2"], "a report of these days shows that it is"


def test_a_launch_is_told_where_a_template_dates_the_last_change_of_all(world: World) -> None:
    long_ago = START - timedelta(days=400)
    ours = [(f"r{n}", f"Zephyros {n}: repairs", "Bugs.", long_ago) for n in range(1, 5)]
    world.answers[VENDOR.url] = changed_only(VENDOR, *ours)
    world.poll(VENDOR)
    world.now += timedelta(hours=6)
    world.answers[VENDOR.url] = changed_only(VENDOR, ("new", "Introducing GPT-9, our new language model", "", long_ago), *ours)
    world.poll(VENDOR)
    assert [name for name, _, _ in world.told()] == ["GPT-9"]


def test_a_name_that_was_corrected_is_not_muted_by_the_correction(world: World) -> None:
    world.polled_once(VENDOR, PRESS)
    at = world.now
    for name in ("GPT-5.1", "GPT-5.2", "GPT-5.1"):
        world.now += timedelta(hours=1)
        world.serve(VENDOR, ("new", f"Introducing {name}, our new language model", "", at), OLD)
        world.poll(VENDOR)
    assert world.told() == [("GPT-5.1", "released", "openai-blog")], "an edit tells nothing itself"
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-5.2, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["GPT-5.1", "GPT-5.2"]


def test_a_report_that_comes_with_the_correction_of_a_name_is_told(world: World) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    report = ("w", "OpenAI launches GPT-5.2, its newest language model", "", world.now + timedelta(hours=1))
    for name, others in (("GPT-5.1", []), ("GPT-5.2", [report])):
        world.now += timedelta(hours=1)
        world.serve(PRESS, ("v", f"OpenAI launches {name}, a new language model", "", START), *others, OLD)
        world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["GPT-5.1", "GPT-5.2"]
    (entry,) = world.store.entries([one.id for one in world.store.pending("all", world.now) if one.name == "GPT-5.2"])
    assert (entry.announcement.item_id, [step.told for step in entry.story.stages]) == (ident(PRESS.id, f"{PRESS.url}/w"), [True])


def test_a_report_without_a_name_is_told_when_it_is_given_one_by_an_edit_too(world: World) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    at = world.now + timedelta(hours=1)
    titles = (
        "OpenAI launches a new AI video model",
        "OpenAI launches Sora, a new AI video model",
        "OpenAI launches Sora, an AI video model",
    )
    for title, told in zip(titles, ([], ["Sora"], ["Sora"]), strict=True):
        world.now += timedelta(hours=1)
        world.serve(PRESS, ("s", title, "", at), OLD)
        world.poll(PRESS)
        assert [name for name, _, _ in world.told()] == told


def test_a_launch_put_on_an_old_page_does_not_mute_those_who_report_it(world: World) -> None:
    teaser = ("next", "Something new is coming", "Stay tuned.", world.now - timedelta(days=10))
    for source in (VENDOR, PRESS):
        world.serve(source, teaser if source is VENDOR else OLD)
        world.poll(source)
    for week in range(1, 9):
        world.now = START + timedelta(weeks=week)
        world.serve(VENDOR, (f"note-{week}", f"A note from our office {week}", "", world.now), teaser)
        world.poll(VENDOR)
    world.serve(VENDOR, ("next", "Introducing GPT-6, our new language model", "Available today.", teaser[3]))
    assert [one.silent for one in world.poll(VENDOR).folded.announcements] == [Silence.EDITED_LATE]
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("g", "OpenAI launches GPT-6, a new language model", "", world.now), OLD)
    world.poll(PRESS)
    assert world.told() == [("GPT-6", "released", "daily")]


def test_an_unchanged_body_brings_nothing(world: World) -> None:
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now))
    world.poll(VENDOR)
    world.now += timedelta(hours=1)
    again = world.poll(VENDOR)
    assert (again.poll.outcome, again.items, again.outbox) == ("unchanged", (), ())


def test_a_changed_address_and_an_edited_title_tell_nothing_twice(world: World) -> None:
    at = world.now - timedelta(minutes=1)
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", at))
    world.poll(VENDOR)
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("sora", "Introducing Sora, our first text-to-video model", "", at))
    revised = world.poll(VENDOR)
    assert [one.revision for one in revised.items] == [2]
    world.now += timedelta(hours=1)
    world.serve(VENDOR, ("sora?utm_source=rss", "Introducing Sora, our first text-to-video model", "", at))
    assert world.poll(VENDOR).items == ()
    assert len(world.told()) == 1


def latest(number: int, world: World, title: str = "Introducing Zephyros {}, our new language model") -> PollPlan:
    """A poll of a feed that shows its newest entry alone, at the address of the page that has them all."""
    entry = ("changelog", title.format(number), "", START + timedelta(days=number))
    guid = f'<guid isPermaLink="false">post-{number}</guid></item>'.encode()
    world.answers[VENDOR.url] = feed(VENDOR, entry).replace(b"</item>", guid)
    world.now = START + timedelta(days=number, hours=1)
    return world.poll(VENDOR)


def test_each_entry_is_told_of_a_feed_that_shows_one_at_a_time_at_one_address(world: World) -> None:
    polls = [latest(number, world).poll for number in (3, 5, 9)]
    assert [(one.fresh, one.revised) for one in polls] == [(1, 0)] * 3
    assert [one.overlap for one in polls] == [None, False, False], "one that stood there between two polls was missed"
    assert [name for name, _, _ in world.told()] == ["Zephyros 3", "Zephyros 5", "Zephyros 9"]
    edited = latest(9, world, "Corrected: introducing Zephyros {}, our new language model").poll
    assert (edited.fresh, edited.revised) == (0, 1)
    assert latest(9, world, "Corrected: introducing Zephyros {}, our new language model").poll.outcome == "unchanged"


@pytest.mark.parametrize("first", [VENDOR, PRESS])
def test_who_waits_for_the_vendor_s_own_word_hears_of_what_it_put_on_an_old_page(world: World, first: Source) -> None:
    world.subscriptions = (Subscription(id="own", title="Own", schedule="hourly", filter=Filter(tiers=(Tier.PRIMARY,))),)
    teaser = ("next", "Something new is coming", "Stay tuned.", world.now - timedelta(days=10))
    for week in range(9):
        world.now = START + timedelta(weeks=week)
        for source in (VENDOR, PRESS):
            world.serve(source, (f"note-{week}", f"A note from our office {week}", "", world.now), teaser)
            world.poll(source)
    world.serve(VENDOR, ("next", "Introducing GPT-6, our new language model", "Available today.", teaser[3]))
    world.serve(PRESS, ("g", "OpenAI launches GPT-6, a new language model", "", world.now), teaser)
    for source in (first, PRESS if first is VENDOR else VENDOR):
        assert world.store.pending("own", world.now) == []
        world.poll(source)
    assert [one.name for one in world.store.pending("own", world.now)] == ["GPT-6"]


def test_a_document_that_breaks_off_tells_no_half_title_and_is_asked_for_again(world: World) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    world.now += timedelta(hours=1)
    first = ("n", "A note on our offices", "", world.now)
    whole = feed(PRESS, first, ("g", "OpenAI launches GPT-5.2, a new language model", "", world.now), OLD)
    answer = Fetched(url=PRESS.url, status=200, headers={}, body=whole[: whole.index(b".2, a new")], etag='"whole"')
    world.answers[PRESS.url] = answer
    made = world.poll(PRESS)
    assert ([item.title for item in made.items], made.poll.reason) == (
        ["A note on our offices"],
        "the XML was not well-formed and was mended; the document breaks off; its last entry was left out",
    )
    assert made.folded.announcements == ()
    world.answers[PRESS.url] = replace(answer, body=whole)
    world.poll(PRESS)
    assert (world.requests[-1].etag, world.told()) == (None, [("GPT-5.2", "released", "daily")])


def test_what_a_first_poll_could_not_read_to_its_end_is_no_news_at_the_second(world: World) -> None:
    old = [(f"g{number}", f"OpenAI launches GPT-{number}, a new language model", "", START) for number in (5, 6)]
    whole = undated(PRESS, ("n", "A note on our offices", "", START), *old)
    answer = Fetched(url=PRESS.url, status=200, headers={}, body=whole[: whole.index(b"GPT-5")])
    for body in (answer.body, whole):
        world.answers[PRESS.url] = replace(answer, body=body)
        made = world.poll(PRESS)
    assert ({one.silent for one in made.folded.announcements}, world.told()) == ({Silence.UNDATED}, [])
    for number in (7, 8):  # one that always breaks off is news from its third on
        old.insert(0, (f"g{number}", f"OpenAI launches GPT-{number}, a new language model", "", START))
        world.answers[PRESS.url] = replace(answer, body=undated(PRESS, *old)[:-150])
        world.poll(PRESS)
    assert [name for name, _, _ in world.told()] == ["GPT-7", "GPT-8"]


def test_failures_are_recorded_and_the_items_stay(world: World) -> None:
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now))
    world.poll(VENDOR)
    del world.answers[VENDOR.url]
    world.now += timedelta(hours=1)
    failed = world.poll(VENDOR)
    assert (failed.poll.outcome, failed.state.failures, failed.state.failing_since) == ("failed", 1.0, world.now)
    assert failed.state.next_poll_at is not None
    assert failed.state.next_poll_at > world.now
    assert len(world.told()) == 1


def test_what_a_list_keeps_on_top_proves_no_coverage(world: World) -> None:
    def pages(*names: str) -> list[Entry]:
        return [(name, f"Weather report {name}", "", START) for name in names]

    seen = {}
    for hour, listed in enumerate(("pin a b c", "pin d a b", "pin e d a", "pin f d a", "pin h i j", "pin i h g")):
        world.now = START + timedelta(hours=hour)
        world.serve(PRESS, *pages(*listed.split()))
        made = world.poll(PRESS).poll
        seen[listed] = (made.overlap, made.gap_since)
    assert seen.pop("pin h i j") == (False, START + timedelta(hours=3)), "neither f nor e is there any more"
    assert seen.pop("pin a b c") == (None, None)
    assert set(seen.values()) == {(True, None)}, "e was taken back, which is no gap"


def test_a_gap_does_not_begin_at_a_body_that_breaks_off(world: World) -> None:
    def listed(names: str) -> bytes:
        return feed(PRESS, *((name, f"Weather report {name}", "", START) for name in names))

    whole = listed("bcde")  # the oldest first
    halves = [whole[: whole.index(f"report {name}".encode())] for name in "de"]
    for hour, body in enumerate((listed("abc"), halves[0], whole, halves[1], listed("hij"))):
        world.now = START + timedelta(hours=hour)
        world.answers[PRESS.url] = body
        world.poll(PRESS)
    gap = (PRESS.id, START + timedelta(hours=2), world.now)
    assert world.store.watch(START, world.now).gaps == (gap,), "f and g may have stood in what the last half left out"


def test_what_a_hub_sent_proves_no_coverage_before_a_poll_was_there_too(world: World) -> None:
    def listed(names: str) -> bytes:
        return feed(PRESS, *((name, f"Weather report {name}", "", START) for name in names))

    poller = Poller(store=world.store, fetch=world.fetch, rules=RULES, clock=lambda: world.now)
    overlaps = []
    for sent, polled in (("", "cba"), ("de", "fed"), ("g", "gfe"), ("hij", ""), ("", "jih"), ("", "kji")):
        for name in sent:
            world.now += timedelta(hours=1)
            job = world.store.job(PRESS.id)
            assert job is not None
            assert asyncio.run(pushed(poller, job, Fetched(url=PRESS.url, status=200, headers={}, body=listed(name)))) is not None
        if polled:
            world.now += timedelta(hours=1)
            world.answers[PRESS.url] = listed(polled)
            overlaps.append(world.poll(PRESS).poll.overlap)
    assert overlaps == [None, False, True, True, True], "the hub may have left out what came before d"


def test_after_an_outage_of_our_own_line_all_are_asked_at_once(world: World) -> None:
    away = Failed(kind=Failure.TEMPORARY, reason="the host name is not known")

    def hours_off(source: Source) -> float:
        job = world.store.job(source.id)
        assert job is not None
        assert job.state.next_poll_at is not None
        return (job.state.next_poll_at - world.now) / timedelta(hours=1)

    world.polled_once(*world.sources)
    busy = Failed(kind=Failure.TEMPORARY, reason="HTTP 429", status=429, retry_after=86400)
    world.answers |= {source.url: busy if source is PRESS else away for source in world.sources}
    world.now += timedelta(hours=1)
    for source in world.sources:
        world.poll(source)
    world.serve(VENDOR, OLD)
    world.poll(VENDOR)
    assert [hours_off(source) >= 24 for source in (PRESS, KOREAN)] == [True, False], "who asked for a day has it"
    world.answers = {source.url: away for source in world.sources}
    for _ in range(40):
        world.now += timedelta(hours=1)
        for source in world.sources:
            world.poll(source)
    assert min(hours_off(source) for source in world.sources) > 5
    world.serve(VENDOR, OLD)
    world.poll(VENDOR)
    assert [hours_off(source) for source in (PRESS, KOREAN)] == [0, 0]
    world.answers[KOREAN.url] = away
    world.poll(KOREAN)
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    assert hours_off(KOREAN) > 5, "the vendor had answered meanwhile: this one is down by itself"


def test_the_press_nudges_the_vendor_s_own_page(world: World) -> None:
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now))
    assert [one for one, _ in world.poll(PRESS).nudges] == ["openai-blog"]


def test_a_rumour_is_kept_apart_and_does_not_mute_the_launch(world: World) -> None:
    world.serve(PRESS, ("r", "OpenAI is reportedly preparing to launch GPT-5 this summer, sources say", "", world.now))
    rumour = world.poll(PRESS)
    assert [one.stage for one in rumour.folded.announcements] == [Stage.RUMORED]
    assert world.told() == []
    world.now += timedelta(days=30)
    world.serve(VENDOR, ("g", "Introducing GPT-5", "Our new model is available today.", world.now))
    world.poll(VENDOR)
    assert [name for name, _, _ in world.told()] == ["GPT-5"]


def test_two_sources_that_find_it_at_the_same_moment_tell_it_once(world: World) -> None:
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now))
    world.serve(PRESS, ("s", "OpenAI unveils Sora, a new AI model that turns text into video", "", world.now))

    async def both() -> None:
        poller = Poller(
            store=world.store, fetch=world.fetch, rules=RULES, clock=lambda: world.now, subscriptions=world.subscriptions
        )
        jobs = world.store.claim_due(world.now, 9, LEASE, [VENDOR.id, PRESS.id])
        await asyncio.gather(*(poll(poller, job) for job in jobs))

    asyncio.run(both())
    assert len(world.told()) == 1


def test_a_launch_without_a_name_that_its_vendor_lists_twice_is_told_once(world: World) -> None:
    listing = replace(VENDOR, id="openai-list", url="https://openai.example/list")
    world.store.sync_sources((VENDOR, listing), world.now)
    title, text = "Introducing our new text-to-video model", "Today we release a new AI model that makes videos."
    world.polled_once(VENDOR, listing)
    world.now += timedelta(hours=1)
    own, elsewhere = f"{VENDOR.url}/v".encode(), f"{listing.url}/v".encode()
    world.serve(VENDOR, ("v", title, text, world.now), OLD)
    world.poll(VENDOR)
    world.answers[listing.url] = feed(listing, ("v", f"{title} - OpenAI", text, world.now), OLD).replace(elsewhere, own)
    world.poll(listing)
    assert [source for _, _, source in world.told()] == ["openai-blog"], "the same page"
    world.serve(listing, ("w", title, text, world.now), OLD)
    world.poll(listing)
    assert len(world.told()) == 1, "the same title in these days"
    world.now += timedelta(days=90)
    world.serve(listing, ("x", title, text, world.now), OLD)
    world.poll(listing)
    assert len(world.told()) == 2, "another model by now"


def test_a_moved_revision_drops_the_late_poll(world: World) -> None:
    world.serve(VENDOR, ("sora", "Introducing Sora, our text-to-video model", "", world.now))
    poller = Poller(store=world.store, fetch=world.fetch, rules=RULES, clock=lambda: world.now, subscriptions=world.subscriptions)
    (job,) = world.store.claim_due(world.now, 1, LEASE, [VENDOR.id])
    assert asyncio.run(poll(poller, job)) is not None
    assert asyncio.run(poll(poller, job)) is None
    assert len(world.told()) == 1


def test_what_title_and_summary_cannot_decide_is_decided_by_the_page(world: World) -> None:
    world.serve(PRESS, ("g", "On GPT-9 of OpenAI", "", world.now))
    world.answers[f"{PRESS.url}/g"] = PAGE.encode()
    made = world.poll(PRESS)
    assert [request.robots for request in world.requests] == [False, True]
    assert [one.name for one in made.folded.announcements] == ["GPT-9"]
    world.now += timedelta(hours=1)
    world.serve(PRESS, ("h", "Weather", "", world.now), ("g", "On GPT-9 of OpenAI", "", START))
    again = world.poll(PRESS)
    assert [item.title for item in again.items] == ["Weather"], "reading its page made the item no revision"


def test_a_page_that_refuses_costs_nothing(world: World) -> None:
    world.serve(PRESS, ("g", "On GPT-9 of OpenAI", "", world.now))
    world.answers[f"{PRESS.url}/g"] = Failed(kind=Failure.HARD, reason="HTTP 403", status=403)
    made = world.poll(PRESS)
    assert [request.url for request in world.requests] == [PRESS.url, f"{PRESS.url}/g"]
    assert [item.title for item in made.items] == ["On GPT-9 of OpenAI"]
    assert made.folded.announcements == ()
    assert made.detections[0].near_miss


def test_an_edit_leaves_the_page_owed_where_it_decides_nothing(world: World) -> None:
    world.serve(PRESS, OLD)
    world.poll(PRESS)
    at, page = world.now, f"{PRESS.url}/g"
    for title, answer in (
        ("On GPT-9 of OpenAI", Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)),
        ("On GPT-9, of OpenAI", Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)),
        ("OpenAI and GPT-9", PAGE.encode()),
    ):
        world.now += timedelta(hours=1)
        world.serve(PRESS, ("g", title, "", at), OLD)
        world.answers[page] = answer
        made = world.poll(PRESS)
        assert [item.title for item in made.items] == [title]
    assert [one.name for one in made.folded.announcements if one.silent is None] == ["GPT-9"]
    world.poll(PRESS)
    assert world.store.owed(PRESS.id, START) == []


@pytest.fixture
def mapped(world: World) -> World:
    world.store.sync_sources((SITEMAP,), world.now)
    turn(world, "about")
    return world


@pytest.mark.parametrize("status", [404, 503])
def test_a_page_that_is_not_up_yet_is_read_later_and_its_address_is_no_model_s_name(mapped: World, status: int) -> None:
    kind, address = Failure.HARD if status == 404 else Failure.SOFT, "https://lab.example/news/news260120"
    mapped.answers[address] = Failed(kind=kind, reason=f"HTTP {status}", status=status)
    for _ in range(2):
        made = turn(mapped, "news260120", "about", hours=1)
        assert (made.folded.announcements, mapped.told()) == ((), [])
    mapped.answers[address] = PAGE.encode()
    read = turn(mapped, "about", hours=1)
    assert [one.name for one in read.folded.announcements] == ["GPT-9"]
    assert (read.poll.fresh, read.poll.revised) == (0, 0)
    asked = len(mapped.requests)
    assert turn(mapped, "news260120", "about", hours=1).items == ()
    assert len(mapped.requests) == asked + 1, "it is read once"


@pytest.mark.parametrize(("days", "believed"), [(0, True), (4000, False)])
def test_a_page_s_date_that_lies_far_ahead_is_not_believed(mapped: World, days: int, believed: bool) -> None:
    at = mapped.now + timedelta(days=days)
    stated = PAGE.replace("<head>", f'<head><meta property="article:published_time" content="{at.isoformat()}">')
    mapped.answers["https://lab.example/news/gpt-9"] = stated.encode()
    (read,) = turn(mapped, "gpt-9", "about", hours=1).items
    assert read.published == (at if believed else None)


def test_a_page_that_never_answers_is_given_up_after_hours(mapped: World) -> None:
    address = "https://lab.example/news/introducing-zephyr-9-our-new-language-model"
    mapped.answers[address] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
    for hour in range(9):
        turn(mapped, address.rpartition("/")[2], "about", hours=1)
        assert bool(mapped.told()) is (hour > 6)
    assert len(mapped.told()) == 1, "told by its address, as nothing better is to be had"
    assert 7 <= sum(request.url == address for request in mapped.requests) <= 8


def test_an_address_gives_no_name_to_others_and_a_replay_waits_for_the_page_too(mapped: World) -> None:
    address = "https://lab.example/news/news260120"
    mapped.answers[address] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
    (waiting,) = turn(mapped, "news260120", "about", hours=1).detections
    assert [model.name for model in waiting.models] == ["News260120"]
    assert mapped.store.heard() == (), "a family of News"
    assert replay.tell(mapped.store.archive(), RULES, alert_window=timedelta(days=3)).announcements == {}
    mapped.answers[address] = PAGE.replace("GPT-9", "Palanquin 2").encode()
    turn(mapped, "about", hours=1)
    assert [one.name for one in mapped.store.heard()] == ["Palanquin 2"], "its page does"


@pytest.mark.parametrize("listed", [True, False])
def test_a_name_that_a_person_gave_a_meaning_waits_for_no_page_in_a_poll_as_in_a_replay(mapped: World, listed: bool) -> None:
    address = "https://lab.example/news/zephyr-9"
    mapped.answers[address] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
    meant = Model(name="Palanquin 2", vendor="OpenAI", family="palanquin", version="2", known=listed)
    word = SameName(name_key="zephyr|9|", spelled="Zephyr 9", vendor=None, model=meant, at=mapped.now)
    mapped.store.mend(Saying(same=(word,)), (), lambda _: Mend(), mapped.now)
    turn(mapped, address.rpartition("/")[2], "about", hours=1)
    assert [name for name, _, _ in mapped.told()] == ["Palanquin 2"], "its page can give it no other name"
    replayed = replay.tell(mapped.store.archive(), RULES, alert_window=timedelta(days=3), words=mapped.store.words(()))
    assert [one.name for one in replayed.announcements.values()] == ["Palanquin 2"]


def test_what_a_person_judged_waits_for_no_page_in_a_replay_either(mapped: World) -> None:
    address = "https://lab.example/news/news260120"
    mapped.answers[address] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
    (item,) = turn(mapped, "news260120", "about", hours=1).items
    label = Label(item_id=item.id, announcement=True, stage=None, note="", at=mapped.now, models=(Model(name="Palanquin 2"),))
    words = Words(labels={item.id: label})
    replayed = replay.tell(mapped.store.archive(), RULES, alert_window=timedelta(days=3), words=words)
    assert ([one.name for one in replayed.announcements.values()], replayed.waiting) == (["Palanquin 2"], frozenset())


def test_what_is_without_a_date_under_a_new_mapping_is_not_told_when_its_page_is_read_later(mapped: World) -> None:
    slugs = [f"note-{chr(97 + number)}" for number in range(8)]
    mapped.answers |= {
        f"https://lab.example/news/{slug}": PAGE.replace("GPT-9", f"GPT-{number}").encode() for number, slug in enumerate(slugs)
    }
    mapped.store.sync_sources((replace(SITEMAP, options={"include": "news"}),), mapped.now)
    for _ in range(3):
        turn(mapped, *slugs, "about", hours=1)
    assert mapped.told() == []
    mapped.answers["https://lab.example/news/news260120"] = Failed(kind=Failure.SOFT, reason="HTTP 503", status=503)
    turn(mapped, "news260120", "about", hours=1)
    mapped.answers["https://lab.example/news/news260120"] = PAGE.encode()
    mapped.store.sync_sources((SITEMAP,), mapped.now)
    turn(mapped, "about", hours=1)
    assert [name for name, _, _ in mapped.told()] == ["GPT-9"], "found before that, and read at that poll"


def test_half_an_address_of_a_sitemap_that_breaks_off_is_no_page(mapped: World) -> None:
    mapped.now += timedelta(hours=1)
    whole = sitemap("about", "our-garden", "introducing-gpt-5-2")
    mapped.answers[SITEMAP.url] = whole[: whole.index(b"-2</loc>")]
    assert [item.url for item in mapped.poll(SITEMAP).items] == ["https://lab.example/news/our-garden"]
    mapped.answers[SITEMAP.url] = whole
    assert [item.url for item in mapped.poll(SITEMAP).items if item.revision == 1] == [
        "https://lab.example/news/introducing-gpt-5-2"
    ]


def test_a_sitemap_longer_than_its_limit_says_so_and_proves_no_coverage(world: World) -> None:
    world.store.sync_sources((replace(SITEMAP, options={"limit": 3}),), world.now)
    assert turn(world, "about", "jobs", "press").poll.reason is None
    assert turn(world, "about", "jobs", "news", "press", hours=1).poll.overlap is None, "what stands below may be what came last"
    made = turn(world, "about", "jobs", "news", "press", "introducing-gpt-9", hours=1).poll
    assert (made.overlap, made.gap_since, (made.reason or "").partition(":")[0]) == (
        None,
        None,
        "2 rows beyond limit = 3 not read",
    )
    assert turn(world, "about", "jobs", "news", hours=1).poll.overlap is True


def test_more_new_pages_than_a_poll_reads_are_read_by_the_next_ones(mapped: World) -> None:
    slugs = [f"note-{chr(97 + number)}" for number in range(12)]
    for slug in slugs:
        words = PAGE if slug == slugs[-1] else PAGE.replace("GPT-9", "our garden").replace("released", "watered")
        mapped.answers[f"https://lab.example/news/{slug}"] = words.encode()
    turn(mapped, *slugs, "about", days=21)
    for _ in range(2):
        turn(mapped, *slugs, "about", hours=1)
    assert [name for name, _, _ in mapped.told()] == ["GPT-9"]
    assert sorted(request.url for request in mapped.requests if request.robots and "note" in request.url) == [
        f"https://lab.example/news/{slug}" for slug in slugs
    ]


def test_a_source_that_is_gone_is_not_asked_again(world: World) -> None:
    world.answers[VENDOR.url] = Failed(kind=Failure.GONE, reason="HTTP 410", status=410)
    made = world.poll(VENDOR)
    assert not made.state.gone, "one answer may be a mistake of an hour"
    assert made.state.next_poll_at is not None
    world.now = made.state.next_poll_at
    assert world.poll(VENDOR).state.gone
    world.now += timedelta(days=400)
    assert VENDOR.id not in {job.source.id for job in world.store.claim_due(world.now, 9, LEASE)}


def test_a_confirmed_move_is_followed(world: World) -> None:
    body = feed(VENDOR, ("a", "One", "", world.now))
    moved = Fetched(url="https://new.example/feed", status=200, headers={}, body=body, permanent_url="https://new.example/feed")
    world.answers[VENDOR.url] = moved
    world.poll(VENDOR)
    world.now += timedelta(days=2)
    world.answers[VENDOR.url] = replace(moved, body=feed(VENDOR, ("b", "Two", "", world.now)))
    world.poll(VENDOR)
    world.now += timedelta(days=1)
    world.answers["https://new.example/feed"] = feed(VENDOR, ("c", "Three", "", world.now))
    world.poll(VENDOR)
    assert world.requests[-1].url == "https://new.example/feed"


PAGED = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title><id>urn:lab</id>
<link rel="next" href="%s"/><entry><id>urn:%s</id><title>%s</title><link href="https://lab.example/%s"/></entry></feed>"""


def paged(world: World, *first: str) -> None:
    rows = feed(PRESS, *((name, f"Weather report {name}", "", START) for name in first)).decode()
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="https://daily.example/feed?page=2"/><item>'
    world.answers[PRESS.url] = rows.replace("<item>", link, 1).encode()


SECOND = f"{PRESS.url}?page=2"
UNWELL = Failed(kind=Failure.SOFT, reason="503 Service Unavailable", status=503)


def test_a_next_page_that_is_not_there_now_is_asked_for_again(world: World) -> None:
    gone_by = [(name, f"OpenAI launches GPT-{name}, a new language model", "", START) for name in "67"]
    paged(world, "a")
    world.poll(PRESS)
    seen = []
    for answer in (UNWELL, UNWELL, feed(PRESS, *gone_by)):
        world.now += timedelta(hours=1)
        paged(world, "c", "b")
        world.answers[SECOND] = answer
        made = world.poll(PRESS)
        seen.append((made.poll.overlap, made.poll.reason))
    owed = "its next page is asked for again: 503 Service Unavailable"
    assert seen == [(False, owed), (None, owed), (True, None)]
    assert [name for name, _, _ in world.told()] == ["GPT-6", "GPT-7"]
    asked = len(world.requests)
    world.now += timedelta(hours=1)
    paged(world, "d", "c", "b")
    world.poll(PRESS)
    assert [one.url for one in world.requests[asked:]] == [PRESS.url], "and then no more"


def test_a_next_page_that_is_none_is_asked_for_once(world: World) -> None:
    for listed in ("a", "b", "b"):
        paged(world, listed)
        world.poll(PRESS)
        world.now += timedelta(hours=1)
    assert [one.url for one in world.requests] == [PRESS.url, PRESS.url, SECOND, PRESS.url]


def test_a_next_page_that_breaks_off_is_asked_for_again(world: World) -> None:
    older = feed(PRESS, ("e", "Weather report e", "", START), ("g", "OpenAI launches GPT-6, a new language model", "", START))
    paged(world, "a")
    world.poll(PRESS)
    reasons = []
    for body in (older[: older.index(b"-6, a new")], older):
        world.now += timedelta(hours=1)
        paged(world, "c", "b")
        world.answers[SECOND] = body
        reasons.append(world.poll(PRESS).poll.reason)
    assert reasons == ["the XML was not well-formed and was mended; the document breaks off; its last entry was left out", None]
    assert [name for name, _, _ in world.told()] == ["GPT-6"]


GUARDED = Source(
    id="lab",
    url="https://lab.example/feed",
    headers={"authorization": "Bearer of-ours"},
    tls_verify=False,
    allow_private=True,
)


@pytest.mark.parametrize(
    ("following", "given"),
    [("https://lab.example/feed?page=2", {"authorization": "Bearer of-ours"}), ("https://elsewhere.example/feed", {})],
)
def test_the_headers_of_a_source_go_to_no_other_host_that_its_body_names(
    world: World, following: str, given: dict[str, str]
) -> None:
    lab = GUARDED
    world.sources = (lab,)
    world.store.sync_sources(world.sources, world.now)
    for name in (b"one", b"two"):
        world.answers[lab.url] = PAGED % (following.encode(), name, name, name)
        world.poll(lab)
        world.now += timedelta(hours=1)
    asked = world.requests[-1]
    assert asked.url == following
    assert {name: value for name, value in asked.headers.items() if name.lower() == "authorization"} == given
    assert asked.tls_verify is not bool(given)
    assert asked.allow_private is bool(given)


@pytest.mark.parametrize(
    ("goal", "sent", "checked"),
    [("https://lab.example/new", "Bearer of-ours", False), ("https://elsewhere.example/feed", None, True)],
)
def test_the_headers_of_a_source_do_not_move_with_it_to_another_host(
    world: World, goal: str, sent: str | None, checked: bool
) -> None:
    lab = GUARDED
    world.store.sync_sources((lab,), world.now)
    for day in range(3):
        world.now = START + timedelta(days=2 * day)
        body = feed(lab, (str(day), f"Note {day}", "", world.now))
        world.answers[lab.url] = Fetched(url=goal, status=200, headers={}, body=body, permanent_url=goal)
        world.poll(lab)
    asked = world.requests[-1]
    assert (asked.url, asked.headers.get("authorization"), asked.tls_verify) == (goal, sent, checked)
    assert asked.allow_private is not checked


@pytest.mark.parametrize(
    ("home", "page", "private"),
    [
        ("http://127.0.0.1:1200/feed", "http://127.0.0.1:1200/feed/x", True),
        ("http://127.0.0.1:1200/feed", "http://127.0.0.1:6379/x", False),
        ("http://127.0.0.1:1200/feed", "http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:1200/feed", "https://127.0.0.1:1200/x", False),
        ("http://127.0.0.1:1200/feed", "https://lab.example/x", False),
        ("http://bridge/feed", "http://BRIDGE:80/x", True),
    ],
)
def test_what_an_entry_names_in_our_own_network_is_asked_at_its_sources_address_alone(
    world: World, home: str, page: str, private: bool
) -> None:
    bridge = Source(id="bridge", url=home, allow_private=True, tier=Tier.COMMUNITY, lang="en")
    world.sources = (bridge,)
    world.store.sync_sources(world.sources, world.now)
    world.polled_once(bridge)
    world.now += timedelta(hours=1)
    body = feed(bridge, ("x", "GPT-6 is here?", "", world.now), OLD)
    world.answers[home] = body.replace(f"<link>{home}/x</link>".encode(), f"<link>{page}</link>".encode())
    world.poll(bridge)
    asked = world.requests[-1]
    assert (asked.url.lower().replace(":80/", "/"), asked.allow_private) == (page.lower().replace(":80/", "/"), private)


def test_a_move_that_was_a_campaign_of_some_days_is_taken_back(world: World) -> None:
    news = replace(SITEMAP, id="news", kind=Kind.PAGE, url="https://lab.example/news", options={"links": "^/news/[a-z-]+$"})
    world.store.sync_sources((news,), world.now)
    home = "https://lab.example/"

    def page(*slugs: str) -> bytes:
        rows = "".join(f'<div><a href="/news/{slug}"><h3>{slug.replace("-", " ")}</h3></a></div>' for slug in slugs)
        return f"<html><body><main>{rows}</main></body></html>".encode()

    def turn(days: float) -> PollPlan:
        world.now += timedelta(days=days)
        return world.poll(news)

    world.answers[home] = campaign = page("our-garden", "come-to-our-event")
    world.answers[news.url] = Fetched(url=home, status=200, headers={}, body=campaign, permanent_url=home)
    assert [turn(1).state.url for _ in range(3)] == [None, home, home]
    asked = [turn(1) and world.requests[-1].url for _ in range(6)]
    assert asked.count(news.url) == 2, "looked after, and the move holds"
    assert asked.count(home) == 4
    world.answers[news.url] = page("zephyr-is-here", "our-garden")
    found = [item.title for _ in range(4) for item in turn(1).items]
    assert (found, world.requests[-1].url) == (["zephyr is here"], news.url)


def test_the_old_address_is_not_asked_with_what_the_new_one_said_of_its_own_document(world: World) -> None:
    goal = "https://new.example/feed"
    answer = Fetched(
        url=goal, status=200, headers={}, body=b"", etag='"of the new"', last_modified="Thu, 15 Feb 2024 12:00:00 GMT"
    )
    asked = []
    for day in range(8):
        world.now += timedelta(days=1)
        body = feed(VENDOR, (f"n{day}", f"Note {day}", "", world.now), OLD)
        world.answers[goal] = replace(answer, body=body)
        world.answers[VENDOR.url] = replace(answer, body=body, permanent_url=goal)
        world.poll(VENDOR)
        asked.append((world.requests[-1].url, world.requests[-1].etag, world.requests[-1].last_modified))
    assert (goal, answer.etag, answer.last_modified) in asked
    assert {one for one in asked[3:] if one[0] == VENDOR.url} == {(VENDOR.url, None, None)}


def test_the_old_address_is_looked_after_while_the_new_one_says_that_nothing_changed(world: World) -> None:
    goal = "https://new.example/feed"
    body = feed(VENDOR, ("n", "A note", "", world.now), OLD)
    world.answers[VENDOR.url] = Fetched(url=goal, status=200, headers={}, body=body, permanent_url=goal, etag='"n"')
    world.answers[goal] = NotModified(url=goal)
    asked = []
    for _ in range(9):
        world.now += timedelta(days=1)
        world.poll(VENDOR)
        asked.append((world.requests[-1].url, world.requests[-1].etag))
    assert asked[2] == (goal, '"n"')
    assert asked[3:].count((VENDOR.url, None)) == 2, asked


AWAY = Failed(kind=Failure.TEMPORARY, reason="the host name is not known")
GONE = Failed(kind=Failure.GONE, reason="HTTP 410", status=410)
SHUT = Failed(kind=Failure.HARD, reason="HTTP 404", status=404)


@pytest.mark.parametrize("dead", [AWAY, GONE])
def test_a_source_whose_old_address_died_is_read_where_it_moved_to(world: World, dead: Failed) -> None:
    goal = "https://new.example/feed"
    for _ in range(3):
        world.now += timedelta(days=1)
        body = feed(VENDOR, (f"{world.now:%d}", "A note", "", world.now))
        world.answers[VENDOR.url] = Fetched(url=goal, status=200, headers={}, body=body, permanent_url=goal)
        world.answers[goal] = body
        world.poll(VENDOR)
    world.answers[VENDOR.url] = dead
    outcomes = []
    for _ in range(12):
        world.now += timedelta(hours=12)
        world.answers[goal] = feed(VENDOR, (f"{world.now:%d-%H}", "A note", "", world.now))
        made = world.poll(VENDOR)
        assert made.state.next_poll_at is not None
        assert made.state.next_poll_at - world.now < timedelta(hours=1), "where it is read it is well"
        outcomes.append(made.poll.outcome)
    assert outcomes.count("failed") <= 3
    assert "failed failed" not in " ".join(outcomes)


FORBIDDEN = Failed(kind=Failure.BLOCKED, reason="robots.txt asks aiwatch not to fetch this address")


@pytest.mark.parametrize("dead", [Failed(kind=Failure.GONE, reason="HTTP 410", status=410), FORBIDDEN])
def test_a_move_whose_goal_is_not_to_be_had_is_taken_back(world: World, dead: Failed) -> None:
    goal = "https://new.example/feed"
    for day, name in enumerate(("One", "Two")):
        world.now = START + timedelta(days=2 * day)
        body = feed(VENDOR, (name, name, "", world.now))
        world.answers[VENDOR.url] = Fetched(url=goal, status=200, headers={}, body=body, permanent_url=goal)
        world.poll(VENDOR)
    world.now += timedelta(hours=1)
    world.answers[goal] = dead
    made = world.poll(VENDOR)
    assert (world.requests[-1].url, made.state.gone) == (goal, False)
    world.serve(VENDOR, ("three", "Three", "", world.now))
    world.now += timedelta(days=1)
    assert [one.title for one in world.poll(VENDOR).items] == ["Three"]
    assert (world.requests[-1].url, world.requests[-1].etag) == (VENDOR.url, None)


# --- what operators hear of a source ------------------------------------------------------------------------------------------------


def heard(world: World) -> list[tuple[str, bool]]:
    return [(one.condition, one.open) for one in world.store.notices(START, world.now)]


def days_of(world: World, source: Source, count: int) -> None:
    for _ in range(count):
        world.now += timedelta(days=1)
        world.poll(source)


def test_a_source_whose_address_was_mended_is_back_and_its_next_failure_is_heard_of(world: World) -> None:
    world.answers[PRESS.url] = SHUT
    days_of(world, PRESS, 3)
    mended = replace(PRESS, url="https://daily.example/new-feed")
    world.sources = (VENDOR, mended, KOREAN)
    world.store.sync_sources(world.sources, world.now)
    assert heard(world) == [("source-down:daily", True)], "that it is mended shows when it answers"
    world.serve(mended, OLD)
    days_of(world, mended, 2)
    assert heard(world) == [("source-down:daily", True), ("source-down:daily", False)]
    world.answers[mended.url] = SHUT
    days_of(world, mended, 5)
    assert heard(world) == [("source-down:daily", one) for one in (True, False, True)]


@pytest.mark.parametrize(("left", "why"), [((), "is not listed any more"), ((replace(PRESS, enabled=False),), "is paused")])
def test_what_was_said_of_a_source_ends_when_it_is_not_asked_any_more(world: World, left: tuple[Source, ...], why: str) -> None:
    world.answers[PRESS.url] = world.answers[KOREAN.url] = SHUT
    days_of(world, PRESS, 2)
    days_of(world, KOREAN, 2)
    world.store.sync_sources((VENDOR, KOREAN, *left), world.now)
    (ended,) = [one for one in world.store.notices(START, world.now) if not one.open]
    assert (ended.condition, ended.at, ended.text) == ("source-down:daily", world.now, f"The Daily {why}")


def test_a_flood_ends_for_operators_when_its_source_is_not_asked_any_more(world: World) -> None:
    world.now += timedelta(hours=1)
    flooding = Notice(
        condition=conditions.flooding(PRESS), open=True, at=world.now, text="The Daily brings new entries without end"
    )
    world.store.note([flooding])
    world.store.sync_sources((VENDOR, KOREAN), world.now)
    assert heard(world) == [(flooding.condition, True), (flooding.condition, False)]


RESEARCH, RELEASE = "https://lab.example/research.xml", "https://lab.example/release.xml"


def index(*urls: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'.encode()


@pytest.fixture
def parted(world: World) -> World:
    """A sitemap in two parts, one of which can no longer be read."""
    world.sources = (SITEMAP,)
    world.store.sync_sources(world.sources, world.now)
    world.answers |= {SITEMAP.url: index(RESEARCH, RELEASE), RESEARCH: sitemap("paper"), RELEASE: sitemap("our-garden")}
    world.poll(SITEMAP)
    world.answers[RELEASE] = SHUT
    return world


def lost(world: World) -> list[Notice]:
    return [one for one in world.store.notices(START, world.now) if one.condition.startswith("part-down:map:")]


def test_a_part_that_cannot_be_read_for_a_day_is_told_with_its_address_once_and_that_it_is_back(parted: World) -> None:
    days_of(parted, SITEMAP, 1)
    assert (lost(parted), parted.store.watch(START, parted.now).partly) == ([], ("map",))
    days_of(parted, SITEMAP, 9)
    (told,) = lost(parted)
    assert told.text == (
        f"map: a part of its sitemap, {RELEASE}, cannot be read since 2024-02-16 12:00 UTC (HTTP 404); what is new in it is not seen"
    )
    parted.answers[RELEASE] = sitemap("our-garden", "gpt-9")
    days_of(parted, SITEMAP, 1)
    assert [(one.open, one.text) for one in lost(parted)][1:] == [(False, f"map: {RELEASE} is read again")]
    assert parted.store.watch(START, parted.now).partly == ()
    parted.answers[RELEASE] = SHUT
    days_of(parted, SITEMAP, 2)
    assert [one.open for one in lost(parted)] == [True, False, True]


def test_a_part_that_is_listed_no_more_is_no_trouble(parted: World) -> None:
    days_of(parted, SITEMAP, 3)
    parted.answers[SITEMAP.url] = index(RESEARCH)
    days_of(parted, SITEMAP, 1)
    assert [one.text for one in lost(parted)][1:] == [f"map: {RELEASE} is listed no more"]
    parted.answers[SITEMAP.url] = index(RESEARCH, RELEASE)
    days_of(parted, SITEMAP, 1)
    assert len(lost(parted)) == 2, "its time begins anew"


def test_a_part_that_was_never_read_is_told_too(parted: World) -> None:
    new = "https://lab.example/new.xml"
    parted.answers |= {RELEASE: sitemap("our-garden"), SITEMAP.url: index(RESEARCH, RELEASE, new), new: SHUT}
    days_of(parted, SITEMAP, 2)
    (told,) = lost(parted)
    assert new in told.text


def test_parts_that_fail_all_together_are_their_source_s_failure_and_no_notice_of_their_own(parted: World) -> None:
    parted.answers[RESEARCH] = SHUT
    days_of(parted, SITEMAP, 3)
    assert heard(parted) == [("source-down:map", True)]
    parted.answers[RESEARCH] = sitemap("paper")
    days_of(parted, SITEMAP, 1)
    (told,) = lost(parted)
    assert "2024-02-16 12:00" in told.text, "it has failed since then"


def test_what_was_said_of_parts_ends_with_the_sitemap(parted: World) -> None:
    days_of(parted, SITEMAP, 3)
    plain = replace(SITEMAP, kind=Kind.FEED)
    parted.store.sync_sources((plain,), parted.now)
    parted.serve(plain, OLD)
    days_of(parted, plain, 1)
    assert [one.open for one in lost(parted)] == [True, False]


def test_what_was_said_of_parts_ends_where_the_sitemap_is_not_asked_any_more(parted: World) -> None:
    days_of(parted, SITEMAP, 3)
    other = replace(SITEMAP, id="map-2", url="https://other.example/sitemap.xml")
    parted.store.sync_sources((replace(SITEMAP, enabled=False), other), parted.now)
    assert [(one.open, one.text) for one in lost(parted)][1:] == [(False, "map is paused")]
    assert parted.store.watch(START, parted.now).partly == ()


def test_an_index_that_breaks_off_takes_no_part_s_trouble_back(parted: World) -> None:
    days_of(parted, SITEMAP, 3)
    whole = index(RESEARCH, RELEASE)
    parted.answers[SITEMAP.url] = whole[: whole.index(RELEASE.encode())]
    days_of(parted, SITEMAP, 1)
    assert [one.open for one in lost(parted)] == [True]


def daily(world: World, days: int) -> None:
    """A feed with an entry a day, the newest fifteen of them."""
    entries: list[Entry] = []
    for _ in range(days):
        world.now += timedelta(days=1)
        entries = [(f"{world.now:%m-%d}", f"Notes of {world.now:%d %B}", "", world.now - timedelta(hours=1)), *entries[:14]]
        world.serve(VENDOR, *entries)
        world.poll(VENDOR)


def test_a_list_that_is_frozen_is_told_once_with_what_to_do_and_that_it_brings_news_again(world: World) -> None:
    daily(world, 40)
    days_of(world, VENDOR, 13)
    assert heard(world) == []
    days_of(world, VENDOR, 60)
    (told,) = world.store.notices(START, world.now)
    assert (told.condition, told.open) == ("source-quiet:openai-blog", True)
    assert told.text.startswith(
        "OpenAI answers, and has brought nothing new since 2024-03-26, where some 14 entries were to come"
    )
    assert "look at its page" in told.text
    daily(world, 3)
    assert [(one.open, one.text) for one in world.store.notices(START, world.now)][1:] == [
        (False, "OpenAI brings something new again (https://openai.example/feed)")
    ]


def test_what_a_hub_pushes_is_no_silence(world: World) -> None:
    daily(world, 40)
    clock = lambda: world.now  # noqa: E731
    poller = Poller(store=world.store, fetch=world.fetch, rules=RULES, clock=clock, sources=world.sources)
    for day in range(30):
        world.now += timedelta(days=1)
        job = world.store.job(VENDOR.id)
        assert job is not None
        body = feed(VENDOR, (f"push-{day}", f"A pushed note {day}", "", world.now))
        asyncio.run(pushed(poller, job, Fetched(url=VENDOR.url, status=200, headers={}, body=body)))
        world.poll(VENDOR)
    assert heard(world) == []


def test_a_source_that_fails_is_down_and_not_quiet(world: World) -> None:
    daily(world, 40)
    world.answers[VENDOR.url] = SHUT
    days_of(world, VENDOR, 40)
    assert heard(world) == [("source-down:openai-blog", True)]


def test_what_was_said_of_a_silence_ends_when_its_source_is_paused(world: World) -> None:
    daily(world, 40)
    days_of(world, VENDOR, 20)
    world.store.sync_sources((replace(VENDOR, enabled=False), PRESS), world.now)
    assert heard(world) == [("source-quiet:openai-blog", True), ("source-quiet:openai-blog", False)]
