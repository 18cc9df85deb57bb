"""What a rule set is made of: vendors, families, words and rules, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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
    kin: bool = False
    dash: bool = False
    tier_first: bool = False
    versioned: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    prefix: str | None = None
    first: Stage | None = None


class Role(StrEnum):
    """What a rule says that the engine acts on beside its weight; ``docs/detection.md`` lists them for those who write rules."""

    # how a model can be had
    AVAILABLE = "available"  # it can be had
    API = "api"  # through an API or a plan
    MARKETED = "marketed"  # put on the market, as what stays behind an API is
    SHOWN = "shown"  # told of at an announcement, no more
    LATER = "later"  # to be had later or never
    WITHHELD = "withheld"  # its weights come later or never
    OUT = "out"  # something is out, whatever it is
    # how an announcement is framed
    LAUNCHES = "launches"  # as makers do it: Introducing X, Meet X
    OBJECT = "object"  # the model is its object, and what stands before it only describes it
    CLAIMS = "claims"  # what a vendor's new model does
    ENTERS = "enters"  # with a preposition that is also one of comparison
    WHOLE = "whole"  # nothing behind it in its clause belongs to the announcement
    NAMELESS = "nameless"  # a vendor's model is told of without its name
    MAKERLESS = "makerless"  # and without its maker
    # what else is spoken of
    WHOSE = "whose"  # something of the model's is spoken of: its training, its launch
    KIND = "kind"  # the name is a technique's, tool's or service's
    SECOND = "second"  # another thing is launched, with a verb of its own
    SIZED = "sized"  # parameters are counted
    OF_MODELS = "of-models"  # said of models alone
    SIGN = "sign"  # that a model is on its way: of one that is launched in the same title it is a memory
    TELLS = "tells"  # the lead tells that a model is out, without its name
    TAKES_UP = "takes-up"  # the lead goes on about what the title named as "the model"
    DONE = "done"  # the lead tells that a model is made or out, as what has happened
    UNSURE = "unsure"  # it counts where the other field bears it out: a title that says a launch, a lead with what is done
    MONEY = "money"
    PEOPLE = "people"
    HARDWARE = "hardware"


class Group(StrEnum):
    """Groups of rules of which the engine makes more than that only the strongest counts; ``docs/detection.md`` lists them.

    A rule may be in any other group as well, or in none.
    """

    # what frames a name
    CUE = "cue"  # the launch is said, with a verb as a rule
    OPENS = "opens"  # the name opens or heads the title
    APPOSITION = "apposition"  # the name is called a model
    MYSTERY = "mystery"  # a model whose maker nobody knows
    # what else may be told; some of it counts less beside the announcement, see ``detect/asides.py``
    TOPIC = "topic"  # money, law, people, chips, deals, records
    OPINION = "opinion"  # a verdict, advice, an explainer
    COMMENT = "comment"  # what somebody says of a model
    VERSUS = "versus"  # a comparison
    LIST = "list"  # several topics under one title
    ROLE = "role"  # the model is what another thing uses
    OBJECT = "object"  # an app, a tool, a data set is launched
    CHANNEL = "channel"  # a known model in one more place
    UPDATE = "update"  # a model that is out got better
    NOTES = "notes"  # notes, tests and how-tos about a model that is out
    MARKET = "market"  # the market, the race
    REACTION = "reaction"  # how a model was received
    USAGE = "usage"  # what is done with a model
    INCIDENT = "incident"  # what happened to a model
    QUESTION = "question"  # the title asks
    NEGATED = "negated"  # the title denies
    ROUNDUP = "roundup"  # a newsletter, an event, a list of papers


class Names(StrEnum):
    """What the names within a rule's match are, or what else it captures; ``docs/detection.md`` lists them."""

    SUBJECT = "subject"  # what is announced
    CONTEXT = "context"  # not what is announced, but what it is compared with, runs in or replaces
    ABOUT = "about"  # in the lead, what the rule speaks of: it counts only where that is announced
    OTHERS = "others"  # it counts only where vendors stand in it of whom none is the model's maker
    NEW = "new"  # a new name, captured as ``name``
    VENDOR = "vendor"  # who announces it, captured as ``vendor``


SAYS_LAUNCH = 2  # the weight above which a frame is believed to say the launch by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern over the text in which names are masked. ``place`` is where the rule stands, for messages."""

    id: str
    why: str
    pattern: str
    weight: float
    why_ko: str = ""  # the same to a reader of Korean
    group: str = ""  # one of ``Group``, or any other
    field: str = "any"
    stage: Stage | None = None
    names: Names | None = None
    tiers: tuple[Tier, ...] = ()
    factor: float = 0.5  # of the weight, where it fires in the summary
    language: str | None = None  # ko, ja or zh: it is tried in texts of that language alone
    roles: frozenset[Role] = frozenset()
    of: str = ""  # what a rumour is of that names no model, behind its vendor's name: one story for all outlets
    match: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    place: str = ""

    @property
    def calls_model(self) -> bool:
        """Whether its frame calls the name within a model."""
        return self.group == Group.APPOSITION and self.weight > 0

    @property
    def says_launch(self) -> bool:
        """Whether its frame says the launch in so many words; a user's ``[weights]`` may make it so, or undo it."""
        return self.weight > SAYS_LAUNCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Word lists beside the names: products that are not models, variants, nouns, kinds, homonyms, outlets."""

    products: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    modalities: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    homonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    outlets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    variant_uses: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    variant_kinds: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    unnameable: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    nobody: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    trades: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    signs: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: EMPTY)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """What patterns write in braces: its alternatives as the file has them, and the piece of a pattern that they make."""

    name: str
    why: str
    any: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Everything the files say, checked, before it is compiled."""

    vendors: Mapping[str, Vendor]
    families: Mapping[str, Family]
    words: Words
    macros: Mapping[str, Macro]
    rules: tuple[Rule, ...]
    threshold: float
    weights: Mapping[str, float]
    digest: str = ""
    off: tuple[tuple[str, str, str], ...] = ()  # rules that are turned off: id, reason, where that is said
    doubts: tuple[str, ...] = ()  # what of a person's own file is no mistake, and hardly meant so; each with its place
