"""Days of trouble on a clock that is turned: every recipient gets every digest once. Real SMTP and HTTP servers, the real store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from delivery_samples import Clock, HttpReceiver, SmtpReceiver, config_of, find, http_receiver, smtp_receiver
from digest_samples import recipient as somebody
from digest_samples import subscription, week

from aiwatch import app, deliver, publish, retries
from aiwatch.errors import StoreError
from aiwatch.model import Delivery, DeliveryState, Receipt, Verdict
from aiwatch.notify import Sender
from aiwatch.run import local
from aiwatch.settings import Channel, Config, Http, Recipient, Secret, Smtp
from aiwatch.store.sqlite import SqliteStore

START = datetime(2024, 2, 12, 0, 0, tzinfo=UTC)
KEY = Secret("whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=")


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    with SqliteStore(":memory:") as opened:
        yield opened


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def person(name: str, address: str) -> Recipient:
    return replace(somebody(address=address), id=name)


def hook(name: str, url: str) -> Recipient:
    return Recipient(id=name, channel=Channel.WEBHOOK, address=Secret(url), secrets=(KEY,), allow_private=True)


async def turn(store: SqliteStore, send: Sender, config: Config, clock: Clock, span: timedelta, step: timedelta) -> None:
    """Let time pass, composing and sending at every step."""
    end = clock.now + span
    while clock.now < end:
        clock.now += step
        publish.compose_due(store, config, clock())
        await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock, jitter=lambda: 0.5))


def test_a_day_of_faults_and_every_recipient_has_every_digest_once(store: SqliteStore) -> None:
    """Three mailboxes and five endpoints, hourly digests for a day, six kinds of trouble that end after 24 hours."""

    async def main() -> None:
        async with http_receiver() as absent:
            closed = absent.port  # free again: connections are refused until somebody listens there
        async with smtp_receiver() as mail, http_receiver() as http:
            await scene(mail, http, closed)

    async def scene(mail: SmtpReceiver, http: HttpReceiver, closed: int) -> None:
        names = ("ok", "429", "500", "silent")
        people = [person(name, f"{name}@example.com") for name in ("good", "later", "never")]
        hooks = [*(hook(name, http.url(f"/{name}")) for name in names), hook("refused", f"http://127.0.0.1:{closed}/refused")]
        everybody = tuple(one.id for one in (*people, *hooks))
        config = config_of(
            (subscription(id="hourly", schedule="hourly", timezone="UTC", recipients=everybody),), (*people, *hooks)
        )
        smtp = Smtp(host="127.0.0.1", port=mail.port, security="none", sender="watch@example.org", timeout=60)
        mail.modes = {"later@example.com": "451 4.3.0 later", "never@example.com": "rcpt 550 5.1.1 no such user"}
        clock = Clock(START)
        over = START + timedelta(hours=24)

        def answer(path: str, nth: int) -> tuple[int | str, dict[str, str]]:
            if clock.now >= over:
                return 200, {}
            silent: tuple[int | str, dict[str, str]] = ("silent" if nth == 1 else "drop", {})
            return {"/ok": (200, {}), "/429": (429, {"Retry-After": "600"}), "/500": (500, {}), "/silent": silent}[path]

        http.answer = answer
        async with Sender(smtp, Http(inactivity=0.5)) as send:
            publish.compose_due(store, config, clock())
            for told in week():
                find(store, told, clock.turn(hours=1) - timedelta(minutes=30), "hourly")
                await turn(store, send, config, clock, timedelta(hours=3), timedelta(minutes=20))
            await turn(store, send, config, clock, over - clock.now, timedelta(minutes=20))
            mail.modes.pop("later@example.com")
            assert len(http.accepted("/ok")) == 5
            assert http.accepted("/500") == []
            async with http_receiver(closed) as back:
                await turn(store, send, config, clock, timedelta(hours=16), timedelta(minutes=20))

        assert sorted(Counter(head["webhook-id"] for head, _ in back.accepted("/refused")).values()) == [1] * 5
        for name in names:
            accepted = [head["webhook-id"] for head, _ in http.accepted(f"/{name}")]
            assert len(accepted) == len(set(accepted)) == 5, name
            tries = Counter(head["webhook-id"] for at, head, _, _ in http.seen if at == f"/{name}")
            assert max(tries.values()) <= 12, name
            bodies = {(head["webhook-id"], body) for at, head, body, _ in http.seen if at == f"/{name}"}
            assert len(bodies) == 5, "a try changed the body"
        for name in ("good", "later"):
            ids = [one["Message-ID"] for one in mail.mails(f"{name}@example.com")]
            assert len(ids) == len(set(ids)) == 5, name
        assert mail.tries["never@example.com"] == 5, "a permanent refusal was tried again"

    asyncio.run(main())
    assert store.claim_deliveries(START + timedelta(days=30), 10, timedelta(1)) == []
    conditions = Counter((one.condition, one.open) for one in store.notices(START, START + timedelta(days=30)))
    assert conditions["delivery-dead:never", True] == 1, "operators are told once"
    assert conditions["delivery-failing:500", True] == conditions["delivery-failing:500", False] == 1


def test_an_endpoint_that_is_back_gets_its_backlog_within_the_hour(store: SqliteStore) -> None:
    """A day down, an alert every quarter of an hour: all are there an hour after it returns, in at most twelve tries each."""
    seen: Counter[str] = Counter()
    arrived: list[tuple[str, datetime]] = []
    clock = Clock(START)
    back = START + timedelta(hours=24)

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        seen[delivery.id] += 1
        if clock.now < back:
            return Receipt(verdict=Verdict.RETRY, answer="503")
        arrived.append((delivery.id, clock.now))
        return Receipt(verdict=Verdict.SENT, answer="200")

    async def main() -> None:
        config = config_of(
            (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
        )
        told = week()[0]
        for number in range(96):
            one = replace(told, announcement=replace(told.announcement, id=f"a{number}"))
            find(store, one, clock.turn(minutes=15), "a")
            publish.compose_due(store, config, clock())
            await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock))
        while clock.now < back + timedelta(hours=1):
            await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=lambda: clock.turn(seconds=0)))
            clock.turn(minutes=5)

    asyncio.run(main())
    assert len(arrived) == len({name for name, _ in arrived}) == 96
    assert max(at for _, at in arrived) <= back + timedelta(hours=1)
    assert max(seen.values()) <= 12


def test_a_new_message_that_arrives_brings_the_backlog_with_it(store: SqliteStore) -> None:
    arrived: list[datetime] = []
    clock = Clock(START)

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        if clock.now < START + timedelta(hours=9):
            return Receipt(verdict=Verdict.RETRY, answer="503")
        arrived.append(clock.now)
        return Receipt(verdict=Verdict.SENT, answer="200")

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    old, new, *_ = week()
    find(store, old, START, "a")
    for hour in range(10):
        clock.now = START + timedelta(hours=hour)
        if hour == 9:
            find(store, new, clock.now, "a")
        publish.compose_due(store, config, clock.now)
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock, jitter=lambda: 0.5)))
    assert arrived == [clock.now, clock.now], "the old one would have waited for hours"


@pytest.mark.parametrize(("channel", "days"), [(Channel.WEBHOOK, 3), (Channel.EMAIL, 4)])
def test_a_message_that_fails_while_others_arrive_is_tried_for_as_long_as_one_to_a_dead_recipient(
    store: SqliteStore, channel: Channel, days: int
) -> None:
    """An alert every half an hour arrives and brings the other's next try forward; nobody is told that the recipient does not answer."""
    clock, sick, tried = Clock(START), list[str](), list[datetime]()

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        sick[:] = sick or [delivery.id]
        if delivery.id not in sick:
            return Receipt(verdict=Verdict.SENT, answer="200")
        tried.append(clock.now)
        return Receipt(verdict=Verdict.RETRY, answer="500")

    who = person("me", "me@example.com") if channel is Channel.EMAIL else hook("me", "https://me.example")
    config = config_of((subscription(id="a", schedule="immediate", recipients=("me",)),), (who,))
    told = week()[0]
    for number in range(days * 48 + 24):
        find(store, replace(told, announcement=replace(told.announcement, id=f"a{number}")), clock.turn(minutes=30), "a")
        publish.compose_due(store, config, clock.now)
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock, jitter=lambda: 0.5)))
    assert timedelta(days=days) <= tried[-1] - tried[0] <= timedelta(days=days, hours=6)
    said = Counter(one.condition for one in store.notices(START, clock.now))
    assert said["delivery-failing:me"] == 0
    assert said["delivery-dead:me"] == 2, "once given up, once over: the next arrived"


