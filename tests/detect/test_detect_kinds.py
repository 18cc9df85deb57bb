"""What kind of model it is, where no list has its name: what is said of the model itself, not what stands elsewhere in the text."""

from __future__ import annotations

import pytest
from headlines import RULES, item, judge

from aiwatch.detect import detect
from aiwatch.detect.learned import known_by
from aiwatch.model import Modality, Source, Tier


def kinds(title: str, summary: str = "", **how: str) -> set[Modality]:
    verdict = judge(title, summary, **how)  # type: ignore[arg-type]  # source and vendor, both words
    assert verdict.announcement, title
    return {model.modality for model in verdict.models}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Torvane launches Zephyros 4, a coding model", Modality.CODE),
        ("Torvane launches Zephyros 4 model for agentic coding", Modality.CODE),
        ("Torvane launches Zephyros Code 4, an open model", Modality.CODE),
        ("Torvane launches Zephyros 4 AI model that writes code", Modality.CODE),
        ("Torvane launches Zephyros 4, an AI model better at coding", Modality.TEXT),
        ("Torvane launches Zephyros 4 AI model, says it beats rivals on coding, math", Modality.TEXT),
        ("벤토르, AI 모델 '제피로스 4' 공개...코딩·수학 성능 향상", Modality.TEXT),
        ("벤토르, 코딩 특화 모델 '제피로스 4' 공개", Modality.CODE),
        ("梵拓科技发布代码大模型玄珠2.0", Modality.CODE),
        ("ベントル、コーディング特化モデル「ゼフィロス4」を公開", Modality.CODE),
        ("Zephyros 4, a new model that writes code, was released by Torvane", Modality.CODE),
        ("Torvane launches Zephyros 4 AI model for coding, days after OpenAI", Modality.CODE),
        ("Torvane launches Zephyros 4 AI model for coding, math and tool use", Modality.TEXT),
    ],
)
def test_code_is_what_a_model_is_for_not_what_it_is_better_at(title: str, kind: Modality) -> None:
    assert kinds(title) == {kind}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Torvane releases Zephyros 4 open model with audio and video understanding", Modality.MULTIMODAL),
        ("Torvane releases Zephyros 4, an open model with image input", Modality.MULTIMODAL),
        ("Torvane releases Zephyros 4, an open image model", Modality.IMAGE),
        ("Torvane releases Zephyros 4, a video model with sound", Modality.VIDEO),
    ],
)
def test_what_a_model_takes_in_is_not_what_it_makes(title: str, kind: Modality) -> None:
    assert kinds(title) == {kind}


def test_a_lead_tells_the_kind_in_the_sentence_of_the_model() -> None:
    lead = "Torvane released Zephyros 4, a 70B open model. A new video model of Calvane draws crowds, and its robots dance."
    assert kinds("[Daily AI] Zephyros 4 is out", lead, source="AINews") == {Modality.TEXT}
    lead = "Torvane released Zephyros 4, a text-to-image model. Elsewhere a video model draws crowds."
    assert kinds("[Daily AI] Zephyros 4 is out", lead, source="AINews") == {Modality.IMAGE}


@pytest.mark.parametrize(
    ("vendor", "title", "kind"),
    [("Voyage AI", "Introducing Quarrel 7", Modality.EMBEDDING), ("Cartesia", "Quarrel 7 is here", Modality.SPEECH)],
)
def test_who_makes_one_kind_of_model_makes_another_of_it(vendor: str, title: str, kind: Modality) -> None:
    verdict = judge(title, tier=Tier.PRIMARY, vendor=vendor, source=vendor)
    assert verdict.announcement
    assert {model.modality for model in verdict.models} == {kind}


def test_a_line_does_not_take_the_kind_of_one_member_that_says_it_in_its_name() -> None:
    first = judge("Torvane launches Zephyros Robotics 2, an AI model for robots")
    assert {model.modality for model in first.models} == {Modality.ROBOTICS}
    heard = known_by(list(first.given), RULES)
    later = detect(item("Torvane launches Zephyros 4"), Source(id="s", url="", name="A paper", tier=Tier.PRESS), RULES, heard)
    assert {model.modality for model in later.models} == {Modality.TEXT}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Video platform Cobaltine launches Coracle 2, a language model", Modality.TEXT),
        ("로봇 기업 가온누리, 언어모델 '아라 2' 공개", Modality.TEXT),
        ("机器人公司星海智能发布大语言模型“玄鸟 2.0”", Modality.TEXT),
        ("Torvane launches Tessera Bio 2, a protein language model", Modality.OTHER),
        ("가온누리, 멀티모달 대형 언어모델 '아라 2' 공개", Modality.MULTIMODAL),
        ("가온누리, 음성인식 모델 '아라 2' 공개", Modality.SPEECH),
        ("가온누리, 영상생성 모델 '아라 2' 공개", Modality.VIDEO),
        ("Spectra releases SGS-1: the first generative model for structured CAD", Modality.THREE_D),
    ],
)
def test_what_the_model_is_called_beats_what_its_maker_does(title: str, kind: Modality) -> None:
    assert kinds(title) == {kind}


