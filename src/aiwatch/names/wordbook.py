"""The words on which stories hang, as data (``rules/stories.toml``): what parts and joins models, makers and steps.

They are asked for where no rule set is at hand, and keys of stored stories are made of them, so nobody's own file changes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Every list of the file, with why it is there and its examples."""
    return tomllib.loads(files("aiwatch").joinpath("rules", "stories.toml").read_text(encoding="utf-8"))


def alternatives(name: str) -> str:
    """A list of patterns as one piece of a pattern."""
    return f"(?:{'|'.join(entries()[name]['any'])})"


def names(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(entries()[name]["names"])


def standing_for(name: str) -> Mapping[str, str]:
    """A list of words that stand for others."""
    found: Mapping[str, str] = entries()[name]["as"]
    return found
