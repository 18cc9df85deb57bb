"""A word for a kind of model parts stories, whether it ships or stands in a person's own ``rules.toml``."""

from __future__ import annotations

import json

import pytest

from aiwatch import batch, documents, rules
from aiwatch.jsonable import jsonable
from aiwatch.model import Judged, Model
from aiwatch.names.identity import Nearness, identity, nearness
from aiwatch.store import codec

FAMILY = """[families]
Quibble = { vendor = "Hypothetica", names = ["Quibble", "퀴블"] }
[vendors]
Hypothetica = { names = ["Hypothetica", "하이포"] }
"""
WORD = FAMILY + '[variants]\n"Glimpse" = ["글림프스"]\n'
KIND = WORD + '[variant_kinds]\nvideo = ["Glimpse"]\n'


def judged(overlay: str, *titles: str) -> list[Judged]:
    found = rules.load(overlay)
    lines = [
        json.dumps({"id": f"r{at}", "title": title, "source": f"outlet {at}", "published": f"2026-10-0{6 + at}"})
        for at, title in enumerate(titles)
    ]
    return list(batch.judged(documents.read(lines, "reports", found), found))


def stories(overlay: str, *titles: str) -> int:
    """How many stories reports of some days make, all of which are announcements."""
    reports = judged(overlay, *titles)
    assert all(one.announcement for _, _, one in reports), [(one.score, one.models) for _, _, one in reports]
    return len(set(batch.events(reports).values()))


@pytest.mark.parametrize(
    ("overlay", "word", "many"), [(FAMILY, "Coder", 2), (KIND, "Glimpse", 2), (KIND, "Pro", 1), (WORD, "Glimpse", 1)]
)
def test_a_kind_beside_the_version_is_a_model_of_its_own_and_any_other_word_a_member_of_the_launch(
    overlay: str, word: str, many: int
) -> None:
    assert stories(overlay, "Hypothetica launches Quibble 3", f"Hypothetica launches Quibble 3 {word}") == many


@pytest.mark.parametrize(("overlay", "word", "many"), [(FAMILY, "OCR", 1), (KIND, "Glimpse", 1), (WORD, "Glimpse", 2)])
def test_a_kind_stands_before_the_version_or_behind_it(overlay: str, word: str, many: int) -> None:
    assert stories(overlay, f"Hypothetica launches Quibble {word} 3", f"Hypothetica launches Quibble 3 {word}") == many


def test_a_kind_is_the_same_in_another_script() -> None:
    titles = "Hypothetica launches Quibble 3", "하이포, '퀴블 3 글림프스' 출시", "Hypothetica launches Quibble 3 Glimpse"
    assert stories(KIND, *titles) == 2


def test_a_name_in_no_list_has_kinds_of_ones_own_too() -> None:
    titles = "Brightloom launches Palaquin 3, a language model", "Brightloom launches Palaquin 3 Glimpse, a video model"
    assert [stories(overlay, *titles) for overlay in (KIND, WORD)] == [2, 1]


def test_the_store_keeps_which_words_are_kinds_and_nobody_else_is_told() -> None:
    (whole,), (kind,) = (
        one.models for _, _, one in judged(KIND, "Hypothetica launches Quibble 3", "Hypothetica launches Quibble 3 Glimpse")
    )
    kept = codec.load_models(codec.dump_models([whole, kind]))
    assert kept == (whole, kind)
    assert nearness(*map(identity, kept)) is Nearness.NONE
    assert jsonable(kind).keys() == jsonable(Model(name="x")).keys() == codec_keys(whole)


def codec_keys(model: Model) -> set[str]:
    """What stands in the database of a model that has none of them: what stood there before."""
    return set(json.loads(codec.dump_models([model]))[0])
