"""What a headline is put together with changes neither its verdict nor its names: clauses before it, dashes, verbs, tails, quotes."""

from __future__ import annotations

import pytest
from headlines import judge


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Following a $50M raise, Orlune launches Zephyros 2, a new language model", "Zephyros 2"),
        ("After months of rumors, Orlune launches Zephyros 2, a new language model", "Zephyros 2"),
        ("Orlune launches Zephyros — a small language model for laptops", "Zephyros"),
        ("New language model Zephyros launched by Orlune", "Zephyros"),
        ("Orlune's new language model Zephyros can draw", "Zephyros"),
        ("Orlune launches Zephyros, its answer to GPT-5", "Zephyros"),
        ("Orlune launches Morrow Gate 1.5, an open language model", "Morrow Gate 1.5"),
        ("Orlune launches tamber-gpt, a language model", "tamber-gpt"),
        ("云栖智算发布大模型“玄珠”——对标Sora", "玄珠"),
        ("上市公司云栖智算发布Velora 2大模型", "Velora 2"),
        ("云栖智算上线大模型Velora", "Velora"),
        ("벤토르, 언어모델 다온 32B 공개", "다온 32B"),
        ("ミライ技研、大規模言語モデル「ミナモ」を開発したと発表", "ミナモ"),
        ('ミライ技研、大規模言語モデル"朧月"を公開', "朧月"),
        ("ミライ技研、推論を高速化した大規模言語モデルVelora 2を公開", "Velora 2"),
    ],
)
def test_a_launch_is_told_by_its_name(title: str, name: str) -> None:
    verdict = judge(title)
    assert (verdict.announcement, [model.name for model in verdict.models]) == (True, [name])


@pytest.mark.parametrize(
    ("plain", "dressed"),
    [
        ("DeepSeek's V9 doubles its context", "DeepSeek's “V9” doubles its context"),
        ("Google's Gemini 7 Pro promises longer shots", "Google's 'Gemini 7 Pro' promises longer shots"),
        ("Google's Gemini 7 Pro promises longer shots", "Google Inc.'s Gemini 7 Pro promises longer shots"),
        ("Google's Gemini 7 Pro promises longer shots", "Search giant Google's Gemini 7 Pro promises longer shots"),
        ("Google's Gemini 7 Pro promises longer shots", "Google (NASDAQ: GOOGL)'s Gemini 7 Pro promises longer shots"),
        ("Orlune launches Zephyros 2, a language model", "Orlune, Inc. launches “Zephyros 2”, a language model"),
        ("Moonshot AI's Kimi K9 can see", "Beijing-based AI startup Moonshot AI's Kimi K9 can see"),
    ],
)
def test_what_only_dresses_a_name_weighs_nothing(plain: str, dressed: str) -> None:
    one, other = judge(plain), judge(dressed)
    assert (one.announcement, one.stage, one.models) == (other.announcement, other.stage, other.models)
    assert [(e.rule, e.weight) for e in one.evidence] == [(e.rule, e.weight) for e in other.evidence]
