"""From an empty file, or from any older version, to the present schema; and the documentation of that schema.

    open ──> ours? ──> newer than this program? refuse ──> steps missing? backup first ──> each step in its own transaction ──> views

Steps are only ever added. Each is recorded (table ``_sqlite_migrations``, by sqlite-utils) in the transaction that makes it, so a
process killed in the middle of an upgrade goes on where it stopped.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlite_utils import Database, Migrations

from aiwatch.errors import StoreError
from aiwatch.store import indexes, public, tables
from aiwatch.store.connection import MEMORY, connect_readonly, transaction, translated

migrations = Migrations("aiwatch")


@migrations(name="0001_first")
def _first(db: Database) -> None:
    for statement in (*tables.TABLES, *indexes.INDEXES):
        db.execute(statement)


@migrations(name="0002_secret")
def _secret(db: Database) -> None:
    for statement in tables.LATER:
        db.execute(statement)


@migrations(name="0003_push")
def _push(db: Database) -> None:
    for statement in tables.PUSHES:
        db.execute(statement)


@migrations(name="0004_heard")
def _heard(db: Database) -> None:
    for statement in tables.HEARD:
        db.execute(statement)


@migrations(name="0005_hold")
def _hold(db: Database) -> None:
    for statement in tables.HOLDS:
        db.execute(statement)


@migrations(name="0006_told")
def _told(db: Database) -> None:
    for statement in tables.TOLD:
        db.execute(statement)


@migrations(name="0007_said")
def _said(db: Database) -> None:
    for statement in tables.SAID:
        db.execute(statement)


@migrations(name="0008_owed")
def _owed(db: Database) -> None:
    for statement in indexes.OWED:
        db.execute(statement)


@migrations(name="0009_parts")
def _parts(db: Database) -> None:
    for statement in tables.PARTS:
        db.execute(statement)


@migrations(name="0010_lost")
def _lost(db: Database) -> None:
    for statement in tables.LOST:
        db.execute(statement)


@migrations(name="0011_counted")
def _counted(db: Database) -> None:
    for statement in tables.COUNTED:
        db.execute(statement)


def names(steps: Migrations = migrations) -> list[str]:
    """Return the names of all steps, oldest first."""
    return [step.name for step in steps.pending(Database(memory=True, execute_plugins=False))]


def applied(db: sqlite3.Connection) -> list[str]:
    """Return the names of the steps a database has gone through."""
    return [step.name for step in migrations.applied(_wrapped(db))]


def check_version(db: sqlite3.Connection, path: str, steps: Migrations = migrations) -> list[str]:
    """Return the steps that are missing. Raises StoreError for a database of a newer version; nothing is written."""
    known, have = names(steps), applied(db)
    unknown = [name for name in have if name not in known]
    if unknown:
        raise StoreError(
            f"{path}: this database was written by a newer aiwatch (it has {', '.join(unknown)}); it was left as it is. "
            "Use that version, or restore the backup that the upgrade made beside it"
        )
    return [name for name in known if name not in have]


def migrate(db: sqlite3.Connection, path: str, steps: Migrations = migrations, *, backed_up: bool = False) -> list[str]:
    """Bring a database to the present schema and return the steps taken. An existing one is backed up and verified first.

    ``backed_up``: there is a backup of it already.
    """
    with translated(path):
        missing = check_version(db, path, steps)
        if missing:
            if path != MEMORY and not backed_up and (have := applied(db)):
                _back_up(db, path, [*have, missing[0]])
            steps.apply(_wrapped(db))
        _make_views(db, path)
        return missing


# what every poll, try and judgement changes, in the tables of the first schema
_LIVED = """
SELECT (SELECT max(n) FROM poll), (SELECT max(last_attempt_at) FROM source), (SELECT max(n) FROM attempt), (SELECT max(at) FROM label),
    (SELECT max(at) FROM mute)
