"""Korean titles: names within particles and quotes, clauses that tell the launch, what another firm does with a model."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Stage


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("오픈AI, 'GPT-9' 공개…추론 두 배", "GPT-9"),
        ("구글이 제미나이 9 플래시를 출시했다", "Gemini 9 Flash"),
        ("업스테이지, 한국어 특화 '솔라 프로 9' 선보여", "Solar Pro 9"),
        ("로봇을 움직이는 시각언어행동 모델 '큐브-9'", "큐브-9"),
        ("알리바바, 코딩 모델 ‘큐원9-코더-넥스트’ 출시", "Qwen 9 Coder Next"),
        ("벤토르AI, ORN-R 32B 공개", "ORN-R 32B"),
        ("벤토르AI, 언어모델 테라K9 공개", "테라K9"),
        ("벤토르AI 'Oren-Thinking' 언어모델 오픈소스 공개 안내", "Oren-Thinking"),
        ("Show GN: Oren-3B - 한국어에 특화된 오픈 VLM", "Oren-3B"),
        ("\"수능 만점\" 추론 모델 나왔다…벤토르 '제피로스 70B'", "제피로스 70B"),
    ],
)
def test_the_model_is_named_in_its_own_spelling(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == [name]


def test_a_name_in_hangul_takes_the_spelling_in_brackets() -> None:
    found = judge("어느연구소, 언어모델 '바람결 2' 공개", "어느연구소가 언어모델 '바람결 2(Baramgyeol 2)'를 공개했다.")
    assert [model.name for model in found.models] == ["Baramgyeol 2"]


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("딥시크 V9, 다음 달 출시설 확산", Stage.RUMORED),
        ("오픈AI, 내달 GPT-9 출시 예정", Stage.RUMORED),
        ("MS, 오픈AI 없이 간다…GPT-9 올가을 목표로 개발", Stage.RUMORED),
        ("바이두, 내년 6월 '어니 9' 오픈소스 전환", Stage.RUMORED),
        ("구글 I/O 앞두고 떠도는 제미나이 9, 무엇이 담길까", Stage.RUMORED),
        ("오픈AI, 차세대 'GPT-9' 비공개 시연", Stage.RUMORED),
        ("LG '엑사원 9' 내년 초 베일 벗는다", Stage.RUMORED),
        ("메타, '라마 9' 가중치 공개", Stage.OPEN_WEIGHTS),
        ("오픈AI, GPT-9 서비스 종료", Stage.DEPRECATED),
    ],
)
def test_the_stage_is_what_the_title_says(title: str, stage: Stage) -> None:
    assert judge(title).stage is stage


def test_an_agent_that_bears_a_familys_name_is_no_model() -> None:
    assert not judge("메타, AI 코딩 에이전트 '뮤즈 코드' 공개...가격 경쟁력 앞세워").announcement
    assert judge("메타, 에이전트 모델 '뮤즈 스파크 9' 공개").announcement


@pytest.mark.parametrize(
    "title",
    [
        '구글, 과거 데이터로 예측하는 모델 공개…"한국·일본 등은 제외"',
        '트릴리온랩스, 국내 첫 확산 언어 모델 출시..."엔비디아 성능 앞서"',
        "리얼월드, '보고 느끼고 기억하는' 로봇 AI 모델 공개",
    ],
)
def test_what_somebody_says_in_quotes_is_no_name(title: str) -> None:
    assert judge(title).models == ()


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("더 빠르고, 더 가볍게: 제미나이 9 플래시를 만나보세요", ""),
        ("미르비전, 반도체 결함 검사용 비전 모델 3종 동시 출시", ""),
        ("카카오 '카나나-9' 아파치 라이선스로 푼다", ""),
        ("[AI픽] 한층 똑똑해진 GPT-9", "오픈AI가 업무 성능을 끌어올린 최신 모델을 12일(현지시간) 발표했다."),
        ('"장벽 없다" 새벽소프트, 첫 번역 전용 LLM 개방', "새벽소프트가 내놓은 'SB-MT 9B'는 42개 언어를 옮긴다."),
    ],
)
def test_what_describes_the_model_or_opens_the_title_does_not_hide_the_launch(title: str, summary: str) -> None:
    assert judge(title, summary).announcement


@pytest.mark.parametrize("what", ["전망", "과징금", "경진대회 개최", "준비 중"])
def test_a_title_that_says_no_launch_is_none_though_it_calls_the_name_a_model(what: str) -> None:
    found = judge(f"메타, 언어모델 '라마 9' {what}")
    assert "lacking.launch" in {evidence.rule for evidence in found.evidence}
    assert not found.announcement, found.score


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "큐원 맥스 시리즈 최신작, 오픈소스 대신 API로만",
            "알리바바는 '큐원 9 맥스'를 모델 스튜디오에서 제공한다고 19일 밝혔다.",
        ),
        ("폐쇄로 돌아선 메타…초지능팀 두 번째 모델 ‘뮤즈 프로’는 유료", ""),
    ],
)
def test_a_lead_that_says_it_or_a_model_that_is_called_new_is_a_launch(title: str, summary: str) -> None:
    assert judge(title, summary).announcement


@pytest.mark.parametrize(
    "title",
    [
        "구글, 새 AI 모델 '제미나이 9 프로' 전용 칩 공개",
        "오픈AI, 'GPT-9' 개발 비화 공개",
        "앤트로픽, '클로드 오퍼스 9' 교육 과정 출시",
        "솔빛테크, 언어모델 '누리 7B' 기반 챗봇 출시",
        "하나은행, 온새미AI '해온 14B' 기반 챗봇 출시",
    ],
)
def test_what_is_made_of_a_model_is_put_out_and_not_the_model(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize("title", ["오픈AI, 'GPT-9' 출시 및 앱 공개", "오픈AI, 'GPT-9'·전용 앱 공개", "오픈AI, 'GPT-9' API 공개"])
def test_what_is_put_out_beside_it_hides_no_model(title: str) -> None:
    assert [model.name for model in judge(title).models] == ["GPT-9"]


@pytest.mark.parametrize(
    "what",
    [
        "만든다",
        "개발한다",
        "출시?",
        "오늘 공개되나",
        "출시될까",
        "출시하겠다",
        "출시 취소",
        "출시 저울질",
        "출시 앞둬",
        "조만간 선봬",
    ],
)
def test_what_is_not_yet_done_is_a_rumour(what: str) -> None:
    found = judge(f"메타, 언어모델 '라마 9' {what}")
    assert (found.announcement, found.stage) == (False, Stage.RUMORED)


@pytest.mark.parametrize(
    "title", ["[루머] 오픈AI, 'GPT-9' 공개", "카카오가 언어모델 '카나나 9'를 개발하고 있다", "메타, '라마 9' 출시 1주년"]
)
def test_hearsay_work_under_way_and_a_birthday_are_no_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize("noun", ["멀티모달모델", "음성인식모델", "영상생성모델", "AI 새모델", "한국어 특화언어모델"])
def test_a_word_for_model_counts_without_its_blanks(noun: str) -> None:
    assert judge(f"하늘랩스, {noun} '바람결 2' 출시").announcement


@pytest.mark.parametrize("verb", ["나와", "내놓다", "글로벌 출시", "전 세계 공개"])
def test_these_say_a_launch_too(verb: str) -> None:
    assert judge(f"딥시크, 'GPT-9' {verb}").announcement
    assert judge(f"새벽소프트, 언어모델 '다온 2.0' {verb}…한국어 강화").announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("카카오, '카나나 9버전' 출시", "Kanana 9"),
        ("카카오가 '카나나 9 버전'을 출시했다", "Kanana 9"),
        ("벤토르, 언어모델 '제피로스 3버전' 공개", "제피로스 3"),
        ("벤토르, 거대언어모델 제피로스-32B를 선보였다", "제피로스-32B"),
    ],
)
def test_a_version_that_is_called_one_and_a_size_behind_a_hyphen_are_the_names(title: str, name: str) -> None:
    found = judge(title)
    assert (found.announcement, [model.name for model in found.models]) == (True, [name])


@pytest.mark.parametrize("what", ["오류 사과", "특허 출원", "과징금 철퇴", "경진대회 시상식"])
def test_faults_fines_patents_and_contests_are_no_launch_of_a_model_that_is_called_new(what: str) -> None:
    assert not judge(f"MS, 자체 AI 모델 'MAI-9' {what}").announcement
    assert judge("MS, 번역 오류 줄인 자체 AI 모델 'MAI-9' 공개").announcement


@pytest.mark.parametrize("between", ["…", " … ", " ... ", "⋯", " ⋯ ", "ㆍ", "·", "……"])
def test_what_parts_two_clauses_is_one_however_it_is_written(between: str) -> None:
    found = judge(f"앤트로픽, '클로드 오퍼스 9' 출시{between}사흘간 혼자 일하는 AI")
    assert found.announcement
    assert "ko.object-verb" in {evidence.rule for evidence in found.evidence}


def test_a_blank_before_a_comma_parts_nothing() -> None:
    assert judge("딥시크 V9-0528 , 소리 소문 없이 올라왔다").score == judge("딥시크 V9-0528, 소리 소문 없이 올라왔다").score


def test_whose_model_it_is_that_was_announced_tells_it_and_an_outlook_does_not() -> None:
    assert judge("'큐원 9' 발표한 알리바바").announcement
    assert not judge("샤오미, 차량·로봇 겸용 VLA '미모-임바디드 9' 전망").announcement


@pytest.mark.parametrize(
    ("title", "announced"),
    [
        ("\"국산 클로드 나온다\"…벤토르, 코딩 모델 '숲결' 공개", True),
        ('"클로드 9 나온다"…앤트로픽, 출시 예고', False),
        ('"클로드 9 곧 나온다"…앤트로픽, 클로드 9 공개 임박', False),
    ],
)
def test_a_slogan_is_no_rumour_of_what_is_launched_behind_it(title: str, announced: bool) -> None:
    assert judge(title).announcement is announced


def test_names_in_a_row_are_models_where_their_count_says_so() -> None:
    found = judge("벤토르 '하람 시드'·'하람 코어' 동시 출격…언어모델 2종")
    assert found.announcement
    assert [model.name for model in found.models] == ["하람 시드", "하람 코어"]


def test_a_lead_that_calls_a_numbered_name_a_model_gives_the_title_its_name() -> None:
    found = judge("벤토르랩, 하람 2.0 공개", "벤토르랩이 언어모델 하람 2.0을 공개했다.")
    assert found.announcement
    assert [(model.name, model.vendor) for model in found.models] == [("하람 2.0", "벤토르랩")]
    assert not judge("가상소프트, 상담 앱 출시", "가상소프트가 언어모델 하람 2.0을 활용한 상담 앱을 출시했다.").announcement


@pytest.mark.parametrize(
    "title",
    [
        "새벽청, 산불 확산 예측 AI 모델 선보여",
        "새벽과학연구소, 해양 특화 언어모델 첫 공개",
        "새벽은행, 금융 특화 소형언어모델(sLM) 자체 개발해 공개",
        "새벽대, 한의학 특화 언어모델 만들어 공개",
        "새벽해양기술원, 적조 예측 AI 모델 첫 공개",
    ],
)
def test_a_body_in_no_list_puts_out_a_model(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "새벽부, 스마트시티 AI 수출 모델 공개",
        "새벽위원회, 금융권 AI 모델 위험관리 가이드라인 공개",
        "새벽대, 언어모델 평가 데이터셋 공개",
        "새벽부, 전기차 보조금 대상 모델 공개",
        "새벽은행, AI 상담 서비스 선보여",
    ],
)
def test_what_a_body_shows_beside_a_model_is_no_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "told"),
    [("새벽바이오, 약물 반응 예측 AI 모델 공개", True), ("오픈AI 새 AI 모델 공개에 싸늘한 반응", False)],
)
def test_a_reaction_that_a_model_foretells_is_none_to_the_model(title: str, told: bool) -> None:
    assert judge(title).announcement is told


def test_an_amount_behind_words_in_quotes_is_no_name() -> None:
    found = judge("포티투닷, 자율주행용 월드모델 공개…“가상 주행 100만km”")
    assert found.announcement
    assert found.models == ()


@pytest.mark.parametrize(
    ("title", "stage"),
    [("오픈AI, 새 오픈웨이트 모델도 연기", Stage.RUMORED), ("오픈AI, 새 오픈웨이트 모델도 공개", Stage.OPEN_WEIGHTS)],
)
def test_a_new_model_that_is_late_too_is_a_rumour(title: str, stage: Stage) -> None:
    assert judge(title).stage is stage


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("어느엘리베이터, AI 승강기 '제피라 3.0' 출시", False),
        ("어느상사, 생성형 AI '제피라 3.0' 출시", True),
        ("어느상사, AI 음성 '제피라 3.0' 출시", True),
        ("어느전자, AI 고객센터 '제피라 3.0' 출시", False),
    ],
)
def test_ai_before_another_noun_is_said_of_that(title: str, *, told: bool) -> None:
    """What is called an AI lift or an AI call centre has AI in it; only of AI itself, or of what it makes, is the name a model's."""
    assert judge(title).announcement is told


