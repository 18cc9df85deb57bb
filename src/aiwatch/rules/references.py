"""Names in rule files that are nobody's: of rules that are weighed or turned off, of makers that a trade or a family is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiwatch.rules.builtin import BUILT_IN
from aiwatch.rules.draft import Draft, meant, slip_of
from aiwatch.text import lowered


def check_names(draft: Draft) -> None:
    """What names a rule or a maker that nobody has would do nothing, and nobody would hear of it."""
    whole = [key for key, entry in draft.rules.items() if "pattern" in entry or "terms" in entry]
    for key, entry in draft.rules.items():
        if entry.get("disabled") and key not in whole:
            said = f"; it is the engine's own: '{key}' = 0 under [weights] turns it off" if key in BUILT_IN else meant(key, whole)
            draft.wrong(draft.place("rule", key, "disabled"), f"rule '{key}' is disabled, and no rule is called so{said}")
    for key in draft.weights:
        if key not in draft.rules and key not in BUILT_IN:
            near = meant(key, [*draft.rules, *BUILT_IN])
            draft.wrong(draft.places["weights", key], f"weights: no rule is called '{key}'{near}")
    makers = {*draft.vendors, *(str(entry.get("vendor")) for entry in draft.families.values())}
    for place, trade, maker in draft.traders:
        if maker not in makers:
            near = meant(maker, draft.vendors)
            draft.wrong(place, f"trades.{trade}: no maker is called '{maker}'{near or '; name it under [vendors]'}")


def check_words(draft: Draft) -> None:
    """What lists of words say of a family or a variant that nobody has would do nothing, either."""
    for key in draft.tables["homonyms"]:
        if key not in draft.families:
            near = meant(key, draft.families) or "; name it under [families]"
            draft.wrong(draft.places["homonyms", key], f"homonyms: no family is called '{key}'{near}")
    words = {lowered(word) for key, names in draft.tables["variants"].items() for word in (key, *names)}
    for use in ("listed", "small", "own"):
        if stray := next((word for word in draft.tables["variant_uses"].get(use, ()) if lowered(word) not in words), None):
            near = meant(stray, draft.tables["variants"]) or "; name it under [variants]"
            draft.doubt(draft.places["variant_uses", use], f"variant_uses.{use}: no variant is written '{stray}'{near}")


def check_makers(draft: Draft) -> None:
    """A family's maker may be in no list, but hardly by a slip: its models would be told beside the listed maker's, as somebody else's."""
    known = [entry.get(key) for entry in draft.vendors.values() for key in ("names", "short")]
    listed = {*draft.vendors, *(str(name) for names in known if isinstance(names, list) for name in names)}
    for key, entry in draft.families.items():
        maker = entry.get("vendor")
        if isinstance(maker, str) and maker not in listed and (own := slip_of(maker, draft.vendors)):
            said = f"family '{key}': no vendor is called '{maker}'; did you mean '{own}'? A maker of its own is named under [vendors]"
            draft.wrong(draft.place("families", key, "vendor"), said)


def check_taken_over(draft: Draft, key: str, before: Mapping[str, Any], entry: Mapping[str, Any]) -> None:
    """A family that is there and is given to another maker takes its names along: hardly meant of one that only bears the same name."""
    old, new = before.get("vendor"), entry.get("vendor")
    if isinstance(old, str) and isinstance(new, str) and old != new:
        said = f"family '{key}' was of {old}, and is of {new} now, with all its names; a namesake is a family of its own: "
        draft.doubt(draft.place("families", key, "vendor"), f'{said}"{new} {key}" = {{ vendor = "{new}", names = ["{key}"] }}')


def check_taken(draft: Draft) -> None:
    """A name that another maker's family bears already: a text that names neither maker is of neither."""
    borne: dict[str, list[tuple[str, str]]] = {}
    for key, entry in draft.families.items():
        for name in _spelled(key, entry):
            borne.setdefault(lowered(name), []).append((key, str(entry.get("vendor"))))
    for key, entry in draft.families.items():
        own = str(entry.get("vendor"))
        others = ((name, other) for name in _spelled(key, entry) for _, other in borne[lowered(name)] if other != own)
        if taken := next(others, None):
            name, other = taken
            unlisted = "" if own in draft.vendors else f"; name {own} under [vendors], else no text does"
            said = (
                f"family '{key}': a family of {other} is called '{name}' too; a text means the one whose maker it names{unlisted}"
            )
            draft.doubt(draft.place("families", key, "names", "vendor"), said)


def _spelled(key: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """How a family is spelled, as far as that is sound."""
    for listed in (entry.get("names") or [key], entry.get("aliases")):
        yield from (name for name in listed if isinstance(name, str)) if isinstance(listed, list) else ()
