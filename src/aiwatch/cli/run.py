"""``aiwatch run``: the daemon."""

from __future__ import annotations

import asyncio
import logging
import signal

import click

from aiwatch import app, liveness
from aiwatch.cli import asked, running
from aiwatch.cli.output import counted
from aiwatch.model import PollPlan
from aiwatch.run import local
from aiwatch.run.supervisor import Supervisor
from aiwatch.settings import Config
from aiwatch.store.lock import DaemonLock

log = logging.getLogger(__name__)


@click.command("run")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="Overrides the configuration.")
@click.pass_obj
def command(obj: dict[str, str | None], log_level: str | None) -> None:
    """Poll and deliver until told to stop (SIGTERM, SIGINT). One daemon a database.

    Exit 0 after a stop; 1 where another daemon holds the database.
    """
    config = asked.configuration(obj)
    running.start_log(config.log_format, log_level or config.log_level)
    running.say_unread(obj)
    asyncio.run(_serve(app.with_makers(config)))


async def _serve(config: Config) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with DaemonLock(config.database), running.database_thread() as db:
        store = db.submit(app.open_store, config).result()
        try:
            db.submit(running.begin, store, config).result()
            allowed = liveness.allowed(config.polling)
            async with app.service(config, store, db=db) as service, Supervisor.from_environment(allowed) as supervisor:
                enabled = sum(source.enabled for source in config.sources)
                watched, told = counted(enabled, "source"), counted(len(config.subscriptions), "digest")
                log.info("watching %s, %s, database %s", watched, told, config.database)
                await local.run(service, stop, _report, supervisor.ready, supervisor.ticked)
        finally:
            store.interrupt()  # a very large poll is rolled back rather than waited for; its lease brings it back
            db.submit(store.close).result()
    log.info("stopped")


def _report(plan: PollPlan) -> None:
    poll = plan.poll
    if poll.outcome == "failed":
        log.warning("%s: %s", poll.source_id, poll.reason)
    elif poll.fresh or poll.revised:
        log.info("%s: %d new, %d revised of %d items", poll.source_id, poll.fresh, poll.revised, poll.items)
    if poll.overlap is False:
        log.warning("%s: possible gap since %s: nothing in this answer was known", poll.source_id, poll.gap_since)
    for announcement in plan.folded.announcements:
        log.info("%s", running.line(announcement))
