"""Opening a database, one transaction, and sqlite3's errors in our words. Nobody else in the package calls ``sqlite3.connect``.

``synchronous = FULL``: with WAL, NORMAL may forget the last commits when the power fails. Polls would be repeated harmlessly, but a
delivery that was settled and forgotten is a mail sent twice, so each commit waits for the disk. The price is one fsync a poll (see
``bench/query_speed.py``, which prints both); a daemon of 10,000 sources commits about eleven times a second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from aiwatch.errors import Contradiction, StoreError

MEMORY = ":memory:"
BUSY_MS = 10_000  # how long a statement waits for another process's transaction
APPLICATION_ID = 0x61697761  # "aiwa" in the file's header: tells our databases from anybody else's
WAL_LIMIT = 64 * 1024 * 1024  # bytes the WAL is cut back to after a large transaction
PAGE_CACHE_KIB = 16_384  # bounded, so that memory stays flat whatever the size of the file


def connect(path: str) -> sqlite3.Connection:
    """Open ``path`` for writing, making it and its directory where they are missing. Raises StoreError."""
    with translated(path):
        if path != MEMORY and Path(path).is_dir():
            raise absent(path)
        if path != MEMORY:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        try:
            if not _check_ours(db, path):
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # first of all: a start killed later is known again
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            _bound(db)
        except BaseException:
            db.close()
            raise
        return db


def connect_readonly(path: str) -> sqlite3.Connection:
    """Open ``path`` for reading only; it must exist and be one of ours. Raises StoreError.

    With WAL even reading makes files beside the database. Where none can be made, a database at rest is read as it lies there.
    """
    if not Path(path).is_file():
        raise absent(path)
    with translated(path):
        try:
            return _reading(path, "mode=ro")
        except sqlite3.OperationalError as error:
            if not (_refused(error) and _at_rest(path)):
                raise
        return _reading(path, "mode=ro&immutable=1", AtRest)


class AtRest(sqlite3.Connection):
    """A connection to a database that is taken to stay as it is: for one call, as it would not see what is written later."""


def _at_rest(path: str) -> bool:
    """Whether all that was written is in the file itself."""
    log = Path(f"{path}-wal")
    return not log.exists() or log.stat().st_size == 0


def _refused(error: sqlite3.OperationalError) -> bool:
    """Whether the files beside a database could not be made."""
    return error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))


def _reading(path: str, how: str, factory: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    uri, timeout = f"file:{quote(path)}?{how}", BUSY_MS / 1000
    db = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False, factory=factory)
    try:
        _check_ours(db, path)
        db.execute("PRAGMA query_only = ON")
        _bound(db)
    except BaseException:
        db.close()
        raise
    return db


def absent(path: str) -> StoreError:
    """What is said of a database that is not there, by all who would make none, and of a folder in its place by everybody."""
    if Path(path).is_dir():
        return StoreError(f"{path}: this is a folder; name a file in it, with --db or the key `database` of aiwatch.toml")
    return StoreError(f"{path}: there is no database yet; `aiwatch once` or `aiwatch run` makes it, --db names another")


def _bound(db: sqlite3.Connection) -> None:
    db.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA trusted_schema = OFF")  # a database from elsewhere cannot run functions through its views


def _check_ours(db: sqlite3.Connection, path: str) -> bool:
    """Refuse somebody else's database before anything is written to it. False for an empty one."""
    mark = db.execute("PRAGMA application_id").fetchone()[0]
    if mark == APPLICATION_ID:
        return True
    if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise StoreError(
            f"{path}: this is an SQLite database of another program; name a new file, with --db or the key `database` of aiwatch.toml"
        )
    return False


@contextmanager
def transaction(db: sqlite3.Connection, path: str) -> Iterator[sqlite3.Connection]:
    """All that is written inside is committed together, or not at all. Takes the write lock at once, so it cannot fail half-way."""
    with translated(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn sqlite3's errors into StoreError: which file, what happened, what to do."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError) as error:
        raise Contradiction(f"{path}: {_told(error)}") from error
    except UnicodeEncodeError as error:  # bytes of a command line that are no UTF-8 come as halves of pairs
        raise Contradiction(f"{path}: what was given is no text: {error.reason}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_told(error)}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}; check the directory and its permissions") from error


_REMEDIES = (
    ("SQLITE_BUSY", f"another process has been writing for more than {BUSY_MS // 1000} seconds; stop it, or try again"),
    ("SQLITE_LOCKED", "another connection holds the table; try again"),
    ("SQLITE_FULL", "the disk is full; nothing was written. Free some space, or run `aiwatch db prune`; the daemon then goes on"),
    ("SQLITE_READONLY", "the database cannot be written: file, directory or disk is read-only. Mend the permissions"),
    ("SQLITE_CORRUPT", "the database is damaged. Run `aiwatch db check`, and `aiwatch db restore` with a backup if it says so"),
    ("SQLITE_NOTADB", "this is not an SQLite database; name another one, with --db or the key `database` of aiwatch.toml"),
    ("SQLITE_CANTOPEN", "the database cannot be opened; check the directory and its permissions"),
    ("SQLITE_IOERR", "the disk did not do what was asked; nothing was written. Check the disk and its free space"),
    ("SQLITE_CONSTRAINT", "the values contradict each other (this is a mistake of the program); nothing was written"),
    ("SQLITE_INTERRUPT", "the query took longer than its time limit"),
    ("SQLITE_AUTH", "this statement may not be used here: only reading is allowed"),
)


def _told(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ("SQLITE_CONSTRAINT" if isinstance(error, sqlite3.IntegrityError) else "")
    for prefix, remedy in _REMEDIES:
        if name.startswith(prefix):
            return f"{remedy} ({error})"
    return str(error)
