"""The one connection that writes. One lock serialises its users, so that it may be handed from thread to thread."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiwatch.store import schema
from aiwatch.store.connection import connect, transaction, translated


class Writer:
    """The database at ``path``, made or upgraded where needed. Raises StoreError."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.RLock()
        self.db = connect(path)
        self.db.row_factory = sqlite3.Row
        try:
            schema.migrate(self.db, path)
        except BaseException:
            self.db.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self.db.close()

    def interrupt(self) -> None:
        """From any thread: let what is being written fail and be rolled back. All that can be done afterwards is to close."""
        with contextlib.suppress(sqlite3.ProgrammingError):  # closed already
            self.db.set_progress_handler(lambda: 1, 1)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._lock, transaction(self.db, self._path) as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """What was written so far, on the same connection."""
        with self._lock, translated(self._path):
            yield self.db
