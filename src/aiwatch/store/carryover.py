"""What a restored database must know of the one that it replaced: who was told what, what was sent, who wants no more, what people said.

So must it know the keys that the links in those mails are signed with. What was found since the backup is found again, under the same
ids; it must not be told again. The texts and verdicts of that time are not carried over: they come with the polls.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.errors import StoreError
from aiwatch.feedback import SameName, Saying
from aiwatch.store import _feedback, _service
from aiwatch.store.connection import connect, connect_readonly, transaction
from aiwatch.store.schema import check_version, migrate
from aiwatch.views import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How much was taken over. ``said`` is what people said since of what the backup has: it is still to be heeded (``store.mend``)."""

    editions: int
    told: int
    judged: int  # items, by people, whether or not the backup has them
    decided: int  # unknown names that the backup has, accepted, ignored or left undecided again since
    said: Saying


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
    "names": "SELECT name_key, verdict, judged_at FROM name WHERE judged_at IS NOT NULL",
}
_READ_LATER = {  # of the steps of the schema that made their tables
    "told before": ("0006_told", "SELECT digest_id, announcement_id, story_id, edition_id FROM told"),
    "secrets": ("0002_secret", "SELECT name, value FROM secret"),
}
_BROUGHT = "digest_id, item_id, edition_id"
_SENT = """
ON CONFLICT (id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, next_try_at = excluded.next_try_at,
    due_at = excluded.due_at, sent_at = excluded.sent_at, last_answer = excluded.last_answer, receipt = excluded.receipt
"""


def over(copy: str, present: str) -> Carried:
    """Tell the ``copy`` of a backup what the ``present`` database knows. Raises StoreError, changing nothing, where that is unreadable."""
    try:
        old = connect_readonly(present)
        old.row_factory = sqlite3.Row
        try:
            missing = check_version(old, present)
            reads = _READ | {name: sql for name, (step, sql) in _READ_LATER.items() if step not in missing}
            kept = {name: old.execute(sql).fetchall() for name, sql in reads.items()}
            words = None if "0007_said" in missing else _read_words(old)
        finally:
            old.close()
    except sqlite3.Error as error:
        raise StoreError(f"{present}: {error}") from error
    db = connect(copy)
    db.row_factory = sqlite3.Row
    try:
        migrate(db, copy, backed_up=True)
        with transaction(db, copy):
            editions, told = _write(db, kept)
            judged, said = _write_words(db, words) if words else (0, Saying())
            return Carried(editions=editions, told=told, judged=judged, decided=_write_names(db, kept["names"]), said=said)
    finally:
        db.close()


def _write(db: sqlite3.Connection, kept: dict[str, list[sqlite3.Row]]) -> tuple[int, int]:
    before = {row[0] for row in db.execute("SELECT id FROM edition")}
    editions = [row for row in kept["editions"] if row["id"] not in before]
    _insert(db, "edition", _EDITION, editions)
    told = [row for row in (*kept["told"], *kept.get("told before", ())) if row["edition_id"] not in before]
    db.executemany(
        "UPDATE outbox SET edition_id = ? WHERE digest_id = ? AND announcement_id = ? AND edition_id IS NULL",
        [(row["edition_id"], row["digest_id"], row["announcement_id"]) for row in told],
    )
    _insert(db, "told", "digest_id, announcement_id, story_id, edition_id", told, "ON CONFLICT DO NOTHING")
    _insert(db, "delivery", _DELIVERY, kept["deliveries"], _SENT)
    db.execute("DELETE FROM mute")
    _insert(db, "mute", "who, digest_id, reason, at", kept["mutes"])
    _insert(db, "digest", "id, registered_at", kept["digests"], "ON CONFLICT DO NOTHING")
    _insert(db, "secret", "name, value", kept.get("secrets", ()), "ON CONFLICT DO NOTHING")
    return len(editions), len({row["announcement_id"] for row in told})


# --- what people said -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """All that people said, as a database has it."""

    labels: dict[str, Label]
    same: dict[str, SameName]
    brought: list[sqlite3.Row]


def _read_words(db: sqlite3.Connection) -> _Words:
    return _Words(
        labels={one.item_id: one for one in _service.labels(db)},
        same={one.name_key: one for one in _feedback.same_names(db)},
        brought=db.execute(f"SELECT {_BROUGHT} FROM brought").fetchall(),  # noqa: S608  constants of this module
    )


def _write_words(db: sqlite3.Connection, now: _Words) -> tuple[int, Saying]:
    """How many items people judged since, and what of it concerns what is there; the rest waits for its items."""
    before = _read_words(db)
    _insert(db, "brought", _BROUGHT, now.brought, "ON CONFLICT DO NOTHING")
    given = [one for one in now.labels.values() if before.labels.get(one.item_id) != one]
    gone = [one for one in before.labels if one not in now.labels]
    there = {
        item_id
        for item_id in [*gone, *(one.item_id for one in given)]
        if db.execute("SELECT 1 FROM item WHERE id = ?", (item_id,)).fetchone()
    }
    for label in given:
        if label.item_id not in there:
            _service.relabel(db, label)
    for item_id in gone:
        if item_id not in there:
            _service.unlabel(db, item_id)
    said = Saying(
        labels=tuple(one for one in given if one.item_id in there),
        taken_back=tuple(one for one in gone if one in there),
        same=tuple(one for one in now.same.values() if before.same.get(one.name_key) != one),
        parted=tuple(one for one in before.same if one not in now.same),
    )
    return len(given) + len(gone), said


def _write_names(db: sqlite3.Connection, decided: Sequence[sqlite3.Row]) -> int:
    """What was said of unknown names. A name that the backup has not comes with its item, and undecided."""
    changed = "UPDATE name SET verdict = ?2, judged_at = ?3 WHERE name_key = ?1 AND verdict IS NOT ?2"
    return sum(db.execute(changed, tuple(row)).rowcount for row in decided)


def _insert(db: sqlite3.Connection, table: str, columns: str, rows: Sequence[sqlite3.Row], conflict: str = "") -> None:
    places = ", ".join("?" * (columns.count(",") + 1))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places}) {conflict}", [tuple(row) for row in rows])  # noqa: S608  our names