def test_what_stands_beside_a_post_is_not_what_a_model_makes() -> None:
    lead = "The image is a scatter plot of parameter count and score on benchmarks. The open weights are on Hugging Face."
    assert kinds("Torvane releases Luth-2, a small AI model for French", lead) == {Modality.TEXT}


def test_the_words_of_the_lexicon_tell_the_kind_of_a_new_name_too() -> None:
    assert kinds("Torvane launches Tessera OCR 2, an AI model") == {Modality.MULTIMODAL}
    title = "Torvane launches Tessera Gaze 2, an AI model"
    assert kinds(title) == {Modality.TEXT}
    found = judge(title, overlay='[variant_kinds]\n"robotics" = ["Gaze"]\n')
    assert {model.modality for model in found.models} == {Modality.ROBOTICS}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("TesseraVision 2", Modality.MULTIMODAL),
        ("Tesseravl-2B", Modality.MULTIMODAL),
        ("Supervision 2", Modality.TEXT),
        ("Encoder 2", Modality.TEXT),
        ("Tessera-World", Modality.WORLD),
    ],
)
def test_a_word_for_a_kind_stands_by_itself_or_is_written_onto_another_with_a_capital(name: str, kind: Modality) -> None:
    assert RULES.kind_within(name) is kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("음성모델", Modality.SPEECH),
        ("음성합성 모델", Modality.SPEECH),
        ("영상생성모델", Modality.VIDEO),
        ("이미지생성AI모델", Modality.IMAGE),
        ("비전언어모델", Modality.MULTIMODAL),
        ("시각언어행동모델", Modality.ROBOTICS),
        ("임베딩모델", Modality.EMBEDDING),
        ("코딩용 AI 모델", Modality.CODE),
        ("코딩에 특화된 모델", Modality.CODE),
        ("로봇용 언어모델", Modality.TEXT),
        ("단백질예측모델", Modality.OTHER),
        ("언어모델", Modality.TEXT),
    ],
)
def test_korean_writes_a_kind_and_the_word_for_model_together_or_apart(word: str, kind: Modality) -> None:
    assert kinds(f"벤토르, {word} '제피로스 4' 공개") == {kind}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("マルチモーダルモデル", Modality.MULTIMODAL),
        ("コーディングモデル", Modality.CODE),
        ("コード生成モデル", Modality.CODE),
        ("ロボットモデル", Modality.ROBOTICS),
        ("創薬モデル", Modality.OTHER),
    ],
)
def test_japanese_writes_a_kind_and_the_word_for_model_together(word: str, kind: Modality) -> None:
    assert kinds(f"ベントル、{word}「ゼフィロス4」を公開") == {kind}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Torvane launches Zephyros 4, an AI model", "The code and a video demo are on GitHub."),
        ("ベントル、AIモデル「ゼフィロス4」を公開", "コードとデモ動画はGitHubで公開されている。"),
        ("벤토르, AI 모델 '제피로스 4' 공개", "코드와 시연 영상은 깃허브에 올라와 있다."),
    ],
)
def test_what_a_model_is_shown_by_is_not_what_it_makes(title: str, lead: str) -> None:
    assert kinds(title, lead) == {Modality.TEXT}


def test_a_word_for_a_kind_within_another_word_is_none() -> None:
    assert kinds("벤토르, 영상의학 분석을 돕는 언어모델 '제피로스 4' 공개") == {Modality.TEXT}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("벤토르, 세계 모델 '제피로스' 공개…로봇 학습에 활용", Modality.WORLD),
        ("벤토르, 임바디드 모델 '제피로스 4' 공개", Modality.ROBOTICS),
        ("벤토르, 의료 영상 파운데이션 모델 '제피로스 4' 공개", Modality.OTHER),
        ("벤토르, 전력 수요 예측 AI 모델 '제피로스 4' 공개", Modality.OTHER),
        ("벤토르, 캐릭터 동작 생성 모델 '제피로스 4' 공개", Modality.THREE_D),
        ("벤토르, 노래하는 AI 모델 '제피로스 4' 공개", Modality.MUSIC),
        ("벤토르, 영상 생성 모델 '제피로스 4' 공개", Modality.VIDEO),
    ],
)
def test_a_korean_word_for_a_kind_of_model_tells_the_kind(title: str, kind: Modality) -> None:
    assert kinds(title) == {kind}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Torvane launches Zephyros 4, a world model for robots", Modality.WORLD),
        ("Torvane launches Zephyros 4, a multimodal model ahead of rivals in image and video", Modality.MULTIMODAL),
        ("Torvane launches Zephyros 4, a video and audio model", Modality.VIDEO),
        ("ベントル、動画・音声生成モデル「Zephyros 4」を公開", Modality.VIDEO),
        ("Torvane launches Zephyros 4, an AI model that moves robots", Modality.ROBOTICS),
    ],
)
def test_a_model_is_of_the_kind_that_the_word_for_it_tells(title: str, kind: Modality) -> None:
    assert kinds(title) == {kind}