def test_what_a_clock_that_was_ahead_composed_is_given_up_when_its_tries_are_spent() -> None:
    one = Delivery(
        id="d", edition_id="e", digest_id="a", recipient_id="r", subject="", body={}, created_at=START + timedelta(days=365),
        attempts=len(retries.WEBHOOK_DELAYS),
    )  # fmt: skip
    again = Receipt(verdict=Verdict.RETRY, answer="")
    assert retries.decide(one, again, Channel.WEBHOOK, START, 0.5) == (DeliveryState.DEAD, None)


def test_a_gone_endpoint_is_not_asked_again(store: SqliteStore) -> None:
    calls: list[str] = []

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        calls.append(delivery.id)
        return Receipt(verdict=Verdict.REFUSED, answer="410 Gone", gone=True)

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    for told in week()[:3]:
        find(store, told, START, "a")
    publish.compose_due(store, config, START)
    for hour in range(30):
        asyncio.run(
            deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START + timedelta(hours=hour))))
        )
    assert len(calls) == 1


def test_a_slow_recipient_holds_up_nobody(store: SqliteStore) -> None:
    """While a server takes its time, the others get theirs, and what is composed meanwhile goes out too."""
    order: list[str] = []
    release = asyncio.Event()

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        if recipient.id == "slow":
            await asyncio.wait_for(release.wait(), 60)
        order.append(recipient.id)
        if order.count("quick") == 3:
            release.set()
        return Receipt(verdict=Verdict.SENT, answer="200")

    people = (person("slow", "slow@example.com"), person("quick", "quick@example.com"))
    config = config_of((subscription(id="a", schedule="immediate", recipients=("slow", "quick")),), people)
    for told in week()[:3]:
        find(store, told, START, "a")
    publish.compose_due(store, config, START)
    assert asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START)))) == 6
    assert order == ["quick"] * 3 + ["slow"] * 3


