"""The spellings that are looked for in a text, and what each stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aiwatch.rules.values import Data
from aiwatch.text import fold, lowered

_NUMBERED = re.compile(r"(.*?[^\W\d_].*?)[ -]?\d+(?:\.\d+)*")
_HYPHEN = re.compile(r"-(?=\d)")  # outlets write Gen-3 and Gen 3


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling in the automaton. ``kind``: vendor, short, family, versioned, later, product, noun, modality, homonym, ignored.

    What an earlier item announced is found beside it, with the kind heard.
    """

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found as a word of its own: offsets in the folded text."""

    start: int
    end: int
    term: Term


def spelled(data: Data) -> dict[str, list[Term]]:
    """Every folded spelling with the terms that it is one of."""
    table: dict[str, list[Term]] = {}

    def add(kind: str, key: str, names: Iterable[str]) -> None:
        for name in names:
            low = fold(name).low
            entry = Term(kind, key)
            if entry not in table.setdefault(low, []):
                table[low].append(entry)

    for vendor in data.vendors.values():
        add("vendor", vendor.name, vendor.names)
        add("short", vendor.name, vendor.short)
    for family in data.families.values():
        add("family", family.key, [form for name in family.names for form in (name, _HYPHEN.sub(" ", name))])
        add("family", family.key, [form for name in family.names for form in _grown(name, family.prefix)])
        add("versioned", family.key, family.versioned)
    listed = {lowered(name) for family in data.families.values() for name in (*family.names, *family.versioned)}
    for family in data.families.values():
        add("later", family.key, {stem for name in family.names if (stem := _stem(name)) and lowered(stem) not in listed})
    words = data.words
    add("product", "", words.products)
    add("noun", "", words.nouns)
    add("ignored", "", words.ignored)
    for kind, names in words.modalities.items():
        add("modality", kind, names)
    for family_key, names in words.homonyms.items():
        add("homonym", family_key, names)
    return table


def _grown(name: str, prefix: str | None) -> list[str]:
    """A Latin name without its blanks: as Chinese outlets write it (``MuseSpark``, ``ClaudeOpus``), and repositories (``Laguna-S``)."""
    whole = f"{prefix} {name}" if prefix else name
    if not whole.isascii() or " " not in whole:
        return []
    return [whole.replace(" ", ""), *([] if prefix else [whole.replace(" ", "-")])]


def _stem(name: str) -> str | None:
    """What a later version shares with a listed one: ``Recraft V`` of ``Recraft V4``; None where a name ends in no number."""
    match = _NUMBERED.fullmatch(name)
    return match[1] if match and len(match[1]) > 1 and match[1].casefold() not in {"llm", "gpt"} else None