@pytest.mark.parametrize("title", ["Quillon Software unveils Quillon AI 3.0", "Ferrous launches Forge AI 2.0"])
def test_the_letters_in_a_products_own_name_do_not_say_that_it_is_of_ai(title: str) -> None:
    assert "lacking.ai" in {one.rule for one in judge(title).evidence}


@pytest.mark.parametrize("title", ["오픈AI, GPT-9 를 공개", "오픈AI가 GPT-9 을 출시했다"])
def test_a_blank_between_a_name_and_its_particle_is_none(title: str) -> None:
    found = judge(title)
    assert found.announcement
    assert all(title[one.start : one.end] == one.matched for one in found.evidence if one.field == "title")


def test_latency_is_no_delay_of_the_model() -> None:
    assert judge("알리바바, 통역 지연 '2초'로 줄인 AI '큐원9' 공개").announcement
    assert judge("오픈AI, 안전 문제로 GPT-9 지연…내년 공개").stage is Stage.RUMORED


def test_a_lead_that_has_heard_of_a_model_in_the_making_is_a_rumour_where_the_title_launches_none() -> None:
    """The model has no name yet: the title is of its maker and of a model, and says no more than that it is developed."""
    lead = "삼성전자가 가전에 들어갈 자체 언어모델을 개발하고 있는 것으로 알려졌다."
    assert judge("삼성전자, 가전용 자체 AI 모델 개발", lead).stage is Stage.RUMORED
    assert judge("삼성전자, 가전용 자체 AI 모델 공개", lead).stage is not Stage.RUMORED
    assert judge("삼성전자, 새 가전 내놔", lead).stage is Stage.NONE


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("구글, 역대 최강 AI '제미나이' 공개", True),
        ("바이두, AI 챗봇 '어니봇' 공개", True),
        ("구글, AI 비서 '제미나이' 공개", False),
        ("구글, AI '제미나이' 앱 공개", False),
    ],
)
def test_a_line_is_a_model_where_its_maker_presents_it_as_its_ai(title: str, told: bool) -> None:
    assert judge(title).announcement is told
