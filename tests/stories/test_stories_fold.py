"""What is told, and told once: stories folded from hand-made detections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from story_values import START, WINDOW, fold, judged, model, one_by_one, source, told

from aiwatch import batch, stories
from aiwatch.model import Detection, Folded, Judged, Source, Stage, Tier, ident
from aiwatch.stories.story import name_of, quote_of

VENDOR_BLOG = source("acme-blog", Tier.PRIMARY, "Acme")
DAY = 24


def test_a_launch_is_told_once_however_many_outlets_repeat_it() -> None:
    made = one_by_one(
        [
            judged("Orion 5", stage=Stage.ANNOUNCED, hours=0, by=source("a")),
            judged("Orion 5", stage=Stage.RELEASED, hours=3, by=source("b")),
            judged("Orion-5", stage=Stage.PREVIEW, hours=30, by=source("c")),
            judged("ORION 5.0", stage=Stage.RELEASED, hours=9 * DAY, by=source("d")),
        ]
    )
    assert told(made) == [("Orion 5", "announced")]
    assert [part.mentions[0].role for part in made] == ["first", "follow-up", "follow-up", "follow-up"]
    assert len({part.mentions[0].story_id for part in made}) == 1
    assert {part.mentions[0].stage for part in made} == {Stage.ANNOUNCED}


@pytest.mark.parametrize("other", ["Orion 5.1", "Orion 6", "Orion 5 Coder", "Orion 5o"])
def test_another_version_is_another_model_however_alike_the_titles(other: str) -> None:
    made = one_by_one(
        [
            judged("Orion 5", hours=0, title="Acme launches its best model yet"),
            judged(other, hours=1, title="Acme launches its best model yet"),
        ]
    )
    assert told(made) == [("Orion 5", "released"), (other, "released")]


def test_word_order_case_and_stage_words_do_not_part_a_model() -> None:
    first = model("Claude Opus 4", "Anthropic", family="claude", version="4", variant="opus")
    second = model("Claude 4 Opus", "Anthropic", family="Claude", version="v4.0", variant="Opus Preview")
    assert told(one_by_one([judged(first), judged(second, hours=1)])) == [("Claude Opus 4", "released")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Orion 3 Pro", "Orion 3"], "Orion 3 Pro"),
        (["Orion 3", "Orion 3 2B", "Orion 3 7B"], "Orion 3"),
        (["Orion-3-2B", "Orion-3-7B"], "Orion-3-2B, Orion-3-7B"),
        (
            ["Orion 3 Pro", "Orion 3 Nano", "Orion 3 Lite", "Orion 3 Ultra", "Orion 4"],
            "Orion 3 Pro, Orion 3 Nano, Orion 3 Lite and 2 more",
        ),
    ],
)
def test_a_line_up_goes_by_its_members_and_sizes_by_their_model(names: list[str], expected: str) -> None:
    assert name_of([model(one) for one in names]) == expected


def test_the_maker_before_the_name_is_no_part_of_it() -> None:
    bare = model("Gen-2", "Runway", family="gen", version="2")
    full = model("Runway Gen 2", "Runway", family="runway gen", version="2")
    assert told(one_by_one([judged(bare), judged(full, hours=1)])) == [("Gen-2", "released")]
    own = [model("DeepSeek V3", "DeepSeek", family="deepseek", version="3"), model("V3", "DeepSeek", family="v", version="3")]
    assert len(told(one_by_one([judged(own[0]), judged(own[1], hours=1)]))) == 2


def test_two_vendors_with_one_name_are_two_stories_and_an_unknown_vendor_joins() -> None:
    acme, zen = model("Koala", "Acme"), model("Koala", "Zen Labs")
    made = one_by_one(
        [judged(acme), judged(zen, hours=1), judged("Koala", hours=2), judged(model("Koala", "Zen Labs Inc"), hours=3)]
    )
    assert told(made) == [("Koala", "released"), ("Koala", "released")]
    assert made[0].stories[0].id != made[1].stories[0].id
    assert made[3].mentions[0].story_id == made[1].stories[0].id


def test_a_line_up_is_one_announcement_that_lists_its_members_and_later_coverage_of_one_joins() -> None:
    made = one_by_one(
        [
            judged("Nimbus 3 Pro", "Nimbus 3 Flash", "Nimbus 3 Nano", by=source("a")),
            judged("Nimbus 3 Flash", hours=2, by=source("b")),
            judged("Nimbus 3", hours=5, by=source("c")),
            judged("Nimbus 3 Nano", hours=3 * DAY, by=source("d")),
        ]
    )
    assert told(made) == [("Nimbus 3 Pro, Nimbus 3 Flash, Nimbus 3 Nano", "released")]
    assert [one.name for one in made[0].announcements[0].models] == ["Nimbus 3 Pro", "Nimbus 3 Flash", "Nimbus 3 Nano"]


def test_a_line_up_named_as_a_whole_takes_its_members_for_a_week_and_not_a_month() -> None:
    made = one_by_one([judged("Nimbus 3"), judged("Nimbus 3 Scout", hours=20), judged("Nimbus 3 Pro", hours=30 * DAY)])
    assert told(made) == [("Nimbus 3", "released"), ("Nimbus 3 Pro", "released")]


def test_a_line_up_of_older_models_and_a_new_one_is_told_with_its_members() -> None:
    made = one_by_one(
        [
            judged("Nimbus 3 Pro", stage=Stage.PREVIEW),
            judged("Nimbus 3 Flash", stage=Stage.PREVIEW, hours=20 * DAY),
            judged("Nimbus 3 Pro", "Nimbus 3 Flash", "Nimbus 3 Lite", hours=60 * DAY),
            judged("Nimbus 3 Flash", hours=61 * DAY, by=source("b")),
        ]
    )
    assert told(made) == [
        ("Nimbus 3 Pro", "preview"),
        ("Nimbus 3 Flash", "preview"),
        ("Nimbus 3 Pro, Nimbus 3 Flash, Nimbus 3 Lite", "released"),
    ]


def test_two_makers_in_one_headline_are_two_stories_and_neither_mutes_the_other() -> None:
    sora, gemma = model("Sora", "OpenAI"), model("Gemma", "Google")
    made = one_by_one([judged(sora, hours=0), judged(sora, gemma, hours=5), judged(gemma, hours=9)])
    assert told(made) == [("Sora", "released"), ("Gemma", "released")]
    assert [one.role for one in made[1].mentions] == ["follow-up", "first"]
    assert made[2].mentions[0].story_id == made[1].mentions[1].story_id


def test_a_model_named_beside_one_that_was_told_is_told_by_itself_unless_it_is_of_the_same_line() -> None:
    made = one_by_one([judged(model("Orion 3", "Acme")), judged(model("Orion 3", "Acme"), model("Nimbus 4", "Acme"), hours=5)])
    assert told(made) == [("Orion 3", "released"), ("Nimbus 4", "released")]
    made = one_by_one([judged("Orion 3 Pro"), judged("Orion 3 Pro", "Orion 3 Flash", hours=5)])
    assert told(made) == [("Orion 3 Pro", "released")]
    assert [one.name for one in made[1].stories[0].models] == ["Orion 3 Pro", "Orion 3 Flash"]
    for other in ("Orion 3 Coder", "Orion 4"):
        made = one_by_one([judged("Orion 3 Pro"), judged("Orion 3 Pro", other, hours=5)])
        assert told(made) == [("Orion 3 Pro", "released"), (other, "released")]
    assert len(told(one_by_one([judged("Orion Pro"), judged("Orion Pro", "Orion Reel", hours=5)]))) == 2


def test_sizes_of_one_model_are_one_story() -> None:
    assert told(one_by_one([judged("gpt-oss-120b"), judged("gpt-oss-20b", hours=1), judged("gpt-oss", hours=2)])) == [
        ("gpt-oss-120b", "released")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Orion3-Next-80B-A3B", "Orion3-Next-80B-A3B-Base"),
        ("Orion 3 Coder", "Orion3-Coder-480B-A35B-Instruct"),
        ("Orion 3", "Orion 3 8B Instruct"),
    ],
)
def test_sizes_and_tuned_weights_are_one_model(first: str, second: str) -> None:
    assert len(told(one_by_one([judged(first), judged(second, hours=1)]))) == 1
    assert len(told(one_by_one([judged(second), judged(first, hours=1)]))) == 1
    assert len(told(one_by_one([judged(first), judged(second, hours=30 * DAY)]))) == 2


def test_a_rumour_never_mutes_the_launch_and_comes_after_it_in_silence() -> None:
    made = one_by_one(
        [
            judged("Orion 6", stage=Stage.RUMORED),
            judged("Orion 6", stage=Stage.RUMORED, hours=5),
            judged("Orion 6", stage=Stage.ANNOUNCED, hours=6),
            judged("Orion 6", stage=Stage.RUMORED, hours=9),
        ]
    )
    assert told(made) == [("Orion 6", "rumored"), ("Orion 6", "announced")]
    assert made[3].mentions[0].stage is Stage.ANNOUNCED


def test_steps_far_enough_apart_are_each_told_once() -> None:
    made = one_by_one(
        [
            judged("Orion 6", stage=Stage.PREVIEW),
            judged("Orion 6", stage=Stage.RELEASED, hours=40 * DAY),
            judged("Orion 6", stage=Stage.PREVIEW, hours=41 * DAY, by=source("late")),
            judged("Orion 6", stage=Stage.OPEN_WEIGHTS, hours=60 * DAY),
            judged("Orion 6", stage=Stage.RELEASED, hours=90 * DAY),
            judged("Orion 6", stage=Stage.DEPRECATED, hours=300 * DAY),
            judged("Orion 6", stage=Stage.DEPRECATED, hours=301 * DAY),
        ]
    )
    assert told(made) == [("Orion 6", stage) for stage in ("preview", "released", "open_weights", "deprecated")]
    assert made[2].mentions[0].stage is Stage.RELEASED  # nearest in time, whatever the outlet calls it


@pytest.mark.parametrize(
    ("by", "title", "days", "count"),
    [
        (source("b"), "Orion 6 is here", 3, 1),  # another outlet's word for the same launch
        (VENDOR_BLOG, "Orion 6 is here", 3, 2),  # the vendor says so itself
        (VENDOR_BLOG, "Orion 6 is here", 1, 1),  # but not on the next day
        (source("b"), "Orion 6 is now generally available", 3, 2),  # an explicit phrase
        (source("b"), "오라이온 6 정식 출시", 3, 2),
        (source("b"), "Orion 6 is here", 15, 2),  # time
    ],
)
def test_a_further_stage_needs_time_the_vendor_or_an_explicit_phrase(by: Source, title: str, days: int, count: int) -> None:
    made = one_by_one(
        [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6", stage=Stage.RELEASED, hours=days * DAY, by=by, title=title)]
    )
    assert len(told(made)) == count


def test_an_update_stands_in_no_further_step_s_way() -> None:
    launch = [judged("Orion 5", stage=Stage.PREVIEW), judged("Orion 5", stage=Stage.UPDATED, hours=30 * DAY)]
    later = [judged("Orion 5", stage=stage, hours=60 * DAY) for stage in (Stage.RELEASED, Stage.PREVIEW, Stage.UPDATED)]
    assert [stage for _, stage in told(one_by_one([*launch, *later]))] == ["preview", "updated", "released"]
    alone = [judged("Orion 5", stage=Stage.UPDATED), judged("Orion 5", hours=60 * DAY)]
    assert [stage for _, stage in told(one_by_one(alone))] == ["updated"]


def test_an_unversioned_improvement_joins_in_silence_or_not_at_all() -> None:
    item, by, detection = judged("Orion 6", stage=Stage.UPDATED, hours=50 * DAY)
    better = Judged(item, by, replace(detection, announcement=False))
    made = one_by_one([judged("Orion 6"), better])
    assert told(made) == [("Orion 6", "released")]
    assert made[1].mentions[0].story_id == made[0].stories[0].id
    assert fold([better]).mentions == ()


def test_a_false_alarm_of_the_press_does_not_mute_the_vendors_launch() -> None:
    made = one_by_one(
        [
            judged("Orion 6", hours=0),
            judged("Orion 6", stage=Stage.RUMORED, hours=30 * DAY),
            judged("Orion 6", hours=60 * DAY, by=VENDOR_BLOG),
            judged("Orion 6", hours=61 * DAY),
        ]
    )
    assert told(made) == [("Orion 6", "released"), ("Orion 6", "released")]
    assert made[3].mentions[0].story_id == made[2].mentions[0].story_id
    confirmed = [judged("Orion 6"), judged("Orion 6", hours=5, by=VENDOR_BLOG), judged("Orion 6", hours=60 * DAY, by=VENDOR_BLOG)]
    assert told(one_by_one(confirmed)) == [("Orion 6", "released")]


def test_a_bare_name_unheard_for_half_a_year_is_the_next_model() -> None:
    made = one_by_one(
        [judged("Orion"), judged("Orion", hours=100 * DAY), judged("Orion", hours=200 * DAY), judged("Orion", hours=400 * DAY)]
    )
    assert told(made) == [("Orion", "released"), ("Orion", "released")]
    assert told(one_by_one([judged("Orion 3"), judged("Orion 3", hours=400 * DAY)])) == [("Orion 3", "released")]


def test_a_headline_without_the_version_joins_the_launch_of_these_days_but_never_mutes_one() -> None:
    assert told(one_by_one([judged("Orion 6"), judged("Orion", hours=DAY)])) == [("Orion 6", "released")]
    assert told(one_by_one([judged("Orion"), judged("Orion 6", hours=DAY)])) == [("Orion", "released"), ("Orion 6", "released")]
    assert told(one_by_one([judged("Orion 6"), judged("Orion", hours=30 * DAY)])) == [
        ("Orion 6", "released"),
        ("Orion", "released"),
    ]
    assert told(one_by_one([judged("Orion"), judged("Orion 1", hours=DAY)])) == [("Orion", "released")]


def test_a_name_that_no_lexicon_knows_meets_itself_in_another_script() -> None:
    latin = model("Zephyros 4 Maverick", "Acme")
    hangul = model("제피로스 4 매버릭", "Acme")
    made = one_by_one([judged(hangul), judged(latin, hours=5)])
    assert told(made) == [("제피로스 4 매버릭", "released")]
    assert made[1].stories[0].name == "Zephyros 4 Maverick"  # the Latin spelling is the better name
    assert told(one_by_one([judged(hangul), judged(model("Zephyros 5 Maverick", "Acme"), hours=5)])) == [
        ("제피로스 4 매버릭", "released"),
        ("Zephyros 5 Maverick", "released"),
    ]
    assert len(told(one_by_one([judged(hangul), judged(model("Zephyros 4 Maverick", "Zen"), hours=5)]))) == 2


def test_what_is_older_than_the_alert_window_is_recorded_in_silence_and_joined_later() -> None:
    old, new = judged("Orion 5", hours=0), judged("Orion 6", hours=9 * DAY)
    folded = stories.fold([old, new], [], now=START + timedelta(days=10), alert_window=WINDOW)
    assert {one.name: one.silent for one in folded.announcements} == {
        "Orion 5": "older than the alert window: 2026-03-02",
        "Orion 6": None,
    }
    assert {story.name: story.stages[0].told for story in folded.stories} == {"Orion 5": False, "Orion 6": True}
    again = stories.fold([judged("Orion 5", hours=10 * DAY)], folded.stories, now=START + timedelta(days=10), alert_window=WINDOW)
    assert again.announcements == ()


def test_the_vendors_own_item_becomes_the_steps_primary() -> None:
    made = one_by_one([judged("Orion 6"), judged("Orion 6", hours=2, by=VENDOR_BLOG), judged("Orion 6", hours=3, by=VENDOR_BLOG)])
    assert [part.mentions[0].role for part in made] == ["first", "primary", "follow-up"]
    step = made[1].stories[0].stages[0]
    assert (step.source_id, step.primary_seen) == ("press", START + timedelta(hours=2))
    assert made[1].stories[0].vendor == "Acme"


def test_the_same_item_again_changes_nothing_that_is_told() -> None:
    item, by, detection = judged("Orion 6", stage=Stage.PREVIEW)
    edited = Judged(replace(item, revision=2), by, replace(detection, stage=Stage.RELEASED))
    made = one_by_one([Judged(item, by, detection), edited])
    assert told(made) == [("Orion 6", "preview")]
    assert made[1].mentions == made[0].mentions


def test_an_announcement_without_a_name_is_told_under_its_title() -> None:
    item, by, detection = judged("x", title="A research lab shows a video model")
    nameless = Judged(item, by, replace(detection, models=()))
    assert told(fold([nameless, nameless])) == [("A research lab shows a video model", "released")]


def test_dates_that_cannot_be_are_replaced_by_when_the_item_was_seen() -> None:
    item, by, detection = judged("Orion 6", hours=5)
    for odd in (datetime(1970, 1, 1, tzinfo=UTC), START + timedelta(days=900), None):
        folded = stories.fold(
            [Judged(replace(item, published=odd), by, detection)], [], now=START + timedelta(hours=5), alert_window=WINDOW
        )
        assert folded.stories[0].first_seen == item.seen_at


def test_the_announcement_carries_the_item_and_its_sentence() -> None:
    by = replace(VENDOR_BLOG, lang="en")
    summary = "It was a long week. Today we release Orion 6.1, our open model.  It runs anywhere."
    made = judged(model("Orion 6.1"), by=by, summary=summary, title="News")
    one = fold([made]).announcements[0]
    assert one.quote == "Today we release Orion 6.1, our open model."
    assert (one.vendor, one.tier, one.title, one.lang, one.url) == ("Acme", Tier.PRIMARY, "News", "en", made[0].url)
    assert one.id == ident(one.story_id, one.stage)


def test_a_quote_is_cut_at_a_word_and_falls_back_to_the_title() -> None:
    item, _, detection = judged("Orion 6", summary="Orion 6 " + "word " * 100, title="Orion 6")
    cut = quote_of(item, detection)
    assert len(cut) <= 240
    assert cut.endswith("word…")
    assert quote_of(replace(item, summary="Nothing here."), detection) == "Orion 6"


def test_what_tells_nothing_is_a_mention_of_every_story_it_names_and_changes_none() -> None:
    made = one_by_one(
        [
            judged("Orion 6"),
            judged("Nimbus 2", hours=1),
            judged("Orion 6", "Nimbus 2", "Koala 9", stage=Stage.NONE, hours=30, title="Orion 6 or Nimbus 2: which is better?"),
            judged("Orion", "Orion 6 Pro", stage=Stage.NONE, hours=31),
        ]
    )
    assert (made[2].stories, made[2].announcements) == ((), ())
    assert [(one.story_id, one.stage, one.role) for one in made[2].mentions] == [
        (made[0].stories[0].id, Stage.RELEASED, "mention"),
        (made[1].stories[0].id, Stage.RELEASED, "mention"),
    ]
    assert made[3] == Folded()  # the exact name alone
    nameless = Detection(item_id="x", announcement=False, stage=Stage.NONE)
    assert stories.keys(nameless) == frozenset()


def test_a_mention_keeps_no_bare_name_warm_and_counts_as_no_event() -> None:
    reviews = [judged("Orion", stage=Stage.NONE, hours=days * DAY) for days in (60, 120, 180)]
    assert told(one_by_one([judged("Orion"), *reviews, judged("Orion", hours=200 * DAY)])) == [
        ("Orion", "released"),
        ("Orion", "released"),
    ]
    events = batch.events([judged("Orion"), *reviews])
    assert set(events) == {judged("Orion").item.id}


def test_a_vendors_page_without_any_date_joins_the_story_that_is_there() -> None:
    """Seen: a sitemap lists a model of last year; the press of last year is in the archive, and no vendor's word on it."""
    press = judged("Orion 5", hours=0, by=source("a"))
    item, by, detection = judged("Orion 5", hours=250 * DAY, by=VENDOR_BLOG)
    undated = Judged(replace(item, published=None, seen_at=item.published), by, detection)
    made = one_by_one([press, undated])
    assert told(made) == [("Orion 5", "released")]
    assert [part.mentions[0].role for part in made] == ["first", "primary"]


