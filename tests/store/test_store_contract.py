"""What every store promises (``ports.Store``), run over each backend of ``conftest.BACKENDS``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
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

from aiwatch.errors import Conflict, StoreError
from aiwatch.feedback import Mend, Saying
from aiwatch.model import (
    DeliveryState,
    Evidence,
    Folded,
    HeardName,
    Lease,
    LostPart,
    Modality,
    Model,
    Note,
    Notice,
    Poll,
    Receipt,
    Stage,
    Tier,
    Upshot,
    Verdict,
    ident,
)
from aiwatch.ports import Brought, Store
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import Label

SENT, RETRY = Receipt(verdict=Verdict.SENT, answer="250 ok"), Receipt(verdict=Verdict.RETRY, answer="451 later")
SORA_STEP = ident(ident(SORA.key), Stage.ANNOUNCED)


def patience(span: timedelta) -> Receipt:
    return replace(RETRY, retry_after=int(span.total_seconds()))


def due(store: SqliteStore, at: datetime) -> list[str]:
    return [job.source.id for job in store.claim_due(at, 100, LEASE)]


def test_it_is_the_port(store: SqliteStore) -> None:
    port: Store = store  # mypy proves the signatures, this proves that nothing is missing at run time
    assert all(hasattr(port, verb) for verb in vars(Store) if not verb.startswith("_"))


# --- the schedule -------------------------------------------------------------------------------------------------------------


def test_a_new_source_is_due_at_once_and_a_claim_is_a_lease(store: SqliteStore) -> None:
    assert due(store, T0) == [source.id for source in SOURCES]
    assert due(store, T0 + LEASE - MINUTE) == []
    assert due(store, T0 + LEASE) == [source.id for source in SOURCES], "who never commits loses the claim"


def test_longest_due_comes_first_and_the_limit_holds(store: SqliteStore) -> None:
    store.commit(plan(claimed(store, VENDOR), at=T0 + 2 * MINUTE))
    store.commit(plan(claimed(store, PRESS), at=T0 + MINUTE))
    assert [job.source.id for job in store.claim_due(T0 + 2 * HOUR, 2, LEASE)] == ["board", "k-press"]


def test_only_claims_named_sources_due_or_not(store: SqliteStore) -> None:
    assert due(store, T0)
    assert [job.source.id for job in store.claim_due(T0, 10, LEASE, only=["k-press", "nobody"])] == ["k-press"]


def test_disabled_gone_and_departed_sources_are_not_due(store: SqliteStore) -> None:
    job = claimed(store, VENDOR)
    store.commit(replace(plan(job), state=replace(job.state, gone=True, next_poll_at=T0)))
    store.sync_sources([VENDOR, replace(PRESS, enabled=False, reason="wants a login")], T0 + MINUTE)
    assert due(store, T0 + DAY) == []
    asleep = [PRESS.id, SOURCES[2].id]
    assert store.claim_due(T0 + DAY, 10, LEASE, only=asleep) == [], "nor are they where they are named"
    assert [store.job(one) for one in asleep] == [None, None]
    store.sync_sources(SOURCES, T0 + MINUTE)
    assert due(store, T0 + DAY) == ["k-press", "board"]


def test_the_state_of_a_source_comes_back_as_committed(store: SqliteStore) -> None:
    job = claimed(store)
    made = plan(job)
    state = replace(
        made.state,
        failures=1.25,
        failing_since=T0,
        last_error="시간 초과",
        moved_to="https://new.example/",
        moved_seen_at=T0,
        url="https://used.example/",
        unchanged_in_a_row=3,
        body_hash="b1",
        lost=(LostPart(url="https://openai.example/jobs.xml", since=T0, reason="HTTP 404"),),
    )
    store.commit(replace(made, state=state))
    again = claimed(store, at=T0 + HOUR)
    assert again.source == VENDOR
    assert again.state == replace(state, revision=1, next_poll_at=T0 + HOUR + LEASE)


def test_headers_are_handed_out_though_never_stored(store: SqliteStore) -> None:
    source = replace(VENDOR, headers={"Authorization": "Bearer hush"}, url="https://feeds.example/rss?token=hush")
    store.sync_sources([source], T0)
    assert claimed(store).source == source


def test_a_changed_address_is_another_document(store: SqliteStore) -> None:
    job = claimed(store)
    state = replace(
        plan(job).state, url="https://moved.example/", moved_to="https://m.example/", failures=2.0, failing_since=T0, gone=True
    )
    store.commit(replace(plan(job), state=state))
    store.sync_sources([replace(VENDOR, url="https://openai.example/atom")], T0 + MINUTE)
    [again] = store.claim_due(T0 + MINUTE, 1, LEASE)
    assert (
        again.state.etag is again.state.last_modified is again.state.body_hash is again.state.url is again.state.moved_to is None
    )
    assert (again.state.failures, again.state.failing_since, again.state.gone) == (0, None, False)
    assert (again.state.polls, again.state.rhythm, again.state.revision) == (1, state.rhythm, 1)


def test_what_a_clock_that_was_ahead_put_off_is_due_once_it_is_right_again(store: SqliteStore) -> None:
    made, ahead = edition(), T0 + 1500 * DAY
    for source in SOURCES:
        store.commit(plan(claimed(store, source, at=ahead), at=ahead + HOUR))
    store.publish(made, [delivery(made)], [])
    (one,) = store.claim_deliveries(ahead, 1, LEASE)
    store.settle(one.id, RETRY, DeliveryState.READY, ahead, ahead + HOUR)
    assert due(store, T0 + DAY) == []
    assert store.rewind(T0 + DAY)
    assert due(store, T0 + DAY) == [source.id for source in SOURCES]
    assert [one.id for one in store.claim_deliveries(T0 + DAY, 9, LEASE)] == [one.id]
    assert not store.rewind(T0 + DAY), "it leaves nothing behind that looks like a wrong clock"


def test_what_was_found_while_the_clock_was_ahead_is_told_and_hubs_are_asked_again(store: SqliteStore) -> None:
    ahead = T0 + 1500 * DAY
    store.commit(sora_plan(claimed(store, at=ahead), at=ahead))
    store.asked(VENDOR.id, ahead, None)
    store.granted(VENDOR.id, ahead, ahead + 10 * DAY)
    assert store.pending("daily", T0 + DAY) == []
    store.rewind(T0 + DAY)
    assert [one.id for one in store.pending("daily", T0 + DAY)] == [SORA_STEP]
    lease = store.leases()[VENDOR.id]
    assert (lease.asked_at, lease.since, lease.until) == (T0 + DAY, None, None)


def test_a_clock_that_is_right_or_a_little_off_makes_nothing_due(store: SqliteStore) -> None:
    for source in SOURCES:
        store.commit(plan(claimed(store, source), at=T0 + HOUR))
    store.heartbeat(T0 + HOUR, "tick")
    assert not store.rewind(T0 + HOUR - 2 * MINUTE)
    assert due(store, T0 + HOUR - 2 * MINUTE) == []


def test_a_changed_mapping_reads_the_same_document_anew(store: SqliteStore) -> None:
    store.commit(plan(claimed(store)))
    store.sync_sources([replace(VENDOR, options={"items": "article"})], T0 + MINUTE)
    [again] = store.claim_due(T0 + MINUTE, 1, LEASE)
    assert again.state.etag is again.state.last_modified is again.state.body_hash is None
    assert (again.state.polls, again.state.rhythm is None, again.state.revision) == (1, False, 1)
    assert again.state.baseline  # of what the old mapping did not see nobody knows how old it is


def test_syncing_again_changes_nothing_that_was_learned(store: SqliteStore) -> None:
    store.commit(plan(claimed(store)))
    store.sync_sources([replace(VENDOR, name="OpenAI's own")], T0 + MINUTE)
    assert due(store, T0 + MINUTE) == []
    again = claimed(store)
    assert (again.source.name, again.state.polls, again.state.etag) == ("OpenAI's own", 1, '"e1"')


def test_a_nudge_brings_a_poll_forward_and_never_back(store: SqliteStore) -> None:
    for source in SOURCES:
        store.commit(plan(claimed(store, source)))
    soon = T0 + 10 * MINUTE
    store.commit(plan(claimed(store, BOARD), at=T0 + MINUTE, nudges=((VENDOR.id, soon), (BOARD.id, T0 + DAY), ("nobody", soon))))
    assert due(store, soon - MINUTE) == []
    [job] = store.claim_due(soon, 10, LEASE)
    assert (job.source.id, job.state.revision) == (VENDOR.id, 1), "a nudge is no commit"
    assert due(store, T0 + HOUR + MINUTE) == [VENDOR.id, PRESS.id, BOARD.id]


def test_a_source_that_fails_is_not_hurried(store: SqliteStore) -> None:
    failing = plan(claimed(store))
    store.commit(replace(failing, state=replace(failing.state, failing_since=T0, failures=1.0)))
    store.commit(plan(claimed(store, PRESS), nudges=((VENDOR.id, T0 + MINUTE),)))
    assert VENDOR.id not in due(store, T0 + 10 * MINUTE)


# --- one poll, all or nothing ---------------------------------------------------------------------------------------------------


def test_the_second_of_two_pollers_is_refused_whole(store: SqliteStore) -> None:
    first, second = claimed(store), claimed(store)
    store.commit(plan(first, [item(key="a")]))
    with pytest.raises(Conflict, match="openai-news"):
        store.commit(sora_plan(second))
    assert [one.key for one, _ in store.archive()] == ["a"]
    assert store.stories([SORA.key]) == []


def test_a_poll_of_a_source_that_is_unknown_is_refused(store: SqliteStore) -> None:
    job = claimed(store)
    with pytest.raises(Conflict, match="left the configuration"):
        store.commit(plan(replace(job, state=replace(job.state, source_id="nobody"))))


@pytest.mark.parametrize("broken", ["detection", "mention", "story", "announcement"])
def test_a_poll_that_contradicts_itself_writes_nothing(store: SqliteStore, broken: str) -> None:
    job = claimed(store)
    made, stray = sora_plan(job), item(key="never stored")
    of = made.folded.stories[0]
    bad = {
        "detection": replace(made, detections=(detection(stray, SORA),)),
        "mention": replace(made, folded=folded(of, stray, told=False)),
        "story": replace(made, folded=replace(made.folded, stories=(story(stray),))),
        "announcement": replace(made, folded=replace(made.folded, announcements=(announcement(of, stray),))),
    }[broken]
    with pytest.raises(StoreError, match="nothing was written"):
        store.commit(bad)
    assert list(store.archive()) == []
    assert store.stories([SORA.key]) == []
    assert store.pending("daily", T0 + DAY) == []
    store.commit(made)  # the revision did not move either
    assert len(store.pending("daily", T0 + DAY)) == 1


def test_items_are_known_by_id_and_by_alias_within_their_source(store: SqliteStore) -> None:
    here, there = (
        item(VENDOR, "x", aliases=("https://a.example/x",)),
        item(PRESS, "x", aliases=("https://a.example/x",), title="다른 글"),
    )
    store.commit(plan(claimed(store, VENDOR), [here]))
    store.commit(plan(claimed(store, PRESS), [there]))
    by_id, by_alias = store.known(VENDOR.id, [here.id, "0" * 16], ["https://a.example/x", "https://a.example/y"])
    assert list(by_id) == [here.id]
    assert {alias: known.item_id for alias, known in by_alias.items()} == {"https://a.example/x": here.id}
    assert by_id[here.id].content_hash == here.content_hash
    assert store.known(PRESS.id, [], ["https://a.example/x"])[1]["https://a.example/x"].item_id == there.id
    assert store.known("nobody", [], ["https://a.example/x"]) == ({}, {})


@pytest.mark.parametrize(("published", "updated", "dated"), [(T0 - HOUR, T0, T0 - HOUR), (None, T0, T0), (None, None, None)])
def test_what_is_known_of_an_item_tells_it_from_another_at_its_address(
    store: SqliteStore, published: datetime | None, updated: datetime | None, dated: datetime | None
) -> None:
    one = item(key="p", aliases=("old",), guid="tag:1", published=published, updated=updated)
    store.commit(plan(claimed(store), [one]))
    by_id, by_alias = store.known(VENDOR.id, [one.id], ["old"])
    assert by_id[one.id] == by_alias["old"]
    assert (by_id[one.id].guid, by_id[one.id].title, by_id[one.id].dated) == ("tag:1", one.title, dated)


def test_an_edited_item_is_a_new_revision_known_by_old_and_new_aliases(store: SqliteStore) -> None:
    first = item(key="p", title="Sora is near", aliases=("old",))
    store.commit(plan(claimed(store), [first]))
    second = replace(first, title="Sora is here", revision=2, seen_at=T0 + HOUR, aliases=("new",))
    store.commit(plan(claimed(store), [second], at=T0 + HOUR))
    assert [one for one, _ in store.archive()] == [second]
    _, by_alias = store.known(VENDOR.id, [], ["old", "new"])
    assert {alias: known.revision for alias, known in by_alias.items()} == {"old": 2, "new": 2}


def test_everything_of_an_item_comes_back(store: SqliteStore) -> None:
    one = item(
        key="tag:example,2024:1",
        title="오픈AI, '소라'를 공개",
        summary="요약",
        content="본문 " * 500,
        guid="tag:example,2024:1",
        published=T0 - HOUR,
        updated=T0,
        authors=("Kim", "이"),
        categories=("AI",),
        notes=("date: no zone, took Asia/Seoul",),
        seen_at=T0.replace(microsecond=123456),
    )
    said = detection(one, SORA, Model(name="Sora Turbo", family="sora", variant="turbo", modality=Modality.VIDEO))
    said = replace(said, near=(Evidence(rule="n", field="title", start=0, end=1, matched="오", weight=0.5, why="no cue"),))
    store.commit(plan(claimed(store), [one], detections=(said,)))
    assert list(store.archive()) == [(one, VENDOR)]
    assert store.detection(one.id) == said
    assert store.detections([one.id, "0" * 16]) == {one.id: said}
    assert store.detection("0" * 16) is None


def test_broken_text_of_hostile_sources_does_no_harm(store: SqliteStore) -> None:
    one = item(key="\ud83d", title="half a pair \ud800, a nul \x00", summary="\udfff", authors=("\ud800",), aliases=("\ud800",))
    store.commit(plan(claimed(store), [one]))
    [(back, _)] = store.archive()
    assert "half a pair" in back.title
    assert store.known(VENDOR.id, [one.id], [])[0][one.id].content_hash == one.content_hash, (
        "or it would be an edit at every poll"
    )


# --- stories ----------------------------------------------------------------------------------------------------------------------


def test_a_story_answers_to_each_of_its_keys(store: SqliteStore) -> None:
    made = sora_plan(claimed(store))
    store.commit(made)
    [of] = made.folded.stories
    for keys in ([SORA.key], ["phonetic:sora", "another"], list(of.keys)):
        assert store.stories(keys) == [of]
    assert store.stories(["another"]) == store.stories([]) == []
    assert store.mentions(made.items[0].id) == list(made.folded.mentions)


def test_a_story_grows_and_keeps_its_earliest_sight(store: SqliteStore) -> None:
    first = sora_plan(claimed(store))
    store.commit(first)
    [of] = first.folded.stories
    later = item(PRESS, "k", title="소라 공개", seen_at=T0 + HOUR)
    step = replace(of.stages[0], first_seen=T0 + HOUR, item_id=later.id, source_id=PRESS.id, told=False)
    released = replace(step, stage=Stage.RELEASED, told=True)
    grown = replace(of, stages=(step, released), keys=("sora|2|",), first_seen=T0 + HOUR, last_seen=T0 + HOUR)
    store.commit(
        plan(claimed(store, PRESS), [later], at=T0 + HOUR, folded=folded(grown, later, PRESS, Stage.RELEASED, T0 + HOUR))
    )
    [back] = store.stories(["sora|2|"])
    assert back.stages == (of.stages[0], released), "the announced step keeps its first sight and that it was told"
    assert (back.first_seen, back.last_seen, set(back.keys)) == (T0, T0 + HOUR, {*of.keys, "sora|2|"})


def test_an_announcement_is_made_once(store: SqliteStore) -> None:
    store.commit(sora_plan(claimed(store)))
    again = sora_plan(claimed(store, PRESS), at=T0 + HOUR, key="other", title="소라 나왔다")
    store.commit(again)
    [told] = store.pending("daily", T0 + DAY)
    assert (told.at, told.source_id) == (T0, VENDOR.id)


def test_entries_come_in_the_order_asked_with_coverage_vendor_first(store: SqliteStore) -> None:
    early = item(PRESS, "early", title="소라", seen_at=T0)
    of = story(early, at=T0)
    store.commit(plan(claimed(store, PRESS), [early], folded=folded(of, early, PRESS)))
    own = item(VENDOR, "own", title="Sora", seen_at=T0 + HOUR, published=T0)
    gemma = Model(name="Gemma", vendor="Google", family="gemma")
    second = item(VENDOR, "g", seen_at=T0 + HOUR)
    other = story(second, gemma, at=T0 + HOUR)
    both = folded(of, own, at=T0 + HOUR, role="primary", told=False)
    more = folded(other, second, at=T0 + HOUR)
    joined = replace(
        both, stories=both.stories + more.stories, mentions=both.mentions + more.mentions, announcements=more.announcements
    )
    store.commit(plan(claimed(store), [own, second], at=T0 + HOUR, folded=joined))
    a, b = ident(of.id, Stage.ANNOUNCED), ident(other.id, Stage.ANNOUNCED)
    for ids in ([a, b], [b, a]):
        assert [entry.announcement.id for entry in store.entries([*ids, "unknown"])] == ids
    [entry] = store.entries([a])
    assert [(one.source_id, one.title) for one in entry.coverage] == [(VENDOR.id, "Sora"), (PRESS.id, "소라")]
    assert entry.story == of
    assert entry.coverage[0].published == T0


def test_a_report_whose_edit_dates_it_anew_is_no_less_told_by_its_own_date(store: SqliteStore) -> None:
    """Publishing systems stamp what is edited with that moment; digests then said that a launch was found hours before any poll."""
    first, undated = item(key="a", published=T0 - 3 * HOUR), item(key="b", published=None)
    both = [story(first, at=T0 - 3 * HOUR), story(undated, Model(name="Gemma", vendor="Google", family="gemma"))]
    parts = [folded(both[0], first, at=T0 - 3 * HOUR), folded(both[1], undated)]
    for one, part in zip((first, undated), parts, strict=True):
        store.commit(plan(claimed(store), [one], folded=part))
        edited = replace(one, title="Edited", revision=2, seen_at=T0 + HOUR, published=T0 - 2 * HOUR)
        store.commit(plan(claimed(store, at=T0 + HOUR), [edited], at=T0 + HOUR))
    told = store.entries([ident(of.id, Stage.ANNOUNCED) for of in both])
    assert [(one.coverage[0].seen_at, one.coverage[0].dated) for one in told] == [(T0 - 3 * HOUR, True), (T0, False)]


def test_a_step_is_covered_by_its_own_reports_alone(store: SqliteStore) -> None:
    """The release had the preview's headline, and its first outlet."""
    early, out = (
        item(VENDOR, "early", title="Sora in preview", seen_at=T0),
        item(VENDOR, "out", title="Sora is out", seen_at=T0 + HOUR),
    )
    of = story(early, stage=Stage.PREVIEW)
    store.commit(plan(claimed(store), [early], folded=folded(of, early, stage=Stage.PREVIEW)))
    both = replace(of, stages=(*of.stages, *story(out, stage=Stage.RELEASED, at=T0 + HOUR).stages))
    store.commit(plan(claimed(store), [out], at=T0 + HOUR, folded=folded(both, out, stage=Stage.RELEASED, at=T0 + HOUR)))
    told = store.entries([ident(of.id, Stage.PREVIEW), ident(of.id, Stage.RELEASED)])
    assert [[one.title for one in entry.coverage] for entry in told] == [["Sora in preview"], ["Sora is out"]]


