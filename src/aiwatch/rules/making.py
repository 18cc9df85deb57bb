"""A draft of rule files into checked rule data: vendors, families, macros and rules, each with what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiwatch.errors import Place
from aiwatch.model import Modality, Stage, Tier
from aiwatch.rules import edges, patterns
from aiwatch.rules.draft import (
    WORD_TABLES,
    Draft,
    check_hosts,
    is_number,
    many_of,
    meant,
    one_of,
    strings,
    unique,
    unknown_keys,
)
from aiwatch.rules.masks import MODEL, SIGNS
from aiwatch.rules.references import check_makers, check_names, check_taken, check_words
from aiwatch.rules.values import Data, Family, Group, Macro, Names, Role, Rule, Vendor, Words

FAMILY_FLAGS = ("open", "bare", "witness", "weak", "kin", "dash", "tier_first")
FAMILY_KEYS = {"vendor", "names", "shown", "modality", "versioned", "aliases", "prefix", "first", *FAMILY_FLAGS}
VENDOR_KEYS = {"names", "short", "hosts", "feeds"}
LANGUAGES = ("ko", "ja", "zh")
FIELDS = ("any", "title", "summary")
CAPTURED = {Names.NEW: "name", Names.VENDOR: "vendor"}  # what a rule of that kind captures, by the name of the part
NEAR = 0.8  # how alike a group of one's own may be to one that means something (0 to 1)


def made(draft: Draft) -> Data:
    """The rule data of a draft that is whole; each problem found is put with the draft's others."""
    vendors = {key: vendor for key, entry in draft.vendors.items() if (vendor := _vendor(draft, key, entry))}
    families = {key: family for key, entry in draft.families.items() if (family := _family(draft, key, entry))}
    macros = _macros(draft)
    written = {**SIGNS, **{name: macro.pattern for name, macro in macros.items()}}
    rules = tuple(
        found for key, entry in draft.rules.items() if not entry.get("disabled") and (found := _rule(draft, key, entry, written))
    )
    check_names(draft)
    check_words(draft)
    check_makers(draft)
    check_taken(draft)
    for key, weight in draft.weights.items():
        rules = tuple(replace(rule, weight=weight) if rule.id == key else rule for rule in rules)
    if "threshold" not in draft.settings:
        draft.problems.append("settings.threshold is missing")
    words = Words(
        products=unique(draft.lists["products"]),
        nouns=unique(draft.lists["nouns"]),
        ignored=unique(draft.lists["ignored"]),
        **{name: {key: unique(names) for key, names in draft.tables[name].items()} for name in WORD_TABLES},
    )
    digest = _digest(
        (draft.vendors, draft.families, draft.lists, draft.tables, draft.macros, draft.rules, draft.settings, draft.weights)
    )
    return Data(vendors=vendors, families=families, words=words, macros=macros, rules=rules, threshold=draft.settings.get("threshold", 0.0),
                weights={**draft.settings, **draft.weights}, digest=digest, off=draft.off, doubts=tuple(draft.doubts))  # fmt: skip


