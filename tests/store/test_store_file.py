"""The file itself: made, upgraded, refused, locked, damaged, full, backed up, restored."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from make_fixture import FIXTURES, fill
from sqlite_utils import Database, Migrations
from store_samples import DAY, HOUR, LEASE, PRESS, SORA, SOURCES, T0, claimed, delivery, edition, item, judge, plan, sora_plan

from aiwatch.errors import Busy, Conflict, StoreError
from aiwatch.feedback import Mend, Saying
from aiwatch.model import Note
from aiwatch.store import indexes, maintenance, public, schema, tables
from aiwatch.store.connection import connect
from aiwatch.store.library import Library
from aiwatch.store.lock import DaemonLock
from aiwatch.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]

# --- versions of the schema -----------------------------------------------------------------------------------------------------


def unpacked(fixture: Path, directory: Path) -> str:
    path = directory / "old.db"
    path.write_bytes(gzip.decompress(fixture.read_bytes()))
    return str(path)


def described(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'item_fts%'")
    return {row[0]: row[1] for row in rows}


def test_each_released_schema_has_a_kept_database() -> None:
    assert {fixture.name.removesuffix(".db.gz") for fixture in FIXTURES.glob("*.gz")} == set(schema.names())


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("*.db.gz")), ids=lambda path: path.name)
def test_an_old_database_is_brought_up_to_date_whole(fixture: Path, tmp_path: Path) -> None:
    path = unpacked(fixture, tmp_path)
    with SqliteStore(path) as store, SqliteStore(":memory:") as new:
        fill(new)
        assert described(store._db) == described(new._db), (
            "a change of the schema comes as a new migration, never as an edit of an old one"
        )
        assert list(store.archive()) == list(new.archive())
        assert store.stories([SORA.key]) == new.stories([SORA.key])
        assert store.last_slot("daily") == new.last_slot("daily")
        assert store.labels() == new.labels()
        assert store.muted() == new.muted()
        assert store.watch(T0 - DAY, T0 + 2 * DAY) == new.watch(T0 - DAY, T0 + 2 * DAY)
        assert [one.id for one in store.claim_deliveries(T0 + DAY, 9, LEASE)] == [
            one.id for one in new.claim_deliveries(T0 + DAY, 9, LEASE)
        ]
    assert maintenance.check(path) == []
    with Library(path) as library:
        assert [hit.source_id for hit in library.search("소라").hits] == [PRESS.id]
        assert library.stats().documents == 3


def later(*, breaks: bool = False) -> Migrations:
    """The steps of a version to come: one more table, and a column."""
    steps = Migrations("aiwatch")
    for name in schema.names():
        steps(name=name)(lambda _db: None)

    @steps(name="0099_later")
    def _later(db: Database) -> None:
        db.execute("CREATE TABLE later (x TEXT)")
        db.execute("ALTER TABLE item ADD COLUMN later TEXT")
        if breaks:
            raise RuntimeError("killed here")

    return steps


def test_an_upgrade_makes_a_verified_backup_first(disk: SqliteStore, path: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    with closing(connect(path)) as db:
        assert schema.migrate(db, path, later()) == ["0099_later"]
        assert schema.migrate(db, path, later()) == []
    saved = f"{path}.before-0099_later.bak"
    assert maintenance.check(saved) == []
    with Library(saved) as library:
        assert library.stats().documents == 1


def test_an_upgrade_that_breaks_leaves_the_old_database_and_goes_on_next_time(disk: SqliteStore, path: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    with closing(connect(path)) as db:
        before = described(db)
        with pytest.raises(RuntimeError):
            schema.migrate(db, path, later(breaks=True))
        assert described(db) == before
    saved = Path(f"{path}.before-0099_later.bak").stat().st_mtime_ns
    with closing(connect(path)) as db:
        assert schema.migrate(db, path, later()) == ["0099_later"]
        assert "later" in described(db)
    assert Path(f"{path}.before-0099_later.bak").stat().st_mtime_ns == saved, "the backup of the older state is kept"


def test_an_upgrade_killed_between_two_steps_goes_on_with_the_backup_it_has(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()

    def two(*, breaks: bool) -> Migrations:
        steps = later()

        @steps(name="0100_last")
        def _last(db: Database) -> None:
            if breaks:
                raise RuntimeError("killed here")

        return steps

    with closing(connect(path)) as db:
        with pytest.raises(RuntimeError):
            schema.migrate(db, path, two(breaks=True))
        assert schema.applied(db)[-1] == "0099_later"
        assert schema.migrate(db, path, two(breaks=False)) == ["0100_last"]
    assert [saved.name for saved in tmp_path.rglob("*.bak")] == [Path(f"{path}.before-0099_later.bak").name]


def test_an_upgrade_after_going_back_to_the_old_version_is_backed_up_anew(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    with closing(connect(path)) as db:
        schema.migrate(db, path, later())
    first = f"{path}.before-0099_later.bak"
    maintenance.restore(path, first, T0)  # back to the old version, which goes on
    with SqliteStore(path) as store:
        store.commit(plan(claimed(store, at=T0 + DAY), at=T0 + DAY))
    with closing(connect(path)) as db:
        assert schema.migrate(db, path, later()) == ["0099_later"]
    polls = {}
    for saved in sorted(tmp_path.rglob("*.bak")):
        with closing(connect(str(saved))) as db:
            polls[saved.name] = db.execute("SELECT count(*) FROM poll").fetchone()[0]
    assert sorted(polls.values()) == [1, 2], "the first backup is kept, and what came after it is in a second one"
    assert polls[Path(first).name] == 1


def test_a_newer_database_is_refused_and_not_touched(disk: SqliteStore, path: str) -> None:
    disk.close()
    with closing(connect(path)) as db:
        schema.migrate(db, path, later())
    before = Path(path).read_bytes()
    for opened in (SqliteStore, Library):
        with pytest.raises(StoreError, match=r"newer aiwatch .it has 0099_later.; it was left as it is"):
            opened(path)
    assert Path(path).read_bytes() == before


def test_an_older_database_is_not_read_but_the_remedy_is_told(path: str) -> None:
    with closing(connect(path)) as db:
        db.execute("PRAGMA application_id = 0x61697761")
        db.execute("CREATE TABLE x (y)")
    with pytest.raises(StoreError, match="aiwatch db migrate"):
        Library(path)


def test_somebody_elses_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    for opened in (SqliteStore, Library):
        with pytest.raises(StoreError, match="of another program"):
            opened(str(path))
    assert path.read_bytes() == before


def test_a_persons_own_views_survive_and_ours_are_mended(disk: SqliteStore, path: str) -> None:
    disk._db.execute("CREATE VIEW mine AS SELECT count(*) AS n FROM announcements")
    disk._db.execute("DROP VIEW stories")
    disk._db.execute("CREATE VIEW stories AS SELECT 1 AS wrong")
    disk.close()
    with SqliteStore(path) as store:
        assert store._db.execute("SELECT n FROM mine").fetchone()[0] == 0
        assert store._db.execute("SELECT members FROM stories").fetchall() == []


def test_a_start_that_was_killed_before_anything_was_made_is_known_again(path: str) -> None:
    with closing(connect(path)) as db:
        Migrations("aiwatch").ensure_migrations_table(Database(db))
    SqliteStore(path).close()
    assert maintenance.check(path) == []


def test_a_missing_directory_is_made(tmp_path: Path) -> None:
    SqliteStore(str(tmp_path / "a" / "b" / "new.db")).close()
    assert (tmp_path / "a" / "b" / "new.db").exists()


# --- the documentation ----------------------------------------------------------------------------------------------------------


def test_the_documentation_of_the_schema_is_up_to_date() -> None:
    told = (ROOT / "docs" / "schema.md").read_text("utf-8")
    assert told == schema.document(), "run: python -m aiwatch.store.schema > docs/schema.md"


def test_every_column_of_every_view_and_table_is_told(disk: SqliteStore) -> None:
    told = schema.document()
    for name in [
        *public.VIEWS,
        *(sql.split("(")[0].split()[2] for sql in (*tables.TABLES, *tables.LATER, *tables.PUSHES) if "CREATE TABLE" in sql),
    ]:
        section = told.split(f"\n### {name}\n")[1].split("\n### ")[0]
        for row in disk._db.execute(f'PRAGMA table_xinfo("{name}")'):
            assert f"| `{row['name']}` | " in section, f"{name}.{row['name']}"


PROMISED = {
    "announcements": "id at name vendor modality stage title url source source_id tier lang quote published score told silent "
    "story_id item_id",
    "stories": "id name vendor modality stage stages first_seen last_seen members outlets",
    "mentions": "story_id story item_id stage role at source source_id tier lang title url",
    "documents": "id seen_at published source source_id tier lang title url guid summary revision announcement stage score "
    "threshold models evidence",
    "sources_health": "id name url kind tier vendor lang health last_success_at next_poll_at failing_since last_error polls items "
    "last_item_at",
    "deliveries": "id created_at digest recipient subject state attempts next_try_at sent_at last_answer edition_id announcements",
    "atom": "atom_id atom_title atom_updated atom_link atom_content",
}


@pytest.mark.parametrize("view", PROMISED)
def test_a_view_keeps_the_columns_that_were_promised(disk: SqliteStore, view: str) -> None:
    have = [row["name"] for row in disk._db.execute(f"PRAGMA table_info({view})")]
    assert set(PROMISED[view].split()) <= set(have), "people's queries rely on them: columns are added, never taken away"


# --- what the disk and other processes do ---------------------------------------------------------------------------------------


@contextmanager
def held(path: str) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_database_that_another_process_writes_to_is_told_and_used_again(disk: SqliteStore, path: str) -> None:
    disk._db.execute("PRAGMA busy_timeout = 20")
    job = claimed(disk)
    with held(path), pytest.raises(StoreError, match="another process has been writing"):
        disk.commit(sora_plan(job))
    disk.commit(sora_plan(job))
    assert len(disk.pending("daily", T0)) == 1


def test_a_full_disk_writes_nothing_and_the_next_commit_goes_on(disk: SqliteStore) -> None:
    job = claimed(disk)
    pages = disk._db.execute("PRAGMA page_count").fetchone()[0]
    disk._db.execute(f"PRAGMA max_page_count = {pages + 1}")
    large = plan(job, [item(key=str(n), title="x" * 5000) for n in range(50)])
    with pytest.raises(StoreError, match="the disk is full; nothing was written"):
        disk.commit(large)
    assert list(disk.archive()) == []
    disk._db.execute("PRAGMA max_page_count = 1000000")
    disk.commit(large)
    assert len(list(disk.archive())) == 50


def test_a_database_that_cannot_be_written_is_told(disk: SqliteStore, path: str) -> None:
    job = claimed(disk)
    disk._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match=f"{path}: the database cannot be written"):
        disk.commit(sora_plan(job))
    disk._db.execute("PRAGMA query_only = OFF")


@pytest.mark.parametrize("opened", [SqliteStore, Library])
def test_what_is_no_database_is_told_and_not_touched(tmp_path: Path, opened: type[SqliteStore | Library]) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes\n" * 200)
    with pytest.raises(StoreError, match="not an SQLite database"):
        opened(str(path))
    assert path.read_text().startswith("these are my notes")


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this is a folder"):
        SqliteStore(str(tmp_path))


def damage(path: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(Path(path).read_bytes())
    for at in range(4096 * 3, len(body), 4096):
        body[at : at + 64] = b"\xa5" * 64
    Path(path).write_bytes(body)


def use(path: str) -> None:
    with SqliteStore(path) as store:
        store.claim_due(T0 + DAY, 10, LEASE)
        list(store.archive())


def test_a_damaged_database_is_told_with_the_remedy(disk: SqliteStore, path: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    damage(path)
    assert maintenance.check(path) != []
    assert maintenance.check(path, quick=True, seconds=10) != []
    with pytest.raises(StoreError, match=r"aiwatch db check.*aiwatch db restore"):
        use(path)


# --- the daemon's lock ------------------------------------------------------------------------------------------------------------

HOLDER = """
import sys, time
from aiwatch.store.lock import DaemonLock
with DaemonLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_daemon(path: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            yield other
        finally:
            other.kill()


def test_a_second_daemon_is_refused_at_once_and_told_who_holds_it(disk: SqliteStore, path: str) -> None:
    with another_daemon(path) as other:
        started = time.monotonic()
        with pytest.raises(Busy, match=f"process {other.pid} is at work"), DaemonLock(path):
            pass
        assert time.monotonic() - started < 30  # the other one holds it for a minute
        assert DaemonLock.holder(path) == other.pid
        disk.commit(sora_plan(claimed(disk)))  # commands beside the daemon still write


def test_death_lets_go_and_the_next_one_looks_the_database_over(disk: SqliteStore, path: str) -> None:
    with another_daemon(path) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert DaemonLock.holder(path) is None
        with DaemonLock(path) as lock:
            assert lock.unclean
            assert DaemonLock.holder(path) == os.getpid()
    with DaemonLock(path) as lock:
        assert not lock.unclean, "the last one let go"


def test_after_a_kill_a_damaged_database_stops_the_start_until_it_is_mended(disk: SqliteStore, path: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    damage(path)
    Path(f"{path}.lock").write_text("1\n")
    for _ in range(2):  # the second start is no wiser
        with pytest.raises(StoreError, match="the last process was killed and the database is damaged"), DaemonLock(path):
            pass
    with DaemonLock(path, inspect=False) as lock:
        assert lock.unclean


def test_a_lock_that_cannot_be_made_says_what_a_database_that_cannot_be_written_says(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with (
        pytest.raises(StoreError, match="the database cannot be written: its lock cannot be made"),
        DaemonLock(str(tmp_path / "file" / "db")),
    ):
        pass


def test_memory_needs_no_lock() -> None:
    with DaemonLock(":memory:"), DaemonLock(":memory:"):
        assert DaemonLock.holder(":memory:") is None
    assert not Path(":memory:.lock").exists()


# --- backups ----------------------------------------------------------------------------------------------------------------------


def test_a_backup_is_whole_while_others_write(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    for n in range(20):
        disk.commit(plan(claimed(disk), [item(key=f"{n}-{i}", title="소라 " * 50) for i in range(20)]))
    written = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal written
        written += 1
        disk.heartbeat(T0, "tick")

    saved = str(tmp_path / "saved.db")
    assert maintenance.backup(path, saved, progress=progress, pages=10) == Path(saved).stat().st_size
    assert written == -(-Path(saved).stat().st_size // 40_960), "each step of ten pages once: a commit does not begin it anew"
    assert maintenance.check(saved) == []
    assert sorted(one.name for one in tmp_path.glob("saved.db*")) == ["saved.db"]
    with Library(saved) as library:
        assert library.stats().documents == 400


def test_a_backup_writes_over_nothing(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    saved = tmp_path / "letters.txt"
    saved.write_text("dear")
    with pytest.raises(StoreError, match="there is such a file already"):
        maintenance.backup(path, str(saved))
    assert saved.read_text() == "dear"
    assert disk.last_slot("daily") is None


def test_what_waits_for_its_page_is_found_without_looking_at_all_that_came(path: str) -> None:
    with SqliteStore(path) as store:
        store.sync_sources(SOURCES, T0)
        found = [item(key=str(n), title=f"Part {n}", notes=(Note.PAGE_OWED,) if n == 7 else ()) for n in range(50)]
        store.commit(plan(claimed(store), found))
        assert [one.key for one in store.owed(found[0].source_id, T0 - DAY)] == ["7"]
    with closing(connect(path)) as db:
        rows = db.execute(f"EXPLAIN QUERY PLAN SELECT * FROM item WHERE source_n = 1 AND n >= 1 AND {indexes.WAITING} ORDER BY n")
        assert ["USING INDEX item_owed" in row[3] for row in rows] == [True]


def test_a_backup_makes_no_directory_that_may_be_a_disk_not_mounted(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no directory"):
        maintenance.backup(path, str(tmp_path / "disk" / "saved.db"))
    assert not (tmp_path / "disk").exists()


def test_a_restored_database_goes_on_and_the_one_before_is_kept(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.db")
    maintenance.backup(path, saved)
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    aside = maintenance.restore(path, saved, T0)
    assert aside == f"{path}.replaced-20240215T180000"
    with SqliteStore(path) as store:
        assert list(store.archive()) == []
        store.commit(sora_plan(claimed(store)))
    with Library(aside) as library:
        assert library.stats().documents == 1


def test_a_second_restore_within_the_second_keeps_what_the_first_one_put_aside(path: str, tmp_path: Path) -> None:
    saved, kept = str(tmp_path / "saved.db"), list[str]()
    with SqliteStore(path) as store:
        store.register("daily", T0)
    maintenance.backup(path, saved)
    for digest in ("first", "second"):
        with SqliteStore(path) as store:
            store.register(digest, T0)
        kept.append(str(maintenance.restore(path, saved, T0)))
    found = []
    for aside in kept:
        with SqliteStore(aside) as store:
            found.append([store.last_slot(digest) for digest in ("first", "second")])
    assert found == [[T0, None], [None, T0]]


def test_a_restore_that_is_cut_off_leaves_the_database_and_nothing_beside_it(path: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.db")
    with SqliteStore(path) as store:
        store.register("daily", T0)
    maintenance.backup(path, saved)
    Path(f"{path}.partial-wal").write_bytes(b"of an earlier one that was killed")
    before = sorted(one.name for one in Path(path).parent.iterdir() if ".partial" not in one.name)

    def cut_off(copy: str) -> None:
        assert maintenance.check(copy) == []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        maintenance.restore(path, saved, T0, cut_off)
    assert sorted(one.name for one in Path(path).parent.iterdir()) == before


def test_who_reads_meanwhile_sees_the_restored_database_next(disk: SqliteStore, path: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.db")
    maintenance.backup(path, saved)
    disk.commit(sora_plan(claimed(disk)))
    disk.close()
    with Library(path) as library:
        assert library.stats().documents == 1
        maintenance.restore(path, saved, T0)
        assert library.stats().documents == 0


@pytest.mark.parametrize("bad", ["nothing", "damaged", "foreign", "newer"])
def test_a_bad_backup_is_refused_before_anything_is_touched(disk: SqliteStore, path: str, tmp_path: Path, bad: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    saved = str(tmp_path / "saved.db")
    if bad in {"damaged", "newer"}:
        maintenance.backup(path, saved)
    if bad == "damaged":
        damage(saved)
    if bad == "foreign":
        with closing(sqlite3.connect(saved)) as db:
            db.execute("CREATE TABLE x (y)")
    if bad == "newer":
        with closing(connect(saved)) as db:
            schema.migrate(db, saved, later())
    with pytest.raises(StoreError, match=r"saved\.db"):
        maintenance.restore(path, saved, T0)
    assert [one.key for one, _ in disk.archive()] == ["sora"]


def test_retention_leaves_what_matters(disk: SqliteStore, path: str) -> None:
    told, labelled, plain = (
        sora_plan(claimed(disk)),
        item(PRESS, "labelled", summary="kept"),
        item(PRESS, "plain", summary="gone"),
    )
    disk.commit(told)
    disk.commit(plan(claimed(disk, PRESS), [labelled, plain]))
    judge(disk, labelled.id, False, None, "", T0)
    made = edition()
    sent, waiting = replace(delivery(made), state="sent"), delivery(made, "you")  # type: ignore[arg-type]  # StrEnum
    disk.publish(made, [sent, waiting], [])
    done = maintenance.prune(path, T0 + DAY, T0 + 2 * DAY, vacuum=True)
    assert (done.items, done.polls, done.bodies) == (1, 2, 1)
    assert maintenance.prune(path, T0 + DAY, T0 + 2 * DAY) == maintenance.Pruned()
    assert {one.key for one, _ in disk.archive()} == {"sora", "labelled"}
    assert disk.detection(plain.id) is not None, "the verdict stays"
    [claimed_delivery] = disk.claim_deliveries(T0 + DAY, 10, LEASE)
    assert claimed_delivery.body == waiting.body, "what waits keeps its body"
    assert maintenance.check(path) == []
    assert disk.last_slot("daily") == T0 + HOUR


# --- two writers ------------------------------------------------------------------------------------------------------------------


def test_two_stores_on_one_file_never_both_commit_a_poll(disk: SqliteStore, path: str) -> None:
    with SqliteStore(path) as other:
        other.sync_sources(SOURCES, T0)
        here, there = claimed(disk), claimed(other)
        other.commit(sora_plan(there))
        with pytest.raises(Conflict):
            disk.commit(sora_plan(here))
        assert len(disk.pending("daily", T0)) == 1


def test_racing_senders_share_the_deliveries_and_the_editions(disk: SqliteStore, path: str) -> None:
    disk.commit(sora_plan(claimed(disk)))
    [told] = disk.pending("daily", T0)
    won, sent, problems = list[bool](), list[str](), list[BaseException]()

    def race() -> None:
        try:
            with SqliteStore(path) as store:
                for slot in range(12):
                    made = edition(until=T0 + HOUR * slot)
                    claims = [told.id] if slot == 0 else []
                    won.append(store.publish(made, [delivery(made, str(n)) for n in range(5)], claims))
                    sent.extend(one.id for one in store.claim_deliveries(T0 + DAY, 3, LEASE))
        except BaseException as error:
            problems.append(error)

    threads = [Thread(target=race) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent.extend(one.id for one in disk.claim_deliveries(T0 + DAY, 100, LEASE))
    assert problems == []
    assert won.count(True) == 12, "each slot once"
    assert len(sent) == len(set(sent)) == 60, "each delivery to one sender"


def test_names_that_an_older_version_met_are_heard_from_the_upgrade_on(tmp_path: Path) -> None:
    with SqliteStore(unpacked(FIXTURES / "0003_push.db.gz", tmp_path)) as store:
        assert [(name.name, name.vendor) for name in store.heard()] == [("Zeta 1", "Acme")]


@pytest.mark.parametrize("fixture", ["0001_first", "0010_lost"])
def test_an_item_that_an_older_version_counted_for_a_name_is_not_counted_again(fixture: str, tmp_path: Path) -> None:
    path = unpacked(FIXTURES / f"{fixture}.db.gz", tmp_path)
    with SqliteStore(path) as store, Library(path) as library:
        (name,) = library.names()
        told = store.detection(name.first_item_id)
        assert told is not None
        models = tuple(replace(one, spelled=one.name) for one in told.models)
        for judged in (replace(told, models=(), announcement=False), replace(told, models=models)):
            store.mend(Saying(detections=(judged,)), (), lambda _: Mend(), T0 + DAY)
        assert [(one.spelled, one.seen) for one in library.names()] == [("Zeta 1", 1)]


@pytest.mark.parametrize("fixture", ["0001_first", "0006_told"])
def test_judgements_of_an_older_version_and_a_person_s_view_of_them_outlive_the_upgrade(fixture: str, tmp_path: Path) -> None:
    path = unpacked(FIXTURES / f"{fixture}.db.gz", tmp_path)
    with closing(sqlite3.connect(path)) as db:
        before = db.execute("SELECT * FROM label").fetchall()
        db.execute("CREATE VIEW mine AS SELECT item_id, note FROM label")
        db.commit()
    with SqliteStore(path) as store:
        assert len(store.labels()) == len(before) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT * FROM label").fetchall() == before
        assert db.execute("SELECT note FROM mine").fetchall() == [("clear",)]
    assert maintenance.check(path) == []
