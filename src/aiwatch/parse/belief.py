"""Which dates of a document are believed.

Not those from before there were models, which are what a publishing system writes for none. Seen: 1970-01-01 on every entry of a list, and
on those that were made by hand. The parsers give it as it stands, for a reader of feeds has no reason to doubt a date of 2004; here it
would be the day on which a launch was told, and at a source's first poll that of today.

And not without its page's word that of one entry which stands above newer ones in a feed that has the newest first otherwise: a year that
was typed wrong, or an old post that was put there again. Only its page can tell which.

And where a feed gives no day of publication at all (Atom asks for the last change alone), an entry that was last changed long ago is from
before that: an old one that slid into the list, as one above it was taken down, or the list grew. In a sitemap nothing follows from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from aiwatch.model import FIRST_DATE, Item, Kind, Note, Parsed

IN_ORDER = frozenset({Kind.FEED, Kind.WEBHOOK})  # pages put what they like on top
LEAST = 4  # other entries, the newest first, show a feed to be in order
APART = timedelta(days=30)  # a date so much before that of the entry below is no matter of a draft
LONG_AGO = timedelta(days=30)  # what was last changed before that is no news; a draft, or a tag of an older commit, may be
NOT_BELIEVED = "a date out of the feed's order was not believed, its page does not have it: "


def dated(parsed: Parsed, kind: Kind, now: datetime) -> Parsed:
    """The document without such dates of its items, with a note in each that had one, whose date is in doubt, or is its last change's."""
    items = tuple(_believed(item) for item in parsed.items)
    at = displaced(items) if kind in IN_ORDER else None
    if at is not None:
        marked = replace(items[at], notes=(*items[at].notes, Note.OUT_OF_ORDER))
        items = (*items[:at], marked, *items[at + 1 :])
    if kind is not Kind.SITEMAP:
        same = _stamps(items)
        items = tuple(_bounded(item, now, same) for item in items)
    return replace(parsed, items=items)


def settled(item: Item, published: datetime | None) -> Item:
    """The item as its page dates it (None: it does not); where that is another day, the feed's date is not believed."""
    notes = tuple(note for note in item.notes if note != Note.OUT_OF_ORDER)
    if item.published and published != item.published:
        notes += (f"{NOT_BELIEVED}{item.published.isoformat()}",)
    return replace(item, published=published, notes=notes)


def _believed(item: Item) -> Item:
    if item.published is None or item.published >= FIRST_DATE:
        return item
    note = f"a date from before there were models was not believed: {item.published.isoformat()}"
    return replace(item, published=None, notes=(*item.notes, note))


def _stamps(items: Sequence[Item]) -> set[datetime]:
    """The moments at which half of a list and more was changed: when it was made, or what a template has, and nothing of an entry."""
    counted = Counter(item.updated for item in items if item.updated)
    return {moment for moment, many in counted.items() if many > 1 and 2 * many >= len(items)}


def _bounded(item: Item, now: datetime, stamps: Collection[datetime]) -> Item:
    """The item with the time of its last change as its date, where it has none and that is long ago."""
    changed = item.updated
    if item.published or changed is None or changed in stamps or not FIRST_DATE <= changed < now - LONG_AGO:
        return item
    return replace(item, published=changed, notes=(*item.notes, Note.LAST_CHANGED))


def displaced(items: Sequence[Item]) -> int | None:
    """The place of the one entry whose date breaks the order of the newest first, by long; None where none does, or more than one.

    An entry that says that it was updated since may stand where that puts it.
    """
    placed = [(at, item.published) for at, item in enumerate(items) if item.published]
    breaks = [place for place, (above, below) in enumerate(pairwise(placed)) if above[1] < below[1]]
    if len(breaks) != 1 or len(placed) <= LEAST:
        return None
    (at, date), (_, below) = placed[breaks[0]], placed[breaks[0] + 1]
    rest = [one for place, (_, one) in enumerate(placed) if place != breaks[0]]
    ordered = all(above >= under for above, under in pairwise(rest)) and rest[0] > rest[-1]
    moved_up = items[at].updated
    return at if ordered and below - date > APART and not (moved_up and moved_up >= below) else None
