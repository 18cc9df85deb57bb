"""Spellings of one name in two scripts share a sound; different names of the same length mostly do not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.names.phonetic import sounds, weight
from aiwatch.text import is_latin

PAIRS = """
제미나이 Gemini / 라마 Llama / 매버릭 Maverick / 플래시 Flash / 클로드 Claude / 소네트 Sonnet / 엑사원 EXAONE /
딥시크 DeepSeek / 큐원 Qwen / 미스트랄 Mistral / 머큐리 Mercury / 솔라 Solar / 팰컨 Falcon / 뤼미에르 Lumiere /
모시 Moshi / 허니비 Honeybee / 알파지놈 AlphaGenome / 코알라 Koala / 이글 Eagle / 블렌더봇 BlenderBot / 휴버트 HuBERT /
젬마 Gemma / 그록 Grok / 오퍼스 Opus / 하이쿠 Haiku / 소라 Sora / 이마젠 Imagen / 노바 Nova / 커맨드 Command /
위스퍼 Whisper / 키미 Kimi / 어니 Ernie / 훈위안 Hunyuan / 베히모스 Behemoth / 스카우트 Scout / 픽스트랄 Pixtral /
네모트론 Nemotron / 오르카 Orca / 카멜레온 Chameleon / 지피티 GPT / 레고GPT LegoGPT / 통이치엔원 TongyiQianwen /
코더 Coder / 라지 Large / 터보 Turbo / 디퓨전 Diffusion / 샤오미 Xiaomi / 시댄스 Seedance / 클링 Kling / 하이루오 Hailuo /
미드저니 Midjourney / 런웨이 Runway / 비쿠나 Vicuna / 카시오페이아 Cassiopeia / ジェミニ Gemini / クロード Claude /
ソネット Sonnet / フラッシュ Flash / マーベリック Maverick / ディープシーク DeepSeek / ミストラル Mistral /
くろーど Claude / 렌 Wren / 나이트 Knight / レンチ Wrench
"""
NAMES = [pair.split() for pair in PAIRS.replace("\n", " ").split("/")]


@pytest.mark.parametrize(("local", "latin"), NAMES, ids=[latin for _, latin in NAMES])
def test_two_spellings_share_a_sound(local: str, latin: str) -> None:
    assert sounds(local) & sounds(latin)


def test_different_names_of_three_sounds_and_more_seldom_collide() -> None:
    hangul = [local for local, _ in NAMES if not is_latin(local) and "가" <= local[0] <= "힣"]
    latin = sorted({name for _, name in NAMES if is_latin(name)})
    partners = {(local, name) for local, name in NAMES}
    meetings = [
        (one, other)
        for one, other in itertools.product(hangul, latin)
        if (one, other) not in partners and any(weight(key) >= 3 for key in sounds(one) & sounds(other))
    ]
    assert meetings == []


def test_numbers_stay_themselves() -> None:
    assert sounds("라마 4 매버릭") & sounds("Llama 4 Maverick")
    assert not sounds("라마 4") & sounds("Llama 3")
    assert not sounds("라마 3.1") & sounds("Llama 3")


def test_chinese_characters_are_read_as_pinyin_and_bare_numbers_have_no_key() -> None:
    assert sounds("青鸾") & sounds("Qingluan")
    assert sounds("通义千问") & sounds("Tongyi Qianwen")
    assert sounds("4.5") == frozenset()


def test_a_nasal_before_a_lip_is_one_sound() -> None:
    assert sounds("ニンバラ") & sounds("Nimbara")


@given(st.text(max_size=40))
def test_any_text_gives_few_keys_that_depend_on_neither_case_nor_order_of_calls(name: str) -> None:
    keys = sounds(name)
    assert len(keys) <= 16
    assert keys == sounds(name)


def test_a_hostile_name_does_not_explode() -> None:
    assert len(sounds("chargerch" * 200)) <= 16
    assert len(sounds("ChRgRr" * 200)) <= 16
