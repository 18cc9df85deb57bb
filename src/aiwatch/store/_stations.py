"""What waits at each station of an item's way, and what went through: each query walks an index, however old the database is."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from aiwatch.model import DeliveryState
from aiwatch.stations import Stations
from aiwatch.store import _outbox
from aiwatch.store.codec import maybe_moment, stamp

HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)

_DUE = "SELECT count(*) AS n, min(next_poll_at) AS since FROM source WHERE enabled AND listed AND NOT gone AND next_poll_at <= ?"
_POLLS = """
SELECT poll.outcome, count(*) AS n, max(poll.elapsed) AS slowest, sum(poll.size) AS size, sum(poll.items) AS read, sum(poll.fresh) AS new,
    sum(poll.revised) AS edited
FROM source CROSS JOIN poll ON poll.source_n = source.n AND poll.at > ? AND poll.at <= ? GROUP BY poll.outcome
"""
_NEAR = "SELECT count(*) FROM detection WHERE near_miss AND at > ? AND at <= ?"
_GAPS = "SELECT count(*) FROM poll WHERE gap_since IS NOT NULL AND at > ? AND at <= ?"
_UNSENT = "SELECT count(*) AS n, min(created_at) AS since FROM delivery WHERE due_at IS NOT NULL"
_DELIVERIES = "SELECT state, count(*) FROM delivery WHERE created_at > ? AND created_at <= ? GROUP BY state"


def stations(db: sqlite3.Connection, now: datetime) -> Stations:
    """Return how it stands at each station at that time."""
    due = db.execute(_DUE, (stamp(now),)).fetchone()
    polls = db.execute(_POLLS, _last(now, HOUR)).fetchall()
    unsent = db.execute(_UNSENT).fetchone()
    states = dict(db.execute(_DELIVERIES, _last(now, DAY)).fetchall())
    return Stations(
        due=due["n"],
        due_for=_age(due["since"], now),
        polls={
            outcome: sum(row["n"] for row in polls if row["outcome"] == outcome) for outcome in ("fetched", "unchanged", "failed")
        },
        slowest=max((row["slowest"] for row in polls), default=0.0),
        size=sum(row["size"] for row in polls),
        items={what: sum(row[what] for row in polls) for what in ("read", "new", "edited")},
        near_misses=db.execute(_NEAR, _last(now, DAY)).fetchone()[0],
        gaps=db.execute(_GAPS, _last(now, MONTH)).fetchone()[0],
        waiting=_outbox.waiting(db),
        unsent=unsent["n"],
        unsent_for=_age(unsent["since"], now),
        deliveries={state.value: states.get(state.value, 0) for state in DeliveryState},
    )


def _last(now: datetime, span: timedelta) -> tuple[str, str]:
    return stamp(now - span), stamp(now)


def _age(since: str | None, now: datetime) -> timedelta:
    at = maybe_moment(since)
    return max(timedelta(), now - at) if at else timedelta()
