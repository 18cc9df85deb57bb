"""Which story an item belongs to, at the edges: how long a name still means the same launch, and what may join at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from story_values import START, fold, judged, model, one_by_one, source, told

from aiwatch import stories
from aiwatch.model import Detection, Judged, Modality, Model, Source, Stage, Story, Tier

VENDOR_BLOG = source("acme-blog", Tier.PRIMARY, "Acme")
DAY = 24
LATIN, HANGUL = model("Zephyros 4", "Acme"), model("제피로스 4", "Acme")


def improvement(name: str, *, hours: int) -> Judged:
    """An update of no version: it belongs to a story that exists, and is no announcement."""
    item, by, detection = judged(name, stage=Stage.UPDATED, hours=hours)
    return Judged(item, by, replace(detection, announcement=False))


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (HANGUL, LATIN, 21),  # alike in sound
        ("Nimbus 3 Scout", "Nimbus 3", 7),  # the line-up, after a member of it
        ("Nimbus 3", "Nimbus 3 Scout", 3),  # a member, after its line-up
        ("Nimbus 3", "Nimbus 3 70B", 7),  # a size
        ("Nimbus 3", "Nimbus-3-8B-Instruct-2603", 7),  # its snapshot
        ("Orion", "Orion 1", 14),  # no version, and version 1
        ("Orion 6", "Orion", 4),  # the version left out
    ],
)
def test_a_name_that_nearly_agrees_joins_up_to_the_end_of_its_window(first: str | Model, second: str | Model, days: int) -> None:
    assert len(told(one_by_one([judged(first), judged(second, hours=days * DAY)]))) == 1
    assert len(told(one_by_one([judged(first), judged(second, hours=days * DAY + 1)]))) == 2


@pytest.mark.parametrize("stage", [Stage.OPEN_WEIGHTS, Stage.DEPRECATED])
@pytest.mark.parametrize(("first", "second"), [(LATIN, HANGUL), (HANGUL, LATIN)])
def test_a_spelling_in_another_script_is_the_model_s_for_good_once_it_was_taken_for_it(
    first: Model, second: Model, stage: Stage
) -> None:
    launch = [judged(first), judged(second, hours=DAY)]
    for one, other in [(first, second), (second, first)]:
        later = [judged(one, stage=stage, hours=90 * DAY), judged(other, stage=stage, hours=91 * DAY)]
        assert [step for _, step in told(one_by_one([*launch, *later]))] == ["released", str(stage)]


def test_a_review_in_another_script_is_of_the_story_that_took_its_spelling() -> None:
    review = judged(HANGUL, stage=Stage.NONE, hours=90 * DAY)
    launch, _, mention = one_by_one([judged(LATIN), judged(HANGUL, hours=DAY), review])
    assert [one.story_id for one in mention.mentions] == [launch.stories[0].id]
    assert one_by_one([judged(LATIN), review])[1].mentions == ()


@pytest.mark.parametrize("step", ["improved", "retired", "rumoured"])
def test_what_is_no_launch_is_of_the_very_model_though_another_of_its_line_was_launched_these_days(step: str) -> None:
    said = {
        "improved": improvement("Orion 6", hours=61 * DAY),
        "retired": judged("Orion 6", stage=Stage.DEPRECATED, hours=61 * DAY),
        "rumoured": judged("Orion 6", stage=Stage.RUMORED, hours=61 * DAY),
    }[step]
    whole, _, after = one_by_one([judged("Orion 6"), judged("Orion 6 mini", hours=60 * DAY), said])
    assert [one.story_id for one in after.mentions] == [whole.stories[0].id]


def test_the_weights_of_a_model_come_in_sizes_and_are_its_step_whenever_they_come() -> None:
    def opened(name: str, *, days: int) -> Judged:
        return judged(name, stage=Stage.OPEN_WEIGHTS, hours=days * DAY)

    launch, size, whole = (
        judged("Nimbus 3"),
        opened("Nimbus 3 70B", days=40),
        opened("Nimbus 3", days=41),
    )
    assert told(one_by_one([launch, size, whole])) == [("Nimbus 3", "released"), ("Nimbus 3 70B", "open_weights")]
    later = opened("Nimbus 3 8B", days=60)
    assert len(told(one_by_one([launch, size, whole, later]))) == 3, "a size that was added when the weights were out is news"
    ranked = opened("Nimbus 3 Scout", days=40)
    assert len(told(one_by_one([launch, ranked, whole]))) == 3, "another model of the line opens no weights but its own"


def test_a_member_that_its_maker_tells_of_the_day_after_the_line_up_is_a_launch_of_its_own() -> None:
    line_up = judged(model("Nimbus 3", "Acme"), by=VENDOR_BLOG)
    fast = model("Nimbus 3 Fast", "Acme")
    same_day, later = (judged(fast, by=VENDOR_BLOG, hours=hours) for hours in (DAY, 2 * DAY))
    assert told(one_by_one([line_up, same_day])) == [("Nimbus 3", "released")], "one more page of that launch"
    assert told(one_by_one([line_up, later])) == [("Nimbus 3", "released"), ("Nimbus 3 Fast", "released")]
    review = judged(fast, hours=2 * DAY + 3)
    assert len(told(one_by_one([line_up, later, review]))) == 2
    assert len(told(one_by_one([line_up, judged(fast, hours=2 * DAY)]))) == 1, "an outlet picks a member of the line-up"
    assert len(told(one_by_one([judged(model("Nimbus 3", "Acme")), later]))) == 1, (
        "the maker's first word is of what the press told"
    )
    named = judged(model("Nimbus 3", "Acme"), fast, hours=1)
    assert len(told(one_by_one([line_up, named, later]))) == 1, "a report of the launch had named it"
    weights = judged(fast, by=VENDOR_BLOG, hours=2 * DAY - 1, stage=Stage.OPEN_WEIGHTS)
    assert len(told(one_by_one([line_up, weights]))) == 1, "weights come member by member"


@pytest.mark.parametrize(
    ("snapshot", "day", "events"),
    [
        ("Nimbus-3-0308", 6, 2),  # START is the 2nd of March: taken since
        ("Nimbus-3-260308", 6, 2),
        ("Nimbus-3-20260308", 6, 2),
        ("Nimbus-3-0303", 2, 1),  # already the next day on the other side of the globe
        ("Nimbus-3-0227", 6, 1),  # taken before the launch
        ("Nimbus-3-1230", 6, 1),  # of last year, and not of December to come
        ("Nimbus-3-2603", 6, 1),  # the month alone
        ("Nimbus-3-0231", 6, 1),  # no day at all
    ],
)
def test_a_snapshot_whose_name_gives_a_day_after_the_launch_is_another_one(snapshot: str, day: int, events: int) -> None:
    made = one_by_one([judged("Nimbus 3"), judged(snapshot, hours=day * DAY)])
    assert len(told(made)) == events


def test_a_bare_name_is_the_next_model_once_it_was_unheard_for_more_than_180_days() -> None:
    assert len(told(one_by_one([judged("Orion"), judged("Orion", hours=180 * DAY)]))) == 1
    assert len(told(one_by_one([judged("Orion"), judged("Orion", hours=180 * DAY + 1)]))) == 2


def test_the_vendor_s_own_launch_is_the_real_one_more_than_21_days_after_the_press() -> None:
    assert len(told(one_by_one([judged("Orion 6"), judged("Orion 6", hours=21 * DAY, by=VENDOR_BLOG)]))) == 1
    assert len(told(one_by_one([judged("Orion 6"), judged("Orion 6", hours=21 * DAY + 1, by=VENDOR_BLOG)]))) == 2


def test_what_a_cloud_says_of_another_s_model_is_not_its_maker_s_word() -> None:
    cloud, orion = source("cloud", Tier.PRIMARY, "Zen Labs"), model("Orion 6", "Acme")
    made = one_by_one(
        [
            judged(orion, stage=Stage.PREVIEW),
            judged(orion, by=cloud, hours=3 * DAY),  # no further step
            judged(orion, stage=Stage.PREVIEW, by=cloud, hours=22 * DAY),  # nor the real launch
            judged(orion, stage=Stage.PREVIEW, by=VENDOR_BLOG, hours=23 * DAY),
        ]
    )
    assert told(made) == [("Orion 6", "preview"), ("Orion 6", "preview")]
    assert [step.primary_item_id for part in made for story in part.stories for step in story.stages[:1]][:3] == [None] * 3
    first = fold([judged(orion, by=cloud)]).announcements[0]
    assert (first.tier, fold([judged(orion, by=VENDOR_BLOG)]).announcements[0].tier) == (Tier.PRESS, Tier.PRIMARY)
    assert made[3].stories[0].stages[0].primary_item_id is not None


def test_those_21_days_count_from_the_last_launch_step_and_end_with_any_word_of_the_vendor() -> None:
    steps = [
        judged("Orion 6", stage=Stage.PREVIEW),
        judged("Orion 6", hours=30 * DAY),
        judged("Orion 6", hours=40 * DAY, by=VENDOR_BLOG),
    ]
    made = one_by_one(steps)
    assert told(made) == [("Orion 6", "preview"), ("Orion 6", "released")]
    assert made[2].mentions[0].role == "primary"
    said = [judged("Orion 6", stage=Stage.PREVIEW), *(judged("Orion 6", hours=days * DAY, by=VENDOR_BLOG) for days in (3, 60))]
    assert told(one_by_one(said)) == [("Orion 6", "preview"), ("Orion 6", "released")]


def test_a_rumour_alone_is_never_over() -> None:
    for name in ("Orion", "Orion 6"):
        made = one_by_one([judged(name, stage=Stage.RUMORED), judged(name, hours=250 * DAY, by=VENDOR_BLOG)])
        assert told(made) == [(name, "rumored"), (name, "released")]
        assert made[0].stories[0].id == made[1].stories[0].id


def test_what_is_no_launch_joins_a_bare_name_however_old_it_is() -> None:
    made = one_by_one(
        [judged("Orion"), improvement("Orion", hours=300 * DAY), judged("Orion", stage=Stage.DEPRECATED, hours=600 * DAY)]
    )
    assert told(made) == [("Orion", "released"), ("Orion", "deprecated")]
    assert {part.mentions[0].story_id for part in made} == {made[0].stories[0].id}


def test_a_rumour_without_a_version_is_of_the_next_model_and_not_of_what_was_launched_these_days() -> None:
    made = one_by_one([judged("Orion 6"), judged("Orion", stage=Stage.RUMORED, hours=DAY)])
    assert told(made) == [("Orion 6", "released"), ("Orion", "rumored")]


def test_a_version_is_told_though_its_bare_name_was_launched_beside_another_model_these_days() -> None:
    made = one_by_one([judged("Orion", "Nimbus 2"), judged("Orion 6", "Nimbus 2", hours=20)])
    assert told(made) == [("Orion, Nimbus 2", "released"), ("Orion 6", "released")]


def test_the_nearest_step_of_a_story_says_how_far_an_item_is_from_it() -> None:
    steps = [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6", hours=40 * DAY)]
    assert told(one_by_one([*steps, judged("Orion", hours=41 * DAY)])) == [("Orion 6", "preview"), ("Orion 6", "released")]


def test_a_launch_of_these_days_keeps_a_model_that_is_named_beside_a_new_one() -> None:
    made = one_by_one(
        [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6", hours=40 * DAY), judged("Orion 6", "Koala 9", hours=41 * DAY)]
    )
    assert told(made) == [("Orion 6", "preview"), ("Orion 6", "released"), ("Koala 9", "released")]


@pytest.mark.parametrize(
    ("stage", "title", "by"),
    [
        (Stage.RELEASED, "Orion 6: all can have it", VENDOR_BLOG),
        (Stage.RELEASED, "Orion 6 is generally available", source()),
        (Stage.OPEN_WEIGHTS, "Orion 6: the weights", source()),
    ],
)
def test_another_model_of_the_line_launched_these_days_mutes_no_further_step(stage: Stage, title: str, by: Source) -> None:
    before = [judged("Orion 6", stage=Stage.PREVIEW), judged("Orion 6 mini", hours=20 * DAY)]
    step = judged(model("Orion 6", "Acme"), stage=stage, title=title, by=by, hours=21 * DAY)
    assert told(one_by_one([*before, step]))[2:] == [("Orion 6", str(stage))]
    loosely = judged("Orion 6", title="The new Orion 6 is out", hours=21 * DAY)
    assert told(one_by_one([*before, loosely]))[2:] == []


def test_a_line_up_of_older_stories_and_a_new_model_is_a_story_of_its_own() -> None:
    made = one_by_one(
        [
            judged("Nimbus 3 Pro", stage=Stage.PREVIEW),
            judged("Nimbus 3 Flash", stage=Stage.PREVIEW, hours=20 * DAY),
            judged("Nimbus 3 Pro", "Nimbus 3 Flash", "Nimbus 3 Lite", hours=60 * DAY),
        ]
    )
    assert len({part.stories[0].id for part in made}) == 3


def test_a_member_is_of_the_line_of_any_of_the_story_s_models() -> None:
    made = one_by_one([judged("Orion 3 Pro", "Nimbus 2"), judged("Orion 3 Pro", "Orion 3 Flash", hours=5)])
    assert told(made) == [("Orion 3 Pro, Nimbus 2", "released")]


def test_a_story_s_maker_parts_it_from_another_s_model_of_the_same_name() -> None:
    made = one_by_one([judged("Koala", model("Wombat", "Acme")), judged(model("Koala", "Zen"), hours=5)])
    assert told(made) == [("Koala, Wombat", "released"), ("Koala", "released")]
    assert (made[0].stories[0].vendor, made[0].announcements[0].vendor) == ("Acme", "Acme")


def test_a_source_that_is_not_the_vendor_s_own_lends_its_models_no_vendor() -> None:
    assert fold([judged("Orion 6", by=source("fans", Tier.COMMUNITY, "Acme"))]).stories[0].vendor is None


def test_the_vendor_s_own_word_goes_first_among_equals() -> None:
    folded = fold([judged("Orion 6", by=source("a")), judged("Orion 6", by=VENDOR_BLOG)])
    assert [one.source_id for one in folded.announcements] == ["acme-blog"]


def test_the_modality_is_the_model_s_and_unknown_where_there_is_none() -> None:
    item, by, detection = judged(replace(model("Orion 6"), modality=Modality.VIDEO))
    named, unnamed = fold([Judged(item, by, detection)]), fold([Judged(item, by, replace(detection, models=()))])
    assert [(one.stories[0].modality, one.announcements[0].modality) for one in (named, unnamed)] == [
        (Modality.VIDEO, Modality.VIDEO),
        (Modality.OTHER, Modality.OTHER),
    ]


def test_what_is_just_as_old_as_the_alert_window_is_told() -> None:
    for hours, silent in ((72, False), (73, True)):
        folded = stories.fold([judged("Orion 6")], [], now=START + timedelta(hours=hours), alert_window=timedelta(hours=72))
        assert bool(folded.announcements[0].silent) is silent


# --- the same item again --------------------------------------------------------------------------------------------------------


def test_a_report_without_a_name_meets_itself_again() -> None:
    item, by, detection = judged("Orion", title="A lab shows a video model")
    nameless = Judged(item, by, replace(detection, models=()))
    made = one_by_one([nameless, Judged(replace(item, revision=2), by, replace(nameless.detection, stage=Stage.PREVIEW))])
    assert len(told(made)) == 1
    assert made[1].mentions == made[0].mentions


def test_an_item_that_made_a_step_makes_no_other_one_when_it_is_edited() -> None:
    item, by, detection = judged("Orion 6")
    retired = replace(detection, announcement=False, stage=Stage.DEPRECATED)
    made = one_by_one([Judged(item, by, detection), Judged(replace(item, revision=2), by, retired)])
    assert (told(made), made[1].stories) == ([("Orion 6", "released")], ())


def test_the_maker_s_word_for_a_rumour_met_again_stays_with_it_though_another_maker_launched_meanwhile() -> None:
    acme, zen = source("acme", Tier.PRIMARY, "Acme"), source("zen", Tier.PRIMARY, "Zen")
    rumour = judged("Orion 1", stage=Stage.RUMORED, hours=0, by=source("a"), key="press")
    word = judged("Orion 1", "Orion 2", stage=Stage.RUMORED, hours=1, by=zen, key="word")
    once = fold([rumour, word, judged("Orion 1", stage=Stage.ANNOUNCED, hours=2, by=acme, key="launch")])
    assert fold([word], once.stories).announcements == ()


def test_a_rumour_met_again_tells_no_other_of_its_models() -> None:
    first = judged("Orion 1", "Orion 2", stage=Stage.RUMORED, hours=0, by=source("a"), key="first")
    beside = judged("Orion 1", "Orion 2 Pro", "Nimbus 1", stage=Stage.RUMORED, hours=169, by=source("a"), key="beside")
    once = fold([first, beside, judged("Orion 1 Pro", stage=Stage.ANNOUNCED, hours=170, by=source("a"), key="launch")])
    assert "Nimbus 1" in {one.name for one in once.announcements}
    assert fold([beside], once.stories).announcements == ()


def test_an_undated_item_that_is_edited_late_stays_with_the_step_it_made() -> None:
    item, by, detection = judged("Orion 6", stage=Stage.PREVIEW)
    first = Judged(replace(item, published=None), by, detection)
    later = Judged(replace(first.item, seen_at=START + timedelta(days=50), revision=2), by, detection)
    made = one_by_one([first, judged("Orion 6", hours=40 * DAY), later])
    assert [(part.mentions[0].stage, part.mentions[0].role) for part in made] == [
        (Stage.PREVIEW, "first"),
        (Stage.RELEASED, "first"),
        (Stage.PREVIEW, "first"),
    ]


# --- mentions -------------------------------------------------------------------------------------------------------------------


def review(name: str, *, hours: int) -> Judged:
    return judged(name, stage=Stage.NONE, hours=hours, title=f"{name}: a review", by=source("magazine"))


def mentioned(kept: list[Story], made: Judged) -> list[tuple[str, Stage]]:
    return [(one.story_id, one.stage) for one in fold([made], kept).mentions]


def test_a_review_is_of_the_exact_name_also_within_one_poll() -> None:
    folded = fold([judged("Orion 6"), review("Orion 6 Pro", hours=1), review("Orion 6", hours=2)])
    assert [one.role for one in folded.mentions] == ["first", "mention"]


def test_a_review_is_of_the_newest_model_of_that_name_that_was_there() -> None:
    made = one_by_one([judged("Orion"), judged("Orion", hours=200 * DAY)])
    first, second = (part.stories[0] for part in made)
    assert mentioned([first, second], review("Orion", hours=210 * DAY)) == [(second.id, Stage.RELEASED)]
    assert mentioned([first, second], review("Orion", hours=100 * DAY)) == [(first.id, Stage.RELEASED)]


def test_a_review_counts_towards_the_launch_and_to_a_rumour_only_where_there_was_none() -> None:
    rumour, launch = judged("Orion 6", stage=Stage.RUMORED), judged("Orion 6", hours=5)
    end = judged("Orion 6", stage=Stage.DEPRECATED, hours=300 * DAY)
    whole = one_by_one([rumour, launch, end])[-1].stories[0]
    assert mentioned([whole], review("Orion 6", hours=301 * DAY)) == [(whole.id, Stage.RELEASED)]
    rumoured = fold([rumour]).stories[0]
    assert mentioned([rumoured], review("Orion 6", hours=9)) == [(rumoured.id, Stage.RUMORED)]


def test_a_member_that_joined_later_is_what_a_review_of_it_is_of() -> None:
    made = one_by_one([judged("Orion 3 Pro"), judged("Orion 3 Pro", "Orion 3 Flash", hours=5), review("Orion 3 Flash", hours=9)])
    assert [one.story_id for one in made[2].mentions] == [made[0].stories[0].id]


def test_an_improvement_of_what_is_only_rumoured_belongs_nowhere() -> None:
    made = one_by_one([judged("Orion 6", stage=Stage.RUMORED), improvement("Orion 6", hours=5)])
    assert (made[1].stories, made[1].mentions) == ((), ())


def test_a_rumour_adds_no_member() -> None:
    item, by, detection = judged("Orion 6", stage=Stage.RUMORED)
    both = replace(detection, models=(*detection.models, model("Orion 6 Pro")))
    made = one_by_one([Judged(item, by, detection), Judged(replace(item, id="second"), by, replace(both, item_id="second"))])
    assert [one.name for one in made[1].stories[0].models] == ["Orion 6"]


def test_an_older_item_that_comes_late_moves_a_story_s_beginning_back() -> None:
    kept = fold([judged("Orion 6", hours=48)]).stories
    assert fold([judged("Orion 6", hours=24)], kept).stories[0].first_seen == START + timedelta(hours=24)


def test_a_name_of_the_lexicon_is_better_than_one_that_was_found() -> None:
    found, listed = model("ORION 6"), model("Orion 6", known=True)
    for first, second in ((found, listed), (listed, found)):
        made = one_by_one([judged(first), judged(second, hours=1)])
        assert [one.name for one in made[1].stories[0].models] == ["Orion 6"]


def test_an_announcement_of_no_stage_is_an_announced_model() -> None:
    item, by, detection = judged("Orion 6")
    assert told(fold([Judged(item, by, replace(detection, stage=Stage.NONE, announcement=True))])) == [("Orion 6", "announced")]


def test_what_names_nothing_and_tells_nothing_has_no_key() -> None:
    assert stories.keys(Detection(item_id="x", announcement=False, stage=Stage.UPDATED)) == frozenset()
