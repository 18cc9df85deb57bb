"""Text as the rules see it: folded for matching, its scripts and languages, and where a word ends.

How names sound is ``names.phonetic``'s.
"""

from aiwatch.text.folding import ENTITY, FoldedText, flat, fold, lowered, unspaced
from aiwatch.text.languages import primary, written_in
from aiwatch.text.scripts import (
    CAPITALS,
    LATIN,
    chinese,
    has_digit,
    has_han,
    has_hangul,
    has_kana,
    is_latin,
    japanese,
    japanese_title,
    script,
    script_of,
)
from aiwatch.text.words import bounded, first_line, particle_after

__all__ = [
    "CAPITALS",
    "ENTITY",
    "LATIN",
    "FoldedText",
    "bounded",
    "chinese",
    "first_line",
    "flat",
    "fold",
    "has_digit",
    "has_han",
    "has_hangul",
    "has_kana",
    "is_latin",
    "japanese",
    "japanese_title",
    "lowered",
    "particle_after",
    "primary",
    "script",
    "script_of",
    "unspaced",
    "written_in",
]
