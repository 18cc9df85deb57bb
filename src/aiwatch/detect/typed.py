"""A model's name by itself, as a person types it."""

from __future__ import annotations

from aiwatch.detect.learned import NOTHING
from aiwatch.detect.lexicon import known
from aiwatch.detect.naming import Mention, build, told_apart
from aiwatch.model import Model
from aiwatch.rules import Family, RuleSet
from aiwatch.text import fold


def model_named(name: str, rules: RuleSet) -> Model:
    """The model of that name: the lexicon's where it is one of its families, with the version and variant that follow."""
    found = _whole(name, rules)
    return told_apart(found.model if found else build(name.strip(), modality=rules.kind_within(name)), rules)


def family_named(name: str, rules: RuleSet) -> Family | None:
    """The family of the lexicon that the name is of, with or without version and variant, in whatever letters it is written."""
    found = _whole(name, rules)
    return found.family if found else None


def _whole(name: str, rules: RuleSet) -> Mention | None:
    """The lexicon's model that the name is from end to end."""
    text = fold(name.strip())
    found = known("title", text, rules.hits(text.low), rules, NOTHING)
    return next((one for one in found if (one.start, one.end) == (0, len(text.low))), None)
