"""Which model a name means: family, version and variant, normalised, and how near two names are.

The identity joins and the version divides: ``Grok 4`` and ``Grok 4.1`` are two models however alike their headlines, ``Claude Opus 4`` and
``Claude 4 Opus`` are one. Title similarity was measured and does neither: it misses one event told twice (Jaccard 0.12 to 0.50), and
merges different ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

from aiwatch.model import Item, Model, Source, Tier
from aiwatch.names import phonetic
from aiwatch.names.variants import BRANDS, FLAVOURS, GENERIC, KINDS, NUMERALS, SPELLINGS, STAGES, TIERS
from aiwatch.names.vendors import alike, compatible, firm, one_maker, transliterated, vendor_key
from aiwatch.text import flat, is_latin, script_of
from aiwatch.urls import page_key

_SIZE = re.compile(r"(?:\d+(?:\.\d+)?x)?\d+(?:\.\d+)?[bmt](?:[-_ ]?a\d+(?:\.\d+)?b)?|a\d+(?:\.\d+)?b|e\d+b")
_GROWN = re.compile(r"([a-z]+)(\d+(?:\.\d+)?)")
_WORD = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*")
_PARTED = re.compile(r"[a-z0-9.]+(?=[ぁ-ヴ一-鿿])|.+")  # coder预览版 is two words


READINGS = 16  # of a variant, each word of which may have several


class Nearness(IntEnum):
    """How two names stand to each other, weakest first."""

    NONE = 0
    VAGUE = 1  # one of them leaves the version out
    FIRST = 2  # one says version 1, the other says none
    MEMBER = 3  # one names the line-up, the other a member of it; or two sizes of it
    PAIRED = 4  # one is in Chinese characters, the other is not; maker, version and kind are the same
    SOUND = 5  # they sound alike in two scripts
    SAME = 6


@dataclass(frozen=True, slots=True)
class Identity:
    """Normalised parts; ``variant`` is its words joined by ``-``. An empty part was not said."""

    family: str
    version: str
    variant: str
    vendor_key: str
    vendor: str  # as written
    spelled: str  # the family as written, for its sound
    modality: str
    known: bool
    kinds: tuple[str, ...] = ()  # words of the variant that say of what kind a model is, beside those that all have

    def is_kind(self, word: str) -> bool:
        """Whether a word of its variant makes it a model of its own kind."""
        return word in KINDS or word in self.kinds

    @property
    def key(self) -> str:
        """The exact identity: family, version and variant."""
        return f"{self.family}|{self.version}|{self.variant}"

    @property
    def line(self) -> str:
        """The line-up it belongs to: family and version."""
        return f"{self.family}|{self.version}|*"

    @property
    def undated(self) -> str:
        """The version without the day that a snapshot's name has behind it (3 of ``3-0324``, ``4-2512``, ``4-20250514``)."""
        return _SNAPSHOT.sub("", self.version)

    def taken(self, at: datetime) -> datetime | None:
        """The day that a snapshot's name gives (0324 of ``3-0324``); without a year it is that day's nearest to a time."""
        match = _SNAPSHOT_DAY.search(self.version)
        if match is None:
            return None
        years = [2000 + int(match["year"])] if match["year"] else [at.year - 1, at.year, at.year + 1]
        days = (_day(year, int(match["month"]), int(match["day"])) for year in years)
        return min((day for day in days if day), key=lambda day: abs(day - at), default=None)

    @property
    def size_only(self) -> bool:
        """Its variant is nothing but a size (``70b``, ``30b-a3b``)."""
        return bool(self.variant) and all(is_size(word) for word in self.variant.split("-"))

    @property
    def member(self) -> bool:
        """Its variant makes it a member of a line-up: words of size or rank, or names of its own, but no other kind of model."""
        return bool(self.variant) and not any(map(self.is_kind, self.variant.split("-")))

    @property
    def joined(self) -> tuple[str, str]:
        """The name with its kind written onto the family, and what is left of the variant: Hunyuan Image 5 is HunyuanImage 5."""
        words = self.variant.split("-") if self.variant else []
        kinds = filter(self.is_kind, words)
        return self.family + "".join(kinds), "-".join(word for word in words if not self.is_kind(word))

    @property
    def glued(self) -> tuple[str, str]:
        """The name with its version grown onto the family: a number behind two letters may be one or not (BT500, BT-500)."""
        return self.family + self.version, self.variant

    @property
    def core(self) -> tuple[str, ...]:
        """The variant's words without sizes and flavours: what is left of ``coder-480b-a35b-instruct`` is ``coder``."""
        words = self.variant.split("-") if self.variant else []
        return tuple(sorted(word for word in words if word not in FLAVOURS and not is_size(word)))


