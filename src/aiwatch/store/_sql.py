"""People's own SQL: a connection of its own that can only read, for so long, so many rows, and no other file."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from aiwatch.errors import StoreError
from aiwatch.store.connection import connect_readonly, translated
from aiwatch.views import Limits, Table

STEPS = 2000  # virtual machine instructions between two looks at the clock
_WIDE = re.compile(r"\d{4}")
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_PRAGMAS = {
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "foreign_key_list",
    "function_list",
    "compile_options",
}
_FUNCTIONS = {"load_extension", "fts3_tokenizer", "fts5", "readfile", "writefile", "edit"}


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action == sqlite3.SQLITE_READ and (first or "").lower() == "secret":
        return sqlite3.SQLITE_DENY
    allowed = (
        action in _READING
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS)
        # FTS5 runs this by itself when it first reads the index
        or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() == "data_version" and second is None)
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def run(path: str, query: str, parameters: Mapping[str, Any], limits: Limits) -> Table:
    """Run one reading statement. Raises StoreError: not reading, several statements, a mistake in it, too slow, too large."""
    started = time.monotonic()
    db = connect_readonly(path)
    try:
        with translated(path):  # the search index is opened now: its own statements would meet the guard below
            db.execute("SELECT rowid FROM item_fts WHERE item_fts MATCH 'x' LIMIT 1").fetchone()
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * limits.cell + 1024)  # also what one function call may make
        db.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
        db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        db.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200)
        db.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200)
        db.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
        for name in ("printf", "format"):
            db.create_function(name, -1, _printf, deterministic=True)
        db.set_authorizer(_authorize)
        db.set_progress_handler(lambda: time.monotonic() - started > limits.seconds, STEPS)
        with translated("the query"):
            return _read(db, query, parameters, limits, started)
    finally:
        db.close()


def _read(db: sqlite3.Connection, query: str, parameters: Mapping[str, Any], limits: Limits, started: float) -> Table:
    try:
        found = db.execute(query, dict(parameters))
    except (sqlite3.Warning, sqlite3.ProgrammingError, ValueError, UnicodeEncodeError, OverflowError) as error:
        raise StoreError(f"the query: {error}") from error
    if found.description is None:
        raise StoreError("the query: it gives no rows; write a SELECT")
    rows: list[tuple[Any, ...]] = []
    size = 0
    for row in found:
        if len(rows) == limits.rows or size > limits.size:
            return _table(found, rows, True, started)
        made = tuple(_cell(value, limits.cell) for value in row)
        size += sum(len(value) if isinstance(value, (str, bytes)) else 8 for value in made)
        rows.append(made)
    return _table(found, rows, False, started)


def _printf(template: object = None, *values: Any) -> Any:
    """SQLite's own ``printf``, but NULL for widths that would keep it busy.

    ``%.*c`` with 900000000 runs four seconds, deaf to any time limit, to give NULL in the end.
    """
    if not isinstance(template, str) or "*" in template or _WIDE.search(template):
        return None
    with closing(sqlite3.connect(":memory:")) as db:
        return db.execute(f"SELECT printf(?{', ?' * len(values)})", (template, *values)).fetchone()[0]


def _table(found: sqlite3.Cursor, rows: list[tuple[Any, ...]], truncated: bool, started: float) -> Table:
    columns = tuple(column[0] for column in found.description)
    return Table(columns=columns, rows=tuple(rows), truncated=truncated, elapsed=time.monotonic() - started)


def _cell(value: Any, limit: int) -> Any:
    if isinstance(value, str) and len(value) > limit:
        return value[:limit] + "…"
    if isinstance(value, bytes) and len(value) > limit:
        return value[:limit]
    return value
