"""How announcements are worded: learned weights for short stretches of titles in which every name is masked.

The file ``wording.tsv`` is written by ``bench/wording.py``: a weight in log odds, a tab, a stretch of up to six characters in the
alphabet of the rules (``{V}␣lau``). ``^`` and ``$`` are the ends of a title, ``0`` is any number, ``␣`` a blank.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aiwatch.rules.masks import LINE, MODEL, NOUN, OPEN_NOUN, PRODUCT, UNKNOWN, VENDOR

LONGEST = 6  # characters of a stretch
_LETTERS = {MODEL: "{M}", LINE: "{B}", UNKNOWN: "{U}", VENDOR: "{V}", PRODUCT: "{P}", NOUN: "{N}"}
MASKS = "".join(_LETTERS)
BLANK = "␣"  # how the file writes a blank
_FOLD = str.maketrans({OPEN_NOUN: NOUN, "^": " ", "$": " ", "{": " ", "}": " ", "\t": " ", BLANK: " "})


@dataclass(frozen=True)
class Wording:
    """Weights by stretch, and what a title without any of them has. ``titles`` is from how many it was learned."""

    weights: Mapping[str, float]
    bias: float
    titles: int

    @cached_property
    def digest(self) -> str:
        """Names the content, as the digest of the rules does."""
        return hashlib.sha256(written(self).encode()).hexdigest()

    def read(self, masked: str) -> tuple[float, tuple[int, int]]:
        """Log odds that a masked title announces something, by its wording alone, and the part of it that says most for that.

        That part is of at least one character where there is text.
        """
        text, places = _folded(masked)
        found = self._found(text)
        odds = self.bias + sum(weight for _, _, weight in found)
        gains = [0.0] * len(text)
        for start, end, weight in found:
            share = math.copysign(weight, weight * odds) / (end - start)
            for at in range(start, end):
                gains[at] += share
        first, last = _richest(gains[1:-1])  # without the signs for the title's ends
        return odds, (places[first], places[last])

    def _found(self, text: str) -> list[tuple[int, int, float]]:
        """The stretches of a text that weigh something, each once: where it stands first, and its weight."""
        size, weigh = len(text), self.weights.get
        found: dict[str, tuple[int, int, float]] = {}
        for start in range(size):
            for end in range(start + 1, min(start + LONGEST, size) + 1):
                stretch = text[start:end]
                weight = weigh(stretch)
                if weight and stretch not in found:
                    found[stretch] = (start, end, weight)
        return list(found.values())


def plain(masked: str) -> str:
    """A masked title as its wording is read: in small letters, every number nought, its ends marked."""
    return _folded(masked)[0]


def _folded(masked: str) -> tuple[str, list[int]]:
    """The same, and where in ``masked`` each character between the ends begins; one more entry closes the list."""
    chars: list[str] = []
    places: list[int] = []
    for at, char in enumerate(masked.translate(_FOLD)):
        small = "0" if char.isdigit() else char.lower()
        if small == "0" and chars and chars[-1] == "0":
            continue
        chars.append(small[:1])
        places.append(at)
    return f"^{''.join(chars)}$", [*places, len(masked)]


def stretches(text: str) -> set[str]:
    """Every stretch of a plain title."""
    size = len(text)
    return {text[start:end] for start in range(size) for end in range(start + 1, min(start + LONGEST, size) + 1)}


def _richest(gains: list[float]) -> tuple[int, int]:
    """The stretch of the greatest sum (Kadane), of at least one."""
    best, best_span = float("-inf"), (0, min(1, len(gains)))
    total, start = 0.0, 0
    for at, gain in enumerate(gains):
        if total <= 0:
            total, start = 0.0, at
        total += gain
        if total > best:
            best, best_span = total, (start, at + 1)
    return best_span


def written(wording: Wording) -> str:
    """The file's text."""
    head = ["# Written by bench/wording.py; see there.", f"titles\t{wording.titles}", f"bias\t{wording.bias}"]
    rows = [f"{weight}\t{_shown(stretch)}" for stretch, weight in sorted(wording.weights.items())]
    return "\n".join([*head, *rows]) + "\n"


def read(text: str) -> Wording:
    """The file's content. Raises ValueError where a line is not a weight, a tab and a stretch."""
    head: dict[str, float] = {}
    weights: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            continue
        first, tab, rest = line.partition("\t")
        if not tab:
            raise ValueError(f"no tab in the line {line!r}")
        if first in {"titles", "bias"}:
            head[first] = float(rest)
        else:
            weights[_hidden(rest)] = float(first)
    return Wording(weights=weights, bias=head["bias"], titles=int(head["titles"]))


def _shown(stretch: str) -> str:
    return "".join(_LETTERS.get(char, char) for char in stretch).replace(" ", BLANK)


def _hidden(stretch: str) -> str:
    for mask, letter in _LETTERS.items():
        stretch = stretch.replace(letter, mask)
    return stretch.replace(BLANK, " ")
