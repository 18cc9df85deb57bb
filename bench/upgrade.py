"""Upgrade large old databases, killed at random moments, and look whether anything was broken.

    python bench/upgrade.py [--entries 100000] [--kills 100] [--seed 1]

For each released schema a database of so many entries is made, as that release would have left it: its tables are compared with the
database of that release which is kept in ``tests/store/fixtures``. A child upgrades it the way the daemon's start does, with the backup
first, and is killed with SIGKILL at a moment drawn evenly over the time that an undisturbed upgrade takes; the next child goes on, and a
new copy is taken when the upgrade is through. The present schema is upgraded to one more, with a step made up for this that rewrites
every entry: no released step has had to touch rows so far.

After each kill the database must be sound, hold every row, and stand between two steps. In the end it must be as a new one would be, the
backup must be the old database and be taken back by ``restore``, nothing half-made may lie beside it, and a version that does not know
the new step must refuse the file and leave its bytes as they were.
Passes when nothing was broken and no upgrade took longer than 30 seconds.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

import query_speed
from aiwatch.errors import StoreError
from aiwatch.store import maintenance, schema
from aiwatch.store.connection import connect, connect_readonly
from aiwatch.store.sqlite import SqliteStore

FIXTURES = Path(__file__).parents[1] / "tests" / "store" / "fixtures"
LATER = "0099_later"
SLOWEST = 30.0  # seconds
COUNTED = ("item", "alias", "detection", "story", "story_key", "mention", "announcement", "outbox", "source", "poll", "item_fts")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def later() -> Migrations:
    """The steps of a version to come: the last one adds a column to every entry, fills it, and indexes it."""
    steps = Migrations("aiwatch")
    for name in schema.names():
        steps(name=name)(lambda _db: None)

    @steps(name=LATER)
    def _later(db: Database) -> None:
        db.execute("ALTER TABLE item ADD COLUMN later TEXT")
        db.execute("UPDATE item SET later = substr(title, 1, 20)")
        db.execute("CREATE INDEX item_later ON item(later)")

    return steps


def upgrade(path: str) -> None:
    """What the daemon's start does."""
    SqliteStore(path).close()


def upgrade_later(path: str) -> None:
    """What the start of the version to come would do."""
    with closing(connect(path)) as db:
        schema.migrate(db, path, later())


@dataclass
class Case:
    """One schema's database, and the upgrade that it needs."""

    old: Path
    start: Callable[[str], None]
    goal: list[str]  # the steps that a finished upgrade has
    first: str  # the step that the backup is named after
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


# --- old databases ----------------------------------------------------------------------------------------------------------


def described(path: Path) -> dict[str, str]:
    """Everything a database holds, by name, as it was made."""
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'item_fts_%'"))


def aged(present: Path, name: str, folder: Path) -> Path:
    """The database as release ``name`` would have left it: without what later steps made, with that release's views."""
    kept, old = folder / f"kept-{name}.db", folder / f"old-{name}.db"
    kept.write_bytes(gzip.decompress((FIXTURES / f"{name}.db.gz").read_bytes()))
    shutil.copyfile(present, old)
    then, now = described(kept), described(old)
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        for made, sql in now.items():
            if then.get(made) != sql:
                kind = next(word for word in sql.split() if word in {"VIEW", "TABLE", "INDEX"})
                db.execute(f"DROP {kind} IF EXISTS {made}")  # an index may be gone with its table
        for made, sql in then.items():
            if now.get(made) != sql:
                db.execute(sql)
        for step in schema.names()[schema.names().index(name) + 1 :]:
            db.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (step,))
    if described(old) != then:
        sys.exit(f"{name}: the old database is not as that release made it; teach `aged` what the newer steps changed")
    return old


