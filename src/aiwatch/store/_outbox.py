"""What is to be told, to whom, and what became of it. Announcements are claimed by editions, deliveries by whoever sends them.

An edition claims rows of the outbox, never a span of time: an announcement that is committed late, with a time before the last slot, is
still waiting and goes into the next edition; one that was claimed cannot be claimed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from aiwatch.errors import Conflict
from aiwatch.model import Announcement, Delivery, DeliveryState, Edition, Receipt, Verdict
from aiwatch.store import codec
from aiwatch.store.codec import clean, dump, many, maybe_moment, maybe_stamp, stamp
from aiwatch.stories.steps import RANK

# --- announcements to editions ------------------------------------------------------------------------------------------------


_LAUNCHES = ", ".join(f"'{stage.value}'" for stage in RANK)
# What was told before a backup took the database's place (``carryover``) is told: the step itself, or the launch of that story under
# another word, where outlets are heard in another order now.
_ENQUEUE = f"""
INSERT INTO outbox (digest_id, announcement_id, at, edition_id)
SELECT ?1, own.id, own.at, coalesce(
    (SELECT edition_id FROM told WHERE digest_id = ?1 AND announcement_id = own.id),
    (SELECT edition_id FROM told WHERE digest_id = ?1 AND story_id = (SELECT id FROM story WHERE n = own.story_n)
        AND own.stage IN ({_LAUNCHES})
        AND NOT EXISTS (SELECT 1 FROM announcement AS o WHERE o.story_n = own.story_n AND o.id <> own.id AND o.stage IN ({_LAUNCHES})))
) FROM announcement AS own WHERE own.id = ?2 ON CONFLICT DO NOTHING
"""  # noqa: S608  constants of this module


def enqueue(db: sqlite3.Connection, pairs: Sequence[tuple[str, str]]) -> None:
    """Put announcements into the outbox of digests; who is there already stays."""
    db.executemany(_ENQUEUE, pairs)


def pending(db: sqlite3.Connection, digest_id: str, until: datetime) -> list[Announcement]:
    """Return what waits for the digest's next edition, oldest first; not what a person took back meanwhile."""
    rows = db.execute(
        f"SELECT {codec.ANNOUNCEMENT_COLUMNS} FROM outbox JOIN announcement ON announcement.id = outbox.announcement_id "  # noqa: S608
        "JOIN story ON story.n = announcement.story_n "
        "WHERE outbox.digest_id = ? AND outbox.edition_id IS NULL AND outbox.at <= ? AND silent IS NULL ORDER BY outbox.at, announcement.n",
        (digest_id, stamp(until)),
    )
    return [codec.load_announcement(row) for row in rows]


