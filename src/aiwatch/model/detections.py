"""What was found in an item, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.model.kinds import Modality, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One rule that fired: ``getattr(item, field)[start:end] == matched``."""

    rule: str
    field: str
    start: int
    end: int
    matched: str
    weight: float
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named AI model. ``name`` is canonical where the lexicon has it; spellings of one model meet in ``identity.identity``."""

    name: str
    vendor: str | None = None
    family: str = ""
    version: str = ""
    variant: str = ""
    modality: Modality = Modality.TEXT
    known: bool = False  # the lexicon has it, or its family
    # as the text has it; empty where a rule says what a rumour is of (OpenAI web search product): that is no name
    spelled: str = ""
    kind_words: tuple[str, ...] = ()  # those of the variant that only a person's own rules hold for a kind of model

    @property
    def key(self) -> str:
        """Family, version and variant; the vendor is left out because outlets often leave it out."""
        return "|".join((self.family or self.name.casefold(), self.version, self.variant))


# The newest that later items are judged by: some years of them, read in 15 ms, made ready in 10 (130 the first time).
HEARD_NAMES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardName:
    """A name that no list has and an item announced."""

    name: str
    vendor: str | None
    modality: Modality
    item_id: str
    said: bool = False  # maker and kind are a person's word, which stands over what other items say


def places(score: float, threshold: float) -> int:
    """With how many decimals a score is told beside its bar: two, unless what is below it would read as if it were not."""
    apart = (n for n in (2, 3) if (round(score, n) >= round(threshold, n)) is (score >= threshold))
    return next(apart, 6)


def held_back(lacking: Sequence[Evidence], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What kept an item from more: rules that lacked something; where none did, what speaks against it, the strongest first."""
    against = sorted((one for one in evidence if one.weight < 0), key=lambda one: one.weight)
    return tuple(lacking) or tuple(against)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What the rules say of one item; kept whether or not it passed. ``score`` is the sum of the evidence's weights."""

    item_id: str
    announcement: bool
    stage: Stage
    models: tuple[Model, ...] = ()
    score: float = 0.0
    threshold: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    near: tuple[Evidence, ...] = ()  # rules that nearly counted, and why not; outweighed ones have their weight
    rules: str = ""  # digest of the rule set
    maker: str | None = None  # who announces a model without its name; not kept with the item
    called: bool = False  # it says in so many words that the name is a model's; not kept with the item
    guessed: bool = False  # its title was read off its address; not kept with the item
    apart: bool = False  # a person says that it belongs to no story that is there; not kept with the item

    @property
    def given(self) -> tuple[HeardName, ...]:
        """The names in no list that it gives: an announcement's, plain ones where a model is called so; a rumour's with a version.

        An address gives none: ``/news/news260120`` would make a family of News.
        """
        rumour = self.stage is Stage.RUMORED
        if self.guessed or not (self.announcement or rumour):
            return ()
        plain = self.called and not rumour
        unlisted = (model for model in self.models if not model.known and (model.version or model.variant or plain))
        return tuple(HeardName(name=m.name, vendor=m.vendor, modality=m.modality, item_id=self.item_id) for m in unlisted)

    @property
    def scored(self) -> str:
        """The score against its bar: ``4.10 of 4.40 needed``."""
        n = places(self.score, self.threshold)
        return f"{self.score:.{n}f} of {self.threshold:.{n}f} needed"

    @property
    def short_by(self) -> str:
        """What is lacking to the bar."""
        return f"{max(0.0, self.threshold - self.score):.{places(self.score, self.threshold)}f}"

    @property
    def lacking(self) -> tuple[Evidence, ...]:
        """The rules that nearly counted and lacked something; what a stronger one of its group outweighs lacks nothing."""
        return tuple(one for one in self.near if not one.weight)

    @property
    def held_back(self) -> tuple[Evidence, ...]:
        """What kept it from more."""
        return held_back(self.lacking, self.evidence)

    @property
    def near_miss(self) -> bool:
        """Just below the bar: worth a line in the digest's tail."""
        return not self.announcement and self.stage is Stage.NONE and bool(self.models) and self.score >= 0.6 * self.threshold
