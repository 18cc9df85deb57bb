"""Why something was nearly an announcement: what detection says in English, a Korean digest says in Korean."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from digest_samples import edition, recipient, subscription

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.digest import payload
from aiwatch.digest.catalogue import catalogue
from aiwatch.digest.nearly import why
from aiwatch.digest.render import render
from aiwatch.model import Edition, Evidence, Item, NearMiss, Source, Watch

RULES = rules.load()
SAID = (
    ("Getting more out of GPT-4: seven habits", "모델 이름은 있지만 그 모델을 발표한다는 표현이 없음"),
    (
        "Fleetline debuts a Dispatch Agent API with GPT-4 support",
        (
            "“with GPT-4”: 이름이 나오지만 발표되는 모델은 아님; "
            "“debuts a Dispatch Agent API with GPT-4”: 이 글이 다루는 모델에 관한 표현이 아님"
        ),
    ),
    ("GPT-4 pricing and plans", "“GPT-4 pricing”: 이름이 나오지만 발표되는 모델은 아님"),
    ("The Sonnet he wrote", "“Sonnet”: 다른 뜻도 있는 말인데, 개발사(Anthropic) 언급도 개발사의 출처도 없음"),
    (
        "쌍둥이자리 제미니 운세 공개",
        "“제미니”: 다른 뜻도 있는 말인데, 개발사(Google) 언급도 개발사의 출처도 없이 다른 뜻으로 쓰임",
    ),
    ("Grok it: how to learn", "“Grok”: 다른 뜻도 있는 말인데, 개발사(xAI) 언급도, 개발사의 출처도, AI 모델을 가리키는 말도 없음"),
)


def nearly(title: str) -> Edition:
    """An edition that tells nothing, with that headline just below its bar."""
    judged = detect(Item(id="i", source_id="s", key="i", url=None, title=title), Source(id="s", url=""), RULES)
    assert judged.near, "the engine gave no reason"
    miss = NearMiss(item_id="i", title=title, url=None, source_name="A paper", score=2, threshold=3, near=judged.lacking)
    return replace(edition(entries=()), near=(miss,), watch=Watch(sources=1, watched=1))


def told(title: str, lang: str) -> str:
    """The text of the mail in one line, without the headline itself."""
    (message,) = render(nearly(title), subscription(lang=lang), recipient(), {})
    return " ".join(str(message.body["text"]).split()).replace(title, "")


@pytest.mark.parametrize(("title", "korean"), SAID)
def test_a_korean_digest_says_in_korean_what_was_lacking(title: str, korean: str) -> None:
    assert f"A paper: 점수 2, 기준 3; {korean} -- 출처" in told(title, "ko")


@pytest.mark.parametrize("title", [title for title, _ in SAID])
def test_an_english_digest_and_a_webhook_say_it_in_english(title: str) -> None:
    said = told(title, "en")
    begins = "a model is named|an announcing verb|a model named for|the model's name"
    assert re.search(f"A paper: score 2 of 3 needed; ({begins}|“)", said)
    assert not re.search("[가-힣]", said.replace("제미니", ""))
    (miss,) = payload.payload(nearly(title), subscription(lang="ko"), recipient())["near_misses"]
    assert miss["lacking"].startswith((*begins.split("|"), "'"))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_near_miss_gives_as_many_reasons_as_a_glance_takes_in_and_each_of_them_whole(lang: str) -> None:
    miss = nearly(SAID[1][0]).near[0]
    long = replace(miss.near[0], why="because of this and that, " * 8 + "to the end")
    three = replace(
        nearly(miss.title), near=(replace(miss, near=(long, replace(long, matched="2"), replace(long, matched="3"))),)
    )
    (message,) = render(three, subscription(lang=lang), recipient(), {})
    assert [" ".join(str(message.body["text"]).split()).count(end) for end in ("this and that, to the end", "…")] == [1, 0]


def test_a_reason_that_no_digest_knows_stays_as_it_was_kept() -> None:
    (miss,) = edition(entries=()).near[2:]
    assert [one.why for one in miss.near] == ["새 모델 이름"]
    (message,) = render(edition(entries=()), subscription(lang="en"), recipient(), {})
    assert "score 1.6 of 2.5 needed; 새 모델 이름" in str(message.body["text"])


def test_what_nothing_nearly_made_an_announcement_is_told_with_what_speaks_against_it() -> None:
    item = Item(id="i", source_id="s", key="i", url=None, title="[주간 정리] 소라, 제미나이 1.5, V-JEPA…하루에 쏟아진 AI 모델")
    judged = detect(item, Source(id="s", url=""), RULES)
    assert not judged.lacking
    assert judged.held_back[0].rule == "not.roundup"
    miss = NearMiss(item_id="i", title="t", url=None, source_name="A paper", score=2, threshold=3, near=judged.held_back)
    for lang, near, said in (
        ("ko", miss, "점수 2, 기준 3; “[주간 정리]”: 한 제목에 여러 소식을 모았다"),
        ("en", miss, "several topics under one title (“[주간 정리]”), which speaks against it"),
        ("ko", replace(miss, near=()), "점수 2, 기준 3; 발표로 볼 근거가 모자람"),
    ):
        told = replace(edition(entries=()), near=(near,), watch=Watch(sources=1, watched=1))
        (message,) = render(told, subscription(lang=lang), recipient(), {})
        assert said in " ".join(str(message.body["text"]).split())


def test_a_reason_that_a_persons_own_rules_give_a_shipped_rule_stays_in_their_words() -> None:
    words = catalogue("ko", "UTC")
    shipped = Evidence(rule="not.question", field="title", start=0, end=1, matched="?", weight=-1, why="the title asks")
    assert why(shipped, words) == "제목이 묻는 말이다"
    assert why(replace(shipped, why="우리는 질문을 싣지 않는다"), words) == "우리는 질문을 싣지 않는다"
    assert why(shipped, words, {"not.question": "질문이다"}) == "질문이다"
