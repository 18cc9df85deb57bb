"""``ports.Store`` for who only looks, such as a preview: nothing is made, upgraded or written, and a file that is read-only will do."""

from __future__ import annotations

import threading
from secrets import token_hex
from typing import NoReturn

from aiwatch.errors import StoreError
from aiwatch.store import _keys
from aiwatch.store.pool import reader
from aiwatch.store.sqlite import SqliteStore
from aiwatch.store.writer import Writer


class _Reader(Writer):
    """A connection in the place of the one that writes."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.RLock()
        self.db = reader(path)

    def writing(self) -> NoReturn:
        """Raises StoreError: whoever looks writes nothing."""
        raise StoreError(f"{self._path}: this is only looked at, and was not written to")


class LookingStore(SqliteStore):
    """The database at ``path``, which must exist and be of this version's schema. Raises StoreError."""

    def __init__(self, path: str) -> None:
        super().__init__(path, _Reader(path))

    def secret(self, name: str) -> str:
        """As kept; before the service made any, one that is thrown away: what is signed with it opens nothing."""
        with self._read() as db:
            return _keys.secret(db, name) or token_hex(32)
