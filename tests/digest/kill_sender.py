"""A sender that is killed with SIGKILL before its nth statement, for every nth asked for; then one that is not.

    python kill_sender.py TEMPLATE.db SMTP_PORT HTTP_PORT FIRST STEP

For each n the template database, with its deliveries ready, is copied; a forked process sends from the copy until it dies, and another one
finishes an hour later. Addresses carry n, so that receivers can tell the runs apart. Prints one JSON line: how many statements there are,
at which n a process was killed, and what the databases say at the end.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from aiwatch import deliver
from aiwatch.notify import Sender
from aiwatch.settings import Channel, Config, Http, Recipient, Secret, Smtp
from aiwatch.store.sqlite import SqliteStore

NOW = datetime(2024, 2, 12, 0, 0, tzinfo=UTC)
TRACED = (
    "aiwatch/deliver.py",
    "aiwatch/notify/",
    "aiwatch/store/sqlite.py",
    "aiwatch/store/_outbox.py",
    "aiwatch/store/connection.py",
)


def config_for(n: int, http: int) -> Config:
    people = (
        Recipient(id="me", channel=Channel.EMAIL, address=Secret(f"me+{n}@example.com")),
        Recipient(id="hook", channel=Channel.WEBHOOK, address=Secret(f"http://127.0.0.1:{http}/{n}"), allow_private=True),
    )
    return Config(database="", recipients=people)


def send_all(database: str, config: Config, smtp: int, now: datetime) -> None:
    async def main() -> None:
        mail = Smtp(host="127.0.0.1", port=smtp, security="none", sender="watch@example.org", timeout=60)
        with SqliteStore(database) as store:
            async with Sender(mail, Http()) as send:
                await deliver.flush(deliver.Courier(store=store, send=send, config=config, clock=lambda: now, jitter=lambda: 0.5))

    asyncio.run(main())


class Killer:
    """Counts the statements of the sender and ends the process before the nth."""

    def __init__(self, n: int | None) -> None:
        self.n, self.count = n, 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        if not any(part in frame.f_code.co_filename for part in TRACED):
            return None
        if event == "line":
            self.count += 1
            if self.count == self.n:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def forked(database: str, config: Config, smtp: int, now: datetime, kill_at: int | None) -> tuple[bool, int]:
    """(killed, statements run) of a process that sends from ``database``."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        killer = Killer(kill_at)
        sys.settrace(killer)
        send_all(database, config, smtp, now)
        sys.settrace(None)
        os.write(write, str(killer.count).encode())
        os._exit(0)
    os.close(write)
    _, status = os.waitpid(child, 0)
    said = os.read(read, 100)
    os.close(read)
    return os.WIFSIGNALED(status), int(said or 0)


def main() -> None:
    template, smtp, http, first, step = sys.argv[1], *map(int, sys.argv[2:])
    killed: list[int] = []
    states, n = Counter[str](), first
    while True:
        database = f"{template}.{n}"
        shutil.copy(template, database)
        config = config_for(n, http)
        was_killed, count = forked(database, config, smtp, NOW, n)
        forked(database, config, smtp, NOW + timedelta(hours=1), None)
        with SqliteStore(database) as store:
            left = len(store.claim_deliveries(NOW + timedelta(days=30), 100, timedelta(1)))
        states[f"{left} left"] += 1
        for path in Path(template).parent.glob(f"{Path(database).name}*"):
            path.unlink()
        if not was_killed:
            print(json.dumps({"statements": count, "killed": killed, "states": states, "unharmed": n}))
            return
        killed.append(n)
        n += step


if __name__ == "__main__":
    main()
