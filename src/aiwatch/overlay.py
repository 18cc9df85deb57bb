"""A person's verdict on a name, written into the text of their own ``rules.toml``; comments and layout stay as they are.

``accept`` makes the name a family of the lexicon, ``ignore`` one of the words that are never a name. Text in, text out: who calls
this reads and writes the file, and loads the rules from the result before it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from aiwatch.errors import RuleError
from aiwatch.model import Modality
from aiwatch.rules import Family

HEAD = "Your own detection rules, over the shipped ones; `aiwatch rules check` reads them, docs/detection.md tells what can stand here."


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyEntry:
    """A name that is a family of ``vendor``. ``listed`` is the family as the lexicon has it, where it does."""

    name: str
    vendor: str
    spellings: Sequence[str] = ()
    modality: Modality | None = None
    listed: Family | None = None


def accept(text: str, family: FamilyEntry, where: str = "rules.toml") -> str:
    """The overlay with a family; other spellings join those it has. Raises RuleError where the text is no TOML.

    What the overlay says of names takes the place of what the lexicon says, so it says no more than what is new. The text is as it was
    where nothing is.
    """
    document = _read(text, where)
    name, spellings, listed = family.name, family.spellings, family.listed
    entry = cast("Mapping[str, Any]", document.get("families", {}).get(name, {}))
    known: dict[str, Any] = {"names": [], "aliases": [], "modality": Modality.TEXT.value} | _said(listed) | dict(entry)
    own = () if listed else (name,)  # not every family of the lexicon is called by its key
    wanted = {
        "vendor": family.vendor,
        "names": [*known["names"], *(one for one in dict.fromkeys((*own, *spellings)) if one not in known["names"])],
        "aliases": [*known["aliases"], *(one for one in dict.fromkeys(spellings) if one not in (name, *known["aliases"]))],
        "modality": family.modality.value if family.modality else known["modality"],
    }
    new = {key: value for key, value in wanted.items() if value != known.get(key)}
    if new:
        _table(document, "families").setdefault(name, tomlkit.inline_table()).update(new)
    return tomlkit.dumps(document) if _drop(document, (name, *spellings)) or new else text


def _said(family: Family | None) -> dict[str, Any]:
    """What the lexicon says of a family, as an overlay would."""
    if family is None:
        return {}
    return {"vendor": family.vendor, "names": [*family.names], "aliases": [*family.aliases], "modality": family.modality.value}


def ignore(text: str, name: str, where: str = "rules.toml") -> str:
    """The overlay in which ``name`` is never a model; a family of that name that the overlay itself made goes."""
    document = _read(text, where)
    ignored = _table(document, "ignored")
    names = list(ignored.get("names", ()))
    if name not in names:
        ignored["names"] = [*names, name]
    families = document.get("families")
    if families is not None:
        families.pop(name, None)
    return tomlkit.dumps(document)


def _read(text: str, where: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text if text.strip() else f"# {HEAD}\n\n")
    except TOMLKitError as error:
        raise RuleError(f"{where}: not TOML: {error}") from error


def _table(document: tomlkit.TOMLDocument, name: str) -> MutableMapping[str, Any]:
    if name not in document:
        document[name] = tomlkit.table()
    return cast("MutableMapping[str, Any]", document[name])


def _drop(document: tomlkit.TOMLDocument, names: Sequence[str]) -> bool:
    """A name that is accepted is ignored no more, and neither are its versions. Whether one was."""
    ignored = cast("MutableMapping[str, Any]", document.get("ignored", {}))
    ways = "|".join(re.escape(name) for name in names)
    kept = [one for one in ignored.get("names", ()) if not re.fullmatch(rf"(?:{ways})(?:[ -]?v?\d.*)?", one, re.IGNORECASE)]
    fewer = len(kept) < len(ignored.get("names", ()))
    if fewer:
        ignored["names"] = kept
    return fewer
