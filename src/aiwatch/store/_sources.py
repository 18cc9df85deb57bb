"""Sources and the schedule: what is configured, what is due, what is remembered between two polls."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiwatch.errors import Conflict
from aiwatch.model import ANEW, Kind, LostPart, Part, PollJob, PollState, Source, ident
from aiwatch.store import codec
from aiwatch.store.codec import dump, many, maybe_moment, maybe_stamp, stamp
from aiwatch.urls import names_secret, redact

_UPSERT = """
INSERT INTO source (id, url, url_hash, name, kind, tier, vendor, lang, timezone, enabled, reason, "groups", "interval", allow_private,
    options, listed, added_at, next_poll_at)
VALUES (:id, :url, :url_hash, :name, :kind, :tier, :vendor, :lang, :timezone, :enabled, :reason, :groups, :interval, :allow_private,
    :options, 1, :now, :now)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, tier = excluded.tier, vendor = excluded.vendor,
    lang = excluded.lang, timezone = excluded.timezone, enabled = excluded.enabled, reason = excluded.reason,
    "groups" = excluded."groups", "interval" = excluded."interval", allow_private = excluded.allow_private,
    options = excluded.options, listed = 1, next_poll_at = coalesce(next_poll_at, excluded.next_poll_at)
"""

# A changed address is another document: its validators, its move and its failures are no longer about what is polled.
_MOVED = """
UPDATE source SET url = :url, url_hash = :url_hash, etag = NULL, last_modified = NULL, body_hash = NULL, unchanged_in_a_row = :anew,
    current_url = NULL, moved_to = NULL, moved_seen_at = NULL, failures = 0, failing_since = NULL, last_error = NULL, gone = 0,
    next_poll_at = :now
WHERE id = :id AND url_hash <> :url_hash
"""


# A document that is read in another way may hold items that nobody saw: the next answer is read though its bytes are the same.
_READ_ANEW = """
UPDATE source SET etag = NULL, last_modified = NULL, body_hash = NULL, unchanged_in_a_row = :anew, next_poll_at = :now
WHERE id = :id AND (kind <> :kind OR options <> :options OR timezone IS NOT :timezone)
"""


# No poll will ever find over what is the matter with a source that is not asked any more.
_NOT_ASKED = """
UPDATE notice SET closed_at = ?, closed_text = source.name || iif(source.listed, ' is paused', ' is not listed any more')
FROM source
WHERE closed_at IS NULL AND NOT (enabled AND listed)
    AND (condition GLOB 'source-*:' || source.id OR condition GLOB 'part-*:' || source.id || ':*')
