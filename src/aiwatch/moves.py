"""A list whose addresses changed: a site that was rebuilt, ``/news/x`` that is ``/blog/x`` now, dates stamped anew.

Its entries are new by id and by alias, and launches of last year would be news. One title that comes again proves nothing (a column, a
second launch without a name). Where most of what is new in a list was known under the same title, or the same end of its address, the
list moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from aiwatch.model import Item
from aiwatch.parse.markup import normal_title
from aiwatch.ports import Known, Listed

LEAST = 3  # entries that came again, and at least half of those that are new
TELLING = 10  # letters of a title, or of the end of an address, that can tell one entry from others


def suspected(new: Sequence[Item], listed: int) -> bool:
    """Whether so much of a list is new that it may have moved; else what the source ever had need not be read."""
    return len(new) >= LEAST and 2 * len(new) >= listed


def moved(new: Sequence[Item], known: Sequence[Listed]) -> Mapping[str, Known]:
    """Of the new items those that are known ones, by their ids; none where the list did not move."""
    by_name: dict[str, list[Known]] = {}
    for one in known:
        for name in _names(one.title, one.url):
            by_name.setdefault(name, []).append(one.known)
    shared = Counter(name for item in new for name in _names(item.title, item.url))
    found: dict[str, Known] = {}
    for item in new:
        for name in _names(item.title, item.url):
            if shared[name] == 1 and len(by_name.get(name, ())) == 1:
                found.setdefault(item.id, by_name[name][0])
    return found if len(found) >= LEAST and 2 * len(found) >= len(new) else {}


def at_home(new: Sequence[Item], found: Mapping[str, Known]) -> tuple[Item, ...]:
    """The items that moved, under the ids by which they are known, for their new addresses to be written down."""
    return tuple(replace(item, id=found[item.id].item_id) for item in new if item.id in found)


def said(items: Sequence[Item]) -> str:
    """A sentence's part on what moved; empty where nothing did."""
    return f"the list moved: {len(items)} entries were known at other addresses" if items else ""


def _names(title: str, url: str | None) -> Iterator[str]:
    end = urlsplit(url).path.rstrip("/").rpartition("/")[2].casefold() if url else ""
    for kind, name in (("title", normal_title(title)), ("end", end)):
        if len(name) >= TELLING:
            yield f"{kind}|{name}"
