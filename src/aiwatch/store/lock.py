"""One daemon a database: a lock that the kernel lets go of when its process dies, beside the database file.

``fcntl.flock`` on ``<database>.lock``. The file's text names the holder; a clean stop empties it, so text without a lock means that the
last daemon was killed, and the database is looked over (``quick_check``) before anything else happens.

Who sends without being that daemon holds ``<database>.sending`` meanwhile (shared), so that a daemon that starts then can tell what is
being sent from what a dead process was sending.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from aiwatch.errors import Busy, StoreError
from aiwatch.store.connection import MEMORY
from aiwatch.store.maintenance import check

LOOK = 30.0  # seconds that a start may spend looking; about 2 GB on a small machine


class DaemonLock:
    """Hold the database for one daemon, as a context manager. ``:memory:`` needs no lock.

    Entering raises Busy if another process holds it, and StoreError if the last one was killed and left a damaged database.
    ``unclean`` tells afterwards whether the last holder stopped without letting go. ``inspect=False`` skips the look at the database:
    for the commands that mend it.
    """

    def __init__(self, database: str, *, inspect: bool = True) -> None:
        self.database = database
        self.unclean = False
        self._inspect = inspect
        self._handle: int | None = None

    def __enter__(self) -> Self:
        if self.database == MEMORY:
            return self
        handle = _made(_lock_path(self.database))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _read(handle) or "unknown"
            os.close(handle)
            raise Busy(
                f"{self.database}: process {holder} is at work on this database; stop it first, or name another one"
            ) from error
        self._handle = handle
        self.unclean = bool(_read(handle))
        try:
            if self.unclean and self._inspect:
                self._look_over()
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            os.fsync(handle)
        except BaseException:
            self._handle = None
            os.close(handle)  # the text stays: the next start looks again
            raise
        return self

    def _look_over(self) -> None:
        if not Path(self.database).exists():
            return
        problems = check(self.database, quick=True, seconds=LOOK)
        if problems:
            raise StoreError(
                f"{self.database}: the last process was killed and the database is damaged ({problems[0]}). "
                "Nothing was changed. `aiwatch db check` tells more, `aiwatch db restore FILE` puts a backup back"
            )

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._handle is None:
            return
        os.ftruncate(self._handle, 0)
        os.close(self._handle)  # closing lets go of the lock
        self._handle = None

    @staticmethod
    def holder(database: str) -> int | None:
        """Return the process that holds the database; None: nobody does."""
        if database == MEMORY:
            return None
        try:
            handle = os.open(_lock_path(database), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            text = _read(handle)
            return int(text) if text.isdigit() else None
        else:
            return None
        finally:
            os.close(handle)


@contextmanager
def sending(database: str) -> Iterator[None]:
    """While inside, no process that starts takes back what is being sent. Raises StoreError where the lock cannot be made."""
    handle = _made(Path(f"{database}.sending"))
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)  # a start holds it for one statement
        yield
    finally:
        os.close(handle)


@contextmanager
def nobody_sends(database: str) -> Iterator[bool]:
    """Whether no living process sends (see ``sending``); while inside none begins to. Raises StoreError as ``sending`` does."""
    if database == MEMORY:
        yield True
        return
    handle = _made(Path(f"{database}.sending"))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except OSError:
            alone = False
        yield alone
    finally:
        os.close(handle)


def _made(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"{path}: the database cannot be written: its lock cannot be made ({error.strerror}); mend the permissions of the directory"
        ) from error


def _lock_path(database: str) -> Path:
    return Path(f"{database}.lock")


def _read(handle: int) -> str:
    return os.pread(handle, 64, 0).decode("ascii", "replace").strip()
