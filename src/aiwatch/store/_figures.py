"""Health, gaps, counts and lead times."""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from aiwatch.model import Kind, LostPart, Notice, Poll, Silence, Tier
from aiwatch.store import _sources, codec
from aiwatch.store._archive import span
from aiwatch.store.codec import many, maybe_moment, moment, stamp
from aiwatch.urls import redact
from aiwatch.views import Gap, Health, LeadTime, SourceHealth, Stats

DAYS = 30
LATE = timedelta(hours=1)

# --- sources --------------------------------------------------------------------------------------------------------------


def sources(db: sqlite3.Connection, now: datetime | None, source_id: str | None = None) -> list[SourceHealth]:
    """Return the configured sources (or one) with their health, in the order of the configuration."""
    rows = db.execute("SELECT * FROM source WHERE listed AND (?1 IS NULL OR id = ?1) ORDER BY n", (source_id,)).fetchall()
    days = _last_days(db, now)
    counted = _by_day(db, "source", days, source_id)
    since = stamp(now - timedelta(days=DAYS)) if now else f"{days[0]}"
    gaps = dict(
        db.execute(
            "SELECT source_n, count(*) FROM poll WHERE gap_since IS NOT NULL AND at >= ? GROUP BY source_n", (since,)
        ).fetchall()
    )
    lost, noticed = _sources.lost_parts(db, [row["n"] for row in rows]), _noticed(db)
    return [
        _health(
            row,
            now,
            tuple(counted[row["id"]].get(str(day), 0) for day in days),
            gaps.get(row["n"], 0),
            tuple(lost.get(row["n"], ())),
            noticed.get(row["id"]),
        )
        for row in rows
    ]


_NOTICED = """
SELECT source.id, opened_text FROM source JOIN notice ON closed_at IS NULL AND condition = ? || source.id
"""
# Conditions that nothing in a source's own row shows.
_TELLING = {"source-floods:": Health.FLOODS, "source-quiet:": Health.QUIET}


def _noticed(db: sqlite3.Connection) -> dict[str, tuple[Health, str]]:
    """What operators were told of a source that answers well, and what its health is for it."""
    return {row[0]: (health, row[1]) for condition, health in _TELLING.items() for row in db.execute(_NOTICED, (condition,))}


def _last_days(db: sqlite3.Connection, now: datetime | None, count: int = DAYS) -> list[date]:
    if now is None:
        newest = db.execute("SELECT max(day) FROM day").fetchone()[0]
        last = date.fromisoformat(newest) if newest else date(1970, 1, count)
    else:
        last = moment(stamp(now)).date()
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _by_day(db: sqlite3.Connection, kind: str, days: list[date], key: str | None) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = db.execute(
        "SELECT key, day, count FROM tally WHERE kind = ?1 AND (?2 IS NULL OR key = ?2) AND day >= ?3 AND day <= ?4",
        (kind, key, str(days[0]), str(days[-1])),
    )
    for row in rows:
        found[row["key"]][row["day"]] = row["count"]
    return found


def _health(
    row: sqlite3.Row,
    now: datetime | None,
    days: tuple[int, ...],
    gaps: int,
    lost: tuple[LostPart, ...],
    noticed: tuple[Health, str] | None,
) -> SourceHealth:
    return SourceHealth(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        kind=Kind(row["kind"]),
        tier=Tier(row["tier"]),
        vendor=row["vendor"],
        lang=row["lang"],
        health=_judged(row, now, lost, noticed),
        enabled=bool(row["enabled"]),
        reason=row["reason"],
        last_attempt_at=maybe_moment(row["last_attempt_at"]),
        last_success_at=maybe_moment(row["last_success_at"]),
        next_poll_at=maybe_moment(row["next_poll_at"]),
        failing_since=maybe_moment(row["failing_since"]),
        last_error=row["last_error"],
        lost=tuple(replace(one, url=redact(one.url)) for one in lost),
        noticed=noticed[1] if noticed else "",
        failures=row["failures"],
        polls=row["polls"],
        items=row["items"],
        last_item_at=maybe_moment(row["last_item_at"]),
        gaps=gaps,
        days=days,
        moved_to=redact(row["moved_to"]) if row["moved_to"] else None,
    )