def test_another_vendor_s_own_source_covers_a_model_as_the_press_does(store: SqliteStore) -> None:
    early, own = item(VENDOR, "cloud", title="Gemma in our cloud", seen_at=T0), item(PRESS, "late", seen_at=T0 + HOUR)
    of = story(early, Model(name="Gemma", vendor="Zen Labs", family="gemma"), at=T0)
    store.commit(plan(claimed(store), [early], folded=folded(of, early)))
    store.commit(plan(claimed(store, PRESS), [own], at=T0 + HOUR, folded=folded(of, own, PRESS, at=T0 + HOUR, told=False)))
    [entry] = store.entries([ident(of.id, Stage.ANNOUNCED)])
    assert [(one.source_id, one.tier) for one in entry.coverage] == [(VENDOR.id, Tier.PRESS), (PRESS.id, Tier.PRESS)]


def test_what_the_polls_of_a_source_brought_is_told_by_time_and_without_those_that_brought_nothing(store: SqliteStore) -> None:
    for at, keys in ((T0, "ab"), (T0 + MINUTE, ""), (T0 + HOUR, "c"), (T0 + 2 * HOUR, "def")):
        store.commit(plan(claimed(store, at=at), [item(key=key, seen_at=at) for key in keys], at))
    store.commit(plan(claimed(store, PRESS, T0), [item(PRESS, "press", seen_at=T0)], T0))
    assert store.brought(VENDOR.id, T0 + MINUTE) == [Brought(at=T0 + HOUR, fresh=1), Brought(at=T0 + 2 * HOUR, fresh=3)]
    assert [one.fresh for one in store.brought(VENDOR.id, T0)] == [2, 1, 3]
    assert store.brought("unknown", T0) == []


