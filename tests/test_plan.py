"""One poll's decisions: what is fresh, what the state becomes, what is told, and to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import conditions, moves, plan, sitemaps
from aiwatch.model import (
    ANEW,
    Announcement,
    Failed,
    Failure,
    Fetched,
    Folded,
    Fresh,
    Item,
    Kind,
    Mention,
    Modality,
    Model,
    Note,
    NotModified,
    Parsed,
    PollJob,
    PollPlan,
    PollState,
    Silence,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
    ident,
)
from aiwatch.ports import Known, Listed
from aiwatch.schedule import Terms
from aiwatch.settings import Polling, Subscription
from aiwatch.stories import recency, telling

NOW = datetime(2024, 2, 15, 18, 0, tzinfo=UTC)
SOURCE = Source(id="lab", url="https://lab.example/feed", name="Example Lab", vendor="Example", tier=Tier.PRIMARY)
FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><link>https://lab.example/</link>
<item><title>One</title><link>https://lab.example/1</link><guid>1</guid></item></channel></rss>"""


def job(state: PollState | None = None, source: Source = SOURCE) -> PollJob:
    return PollJob(source=source, state=state or PollState(source_id=source.id))


def fetched(body: bytes = FEED, permanent_url: str | None = None, etag: str | None = '"v1"') -> Fetched:
    headers = {"content-type": "application/rss+xml"}
    return Fetched(url=SOURCE.url, status=200, headers=headers, body=body, permanent_url=permanent_url, etag=etag)


def item(key: str, title: str = "A title", aliases: tuple[str, ...] = (), published: datetime | None = None) -> Item:
    return Item(
        id=ident("lab", key),
        source_id="lab",
        key=key,
        url=f"https://lab.example/{key}",
        title=title,
        aliases=aliases,
        published=published,
    )


def known(one: Item, revision: int = 1) -> Known:
    return Known(item_id=one.id, content_hash=one.content_hash, revision=revision)


