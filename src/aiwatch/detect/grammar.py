"""The grammar of versions and variants: what may follow a family's name and still belong to it."""

from __future__ import annotations

import re
from typing import NamedTuple

from aiwatch.rules import RuleSet
from aiwatch.text import FoldedText, bounded, chinese, particle_after, script

# A version stands after the family: 5, 4.1, 4o, v3.2, K2, M.1, R1-0528, 2507, 70b, 8x22b, a22b, e4b.
_PIECE = re.compile(
    r"""(?P<sep>[ \-_·:/]{0,1})
    (?:(?P<size>(?:\d+x)?\d+(?:\.\d+)?\s?[bt](?![a-z0-9])|[ae]\d+(?:\.\d+)?b(?![a-z0-9])|\d{2,4}m(?![a-z0-9]))
    |(?P<version>(?:v(?:ersion\ )?)?\.?\d+(?:\.\d+|\.\ \d+(?=\ ?[一-鿿]))*(?:[a-z]??(?=ai\ ?[一-鿿])|[a-z]{0,2}(?![a-z0-9]|\.\d|,\d{3}))
      |[a-z](?:[a-z]|\.)?\d+(?:\.\d+)*(?![a-z0-9]))
    |(?P<bracket>\[[a-z0-9]{2,10}\]))""",
    re.VERBOSE,
)
_CODE_TAIL = re.compile(r"-[a-z0-9]+(?:\.[0-9]+[a-z]*)?(?![A-Za-z0-9])")
_QUOTED_TAIL = re.compile(r"-[A-Z][A-Za-z0-9.]*(?=[」』])")  # the end of a quoted name: 「Qwen-Image-Layered」
# A capitalised word joined to a name is the model's (LongCat-Video-Avatar); one that compares or describes is not (GPT-5-Level).
_CAPITAL_TAIL = re.compile(r"-[A-Z][A-Za-z]+(?:\d[A-Z][A-Za-z]+)?(?:-?\d+(?:\.\d+)*)?(?![A-Za-z0-9])")
_CAPITAL = re.compile(r"(?:(?!AI ?[一-鿿]|API(?![A-Za-z]))[A-Z][A-Za-z]*|preview)(?![a-z0-9])")  # 5AI模型 is 5, an AI model
_NUMBER_GLUED = re.compile(r"-?(\d+(?:\.\d+)*)(?=[A-Z]|preview)")
_DATED = re.compile(r"(?:[23]\d(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])[0-3]\d)")  # 2507, 0528


class Affix(NamedTuple):
    """What follows a name and belongs to it. ``kind``: version, size, bracket or variant; ``end`` is behind it."""

    end: int
    kind: str
    spelled: str


def tail(text: FoldedText, at: int, rules: RuleSet, *, vouched: bool = False) -> tuple[int, list[tuple[str, str]]]:
    """Read version, size and variant words from ``at`` on: the end, and the pieces as (kind, canonical spelling).

    ``vouched``: the family's maker is named beside it, so that a word joined to its bare name is a model of the line (Qwen-AgentWorld).
    """
    pieces: list[tuple[str, str]] = []
    low = text.low
    while len(pieces) < 8:
        if low[at : at + 1] == "·":
            break  # a list of members (GPT-7 Pro·Mini·Nano)
        step = (
            variant(text, at, rules)
            or _piece(text, at, rules, inside=bool(pieces))
            or (None if pieces else _roman(text, at))
            or _glued(text, at, pieces, rules, vouched=vouched)
        )
        if step is None:
            break
        at = step.end
        pieces.append((step.kind, step.spelled))
    if low[at : at + 1] == "+" and not low[at + 1 : at + 2].isalnum():  # mini+nano are two
        at += 1
        pieces.append(("variant", "+"))
    return _past_version_word(low, at, rules) if pieces and pieces[-1][0] == "version" else at, pieces


def _past_version_word(low: str, at: int, rules: RuleSet) -> int:
    """Where a version ends with the word for one behind it: right behind (카나리아 3버전을), after a blank at the end of a quotation."""
    quoted = low[at : at + 1] == " "
    word = rules.piece("versionword").match(low, at + quoted)
    ends = word and (low[word.end() : word.end() + 1] in _CLOSING if quoted else bounded(low, word.start(), word.end()))
    return int(word.end()) if word and ends else at


_CLOSING = {"'", '"', "」", "』"}


def _roman(text: FoldedText, at: int) -> Affix | None:
    """A version as the Romans wrote it, behind a family's name (Zephyros IV); one letter alone is none."""
    match = _ROMAN.match(text.norm, at)
    return Affix(match.end(), "version", match[1]) if match else None


_ROMAN = re.compile(r"[ -](II|III|IV|VI|VII|VIII|IX)(?![A-Za-z0-9])")


def _glued(text: FoldedText, at: int, pieces: list[tuple[str, str]], rules: RuleSet, *, vouched: bool) -> Affix | None:
    """A capitalised word grown onto a number: the Guard of Qwen3Guard; and the number before it."""
    if at == 0:
        return None
    if pieces and pieces[-1][0] == "version" and text.norm[at - 1].isdigit():
        match = _CAPITAL.match(text.norm, at)
        if match:
            return Affix(match.end(), "variant", match[0])
    joined = _joined(text, at, rules, part=vouched or bool(pieces)) or _lettered(text, at) or _quoted(text, at, rules)
    if joined or (pieces and pieces[-1][0] == "version" and text.norm[at - 1].isdigit()):
        return joined
    code = _CODE_TAIL.match(text.norm, at)
    if code and text.norm[at - 1].isascii() and not rules.piece("appendix").fullmatch(code[0][1:]) and _small_word(text.norm, at):
        return Affix(code.end(), "variant", code[0][1:])
    if text.norm[at - 1].isalpha():
        match = _NUMBER_GLUED.match(text.norm, at)
        return Affix(match.end(), "version", match[1]) if match else None
    return None


