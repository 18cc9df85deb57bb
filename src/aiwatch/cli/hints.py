"""What was probably meant by a name that nothing is called: a filter by it is sound, finds nothing for ever, and says so nowhere else."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from aiwatch.addresses import meant
from aiwatch.model import Filter

if TYPE_CHECKING:
    from aiwatch.rules.values import Vendor


def unmatched(wanted: Filter, vendors: Mapping[str, Vendor], seen: Collection[str], sources: Collection[str]) -> Iterator[str]:
    """A sentence for each vendor, language and source of a filter that nothing can match.

    ``vendors`` are the rules', ``seen`` further names of vendors that occur, ``sources`` the ids that there are.
    """
    for name in wanted.vendors:
        if wrong := wrong_vendor(name, vendors, seen):
            yield wrong
    for lang in wanted.langs:
        if language := meant(lang):
            yield f'"{lang}" is a country; the language is "{language}"'
    for source in wanted.sources:
        if source not in sources:
            yield f'there is no source "{source}"{_close(source, sources)}'


def wrong_vendor(name: str, vendors: Mapping[str, Vendor], seen: Collection[str]) -> str | None:
    """What is wrong with a vendor's name in a filter, or None: announcements bear one spelling of each."""
    folded = name.strip().casefold()
    known = {one.casefold(): one for one in (*seen, *(vendor.name for vendor in vendors.values()))}
    if folded in known:
        return None
    for vendor in vendors.values():
        if folded in {one.casefold() for one in (*vendor.names, *vendor.short)}:
            return f'the vendor "{name}" is written "{vendor.name}" here'
    return f'no vendor is called "{name}"{_close(folded, known, known)}'


def _close(name: str, known: Collection[str], spelled: Mapping[str, str] | None = None) -> str:
    found = difflib.get_close_matches(name, known, 1, 0.7)
    return f'; did you mean "{(spelled or {}).get(found[0], found[0])}"?' if found else ""