def test_a_day_without_a_time_is_when_it_was_seen() -> None:
    item, by, detection = judged("Orion 6", hours=5)  # seen at 14:00
    seoul = replace(by, timezone="Asia/Seoul")
    midnights = [(by, START.replace(hour=0)), (seoul, START.replace(hour=0)), (seoul, START.replace(day=1, hour=15))]
    for where, day in midnights:
        assert fold([Judged(replace(item, published=day), where, detection)]).stories[0].first_seen == item.seen_at, day
    for where, day in [
        (by, START.replace(day=1, hour=15)),
        (by, START.replace(day=1, hour=0)),
        (by, START.replace(hour=0, minute=1)),
    ]:
        assert fold([Judged(replace(item, published=day), where, detection)]).stories[0].first_seen == day
    nowhere = replace(by, timezone="Nowhere/Land")
    assert fold([Judged(replace(item, published=START), nowhere, detection)]).stories[0].first_seen == START


def test_an_archive_in_any_order_gives_each_document_its_event() -> None:
    documents = [
        judged("Orion 6", hours=3, by=source("b")),
        judged("Orion 7", hours=1),
        judged("Orion 6", stage=Stage.ANNOUNCED, hours=1),
    ]
    item, by, detection = judged("Orion 6", hours=9, by=source("c"))
    undated = Judged(replace(item, published=None, seen_at=None), by, detection)
    events = batch.events([undated, *documents])
    assert events == batch.events([*reversed(documents), undated])
    assert len(events) == 4
    assert events[documents[0].item.id] == events[documents[2].item.id] == events[undated.item.id] != events[documents[1].item.id]
    assert batch.events([]) == {}


