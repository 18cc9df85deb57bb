"""A rule set made ready to run: one automaton for all names, RE2's filters for all patterns."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any

import ahocorasick_rs
import re2

from aiwatch.model import Modality
from aiwatch.names import phonetic
from aiwatch.names.variants import FOLLOWING, KINDS
from aiwatch.rules.directory import Directory
from aiwatch.rules.terms import Hit, Term, TermKind, spelled
from aiwatch.rules.values import Data, Family, Names, Rule, Vendor
from aiwatch.rules.wording import Wording
from aiwatch.text import bounded, fold, has_hangul, has_kana, is_latin, lowered
from aiwatch.urls import host_of

OPENING = 0.6  # of a vendor's families
FILTERS = 32  # kept ready: those of two or three rule sets
PIECES = 512  # macros kept ready: those of two rule sets
ENDINGS = 64  # macros asked for at the end of a text: a dozen, under a few rule sets
SHORT_KIND = 3  # letters of a word for a kind that needs no capital to stand out at a name's end (internvl)
SPECIALTY = 0.7  # of a vendor's families, of one kind

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 16 << 20
    return options


def _filtered(some: list[tuple[int, Rule]]) -> tuple[list[tuple[int, Rule, Any]], Any]:
    """One filter before the patterns of these rules, and each rule with its pattern; none is compiled twice."""
    together = _filter(tuple(rule.pattern for _, rule in some))
    return [(index, rule, together.re(at)) for at, (index, rule) in enumerate(some)], together


@lru_cache(maxsize=FILTERS)
def _filter(patterns: tuple[str, ...]) -> Any:
    """The filter before some patterns, which rule sets that have the same ones share."""
    together = re2.Filter()
    for pattern in patterns:
        together.Add(pattern, _options())
    together.Compile()
    return together


@lru_cache(maxsize=PIECES)
def _piece(pattern: str) -> Any:
    return re2.compile(pattern, _options())


@lru_cache(maxsize=ENDINGS)
def _at_end(pattern: str) -> Any:
    return re2.compile(f"(?:{pattern})$", _options())


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    """Any of the words, Latin ones as a word's beginning, or nothing at all where there are none."""
    begun = (rf"(?<![a-z]){re.escape(word)}" if word[0].isascii() else re.escape(word) for word in words)
    return re.compile("|".join(begun) or "(?!)", re.IGNORECASE)


