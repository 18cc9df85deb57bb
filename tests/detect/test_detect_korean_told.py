"""Korean reports whose title and lead tell different things: how a known model behaves, what was developed, what is yet to come."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Stage

LAUNCHED = "오픈AI가 지난 5월 공개한 언어모델 GPT-9가 "


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("GPT-9, 초등 산수도 오답 속출", f"{LAUNCHED}초등학교 산수 문제에서 오답을 쏟아내고 있다."),
        ("소라 9가 그린 독립운동 영상 화제", "오픈AI에서 정식 출시한 동영상 생성 AI 소라 9를 이용해 만든 영상이 화제다."),
        ("딥시크 인공지능, 폐암 판독 의사 앞섰다", "딥시크에서 개발한 거대 언어 모델 딥시크 V9가 의사보다 판독을 잘한다."),
        ("영상 생성 AI 비오 9, 내년 일반인 이용 가능", "구글이 5월 공개한 영상 생성 AI 비오 9를 일반인은 내년부터 쓴다."),
        ("큐원 파생 모델 20만 개 + 새 정책 공개", "알리바바가 공개한 언어 모델 큐원을 이용해 만든 파생 모델이 20만 개를 넘었다."),
    ],
)
def test_a_lead_that_says_which_model_is_meant_launches_none(title: str, summary: str) -> None:
    found = judge(title, summary)
    assert not found.announcement, found.score


def test_the_clause_that_no_title_bears_out_is_told_as_what_nearly_counted() -> None:
    summary = "구글이 개발한 로봇 모델 제미나이 9는 표정을 읽는다."
    silent, launched = judge("표정까지 읽는 로봇", summary), judge("표정까지 읽는 로봇, 출시 첫날", summary)
    why = {e.rule: e.why for e in silent.near}["ko.lead-verb-object"]
    assert why.endswith("but title and lead do not both tell of a launch")
    assert "ko.lead-verb-object" not in {e.rule for e in silent.evidence}
    assert "ko.lead-verb-object" in {e.rule for e in launched.evidence}


@pytest.mark.parametrize(
    ("title", "summary", "announced"),
    [
        ("가람대병원, 흉부 판독 특화 언어모델 개발", "가람대병원이 흉부 판독에 특화된 언어 모델을 개발했다고 2일 밝혔다.", True),
        ("SK텔레콤, 7개 언어 지원 음성 모델 독자 개발", "SK텔레콤이 7개 언어를 지원하는 음성 모델을 선보였다.", True),
        ("SK텔레콤, 7개 언어 지원 음성 모델 독자 개발", "SK텔레콤이 7개 언어를 지원하는 음성 모델을 내년까지 만든다.", False),
        ("SK텔레콤, 7개 언어 지원 음성 모델 독자 개발", "", False),
    ],
)
def test_a_model_without_a_name_is_developed_once_the_lead_says_so(title: str, summary: str, announced: bool) -> None:
    found = judge(title, summary)
    assert found.announcement is announced, found.score


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "제미나이 9 모델의 환각 문제",
            "구글의 최신 모델 제미나이 9에 대해 불만이 커지고 있다. 제미나이 9는 아직 무료로 출시되지 않았다.",
        ),
        ("구글 신규 모델, 환각 현상 심각", "최근 구글에서 출시한 추론형 모델 제미나이 9에서 환각이 자주 나온다."),
        ("클로드 9, 은행 방화벽 30초 만에 뚫었다", "보안업체가 앤트로픽의 AI 모델 클로드 9로 은행 방화벽을 시험했다."),
        ('xAI 그록, "사람이 싫다" 발언', "xAI는 언어모델 그록을 개발하면서 막말을 막는 규칙을 넣었다."),
        (
            "네이버 '하이퍼클로바X 9', 라마 대비 편향 적다",
            "네이버의 언어 모델 하이퍼클로바X 9를 다른 모델과 비교했을 때 가장 편향이 적은 것으로 나타났다.",
        ),
        ("오픈AI 'GPT-9' 공개하자 번역업계 주가 급락", ""),
    ],
)
def test_how_a_model_that_is_out_behaves_is_no_launch(title: str, summary: str) -> None:
    found = judge(title, summary)
    assert not found.announcement, found.score


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("오픈AI, 환각 현상 절반으로 줄인 'GPT-9' 공개", "GPT-9"),
        ("앤트로픽, 보안망 뚫는 공격 막는 '클로드 9' 출시", "Claude 9"),
        ("구글 제미나이 9 공개하자 오픈AI, GPT-9 맞불 출시", "GPT-9"),
    ],
)
def test_a_launch_stays_one_that_speaks_of_faults_or_answers_a_rival(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("앤트로픽, 클로드 9 공개 및 클로드 코드에 적용", "Claude 9"),
        ("오픈AI, 심사 끝에 GPT-9 출시 및 '챗GPT 워크' 발표", "GPT-9"),
        ("계약서 읽고 분석…카카오, 카나나 9 공개", "Kanana 9"),
        ("제미나이 앱, 더 빨라진다…구글, 제미나이 9 공개", "Gemini 9"),
    ],
)
def test_a_whole_launch_in_one_part_of_a_title_outweighs_the_product_in_another(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize("title", ["구글, 제미나이 9 API 공개 및 애저 클라우드 탑재", "GPT-9 써보니…오픈AI, GPT-9 요금제 공개"])
def test_a_product_is_none_beside_what_is_no_whole_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "올트먼, 오픈AI 일부 언어모델 오픈소스로 공개",
        "업스테이지, 독자 AI 모델 2차 공개…3000억 매개변수",
        "MS, 자체모델 2종 공개…오픈AI 의존 낮춘다",
        "제미나이 반격 나선 오픈AI… 두 달 만에 새 모델 공개",
    ],
)
def test_a_launch_is_heard_that_counts_its_models_or_names_its_maker_before_a_break(title: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert found.models == ()


@pytest.mark.parametrize("title", ["정부, 독자 AI 모델 2차 평가 결과 공개", "오픈AI 추격하는 구글… 새 모델 공개 임박"])
def test_a_second_round_of_something_else_or_a_model_to_come_is_no_such_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "LG유플러스, 조선업 특화 모델 개발",
            "LG유플러스가 조선업에 특화된 모델 을 개발할 예정이라고 밝혔다. 언어모델 엑사원 (EXAONE) 기반 개발이다.",
        ),
        ("xAI, 3주 이내 코딩 특화 모델 '그록 9' 출시", "xAI가 3주 이내로 그록 9를 출시 할 예정이라고 한다."),
        ("삼성, 두 달 내 온디바이스 모델 '가우스 9' 공개", ""),
        (
            "텐센트, 차세대 AI 모델은 오픈소스로",
            "텐센트가 차세대 모델 훈위안 9를 개방한다. 훈위안 9 시리즈를 몇 주 내로 출시하며 코드도 연다.",
        ),
        ("앤트로픽, 한국어 특화 LLM 개발하나", ""),
        ("구글 차세대 모델 개발 보류, 이유는 '생물 위험'", "구글이 차세대 모델의 개발을 보류한다고 밝혔다."),
        ("현대차, 엔비디아 코스모스 기반 '주행 예측 모델' 개발한다", ""),
        ("국방 언어모델, 네이버·LG 손잡고 개발 유력", ""),
        ("메타, 새 언어모델은 폐쇄형", "메타가 폐쇄형 언어모델 개발을 추진 중이다."),
        ("아레나 휩쓴 '종이학', 정체는 제미나이 9?", ""),
    ],
)
def test_what_will_be_made_or_may_come_is_a_rumour(title: str, summary: str) -> None:
    found = judge(title, summary)
    assert not found.announcement, found.score
    assert found.stage is Stage.RUMORED


@pytest.mark.parametrize(
    "title", ["카카오 AI 서비스 '카나나' 비공개 베타 테스트 시작", "삼성전자 'HBM9 12단', 브로드컴 공급사 유력"]
)
def test_a_service_under_test_and_a_supplier_to_be_are_no_rumours_of_a_model(title: str) -> None:
    assert judge(title).stage is Stage.NONE


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("아레나 1위 AI 모델 '두루미', 정체는 텐센트 '훈위안 9'", "Hunyuan 9"),
        ("알리바바, 3개월 만에 '큐원 9' 공개", "Qwen 9"),
        ("감독도 놀란 미국 영상 AI…구글 '비오 9' 충격", "Veo 9"),
        ("문샷, 30일 내내 생각하는 모델 '키미 K9' 공개", "Kimi K9"),
        ("LG, 개발 중단 딛고 언어모델 '엑사원 9' 공개", "EXAONE 9"),
    ],
)
def test_a_model_unmasked_or_out_is_no_rumour(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    ("title", "summary", "names"),
    [
        ("텐센트 신규 LLM 공개, 메타 라마 9 성능 넘어", "텐센트가 새 언어모델 훈위안 9를 공개했다.", ["Hunyuan 9"]),
        (
            "바이두, 클로드/라마 넘는 AI 모델 발표",
            "바이두가 라마 9는 물론 GPT-9마저 뛰어넘는 AI 모델인 어니 9를 발표했다.",
            ["ERNIE 9"],
        ),
        (
            "네이버, 듣고 보는 옴니모달 모델 공개",
            "네이버가 듣고 보는 AI 모델 인 하이퍼클로바 X 시드 8B 옴니 를 공개했다.",
            ["HyperCLOVA X SEED 8B Omni"],
        ),
        (
            "카카오, '카나나' 모델 오픈소스 공개",
            "카카오가 '카나나' 중 '카나나 나노 2.1B'를 오픈소스로 공개했다.",
            ["Kanana Nano 2.1B"],
        ),
        (
            "딥시크 'V5' 프리뷰 공개",
            "딥시크가 V5를 공개했다. Flash, Pro 2가지 버전이다.",
            ["DeepSeek V5 Flash", "DeepSeek V5 Pro"],
        ),
    ],
)
def test_the_new_model_is_named_and_not_what_it_beats(title: str, summary: str, names: list[str]) -> None:
    found = judge(title, summary)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    ("when", "announced"),
    [("이날", True), ("20일(현지시간)", True), ("지난 5월", False), ("5월 20일", False), ("올해", False)],
)
def test_what_a_lead_calls_revealed_on_the_day_is_launched_however_the_title_puts_it(when: str, announced: bool) -> None:
    found = judge('구글 제미나이 9 "한 시간 영상도 한번에"', f"구글이 {when} 공개한 제미나이 9는 한 시간 영상을 한번에 이해한다.")
    assert found.announcement is announced, found.score


@pytest.mark.parametrize(
    ("title", "what"),
    [("네이버, 소상공인 대출 심사 모델 개발", "신용평가 모델"), ("LG에너지솔루션, 신형 배터리 모델 개발", "신형 배터리 모델")],
)
def test_a_model_that_nothing_says_is_of_ai_is_developed_unheard(title: str, what: str) -> None:
    assert not judge(title, f"이 회사는 {what}을 개발했다고 밝혔다.").announcement
