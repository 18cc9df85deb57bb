"""What is looked after besides polling, by the daemon and by passes: the disk, what waits for nobody, the canary. Troubles are notices."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from aiwatch.app import Service
from aiwatch.model import Notice
from aiwatch.poll import on_db
from aiwatch.run import canary
from aiwatch.settings import Config

log = logging.getLogger(__name__)

LOW_DISK = 500 * 1024 * 1024  # bytes
CANARY_EVERY = timedelta(days=1)


async def watch_disk(service: Service) -> None:
    """A notice while there is little room for the database, and one when there is room again."""
    database, poller = service.config.database, service.poller
    if database == ":memory:":
        return
    notice = disk_notice(database, shutil.disk_usage(Path(database).parent).free, poller.clock())
    await on_db(poller, poller.store.note, [notice])


def disk_notice(database: str, free: int, now: datetime) -> Notice:
    """What is to be said of that much room; closing a notice that is not open says nothing."""
    text = f"{free // 2**20} MiB left on the disk of {database}; make room, or `aiwatch db prune`"
    return Notice(condition="disk-low", open=free < LOW_DISK, at=now, text=text)


async def watch_outbox(service: Service) -> None:
    """A notice where announcements wait for a digest that left the configuration: renamed, most often."""
    poller = service.poller
    notices = stray_notices(await on_db(poller, poller.store.waiting), service.config, poller.clock())
    await on_db(poller, poller.store.note, notices)


def stray(digest_id: str, number: int) -> str:
    """What is said of announcements that wait for a digest that nobody composes."""
    waiting = "1 announcement waits" if number == 1 else f"{number} announcements wait"
    return f"{waiting} for the digest {digest_id}, which is not in the configuration"


def stray_notices(waiting: Mapping[str, int], config: Config, now: datetime) -> list[Notice]:
    """What is to be said of what waits for each digest; closing a notice that is not open says nothing."""
    there = {one.id for one in config.subscriptions}
    notices = [
        Notice(condition=f"digest-missing:{one}", open=False, at=now, text=f"Digest {one} is configured again.")
        for one in sorted(there)
    ]
    for digest_id in sorted(waiting.keys() - there):
        text = f"{stray(digest_id, waiting[digest_id])}; they are told when a digest has that id again"
        notices.append(Notice(condition=f"digest-missing:{digest_id}", open=True, at=now, text=text))
    return notices


async def canary_if_due(service: Service) -> None:
    """The canary of a pass: where none arrived for a day. One that does not arrive is sent again by the next pass."""
    poller = service.poller
    last = await on_db(poller, poller.store.last_heartbeat, "canary")
    if last is None or poller.clock() - last >= CANARY_EVERY:
        await send_canary(service)


async def send_canary(service: Service) -> None:
    """The canary's whole way; its age is in ``/healthz``, its failure is a notice."""
    poller = service.poller
    arrived = await _sung(service)
    if arrived:
        await on_db(poller, poller.store.heartbeat, poller.clock(), "canary")
    else:
        log.error("the canary's announcement did not arrive: something between fetch and delivery is broken")
    text = "the daily canary arrived again" if arrived else "the daily canary's announcement did not arrive; see the log"
    await on_db(poller, poller.store.note, [Notice(condition="canary", open=not arrived, at=poller.clock(), text=text)])


async def _sung(service: Service) -> bool:
    try:
        return await canary.sing(service.config, service.poller.clock())
    except Exception:  # a mistake anywhere on its way is what it is sent to find
        log.exception("the canary could not be sent on its way; this is a mistake of the program, please report it")
        return False
