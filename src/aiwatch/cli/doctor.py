"""``aiwatch doctor``: is everything all right, and what to do where it is not."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console

from aiwatch import app, liveness
from aiwatch.cli import asked, finding, variables, wayout
from aiwatch.cli.finding import Finding
from aiwatch.cli.output import counted, harmless
from aiwatch.config.book import IN_ENVIRONMENT
from aiwatch.errors import AiwatchError, ConfigError, StoreError
from aiwatch.jsonable import encoded
from aiwatch.model import DeliveryState
from aiwatch.notify import email
from aiwatch.run.upkeep import LOW_DISK, stray
from aiwatch.settings import Config
from aiwatch.store import maintenance
from aiwatch.store.library import Library
from aiwatch.store.lock import DaemonLock
from aiwatch.views import Health

LOOK = 5.0  # seconds for looking through the database: about 300 MB on a small machine
CLOCK_OFF = timedelta(minutes=5)
RECENT = timedelta(days=10)  # of the message: mail is tried for four days before it is given up
MANY = 20  # failing sources that are named one by one


Check = Callable[[Config], Iterator[Finding]]


@click.command("doctor")
@click.option(
    "--network", is_flag=True, help="Also connect to the mail server and, where one is set, through the proxy (sends nothing)."
)
@click.option("--alive", is_flag=True, help="Only whether the daemon runs and ticks: quick, for a health check.")
@click.option("--quiet", is_flag=True, help="Only what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="What was found as one JSON list.")
@click.pass_obj
def command(obj: dict[str, str | None], network: bool, alive: bool, quiet: bool, as_json: bool) -> None:
    """Look at everything the service needs, and say what to do where something is wrong.

    Exit 0 if nothing failed, 1 otherwise; with --alive 1 also where no daemon runs.
    """
    if alive and network:
        raise click.UsageError("--alive asks the database alone; leave out --network")
    findings = list(
        _daemon(asked.reading(obj)) if alive else examine(obj["config"] or "aiwatch.toml", obj["db"], network=network)
    )
    if as_json:
        click.echo(encoded([asdict(one) for one in findings], indent=1))
    else:
        _show([one for one in findings if one.verdict != "ok"] if quiet else findings)
    if any(one.verdict == "fail" or (alive and one.verdict == "warn") for one in findings):
        sys.exit(1)


def examine(path: str, db: str | None, *, network: bool) -> Iterator[Finding]:
    """All findings, in the order in which a person should mend them."""
    for said in variables.unread(path):
        yield finding.warn("environment", said, "mend it where the service is started, or remove it there")
    config = yield from _configuration(path, db)
    if config is None:
        return
    enabled = sum(source.enabled for source in config.sources)
    yield Finding(what="configuration", verdict="ok", found=f"{enabled:,} of {counted(len(config.sources), 'source')} enabled, "
                  f"{counted(len(config.subscriptions), 'digest')}, {counted(len(config.recipients), 'recipient')}")  # fmt: skip
    of_database: list[Check] = [_daemon, _clock, _sources, finding.of_languages, _deliveries]
    checks: list[Check] = [
        _rules,
        _engine,
        finding.of_sources,
        finding.of_contact,
        finding.of_recipients,
        finding.of_digests,
        finding.of_templates,
        finding.of_tokens,
        finding.of_certificates,
        finding.of_pages,
        wayout.of_proxy,
        _disk,
        _writable,
        _database,
        *of_database,
    ]
    unreadable = False
    for check in checks + ([wayout.asked, _mail] if network else []):
        if check in of_database and (unreadable or not app.has_database(config)):  # they would say the same once more
            continue
        try:
            yield from check(config)
        except AiwatchError as error:
            unreadable = unreadable or check is _database
            yield Finding(
                what=check.__name__.removeprefix("of_").strip("_"), verdict="fail", found=str(error), advice="see the message"
            )


def _configuration(path: str, db: str | None) -> Generator[Finding, None, Config | None]:
    """The configuration, with its mistakes; without the secrets that are not to be had the rest can still be looked at."""
    try:
        return app.load_config(path, db)
    except ConfigError as error:
        problems = error.problems
    try:
        config, others = app.load_config(path, db, secrets=False), set()
    except ConfigError as error:
        config, others = None, set(error.problems)
    for problem in problems:
        lasting = problem in others
        what = "configuration" if lasting or config is None else "secrets"
        yield Finding(what=what, verdict="fail", found=problem, advice=_where_to_mend(problem, lasting=lasting))
    return config


def _where_to_mend(problem: str, *, lasting: bool) -> str:
    if problem.startswith(IN_ENVIRONMENT):
        return "mend it where the service is started"
    return "mend this line" if lasting else "set it where the service runs, or mend this line"


def _rules(config: Config) -> Iterator[Finding]:
    loaded = app.load_rules(config)
    yield Finding(what="rules", verdict="ok", found=f"loaded, digest {loaded.digest[:12]}")
    for doubt in loaded.data.doubts:
        yield finding.warn("rules", doubt, "mend this line, unless it is meant so")


def _engine(_: Config) -> Iterator[Finding]:
    with sqlite3.connect(":memory:") as memory:
        options = {row[0] for row in memory.execute("pragma compile_options")}
    memory.close()
    if "ENABLE_FTS5" in options:
        yield Finding(what="sqlite", verdict="ok", found=f"{sqlite3.sqlite_version} with full-text search")
    else:
        advice = "install a Python whose sqlite3 has FTS5"
        yield Finding(what="sqlite", verdict="fail", found=f"{sqlite3.sqlite_version} without FTS5", advice=advice)


def _disk(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(Path(config.database).parent)).free
    verdict, advice = ("ok", "") if free > LOW_DISK else ("fail", "make room, or `aiwatch db prune`")
    yield Finding(what="disk", verdict=verdict, found=f"{free // 2**20} MiB free", advice=advice)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


def _writable(config: Config) -> Iterator[Finding]:
    path = Path(config.database)
    for one in (path, Path(f"{path}-wal"), Path(f"{path}.lock"), Path(f"{path}.sending"), _existing(path.parent)):
        if one.exists() and not os.access(one, os.W_OK):
            advice = "give it to the account that runs aiwatch: its directory must be writable too, for the files beside it"
            yield Finding(what="database", verdict="fail", found=f"{one} cannot be written", advice=advice)


def _database(config: Config) -> Iterator[Finding]:
    path = Path(config.database)
    if not path.exists():
        yield Finding(what="database", verdict="warn", found=f"{path} is not there yet", advice="`aiwatch once` makes it")
        return
    if problems := maintenance.check(config.database, quick=True, seconds=LOOK):
        raise StoreError(
            f"{path}: damaged ({problems[0]}); stop the daemon, `aiwatch db check` tells more, `aiwatch db restore FILE` puts a backup back"
        )
    with Library(config.database) as library:
        stats = library.stats()
    found = f"{counted(stats.documents, 'document')}, {counted(stats.stories, 'story', 'stories')}, "
    found += f"{counted(stats.announcements, 'announcement')} told"
    yield Finding(what="database", verdict="ok", found=found)


def _daemon(config: Config) -> Iterator[Finding]:
    holder = DaemonLock.holder(config.database)
    with Library(config.database) as library:
        tick = library.heartbeat("tick")
    if holder is None:
        last = f"; last tick {_ago(tick)}" if tick else ""
        yield Finding(
            what="daemon", verdict="warn", found=f"not running{last}", advice="`aiwatch run`, or `aiwatch once` from cron"
        )
    elif not liveness.ticks(tick, config.polling, app.now()):
        advice = "see its log; restart it if it does not recover"
        yield Finding(
            what="daemon", verdict="fail", found=f"process {holder} holds the database, last tick {_ago(tick)}", advice=advice
        )
    else:
        yield Finding(what="daemon", verdict="ok", found=f"process {holder}, last tick {_ago(tick)}")


def _clock(config: Config) -> Iterator[Finding]:
    with Library(config.database) as library:
        seen = [moment for what in ("tick", "canary") if (moment := library.heartbeat(what))]
        seen += [one.last_success_at for one in library.sources() if one.last_success_at]
    if seen and max(seen) - app.now() > CLOCK_OFF:
        found = (
            f"the database has been written at {max(seen):%Y-%m-%d %H:%M} UTC, this machine says {app.now():%Y-%m-%d %H:%M} UTC"
        )
        yield Finding(
            what="clock",
            verdict="fail",
            found=found,
            advice="set the clock (NTP); the next start makes due what waits for the later time",
        )


def _ago(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    seconds = round((app.now() - moment).total_seconds())
    return f"{seconds} s ago" if seconds < 120 else f"{moment:%Y-%m-%d %H:%M} UTC"


def _sources(config: Config) -> Iterator[Finding]:
    with Library(config.database) as library:
        health = library.sources()
    failing = [one for one in health if one.health in {Health.FAILING, Health.GONE}]
    if len(failing) > 1 and len(failing) == sum(one.enabled for one in health):
        found = f"all {len(failing)} fail, {failing[0].id} with: {failing[0].last_error}"
        advice = "is this machine connected? `aiwatch sources list --health failing` shows each"
        yield Finding(what="sources", verdict="fail", found=found, advice=advice)
        return
    for one in failing[:MANY]:
        advice = f"`aiwatch sources check {one.id}` asks it now; mend its entry where it has moved, or `aiwatch sources pause {one.id}`"
        yield Finding(what="source", verdict="warn", found=f"{one.id}: {one.last_error}", advice=advice)
    if len(failing) > MANY:
        found = f"{len(failing) - MANY} more fail"
        yield Finding(what="source", verdict="warn", found=found, advice="`aiwatch sources list --health failing` shows all")
    for one in [one for one in health if one.health is Health.PARTLY][:MANY]:
        yield finding.warn("source", f"{one.id}: {one.trouble}", "look at that address; `child` says which parts are read")
    for one in [one for one in health if one.health is Health.QUIET][:MANY]:
        advice = f"`aiwatch sources check {one.id}` shows its newest; or `aiwatch sources pause {one.id}`"
        yield finding.warn("source", f"{one.id}: {one.trouble}", advice)
    for one in [one for one in health if one.health is Health.FLOODS][:MANY]:
        advice = "another address of it, a `page` with selectors, or `enabled = false`"
        yield finding.warn("source", f"{one.id}: {one.trouble}", advice)


def _deliveries(config: Config) -> Iterator[Finding]:
    with Library(config.database) as library:
        dead = library.deliveries(states=(DeliveryState.DEAD,), limit=1000)
        stopped, waiting = library.muted(), library.waiting_for()
    for (who, digest), why in stopped.items():
        name = who.partition("#")[0]
        if config.recipient(name):
            found = f'"{name}" is sent nothing of {f"the digest {digest}" if digest else "any digest"}: {why}'
            yield finding.warn("recipient", found, f"take it out of the digest, or `aiwatch notify resume {name}`")
    for digest_id in sorted(waiting.keys() - {one.id for one in config.subscriptions}):
        found = stray(digest_id, waiting[digest_id])
        yield finding.warn("digests", found, "give it its id back where it was renamed; they are told then")
    recent = sum(one.created_at >= app.now() - RECENT for one in dead)
    advice = "`aiwatch deliveries list --failed`, then `resend` or `drop`"
    if recent:
        yield Finding(what="deliveries", verdict="fail", found=f"{recent} given up in the last days", advice=advice)
    if older := len(dead) - recent:
        yield finding.warn("deliveries", f"{older} given up before that" if recent else f"{older} given up long ago", advice)


def _mail(config: Config) -> Iterator[Finding]:
    problem = asyncio.run(email.check(config.smtp))
    if problem:
        yield Finding(what="mail", verdict="fail", found=problem, advice="check [smtp]: host, port, security, username, password")
    else:
        yield Finding(what="mail", verdict="ok", found=f"{config.smtp.host}:{config.smtp.port} answers")


def _show(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    colour = {"ok": "green", "warn": "yellow", "fail": "red"}
    for one in findings:
        console.print(f"[{colour[one.verdict]}]{one.verdict:<5}[/] {one.what:<14}", end="")
        console.print(harmless(one.found), markup=False, end="")
        console.print(f"  -> {one.advice}" if one.advice else "", markup=False)
