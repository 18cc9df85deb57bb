"""Patterns of rules: macros in braces, ``{M}`` or ``{launch}``, and what they stand for; whether what is written out is sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import re2

MANY = 2048  # patterns of which the answer is remembered: the shipped ones are read again under each overlay

# A brace as RE2 reads it: of a class of characters, escaped, a character's number, a count; else what stands in braces, or an open one.
_STRAY = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[pPx]\{[^}]*\}|\\.|\{\d+(?:,\d*)?\}|(?P<stray>\{[^{}()|]*\}?)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BRACES = re.compile(r"(?<!\\[pP])\{([A-Za-z_]+\d?)\}")  # \p{Han} is RE2's own


def used(pattern: str) -> list[str]:
    """The macros that a pattern names, in their order."""
    return _BRACES.findall(pattern)


def expand(pattern: str, macros: Mapping[str, str]) -> str:
    """The pattern with its macros written out; those that are not there stay."""
    return _BRACES.sub(lambda found: macros.get(found[1], found[0]), pattern)


def misread(written: str) -> str | None:
    r"""What is said of a pattern that was meant otherwise: its first brace that is neither a macro nor a count, a ``\b`` that TOML took."""
    if _CONTROL.search(written):
        return r"it has a sign that no text has: a \b between double quotes is a backspace; write the pattern between single ones"
    brace = next((found["stray"] for found in _STRAY.finditer(written) if found["stray"]), None)
    return rf"{brace} is neither a macro nor a count; a brace that stands in the text is written \{{" if brace else None


def alternation(parts: Sequence[str]) -> str:
    """Any of the parts, as one piece of a pattern."""
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def of_terms(terms: Sequence[str]) -> str:
    """Any of the words, a Latin one as a whole."""
    return "(?:" + "|".join(map(_term, terms)) + ")"


def _term(term: str) -> str:
    quoted = str(re2.escape(term))
    head = r"\b" if term[0].isascii() and term[0].isalnum() else ""
    tail = r"\b" if term[-1].isascii() and term[-1].isalnum() else ""
    return head + quoted + tail


@lru_cache(maxsize=MANY)
def broken(written: str) -> str | None:
    """What is wrong with a pattern whose macros are written out, in RE2's words; None where it compiles."""
    try:
        _compiled(written)
    except re2.error as error:
        first = error.args[0] if error.args else error
        said = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
        return said.replace("(?i)", "")
    return None


@lru_cache(maxsize=MANY)
def idle(written: str) -> bool:
    """Whether a pattern matches where nothing stands, so that it would count for every headline."""
    return bool(_compiled(written).search(""))


@lru_cache(maxsize=1)  # both questions are asked of one pattern after the other
def _compiled(written: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile("(?i)" + written, options)
