"""Outlets that write every word of a title large (Foo 3 Video Model Arrives) mean what others do: the capital is no name's."""

from __future__ import annotations

import pytest
from headlines import judge

SAME = [
    ("Acme launches Zephyros 3.0 video model as Hollywood watches", ["Zephyros 3.0"]),
    ("Runway's Gen-6 video model lets directors place cameras by hand", ["Gen-6"]),
    ("Resemble AI open-sources Chatterbox 2 text-to-speech model", ["Chatterbox 2"]),
    ("Songsmith AI drops Tempo 3 music model", ["Tempo 3"]),
    ("DeepSeek drops V5 overnight, with weights and a 90-page paper", ["DeepSeek V5"]),
    ("Acme unveils hybrid foundation model Zephyros 2", ["Zephyros 2"]),
    ("Acme unveils bilingual foundation model Zephyros 2", ["Zephyros 2"]),
    ("Acme unveils real-time speech model Zephyros 2", ["Zephyros 2"]),
    ("Zephyros 2 preview: a diffusion language model for everyone", ["Zephyros 2 Preview"]),
    ("Kling's 4.0 model enters public beta with ten-minute video", ["Kling 4.0"]),
]
SMALL = frozenset({"a", "an", "and", "as", "by", "for", "in", "on", "of", "the", "to", "with"})


def large(title: str) -> str:
    """Every word with a capital, but for the small ones."""
    words = title.split(" ")
    return " ".join(
        word if word in SMALL else "-".join(part[:1].upper() + part[1:] for part in word.split("-")) for word in words
    )


@pytest.mark.parametrize(("title", "names"), SAME)
def test_a_title_names_the_same_models_however_large_its_words_are_written(title: str, names: list[str]) -> None:
    found = {name.casefold() for name in names}
    for one in (title, large(title)):
        verdict = judge(one)
        assert verdict.announcement, one
        assert {model.name.casefold() for model in verdict.models} == found, one


@pytest.mark.parametrize(
    "title",
    ["Deprecation Notice: Claude Opus 4.1 and Sonnet 4", "Deprecation notice: Claude Opus 4.1 and Sonnet 4"],
)
def test_a_notice_in_large_words_retires_models_all_the_same(title: str) -> None:
    assert (judge(title).announcement, judge(title).stage) == (False, "deprecated")


@pytest.mark.parametrize("word", ["Yet", "Finally", "Second Closed", "Third-Generation", "Upgraded", "Drug-Binding", "On-Device"])
def test_what_describes_a_model_names_none(word: str) -> None:
    """As in "releases its biggest model yet", "details third-generation models"."""
    for title in (f"Acme Releases {word} Model for Phones", f"Acme Unveils Its {word} Language Model"):
        assert word not in {model.name for model in judge(title).models}


def test_a_phrase_for_a_title_gives_way_to_what_the_makers_lead_launches() -> None:
    verdict = judge(
        "Large Enough",
        "Today, we are announcing Zephyros Large 2, the new generation of our flagship language model.",
        vendor="Acme",
    )
    assert [model.name for model in verdict.models] == ["Zephyros Large 2"]