"""


_PARTS_ANEW = "DELETE FROM part WHERE source_n IN (SELECT n FROM source WHERE unchanged_in_a_row = ?)"


def sync(db: sqlite3.Connection, sources: Sequence[Source], now: datetime) -> None:
    """Make the table equal to the configuration; sources that left stay as rows, no longer listed and no longer due.

    What operators were told of sources that are not asked any more ends with that.
    """
    rows = [_row(source, stamp(now)) for source in sources]
    db.executemany(_READ_ANEW, rows)  # before the rows take the new values
    db.executemany(_UPSERT, rows)
    db.executemany(_MOVED, rows)
    ids = many(source.id for source in sources)
    db.execute(_PARTS_ANEW, (ANEW,))
    db.execute("UPDATE source SET listed = 0 WHERE listed AND id NOT IN (SELECT value FROM json_each(?))", (ids,))
    db.execute(_NOT_ASKED, (stamp(now),))


def _row(source: Source, now: str) -> dict[str, Any]:
    return {
        "id": source.id,
        "url": redact(source.url),
        "url_hash": ident(source.url),
        "anew": ANEW,
        "name": source.name or source.id,
        "kind": source.kind,
        "tier": source.tier,
        "vendor": source.vendor,
        "lang": source.lang,
        "timezone": source.timezone,
        "enabled": source.enabled,
        "reason": source.reason,
        "groups": dump(list(source.groups)),
        "interval": source.interval,
        "allow_private": source.allow_private,
        "options": dump(_masked(source.options)),
        "now": now,
    }


def _masked(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: "***" if names_secret(key) else redact(value) if isinstance(value, str) and "://" in value else _plain(value)
        for key, value in options.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _masked(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


_DUE = """
SELECT source.*, rhythm.value AS rhythm FROM source LEFT JOIN rhythm ON rhythm.source_n = source.n
WHERE source.enabled AND source.listed AND NOT source.gone AND source.next_poll_at <= ? ORDER BY source.next_poll_at, source.n LIMIT ?
"""
_ONLY = """
SELECT source.*, rhythm.value AS rhythm FROM source LEFT JOIN rhythm ON rhythm.source_n = source.n
WHERE source.enabled AND source.listed AND source.id IN (SELECT value FROM json_each(?)) ORDER BY source.next_poll_at, source.n LIMIT ?
"""


def claim(db: sqlite3.Connection, now: datetime, limit: int, lease: timedelta, only: Collection[str] | None) -> list[PollJob]:
    """Take due sources and push each a lease ahead."""
    found = db.execute(_DUE, (stamp(now), limit)) if only is None else db.execute(_ONLY, (many(only), limit))
    rows, until = found.fetchall(), now + lease
    parts = _parts(db, [row["n"] for row in rows if row["kind"] == Kind.SITEMAP])
    lost = lost_parts(db, [row["n"] for row in rows])
    states = [
        replace(_state(row), next_poll_at=until, parts=tuple(parts.get(row["n"], ())), lost=tuple(lost.get(row["n"], ())))
        for row in rows
    ]
    jobs = [PollJob(source=codec.load_source(row), state=state) for row, state in zip(rows, states, strict=True)]
    db.executemany("UPDATE source SET next_poll_at = ? WHERE id = ?", [(stamp(until), job.source.id) for job in jobs])
    return jobs


def job(db: sqlite3.Connection, source_id: str) -> PollJob | None:
    """Return a source with its state as it is, due or not; None where it is not asked any more."""
    row = db.execute(_ONLY, (many([source_id]), 1)).fetchone()
    if row is None:
        return None
    parts = tuple(_parts(db, [row["n"]]).get(row["n"], ()))
    lost = tuple(lost_parts(db, [row["n"]]).get(row["n"], ()))
    return PollJob(source=codec.load_source(row), state=replace(_state(row), parts=parts, lost=lost))


def _parts(db: sqlite3.Connection, numbers: Collection[int]) -> dict[int, list[Part]]:
    """What is known of the parts of sitemaps, by the source's row number."""
    found: dict[int, list[Part]] = {}
    if numbers:
        rows = db.execute(
            "SELECT * FROM part WHERE source_n IN (SELECT value FROM json_each(?)) ORDER BY place", (many(numbers),)
        )
        for row in rows:
            found.setdefault(row["source_n"], []).append(
                Part(
                    url=row["url"],
                    stated=row["stated"],
                    read_at=maybe_moment(row["read_at"]),
                    etag=row["etag"],
                    last_modified=row["last_modified"],
                    body_hash=row["body_hash"],
                    items=row["items"],
                )
            )
    return found


def lost_parts(db: sqlite3.Connection, numbers: Collection[int]) -> dict[int, list[LostPart]]:
    """The parts that cannot be read, by the source's row number. Of any source: one may have been a sitemap."""
    found: dict[int, list[LostPart]] = {}
    rows = db.execute(
        "SELECT * FROM lost_part WHERE source_n IN (SELECT value FROM json_each(?)) ORDER BY since, url", (many(numbers),)
    )
    for row in rows:
        found.setdefault(row["source_n"], []).append(codec.load_lost_part(row))
    return found


_KEEP_PART = """
INSERT INTO part (source_n, url, place, stated, read_at, etag, last_modified, body_hash, items)
VALUES (:source_n, :url, :place, :stated, :read_at, :etag, :last_modified, :body_hash, :items)
"""


def _keep_parts(db: sqlite3.Connection, number: int, parts: Sequence[Part]) -> None:
    db.execute("DELETE FROM part WHERE source_n = ?", (number,))
    rows = [
        {
            "source_n": number,
            "url": one.url,
            "place": place,
            "stated": codec.clean(one.stated),
            "read_at": maybe_stamp(one.read_at),
            "etag": codec.maybe_clean(one.etag),
            "last_modified": codec.maybe_clean(one.last_modified),
            "body_hash": one.body_hash,
            "items": one.items,
        }
        for place, one in enumerate(parts)
    ]
    db.executemany(_KEEP_PART, rows)


def _keep_lost(db: sqlite3.Connection, number: int, lost: Sequence[LostPart]) -> None:
    db.execute("DELETE FROM lost_part WHERE source_n = ?", (number,))
    db.executemany(
        "INSERT INTO lost_part (source_n, url, since, reason) VALUES (?, ?, ?, ?)",
        [(number, one.url, stamp(one.since), codec.clean(one.reason)) for one in lost],
    )


