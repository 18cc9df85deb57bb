"""Looking after the file: check, backup, restore, retention, figures of its parts.

A backup is one file without a WAL, verified before it gets its name. Retention removes texts, never identities: an item whose text is gone
is still known, so it is neither stored nor told again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiwatch.errors import StoreError
from aiwatch.store import _items, schema
from aiwatch.store.codec import stamp
from aiwatch.store.connection import APPLICATION_ID, absent, connect, connect_readonly, transaction, translated

STEP_PAGES = 2048  # copied at a time, so that a writer is never kept waiting for a whole backup
BATCH = 1000  # rows a transaction


def check(path: str, *, quick: bool = False, seconds: float | None = None) -> list[str]:
    """Return what is wrong with the database, in words; an empty list means sound.

    ``quick`` skips comparing indexes with tables. ``seconds`` ends the look after so long, with what was found by then.
    """
    try:
        db = connect_readonly(path)
    except StoreError as error:  # damaged where even opening looks
        if getattr(error.__cause__, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
            return [str(error.__cause__)]
        raise
    if seconds is not None:
        end = time.monotonic() + seconds
        db.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    try:
        pragma = "quick_check" if quick else "integrity_check"
        found = [row[0] for row in db.execute(f"PRAGMA {pragma}") if row[0] != "ok"]
        if not quick:
            found += [
                f"{row[0]}, row {row[1]}: refers to a missing row of {row[2]}" for row in db.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.DatabaseError as error:
        return [] if error.sqlite_errorname == "SQLITE_INTERRUPT" else [str(error)]
    finally:
        db.close()
    return found


def backup(path: str, target: str, *, progress: Callable[[int, int], None] | None = None, pages: int = STEP_PAGES) -> int:
    """Copy the database, while others go on using it, to a new file ``target``; verify it, and return its size in bytes.

    ``progress`` is called with (pages copied, pages in all). Raises StoreError; a half-made file is never left under the name ``target``.
    """
    if not Path(path).is_file():  # said before anything about the target, which by itself would lie beside it
        raise absent(path)
    goal = Path(target)
    if goal.exists():
        raise StoreError(f"{target}: there is such a file already; name another one, or remove it")
    if not goal.parent.is_dir():  # made for it, an unmounted disk would go unnoticed
        raise StoreError(f"{target}: there is no directory {goal.parent}; make it, or mount the disk it is on")
    partial = Path(f"{target}.partial")
    source = connect_readonly(path)
    try:
        with translated(target):
            partial.unlink(missing_ok=True)
            copy = sqlite3.connect(partial, isolation_level=None)
            try:
                _hold(source)
                source.backup(copy, pages=pages, sleep=0.01, progress=_told(progress))
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
        _verify(str(partial))
        _settle(partial, goal)
    finally:
        source.close()
        partial.unlink(missing_ok=True)
    return goal.stat().st_size


def _hold(source: sqlite3.Connection) -> None:
    """Look at one state of the database until the connection closes.

    SQLite begins a backup anew whenever somebody else commits between two steps of it; of a large database that a daemon writes to a few
    times a second, none ever ended.
    """
    source.execute("BEGIN")
    source.execute("SELECT 1 FROM sqlite_schema").fetchone()


def _told(progress: Callable[[int, int], None] | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _status, left, total: progress(total - left, total)


def _verify(path: str) -> None:
    problems = check(path)
    if problems:
        raise StoreError(f"{path}: the copy is damaged ({problems[0]}); check the disk, and the database with `aiwatch db check`")


def _settle(partial: Path, goal: Path) -> None:
    with translated(str(goal)):
        with partial.open("rb+") as handle:
            os.fsync(handle.fileno())
        partial.replace(goal)
        directory = os.open(goal.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def restore(path: str, saved: str, now: datetime, carry_over: Callable[[str], None] | None = None) -> str | None:
    """Put a backup in the place of the database, and return where the present one was moved to (None: there was none).

    ``carry_over`` is given the copy that takes the place, and writes into it what it must know of the present one: all of that is done
    before the one rename, so that a restore that is killed has either not happened, or is whole. The caller holds the daemon's lock. The
    backup is verified, and of no newer version, before anything is touched.
    """
    restorable(path, saved)
    partial = Path(f"{path}.partial")
    try:
        with translated(path):
            _without(partial)  # of one that was killed: SQLite would take its WAL for this copy's
            shutil.copyfile(saved, partial)
        if carry_over is not None and Path(path).exists():
            carry_over(str(partial))
            _in_one_file(partial)
        aside = _keep_aside(path, now)
        _settle(partial, Path(path))
    finally:
        _without(partial)
    return aside


def _without(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _in_one_file(partial: Path) -> None:
    """Put what the WAL holds into the file: it alone is renamed."""
    db = connect(str(partial))
    try:
        with translated(str(partial)):
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA journal_mode = DELETE")
    finally:
        db.close()


def restorable(path: str, saved: str) -> None:
    """Raises StoreError where ``saved`` is no backup that could take the place of the database at ``path``."""
    if not Path(saved).is_file():
        raise StoreError(f"{saved}: there is no such backup")
    if Path(path).exists() and Path(saved).samefile(path):
        raise StoreError(f"{saved}: this is the database itself; name a backup of it")
    if not _marked(saved):  # first of all: what is said of a database names the keys of one
        raise StoreError(f"{saved}: this is no backup of aiwatch's database; `aiwatch db backup` makes one")
    _verify(saved)
    reader = connect_readonly(saved)
    try:
        schema.check_version(reader, saved)
    finally:
        reader.close()


def _marked(file: str) -> bool:
    """Whether the file begins as our databases do: SQLite's own words, and our mark at byte 68."""
    with translated(file), Path(file).open("rb") as opened:
        head = opened.read(100)
    return head.startswith(b"SQLite format 3\0") and int.from_bytes(head[68:72], "big") == APPLICATION_ID