def test_what_came_with_the_last_two_polls_that_brought_something_is_recent(store: SqliteStore) -> None:
    def recent() -> str:
        found, _ = store.known(VENDOR.id, [item(key=key).id for key in "abcdefgh"], [])
        listed = {one.known.item_id: one.known.recent for one in store.listed(VENDOR.id)}
        assert {one.item_id: one.recent for one in found.values()} == listed
        return "".join(key for key in "abcdefgh" if (one := found.get(item(key=key).id)) and one.recent)

    def brings(keys: str, at: datetime, *notes: str) -> None:
        made = [item(key=key, seen_at=at, notes=notes) for key in keys]
        came = plan(claimed(store, at=at), made, at)
        past = claimed(store, at=at).state.last_success_at
        store.commit(replace(came, state=replace(came.state, last_success_at=past)) if notes else came)
        store.commit(plan(claimed(store, PRESS, at), [item(PRESS, f"press {keys}", seen_at=at)], at))  # rows of others in between

    brings("abc", T0)
    assert recent() == "abc"
    brings("d", T0 + HOUR)
    assert recent() == "abcd"
    brings("ef", T0 + HOUR - MINUTE)  # the clock went back
    assert recent() == "def"
    brings("g", T0 + 2 * HOUR, Note.PUSHED)
    assert recent() == "def", "no poll was there after it"
    brings("h", T0 + 3 * HOUR)
    assert recent() == "gh"