def test_a_short_failure_is_mended_while_another_server_takes_its_time(store: SqliteStore) -> None:
    order: list[str] = []
    release = asyncio.Event()
    clock = Clock(START)

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        if recipient.id == "slow":
            await asyncio.wait_for(release.wait(), 60)
        elif not delivery.attempts:
            clock.turn(seconds=30)  # time passes; the second try is due
            return Receipt(verdict=Verdict.RETRY, answer="503", retry_after=1)
        order.append(recipient.id)
        release.set()
        return Receipt(verdict=Verdict.SENT, answer="200")

    def passing() -> datetime:
        return clock.turn(seconds=2)

    people = (person("slow", "slow@example.com"), hook("shaky", "https://shaky.example"))
    config = config_of((subscription(id="a", schedule="immediate", recipients=("slow", "shaky")),), people)
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)
    assert asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=passing))) == 2
    assert order == ["shaky", "slow"]


def test_a_dead_endpoint_costs_one_try_a_round(store: SqliteStore) -> None:
    calls: Counter[str] = Counter()

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        calls[recipient.id] += 1
        return Receipt(verdict=Verdict.RETRY if recipient.id == "dead" else Verdict.SENT, answer="")

    hooks = (hook("dead", "https://dead.example"), hook("well", "https://well.example"))
    config = config_of((subscription(id="a", schedule="immediate", recipients=("dead", "well")),), hooks)
    for told in week()[:4]:
        find(store, told, START, "a")
    publish.compose_due(store, config, START)
    assert asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START)))) == 4
    assert calls == {"dead": 1, "well": 4}


def test_a_dead_endpoint_s_backlog_is_not_tried_one_a_tick_and_is_there_soon_after_it_is_back(store: SqliteStore) -> None:
    clock, calls, well = Clock(START), list[datetime](), list[datetime]()
    back = START + timedelta(minutes=130)

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        if clock.now < back:
            calls.append(clock.now)
            return Receipt(verdict=Verdict.RETRY, answer="503")
        well.append(clock.now)
        return Receipt(verdict=Verdict.SENT, answer="200")

    async def main() -> None:
        async with app.service(config, store, clock) as service:
            rounds = local.Rounds(service=replace(service, send=send))
            while clock.now < back + timedelta(minutes=6):
                await rounds.flush()
                clock.turn(seconds=5)

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("dead",)),), (hook("dead", "https://dead.example"),)
    )
    told = week()[0]
    for number in range(100):
        find(store, replace(told, announcement=replace(told.announcement, id=f"a{number}")), clock.turn(minutes=1), "a")
        publish.compose_due(store, config, clock())
    asyncio.run(main())
    assert len(calls) <= 12
    assert (len(well), max(well) <= back + timedelta(minutes=5)) == (100, True)


