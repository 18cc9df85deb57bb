"""One launch of a model that no list knows is one story, in whatever language, script and spelling it is reported."""

from __future__ import annotations

import json
import random

import pytest

from aiwatch import batch, documents, rules
from aiwatch.detect.naming import build
from aiwatch.model import Modality, Model
from aiwatch.names.identity import identity
from aiwatch.names.vendors import by_maker
from benches import bench

RULES = rules.load()


def stories(*titles: str) -> int:
    """How many stories the announcements among reports of three days make."""
    lines = [
        json.dumps(
            {"id": f"r{at}", "title": title, "source": f"outlet {at}", "published": f"2026-10-0{6 + at % 3}"}, ensure_ascii=False
        )
        for at, title in enumerate(titles)
    ]
    judged = list(batch.judged(documents.read(lines, "reports", RULES), RULES))
    assert [detection.announcement for _, _, detection in judged] == [True] * len(titles), [d.score for _, _, d in judged]
    return len(set(batch.events(judged).values()))


@pytest.mark.parametrize(
    "titles",
    [
        (
            "벨퀴스트, 대규모 언어모델 'Palanquin 4' 공개",
            "Velquist launches Palanquin 4, its most capable language model yet",
            "ベルクイスト、大規模言語モデル「パランキン4」を発表",
        ),
        ("Brightloom launches Palaquin 3, a language model", "브라이트룸, 언어모델 '팔라퀸 3' 출시"),
        ("澜石科技发布大模型Quasarin 4", "Lanstone launches large language model Quasarin 4"),
        (
            "업스테이지, 언어모델 '팔란퀸(Palanquin) 4' 공개",
            "업스테이지, 언어모델 '팔란퀸 4' 공개",
            "Upstage launches Palanquin 4, its most capable language model yet",
            "Upstage、言語モデル「パランキン(Palanquin)4」を発表",
        ),
        ("腾讯发布大模型青鸾（Qingluan） 3.0", "Tencent launches Qingluan 3, a large language model", "腾讯开源大模型青鸾3.0"),
        ("퀼론 랩스, 언어모델 'Mistwood 3' 공개", "Quillon Labs launches Mistwood 3, a language model"),
        (
            "코히어, 언어모델 '갤리번트 3.1' 공개",
            "Cohere、言語モデル「ガリバント 3.1」を発表",
            "Cohere launches language model Gallivant 3.1",
        ),
        ("Upstage、言語モデル「ニンバラ 2」を発表", "Upstage launches language model Nimbara 2"),
        ("腾讯发布大模型Copper Finch-2", "Tencent launches Copper Finch 2, a language model"),
        ("ハルカAI、大規模言語モデル「ツユ」を公開", "Haruka AI releases Tsuyu, a Japanese language model"),
        ("ハルカAI、大規模言語モデル「イオ」を公開", "Haruka AI releases Io-7B, an open Japanese language model"),
        ("Haruka AI、大規模言語モデル「ユウオウ 2」を公開", "Haruka AI releases Yuo 2, a Japanese language model"),
        ("해로게이트 스톤, '칸트룸-8B' 오픈소스 공개", "Harrowgate Stone open-sources Cantrum-8B"),
        ("DeepSeek releases DeepSeek-V9-0412", "딥시크, V9-0412 공개", "DeepSeek 发布 V9-0412"),
        ("DeepSeek releases DeepSeek-V9.1-Terminus", "딥시크, 'V9.1 터미너스' 공개"),
        ("Ximu AI发布大模型Borealin 2预览版", "Ximu AI launches language model Borealin 2"),
        ("미스트랄 AI, 언어모델 '노스 퀼1.5' 출시", "미스트랄 AI, 언어모델 '노스 퀼 1.5' 공개"),
        ("네이버, 언어모델 새론(Saeron) 5 공개", "Naver launches Saeron 5, a language model", "네이버, 언어모델 '새론5' 출시"),
        ("阿里巴巴正式发布 听澜(Tinglan) 3.1 多模态大模型", "Alibaba unveils Tinglan 3.1 multimodal model"),
        ("アリババ、マルチモーダルモデル「蒼穹2.5」を公開", "アリババ、マルチモーダルモデル「Soukyu 2.5」を公開"),
        (
            "ブライトムーア、音声モデル「シスル 4」を発表",
            "Brightmoor launches Thistle 4, a speech model",
            "브라이트무어, 음성 모델 '시슬 4' 출시",
        ),
        (
            "Norvane、大規模言語モデル「Calidris Ver.3.0」を発表",
            "Norvane unveils Calidris 3, its new language model",
        ),
        ("Betalabs launches BT-500, a language model", "Betalabs发布大模型BT500", "Betalabs unveils BT 500, a language model"),
        ("墨云科技发布大模型“青鸟3.0”", "墨雲科技發布大模型「青鳥3.0」", "墨雲科技、大規模言語モデル「青鳥3.0」を発表"),
        (
            "云岫科技发布大模型“听松”",
            "Yunxiu Technology launches Tingsong, a language model",
            "中 윈슈, 대형언어모델 '팅송' 공개",
        ),
        (
            "ホシノテック、国産LLM「ミズチ-13B」を公開",
            "Hoshino Tech unveils Mizuchi, a large language model",
            "호시노테크, 언어모델 '미즈치' 공개",
        ),
        ("탄 로보틱스, 음성 모델 '나래 3' 공개", "Tarn Robotics launches Narae 3, a speech model"),
    ],
)
def test_one_launch_is_one_story(titles: tuple[str, ...]) -> None:
    assert stories(*titles) == 1
    assert stories(*reversed(titles)) == 1