# The day of a snapshot behind a version, as makers of APIs and repositories write it: 20260901, 260901, 2609, 0901, or the year alone.
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_SNAPSHOT = re.compile(rf"(?<=\d)-(?:(?:20)?[23]\d{_MONTH}{_DAY}|[23]\d{_MONTH}|{_MONTH}{_DAY}|20[23]\d)$")
_SNAPSHOT_DAY = re.compile(rf"-(?:(?:20)?(?P<year>[23]\d))?(?P<month>{_MONTH})(?P<day>{_DAY})$")


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:  # the 31st of April
        return None


def is_size(word: str) -> bool:
    """Whether a word of a name, in small letters, says how large it is: 70b, 8x22b, a3b, 30b-a3b, 1t."""
    return _SIZE.fullmatch(word) is not None


def _version(text: str) -> str:
    """``V3.0`` is ``3``; ``4.1`` stays."""
    bare = re.sub(r"^v(?:ersion)?\.?(?=\d)", "", re.sub(r"\s+", "", flat(text)))
    return NUMERALS.get(bare) or re.sub(r"(?<=\d)(?:\.0)+$", "", bare)


def _words(text: str) -> list[str]:
    parts = (part for word in _WORD.findall(flat(text)) for part in _PARTED.findall(word))
    return [SPELLINGS.get(word, word) for word in parts if word not in STAGES]


def _without_vendor(family: str, vendor: str | None) -> str:
    """``runway gen`` of Runway is ``gen``: outlets put the maker before the name as they like.

    ``deepseek`` of DeepSeek stays, and so does ``rakuten ai`` of Rakuten: what is left must be a name.
    """
    words, maker = flat(family).split(), flat(vendor or "").split()
    for prefix in (maker, maker[:1]):
        if prefix and words[: len(prefix)] == prefix and set(words[len(prefix) :]) - GENERIC:
            return " ".join(words[len(prefix) :])
    return family


def _numbered(family: str) -> tuple[str, str]:
    """A family and the version that its name ends with in words: ``Zephyros IV`` and ``Zephyros Four`` are Zephyros 4."""
    *words, last = flat(family).replace("-", " ").split() or [""]
    return (" ".join(words), NUMERALS[last]) if words and last in NUMERALS else (family, "")


def _whole(family: str) -> str:
    return re.sub(r"[\W_]+", "", flat(family))


@lru_cache(maxsize=8192)
def identity(model: Model) -> Identity:
    """The identity of a model by its parts; a name without any is its family."""
    family, version, variant = _without_vendor(model.family or model.name, model.vendor), model.version, model.variant
    if not version:
        family, version = _numbered(family)
    if _whole(family) in TIERS and (maker := flat(model.vendor or "").split()):
        family, variant = maker[0], f"{family} {variant}"  # Large 4 of Mistral AI is Mistral Large 4
    whole = _whole(family) or flat(model.name).strip()
    if not version and (grown := _GROWN.fullmatch(whole)) and grown[1] in BRANDS:
        whole, version = grown.groups()  # Hy3
    return Identity(
        family=BRANDS.get(whole, whole),
        version=_version(version),
        variant="-".join(_words(variant)),
        vendor_key=vendor_key(model.vendor),
        vendor=model.vendor or "",
        spelled=family,
        modality=model.modality,
        known=model.known,
        kinds=model.kind_words,
    )


