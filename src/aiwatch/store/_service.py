"""The service's own state: conditions, coverage, signs of life; and people's judgements."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from aiwatch.errors import StoreError
from aiwatch.model import NearMiss, Notice, Poll, Stage, Tier, Watch, held_back
from aiwatch.ports import Brought
from aiwatch.store import codec
from aiwatch.store.codec import clean, many, maybe_clean, maybe_moment, moment, stamp
from aiwatch.views import Label

# --- polls ----------------------------------------------------------------------------------------------------------------

_POLL = """
INSERT INTO poll (source_n, at, outcome, status, reason, items, fresh, revised, overlap, gap_since, elapsed, size)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


# A 304 may be wrong, and for long, and what breaks off may lack the newest: a gap begins after the last poll that saw a whole body. Where
# none is known to have (of the first poll nothing can be said), it begins after the first.
_SAW = """
SELECT coalesce((
    SELECT at FROM poll WHERE source_n = ?1 AND at <= ?2 AND overlap IS NOT NULL AND (outcome = 'fetched' OR status IS NOT NULL)
    ORDER BY at DESC LIMIT 1
), (
    SELECT at FROM poll WHERE source_n = ?1 AND at <= ?2 AND outcome = 'fetched' ORDER BY at LIMIT 1
), ?2) AS at
"""


def _gap_since(db: sqlite3.Connection, source_n: int, poll: Poll) -> str | None:
    if poll.gap_since is None:
        return None
    return str(db.execute(_SAW, (source_n, stamp(poll.gap_since))).fetchone()["at"])


def write_poll(db: sqlite3.Connection, source_n: int, poll: Poll) -> None:
    """Write the record of one poll."""
    db.execute(
        _POLL,
        (
            source_n,
            stamp(poll.at),
            poll.outcome,
            poll.status,
            maybe_clean(poll.reason),
            poll.items,
            poll.fresh,
            poll.revised,
            poll.overlap,
            _gap_since(db, source_n, poll),
            poll.elapsed,
            poll.size,
        ),
    )


def brought(db: sqlite3.Connection, source_id: str, since: datetime) -> list[Brought]:
    """Return when a source brought how many new items."""
    rows = db.execute(
        "SELECT at, fresh FROM poll WHERE source_n = (SELECT n FROM source WHERE id = ?) AND at >= ? AND fresh > 0 ORDER BY at, n",
        (source_id, stamp(since)),
    )
    return [Brought(at=moment(row["at"]), fresh=row["fresh"]) for row in rows]


# --- conditions -------------------------------------------------------------------------------------------------------------


def note(db: sqlite3.Connection, notices: Sequence[Notice]) -> None:
    """Begin or end conditions; beginning what goes on, and ending what is not, changes nothing."""
    for one in notices:
        if one.open:
            db.execute(
                "INSERT INTO notice (condition, opened_at, opened_text) VALUES (?, ?, ?) "
                "ON CONFLICT (condition) WHERE closed_at IS NULL DO NOTHING",
                (one.condition, stamp(one.at), clean(one.text)),
            )
        else:
            db.execute(
                "UPDATE notice SET closed_at = ?, closed_text = ? WHERE condition = ? AND closed_at IS NULL",
                (stamp(one.at), clean(one.text), one.condition),
            )


def goes_on(db: sqlite3.Connection, condition: str) -> bool:
    """Return whether a condition is open."""
    return db.execute("SELECT 1 FROM notice WHERE condition = ? AND closed_at IS NULL", (condition,)).fetchone() is not None


def notices(db: sqlite3.Connection, since: datetime, until: datetime) -> list[Notice]:
    """Return what began or ended after ``since``, up to ``until``, in the order of time."""
    rows = db.execute(
        "SELECT condition, 1 AS open, opened_at AS at, opened_text AS text, n FROM notice WHERE opened_at > ?1 AND opened_at <= ?2 "
        "UNION ALL "
        "SELECT condition, 0, closed_at, closed_text, n FROM notice WHERE closed_at > ?1 AND closed_at <= ?2 "
        "ORDER BY at, n, open DESC",
        (stamp(since), stamp(until)),
    )
    return [Notice(condition=row["condition"], open=bool(row["open"]), at=moment(row["at"]), text=row["text"]) for row in rows]


# --- coverage ---------------------------------------------------------------------------------------------------------------

_WATCHED = """
SELECT count(*) AS sources, coalesce(sum(EXISTS (
    SELECT 1 FROM poll WHERE poll.source_n = source.n AND poll.at > ? AND poll.at <= ? AND poll.outcome <> 'failed'
)), 0) AS watched, EXISTS (SELECT 1 FROM source WHERE last_attempt_at IS NOT NULL) AS polled, max(last_attempt_at) AS last
FROM source WHERE enabled AND listed
"""
_FAILING = "SELECT id FROM source WHERE enabled AND listed AND failing_since <= ? ORDER BY failing_since, id"
_PARTLY = """
SELECT id FROM source JOIN lost_part ON lost_part.source_n = source.n WHERE enabled AND listed AND since <= ?
GROUP BY id ORDER BY min(since), id
"""
_GAPS = """
SELECT source.id, poll.gap_since, poll.at FROM poll JOIN source ON source.n = poll.source_n
WHERE poll.gap_since IS NOT NULL AND poll.at > ? AND poll.at <= ? ORDER BY poll.at, poll.n
"""


