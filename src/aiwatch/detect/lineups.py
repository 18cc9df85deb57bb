"""Line-ups: names of one family in a row (Foo, Foo Mini and Foo Pro), and rows of names that are counted as models."""

from __future__ import annotations

import re

from aiwatch.detect.candidates import nameable
from aiwatch.rules import RuleSet

_NAME = r"[A-Z][A-Za-z0-9.]*(?:-[A-Za-z0-9.]+)*(?: (?:[A-Z][A-Za-z0-9]*|v?[0-9][0-9.]*[A-Za-z]?)(?:-[A-Za-z0-9]+)*){0,3}"
_NEXT = re.compile(rf"({_NAME})(?![A-Za-z0-9])")
Span = tuple[int, int]


def beside(rules: RuleSet, norm: str, end: int, first: str) -> list[Span]:
    """Where more names stand in a row behind the one that ends at ``end`` and is spelled ``first``: all of its family, or counted."""
    row: list[Span] = []
    at = end
    between = rules.piece("nextname")
    while (gap := between.match(norm, at)) and (match := _NEXT.match(norm, gap.end())) and nameable(rules, match[1]):
        row.append(match.span(1))
        at = match.end(1)
    counted = bool(row) and rules.piece("counted").match(norm, at) is not None
    stem = _stem(first)
    return [span for span in row if counted or _stem(norm[slice(*span)]) == stem]


def _stem(name: str) -> str:
    return re.split(r"[ -]", name)[0].casefold()
