"""Which script a text is written in, and which language that shows."""

from __future__ import annotations

import re
from functools import lru_cache

LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"  # within a character class: a letter of the Latin script, with marks or without (Żubr, Lumière)
CAPITALS = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x250) if chr(code).isupper())  # the same, capitals alone
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


def is_latin(name: str) -> bool:
    """Whether the letters of a name are Latin throughout; a spelling with Hangul or kana in it is not."""
    return script_of(name) == "latin"


def script_of(name: str) -> str:
    """The script of a name: ``hangul``, ``kana`` or ``han`` by its first letter that is not Latin, else ``latin``."""
    found = _FOREIGN.search(name)
    return (found.lastgroup or "latin") if found else "latin"


_FOREIGN = re.compile(r"(?P<hangul>[가-힣])|(?P<kana>[ぁ-ゔァ-ヴー])|(?P<han>[一-鿿])")
