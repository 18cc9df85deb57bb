"""A field of an item, masked: every name found is one character, so that rules can be written about names in general."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention
from aiwatch.rules import Hit
from aiwatch.rules.masks import BARE, MODEL, NOUN, NOUNS, OPEN_NOUN, PRODUCT, UNKNOWN, VENDOR
from aiwatch.text import Folded, chinese, has_hangul, japanese_title

_CHAR = {"model": MODEL, "bare": BARE, "unknown": UNKNOWN}
# Which reading of the same span counts: a product before a model, a model before a vendor, a vendor before a family's bare name.
_RANK = {PRODUCT: 0, MODEL: 1, VENDOR: 2, BARE: 3, NOUN: 4, OPEN_NOUN: 4, UNKNOWN: 5}


@dataclass(frozen=True, slots=True)
class View:
    """``masked[i]`` stands for ``text.norm[starts[i]:starts[i + 1]]``; ``mentions`` and ``vendors`` by their place in ``masked``."""

    field: str
    text: Folded
    masked: str
    starts: tuple[int, ...]
    mentions: dict[int, Mention] = dataclasses.field(default_factory=dict)
    vendors: dict[int, str] = dataclasses.field(default_factory=dict)
    others: dict[int, tuple[int, int]] = dataclasses.field(default_factory=dict)  # products and nouns: their spans

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the item's own text behind ``masked[start:end]``."""
        return self.text.raw_span(self.starts[start], self.starts[end])

    def noun_at(self, at: int) -> bool:
        """Whether a word for model stands at a place."""
        return self.masked[at] in NOUNS

    def makers(self) -> list[tuple[int, str]]:
        """The vendors by their place, without those who only stand beside the one who acts (ex-OpenAI, Google-backed)."""
        return [(at, vendor) for at, vendor in sorted(self.vendors.items()) if not self._is_other(at)]

    def _is_other(self, at: int) -> bool:
        """Whether a vendor at a place is one whom the one who acts left, lives on or goes against; with all of a row (A·B 겨냥)."""
        low, starts = self.text.low, self.starts
        if _OTHERS_BEFORE.search(low[max(starts[at] - 24, 0) : starts[at]]) or _OTHERS_BEHIND.match(low, starts[at + 1]):
            return True
        row = _ROW.match(self.masked, at + 1)
        return row is not None and self._is_other(row.end() - 1)

    def is_place(self, at: int) -> bool:
        """Whether a vendor at a place is where something is put (on Hugging Face, GitHub에, GitHubで)."""
        return bool(_WHERE.search(self.masked, 0, at) or _THERE.match(self.masked, at + 1))


SENTENCE_END = re.compile(r"[.!?](?:\s|$)|[。！？]")


def sentence(text: str, at: int) -> tuple[int, int]:
    """Where the sentence begins and ends in which a place stands."""
    end = SENTENCE_END.search(text, at)
    return max((one.end() for one in SENTENCE_END.finditer(text, 0, at)), default=0), end.start() if end else len(text)


_ROW = re.compile(rf"(?:[·/、]|[와과] ?){VENDOR}")
_WHERE = re.compile(r"(?:\b(?:on|at|via|to|through|over) |[在于到上] ?)\Z")
_THERE = re.compile(r"에(?:서|도)?(?![가-힣])|[でにへ](?!も?して)|上(?!海)")
_OTHERS_BEFORE = re.compile(
    r"(?:\bex-|\bformer |\bformer-|(?:^| )전 ?|\b(?:backed|funded) by |\baim(?:s|ed|ing)? at |\btak(?:es|ing) (?:aim at|on) |"
    r"\bchalleng(?:es|ed|ing) |\brival(?:s|l?ing)?(?: to)? |\bagainst |\bunlike |"
    r"对标|挑战|叫板|對標|挑戰|(?<!竞)(?<!競)[对對向]|(?<![目以之])前|元|原)$"
)
_OTHERS_BEHIND = re.compile(
    r" ?(?:출신|alumni|alums?\b|veterans?\b|(?:co-?)?founders?\b|(?:공동 ?)?창업자|"
    r"spin-?(?:outs?|offs?)\b|교수|사내 ?벤처|스핀오프|前(?:高管|员工|研究员|副总裁|工程师|科学家)|"
    r"発(?:ベンチャー|スタートアップ|の)|"
    r"licen[cs]e|라이선스|ライセンス|协议|許可|许可|授權|出身|"
    r"대항마|겨냥|[이가] ?투자|투자(?:한|받은)|대항|맞[서수]|出資|対抗|投资|投資|系の)|"
    r"-(?:backed|funded|owned)\b|(?:'s)? (?:rivals?|challengers?|partners?|competitors?)\b"
)


