"""Groups, names and roles of rules: what the engine asks for, what the values say, and what the page tells are the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from headlines import RULES

from aiwatch.detect import asides
from aiwatch.detect.lacks import FRAMES
from aiwatch.rules.reading import RULE_KEYS
from aiwatch.rules.values import Group, Names, Role

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "detection.md").read_text("utf-8")
LESS = {  # where each word of the page's table stands in the engine
    "clause": asides.ASIDE_GROUPS,
    "behind": asides.CLAUSE_GROUPS,
    "other": asides.OF_OTHERS,
    "before": asides.KO_DESCRIBED,
    "zh": asides.ZH_CLAUSE_GROUPS,
    "ja": asides.JA_ASIDE_GROUPS,
}


def table(head: str) -> list[list[str]]:
    """The cells of the page's table that begins with this head, without its two lines of head."""
    (part,) = re.findall(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in part.splitlines()]


def words(node: ast.AST) -> set[str]:
    """The groups that are asked for in a piece of code (``Group.CUE``)."""
    found = (part for part in ast.walk(node) if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "Group")
    return {part.attr.lower() for part in found}


def test_the_engine_asks_for_the_groups_that_mean_something_and_for_no_others() -> None:
    engine = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "src" / "aiwatch" / "detect").glob("*.py")]
    assert set().union(*map(words, engine)) == set(Group)
    questions = [node for tree in engine for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    of_groups = [ast.unparse(node) for node in questions if ast.unparse(node.left).endswith((".group", ".names"))]
    assert of_groups
    assert [one for one in of_groups if "'" in one] == [], "a word that no value has is asked for in vain, and nobody hears of it"
    assert set().union(*LESS.values(), FRAMES) <= set(Group)


def test_every_group_and_every_sort_of_names_is_used_by_the_shipped_rules() -> None:
    assert set(Group) <= {rule.group for rule in RULES.rules}
    assert {rule.names for rule in RULES.rules} == {None, *Names}


def test_no_shipped_rule_is_alone_in_a_group_that_means_nothing() -> None:
    groups = [rule.group for rule in RULES.rules if rule.group and rule.group not in set(Group)]
    assert {group for group in groups if groups.count(group) == 1} == set()


def test_the_page_tells_each_group_and_where_it_counts_less() -> None:
    rows = {name.strip("`"): set(filter(None, where.split(", "))) for name, _, where in table("group")}
    assert rows == {group: {word for word, groups in LESS.items() if group in groups} for group in Group}


def test_the_page_tells_the_shipped_groups_that_mean_nothing_more() -> None:
    (listed,) = re.findall(r"The shipped ones are (.*?);", PAGE, re.DOTALL)
    assert set(re.findall(r"`([\w-]+)`", listed)) == {rule.group for rule in RULES.rules} - set(Group) - {""}


def test_the_page_tells_what_names_there_are_and_every_key_and_role_of_a_rule() -> None:
    assert [name.strip('`"') for name, _, _ in table("`names`")] == list(Names)
    assert {key for keys, _ in table("a rule's key") for key in re.findall(r"`(\w+)`", keys)} == RULE_KEYS
    assert {role for roles, _, _ in table("a rule with the role") for role in re.findall(r"`([\w-]+)`", roles)} == set(Role)