def _digest(said: tuple[Mapping[str, Any], ...]) -> str:
    """What names all that the files say; they may hold a date where a mistake is."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _vendor(draft: Draft, key: str, entry: Mapping[str, Any]) -> Vendor | None:
    if unknown_keys(draft, "vendors", key, "vendor", entry, VENDOR_KEYS):
        return None
    lists = {
        name: strings(draft, draft.place("vendors", key, name), f"vendor '{key}': {name}", entry.get(name, []))
        for name in VENDOR_KEYS
    }
    check_hosts(draft, draft.place("vendors", key, "hosts"), f"vendor '{key}'", lists["hosts"])
    return Vendor(name=key, **lists)


def _family(draft: Draft, key: str, entry: Mapping[str, Any]) -> Family | None:
    at = partial(draft.place, "families", key)
    if unknown_keys(draft, "families", key, "family", entry, FAMILY_KEYS):
        return None
    if entry.get("names") == []:
        draft.wrong(at("names"), f"family '{key}': names is empty; without it the family is found by '{key}' itself")
    names = strings(draft, at("names"), f"family '{key}': names", entry.get("names") or [key])
    vendor = entry.get("vendor")
    if not isinstance(vendor, str):
        draft.wrong(at("vendor"), f"family '{key}' needs a 'vendor'")
        return None
    before = len(draft.problems)
    for name in ("prefix", "shown"):
        if not isinstance(entry.get(name, key), str):
            draft.wrong(at(name), f"family '{key}': {name} is a word, not {entry[name]!r}")
    one_of(draft, at("modality"), f"family '{key}'", entry, "modality", Modality)
    one_of(draft, at("first"), f"family '{key}'", entry, "first", Stage)
    flags = {name: entry[name] for name in FAMILY_FLAGS if name in entry}
    for name, value in flags.items():
        if not isinstance(value, bool):
            draft.wrong(at(name), f"family '{key}': {name} is true or false, not {value!r}")
    if len(draft.problems) > before:
        return None
    modality = Modality(entry.get("modality", Modality.TEXT))
    first = Stage(entry["first"]) if "first" in entry else None
    versioned, aliases = (
        strings(draft, at(lists), f"family '{key}': {lists}", entry.get(lists, [])) for lists in ("versioned", "aliases")
    )
    return Family(key=key, vendor=vendor, names=unique([*names, *aliases]), shown=entry.get("shown", key), modality=modality,
                  first=first, versioned=versioned, aliases=aliases, prefix=entry.get("prefix"), **flags)  # fmt: skip


def _macros(draft: Draft) -> dict[str, Macro]:
    """Every macro, written out. One that is not sound stands for a model, so that the rules that name it are checked all the same."""
    found: dict[str, Macro] = {}
    for name, entry in draft.macros.items():
        at, why, parts = partial(draft.place, "macros", name), entry.get("why"), entry["any"]
        above = {**SIGNS, **{other: macro.pattern for other, macro in found.items()}}
        written = patterns.expand(patterns.alternation(parts), above) if parts else MODEL
        if not isinstance(why, str) or not why.strip():
            draft.wrong(at("why"), f"macro '{name}' needs a 'why': one line that says what it stands for")
        if not parts:
            draft.wrong(at("any"), f"macro '{name}' needs 'any': a list of what it stands for")
        if said := _unwritten(written) or _unsound(draft, at("any"), written, (patterns.expand(one, above) for one in parts)):
            draft.wrong(at("any"), f"macro '{name}': {said}")
            written = MODEL
        _check_edges(draft, at("any"), f"macro '{name}'", written)
        found[name] = Macro(name=name, why=str(why), any=parts, pattern=written)
    return found


def _unwritten(written: str) -> str | None:
    """What is said of the first macro that is still in braces."""
    left = patterns.used(written)
    return f"no macro above is called {{{left[0]}}}" if left else None


def _unsound(draft: Draft, place: Place, written: str, pieces: Iterable[str] = ()) -> str | None:
    """What is said of a written out pattern that does not compile, of the first such piece; or that would look for what nobody meant."""
    if misread := patterns.misread(written):
        return misread
    if said := None if draft.proven else patterns.broken(written):
        return next(filter(None, map(patterns.broken, pieces)), said)
    return edges.dead(written) if place.file == draft.own else None


def _check_edges(draft: Draft, place: Place, what: str, written: str) -> None:
    """An edge of a word that holds for a part of what it was written for is no mistake that stops the start, and is said."""
    if place.file == draft.own and (said := edges.doubtful(written)):
        draft.doubt(place, f"{what}: {said}")


def _check_reasons(draft: Draft, key: str, entry: Mapping[str, Any]) -> None:
    if not isinstance(entry.get("why"), str) or not entry["why"].strip():
        draft.wrong(draft.place("rule", key, "why"), f"rule '{key}' needs a 'why': one line that explains it to a reader")
    if not isinstance(entry.get("why_ko", ""), str):
        draft.wrong(draft.place("rule", key, "why_ko"), f"rule '{key}': why_ko is a text, not {entry['why_ko']!r}")


def _rule(draft: Draft, key: str, entry: Mapping[str, Any], macros: Mapping[str, str]) -> Rule | None:
    at = partial(draft.place, "rule", key)
    before = len(draft.problems)
    if key in draft.misspelt:
        return None
    if "pattern" not in entry and "terms" not in entry and (near := meant(key, (one for one in draft.rules if one != key), NEAR)):
        draft.wrong(at("id"), f"rule '{key}': no rule is called so{near} One of your own needs a 'pattern' or 'terms'")
        return None
    _check_reasons(draft, key, entry)
    if not entry.get("match"):
        draft.wrong(at("match"), f"rule '{key}' needs at least one 'match' example")
    examples = {name: strings(draft, at(name), f"rule '{key}': {name}", entry.get(name, [])) for name in ("match", "reject")}
    pattern = _pattern(draft, at("pattern", "terms"), key, entry, macros)
    _check_captured(draft, at("pattern", "terms"), key, entry, pattern or "")
    if not is_number(entry.get("weight")):
        draft.wrong(at("weight"), f"rule '{key}' needs a 'weight', a number such as 2.0 or -2.0")
    if not (is_number(entry.get("factor", 0.5)) and 0 <= entry.get("factor", 0.5) <= 1):
        draft.wrong(at("factor"), f"rule '{key}': factor is a share from 0 to 1, such as 0.5, not {entry['factor']!r}")
    for name, allowed in (("field", FIELDS), ("language", LANGUAGES), ("names", tuple(Names)), ("stage", tuple(Stage))):
        one_of(draft, at(name), f"rule '{key}'", entry, name, allowed)
    _check_group(draft, at("group"), key, entry.get("group", ""))
    if not isinstance(of := entry.get("of", ""), str):
        draft.wrong(at("of"), f"rule '{key}': of is a text, not {of!r}")
    tiers = many_of(draft, at("tiers"), f"rule '{key}'", entry, "tiers", Tier)
    roles = many_of(draft, at("roles"), f"rule '{key}'", entry, "roles", Role)
    if len(draft.problems) > before or pattern is None:
        return None
    return Rule(
        id=key,
        why=entry["why"],
        why_ko=entry.get("why_ko", ""),
        pattern=pattern,
        weight=float(entry["weight"]),
        group=entry.get("group", ""),
        field=entry.get("field", "any"),
        stage=Stage(entry["stage"]) if "stage" in entry else None,
        names=Names(entry["names"]) if "names" in entry else None,
        tiers=tiers,
        roles=frozenset(roles),
        factor=float(entry.get("factor", 0.5)),
        of=of,
        language=entry.get("language"),
        **examples,
        place=str(at()),
    )


def _check_captured(draft: Draft, place: Place, key: str, entry: Mapping[str, Any], pattern: str) -> None:
    """A rule of names in no list says which part of what it matches is the name."""
    captured = CAPTURED.get(entry["names"]) if entry.get("names") in tuple(Names) else None
    if pattern and captured and f"(?P<{captured}>" not in pattern:
        draft.wrong(place, f"rule '{key}': names = '{entry['names']}' needs a part that captures it: (?P<{captured}>...)")


def _check_group(draft: Draft, place: Place, key: str, group: object) -> None:
    """A group may be called anything but nearly what the engine asks for, which would do nothing, and nobody would hear of it."""
    if not isinstance(group, str):
        draft.wrong(place, f"rule '{key}': group is a word, not {group!r}")
    elif group not in tuple(Group) and (near := meant(group, Group, NEAR)):
        draft.wrong(place, f"rule '{key}': no group is called '{group}'{near} A group of your own needs a name less like it")


def _pattern(draft: Draft, place: Place, key: str, entry: Mapping[str, Any], macros: Mapping[str, str]) -> str | None:
    """The rule's pattern with its macros written out; ``terms`` become an alternation of literal words."""
    if ("pattern" in entry) == ("terms" in entry):
        draft.wrong(place, f"rule '{key}' needs either a 'pattern' or 'terms'")
        return None
    if "terms" in entry:
        terms = strings(draft, place, f"rule '{key}': terms", entry["terms"])
        if entry["terms"] == []:
            draft.wrong(place, f"rule '{key}': 'terms' is empty")
        return patterns.of_terms(terms) if terms else None
    if not isinstance(entry["pattern"], str):
        draft.wrong(place, f"rule '{key}': pattern is a pattern in quotes, not {entry['pattern']!r}")
        return None
    written = patterns.expand(entry["pattern"], macros)
    if unknown := patterns.used(written):
        hint = meant(unknown[0], macros) or "; `aiwatch rules macros` lists them, docs/detection.md the signs"
        draft.wrong(place, f"rule '{key}': no macro is called {{{unknown[0]}}}{hint}")
    elif said := _unsound(draft, place, written):
        draft.wrong(place, f"rule '{key}': broken pattern: {said}")
    elif not draft.proven and patterns.idle(written):
        draft.wrong(place, f"rule '{key}': its pattern matches where nothing stands, so it would count for every headline")
    else:
        _check_edges(draft, place, f"rule '{key}'", written)
        return written
    return None
