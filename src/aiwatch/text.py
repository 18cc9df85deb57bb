"""Text as the rules see it: folded for matching, with the way back to what was written.

Folding with an offset map, script classes and boundaries. How names sound is ``phonetic``'s.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "´": "'", "`": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
        "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "—", "―": "—", "−": "-", "﹣": "-", "￨": "|", "｜": "|", "│": "|", "┃": "|",
        "·": "·", "•": "·", "∙": "·", "ᆞ": "·", "⋯": "...", "・": "・", "\t": " ", "\n": " ", "\r": " ", "\u200b": " ", "\ufeff": " ",
        **dict.fromkeys("\v\f\x1c\x1d\x1e\x1f\u2028\u2029", " "),  # breaks of lines and pages, as parsers of feeds take them
    }
)  # fmt: skip


# Lone surrogates cannot be encoded, and the private plane is where masked text keeps its names (``rules.masks``): neither gets in.
_SAME.update(dict.fromkeys((*range(55296, 57344), *range(57344, 57360)), "�"))


LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"  # within a character class: a letter of the Latin script, with marks or without (Żubr, Lumière)
CAPITALS = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())  # the same, capitals alone


_BOLD = "**"
_TRADE = {"™", "®", "℠"}  # Nemotron™ 3 is Nemotron 3
_ESCAPED = ("\\'", '\\"')  # quotes that a site's own escaping left behind: \'Sora\' (1,402 in 16,000 gathered Korean items)
# What nobody sees: controls, soft hyphens, joiners, marks of direction, the selector behind an emoji. Names stand beside it as without.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\U000e0000-\U000e01ef]+"
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


# Characters that only Chinese writes so, and no Japanese or Korean headline.
_ONLY_CHINESE = "发开对应语说时个们为这关级现实价购资东网线让还过进样问题动图视频讯华业务门马长车见认识训练链领产优众發"
_CHINESE = re.compile(f"[{_ONLY_CHINESE}]")
_HAN = re.compile(r"[一-鿿]")
_HANGUL = re.compile(r"[가-힣]")
_KANA = re.compile(r"[ぁ-ヺ]")
_KANA_HANGUL = re.compile(r"[ぁ-ヺ가-힣]")


def has_han(norm: str) -> bool:
    """Whether a Chinese character stands in it, of whatever language."""
    return bool(_HAN.search(norm))


def has_kana(norm: str) -> bool:
    """Whether a Japanese syllable stands in it."""
    return bool(_KANA.search(norm))


def has_digit(text: str) -> bool:
    """Whether a number stands in it."""
    return any(map(str.isdigit, text))


def has_hangul(norm: str) -> bool:
    """Whether a Korean syllable stands in it."""
    return bool(_HANGUL.search(norm))


def chinese(norm: str) -> bool:
    """Whether a text is Chinese: with Han, and no kana or Hangul before what only Chinese writes so (a quotation may follow)."""
    other = _KANA_HANGUL.search(norm)
    return has_han(norm) if other is None else bool(_CHINESE.search(norm[: other.start()]))


# --- scripts ------------------------------------------------------------------------------------------------------------


# Hiragana other than the の that Chinese brands borrow, two kana of any sort, or what only Japanese writes so: characters, and a comma
# behind the maker before a name in its quotes, or 公開 behind them at the end.
_JAPANESE = re.compile(
    "(?s)[\u3041-\u306d\u306f-\u3096発対応実検気価図]|提供開始|語特化|画像生成|動画|音声|[^」』》”、]、[「『]|[」』]公開$|[\u3041-\u3096\u30a1-\u30fa].*[\u3041-\u3096\u30a1-\u30fa]"
)


# Hangul, what only Chinese writes so, three small Latin words or two that join others, before any kana: another language's title.
_OTHER = re.compile(
    f"^[^\u3041-\u3096\u30a1-\u30fa]*[\uac00-\ud7a3{_ONLY_CHINESE}]|^[^\u3041-\u9fff]*?(?:\\b[a-z]+\\b[^\u3041-\u9fff]*?){{3}}"
    "|^[^\u3041-\u9fff]*?(?:\\b(?i:an?|and|are|as|at|be|before|by|for|from|has|have|in|into|is|its?|of|on|over|said|says|the|to|will|with)"
    "\\b[^\u3041-\u9fff]*?){2}"
)


def japanese(norm: str) -> bool:
    """Whether Japanese is written in a text: its Chinese characters then are no Chinese."""
    return bool(_JAPANESE.search(norm))


def japanese_title(norm: str) -> bool:
    """Whether a title is Japanese, and not only followed by a word of it."""
    return japanese(norm) and not _OTHER.search(norm)


@lru_cache(maxsize=8192)
def script(char: str) -> str:
    """``latin`` (alphabets and digits), ``hangul``, ``hiragana``, ``kana`` (Katakana), ``han``, or ``""`` for what parts words."""
    if char.isascii():
        return "latin" if char.isalnum() else ""
    point = ord(char)
    if 0xAC00 <= point <= 0xD7A3 or 0x1100 <= point <= 0x11FF or 0x3130 <= point <= 0x318F:
        return "hangul"
    if 0x3041 <= point <= 0x309F:
        return "hiragana"
    if 0x30A0 < point <= 0x30FA or point in {0x30FC, 0x30FD, 0x30FE} or 0x31F0 <= point <= 0x31FF:
        return "kana"
    if 0x4E00 <= point <= 0x9FFF or 0x3400 <= point <= 0x4DBF or 0xF900 <= point <= 0xFAFF or point in {0x3005, 0x3007}:
        return "han"
    return "latin" if char.isalnum() else ""


# What may follow a Korean noun: particles of case, alone or with one of the auxiliary ones behind (소라에서도), the plural before
# either (클로드들도), the forms of "is" and "calls", and nouns that are written without a blank.
_CASES = (
    "에 에다 에서 에게 에게서 한테 께서 로 으로 로서 으로서 로써 으로써 로부터 으로부터 부터 까지 와 과 랑 하고 보다 처럼 조차 "
    "마저 만 이나"
)
_AUXILIARY = "는 도 만 의 까지 조차 마저 밖에"
_ALONE = "은 는 이 가 을 를 의 도 란 엔 에선 마다 밖에 뿐 까진 부턴 이든 이란 이랑 만은 만이 만을"
_IS = "같은 든 라는 라고 라며 라도 이라 이라는 이라고 이라며 이라도 이며 이고 이다 이자 이어 이었다 인 인데 였다 입니다"
_NOUNS = "별 용 급 판 형 식 측 측은 측이 발 표 사 산 대 및 등 외 내 중 시 후 전 팀 팀은 팀이 앱 앱에 앱의"


def _particles() -> Iterator[str]:
    cases = _CASES.split()
    bare = [*cases, *_ALONE.split(), *(case + more for case in cases for more in _AUXILIARY.split())]
    yield from ("들", *bare, *("들" + one for one in bare), *_IS.split(), *_NOUNS.split())


_PARTICLES = frozenset(_particles())


def bounded(low: str, start: int, end: int) -> bool:
    """Whether ``low[start:end]`` stands as a word, by the script of its own edges.

    Latin: no letter or digit next to it (Hangul, Kana and Han may be: ``GPT-5가``). Hangul: nothing but a non-Hangul
    neighbour before it, and after it a non-Hangul neighbour or a particle (소라를, never 소라게; 라마 never in 드라마). Katakana: no
    Katakana neighbour. Han runs have no blanks between words: free.
    """
    return _left_ok(low, start) and _right_ok(low, end)


def _left_ok(low: str, start: int) -> bool:
    if start == 0:
        return True
    mine, other = script(low[start]), script(low[start - 1])
    if mine == "latin":
        return other != "latin" or (low[start].isdigit() != low[start - 1].isdigit() and low[start].isdigit())
    if mine in {"hangul", "kana"}:
        return other != mine
    return True


_LETTERED = re.compile(r"[hkmrv]\d(?:\.\d)?(?![a-z0-9])")  # a version grown onto a name: DeepSeekV4, KimiK3


def _right_ok(low: str, end: int) -> bool:
    if end >= len(low):
        return True
    mine, other = script(low[end - 1]), script(low[end])
    if mine == "latin":
        return other != "latin" or (low[end - 1].isalpha() and (low[end].isdigit() or bool(_LETTERED.match(low, end))))
    if mine == "kana":
        return other != "kana"
    if mine == "hangul" and other == "hangul":
        return particle_after(low, end) is not None
    return True


def particle_after(low: str, at: int) -> int | None:
    """The end of the particle that fills the Hangul run at ``at``; ``at`` where no Hangul follows; None where it is no particle."""
    end = at
    while end < len(low) and script(low[end]) == "hangul":
        end += 1
    if end == at:
        return at
    return end if low[at:end] in _PARTICLES else None


def is_latin(name: str) -> bool:
    """Whether the letters of a name are Latin throughout; a spelling with Hangul or kana in it is not."""
    return script_of(name) == "latin"


def script_of(name: str) -> str:
    """The script of a name: ``hangul``, ``kana`` or ``han`` by its first letter that is not Latin, else ``latin``."""
    found = _FOREIGN.search(name)
    return (found.lastgroup or "latin") if found else "latin"


_FOREIGN = re.compile(r"(?P<hangul>[가-힣])|(?P<kana>[ぁ-ゔァ-ヴー])|(?P<han>[一-鿿])")
