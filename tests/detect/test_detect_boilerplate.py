"""What outlets, feeds and posts put around a title changes no verdict, and every span still says what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from headlines import RULES, judge

from aiwatch.detect.boilerplate import untrimmed
from aiwatch.model import Tier
from aiwatch.text import fold

OWN = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "bench" / "data" / "headlines.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(
    "around",
    [
        "BREAKING: {}",
        "Exclusive: {}",
        "ICYMI: {} #AI #LLM",
        "RT @somebody: 🚀 {} https://t.example/Ab1",
        "{} 🔥🔥",
        "{} (2026)",
        "{} [pdf]",
        "{} (via @someone)",
        "{} | A paper",
        "{} - A paper",
        "[2/15] {}",
        "3. {}",
        "【速報】{}",
        "{} < AI < 기사본문 - 누리신문",
        "{} - 전자신문",
        "{}_IT之家",
        "{} | Example News",
        "{} - The Example Times",
        "[Video] {}",
        "[Live] {}",
        "UPDATE 2-{}",
        "Watch | {}",
        "AI News: {}",
        "Nov 30, 2026 - {}",
        "14:05 {}",
        "{} (Reuters)",
        "{} (November 30, 2026)",
        "{} - by Jane Doe",
        "In a first, {}",
        "On its birthday, {}",
        "With rivals circling, {}",
        "Just out: {}",
        "Reuters: {}",
        "The Verge | {}",
        "(Adds details) {}",
        "As rivals close in, {}",
        "Ahead of its IPO, {}",
        "Weeks after Grok 7's launch, {}",
        "IT之家 11 月 30 日消息，{}",
        "最新消息：{}",
        "独家|{}",
        "{}（附下载）",
        "{} 【解説付き】",
        "速報：{}",
        "  {}  ",
        "[속보] {}",
        "[단독]{}",
        "(종합2보) {}",
        "【속보】{}",
        "<속보> {}",
        "[홍길동 기자] {}",
        "홍길동 기자 = {}",
        "[AI 소식] {}",
        "[AI타임스] {}",
        "{}〈종합〉",
        "{} [종합]",
        "{} <AI타임스>",
        "{} | 한경",
        "{} - 디일렉",
    ],
)
def test_what_is_put_around_a_title_changes_no_verdict(around: str) -> None:
    changed = []
    for row in OWN:
        plain, dressed = judge(row["title"]), judge(around.format(row["title"]))
        if (plain.score, plain.stage, plain.models) != (dressed.score, dressed.stage, dressed.models):
            changed.append((row["title"], plain.score, dressed.score))
    assert changed == []


@pytest.mark.parametrize(
    "title",
    [
        "Marble 2: worlds with weather",  # no day of March
        "GPT-7 ships ahead of schedule, beats Claude Opus 9",
        "As OpenAI launches GPT-7, rivals cut prices",
        "Aimed at rivals, GPT-7 is here",
        "To use GPT-7, sign up first",
        "Midjourney V9, at last",
    ],
)
def test_what_a_title_says_is_no_trimming(title: str) -> None:
    assert untrimmed(fold(title), "A paper", RULES).norm == title


@pytest.mark.parametrize(
    "title",
    [
        "One year after launching GPT-7, OpenAI looks back",
        "Following GPT-7, OpenAI raises money",
        "Since releasing GPT-7, OpenAI has grown",
    ],
)
def test_what_an_opening_phrase_tells_of_is_not_launched(title: str) -> None:
    assert not judge(title).announcement


LABELS = [
    "The Daily Tensor: {}",
    "Morning Circuit | {}",
    "The Gradient Desk // {}",
    "[Lab notes] {}",
    "(Video essay) {}",
    "By Tomas Reyes: {}",
    "Well, that was fast: {}",
    "PRESS RELEASE: {}",
    "Finally! {}",
    "{} | Technology | Northern Courier",
    "{} – TechOrbit.io",
    "{} · 3 min read",
    "{} | by Priya Okafor | Jun, 2026 | Deep Stack",
    "{}. Here's what's new",
    "{} amid a lawsuit",
    "{}; shares rise 3%",
    "“{}”",
    "SAN FRANCISCO, Feb. 15 -- {}",
    "09:42 GMT: {}",
    "1/ {}",
    "Tech digest | {}",
]


@pytest.mark.parametrize("title", ["GPT-7 Pro", "Runway Gen-6 can finally do hands", "Gemini 5 Flash is now in preview"])
@pytest.mark.parametrize("around", LABELS)
def test_a_label_in_words_of_its_own_changes_no_verdict(around: str, title: str) -> None:
    plain, dressed = judge(title), judge(around.format(title))
    assert plain.announcement
    assert (dressed.announcement, dressed.models) == (True, plain.models)
    assert dressed.score == pytest.approx(plain.score, abs=0.4)  # words for release in a label count a little or not


@pytest.mark.parametrize(
    "title",
    [
        "Opinion: GPT-7 Pro",
        "Rumor: GPT-7 Pro",
        "Tested: Runway Gen-6 can finally do hands",
        "How we use it: GPT-7 Pro",
        "Tech digest: GPT-7 Pro, plus a robot that folds laundry",
        "Withdrawn: GPT-7 Pro",
        "Next week: GPT-7 Pro",
        "Pricing: OpenAI GPT-7 Pro",
        "Bug fix: GPT-7 Pro",
        "예정: GPT-7 Pro",
    ],
)
def test_a_label_that_says_something_is_heard(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize("title", ["New: GPT-7 Pro", "Launched: GPT-7 Pro", "신규 출시: GPT-7 Pro"])
def test_a_word_before_a_bare_name_that_says_the_launch_is_heard_too(title: str) -> None:
    assert judge(title).announcement


def test_a_korean_clause_without_a_name_falls_from_the_front() -> None:
    plain = judge("메타, 거대언어모델 '라마 7'")
    assert judge("“사람 말을 알아듣는다”…메타, 거대언어모델 '라마 7'").score == plain.score
    assert judge("[칼럼] 메타, 거대언어모델 '라마 7'").score < plain.score


@pytest.mark.parametrize("around", ["6월 12일자 뉴스 요약: {}", "6월 12일 AI 소식: {}", "2025.08.08(금) {}"])
def test_the_day_of_an_issue_is_no_day_of_a_launch(around: str) -> None:
    """A launch on a day that is to come is a rumour."""
    assert judge(around.format("오픈AI, GPT-7 공개")).announcement
    assert not judge("오픈AI, 6월 12일 GPT-7 출시").announcement


def test_what_a_clause_says_of_the_maker_stays() -> None:
    """The maker is read off the whole; without the clause the name before it was none."""
    found = judge("공시만 판다…퀀텀리서치랩 금융 sLLM '핀누리 2' 상용화")
    assert [(model.name, model.vendor) for model in found.models] == [("핀누리 2", "퀀텀리서치랩")]


def test_a_new_name_before_a_colon_is_no_label() -> None:
    found = judge("Tessera-2: a 7B language model with open weights")
    assert [model.name for model in found.models] == ["Tessera-2"]


def test_blanks_in_a_row_are_one() -> None:
    plain, spaced = judge("OpenAI launches GPT-7 Pro"), judge("OpenAI \n\t launches\u00a0 GPT-7   Pro")
    assert plain.announcement
    assert [(e.rule, e.weight) for e in spaced.evidence] == [(e.rule, e.weight) for e in plain.evidence]


def test_spans_lead_back_into_the_title_as_it_stands() -> None:
    title = "RT @somebody: BREAKING: 🚀 OpenAI  launches GPT-7 #AI"
    found = judge(title)
    assert found.announcement
    assert all(title[one.start : one.end] == one.matched for one in found.evidence)


@pytest.mark.parametrize("title", ["BREAKING: ", "🚀", "A paper", "| A paper", "https://t.example/Ab1", "#AI", ""])
def test_of_a_title_that_is_nothing_else_all_is_read(title: str) -> None:
    assert untrimmed(fold(title), "A paper", RULES).norm.strip() == fold(title).norm.strip()


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("GPT-7 | OpenAI", "A paper"),
        ("Kling 4 - Kuaishou's video model", "A paper"),
        ("Meet OpenAI", "OpenAI"),
        ("Gemini 4 (preview)", "A paper"),
    ],
)
def test_what_belongs_to_a_title_stays(title: str, outlet: str) -> None:
    assert untrimmed(fold(title), outlet, RULES).norm == title


def test_a_name_alone_on_its_makers_page_is_heard_with_the_pages_name_behind_it() -> None:
    assert judge("GPT-7 | A paper", tier=Tier.PRIMARY, vendor="OpenAI").announcement


def test_a_persons_rules_name_what_outlets_put_behind_their_titles() -> None:
    overlay = "[macros.outlet]\nany = ['kestrel 24/7']"
    title = "OpenAI goes open again with gpt-oss-2 - Kestrel 24/7"
    assert judge(title, overlay=overlay).score == judge("OpenAI goes open again with gpt-oss-2").score > judge(title).score
