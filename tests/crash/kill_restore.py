"""Kill ``aiwatch db restore`` at moments all over it: there is a whole database at every one of them, and no word of a person is lost.

It is the old one, or the one of the backup with what was told and what people said since; never that without it.

python tests/crash/kill_restore.py [--kills 300] [--seed 1]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiwatch import mending
from aiwatch.cli import cli
from aiwatch.feedback import Mend, SameName, Saying
from aiwatch.model import Edition, Item, Model, Poll, PollPlan, Source, ident
from aiwatch.store import maintenance
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import Label

NOW = datetime(2024, 2, 13, tzinfo=UTC)
SOURCE = Source(id="s", url="https://s.example/feed")
OLD, NEW = 300, 100  # items of the database, and of the backup that takes its place
JUDGED = (5, 250)  # one that both have, one that is found again
SAID = SameName(name_key="zeta||", spelled="Zeta", vendor=None, model=Model(name="Zeta 1", family="zeta", version="1"), at=NOW)


def fill(path: str, items: int, *, judged: bool) -> None:
    """A database of so many items, with what people said of some."""
    with SqliteStore(path) as store:
        store.sync_sources([SOURCE], NOW)
        [job] = store.claim_due(NOW, 1, timedelta(minutes=5))
        found = tuple(
            Item(id=ident(n), source_id="s", key=str(n), url=None, title="x" * 500, published=NOW, seen_at=NOW)
            for n in range(items)
        )
        store.commit(PollPlan(state=job.state, poll=Poll(source_id="s", at=NOW, outcome="fetched"), items=found))
        if judged:
            labels = tuple(Label(item_id=ident(n), announcement=False, stage=None, note="no", at=NOW) for n in JUDGED)
            store.mend(Saying(labels=labels, same=(SAID,)), (), lambda _: Mend(), NOW)
            store.mute("you", "daily", "unsubscribed", NOW)
            store.publish(Edition(id="e", digest_id="d", title="Daily", since=NOW, until=NOW), [], [])


def restore(folder: Path) -> None:
    """What a person does."""
    words = [
        "-c",
        str(folder / "aiwatch.toml"),
        "--db",
        str(folder / "life.db"),
        "db",
        "restore",
        str(folder / "saved.db"),
        "--yes",
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        cli.main(args=words, standalone_mode=False)


def one(folder: Path, wait: float) -> str:
    """Kill a restore so many seconds after its beginning; whose database there is then, or what is wrong."""
    path = str(folder / "life.db")
    for part in folder.glob("life.db*"):
        part.unlink()
    shutil.copyfile(folder / "present.db", path)
    with SqliteStore(path) as store:  # so that there is a WAL when the child comes
        store.heartbeat(NOW, "tick")
        child = os.fork()
        if child == 0:
            restore(folder)
            os._exit(0)
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not Path(path).exists() or maintenance.check(path):
        return f"{maintenance.check(path) if Path(path).exists() else 'there is no database'}"
    with SqliteStore(path) as store:
        if store.last_slot("d") != NOW:
            return "what was told is forgotten"
        count, labels, same = len(list(store.archive())), {one.item_id for one in store.labels()}, store.words(()).same
    if labels != {ident(n) for n in JUDGED} or list(same) != [SAID.name_key]:
        return f"{count} items, and of what people said {len(labels)} judgements and {len(same)} names"
    with Library(path) as library:
        if library.muted() != {("you", "daily"): "unsubscribed"}:
            return f"{count} items, and who unsubscribed is written to again"
    return {OLD: "old", NEW: "restored"}.get(count, f"{count} items")


def main() -> int:
    """Kill, look, print; 1 at the first violation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, seen = random.Random(given.seed), {"old": 0, "restored": 0}
    assert mending  # the child must not lose its time loading it
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "aiwatch.toml").write_text("", "utf-8")
        (folder / "sources.toml").write_text('[[source]]\nid = "s"\nurl = "https://s.example/feed"\n', "utf-8")
        fill(str(folder / "present.db"), OLD, judged=True)
        fill(str(folder / "saved.db"), NEW, judged=False)
        for _ in range(2):  # the first loads what it needs, which a child has at once: most kills would come when all is done
            shutil.copyfile(folder / "present.db", folder / "life.db")
            began = time.monotonic()
            restore(folder)
            whole = time.monotonic() - began
        for number in range(given.kills):
            found = one(folder, (number + rng.random()) / given.kills * whole * 3)  # none far from another: all of it is tried
            if found not in seen:
                print(f"kill {number}: {found}")
                return 1
            seen[found] += 1
    print(
        f"{given.kills} kills, {seen['old']} times the old one, {seen['restored']} times the backup: 0 without a database, 0 unsound, "
        "0 without what people said"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
