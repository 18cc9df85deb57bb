"""The archive read from its beginning, page by page, and what the rules said of one item."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from aiwatch.model import Detection, Document, Item
from aiwatch.store import codec
from aiwatch.store.codec import stamp
from aiwatch.store.indexes import WAITING

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where the reading stands: after which row number."""

    after: int
    since: datetime | None = None
    source_id: str | None = None


def first_number(db: sqlite3.Connection, since: datetime | None) -> int:
    """Return a row number below which no item was first seen at ``since`` or later: a bound, not a condition."""
    if since is None:
        return 0
    row = db.execute("SELECT min(first_n) FROM day WHERE day >= ?", (stamp(since)[:10],)).fetchone()
    return int(row[0]) if row[0] is not None else 1 << 62


def span(db: sqlite3.Connection) -> tuple[datetime, datetime] | None:
    """Return when the oldest and the newest item were first seen; None for an empty archive."""
    row = db.execute(
        "SELECT (SELECT first_seen_at FROM item ORDER BY n LIMIT 1), (SELECT first_seen_at FROM item ORDER BY n DESC LIMIT 1)"
    ).fetchone()
    return (codec.moment(row[0]), codec.moment(row[1])) if row[0] is not None else None


_READ = f"""
SELECT {codec.ITEM_COLUMNS}, source.id AS source_id FROM item JOIN source ON source.n = item.source_n
WHERE item.n > ?1 AND item.first_seen_at >= ?2 AND item.pruned_at IS NULL AND (?3 IS NULL OR item.source_n = ?3)
ORDER BY item.n LIMIT ?4
"""  # noqa: S608  constants of this package


def read(db: sqlite3.Connection, page: Page) -> tuple[list[Document], Page]:
    """Return the next page of items, in the order seen, and where to go on. An empty page is the end."""
    after = max(page.after, first_number(db, page.since) - 1)
    source_n = None
    if page.source_id is not None:
        row = db.execute("SELECT n FROM source WHERE id = ?", (page.source_id,)).fetchone()
        if row is None:
            return [], page
        source_n = row["n"]
    rows = db.execute(_READ, (after, stamp(page.since) if page.since else "", source_n, PAGE)).fetchall()
    if not rows:
        return [], page
    sources = {row["n"]: codec.load_source(row) for row in _source_rows(db, {row["source_n"] for row in rows})}
    items = [Document(codec.load_item(row, row["source_id"]), sources[row["source_n"]]) for row in rows]
    return items, replace(page, after=rows[-1]["n"])


def _source_rows(db: sqlite3.Connection, numbers: set[int]) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM source WHERE n IN (SELECT value FROM json_each(?))", (codec.many(numbers),)).fetchall()


_OWED = f"""
SELECT {codec.ITEM_COLUMNS} FROM item
WHERE source_n = (SELECT n FROM source WHERE id = ?) AND n >= ? AND {WAITING} ORDER BY n
"""  # noqa: S608  constants of this package


def owed(db: sqlite3.Connection, source_id: str, since: datetime) -> list[Item]:
    """Return a source's items from that day on whose pages could not be read yet, oldest first."""
    rows = db.execute(_OWED, (source_id, first_number(db, since)))
    return [codec.load_item(row, source_id) for row in rows]


_DETECTED = """
SELECT detection.*, item.id FROM item JOIN detection ON detection.item_n = item.n
WHERE item.id IN (SELECT value FROM json_each(?)) AND detection.revision = (SELECT max(revision) FROM detection WHERE item_n = item.n)
"""


def detections(db: sqlite3.Connection, item_ids: Collection[str]) -> dict[str, Detection]:
    """Return the newest detections of items, by item; items that were not judged are left out."""
    return {row["id"]: codec.load_detection(row, row["id"]) for row in db.execute(_DETECTED, (codec.many(item_ids),))}


def detection(db: sqlite3.Connection, item_id: str) -> Detection | None:
    """Return the newest detection of an item."""
    return detections(db, [item_id]).get(item_id)
