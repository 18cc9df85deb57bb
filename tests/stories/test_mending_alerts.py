"""A person's word over an alert that is out: what comes later under the same name is told all the same, as the digest really sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import WIRE
from test_mending import LAUNCH, PAPER, Desk, opened

from aiwatch import publish
from aiwatch.model import Filter, Model, Stage
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.store.sqlite import SqliteStore

ALERTS = Subscription(id="daily", title="Alerts", schedule="immediate", recipients=("me",))
ME = Recipient(id="me", channel=Channel.WEBHOOK, address=Secret("https://hook.example/in"))
OTHER = Model(name="GPT-8.5", vendor="OpenAI", family="GPT", version="8.5")
LATER = "OpenAI's GPT-9 language model is now generally available, released to everybody"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return opened(tmp_path)


def sent(desk: Desk) -> list[str]:
    """The subjects of what goes out now, each delivery claimed for good."""
    config = Config(database=desk.room.database, subscriptions=(ALERTS,), recipients=(ME,))
    now = desk.room.tick()
    with SqliteStore(desk.room.database) as store:
        publish.compose_due(store, config, now)
        return [one.subject for one in store.claim_deliveries(now, 100, timedelta(days=400))]


CORRECTED: dict[str, Callable[[Desk, str], object]] = {
    "no launch": lambda desk, item: desk.says(item, yes=False),
    "another model": lambda desk, item: desk.says(item, yes=True, models=(OTHER,)),
    "an earlier step": lambda desk, item: desk.says(item, yes=True, stage=Stage.ANNOUNCED),
    "a rumour": lambda desk, item: desk.says(item, yes=False, stage=Stage.RUMORED),
}


@pytest.mark.parametrize("correct", CORRECTED.values(), ids=CORRECTED)
def test_the_launch_that_comes_after_a_corrected_alert_is_sent(desk: Desk, correct: Callable[[Desk, str], object]) -> None:
    desk.brings(WIRE, LAUNCH)
    assert len(sent(desk)) == 1
    correct(desk, desk.item(WIRE, LAUNCH))
    assert sent(desk) == []
    desk.room.clock += timedelta(days=20)
    assert desk.brings(PAPER, LATER) == ["GPT-9"]
    assert len(sent(desk)) == 1
    assert (sent(desk), desk.waits()) == ([], [])


def told(desk: Desk, title: str) -> list[str]:
    """What `aiwatch explain` says of who got a report of the wire."""
    output = desk.room.run("explain", desk.room.address(WIRE, title)).output
    return [line.removeprefix("told    ") for line in output.splitlines() if line.startswith("told ")]


def test_explain_says_who_got_what_was_taken_back(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    story = desk.story("GPT-9")
    sent(desk)
    desk.says(desk.item(WIRE, LAUNCH), yes=False)
    assert told(desk, LAUNCH) == ["Taken back: it is no announcement. It was told before that:", "Digest daily: being sent to me"]
    shown = desk.room.run("show", story.id).output
    assert "nothing of it stands any more" in shown
    assert "no delivery carried it yet" not in shown


def test_explain_says_who_got_a_report_whose_step_another_tells_now(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    sent(desk)
    desk.brings(PAPER, LATER)
    desk.says(desk.item(WIRE, LAUNCH), yes=False)
    assert list(desk.told().values()) == [LATER]
    assert told(desk, LAUNCH) == [
        "No longer: it is in no story any more.",
        "It was told before a person's word changed what it is:",
        "Digest daily: being sent to me",
    ]


def test_what_was_taken_back_before_it_was_sent_was_told_to_nobody(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    desk.says(desk.item(WIRE, LAUNCH), yes=False)
    assert told(desk, LAUNCH) == ["Recorded in silence: taken back: it is no announcement."]


def test_what_no_longer_passes_the_filter_waits_no_more_after_a_corrected_alert(desk: Desk) -> None:
    desk.brings(WIRE, LAUNCH)
    sent(desk)
    desk.says(desk.item(WIRE, LAUNCH), yes=False)
    desk.brings(PAPER, LATER)
    narrowed = Config(
        database=desk.room.database,
        subscriptions=(
            Subscription(id="daily", title="Alerts", schedule="immediate", recipients=("me",), filter=Filter(vendors=("Meta",))),
        ),
        recipients=(ME,),
    )
    with SqliteStore(desk.room.database) as store:
        assert publish.compose_due(store, narrowed, desk.room.tick()) == 0
    assert desk.waits() == []
