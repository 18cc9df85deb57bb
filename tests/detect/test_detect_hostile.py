"""What a hostile text can cost: it is cut, the rules' patterns are linear, and those of the house's own do not explode."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cached_property

import pytest
from backtracking import explodes
from headlines import RULES, item, judge

from aiwatch import detect, parse, text, urls
from aiwatch.detect.engine import LEAD, TITLE, look, passages
from aiwatch.model import Source
from aiwatch.names import identity, phonetic, vendors
from aiwatch.rules import RuleSet
from aiwatch.stories import steps

GROWS = 18  # characters that one can become when it is folded (U+FDFA)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern of Python's own that sees what others wrote, with where it stands, and those that a rule set makes of its words."""
    names = [f"{package.__name__}.{one.name}" for package in (detect, parse) for one in pkgutil.iter_modules(package.__path__)]
    for module in [text, identity, phonetic, urls, steps, vendors, *map(importlib.import_module, names)]:
        for name, value in vars(module).items():
            yield from ((f"{module.__name__}.{name}", one) for one in kept(value))
    for name, value in vars(RuleSet).items():
        if isinstance(value, cached_property):
            yield from ((f"RuleSet.{name}", one) for one in kept(getattr(RULES, name)))


def kept(value: object) -> list[re.Pattern[str]]:
    several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else [value]
    return [one for one in several if isinstance(one, re.Pattern)]


PATTERNS = list({pattern.pattern: (where, pattern) for where, pattern in patterns()}.values())


@pytest.mark.parametrize(
    "hostile", ["launches " * 20_000 + "GPT-6", "(" * 100_000, "ﷺ" * 5_000, "GPT-6, " * 20_000, "「" * 9_000]
)
def test_no_more_of_a_hostile_text_is_read_than_of_any_other(hostile: str) -> None:
    scene = look(item(hostile, hostile), Source(id="s", url="", name="A paper"), RULES)
    assert len(scene.texts["title"].norm) <= TITLE * GROWS
    assert len(scene.texts["summary"].norm) <= LEAD * GROWS
    assert [len(text) for text in passages(item(hostile, hostile)).values()] <= [
        TITLE,
        LEAD,
    ]  # of which names of others are sought, too
    whole, cut = judge(hostile, hostile), judge(hostile[:TITLE], hostile[:LEAD])
    assert whole == cut


def test_patterns_of_rules_are_matched_in_linear_time() -> None:
    fired = RULES.fired("V launches M, its new N, for $20 a month", new=False, languages=[])
    pieces = [RULES.piece(name) for name in RULES.data.macros]
    assert fired
    assert {type(pattern).__module__.partition(".")[0] for pattern in (*pieces, *(pattern for _, pattern in fired))} == {"re2"}


def test_there_are_patterns_of_the_houses_own() -> None:
    assert len(PATTERNS) > 150


@pytest.mark.parametrize(("where", "pattern"), PATTERNS, ids=[where for where, _ in PATTERNS])
def test_no_pattern_of_the_house_tries_exponentially_many_ways(where: str, pattern: re.Pattern[str]) -> None:
    assert not explodes(pattern), where


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(?:a|aa)*b",
        "(?:a*)*b",
        "(?:-a(?:-a)?b*)*c",
        r"(?:\w+ ?)+!",
        "x(?:[a-c]d|[c-e]d)*y",
        "(?i)(?:xa|Xb|xA)*c",
        "(?: (?:[a-z]+tion|action))*!",
    ],
)
def test_a_pattern_that_explodes_is_found(pattern: str) -> None:
    assert explodes(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern", [r"(?:\.\d+)*", "(?:[^ ]+ )*x", "a*a*b", "(?:large|small)*", "[a-z]+(?:-[a-z]+){0,3}", r"(?:\w+ )+!"]
)
def test_a_pattern_that_does_not_explode_is_none(pattern: str) -> None:
    assert not explodes(re.compile(pattern))
