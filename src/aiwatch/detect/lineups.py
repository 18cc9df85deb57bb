"""Line-ups: names of one family in a row (Foo, Foo Mini and Foo Pro), and rows of names that are counted as models."""

from __future__ import annotations

import re

from aiwatch.detect.nameable import nameable
from aiwatch.rules import RuleSet

_NAME = r"[A-Z][A-Za-z0-9.]*(?:-[A-Za-z0-9.]+)*(?: (?:[A-Z][A-Za-z0-9]*|v?[0-9][0-9.]*[A-Za-z]?)(?:-[A-Za-z0-9]+)*){0,3}"
_NEXT = re.compile(rf"['\"]?(?:,? (?:and|&) |, ?)['\"]?({_NAME})(?![A-Za-z0-9])")
_COUNTED = re.compile(
    r"['\"]?(?:,| -| —|:) (?:its |the |all )?(?:two|three|four|five|six|both|an? (?:pair|trio|family|series)) "
    r"(?:[a-z-]+ ){0,4}?(?:models?|LLMs?|VLMs?)\b"
)
Span = tuple[int, int]


def beside(rules: RuleSet, norm: str, end: int, first: str) -> list[Span]:
    """Where more names stand in a row behind the one that ends at ``end`` and is spelled ``first``: all of its family, or counted."""
    row: list[Span] = []
    at = end
    while (match := _NEXT.match(norm, at)) and nameable(rules, match[1]):
        row.append(match.span(1))
        at = match.end(1)
    counted = bool(row) and _COUNTED.match(norm, at) is not None
    stem = _stem(first)
    return [span for span in row if counted or _stem(norm[slice(*span)]) == stem]


def _stem(name: str) -> str:
    return re.split(r"[ -]", name)[0].casefold()
