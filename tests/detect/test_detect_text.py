"""Folding keeps the way back to what was written; words end where their script says."""

from __future__ import annotations

import pytest
from headlines import judge
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.text import bounded, first_line, fold


@given(st.text(max_size=60))
def test_every_folded_character_knows_where_it_came_from(raw: str) -> None:
    folded = fold(raw)
    assert len(folded.low) == len(folded.norm)
    for at in range(len(folded.norm)):
        start, end = folded.raw_span(at, at + 1)
        assert 0 <= start < end <= len(raw)
        assert fold(raw[start:end]).norm
    assert not folded.norm or fold(raw[slice(*folded.raw_span(0, len(folded.norm)))]).norm == folded.norm


def test_full_width_and_ligatures_fold_to_plain_letters() -> None:
    folded = fold("「ＧＰＴ－５」ﬁn")
    assert folded.norm == "「GPT-5」fin"
    assert folded.raw_span(1, 6) == (1, 6)
    assert folded.raw_span(7, 8) == (7, 8)  # half a ligature is the ligature


def test_what_a_site_escaped_a_quote_with_belongs_to_the_quote() -> None:
    folded = fold(r"공개 \'소라\'")
    assert folded.norm == "공개 '소라'"
    assert folded.raw_span(4, 6) == (5, 7)
    assert folded.raw_span(3, 4) == (3, 5)


def test_entities_that_were_escaped_once_too_often_are_what_they_say() -> None:
    folded = fold("공개 &#39;소라&#39; &amp; AT&T &nope;")
    assert folded.norm == "공개 '소라' & AT&T &nope;"
    assert folded.raw[slice(*folded.raw_span(4, 6))] == "소라"


def test_angles_in_korean_are_quotes_and_two_middle_dots_are_dots() -> None:
    assert fold("메타, <라마 5> 공개··3종").norm == "메타, 〈라마 5〉 공개..3종"
    assert fold("if a <b and c> d").norm == "if a <b and c> d"


@pytest.mark.parametrize(
    ("text", "name", "stands"),
    [
        ("GPT-5가 나왔다", "gpt-5", True),
        ("GPT-5를 공개", "gpt-5", True),
        ("오픈AI가 발표", "오픈ai", True),
        ("MyGPT-5", "gpt-5", False),
        ("소라를 공개", "소라", True),
        ("'소라' 공개", "소라", True),
        ("소라게 축제", "소라", False),
        ("강소라 복귀", "소라", False),
        ("드라마", "라마", False),
        ("라마4 공개", "라마", True),
        ("제미나이는", "제미나이", True),
        ("솔라나 급등", "솔라", False),
        ("ジェミニの新機能", "ジェミニ", True),
        ("オープンモデルを公開", "モデル", False),
        ("発布GPT-6模型", "gpt-6", True),
    ],
)
def test_the_script_decides_where_a_name_ends(text: str, name: str, stands: bool) -> None:
    low = fold(text).low
    at = low.index(name)
    assert bounded(low, at, at + len(name)) is stands


@pytest.mark.parametrize(
    "mark",
    [*"\u200e\u200d\u200b\ufeff\u034f\u2060\u061c\u00ad\ufe0f\U000e0067\0\x1b\x7f", "**", "\u200e\u2060"],
)
@pytest.mark.parametrize(
    "title",
    [
        "OpenAI launches {}GPT-6",
        "OpenAI launches GPT-6{}",
        "오픈AI, GPT-6{} 공개",
        "OpenAI launches GPT{}-6",
        "OpenAI launches GPT-{}6",
    ],
)
def test_what_nobody_sees_hides_no_name_and_stands_in_no_span(title: str, mark: str) -> None:
    found, plain = judge(title.format(mark)), judge(title.format(""))
    assert found.score == plain.score
    name = next(one for one in found.evidence if one.rule == "name.version")
    assert name.matched.strip(mark) == name.matched


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n OpenAI launches GPT-6 \nIt is fast.", "OpenAI launches GPT-6"),
        ("OpenAI launches " + "a very " * 30, "OpenAI launches " + "a very " * 17 + "a…"),
        ("OpenAI 发布大模型GPT-6" + "推理提升" * 40, ("OpenAI 发布大模型GPT-6" + "推理提升" * 40)[:140] + "…"),
        ("See https://example.org/" + "a" * 200, "See…"),
        ("a" * 200, "a" * 140 + "…"),
        ("  \n", ""),
    ],
)
def test_a_text_s_first_line_is_its_title_cut_at_a_word_where_there_are_words(text: str, title: str) -> None:
    """Of a Chinese post all was cut away behind its only blank: its title was the maker's name."""
    assert first_line(text) == title


@pytest.mark.parametrize("blank", ["\v", "\x1f", "\u2028", "\u2029", " \u2028", "\u3164"])
def test_a_break_of_lines_of_any_sort_parts_words_as_a_blank_does(blank: str) -> None:
    assert fold(f"OpenAI launches{blank}GPT-6").norm == "OpenAI launches GPT-6"
    assert judge(f"오픈AI,{blank}GPT-6 공개").score == judge("오픈AI, GPT-6 공개").score


@pytest.mark.parametrize("particle", ["에서도", "에게도", "조차도", "로부터", "마다", "들도", "에서만", "들에게는", "만이"])
def test_korean_particles_stack(particle: str) -> None:
    low = fold(f"제미나이{particle} 된다").low
    assert bounded(low, 0, len("제미나이"))


@pytest.mark.parametrize("word", ["소라게", "소라고둥", "라마다", "라마단", "소라색"])
def test_a_longer_word_is_no_name_with_a_particle(word: str) -> None:
    assert not bounded(word, 0, 2)
