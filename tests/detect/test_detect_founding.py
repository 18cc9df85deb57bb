"""The names the project began with: known in English and Korean from the first day, and silent where they mean something else."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Modality, Stage


@pytest.mark.parametrize(
    ("title", "name", "vendor", "modality", "stage"),
    [
        ("오픈AI, 문장을 영상으로 바꾸는 AI '소라' 공개", "Sora", "OpenAI", Modality.VIDEO, Stage.ANNOUNCED),
        ("OpenAI unveils Sora, an AI model that turns text into video", "Sora", "OpenAI", Modality.VIDEO, Stage.ANNOUNCED),
        ("구글, 영상 생성 모델 '뤼미에르' 공개", "Lumiere", "Google", Modality.VIDEO, Stage.ANNOUNCED),
        ("Google shows Lumiere: Google announces Lumiere video model", "Lumiere", "Google", Modality.VIDEO, Stage.ANNOUNCED),
        ("구글, 개방형 AI 모델 '젬마' 공개", "Gemma", "Google", Modality.TEXT, Stage.OPEN_WEIGHTS),
        ("Google releases Gemma, a family of open models", "Gemma", "Google", Modality.TEXT, Stage.OPEN_WEIGHTS),
        ("런웨이, 영상 생성 모델 '젠-2' 공개", "Runway Gen 2", "Runway", Modality.VIDEO, Stage.RELEASED),
        ("메타, 영상 생성 AI 모델 '메이크 어 비디오' 공개", "Make-A-Video", "Meta", Modality.VIDEO, Stage.ANNOUNCED),
        ("메타, 영상 생성 AI 모델 '메이크 오 비디오' 공개", "Make-A-Video", "Meta", Modality.VIDEO, Stage.ANNOUNCED),
        (
            "스태빌리티 AI, '스테이블 비디오 디퓨전' 오픈소스로 공개",
            "Stable Video Diffusion",
            "Stability AI",
            Modality.VIDEO,
            Stage.OPEN_WEIGHTS,
        ),
        ("오픈AI, '챗GPT-4' 출시", "GPT-4", "OpenAI", Modality.TEXT, Stage.RELEASED),
    ],
)
def test_the_founding_names_are_found(title: str, name: str, vendor: str, modality: Modality, stage: Stage) -> None:
    found = judge(title)
    assert found.announcement, found
    assert [model.name.replace(" ", "").casefold() for model in found.models] == [name.replace(" ", "").casefold()]
    assert (found.models[0].vendor, found.models[0].modality, found.stage) == (vendor, modality, stage)


def test_an_ambiguous_name_says_what_it_lacks() -> None:
    found = judge("소라, 새로운 시작")
    assert not found.models
    assert any("소라" in near.matched and "OpenAI is not named" in near.why for near in found.near)


def test_a_name_beside_the_other_thing_that_bears_it_says_so_in_a_whole_sentence() -> None:
    (near,) = [one for one in judge("쌍둥이자리 제미니 운세 공개").near if one.rule == "name.ambiguous"]
    assert near.why == (
        "'제미니' is also another word: Google is not named and the source is not Google's, "
        "and the text speaks of the other thing of that name"
    )


def test_a_model_without_a_frame_says_so() -> None:
    found = judge("GPT-5 in everyday life")
    assert not found.announcement
    assert any("no announcing frame" in near.why for near in found.near)
