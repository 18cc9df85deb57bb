"""Which dates of a document are believed: not those from before there were models, which are what a publishing system writes for none.

Seen: 1970-01-01 on every entry of a list, and on those that were made by hand. The parsers give it as it stands, for a reader of feeds
has no reason to doubt a date of 2004; here it would be the day on which a launch was told, and at a source's first poll that of today.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from aiwatch.model import Item, Parsed

FIRST_DATE = datetime(2010, 1, 1, tzinfo=UTC)


def dated(parsed: Parsed) -> Parsed:
    """The document with such dates taken from its items, and a note in each that had one."""
    return replace(parsed, items=tuple(_believed(item) for item in parsed.items))


def _believed(item: Item) -> Item:
    if item.published is None or item.published >= FIRST_DATE:
        return item
    note = f"a date from before there were models was not believed: {item.published.isoformat()}"
    return replace(item, published=None, notes=(*item.notes, note))
