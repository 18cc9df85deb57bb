"""Rule files as they pile up on each other, and the checks of one value in them; each mistake is noted with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from aiwatch.errors import Place
from aiwatch.text import lowered
from aiwatch.tomlplace import Path, line_of, loads, places

WORD_LISTS = ("products", "nouns", "ignored")
WORD_TABLES = (
    "variants",
    "modalities",
    "homonyms",
    "outlets",
    "unnameable",
    "nobody",
    "variant_uses",
    "variant_kinds",
    "trades",
    "signs",
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+").fullmatch
_LETTER = re.compile(r"[^\W_]")
MOST = 1_000_000.0  # no weight is further from 0: sums of them stay numbers


@dataclass(slots=True)
class Draft:
    """The files as they pile up; a later file adds to and changes what an earlier one said."""

    proven: bool = False  # whether the patterns are known to compile
    own: str = ""  # the file that a person wrote; those that ship are proven by tests
    vendors: dict[str, dict[str, Any]] = field(default_factory=dict)
    families: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in WORD_LISTS})
    tables: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {name: {} for name in WORD_TABLES})
    macros: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    # Rules with a key that nothing reads: what they seem to lack is hardly lacking.
    misspelt: set[str] = field(default_factory=set)
    traders: list[tuple[Place, str, str]] = field(default_factory=list)  # who stands in [trades]: where, as what, its name
    places: dict[tuple[str, ...], Place] = field(default_factory=dict)  # of entries by section and name, of keys by the key too
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)  # what is no mistake, and hardly meant so

    def place(self, section: str, name: str, *keys: str) -> Place:
        """Where the first of these keys of an entry that is written stands; the entry itself where none is."""
        written = (self.places.get((section, name, key)) for key in keys)
        return next((one for one in written if one), self.places[section, name])

    @property
    def off(self) -> tuple[tuple[str, str, str], ...]:
        """The rules that are turned off: id, reason, and where that is said."""
        found = ((key, entry) for key, entry in self.rules.items() if entry.get("disabled"))
        return tuple((key, str(entry.get("why", "")), str(self.place("rule", key, "disabled"))) for key, entry in found)

    def wrong(self, where: Place, what: str) -> None:
        """Note a mistake."""
        self.problems.append(f"{where}: {what}")

    def doubt(self, where: Place, what: str) -> None:
        """Note what can be meant so, and seldom is, in a person's own file."""
        if where.file == self.own:
            self.doubts.append(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class File:
    """A file's tree, and where in its text each key stands."""

    name: str
    tree: Mapping[str, Any]
    lines: dict[Path, int]

    def at(self, *path: str | int) -> Place:
        """Where that key stands, or the nearest table around it; of a list of tables its first."""
        return Place(file=self.name, line=line_of(self.lines, path) or self.lines.get((*path, 0), 0))


def note_places(draft: Draft, file: File, section: str, name: str, entry: Mapping[str, Any], *path: str | int) -> None:
    """Note where an entry and its keys stand, the entry at ``path`` of the file; what a later file says of a key stands there."""
    draft.places[section, name] = file.at(*path)
    draft.places |= {(section, name, key): file.at(*path, key) for key in entry}


@lru_cache(maxsize=16)  # the shipped files are read again under each overlay
def parsed(name: str, text: str) -> File:
    """A file's text, read. Raises tomllib.TOMLDecodeError."""
    return File(name, loads(text), places(text))


def is_number(value: object) -> bool:
    """Whether it can be summed up: neither ``nan`` nor ``inf``, which TOML has for numbers too."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST <= value <= MOST


def check_hosts(draft: Draft, place: Place, what: str, hosts: Iterable[str]) -> None:
    """Note each that is no site's name: an address or a path is met nowhere, and nobody would hear of it."""
    for host in hosts:
        if not _HOST(host):
            draft.wrong(place, f"{what}: a host is a name such as foo.example, not {host!r}")


def number(draft: Draft, place: Place, what: str, value: object, such_as: str) -> float | None:
    """The number, or None and a mistake that says what to write instead."""
    if isinstance(value, int | float) and is_number(value):
        return float(value)
    draft.wrong(place, f"{what} is a number such as {such_as}, not {value!r}")
    return None


_WITHOUT = {"language": "; a rule without it is tried in texts of every language"}  # what leaving a key out means


def one_of(draft: Draft, place: Place, what: str, entry: Mapping[str, Any], key: str, allowed: Iterable[str]) -> None:
    """Note it where the entry has something else at ``key``."""
    if key in entry and entry[key] not in tuple(allowed):
        draft.wrong(place, f"{what}: {key} is one of {', '.join(allowed)}, not {entry[key]!r}{_WITHOUT.get(key, '')}")


E = TypeVar("E", bound=StrEnum)


def many_of(draft: Draft, place: Place, what: str, entry: Mapping[str, Any], key: str, kinds: type[E]) -> tuple[E, ...]:
    """What is listed at ``key``; none, and a mistake, where one of it is no such kind."""
    given = entry.get(key, [])
    if isinstance(given, list) and all(one in tuple(kinds) for one in given):
        return tuple(kinds(one) for one in given)
    draft.wrong(place, f"{what}: {key} is a list of {', '.join(kinds)}, not {given!r}")
    return ()


def unknown_keys(draft: Draft, section: str, name: str, what: str, entry: Mapping[str, Any], allowed: set[str]) -> bool:
    """Whether the entry has keys that nothing reads; each is noted."""
    unknown = [key for key in entry if key not in allowed]
    for key in unknown:
        there = meant(key, allowed - entry.keys()) or f"; there are {', '.join(sorted(allowed))}"
        draft.wrong(draft.place(section, name, key), f"{what} '{name}': unknown key '{key}'{there}")
    return bool(unknown)


def strings(draft: Draft, place: Place, what: str, value: object) -> tuple[str, ...]:
    """A list of words; none, and a mistake, where it is something else."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        draft.wrong(place, f"{what} is a list of words, not {value!r}")
        return ()
    if blank := next((one for one in value if not _seen(one)), None):
        draft.wrong(place, f"{what}: {blank!r} is no word: rules do not see the marks that it is made of")
        return ()
    return tuple(value)


def _seen(word: str) -> bool:
    """Whether something is left of a word where it is folded. A letter is, unless it is of an entity; so most need not be folded."""
    return ("&" not in word and _LETTER.search(word) is not None) or bool(lowered(word).strip())


def unique(names: list[str]) -> tuple[str, ...]:
    """Each name once, in the order in which they came."""
    return tuple(dict.fromkeys(names))


def meant(name: str, known: Iterable[str], alike: float = 0.6) -> str:
    """What is said behind the mistake of a name that nobody has: the nearest of those there are, or nothing."""
    close = difflib.get_close_matches(name, list(known), 1, alike)
    return f"; did you mean '{close[0]}'?" if close else ""


SLIPS, SWAPS = 6, 8  # letters of a name in which one too many or too few is a slip; one in another's place


def slip_of(name: str, known: Iterable[str]) -> str | None:
    """Whose name is misspelt: other spaces or case, two letters changed about, one too many, one too few, or another."""
    plain = _letters(name)
    alike = (one for one in known if one != name and _letters(one)[:1] == plain[:1])  # a slip spares the first letter
    return next((one for one in alike if _slips(plain, _letters(one))), None)


@lru_cache(maxsize=2048)
def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _slips(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if one == other or len(short) < SLIPS - 1 or len(long) < SLIPS or short[0] != long[0]:
        return one == other
    at = next((n for n, (here, there) in enumerate(zip(short, long, strict=False)) if here != there), len(short))
    left, right = short[at:], long[at:]
    if len(short) != len(long):
        return left == right[1:]
    return left[2:] == right[2:] and (left[:2] == right[1::-1] or (left[1:] == right[1:] and len(short) >= SWAPS))
