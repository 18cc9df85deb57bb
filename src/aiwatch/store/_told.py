"""Editions and deliveries as faces list and show them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection

from aiwatch.model import DeliveryState
from aiwatch.store import _stories, codec
from aiwatch.store._refs import by_prefix
from aiwatch.store.codec import many, maybe_moment, moment
from aiwatch.views import Attempt, DeliveryLine, DeliveryView, EditionLine, Waiting

_LINE = (
    "delivery.id, delivery.edition_id, delivery.digest_id, delivery.recipient_id, delivery.subject, delivery.state, delivery.attempts, "
    "delivery.created_at, delivery.next_try_at, delivery.sent_at, delivery.last_answer, delivery.receipt"
)


def _line(row: sqlite3.Row) -> DeliveryLine:
    return DeliveryLine(
        id=row["id"],
        edition_id=row["edition_id"],
        digest_id=row["digest_id"],
        recipient_id=row["recipient_id"],
        subject=row["subject"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        next_try_at=maybe_moment(row["next_try_at"]),
        sent_at=maybe_moment(row["sent_at"]),
        last_answer=row["last_answer"],
        receipt=row["receipt"],
    )


def lines(db: sqlite3.Connection, states: Collection[DeliveryState], limit: int, digest_id: str | None) -> list[DeliveryLine]:
    """Return deliveries, newest first."""
    rows = db.execute(
        f"SELECT {_LINE} FROM delivery WHERE (?1 IS NULL OR digest_id = ?1) "  # noqa: S608  constants of this module
        "AND (?2 = '[]' OR state IN (SELECT value FROM json_each(?2))) ORDER BY created_at DESC, rowid DESC LIMIT ?3",
        (digest_id, many(states), limit),
    )
    return [_line(row) for row in rows]


def of_announcements(db: sqlite3.Connection, announcement_ids: Collection[str]) -> list[DeliveryLine]:
    """Return the deliveries that carried any of these announcements, oldest first."""
    rows = db.execute(
        f"SELECT {_LINE} FROM delivery WHERE edition_id IN (SELECT edition_id FROM outbox WHERE announcement_id IN "  # noqa: S608
        "(SELECT value FROM json_each(?))) ORDER BY created_at, rowid",
        (many(announcement_ids),),
    )
    return [_line(row) for row in rows]


def of_editions(db: sqlite3.Connection, edition_ids: Collection[str]) -> list[DeliveryLine]:
    """Return the deliveries of these editions, oldest first."""
    rows = db.execute(
        f"SELECT {_LINE} FROM delivery WHERE edition_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, rowid",  # noqa: S608
        (many(edition_ids),),
    )
    return [_line(row) for row in rows]


def waiting(db: sqlite3.Connection, announcement_ids: Collection[str]) -> list[Waiting]:
    """Return the outbox rows of announcements."""
    rows = db.execute(
        "SELECT digest_id, announcement_id, edition_id FROM outbox WHERE announcement_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY at, digest_id",
        (many(announcement_ids),),
    )
    return [Waiting(digest_id=row[0], announcement_id=row[1], edition_id=row[2]) for row in rows]


def view(db: sqlite3.Connection, ref: str) -> DeliveryView | None:
    """Return a delivery as sent, by its id or by unique first characters of it. Raises BadQuery where there are several."""
    row = db.execute("SELECT * FROM delivery WHERE id = ?", (ref,)).fetchone()
    if row is None and (whole := by_prefix(db, "delivery", ref, least=4)):
        row = db.execute("SELECT * FROM delivery WHERE id = ?", (whole,)).fetchone()
    if row is None:
        return None
    delivery = codec.load_delivery(row)
    tries = db.execute("SELECT at, verdict, answer FROM attempt WHERE delivery_id = ? ORDER BY n", (delivery.id,))
    told = db.execute("SELECT announcement_id FROM outbox WHERE edition_id = ? ORDER BY at", (delivery.edition_id,)).fetchall()
    found = _stories.announcements(db, [row[0] for row in told])
    return DeliveryView(
        delivery=delivery,
        attempts=tuple(Attempt(at=moment(row["at"]), verdict=row["verdict"], answer=row["answer"]) for row in tries),
        announcements=tuple(found[row[0]] for row in told),
    )


def editions(db: sqlite3.Connection, limit: int) -> list[EditionLine]:
    """Return editions with their deliveries, newest first."""
    rows = db.execute("SELECT * FROM edition ORDER BY created_at DESC, rowid DESC LIMIT ?", (limit,)).fetchall()
    sent: dict[str, list[DeliveryLine]] = defaultdict(list)
    found = db.execute(
        f"SELECT {_LINE} FROM delivery WHERE edition_id IN (SELECT value FROM json_each(?)) ORDER BY rowid",  # noqa: S608
        (many(row["id"] for row in rows),),
    )
    for row in found:
        sent[row["edition_id"]].append(_line(row))
    return [
        EditionLine(
            id=row["id"],
            digest_id=row["digest_id"],
            title=row["title"],
            since=moment(row["since"]),
            until=moment(row["until"]),
            created_at=moment(row["created_at"]),
            entries=row["entries"],
            deliveries=tuple(sent[row["id"]]),
        )
        for row in rows
    ]
