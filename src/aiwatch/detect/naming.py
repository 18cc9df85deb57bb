"""What a model's name is made of: family, version and variant, its canonical spelling, and the kind it tells."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from aiwatch.model import HeardName, Modality, Model
from aiwatch.names.identity import is_size
from aiwatch.names.variants import FOLLOWING, KINDS, STAGES
from aiwatch.rules import Family, RuleSet
from aiwatch.text import lowered


class MentionKind(StrEnum):
    """What a name in a text is."""

    MODEL = "model"  # a known model's, or one that its family or version makes a model's
    LINE = "line"  # a family's alone, which is no model by itself (Gemini)
    UNKNOWN = "unknown"  # in no list


class Stretch(NamedTuple):
    """A stretch of a field's folded text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate name at ``start:end`` of a field's folded text.

    ``shaped``: an unknown one that its version or size makes a model's (``modelish``), among words that speak of no tool.
    ``told_by``: one that no list has and an earlier item announced; it has no ``family``. ``by_sound``: one of a family that no list
    spells so, in another script.
    """

    kind: MentionKind
    field: str
    start: int
    end: int
    model: Model
    family: Family | None = None
    shaped: bool = False
    told_by: HeardName | None = None
    by_sound: bool = False

    @property
    def stretch(self) -> Stretch:
        """Where it stands."""
        return Stretch(self.field, self.start, self.end)

    @property
    def unlisted(self) -> bool:
        """Whether it is a name in no list, one too that sounds like a heard one."""
        return self.kind is MentionKind.UNKNOWN or self.told_by is not None


# --- parts ------------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\d+(?:\.\d+)*[a-z]{0,2}(?![a-z])|\d+(?:\.\d+)*|[a-z]\.[a-z](?![a-z])|[^\W\d_]+\d+(?:\.\d+)*[a-z]?(?![a-z0-9])|[^\W\d_]+"
)
_WORD_NUMBER = re.compile(r"([^\W\d_]{3,}|[\u4e00-\u9fff\uac00-\ud7a3]{1,2})(\d.*)")
_EDITIONS = "|".join(word for word in sorted(STAGES) if word.endswith("版"))
_GLUED = re.compile(rf"(?<=[a-z0-9])(?=(?:{_EDITIONS}))")  # Borealin预览版 is Borealin
_LETTERED_NUMBER = re.compile(r"[a-z]{1,2}\d+(?:\.\d+)*")
_VERSION_WORDS = frozenset({"v", "ver", "version"})  # what outlets put before a number, where it stands apart


def build(
    name: str, *, vendor: str | None = None, modality: Modality = Modality.TEXT, is_known: bool = False, spelled: str = ""
) -> Model:
    """A model of that name with family, version and variant read off it."""
    family, version, variant = parts_of(name)
    return Model(
        name=name,
        vendor=vendor,
        family=family,
        version=version,
        variant=variant,
        modality=modality,
        known=is_known,
        spelled=spelled or name,
    )


def parts_of(name: str) -> tuple[str, str, str]:
    """Family, version, variant of a canonical name: ``Claude Sonnet 4.5`` is (claude, 4.5, sonnet), ``Qwen3-VL-8B`` (qwen, 3, vl 8b).

    Words before the first number are the family, except variant words after the first; the first number is the version, with a date
    that follows it (``r1-0528``); what is left is the variant, sorted, so that the order of words does not part one model in two.
    """
    family: list[str] = []
    version: list[str] = []
    variant: list[str] = []
    for at, part in enumerate(_tokens(name)):
        if at == 0 and not part[0].isdigit():
            family.append(part)
        elif part[0].isdigit() or _LETTERED_NUMBER.fullmatch(part):
            number = not is_size(part) and (not version or (part.isdigit() and len(part) in {4, 6, 8}))
            (version if number else variant).append(part)
        elif not family or (not version and not variant and part not in FOLLOWING):
            family.append(part)
        else:
            variant.append(part)
    if not family and version:
        family, version = version[:1], version[1:]
    return " ".join(family), "-".join(version), " ".join(sorted(variant))


def _tokens(name: str) -> list[str]:
    """Words and numbers of a name; a number grown onto a word stands alone, the v (or word) of a version falls."""
    parts: list[str] = []
    text = _LETTER_JOINED.sub("v ", _GLUED.sub(" ", lowered(name).replace("·", "")))
    for part, behind in itertools.pairwise([*_TOKEN.findall(text), ""]):
        split = _WORD_NUMBER.fullmatch(part)
        if split:
            parts.extend(split.groups())
        elif part[0] == "v" and part[1:].replace(".", "").isdigit() and parts:
            parts.append(part[1:])
        elif part not in _VERSION_WORDS or not behind[:1].isdigit():  # Koala V is a name, Koala V 2 its version
            parts.append(part)
    return parts


_LETTER_JOINED = re.compile(r"(?<=[a-z])-v (?=\d)")  # Kanana-v 4 is not the fourth Kanana


def compose(family: Family, pieces: list[tuple[str, str]], base: str | None = None) -> str:
    """A family's canonical name with pieces put after it: ``GPT-5.5 mini``. A version the base ends with is not said twice."""
    name = base or family.shown
    dash = "-" if family.dash else " "
    for kind, piece in pieces:
        if kind != "version" or not name.endswith(" " + piece):
            name += (" " if kind == "variant" and piece != "+" else "" if piece == "+" else dash) + piece
    return name


def told_apart(model: Model, rules: RuleSet) -> Model:
    """The model; of what kind the rules at hand hold a word of its variant goes with it, as stories are joined without them."""
    own = rules.kind_words - KINDS
    words = tuple(word for word in model.variant.split() if word in own)
    return replace(model, kind_words=words) if words else model


# --- shape ---------------------------------------------------------------------------------------------------------------------


def modelish(model: Model, rules: RuleSet) -> bool:
    """Whether a name in no list is a model's by its version or its size alone: Foo 2.5, Foo 3 Flash, Foo-7B."""
    return (
        _pointed_once(model.version)
        or bool(model.version and rules.variant_uses["own"] & set(model.variant.split()))
        or sized(model.name)
    )


def _pointed_once(version: str) -> bool:
    """Whether a version is counted as models are: one decimal point, one digit behind it (1.34 and 1.12.4 are software's)."""
    return bool(re.fullmatch(r"\D{0,2}\d\.\d[a-z]?(?:-.*)?", version))


def sized(name: str) -> bool:
    """Whether a name has its size in parameters in it: Foo-70B, Foo 1.5B Instruct."""
    return _SIZED.search(name) is not None


_SIZED = re.compile(r"(?i)(?:(?<![a-z0-9.])\d+|\d\.\d+)[bt](?![a-z0-9])")


# --- kind ---------------------------------------------------------------------------------------------------------------------


def modality_of(pieces: list[tuple[str, str]], default: Modality, rules: RuleSet) -> Modality:
    """What the variant words say of the modality (VL, Coder, TTS, the World of AgentWorld), else the family's."""
    words = [piece for kind, piece in pieces if kind == "variant"]
    told = [rules.variant_kinds[word] for word in map(lowered, words) if word in rules.variant_kinds]
    if Modality.SPEECH in told:
        return Modality.SPEECH
    within = map(rules.kind_within, words)
    return next(iter(told), next((kind for kind in within if kind is not Modality.TEXT), default))


def bears(mention: Mention, maker: str) -> bool:
    """Whether a model's name begins with its maker's (Boltz-3 of Boltz)."""
    return lowered(mention.model.name).startswith(lowered(maker))