def _grown_onto(families: Iterable[Family]) -> re.Pattern[str]:
    """A small letter, then a family's Latin name as it is written, and no more of the word."""
    names = {name for family in families for name in (family.key, *family.names) if name.isascii()}
    return re.compile(rf"[a-z](?:{'|'.join(map(re.escape, sorted(names))) or '(?!)'})(?![a-z])")


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Rules and lexicon, ready. Frozen and shared between threads, equal only to itself; ``digest`` names its content."""

    data: Data
    wording: Wording | None = None

    @cached_property
    def digest(self) -> str:
        """The same for the same rules, whatever machine; kept with every detection."""
        own = self.data.digest
        return hashlib.sha256(f"{own}{self.wording.digest}".encode()).hexdigest()[: len(own)] if self.wording else own

    def with_wording(self, wording: Wording | None) -> RuleSet:
        """The same rules with another idea, or none, of how announcements are worded."""
        return replace(self, wording=wording)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The scoring rules, disabled ones left out."""
        return self.data.rules

    @property
    def threshold(self) -> float:
        """The score at which a document counts as an announcement."""
        return self.data.threshold

    def weight(self, name: str) -> float:
        """The weight of a built-in evidence, such as ``name.known``."""
        return self.data.weights[name]

    def family(self, key: str) -> Family:
        """The family of that key; KeyError where the lexicon has none."""
        return self.data.families[key]

    def lists(self, key: str) -> bool:
        """Whether the lexicon has a family of that key, in whatever letters."""
        return key.casefold() in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(key.casefold() for key in self.data.families)

    def later(self, key: str) -> Family:
        """The family of that key as its numbered members are known by their stem alone: only beside their maker."""
        return self._later[key]

    @cached_property
    def _later(self) -> dict[str, Family]:
        return {key: replace(family, weak=True) for key, family in self.data.families.items()}

    def families_called(self, low: str) -> tuple[Family, ...]:
        """The families of that folded spelling."""
        return tuple(self.family(term.key) for term in self._by_spelling.get(low, ()) if term.kind is TermKind.FAMILY)

    def family_called(self, low: str) -> Family | None:
        """The family of that folded spelling whose bare name is no model (Mistral, DeepSeek): it makes members by adding a word."""
        return next((family for family in self.families_called(low) if not family.bare), None)

    def line_called(self, low: str) -> Family | None:
        """The family whose members are listed by their numbers, by what these share (the voyage of voyage-4); None where two share it."""
        keys = {term.key for term in self._by_spelling.get(low, ()) if term.kind is TermKind.LATER}
        return self.family(keys.pop()) if len(keys) == 1 else None

    def sounding(self, name: str, vendors: AbstractSet[str]) -> Family | None:
        """The one family of these vendors that is written in Latin letters and sounds like ``name`` (쓰즈미 of NTT is tsuzumi)."""
        said = phonetic.sounds(name)
        alike = {key for vendor in vendors for key, sounds in self._sounds.get(vendor, ()) if said & sounds}
        return self.family(alike.pop()) if len(alike) == 1 else None

    @cached_property
    def _sounds(self) -> dict[str, list[tuple[str, frozenset[str]]]]:
        """Families by vendor, with how they sound where that says enough: by consonants alone, as it stands for a name of the lexicon."""
        table: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for family in self.data.families.values():
            heard = frozenset(one for one in phonetic.sounds(family.shown) if phonetic.weight(one.lstrip("a")) >= phonetic.SURE)
            if is_latin(family.shown) and heard:
                table.setdefault(family.vendor, []).append((family.key, heard))
        return table

    @cached_property
    def _by_spelling(self) -> dict[str, list[Term]]:
        return spelled(self.data)

    def ignores(self, low: str) -> bool:
        """Whether that folded word is one that is never a name."""
        return any(term.kind is TermKind.IGNORED for term in self._by_spelling.get(low, ()))

    @cached_property
    def unnameable(self) -> dict[str, frozenset[str]]:
        """Words that tell a captured name for what it is not, by where they stand: ``common``, ``within``, ``first``, ``last``, ..."""
        return {where: frozenset(fold(word).low for word in words) for where, words in self.data.words.unnameable.items()}

    def vendor(self, key: str) -> Vendor | None:
        """The vendor of that name, if the lexicon has it."""
        return self.data.vendors.get(key)

    @cached_property
    def labs(self) -> frozenset[str]:
        """Vendors whose trade is models and little else."""
        return frozenset(self.data.words.trades.get("labs", ()))

    @cached_property
    def opening(self) -> frozenset[str]:
        """Vendors nearly all of whose listed families are open: so is what they put out next."""
        shares: dict[str, list[bool]] = {}
        for family in self.data.families.values():
            shares.setdefault(family.vendor, []).append(family.open)
        return frozenset(vendor for vendor, opened in shares.items() if sum(opened) >= OPENING * len(opened))

    @cached_property
    def specialties(self) -> Mapping[str, Modality]:
        """The kind of models that vendors make who do little else: most of their listed families are of it."""
        kinds: dict[str, Counter[Modality]] = {}
        for family in self.data.families.values():
            kinds.setdefault(family.vendor, Counter())[family.modality] += 1
        others = self.data.words.trades.get("other", ())
        found = {vendor: count.most_common(1)[0] for vendor, count in kinds.items() if vendor not in others}
        return {vendor: kind for vendor, (kind, most) in found.items() if most >= SPECIALTY * kinds[vendor].total()}

    @cached_property
    def kin(self) -> re.Pattern[str]:
        """What finds, in a name, a word of its own grown onto a family's (DiffusionGemma, RakutenLlama)."""
        return _grown_onto(family for family in self.data.families.values() if family.kin)

    @cached_property
    def kin_open(self) -> re.Pattern[str]:
        """The same for families whose weights are usually open."""
        return _grown_onto(family for family in self.data.families.values() if family.kin and family.open)

    @cached_property
    def hubs(self) -> frozenset[str]:
        """Vendors on whose pages other makers speak for themselves."""
        return frozenset(self.data.words.trades.get("hubs", ()))

    @cached_property
    def platforms(self) -> frozenset[str]:
        """Vendors whose pages mostly tell of other makers' models."""
        return frozenset(self.data.words.trades.get("platforms", ()))

    @cached_property
    def generalists(self) -> frozenset[str]:
        """Vendors who mostly launch other things: cars, phones, chips, shops, games."""
        return frozenset(self.data.words.trades.get("other", ()))

    @cached_property
    def signs(self) -> dict[str, re.Pattern[str]]:
        """What finds a word for a launch (``launch``), and one that shows that a model is on its way (``coming``)."""
        return {kind: _any_of(self.data.words.signs.get(kind, ())) for kind in ("launch", "coming")}

    @cached_property
    def nobody(self) -> re.Pattern[str]:
        """What finds, in what was captured as a maker, that it is none: how it begins or ends, what it is, or what is in it."""
        words = self.data.words.nobody
        first = [
            re.escape(word) + (r"\b" if word[-1].isascii() and word[-1].isalnum() else "") for word in words.get("first", ())
        ]
        last, whole, within = ([re.escape(word) for word in words.get(where, ())] for where in ("last", "whole", "within"))
        ways = [f"^{word}" for word in first] + [f"{word}$" for word in last] + [f"^{word}$" for word in whole] + within
        return re.compile("|".join(ways) or "(?!)", re.IGNORECASE)

    @cached_property
    def firms(self) -> re.Pattern[str]:
        """What finds, in what was captured as a maker, that it is told by its kind alone."""
        words = [re.escape(word) for word in self.data.words.nobody.get("kind", ())]
        return re.compile(rf"\b(?:{'|'.join(words)})$" if words else "(?!)", re.IGNORECASE)

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(list(self._by_spelling), matchkind=ahocorasick_rs.MatchKind.Standard)

    def hits(self, low: str) -> list[Hit]:
        """Every term that stands in ``low`` as a word, in one pass; overlapping ones too."""
        found: list[Hit] = []
        for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            terms = self._spellings[index]
            if bounded(low, start, end):
                found.extend(Hit(start, end, term) for term in terms)
            elif has_hangul(low[end - 1]) or has_kana(low[end - 1]):
                found.extend(Hit(start, end, term) for term in terms if self._joined(low, start, end, term.kind))
        return found

    def _joined(self, low: str, start: int, end: int, kind: TermKind) -> bool:
        """Whether a kind and the word for model are written together (음성합성모델, コーディングモデル), and this is of them."""
        if kind is TermKind.MODALITY:
            return bounded(low[:end], start, end) and bool(self.piece("compoundmodel").match(low, end))
        if kind is TermKind.NOUN and has_hangul(low[end - 1]):
            return bounded(low[start:], 0, end - start) and bool(self.ending("komade").search(low[:start]))
        return False

    @cached_property
    def _spellings(self) -> list[list[Term]]:
        return list(self._by_spelling.values())

    @cached_property
    def _filters(self) -> dict[tuple[bool, str | None], list[tuple[list[tuple[int, Rule, Any]], Any]]]:
        """The patterns behind filters: RE2 tries a pattern only on texts that have the words without which it cannot match.

        Apart by what they are asked for, whether they capture new names and for which language they are, and by file: a rule of one's own
        leaves the filters of the packaged ones as they are.
        """
        kinds: dict[tuple[bool, str | None], dict[str, list[tuple[int, Rule]]]] = {}
        for index, rule in enumerate(self.rules):
            files = kinds.setdefault((rule.names == Names.NEW, rule.language), {})
            files.setdefault(rule.place.rpartition(":")[0], []).append((index, rule))
        return {kind: [_filtered(some) for some in files.values()] for kind, files in kinds.items()}

    def fired(self, masked: str, *, new: bool, languages: Collection[str]) -> list[tuple[Rule, Any]]:
        """The rules whose patterns occur in ``masked``, each with its compiled pattern, in the order of the files.

        ``new`` asks for those that capture new names, or for all others; tried are those of ``languages`` and those of none.
        """
        encoded = masked.encode("utf-8")
        filters = (one for language in (None, *languages) for one in self._filters.get((new, language), ()))
        found = [some[at] for some, together in filters for at in together.Match(encoded) or ()]
        return [(rule, pattern) for _, rule, pattern in sorted(found, key=itemgetter(0))]

    def piece(self, macro: str) -> Any:
        """A macro as a pattern by itself; KeyError where none is called so."""
        return self._pieces[macro]

    def ending(self, macro: str) -> Any:
        """The same where a text ends with it: what stands right before a place, asked of the text up to there.

        RE2 takes the end of a span for no end of the text.
        """
        return _at_end(self.data.macros[macro].pattern)

    @cached_property
    def _pieces(self) -> dict[str, Any]:
        return {name: _piece(macro.pattern) for name, macro in self.data.macros.items()}

    @cached_property
    def variants(self) -> dict[str, str]:
        """Every spelling of a variant word, folded, to the canonical one."""
        return {fold(name).low: key for key, names in self.data.words.variants.items() for name in (key, *names)}

    @cached_property
    def variant_uses(self) -> dict[str, frozenset[str]]:
        """What some variants are besides: ``listed`` by their canonical spelling, ``small`` and the others by the folded."""
        uses = {use: frozenset(fold(name).low for name in names) for use, names in self.data.words.variant_uses.items()}
        return uses | {"listed": frozenset(self.variants[low] for low in uses.get("listed", ()) if low in self.variants)}

    def kind_within(self, name: str) -> Modality:
        """What a word within a name says of its model's kind; text where none does.

        A word by itself, or written onto another with a capital (QwenVision), a short one also without (internvl). Supervision is none.
        """
        match = self._kinds_within.search(name)
        return self.variant_kinds[match[1].casefold()] if match else Modality.TEXT

    @cached_property
    def _kinds_within(self) -> re.Pattern[str]:
        words = [word for word in self.variant_kinds if word.isascii()]
        short = "|".join(re.escape(word) for word in words if len(word) <= SHORT_KIND)
        any_ = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        begins = rf"(?:^|[-_ 0-9]|(?<=[a-z])(?=[A-Z]|(?:{short or '(?!)'})(?:$|[-_ 0-9])))"
        return re.compile(rf"{begins}(?i:({any_ or '(?!)'}))(?=$|[-_ 0-9])")

    @cached_property
    def variant_kinds(self) -> dict[str, Modality]:
        """What variants say of their model's kind, by their folded spelling."""
        return {fold(name).low: Modality(kind) for kind, names in self.data.words.variant_kinds.items() for name in names}

    @cached_property
    def kind_words(self) -> frozenset[str]:
        """Words of a variant that make a model of another kind, and no member of a line-up: stories' own, and a person's."""
        said = {word for low in self.variant_kinds for word in _BETWEEN_WORDS.split(low)}
        return KINDS | (said - FOLLOWING)

    @cached_property
    def variant_pattern(self) -> re.Pattern[str]:
        """All variant words, longest first, over folded text."""
        words = sorted(self.variants, key=len, reverse=True)
        return re.compile("|".join(re.escape(word) for word in words))

    @cached_property
    def listed_variants(self) -> re.Pattern[str]:
        """The variant words that stand by themselves for members of a line-up, longest first, over folded text."""
        names = sorted((low for low, key in self.variants.items() if key in self.variant_uses["listed"]), key=len, reverse=True)
        return re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names))})(?![a-z])")

    @cached_property
    def directory(self) -> Directory:
        """Whose a name, an address or a feed is."""
        return Directory(tuple(self.data.vendors.values()), self.piece("feedtail"))

    def outlet(self, kind: str, name: str, url: str | None) -> bool:
        """Whether an outlet is of a kind (newsletter, community) by its name or host."""
        low, host = lowered(name), host_of(url or "")
        pattern = self._outlets.get(kind)
        return bool(pattern and (pattern.search(low) or pattern.search(host)))

    @cached_property
    def _outlets(self) -> dict[str, re.Pattern[str]]:
        return {
            kind: re.compile("|".join(rf"(?<![a-z0-9]){re.escape(fold(name).low)}(?![a-z0-9])" for name in names))
            for kind, names in self.data.words.outlets.items()
        }
