r"""Edges of words (``\b``) in patterns that never hold: RE2's are edges of Latin letters and digits alone.

A name's sign is none of these, and none stands right beside a name; neither is a letter of Hangul, kana or Han one. So ``{V}\b`` and
``공개\b`` wait for what no text has, and a rule that ends so would be silent without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter

from aiwatch.rules.masks import MASKED
from aiwatch.rules.masks import written as as_written
from aiwatch.text import has_han, has_hangul, has_kana

MANY = 2048  # patterns of which the answer is remembered
SHOWN = 20  # characters of a pattern that are shown before and behind an edge


class Side(StrEnum):
    """What can stand beside an edge, as far as the pattern says."""

    SIGN = "sign"  # a name's
    LETTER = "letter"  # of a script without such edges
    WORD = "word"  # a Latin letter, a digit
    REST = "rest"
    FREE = "free"  # anything, as far as the pattern says


Sides = frozenset[Side]
NOTHING: Sides = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern: what it begins and ends with, whether it can be nothing; ``at`` is where an edge stands."""

    first: Sides = NOTHING
    last: Sides = NOTHING
    empty: bool = True
    row: tuple[_Part, ...] = ()  # of which it is made, one behind the other
    ways: tuple[_Part, ...] = ()  # of which it is one
    again: bool = False  # it may be repeated
    at: int | None = None


def dead(written: str) -> str | None:
    """What is said of the first edge of a written out, sound pattern that never holds: beside it stands a name's sign, and nothing else."""
    return next((said for said, sure in _faults(written) if sure), None)


def doubtful(written: str) -> str | None:
    """The same of one that holds for some of what the pattern has beside it, or in the middle of a word alone."""
    return next((said for said, sure in _faults(written) if not sure), None)


@lru_cache(maxsize=MANY)
def _faults(written: str) -> tuple[tuple[str, bool], ...]:
    """What is said of each edge that does not hold for all that may stand there, and whether it never does."""
    free, found = frozenset({Side.FREE}), []
    for at, before, behind in _edges(_read(written), free, free):
        for one, other in ((before, behind), (behind, before)):
            if side := _never(one, other):
                shown = as_written(f"{written[max(0, at - SHOWN) : at]}\\b{written[at + 2 : at + 2 + SHOWN]}")
                said = rf"the \b in {shown} is an edge of Latin letters and digits alone: beside {_SAID[side]}"
                found.append((said, one == {Side.SIGN}))
    return tuple(found)


_SAID = {
    Side.SIGN: "a name's sign it never holds; leave it out there, as a name ends where its sign does",
    Side.LETTER: r"a letter of another script it holds at none of its words' ends; leave it out there, or write (?:$|\P{L})",
}


def _never(one: Sides, other: Sides) -> Side | None:
    """What on one side makes it that the edge never holds, whatever of the other side is there."""
    if Side.WORD in other:
        return None
    return next((side for side in (Side.SIGN, Side.LETTER) if side in one), None)


def _edges(whole: _Part, before: Sides, behind: Sides) -> list[tuple[int, Sides, Sides]]:
    """Every edge within a pattern in its order, with what can stand before and behind it; however deep groups are nested."""
    found: list[tuple[int, Sides, Sides]] = []
    todo = [(whole, before, behind)]
    while todo:
        part, before, behind = todo.pop()
        if part.at is not None:
            found.append((part.at, before, behind))
        if part.again:
            before, behind = before | part.last, behind | part.first
        todo += [(way, before, behind) for way in part.ways]
        ahead = accumulate(part.row, lambda so_far, one: one.last | (so_far if one.empty else NOTHING), initial=before)
        after = accumulate(part.row[::-1], lambda so_far, one: one.first | (so_far if one.empty else NOTHING), initial=behind)
        todo += zip(part.row, ahead, [*after][-2::-1], strict=False)
    return sorted(found, key=itemgetter(0))


# --- reading ------------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""(?P<flags>\(\?[a-zA-Z-]+\))|(?P<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)|(?P<close>\))|(?P<bar>\|)
    |(?P<many>(?:[*+?]|\{\d+(?:,\d*)?\})\??)|(?P<edge>\\b)|(?P<place>\\[BAz]|[\^$])
    |(?P<set>\[\^?\]?(?:\[:\^?\w+:\]|\\[pPx]\{[^}]*\}|\\.|[^\]\\])*\])|(?P<one>\\[pPx]\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\[pP]\w|\\.|.)""",
    re.VERBOSE | re.DOTALL,
)


def _read(written: str) -> _Part:
    """A sound pattern as parts."""
    groups: list[list[list[_Part]]] = [[[]]]  # open ones, each with its ways
    for token in _TOKEN.finditer(written):
        row = groups[-1][-1]
        match token.lastgroup:
            case "open":
                groups.append([[]])
            case "bar":
                groups[-1].append([])
            case "close":
                ways = groups.pop()
                groups[-1][-1].append(_any_of(ways))
            case "place":
                row.append(_Part())
            case "many":
                row[-1] = _repeated(row[-1], token[0])
            case "edge":
                row.append(_Part(at=token.start()))
            case "set" | "one":
                sides = _sides(token[0])
                row.append(_Part(sides, sides, empty=False))
    return _any_of(groups[0])


def _any_of(ways: Sequence[Sequence[_Part]]) -> _Part:
    rows = tuple(map(_in_row, ways))
    first, last = NOTHING.union(*(row.first for row in rows)), NOTHING.union(*(row.last for row in rows))
    return _Part(first, last, empty=any(row.empty for row in rows), ways=rows)


def _in_row(row: Sequence[_Part]) -> _Part:
    first = last = NOTHING
    for one in reversed(row):
        first = one.first | (first if one.empty else NOTHING)
    for one in row:
        last = one.last | (last if one.empty else NOTHING)
    return _Part(first, last, empty=all(one.empty for one in row), row=tuple(row))


def _repeated(part: _Part, many: str) -> _Part:
    """A part that may be left out, or come again."""
    empty = part.empty or many[0] in "*?" or many.startswith("{0")
    again = many[0] in "*+" or not re.fullmatch(r"\?|\{[01](?:,1)?\}", many.removesuffix("?") or "?")
    return _Part(part.first, part.last, empty=empty, ways=(part,), again=again)


_KINDS = {"d": {Side.WORD}, "w": {Side.WORD}, "s": {Side.REST}, "D": {Side.FREE}, "W": {Side.REST}, "S": {Side.FREE}}
_ANY = frozenset({Side.FREE})


def _sides(one: str) -> Sides:
    """What a character, a class of them or a set of both can be."""
    if one == "." or one.startswith(("[^", "[:", r"\P", r"\x")):
        return _ANY
    if one.startswith("["):
        return frozenset(side for part in _IN_SET.findall(one[1:-1]) for side in _sides(part))
    if one.startswith(r"\p"):
        return frozenset({Side.LETTER}) if _OTHER_SCRIPT.search(one) else _ANY
    if one[0] == "\\" and len(one) > 1:
        return frozenset(_KINDS.get(one[1], _of(one[1])))
    return frozenset(_of(one))


_IN_SET = re.compile(r"\[:\^?\w+:\]|\\[pPx]\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\[pP]\w|\\.|.", re.DOTALL)
_OTHER_SCRIPT = re.compile("Han|Hangul|Hiragana|Katakana")


def _of(character: str) -> set[Side]:
    if character in MASKED:
        return {Side.SIGN}
    if has_han(character) or has_hangul(character) or has_kana(character):
        return {Side.LETTER}
    return {Side.WORD} if character == "_" or (character.isascii() and character.isalnum()) else {Side.REST}