def _noun(word: str) -> str:
    return (
        OPEN_NOUN if any(part in word for part in ("open", "오픈", "개방", "开源", "開源", "开放", "開放", "オープン")) else NOUN
    )


def _laid(text: Folded, hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[tuple[int, int, int, str, object]]:
    """What may be masked, as (start, end, rank, sign, what it is): leftmost first, the longest of those, the best rank of those."""
    brands = {id(m) for m in mentions if _brand(text, m, mentions)}
    spans: list[tuple[int, int, int, str, object]] = [
        (m.start, m.end, _RANK[_CHAR[m.kind]], MODEL if m.shaped else _CHAR[m.kind], m) for m in mentions if id(m) not in brands
    ]
    spans += [(m.start, m.end, _RANK[VENDOR], VENDOR, m.model.vendor) for m in mentions if id(m) in brands]
    for hit in hits:
        kind = hit.term.kind
        if kind in {"vendor", "short"}:
            spans.append((hit.start, hit.end, _RANK[VENDOR], VENDOR, hit.term.key))
        elif kind in {"product", "noun"}:
            char = PRODUCT if kind == "product" else _noun(text.low[hit.start : hit.end])
            start = _compound(text, hit.start) if kind == "noun" else hit.start
            spans.append((start, hit.end, _RANK[char], char, None))
    spans += [(*gloss, _RANK[VENDOR], "", None) for m in mentions if (gloss := _gloss(text, m.end))]
    spans += [(m.start, match.end(), _RANK[VENDOR], "", None) for m in mentions if (match := _MEASURE.match(text.norm, m.end))]
    return sorted(spans, key=lambda span: (span[0], -span[1], span[2]))


def _compound(text: Folded, start: int) -> int:
    """Where a word for model begins that a hyphen joins to a word written small (video-language models)."""
    match = _JOINED.search(text.norm[max(start - 32, 0) : start])
    return start - len(match[0]) if match else start


_JOINED = re.compile(r"(?<![A-Za-z0-9-])(?:[a-z]{2,}-)+$")


def _brand(text: Folded, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether a family's bare name is only whose line the next model is of, by the same maker (豆包Seedance 2.5)."""
    if mention.kind != "bare" or mention.family is None:
        return False
    return any(
        other.kind == "model"
        and other.family
        and other.family.vendor == mention.family.vendor
        and other.family.key != mention.family.key
        and text.norm[mention.end : other.start] in {"", " "}
        for other in mentions
        if other.start >= mention.end
    )


def _gloss(text: Folded, end: int) -> tuple[int, int] | None:
    """Where a Korean text spells a name out behind it ('젬'(General Embedding Model) 공개): it parts the name from its verb."""
    match = _GLOSS.match(text.norm, end)
    return match.span(1) if match and has_hangul(text.norm) else None


# What a name is measured by, right before it (GPT-5 rival Palaquin 2): it is no object of the verb.
_MEASURE = re.compile(
    r"(?:'s)?[ -](?:rival|killer|challenger|competitor|contender|alternative|beating)(?: model)?,? (?=['\"]?[A-Z])"
)
_GLOSS = re.compile(r"['\"’”」]?(\([A-Za-z][A-Za-z0-9 ,.&'-]{3,80}\))")


def mask(name: str, text: Folded, hits: Sequence[Hit], mentions: Sequence[Mention]) -> View:
    """Lay names over the text, leftmost longest, and write the masked text."""
    out: list[str] = []
    starts: list[int] = []
    view_mentions: dict[int, Mention] = {}
    vendors: dict[int, str] = {}
    others: dict[int, tuple[int, int]] = {}
    at = 0
    size = 0
    for start, end, _, char, what in _laid(text, hits, mentions):
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
            others[size] = (start, end)
        out.append(char)
        starts.append(start)
        size += 1
    out.append(text.norm[at:])
    starts.extend(range(at, len(text.norm) + 1))
    masked = "".join(out)
    if chinese(text.norm) and not japanese_title(text.norm):
        masked = simplified(masked)
    return View(name, text, masked, tuple(starts), view_mentions, vendors, others)
