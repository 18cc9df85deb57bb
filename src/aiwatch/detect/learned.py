"""Names in no list that an earlier item announced, and who makes them: known from then on, until a person ignores them.

    Detection.given ──> HeardName, kept by the store ──> known_by ──> Heard ──> detect

What the next reports of a day say of ``Zephyros 4`` need not say again that it is a model, or that Quillon makes models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import ahocorasick_rs

from aiwatch.detect.candidates import nameable
from aiwatch.detect.naming import parts_of
from aiwatch.model import EMPTY, HEARD_NAMES, HeardName
from aiwatch.names import phonetic
from aiwatch.names.vendors import firm
from aiwatch.rules import Family, Hit, RuleSet, Term, TermKind
from aiwatch.rules.builtin import NameRule
from aiwatch.text import FoldedText, bounded, lowered, script_of

KEPT = 2 * HEARD_NAMES  # of what was made of names: two rule sets
MAX_WORDS = 3  # of a name; longer ones are titles
MIN_LATIN, MIN_OTHER = 4, 2  # characters that a name has at least: shorter ones are in every text


@dataclass(frozen=True)
class Heard:
    """Families and makers by their folded spelling, and what told each first: a family and a maker of one spelling by different items."""

    families: Mapping[str, Family] = field(default_factory=lambda: EMPTY)
    makers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    told_by: Mapping[str, HeardName] = field(default_factory=lambda: EMPTY)  # families
    makers_by: Mapping[str, HeardName] = field(default_factory=lambda: EMPTY)

    def __bool__(self) -> bool:
        return bool(self._terms)

    @cached_property
    def _terms(self) -> list[tuple[str, str, Term]]:
        """Every name: folded, as it is written, and what it stands for."""
        families = ((low, family.key, Term(TermKind.HEARD, low)) for low, family in self.families.items())
        return [*families, *((low, maker, Term(TermKind.VENDOR, maker)) for low, maker in self.makers.items())]

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick([low for low, _, _ in self._terms], matchkind=ahocorasick_rs.MatchKind.Standard)

    def hits(self, text: FoldedText) -> list[Hit]:
        """Every heard name that stands in a text as a name."""
        if not self._terms:
            return []
        found = self._automaton.find_matches_as_indexes(text.low, overlapping=True)
        spelled = ((*self._terms[at][1:], start, end) for at, start, end in found)
        return [Hit(start, end, term) for name, term, start, end in spelled if _written(name, term, text, start, end)]

    @cached_property
    def _sounds(self) -> dict[str, set[str]]:
        """The folded spellings of families by how they sound, where that says enough."""
        table: dict[str, set[str]] = {}
        for low, family in self.families.items():
            for key in phonetic.sounds(family.key):
                if phonetic.weight(key) >= phonetic.SURE:
                    table.setdefault(key, set()).add(low)
        return table

    def sounding(self, stem: str) -> HeardName | None:
        """What told first the one family that sounds like ``stem`` and is written in another script (팔란퀸, Palanquin)."""
        alike = set[str]().union(*(self._sounds.get(key, ()) for key in phonetic.sounds(stem))) if self.families else set[str]()
        other = [low for low in alike if script_of(low) != script_of(stem)]
        return self.told_by[other[0]] if len(other) == 1 else None

    def maker(self, vendor: str) -> HeardName | None:
        """What told of a maker first that is in no list; None for those of the lexicon."""
        low = lowered(vendor)
        return self.makers_by[low] if self.makers.get(low) == vendor else None

    def teller(self, family: Family | None) -> HeardName | None:
        """What told a family first that is none of the lexicon's; None for those of the lexicon."""
        low = lowered(family.key) if family else ""
        return self.told_by[low] if family is not None and self.families.get(low) is family else None


