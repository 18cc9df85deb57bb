"""Which step an item counts towards, at the edges, and what it does to its story: times, the vendor's own item, name and quote."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from story_values import START, fold, judged, model, one_by_one, source, told

from aiwatch.model import Evidence, Source, Stage, StoryStage, Tier
from aiwatch.stories import steps, times
from aiwatch.stories.story import name_of, quote_of

VENDOR_BLOG = source("acme-blog", Tier.PRIMARY, "Acme")
PRESS = source("press")
DAY = 24


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def step(stage: Stage, days: float) -> StoryStage:
    return StoryStage(stage=stage, first_seen=at(days), item_id=f"{stage}", source_id="press")


@pytest.mark.parametrize(
    ("stage", "by", "title", "days"),
    [
        (Stage.RELEASED, VENDOR_BLOG, "Orion 6 is here", 2),
        (Stage.RELEASED, PRESS, "Orion 6 is now generally available", 2),
        (Stage.OPEN_WEIGHTS, PRESS, "Orion 6 is open", 5),
        (Stage.RELEASED, PRESS, "Orion 6 is here", 14),
        (Stage.UPDATED, PRESS, "An Orion 6 update is generally available", 14),  # the phrase speaks for a release alone
    ],
)
def test_a_further_stage_is_a_step_from_the_end_of_its_wait_on(stage: Stage, by: Source, title: str, days: int) -> None:
    for hours, count in ((days * DAY, 2), (days * DAY - 1, 1)):
        made = one_by_one(
            [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6", stage=stage, hours=hours, by=by, title=title)]
        )
        assert len(told(made)) == count


def test_the_wait_counts_from_the_last_launch_step() -> None:
    launches = [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6", hours=40 * DAY)]
    made = one_by_one([*launches, judged("Orion 6", stage=Stage.OPEN_WEIGHTS, hours=42 * DAY)])
    assert told(made) == [("Orion 6", "preview"), ("Orion 6", "released")]


def test_an_item_is_coverage_of_the_last_step_begun_before_it_else_of_the_first() -> None:
    launches = [step(Stage.RELEASED, 40), step(Stage.PREVIEW, 3), step(Stage.OPEN_WEIGHTS, 60)]
    nearest = [steps.nearest_step(launches, at(days)).stage for days in (0, 3, 39, 40, 70)]
    assert nearest == [Stage.PREVIEW, Stage.PREVIEW, Stage.PREVIEW, Stage.RELEASED, Stage.OPEN_WEIGHTS]
    one_moment = [step(Stage.RELEASED, 3), step(Stage.ANNOUNCED, 3)]
    assert steps.nearest_step(one_moment, at(5)).stage is Stage.RELEASED


def test_the_vendor_s_word_for_a_step_is_that_step_s_where_an_outlet_was_read_first() -> None:
    """It was coverage of the preview: the release had no word of its vendor's, and those who wait for that never heard of it."""
    preview = judged("Orion 6", stage=Stage.PREVIEW, by=VENDOR_BLOG)
    report = judged("Orion 6", hours=15 * DAY)
    own = judged("Orion 6", hours=15 * DAY - 2, by=VENDOR_BLOG)
    made = one_by_one([preview, report, own])
    assert told(made) == [("Orion 6", "preview"), ("Orion 6", "released")]
    assert [(one.stage, one.role) for one in made[2].mentions] == [(Stage.RELEASED, "primary")]
    early = one_by_one([preview, report, judged("Orion 6", hours=11 * DAY)])
    assert [one.stage for one in early[2].mentions] == [Stage.PREVIEW], (
        "so long before the step it is another word for the last one"
    )


def test_the_vendor_s_own_item_is_the_step_s_primary_from_the_first_and_the_press_s_is_none() -> None:
    own, press = (fold([judged("Orion 6", by=by)]).stories[0].stages[0] for by in (VENDOR_BLOG, PRESS))
    assert (own.primary_item_id, own.primary_seen) == (own.item_id, own.first_seen)
    assert (press.primary_item_id, press.primary_seen) == (None, None)


def test_an_item_that_no_poll_saw_is_as_old_as_its_date() -> None:
    item, _, _ = judged("Orion 6")
    assert times.when(replace(item, seen_at=None), at(90)) == item.published
    assert times.when(replace(item, seen_at=None, published=None), at(90)) == at(90)


def test_midnight_is_a_day_without_a_time_for_what_was_seen_within_that_day_alone() -> None:
    midnight = START.replace(hour=0)
    item, _, _ = judged("Orion 6")
    for seen, when in (
        (midnight + timedelta(hours=23), midnight + timedelta(hours=23)),
        (midnight + timedelta(hours=24), midnight),
    ):
        assert times.when(replace(item, published=midnight, seen_at=seen), at(90)) == when
    second = midnight.replace(second=1)
    assert times.when(replace(item, published=second, seen_at=midnight + timedelta(hours=1)), at(90)) == second


def test_four_names_are_three_and_one_more() -> None:
    names = [f"Orion {number}" for number in range(1, 5)]
    assert name_of([model(one) for one in names[:3]]) == "Orion 1, Orion 2, Orion 3"
    assert name_of([model(one) for one in names]) == "Orion 1, Orion 2, Orion 3 and 1 more"


def test_the_quote_is_the_sentence_in_which_two_rules_speak_for_the_model() -> None:
    summary = "Orion 6 was long awaited. Acme today released Orion 6 to everybody. Orion 6 costs nothing."
    item, _, detection = judged(model("Orion 6"), summary=summary, title="News")

    def fired(*texts: str, weight: float = 1.0) -> tuple[Evidence, ...]:
        places = ((text, summary.index(text)) for text in texts)
        return tuple(
            Evidence(rule="r", field="summary", start=start, end=start + len(text), matched=text, weight=weight)
            for text, start in places
        )

    told_twice = replace(detection, evidence=fired("today released", "to everybody"))
    assert quote_of(item, told_twice) == "Acme today released Orion 6 to everybody."
    for one_speaks in (
        fired("today released"),
        fired("today released") * 2,
        fired("today released", "to everybody", weight=-1.0),
    ):
        assert quote_of(item, replace(detection, evidence=one_speaks)) == "Orion 6 was long awaited."


def test_a_name_is_found_as_it_is_spelled_and_as_the_lexicon_has_it() -> None:
    spelled = replace(model("Orion 6"), spelled="오라이온 6")
    item, _, detection = judged(spelled, title="소식", summary="어제였다. 오라이온 6이 나왔다.")
    assert quote_of(item, detection) == "오라이온 6이 나왔다."


def test_a_quote_of_240_characters_is_whole_and_one_more_is_cut() -> None:
    item, _, detection = judged("Orion 6")
    whole = "Orion 6 " + "w" * 232
    assert quote_of(replace(item, title=whole), detection) == whole
    assert quote_of(replace(item, title=f"{whole} more"), detection) == f"{whole[:-1]}…"
    assert quote_of(replace(item, title=f"{'Orion 6 is here, ' * 14}look at it"), detection).endswith("Orion 6 is here…")


def test_a_long_quote_without_blanks_is_cut_at_its_last_comma_and_not_at_its_first_blank() -> None:
    item, _, detection = judged("Orion 6")
    said = "Acme 今天正式发布新一代旗舰模型" + ",推理能力大幅提升" * 40
    cut = quote_of(replace(item, title=said), detection)
    assert cut.endswith("大幅提升…")
    assert 200 < len(cut) <= 240