def test_a_report_without_a_name_is_of_its_makers_launch_of_those_days() -> None:
    """Seen: four outlets wrote "a new AI model" on the day of a launch, and one its name."""
    named = judged(model("Orion 6", "Halcyon AI"), hours=5)
    reports = [nameless("Halcyon AI", hours=hours) for hours in (1, 20)]
    late, other, unknown = nameless("Halcyon AI", hours=200), nameless("Kestrel Labs", hours=6), nameless(None, hours=7)
    events = batch.events([*reports, named, late, other, unknown])
    assert events[reports[0].item.id] == events[reports[1].item.id] == events[named.item.id]
    assert len({events[one.item.id] for one in (named, late, other, unknown)}) == 4


def test_reports_without_a_name_are_one_event_where_nobody_gives_it_one() -> None:
    reports = [nameless("Halcyon AI", hours=hours) for hours in (1, 9, 30)]
    assert len(set(batch.events(reports).values())) == 1


def test_a_line_up_takes_in_members_with_names_of_their_own_and_no_other_kinds() -> None:
    made = one_by_one([judged("Orion 6"), judged("Orion 6 Sol", hours=2), judged("Orion 6 Coder", hours=3)])
    assert told(made) == [("Orion 6", "released"), ("Orion 6 Coder", "released")]


def test_a_rank_said_or_left_out_is_one_launch_even_without_a_version() -> None:
    omni, flash, pro = (
        model(f"Orion {variant}", family="orion", variant=variant.lower()) for variant in ("Omni", "Omni Flash", "Pro")
    )
    made = one_by_one([judged(omni), judged(flash, hours=2), judged(pro, hours=3)])
    assert told(made) == [("Orion Omni", "released"), ("Orion Pro", "released")]


def nameless(maker: str | None, *, hours: int) -> Judged:
    item, by, detection = judged("Orion", hours=hours, title=f"A new model, {hours}")
    return Judged(item, by, replace(detection, models=(), maker=maker))
