"""A field of an item, masked: every name found is one character, so that rules can be written about names in general."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention, MentionKind
from aiwatch.rules import Hit, RuleSet, TermKind
from aiwatch.rules.masks import LINE, MODEL, NOUN, NOUNS, OPEN_NOUN, PRODUCT, UNKNOWN, VENDOR
from aiwatch.text import FoldedText, chinese, has_hangul, has_kana, is_latin, japanese_title

_CHAR = {MentionKind.MODEL: MODEL, MentionKind.LINE: LINE, MentionKind.UNKNOWN: UNKNOWN}
NOUNS_KEPT = 1024  # words for a model of which it is remembered whether they say open
COMPOUND = 32  # characters before a word for model that hyphens may join to it
OTHER_BEFORE = 24  # characters before a vendor in which it may say that another acts
# Which reading of the same span counts: a product before a model, a model before a vendor, a vendor before a family's bare name.
_RANK = {PRODUCT: 0, MODEL: 1, VENDOR: 2, LINE: 3, NOUN: 4, OPEN_NOUN: 4, UNKNOWN: 5}


@dataclass(frozen=True, slots=True)
class View:
    """``masked[i]`` stands for ``text.norm[starts[i]:starts[i + 1]]``; ``mentions`` and ``vendors`` by their place in ``masked``."""

    field: str
    text: FoldedText
    masked: str
    starts: tuple[int, ...]
    mentions: dict[int, Mention] = dataclasses.field(default_factory=dict)
    vendors: dict[int, str] = dataclasses.field(default_factory=dict)
    words: dict[int, tuple[int, int]] = dataclasses.field(default_factory=dict)  # for products and for models: their spans

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the item's own text behind ``masked[start:end]``."""
        return self.text.raw_span(self.starts[start], self.starts[end])

    def place(self, mention: Mention) -> int | None:
        """Where a mention stands in the masked text; None where it stands in another field."""
        return next((at for at, one in self.mentions.items() if one is mention), None)

    def noun_at(self, at: int) -> bool:
        """Whether a word for model stands at a place."""
        return self.masked[at] in NOUNS

    @property
    def of_models(self) -> bool:
        """Whether a word for model stands in the field."""
        return any(self.noun_at(at) for at in self.words)

    def makers(self, rules: RuleSet) -> list[tuple[int, str]]:
        """The vendors by their place, without those who only stand beside the one who acts (ex-OpenAI, Google-backed)."""
        return [(at, vendor) for at, vendor in sorted(self.vendors.items()) if not self._is_bystander(at, rules)]

    def _is_bystander(self, at: int, rules: RuleSet) -> bool:
        """Whether a vendor at a place is one whom the one who acts left, lives on or goes against; with all of a row (A·B 겨냥)."""
        low, start, end = self.text.low, self.starts[at], self.starts[at + 1]
        before = low[max(start - OTHER_BEFORE, 0) : start]
        if rules.ending("otherbefore").search(before) or rules.piece("otherbehind").match(low, end):
            return True
        row = rules.piece("together").match(self.masked, at + 1)
        if row is not None and row[0] == "、" and has_kana(self.text.norm):
            return False  # in Japanese it is a comma, which may stand behind who acts
        return row is not None and row.end() in self.vendors and self._is_bystander(row.end(), rules)

    def is_place(self, at: int, rules: RuleSet) -> bool:
        """Whether a vendor at a place is where something is put (on Hugging Face, GitHub에, GitHubで)."""
        before = rules.ending("placebefore").search(self.masked[:at])
        return bool(before or rules.piece("placebehind").match(self.masked, at + 1))


SENTENCE_END = re.compile(r"[.!?](?:\s|$)|[。！？]")


def sentence(text: str, at: int) -> tuple[int, int]:
    """Where the sentence begins and ends in which a place stands."""
    end = SENTENCE_END.search(text, at)
    return max((one.end() for one in SENTENCE_END.finditer(text, 0, at)), default=0), end.start() if end else len(text)


@lru_cache(maxsize=NOUNS_KEPT)
def _noun_sign(word: str, rules: RuleSet) -> str:
    return OPEN_NOUN if rules.piece("open").search(word) else NOUN


def _laid(
    text: FoldedText, hits: Sequence[Hit], mentions: Sequence[Mention], rules: RuleSet
) -> list[tuple[int, int, int, str, object]]:
    """What may be masked, as (start, end, rank, sign, what it is): leftmost first, the longest of those, the best rank of those."""
    brands = {id(m) for m in mentions if _brand(text, m, mentions)}
    spans: list[tuple[int, int, int, str, object]] = [
        (m.start, m.end, _RANK[_CHAR[m.kind]], MODEL if m.shaped else _CHAR[m.kind], m) for m in mentions if id(m) not in brands
    ]
    spans += [(m.start, m.end, _RANK[VENDOR], VENDOR, m.model.vendor) for m in mentions if id(m) in brands]
    for hit in hits:
        kind = hit.term.kind
        if hit.names_maker:
            spans.append((hit.start, hit.end, _RANK[VENDOR], VENDOR, hit.term.key))
        elif kind in {TermKind.PRODUCT, TermKind.NOUN}:
            char = PRODUCT if kind is TermKind.PRODUCT else _noun_sign(text.low[hit.start : hit.end], rules)
            start = _compound(text, hit.start) if kind is TermKind.NOUN else hit.start
            spans.append((start, hit.end, _RANK[char], char, None))
    spans += [(*gloss, _RANK[VENDOR], "", None) for m in mentions if (gloss := _spelled_out(text, m.end))]
    spans += [(m.start, end, _RANK[VENDOR], "", None) for m in mentions if (end := _measured(text, m.end, rules))]
    known = [*((h.start, h.end) for h in hits if h.term.kind is TermKind.PRODUCT), *((m.start, m.end) for m in mentions)]
    spans += [(start, end, _RANK[VENDOR], "", None) for start, last in known if (end := _epithet(text, last, hits, rules))]
    if is_latin(text.norm):  # Korean, Chinese and Japanese say by quotes what is a name
        spans += [(start, end, _RANK[VENDOR], "", None) for start, end in _dressing(text, hits, mentions, rules)]
    return sorted(spans, key=lambda span: (span[0], -span[1], span[2]))