def test_who_was_to_be_left_alone_by_a_clock_that_was_ahead_is_written_to_once_it_is_right(store: SqliteStore) -> None:
    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        return Receipt(verdict=Verdict.SENT, answer="200")

    config = config_of((subscription(id="a", schedule="immediate", recipients=("me",)),), (hook("me", "https://me.example"),))
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)
    failing = {"me": deliver.Failing(times=3, until=START + timedelta(days=365))}
    assert (
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START)), failing=failing))
        == 1
    )
    assert failing == {}, "its next failure is a first one"


def test_the_database_may_live_on_a_thread_of_its_own() -> None:
    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        return Receipt(verdict=Verdict.SENT, answer="200")

    async def main() -> int:
        loop = asyncio.get_running_loop()
        store = await loop.run_in_executor(db, SqliteStore, ":memory:")
        for told in week():
            await loop.run_in_executor(db, find, store, told, START, "a")
        await loop.run_in_executor(db, publish.compose_due, store, config, START)
        sent = await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START), db=db))
        await loop.run_in_executor(db, store.close)
        return sent

    people = (person("one", "one@example.com"), person("two", "two@example.com"))
    config = config_of((subscription(id="a", schedule="immediate", recipients=("one", "two")),), people)
    with ThreadPoolExecutor(1) as db:
        assert asyncio.run(main()) == 10


def test_a_database_that_fails_is_told_to_the_caller(store: SqliteStore) -> None:
    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        store.close()
        return Receipt(verdict=Verdict.SENT, answer="200")

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)
    with pytest.raises(StoreError):
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START), pause=at_once)))


def test_every_try_is_a_line_in_the_log(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    answers = {
        "ok": Receipt(verdict=Verdict.SENT, answer="250 kept"),
        "later": Receipt(verdict=Verdict.RETRY, answer="451 later"),
        "never": Receipt(verdict=Verdict.REFUSED, answer="550 no such user"),
    }
    people = tuple(person(name, f"{name}@example.com") for name in answers)
    config = config_of((subscription(id="alerts", schedule="immediate", recipients=tuple(answers)),), people)
    clock = Clock(START)
    find(store, week()[0], clock(), "alerts")

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        return answers[recipient.id]

    publish.compose_due(store, config, clock())
    with caplog.at_level("INFO", "aiwatch.deliver"):
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock, jitter=lambda: 0.5)))
    said = {
        record.args[0]: (record.levelname, record.getMessage()) for record in caplog.records if isinstance(record.args, tuple)
    }
    assert said["alerts to ok"][0] == "INFO"
    assert said["alerts to later"] == ("WARNING", "alerts to later: not sent: 451 later; again at 2024-02-12 00:10 UTC")
    assert said["alerts to never"][0] == "WARNING"
    assert said["alerts to never"][1].startswith("alerts to never: given up: 550 no such user; `aiwatch deliveries show ")


def test_a_bug_in_a_sender_is_a_failed_try(store: SqliteStore, caplog: pytest.LogCaptureFixture) -> None:
    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        raise RuntimeError("a bug")

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)
    assert asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START)))) == 0
    (again,) = store.claim_deliveries(START + timedelta(minutes=1), 10, timedelta(1))
    assert again.attempts == 1
    assert "a bug" in caplog.text


