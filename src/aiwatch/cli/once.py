"""``aiwatch once``: one pass over what is due."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

import click
from rich.console import Console

from aiwatch import app
from aiwatch.app import Service
from aiwatch.cli import asked, output, running
from aiwatch.jsonable import encoded
from aiwatch.model import PollPlan, Source
from aiwatch.run import local
from aiwatch.settings import Config
from aiwatch.store.lock import DaemonLock


@click.command("once")
@click.argument("source", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled source, due or not.")
@click.option("--json", "as_json", is_flag=True, help="The pass as one JSON object.")
@click.pass_obj
def command(obj: dict[str, str | None], source: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Poll what is due (or SOURCE ids, due or not), then send what is due.

    Without SOURCE ids, what the daemon does beside polling is done too, as far as it is due: what hubs sent is read and leases renewed,
    disk and outbox are looked at, the daily canary is sent.

    What failed, to poll or to send, is named on standard error. Exit 0; 1 if every source failed.
    """
    config = asked.configuration(obj)
    running.start_log(config.log_format, "warning")
    running.say_unread(obj)
    named = asked.sources(config, source)
    if named and everything:
        raise click.UsageError("name sources, or say --all")
    _say_unpolled(named)
    only = tuple(one.id for one in config.sources if one.enabled) if everything else source
    plans = asyncio.run(_pass(app.with_makers(config), only, local.once if named else local.tended, quiet=as_json))
    numbers = running.summary(plans)
    found = [one for plan in plans for one in plan.folded.announcements if not one.silent]
    for reason in running.failures(plans):
        output.note(reason)
    if as_json:
        click.echo(encoded({**numbers, "found": [running.line(one) for one in found]}))
    else:
        for one in found:
            click.echo(running.line(one))
        click.echo("  ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers.items()))
    if plans and numbers["failed"] == numbers["sources"]:
        sys.exit(1)


def _say_unpolled(named: Sequence[Source]) -> None:
    for one in named:
        if not one.enabled:
            why = one.reason or "no reason given"
            output.note(f"{one.id} is not polled: it is not enabled ({why}); `aiwatch sources resume {one.id}`")


Pass = Callable[[Service, local.OnPoll, tuple[str, ...]], Awaitable[list[PollPlan]]]


async def _pass(config: Config, only: tuple[str, ...], made: Pass, *, quiet: bool) -> list[PollPlan]:
    console = Console(stderr=True, quiet=quiet)
    with DaemonLock(config.database), running.database_thread() as db, running.progress(console) as bar:
        store = db.submit(app.open_store, config).result()
        try:
            db.submit(running.begin, store, config).result()
            task = bar.add_task("", total=len(only) or None)
            async with app.service(config, store, db=db) as service:
                return await made(service, lambda plan: bar.update(task, advance=1, description=plan.poll.source_id), only)
        finally:
            db.submit(store.close).result()