def cases(entries: int, folder: Path) -> list[Case]:
    """A database for each step that there is."""
    present = folder / "present.db"
    cost = query_speed.generate(str(present), entries, entries // 50, seed=1)
    with closing(sqlite3.connect(present)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{entries:,} entries written, {cost:.0f} us each, {present.stat().st_size / 1e6:,.0f} MB")
    names = schema.names()
    made = [Case(aged(present, name, folder), upgrade, names, names[n]) for n, name in enumerate(names[:-1], start=1)]
    made.append(Case(present, upgrade_later, [*names, LATER], LATER))
    for case in made:
        case.rows = counts(case.old)
    return made


def counts(path: Path) -> dict[str, int]:
    """Rows of each table that matters."""
    with closing(connect_readonly(str(path))) as db:
        return {name: int(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in COUNTED}


# --- killing ----------------------------------------------------------------------------------------------------------------


def live(case: Case, path: Path, life: float | None) -> bool:
    """Let a child upgrade for so long (None: as long as it takes); whether it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            case.start(str(path))
            code = 0
        finally:
            os._exit(code)
    if life is not None:
        time.sleep(life)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        case.broken.append("an upgrade ended with an error")
    return os.WIFEXITED(status)


def clear(path: Path) -> None:
    """Nothing of that name."""
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()


def harass(case: Case, path: Path, kills: int, rng: random.Random) -> int:
    """Kill so often; how many upgrades came through meanwhile."""
    done = 0
    clear(path)
    for number in range(kills):
        if not path.exists():
            shutil.copyfile(case.old, path)
        ended = live(case, path, rng.random() * case.seconds * 1.1)
        case.broken += [f"kill {number}: {what}" for what in halfway(case, path)]
        if ended:
            case.broken += [f"kill {number}: {what}" for what in finished(case, path)]
            clear(path)
            done += 1
    return done


def halfway(case: Case, path: Path) -> list[str]:
    """What is wrong with a database whose upgrade may have been cut off."""
    found = maintenance.check(str(path), quick=True)
    with closing(sqlite3.connect(path)) as db:
        have = schema.applied(db)
    if have != case.goal[: len(have)]:
        found.append(f"steps {have} are no beginning of {case.goal}")
    if (rows := counts(path)) != case.rows:
        found.append(f"rows {rows}, not {case.rows}")
    return found


def finished(case: Case, path: Path) -> list[str]:
    """What is wrong with a database whose upgrade is through."""
    found, backup = maintenance.check(str(path)), Path(f"{path}.before-{case.first}.bak")
    with closing(sqlite3.connect(path)) as db:
        found += [] if schema.applied(db) == case.goal else [f"steps {schema.applied(db)}, not {case.goal}"]
    if not backup.exists():
        found.append("there is no backup")
    elif described(backup) != described(case.old) or counts(backup) != case.rows or maintenance.check(str(backup)):
        found.append("the backup is not the old database")
    beside = {part.name for part in path.parent.glob(f"{path.name}*")}
    beside -= {path.name, f"{path.name}-wal", f"{path.name}-shm", backup.name}
    return found + [f"{name} lies beside it" for name in sorted(beside)]


# --- and back -----------------------------------------------------------------------------------------------------------------


def refused(case: Case, path: Path) -> list[str]:
    """A version that does not know the newest step leaves the file alone; its backup can be put back and goes on."""
    before = path.read_bytes()
    try:
        upgrade(str(path))
    except StoreError as error:
        found = [] if "newer aiwatch" in str(error) else [f"refused for another reason: {error}"]
    else:
        found = ["a newer database was opened"]
    found += [] if path.read_bytes() == before else ["a newer database was changed"]
    maintenance.restore(str(path), f"{path}.before-{case.first}.bak", NOW)
    upgrade(str(path))
    return found + ([] if counts(path) == case.rows else ["the backup that was put back lacks rows"])


def main() -> int:
    """Run it; 0 if nothing was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=100, help="over all schemas together")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, broken = random.Random(given.seed), list[str]()
    with tempfile.TemporaryDirectory() as directory:
        made = cases(given.entries, Path(directory))
        for number, case in enumerate(made):
            broken += _one(case, Path(directory) / "life.db", given.kills // len(made) + (number < given.kills % len(made)), rng)
    print("\n".join(broken[:20]) or "PASS")
    return 1 if broken else 0


def _one(case: Case, path: Path, kills: int, rng: random.Random) -> list[str]:
    clear(path)
    shutil.copyfile(case.old, path)
    began = time.perf_counter()
    live(case, path, None)
    case.seconds = time.perf_counter() - began
    case.broken += finished(case, path)
    if case.first == LATER:
        case.broken += refused(case, path)
    done = harass(case, path, kills, rng)
    figures = f"{case.seconds:.1f} s; {kills} kills, {done} upgrades came through, {len(case.broken)} broken"
    print(f"{case.old.stem} to {case.goal[-1]}: {figures}", flush=True)
    late = [f"{case.seconds:.1f} s is more than {SLOWEST:g}"] if case.seconds > SLOWEST else []
    return [f"FAIL {case.old.stem}: {what}" for what in (*case.broken, *late)]


if __name__ == "__main__":
    sys.exit(main())