@pytest.mark.parametrize(
    "titles",
    [
        ("벨퀴스트, 대규모 언어모델 'Palanquin 4' 공개", "Velquist launches Palanquin 4.1, a language model"),
        ("벨퀴스트, 언어모델 'Palanquin 4' 공개", "소라미쓰, 언어모델 'Palanquin 4' 공개"),
        ("퀼론 랩스, 언어모델 'Mistwood 3' 공개", "소라미쓰 랩스, 언어모델 'Mistwood 3' 공개"),
        ("벨퀴스트, 언어모델 'Palanquin 4' 공개", "Orbison launches Palanquin 4, a language model"),
        ("ハルカAI、大規模言語モデル「ツユ」を公開", "Minato AI releases Tsuyu, a Japanese language model"),
        ("해로게이트 스톤, '칸트룸-8B' 오픈소스 공개", "Harrowgate Field open-sources Cantrum-8B"),
        ("墨云科技发布大模型“星辰3.0”", "墨云科技发布大模型“星尘3.0”"),
        ("阿里巴巴发布大模型Palanquin 3", "阿里巴巴发布代码模型Palanquin 3 Coder预览版"),
        ("Cedar Lattice 2.0が登場 NVIDIAの次世代コーディングモデル", "NVIDIA launches Silver Lattice 2.0, a coding model"),
    ],
)
def test_two_launches_are_two_stories(titles: tuple[str, ...]) -> None:
    assert stories(*titles) == 2


@pytest.mark.parametrize("name", ["Quasarin 4", "Borealin 2"])
def test_a_chinese_rumour_of_a_name_in_no_list_does_not_mute_its_launch(name: str) -> None:
    rows = [
        {"id": "a", "title": f"消息称英伟达即将发布{name}", "source": "36氪", "published": "2026-10-04"},
        {
            "id": "b",
            "title": f"NVIDIA launches {name}, its most capable multimodal model yet",
            "source": "A paper",
            "published": "2026-10-07",
        },
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    first, second = (detection for _, _, detection in batch.judged(documents.read(lines, "reports", RULES), RULES))
    assert not first.announcement
    assert second.announcement


def test_a_stage_glued_to_a_name_is_no_part_of_it() -> None:
    assert identity(build("Borealin预览版")).key == identity(build("Borealin")).key


def test_two_makers_in_two_scripts_are_two_where_nothing_says_that_the_model_is_one() -> None:
    chinese = Model(name="玄鸟 2.0", vendor="星海智能", modality=Modality.TEXT)
    american = Model(name="GPT-9", vendor="OpenAI", modality=Modality.TEXT)
    assert by_maker((chinese, american)) == [(chinese,), (american,)]


def test_launches_under_invented_names_are_mostly_one_story_in_four_languages() -> None:
    languages = bench("languages")
    rng = random.Random(3)
    launches = [languages.launch(rng)[1] for _ in range(60)]
    told = [languages.told(rows, RULES) for rows in launches]
    assert sum(len(set(one.values())) > 1 for one in told) <= 7  # 34 before makers and names met across scripts
    assert sum(map(len, told)) >= 0.9 * sum(map(len, launches))
