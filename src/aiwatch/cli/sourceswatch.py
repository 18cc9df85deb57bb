"""``aiwatch sources list|gaps|check|backfill``: what is watched, how it does, and what it would bring now."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aiwatch import app, backfilling, trying
from aiwatch.cli import asked, output
from aiwatch.fetch import HttpFetch
from aiwatch.model import Source
from aiwatch.settings import Config
from aiwatch.trying import Check
from aiwatch.urls import redact
from aiwatch.views import Health, SourceHealth

_UNSURE = frozenset({Health.FAILING, Health.GONE})


@click.command("list")
@click.option("--group", help="Only this group, such as korea.")
@click.option("--health", type=click.Choice([one.value for one in Health]), help="Only sources that do so.")
@output.options
@click.pass_obj
def listed(obj: dict[str, str | None], group: str | None, health: str | None, form: str | None) -> None:
    """List all sources with how they do."""
    config = asked.reading(obj)
    wanted = {one.id for one in of_group(config.sources, group)}
    found = [one for one in healths(config, app.now()) if one.id in wanted and health in (None, one.health.value)]
    columns = ("id", "health", "kind", "tier", "vendor", "lang", "last success", "next poll", "items", "gaps", "note")
    rows = [
        (
            one.id,
            one.health,
            one.kind,
            one.tier,
            one.vendor,
            one.lang,
            one.last_success_at,
            one.next_poll_at,
            one.items,
            one.gaps,
            _note(one),
        )
        for one in found
    ]
    numbers = frozenset({"items", "gaps"})
    objects = [replace(one, url=redact(one.url)) for one in found]
    output.show(
        output.Sheet(
            columns=columns,
            rows=rows,
            objects=objects,
            empty=f"no source is {health}" if health else "no source is listed; `aiwatch sources add URL` puts one in",
            right=numbers,
            fluid=frozenset({"note"}),
            spare=("lang", "tier", "kind", "vendor", "next poll", "gaps"),
        ),
        form,
    )


def _note(one: SourceHealth) -> str:
    return one.reason or one.trouble


def of_group(sources: Sequence[Source], group: str | None) -> list[Source]:
    """The sources of that group, or all of them. Raises UsageError where there is no such group."""
    found = [one for one in sources if group is None or group in one.groups]
    if group is not None and not found:
        known = sorted({name for one in sources for name in one.groups})
        there = f"the groups are: {', '.join(known)}" if known else "no source is in any group"
        raise click.UsageError(f"there is no group {group!r}; {there}")
    return found


def healths(config: Config, now: datetime) -> list[SourceHealth]:
    """Every configured source, with the database's word where it knows it; whether it is polled is the list's word."""
    known: dict[str, SourceHealth] = {}
    if app.has_database(config):
        with app.open_library(config) as library:
            known = {one.id: one for one in library.sources(now)}
    return [_switched(known[one.id], one) if one.id in known else _unpolled(one) for one in config.sources]


def _switched(one: SourceHealth, listed: Source) -> SourceHealth:
    """What is paused or resumed in the list shows at once, not only when the service has read the list."""
    if one.enabled == listed.enabled:
        return one
    state = Health.WAITING if listed.enabled else Health.PAUSED
    return replace(one, enabled=listed.enabled, reason=listed.reason, health=state)


def _unpolled(one: Source) -> SourceHealth:
    state = Health.WAITING if one.enabled else Health.PAUSED
    return SourceHealth(
        id=one.id, name=one.name, url=one.url, kind=one.kind, tier=one.tier, vendor=one.vendor, lang=one.lang, health=state,
        enabled=one.enabled, reason=one.reason,
    )  # fmt: skip


@click.command("gaps", short_help="Spans in which something may have been missed.")
@click.option("--since", default="30d", show_default=True, help="A span ago (7d, 24h) or a day.")
@output.options
@click.pass_obj
def gaps(obj: dict[str, str | None], since: str, form: str | None) -> None:
    """List the spans in which a source may have published what no poll saw."""
    start = asked.time(since, app.now())
    with asked.library(obj) as library:
        found = library.gaps(start)
        polled = [one for one in library.sources(app.now()) if one.enabled]
    rows = [(one.source_id, one.source_name, one.since, one.until, one.until - one.since) for one in found]
    columns = ("source", "name", "from", "to", "span")
    answered = {one.id for one in polled if one.last_success_at and one.last_success_at >= start}
    empty = (
        "no gap: every poll met an item it knew" if answered else "nothing can be said of gaps: no source answered in that time"
    )
    output.show(output.Sheet(columns=columns, rows=rows, objects=found, empty=empty, spare=("name",)), form)
    for line in _watched(polled, answered, {one.source_id for one in found}, len(found)):
        output.note(line)


def _watched(polled: Sequence[SourceHealth], answered: AbstractSet[str], holed: AbstractSet[str], gaps: int) -> list[str]:
    """The proof in a sentence, and what it does not cover: silence proves nothing, and a source that fails may hide a gap."""
    said = [f"{len(answered - holed)} of {len(polled)} sources watched without a gap; {output.counted(gaps, 'possible gap')}"]
    silent = [one.id for one in polled if one.id not in answered]
    failing = [one.id for one in polled if one.health in _UNSURE and one.id in answered]
    partly = [one.id for one in polled if one.health is Health.PARTLY]
    for names, what in (
        (silent, "did not answer in that time"),
        (failing, "failing now, so that what is published meanwhile is not seen yet"),
        (partly, "of which a part cannot be read, so that what is published there is not seen yet"),
    ):
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            said.append(f"{len(names)} {what}: {', '.join(names[:5])}{more}")
    return said


# --- trying -----------------------------------------------------------------------------------------------------------------------


@click.command("check", short_help="Fetch and read sources now; nothing is stored.")
@click.argument("ids", nargs=-1)
@output.options
@click.pass_obj
def check(obj: dict[str, str | None], ids: tuple[str, ...], form: str | None) -> None:
    """Fetch and read sources now (all that are enabled, or IDS), and show what each brought. Nothing is stored.

    Exit 1 if one of them failed.
    """
    config = asked.reading(obj)  # nothing is sent: of all secrets only request headers are needed
    wanted = asked.sources(config, ids) or [one for one in config.sources if one.enabled]
    if any("" in one.headers.values() for one in wanted):
        asked.configuration(obj)  # says which one is not to be had
    found = asyncio.run(_check_all(config, wanted))
    columns = ("id", "kind", "ok", "items", "newest", "title", "seconds", "found")
    rows = [
        (one.id, one.kind, "yes" if one.ok else "NO", one.items, one.newest, one.title, round(one.seconds, 2), one.found)
        for one in found
    ]
    fluid = frozenset({"title", "found"})
    output.show(
        output.Sheet(
            columns=columns, rows=rows, objects=found, right=frozenset({"items", "seconds"}), fluid=fluid, spare=("kind",)
        ),
        form,
    )
    failed = sum(not one.ok for one in found)
    output.note(f"{len(found) - failed} of {len(found)} sources bring items")
    if failed:
        sys.exit(1)


async def _check_all(config: Config, sources: Sequence[Source]) -> list[Check]:
    """All of them at once, as fast as politeness lets them."""
    console = Console(stderr=True)
    columns = (TextColumn("trying"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=len(sources))
        async with HttpFetch(config.http, app.now) as fetch:

            async def one(source: Source) -> Check:
                check = await trying.tried(source, fetch, app.now)
                bar.update(task, advance=1, description=source.id)
                return check

            return list(await asyncio.gather(*map(one, sources)))


# --- a first poll's silence ----------------------------------------------------------------------------------------------------------


@click.command("backfill", short_help="Tell what a source's first poll recorded in silence.")
@click.argument("source_id")
@click.option("--since", default="30d", show_default=True, help="Published since: a span ago (7d, 3mo) or a day.")
@click.option("--dry-run", is_flag=True, help="Show what would be told; tell nothing.")
@output.options
@click.pass_obj
def backfill(obj: dict[str, str | None], source_id: str, since: str, dry_run: bool, form: str | None) -> None:
    """Tell what SOURCE_ID's first poll recorded in silence: it goes into the digests that want it."""
    config = asked.reading(obj)
    asked.sources(config, [source_id])
    start = asked.time(since, app.now())
    with app.open_library(config) as library:
        found = backfilling.kept(library, source_id, start)
    columns = ("published", "stage", "model", "vendor", "title")
    rows = [(one.published, one.stage, one.name, one.vendor, one.title) for one in found]
    output.show(
        output.Sheet(columns=columns, rows=rows, objects=found, empty="nothing was kept silent", fluid=frozenset({"title"})), form
    )
    if found and not dry_run:
        with app.open_store(config) as store:
            told = backfilling.tell(store, found, config.subscriptions, app.now())
        entries = output.counted(told, "entry of a digest", "entries of digests")
        output.note(f"{output.counted(len(found), 'announcement')} to be told, in {entries}.")
        output.note("Immediate digests are sent by the running service or the next `aiwatch once`, others when their time comes.")
