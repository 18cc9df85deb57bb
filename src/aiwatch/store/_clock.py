"""What a clock that was ahead has written, once it is right again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from aiwatch.digest.compose import OPERATIONS
from aiwatch.store import _stories
from aiwatch.store.codec import stamp

OFF = timedelta(minutes=5)  # by which clocks may differ without anybody having set one

_AHEAD = "SELECT EXISTS (SELECT 1 FROM heartbeat WHERE at > ?1) OR EXISTS (SELECT 1 FROM source WHERE last_attempt_at > ?1)"
_SOURCES = """
UPDATE source SET last_attempt_at = min(last_attempt_at, ?1), last_success_at = min(last_success_at, ?1),
    failing_since = min(failing_since, ?1), next_poll_at = iif(gone, next_poll_at, min(next_poll_at, ?1))
"""
_OUTBOX = "UPDATE outbox SET at = ?1 WHERE edition_id IS NULL AND at > ?1"
_DELIVERIES = "UPDATE delivery SET next_try_at = ?1, due_at = ?1 WHERE state = 'ready' AND due_at > ?1"
_HOLDS = "DELETE FROM hold WHERE until > ?1"
_LEASES = "UPDATE lease SET asked_at = min(asked_at, ?1), since = NULL, until = NULL WHERE asked_at > ?1 OR since > ?1"
_HEARTBEATS = "UPDATE heartbeat SET at = min(at, ?1)"
_DIGESTS = "UPDATE digest SET registered_at = ?1 WHERE registered_at > ?1"
_LOST = "UPDATE lost_part SET since = min(since, ?1)"
_POLLS = "UPDATE poll SET at = ?1, gap_since = min(gap_since, ?1) WHERE at > ?1"
# By these the steps of a story are told apart, and what was kept silent is told by who reports it in these days.
_STORIES = "UPDATE story SET first_seen = min(first_seen, ?1), last_seen = ?1 WHERE last_seen > ?1"
_STEPS = """
UPDATE story_stage SET first_seen = min(first_seen, ?1), primary_seen = min(primary_seen, ?1)
WHERE max(first_seen, coalesce(primary_seen, '')) > ?1
"""
_MENTIONS = "UPDATE mention SET at = ?1 WHERE at > ?1"
_ANNOUNCED = "SELECT id FROM announcement WHERE at > ?"
_ANNOUNCEMENTS = "UPDATE announcement SET at = ?1 WHERE at > ?1"
# What operators were told of lies before their last edition once more, and what they were not told of behind it.
_NOTICES = f"""
UPDATE notice SET opened_at = iif(opened_at > ?1, iif(opened_at > last.until, ?1, ?2), opened_at),
    closed_at = iif(closed_at > ?1, iif(closed_at > last.until, ?1, ?2), closed_at)
FROM (SELECT coalesce(max(until), '') AS until FROM edition WHERE digest_id = '{OPERATIONS}') AS last
WHERE max(opened_at, coalesce(closed_at, '')) > ?1
"""  # noqa: S608  a constant
_EDITIONS = """
UPDATE edition SET since = min(since, ?2), until = min(until, ?2), created_at = min(created_at, ?2) WHERE until > ?2 OR created_at > ?2
"""


def rewind(db: sqlite3.Connection, now: datetime) -> bool:
    """Make due now whatever waits, if something was done in what is still to come; False where no clock was ahead.

    What was put off for a good reason is not told from what the clock put off: at worst it is asked once too early.
    """
    if not db.execute(_AHEAD, (stamp(now + OFF),)).fetchone()[0]:
        return False
    for statement in (
        _SOURCES,
        _LOST,
        _POLLS,
        _OUTBOX,
        _DELIVERIES,
        _HOLDS,
        _LEASES,
        _HEARTBEATS,
        _DIGESTS,
        _STORIES,
        _STEPS,
        _MENTIONS,
    ):
        db.execute(statement, (stamp(now),))
    _announced(db, now)
    for statement in (_NOTICES, _EDITIONS):
        db.execute(statement, (stamp(now), stamp(now - timedelta(seconds=1))))
    return True


def _announced(db: sqlite3.Connection, now: datetime) -> None:
    """Let announcements be of now, by whose days they are counted."""
    ids = [row["id"] for row in db.execute(_ANNOUNCED, (stamp(now),))]
    _stories.tally(db, _stories.announcements(db, ids).values(), -1)
    db.execute(_ANNOUNCEMENTS, (stamp(now),))
    _stories.tally(db, _stories.announcements(db, ids).values(), 1)
    db.execute("DELETE FROM tally WHERE count = 0")
