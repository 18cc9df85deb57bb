"""Laws of detection: the score is its evidence, spans are what they say, nothing unrelated helps, nothing crashes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from headlines import item, judge
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiwatch.model import Detection, Item, Tier

OWN = Path(__file__).resolve().parents[2] / "bench" / "data" / "headlines.jsonl"
HEADLINES = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
UNRELATED = [
    "Rain is likely along the coast tomorrow.",
    "The bakery on the corner sells bread and cakes.",
    "내일은 남부 지방에 비가 내리겠습니다.",
    "시장에는 봄나물이 가득했다.",
    "明日は海沿いで雨が降るでしょう。",
    "周末去公园散步的人很多。",
]
PIECES = st.sampled_from(
    [
        *(
            "OpenAI",
            "오픈AI",
            "GPT-6",
            "소라",
            "소라게",
            "'",
            "‘",
            "’",
            "「",
            "」",
            " launches ",
            "를 공개",
            "发布",
            "を発表",
            "model",
            "모델",
        ),
        *(
            "ﬁ",
            "ＧＰＴ－５",
            "é",
            "ᄀ",
            "ᅡ",
            "ᆨ",
            "\u0301",
            "㎏",
            "İ",
            "ß",
            "\ud800",
            "\ue001",
            "\ue004",
            "(",
            "[",
            "{",
            "\\",
            "\x00",
            "\n",
        ),
        *("가", "　", "Llama 4 Scout, Maverick", "8x22B", "…", "🙂"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


def check(told: Item, detection: Detection) -> None:
    assert detection.score == pytest.approx(sum(evidence.weight for evidence in detection.evidence))
    for evidence in (*detection.evidence, *detection.near):
        assert getattr(told, evidence.field)[evidence.start : evidence.end] == evidence.matched
        assert evidence.start <= evidence.end
        assert evidence.why
    assert all(evidence.weight for evidence in detection.evidence)
    if detection.announcement:
        assert detection.models or "nameless" in {evidence.rule for evidence in detection.evidence}
        assert detection.score >= detection.threshold
    assert all(model.family and model.name for model in detection.models)


@settings(max_examples=300, deadline=None)
@given(title=TEXTS, summary=TEXTS, vendor=st.sampled_from([None, "OpenAI", "Nobody"]), tier=st.sampled_from(list(Tier)))
@example(title="ﬁ GPT-6", summary="", vendor=None, tier=Tier.PRESS)
@example(title="ＯｐｅｎＡＩ、「ＧＰＴ－６」を発表", summary="", vendor=None, tier=Tier.PRESS)
@example(title="오픈AI, 'GPT-6' 공개", summary="İ" * 500, vendor=None, tier=Tier.PRESS)
@example(title="", summary="'「\ud800' launches ", vendor="Nobody", tier=Tier.PRIMARY)
@example(title="'「\ud800' launches ", summary="", vendor="OpenAI", tier=Tier.PRIMARY)
def test_any_text_is_judged_and_its_evidence_is_true(title: str, summary: str, vendor: str | None, tier: Tier) -> None:
    detection = judge(title, summary, tier, vendor)
    check(item(title, summary), detection)
    assert judge(title, summary, tier, vendor) == detection


@pytest.mark.parametrize("row", HEADLINES, ids=lambda row: row["id"])
def test_the_score_of_a_headline_is_the_sum_of_what_is_shown(row: dict[str, str]) -> None:
    check(item(row["title"], row["summary"]), judge(row["title"], row["summary"]))


@settings(max_examples=150, deadline=None)
@given(row=st.sampled_from(HEADLINES), more=st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=3))
def test_unrelated_text_never_raises_the_score(row: dict[str, str], more: list[str]) -> None:
    before = judge(row["title"], row["summary"])
    after = judge(row["title"], " ".join([row["summary"], *more]).strip())
    assert after.score <= before.score


@pytest.mark.parametrize("row", HEADLINES, ids=lambda row: row["id"])
def test_unrelated_text_behind_a_title_never_raises_its_score(row: dict[str, str]) -> None:
    before = judge(row["title"], row["summary"]).score
    assert [more for more in UNRELATED if judge(f"{row['title']} {more}", row["summary"]).score > before] == []


def test_a_name_that_the_lead_gives_is_evidence_and_counts() -> None:
    title, lead = "Mistral launches new OCR model", "Called Zephyros, it reads tables, the company says."
    check(item(title, lead), judge(title, lead))
    assert "name.told" in {evidence.rule for evidence in judge(title, lead).evidence}
