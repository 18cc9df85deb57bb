"""SIGKILL between any two statements of the sender repeats at most the send in flight, under the same ids, and loses nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import kill_sender
from delivery_samples import config_of, find, http_receiver, smtp_receiver
from digest_samples import subscription, week

from aiwatch import publish
from aiwatch.store.sqlite import SqliteStore

# Every statement when asked (about ten minutes): AIWATCH_KILL_STEP=1 python -m pytest tests/digest/test_deliver_kill.py -s
STEP = int(os.environ.get("AIWATCH_KILL_STEP", "131"))


def template(path: Path) -> Path:
    """A database with two mails and two webhooks ready to go."""
    database = path / "ready.db"
    alerts = subscription(id="alerts", schedule="immediate", recipients=("me", "hook"))
    config = replace(kill_sender.config_for(0, 1), subscriptions=(alerts,))
    with SqliteStore(str(database)) as store:
        for told in week()[:2]:
            find(store, told, kill_sender.NOW, "alerts")
        assert publish.compose_due(store, config_of((alerts,), config.recipients), kill_sender.NOW) == 2
    return database


def test_a_kill_repeats_at_most_the_send_in_flight(tmp_path: Path) -> None:
    database = template(tmp_path)

    async def main() -> None:
        async with smtp_receiver() as mail, http_receiver() as http:
            command = [sys.executable, kill_sender.__file__, str(database), str(mail.port), str(http.port), "1", str(STEP)]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
            out, _ = await process.communicate()
            assert process.returncode == 0
            told = json.loads(out)
            repeats = 0
            for n in (*told["killed"], told["unharmed"]):
                mails = Counter(one["Message-ID"] for one in mail.mails(f"me+{n}@example.com"))
                posts = Counter(head["idempotency-key"] for head, _ in http.accepted(f"/{n}"))
                assert len(mails) == len(posts) == 2, f"something was lost: killed before statement {n}"
                assert sum(mails.values()) <= 3, f"more than the mail in flight was repeated: statement {n}"
                assert sum(posts.values()) <= 3, f"more than the post in flight was repeated: statement {n}"
                repeats += sum(mails.values()) + sum(posts.values()) - 4
                for one in mails:
                    same = {raw for to, message, raw in mail.kept if to == f"me+{n}@example.com" and message["Message-ID"] == one}
                    assert len(same) == 1, "a repeat is not the same bytes"
            assert told["states"] == {"0 left": len(told["killed"]) + 1}
            print(f"{told['statements']} statements, {len(told['killed'])} kills, 0 lost, {repeats} repeated under the same id")

    asyncio.run(main())
