"""What makers of models launch beside models: workspaces, tools, data, programmes, with versions as models have them."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Tier

APPS = [
    "Cohere launches Desk 2.0, a command center for support agents",
    "Luma launches Boards 2 for creative teams",
    "Pika launches Tideloops 2 on the web",
    "Google releases ZDK 2.0 for Java and Go, an open-source framework for agents",
    "Meta releases TorchHollow 1.2, a runtime for on-device inference",
    "Zyphra releases TSQ-2, a parallelism strategy for long contexts",
    "NVIDIA releases Nemotron-Web-v9, an open pretraining dataset of 7 trillion tokens",
    "올거나이즈, 에이전트 빌더 '제피로스 3.0' 출시",
    "올거나이즈, 업무용 캔버스 '제피로스 캔버스 2.0' 선보여",
    "노타, 모델 최적화 파이프라인 '제피로스 3.0' 공개",
    "오픈AI, 여행 예약 대행 '제피로스 2' 공개",
    "라이너, '라이너 9.0' 출시…답변마다 출처 달아",
    "智源发布中文语料库 Zephyros 5.0",
    "Mistral AI、コーディングアシスタント「Zephyros 2.0」を発表",
    "ELYZA、企業向けAIアプリ基盤「Zephyros Works 2.0」を提供開始",
]
MODELS = [
    "Cohere launches Zephyros 2.0, a command model for support agents",
    "Google releases Zephyros 2.0 for phones, an open model for tool use",
    "올거나이즈, 금융 특화 언어모델 '제피로스 캔버스 3.0' 출시",
    "오픈AI, 침묵 깨고 '제피로스 2' 공개",
    "오픈AI, 차세대 '제피로스 2' 공개",
    "라이너, 검색 특화 언어모델 '라이너 9.0' 공개",
    "Mistral AI、推論に強い「Zephyros 2.0」を発表",
    "つむぎAI、漫画の下描きを生成する「Zephyros 2」をリリース",
]


@pytest.mark.parametrize("title", APPS)
def test_what_is_said_to_be_something_else_is_no_model(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize("title", MODELS)
def test_a_model_that_is_described_alike_is_one(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("Luma launches Tideboards 2.5", "Luma launches Tideboards 2.5, a language model"),
        ("올거나이즈, '제피로스 코퍼스 2.0' 공개", "올거나이즈, 언어모델 '제피로스 코퍼스 2.0' 공개"),
        ("智谱发布“玄珠助手 3.0”", "智谱发布大模型“玄珠助手 3.0”"),
    ],
)
def test_a_name_says_itself_that_it_is_no_models(title: str, model: str) -> None:
    said, called = ({evidence.rule for evidence in judge(one).evidence} for one in (title, model))
    assert "name.goods" in said
    assert "name.goods" not in called


@pytest.mark.parametrize(
    "lead", ["Our app turns articles into talks.", "A reviewer that runs your code.", "Zephyros is our app for talks."]
)
def test_a_makers_own_lead_says_what_it_is(lead: str) -> None:
    def score(summary: str) -> float:
        return judge("Zephyros 2.0: listen to anything", summary, vendor="ElevenLabs", tier=Tier.PRIMARY).score

    assert score(lead) < score("It is out today.") - 2


def test_a_korean_name_that_ends_as_verbs_do_is_one_behind_a_word_for_model() -> None:
    assert [model.name for model in judge("어느랩, 금융 특화 sLLM '마루다' 공개").models] == ["마루다"]
    assert not judge('어느랩 "반드시 이긴다" 공개').models


def test_a_model_that_fits_on_a_phone_is_of_ai() -> None:
    assert judge("Warsaw startup Kurant ships Zephyros 2, a Polish model that fits on a phone").announcement
    assert not judge("Warsaw startup Kurant ships Zephyros 2, a Polish model for beginners").announcement


def test_what_a_model_runs_on_is_no_channel() -> None:
    assert judge("Liquid AI's LFM2-350M runs on a watch").announcement
    assert not judge("LFM2-350M runs on GroqCloud").announcement


def test_a_title_ends_with_what_does_it_on_the_makers_own_page() -> None:
    title = "Drawings you can edit, with Recraft V5"
    assert judge(title, vendor="Recraft", tier=Tier.PRIMARY).announcement
    assert not judge(title).announcement


def test_a_voice_that_whispers_is_no_rumour() -> None:
    said = judge("Cartesia's Sonic-9 laughs, sighs and whispers", "The newest version of our text-to-speech model is out today.")
    assert not any(evidence.rule.startswith("rumor.") for evidence in said.evidence)
    assert any(evidence.rule.startswith("rumor.") for evidence in judge("Whispers of GPT-9 grow louder").evidence)


@pytest.mark.parametrize(
    "title",
    [
        "Introducing OpenAI for Zephyros 2.0",
        "Gemini 9 achieves gold at the olympiad",
        "Tamber-5B: speech data for nine languages",
    ],
)
def test_programmes_contests_and_data_are_no_launch(title: str) -> None:
    assert not judge(title).announcement


def test_where_a_model_is_at_work_is_a_launch_in_korean() -> None:
    assert judge("기상청, AI 초단기 예측 모델 '제피로스 2' 운영 시작").announcement
