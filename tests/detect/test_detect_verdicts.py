"""Headlines that must stay silent, and ones that must be told: ``headlines.toml`` has them, by what they show."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from headlines import judge

GROUPS = tomllib.loads(Path(__file__).with_name("headlines.toml").read_text("utf-8"))
CASES = {kind: [(group["why"], title) for group in groups for title in group["titles"]] for kind, groups in GROUPS.items()}


@pytest.mark.parametrize(("why", "title"), CASES["silent"])
def test_what_is_no_launch_stays_silent(why: str, title: str) -> None:
    assert not judge(title).announcement, why


@pytest.mark.parametrize(("why", "title"), CASES["told"])
def test_a_launch_is_told(why: str, title: str) -> None:
    assert judge(title).announcement, why


def test_no_headline_stands_there_twice() -> None:
    titles = [title for cases in CASES.values() for _, title in cases]
    assert len(titles) == len(set(titles)) > 120
