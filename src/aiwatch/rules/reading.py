"""TOML text into checked rule data. Every problem names file, line and rule; all problems of all files are told at once."""

from __future__ import annotations

import tomllib
from typing import Any

from aiwatch.errors import Place, RuleError
from aiwatch.model import Modality
from aiwatch.rules import patterns
from aiwatch.rules.builtin import BUILT_IN
from aiwatch.rules.draft import (
    WORD_LISTS,
    WORD_TABLES,
    Draft,
    File,
    many_of,
    meant,
    note_places,
    number,
    one_of,
    parsed,
    strings,
    unknown_keys,
)
from aiwatch.rules.making import LANGUAGES, made
from aiwatch.rules.masks import SIGNS
from aiwatch.rules.references import check_taken_over
from aiwatch.rules.values import Data, Role
from aiwatch.text import lowered
from aiwatch.tomlplace import line_of_error

RULE_KEYS = {
    *("id", "why", "why_ko", "pattern", "terms", "weight", "group", "field", "stage", "names", "tiers", "factor", "of"),
    *("language", "roles", "match", "reject", "disabled"),
}
MACRO_KEYS = {"why", "any"}
WRITTEN = {"vendors": '"Name" = { names = ["Name"] }', "families": '"Name" = { vendor = "Maker" }'}
FILE_WIDE = ("language", "roles")  # said at the head of a file, they hold for all its rules
WORD_KEYS = {  # of the tables whose keys the engine asks for; those of the others are names
    **{section: {"names"} for section in WORD_LISTS},
    **{section: {str(kind) for kind in Modality} for section in ("modalities", "variant_kinds")},
    "variant_uses": {"listed", "small", "own", "telling", "closed"},
    "outlets": {"newsletter", "community", "press", "account"},
    "unnameable": {"common", "within", "first", "last", "unversioned"},
    "nobody": {"first", "last", "whole", "within", "kind"},
    "trades": {"labs", "hubs", "platforms", "other"},
    "signs": {"launch", "coming"},
}
WORD_BY_WORD = {  # how the other tables are written
    "variants": 'write each with its spellings in other scripts: "Word" = []',
    "homonyms": 'write what stands beside a family of another thing: "Family" = ["word"]',
}
SECTIONS = {"vendors", "families", "macros", "rule", "settings", "weights", *FILE_WIDE, *WORD_LISTS, *WORD_TABLES}


def read(files: list[tuple[str, str]], *, proven: bool = False, own: str = "") -> Data:
    """Read ``(name, text)`` pairs in order; raise RuleError with every problem found.

    Of a file that is no TOML nothing else is said: what the others name of it would all seem to be missing. ``proven`` patterns are known
    to compile, and are not compiled to find it out. ``own`` is the file that a person wrote, of which also what is in doubt is said.
    """
    draft = Draft(proven=proven, own=own)
    unread = [name for name, text in files if not _add(draft, name, text)]
    if unread:
        raise RuleError([one for one in draft.problems if one.startswith(tuple(f"{name}:" for name in unread))])
    data = made(draft)
    if draft.problems:
        raise RuleError(draft.problems)
    return data


def _add(draft: Draft, name: str, text: str) -> bool:
    """Put a file on the others; False where it is no TOML."""
    try:
        file = parsed(name, text)
    except tomllib.TOMLDecodeError as error:
        draft.wrong(Place(file=name, line=line_of_error(str(error))), f"not TOML: {error}")
        return False
    there = f"; there are {', '.join(sorted(SECTIONS))}"
    for key in file.tree.keys() - SECTIONS:
        stands = "; it stands in [settings]" if key == "threshold" else meant(key, SECTIONS) or there
        draft.wrong(file.at(key), f"unknown section '{key}'{stands}")
    _add_names(draft, file)
    _add_words(draft, file)
    _numbers(draft, file)
    _add_macros(draft, file)
    _add_rules(draft, file)
    return True


def _file_wide(draft: Draft, file: File) -> dict[str, Any]:
    """What is said at the head of a file for all its rules; a mistake in it is told there, once."""
    said = {key: file.tree[key] for key in FILE_WIDE if key in file.tree}
    before = len(draft.problems)
    one_of(draft, file.at("language"), "at the head of the file", said, "language", LANGUAGES)
    many_of(draft, file.at("roles"), "at the head of the file", said, "roles", Role)
    return said if len(draft.problems) == before else {}


def _add_names(draft: Draft, file: File) -> None:
    for section, into in (("vendors", draft.vendors), ("families", draft.families)):
        for key, entry in _table(draft, file, section).items():
            note_places(draft, file, section, key, entry if isinstance(entry, dict) else {}, section, key)
            if not isinstance(entry, dict):
                draft.wrong(file.at(section, key), f"{section}: write it as {WRITTEN[section]}, not '{key}' = {entry!r}")
            elif strings(draft, file.at(section, key), f"{section}: what is listed", [key]):
                check_taken_over(draft, key, into.get(key, {}), entry)
                into[key] = {**into.get(key, {}), **entry}


