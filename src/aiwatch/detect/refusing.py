"""Names that the lexicon has already, as a family's, a maker's or a plain word: whoever accepts one would take it from there."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace

from aiwatch import rules
from aiwatch.detect.candidates import nameable
from aiwatch.detect.typed import family_named
from aiwatch.errors import Unclear
from aiwatch.names.vendors import vendor_key
from aiwatch.rules import Family, RuleSet
from aiwatch.text import fold

_WHAT = {
    "vendor": "a maker in the lexicon, and no model",
    "short": "a maker in the lexicon, and no model",
    "product": "a product in the lexicon, and no model",
    "noun": "a word for models in the lexicon, and no model's name",
    "modality": "a word for a kind of model in the lexicon, and no name",
    "ignored": "in the lexicon as never a model's name",
}


def listed(name: str, maker: str | None, loaded: RuleSet, where: str) -> Family | None:
    """The lexicon's family that has ``name``, in whatever letters, by its maker under the rules ``loaded``; None where it has none.

    Raises Unclear where that is another maker's than ``maker``; ``where`` is the overlay, which can say otherwise.
    """
    found = family_named(name, rules.load())
    if found is None:
        return None
    family = replace(found, vendor=loaded.family(found.key).vendor)
    if maker is None or vendor_key(maker) == vendor_key(family.vendor):
        return family
    of = "" if name == family.key else f", of the family {family.key}"
    raise Unclear(
        f"{name} is {family.vendor}'s in the lexicon{of}; nothing was written. One item that is of {maker}: `aiwatch label ITEM yes "
        f"--vendor {shlex.quote(maker)}`. Another spelling: `aiwatch names accept {shlex.quote(family.key)} --also OTHER`. "
        f"[families] of {where} can say otherwise of all that is called so"
    )


def plain(family: str, where: str) -> None:
    """Raises Unclear for a name that would be found in texts of everything: a maker's, a product's, a word of the language, a number."""
    if what := _plain(family, rules.load()):
        raise Unclear(
            f"{family} is {what}; nothing was written. One launch under that name: `aiwatch label ITEM yes --name NAME --vendor MAKER`. "
            f"[families] of {where} can have it all the same"
        )


def _plain(family: str, lexicon: RuleSet) -> str | None:
    low = fold(family).low
    whole = {hit.term.kind for hit in lexicon.hits(low) if (hit.start, hit.end) == (0, len(low))}
    if found := next((what for kind, what in _WHAT.items() if kind in whole), None):
        return found
    if not any(map(str.isalpha, low)):
        return "a number, and no name"
    if low in lexicon.variants:
        return "a word of many models' names"
    words = [word for word in re.split(r"[\s-]+", low) if word]
    common = (word in lexicon.unnameable["unversioned"] or not nameable(lexicon, word) for word in words)
    return "a common word, and no name" if all(common) else None
