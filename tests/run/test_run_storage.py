"""The daemon and its disk: full, locked, read-only, damaged, of a newer version; and a second daemon. Nothing is lost or repeated."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from run_newsroom import PATIENCE, Daemon, Newsroom, ask, command, until

from aiwatch import app
from aiwatch.cli import doctor
from aiwatch.cli.finding import Finding
from aiwatch.store import maintenance
from aiwatch.store.sqlite import SqliteStore


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as made:
        yield made


def found(config: Path) -> list[Finding]:
    return [one for one in doctor.examine(str(config), None, network=False) if one.verdict == "fail"]


def test_a_full_disk_is_said_and_waited_out_and_nothing_is_lost(room: Newsroom, tmp_path: Path) -> None:
    config = room.configure(tmp_path)
    room.announce("GPT-101")
    with Daemon(config) as daemon:
        until(lambda: room.told("GPT-101"), "the first model is told")
        before = resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        room.announce("GPT-102")
        until(lambda: daemon.says("nothing was written", "error"), "the log says that nothing could be written")
        assert daemon.process.poll() is None
        assert room.told("GPT-102") == 0
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, before)
        until(lambda: room.told("GPT-102"), "what came meanwhile is told")
        daemon.stop()
    assert [name for _, name in room.heard] == ["GPT-101", "GPT-102"]
    assert maintenance.check(str(tmp_path / "a.db")) == []


def test_another_writer_is_waited_for_a_second_daemon_is_refused_and_a_stop_is_quick(room: Newsroom, tmp_path: Path) -> None:
    config = room.configure(tmp_path)
    room.announce("GPT-101")
    with Daemon(config) as daemon:
        until(lambda: room.told("GPT-101"), "the first model is told")
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            room.announce("GPT-102")
            time.sleep(1.5)  # the lock is the thing tried
            assert room.told("GPT-102") == 0
            other.execute("ROLLBACK")
        until(lambda: room.told("GPT-102"), "what came while the database was locked is told")

        second = subprocess.run(command(config, "run"), capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert second.returncode == 1
        assert f"process {daemon.process.pid} is at work on this database" in second.stderr

        assert daemon.stop() < 10
        assert not daemon.says("Traceback")
        assert not [line for line in daemon.log if "trace" in line]
        assert {line.keys() >= {"at", "level", "where", "text"} for line in daemon.log} == {True}
    assert [name for _, name in room.heard] == ["GPT-101", "GPT-102"]


def flip(path: Path, start: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        old = file.read(count)
        file.seek(start)
        file.write(bytes(byte ^ 0xFF for byte in old))


def made(folder: Path) -> Path:
    path = folder / "a.db"
    SqliteStore(str(path)).close()
    return path


def test_a_damaged_database_ends_the_start_with_the_remedy_and_doctor_says_so(room: Newsroom, tmp_path: Path) -> None:
    config, path = room.configure(tmp_path), made(tmp_path)
    flip(path, 100)
    before = path.read_bytes()
    ran = ask(config, "run")
    assert ran.returncode == 1
    assert "the database is damaged" in ran.stderr
    assert "aiwatch db restore" in ran.stderr
    assert path.read_bytes() == before
    (finding,) = found(config)
    assert (finding.what, "damaged" in finding.found) == ("database", True)


def test_damage_that_a_start_does_not_meet_is_found_by_doctor(room: Newsroom, tmp_path: Path) -> None:
    config, path = room.configure(tmp_path), made(tmp_path)
    pages = path.stat().st_size // 4096
    flip(path, (pages - 2) * 4096)
    (finding,) = found(config)
    assert finding.what == "database"
    assert "aiwatch db restore" in finding.found


def test_a_newer_database_ends_the_start_and_is_left_as_it_is(room: Newsroom, tmp_path: Path) -> None:
    config, path = room.configure(tmp_path), made(tmp_path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aiwatch', '9999_later', '2030-01-01')"
        )
    before = path.read_bytes()
    ran = ask(config, "run")
    assert ran.returncode == 1
    assert "written by a newer aiwatch (it has 9999_later); it was left as it is" in ran.stderr
    assert path.read_bytes() == before
    (finding,) = found(config)
    assert "newer aiwatch" in finding.found


@pytest.mark.parametrize("what", ["file", "directory"])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="gives up root's rights in Linux's way")
def test_what_cannot_be_written_ends_the_start_and_doctor_names_it(room: Newsroom, tmp_path: Path, what: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    config, path = room.configure(tmp_path), made(folder)
    config.write_text(config.read_text().replace('"a.db"', '"data/a.db"'))
    target = path if what == "file" else folder
    target.chmod(0o444 if what == "file" else 0o555)
    try:
        ran, examined = ask(config, "run"), ask(config, "doctor", "--json")
    finally:
        target.chmod(0o755)
    assert ran.returncode == 1
    assert "permissions" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert examined.returncode == 1
    assert f"{target} cannot be written" in examined.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="gives up root's rights in Linux's way")
def test_who_only_looks_needs_no_right_to_write(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    config, path = room.configure(tmp_path), made(folder)
    config.write_text(config.read_text().replace('"a.db"', '"data/a.db"'))
    before = path.read_bytes()
    folder.chmod(0o555)
    looks = ("list", "sql SELECT(1)", "digest preview now", "digest send now --dry-run", "digest next", "replay")
    try:
        said = {words: ask(config, *words.split()).stderr for words in looks}
    finally:
        folder.chmod(0o755)
    assert {words: text for words, text in said.items() if "aiwatch:" in text} == {}
    assert path.read_bytes() == before
    assert [one.name for one in folder.iterdir()] == ["a.db"]


def test_a_clock_that_went_back_is_found_by_doctor(room: Newsroom, tmp_path: Path) -> None:
    config, path = room.configure(tmp_path), made(tmp_path)
    with SqliteStore(str(path)) as store:
        store.heartbeat(app.now() + timedelta(days=2), "tick")
    (finding,) = found(config)
    assert (finding.what, "set the clock" in finding.advice) == ("clock", True)


def test_a_source_whose_certificate_is_not_checked_is_named_by_doctor(room: Newsroom, tmp_path: Path) -> None:
    config = room.configure(tmp_path)
    listed = tmp_path / "sources.toml"
    listed.write_text(listed.read_text() + "tls_verify = false\n")
    named = [one.found for one in doctor.examine(str(config), None, network=False) if one.what == "certificate"]
    assert named == ["that of lab is not checked"]