# --- the outbox -------------------------------------------------------------------------------------------------------------------


def test_what_an_edition_claimed_waits_no_more(store: SqliteStore) -> None:
    store.commit(sora_plan(claimed(store), digests=("daily", "weekly")))
    assert [one.id for one in store.pending("daily", T0)] == [SORA_STEP]
    assert store.pending("daily", T0 - MINUTE) == []
    daily = edition()
    assert store.publish(daily, [delivery(daily)], [SORA_STEP])
    assert store.pending("daily", T0 + DAY) == []
    assert [one.id for one in store.pending("weekly", T0 + DAY)] == [SORA_STEP]


def test_a_late_commit_is_neither_lost_nor_told_twice(store: SqliteStore) -> None:
    slow, quick = claimed(store, PRESS), claimed(store)
    store.commit(sora_plan(quick))
    first = edition(until=T0 + HOUR)
    store.publish(first, [delivery(first)], [one.id for one in store.pending("daily", first.until)])
    gemma = Model(name="Gemma", vendor="Google", family="gemma")
    late = item(PRESS, "late", seen_at=T0 + MINUTE)  # found before the slot, committed after it
    of = story(late, gemma, at=T0 + MINUTE)
    step = ident(of.id, Stage.ANNOUNCED)
    store.commit(plan(slow, [late], folded=folded(of, late, PRESS, at=T0 + MINUTE), outbox=(("daily", step),)))
    second = edition(until=T0 + 2 * HOUR, since=T0 + HOUR)
    assert [one.id for one in store.pending("daily", second.until)] == [step]


