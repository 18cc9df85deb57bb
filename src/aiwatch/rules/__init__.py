"""Lexicon and rules as data: the packaged TOML files, overlaid by the user's own ``rules.toml``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from aiwatch.rules import wording
from aiwatch.rules.compiled import RuleSet
from aiwatch.rules.reading import read
from aiwatch.rules.terms import Hit, Term, TermKind
from aiwatch.rules.values import Data, Family, Rule, Vendor, Words
from aiwatch.rules.wording import Wording

__all__ = ["Data", "Family", "Hit", "Rule", "RuleSet", "Term", "TermKind", "Vendor", "Words", "load"]

FILES = (
    "settings.toml",
    "vendors.toml",
    "families.toml",
    "words.toml",
    "macros.toml",
    "cues.toml",
    "cues_en.toml",
    "cues_ko.toml",
    "cues_zh.toml",
    "cues_ja.toml",
)


@lru_cache(maxsize=8)
def load(overlay: str | None = None, overlay_name: str = "rules.toml") -> RuleSet:
    """The packaged rules with ``overlay`` (the text of a TOML file) on top; an empty one has the packaged patterns proven as well.

    Raises RuleError naming file, line and rule of every mistake.
    """
    texts = [(name, files(__package__).joinpath(name).read_text(encoding="utf-8")) for name in FILES]
    if overlay is not None:
        texts.append((overlay_name, overlay))
    return RuleSet(read(texts, proven=overlay is None, own="" if overlay is None else overlay_name), _wording())


@lru_cache(maxsize=1)
def _wording() -> Wording:
    return wording.read(files(__package__).joinpath("wording.tsv").read_text(encoding="utf-8"))
