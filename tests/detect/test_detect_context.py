"""What stands around a name: descriptions before it, a head behind it, another clause, and what the lead calls it."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Detection, Stage, Tier


def weight(found: Detection, rule: str) -> float:
    return sum(evidence.weight for evidence in found.evidence if evidence.rule == rule)


def test_what_describes_a_korean_model_is_not_what_is_told() -> None:
    described = judge("메타, 뇌 반응을 예측하는 파운데이션 모델 '큐브-9' 공개")
    told = judge("'큐브-9' 공개한 메타, 이용자 반응 엇갈려")
    assert described.announcement
    assert weight(told, "not.ko.reaction") < weight(described, "not.ko.reaction") < 0


def test_another_object_between_a_korean_model_and_the_verb_is_what_is_revealed() -> None:
    assert judge("구글, '제미나이 9' 모델을 공개").announcement
    assert not judge("구글, '제미나이 9'의 학교 활용 사례를 공개").announcement


def test_where_title_and_lead_disagree_on_what_it_is_the_model_counts() -> None:
    title = "MS, 차세대 브라우저 에이전트 '큐브-9' 공개"
    alone = judge(title)
    called = judge(title, "마이크로소프트(MS)가 브라우저를 조작하는 자체 에이전트 모델 '큐브-9'를 공개했다.")
    assert weight(alone, "not.ko.kind-of-name") < weight(called, "not.ko.kind-of-name") < 0
    assert called.announcement


def test_a_korean_lead_that_calls_it_a_technique_speaks_against_it() -> None:
    title = "엔비디아, 크기를 바꾸는 '큐브' 공개"
    assert weight(judge(title, "여러 크기의 모델을 뽑아내는 학습 기법이 등장했다."), "not.ko.lead-other") < 0
    assert not weight(judge(title, "여러 크기의 모델을 뽑아내는 언어모델이 등장했다."), "not.ko.lead-other")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("某公司发布 GPT-9 剪枝量化模型", True),
        ("微软发布自研MAI-Thinking-9追平Claude Opus 9", True),
        ("某人发布 GPT-9 角色扮演模式指令", False),
        ("某云推出GPT-9终端最佳性价比组合", False),
        ("谷歌推出 Zephyros,基于 Lyria 9 模型的音乐工具", False),
    ],
)
def test_what_a_chinese_title_names_behind_the_model_is_what_is_released(title: str, told: bool) -> None:
    assert judge(title).announcement is told


def test_a_second_thing_launched_in_the_same_title_does_not_undo_the_first() -> None:
    alone = judge("OpenAI launches ChatGPT Work, an agent for documents")
    beside = judge("OpenAI releases GPT-9, and launches ChatGPT Work, an agent for documents")
    assert not alone.announcement
    assert beside.announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("동영상 모델 '클링' 9.0 버전 출시", "Kling 9.0"),
        ("Midjourney 发布 V19,速度提升三倍", "Midjourney V19"),
        ("Cohere 发布开源语音识别模型 Cohere Zephyr", "Cohere Zephyr"),
        ("OpenAI releases GPT-9 Zephyr: a model that uses computers", "GPT-9 Zephyr"),
    ],
)
def test_a_name_is_put_together_from_its_parts(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("NVIDIA introduces Zephyr-9B, a small language model", Stage.OPEN_WEIGHTS),
        ("Google unveils Gemini Robotics 9, its model for humanoids", Stage.ANNOUNCED),
        ("Moonshot AI releases Kimi K9 and plans to release its full model weights in July", Stage.RELEASED),
    ],
)
def test_how_it_can_be_had_is_read_from_its_kind_and_name(title: str, stage: Stage) -> None:
    found = judge(title)
    assert found.announcement
    assert found.stage is stage


def test_stars_of_markdown_are_no_part_of_a_name() -> None:
    title = "**OpenAI** launches **GPT-9**, its new model"
    found = judge(title)
    assert [model.name for model in found.models] == ["GPT-9"]
    assert all(title[e.start : e.end] == e.matched for e in found.evidence if e.field == "title")


def test_a_rumour_may_measure_the_coming_model_by_one_that_is_out() -> None:
    assert judge("アンソロピック、数週間以内にMythos級の新AIモデルを広く公開へ").stage is Stage.RUMORED


def test_a_makers_page_may_introduce_its_model_without_a_name() -> None:
    found = judge("Introducing our latest image generation model in the API", tier=Tier.PRIMARY, vendor="OpenAI")
    assert (found.announcement, found.maker) == (True, "OpenAI")


def test_the_second_of_a_japanese_row_may_be_a_product() -> None:
    found = judge("オープンAIの「GPT-9」と「Claude Code」が登場、性能は大幅向上")
    assert found.announcement
    assert weight(found, "not.ja.product") > -1


def test_an_ambiguous_name_is_sure_where_the_lead_has_its_line() -> None:
    lead = "The image shows the release of Claude Sonnet 9, with its scores."
    assert judge("Sonnet 9 released !!", lead).announcement
    assert not judge("Sonnet 9 released !!", "The image shows a book of poems.").announcement


def test_two_ambiguous_names_of_one_maker_vouch_for_each_other() -> None:
    assert judge("Opus 9 模型发布，价格跟 Fable 7 相同").announcement
    assert not judge("Opus 9 is released").announcement


@pytest.mark.parametrize(
    "title", ["GPT-9 is the first model that actually feels worth it", "GPT-9 is superb", "Has anyone tried GPT-9 mini yet?"]
)
def test_what_a_community_thinks_of_a_model_is_no_launch(title: str) -> None:
    assert not judge(title, tier=Tier.COMMUNITY).announcement


@pytest.mark.parametrize(
    "title",
    [
        "OpenAI launches GPT-9 and retires GPT-4o",
        "OpenAI retires GPT-4o as GPT-9 launches",
        "OpenAI launches GPT-9, says GPT-4o will be retired in March",
        "오픈AI, GPT-9 출시하고 GPT-4o 지원 종료",
        "OpenAI发布GPT-9，GPT-4o将下线",
    ],
)
def test_a_launch_that_retires_another_model_is_a_launch_of_the_new_one(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [model.name for model in verdict.models] == ["GPT-9"]


@pytest.mark.parametrize(
    "title",
    [
        "OpenAI retires GPT-4o",
        "OpenAI will retire GPT-4o next month",
        "OpenAI to retire GPT-4o after GPT-9 launch",
        "Deprecation notice: GPT-4o and GPT-4.1",
        "Deprecated: GPT-4o",
        "Model retirement: GPT-4o",
        "지원 종료: GPT-4o",
        "OpenAI 将于9月停用 GPT-4o",
        "谷歌停止支持 Gemini 1.5 Pro",
        "谷歌 9 月停止 Gemini 1.5 Pro 服务",
        "OpenAI、GPT-4oを9月に廃止へ",
        "오픈AI, GPT-4o 지원 종료",
    ],
)
def test_a_retirement_alone_is_one(title: str) -> None:
    verdict = judge(title)
    assert not verdict.announcement
    assert verdict.stage.value == "deprecated"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Brightloom releases GPT-5 rival Palaquin 2, a language model", "Palaquin 2"),
        ("Brightloom's GPT-5 killer Palaquin 5 arrives as an open-weight model", "Palaquin 5"),
        ("Mistral launches GPT-5 rival Mistral Large 4", "Mistral Large 4"),
    ],
)
def test_what_a_model_is_measured_by_is_not_what_is_launched(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    "title",
    [
        "ChatGPT maker OpenAI launches GPT-9",
        "Copilot creator Microsoft unveils Phi-9",
        "Claude maker Anthropic launches Opus 9",
        "챗GPT 개발사 오픈AI, GPT-9 공개",
        "챗GPT 만든 오픈AI, GPT-9 출시",
        "ChatGPTの開発元OpenAI、GPT-9を公開",
        "ChatGPT母公司OpenAI发布GPT-9",
    ],
)
def test_what_a_maker_is_known_by_is_not_what_it_launches(title: str) -> None:
    found = judge(title)
    assert found.announcement
    assert len(found.models) == 1
    assert found.models[0].version == "9"


def test_a_product_that_is_not_said_to_be_its_makers_is_still_what_a_title_is_about() -> None:
    assert not judge("ChatGPT gets GPT-9 mode that OpenAI promised").announcement
    assert not judge("ChatGPT maker OpenAI raises $9 billion").announcement


@pytest.mark.parametrize("tail", [" | ロイター", " テスト"])
def test_a_rumour_in_title_case_stays_one_with_a_japanese_word_behind(tail: str) -> None:
    title = "OpenAI Is Said to Plan GPT-9 Launch Before Year-End"
    assert judge(title).stage is judge(title + tail).stage is Stage.RUMORED


@pytest.mark.parametrize("title", ["v0.9.1: Fixes and a new recipe", "Introducing v0", "v0 is here"])
def test_a_programs_version_is_no_name(title: str) -> None:
    assert not judge(title, tier=Tier.PRIMARY).models


def test_a_version_below_one_belongs_to_the_name() -> None:
    found = judge("Acme AI launches Acme Embed V0, an embedding model")
    assert [model.name for model in found.models] == ["Acme Embed V0"]


@pytest.mark.parametrize(
    "title",
    [
        "Google's Gemini 9 leaks memory in its Android app",
        "Hackers leak GPT-9 system prompt",
        "Gemini 9 spotted hallucinating in a court filing",
        "GPT-9 시스템 프롬프트 유출",
    ],
)
def test_a_sign_of_something_else_makes_no_rumour_of_the_model(title: str) -> None:
    assert judge(title).stage is not Stage.RUMORED


def test_what_was_leaked_before_is_no_rumour_once_it_is_launched() -> None:
    found = judge("After weeks of leaks, Gemini 9 is here")
    assert (found.announcement, found.stage) == (True, Stage.RELEASED)
    assert judge("Gemini 9 logo leaks on a trademark filing").stage is Stage.RUMORED


@pytest.mark.parametrize(
    "title",
    [
        "Torvane releases Zephyros 2, a language model under Apache 2.0",
        "Torvane releases Zephyros 2, a language model under an MIT license",
        "Torvane releases Zephyros 2, an MIT-licensed language model",
        "벤토르, 언어모델 '제피로스 2' MIT 라이선스로 공개",
        "ベントル、言語モデル「ゼフィロス2」をMITライセンスで公開",
        "梵拓科技以MIT许可证发布大模型玄珠2.0",
    ],
)
def test_a_licence_opens_a_model_whatever_it_is_called_and_its_name_is_no_maker(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert verdict.stage is Stage.OPEN_WEIGHTS
    assert "MIT" not in {model.vendor for model in verdict.models}


def test_a_lead_opens_with_a_model_that_bears_the_name_of_whom_no_list_has() -> None:
    verdict = judge(
        "Torvane releases third-generation protein design model", "Torvane-3 is available under an MIT license, it said."
    )
    assert [(model.name, model.vendor) for model in verdict.models] == [("Torvane-3", "Torvane")]
    assert verdict.announcement


def test_a_model_that_is_beaten_in_a_korean_title_is_not_the_one_that_came() -> None:
    lead = "새벽AI는 자체 구축한 말뭉치로 처음부터 학습한 모델을 MIT 라이선스로 공개했다."
    found = judge("직원 9명 스타트업이 일냈다…‘누리온 14B’, 한국어 추론서 GPT-4o 눌러", lead)
    assert found.announcement
    assert [model.name for model in found.models] == ["누리온 14B"]