def announcement(**changes: object) -> Announcement:
    base = Announcement(
        id="a1",
        story_id="s1",
        stage=Stage.RELEASED,
        name="Zephyr 2",
        models=(Model(name="Zephyr 2", vendor="Example"),),
        vendor="Example",
        modality=Modality.TEXT,
        at=NOW,
        item_id="i1",
        source_id="daily",
        tier=Tier.PRESS,
        title="Example releases Zephyr 2",
        url="https://daily.example/z2",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # any field of an announcement


# --- requests -------------------------------------------------------------------------------------------------------------


def test_validators_are_sent_back_as_they_came_until_a_full_answer_is_due() -> None:
    state = PollState(source_id="lab", etag='W/"x"', last_modified="Tue, 04 Mar 2025 05:06:07 GMT")
    made = plan.request(job(state))
    assert (made.etag, made.last_modified) == ('W/"x"', "Tue, 04 Mar 2025 05:06:07 GMT")
    full = plan.request(job(replace(state, unchanged_in_a_row=plan.FULL_FETCH_EVERY)))
    assert (full.etag, full.last_modified) == (None, None)


def test_a_confirmed_move_is_what_is_polled() -> None:
    assert plan.request(job(PollState(source_id="lab", url="https://new.example/feed"))).url == "https://new.example/feed"


# --- reading --------------------------------------------------------------------------------------------------------------


def test_a_body_that_is_no_feed_is_a_failure_with_a_name() -> None:
    reading = plan.read(job(), fetched(b"<html><title>Just a moment...</title><body>checking your browser</body></html>"), NOW)
    assert isinstance(reading.outcome, Failed)
    assert reading.outcome.kind is Failure.SOFT
    assert reading.outcome.reason.startswith("https://lab.example/feed: expected a feed, got Cloudflare challenge")


def test_the_same_bytes_are_not_parsed_again() -> None:
    first = plan.read(job(), fetched(), NOW)
    assert first.parsed is not None
    again = plan.read(job(PollState(source_id="lab", body_hash=first.body_hash)), fetched(), NOW)
    assert again.parsed is None
    assert isinstance(again.outcome, Fetched)


def test_an_empty_list_where_there_were_many_is_a_failure() -> None:
    empty = FEED.split(b"<item>")[0] + b"</channel></rss>"
    reading = plan.read(job(PollState(source_id="lab", polls=3, item_count=20)), fetched(empty), NOW)
    assert isinstance(reading.outcome, Failed)
    assert "20" in reading.outcome.reason
    assert isinstance(plan.read(job(), fetched(empty), NOW).outcome, Fetched)


@pytest.mark.parametrize(("before", "outcome"), [(None, Fetched), (2, Fetched), (3, Failed)])
def test_a_list_of_one_or_two_may_run_empty(before: int | None, outcome: type[object]) -> None:
    empty = FEED.split(b"<item>")[0] + b"</channel></rss>"
    state = PollState(source_id="lab", polls=3, item_count=before)
    assert isinstance(plan.read(job(state), fetched(empty), NOW).outcome, outcome)


HEAD = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title><entry><id>a</id><updated>2024-02-15T12:00:00Z</updated>'
NIGHTLY = HEAD + b'<title>v2.0.0-nightly</title><link href="https://github.com/lab/it/releases/tag/n"/></entry></feed>'
SHORT = HEAD + b'<title>A clip</title><link href="https://www.youtube.com/shorts/abc"/></entry></feed>'


@pytest.mark.parametrize(
    ("kind", "options", "body"),
    [
        (Kind.ARXIV, {}, FEED.split(b"<item>")[0] + b"</channel></rss>"),  # as at every weekend
        (Kind.ARXIV, {"title_pattern": "language model"}, FEED),
        (Kind.GITHUB, {}, NIGHTLY),
        (Kind.GITHUB, {}, b'[{"tag_name": "v2.0.0-rc1", "prerelease": true}]'),
        (Kind.HACKERNEWS, {"min_points": 9}, b'{"hits": [{"title": "A title", "objectID": "1", "points": 2}]}'),
        (Kind.HUGGINGFACE, {"pipelines": ["text-generation"]}, b'[{"id": "lab/it", "pipeline_tag": "image-to-text"}]'),
        (Kind.MASTODON, {}, b'[{"id": "1", "in_reply_to_id": "2", "content": "Thanks!", "url": "https://m.example/1"}]'),
        (
            Kind.BLUESKY,
            {},
            b'{"feed": [{"reason": {"by": "lab"}, "post": {"uri": "at://x/1", "record": {"text": "Of others"}}}]}',
        ),
        (Kind.REDDIT, {"min_score": 9}, b'{"data": {"children": [{"data": {"title": "A title", "score": 2}}]}}'),
        (Kind.X, {}, b'{"meta": {"result_count": 0}}'),
        (Kind.YOUTUBE, {}, SHORT),
        (Kind.SITEMAP, {"include": "/news/", "min_items": 0}, b"<urlset><url><loc>https://lab.example/jobs</loc></url></urlset>"),
        (Kind.PAGE, {"item": "article", "min_items": 0}, b"<html><body><main>Nothing new.</main></body></html>"),
    ],
)
def test_a_list_of_which_nothing_is_wanted_today_has_not_run_empty(kind: Kind, options: dict[str, object], body: bytes) -> None:
    source = replace(SOURCE, url="https://github.com/lab/it/releases.atom", kind=kind, options=options)
    reading = plan.read(job(PollState(source_id="lab", polls=3, item_count=20), source), fetched(body), NOW)
    assert isinstance(reading.outcome, Fetched), reading.outcome
    assert reading.parsed is not None
    assert reading.parsed.items == ()


@pytest.mark.parametrize(("kind", "body"), [(Kind.MASTODON, b"[]"), (Kind.HACKERNEWS, b'{"hits": []}'), (Kind.GITHUB, HEAD[:63])])
def test_a_list_that_holds_nothing_at_all_has_run_empty(kind: Kind, body: bytes) -> None:
    reading = plan.read(job(PollState(source_id="lab", polls=3, item_count=20), replace(SOURCE, kind=kind)), fetched(body), NOW)
    assert isinstance(reading.outcome, Failed)


def test_a_list_that_holds_no_items_but_says_where_they_are_has_not_run_empty() -> None:
    site = replace(SOURCE, kind=Kind.SITEMAP)
    index = b"<sitemapindex><sitemap><loc>https://lab.example/news.xml</loc></sitemap></sitemapindex>"
    reading = plan.read(job(PollState(source_id="lab", polls=3, item_count=20), site), fetched(index), NOW)
    assert sitemaps.points_on(reading)
    assert not sitemaps.points_on(plan.read(job(), fetched(), NOW))


# --- fresh ----------------------------------------------------------------------------------------------------------------


def test_an_unknown_item_is_new_and_a_known_one_is_not() -> None:
    old, new = item("old"), item("new")
    found = plan.fresh([new, old], {old.id: known(old)}, {}, NOW)
    assert [one.id for one in found.new] == [new.id]
    assert (found.revised, found.overlap) == ((), True)
    assert found.new[0].seen_at == NOW


def test_of_an_entry_that_stands_twice_in_a_body_the_first_one_counts() -> None:
    """The second page of a list repeats the end of the first one, in older words."""
    told, older = item("1", "Zephyr 2 is here"), item("1", "Zephyr 2 comes")
    assert [one.title for one in plan.fresh([told, older], {}, {}, NOW).new] == [told.title]
    before = {told.id: known(item("1", "Something comes"))}
    assert [one.title for one in plan.fresh([told, older], before, {}, NOW).revised] == [told.title]


@pytest.mark.parametrize(
    ("new", "kept", "met"),
    [
        ([1, 2, 3, 4, 5, 6], [1, 2, 3], {1, 2, 3}),  # half of what is new was known
        ([1, 2, 3, 4, 5, 6, 7], [1, 2, 3], set()),
        ([1, 2], [1, 2], set()),  # two that come again prove nothing
        ([1, 2, 3, 4, 4], [1, 2, 3, 4], {1, 2, 3}),  # a column: nobody knows which of two it is
        ([1, 2, 3, 4], [1, 2, 3, 4, 4], {1, 2, 3}),
    ],
)
def test_a_list_moved_where_most_of_what_is_new_was_known_by_its_title(new: list[int], kept: list[int], met: set[int]) -> None:
    def title(number: int) -> str:
        return f"An entry about matter number {number}"

    fresh = [replace(item(f"blog/{place}"), title=title(number)) for place, number in enumerate(new)]
    listed = [
        Listed(known=known(item(f"news/{place}")), title=title(number), url=f"https://lab.example/news/{place}")
        for place, number in enumerate(kept)
    ]
    found = moves.moved(fresh, listed)
    assert {number for one, number in zip(fresh, new, strict=True) if one.id in found} == met


def test_other_words_under_the_same_id_are_a_revision() -> None:
    before, after = item("x", "Before"), item("x", "After")
    found = plan.fresh([after], {before.id: known(before, 4)}, {}, NOW)
    assert [(one.title, one.revision) for one in found.revised] == [("After", 5)]


def test_an_entry_under_a_new_guid_is_known_by_its_other_identity() -> None:
    before, after = item("guid-1", aliases=("url:1",)), item("guid-2", aliases=("url:1",))
    found = plan.fresh([after], {}, {"url:1": known(before)}, NOW)
    assert (found.new, found.revised) == ((), ())


def test_two_entries_of_one_body_are_never_one_because_they_share_an_alias() -> None:
    before, other = item("a", aliases=("same title and day",)), item("b", aliases=("same title and day",))
    found = plan.fresh([before, other], {before.id: known(before)}, {"same title and day": known(before)}, NOW)
    assert [one.id for one in found.new] == [other.id]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.sets(st.sampled_from("abcdefgh")))
