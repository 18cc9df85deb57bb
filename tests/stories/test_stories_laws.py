"""Laws of the stories, over generated newsrooms."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from story_values import fold, judged, model, one_by_one, source

from aiwatch import stories
from aiwatch.model import Folded, Judged, Model, Stage, Tier

FAMILIES = st.sampled_from(["Orion", "Nimbus", "Koala", "제피로스", "Zephyros"])
VERSIONS = st.sampled_from(["1", "2", "2.1", "3"])
VARIANTS = st.sampled_from(["", " Pro", " Flash", " Coder", " 70b"])
STAGES = st.sampled_from(list(Stage))
SOURCES = st.sampled_from([source("a"), source("b"), source("acme", Tier.PRIMARY, "Acme"), source("zen", Tier.PRIMARY, "Zen")])
NAMES = st.builds(lambda family, version, variant: f"{family} {version}{variant}", FAMILIES, VERSIONS, VARIANTS)


@st.composite
def newsrooms(draw: st.DrawFn, names: st.SearchStrategy[str | Model] = NAMES) -> list[Judged]:
    made = []
    for number in range(draw(st.integers(1, 9))):
        models = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        made.append(judged(*models, stage=draw(STAGES), hours=draw(st.integers(0, 2000)), by=draw(SOURCES), key=f"item-{number}"))
    return made


def shape(folded: Folded) -> tuple[object, ...]:
    return folded.stories, frozenset(folded.mentions), frozenset(folded.announcements)


@given(newsrooms(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_within_a_poll_does_not_matter(batch: list[Judged], random: object) -> None:
    shuffled = list(batch)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands a random.Random
    assert shape(fold(batch)) == shape(fold(shuffled))


@given(newsrooms())
def test_folding_again_is_the_same_and_what_was_told_is_not_told_again(batch: list[Judged]) -> None:
    once = fold(batch)
    assert fold(batch) == once
    tellers = {announcement.item_id for announcement in once.announcements}
    assert fold([made for made in batch if made.item.id in tellers], once.stories).announcements == ()


@given(newsrooms())
def test_a_step_of_a_story_is_told_at_most_once_in_a_poll_and_over_many(batch: list[Judged]) -> None:
    in_time = sorted(batch, key=lambda made: made.item.seen_at or made.item.published)  # type: ignore[arg-type,return-value]  # both are set
    for announcements in ([fold(batch)], one_by_one(in_time)):
        ids = [one.id for part in announcements for one in part.announcements]
        assert len(ids) == len(set(ids))


@given(newsrooms(st.builds("Orion {}{}".format, VERSIONS, VARIANTS)), newsrooms(st.builds("Orion 9.9{}".format, VARIANTS)))
def test_another_version_never_changes_a_story(batch: list[Judged], other: list[Judged]) -> None:
    renamed = [
        Judged(replace(item, id=f"other-{item.id}"), by, replace(found, item_id=f"other-{item.id}")) for item, by, found in other
    ]
    alone, together = fold(batch), fold([*batch, *renamed])
    assert set(alone.stories) <= set(together.stories)
    assert set(alone.announcements) <= set(together.announcements)


TEXTS = st.text(max_size=30)
MODELS = st.builds(model, TEXTS, st.none() | TEXTS, family=TEXTS, version=TEXTS, variant=TEXTS, known=st.booleans())


@given(newsrooms(MODELS))
def test_any_text_for_a_name_can_be_folded(batch: list[Judged]) -> None:
    folded = fold(batch)
    assert fold(list(reversed(batch))).stories == folded.stories
    assert {mention.item_id for mention in folded.mentions} >= {item.id for item, _, found in batch if found.announcement}


@given(newsrooms())
def test_every_announcement_has_its_story_its_step_and_its_mention(batch: list[Judged]) -> None:
    folded = fold(batch)
    by_id = {story.id: story for story in folded.stories}
    mentions = {(one.story_id, one.item_id): one for one in folded.mentions}
    for one in folded.announcements:
        step = by_id[one.story_id].at(one.stage)
        assert step is not None
        assert (step.item_id, step.told) == (one.item_id, True)
        assert mentions[one.story_id, one.item_id].stage is one.stage
    for story in folded.stories:
        assert len({step.stage for step in story.stages}) == len(story.stages)


@given(newsrooms())
def test_a_story_answers_to_the_keys_of_what_joined_it(batch: list[Judged]) -> None:
    folded = fold(batch)
    keys = {item.id: stories.keys(detection) for item, _, detection in batch}
    by_id = {story.id: set(story.keys) for story in folded.stories}
    for mention in folded.mentions:
        assert by_id[mention.story_id] & keys[mention.item_id]
