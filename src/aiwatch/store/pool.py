"""Connections that only read: a few are kept, and each call has one that sees one snapshot from its first statement to its last."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiwatch.errors import StoreError
from aiwatch.store import schema
from aiwatch.store.connection import AtRest, connect_readonly, translated

IDLE = 8  # connections kept for the next call


class Pool:
    """Connections to the database at ``path``, which must exist and be of this version's schema. Raises StoreError."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._file = _identity(path)
        self._give_back(reader(path), self._file)

    def close(self) -> None:
        """Let go of all that nobody reads from."""
        with self._lock:
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the database as it is now, whatever is written meanwhile."""
        with translated(self._path):
            db, of = self._take()
            try:
                db.execute("BEGIN")
                yield db
                db.execute("ROLLBACK")
            except BaseException:
                db.close()
                raise
            self._give_back(db, of)

    def _take(self) -> tuple[sqlite3.Connection, object]:
        now = _identity(self._path)
        if now != self._file:  # somebody restored a backup: the file is another one
            self.close()
            self._file = now
        with self._lock:
            if self._idle:
                return self._idle.pop(), now
        return _open(self._path), now

    def _give_back(self, db: sqlite3.Connection, of: object) -> None:
        with self._lock:
            # Otherwise it still reads the file that a restore has replaced, or would not see what is written from now on.
            if of == self._file and len(self._idle) < IDLE and not isinstance(db, AtRest):
                self._idle.append(db)
                return
        db.close()


def reader(path: str) -> sqlite3.Connection:
    """A connection that only reads, to a database that exists and is of this version's schema. Raises StoreError."""
    db = _open(path)
    try:
        with translated(path):
            missing = schema.check_version(db, path)
    except BaseException:
        db.close()
        raise
    if missing:
        db.close()
        raise StoreError(
            f"{path}: this database is of an older version; `aiwatch db migrate` brings it up to date (with a backup)"
        )
    return db


def _open(path: str) -> sqlite3.Connection:
    db = connect_readonly(path)
    db.row_factory = sqlite3.Row
    return db


def _identity(path: str) -> tuple[int, int]:
    try:
        seen = os.stat(path)  # noqa: PTH116  called for every page: no need of a Path
    except OSError:
        return (0, 0)
    return (seen.st_dev, seen.st_ino)