def test_publishing_again_changes_nothing(store: SqliteStore) -> None:
    store.commit(sora_plan(claimed(store)))
    made = edition()
    assert store.publish(made, [delivery(made)], [SORA_STEP])
    assert not store.publish(made, [delivery(made, "somebody else")], [SORA_STEP])
    assert [one.recipient_id for one in store.claim_deliveries(T0 + DAY, 10, LEASE)] == ["me"]


def test_two_editions_cannot_tell_the_same(store: SqliteStore) -> None:
    store.commit(sora_plan(claimed(store)))
    first, second = edition(until=T0 + HOUR), edition(until=T0 + 2 * HOUR)
    store.publish(first, [], [SORA_STEP])
    with pytest.raises(Conflict, match="daily"):
        store.publish(second, [delivery(second)], [SORA_STEP])
    assert store.claim_deliveries(T0 + DAY, 10, LEASE) == []
    assert store.last_slot("daily") == first.until, "the second edition was not recorded"


def test_the_last_slot_is_the_newest_edition_or_the_registration(store: SqliteStore) -> None:
    assert store.last_slot("daily") is None
    store.register("daily", T0)
    store.register("daily", T0 + DAY)
    assert store.last_slot("daily") == T0
    store.publish(edition(until=T0 + 2 * HOUR), [], [])
    store.publish(edition(until=T0 + HOUR), [], [])
    store.publish(edition("weekly", until=T0 + DAY), [], [])
    assert store.last_slot("daily") == T0 + 2 * HOUR


def test_a_delivery_comes_back_as_published(store: SqliteStore) -> None:
    made = edition()
    given = delivery(made, body={"text": "소라", "parts": [1, {"a": None}], "flag": True})
    store.publish(made, [given], [])
    assert store.claim_deliveries(given.created_at, 10, LEASE) == [replace(given, state=DeliveryState.SENDING)]


def test_a_claimed_delivery_is_leased_and_its_tries_are_counted_when_settled(store: SqliteStore) -> None:
    made = edition()
    store.publish(made, [delivery(made)], [])
    [first] = store.claim_deliveries(T0 + DAY, 10, LEASE)
    assert store.claim_deliveries(T0 + DAY, 10, LEASE) == []
    [again] = store.claim_deliveries(T0 + DAY + LEASE, 10, LEASE)
    assert (again.id, again.attempts, again.body) == (first.id, 0, first.body)
    store.settle(first.id, RETRY, DeliveryState.READY, T0 + DAY + LEASE, T0 + 2 * DAY)
    assert store.claim_deliveries(T0 + 2 * DAY - MINUTE, 10, LEASE) == []
    [third] = store.claim_deliveries(T0 + 2 * DAY, 10, LEASE)
    assert (third.attempts, third.last_answer) == (1, "451 later")
    store.settle(first.id, SENT, DeliveryState.SENT, T0 + 2 * DAY, None)
    assert store.claim_deliveries(T0 + 9 * DAY, 10, LEASE) == []


def test_what_was_sent_stays_sent_whatever_a_late_answer_says(store: SqliteStore) -> None:
    made = edition()
    one = delivery(made)
    store.publish(made, [one], [])
    store.claim_deliveries(T0 + DAY, 10, LEASE)
    store.settle(one.id, SENT, DeliveryState.SENT, T0 + DAY, None)
    store.settle(one.id, RETRY, DeliveryState.READY, T0 + DAY, T0 + DAY)
    assert store.claim_deliveries(T0 + 9 * DAY, 10, LEASE) == []


def test_one_recipients_failure_holds_up_nobody_else(store: SqliteStore) -> None:
    made = edition()
    store.publish(made, [delivery(made, "down", T0), delivery(made, "up", T0 + MINUTE)], [])
    assert [one.recipient_id for one in store.claim_deliveries(T0 + DAY, 1, LEASE, skip=["down"])] == ["up"]
    assert [one.recipient_id for one in store.claim_deliveries(T0 + DAY, 1, LEASE)] == ["down"]


def test_deliveries_are_claimed_in_the_order_due_then_made(store: SqliteStore) -> None:
    made = edition()
    parts = [delivery(made, "me", id=f"part{n}", subject=str(n)) for n in (2, 1, 3)]
    store.publish(made, [delivery(made, "late", next_try_at=T0 + 2 * HOUR), *parts], [])
    assert [one.subject[0] for one in store.claim_deliveries(T0 + DAY, 10, LEASE)] == ["2", "1", "3", "1"]


def test_the_later_parts_of_a_message_wait_with_one_that_is_tried_again(store: SqliteStore) -> None:
    made, other = edition(), edition("other")
    parts = [delivery(made, "me", id=f"part{n}") for n in (1, 2, 3)]
    store.publish(made, [*parts, delivery(made, "you", id="yours")], [])
    store.publish(other, [delivery(other, "me", id="another")], [])
    [first] = store.claim_deliveries(T0 + HOUR, 1, LEASE)
    store.settle(first.id, SENT, DeliveryState.SENT, T0 + HOUR, None)
    [second] = store.claim_deliveries(T0 + HOUR, 1, LEASE)
    store.settle(second.id, RETRY, DeliveryState.READY, T0 + HOUR, T0 + HOUR + MINUTE)
    assert {one.id for one in store.claim_deliveries(T0 + HOUR, 10, LEASE)} == {"yours", "another"}
    assert [one.id for one in store.claim_deliveries(T0 + HOUR + MINUTE, 10, LEASE)] == ["part2", "part3"]


def test_a_later_part_that_is_put_off_for_longer_is_not_brought_forward(store: SqliteStore) -> None:
    made = edition()
    store.publish(before := edition("before"), [delivery(before, "me", id="before")], [])
    store.publish(made, [delivery(made, "me", id=f"part{n}") for n in (1, 2)], [])
    store.settle("before", patience(DAY - HOUR), DeliveryState.READY, T0 + HOUR, T0 + DAY)
    store.settle("part1", RETRY, DeliveryState.READY, T0 + HOUR, T0 + 2 * HOUR)
    assert [one.id for one in store.claim_deliveries(T0 + 3 * HOUR, 10, LEASE)] == ["part1"]


