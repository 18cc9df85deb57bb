"""A backup in the database's place: what people said since holds there, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_samples import LAB, WIRE, Newsroom
from test_mending_commands import CONFIG, MISSED, NARAE, OPINION, SINMUN, ZEPHYROS, listed

from aiwatch.settings import Subscription
from aiwatch.store import maintenance

WEEKLY = Subscription(id="weekly", title="Weekly", schedule="weekly monday 9:00", recipients=("me",))


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path, sources=(WIRE, SINMUN, LAB), clock=datetime.now(UTC) - timedelta(hours=20))
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    made.publish(WIRE, "Welcome")
    made.publish(SINMUN, "환영합니다")
    made.poll(subscriptions=[WEEKLY])
    return made


def brought(room: Newsroom) -> None:
    room.publish(WIRE, OPINION)
    room.publish(WIRE, ZEPHYROS)
    room.publish(WIRE, MISSED)
    room.publish(SINMUN, NARAE)
    room.poll(subscriptions=[WEEKLY])


def said(room: Newsroom) -> None:
    for words in (
        ("label", room.address(WIRE, OPINION), "no", "--note", "an opinion"),
        ("label", room.address(WIRE, MISSED), "yes", "--name", "Tidewater 2", "--vendor", "Brightloom", "--modality", "video"),
        ("names", "same", "Zephyros 4", "미르나래 4"),
    ):
        assert room.run(*words).exit_code == 0, words


def restored(room: Newsroom, *more: str) -> str:
    answer = room.run("db", "restore", f"{room.database}.saved", "--yes", *more)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_items_of_the_backup_are_as_people_said_since(room: Newsroom) -> None:
    brought(room)
    maintenance.backup(room.database, f"{room.database}.saved")
    said(room)
    before, labels = listed(room), room.run("label", "--json").stdout
    assert sorted(before) == ["Tidewater 2", "Zephyros 4"]
    assert "what people said since holds (2 judgements, 1 name)" in restored(room)
    assert (listed(room), room.run("label", "--json").stdout) == (before, labels)
    assert "Zephyros 4" in room.run("names", "same").output
    assert "sound" in room.run("db", "check").output


def test_items_found_again_after_the_backup_are_as_people_said(room: Newsroom) -> None:
    maintenance.backup(room.database, f"{room.database}.saved")
    brought(room)
    said(room)
    before, labels = listed(room), room.run("label", "--csv").stdout
    restored(room)
    assert room.run("label", "--csv").stdout.count("(gone)") == 2
    told = room.poll(subscriptions=[WEEKLY])
    assert sorted(one.name for one in told) == ["Tidewater 2", "Zephyros 4"], "a false alarm taken back is no alarm again"
    assert (listed(room), room.run("label", "--csv").stdout) == (before, labels)
    assert "sound" in room.run("db", "check").output


def test_what_people_took_back_since_the_backup_is_taken_back(room: Newsroom) -> None:
    brought(room)
    said(room)
    maintenance.backup(room.database, f"{room.database}.saved")
    assert room.run("label", room.address(WIRE, OPINION), "--remove").exit_code == 0
    assert room.run("names", "same", "--remove", "미르나래 4").exit_code == 0
    before = listed(room)
    assert "GPT-9" in before
    restored(room)
    assert listed(room) == before
    assert "no name was said" in room.run("names", "same").output


def test_names_that_were_ignored_or_accepted_since_the_backup_are_so_after_it(room: Newsroom) -> None:
    brought(room)
    maintenance.backup(room.database, f"{room.database}.saved")
    assert "Zephyros 4" in room.run("names", "list").output
    assert room.run("names", "ignore", "Zephyros 4").exit_code == 0
    ignored = room.run("names", "list", "--verdict", "ignored", "--json").stdout
    assert "Zephyros 4" in ignored
    assert "what people said since holds (0 judgements, 1 name)" in restored(room)
    assert room.run("names", "list", "--verdict", "ignored", "--json").stdout == ignored


def test_to_tell_again_is_to_forget_what_people_said_since(room: Newsroom) -> None:
    brought(room)
    maintenance.backup(room.database, f"{room.database}.saved")
    said(room)
    restored(room, "--tell-again")
    assert "GPT-9" in listed(room)
    assert "nothing is judged yet" in room.run("label").output
