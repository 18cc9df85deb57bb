"""How a title is worded, as evidence: what was learned speaks of the words, never of the names, and can be turned off."""

from __future__ import annotations

import pytest
from headlines import RULES, judge
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.detect import detect
from aiwatch.model import Detection, Evidence, Item, Source, Tier
from aiwatch.rules import wording
from aiwatch.rules.wording import MASKS, Wording, plain, stretches
from benches import bench

BENCH = bench("wording")

LAUNCHES = [
    "Brightloom launches Tern-3, an open language model",
    "Introducing Tern-3: our most capable model yet",
    "새벽소프트, 한국어 언어모델 '큐브-3' 공개",
    "某公司发布开源大模型 Tern-3",
    "架空電機、日本語に強い言語モデル「Tern-3」を公開",
]
OTHERS = [
    "How to get more out of GPT-5 at work",
    "I tested GPT-5 for a week, and it surprised me",
    "GPT-5 활용법, 무엇이 달라졌나",
    "某银行用 GPT-5 改造客服,成本下降三成",
    "GPT-5の使い方を徹底解説",
]


def spoken(detection: Detection) -> Evidence | None:
    return next((evidence for evidence in detection.evidence if evidence.rule == "wording"), None)


@pytest.mark.parametrize("title", LAUNCHES)
def test_the_wording_of_a_launch_speaks_for_it(title: str) -> None:
    told = spoken(judge(title))
    assert told is not None
    assert told.weight > 0
    assert "as announcements are" in told.why


@pytest.mark.parametrize("title", OTHERS)
def test_the_wording_of_anything_else_speaks_against_it(title: str) -> None:
    told = spoken(judge(title))
    assert told is not None
    assert told.weight < 0
    assert "announces nothing" in told.why


@pytest.mark.parametrize("name", ["GPT-6", "Claude Opus 7", "Llama 9 Scout"])
def test_whose_model_it_is_makes_no_difference(name: str) -> None:
    first, second = (spoken(judge(f"OpenAI unveils {one} for developers")) for one in ("Gemini 8", name))
    assert first is not None
    assert second is not None
    assert first.weight == second.weight


def test_it_can_be_turned_off_and_is_part_of_what_the_rules_are() -> None:
    assert spoken(judge(LAUNCHES[0], overlay="[weights]\nwording = 0\n")) is None
    assert RULES.with_wording(None).digest != RULES.digest
    assert RULES.with_wording(RULES.wording).digest == RULES.digest


def test_a_frame_that_says_the_launch_takes_most_of_the_doubt_away() -> None:
    doubtful = Wording(weights={}, bias=-4.0, titles=1)
    item = Item(id="i", source_id="source", key="i", url=None, title="OpenAI launches GPT-6", summary="")
    plainly = detect(item, Source(id="source", url="", tier=Tier.PRESS), RULES.with_wording(doubtful))
    hardly = detect(
        Item(id="i", source_id="source", key="i", url=None, title="GPT-6 at school", summary=""),
        Source(id="source", url="", tier=Tier.PRESS),
        RULES.with_wording(doubtful),
    )
    framed, bare = spoken(plainly), spoken(hardly)
    assert framed is not None
    assert bare is not None
    assert bare.weight < framed.weight < 0


def test_so_does_a_lead_that_launches_the_model_that_the_title_names() -> None:
    title = "OpenAI fires back at rivals with GPT-9 after 'code red' memo"
    led, talked = judge(title, "OpenAI launched GPT-9 on Thursday."), judge(title, "OpenAI's boss spoke of GPT-9 on Thursday.")
    doubt, more = spoken(led), spoken(talked)
    assert doubt is not None
    assert more is not None
    assert more.weight < doubt.weight < 0
    assert (led.announcement, talked.announcement) == (True, False)


TEXTS = st.text(alphabet=st.sampled_from([*MASKS, *"ab 0'가发を:^${}\t␣"]), max_size=24)


@given(weights=st.dictionaries(TEXTS.map(lambda text: plain(text)[:6]), st.floats(-3, 3).map(lambda w: round(w, 3)), max_size=8))
def test_what_is_written_is_read(weights: dict[str, float]) -> None:
    told = Wording(weights=weights, bias=-0.5, titles=7)
    assert wording.read(wording.written(told)) == told


@settings(deadline=None)
@given(text=TEXTS)
def test_the_telling_part_lies_within_the_title(text: str) -> None:
    assert RULES.wording is not None
    _, (start, end) = RULES.wording.read(text)
    assert 0 <= start <= end <= len(text)
    assert start < end or not text


def test_a_line_that_is_no_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="no tab"):
        wording.read("titles\t1\nbias\t0\nhello\n")


def test_the_words_that_part_launches_from_the_rest_are_learned() -> None:
    model, noun = MASKS[0], MASKS[-1]
    launches = [BENCH.Example(plain(f"maker {n} unveils {model}, a {noun}"), announced=True, weight=1.0) for n in "abcdefghijkl"]
    lessons = [BENCH.Example(plain(f"lesson {n}: what {model} cannot do"), announced=False, weight=1.0) for n in "abcdefghijkl"]
    weather = [BENCH.Example(plain(f"rain unveils spring in town {n}"), announced=False, weight=1.0) for n in "abcdefghijkl"]
    told = BENCH.learned([*launches, *lessons, *weather] * 4)
    assert told.read(f"other unveils {model}, a {noun}")[0] > told.read(f"other lesson: what {model} cannot do")[0]
    against = {stretch for row in weather for stretch in stretches(row.text)}
    assert not [stretch for stretch in against if told.weights.get(stretch, 0) > 0]


@pytest.mark.parametrize(
    "title",
    [
        "Nordlys releases Zephyros 2, a reasoning model for engineers",
        "벤토르, 전기차 신형 모델 '제피로스 2' 출시",
        "Acme says its new model forecasts floods a week ahead",
    ],
)
def test_the_words_that_tell_most_are_shown_whole(title: str) -> None:
    (one,) = (one for one in judge(title).evidence if one.rule == "wording")
    before, after = title[: one.start][-1:], title[one.end :][:1]
    assert not (before.isalnum() and one.matched[:1].isalnum()), one
    assert not (after.isalnum() and one.matched[-1:].isalnum()), one
    assert one.matched == one.matched.strip()