def test_a_recipient_that_left_the_configuration_is_listed_as_dead(store: SqliteStore) -> None:
    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        raise AssertionError("nobody is there to send to")

    asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config_of((), ()), clock=Clock(START))))
    assert [one.open for one in store.notices(START - timedelta(1), START)] == [True]
    assert store.claim_deliveries(START + timedelta(days=9), 1, timedelta(1)) == []


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_webhooks_are_tried_for_three_days_and_mail_for_four(jitter: float) -> None:
    for channel, least, most, allowed in ((Channel.WEBHOOK, 72, 120, 12), (Channel.EMAIL, 96, 120, 125)):
        now, sequence = START, []
        state, attempts = DeliveryState.READY, 0
        while state is DeliveryState.READY:
            one = Delivery(
                id="d", edition_id="e", digest_id="a", recipient_id="r", subject="", body={}, created_at=START, attempts=attempts,
            )  # fmt: skip
            state, then = retries.decide(one, Receipt(verdict=Verdict.RETRY, answer=""), channel, now, jitter)
            attempts += 1
            if then is not None:
                sequence.append(then - now)
                now = then
        assert timedelta(hours=least) <= now - START <= timedelta(hours=most)
        assert attempts <= allowed
        if channel is Channel.EMAIL:
            assert timedelta(minutes=5) <= sequence[0] <= timedelta(minutes=30)
            assert min(sequence[1:]) >= timedelta(minutes=30)


def test_a_server_that_asks_for_patience_gets_it() -> None:
    one = Delivery(id="d", edition_id="e", digest_id="a", recipient_id="r", subject="", body={}, created_at=START)
    receipt = Receipt(verdict=Verdict.RETRY, answer="429", retry_after=7200)
    assert retries.decide(one, receipt, Channel.WEBHOOK, START, 0.0)[1] == START + timedelta(hours=2)


def test_operators_hear_of_a_recipient_at_the_sixth_try_in_vain() -> None:
    one = Delivery(id="d", edition_id="e", digest_id="a", recipient_id="me", subject="", body={}, created_at=START)
    again = Receipt(verdict=Verdict.RETRY, answer="no answer")
    said = [
        retries.notices_of(replace(one, attempts=before), again, DeliveryState.READY, START, reached=False) for before in range(7)
    ]
    assert [[notice.text.partition(": ")[0] for notice in at] for at in said] == [
        *([] for _ in range(5)),
        ["Nothing has reached recipient me in 6 tries"],
        ["Nothing has reached recipient me in 7 tries"],
    ]


def test_a_recipient_that_asks_for_patience_is_sent_nothing_else_meanwhile_and_all_in_order(store: SqliteStore) -> None:
    clock, asked = Clock(START), list[tuple[timedelta, str]]()

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        asked.append((clock.now - START, delivery.subject))
        patient = clock.now >= START + timedelta(hours=1)
        return (
            Receipt(verdict=Verdict.SENT, answer="")
            if patient
            else Receipt(verdict=Verdict.RETRY, answer="429", retry_after=3600)
        )

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    for told in week()[:4]:
        find(store, told, START, "a")
    for minute in range(61):
        if minute == 30:  # composed while it waits
            find(store, week()[4], clock.now, "a")
        publish.compose_due(store, config, clock.now)
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock)))
        clock.turn(minutes=1)
    assert [when for when, _ in asked] == [timedelta(0)] + [timedelta(hours=1)] * 5
    assert len({subject for _, subject in asked[1:]}) == 5
    assert asked[0][1] == asked[1][1]


@pytest.mark.parametrize("digest", ["a", None])
def test_who_unsubscribes_while_a_round_is_under_way_is_written_to_no_more(store: SqliteStore, digest: str | None) -> None:
    asked: list[str] = []

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        asked.append(delivery.id)
        store.mute(recipient.id, digest, "unsubscribed", START)
        return Receipt(verdict=Verdict.SENT, answer="")

    config = config_of(
        (subscription(id="a", schedule="immediate", recipients=("hook",)),), (hook("hook", "https://hook.example"),)
    )
    for told in week()[:3]:
        find(store, told, START, "a")
    assert publish.compose_due(store, config, START) == 3
    assert (
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=Clock(START)))) == len(asked) == 1
    )
    assert store.claim_deliveries(START + timedelta(days=9), 9, timedelta(1)) == []


