"""A person's word over the rules': what becomes of stories, of what waits to be told, and of what comes later."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import LAB, START, WIRE, Newsroom
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aiwatch import judging, poll, replay, rules
from aiwatch.feedback import Mend, SameName, Saying
from aiwatch.model import Announcement, Edition, Filter, Model, Silence, Source, Stage, Story, StoryStage, ident
from aiwatch.names.identity import identity
from aiwatch.settings import Subscription
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.stories.refile import refile
from aiwatch.views import Label

PAPER = Source(id="paper", name="Paper", url="https://paper.example/feed", lang="en")
SINMUN = Source(id="sinmun", name="Sinmun", url="https://sinmun.example/feed", lang="ko")
DAILY = Subscription(id="daily", title="Daily", schedule="0 8 * * *", recipients=("me",))
OPINION = "OpenAI says GPT-9 is out and it changes everything"
LAUNCH = "OpenAI launches GPT-9, its new flagship language model"
ZEPHYROS = "Brightloom launches Zephyros 4, a new image model"
NARAE = "브라이트룸, 새 이미지 모델 '미르나래 4' 공개"


@dataclass
class Desk:
    """A newsroom with one digest, and a person at it."""

    room: Newsroom

    def brings(self, source: Source, title: str, summary: str = "") -> list[str]:
        """The names that are told once a source has brought this."""
        self.room.publish(source, title, summary)
        return [one.name for one in self.room.poll(subscriptions=[DAILY])]

    def item(self, source: Source, title: str) -> str:
        with Library(self.room.database) as library:
            trace = library.trace(self.room.address(source, title))
        assert trace is not None
        return trace.item.id

    def says(
        self, item_id: str, yes: bool, stage: Stage | None = None, models: tuple[Model, ...] = (), *, apart: bool = False
    ) -> Mend:
        label = Label(item_id=item_id, announcement=yes, stage=stage, note="", at=self.room.tick(), models=models, apart=apart)
        return self.mends(Saying(labels=(label,)), asked=[item_id])

    def mends(self, said: Saying, concerned: Collection[str] = (), asked: Collection[str] = ()) -> Mend:
        now = self.room.tick()
        with SqliteStore(self.room.database) as store:
            return store.mend(said, concerned, lambda shelved: refile(shelved, asked, [DAILY], now), now)

    def told(self) -> dict[str, str]:
        """What stands as told: titles by model and step."""
        return {f"{one.name} {one.stage}": one.title for one in self.announcements() if one.silent is None}

    def silent(self) -> dict[str, str]:
        return {one.title: one.silent for one in self.announcements() if one.silent}

    def announcements(self) -> list[Announcement]:
        with Library(self.room.database) as library:
            return library.timeline(Filter(stages=tuple(Stage)), limit=1000, silent=True)

    def waits(self) -> list[str]:
        with SqliteStore(self.room.database) as store:
            return [one.name for one in store.pending("daily", self.room.clock)]

    def titles(self) -> set[str]:
        """The titles of what waits."""
        with SqliteStore(self.room.database) as store:
            return {one.title for one in store.pending("daily", self.room.clock)}

    def goes_out(self) -> list[str]:
        """Compose the digest with all that waits for it; its names."""
        now = self.room.tick()
        with SqliteStore(self.room.database) as store:
            found = store.pending("daily", now)
            made = Edition(
                id=ident("daily", now),
                digest_id="daily",
                title="",
                since=START,
                until=now,
                entries=tuple(store.entries([one.id for one in found])),
            )
            store.publish(made, [], [one.id for one in found])
        return [one.name for one in found]

    def stories(self) -> dict[str, int]:
        with Library(self.room.database) as library:
            return {one.story.name: one.members for one in library.stories(limit=100)[0]}

    def story(self, name: str) -> Story:
        with Library(self.room.database) as library:
            view, _ = library.called(name)
        assert view is not None
        return view.story

    def known(self) -> set[str]:
        """The titles of items that stand in a step that was told."""
        told = {(one.story_id, one.stage) for one in self.announcements() if one.silent is None}
        with SqliteStore(self.room.database) as store:
            return {
                item.title
                for item, _ in store.archive()
                if any((m.story_id, m.stage) in told for m in store.mentions(item.id) if m.role != "mention")
            }

    def steps(self) -> dict[str, tuple[StoryStage, ...]]:
        """The steps of the stories that stand, whose first word each was and whose the vendor's, by model."""
        with Library(self.room.database) as library:
            return {one.story.name: self.story(one.story.name).stages for one in library.stories(limit=100)[0]}

    def replayed(self) -> set[str]:
        """What a replay tells, with people's words, as ``told`` has it."""
        with SqliteStore(self.room.database) as store:
            words = store.words([one.item_id for one in store.labels()])
            made = replay.tell(list(store.archive()), rules.load(), alert_window=timedelta(hours=72), words=words)
        return {f"{one.name} {one.stage}" for one in made.announcements.values()}