def _judged(row: sqlite3.Row, now: datetime | None, lost: Sequence[LostPart], noticed: tuple[Health, str] | None) -> Health:
    due = maybe_moment(row["next_poll_at"])
    judgements = (
        (row["gone"], Health.GONE),
        (not row["enabled"], Health.PAUSED),
        (row["failing_since"] is not None, Health.FAILING),
        (bool(lost), Health.PARTLY),
        (row["last_success_at"] is None, Health.WAITING),
        (now is not None and due is not None and due < now - LATE, Health.LATE),
    )
    return next((health for holds, health in judgements if holds), noticed[0] if noticed else Health.OK)


def polls(db: sqlite3.Connection, source_id: str, limit: int) -> list[Poll]:
    """Return a source's polls, newest first."""
    rows = db.execute(
        "SELECT * FROM poll WHERE source_n = (SELECT n FROM source WHERE id = ?) ORDER BY at DESC, n DESC LIMIT ?",
        (source_id, limit),
    )
    return [codec.load_poll(row, source_id) for row in rows]


def gaps(db: sqlite3.Connection, since: datetime | None) -> list[Gap]:
    """Return spans in which something may have been missed, newest first."""
    rows = db.execute(
        "SELECT source.id, source.name, poll.gap_since, poll.at FROM poll JOIN source ON source.n = poll.source_n "
        "WHERE poll.gap_since IS NOT NULL AND poll.at >= ? ORDER BY poll.at DESC, poll.n DESC",
        (stamp(since) if since else "",),
    )
    return [Gap(source_id=row[0], source_name=row[1], since=moment(row[2]), until=moment(row[3])) for row in rows]


def notices(db: sqlite3.Connection, *, open_only: bool, limit: int) -> list[Notice]:
    """Return conditions by their last change, newest first: open ones with how they began, others with how they ended."""
    rows = db.execute(
        "SELECT condition, closed_at IS NULL AS open, coalesce(closed_at, opened_at) AS at, coalesce(closed_text, opened_text) AS text "
        "FROM notice WHERE closed_at IS NULL OR NOT ? ORDER BY at DESC, n DESC LIMIT ?",
        (open_only, limit),
    )
    return [Notice(condition=row["condition"], open=bool(row["open"]), at=moment(row["at"]), text=row["text"]) for row in rows]


# --- counts -----------------------------------------------------------------------------------------------------------------


def documents(db: sqlite3.Connection) -> int:
    """Return how many items were ever seen."""
    return _count(db, "SELECT coalesce(sum(items), 0) FROM day")