def _dressing(text: FoldedText, hits: Sequence[Hit], mentions: Sequence[Mention], rules: RuleSet) -> Iterator[tuple[int, int]]:
    """What only dresses a name in Latin letters: the quotes around it, a firm's legal form behind it, a word for its kind before it."""
    norm = text.norm
    for mention in mentions:
        if (
            mention.start
            and norm[mention.start - 1] in _QUOTES
            and norm[mention.end : mention.end + 1] == norm[mention.start - 1]
        ):
            yield mention.start - 1, mention.start
            yield mention.end, mention.end + 1
    yield from (match.span() for match in rules.piece("firmtail").finditer(norm))
    makers = {hit.start for hit in hits if hit.names_maker}
    yield from (match.span() for match in rules.piece("firmkind").finditer(norm) if match.end() in makers)


_QUOTES = frozenset("'\"")


def _compound(text: FoldedText, start: int) -> int:
    """Where a word for model begins that a hyphen joins to a word written small (video-language models)."""
    match = _HYPHENED.search(text.norm[max(start - COMPOUND, 0) : start])
    return start - len(match[0]) if match else start


_HYPHENED = re.compile(r"(?<![A-Za-z0-9-])(?:[a-z]{2,}-)+$")


def _brand(text: FoldedText, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether a family's bare name is only whose line the next model is of, by the same maker (豆包Seedance 2.5)."""
    if mention.kind is not MentionKind.LINE or mention.family is None:
        return False
    return any(
        other.kind is MentionKind.MODEL
        and other.family
        and other.family.vendor == mention.family.vendor
        and other.family.key != mention.family.key
        and text.norm[mention.end : other.start] in {"", " "}
        for other in mentions
        if other.start >= mention.end
    )


def _spelled_out(text: FoldedText, end: int) -> tuple[int, int] | None:
    """Where a Korean text spells a name out behind it ('젬'(General Embedding Model) 공개): it parts the name from its verb."""
    match = _SPELLED_OUT.match(text.norm, end)
    return match.span(1) if match and has_hangul(text.norm) else None


def _measured(text: FoldedText, end: int, rules: RuleSet) -> int | None:
    """Where the name begins that one which ends at ``end`` only measures (GPT-5 rival Palaquin 2): it is no object of the verb."""
    match = rules.piece("measure").match(text.norm, end)
    return match.end() if match and _NAME_BEGINS.match(text.norm, match.end()) else None


def _epithet(text: FoldedText, end: int, hits: Sequence[Hit], rules: RuleSet) -> int | None:
    """Where the maker begins whom what ends at ``end`` only presents (ChatGPT maker OpenAI): the item is not about that."""
    match = rules.piece("epithet").match(text.norm, end)
    makers = {hit.start for hit in hits if hit.names_maker}
    return match.end() if match and match.end() in makers else None


_NAME_BEGINS = re.compile(r"['\"]?[A-Z]")
_SPELLED_OUT = re.compile(r"['\"’”」]?(\([A-Za-z][A-Za-z0-9 ,.&'-]{3,80}\))")


def mask(field: str, text: FoldedText, hits: Sequence[Hit], mentions: Sequence[Mention], rules: RuleSet) -> View:
    """Lay names over the text, leftmost longest, and write the masked text."""
    out: list[str] = []
    starts: list[int] = []
    view_mentions: dict[int, Mention] = {}
    vendors: dict[int, str] = {}
    words: dict[int, tuple[int, int]] = {}
    at = 0
    size = 0
    for start, end, _, char, what in _laid(text, hits, mentions, rules):
        if start < at:
            continue
        out.append(text.norm[at:start])
        starts.extend(range(at, start))
        size += start - at
        at = end
        if not char:
            continue
        if isinstance(what, Mention):
            view_mentions[size] = what
        elif isinstance(what, str):
            vendors[size] = what
        else:
            words[size] = (start, end)
        out.append(char)
        starts.append(start)
        size += 1
    out.append(text.norm[at:])
    starts.extend(range(at, len(text.norm) + 1))
    masked = "".join(out)
    if chinese(text.norm) and not japanese_title(text.norm):
        masked = simplified(masked)
    return View(field, text, masked, tuple(starts), view_mentions, vendors, words)