def opened(tmp_path: Path) -> Desk:
    """A desk whose sources have had their first poll."""
    made = Desk(Newsroom(tmp_path, sources=(WIRE, PAPER, SINMUN, LAB)))
    for source in made.room.sources:
        made.room.publish(source, f"Welcome to {source.name}")
    made.room.poll(subscriptions=[DAILY])
    return made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path)


# --- no launch ------------------------------------------------------------------------------------------------------------------


def test_a_false_alarm_is_told_no_more_and_stands_in_no_launch_s_way(desk: Desk) -> None:
    assert desk.brings(WIRE, OPINION) == ["GPT-9"]
    made = desk.says(desk.item(WIRE, OPINION), yes=False)
    assert [one.name for one in made.withdrawn] == ["GPT-9"]
    assert (desk.told(), desk.waits(), desk.stories()) == ({}, [], {})
    assert desk.silent() == {OPINION: f"{Silence.WITHDRAWN}it is no announcement"}
    assert desk.brings(PAPER, LAUNCH) == ["GPT-9"], "the launch is news"
    assert desk.told() == {"GPT-9 released": LAUNCH}
    assert desk.waits() == ["GPT-9"]
    assert desk.replayed() == set(desk.told())


def test_what_was_sent_is_kept_with_its_edition_and_not_sent_again_when_the_person_thinks_better_of_it(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    assert desk.goes_out() == ["GPT-9"]
    item = desk.item(WIRE, OPINION)
    desk.says(item, yes=False)
    with Library(desk.room.database) as library:
        trace = library.trace(item)
    assert trace is not None
    assert [one.edition_id is not None for one in trace.outbox] == [True], "explain still knows who got it"
    desk.says(item, yes=True)
    assert desk.told() == {"GPT-9 released": OPINION}
    assert (desk.waits(), desk.silent(), desk.stories()) == ([], {}, {"GPT-9": 1})


def test_taking_a_judgement_back_gives_the_rules_the_word_again(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    item = desk.item(WIRE, OPINION)
    before = desk.told(), desk.waits(), desk.stories()
    desk.says(item, yes=False)
    desk.mends(Saying(taken_back=(item,)), asked=[item])
    assert (desk.told(), desk.waits(), desk.stories()) == before


@pytest.mark.parametrize("word", [None, Stage.NONE, Stage.PREVIEW])
def test_who_was_first_is_first_again_when_a_no_is_taken_back(desk: Desk, word: Stage | None) -> None:
    """``word``: NONE takes the judgement back, another one says yes, at that stage."""
    desk.brings(LAB, LAUNCH)
    desk.brings(WIRE, OPINION)
    desk.brings(PAPER, "GPT-9 arrives: OpenAI releases its new language model")
    desk.goes_out()
    item, before = desk.item(LAB, LAUNCH), desk.story("GPT-9")
    desk.says(item, yes=False)
    assert desk.story("GPT-9").stages[0].item_id == desk.item(WIRE, OPINION)
    if word is Stage.NONE:
        desk.mends(Saying(taken_back=(item,)), asked=[item])
    else:
        desk.says(item, yes=True, stage=word)
    (step,) = desk.story("GPT-9").stages
    assert step == (replace(before.stages[0], stage=word) if word is Stage.PREVIEW else before.stages[0])
    assert desk.told() == {f"GPT-9 {step.stage}": LAUNCH}
    assert (desk.waits(), desk.silent(), desk.stories()) == ([], {}, {"GPT-9": 3})


def test_a_second_step_is_its_item_s_again_when_a_no_is_taken_back(desk: Desk) -> None:
    desk.brings(WIRE, "OpenAI launches GPT-9 in public preview")
    desk.room.clock += timedelta(days=3)
    desk.brings(LAB, LAUNCH)
    desk.brings(PAPER, "GPT-9 arrives: OpenAI releases its new language model")
    item, before = desk.item(LAB, LAUNCH), desk.story("GPT-9").stages
    assert len(before) == 2
    desk.says(item, yes=False)
    assert desk.story("GPT-9").stages != before
    desk.mends(Saying(taken_back=(item,)), asked=[item])
    assert desk.story("GPT-9").stages == before


def test_other_coverage_keeps_a_step_that_its_first_item_did_not_tell(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    desk.goes_out()
    desk.brings(PAPER, LAUNCH)
    desk.says(desk.item(WIRE, OPINION), yes=False)
    assert desk.told() == {"GPT-9 released": LAUNCH}, "the readers know of it: it stands, by the next item"
    assert (desk.waits(), desk.silent()) == ([], {})


def test_a_launch_that_a_false_alarm_had_muted_weeks_before_is_told(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    desk.goes_out()
    desk.room.clock += timedelta(days=20)
    assert desk.brings(PAPER, LAUNCH) == [], "it was muted"
    desk.says(desk.item(WIRE, OPINION), yes=False)
    assert desk.told() == {"GPT-9 released": LAUNCH}
    assert desk.waits() == ["GPT-9"]


def test_a_judgement_that_agrees_changes_nothing(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    desk.brings(PAPER, "GPT-9 arrives: OpenAI releases its new language model")
    before = desk.announcements(), desk.stories(), desk.waits()
    assert desk.says(desk.item(WIRE, LAUNCH), yes=True) == Mend()
    assert desk.says(desk.item(WIRE, LAUNCH), yes=True, stage=Stage.RELEASED) == Mend()
    assert desk.says(desk.item(WIRE, "Welcome to Wire"), yes=False) == Mend()
    assert (desk.announcements(), desk.stories(), desk.waits()) == before


# --- a launch that was missed -----------------------------------------------------------------------------------------------------

MISSED = "Why the Tidewater 2 matters for builders"
TIDEWATER = Model(name="Tidewater 2", vendor="Brightloom", family="tidewater", version="2")


def test_a_missed_launch_is_told_late_and_known_to_what_comes_later(desk: Desk) -> None:
    assert desk.brings(WIRE, MISSED) == []
    desk.says(desk.item(WIRE, MISSED), yes=True, models=(TIDEWATER,))
    assert desk.told() == {"Tidewater 2 announced": MISSED}
    assert desk.waits() == ["Tidewater 2"]
    assert desk.brings(PAPER, "Brightloom launches Tidewater 2, a new language model") == [], "told already"
    assert desk.stories() == {"Tidewater 2": 2}
    assert desk.brings(PAPER, "Tidewater 3 now available from Brightloom") == ["Tidewater 3"], "family and maker are known"
    assert desk.replayed() == set(desk.told())


def test_a_missed_launch_of_long_ago_is_recorded_in_silence(desk: Desk) -> None:
    desk.brings(WIRE, MISSED)
    desk.room.clock += timedelta(days=40)
    desk.says(desk.item(WIRE, MISSED), yes=True, models=(TIDEWATER,))
    assert (desk.told(), desk.waits(), desk.stories()) == ({}, [], {"Tidewater 2": 1})


def test_a_missed_launch_that_another_item_told_joins_it(desk: Desk) -> None:
    desk.brings(WIRE, MISSED)
    desk.brings(PAPER, "Brightloom launches Tidewater 2, a new language model")
    desk.goes_out()
    desk.says(desk.item(WIRE, MISSED), yes=True, models=(TIDEWATER,))
    assert (desk.told(), desk.waits(), desk.stories()) == ({"Tidewater 2 announced": MISSED}, [], {"Tidewater 2": 2})


# --- names ------------------------------------------------------------------------------------------------------------------------


def _same(desk: Desk, name: str, other: str) -> Mend:
    one, two = desk.story(name), desk.story(other)
    (model,), meant = two.models, one.models[0]
    word = SameName(name_key=identity(model).key, spelled=other, vendor=model.vendor, model=meant, at=desk.room.tick())
    with Library(desk.room.database) as library:
        view = library.story(two.id)
    assert view is not None
    return desk.mends(Saying(same=(word,)), [member.item_id for member in view.members])


def test_two_stories_of_one_model_become_one_and_stay_so(desk: Desk) -> None:
    assert desk.brings(WIRE, ZEPHYROS) + desk.brings(SINMUN, NARAE) == ["Zephyros 4", "미르나래 4"]
    _same(desk, "Zephyros 4", "미르나래 4")
    assert desk.told() == {"Zephyros 4 released": ZEPHYROS}
    assert (desk.stories(), desk.waits()) == ({"Zephyros 4": 2}, ["Zephyros 4"])
    assert desk.silent() == {NARAE: f"{Silence.WITHDRAWN}it belongs to “Zephyros 4”"}
    assert desk.brings(SINMUN, "브라이트룸 '미르나래 4' 출시… 새 이미지 생성 모델") == []
    assert desk.stories() == {"Zephyros 4": 3}
    assert desk.brings(SINMUN, "브라이트룸, 새 이미지 모델 '미르나래 5' 공개") == ["미르나래 5"], (
        "another version is another model"
    )
    assert desk.replayed() == set(desk.told())


def test_names_that_are_taken_apart_again_are_two_stories_as_before(desk: Desk) -> None:
    desk.brings(WIRE, ZEPHYROS)
    desk.brings(SINMUN, NARAE)
    desk.goes_out()
    before = desk.told(), desk.stories()
    _same(desk, "Zephyros 4", "미르나래 4")
    with SqliteStore(desk.room.database) as store:
        (key,) = store.words(()).same
    with Library(desk.room.database) as library:
        view = library.story(desk.story("Zephyros 4").id)
    assert view is not None
    desk.mends(Saying(parted=(key,)), [one.item_id for one in view.members])
    assert (desk.told(), desk.stories(), desk.waits()) == (*before, []), "and nobody is told again"


def test_a_corrected_name_maker_and_kind_stand_everywhere_and_are_not_told_again(desk: Desk) -> None:
    desk.brings(WIRE, ZEPHYROS)
    desk.goes_out()
    right = Model(name="Zephyros 4 Paint", vendor="Bright Loom", family="zephyros", version="4", variant="paint")
    desk.says(desk.item(WIRE, ZEPHYROS), yes=True, models=(right,))
    (one,) = desk.announcements()
    assert (one.name, one.vendor, one.modality, one.silent) == ("Zephyros 4 Paint", "Bright Loom", right.modality, None)
    assert (desk.stories(), desk.waits()) == ({"Zephyros 4 Paint": 1}, [])
    with Library(desk.room.database) as library:
        assert dict(library.stats().vendors) == {"Bright Loom": 1}
        assert [hit.story_name for hit in library.search('vendor:"bright loom"').hits] == ["Zephyros 4 Paint"]
        assert library.search("vendor:brightloom").hits == ()


def test_a_judgement_of_an_older_version_is_heeded_once_it_is_said_again(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    item = desk.item(WIRE, OPINION)
    label = Label(item_id=item, announcement=False, stage=None, note="", at=START)
    with SqliteStore(desk.room.database) as store:
        store.mend(Saying(labels=(label,)), (), lambda _: Mend(), START)
    assert desk.told() == {"GPT-9 released": OPINION}, "kept, as older versions kept it"
    desk.says(item, yes=False)
    assert desk.told() == {}


def test_a_digest_of_the_right_maker_is_told_what_it_missed_under_the_wrong_one(desk: Desk) -> None:
    desk.brings(WIRE, ZEPHYROS)
    item = desk.item(WIRE, ZEPHYROS)
    own = Subscription(id="own", title="", schedule="0 8 * * *", filter=Filter(vendors=("Quillon",)))
    label = Label(
        item_id=item, announcement=True, stage=None, note="", at=START, models=(Model(name="Zephyros 4", vendor="Quillon"),)
    )
    with SqliteStore(desk.room.database) as store:
        now = desk.room.tick()
        store.mend(Saying(labels=(label,)), (), lambda shelved: refile(shelved, [item], [DAILY, own], now), now)
        assert [one.vendor for one in store.pending("own", now)] == ["Quillon"]
        assert [one.vendor for one in store.pending("daily", now)] == ["Quillon"]


# --- one story that is two ----------------------------------------------------------------------------------------------------------


def test_what_a_line_up_s_story_swallowed_is_told_by_itself_where_a_person_says_so(desk: Desk) -> None:
    assert desk.brings(WIRE, "Meta releases Llama 7, its new family of open language models") == ["Llama 7"]
    scout = "Meta releases Llama 7 Scout, a language model"
    assert desk.brings(PAPER, scout) == []
    desk.goes_out()
    desk.says(desk.item(PAPER, scout), yes=True, apart=True)
    assert sorted(desk.stories()) == ["Llama 7", "Llama 7 Scout"]
    assert desk.waits() == ["Llama 7 Scout"]
    assert desk.brings(SINMUN, "메타, 새 언어 모델 '라마 7 스카우트' 공개") == []
    assert desk.stories() == {"Llama 7": 1, "Llama 7 Scout": 2}, "later items go where their name is"
    assert desk.replayed() == set(desk.told())


def test_a_second_launch_under_one_name_is_told_where_a_person_says_so(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    desk.goes_out()
    again = "OpenAI releases GPT-9, a new language model that is smaller"
    assert desk.brings(PAPER, again) == []
    desk.says(desk.item(PAPER, again), yes=True, apart=True)
    assert desk.waits() == ["GPT-9"]
    assert [one.title for one in desk.announcements()] == [LAUNCH, again]


def test_what_nobody_spoke_of_is_not_told_when_its_story_is_taken_apart(desk: Desk) -> None:
    """Two reports of one launch; the first turns out to be another model, and the second opens the story anew."""
    desk.brings(WIRE, LAUNCH)
    desk.brings(PAPER, OPINION)
    desk.goes_out()
    desk.says(desk.item(WIRE, LAUNCH), yes=True, models=(Model(name="GPT-10", vendor="OpenAI"),))
    assert desk.told() == {"GPT-10 released": LAUNCH, "GPT-9 released": OPINION}
    assert desk.waits() == []


def test_what_still_waits_is_told_for_both_when_a_story_is_taken_apart(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    desk.brings(PAPER, OPINION)
    desk.says(desk.item(WIRE, LAUNCH), yes=True, models=(Model(name="GPT-10", vendor="OpenAI"),))
    assert sorted(desk.waits()) == ["GPT-10", "GPT-9"]


# --- stages -------------------------------------------------------------------------------------------------------------------------


def test_a_rumour_told_as_a_fact_leaves_the_launch_to_be_told(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    made = desk.says(desk.item(WIRE, OPINION), yes=False, stage=Stage.RUMORED)
    assert desk.waits() == [], "the digest wants no rumours"
    assert [one.stage for _, one in made.announcements] == [Stage.RUMORED]
    assert desk.brings(PAPER, LAUNCH) == ["GPT-9"]
    assert set(desk.told()) == {"GPT-9 rumored", "GPT-9 released"} == desk.replayed()


def test_a_wrong_step_is_the_right_one_and_the_next_is_news(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    desk.goes_out()
    desk.says(desk.item(WIRE, LAUNCH), yes=True, stage=Stage.ANNOUNCED)
    assert (set(desk.told()), desk.waits()) == ({"GPT-9 announced"}, [])
    desk.room.clock += timedelta(days=15)
    assert desk.brings(PAPER, LAUNCH) == ["GPT-9"]
    assert set(desk.told()) == {"GPT-9 announced", "GPT-9 released"}


# --- beside a running service -------------------------------------------------------------------------------------------------------


def test_a_poll_that_read_its_stories_before_they_were_mended_is_made_again(desk: Desk) -> None:
    """The person's word comes between reading the stories and writing the poll; the next poll finds the story as it is now."""
    desk.brings(WIRE, OPINION)
    desk.room.publish(PAPER, LAUNCH)
    desk.room.clock += timedelta(hours=1)

    class Slow(SqliteStore):
        def stories(self, keys: Collection[str]) -> list[Story]:
            found = super().stories(keys)
            desk.says(desk.item(WIRE, OPINION), yes=False)
            return found

    def polled(store: SqliteStore) -> bool:
        world = poll.Poller(
            store=store,
            fetch=desk.room.fetch,
            rules=rules.load(),
            clock=desk.room.tick,
            sources=desk.room.sources,
            subscriptions=(DAILY,),
        )
        store.sync_sources(desk.room.sources, desk.room.clock)
        (job,) = store.claim_due(desk.room.clock, 9, timedelta(minutes=5), only=["paper"])
        return asyncio.run(poll.poll(world, job)) is not None

    with Slow(desk.room.database) as store:
        assert not polled(store)
    with SqliteStore(desk.room.database) as sound:
        assert polled(sound)
    assert desk.told() == {"GPT-9 released": LAUNCH}
    assert desk.waits() == ["GPT-9"]


def test_an_edited_item_stays_what_a_person_said_it_is(desk: Desk) -> None:
    desk.brings(WIRE, OPINION)
    desk.says(desk.item(WIRE, OPINION), yes=False)
    entries = desk.room.entries["wire"]
    at = next(place for place, entry in enumerate(entries) if entry[0] == OPINION)
    entries[at] = (OPINION, "Now with a longer summary of what OpenAI says.", entries[at][2])
    desk.room.poll(subscriptions=[DAILY])
    assert (desk.told(), desk.waits()) == ({}, [])


def test_what_is_judged_stands_in_no_digest_s_list_of_near_misses(desk: Desk) -> None:
    near = "Brightloom shows Tidewater 2"
    desk.brings(WIRE, near)
    item = desk.item(WIRE, near)
    with SqliteStore(desk.room.database) as store:
        listed = [one.item_id for one in store.near_misses(START, desk.room.clock, 9)]
        assert listed in ([item], []), listed
    desk.says(item, yes=False)
    with SqliteStore(desk.room.database) as store:
        assert store.near_misses(START, desk.room.clock, 9) == []


# --- judged again by today's rules ----------------------------------------------------------------------------------------------------


def test_items_judged_by_other_rules_take_their_stories_along(desk: Desk) -> None:
    desk.brings(WIRE, ZEPHYROS)
    desk.brings(SINMUN, NARAE)
    desk.goes_out()
    overlay = '[families]\n"Zephyros" = { vendor = "Brightloom", names = ["Zephyros", "미르나래"], modality = "image" }\n'
    with SqliteStore(desk.room.database) as store:
        judged = tuple(one for document in store.archive() for one in judging.judge([document], rules.load(overlay)))
    desk.mends(Saying(detections=judged))
    assert (desk.stories(), desk.waits()) == ({"Zephyros 4": 2}, [])
    assert list(desk.told()) == ["Zephyros 4 released"]


# --- laws -----------------------------------------------------------------------------------------------------------------------------

TITLES = (
    LAUNCH,
    OPINION,
    ZEPHYROS,
    "OpenAI releases GPT-9 Mini, a small language model",
    "OpenAI to retire GPT-9 in June",
    MISSED,
)
WORDS = st.lists(
    st.tuples(
        st.integers(0, len(TITLES) - 1),
        st.booleans(),
        st.sampled_from([None, Stage.ANNOUNCED, Stage.RUMORED]),
        st.sampled_from([(), (TIDEWATER,), (Model(name="GPT-9", vendor="OpenAI"),)]),
        st.booleans(),
    ),
    max_size=5,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, sent=st.booleans())
@example(
    words=[(3, True, None, (), True), (1, True, None, (), True)], sent=True
)  # a waiting step takes the place of one that was sent
def test_whatever_people_say_nothing_is_told_twice_and_taking_it_back_restores_what_was_told(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[int, bool, Stage | None, tuple[Model, ...], bool]], *, sent: bool
) -> None:
    desk = Desk(Newsroom(tmp_path_factory.mktemp("law"), sources=(WIRE, PAPER)))
    desk.brings(PAPER, "Welcome")
    for place, title in enumerate(TITLES):
        desk.brings(WIRE if place % 2 else PAPER, title)
    items = [desk.item(WIRE if place % 2 else PAPER, title) for place, title in enumerate(TITLES)]
    went = desk.titles() if sent else set[str]()
    if sent:
        desk.goes_out()
    before, steps = desk.known(), desk.steps()
    for place, yes, stage, models, apart in words:
        if stage is not None and yes == (stage is Stage.RUMORED):
            continue
        desk.says(items[place], yes, stage, models, apart=apart)
        with SqliteStore(desk.room.database) as store:
            pairs = [(one.story_id, one.stage) for one in desk.announcements()]
            assert len(set(pairs)) == len(pairs)
            assert all(one.silent is None for one in store.pending("daily", desk.room.clock))
    for item in items:
        desk.mends(Saying(taken_back=(item,)), asked=[item])
    assert desk.known() == before
    assert desk.steps() == steps
    assert not went & desk.titles()
