"""What faces get from a database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import (
    BOARD,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    PRESS,
    SORA,
    SOURCES,
    T0,
    VENDOR,
    announcement,
    claimed,
    delivery,
    detection,
    edition,
    folded,
    item,
    judge,
    plan,
    sora_plan,
    story,
)

from aiwatch.digest import select
from aiwatch.errors import BadQuery, StoreError
from aiwatch.model import (
    DeliveryState,
    Filter,
    Modality,
    Model,
    Notice,
    Poll,
    Receipt,
    Stage,
    StoryStage,
    Tier,
    Verdict,
    ident,
)
from aiwatch.store.library import Library
from aiwatch.store.maintenance import backup, prune, restore
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import SORTS, Health, Limits, plain

GEMMA = Model(name="Gemma", vendor="Google", family="gemma", modality=Modality.TEXT, known=True)


@pytest.fixture
def newsroom(disk: SqliteStore, path: str) -> Library:
    """Sora: the press an hour before OpenAI, a board a day later; Gemma: a rumour and a silent release."""
    press = item(
        PRESS, "p", title="오픈AI, 동영상 AI '소라' 공개", summary="글자를 영상으로 바꾸는 소라를 내놓았다.", published=T0 - HOUR
    )
    of = story(press)
    disk.commit(
        plan(
            claimed(disk, PRESS),
            [press],
            detections=(detection(press, SORA),),
            folded=folded(of, press, PRESS),
            outbox=(("daily", ident(of.id, Stage.ANNOUNCED)),),
        )
    )
    own = item(
        VENDOR,
        "v",
        title="Sora: creating video from text",
        summary="Introducing Sora, our text-to-video model.",
        seen_at=T0 + HOUR,
    )
    step = replace(of.stages[0], primary_item_id=own.id, primary_seen=T0 + HOUR)
    grown = replace(of, stages=(step,), last_seen=T0 + HOUR)
    disk.commit(
        plan(
            claimed(disk),
            [own],
            T0 + HOUR,
            detections=(detection(own, SORA),),
            folded=folded(grown, own, at=T0 + HOUR, role="primary", told=False),
        )
    )
    late = item(
        BOARD,
        "b",
        title="GPT-5가 나온다? Gemma 2B 활용법",
        summary="A tutorial",
        seen_at=T0 + DAY,
        url="https://board.example/new/b?utm_source=x#top",
    )
    rumor = story(late, GEMMA, Stage.RUMORED, T0 + DAY)
    released = StoryStage(stage=Stage.RELEASED, first_seen=T0 + DAY, item_id=late.id, source_id=BOARD.id)
    rumor = replace(rumor, stages=(*rumor.stages, released))
    both = (
        announcement(rumor, late, BOARD, Stage.RUMORED, T0 + DAY),
        announcement(rumor, late, BOARD, Stage.RELEASED, T0 + DAY + MINUTE, silent="baseline"),
    )
    joined = replace(folded(replace(grown, last_seen=T0 + DAY), late, BOARD, at=T0 + DAY, role="follow-up", told=False))
    more = replace(folded(rumor, late, BOARD, Stage.RUMORED, T0 + DAY), announcements=both)
    disk.commit(
        plan(
            claimed(disk, BOARD),
            [late],
            T0 + DAY,
            detections=(detection(late, GEMMA, announcement=False, stage=Stage.RUMORED, score=3.0),),
            folded=replace(
                joined,
                stories=joined.stories + more.stories,
                mentions=joined.mentions + more.mentions,
                announcements=more.announcements,
            ),
        )
    )
    return Library(path)


def titles(library: Library, query: str, **given: object) -> list[str]:
    return [plain(hit.title) for hit in library.search(query, **given).hits]  # type: ignore[arg-type]  # forwarded as given


# --- announcements ------------------------------------------------------------------------------------------------------------


def test_announcements_leave_out_rumours_and_the_silent_unless_asked(newsroom: Library) -> None:
    def names(wanted: Filter = Filter(), silent: bool = False) -> list[tuple[str, str]]:  # noqa: B008  frozen
        return [(entry.announcement.name, entry.announcement.stage) for entry in newsroom.announcements(wanted, silent=silent)[0]]

    assert names() == [("Sora", "announced")]
    assert names(Filter(stages=(Stage.RUMORED,))) == [("Gemma", "rumored")]
    assert names(silent=True) == [("Gemma", "released"), ("Sora", "announced")]


def test_an_entry_carries_story_and_coverage_vendor_first(newsroom: Library) -> None:
    [entry], cursor = newsroom.announcements()
    assert cursor is None
    assert [one.source_id for one in entry.coverage] == [VENDOR.id, PRESS.id, BOARD.id]
    assert entry.story.name == "Sora"
    assert newsroom.announcement(entry.announcement.id) == entry
    assert newsroom.announcement("nothing") is None


def test_the_timeline_is_oldest_first(newsroom: Library) -> None:
    every = Filter(stages=tuple(Stage))
    assert [one.stage for one in newsroom.timeline(every)] == ["announced", "rumored", "released"]
    assert [one.stage for one in newsroom.timeline(every, limit=1)] == ["released"], "the newest ones"
    assert [one.stage for one in newsroom.timeline(every, silent=False)] == ["announced", "rumored"]


def many_announcements(store: SqliteStore, count: int) -> None:
    items = [item(BOARD, f"m{n}", seen_at=T0) for n in range(count)]
    models = [Model(name=f"Model {n}", family=f"m{n}", vendor="Acme") for n in range(count)]
    stories = [story(one, model) for one, model in zip(items, models, strict=True)]
    parts = [
        folded(of, one, BOARD, at=T0 + timedelta(minutes=1) * (n // 3))
        for n, (of, one) in enumerate(zip(stories, items, strict=True))
    ]
    whole = replace(
        parts[0],
        stories=tuple(stories),
        mentions=tuple(one for part in parts for one in part.mentions),
        announcements=tuple(replace(one, score=float(n % 4)) for n, part in enumerate(parts) for one in part.announcements),
    )
    store.commit(plan(claimed(store, BOARD), items, folded=whole))


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_each_announcement_once_in_order(disk: SqliteStore, path: str, sort: str) -> None:
    many_announcements(disk, 23)
    library, seen, cursor = Library(path), [], None
    while True:
        entries, cursor = library.announcements(sort=sort, limit=5, cursor=cursor)
        assert len(entries) == 5 or cursor is None
        seen += [entry.announcement for entry in entries]
        if cursor is None:
            break
    assert len({one.id for one in seen}) == len(seen) == 23
    keys = [{"score": one.score, "published": one.at}.get(sort, one.at) for one in seen]
    assert keys == sorted(keys, reverse=sort != "oldest")  # type: ignore[type-var]  # scores or times, never both
    assert library.announcements(sort=sort, limit=23)[1] is None, "a full last page has no next one"


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "bnVsbA", "WzFd", "W251bGwsIG51bGxd", "WzEsIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ"]
)
def test_a_cursor_of_nobody_is_refused(newsroom: Library, cursor: str) -> None:
    with pytest.raises(BadQuery, match="begin again without it"):
        newsroom.announcements(cursor=cursor)


def test_an_unknown_sort_is_refused_with_the_known_ones(newsroom: Library) -> None:
    with pytest.raises(BadQuery, match="newest, oldest, score, published; not by 'at; drop'"):
        newsroom.announcements(sort="at; drop")


names = st.sampled_from(["OpenAI", "openai", "Google", "네이버", "Straße", "", "%", "|"])
models = st.builds(
    Model, name=st.sampled_from(["Sora", "SORA 2", "소라", "Große"]), vendor=st.none() | names, modality=st.sampled_from(Modality)
)
filters = st.builds(
    Filter,
    vendors=st.lists(names, max_size=2).map(tuple),
    modalities=st.lists(st.sampled_from(Modality), max_size=2).map(tuple),
    stages=st.lists(st.sampled_from(Stage), max_size=3).map(tuple),
    langs=st.lists(st.sampled_from(["en", "EN-us", "ko", "", "e", "zh_TW"]), max_size=2).map(tuple),
    sources=st.lists(st.sampled_from([VENDOR.id, VENDOR.id.upper(), PRESS.id, "x"]), max_size=2).map(tuple),
    tiers=st.lists(st.sampled_from(Tier), max_size=2).map(tuple),
    min_score=st.sampled_from([0.0, 3.0, 7.0]),
    text=st.sampled_from([None, "", "sora", "소라", "große", "GROSSE", "%"]),
    since=st.sampled_from([None, T0, T0 + HOUR]),
    until=st.sampled_from([None, T0, T0 + HOUR, T0 + DAY]),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_filter_means_what_the_digest_says(data: st.DataObject) -> None:
    """Law: SQL and ``digest.select.matches`` choose the same announcements."""
    from aiwatch.store._announced import timeline

    with SqliteStore(":memory:") as store:
        store.sync_sources(SOURCES, T0)
        one = item()
        found = []
        stories = []
        for n in range(6):
            own = tuple(data.draw(st.lists(models, max_size=2)))
            of = story(one, Model(name=f"m{n}", family=f"m{n}"), id=f"story{n}")
            stories.append(of)
            source = data.draw(st.sampled_from(SOURCES))
            found.append(
                announcement(
                    of,
                    one,
                    source,
                    data.draw(st.sampled_from(Stage)),
                    data.draw(st.sampled_from([T0, T0 + timedelta(minutes=1), T0 + HOUR])),
                    id=f"a{n}",
                    name=data.draw(st.sampled_from(["Sora", "소라", "GROSSE"])),
                    models=own,
                    vendor=data.draw(st.none() | names),
                    modality=data.draw(st.sampled_from(Modality)),
                    lang=data.draw(st.sampled_from([None, "en", "en-US", "KO", "zh-TW", "eng"])),
                    score=data.draw(st.sampled_from([0.0, 3.0, 7.5])),
                )
            )
        whole = replace(folded(stories[0], one), stories=tuple(stories), announcements=tuple(found))
        store.commit(plan(claimed(store), [one], folded=whole))
        for _ in range(5):
            wanted = data.draw(filters)
            answer = {made.id for made in timeline(store._db, wanted, limit=100, silent=True)}
            assert answer == {made.id for made in found if select.matches(wanted, made)}, wanted


# --- stories --------------------------------------------------------------------------------------------------------------------


def test_a_story_is_shown_with_steps_members_and_lead(newsroom: Library) -> None:
    shown = newsroom.story(ident(SORA.key))
    assert shown is not None
    [step] = shown.steps
    assert step.first is not None
    assert step.primary is not None
    assert (step.first.source_id, step.primary.source_id, step.lead) == (PRESS.id, VENDOR.id, HOUR)
    assert step.quote == "A model that makes video from text."
    assert [(one.source_id, one.role, one.lag, one.vendor_lag) for one in shown.members] == [
        (PRESS.id, "first", timedelta(), -HOUR),
        (VENDOR.id, "primary", HOUR, timedelta()),
        (BOARD.id, "follow-up", DAY, DAY - HOUR),
    ]
    assert (shown.outlets, dict(shown.langs)) == (3, {"ko": 1, "en": 1, "": 1})
    assert set(shown.detections) == {step.first.item_id, step.primary.item_id}


def test_a_story_is_found_by_any_of_its_ids(newsroom: Library) -> None:
    whole = newsroom.story(ident(SORA.key))
    assert whole is not None
    of = whole.story.id
    for ref in (of[:6], f" {of} ", ident(of, Stage.ANNOUNCED), whole.members[0].item_id):
        assert newsroom.story(ref) == whole
    assert newsroom.story(of[:5]) is newsroom.story("") is newsroom.story("%") is newsroom.story("소라") is None


def test_stories_are_listed_by_their_newest_item(newsroom: Library) -> None:
    lines, cursor = newsroom.stories(limit=1)
    assert cursor is not None
    more, end = newsroom.stories(limit=1, cursor=cursor)
    assert end is None
    assert {(line.story.name, line.members, line.stage) for line in lines + more} == {
        ("Sora", 3, "announced"),
        ("Gemma", 1, "rumored"),
    }
    assert [line.story.name for line in newsroom.stories(text="SOR")[0]] == ["Sora"]
    assert [line.story.name for line in newsroom.stories(vendor="google")[0]] == ["Gemma"]


# --- search ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("소라", [PRESS.id]),
        ("라를", [PRESS.id]),
        ("동영상", [PRESS.id]),
        ("소", [PRESS.id]),
        ("라", [PRESS.id]),
        ("소라게", []),
        ("sora", [VENDOR.id]),
        ("SORA video", [VENDOR.id]),
        ('"from text"', [VENDOR.id]),
        ('"text from"', []),
        ('"from text', [VENDOR.id]),
        ("gpt-5", [BOARD.id]),
        ("GPT-5가", [BOARD.id]),
        ("text-to-video", [VENDOR.id]),
        ("introducing -sora", []),
        ("-sora -gpt", [BOARD.id, VENDOR.id, PRESS.id]),
        ("", [BOARD.id, VENDOR.id, PRESS.id]),
        ("vendor:openai", [BOARD.id, VENDOR.id, PRESS.id]),
        ("vendor:OpenAI lang:ko", [PRESS.id]),
        ("vendor:google", [BOARD.id]),
        ("stage:rumored", [BOARD.id]),
        ("stage:rumored stage:announced sora", [VENDOR.id]),
        ("lang:en lang:ko", [VENDOR.id, PRESS.id]),
        ("-lang:ko vendor:openai", [BOARD.id, VENDOR.id]),
        ("source:k-press", [PRESS.id]),
        ("tier:primary modality:video", [VENDOR.id]),
        ("is:announcement", [VENDOR.id, PRESS.id]),
        ('vendor:"Stability AI"', []),
        ("since:12h", [BOARD.id]),
        ("since:2024-02-15T18:30 until:2024-02-16", [VENDOR.id]),
        ("until:2024-02-15T18:30 소라", [PRESS.id]),
        ("since:2024-02-15T18:30 소라", []),
    ],
)
def test_search_finds(newsroom: Library, query: str, sources: list[str]) -> None:
    assert [hit.source_id for hit in newsroom.search(query).hits] == sources


def test_hits_say_what_they_are_and_mark_what_matched(newsroom: Library) -> None:
    [hit] = newsroom.search("소라").hits
    assert hit.title == (("오픈AI, 동영상 AI '", False), ("소라", True), ("' 공개", False))
    assert ("소라", True) in hit.snippet
    assert (hit.story_name, hit.vendor, hit.stage, hit.announcement, hit.source_name) == (
        "Sora",
        "OpenAI",
        "announced",
        True,
        "한국 신문",
    )
    [hit] = newsroom.search("gpt-5").hits
    assert hit.title[0] == ("GPT-5", True)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("gpt-5", ("Sora", "OpenAI", "announced")),
        ("gpt-5 vendor:openai", ("Sora", "OpenAI", "announced")),
        ("gpt-5 vendor:google", ("Gemma", "Google", "rumored")),
        ("gpt-5 stage:rumored", ("Gemma", "Google", "rumored")),
    ],
)
def test_a_hit_shows_the_story_that_was_asked_for(newsroom: Library, query: str, told: tuple[str, str, str]) -> None:
    """A document that belongs to several stories was shown with whichever came first, under another vendor than that of the query."""
    [hit] = newsroom.search(query).hits
    assert (hit.story_name, hit.vendor, hit.stage) == told


def test_a_report_of_a_rumour_is_one_where_its_story_went_further(disk: SqliteStore, path: str) -> None:
    late = item(PRESS, "late", title="OpenAI is said to prepare Sora")
    said = detection(late, SORA, announcement=False, stage=Stage.RUMORED)
    disk.commit(plan(claimed(disk, PRESS), [late], detections=(said,), folded=folded(story(late), late, PRESS)))
    [rumor] = Library(path).search("stage:rumored").hits
    [any_stage] = Library(path).search("sora").hits
    assert (rumor.stage, any_stage.stage) == (Stage.RUMORED, Stage.ANNOUNCED)


def test_the_best_hits_have_the_words_in_the_title(newsroom: Library) -> None:
    found = newsroom.search("text", sort="best")
    assert plain(found.hits[0].title) == "Sora: creating video from text"
    assert found.window == (T0, T0 + DAY)


def test_search_pages_on(disk: SqliteStore, path: str) -> None:
    disk.commit(plan(claimed(disk), [item(key=str(n), title=f"Sora {n}") for n in range(7)]))
    library, seen, cursor = Library(path), list[str](), None
    for _ in range(4):
        page = library.search("sora", limit=2, cursor=cursor)
        seen += [plain(hit.title) for hit in page.hits]
        cursor = page.cursor
    assert seen == [f"Sora {n}" for n in reversed(range(7))]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("stage:launched sora", "stage:launched left out; behind stage: stands one of announced"),
        ("is:new sora", "is:new left out; behind is: stands announcement"),
        ("since:yesterday sora", "since:yesterday left out; write since:7d"),
        ("-sora", "add a word or a key"),
        ("sora " * 40, "first 32 terms"),
        ("x" * 2000, "first 1000 characters"),
    ],
)
def test_what_was_not_understood_is_said(newsroom: Library, query: str, note: str) -> None:
    assert any(note in one for one in newsroom.search(query).notes)


def test_what_is_to_be_understood_is_refused_in_an_empty_archive_too(disk: SqliteStore, path: str) -> None:
    del disk  # it made the database
    with pytest.raises(BadQuery, match=r"stage:bogus: behind stage: stands one of"):
        Library(path).search("stage:bogus", strict=True)
    assert Library(path).search("stage:bogus since:7d").hits == ()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                '"',
                "-",
                "NEAR(",
                "소라",
                "*",
                "OR",
                "AND NOT",
                "^",
                "cjk:",
                "words:",
                "{a b}:",
                "(",
                ")",
                "since:",
                "vendor:",
                "\x00",
                "'",
                "lang:ko",
                "\ud800",
            ]
        ),
        max_size=8,
    ).map(" ".join)
)
def test_nothing_that_is_typed_breaks_the_search(newsroom: Library, query: str) -> None:
    newsroom.search(query)
    newsroom.search(query, sort="best", limit=3)


def test_every_two_syllables_of_every_word_are_found(disk: SqliteStore, path: str) -> None:
    text = "신형소라를 공개했다 네이버의 하이퍼클로바 일본語カタカナー混在"
    disk.commit(plan(claimed(disk), [item(title=text, summary="", key="1"), item(title="other", key="2")]))
    library = Library(path)
    for word in text.split():
        for length in (1, 2, 3, len(word)):
            for start in range(len(word) - length + 1):
                assert titles(library, word[start : start + length]) == [text], word[start : start + length]
    assert titles(library, "를공") == titles(library, '"를공"') == [], "pairs do not cross words"


def test_an_edit_moves_the_item_in_the_index(disk: SqliteStore, path: str) -> None:
    one = item(title="Sora is near", summary="alpha")
    disk.commit(plan(claimed(disk), [one]))
    disk.commit(plan(claimed(disk), [replace(one, title="소라가 왔다", summary="beta", revision=2)], T0 + HOUR))
    library = Library(path)
    assert titles(library, "alpha") == titles(library, "near") == []
    assert titles(library, "beta") == titles(library, "소라") == ["소라가 왔다"]
    disk._db.execute("INSERT INTO item_fts (item_fts) VALUES ('integrity-check')")


# --- sources, gaps, figures -------------------------------------------------------------------------------------------------------


def test_the_health_of_sources(disk: SqliteStore, path: str) -> None:
    disk.commit(plan(claimed(disk), [item()]))
    job = claimed(disk, PRESS)
    disk.commit(
        replace(
            plan(job),
            state=replace(job.state, failing_since=T0, last_error="timeout", failures=1.0),
            poll=Poll(source_id=PRESS.id, at=T0, outcome="failed"),
        )
    )
    library = Library(path)
    health = {one.id: one for one in library.sources(T0 + timedelta(minutes=1))}
    assert {key: one.health for key, one in health.items()} == {
        VENDOR.id: Health.OK,
        PRESS.id: Health.FAILING,
        BOARD.id: Health.WAITING,
    }
    assert (health[VENDOR.id].items, health[VENDOR.id].last_item_at, health[VENDOR.id].days) == (1, T0, (0,) * 29 + (1,))
    assert health[PRESS.id].last_error == "timeout"
    late = library.source(VENDOR.id, T0 + 3 * HOUR)
    assert late is not None
    assert late.health is Health.LATE
    assert library.source("nobody") is None
    disk.sync_sources([replace(VENDOR, enabled=False, reason="too loud")], T0)
    [paused] = library.sources(T0)
    assert (paused.health, paused.reason) == (Health.PAUSED, "too loud")
    assert [poll.outcome for poll in library.polls(PRESS.id)] == ["failed"]


@pytest.mark.parametrize("health", [Health.QUIET, Health.FLOODS])
def test_a_source_is_what_operators_were_told_of_it_until_that_ends(disk: SqliteStore, path: str, health: Health) -> None:
    disk.commit(plan(claimed(disk), [item()]))
    told = Notice(condition=f"source-{health}:{VENDOR.id}", open=True, at=T0, text="nothing new, or all")
    disk.note([told])
    library = Library(path)
    judged = library.source(VENDOR.id, T0)
    assert judged is not None
    assert (judged.health, judged.noticed, judged.trouble) == (health, told.text, told.text)
    assert library.sql("SELECT health FROM sources_health WHERE id = :id", {"id": VENDOR.id}).rows == ((health,),)
    disk.note([replace(told, open=False)])
    over = library.source(VENDOR.id, T0)
    assert over is not None
    assert (over.health, over.trouble) == (Health.OK, "")


def test_gaps_and_conditions_and_signs_of_life(disk: SqliteStore, path: str) -> None:
    gap = Poll(source_id=VENDOR.id, at=T0 + HOUR, outcome="fetched", overlap=False, gap_since=T0)
    down = Notice(condition="source-down:board", open=True, at=T0, text="down")
    disk.commit(replace(plan(claimed(disk), at=T0 + HOUR), poll=gap, notices=(down, replace(down, condition="disk-low"))))
    disk.note([replace(down, open=False, at=T0 + HOUR, text="back")])
    disk.heartbeat(T0, "tick")
    library = Library(path)
    [found] = library.gaps()
    assert (found.source_id, found.since, found.until) == (VENDOR.id, T0, T0 + HOUR)
    assert library.gaps(T0 + DAY) == []
    assert [one.condition for one in library.notices(open_only=True)] == ["disk-low"]
    assert [(one.condition, one.open, one.text) for one in library.notices()] == [
        ("source-down:board", False, "back"),
        ("disk-low", True, "down"),
    ]
    assert library.heartbeat("tick") == T0
    assert library.heartbeat("canary") is None
    [health] = [one for one in library.sources(T0 + DAY) if one.id == VENDOR.id]
    assert health.gaps == 1


def test_stats_count_everything(newsroom: Library) -> None:
    stats = newsroom.stats(days=2)
    assert (stats.documents, stats.stories, stats.announcements, stats.silent, stats.sources, stats.mentions) == (
        3,
        2,
        2,
        1,
        3,
        4,
    )
    assert stats.days == ((T0.date(), 2, 1), ((T0 + DAY).date(), 1, 1))
    assert stats.vendors == (("Google", 1), ("OpenAI", 1))
    assert dict(stats.langs) == {"": 1, "en": 1, "ko": 1}
    assert (stats.first_seen, stats.last_seen) == (T0, T0 + DAY)
    assert stats.size > 4096


def test_an_empty_database_answers_everything(disk: SqliteStore, path: str) -> None:
    library = Library(path)
    assert library.announcements() == ([], None)
    assert library.stories() == ([], None)
    assert library.search("sora").hits == ()
    assert library.stats().documents == 0
    answers: list[list[object]] = [
        [*library.leadtime()],
        [*library.gaps()],
        [*library.deliveries()],
        [*library.editions()],
        [*library.names()],
    ]
    assert answers == [[]] * 5
    assert library.labels() == []
    for nothing in (library.trace("https://a.example/"), library.item("x"), library.story("x"), library.delivery("x")):
        assert nothing is None


def test_lead_times_say_who_was_first_and_how_late_the_others_were(newsroom: Library) -> None:
    records = {one.source_id: one for one in newsroom.leadtime()}
    press, own, board = records[PRESS.id], records[VENDOR.id], records[BOARD.id]
    assert (press.joined, press.first, press.before_vendor, press.median_lag, press.median_vendor_lag) == (
        1,
        1,
        1,
        timedelta(),
        -HOUR,
    )
    assert (own.first, own.median_lag, own.median_vendor_lag) == (0, HOUR, None)
    assert own.never_first
    assert (board.joined, board.first, board.median_vendor_lag) == (2, 1, DAY - HOUR)
    assert [one.source_id for one in newsroom.leadtime(T0 + HOUR)] == [BOARD.id]


# --- deliveries, traces -------------------------------------------------------------------------------------------------------------


def test_deliveries_and_editions_are_shown_as_sent(disk: SqliteStore, newsroom: Library) -> None:
    step = ident(ident(SORA.key), Stage.ANNOUNCED)
    made = edition()
    one = delivery(made)
    disk.publish(made, [one, delivery(made, "you", T0 + 2 * HOUR)], [step])
    disk.claim_deliveries(T0 + HOUR, 1, LEASE)
    disk.settle(one.id, Receipt(verdict=Verdict.RETRY, answer="451"), DeliveryState.READY, T0 + HOUR, T0 + HOUR)
    disk.settle(one.id, Receipt(verdict=Verdict.SENT, answer="250 ok"), DeliveryState.SENT, T0 + 2 * HOUR, None)
    assert [line.recipient_id for line in newsroom.deliveries()] == ["you", "me"]
    assert [line.recipient_id for line in newsroom.deliveries([DeliveryState.SENT])] == ["me"]
    assert newsroom.deliveries(digest_id="weekly") == []
    shown = newsroom.delivery(one.id[:8])
    assert shown is not None
    assert (shown.delivery.body, shown.delivery.receipt, shown.delivery.sent_at) == (one.body, "250 ok", T0 + 2 * HOUR)
    assert [(one.verdict, one.answer) for one in shown.attempts] == [("retry", "451"), ("sent", "250 ok")]
    assert [one.id for one in shown.announcements] == [step]
    [listed] = newsroom.editions()
    assert (listed.id, listed.entries, [line.recipient_id for line in listed.deliveries]) == (made.id, 1, ["me", "you"])


def test_a_delivery_is_found_by_first_digits_that_are_its_own(disk: SqliteStore, newsroom: Library) -> None:
    made = edition()
    ids = ["abcd" + "0" * 28, "abcd" + "f" * 28, "abce" + "0" * 28]
    disk.publish(made, [delivery(made, f"r{number}", id=one) for number, one in enumerate(ids)], [])
    for ref, found in [(ids[0], ids[0]), ("abcdf", ids[1]), ("abce", ids[2]), ("abc", None), ("abcf", None), ("%%%%", None)]:
        shown = newsroom.delivery(ref)
        assert (shown.delivery.id if shown else None) == found, ref
    with pytest.raises(BadQuery, match="abcd: several deliveries begin like this; give more digits"):
        newsroom.delivery("abcd")


def test_a_trace_tells_the_whole_way(disk: SqliteStore, newsroom: Library) -> None:
    step = ident(ident(SORA.key), Stage.ANNOUNCED)
    made = edition()
    disk.publish(made, [delivery(made)], [step])
    first = ident(PRESS.id, "p")
    judge(disk, first, True, Stage.ANNOUNCED, "yes", T0)
    trace = newsroom.trace(first)
    assert trace is not None
    assert (trace.source_name, trace.item.title, trace.pruned_at) == ("한국 신문", "오픈AI, 동영상 AI '소라' 공개", None)
    assert trace.detection is not None
    assert trace.poll is not None
    assert trace.poll.items == 1
    assert [one.id for one in trace.announcements] == [one.id for one in trace.story_announcements] == [step]
    assert [(one.digest_id, one.edition_id) for one in trace.outbox] == [("daily", made.id)]
    assert [one.recipient_id for one in trace.deliveries] == ["me"]
    assert [one.note for one in trace.labels] == ["yes"]
    assert newsroom.labels()[0][1] == trace.item
    follow_up = newsroom.trace(ident(BOARD.id, "b"))
    assert follow_up is not None
    assert {one.name for one in follow_up.stories} == {"Sora", "Gemma"}


def test_an_item_is_traced_by_any_spelling_of_its_address(newsroom: Library) -> None:
    wanted = ident(BOARD.id, "b")
    for ref in (
        "https://board.example/new/b",
        "http://BOARD.example/new/b?utm_medium=y",
        "board.example/new/b",
        wanted,
        wanted[:8],
    ):
        trace = newsroom.trace(ref)
        assert trace is not None, ref
        assert trace.item.id == wanted
    assert newsroom.trace("https://board.example/new/c") is newsroom.trace("소라 공개") is None


def test_a_trace_shows_what_an_item_said_before(disk: SqliteStore, path: str) -> None:
    one = item(title="Sora is near")
    disk.commit(plan(claimed(disk), [one]))
    disk.commit(plan(claimed(disk), [replace(one, title="Sora is here", revision=2, seen_at=T0 + HOUR)], T0 + HOUR))
    trace = Library(path).trace(one.id)
    assert trace is not None
    assert trace.revisions == (one,)
    assert (trace.item.title, trace.item.revision) == ("Sora is here", 2)


def test_of_an_item_that_is_edited_at_each_poll_the_first_and_the_last_words_are_kept(disk: SqliteStore, path: str) -> None:
    one = item(title="Sora")
    disk.commit(plan(claimed(disk), [one]))
    for number in range(2, 61):
        edited = replace(one, title=f"Sora, edit {number}", revision=number, seen_at=T0 + number * HOUR)
        disk.commit(plan(claimed(disk), [edited], T0 + number * HOUR, detections=(detection(edited),)))
    trace = Library(path).trace(one.id)
    assert trace is not None
    assert [before.revision for before in trace.revisions] == [1, *range(41, 60)]
    assert trace.item.revision == 60


def test_an_item_whose_page_was_read_later_is_none_that_its_source_edited(disk: SqliteStore, path: str) -> None:
    one = item(title="Sora is near")
    disk.commit(plan(claimed(disk), [one], at=T0 + timedelta(minutes=1), detections=(detection(one),)))
    read = replace(one, content="A model that makes videos.", revision=2, source_hash=one.content_hash)
    disk.commit(plan(claimed(disk), [read], T0 + HOUR, detections=(detection(read),)))
    trace = Library(path).trace(one.id)
    assert trace is not None
    assert (trace.item.content, trace.item.revision, trace.revisions) == (read.content, 2, ())
    assert trace.poll is not None
    assert (trace.poll.at, trace.judged_at) == (T0 + timedelta(minutes=1), T0 + HOUR)


def test_unknown_names_are_listed_until_judged(disk: SqliteStore, path: str) -> None:
    one = item()
    zeta = replace(GEMMA, name="Zeta", family="zeta", known=False, spelled="Zeta")
    disk.commit(plan(claimed(disk), [one], detections=(detection(one, zeta, SORA),)))
    library = Library(path)
    [name] = library.names()
    assert (name.spelled, name.vendor, name.seen, name.verdict, name.title) == ("Zeta", "Google", 1, None, one.title)
    assert name.heard_at is None, "nobody called it a model's"
    disk.judge_name(name.name_key, "accepted", T0)
    assert library.names("undecided") == []
    assert [one.verdict for one in library.names("accepted")] == ["accepted"]


# --- free SQL -----------------------------------------------------------------------------------------------------------------------


def test_people_write_their_own_queries_over_the_views(newsroom: Library) -> None:
    table = newsroom.sql("SELECT name, stage, told FROM announcements WHERE vendor = :v", {"v": "OpenAI"})
    assert (table.columns, table.rows, table.truncated) == (("name", "stage", "told"), (("Sora", "announced", 1),), False)
    assert newsroom.sql("SELECT count(*) FROM item_fts WHERE item_fts MATCH 'cjk:소라'").rows == ((1,),)
    assert newsroom.sql(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5) SELECT sum(n) FROM c"
    ).rows == ((15,),)
    assert newsroom.sql("PRAGMA table_info(item)").rows


HOSTILE = [
    "DELETE FROM item",
    "UPDATE item SET title = ''",
    "INSERT INTO item_fts (item_fts) VALUES ('rebuild')",
    "DROP VIEW announcements",
    "CREATE TABLE x (y)",
    "CREATE TEMP TABLE x AS SELECT * FROM item",
    "ATTACH DATABASE '{other}' AS other",
    "VACUUM INTO '{other}'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "DETACH main",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA user_version = 9",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA data_version = 1",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SAVEPOINT s",
    "SELECT load_extension('{other}')",
    "SELECT writefile('{other}', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT 1; DROP TABLE item",
    "SELECT zeroblob(1000000000)",
    "SELECT replace(hex(zeroblob(100000)), '0', hex(zeroblob(10000)))",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c",
    "WITH RECURSIVE c(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM c) SELECT max(length(s)) FROM c",
    (
        "SELECT count(*) FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000) SELECT * FROM c) a, "
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000) SELECT * FROM c) b"
    ),
    "SELECT * FROM nothing",
    "SELEC 1",
    "SELECT ?1 + :v",
    "",
    "-- nothing",
    "SELECT '\ud800'",
    "EXPLAIN DELETE FROM item",
    "EXPLAIN QUERY PLAN DROP TABLE item",
    "SELECT " + "(" * 500 + "1" + ")" * 500,
    "SELECT '" + "x" * 200_000 + "'",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_is_refused_quickly_and_touches_nothing(newsroom: Library, tmp_path: Path, query: str) -> None:
    before = {one.name: one.stat().st_mtime_ns for one in tmp_path.iterdir() if not one.name.endswith("-shm")}
    with pytest.raises(StoreError, match="the query"):
        newsroom.sql(query.replace("{other}", str(tmp_path / "other.db")), limits=Limits(seconds=0.3))
    assert {one.name: one.stat().st_mtime_ns for one in tmp_path.iterdir() if not one.name.endswith("-shm")} == before


@pytest.mark.parametrize("call", ["printf('%.*c', 900000000, 'x')", "format('%0900000000d', 1)", "printf(NULL)"])
def test_a_width_that_would_keep_sqlite_busy_gives_nothing(newsroom: Library, call: str) -> None:
    table = newsroom.sql(f"SELECT {call}")
    assert table.rows == ((None,),)
    assert table.elapsed < 1


def test_rows_and_cells_are_bounded_and_it_is_said(newsroom: Library) -> None:
    numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
    table = newsroom.sql(numbers, limits=Limits(rows=10))
    assert (len(table.rows), table.truncated) == (10, True)
    assert newsroom.sql("SELECT printf('%300s', 'x')", limits=Limits(cell=100)).rows == ((" " * 100 + "…",),)
    assert newsroom.sql("SELECT printf('%.2f of %s', 1.239, 'x'), printf(NULL), format('%d', 7)").rows == (
        ("1.24 of x", None, "7"),
    )
    big = newsroom.sql(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT printf('%99s', 'x') FROM c",
        limits=Limits(size=1000),
    )
    assert big.truncated
    assert len(big.rows) == 11


# --- the library itself -------------------------------------------------------------------------------------------------------------


def test_many_threads_read_while_one_writes(disk: SqliteStore, path: str) -> None:
    library, problems = Library(path), list[BaseException]()

    def read() -> None:
        try:
            for _ in range(30):
                library.announcements()
                library.search("소라")
                library.stats()
        except BaseException as error:
            problems.append(error)

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(30):
        disk.commit(plan(claimed(disk), [item(key=str(n), title=f"소라 {n}")]))
    for thread in threads:
        thread.join()
    assert problems == []
    assert library.stats().documents == 30


def test_the_version_changes_with_every_commit(disk: SqliteStore, path: str) -> None:
    library = Library(path)
    before = library.version()
    assert library.version() == before
    disk.heartbeat(T0, "tick")
    assert library.version() != before


def test_no_secret_is_in_the_file(disk: SqliteStore, path: str) -> None:
    names = ("pwd", "credential", "api-key", "access_key", "signature")
    source = replace(
        VENDOR,
        url="https://user:hushA@feeds.example/rss?token=hushB",
        headers={"Authorization": "hushC"},
        options={"api_token": "hushD", "deep": {"cookie": "hushE"}, **dict.fromkeys(names, "hushF")},
    )
    disk.sync_sources([source], T0)
    disk.claim_due(T0, 1, LEASE)
    disk.close()
    assert b"hush" not in Path(path).read_bytes()


def test_an_item_of_a_source_with_nothing_new_since_thousands_is_known_without_reading_them(disk: SqliteStore) -> None:
    disk.commit(plan(claimed(disk), [item(key=str(n)) for n in range(3000)]))
    steps: list[int] = []
    disk._db.set_progress_handler(lambda: steps.append(1), 100)  # each hundred steps of SQLite's machine
    found, _ = disk.known(VENDOR.id, [item(key="7").id], [])
    assert [one.recent for one in found.values()] == [True]
    assert len(steps) < 30


def test_a_restored_file_is_noticed(path: str, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        store.sync_sources(SOURCES, T0)
        store.commit(sora_plan(claimed(store)))
        backup(path, str(tmp_path / "saved.db"))
        library = Library(path)
        store.commit(plan(claimed(store, PRESS), [item(PRESS, "later")]))
        assert library.stats().documents == 2
    restore(path, str(tmp_path / "saved.db"), T0)
    assert library.stats().documents == 1


def test_there_is_no_library_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database yet"):
        Library(str(tmp_path / "nothing.db"))


def test_pruned_items_stay_known_and_are_found_no_more(disk: SqliteStore, path: str) -> None:
    old, told = item(key="old", title="소라게 이야기", summary="long ago", aliases=("alias",)), sora_plan(claimed(disk))
    disk.commit(told)
    disk.commit(plan(claimed(disk, PRESS), [replace(old, source_id=PRESS.id)]))
    disk.commit(plan(claimed(disk, BOARD), [item(BOARD, "young", title="young", seen_at=T0 + DAY)], T0 + DAY))
    assert prune(path, T0 + HOUR, T0 + 2 * DAY).items == 1
    library = Library(path)
    assert titles(library, "long") == titles(library, "게") == []
    assert titles(library, "sora") == ["Introducing Sora"], "what belongs to a story stays whole"
    assert titles(library, "") == ["young", "Introducing Sora"]
    known, by_alias = disk.known(PRESS.id, [old.id], ["alias"])
    assert known[old.id].content_hash == old.content_hash, "or it would be an edit, and told again"
    assert by_alias["alias"].item_id == old.id
    trace = library.trace(old.id)
    assert trace is not None
    assert trace.pruned_at == T0 + 2 * DAY
    assert [one.key for one, _ in disk.archive()] == ["sora", "young"]
    disk._db.execute("INSERT INTO item_fts (item_fts) VALUES ('integrity-check')")
    disk.commit(plan(claimed(disk, PRESS), [replace(old, source_id=PRESS.id, summary="long again", revision=2)], T0 + DAY))
    assert titles(library, "long") == ["소라게 이야기"], "an edited one is whole again"


def test_json_in_the_views_is_json(newsroom: Library) -> None:
    [(models,)] = newsroom.sql("SELECT models FROM documents WHERE source_id = 'k-press'").rows
    assert json.loads(models)[0]["name"] == "Sora"


def test_times_in_the_views_are_understood_by_sqlite(newsroom: Library) -> None:
    assert newsroom.sql("SELECT strftime('%Y-%m-%d %H:%M', at) FROM announcements ORDER BY at LIMIT 1").rows == (
        ("2024-02-15 18:00",),
    )
    assert isinstance(T0, datetime)


def test_what_the_service_signs_with_is_not_for_reading(newsroom: Library) -> None:
    for query in ("SELECT value FROM secret", "SELECT name FROM main.secret", "SELECT count(*) FROM (SELECT value FROM SECRET)"):
        with pytest.raises(StoreError, match=r"prohibited|not authorized"):
            newsroom.sql(query)
