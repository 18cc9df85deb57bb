"""The article that this project began with, retold: Korean coverage of Sora, Lumiere and Gemma; and what must stay silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aiwatch import rules, stories
from aiwatch.detect import detect
from aiwatch.model import Detection, Item, Judged, Modality, Source, Stage

START = datetime(2024, 2, 16, tzinfo=UTC)
PAPER = Source(id="paper", name="신문", url="https://paper.example/rss", lang="ko")
TOGETHER = (
    "글로 영상 만든다…오픈AI '소라', 구글 '뤼미에르'·'젬마' 잇따라 공개",
    (
        "오픈AI가 문장을 1분짜리 영상으로 바꾸는 인공지능 모델 소라를 공개했다. 구글은 영상 생성 모델 뤼미에르를 발표하고, "
        "제미나이와 같은 기술로 만든 개방형 언어 모델 젬마의 가중치도 내놓았다."
    ),
)
APART = [
    (
        "오픈AI, 글을 영상으로 바꾸는 AI 모델 '소라' 공개",
        "문장을 넣으면 최대 1분 길이의 영상을 만들어 주는 인공지능 모델 소라를 공개했다.",
    ),
    ("구글, 동영상 생성 AI 모델 '뤼미에르' 발표", "구글 연구진이 한 번에 영상 전체를 만드는 뤼미에르를 선보였다."),
    ("구글, 개방형 언어 모델 '젬마' 공개…누구나 내려받는다", "구글이 가벼운 오픈 모델 젬마의 가중치를 공개했다."),
]
EXPECTED = {"Sora": ("OpenAI", Modality.VIDEO), "Lumiere": ("Google", Modality.VIDEO), "Gemma": ("Google", Modality.TEXT)}


def judged(title: str, summary: str = "", hours: int = 0) -> Judged:
    at = START + timedelta(hours=hours)
    item = Item(
        id=title, source_id="paper", key=title, url=None, title=title, summary=summary, published=at, seen_at=at, lang="ko"
    )
    return Judged(item, PAPER, detect(item, PAPER, rules.load()))


def found(detection: Detection) -> dict[str, tuple[str | None, Modality]]:
    return {model.name: (model.vendor, model.modality) for model in detection.models}


def test_one_article_names_all_three_with_vendor_and_modality() -> None:
    _, _, detection = judged(*TOGETHER)
    assert detection.announcement
    assert found(detection) == EXPECTED


@pytest.mark.parametrize(
    ("headline", "name", "stage"),
    [(APART[0], "Sora", Stage.ANNOUNCED), (APART[1], "Lumiere", Stage.ANNOUNCED), (APART[2], "Gemma", Stage.OPEN_WEIGHTS)],
    ids=["Sora", "Lumiere", "Gemma"],
)
def test_each_by_itself_with_its_stage(headline: tuple[str, str], name: str, stage: Stage) -> None:
    _, _, detection = judged(*headline)
    assert (detection.announcement, detection.stage, found(detection)) == (True, stage, {name: EXPECTED[name]})


def test_each_is_told_once_whether_apart_or_together() -> None:
    apart = [judged(*headline, hours=hours) for hours, headline in enumerate(APART)]
    for batch in ([*apart, judged(*TOGETHER, hours=9)], [judged(*TOGETHER, hours=-9), *apart]):
        folded = stories.fold(batch, (), now=START + timedelta(hours=10), alert_window=timedelta(hours=72))
        told = [model.name for one in folded.announcements for model in one.models]
        assert sorted(told) == ["Gemma", "Lumiere", "Sora"]
        assert all(one.silent is None for one in folded.announcements)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("바닷가에서 소라게 잡는 법 공개", "아이들과 소라게를 찾아 나서 보자."),
        ("배우 소라, 새 드라마 출연 소식 공개", "드라마 주연을 맡은 소라가 인사를 전했다."),
        ("새 드라마 공개 앞두고 출연진 발표", ""),
        ("Gemini exchange launches new staking product", "The crypto exchange Gemini announced staking for its customers."),
        ("제미니 거래소, 새 서비스 출시", ""),
        ("Tesla launches updated Model 3", "Tesla unveiled a new Model 3."),
        ("테슬라, 신형 모델 3 공개", ""),
    ],
)
def test_what_only_sounds_alike_stays_silent(title: str, summary: str) -> None:
    _, _, detection = judged(title, summary)
    assert not detection.announcement
    assert detection.models == ()
    assert stories.keys(detection) == frozenset()