def test_every_item_is_new_or_known_exactly_once(keys: list[str], before: set[str]) -> None:
    items = [item(key) for key in keys]
    found = plan.fresh(items, {item(key).id: known(item(key)) for key in before}, {}, NOW)
    assert {one.key for one in found.new} == set(keys) - before
    assert len(found.new) == len(set(keys) - before)
    assert found.overlap == bool(set(keys) & before)


@pytest.mark.parametrize(("minutes", "overlap"), [(-1, True), (0, True), (1, False), (None, False)])
def test_a_list_that_goes_back_to_the_last_look_has_no_gap(minutes: int | None, overlap: bool) -> None:
    last = NOW - timedelta(hours=1)
    parsed = Parsed(items=(item("1"),), reaches=None if minutes is None else last + timedelta(minutes=minutes))
    reading = plan.Reading(outcome=fetched(), parsed=parsed)
    made = plan.record(job(PollState(source_id="lab", polls=3, last_success_at=last)), reading, Fresh(new=parsed.items), NOW)
    assert (made.overlap, made.gap_since) == (overlap, None if overlap else last)


# --- state ----------------------------------------------------------------------------------------------------------------


def after(state: PollState, outcome: Fetched | NotModified | Failed, now: datetime = NOW) -> PollState:
    return plan.next_state(job(state), plan.read(job(state), outcome, now), now)