def test_a_recipient_that_is_back_gets_its_backlog(store: SqliteStore) -> None:
    made = edition()
    store.publish(made, [delivery(made, "me"), delivery(made, "you", id="other")], [])
    for one in store.claim_deliveries(T0 + HOUR, 10, LEASE):
        store.settle(one.id, RETRY, DeliveryState.READY, T0 + HOUR, T0 + DAY)
    store.publish(later := edition("later"), [delivery(later, "me", id="new")], [])
    store.settle("new", SENT, DeliveryState.SENT, T0 + 2 * HOUR, None)
    assert [one.recipient_id for one in store.claim_deliveries(T0 + 2 * HOUR, 10, LEASE)] == ["me"]


def test_a_try_is_written_with_all_that_follows_from_it_or_not_at_all(store: SqliteStore) -> None:
    made = edition()
    store.publish(made, [delivery(made, "me", id=name) for name in ("first", "second")], [])
    store.claim_deliveries(T0 + HOUR, 1, LEASE)
    lost = Notice(condition="delivery-dead:me", open=True, at=T0, text="lost")
    retry = (patience(HOUR), DeliveryState.READY, T0 + HOUR, T0 + 2 * HOUR)
    never = datetime.max.replace(tzinfo=timezone(-HOUR))
    broken = Upshot(mute=("hook#1", "410"), notices=(lost, replace(lost, at=never)))
    with pytest.raises(OverflowError):
        store.settle("first", *retry, broken)
    assert (store.muted(), store.notices(T0 - DAY, T0 + DAY)) == ({}, [])
    assert [one.id for one in store.claim_deliveries(T0 + HOUR, 10, LEASE)] == ["second"], "nobody asked for patience"
    store.settle("first", *retry, replace(broken, notices=(lost,)))
    assert (store.muted(), store.notices(T0 - DAY, T0 + DAY)) == ({("hook#1", None): "410"}, [lost])
    again = store.claim_deliveries(T0 + 2 * HOUR, 10, LEASE)
    assert {one.id: one.attempts for one in again} == {"first": 1, "second": 0}


def test_items_that_moved_are_known_at_their_new_addresses_and_else_as_they_were(store: SqliteStore) -> None:
    first = sora_plan(claimed(store))
    store.commit(first)
    (was,) = first.items
    (one,) = store.listed(was.source_id)
    assert (one.title, one.url, one.known) == (was.title, was.url, store.known(was.source_id, [was.id], [])[0][was.id])
    there = replace(was, url="https://openai.example/blog/sora", title="Another", aliases=("openai.example/blog/sora",))
    store.commit(replace(plan(claimed(store), [], T0 + HOUR), moved=(there,)))
    assert store.known(was.source_id, [], there.aliases)[1][there.aliases[0]].item_id == was.id
    assert [(one.title, one.url, one.known.revision) for one in store.listed(was.source_id)] == [(was.title, there.url, 1)]


def test_a_name_that_was_read_off_an_address_is_corrected_where_it_stands(store: SqliteStore) -> None:
    first = sora_plan(claimed(store))
    store.commit(first)
    (told,), (told_of,) = first.folded.announcements, first.folded.stories
    name = replace(SORA, name="Sora Turbo", version="turbo")
    better = replace(told, name=name.name, title="Introducing Sora Turbo", models=(name,), quote="It is faster.", at=T0 + DAY)
    renamed = replace(told_of, name=name.name, models=(name,), keys=(*told_of.keys, "sora|turbo"))
    store.commit(plan(claimed(store), [], T0 + HOUR, folded=Folded(stories=(renamed,), corrected=(better,))))
    assert store.pending("daily", T0 + HOUR) == [replace(better, at=told.at)]
    assert [one.id for one in store.stories({"sora|turbo"})] == [told_of.id]


def test_it_is_known_how_much_a_digest_told_since(store: SqliteStore) -> None:
    store.commit(sora_plan(claimed(store)))
    made = edition("daily", T0 + HOUR)
    store.publish(made, [delivery(made, at=T0 + HOUR)], [SORA_STEP])
    assert [store.told("daily", T0 + offset, T0 + DAY) for offset in (HOUR - MINUTE, HOUR, HOUR + MINUTE)] == [1, 0, 0]
    assert store.told("weekly", T0, T0 + DAY) == 0
    assert store.told("daily", T0, T0 + HOUR - MINUTE) == 0, "by a clock that was ahead"


def test_what_is_published_for_a_recipient_that_asked_for_patience_waits_too(store: SqliteStore) -> None:
    made, later = edition(), edition("later")
    store.publish(made, [delivery(made, "me"), delivery(made, "you", id="other")], [])
    [one] = store.claim_deliveries(T0 + HOUR, 1, LEASE, ["you"])
    store.settle(one.id, patience(2 * HOUR), DeliveryState.READY, T0, T0 + 2 * HOUR)
    store.settle(one.id, patience(HOUR), DeliveryState.READY, T0, T0 + 2 * HOUR)
    store.publish(later, [delivery(later, "me"), delivery(later, "you", id="another")], [])
    assert [one.recipient_id for one in store.claim_deliveries(T0 + HOUR, 10, LEASE)] == ["you", "you"]
    assert [one.next_try_at for one in store.claim_deliveries(T0 + 2 * HOUR, 10, LEASE, ["you"])] == [T0 + 2 * HOUR] * 2
    store.settle(one.id, SENT, DeliveryState.SENT, T0 + HOUR, None)
    last = edition("last")
    store.publish(last, [delivery(last, "me", id="new")], [])
    assert [one.id for one in store.claim_deliveries(T0 + HOUR, 10, LEASE)] == ["new"], "it is back"


def test_what_a_dead_process_was_sending_is_released(store: SqliteStore) -> None:
    made = edition()
    store.publish(made, [delivery(made)], [])
    store.claim_deliveries(T0 + DAY, 10, LEASE)
    assert store.release(T0 + DAY) == 1
    assert len(store.claim_deliveries(T0 + DAY, 10, LEASE)) == 1


