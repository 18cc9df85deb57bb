"""Rules that fired and do not count: each is named with the reason."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.model import Evidence, Item, NearMiss, Source, Stage

MINE = """
[[rule]]
id = "mine.pricing"
why = "our readers do not want prices"
field = "title"
weight = -1.5
group = "topic"
terms = ["shares"]
match = ["GPT-6 lifts shares"]
"""


def why(near: tuple[Evidence, ...]) -> dict[str, str]:
    return {one.rule: one.why for one in near}


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("GPT-9 pricing explained", "not.en.head-noun"),
        ("OpenAI launches app built on GPT-9", "not.en.within"),
        ("GPT-9보다 빠른 서비스 찾는 법", "context.ko"),
    ],
)
def test_a_rule_that_says_that_a_name_is_not_what_is_announced_is_named(title: str, rule: str) -> None:
    """The name had no weight, and nothing said why: the rule that took it away counts only where it holds what is announced."""
    found = judge(title)
    assert not any(one.rule.startswith("name.") for one in found.evidence)
    assert why(found.lacking)[rule].endswith(", so what it names is not what is announced")


def test_a_rule_that_a_stronger_one_of_its_group_outweighs_is_named_with_its_weight() -> None:
    """A rule of one's own fired, as ``rules test`` said, and stood nowhere."""
    title = "GPT-9 lifts shares of OpenAI"
    item = Item(id="i", source_id="s", key="i", url=None, title=title)
    found = detect(item, Source(id="s", url=""), rules.load(MINE, "rules.toml"))
    (mine,) = (one for one in found.near if one.rule == "mine.pricing")
    assert (mine.weight, mine.matched) == (-1.5, "shares")
    assert mine.why == "our readers do not want prices, but of the group topic only the strongest counts: not.money"
    assert mine not in found.lacking
    assert "mine.pricing" not in {one.rule for one in found.evidence}


def test_a_rule_that_counts_less_beside_the_announcement_says_so() -> None:
    """``not.money -0.90`` stood there, where ``rules list`` has -3, and nothing said why."""
    told = {one.rule: one for one in judge("OpenAI launches GPT-9, revenue doubles").evidence}["not.money"]
    alone = {one.rule: one for one in judge("GPT-9 maker's revenue doubles").evidence}["not.money"]
    assert (told.weight, alone.weight) == (round(0.3 * alone.weight, 3), -3)
    assert told.why == f"{alone.why}; beside what is announced, so that three tenths of it count"


def test_praise_on_its_maker_s_account_counts_less_and_says_so() -> None:
    title = "Grok 9 Voice delivers the most human-like speech"
    told = {one.rule: one for one in judge(title, url="https://x.com/xai/status/1").evidence}["title.claims"]
    alone = {one.rule: one for one in judge(title).evidence}["title.claims"]
    assert told.weight == round(0.3 * alone.weight, 3)
    assert (
        told.why
        == f"{alone.why}; on its maker's account, where known models are praised every day, so that three tenths of it count"
    )


def test_what_counts_is_not_said_to_be_outweighed() -> None:
    found = judge("OpenAI releases GPT-9, its new flagship language model", "GPT-9, a new language model, is released today.")
    counted = {one.rule for one in found.evidence}
    assert counted.isdisjoint(one.rule for one in found.near)


def test_a_digest_says_what_was_lacking_alone() -> None:
    found = judge("GPT-9 lifts shares of OpenAI as prices fall")
    miss = NearMiss(item_id="i", title="t", url=None, source_name="s", score=3, threshold=4, near=found.lacking)
    assert "only the strongest counts" not in miss.lacking


def test_what_is_a_sign_of_a_rumour_and_makes_none_says_why() -> None:
    """It stood there with its weight, as if it had been believed, and the stage was none."""
    found = judge("'제피로스-XL' 3월 공개 계획")
    assert found.stage is Stage.NONE
    assert why(found.lacking)["rumor.ko.when"].endswith("so it makes no rumour")
    believed = judge("오픈AI, 'GPT-9' 3월 공개 계획")
    assert believed.stage is Stage.RUMORED
    assert not any(one.why.endswith("so it makes no rumour") for one in believed.near)