def test_success_clears_what_failed_before() -> None:
    state = after(PollState(source_id="lab", failures=7.0, failing_since=NOW - timedelta(days=1), last_error="x"), fetched())
    assert (state.failures, state.failing_since, state.last_error, state.polls, state.etag) == (0.0, None, None, 1, '"v1"')
    assert state.last_success_at == NOW


def test_the_first_reading_after_a_changed_mapping_is_a_baseline() -> None:
    anew = PollState(source_id="lab", polls=7, unchanged_in_a_row=ANEW)
    assert anew.baseline
    assert after(anew, NotModified(url=SOURCE.url)).baseline  # nothing was read
    assert after(anew, Failed(kind=Failure.SOFT, reason="x")).baseline
    assert not after(anew, fetched()).baseline
    assert PollState(source_id="lab").baseline


def test_a_304_keeps_the_validators_that_it_does_not_repeat() -> None:
    state = after(PollState(source_id="lab", etag='"a"', last_modified="M", polls=1), NotModified(url=SOURCE.url, etag=None))
    assert (state.etag, state.last_modified, state.unchanged_in_a_row, state.polls) == ('"a"', "M", 1, 1)


def test_an_answer_replaces_what_was_known_of_the_body_and_the_same_bytes_do_not() -> None:
    before = PollState(source_id="lab", etag='"a"', last_modified="M", body_hash="h", item_count=9, unchanged_in_a_row=5, polls=4)
    state = after(before, replace(fetched(), last_modified="N"))
    assert (state.etag, state.last_modified, state.item_count, state.unchanged_in_a_row, state.polls) == ('"v1"', "N", 1, 0, 5)
    assert state.body_hash not in (None, "h")
    again = after(state, fetched(etag='"v2"'))
    assert (again.etag, again.body_hash, again.item_count) == ('"v2"', state.body_hash, 1)
    unchanged = after(state, NotModified(url=SOURCE.url, etag='"v3"', last_modified="O"))
    assert (unchanged.etag, unchanged.last_modified, unchanged.body_hash) == ('"v3"', "O", state.body_hash)


@pytest.mark.parametrize(
    ("kind", "weight"), [(Failure.HARD, 1.0), (Failure.SOFT, 0.5), (Failure.TEMPORARY, 0.25), (Failure.BLOCKED, 1.0)]
)
def test_failures_count_by_their_weight(kind: Failure, weight: float) -> None:
    state = after(PollState(source_id="lab", failures=1.0), Failed(kind=kind, reason="no"))
    assert (state.failures, state.failing_since, state.last_error, state.gone) == (1.0 + weight, NOW, "no", False)


def test_gone_is_believed_when_it_is_said_again_a_day_later() -> None:
    gone, day = Failed(kind=Failure.GONE, reason="410"), NOW - timedelta(days=1)
    assert not after(PollState(source_id="lab"), gone).gone
    said = PollState(source_id="lab", failing_since=day, last_attempt_at=day, last_error="410")
    assert after(said, gone).gone
    assert not after(replace(said, last_error="HTTP 503"), gone).gone
    assert not after(replace(said, last_attempt_at=NOW - timedelta(hours=1)), gone).gone, "however long it has failed before"


def test_a_permanent_redirect_is_applied_when_seen_again_on_a_later_day() -> None:
    moved = fetched(permanent_url="https://new.example/feed")
    first = after(PollState(source_id="lab"), moved)
    assert (first.url, first.moved_to) == (None, "https://new.example/feed")
    soon = after(first, replace(moved, body=FEED + b" "), NOW + timedelta(hours=2))
    assert soon.url is None
    later = after(soon, replace(moved, body=FEED + b"  "), NOW + timedelta(days=1, hours=1))
    assert (later.url, later.moved_to) == ("https://new.example/feed", None)


def test_a_later_day_begins_a_day_later() -> None:
    moved = fetched(permanent_url="https://new.example/feed")
    first = after(PollState(source_id="lab"), moved)
    assert after(first, replace(moved, body=FEED + b" "), NOW + timedelta(days=1, seconds=-1)).url is None
    assert after(first, replace(moved, body=FEED + b" "), NOW + timedelta(days=1)).url == "https://new.example/feed"


