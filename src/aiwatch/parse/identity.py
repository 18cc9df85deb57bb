"""Which entry is which: a key that stays the same over polls, and the other names an entry answers to.

    a link that is a page of its own   ->  guid  ->  normalised title and day

The link comes first because feeds were seen to change guids at every poll, to share one guid between all entries, and to put cache-busters
and host names of old servers into ids; a link that several different entries of the document share, the feed's own address or a bare
host is no page of an entry. Aliases are the identities that no other entry of the document claims, so that an alias can never join two
entries; a guid counts there only together with the title, because a constant guid must not join what is told one after the other.

What a document cannot tell, the store's memory of it can: an address that has another entry by now (``heirs``). Seen: a feed that shows
its newest entry alone, at the changelog's address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aiwatch.model import Item, ident
from aiwatch.model.counters import bare_title, uncounted, uncounted_title
from aiwatch.parse.markup import normal_title
from aiwatch.parse.raw import RawEntry
from aiwatch.ports import Known
from aiwatch.urls import canonical_url, page_key

MIN_TITLE = 10  # letters of a title that, with a day, can tell an entry from others


@dataclass(frozen=True, slots=True)
class Identity:
    """``key`` is what makes it the same entry next time; ``aliases`` are its other names."""

    key: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    link: str | None
    guid: str | None
    title: str
    day: str


def identities(entries: Sequence[RawEntry], places: Sequence[str | None]) -> list[Identity]:
    """Give each entry of one document its identity. ``places`` are addresses that are no entry's own: the feed's, the site's."""
    homes = {canonical_url(place) for place in places if place}
    names = [_names(entry, homes) for entry in entries]
    titles_of_link: dict[str, set[str]] = {}
    titles_of_guid: dict[str, set[tuple[str, str | None]]] = {}
    for name in names:
        if name.link:
            titles_of_link.setdefault(name.link, set()).add(name.title)
        if name.guid:
            titles_of_guid.setdefault(name.guid, set()).add((name.title, name.link))
    own_link = {link for link, titles in titles_of_link.items() if len(titles) == 1}
    own_guid = {guid for guid, holders in titles_of_guid.items() if len(holders) == 1}
    keys = [_key(name, own_link, own_guid, entry) for name, entry in zip(names, entries, strict=True)]
    claims = [_claims(name, own_link, own_guid, entry) for name, entry in zip(names, entries, strict=True)]
    holders: dict[str, set[str]] = {}
    for key, claimed in zip(keys, claims, strict=True):
        for alias in claimed:
            holders.setdefault(alias, set()).add(key)
    return [
        Identity(key, tuple(alias for alias in claimed if len(holders[alias]) == 1))
        for key, claimed in zip(keys, claims, strict=True)
    ]


def distinct(identities_: Sequence[Identity]) -> list[int]:
    """Give the positions of the first entry of each key, in order: the same entry twice in a document is one."""
    seen: Counter[str] = Counter()
    kept = []
    for position, identity in enumerate(identities_):
        if not seen[identity.key]:
            kept.append(position)
        seen[identity.key] += 1
    return kept


def heirs(items: Sequence[Item], by_id: Mapping[str, Known]) -> tuple[Item, ...]:
    """The items, those that are other entries than the known ones of their ids under the guids that tell them apart."""
    guids = Counter(item.guid for item in items)

    def own(item: Item) -> Item:
        known = by_id.get(item.id)
        if known is None or guids[item.guid] > 1 or not is_heir(item, known):
            return item
        key = f"guid:{item.guid}"
        aliases = tuple(alias for alias in item.aliases if alias != item.key)
        return replace(item, id=ident(item.source_id, key), key=key, aliases=aliases)

    return tuple(own(item) for item in items)


def is_heir(item: Item, known: Known) -> bool:
    """Whether an item is another entry than the one that is known at its address: guid, title and day are all another's.

    Each of them alone is edited: outlets give guids anew, correct titles, and date an article by its last change.
    """
    day = item.published or item.updated
    if not (item.guid and known.guid and day and known.dated) or item.guid == known.guid or day.date() == known.dated.date():
        return False
    return normal_title(uncounted_title(item.title)) != normal_title(uncounted_title(known.title))


def _names(entry: RawEntry, homes: set[str]) -> _Names:
    link = page_key(entry.link) if entry.link else None
    if link and (link in homes or not _is_page(link)):
        link = None
    day = entry.published or entry.updated
    title = normal_title(uncounted_title(entry.title))[:300]
    return _Names(link, entry.guid or None, title, day.date().isoformat() if day else "")


def _is_page(link: str) -> bool:
    """Whether an address names more than a host."""
    parts = urlsplit(link)
    return parts.path not in {"", "/"} or bool(parts.query) or bool(parts.fragment)


def _key(name: _Names, own_link: set[str], own_guid: set[str], entry: RawEntry) -> str:
    if name.link and name.link in own_link:
        return name.link
    if name.guid and name.guid in own_guid:
        return f"guid:{name.guid}"
    if name.title and name.day:
        return f"title:{ident(name.title, name.link)}:{name.day}"
    return f"text:{ident(name.title, name.link, entry.guid, *_texts(entry))}"


def _texts(entry: RawEntry) -> tuple[str, str]:
    return uncounted(entry.summary), uncounted(entry.content)


def _claims(name: _Names, own_link: set[str], own_guid: set[str], entry: RawEntry) -> list[str]:
    found = []
    if name.link and name.link in own_link:
        found.append(name.link)
    if name.guid and name.title:
        found.append(f"guid:{ident(name.guid, name.title)}")
    if len(name.title) >= MIN_TITLE and name.day:
        found.append(f"title:{ident(name.title)}:{name.day}")
    bare = "" if name.link in own_link or name.guid in own_guid else normal_title(bare_title(entry.title))[:300]
    if len(bare) >= MIN_TITLE:
        found.append(f"bare:{ident(bare, name.link, name.day, *(() if name.day else _texts(entry)))}")
    return found
