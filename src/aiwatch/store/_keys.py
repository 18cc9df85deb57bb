"""What this service signs with, and what hubs promised it."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime

from aiwatch.model import Lease, Push
from aiwatch.store.codec import maybe_clean, maybe_moment, maybe_stamp, moment, stamp

WAITING = 20  # bodies of one source; a hub that sends more while nobody reads is not heard: polling is the safety net


def make_secret(db: sqlite3.Connection, name: str) -> str:
    """Return the random text of that name, made at the first call and the same ever after."""
    db.execute("INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, secrets.token_hex(32)))
    return str(db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()["value"])


def secret(db: sqlite3.Connection, name: str) -> str | None:
    """Return it, if it was ever made."""
    row = db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()
    return str(row["value"]) if row else None


def asked(db: sqlite3.Connection, source_id: str, now: datetime, answer: str | None) -> None:
    """Record that a hub was asked; a lease that still runs goes on."""
    db.execute(
        "INSERT INTO lease (source_id, asked_at, answer) VALUES (?, ?, ?) "
        "ON CONFLICT (source_id) DO UPDATE SET asked_at = excluded.asked_at, answer = excluded.answer",
        (source_id, stamp(now), maybe_clean(answer)),
    )


def granted(db: sqlite3.Connection, source_id: str, now: datetime, until: datetime | None, answer: str | None) -> None:
    """Record what a hub confirmed, or (None) that it refused."""
    db.execute(
        "INSERT INTO lease (source_id, asked_at, since, until, answer) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (source_id) DO UPDATE SET since = ?3, until = ?4, answer = ?5",
        (source_id, stamp(now), stamp(now) if until else None, maybe_stamp(until), maybe_clean(answer)),
    )


def leases(db: sqlite3.Connection) -> dict[str, Lease]:
    """Return what is known of each source's subscription."""
    return {
        row["source_id"]: Lease(
            asked_at=moment(row["asked_at"]),
            since=maybe_moment(row["since"]),
            until=maybe_moment(row["until"]),
            answer=row["answer"],
        )
        for row in db.execute("SELECT * FROM lease ORDER BY source_id")
    }


def push(db: sqlite3.Connection, source_id: str, body: bytes, now: datetime) -> bool:
    """Keep a pushed body for the daemon. False where too many wait already."""
    done = db.execute(
        "INSERT INTO push (source_id, at, body) SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM push WHERE source_id = ?1) < ?4",
        (source_id, stamp(now), body, WAITING),
    )
    return done.rowcount > 0


def pushes(db: sqlite3.Connection, limit: int) -> list[Push]:
    """Return the bodies that wait, oldest first."""
    rows = db.execute("SELECT * FROM push ORDER BY n LIMIT ?", (limit,))
    return [Push(n=row["n"], source_id=row["source_id"], at=moment(row["at"]), body=row["body"]) for row in rows]


def forget(db: sqlite3.Connection, n: int) -> None:
    """Drop a body that was read."""
    db.execute("DELETE FROM push WHERE n = ?", (n,))