def _written(name: str, term: Term, text: FoldedText, start: int, end: int) -> bool:
    """Whether a name stands there: with a capital where it has one (``large`` is a word), a maker's not as part of a longer one."""
    if not bounded(text.low, start, end) or (name[0].isupper() and text.norm[start].islower()):
        return False
    return term.kind is TermKind.HEARD or bool(_ENDS.match(text.norm, end))


_ENDS = re.compile(r"(?![0-9A-Za-z가-힣])|[가-힣]{1,3}(?![0-9A-Za-z가-힣])")  # a word's end, or a particle's

NOTHING = Heard()


def known_by(names: Sequence[HeardName], rules: RuleSet) -> Heard:
    """What is to be made of names, oldest first: of each the family and the maker, the first one's or, later, a person's.

    With the weight ``name.heard`` at nought, nothing.
    """
    if not rules.weight(NameRule.HEARD):
        return NOTHING
    families: dict[str, Family] = {}
    makers: dict[str, str] = {}
    told_by: dict[str, HeardName] = {}
    makers_by: dict[str, HeardName] = {}
    for name in names[-HEARD_NAMES:]:
        maker, family = _heard_maker(name.vendor, rules), _heard_family(name, rules)
        if maker:
            makers.setdefault(maker, name.vendor or "")
            makers_by.setdefault(maker, name)
        if family:
            low = lowered(family.key)
            if name.said or low not in told_by:
                told_by[low] = name
            if low not in families or (families[low].bare and not family.bare):
                families[low] = family
            if name.said:
                families[low] = replace(families[low], vendor=family.vendor, modality=family.modality)
    return Heard(families, makers, told_by, makers_by)


@lru_cache(maxsize=KEPT)
def _heard_maker(vendor: str | None, rules: RuleSet) -> str | None:
    """The folded spelling of a maker in no list; None for those of the lexicon, and for what can be no name."""
    low = lowered(vendor or "")
    unfit = (
        vendor is None
        or rules.vendor(vendor)
        or not rules.piece("manner").sub("", low)
        or not _fit(vendor, low, rules, firm(low))
    )
    return None if unfit else low


@lru_cache(maxsize=KEPT)
def _heard_family(name: HeardName, rules: RuleSet) -> Family | None:
    """A heard name as a family; None where it can be no name, or is the lexicon's own."""
    stem = family_of(name.name, rules)
    low = lowered(stem)
    if not _fit(stem, low, rules) or low in rules.variants or low in rules.unnameable["unversioned"]:
        return None
    _, version, variant = parts_of(name.name)
    bare = not (version or variant)
    return Family(key=stem, vendor=name.vendor or "", names=(stem,), shown=stem, modality=name.modality, bare=bare, witness=True)


def _fit(name: str, low: str, rules: RuleSet, bare: str = "") -> bool:
    """Whether a name is neither too short nor too long, a name at all (``bare``: without what firms put behind theirs), and in no list."""
    if (
        len(low) < (MIN_LATIN if low.isascii() else MIN_OTHER)
        or len(name.split()) > MAX_WORDS
        or not nameable(rules, bare or name)
    ):
        return False
    hits = rules.hits(low)
    whole = any(hit.end - hit.start == len(low) and hit.term.kind in _LISTED for hit in hits)
    return not whole and not any(hit.start == 0 and hit.term.kind is TermKind.FAMILY for hit in hits)


_LISTED = {TermKind.VENDOR, TermKind.SHORT, TermKind.LATER, TermKind.PRODUCT, TermKind.NOUN, TermKind.MODALITY, TermKind.IGNORED}


def family_of(name: str, rules: RuleSet) -> str:
    """The part of a name that its next version will share (``Zephyros`` of ``Zephyros 4 Pro``), unless the lexicon has that already."""
    wanted = re.sub(r"[\W_]+", "", parts_of(name)[0])
    for end in range(1, len(name) + 1):
        head = name[:end]
        if re.sub(r"[\W_]+", "", head.casefold()) == wanted and not name[end : end + 1].isalpha():
            return name if rules.lists(head) or re.search(r"\d", head) else head
    return name
