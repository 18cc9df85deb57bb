"""Whose model it is: the one who announces, and not whom they live on, go against, or put it with."""

from __future__ import annotations

import pytest
from headlines import judge


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("Torvane, backed by Google, launches Zephyros 2, a reasoning model", "Torvane"),
        ("Torvane, a Microsoft partner, unveils Zephyros 2, a reasoning model", "Torvane"),
        ("벤토르, 오픈AI 겨냥 거대언어모델 '제피로스 2' 공개", "벤토르"),
        ("对标OpenAI，梵拓科技发布大模型玄珠2.0", "梵拓科技"),
        ("清渠AI发布大模型玄珠2.0", "清渠AI"),
        ("ソラト研究所、「Sorato-72B」をHugging Faceで公開", "ソラト研究所"),
        ("LG전자, 자체 개발 LLM '리브라 2' 공개", "LG Electronics"),
        ("OpenAI launches GPT-9 on GitHub", "OpenAI"),
    ],
)
def test_who_announces_is_the_maker(title: str, maker: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Taking aim at OpenAI, Torvane releases Zephyros 2, a reasoning model", "OpenAI"),
        ("오픈AI 대항마 벤토르, 거대언어모델 '제피로스 2' 공개", "OpenAI"),
        ("OpenAI対抗のベントル、大規模言語モデル「ゼフィロス2」を公開", "OpenAI"),
        ("グーグル出資のベントル、大規模言語モデル「ゼフィロス2」を公開", "Google"),
    ],
)
def test_a_rival_or_a_backer_is_not_the_maker(title: str, other: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert other not in {model.vendor for model in verdict.models}


@pytest.mark.parametrize(
    ("title", "host"),
    [
        ("Torvane's new reasoning model lands on Hugging Face", "Hugging Face"),
        ("云岫科技在GitHub开源首个大模型", "GitHub"),
    ],
)
def test_where_it_is_put_is_not_who_made_it(title: str, host: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert verdict.maker != host
