"""What was probably meant by a name that nothing is called: a filter by it is sound, finds nothing for ever, and says so nowhere else."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from aiwatch.addresses import meant
from aiwatch.cli.output import flat
from aiwatch.model import Filter

if TYPE_CHECKING:
    from aiwatch.rules.values import Vendor
    from aiwatch.store.library import Library

SHOWN = 5  # items of a story that are named


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


def of_story(library: Library, ref: str) -> str | None:
    """What is said where an item is asked for by the id of a story: which items it has. None where it is no story's either."""
    view = library.story(ref)
    if view is None:
        return None
    items = [f"  {one.item_id}  {flat(one.title)} ({flat(one.source_name)})" for one in view.members[:SHOWN]]
    more = [f"  and {len(view.members) - SHOWN} more: `aiwatch show {view.story.id}`"] if len(view.members) > SHOWN else []
    return "\n".join([f"{ref} is a story's id, {flat(view.story.name)}; an item is asked for, and its items are", *items, *more])


def _close(name: str, known: Collection[str], spelled: Mapping[str, str] | None = None) -> str:
    found = difflib.get_close_matches(name, known, 1, 0.7)
    return f'; did you mean "{(spelled or {}).get(found[0], found[0])}"?' if found else ""