def waiting(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many announcements wait for an edition of each digest, whether or not it is configured any more."""
    rows = db.execute(
        "SELECT digest_id, count(*) FROM outbox JOIN announcement ON announcement.id = announcement_id "
        "WHERE edition_id IS NULL AND silent IS NULL GROUP BY digest_id ORDER BY digest_id"
    )
    return {row[0]: row[1] for row in rows}


def register(db: sqlite3.Connection, digest_id: str, now: datetime) -> None:
    """Remember since when a digest exists; the first call wins."""
    db.execute("INSERT INTO digest (id, registered_at) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest_id, stamp(now)))


def last_slot(db: sqlite3.Connection, digest_id: str, before: datetime | None, *, sent: bool) -> datetime | None:
    """Return the newest edition's slot (not after ``before``; ``sent``: of those somebody got), else the registration, else None."""
    row = db.execute(
        "SELECT coalesce((SELECT until FROM edition WHERE digest_id = ?1 AND (?2 IS NULL OR until <= ?2) "
        "AND (NOT ?3 OR EXISTS (SELECT 1 FROM delivery WHERE edition_id = edition.id)) ORDER BY until DESC LIMIT 1), "
        "(SELECT registered_at FROM digest WHERE id = ?1))",
        (digest_id, maybe_stamp(before), sent),
    ).fetchone()
    return maybe_moment(row[0])


def told(db: sqlite3.Connection, digest_id: str, since: datetime, until: datetime) -> int:
    """Return how many announcements the digest's editions told that were composed after ``since``, up to ``until``."""
    row = db.execute(
        "SELECT coalesce(sum(entries), 0) FROM edition INDEXED BY edition_new WHERE created_at > ? AND created_at <= ? AND digest_id = ?",
        (stamp(since), stamp(until), digest_id),
    ).fetchone()
    return int(row[0])


_DELIVERY = """
INSERT INTO delivery (id, edition_id, digest_id, recipient_id, subject, created_at, state, attempts, next_try_at, due_at, sent_at,
    last_answer, receipt, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""

# A recipient that asked for patience is asked with nothing new meanwhile.
_HELD = """
UPDATE delivery SET next_try_at = hold.until, due_at = hold.until FROM hold
WHERE delivery.recipient_id = hold.recipient_id AND delivery.id IN (SELECT value FROM json_each(?))
    AND delivery.state = 'ready' AND delivery.due_at < hold.until
"""


def publish(db: sqlite3.Connection, edition: Edition, deliveries: Sequence[Delivery], claimed: Collection[str]) -> bool:
    """Record an edition with its deliveries and claims. False if it exists; Conflict if another edition told one of them meanwhile."""
    created = max((one.created_at for one in deliveries), default=edition.until)
    done = db.execute(
        "INSERT INTO edition (id, digest_id, title, since, until, created_at, entries) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO NOTHING",
        (
            edition.id,
            edition.digest_id,
            clean(edition.title),
            stamp(edition.since),
            stamp(edition.until),
            stamp(created),
            len(set(claimed)),
        ),
    )
    if done.rowcount == 0:
        return False
    _claim(db, edition, claimed)
    db.executemany(_DELIVERY, [_delivery_row(one) for one in deliveries])
    db.execute(_HELD, (many({one.id for one in deliveries}),))
    return True


def _claim(db: sqlite3.Connection, edition: Edition, claimed: Collection[str]) -> None:
    wanted = sorted(set(claimed))
    enqueue(db, [(edition.digest_id, one) for one in wanted])  # one that was added by hand has no row yet
    done = db.execute(
        "UPDATE outbox SET edition_id = ? WHERE digest_id = ? AND edition_id IS NULL "
        "AND announcement_id IN (SELECT value FROM json_each(?))",
        (edition.id, edition.digest_id, many(wanted)),
    )
    if done.rowcount != len(wanted):
        raise Conflict(f"digest {edition.digest_id}: another edition has told some of these announcements already")


def _delivery_row(one: Delivery) -> tuple[object, ...]:
    waiting = one.state in {DeliveryState.READY, DeliveryState.SENDING}
    return (
        one.id,
        one.edition_id,
        one.digest_id,
        one.recipient_id,
        clean(one.subject),
        stamp(one.created_at),
        one.state,
        one.attempts,
        maybe_stamp(one.next_try_at),
        stamp(one.next_try_at or one.created_at) if waiting else None,
        maybe_stamp(one.sent_at),
        one.last_answer,
        one.receipt,
        dump(dict(one.body)),
    )


# --- deliveries -----------------------------------------------------------------------------------------------------------------

_CLAIM = """
SELECT * FROM delivery WHERE due_at <= ? AND recipient_id NOT IN (SELECT value FROM json_each(?))
ORDER BY coalesce(next_try_at, created_at), created_at, rowid LIMIT ?
"""


def claim(db: sqlite3.Connection, now: datetime, limit: int, lease: timedelta, skip: Collection[str]) -> list[Delivery]:
    """Take deliveries whose time has come, or whose lease ran out, and mark them as being sent."""
    rows = db.execute(_CLAIM, (stamp(now), many(skip), limit)).fetchall()
    until = stamp(now + lease)
    db.executemany(
        "UPDATE delivery SET state = 'sending', due_at = ? WHERE id = ?",
        [(until, row["id"]) for row in rows],
    )
    return [codec.load_delivery({**dict(row), "state": "sending"}) for row in rows]  # type: ignore[arg-type]  # read like a row


_SETTLE = """
UPDATE delivery SET state = :state, attempts = attempts + 1, next_try_at = :next, due_at = :due, last_answer = :answer,
    receipt = iif(:sent, :answer, receipt), sent_at = iif(:sent, :now, sent_at)
WHERE id = :id AND state NOT IN ('sent', 'dropped')
"""

# Parts of one message are read in their order: the later ones wait with one that is tried again.
_BEHIND = """
UPDATE delivery SET next_try_at = :next, due_at = :next FROM delivery AS one
WHERE one.id = :id AND one.state = 'ready' AND delivery.edition_id = one.edition_id AND delivery.recipient_id = one.recipient_id
    AND delivery.rowid > one.rowid AND delivery.state = 'ready' AND delivery.due_at < :next
"""


def settle(
    db: sqlite3.Connection, delivery_id: str, receipt: Receipt, state: DeliveryState, now: datetime, next_try_at: datetime | None
) -> None:
    """Record one try. What was sent, or dropped by a person, stays so, whatever a late answer says; later parts wait with a failed one.

    A message that arrived, of its first try as well, shows that its recipient is back: its backlog is due. A Retry-After is for all that
    waits for the recipient, and not for this one message alone.
    """
    waiting = state in {DeliveryState.READY, DeliveryState.SENDING}
    answer = clean(receipt.answer)
    db.execute(
        _SETTLE,
        {
            "id": delivery_id,
            "state": state,
            "next": maybe_stamp(next_try_at) if waiting else None,
            "due": stamp(next_try_at or now) if waiting else None,
            "answer": answer,
            "sent": receipt.verdict is Verdict.SENT,
            "now": stamp(now),
        },
    )
    if next_try_at is not None:
        db.execute(_BEHIND, {"id": delivery_id, "next": stamp(next_try_at)})
    db.execute(
        "INSERT INTO attempt (delivery_id, at, verdict, answer) VALUES (?, ?, ?, ?)",
        (delivery_id, stamp(now), receipt.verdict, answer),
    )
    if state is DeliveryState.SENT:
        _hasten(db, delivery_id, now)
    elif receipt.retry_after:
        _put_off(db, delivery_id, now + timedelta(seconds=receipt.retry_after))


def settle_by_hand(db: sqlite3.Connection, delivery_id: str, state: DeliveryState, now: datetime, why: str) -> bool:
    """Send again (READY, from the first try on), or drop what was not sent. False if there is no such delivery, or it is being sent."""
    again = state is DeliveryState.READY
    done = db.execute(
        "UPDATE delivery SET state = ?, attempts = iif(?, 0, attempts), next_try_at = ?, due_at = ?, last_answer = ? "
        "WHERE id = ? AND state <> 'sending' AND (? OR state <> 'sent')",
        (state, again, stamp(now) if again else None, stamp(now) if again else None, clean(why), delivery_id, again),
    )
    return done.rowcount > 0


_RECIPIENT = "(SELECT recipient_id FROM delivery WHERE id = ?1)"


def _hasten(db: sqlite3.Connection, delivery_id: str, now: datetime) -> None:
    """Let the recipient of a delivery, which is back, have its backlog at once."""
    db.execute(f"DELETE FROM hold WHERE recipient_id = {_RECIPIENT}", (delivery_id,))  # noqa: S608  a constant of this module
    _move(db, delivery_id, now, ">")


def _put_off(db: sqlite3.Connection, delivery_id: str, until: datetime) -> None:
    """Let nothing that waits for its recipient, or is composed for it by then, be tried before ``until``; what waits longer stays so."""
    db.execute(
        "INSERT INTO hold (recipient_id, until) SELECT recipient_id, ?2 FROM delivery WHERE id = ?1 "
        "ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
        (delivery_id, stamp(until)),
    )
    _move(db, delivery_id, until, "<")


def _move(db: sqlite3.Connection, delivery_id: str, to: datetime, beyond: Literal["<", ">"]) -> None:
    """Have what waits for the recipient of a delivery tried at a moment, where it is due before (``<``) or after it."""
    db.execute(
        f"UPDATE delivery SET next_try_at = ?2, due_at = ?2 "  # noqa: S608  a constant of this module and one of two signs
        f"WHERE recipient_id = {_RECIPIENT} AND state = 'ready' AND due_at {beyond} ?2",
        (delivery_id, stamp(to)),
    )


def release(db: sqlite3.Connection, now: datetime) -> int:
    """Give back what a process that died was sending. Only for the holder of the daemon lock."""
    return db.execute("UPDATE delivery SET state = 'ready', due_at = ? WHERE state = 'sending'", (stamp(now),)).rowcount


# --- who wants no more ------------------------------------------------------------------------------------------------------------


def mute(db: sqlite3.Connection, who: str, digest_id: str | None, reason: str, now: datetime) -> None:
    """Write no more to somebody, of one digest or of all; the first reason stays."""
    db.execute(
        "INSERT INTO mute (who, digest_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (who, digest_id or "", reason, stamp(now)),
    )


def unmute(db: sqlite3.Connection, who: str, digest_id: str | None) -> bool:
    """Write to somebody again. False if nobody had said not to."""
    return db.execute("DELETE FROM mute WHERE who = ? AND digest_id = ?", (who, digest_id or "")).rowcount > 0


def muted(db: sqlite3.Connection) -> dict[tuple[str, str | None], str]:
    """Return who is not written to, and why."""
    rows = db.execute("SELECT who, digest_id, reason FROM mute ORDER BY who, digest_id")
    return {(row["who"], row["digest_id"] or None): row["reason"] for row in rows}