def _add_words(draft: Draft, file: File) -> None:
    for section in WORD_LISTS:
        names = _words(draft, file, section).get("names", [])
        draft.lists[section] += strings(draft, file.at(section, "names"), f"{section}.names", names)
    for section in WORD_TABLES:
        table = draft.tables[section]
        there = {lowered(key): key for key in table}  # an overlay's `flash` is the Flash that is there
        for key, names in _words(draft, file, section).items():
            if not strings(draft, file.at(section, key), f"{section}: what is listed", [key]):
                continue
            found = strings(draft, file.at(section, key), f"{section}.{key}", names)
            table.setdefault(there.get(lowered(key), key), []).extend(found)
            draft.places[section, key] = file.at(section, key)
            if section == "trades":
                draft.traders += [(file.at(section, key), key, maker) for maker in found]


def _table(draft: Draft, file: File, section: str) -> dict[str, Any]:
    found = file.tree.get(section, {})
    if isinstance(found, dict):
        return found
    listed = isinstance(found, list) and bool(found) and all(isinstance(one, dict) for one in found)
    how = f"write [{section}] in single brackets, once, with all entries under it" if listed else f"[{section}] must be a table"
    draft.wrong(file.at(section), how)
    return {}


def _words(draft: Draft, file: File, section: str) -> dict[str, Any]:
    table = _table(draft, file, section)
    if "names" in table and section not in WORD_KEYS:
        draft.wrong(file.at(section, "names"), f"{section}: 'names' would be one of the words; {WORD_BY_WORD[section]}")
        return {}
    for key in table.keys() - WORD_KEYS.get(section, table.keys()):
        draft.wrong(file.at(section, key), f"{section}: unknown key '{key}'; there are {', '.join(sorted(WORD_KEYS[section]))}")
    return table


def _numbers(draft: Draft, file: File) -> None:
    for key, value in _table(draft, file, "settings").items():
        place = file.at("settings", key)
        if key != "threshold":
            elsewhere = f"; a weight stands under [weights]: '{key}' = {value}" if key in BUILT_IN or key in draft.rules else ""
            draft.wrong(place, f"settings: unknown key '{key}'{elsewhere or meant(key, ['threshold']) or '; there is threshold'}")
        elif (found := number(draft, place, "settings.threshold", value, "4.4")) is not None:
            if found > 0:
                draft.settings[key] = found
            else:
                draft.wrong(place, f"settings.threshold is a number above 0, such as 4.4, not {value!r}: all would be announced")
    for key, value in _table(draft, file, "weights").items():
        if isinstance(value, dict):
            path, weight = _dotted(key, value)
            draft.wrong(file.at("weights", *path), f'weights: a name with a dot stands in quotes: "{".".join(path)}" = {weight}')
        elif (found := number(draft, file.at("weights", key), f"weights.{key}", value, "1.5, 0 or -2.0")) is not None:
            draft.weights[key] = found
            draft.places["weights", key] = file.at("weights", key)


def _dotted(name: str, value: object) -> tuple[list[str], object]:
    """The parts of a name that TOML took for a table in a table, and the weight."""
    path = [name]
    while isinstance(value, dict) and value:
        key, value = next(iter(value.items()))
        path.append(key)
    return path, value


def _add_macros(draft: Draft, file: File) -> None:
    """A macro of that name is added to; its first ``why`` stays unless it is said anew."""
    for name, entry in _table(draft, file, "macros").items():
        place = file.at("macros", name)
        if not isinstance(entry, dict) or patterns.used(f"{{{name}}}") != [name]:
            draft.wrong(place, f"write a macro as [macros.name], the name in letters, not {name!r}")
            continue
        if name in SIGNS:
            draft.wrong(place, f"{{{name}}} is a sign of masked text; call the macro something else")
            continue
        note_places(draft, file, "macros", name, entry, "macros", name)
        if not unknown_keys(draft, "macros", name, "macro", entry, MACRO_KEYS):
            before = draft.macros.get(name, {"any": ()})
            parts = strings(draft, draft.place("macros", name, "any"), f"macro '{name}': any", entry.get("any", []))
            draft.macros[name] = {**before, **entry, "any": (*before["any"], *parts)}


def _add_rules(draft: Draft, file: File) -> None:
    entries = file.tree.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        draft.wrong(file.at("rule"), "write rules as [[rule]]")
        return
    wide = _file_wide(draft, file)
    here: set[str] = set()
    for index, entry in enumerate(entries):
        rule = entry.get("id")
        if not isinstance(rule, str) or not rule:
            draft.wrong(file.at("rule", index, "id"), "a rule without an 'id'")
            continue
        if rule in here:
            draft.wrong(
                file.at("rule", index, "id"),
                f"rule '{rule}': there is one of that id further up in this file; give one of them another",
            )
        here.add(rule)
        note_places(draft, file, "rule", rule, entry, "rule", index)
        if unknown_keys(draft, "rule", rule, "rule", entry, RULE_KEYS):
            draft.misspelt.add(rule)
        before = draft.rules.get(rule) or dict(wide)
        if not isinstance(entry.get("disabled", False), bool):
            draft.wrong(
                draft.place("rule", rule, "disabled"), f"rule '{rule}': disabled is true or false, not {entry['disabled']!r}"
            )
        both = [before.get("roles"), entry.get("roles")]
        roles = {"roles": both[0] + both[1]} if all(isinstance(one, list) for one in both) else {}
        if "why" in entry:
            before = {key: value for key, value in before.items() if key != "why_ko"}  # it translates the reason that was there
        draft.rules[rule] = {**before, **entry, **roles}