@pytest.mark.parametrize("kind", [Failure.HARD, Failure.GONE, Failure.BLOCKED])
def test_a_moved_source_that_is_not_there_is_looked_for_at_home(kind: Failure) -> None:
    there = PollState(source_id="lab", url="https://new.example/feed", etag='"a"', last_modified="M", body_hash="h", polls=5)
    state = after(there, Failed(kind=kind, reason="not here"))
    assert (state.url, state.etag, state.last_modified, state.body_hash) == (None, None, None, None)
    assert (state.failures, state.gone, state.last_attempt_at) == (1.0, False, NOW)


def test_a_moved_source_that_is_busy_is_asked_there_again() -> None:
    there = PollState(source_id="lab", url="https://new.example/feed", etag='"a"', body_hash="h", polls=5)
    state = after(there, Failed(kind=Failure.TEMPORARY, reason="busy"))
    assert (state.url, state.etag, state.body_hash) == ("https://new.example/feed", '"a"', "h")


def test_a_redirect_that_passes_is_forgotten() -> None:
    first = after(PollState(source_id="lab"), fetched(permanent_url="https://new.example/feed"))
    back = after(first, fetched(FEED + b" "), NOW + timedelta(days=2))
    assert (back.url, back.moved_to, back.moved_seen_at) == (None, None, None)


def test_an_api_s_address_does_not_move() -> None:
    source = replace(SOURCE, kind=Kind.BLUESKY)
    reading = plan.Reading(outcome=fetched(permanent_url="https://new.example/"), parsed=Parsed(items=()))
    assert plan.next_state(job(source=source), reading, NOW).moved_to is None


# --- coverage -------------------------------------------------------------------------------------------------------------


def record(state: PollState, fresh: Fresh) -> bool | None:
    return plan.record(job(state), plan.read(job(state), fetched(), NOW), fresh, NOW).overlap


def test_a_body_in_which_nothing_was_known_is_a_possible_gap() -> None:
    state = PollState(source_id="lab", polls=5, last_success_at=NOW - timedelta(hours=3))
    poll = plan.record(job(state), plan.read(job(state), fetched(), NOW), Fresh(new=(item("1"),)), NOW)
    assert (poll.overlap, poll.gap_since) == (False, NOW - timedelta(hours=3))
    assert record(state, Fresh(overlap=True)) is True


