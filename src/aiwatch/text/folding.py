"""Text folded for matching, with the way back to what was written."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aiwatch.text.scripts import has_hangul

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "´": "'", "`": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
        "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "—", "―": "—", "−": "-", "﹣": "-", "￨": "|", "｜": "|", "│": "|", "┃": "|",
        "·": "·", "•": "·", "∙": "·", "ᆞ": "·", "⋯": "...", "・": "・", "\t": " ", "\n": " ", "\r": " ",
        **dict.fromkeys("\v\f\x1c\x1d\x1e\x1f\u2028\u2029", " "),  # breaks of lines and pages, as parsers of feeds take them
        "\u1160": " ",  # the Hangul filler, whichever way it was written: it looks like a blank
    }
)  # fmt: skip


# Lone surrogates cannot be encoded, and the private plane is where masked text keeps its names (``rules.masks``): neither gets in.
_SAME.update(dict.fromkeys((*range(55296, 57344), *range(57344, 57360)), "�"))

_BOLD = "**"
_TRADE = {"™", "®", "℠"}  # Nemotron™ 3 is Nemotron 3
_ESCAPED = ("\\'", '\\"')  # quotes that a site's own escaping left behind: \'Sora\' (1,402 in 16,000 gathered Korean items)
# What nobody sees: controls, soft hyphens, joiners, places where a line may break, marks of direction, the selector behind an emoji.
# Names stand beside it as without, and go on across it (a page lets "GPT-" and "5" part): parsers of feeds leave it out as well.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+"
)
_UNEVEN = re.compile(r"\*\*|\\|\s\s|&\S|[\x00-\x08\x0e-\x1b\x7f]")
ENTITY = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")  # in text: escaped once too often
_CLOSING = re.compile(r"[…⋯,]|\.\.")
_ANGLED = re.compile(r"<([^<>]{2,40})>")  # Korean quotes: <라마 5>


@dataclass(frozen=True, slots=True)
class FoldedText:
    """``norm`` is ``raw`` in NFKC with one kind of quote, dash and blank, one at a place; ``low`` is ``norm`` in lower case, as long.

    ``starts[i]`` and ``ends[i]`` are where in ``raw`` the i-th character of ``norm`` begins and ends; what is folded away lies between.
    """

    raw: str
    norm: str
    low: str
    starts: tuple[int, ...] | None  # None: the same offsets
    ends: tuple[int, ...] | None = None

    def within(self, start: int, end: int) -> FoldedText:
        """Of the folded text that stretch alone; offsets still lead back to the whole of ``raw``."""
        return self._of(range(start, end))

    def dropping(self, places: Iterable[int]) -> FoldedText:
        """Without the characters at some places; offsets still lead back to ``raw``."""
        left_out = set(places)
        return self._of([at for at in range(len(self.norm)) if at not in left_out]) if left_out else self

    def _of(self, places: Sequence[int]) -> FoldedText:
        starts, ends = self.starts or range(len(self.raw)), self.ends or range(1, len(self.raw) + 1)
        norm, low = ("".join(map(text.__getitem__, places)) for text in (self.norm, self.low))
        return FoldedText(self.raw, norm, low, tuple(map(starts.__getitem__, places)), tuple(map(ends.__getitem__, places)))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``raw`` behind ``norm[start:end]``; a folded ligature counts whole, a mark beside it that is folded away does not."""
        if self.starts is None or self.ends is None:
            return start, end
        first = self.starts[start] if start < len(self.starts) else len(self.raw)
        return first, self.ends[end - 1] if end > start else first


def fold(raw: str) -> FoldedText:
    """Fold ``raw`` for matching, without Markdown's stars, marks of trade, what nobody sees and what escapes a quote.

    Never fails; a lone surrogate becomes U+FFFD.
    """
    if raw.isascii() and not _UNEVEN.search(raw):
        norm = raw.translate(_SAME)
        return FoldedText(raw, norm, norm.lower(), None)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(raw):
        if raw.startswith(_BOLD, at):
            at += len(_BOLD)
            continue
        if unseen := _UNSEEN.match(raw, at):
            at = unseen.end()
            continue
        begin, at = at, at + raw.startswith(_ESCAPED, at)
        entity = ENTITY.match(raw, at) if raw[at] == "&" else None
        end = entity.end() if entity else _cluster_end(raw, at)
        piece = html.unescape(raw[at:end]) if entity else raw[at:end]
        plain = _plain(piece)
        at = _past_marks(raw, end)
        if plain == " " and parts and parts[-1] == " ":
            continue
        if parts and parts[-1] == " " and _CLOSING.match(raw, begin) and _closes(parts[:-1][-1:]):
            del parts[-1], starts[-1], ends[-1]
        parts.append(plain)
        starts.extend([begin] * len(plain))
        ends.extend([end] * len(plain))
    # Signs for signs, none more and none less: the offsets stand. Two middle dots are an ellipsis, as some Korean outlets write it.
    norm = "".join(parts).replace("··", "..")
    if "<" in norm and has_hangul(norm):
        norm = _ANGLED.sub(r"〈\1〉", norm)
    return FoldedText(raw, norm, _lower(norm), tuple(starts), tuple(ends))


def unspaced(text: FoldedText) -> FoldedText:
    """Japanese and Korean without the blank that some put between a name and the particle behind it (GPT-6 を発表, GPT-6 를 공개)."""
    return text.dropping(found.start() for found in _BEFORE_PARTICLE.finditer(text.norm))


_BEFORE_PARTICLE = re.compile(r"(?<=[A-Za-z0-9」』)]) (?=[をがはのにとでもへ][ぁ-んァ-ヴー一-鿿、「『]|[을를은는가의와과도] )")


def _plain(piece: str) -> str:
    whole = len(piece) == 1 and ("가" <= piece <= "힣" or "一" <= piece <= "鿿")  # most of a Korean or Chinese text
    return (piece if whole else unicodedata.normalize("NFKC", piece)).translate(_SAME)


@lru_cache(maxsize=16_384)
def lowered(name: str) -> str:
    """``fold(name).low``, remembered: for names that come again, such as spellings, makers and outlets."""
    return fold(name).low


def flat(text: str) -> str:
    """Compatibility forms unified (NFKC) and case folded: what a key is made of."""
    return unicodedata.normalize("NFKC", text).casefold()


def _closes(before: list[str]) -> bool:
    """Whether a word in Hangul, a number or a quotation ends there: some Korean outlets put a blank before an ellipsis or a comma."""
    return bool(before) and ("가" <= before[0] <= "힣" or before[0].isdigit() or before[0] in {"'", '"', ")", "]"})


def _past_marks(raw: str, at: int) -> int:
    """Behind the marks of trade that belong to what stands before them."""
    while at < len(raw) and raw[at] in _TRADE:
        at += 1
    return at


def _cluster_end(raw: str, at: int) -> int:
    """Where the composed character that begins at ``at`` ends: marks and conjoining Hangul jamo belong to what they follow."""
    end = at + 1
    while end < len(raw):
        char = raw[end]
        if char < "\u0300":
            break
        if unicodedata.combining(char) or "\u1160" <= char <= "\u11ff" or char in "\uff9e\uff9f":
            end += 1
        else:
            break
    return end


def _lower(norm: str) -> str:
    low = norm.lower()
    if len(low) == len(norm):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in norm)
