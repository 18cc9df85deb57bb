"""What a restored database must know of the one that it replaced: who was told what, what was sent, and who wants no more.

What was found since the backup is found again, under the same ids; it must not be told again. The texts and verdicts of that time are not
carried over: they come with the polls.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.errors import StoreError
from aiwatch.store.connection import connect, connect_readonly, transaction
from aiwatch.store.schema import migrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How much was taken over."""

    editions: int
    told: int


_EDITION = "id, digest_id, title, since, until, created_at, entries"
_DELIVERY = (
    "id, edition_id, digest_id, recipient_id, subject, created_at, state, attempts, next_try_at, due_at, sent_at, last_answer, "
    "receipt, body"
)
_TOLD = """
SELECT outbox.digest_id, outbox.announcement_id, story.id AS story_id, outbox.edition_id FROM outbox
JOIN announcement ON announcement.id = outbox.announcement_id JOIN story ON story.n = announcement.story_n
WHERE outbox.edition_id IS NOT NULL
"""
_READ = {
    "editions": f"SELECT {_EDITION} FROM edition",  # noqa: S608  constants of this module
    "told": _TOLD,
    "deliveries": f"SELECT {_DELIVERY} FROM delivery",  # noqa: S608
    "mutes": "SELECT who, digest_id, reason, at FROM mute",
    "digests": "SELECT id, registered_at FROM digest",
}
_SENT = """
ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, next_try_at = excluded.next_try_at,
    due_at = excluded.due_at, sent_at = excluded.sent_at, last_answer = excluded.last_answer, receipt = excluded.receipt
"""


def over(path: str, aside: str) -> Carried:
    """Tell the database at ``path`` what the one at ``aside`` knew. Raises StoreError, and changes nothing, where that cannot be read."""
    try:
        old = connect_readonly(aside)
        old.row_factory = sqlite3.Row
        try:
            kept = {name: old.execute(sql).fetchall() for name, sql in _READ.items()}
        finally:
            old.close()
    except sqlite3.Error as error:
        raise StoreError(f"{aside}: {error}") from error
    db = connect(path)
    try:
        migrate(db, path)
        with transaction(db, path):
            return _write(db, kept)
    finally:
        db.close()


def _write(db: sqlite3.Connection, kept: dict[str, list[sqlite3.Row]]) -> Carried:
    before = {row[0] for row in db.execute("SELECT id FROM edition")}
    editions = [row for row in kept["editions"] if row["id"] not in before]
    _insert(db, "edition", _EDITION, editions)
    told = [row for row in kept["told"] if row["edition_id"] not in before]
    db.executemany(
        "UPDATE outbox SET edition_id = ? WHERE digest_id = ? AND announcement_id = ? AND edition_id IS NULL",
        [(row["edition_id"], row["digest_id"], row["announcement_id"]) for row in told],
    )
    _insert(db, "told", "digest_id, announcement_id, story_id, edition_id", told, "ON CONFLICT DO NOTHING")
    _insert(db, "delivery", _DELIVERY, kept["deliveries"], _SENT)
    db.execute("DELETE FROM mute")
    _insert(db, "mute", "who, digest_id, reason, at", kept["mutes"])
    _insert(db, "digest", "id, registered_at", kept["digests"], "ON CONFLICT DO NOTHING")
    return Carried(editions=len(editions), told=len({row["announcement_id"] for row in told}))


def _insert(db: sqlite3.Connection, table: str, columns: str, rows: Sequence[sqlite3.Row], conflict: str = "") -> None:
    places = ", ".join("?" * (columns.count(",") + 1))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places}) {conflict}", [tuple(row) for row in rows])  # noqa: S608  our names
