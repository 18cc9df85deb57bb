"""A rumour first, then the launch: each is credited to who had it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from archive_samples import LAB, START, WIRE, Newsroom
from test_mending import PAPER

from aiwatch.digest.catalogue import catalogue
from aiwatch.digest.payload import payload
from aiwatch.digest.view import view
from aiwatch.model import Edition, Stage
from aiwatch.settings import Channel, Recipient, Secret, Subscription
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore

DAILY = Subscription(id="daily", title="Daily", schedule="0 8 * * *", recipients=("me",), rumors=True)
ME = Recipient(id="me", channel=Channel.WEBHOOK, address=Secret("https://hook.example/in"))
HEARSAY = "OpenAI is reportedly about to launch GPT-9, sources say"
LAUNCH = "OpenAI launches GPT-9, its new flagship language model"
SECOND = "GPT-9 is here: OpenAI releases its new language model"


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    """The wire had a rumour; two weeks later the maker launches it, and the paper reports that."""
    made = Newsroom(tmp_path, sources=(WIRE, LAB, PAPER))
    made.publish(WIRE, HEARSAY)
    assert [one.stage for one in made.poll(subscriptions=[DAILY])] == [Stage.RUMORED]
    made.clock += timedelta(days=10)
    made.publish(LAB, LAUNCH)
    assert [one.title for one in made.poll(subscriptions=[DAILY])] == [LAUNCH]
    made.publish(PAPER, SECOND)
    assert made.poll(subscriptions=[DAILY]) == []
    return made


def test_a_launch_is_credited_to_its_outlets_and_a_rumour_to_its_own(room: Newsroom) -> None:
    with Library(room.database) as library:
        (story,) = library.stories(limit=9)[0]
    with SqliteStore(room.database) as store:
        waits = store.pending("daily", room.clock)
        carried = {
            entry.announcement.stage: [one.source_id for one in entry.coverage]
            for entry in store.entries([one.id for one in waits])
        }
    assert carried == {Stage.RUMORED: ["wire"], Stage.RELEASED: ["openai", "paper"]}
    assert story.members == 3


def test_a_webhook_says_who_was_first_with_the_launch(room: Newsroom) -> None:
    with SqliteStore(room.database) as store:
        waits = store.pending("daily", room.clock)
        entries = store.entries([one.id for one in waits])
    rumour, launch = sorted(entries, key=lambda one: one.announcement.at)
    edition = Edition(
        id="e", digest_id="daily", title="Daily", since=START, until=room.clock, entries=(launch,), rumors=(rumour,)
    )  # fmt: skip
    told = payload(edition, DAILY, ME)
    first = [one["first_seen"]["source_id"] for one in (*told["announcements"], *told["stage_changes"], *told["rumors"])]
    assert first == ["openai", "wire"]
    seen = view(edition, DAILY, ME, catalogue("en", "UTC"))
    assert [[link.text for link in line.also] for line in seen.lines] == [["Paper"], []]
    assert all(line.source in line.seen for line in seen.lines)
