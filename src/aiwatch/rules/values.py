"""What a rule set is made of: vendors, families, words and rules, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiwatch.model import EMPTY, Modality, Stage, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A maker of models. ``short`` names are common words as well and count only beside other evidence."""

    name: str
    names: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of models; see the head of ``families.toml`` for what the flags mean."""

    key: str
    vendor: str
    names: tuple[str, ...]
    shown: str
    modality: Modality = Modality.TEXT
    open: bool = False
    bare: bool = True
    witness: bool = False
    weak: bool = False
    versioned: tuple[str, ...] = ()
    prefix: str | None = None
    first: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern over the text in which names are masked. ``place`` is where the rule stands, for messages."""

    id: str
    why: str
    pattern: str
    weight: float
    group: str = ""
    field: str = "any"
    stage: Stage | None = None
    names: str = ""  # what the names within the match are: subject, context, new
    tiers: tuple[Tier, ...] = ()
    factor: float = 0.5  # of the weight, where it fires in the summary
    language: str | None = None  # ko, ja or zh: it is tried in texts of that language alone
    of: str = ""  # what a rumour is of that names no model: one story for all outlets
    match: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Word lists beside the names: products that are not models, variants, nouns, kinds, homonyms, outlets."""

    products: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    modalities: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    homonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    outlets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    unnameable: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    trades: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Everything the files say, checked, before it is compiled."""

    vendors: Mapping[str, Vendor]
    families: Mapping[str, Family]
    words: Words
    rules: tuple[Rule, ...]
    threshold: float
    weights: Mapping[str, float]
    digest: str = ""
    raw: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
