"""What is composed when: slots, alerts, quiet hours, empty days, catch-ups, notices. Over the real store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from delivery_samples import Clock, config_of, find
from digest_samples import notice, recipient, rumor, subscription, week

from aiwatch import publish
from aiwatch.digest import unsubscribe
from aiwatch.digest.compose import OPERATIONS
from aiwatch.model import DeliveryState, Detection, Entry, Filter, Item, Modality, Poll, PollPlan, Receipt, Source, Stage, Verdict
from aiwatch.settings import Channel, QuietHours
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore

MONDAY = datetime(2024, 2, 12, 0, 0, tzinfo=UTC)  # 09:00 in Seoul
ME = recipient()
SENT = Receipt(verdict=Verdict.SENT, answer="250 kept")
HOOK = replace(recipient(Channel.WEBHOOK, "https://hook.example/in"), id="hook")


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with SqliteStore(":memory:") as opened:
        yield opened


def ready(store: SqliteStore, now: datetime) -> list[tuple[str, str]]:
    """(recipient, subject) of what could be sent now, each settled as sent."""
    claimed = store.claim_deliveries(now, 1000, timedelta(minutes=1))
    return [(one.recipient_id, one.subject) for one in claimed]


def a_bad_poll(store: SqliteStore, title: str, now: datetime) -> None:
    """A poll that cannot have seen everything since the one before, and brings one near miss."""
    wire = Source(id="wire", url="https://wire.example/feed", name="Wire")
    store.sync_sources([wire], now)
    (job,) = store.claim_due(now, 1, timedelta(minutes=5), only=["wire"])
    missed = Detection(
        item_id="missed", announcement=False, stage=Stage.NONE, models=week()[0].announcement.models, score=4.0, threshold=4.4
    )
    item = Item(id="missed", source_id="wire", key="missed", url="https://wire.example/missed", title=title, seen_at=now)
    store.commit(
        PollPlan(
            state=replace(job.state, polls=2, last_success_at=now, last_attempt_at=now),
            poll=Poll(
                source_id="wire", at=now, outcome="fetched", items=1, fresh=1, overlap=False, gap_since=now - timedelta(hours=1)
            ),
            items=(item,),
            detections=(missed,),
        )
    )


def a_good_poll(store: SqliteStore, now: datetime) -> None:
    """A poll that reached back to what was known and brought nothing new."""
    wire = Source(id="wire", url="https://wire.example/feed", name="Wire")
    store.sync_sources([wire], now)
    (job,) = store.claim_due(now, 1, timedelta(minutes=5), only=["wire"])
    state = replace(job.state, polls=2, last_success_at=now, last_attempt_at=now)
    store.commit(PollPlan(state=state, poll=Poll(source_id="wire", at=now, outcome="unchanged", overlap=True)))


def test_a_slot_makes_one_edition_and_a_delivery_for_each_recipient(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me", "hook", "me"))
    config = config_of((daily,), (ME, HOOK))
    clock = Clock(MONDAY + timedelta(hours=1))
    assert publish.compose_due(store, config, clock()) == 0  # the digest begins now
    find(store, week()[0], clock.turn(hours=2), "daily")
    assert publish.compose_due(store, config, clock.turn(hours=20)) == 0
    assert publish.compose_due(store, config, clock.turn(hours=1)) == 1
    assert publish.compose_due(store, config, clock()) == 0
    assert sorted(ready(store, clock())) == [("hook", "AI models: Sora"), ("me", "AI models: Sora")]
    assert publish.compose_due(store, config, clock.turn(hours=23)) == 0


def test_what_is_committed_late_goes_into_the_next_edition_and_only_there(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me",))
    config = config_of((daily,), (ME,))
    clock = Clock(MONDAY + timedelta(hours=1))
    publish.compose_due(store, config, clock())
    find(store, week()[0], clock.turn(hours=1), "daily")
    publish.compose_due(store, config, MONDAY + timedelta(days=1))
    find(store, week()[1], MONDAY + timedelta(hours=23, minutes=59), "daily")  # found before the slot, committed after it
    publish.compose_due(store, config, MONDAY + timedelta(days=2))
    publish.compose_due(store, config, MONDAY + timedelta(days=3))
    assert ready(store, MONDAY + timedelta(days=3)) == [("me", "AI models: Sora"), ("me", "AI models: Gemini 1.5 Pro")]


def test_an_edition_that_catches_up_before_the_first_poll_says_since_when_nothing_was_polled(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me", "hook"), near_misses=False)
    config = config_of((daily,), (ME, HOOK))
    clock = Clock(MONDAY + timedelta(hours=1))
    publish.compose_due(store, config, clock())
    a_good_poll(store, clock.turn(hours=22))
    find(store, week()[0], clock.turn(minutes=1), "daily")
    publish.compose_due(store, config, clock.turn(hours=6, minutes=59))  # down at 9:00, up again at 15:00; no source is asked yet
    mail, hook = sorted(store.claim_deliveries(clock(), 10, timedelta(minutes=1)), key=lambda one: "json" in one.body)
    said = " ".join(mail.body["text"].split())
    assert "This edition is 6 h late" in said
    assert "Nothing has been polled since 13 Feb, 08:01: what was published later" in said
    assert "lost" not in said
    assert "No gap" not in said
    assert json.loads(hook.body["content"])["coverage"]["unpolled_since"] == "2024-02-12T23:01:00Z"


def test_an_edition_of_a_service_that_polls_vouches_for_no_gap(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me",), near_misses=False)
    config = config_of((daily,), (ME,))
    clock = Clock(MONDAY + timedelta(hours=1))
    publish.compose_due(store, config, clock())
    find(store, week()[0], clock.turn(hours=12), "daily")
    a_good_poll(store, clock.turn(hours=9))
    publish.compose_due(store, config, clock.turn(hours=2))
    (mail,) = store.claim_deliveries(clock(), 10, timedelta(minutes=1))
    assert "No gap between two polls." in mail.body["text"]
    assert "Nothing has been polled" not in mail.body["text"]


def test_a_look_at_past_days_is_no_edition_that_catches_up(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00")
    a_good_poll(store, MONDAY)
    for waited, idle in ((timedelta(hours=5), False), (timedelta(hours=25), True)):
        round_ = publish.Round(store=store, config=config_of((daily,), (ME,)), now=MONDAY + waited)
        window = replace(publish.window(round_, daily, round_.now), since=MONDAY - timedelta(days=7))
        seen = publish.assemble(round_, daily, (), window)
        assert seen.watch.idle is idle, waited


def test_an_empty_day_is_silent_unless_asked_for(store: SqliteStore) -> None:
    silent = subscription(id="silent", schedule="daily 9:00")
    loud = subscription(id="loud", schedule="daily 9:00", send_empty=True, lang="ko")
    config = config_of((silent, loud), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(hours=1))
    assert publish.compose_due(store, config, MONDAY + timedelta(days=1)) == 2
    (delivery,) = store.claim_deliveries(MONDAY + timedelta(days=1), 10, timedelta(minutes=1))
    assert delivery.digest_id == "loud"
    assert delivery.subject == "AI models: 새 소식 없음"
    assert store.last_slot("silent") == MONDAY + timedelta(days=1)


def test_a_quiet_day_s_gap_and_near_miss_are_told_by_the_next_mail(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", near_misses=True)
    config = config_of((daily,), (ME,))
    clock = Clock(MONDAY + timedelta(hours=1))
    publish.compose_due(store, config, clock())
    a_bad_poll(store, "OpenAI has not launched GPT-9", clock.turn(hours=2))
    assert publish.compose_due(store, config, MONDAY + timedelta(days=1)) == 1
    assert ready(store, MONDAY + timedelta(days=1)) == []
    find(store, week()[0], MONDAY + timedelta(days=1, hours=1), "daily")
    publish.compose_due(store, config, MONDAY + timedelta(days=2))
    (mail,) = store.claim_deliveries(MONDAY + timedelta(days=2), 9, timedelta(minutes=1))
    assert "OpenAI has not launched GPT-9" in mail.body["text"]
    assert "No gap" not in mail.body["text"]
    find(store, week()[1], MONDAY + timedelta(days=2, hours=1), "daily")
    publish.compose_due(store, config, MONDAY + timedelta(days=3))
    later = [one for one in store.claim_deliveries(MONDAY + timedelta(days=3), 9, timedelta(minutes=1)) if one.id != mail.id]
    assert ["No gap" in one.body["text"] for one in later] == [True]


def test_a_slot_claims_as_told_what_its_edition_holds_and_as_untold_what_the_filter_no_longer_wants(tmp_path: Path) -> None:
    wide, path = subscription(id="daily", schedule="daily 9:00"), str(tmp_path / "a.db")
    narrow = replace(wide, filter=Filter(modalities=(Modality.TEXT,)))
    with SqliteStore(path) as store:
        publish.compose_due(store, config_of((wide,), (ME,)), MONDAY + timedelta(hours=1))
        made = [find(store, told, MONDAY + timedelta(hours=2), "daily") for told in (week()[0], week()[2])]
        assert publish.compose_due(store, config_of((narrow,), (ME,)), MONDAY + timedelta(days=1)) == 1
        assert ready(store, MONDAY + timedelta(days=1)) == [("me", "AI models: Gemma")]
        assert (store.waiting(), store.last_slot("daily")) == ({}, MONDAY + timedelta(days=1))
    with Library(path) as library:
        traces = [library.trace(one.item_id) for one in made]
    assert [[line.recipient_id for line in trace.deliveries] for trace in traces if trace] == [[], ["me"]]


def test_a_source_that_was_not_due_within_a_short_window_was_watched_all_the_same(store: SqliteStore) -> None:
    hourly = subscription(id="hourly", schedule="hourly", send_empty=True)
    config = config_of((hourly,), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(minutes=30))
    find(store, week()[0], MONDAY + timedelta(minutes=40))
    watched = []
    for hours in (1, 4, 8):
        publish.compose_due(store, config, MONDAY + timedelta(hours=hours))
        (delivery,) = store.claim_deliveries(MONDAY + timedelta(hours=hours), 1, timedelta(minutes=1))
        store.settle(delivery.id, SENT, DeliveryState.SENT, MONDAY + timedelta(hours=hours), None)
        watched.append(re.findall(r"Watched (\d+) of", delivery.body["text"])[0])
    assert watched == ["1", "1", "0"]  # polled 20 minutes, and more than three hours ago, and beyond the longest interval of six


def test_downtime_is_caught_up_with_one_edition_that_says_how_late_it_is(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00")
    config = config_of((daily,), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(hours=1))
    find(store, week()[0], MONDAY + timedelta(hours=2), "daily")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=3, hours=7)) == 1
    (delivery,) = store.claim_deliveries(MONDAY + timedelta(days=3, hours=7), 10, timedelta(minutes=1))
    assert "This edition is 2 d 7 h late" in delivery.body["text"].replace("\u00a0", " ").replace("\n! ", " ")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=3, hours=8)) == 0


def test_a_clock_that_was_years_ahead_silences_nothing_and_repeats_nothing(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00")
    config = config_of((daily,), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(hours=1))
    find(store, week()[0], MONDAY + timedelta(hours=2), "daily")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=4000, minutes=1)) == 1
    find(store, week()[1], MONDAY + timedelta(hours=4), "daily")
    told = [publish.compose_due(store, config, MONDAY + timedelta(days=1, minutes=minutes)) for minutes in (0, 5, 30, 90)]
    assert told == [1, 0, 0, 0]
    assert [name for name, _ in ready(store, MONDAY + timedelta(days=4001))] == ["me", "me"]


def test_a_digest_that_began_while_the_clock_was_years_ahead_is_told_from_its_next_slot(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00")
    config = config_of((daily,), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(days=1500))
    find(store, week()[0], MONDAY + timedelta(hours=2), "daily")
    told = [publish.compose_due(store, config, MONDAY + timedelta(hours=hours)) for hours in (3, 23, 24, 25, 47)]
    assert told == [0, 0, 1, 0, 0]


def test_a_digest_that_cannot_be_composed_silences_no_other(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    broken, well = (
        subscription(id="broken", schedule="immediate", timezone="Nowhere/Land"),
        subscription(id="well", schedule="immediate"),
    )
    config = config_of((broken, well), (ME,))
    find(store, week()[0], MONDAY, "broken", "well")
    assert publish.compose_due(store, config, MONDAY) == 1
    assert [one.digest_id for one in store.claim_deliveries(MONDAY, 9, timedelta(minutes=1))] == ["well"]
    assert [one.condition for one in store.notices(MONDAY - timedelta(1), MONDAY)] == ["digest-broken:broken"]
    assert len(store.pending("broken", MONDAY)) == 1
    assert "Nowhere/Land" in caplog.text


def unshowable(told: Entry) -> Entry:
    """With an earlier step on a day that no calendar west of Greenwich has."""
    story = told.story
    rumour = replace(story.stages[0], stage=Stage.RUMORED, first_seen=datetime(1, 1, 1, tzinfo=UTC))
    return replace(told, story=replace(story, stages=(rumour, *story.stages)))


@pytest.mark.parametrize(("lang", "said"), [("en", "1 item cannot be laid out"), ("ko", "이름만 싣는 글이 1건 있습니다")])
def test_an_entry_that_cannot_be_laid_out_is_named_and_holds_up_no_other(store: SqliteStore, lang: str, said: str) -> None:
    daily = subscription(
        id="daily", schedule="daily 19:00", timezone="America/New_York", recipients=("me", "hook"), near_misses=False, lang=lang
    )
    config = config_of((daily,), (ME, HOOK))
    publish.compose_due(store, config, MONDAY + timedelta(hours=1))
    good, _ = (find(store, one, MONDAY + timedelta(hours=2), "daily") for one in (week()[0], week()[2]))
    lost = find(store, unshowable(week()[1]), MONDAY + timedelta(hours=3), "daily")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=1)) == 1
    hook, mail = sorted(
        store.claim_deliveries(MONDAY + timedelta(days=1), 9, timedelta(minutes=1)), key=lambda one: one.recipient_id
    )
    text = " ".join(mail.body["text"].split())
    assert good.name in text
    assert said in text
    assert f"Gemini 1.5 Pro ({lost.item_id})" in text
    assert "Gemini 1.5 Pro" in mail.subject
    payload = json.loads(hook.body["content"])
    assert payload["unshown"] == [{"name": "Gemini 1.5 Pro", "item_id": lost.item_id}]
    assert {one["name"] for one in payload["announcements"]} == {"Sora", "Gemma"}
    assert store.pending("daily", MONDAY + timedelta(days=1)) == [], "it is told by its name"
    (notice_,) = store.notices(MONDAY, MONDAY + timedelta(days=2))
    assert f"only names what cannot be laid out: Gemini 1.5 Pro (`aiwatch explain {lost.item_id}`)" in notice_.text
    assert publish.compose_due(store, config, MONDAY + timedelta(days=1, hours=1)) == 0
    find(store, week()[3], MONDAY + timedelta(days=1, hours=2), "daily")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=2)) == 1
    assert [one.open for one in store.notices(MONDAY, MONDAY + timedelta(days=2))] == [True, False]


def test_an_alert_that_cannot_be_laid_out_comes_as_its_name(store: SqliteStore) -> None:
    alerts = subscription(id="alerts", schedule="immediate", timezone="America/New_York")
    find(store, unshowable(week()[1]), MONDAY, "alerts")
    find(store, week()[0], MONDAY, "alerts")
    assert publish.compose_due(store, config_of((alerts,), (ME,)), MONDAY) == 2
    assert sorted(ready(store, MONDAY)) == [("me", "AI models: Gemini 1.5 Pro"), ("me", "Sora (OpenAI): Announced")]
    assert publish.compose_due(store, config_of((alerts,), (ME,)), MONDAY + timedelta(minutes=2)) == 0


def test_immediate_tells_each_step_at_once_and_replies_to_the_first(store: SqliteStore) -> None:
    alerts = subscription(id="alerts", schedule="immediate", rumors=True)
    config = config_of((alerts,), (ME,))
    sora = week()[0]
    find(store, sora, MONDAY, "alerts")
    assert publish.compose_due(store, config, MONDAY) == 1
    (first,) = store.claim_deliveries(MONDAY, 10, timedelta(days=9))
    assert first.subject == "Sora (OpenAI): Announced"
    assert first.body["thread"] == []
    steps = (sora.story.stages[0], replace(sora.story.stages[0], stage=Stage.RELEASED))
    released = replace(
        sora,
        announcement=replace(sora.announcement, id=sora.announcement.id[::-1], stage=Stage.RELEASED),
        story=replace(sora.story, stages=(replace(steps[0], first_seen=MONDAY), steps[1])),
    )
    later = MONDAY + timedelta(days=3)
    find(store, released, later, "alerts")
    assert publish.compose_due(store, config, later) == 1
    (second,) = store.claim_deliveries(later, 10, timedelta(days=9))
    assert second.subject == "Sora (OpenAI): Released"
    assert second.body["thread"] == [first.id]


def test_quiet_hours_hold_alerts_back_and_many_that_waited_come_together(store: SqliteStore) -> None:
    alerts = subscription(id="alerts", schedule="immediate", quiet=QuietHours(start="22:00", end="07:00"), rumors=True)
    config = config_of((alerts,), (ME,))
    night = datetime(2024, 2, 12, 14, 0, tzinfo=UTC)  # 23:00 in Seoul
    for number, told in enumerate((*week(), rumor())):
        find(store, told, night + timedelta(minutes=number), "alerts")
        assert publish.compose_due(store, config, night + timedelta(minutes=number)) == 0
    morning = datetime(2024, 2, 12, 22, 0, tzinfo=UTC)
    assert publish.compose_due(store, config, morning - timedelta(seconds=1)) == 0
    assert publish.compose_due(store, config, morning) == 1
    ((_, subject),) = ready(store, morning)
    assert subject.startswith("AI models: ")
    assert subject.endswith("and 3 more")


def test_a_flood_of_alerts_comes_as_five_and_the_rest_together(store: SqliteStore) -> None:
    """Whoever starts the service, or wakes the laptop after a week: thirty sources answer one after the other."""
    alerts, busy = subscription(id="alerts", schedule="immediate"), subscription(id="busy", schedule="immediate")
    config = config_of((alerts, busy), (ME,))
    told = week()[0]
    composed = []
    for number in range(60):
        now = MONDAY + timedelta(seconds=3 * number)
        if number < 30:
            one = replace(told, announcement=replace(told.announcement, id=f"a{number}"))
            find(store, one, now, "alerts")
        composed.append(publish.compose_due(store, config, now))
    assert (composed[:6], sum(composed)) == ([1, 1, 1, 1, 1, 0], 7)
    assert store.pending("alerts", MONDAY + timedelta(hours=1)) == []
    find(store, week()[2], MONDAY + timedelta(minutes=9), "busy")
    assert publish.compose_due(store, config, MONDAY + timedelta(minutes=9)) == 1, "another digest waits for nobody"


@pytest.mark.parametrize("quiet", [True, False])
def test_what_waits_for_the_end_of_a_night_or_flood_is_not_read_at_each_tick(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, *, quiet: bool
) -> None:
    alerts = subscription(id="alerts", schedule="immediate", quiet=QuietHours(start="09:00", end="10:00") if quiet else None)
    config, told = config_of((alerts,), (ME,)), week()[0]
    for number in range(publish.BURST + 1):
        find(store, replace(told, announcement=replace(told.announcement, id=f"a{number}")), MONDAY, "alerts")
    assert publish.compose_due(store, config, MONDAY) == (0 if quiet else 1)
    find(store, replace(told, announcement=replace(told.announcement, id="late")), MONDAY, "alerts")
    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "pending", lambda *_: pytest.fail("read what waits"))
        assert publish.compose_due(store, config, MONDAY + timedelta(seconds=59)) == 0
    assert publish.compose_due(store, config, MONDAY + timedelta(hours=1)) > 0
    assert store.pending("alerts", MONDAY + timedelta(hours=1)) == []


def test_a_narrowed_filter_neither_tells_nor_keeps_what_waits(store: SqliteStore) -> None:
    wide = subscription(id="alerts", schedule="immediate")
    find(store, week()[0], MONDAY, "alerts")
    find(store, week()[2], MONDAY, "alerts")
    narrow = replace(wide, filter=Filter(modalities=(Modality.TEXT,)))
    assert publish.compose_due(store, config_of((narrow,), (ME,)), MONDAY) == 1
    assert ready(store, MONDAY) == [("me", "Gemma (Google): Open weights")]
    assert store.pending("alerts", MONDAY) == []


def test_operators_hear_of_conditions_apart_from_news(store: SqliteStore) -> None:
    config = config_of((subscription(lang="ko"),), (ME, HOOK), operators=("hook",))
    store.note([replace(notice(), at=MONDAY)])
    assert publish.compose_due(store, config, MONDAY + timedelta(seconds=30)) == 0
    assert publish.compose_due(store, config, MONDAY + timedelta(minutes=3)) == 1
    assert publish.compose_due(store, config, MONDAY + timedelta(minutes=4)) == 0
    store.note([replace(notice(), at=MONDAY + timedelta(hours=1))])  # open already: not told again
    store.note([replace(notice(is_open=False), at=MONDAY + timedelta(hours=2))])
    assert publish.compose_due(store, config, MONDAY + timedelta(hours=3)) == 1
    claimed = store.claim_deliveries(MONDAY + timedelta(hours=3), 10, timedelta(minutes=1))
    payloads = [json.loads(one.body["content"]) for one in claimed]
    assert [(one["type"], one["notices"][0]["open"]) for one in payloads] == [("notice", True), ("notice", False)]
    assert {one.digest_id for one in claimed} == {OPERATIONS}


def test_the_first_notice_of_all_waits_for_a_machine_that_is_off(store: SqliteStore) -> None:
    config = config_of((), (HOOK,), operators=("hook",))
    publish.compose_due(store, config, MONDAY)
    store.note([replace(notice(), at=MONDAY + timedelta(hours=1))])
    assert publish.compose_due(store, config, MONDAY + timedelta(hours=1, minutes=1)) == 0
    assert publish.compose_due(store, config, MONDAY + timedelta(days=3)) == 1


def test_a_broken_template_costs_no_digest_and_operators_are_told(store: SqliteStore) -> None:
    alerts = subscription(id="alerts", schedule="immediate")
    config = config_of((alerts,), (ME,), templates="/etc/aiwatch/templates")
    find(store, week()[0], MONDAY, "alerts")
    assert publish.compose_due(store, config, MONDAY, {"mail.txt": "{{ v.no_such_thing }}"}) == 1
    (delivery,) = store.claim_deliveries(MONDAY, 10, timedelta(minutes=1))
    assert "Sora" in delivery.body["text"]
    assert [one.condition for one in store.notices(MONDAY - timedelta(days=1), MONDAY)] == ["template-broken"]
    later = MONDAY + timedelta(hours=1)
    find(store, week()[2], later, "alerts")
    publish.compose_due(store, config, later, {"mail.txt": "{{ v.title }}"})
    assert [(one.condition, one.open) for one in store.notices(MONDAY, later)] == [("template-broken", False)]


def test_the_unsubscribed_get_nothing_and_the_gone_are_listed(store: SqliteStore) -> None:
    alerts = subscription(id="alerts", schedule="immediate", recipients=("me", "hook"))
    config = config_of((alerts,), (ME, HOOK))
    store.mute("me", "alerts", "unsubscribed", MONDAY)
    store.mute(HOOK.address_key, None, "the address answered 410 Gone", MONDAY)
    find(store, week()[0], MONDAY, "alerts")
    assert publish.compose_due(store, config, MONDAY) == 1
    assert ready(store, MONDAY) == []
    moved = replace(HOOK, address=type(HOOK.address)("https://hook.example/new"))
    find(store, week()[2], MONDAY, "alerts")
    publish.compose_due(store, config_of((alerts,), (ME, moved)), MONDAY)
    assert [name for name, _ in ready(store, MONDAY)] == ["hook"]


def test_composing_again_gives_the_same_ids_and_bytes(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me", "hook"))
    config = config_of((daily,), (ME, HOOK))
    with SqliteStore(":memory:") as other:
        for one in (store, other):
            publish.compose_due(one, config, MONDAY + timedelta(hours=1))
            find(one, week()[0], MONDAY + timedelta(hours=2), "daily")
            publish.compose_due(one, config, MONDAY + timedelta(days=1))
        made = [one.claim_deliveries(MONDAY + timedelta(days=1), 10, timedelta(minutes=1)) for one in (store, other)]
        keys = [one.secret(unsubscribe.KEY) for one in (store, other)]
    links = [unsubscribe.link(str(config.web.base_url), "daily", ME, key) for key in keys]
    bodies = [
        [(one.id, json.dumps(dict(one.body)).replace(link, "LINK")) for one in some]
        for some, link in zip(made, links, strict=True)
    ]
    assert bodies[0] == bodies[1], "all but the link, which every database signs with a key of its own"
    assert "LINK" in str(bodies[0])
    assert {one.state for one in made[0]} == {DeliveryState.SENDING}


def test_notices_are_told_again_after_a_clock_that_was_years_ahead(store: SqliteStore) -> None:
    config = config_of((), (HOOK,), operators=("hook",))
    ahead, now = MONDAY + timedelta(days=1500), MONDAY
    store.note([replace(notice(), condition="source-down:far", at=ahead)])
    assert publish.compose_due(store, config, ahead + timedelta(minutes=5)) == 1
    store.note([replace(notice(), condition="source-down:near", at=now)])
    assert publish.compose_due(store, config, now + timedelta(minutes=5)) == 1
    assert publish.compose_due(store, config, now + timedelta(minutes=6)) == 0, "once"
    store.note([replace(notice(), condition="source-down:next", at=now + timedelta(hours=1))])
    assert publish.compose_due(store, config, now + timedelta(hours=2)) == 1
    told = [one for one in store.claim_deliveries(now + timedelta(days=1), 10, timedelta(minutes=1)) if one.created_at < ahead]
    assert len(told) == 2


def test_a_slot_missed_after_a_clock_was_years_ahead_is_caught_up(store: SqliteStore) -> None:
    daily = subscription(id="daily", schedule="daily 9:00", recipients=("me",))
    config = config_of((daily,), (ME,))
    publish.compose_due(store, config, MONDAY + timedelta(hours=1))
    find(store, week()[0], MONDAY + timedelta(hours=2), "daily")
    publish.compose_due(store, config, MONDAY + timedelta(days=1500))  # the clock was wrong
    find(store, week()[1], MONDAY + timedelta(hours=3), "daily")
    assert publish.compose_due(store, config, MONDAY + timedelta(days=1, hours=5)) == 1, "its slot passed while nobody was there"