def test_a_person_resends_and_drops(store: SqliteStore) -> None:
    made = edition()
    one = delivery(made)
    store.publish(made, [one], [])
    store.claim_deliveries(T0 + DAY, 10, LEASE)
    assert not store.settle_by_hand(one.id, DeliveryState.DROPPED, T0 + DAY, "by me"), "it is being sent"
    store.settle(one.id, Receipt(verdict=Verdict.REFUSED, answer="550 no"), DeliveryState.DEAD, T0 + DAY, None)
    assert store.settle_by_hand(one.id, DeliveryState.READY, T0 + 2 * DAY, "again")
    [again] = store.claim_deliveries(T0 + 2 * DAY, 10, LEASE)
    assert again.attempts == 0
    store.settle(one.id, RETRY, DeliveryState.READY, T0 + 2 * DAY, T0 + 3 * DAY)
    assert store.settle_by_hand(one.id, DeliveryState.DROPPED, T0 + 2 * DAY, "enough")
    assert store.claim_deliveries(T0 + 9 * DAY, 10, LEASE) == []
    assert not store.settle_by_hand("nothing", DeliveryState.DROPPED, T0, "")


def test_who_wants_no_more_is_remembered(store: SqliteStore) -> None:
    store.mute("me", "daily", "unsubscribed", T0)
    store.mute("hook#1", None, "answered 410", T0)
    store.mute("hook#1", None, "another reason", T0)
    assert store.muted() == {("me", "daily"): "unsubscribed", ("hook#1", None): "answered 410"}
    assert store.unmute("me", "daily")
    assert not store.unmute("me", "daily")
    assert store.muted() == {("hook#1", None): "answered 410"}


# --- coverage and conditions ------------------------------------------------------------------------------------------------------


def test_a_condition_is_told_once_when_it_begins_and_once_when_it_ends(store: SqliteStore) -> None:
    down = Notice(condition="source-down:board", open=True, at=T0, text="down")
    up = replace(down, open=False, text="back")
    store.note([up])
    assert not store.goes_on(down.condition)
    store.commit(plan(claimed(store), notices=(down,)))
    store.note([replace(down, at=T0 + MINUTE, text="still down")])
    assert store.goes_on(down.condition)
    store.note([replace(up, at=T0 + HOUR)])
    assert not store.goes_on(down.condition)
    store.note([replace(up, at=T0 + 2 * HOUR), replace(down, at=T0 + 3 * HOUR)])
    told = store.notices(T0 - DAY, T0 + DAY)
    assert [(one.open, one.at, one.text) for one in told] == [
        (True, T0, "down"),
        (False, T0 + HOUR, "back"),
        (True, T0 + 3 * HOUR, "down"),
    ]
    assert store.notices(T0, T0 + HOUR) == told[1:2], "after since, up to until"


def test_the_coverage_line_of_a_window(store: SqliteStore) -> None:
    store.commit(plan(claimed(store, VENDOR), at=T0 + HOUR))
    job = claimed(store, PRESS)
    failed = Poll(source_id=PRESS.id, at=T0 + HOUR, outcome="failed", reason="timeout")
    store.commit(replace(plan(job), poll=failed, state=replace(job.state, failing_since=T0 + HOUR, failures=1.0)))
    job = claimed(store, VENDOR)
    gap = Poll(source_id=VENDOR.id, at=T0 + 3 * HOUR, outcome="fetched", overlap=False, gap_since=T0 + HOUR)
    store.commit(replace(plan(job), poll=gap))
    seen = store.watch(T0, T0 + 4 * HOUR)
    assert (seen.sources, seen.watched, seen.failing) == (3, 1, (PRESS.id,))
    assert seen.gaps == ((VENDOR.id, T0 + HOUR, T0 + 3 * HOUR),)
    before = store.watch(T0 - DAY, T0)
    assert (before.watched, before.failing, before.gaps) == (0, (), ())
    assert before.polled


def test_a_store_without_a_poll_says_so(store: SqliteStore) -> None:
    job = claimed(store, VENDOR)
    assert not store.watch(T0 - DAY, T0).polled, "claimed, and not answered yet"
    failed = Poll(source_id=VENDOR.id, at=T0, outcome="failed", reason="timeout")
    store.commit(replace(plan(job), poll=failed, state=replace(job.state, last_attempt_at=T0, failing_since=T0)))
    assert store.watch(T0 - DAY, T0).polled
    store.sync_sources([], T0)
    assert store.watch(T0 - DAY, T0).polled, "a list without a source takes nothing back"


def test_near_misses_of_a_window_highest_score_first(store: SqliteStore) -> None:
    items = [item(key=str(n)) for n in range(4)]
    lacking = Evidence(rule="cue", field="title", start=0, end=4, matched="Item", weight=0.0, why="no announcing verb")
    judged = [
        detection(items[0], SORA, announcement=False, stage=Stage.NONE, score=3.5, near=(lacking,)),
        detection(items[1], SORA, announcement=False, stage=Stage.NONE, score=4.5),
        detection(items[2], SORA, announcement=False, stage=Stage.NONE, score=1.0),
        detection(items[3], SORA),
    ]
    store.commit(plan(claimed(store), items, detections=tuple(judged)))
    found = store.near_misses(T0 - HOUR, T0, 10)
    assert all(one.source_id and one.tier and one.lang for one in found)
    assert [(one.item_id, one.score, one.lacking) for one in found] == [
        (items[1].id, 4.5, ""),
        (items[0].id, 3.5, "no announcing verb"),
    ]
    assert len(store.near_misses(T0 - HOUR, T0, 1)) == 1
    assert store.near_misses(T0, T0 + HOUR, 10) == []


# --- the archive and judgements ---------------------------------------------------------------------------------------------------


def test_the_archive_is_in_the_order_seen_and_can_be_narrowed(store: SqliteStore) -> None:
    for n in range(4):
        source, at = (VENDOR, PRESS)[n % 2], T0 + n * DAY
        store.commit(plan(claimed(store, source), [item(source, str(n), seen_at=at)], at=at))
    assert [one.key for one, _ in store.archive()] == ["0", "1", "2", "3"]
    assert [one.key for one, _ in store.archive(since=T0 + DAY)] == ["1", "2", "3"]
    assert [(one.key, of.id) for one, of in store.archive(source_id=PRESS.id)] == [("1", PRESS.id), ("3", PRESS.id)]
    assert list(store.archive(since=T0 + 9 * DAY)) == list(store.archive(source_id="nobody")) == []


def test_the_archive_may_be_read_while_it_grows(store: SqliteStore) -> None:
    store.commit(plan(claimed(store), [item(key=str(n)) for n in range(1200)]))
    reading = store.archive()
    first = next(reading)
    store.commit(plan(claimed(store, PRESS), [item(PRESS, "late")]))
    assert len([first, *reading]) == 1201


