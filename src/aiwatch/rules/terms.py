"""The spellings that are looked for in a text, and what each stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from aiwatch.rules.values import Data
from aiwatch.text import has_hangul, lowered

_NUMBERED = re.compile(r"(.*?[^\W\d_].*?)[ -]?\d+(?:\.\d+)*")
_HYPHEN = re.compile(r"-(?=\d)")  # outlets write Gen-3 and Gen 3


class TermKind(StrEnum):
    """What a spelling stands for; its ``key`` is what is named behind it."""

    VENDOR = "vendor"  # vendor
    SHORT = "short"  # vendor: a spelling that is another word as well
    FAMILY = "family"  # family
    VERSIONED = "versioned"  # family: a name that has its version in it
    LATER = "later"  # family: what its next version will share with a listed one
    PRODUCT = "product"
    NOUN = "noun"  # a word for a model
    MODALITY = "modality"  # modality: a word for a kind of model
    HOMONYM = "homonym"  # family: what shows that its name means something else
    IGNORED = "ignored"
    HEARD = "heard"  # folded name: what an earlier item announced; found beside the lexicon's


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling in the automaton."""

    kind: TermKind
    key: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found as a word of its own: offsets in the folded text."""

    start: int
    end: int
    term: Term

    @property
    def names_maker(self) -> bool:
        """Whether it names a vendor, by a full spelling or a short one."""
        return self.term.kind in {TermKind.VENDOR, TermKind.SHORT}


def spelled(data: Data) -> dict[str, list[Term]]:
    """Every folded spelling with the terms that it is one of."""
    table: dict[str, list[Term]] = {}

    def add(kind: TermKind, key: str, names: Iterable[str]) -> None:
        for name in names:
            low = lowered(name)
            entry = Term(kind, key)
            if entry not in table.setdefault(low, []):
                table[low].append(entry)

    for vendor in data.vendors.values():
        add(TermKind.VENDOR, vendor.name, vendor.names)
        add(TermKind.SHORT, vendor.name, vendor.short)
    for family in data.families.values():
        add(TermKind.FAMILY, family.key, [form for name in family.names for form in (name, _HYPHEN.sub(" ", name))])
        add(TermKind.FAMILY, family.key, [form for name in family.names for form in _grown(name, family.prefix)])
        add(TermKind.VERSIONED, family.key, family.versioned)
    listed = {lowered(name) for family in data.families.values() for name in (*family.names, *family.versioned)}
    for family in data.families.values():
        add(TermKind.LATER, family.key, {stem for name in family.names if (stem := _stem(name)) and lowered(stem) not in listed})
    words = data.words
    add(TermKind.PRODUCT, "", words.products)
    add(TermKind.NOUN, "", [form for name in words.nouns for form in (name, *_closed_up(name))])
    add(TermKind.IGNORED, "", words.ignored)
    for kind, names in words.modalities.items():
        add(TermKind.MODALITY, kind, names)
    for family_key, names in words.homonyms.items():
        add(TermKind.HOMONYM, family_key, names)
    return table


def _grown(name: str, prefix: str | None) -> list[str]:
    """A Latin name without its blanks: as Chinese outlets write it (``MuseSpark``, ``ClaudeOpus``), and repositories (``Laguna-S``)."""
    whole = f"{prefix} {name}" if prefix else name
    if not whole.isascii() or " " not in whole:
        return []
    return [whole.replace(" ", ""), *([] if prefix else [whole.replace(" ", "-")])]


def _closed_up(noun: str) -> list[str]:
    """A Korean word for model as outlets write it too: without its blanks, or without the one before 모델 and its like."""
    if " " not in noun or not has_hangul(noun):
        return []
    return [noun.replace(" ", ""), "".join(noun.rsplit(" ", 1))]


def _stem(name: str) -> str | None:
    """What a later version shares with a listed one: ``Recraft V`` of ``Recraft V4``; None where a name ends in no number."""
    match = _NUMBERED.fullmatch(name)
    return match[1] if match and len(match[1]) > 1 and match[1].casefold() not in {"llm", "gpt"} else None
