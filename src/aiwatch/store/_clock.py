"""What a clock that was ahead has written, once it is right again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

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


def rewind(db: sqlite3.Connection, now: datetime) -> bool:
    """Make due now whatever waits, if something was done in what is still to come; False where no clock was ahead.

    What was put off for a good reason is not told from what the clock put off: at worst it is asked once too early.
    """
    if not db.execute(_AHEAD, (stamp(now + OFF),)).fetchone()[0]:
        return False
    for statement in (_SOURCES, _OUTBOX, _DELIVERIES, _HOLDS, _LEASES, _HEARTBEATS):
        db.execute(statement, (stamp(now),))
    return True
