"""A run that is cut short is judged as such, and looks on a terminal as it should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from aiwatch.demo import ledger, play, verdict
from aiwatch.demo.articles import world
from aiwatch.demo.ledger import Ledger
from aiwatch.demo.play import Diary
from aiwatch.demo.screen import Screen
from aiwatch.demo.verdict import Check
from aiwatch.demo.workspace import Workspace


@dataclass(frozen=True)
class Short:
    """A run of two hours."""

    diary: Diary
    ledger: Ledger
    checks: tuple[Check, ...]
    shown: str


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Short:
    place = Workspace(directory=Path(tmp_path_factory.mktemp("short")))
    written = StringIO()
    end = play.START + timedelta(hours=2)
    with Screen(Console(file=written, force_terminal=True, color_system="standard", width=150, height=50), world()) as screen:
        diary = play.play(world(), place, screen, end=end)
        found = ledger.read(world(), place, end)
        checks = verdict.verdict(world(), found, diary)
        screen.closing(found, diary, checks, place, 1.0)
    return Short(diary=diary, ledger=found, checks=checks, shown=written.getvalue())


def test_what_did_not_happen_is_named(short: Short) -> None:
    unmet = {check.claim: check.found for check in short.checks if not check.met}
    for story in world().told:
        if story.name != "Stable Cascade":
            assert unmet[f"{story.name} is told exactly once"] == "told 0 times"
    assert any("is failing" in claim for claim in unmet)
    assert any("articles is stored" in claim for claim in unmet)
    assert "did not happen" in short.shown


def test_what_did_happen_is_met(short: Short) -> None:
    met = {check.claim for check in short.checks if check.met}
    assert {"Stable Cascade is told exactly once", "nothing else is told", "nothing arrived twice"} <= met


def test_baseline_is_stored_and_silent(short: Short) -> None:
    before = [one for one in world().articles if one.at <= play.START]
    assert short.diary.items == len(before)
    assert {one.name for one in short.diary.silent} >= {"Lumiere", "Make-A-Video", "Stable Video Diffusion"}
    assert [one.name for one in short.diary.found] == ["Stable Cascade"]


def test_terminal_gets_colours_and_tables(short: Short) -> None:
    assert "\x1b[" in short.shown
    assert "first source" in short.shown
    assert "─" in short.shown