def _joined(text: FoldedText, at: int, rules: RuleSet, *, part: bool) -> Affix | None:
    """A capitalised word that a hyphen joins to a name: if it is sure to be part of it, has a hyphen already, or stands in Chinese."""
    match = _CAPITAL_TAIL.match(text.norm, at)
    if not match or not text.norm[at - 1].isalnum() or rules.piece("appendix").fullmatch(_word(match[0])):
        return None
    part = part or "-" in _token(text.norm, at) or chinese(text.norm)
    return Affix(match.end(), "variant", match[0][1:]) if part else None


def _lettered(text: FoldedText, at: int) -> Affix | None:
    """The letter that hyphens join to a name and to its size: the v of Kestrel-1.5-v-3b."""
    match = _LETTER.match(text.norm, at)
    return Affix(match.end(), "variant", match[1]) if match else None


_LETTER = re.compile(r"-([A-Za-z])(?=-\d+(?:\.\d+)?[bB](?![A-Za-z0-9]))")


def _quoted(text: FoldedText, at: int, rules: RuleSet) -> Affix | None:
    """A word joined to a name at the end of a quotation (``「FLUX.1 Kontext-dev」``)."""
    match = _QUOTED_TAIL.match(text.norm, at)
    return (
        Affix(match.end(), "variant", match[0][1:]) if match and not rules.piece("appendix").fullmatch(_word(match[0])) else None
    )


def _word(tail: str) -> str:
    """The letters that a hyphen joins: Killer of -Killer2."""
    return _LETTERS.match(tail)[1]  # type: ignore[index]


_LETTERS = re.compile(r"-([A-Za-z]*)")


def _token(norm: str, at: int) -> str:
    """The Latin letters, digits and hyphens that end at ``at``."""
    start = at
    while start and (norm[start - 1] in "-." or (norm[start - 1].isascii() and norm[start - 1].isalnum())):
        start -= 1
    return norm[start:at]


def _small_word(norm: str, at: int) -> bool:
    """Whether the hyphenated word that ends at ``at`` is written small throughout, as identifiers are (parakeet-tdt-0.6b)."""
    start = max(norm.rfind(" ", 0, at), norm.rfind("(", 0, at), norm.rfind("'", 0, at)) + 1
    return norm[start:at].islower()


def variant(text: FoldedText, at: int, rules: RuleSet) -> Affix | None:
    """The variant word at ``at``, after one blank or hyphen, in its canonical spelling; None where there is none."""
    low = text.low
    start = at + 1 if low[at : at + 1] in {" ", "-", "_", "·"} else at
    if start == at and at > 0 and script(low[at : at + 1] or " ") == script(low[at - 1]) == "latin":
        return None
    match = rules.variant_pattern.match(low, start)
    if not match:
        return None
    word, end = match[0], match.end()
    after = low[end : end + 1]
    if (
        after
        and script(after) == script(word[-1])
        and script(after) != "han"  # written without blanks
        and not (script(word[-1]) == "hangul" and particle_after(low, end) is not None)
    ):
        return None
    if (word in {"large", "small"} and rules.piece("largemodel").match(low, end)) or rules.piece("kindofmodel").match(low, start):
        return None
    if (
        start > at
        and low[at] == " "
        and word.isascii()
        and not text.norm[start].isupper()
        and word not in rules.variant_uses["small"]
    ):
        return None
    return Affix(end, "variant", rules.variants[word])


def _counts(low: str, end: int) -> bool:
    """Whether a number that ends there counts what stands behind it, as in ``코스모스3 4스텝``."""
    return end < len(low) and script(low[end]) == "hangul" and particle_after(low, end) is None


def _off_an_address(norm: str, at: int) -> bool:
    """Whether the name that ends at ``at`` is written small, as in a title read off an address, where a blank may be the name's hyphen."""
    return _token(norm, at).islower()


def _piece(text: FoldedText, at: int, rules: RuleSet, *, inside: bool) -> Affix | None:
    """The version, size or bracket at ``at``; ``inside``: other pieces of the name stand before it."""
    match = _PIECE.match(text.low, at)
    if not match or match["sep"] in {":", "/"} or (not match["sep"] and text.low[at - 1 : at].isdigit()):
        return None
    kind, end = str(match.lastgroup), match.end()
    spelled = text.norm[match.start(kind) : match.end(kind)].replace(". ", ".")  # some outlets put a blank into numbers: 5. 1
    if match["sep"] == "-" and spelled[:2].isalpha() and rules.piece("appendix").fullmatch(_word(f"-{spelled}")):
        return None  # how a copy is packed (-FP8)
    if kind != "bracket" and rules.piece("window").match(text.low, match.start(kind)):
        return None
    if kind == "version" and spelled.isdigit():
        if rules.piece("counter").match(text.low, end):
            return None
        if match["sep"] == " " and _stands_apart(text, (at, end), spelled, inside=inside):
            return None
    return Affix(end, kind, spelled)


def _stands_apart(text: FoldedText, span: tuple[int, int], number: str, *, inside: bool) -> bool:
    """Whether a number behind a blank is none of the name's: too long, a year, an entry's of a list, or a count of what follows."""
    most = 4 if inside or _off_an_address(text.norm, span[0]) else 2
    if len(number) > most or (len(number) == 4 and number.startswith(("19", "20"))):
        return True
    entry = len(number) > 2 and not _DATED.fullmatch(number)
    return inside and (entry or _counts(text.low, span[1]))
