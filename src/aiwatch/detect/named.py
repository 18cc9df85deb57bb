"""A model's name by itself, as a person types it."""

from __future__ import annotations

from aiwatch.detect.heard import NOTHING
from aiwatch.detect.lexicon import known
from aiwatch.detect.naming import build, modality_by_name
from aiwatch.model import Model
from aiwatch.rules import RuleSet
from aiwatch.text import fold


def model_named(name: str, rules: RuleSet) -> Model:
    """The model of that name: the lexicon's where it is one of its families, with the version and variant that follow."""
    text = fold(name.strip())
    whole = (
        one for one in known("title", text, rules.hits(text.low), rules, NOTHING) if (one.start, one.end) == (0, len(text.low))
    )
    found = next(whole, None)
    return found.model if found else build(name.strip(), modality=modality_by_name(name))
