"""The words on which stories hang, as data: each list says why it is there, and each pattern does what its examples say."""

from __future__ import annotations

import pytest
from story_values import judged

from aiwatch.errors import RuleError
from aiwatch.model import Stage
from aiwatch.names import wordbook
from aiwatch.names.vendors import firm
from aiwatch.rules import load
from aiwatch.stories.steps import outspoken


def examples(name: str) -> list[tuple[str, bool]]:
    entry = wordbook.entries()[name]
    return [(text, True) for text in entry["match"]] + [(text, False) for text in entry["reject"]]


def test_every_list_says_why_it_is_there_and_every_pattern_has_examples() -> None:
    for name, entry in wordbook.entries().items():
        assert entry["why"].strip(), name
        assert "any" not in entry or (entry["match"] and entry["reject"]), name


@pytest.mark.parametrize(("title", "told"), examples("explicit"))
def test_a_phrase_speaks_for_a_further_step(title: str, told: bool) -> None:
    assert outspoken(judged("Zephyros 4", stage=Stage.RELEASED, title=title), "Quillon") is told


@pytest.mark.parametrize(("name", "told"), examples("firm"))
def test_what_a_firm_puts_behind_its_name_falls(name: str, told: bool) -> None:
    assert (firm(name) != name) is told


def test_a_file_of_ones_own_changes_none_of_them() -> None:
    """Keys of stored stories are made of them: a list that is said there would be heeded by half of what asks for it."""
    with pytest.raises(RuleError, match=r"mine\.toml:1: unknown section 'firm'"):
        load("[firm]\nany = ['werke']\n", "mine.toml")
