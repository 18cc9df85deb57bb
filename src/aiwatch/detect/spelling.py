"""How a name in no list that outlets write in another script is spelled in Latin, where the item itself or the lexicon tells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aiwatch.rules import RuleSet
from aiwatch.text import lowered, script

_PARTS = re.compile(r"([ _.·-]+|(?<=[^\d.])(?=\d)|(?<=[A-Za-z\d])(?=[一-鿿]))")


def latin(name: str, texts: Iterable[str], rules: RuleSet) -> str:
    """The Latin spelling of ``name``: what stands in brackets after it, else its words if they are all known ones; else itself."""
    scripts = set(map(script, name))
    if "hangul" not in scripts:
        return (_translated(name, rules) or name) if "latin" in scripts and scripts & {"han", "kana"} else name
    return next((found for text in texts if (found := _gloss(name, text))), None) or _translated(name, rules) or name


def _gloss(name: str, text: str) -> str | None:
    """``바람결 2(Baramgyeol 2)``: the name's own spelling; a number that the brackets leave out is put after it."""
    stem, number = re.fullmatch(r"(.*?)([ -]?\d[\d.]*)?", name, re.DOTALL).groups()  # type: ignore[union-attr]
    for spelled, rest in ((name, ""), (stem, number or "")):
        match = (
            re.search(rf"{re.escape(spelled)}['\"]? ?\(([A-Za-zα-ω][A-Za-z0-9 .+-]{{1,30}}?)(?:,[^)]*)?\)", text)
            if spelled
            else None
        )
        if match:
            return match[1].strip() + (rest if not any(char.isdigit() for char in match[1]) else "")
    return None


def _translated(name: str, rules: RuleSet) -> str | None:
    """Words of line-ups (프로, 플래시, 预览版) beside Latin ones: ``ABC-이미지-2`` is ``ABC-Image-2``; None if a word is in no list."""
    parts = [part if part.isascii() else rules.variants.get(lowered(part)) for part in _PARTS.split(name)]
    if None in parts:
        return None
    told = [f" {part}" if part and at and not parts[at - 1] and part[0].isalpha() else part for at, part in enumerate(parts)]
    return "".join(part for part in told if part)