def _state(row: sqlite3.Row) -> PollState:
    return PollState(
        source_id=row["id"],
        revision=row["revision"],
        next_poll_at=maybe_moment(row["next_poll_at"]),
        polls=row["polls"],
        last_attempt_at=maybe_moment(row["last_attempt_at"]),
        last_success_at=maybe_moment(row["last_success_at"]),
        last_item_at=maybe_moment(row["last_item_at"]),
        failures=row["failures"],
        failing_since=maybe_moment(row["failing_since"]),
        last_error=row["last_error"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        unchanged_in_a_row=row["unchanged_in_a_row"],
        body_hash=row["body_hash"],
        item_count=row["item_count"],
        moved_to=row["moved_to"],
        moved_seen_at=maybe_moment(row["moved_seen_at"]),
        url=row["current_url"],
        gone=bool(row["gone"]),
        rhythm=codec.load_rhythm(row["rhythm"]) if row["rhythm"] else None,
    )


_SAVE = """
UPDATE source SET revision = revision + 1, next_poll_at = ?, polls = ?, last_attempt_at = ?, last_success_at = ?, failures = ?,
    failing_since = ?, last_error = ?, etag = ?, last_modified = ?, unchanged_in_a_row = ?, body_hash = ?, item_count = ?, moved_to = ?,
    moved_seen_at = ?, current_url = ?, gone = ?
WHERE id = ? AND revision = ?
"""


def save(db: sqlite3.Connection, state: PollState) -> int:
    """Write the state of a source if nobody else has since it was read, and return the source's row number. Raises Conflict."""
    done = db.execute(
        _SAVE,
        (
            maybe_stamp(state.next_poll_at),
            state.polls,
            maybe_stamp(state.last_attempt_at),
            maybe_stamp(state.last_success_at),
            state.failures,
            maybe_stamp(state.failing_since),
            codec.maybe_clean(state.last_error),
            codec.maybe_clean(state.etag),
            codec.maybe_clean(state.last_modified),
            state.unchanged_in_a_row,
            state.body_hash,
            state.item_count,
            state.moved_to,
            maybe_stamp(state.moved_seen_at),
            state.url,
            state.gone,
            state.source_id,
            state.revision,
        ),
    )
    row = db.execute("SELECT n, revision FROM source WHERE id = ?", (state.source_id,)).fetchone()
    if row is None:
        raise Conflict(f"source {state.source_id} is not in the database: it left the configuration while it was polled")
    if done.rowcount == 0:
        raise Conflict(
            f"source {state.source_id}: planned on revision {state.revision}, the database has {row['revision']} by now"
        )
    if state.rhythm is not None:
        db.execute(
            "INSERT INTO rhythm (source_n, value) VALUES (?, ?) ON CONFLICT (source_n) DO UPDATE SET value = excluded.value",
            (row["n"], codec.dump_rhythm(state.rhythm)),
        )
    _keep_parts(db, row["n"], state.parts)
    _keep_lost(db, row["n"], state.lost)
    return int(row["n"])


def nudge(db: sqlite3.Connection, nudges: Sequence[tuple[str, datetime]]) -> None:
    """Let sources be polled by a time, if they would not be anyway; one that fails, or asked to be left alone, is not hurried."""
    db.executemany(
        "UPDATE source SET next_poll_at = ? WHERE id = ? AND next_poll_at > ? AND enabled AND listed AND NOT gone"
        " AND failing_since IS NULL",
        [(stamp(by), source_id, stamp(by)) for source_id, by in nudges],
    )


_BACK = """
WITH others AS (SELECT coalesce(max(last_success_at), '') AS answered FROM source WHERE id <> :id)
UPDATE source SET next_poll_at = :now WHERE next_poll_at > :now AND enabled AND listed AND NOT gone
    AND failing_since > (SELECT answered FROM others) AND :since > (SELECT answered FROM others)
    AND (SELECT status FROM poll WHERE source_n = source.n ORDER BY at DESC, n DESC LIMIT 1) IS NULL
"""


def back(db: sqlite3.Connection, source_id: str, since: datetime | None, now: datetime) -> None:
    """Let all be polled that failed while nothing at all was reached, now that a source which failed ``since`` then answers.

    It was our own line: each had been put off further with every try, up to a day, for nothing that it did. Whose server answered last
    time, if only that it wants to be left alone, waits as it was told.
    """
    if since is not None:
        db.execute(_BACK, {"id": source_id, "since": stamp(since), "now": stamp(now)})
