"""Kill a restore at random moments: there is a whole database at its place at every one of them, the old one or the backup's.

Either knows what was told: the backup's is told it before it takes the place.

python tests/crash/kill_restore.py [--kills 300] [--seed 1]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiwatch.model import Edition, Item, Poll, PollPlan, Source, ident
from aiwatch.store import care, carry
from aiwatch.store.sqlite import SqliteStore

NOW = datetime(2024, 2, 13, tzinfo=UTC)
SOURCE = Source(id="s", url="https://s.example/feed")


def fill(path: str, items: int) -> None:
    """A database of so many items."""
    with SqliteStore(path) as store:
        store.sync_sources([SOURCE], NOW)
        [job] = store.claim_due(NOW, 1, timedelta(minutes=5))
        found = tuple(Item(id=ident(n), source_id="s", key=str(n), url=None, title="x" * 500, seen_at=NOW) for n in range(items))
        store.commit(PollPlan(state=job.state, poll=Poll(source_id="s", at=NOW, outcome="fetched"), items=found))


def main() -> int:
    """Kill, look, print; 1 at the first violation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, seen = random.Random(given.seed), {"old": 0, "restored": 0}
    with tempfile.TemporaryDirectory() as directory:
        present, saved, path = (str(Path(directory) / name) for name in ("present.db", "saved.db", "life.db"))
        fill(present, 300)
        with SqliteStore(present) as store:
            store.publish(Edition(id="e", digest_id="d", title="Daily", since=NOW, until=NOW), [], [])
        fill(saved, 100)
        for number in range(given.kills):
            for part in Path(directory).glob("life.db*"):
                part.unlink()
            shutil.copyfile(present, path)
            with SqliteStore(path) as store:  # so that there is a WAL when the child comes
                store.heartbeat(NOW, "tick")
                child = os.fork()
                if child == 0:
                    care.restore(path, saved, NOW, lambda copy: carry.over(copy, path))
                    os._exit(0)
                time.sleep(rng.random() * 0.06)
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            if not Path(path).exists() or care.check(path):
                print(f"kill {number}: {care.check(path) if Path(path).exists() else 'there is no database'}")
                return 1
            with SqliteStore(path) as store:
                count, told = len(list(store.archive())), store.last_slot("d")
            if count not in (300, 100):
                print(f"kill {number}: {count} items")
                return 1
            if told != NOW:
                print(f"kill {number}: what was told is forgotten")
                return 1
            seen["old" if count == 300 else "restored"] += 1
    print(
        f"{given.kills} kills, {seen['old']} times the old one, {seen['restored']} times the backup: 0 without a database, 0 unsound"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