"""


def _back_up(db: sqlite3.Connection, path: str, steps: Sequence[str]) -> None:
    """Back up the state before the last of the ``steps``, once: an upgrade that was killed goes on with the backup it has made.

    Killed between two steps, it has made one before an earlier step. One that is there may also be of an upgrade that was taken back long
    ago; it is kept, and what was written since gets one of its own.
    """
    from aiwatch.store.maintenance import backup  # which asks here for the version of what it restores

    lived = tuple(db.execute(_LIVED).fetchone())
    for step in steps:
        for number in count(1):
            target = Path(f"{path}.before-{step}.bak" if number == 1 else f"{path}.before-{step}.{number}.bak")
            if not target.exists():
                break
            with closing(connect_readonly(str(target))) as saved:
                if tuple(saved.execute(_LIVED).fetchone()) == lived:
                    return
    backup(path, str(target))


def _make_views(db: sqlite3.Connection, path: str) -> None:
    stored = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'").fetchall())
    changed = {name: sql.strip() for name, sql in public.VIEWS.items() if stored.get(name) != sql.strip()}
    if not changed:
        return
    with transaction(db, path):
        for name, sql in changed.items():  # a person's own views are left alone
            db.execute(f'DROP VIEW IF EXISTS "{name}"')
            db.execute(sql)


def _wrapped(db: sqlite3.Connection) -> Database:
    return Database(db, execute_plugins=False, recursive_triggers=False)


# --- the documentation ------------------------------------------------------------------------------------------------------

_COMMENT = re.compile(r"^(?P<code>.*?)\s*--\s*(?P<text>.*)$")
_ALIAS = re.compile(r"\bAS\s+(\w+)\s*,?$")


QUERIES = """\
```sql
-- who was first with a model's step most often this year
select source, count(*) as firsts from announcements where told and at >= '2026-01-01' group by source order by firsts desc;
```

```sql
-- what nearly passed: worth a look, and a label
select seen_at, title, score, threshold from documents where not announcement and score >= 0.8 * threshold order by seen_at desc limit 20;
```"""


def document() -> str:
    """Return ``docs/schema.md``: views first, then tables, from the comments in the SQL."""
    lines = [
        "# The database",
        "",
        "Made by `python -m aiwatch.store.schema > docs/schema.md`; a test compares the two.",
        "",
        "One SQLite file (WAL mode). Times are text in UTC, `2024-02-15T18:00:00+00:00`. The **views** below are an interface: their",
        "columns keep names and meanings from one version to the next. Tables may change; read them, but build on the views.",
        "",
        *QUERIES.splitlines(),
        "",
        "## Views",
    ]
    for name, sql in public.VIEWS.items():
        lines += _section(name, sql, view=True)
    lines += ["", "## Tables"]
    made = (
        *tables.TABLES,
        *tables.LATER,
        *tables.PUSHES,
        *tables.HEARD,
        *tables.HOLDS,
        *tables.TOLD,
        *tables.SAID,
        *tables.PARTS,
        *tables.LOST,
        *tables.COUNTED,
    )
    latest = {
        sql.split("(")[0].split()[2]: sql for sql in made if "CREATE TABLE" in sql and "--" in sql
    }  # a later step may make a table anew
    for name, sql in latest.items():
        lines += _section(name, sql, view=False)
    lines += [
        "",
        "### item_fts",
        "",
        "Full-text index over `item` (FTS5, contentless, row number = `item.n`): `words` holds words of alphabetic scripts, `cjk` the",
        "pairs of neighbouring Chinese, Japanese and Korean characters, `facets` vendor, stage, language and source.",
        "",
    ]
    return "\n".join(lines)


def columns(view: str) -> dict[str, str]:
    """Return the columns of a view with their meanings."""
    found = [match for line in public.VIEWS[view].strip().splitlines() if (match := _COMMENT.match(line))]
    return {_column(match["code"], view=True): match["text"] for match in found[1:]}


def _section(name: str, sql: str, *, view: bool) -> list[str]:
    found = [match for line in sql.strip().splitlines() if (match := _COMMENT.match(line))]
    rows = [f"| `{_column(match['code'], view=view)}` | {match['text']} |" for match in found[1:]]
    return [
        "",
        f"### {name}",
        "",
        f"{found[0]['text'][0].upper()}{found[0]['text'][1:]}.",
        "",
        "| column | meaning |",
        "|---|---|",
        *rows,
    ]


def _column(code: str, *, view: bool) -> str:
    if view:
        match = _ALIAS.search(code)
        assert match, code  # noqa: S101  every commented line of a view ends in a name; the test of the docs runs this
        return match[1]
    return code.split(maxsplit=1)[0].strip('"')


if __name__ == "__main__":
    print(document(), end="")
