"""Being told by hubs (WebSub): leases are asked for and renewed in time, and what hubs sent is read like any poll's answer.

The pages receive (``web.hub``) and only keep what was sent; the daemon alone folds items into stories, so that a push and a poll that
find the same model at the same moment cannot both be the first.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from aiwatch import websub
from aiwatch.app import Service
from aiwatch.errors import Conflict, Contradiction, StoreError
from aiwatch.model import Failed, Fetched, Lease, Push, Source
from aiwatch.poll import on_db, pushed
from aiwatch.ports import Request

log = logging.getLogger(__name__)

KEY = "websub"  # the name of the key in the database
PATIENCE = timedelta(hours=1)  # between two askings of a hub that has not confirmed
AT_ONCE = 10  # bodies read at a tick


async def renew(service: Service) -> None:
    """Ask the hub of every source whose lease is missing or in its last third."""
    base_url, poller = service.config.web.base_url, service.poller
    if base_url is None or not any(websub.topic_of(source) for source in service.config.sources):
        return
    key = (await on_db(poller, poller.store.secret, KEY)).encode()
    leases = await on_db(poller, poller.store.leases)
    for source in service.config.sources:
        topic = websub.topic_of(source)
        if topic is not None and due(leases.get(source.id), poller.clock()):
            # Before the hub asks back whether we meant it.
            await on_db(poller, poller.store.asked, source.id, poller.clock(), None)
            problem = await _ask(service, source, topic, websub.callback(base_url, source.id, key, topic), key)
            if problem:
                log.warning("the hub of %s was asked in vain: %s", source.id, problem)
                await on_db(poller, poller.store.asked, source.id, poller.clock(), problem)


def due(lease: Lease | None, now: datetime) -> bool:
    """Whether a hub is to be asked."""
    if lease is None:
        return True
    if lease.since and lease.until and now < websub.renew_at(lease.since, lease.until):
        return False
    return now - lease.asked_at >= PATIENCE


async def _ask(service: Service, source: Source, topic: str, callback: str, key: bytes) -> str | None:
    """What went wrong, if anything."""
    try:
        form = websub.subscribe(str(source.options["hub"]), topic, callback, key)
    except ValueError as error:
        return str(error)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    request = Request(url=form.url, headers=headers, method="POST", body=form.body, allow_private=source.allow_private)
    outcome = await service.poller.fetch(request)
    return outcome.reason if isinstance(outcome, Failed) else None


async def take(service: Service) -> int:
    """Read what hubs sent; how many bodies there were."""
    poller = service.poller
    waiting = await on_db(poller, poller.store.pushes, AT_ONCE)
    for push in waiting:
        try:
            await _take(service, push)
        except Conflict:
            log.info("%s was polled meanwhile; its push is read at the next tick", push.source_id)
            continue
        except Exception as error:  # a bug in one body's way: it must not come up again at every tick, before all others
            if isinstance(error, StoreError) and not isinstance(error, Contradiction):
                raise
            log.exception("what the hub of %s sent could not be taken", push.source_id)
        await on_db(poller, poller.store.forget, push)
    return len(waiting)


async def take_all(service: Service) -> None:
    """Read all that hubs sent, for a pass after which nobody ticks."""
    while await take(service) == AT_ONCE:
        continue


async def _take(service: Service, push: Push) -> None:
    """Read one body. The source is not claimed for it: pushes in quick succession would put its poll off for ever."""
    poller = service.poller
    job = await on_db(poller, poller.store.job, push.source_id)
    if job is not None:
        await pushed(poller, job, Fetched(url=job.source.url, status=200, headers={}, body=push.body))