def _keep_aside(path: str, now: datetime) -> str | None:
    """Give the present database a second name, and take its WAL away from the first: there is never no database at ``path``.

    Where there is none, for a moment, a daemon that is started then would begin a new one, and tell everything again.
    """
    if not Path(path).exists():
        return None
    aside = _free(f"{path}.replaced-{now:%Y%m%dT%H%M%S}")
    with translated(path):
        _empty_wal(path)
        try:
            os.link(path, aside)
        except OSError:  # a file system that knows no second names
            shutil.copyfile(path, aside)
        for suffix in ("-wal", "-shm"):
            part = Path(path + suffix)
            if part.exists():
                part.rename(aside + suffix)
    return aside


def _free(name: str) -> str:
    """``name``, or with the first number behind it that no file has: what an earlier restore kept of that second stays."""
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 1000))) if not Path(one).exists())


def _empty_wal(path: str) -> None:
    """Put what the WAL holds into the file, where that is still possible: a restore may be why the file is replaced."""
    with contextlib.suppress(StoreError, sqlite3.Error):
        db = connect(path)
        try:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()


# --- retention ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What retention removed."""

    items: int = 0  # texts
    polls: int = 0  # records
    bodies: int = 0  # of deliveries


_OLD_ITEMS = """
SELECT n, title, summary, content, facets, pruned_at FROM item WHERE n > ? AND first_seen_at < ? AND pruned_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM mention WHERE mention.item_n = item.n)
    AND NOT EXISTS (SELECT 1 FROM label WHERE label.item_id = item.id)
ORDER BY n LIMIT ?
"""


def prune(path: str, before: datetime, now: datetime, *, vacuum: bool = False) -> Pruned:
    """Remove texts of items first seen before ``before`` that belong to no story and bear no label, old polls and sent bodies.

    Works in small transactions beside a running daemon. Identity, title, address and verdict of every item stay, and so do stories,
    announcements, deliveries, and polls after which a gap was possible.
    """
    db = connect(path)
    db.row_factory = sqlite3.Row
    try:
        done = Pruned(
            items=_prune_items(db, path, before, now),
            polls=_in_batches(
                db,
                path,
                "DELETE FROM poll WHERE n IN (SELECT n FROM poll WHERE at < ? AND gap_since IS NULL ORDER BY n LIMIT ?)",
                before,
            ),
            bodies=_in_batches(
                db,
                path,
                "UPDATE delivery SET body = '{}' WHERE id IN (SELECT id FROM delivery WHERE created_at < ? "
                "AND state IN ('sent', 'dropped') AND body <> '{}' LIMIT ?)",
                before,
            ),
        )
        with translated(path):
            if vacuum:
                db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    return done


def _prune_items(db: sqlite3.Connection, path: str, before: datetime, now: datetime) -> int:
    count, after = 0, 0
    while True:
        with transaction(db, path):
            rows = db.execute(_OLD_ITEMS, (after, stamp(before), BATCH)).fetchall()
            for row in rows:
                _items.unindex(db, row)
            numbers = [(row["n"],) for row in rows]
            db.executemany("DELETE FROM item_revision WHERE item_n = ?", numbers)
            db.executemany("UPDATE detection SET evidence = '[]', near = '[]', near_miss = 0 WHERE item_n = ?", numbers)
            db.executemany(
                "UPDATE item SET summary = '', content = '', authors = '[]', categories = '[]', notes = '[]', pruned_at = ? WHERE n = ?",
                [(stamp(now), row["n"]) for row in rows],
            )
        count += len(rows)
        if len(rows) < BATCH:
            return count
        after = rows[-1]["n"]


def _in_batches(db: sqlite3.Connection, path: str, sql: str, before: datetime) -> int:
    count = 0
    while True:
        with transaction(db, path):
            changed = db.execute(sql, (stamp(before), BATCH)).rowcount
        count += changed
        if changed < BATCH:
            return count


# --- figures ------------------------------------------------------------------------------------------------------------------


def parts(path: str) -> list[tuple[str, int, int]]:
    """Return each table with its rows and bytes (its indexes included), largest first."""
    db = connect_readonly(path)
    try:
        with translated(path):
            sizes = dict(
                db.execute(
                    "SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat d LEFT JOIN sqlite_schema s ON s.name = d.name "
                    "WHERE d.aggregate = 1 GROUP BY 1"
                ).fetchall()
            )
            names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
            rows = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  names of the file
    finally:
        db.close()
    return sorted(((name, rows[name], sizes.get(name, 0)) for name in names), key=lambda part: -part[2])