@lru_cache(maxsize=8192)
def sounds(one: Identity) -> frozenset[str]:
    """Keys that spellings of this model in other scripts share: ``~sound of the family|version|sound of the variant``."""
    families = phonetic.sounds(one.spelled)
    if one.spelled.isascii() and one.spelled.isalpha() and len(one.spelled) <= 5:
        families |= phonetic.sounds(one.spelled.upper())  # GPT is read letter by letter: 지피티
    variants = _variant_keys(one) | ({""} if one.size_only else set())  # outlets abroad leave the size out
    return frozenset(f"~{sound}|{one.version}|{variant}" for sound in families for variant in variants)


def _variant_sounds(variant: str) -> Iterable[tuple[str, ...]]:
    """How a variant's words may sound, one after the other; of a name of many words no more ways than anybody would say it."""
    readings: list[tuple[str, ...]] = [()]
    for word in variant.split("-") if variant else ():
        said = sorted(phonetic.sounds(word)) or [word]
        readings = [(*before, sound) for before in readings for sound in said][:READINGS]
    return readings


def _variant_keys(one: Identity) -> set[str]:
    return {"-".join(sorted(reading)) for reading in _variant_sounds(one.variant)}


def nearness(one: Identity, other: Identity) -> Nearness:
    """How near two names are, versions first: two that are both said and differ are never near."""
    if not compatible(one.vendor, other.vendor):
        return Nearness.NONE
    if one.family != other.family:
        same = one.glued == other.glued or (one.version == other.version and one.joined == other.joined)
        return Nearness.SAME if same else _across_scripts(one, other)
    if one.version == other.version:
        near = _within_line(one, other)
        return Nearness.SOUND if near is Nearness.SAME and not one_maker(one.vendor, other.vendor) else near
    return _across_versions(one, other)


def _across_versions(one: Identity, other: Identity) -> Nearness:
    """How near they are where one says no version, or the day of a snapshot with it."""
    if {one.version, other.version} == {"", "1"} and one.variant == other.variant:
        return Nearness.FIRST
    if one.undated == other.version or one.version == other.undated:
        return min(_within_line(one, other), Nearness.MEMBER)
    if "" in (one.version, other.version) and (one.variant == other.variant or "" in (one.variant, other.variant)):
        return Nearness.VAGUE
    return Nearness.NONE


def _within_line(one: Identity, other: Identity) -> Nearness:
    if one.variant == other.variant or sorted(one.variant.split("-")) == sorted(other.variant.split("-")):
        return Nearness.SAME
    if is_latin(one.variant) != is_latin(other.variant) and _variant_keys(one) & _variant_keys(other):
        return Nearness.SOUND
    if one.core == other.core:
        return Nearness.MEMBER
    if not one.version:  # "Nova Pro" and "Nova Reel" of no version: nothing says they came together
        return Nearness.MEMBER if _ranked(one, other) else Nearness.NONE
    whole = (not one.variant and other.member) or (not other.variant and one.member)
    return Nearness.MEMBER if whole else Nearness.NONE


def _ranked(one: Identity, other: Identity) -> bool:
    """Two names of which one says the rank besides (``Gemini Omni``, ``Gemini Omni Flash``)."""
    first, second = set(one.variant.split("-")), set(other.variant.split("-"))
    return bool(one.variant and other.variant) and (first < second or second < first) and first ^ second <= TIERS


def _across_scripts(one: Identity, other: Identity) -> Nearness:
    """How near two families' names in two scripts are. Two of the lexicon would have met by key; a short sound needs the makers."""
    if one.version == other.version and one.variant == other.variant and phonetic.one_writing(one.family, other.family):
        return Nearness.SOUND
    if script_of(one.spelled) == script_of(other.spelled) or (one.known and other.known):
        return Nearness.NONE
    weight = max((phonetic.weight(_sound_of(key)) for key in sounds(one) & sounds(other)), default=0)
    if weight >= (phonetic.HINT if one.vendor_key and other.vendor_key else phonetic.SURE):
        return Nearness.SOUND if _variant_keys(one) & _variant_keys(other) else Nearness.MEMBER
    return _by_one_maker(one, other)