def stats(db: sqlite3.Connection, days: int) -> Stats:
    """Return the figures of the whole database. Most of it comes from counts kept while writing."""
    first_seen, last_seen = span(db) or (None, None)
    stages = _ranked(db, "stage")
    told = sum(count for _, count in stages)
    kept = "SELECT count(*), count(*) FILTER (WHERE silent LIKE ?) FROM announcement"
    whole, withdrawn = db.execute(kept, (f"{Silence.WITHDRAWN}%",)).fetchone()
    return Stats(
        documents=documents(db),
        stories=_count(db, "SELECT count(*) FROM story WHERE keys <> '[]'"),
        announcements=told,
        silent=whole - told - withdrawn,
        withdrawn=withdrawn,
        sources=_count(db, "SELECT count(*) FROM source WHERE listed"),
        mentions=_count(db, "SELECT count(*) FROM mention"),
        first_seen=first_seen,
        last_seen=last_seen,
        size=_count(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
        days=_days(db, days),
        vendors=_ranked(db, "vendor"),
        modalities=_ranked(db, "modality"),
        stages=stages,
        langs=_ranked(db, "lang"),
        top_sources=_pairs(db, "SELECT name, items FROM source WHERE items ORDER BY items DESC LIMIT 20"),
    )


def _ranked(db: sqlite3.Connection, kind: str) -> tuple[tuple[str, int], ...]:
    return _pairs(db, f"SELECT key, sum(count) FROM tally WHERE kind = '{kind}' GROUP BY 1")  # noqa: S608  our own words


def _count(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


def _pairs(db: sqlite3.Connection, sql: str) -> tuple[tuple[str, int], ...]:
    return tuple((row[0], row[1]) for row in sorted(db.execute(sql), key=lambda row: (-row[1], row[0])))


def _days(db: sqlite3.Connection, count: int) -> tuple[tuple[date, int, int], ...]:
    wanted = _last_days(db, None, count)
    documents = dict(db.execute("SELECT day, items FROM day WHERE day >= ?", (str(wanted[0]),)).fetchall())
    told = dict(
        db.execute(
            "SELECT substr(at, 1, 10), count(*) FROM announcement WHERE silent IS NULL AND at >= ? GROUP BY 1", (str(wanted[0]),)
        ).fetchall()
    )
    return tuple((day, documents.get(str(day), 0), told.get(str(day), 0)) for day in wanted) if documents or told else ()


# --- lead times -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Record:
    joined: int = 0
    first: int = 0
    before_vendor: int = 0
    lags: array[float] = field(default_factory=lambda: array("d"))  # seconds; there may be hundreds of thousands
    vendor_lags: array[float] = field(default_factory=lambda: array("d"))


# Steps that were told: a baseline's items were all "seen" in one moment, which says nothing of who was first. What a person took back
# (its story answers to nobody) is nobody's lead.
_STEPS = """
SELECT story_n, stage, source_id, primary_seen FROM story_stage JOIN story ON story.n = story_n
WHERE told AND story_stage.first_seen >= ? AND keys <> '[]'
"""
_REPORTS = "SELECT story_n, stage, source_n, at FROM mention WHERE story_n IN (SELECT value FROM json_each(?))"


def leadtime(db: sqlite3.Connection, since: datetime | None) -> list[LeadTime]:
    """Return each source's record over the steps first seen since then: who was first most often, first."""
    names = {row["n"]: row for row in db.execute("SELECT n, id, name, tier FROM source")}
    steps = {(row[0], row[1]): _Step(*row[2:]) for row in db.execute(_STEPS, (stamp(since) if since else "",))}
    earliest: dict[tuple[int, str, int], str] = {}  # grouping here takes half of the time that SQL takes for it
    for story, stage, source, at in db.execute(_REPORTS, (many(dict.fromkeys(story for story, _ in steps)),)):
        key = (story, stage, source)
        if (story, stage) in steps and at < earliest.get(key, "~"):
            earliest[key] = at
    firsts: dict[tuple[int, str], tuple[str, bool, int]] = {}  # of one time the one that made the step
    for (story, stage, source), at in earliest.items():
        one = (at, names[source]["id"] != steps[story, stage].source_id, source)
        firsts[story, stage] = min(one, firsts.get((story, stage), one))
    records: dict[int, _Record] = defaultdict(_Record)
    for (story, stage, source), at in earliest.items():
        start, _, first = firsts[story, stage]
        _add(records[source], moment(at), moment(start), steps[story, stage].primary_seen, first=source == first)
    made = [_lead(names[number], record) for number, record in records.items()]
    return sorted(made, key=lambda one: (-one.first, -one.joined, one.source_id))


class _Step(NamedTuple):
    source_id: str
    primary_seen: str | None


def _add(record: _Record, at: datetime, start: datetime, primary_seen: str | None, *, first: bool) -> None:
    """Count a report; ``start`` is the earliest of its step, which need not be the one whose poll was written first."""
    record.joined += 1
    record.first += first
    record.lags.append((at - start).total_seconds())
    if primary_seen is not None:
        behind = at - moment(primary_seen)
        record.before_vendor += behind < timedelta()
        record.vendor_lags.append(behind.total_seconds())


def _lead(source: sqlite3.Row, record: _Record) -> LeadTime:
    return LeadTime(
        source_id=source["id"],
        source_name=source["name"],
        tier=Tier(source["tier"]),
        joined=record.joined,
        first=record.first,
        before_vendor=record.before_vendor,
        median_lag=_median(record.lags),
        median_vendor_lag=None if source["tier"] == Tier.PRIMARY else _median(record.vendor_lags),
    )


def _median(values: Iterable[float]) -> timedelta | None:
    found = list(values)
    return timedelta(seconds=median(found)) if found else None