@pytest.mark.parametrize("digest", ["a", None])
def test_who_unsubscribes_is_not_sent_what_waits_and_nobody_is_alarmed(store: SqliteStore, digest: str | None) -> None:
    clock, asked, answer = Clock(START), list[str](), [Verdict.RETRY]

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        asked.append(recipient.id)
        return Receipt(verdict=answer[0], answer="")

    hooks = (hook("one", "https://one.example"), hook("two", "https://two.example"))
    config = config_of((subscription(id="a", schedule="immediate", recipients=("one", "two")),), hooks)
    find(store, week()[0], START, "a")
    publish.compose_due(store, config, START)
    asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock)))
    store.mute("one", digest, "unsubscribed", clock.now)
    answer[0] = Verdict.SENT
    clock.turn(hours=1)
    assert asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=clock))) == 1
    assert sorted(asked) == ["one", "two", "two"]
    assert store.notices(START - timedelta(1), clock.now) == []
    store.unmute("one", digest)
    assert store.claim_deliveries(clock.turn(days=9), 9, timedelta(1)) == [], "nor later"


def test_what_was_written_for_another_channel_is_given_up_at_once_with_a_reason(store: SqliteStore) -> None:
    answers = {False: Receipt(verdict=Verdict.RETRY, answer="503"), True: Receipt(verdict=Verdict.SENT, answer="250")}

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        return answers[recipient.channel is Channel.EMAIL]

    digest = subscription(id="a", schedule="immediate", recipients=("me",))
    before, after = (
        config_of((digest,), (hook("me", "https://dead.example"),)),
        config_of((digest,), (person("me", "me@example.com"),)),
    )
    find(store, week()[0], START, "a")
    publish.compose_due(store, before, START)
    asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=before, clock=Clock(START))))
    find(store, week()[1], START + timedelta(hours=1), "a")
    publish.compose_due(store, after, START + timedelta(hours=1))
    assert (
        asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=after, clock=Clock(START + timedelta(hours=1)))))
        == 1
    )
    (notice,) = [one for one in store.notices(START, START + timedelta(hours=2)) if one.open]
    assert "it was written for webhook, and me is reached by email now; `aiwatch digest preview a --since" in notice.text


class Locked(SqliteStore):
    """A store that cannot write the first two receipts it is given."""

    refused = 0

    def settle(self, *try_: Any) -> None:
        if self.refused < 2:
            self.refused += 1
            raise StoreError("a.db: the database is locked")
        super().settle(*try_)


def test_a_receipt_that_could_not_be_written_is_kept_and_nothing_is_sent_twice() -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    sent: list[str] = []

    async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
        sent.append(recipient.id)
        return Receipt(verdict=Verdict.SENT, answer="250")

    with Locked(":memory:") as store:
        config = config_of((subscription(id="now", schedule="immediate", recipients=("a",)),), (person("a", "a@example.com"),))
        find(store, week()[0], START, "now")
        publish.compose_due(store, config, START)
        assert (
            asyncio.run(deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=lambda: START, pause=pause)))
            == 1
        )
        assert store.claim_deliveries(START + timedelta(hours=1), 10, timedelta(minutes=1)) == []
    assert (sent, waited) == (["a"], [1, 5])
    assert timedelta(seconds=sum(deliver.WRITE_AGAIN)) < deliver.LEASE / 2


class Troubled(SqliteStore):
    """A store that cannot write what became of deliveries to one recipient."""

    def settle(self, delivery_id: str, receipt: Receipt, *try_: Any) -> None:
        if receipt.answer == "from full":
            raise StoreError("a.db: the disk is full")
        super().settle(delivery_id, receipt, *try_)


def test_a_receipt_that_cannot_be_written_does_not_cut_off_what_is_being_sent_to_others() -> None:
    async def main(store: SqliteStore) -> None:
        people = (person("full", "full@example.com"), person("slow", "slow@example.com"))
        config = config_of((subscription(id="now", schedule="immediate", recipients=("full", "slow")),), people)
        find(store, week()[0], START, "now")
        publish.compose_due(store, config, START)
        failed = asyncio.Event()

        async def send(delivery: Delivery, recipient: Recipient) -> Receipt:
            if recipient.id == "slow":  # handed over, and the answer comes a little later
                await failed.wait()
                for _ in range(20):
                    await asyncio.sleep(0)
            else:
                failed.set()
            return Receipt(verdict=Verdict.SENT, answer=f"from {recipient.id}")

        with pytest.raises(StoreError, match="disk is full"):
            await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=lambda: START, pause=at_once))
        again = store.claim_deliveries(START + timedelta(hours=1), 10, timedelta(minutes=1))
        assert [one.recipient_id for one in again] == ["full"], "only what could not be written is sent once more"

    with Troubled(":memory:") as store:
        asyncio.run(main(store))