def _by_one_maker(one: Identity, other: Identity) -> Nearness:
    """How near they are where maker, version and variant are the same: the sounds may differ a little (アイアン, Iron).

    Chinese characters do not tell how a name sounds in Japan, nor what it is abroad (霞 is Kasumi, 天工 is Skywork).
    """
    if not _made(one) & _made(other) or not (one_maker(one.vendor, other.vendor) or transliterated(one.vendor, other.vendor)):
        return Nearness.NONE
    kana = phonetic.one_kana(one.spelled, other.spelled)
    if one.variant != other.variant and not _variant_keys(one) & _variant_keys(other):
        return Nearness.MEMBER if kana and one.core == other.core else Nearness.NONE
    heard, again = (
        [sound for key in sounds(who) if phonetic.weight(sound := _sound_of(key)) >= phonetic.SURE] for who in (one, other)
    )
    if kana or alike(heard, again):
        return Nearness.SOUND
    paired = one.version and one.modality == other.modality and "han" in {script_of(one.spelled), script_of(other.spelled)}
    return Nearness.PAIRED if paired else Nearness.NONE


def _sound_of(key: str) -> str:
    """The family's sound of a key of ``sounds``."""
    return key[1:].partition("|")[0]


def nameless(item: Item, source: Source) -> tuple[str, ...]:
    """The keys of an announcement that names no model: its item, and where it is a vendor's own, its page and its title.

    A vendor's blog, sitemap and list of news are often sources each, and have the same page.
    """
    keys = [f"item|{item.id}"]
    if source.tier is Tier.PRIMARY and source.vendor:
        maker = vendor_key(source.vendor)
        keys += [f"page|{maker}|{page_key(item.url)}"] if item.url else []
        keys.append(f"title|{maker}|{' '.join(flat(item.title).split())}")
    return tuple(keys)


PREFIX = 2  # signs of a maker's sound that begin a key; stored with stories, so it may not be changed


def _made(one: Identity) -> frozenset[str]:
    """The keys that a maker's models of one version share, by how the maker's name begins in whatever script."""
    return frozenset(f"@{sound[:PREFIX]}|{one.version}" for sound in phonetic.sounds(firm(one.vendor_key)))


@lru_cache(maxsize=8192)
def lookup(one: Identity) -> frozenset[str]:
    """The keys under which a story of this model may stand: those of its name, and its maker's in the other scripts."""
    others = {f"{key}|{script}" for key in _made(one) for script in SCRIPTS if script != script_of(one.spelled)}
    return frozenset(_named(one) | others)


SCRIPTS = ("latin", "hangul", "kana", "han")


@lru_cache(maxsize=8192)
def shelf(one: Identity) -> frozenset[str]:
    """The keys that a story of this model answers to: those of its name, its maker's in its own script, and the family's."""
    own = {f"{key}|{script_of(one.spelled)}" for key in _made(one)}
    return frozenset(_named(one) | own | {f"{one.family}|*"})


def _named(one: Identity) -> set[str]:
    """Exact, line-up, sound, and the family's where no version is said."""
    family, variant = one.joined
    found = {one.key, one.line, f"{family}|{one.version}|{variant}", f"{one.family}|{one.undated}|*"} | sounds(one)
    found |= {f"{one.glued[0]}||{one.variant}", f"{_whole(one.spelled)}|{one.version}|{one.variant}"}  # as kept before BRANDS
    if not one.version:
        found.add(f"{one.family}|*")  # any version of the family, lately
    if one.version == "1":
        found.add(f"{one.family}||{one.variant}")
    return found