def watch(db: sqlite3.Connection, since: datetime, until: datetime) -> Watch:
    """Return the coverage line of a window: after ``since``, up to ``until``."""
    window = (stamp(since), stamp(until))
    row = db.execute(_WATCHED, window).fetchone()
    return Watch(
        sources=row["sources"],
        watched=row["watched"],
        failing=tuple(one["id"] for one in db.execute(_FAILING, (window[1],))),
        partly=tuple(one["id"] for one in db.execute(_PARTLY, (window[1],))),
        gaps=tuple((one["id"], moment(one["gap_since"]), moment(one["at"])) for one in db.execute(_GAPS, window)),
        polled=bool(row["polled"]),
        last=moment(row["last"]) if row["last"] else None,
    )


def last_poll(db: sqlite3.Connection) -> datetime | None:
    """Return when a source was asked last, whatever it answered."""
    row = db.execute("SELECT max(last_attempt_at) AS at FROM source WHERE enabled AND listed").fetchone()
    return moment(row["at"]) if row["at"] else None


_NEAR = """
SELECT item.id, item.title, item.url, source.name, source.id AS source_id, source.tier, source.vendor,
    coalesce(item.lang, source.lang) AS lang, detection.score, detection.threshold, detection.near, detection.evidence, detection.models
FROM detection JOIN item ON item.n = detection.item_n AND item.revision = detection.revision JOIN source ON source.n = item.source_n
WHERE detection.near_miss AND detection.at > ? AND detection.at <= ?
    AND item.id NOT IN (SELECT item_id FROM label)
ORDER BY detection.score DESC, item.n DESC LIMIT ?
"""


def near_misses(db: sqlite3.Connection, since: datetime, until: datetime, limit: int) -> list[NearMiss]:
    """Return items just below the bar that nobody judged, highest score first."""
    return [
        NearMiss(
            item_id=row["id"],
            title=row["title"],
            url=row["url"],
            source_name=row["name"],
            score=row["score"],
            threshold=row["threshold"],
            near=held_back(
                [one for one in codec.load_evidence(row["near"]) if not one.weight], codec.load_evidence(row["evidence"])
            ),
            source_id=row["source_id"],
            tier=Tier(row["tier"]),
            lang=row["lang"],
            vendor=row["vendor"],
            models=codec.load_models(row["models"]),
        )
        for row in db.execute(_NEAR, (stamp(since), stamp(until), limit))
    ]


# --- signs of life ------------------------------------------------------------------------------------------------------------


def heartbeat(db: sqlite3.Connection, now: datetime, what: str) -> None:
    """Record that ``what`` is alive."""
    db.execute(
        "INSERT INTO heartbeat (what, at) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET at = excluded.at", (what, stamp(now))
    )


def last_heartbeat(db: sqlite3.Connection, what: str) -> datetime | None:
    """Return the last sign of life."""
    row = db.execute("SELECT at FROM heartbeat WHERE what = ?", (what,)).fetchone()
    return maybe_moment(row["at"]) if row else None


# --- judgements -----------------------------------------------------------------------------------------------------------------


def label(db: sqlite3.Connection, one: Label) -> None:
    """Record a person's judgement of an item; a second one replaces it. Raises StoreError for an unknown item."""
    if db.execute("SELECT 1 FROM item WHERE id = ?", (one.item_id,)).fetchone() is None:
        raise StoreError(f"there is no item {one.item_id}; `aiwatch search` finds items, `aiwatch explain` shows their ids")
    relabel(db, one)


def relabel(db: sqlite3.Connection, one: Label) -> None:
    """Record a judgement that was given in another database; its item may come later."""
    db.execute(
        "INSERT INTO label (item_id, announcement, stage, note, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET "
        "announcement = excluded.announcement, stage = excluded.stage, note = excluded.note, at = excluded.at",
        (one.item_id, one.announcement, one.stage, clean(one.note), stamp(one.at)),
    )
    db.execute("DELETE FROM correction WHERE item_id = ?", (one.item_id,))
    if one.models or one.apart:
        row = (one.item_id, codec.dump_models(one.models), one.apart)
        db.execute("INSERT INTO correction (item_id, models, apart) VALUES (?, ?, ?)", row)


def unlabel(db: sqlite3.Connection, item_id: str) -> bool:
    """Take a judgement back. False if there was none."""
    db.execute("DELETE FROM correction WHERE item_id = ?", (item_id,))
    return db.execute("DELETE FROM label WHERE item_id = ?", (item_id,)).rowcount > 0


_LABELS = "SELECT label.*, coalesce(models, '[]') AS models, coalesce(apart, 0) AS apart FROM label LEFT JOIN correction USING (item_id)"


def labels(db: sqlite3.Connection, item_ids: Collection[str] | None = None) -> list[Label]:
    """Return all judgements (or those of some items), oldest first."""
    some = "" if item_ids is None else "WHERE item_id IN (SELECT value FROM json_each(?))"
    rows = db.execute(f"{_LABELS} {some} ORDER BY at, item_id", () if item_ids is None else (many(item_ids),))
    return [
        Label(
            item_id=row["item_id"],
            announcement=bool(row["announcement"]),
            stage=Stage(row["stage"]) if row["stage"] else None,
            note=row["note"],
            at=moment(row["at"]),
            models=codec.load_models(row["models"]),
            apart=bool(row["apart"]),
        )
        for row in rows
    ]
