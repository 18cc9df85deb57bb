"""A verdict on a name written into rules.toml: what was there stays, and the rules load."""

from __future__ import annotations

import pytest

from aiwatch import overlay, rules
from aiwatch.errors import RuleError
from aiwatch.model import Modality
from aiwatch.overlay import FamilyEntry

MINE = '# mine\n[families]\n# keep\n"Bar" = { vendor = "X", names = ["bar"] }  # because\n\n[ignored]\nnames = ["Zephyros"]\n'


def test_an_accepted_name_becomes_a_family_and_comments_stay() -> None:
    text = overlay.accept(MINE, FamilyEntry(name="Zephyros", vendor="Acme", spellings=("제피로스",), modality=Modality.VIDEO))
    assert all(part in text for part in ("# mine", "# keep", "# because"))
    loaded = rules.load(text)
    assert loaded.family("Zephyros").names == ("Zephyros", "제피로스")
    assert (loaded.family("Zephyros").vendor, loaded.family("Zephyros").modality) == ("Acme", Modality.VIDEO)
    assert loaded.data.words.ignored.count("Zephyros") == 0


def test_accepting_again_joins_spellings() -> None:
    once = overlay.accept("", FamilyEntry(name="Zephyros", vendor="Acme", spellings=("제피로스",)))
    twice = overlay.accept(once, FamilyEntry(name="Zephyros", vendor="Acme", spellings=("ゼフィロス", "제피로스")))
    assert rules.load(twice).family("Zephyros").names == ("Zephyros", "제피로스", "ゼフィロス")


def test_another_spelling_is_the_family_s_own_name_and_a_listed_family_keeps_what_it_has() -> None:
    ara = overlay.accept("", FamilyEntry(name="아라", vendor="Acme", spellings=("Ara", "아라")))
    assert rules.load(ara).family("아라").aliases == ("Ara",)
    qwen = rules.load().family("Qwen")
    entry = FamilyEntry(name="Qwen", vendor="Alibaba", spellings=("Qwenny",), listed=qwen)
    found = rules.load(overlay.accept("", entry)).family("Qwen")
    assert set(found.names) == {*qwen.names, "Qwenny"}
    assert found.aliases == (*qwen.aliases, "Qwenny")
    with pytest.raises(RuleError, match="family 'Orion': aliases is a list of words"):
        rules.load('[families]\nOrion = { vendor = "X", aliases = "Ara" }\n')


def test_of_a_listed_family_no_more_is_written_than_what_is_new() -> None:
    """A copy of all its spellings would stand before those that a later version ships."""
    sora = rules.load().family("Sora")
    assert overlay.accept(MINE, FamilyEntry(name="Sora", vendor="OpenAI", listed=sora)) == MINE
    assert overlay.accept("", FamilyEntry(name="Sora", vendor="OpenAI", listed=sora)) == ""
    text = overlay.accept("", FamilyEntry(name="Sora", vendor="OpenAI", modality=Modality.TEXT, listed=sora))
    assert text.splitlines()[-1] == 'Sora = {modality = "text"}'
    found = rules.load(text).family("Sora")
    assert (found.modality, found.names, found.vendor) == (Modality.TEXT, sora.names, "OpenAI")
    assert overlay.accept(text, FamilyEntry(name="Sora", vendor="OpenAI", listed=sora)) == text


def test_an_ignored_name_is_a_word_and_its_family_goes() -> None:
    text = overlay.ignore(overlay.accept("", FamilyEntry(name="Zephyros", vendor="Acme")), "Zephyros")
    loaded = rules.load(text)
    assert "Zephyros" in loaded.data.words.ignored
    assert "Zephyros" not in loaded.data.families
    assert overlay.ignore(text, "Zephyros") == text


def test_a_file_that_is_no_toml_names_itself() -> None:
    with pytest.raises(RuleError, match=r"mine\.toml: not TOML"):
        overlay.accept("[families", FamilyEntry(name="Zephyros", vendor="Acme"), "mine.toml")
