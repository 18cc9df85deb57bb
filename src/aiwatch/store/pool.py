"""Connections that only read: a few are kept, and each call has one that sees one snapshot from its first statement to its last."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiwatch.errors import StoreError
from aiwatch.store import schema
from aiwatch.store.connection import connect_readonly, translated

IDLE = 8  # connections kept for the next call


class Pool:
    """Connections to the database at ``path``, which must exist and be of this version's schema. Raises StoreError."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._file = _identity(path)
        db = self._open()
        with translated(path):
            missing = schema.check_version(db, path)
        if missing:
            db.close()
            raise StoreError(
                f"{path}: this database is of an older version; `aiwatch db migrate` brings it up to date (with a backup)"
            )
        self._give_back(db, self._file)

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

    def _open(self) -> sqlite3.Connection:
        db = connect_readonly(self._path)
        db.row_factory = sqlite3.Row
        return db

    def _take(self) -> tuple[sqlite3.Connection, object]:
        now = _identity(self._path)
        if now != self._file:  # somebody restored a backup: the file is another one
            self.close()
            self._file = now
        with self._lock:
            if self._idle:
                return self._idle.pop(), now
        return self._open(), now

    def _give_back(self, db: sqlite3.Connection, of: object) -> None:
        with self._lock:
            if of == self._file and len(self._idle) < IDLE:  # otherwise it still reads the file that a restore has replaced
                self._idle.append(db)
                return
        db.close()


def _identity(path: str) -> tuple[int, int]:
    try:
        seen = os.stat(path)  # noqa: PTH116  called for every page: no need of a Path
    except OSError:
        return (0, 0)
    return (seen.st_dev, seen.st_ino)
