"""How a name sounds, as a key that Hangul, kana and Latin spellings of one name share.

``라마 4 매버릭`` and ``Llama 4 Maverick`` have no letter in common, and a lexicon knows only names it was told. So each spelling is
reduced to the consonants a Korean or Japanese reader would hear: voiced and voiceless merge (a final consonant loses the difference
in Hangul), ``r`` and ``l`` are one, ``f`` and ``v`` become ``p``, vowels vanish except for a mark where the name begins with one.
Where Latin spelling leaves two readings (``r`` before a consonant, ``ch``, initials read as letters) there is a key for each.

Chinese characters are read as their pinyin, as the makers of models spell them (``青鸾`` is Qingluan); how Japanese readers say them
is not known.

The key is a hint and collides for short names: whoever joins by it also asks for version, maker or script (``identity.nearness``,
``detect.heard``).
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

SURE = 3  # sounds that two names must share to be one by that alone
HINT = 2  # sounds that suffice where something else says so too: one maker, one item
_LIMIT = 16  # readings of one name; more would only add noise
_RUN = re.compile(r"[가-힣]+|[一-鿿]+|[ァ-ヴー]+|[ぁ-ゔ]+|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]+(?:\.[0-9]+)*")

# Sound classes: K k/g, P p/b/f/v, T t/d, S s/sh/th, J j/z/ch, M, N, L l/r, H. A stands for a vowel until the end.
_INITIALS = tuple("KKNTTLMPPSSAJJJKTPH")
_FINALS = (
    "", "K", "K", "KS", "N", "NJ", "N", "T", "L", "LK", "LM", "LP", "LS", "LT", "LP", "L", "M", "P", "PS", "T", "T", "N", "T", "T", "K",
    "T", "P", "T",
)  # fmt: skip
_LETTERS = {
    "A": "A", "B": "PA", "C": "SA", "D": "TA", "E": "A", "F": "AP", "G": "JA", "H": "AJ", "I": "A", "J": "JA", "K": "KA", "L": "AL",
    "M": "AM", "N": "AN", "O": "A", "P": "PA", "Q": "KA", "R": "AL", "S": "AS", "T": "TA", "U": "A", "V": "PA", "W": "TAPALA",
    "X": "AKS", "Y": "A", "Z": "JA",
}  # fmt: skip
_KANA_ROWS = {
    "アイウエオヤユヨワヲァィゥェォャュョヮ": "A", "カキクケコガギグゲゴ": "KA", "サシスセソ": "SA", "ザジズゼゾチヂ": "JA",
    "タツテトダヅデド": "TA", "ナニヌネノ": "NA", "ハヒヘホ": "HA", "バビブベボパピプペポフヴ": "PA", "マミムメモ": "MA",
    "ラリルレロ": "LA", "ン": "N", "ッー": "",
}  # fmt: skip
_KANA = {sign: sound for row, sound in _KANA_ROWS.items() for sign in row}
# In this order; each takes what stands at the position. Alternatives after "/" give a second reading.
_LATIN: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), tuple(sounds.split("/")))
    for pattern, sounds in (
        (r"^wr", "L/AL"), (r"^kn", "N/KN"),
        (r"(?<=[aeiou])sion", "JAN"), (r"[ts]ion", "SAN"), (r"tch", "J"), (r"sch", "S"), (r"ch", "J/K"), (r"sh", "S"), (r"stle", "SLA"),
        (r"th", "S/T/J"), (r"(?<=[aeiou])s(?=[aeiou])", "S/J"),
        (r"ph", "P"), (r"gh(?![aeiou])", ""), (r"ck", "K"), (r"zh", "J"), (r"qi", "JA"), (r"qu", "KA"), (r"q", "K"),
        (r"ng(?=[aeiou])", "NK/NJ"), (r"ng(?=[lr])", "NK"), (r"ng", "N"), (r"g(?=[eiy])", "J/K"), (r"g", "K"), (r"c(?=[eiy])", "S"),
        (r"c", "K"), (r"^x", "S/J"), (r"x", "KS"), (r"wh|w", "A"), (r"[dt]", "T"), (r"k", "K"), (r"[bpfv]", "P"), (r"s", "S"),
        (r"[jz]", "J"), (r"m", "M"), (r"n", "N"), (r"l", "L"), (r"r(?=[aeiouy])", "L"), (r"r", "/L"), (r"h(?=[aeiouy])", "H"),
        (r"h", ""), (r"[aeiouy]", "A"),
    )
)  # fmt: skip


def _hangul(run: str) -> str:
    """Sounds of Hangul syllables; the vowel that only carries a consonant (ㅡ) is one like any other."""
    sounds = []
    for sign in run:
        index = ord(sign) - 0xAC00
        sounds.append(_INITIALS[index // 588] + "A" + _FINALS[index % 28])
    return "".join(sounds)


def _latin(run: str) -> list[str]:
    """Sounds of a Latin word, one for each reading."""
    word, readings, at = run.casefold(), [""], 0
    while at < len(word):
        for pattern, sounds in _LATIN:
            if match := pattern.match(word, at):
                readings = [said + sound for said in readings for sound in sounds][:_LIMIT]
                at = match.end()
                break
        else:
            at += 1
    if run.isupper() and 2 <= len(run) <= 5:
        readings.append("".join(_LETTERS.get(sign, "") for sign in run))
    return readings


def _readings(run: str) -> list[str]:
    if run[0].isdigit():
        return [f"<{run}>"]
    if "가" <= run[0] <= "힣":
        return [_hangul(run)]
    if "一" <= run[0] <= "鿿":
        return _latin(anyascii(run).lower())
    if run[0] == "ー" or "ァ" <= run[0] <= "ヴ":
        return ["".join(_KANA.get(sign, "") for sign in run)]
    if "ぁ" <= run[0] <= "ゔ":
        return ["".join(_KANA.get(chr(ord(sign) + 0x60), "") for sign in run)]
    return _latin(run)


def _skeleton(sounds: str) -> str:
    """Drop doubled sounds, then vowels; keep a mark for a vowel at the start."""
    single = re.sub(r"([A-Z])\1+", r"\1", sounds)
    bare = single.replace("A", "").lower()
    return ("a" if single.startswith("A") else "") + re.sub(r"n(?=p)", "m", bare)  # ン before b and p is m: ニンバラ, Nimbara


@lru_cache(maxsize=4096)
def sounds(name: str) -> frozenset[str]:
    """The sound keys of a name, numbers kept apart as ``<4>``; empty where nothing can be said (no letters).

    ``sounds("Maverick") & sounds("매버릭")`` is not empty, and neither is ``sounds("GPT") & sounds("지피티")``.
    """
    text = unicodedata.normalize("NFKC", name)
    text = "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn" or sign in "゙゚")
    runs = _RUN.findall(unicodedata.normalize("NFC", text))
    if not runs:
        return frozenset()
    readings = itertools.islice(itertools.product(*(_readings(run) for run in runs)), _LIMIT)
    keys = {_skeleton("".join(reading)) for reading in readings}
    return frozenset(key for key in keys if re.search("[b-z]", re.sub("<.*?>", "", key)))


def one_kana(one: str, other: str) -> bool:
    """Whether one of two names is in kana, and the other is how it is written in Latin letters (ツユ, Tsuyu; コウ, Ko).

    It asks for every sound, and so needs not many of them: アオイ has no consonant at all.
    """
    kana, latin = sorted((one, other), key=str.isascii)
    return _KANA_NAME.fullmatch(kana) is not None and latin.isascii() and bool(roman := _roman(kana)) and roman == _roman(latin)


_KANA_NAME = re.compile("[ぁ-ゔァ-ヴー]+")


def _roman(name: str) -> str:
    """A name in Latin letters, its long vowels short: they are written in many ways, and mostly not at all."""
    letters = re.sub("[^a-z]", "", anyascii(unicodedata.normalize("NFKC", name)).lower())
    return re.sub(r"([aeiou])\1+", r"\1", re.sub("ou", "o", letters))


def one_writing(one: str, other: str) -> bool:
    """Whether two names differ at most in that one is written in traditional characters: 墨雲, 墨云.

    Character by character they are read the same, and one of the two is none of the simplified set; 星辰 and 星尘 are two names.
    """
    return len(one) == len(other) and all(a == b or _traditional(a, b) for a, b in zip(one, other, strict=True))


def _traditional(one: str, other: str) -> bool:
    han = "一" <= one <= "鿿" and "一" <= other <= "鿿"
    return han and anyascii(one) == anyascii(other) and not (_simplified(one) and _simplified(other))


def _simplified(sign: str) -> bool:
    """Whether a character is in the set that simplified Chinese is written with; GB 2312 holds no other."""
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def alike(one: str, other: str, least: int) -> bool:
    """Whether two names share a sound that rests on so many."""
    return any(weight(key) >= least for key in sounds(one) & sounds(other))


def weight(key: str) -> int:
    """How many sounds a key rests on; below ``SURE`` it says little. The mark of a vowel at the start counts as one."""
    return len(re.sub("<.*?>", "", key))