def youtube(*entries: tuple[str, str]) -> bytes:
    rows = (
        f'<entry><id>{path}</id><title>{path}</title><link href="https://www.youtube.com/{path}"/><published>{at}</published></entry>'
        for path, at in entries
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title>{"".join(rows)}</feed>'.encode()


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


def of_others(key: str, at: str) -> dict[str, object]:
    repost = {"by": "lab", "indexedAt": at}
    return {
        "reason": repost,
        "post": {"uri": f"at://x/{key}", "record": {"text": "Of others", "createdAt": "2020-01-01T00:00:00Z"}},
    }


def own(key: str, at: str) -> dict[str, object]:
    return {"post": {"uri": f"at://x/{key}", "author": {"handle": "lab"}, "record": {"text": f"Our {key}", "createdAt": at}}}


def post(flair: str, at: str) -> dict[str, object]:
    created = datetime.fromisoformat(at).timestamp()
    return {"title": "A title", "permalink": f"/r/x/{flair}", "link_flair_text": flair, "created_utc": created}


def model(task: str, at: str) -> dict[str, object]:
    return {"id": f"lab/of-{task}", "pipeline_tag": task, "createdAt": at}


def lists(last: str) -> list[tuple[Kind, dict[str, object], bytes]]:
    """Of each kind a list with one entry that is wanted, of today, and at its end one that is not."""
    today, status = "2024-02-15T17:30:00Z", {"content": "A post", "url": "https://m.example/1"}
    return [
        (Kind.YOUTUBE, {}, youtube(("watch?v=1", today), ("shorts/2", last))),
        (Kind.GITHUB, {}, youtube(("v2.0.0", today), ("v2.0.0-rc1", last))),
        (Kind.GITHUB, {}, dump([{"tag_name": "v2", "published_at": today}, {"tag_name": "v2-rc1", "published_at": last}])),
        (
            Kind.HACKERNEWS,
            {"min_points": 9},
            dump(
                {
                    "hits": [
                        {"title": f"A title {n}", "objectID": str(n), "points": n, "created_at": at}
                        for n, at in ((9, today), (2, last))
                    ]
                }
            ),
        ),
        (Kind.MASTODON, {}, dump([{**status, "created_at": today}, {**status, "in_reply_to_id": "2", "created_at": last}])),
        (Kind.BLUESKY, {}, dump({"feed": [own("1", today), of_others("2", last)]})),
        (
            Kind.REDDIT,
            {"flair": "News"},
            dump({"data": {"children": [{"data": post("News", today)}, {"data": post("Memes", last)}]}}),
        ),
        (Kind.HUGGINGFACE, {"pipelines": ["text-generation"]}, dump([model("text-generation", today), model("other", last)])),
    ]


@pytest.mark.parametrize("nth", range(8))
def test_a_list_that_goes_back_to_the_last_poll_by_what_is_left_out_of_it_has_no_gap(nth: int) -> None:
    found = []
    for last in ("2024-02-15T14:00:00Z", "2024-02-15T16:00:00Z"):
        kind, options, body = lists(last)[nth]
        source = replace(SOURCE, url="https://a.example/search_by_date/new?sort=createdAt", kind=kind, options=options)
        asked = job(PollState(source_id="lab", polls=5, last_success_at=NOW - timedelta(hours=3)), source)
        reading = plan.read(asked, replace(fetched(body), url=source.url), NOW)
        assert reading.parsed is not None, reading.outcome
        assert len(reading.parsed.items) == 1
        found.append(plan.record(asked, reading, Fresh(new=reading.parsed.items), NOW).overlap)
    assert found == [True, False]


@pytest.mark.parametrize(("hours", "overlap"), [(6, True), (30, False)])
def test_a_list_that_is_another_one_each_day_has_a_gap_where_a_day_was_missed(hours: int, overlap: bool) -> None:
    body = FEED.replace(b"</title><link>", b"</title><description>arXiv:2402.00001v1 Announce Type: new</description><link>")
    assert b"Announce Type" in body
    state = PollState(source_id="lab", polls=5, last_success_at=NOW - timedelta(hours=hours))
    asked = job(state, replace(SOURCE, kind=Kind.ARXIV))
    reading = plan.read(asked, fetched(body), NOW)
    assert plan.record(asked, reading, Fresh(new=(item("1"),)), NOW).overlap is overlap
    search = plan.read(asked, fetched(), NOW)  # of the API: no list of a day
    assert plan.record(asked, search, Fresh(new=(item("1"),)), NOW).overlap is False


def test_the_books_say_what_came_of_each_poll() -> None:
    last = NOW - timedelta(hours=3)
    state = PollState(source_id="lab", polls=5, last_success_at=last)
    failed = plan.record(job(state), plan.Reading(outcome=Failed(kind=Failure.HARD, reason="no", status=404)), Fresh(), NOW)
    assert (failed.outcome, failed.status, failed.reason, failed.overlap, failed.gap_since) == ("failed", 404, "no", None, None)
    same = plan.record(job(state), plan.Reading(outcome=NotModified(url=SOURCE.url)), Fresh(), NOW)
    assert (same.outcome, same.overlap, same.gap_since) == ("unchanged", True, None)
    fresh = Fresh(new=(item("1"), item("2")), revised=(item("3"),), overlap=True)
    read = plan.record(job(state), plan.read(job(state), fetched(), NOW), fresh, NOW)
    assert (read.outcome, read.status, read.items, read.fresh, read.revised, read.size) == ("fetched", 200, 1, 2, 1, len(FEED))
    assert (read.overlap, read.gap_since, read.reason) == (True, None, None)


def test_a_body_without_items_proves_no_gap() -> None:
    state = PollState(source_id="lab", polls=5, last_success_at=NOW - timedelta(hours=3))
    empty = plan.Reading(outcome=fetched(), parsed=Parsed(items=()))
    assert plan.record(job(state), empty, Fresh(), NOW).overlap is None


def test_a_push_brings_news_and_leaves_the_polls_own_books_as_they_are() -> None:
    state = PollState(source_id="lab", polls=5, etag='"a"', failing_since=NOW - timedelta(days=3), failures=4.0)
    polled = made(state, Fresh(new=(item("1"),)))
    assert polled.notices
    pushed = plan.of_push(job(state), polled)
    items = tuple(replace(item, notes=(*item.notes, Note.PUSHED)) for item in polled.items)
    assert (pushed.state, pushed.notices, pushed.items) == (state, (), items)
    assert (pushed.poll.overlap, pushed.poll.gap_since, pushed.poll.reason) == (None, None, "pushed by the hub")


def test_the_first_poll_proves_nothing() -> None:
    assert record(PollState(source_id="lab"), Fresh(new=(item("1"),))) is None


# --- rhythm ---------------------------------------------------------------------------------------------------------------


def made(state: PollState, fresh: Fresh, now: datetime = NOW) -> PollPlan:
    reading = plan.read(job(state), fetched(), now)
    return plan.make(job(state), reading, plan.Found(fresh=fresh), Terms(polling=Polling(), now=now, jitter=0.0))


def test_the_first_poll_teaches_by_the_dates_in_the_body_alone() -> None:
    """An archive that bears no dates is no burst of news."""
    dated, undated, ahead = (
        item("1", published=NOW - timedelta(hours=2)),
        item("2"),
        item("3", published=NOW + timedelta(hours=2)),
    )
    first = made(PollState(source_id="lab"), Fresh(new=(dated, undated, ahead))).state
    assert first.rhythm is not None
    assert first.rhythm.recent == (dated.published,)


def test_later_an_item_without_a_date_came_by_now() -> None:
    state = made(PollState(source_id="lab"), Fresh()).state
    at = NOW + timedelta(minutes=20)
    dated, undated, ahead = item("1", published=at), item("2"), item("3", published=at + timedelta(hours=2))
    later = made(state, Fresh(new=(dated, undated, ahead)), at).state
    assert later.rhythm is not None
    assert later.rhythm.recent == (at, at)
    assert later.next_poll_at is not None
    quiet = made(state, Fresh(), at).state
    assert quiet.next_poll_at is not None
    assert later.next_poll_at < quiet.next_poll_at


# --- telling --------------------------------------------------------------------------------------------------------------


def test_undated_items_of_a_first_poll_are_recorded_and_not_told() -> None:
    folded = Folded(announcements=(announcement(),))
    hushed = telling.hush(folded, revised={}, undated={"i1": Silence.UNDATED})
    assert hushed.announcements[0].silent
    assert telling.hush(folded, revised={}, undated={}) == folded


@pytest.mark.parametrize(("given", "first", "later"), [(3, 3, 30), (90, 90, 90)])
def test_after_the_first_poll_news_is_of_thirty_days_or_of_the_alert_window_where_that_is_longer(
    given: int, first: int, later: int
) -> None:
    spans = [recency.window(timedelta(days=given), first=at_first).days for at_first in (True, False)]
    assert spans == [first, later]


@pytest.mark.parametrize(("role", "silent"), [("first", True), ("primary", True), ("follow-up", False), ("mention", False)])
def test_an_edit_of_an_item_that_was_told_is_not_told_again(role: str, silent: bool) -> None:
    folded = Folded(announcements=(announcement(),))
    before = Mention(story_id="s0", item_id="i1", source_id="daily", stage=Stage.RELEASED, at=NOW, role=role)
    hushed = telling.hush(folded, revised={"i1": [before]}, undated={})
    assert bool(hushed.announcements[0].silent) is silent
    assert not telling.hush(folded, revised={"i1": []}, undated={}).announcements[0].silent


def test_a_reason_for_silence_stays_the_first_one() -> None:
    old = Folded(announcements=(announcement(silent="older than the alert window: 2023-01-01"),))
    assert telling.hush(old, revised={}, undated={"i1": Silence.UNDATED}) == old


def test_a_silenced_step_is_kept_as_not_told_and_no_other_one() -> None:
    """What ``told`` says decides which earlier steps a digest names, and which mail it replies to."""

    def step(stage: Stage) -> StoryStage:
        return StoryStage(stage=stage, first_seen=NOW, item_id="i1", source_id="daily", told=True)

    stages = (step(Stage.PREVIEW), step(Stage.RELEASED))
    story = Story(id="s1", name="Zephyr 2", models=(), keys=(), stages=stages, first_seen=NOW, last_seen=NOW)
    folded = Folded(announcements=(announcement(),), stories=(story, replace(story, id="s2")))
    hushed = telling.hush(folded, revised={}, undated={"i1": Silence.UNDATED})
    assert [[one.told for one in kept.stages] for kept in hushed.stories] == [[True, False], [True, True]]


def test_a_report_without_a_name_is_told_only_where_it_is_the_vendor_s_own() -> None:
    nameless = announcement(models=())
    press = telling.hush(Folded(announcements=(nameless,)), revised={}, undated={})
    own = telling.hush(Folded(announcements=(replace(nameless, tier=Tier.PRIMARY),)), revised={}, undated={})
    assert [bool(one.announcements[0].silent) for one in (press, own)] == [True, False]


def test_the_outbox_holds_each_told_announcement_for_each_digest_that_wants_it() -> None:
    all_, korean = Subscription(id="all", title="", schedule="hourly"), Subscription(id="ko", title="", schedule="hourly")
    korean = replace(korean, filter=replace(korean.filter, langs=("ko",)))
    told = [announcement(), announcement(id="a2", lang="ko"), announcement(id="a3", silent="baseline")]
    assert telling.outbox(told, [all_, korean]) == (("all", "a1"), ("all", "a2"), ("ko", "a2"))


def test_rumours_are_told_to_those_who_asked() -> None:
    quiet = Subscription(id="quiet", title="", schedule="hourly")
    eager = replace(quiet, id="eager", rumors=True)
    assert telling.outbox([announcement(stage=Stage.RUMORED)], [quiet, eager]) == (("eager", "a1"),)


def test_press_news_of_a_vendor_nudges_the_vendor_s_own_sources() -> None:
    other = replace(SOURCE, id="other", vendor="Somebody")
    asleep = replace(SOURCE, id="asleep", enabled=False)
    assert [one for one, _ in telling.nudges([announcement()], [SOURCE, other, asleep], NOW)] == ["lab"]
    assert telling.nudges([announcement(tier=Tier.PRIMARY)], [SOURCE], NOW) == ()
    assert telling.nudges([announcement(silent="old")], [SOURCE], NOW) == ()
    assert telling.nudges([announcement(stage=Stage.RUMORED)], [SOURCE], NOW) == ()
    press, nobody_s = replace(SOURCE, tier=Tier.PRESS), replace(SOURCE, vendor=None)
    assert telling.nudges([announcement(), announcement(vendor=None)], [press, nobody_s], NOW) == ()


# --- notices --------------------------------------------------------------------------------------------------------------


def notices(state: PollState, outcome: Fetched | Failed) -> list[tuple[str, bool]]:
    before = job(state)
    next_state = plan.next_state(before, plan.read(before, outcome, NOW), NOW)
    return [
        (one.condition, one.open) for one in conditions.notices(before, next_state, outcome, Polling(failing_notice=3600), NOW)
    ]


def test_a_source_is_told_to_be_down_after_long_and_back_once() -> None:
    failed = Failed(kind=Failure.SOFT, reason="HTTP 503")
    assert notices(PollState(source_id="lab"), failed) == []
    assert notices(PollState(source_id="lab", failing_since=NOW - timedelta(minutes=30)), failed) == []
    assert notices(PollState(source_id="lab", failing_since=NOW - timedelta(hours=2)), failed) == [("source-down:lab", True)]
    assert notices(PollState(source_id="lab", failing_since=NOW - timedelta(hours=2)), fetched()) == [("source-down:lab", False)]


def test_any_success_ends_what_was_said_though_nothing_is_known_of_a_failure_any_more() -> None:
    assert notices(PollState(source_id="lab"), fetched()) == [("source-down:lab", False)]


def test_long_is_as_long_as_the_configuration_says() -> None:
    failed = Failed(kind=Failure.SOFT, reason="HTTP 503")
    assert notices(PollState(source_id="lab", failing_since=NOW - timedelta(seconds=3599)), failed) == []
    assert notices(PollState(source_id="lab", failing_since=NOW - timedelta(seconds=3600)), failed) == [("source-down:lab", True)]


def test_a_source_that_is_gone_is_told_when_that_is_certain() -> None:
    gone, day = Failed(kind=Failure.GONE, reason="410"), NOW - timedelta(days=1)
    assert notices(PollState(source_id="lab"), gone) == []
    said = PollState(source_id="lab", failing_since=day, last_attempt_at=day, last_error="410")
    assert notices(said, gone) == [("source-down:lab", True)]
