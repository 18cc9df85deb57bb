"""What people give for an id: all of it, or as many of its first digits as no other id begins with."""

from __future__ import annotations

import sqlite3

from aiwatch.errors import BadQuery

PREFIX = 6  # digits of an id that may stand for it, if they are unique
_MANY = {
    "story": "stories",
    "item": "items",
    "announcement": "announcements",
    "delivery": "deliveries",
}  # the tables that are asked so


def by_prefix(db: sqlite3.Connection, table: str, ref: str, least: int = PREFIX) -> str | None:
    """Return the one id in ``table`` that begins with ``ref``, of ``least`` digits or more. Raises BadQuery where there are several."""
    if len(ref) < least or not set(ref) <= set("0123456789abcdef"):
        return None
    rows = db.execute(f"SELECT id FROM {table} WHERE id >= ? AND id < ? LIMIT 2", (ref, ref + "g")).fetchall()  # noqa: S608  our names
    if len(rows) > 1:
        raise BadQuery(f"{ref}: several {_MANY[table]} begin like this; give more digits")
    return str(rows[0]["id"]) if rows else None
