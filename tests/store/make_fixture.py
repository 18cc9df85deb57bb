"""Make ``fixtures/<schema>.db.gz``, a database of the present schema with something of everything in it.

    python tests/store/make_fixture.py

Run it once when a schema is released, and never again for that schema: the file shows what people have on their disks.
"""

from __future__ import annotations

import gzip
import sqlite3
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from store_samples import (
    DAY,
    HOUR,
    LEASE,
    PRESS,
    SORA,
    SOURCES,
    T0,
    claimed,
    delivery,
    detection,
    edition,
    item,
    judge,
    plan,
    sora_plan,
)

from aiwatch.feedback import Mend, SameName, Saying
from aiwatch.model import DeliveryState, LostPart, Model, Notice, Part, Receipt, Stage, Verdict
from aiwatch.store import schema
from aiwatch.store.sqlite import SqliteStore

FIXTURES = Path(__file__).parent / "fixtures"


def fill(store: SqliteStore) -> None:
    """Write one of each: story, edit, near miss, unknown name, delivery, notice, label, mute."""
    store.sync_sources(SOURCES, T0)
    store.register("daily", T0)
    told = sora_plan(claimed(store))
    store.commit(told)
    unknown = Model(name="Zeta 1", vendor="Acme", family="zeta", version="1", spelled="Zeta 1")
    one, two = (
        item(PRESS, "k", title="소라를 공개했다", seen_at=T0 + HOUR),
        item(PRESS, "n", title="Zeta 1 활용법", seen_at=T0 + HOUR),
    )
    near = detection(two, unknown, announcement=False, stage=Stage.NONE, score=4.0)
    down = Notice(condition="source-down:board", open=True, at=T0 + HOUR, text="down")
    said = (detection(one, SORA, unknown), near)
    store.commit(plan(claimed(store, PRESS), [one, two], T0 + HOUR, detections=said, notices=(down,)))
    edited = plan(claimed(store), [replace(told.items[0], title="Sora is here", revision=2, seen_at=T0 + DAY)], T0 + DAY)
    part = Part(url="https://openai.example/news.xml", stated="2024-02-15", read_at=T0, etag='"1"', body_hash="x", items=2)
    lost = LostPart(url="https://openai.example/jobs.xml", since=T0 + 3 * DAY, reason="HTTP 404")
    store.commit(replace(edited, state=replace(edited.state, parts=(part, Part(url=lost.url)), lost=(lost,))))
    made = edition()
    sent = delivery(made)
    store.publish(made, [sent, delivery(made, "you")], [told.folded.announcements[0].id])
    store.claim_deliveries(T0 + DAY, 1, LEASE)
    store.settle(sent.id, Receipt(verdict=Verdict.SENT, answer="250 ok"), DeliveryState.SENT, T0 + DAY, None)
    judge(store, one.id, True, Stage.ANNOUNCED, "clear", T0)
    meant = SameName(name_key="zeta||", spelled="Zeta", vendor=None, model=unknown, at=T0)
    store.mend(Saying(same=(meant,)), (), lambda _: Mend(), T0)
    store.mute("you", "daily", "unsubscribed", T0)
    store.heartbeat(T0, "tick")
    store.secret("unsubscribe")
    store.granted(PRESS.id, T0, T0 + DAY)
    store.push(PRESS.id, b"<rss/>", T0)


def main() -> None:
    """Write the file, unless it is there."""
    goal = FIXTURES / f"{schema.names()[-1]}.db.gz"
    if goal.exists():
        sys.exit(f"{goal.name} is there already; it shows what people have, and does not change")
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "fixture.db")
        with SqliteStore(path) as store:
            fill(store)
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        goal.parent.mkdir(exist_ok=True)
        goal.write_bytes(gzip.compress(Path(path).read_bytes(), 9, mtime=0))
    print(f"{goal.name}: {goal.stat().st_size} bytes")


if __name__ == "__main__":
    main()