def test_labels_are_one_an_item_and_can_be_taken_back(store: SqliteStore) -> None:
    one = item()
    store.commit(plan(claimed(store), [one]))
    judge(store, one.id, True, Stage.RELEASED, "clear", T0)
    judge(store, one.id, False, None, "a tutorial after all", T0 + HOUR)
    [back] = store.labels()
    assert (back.item_id, back.announcement, back.stage, back.note, back.at) == (
        one.id,
        False,
        None,
        "a tutorial after all",
        T0 + HOUR,
    )
    with pytest.raises(StoreError, match="no item 0000"):
        judge(store, "0" * 16, True, None, "", T0)
    store.mend(Saying(taken_back=(one.id,)), (), lambda _: Mend(), T0)
    assert store.labels() == []


def test_unknown_names_are_kept_for_a_person_to_judge(store: SqliteStore) -> None:
    unknown = Model(name="Zephyr Max", vendor="Acme", family="zephyr", variant="max", spelled="Zephyr Max")
    one, two = item(key="1"), item(key="2")
    store.commit(plan(claimed(store), [one, two], detections=(detection(one, unknown, SORA), detection(two, unknown))))
    assert store.judge_name(unknown.key, "ignored", T0)
    assert not store.judge_name(SORA.key, "accepted", T0), "the lexicon has it"
    with pytest.raises(StoreError, match="maybe"):
        store.judge_name(unknown.key, "maybe", T0)


def test_names_that_items_gave_are_heard_with_maker_and_kind_until_ignored(store: SqliteStore) -> None:
    first = Model(name="Zephyr 2", vendor="Acme", family="zephyr", version="2", modality=Modality.VIDEO, spelled="Zephyr 2")
    second = Model(name="Orion 5", family="orion", version="5", spelled="Orion 5")
    one, two, three = item(key="1"), item(key="2"), item(key="3")
    store.commit(plan(claimed(store), [one], detections=(detection(one, first, SORA),)))
    rumour = detection(three, replace(second, name="Nimbus", version=""), stage=Stage.RUMORED, announcement=False)
    told = (detection(two, second, first), rumour)
    store.commit(plan(claimed(store, at=T0 + HOUR), [two, three], detections=told, at=T0 + HOUR))
    assert store.heard() == (
        HeardName(name="Zephyr 2", vendor="Acme", modality=Modality.VIDEO, item_id=one.id),
        HeardName(name="Orion 5", vendor=None, modality=Modality.TEXT, item_id=two.id),
    )
    assert [name.name for name in store.heard(T0 + MINUTE)] == ["Zephyr 2"]
    store.judge_name(first.key, "ignored", T0 + DAY)
    assert [name.name for name in store.heard()] == ["Orion 5"]


def test_a_name_is_by_the_maker_and_of_the_kind_that_a_person_says(store: SqliteStore) -> None:
    read = Model(name="Zephyr 2", vendor="OpenAI", family="zephyr", version="2")
    one, two = item(key="1"), item(key="2")
    store.commit(plan(claimed(store), [one], detections=(detection(one, read),)))
    meant = replace(read, vendor="Acme", modality=Modality.VIDEO)
    label = Label(item_id=one.id, announcement=True, stage=None, note="", at=T0 + MINUTE, models=(meant,))
    store.mend(Saying(labels=(label,)), (), lambda _: Mend(), T0 + MINUTE)
    said = HeardName(name="Zephyr 2", vendor="Acme", modality=Modality.VIDEO, item_id=one.id, said=True)
    assert store.heard() == (said,)
    assert [(name.vendor, name.said) for name in store.heard(T0)] == [("OpenAI", False)], "nobody had said it by then"
    store.commit(plan(claimed(store, at=T0 + HOUR), [two], detections=(detection(two, read),), at=T0 + HOUR))
    assert store.heard() == (said,)
    store.mend(Saying(taken_back=(one.id,)), (), lambda _: Mend(), T0 + DAY)
    assert [(name.vendor, name.said) for name in store.heard()] == [("OpenAI", False)]


def test_a_name_is_heard_from_the_item_that_gives_it_not_from_a_rumour_before(store: SqliteStore) -> None:
    plain = Model(name="Nimbus", vendor="Acme", family="nimbus")
    one, two, three = item(key="1"), item(key="2"), item(key="3")
    rumour = detection(one, plain, stage=Stage.RUMORED, announcement=False)
    store.commit(plan(claimed(store), [one], detections=(rumour,)))
    store.commit(plan(claimed(store, at=T0 + HOUR), [two], detections=(detection(two, plain),), at=T0 + HOUR))
    assert store.heard() == ()
    called = detection(three, plain, called=True)
    store.commit(plan(claimed(store, at=T0 + 2 * HOUR), [three], detections=(called,), at=T0 + 2 * HOUR))
    assert [(name.name, name.item_id) for name in store.heard()] == [("Nimbus", three.id)]


def test_a_heartbeat_is_accepted_again_and_again(store: SqliteStore) -> None:
    store.heartbeat(T0, "tick")
    assert not store.rewind(T0)
    store.heartbeat(T0 + HOUR, "tick")
    assert store.rewind(T0 + HOUR / 2), "the later one is kept: it lies ahead of this clock"


def test_a_secret_is_made_once_and_differs_by_name(store: SqliteStore) -> None:
    made = store.secret("unsubscribe")
    assert len(made) == 64
    assert store.secret("unsubscribe") == made
    assert store.secret("websub") != made


def test_a_lease_runs_on_while_the_hub_is_asked_again_and_ends_when_it_refuses(store: SqliteStore) -> None:
    store.asked("board", T0, "HTTP 503")
    assert store.leases()["board"] == Lease(asked_at=T0, answer="HTTP 503")
    store.granted("board", T0 + HOUR, T0 + DAY)
    store.asked("board", T0 + 2 * HOUR, None)
    assert store.leases()["board"] == Lease(asked_at=T0 + 2 * HOUR, since=T0 + HOUR, until=T0 + DAY)
    store.granted("board", T0 + DAY, None, "too many")
    assert store.leases()["board"] == Lease(asked_at=T0 + 2 * HOUR, answer="too many")
