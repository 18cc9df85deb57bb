"""Kill a writer at random moments, cut its WAL at random places, and look whether anything half-done is left.

    python tests/crash/kill_store.py [--kills 2000] [--cuts 1000] [--births 200] [--seed 1]

A child process polls, publishes and delivers by a script whose every step is known; SIGKILL comes after a time drawn log-uniformly between
5 ms and 500 ms. After each kill the database must be sound and hold a prefix of the script: whole polls, whole editions. Births kill
the very first start, while the schema is made. A cut WAL stands for a power failure: what is left must be such a prefix too.
Prints one line of figures; exits 1 at the first violation, and says which.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiwatch.model import (
    Announcement,
    Delivery,
    DeliveryState,
    Detection,
    Edition,
    Folded,
    Item,
    Mention,
    Modality,
    Model,
    Poll,
    PollPlan,
    Receipt,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
    Verdict,
    ident,
)
from aiwatch.store.sqlite import SqliteStore

SOURCES = tuple(Source(id=f"s{n}", url=f"https://s{n}.example/feed", tier=Tier.PRESS) for n in range(3))
BEGIN = datetime(2024, 2, 13, tzinfo=UTC)
STEP, LEASE = timedelta(minutes=1), timedelta(minutes=5)
ITEMS = 4  # a poll brings
SHORTEST, LONGEST = 0.005, 0.5  # seconds to live


def work(path: str) -> None:
    """Go on with the script from wherever the database stands, until killed."""
    with SqliteStore(path) as store:
        store.sync_sources(SOURCES, BEGIN)
        number = store._db.execute("SELECT count(*) FROM poll").fetchone()[0]
        if number:
            tell(store, number - 1)  # what the last life may have left untold
        while True:
            poll(store, number)
            tell(store, number)
            number += 1


def poll(store: SqliteStore, number: int) -> None:
    """One poll: four items, one of which tells of model ``number``; every third poll also edits an item of the one before."""
    at, source = BEGIN + STEP * number, SOURCES[number % 3]
    [job] = store.claim_due(at, 1, LEASE, only=[source.id])
    items = [
        _item(source, f"{number}.{n}", f"Introducing model {number}, 모델 {number}" if n == 0 else "noise", at)
        for n in range(ITEMS)
    ]
    if number >= 3 and number % 3 == 0:
        old = f"{number - 3}.1"
        items.append(_item(source, old, f"noise, edited at {number}", at, revision=2))
    model = Model(name=f"Model {number}", family=f"m{number}", modality=Modality.TEXT)
    step = StoryStage(stage=Stage.RELEASED, first_seen=at, item_id=items[0].id, source_id=source.id, told=True)
    story = Story(
        id=ident("story", number),
        name=model.name,
        models=(model,),
        keys=(model.key,),
        stages=(step,),
        first_seen=at,
        last_seen=at,
    )
    told = Announcement(
        id=ident(story.id, Stage.RELEASED),
        story_id=story.id,
        stage=Stage.RELEASED,
        name=model.name,
        models=(model,),
        vendor=None,
        modality=Modality.TEXT,
        at=at,
        item_id=items[0].id,
        source_id=source.id,
        tier=source.tier,
        title=items[0].title,
        url=None,
    )
    mention = Mention(story_id=story.id, item_id=items[0].id, source_id=source.id, stage=Stage.RELEASED, at=at, role="first")
    store.commit(
        PollPlan(
            state=job.state,
            poll=Poll(source_id=source.id, at=at, outcome="fetched", items=ITEMS, fresh=ITEMS),
            items=tuple(items),
            detections=tuple(Detection(item_id=item.id, announcement=False, stage=Stage.NONE) for item in items),
            folded=Folded(stories=(story,), mentions=(mention,), announcements=(told,)),
            outbox=(("d", told.id),),
        )
    )


def _item(source: Source, key: str, title: str, at: datetime, revision: int = 1) -> Item:
    return Item(id=ident(key), source_id=source.id, key=key, url=None, title=title, seen_at=at, revision=revision, aliases=(key,))


def tell(store: SqliteStore, number: int) -> None:
    """One edition of what waits, to two recipients; and one delivery tried."""
    at = BEGIN + STEP * number
    waiting = store.pending("d", at)
    edition = Edition(id=ident("edition", at), digest_id="d", title="d", since=at, until=at)
    deliveries = [
        Delivery(
            id=ident(edition.id, who), edition_id=edition.id, digest_id="d", recipient_id=who, subject="s", body={}, created_at=at
        )
        for who in ("a", "b")
    ]
    store.publish(edition, deliveries, [one.id for one in waiting])
    for sent in store.claim_deliveries(at, 1, LEASE):
        store.settle(sent.id, Receipt(verdict=Verdict.SENT, answer="ok"), DeliveryState.SENT, at, None)


# --- what must hold -----------------------------------------------------------------------------------------------------------


def violations(path: str) -> list[str]:
    """Return what is wrong, in words. Opening the store is part of the proof: that is what the next start does."""
    with SqliteStore(path) as store:
        db = store._db
        found = [str(tuple(row)) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"dangling: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
        db.execute("INSERT INTO item_fts (item_fts) VALUES ('integrity-check')")
        polls = db.execute("SELECT count(*) FROM poll").fetchone()[0]
        edits = max(0, (polls - 1) // 3)
        expected = {
            "SELECT count(*) FROM item": polls * ITEMS,
            "SELECT coalesce(sum(items), 0) FROM day": polls * ITEMS,
            "SELECT coalesce(sum(items), 0) FROM source": polls * ITEMS,
            "SELECT count(*) FROM detection": polls * ITEMS + edits,
            "SELECT count(*) FROM item_revision": edits,
            "SELECT count(*) FROM announcement": polls,
            "SELECT count(*) FROM story_stage": polls,
            "SELECT count(*) FROM mention": polls,
            "SELECT count(*) FROM outbox": polls,
            "SELECT coalesce(sum(revision), 0) FROM source": polls,
            "SELECT count(*) FROM delivery": 2 * db.execute("SELECT count(*) FROM edition").fetchone()[0],
            "SELECT coalesce(sum(entries), 0) FROM edition": _count(
                db, "SELECT count(*) FROM outbox WHERE edition_id IS NOT NULL"
            ),
            "SELECT count(*) FROM attempt": _count(db, "SELECT count(*) FROM delivery WHERE state = 'sent'"),
        }
        found += [
            f"{sql}: {_count(db, sql)}, not {count} after {polls} polls"
            for sql, count in expected.items()
            if _count(db, sql) != count
        ]
        waiting = len(store.pending("d", BEGIN + STEP * (polls + 1)))
        if waiting > 1:
            found.append(f"{waiting} announcements wait; the script never leaves more than one")
    return found


def _count(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


# --- the killing --------------------------------------------------------------------------------------------------------------


def kill_once(path: str, life: float) -> None:
    """Let a child work for ``life`` seconds."""
    child = os.fork()
    if child == 0:
        try:
            work(path)
        finally:
            os._exit(1)
    time.sleep(life)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child ended by itself: the script broke")


def lifetime(rng: random.Random) -> float:
    """Return a time drawn log-uniformly."""
    return float(SHORTEST * (LONGEST / SHORTEST) ** rng.random())


HEADER, FRAME = 32, 24 + 4096  # of a WAL, in bytes


def written(path: str) -> bool:
    """Whether a child got as far as a WAL and its index."""
    return all(Path(f"{path}-{part}").exists() and Path(f"{path}-{part}").stat().st_size >= HEADER for part in ("wal", "shm"))


def checkpointed(path: str) -> int:
    """How many frames of the WAL a checkpoint has begun to copy: nBackfillAttempted (sqlite.org/walformat.html, 2.2)."""
    index = Path(f"{path}-shm").read_bytes()
    return int.from_bytes(index[128:132], sys.byteorder)


def cut(path: str, scratch: Path, rng: random.Random) -> list[str]:
    """Copy the database, cut its WAL at a random byte (or the edge of a frame), and look at what is left.

    What a checkpoint had begun to copy is not cut: those frames were on the disk before, and no crash takes them from there.
    """
    wal = Path(f"{path}-wal").read_bytes()
    edge = HEADER + FRAME * rng.randrange(0, max(1, len(wal) // FRAME))
    at = edge if rng.random() < 0.3 else rng.randrange(len(wal) + 1)
    at = max(at, HEADER + FRAME * checkpointed(path))
    copy = scratch / "cut.db"
    shutil.copyfile(path, copy)
    Path(f"{copy}-wal").write_bytes(wal[:at])
    found = violations(str(copy))
    for part in scratch.glob("cut.db*"):
        part.unlink()
    return found


def main() -> int:
    """Kill, cut, and print; 1 at the first violation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--births", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        for number in range(given.births):
            path = str(scratch / f"birth{number}.db")
            kill_once(path, rng.random() * 0.03)
            if found := violations(path):
                return _told(f"birth {number}", found)
        path = str(scratch / "life.db")
        for number in range(given.kills):
            kill_once(path, lifetime(rng))
            if found := violations(path):
                return _told(f"kill {number}", found)
        for number in range(given.cuts):
            if number % 50 == 0:
                kill_once(path, LONGEST)
            while not written(path):  # a busy machine gives the child no time to begin
                kill_once(path, LONGEST)
            if found := cut(path, scratch, rng):
                return _told(f"cut {number}", found)
        with SqliteStore(path) as store:
            polls = _count(store._db, "SELECT count(*) FROM poll")
    print(f"{given.births} births, {given.kills} kills, {given.cuts} cuts, {polls} polls: 0 unsound, 0 lost, 0 half-done")
    return 0


def _told(when: str, found: list[str]) -> int:
    print(f"{when}: {'; '.join(found[:5])}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
