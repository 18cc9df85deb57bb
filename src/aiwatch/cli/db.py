"""``aiwatch db``: look after the database."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from aiwatch.cli import asked, output
from aiwatch.errors import AiwatchError, StoreError
from aiwatch.feedback import Saying
from aiwatch.store import carryover, maintenance, schema
from aiwatch.store.connection import absent, connect_readonly
from aiwatch.store.lock import DaemonLock
from aiwatch.store.sqlite import SqliteStore


@click.group("db")
def command() -> None:
    """Look after the database: check, backup, restore, migrate, prune, stats."""


def _path(obj: dict[str, str | None]) -> str:
    if obj["db"]:
        return str(Path(obj["db"]).resolve())
    return asked.reading(obj).database


@command.command("check")
@click.option("--quick", is_flag=True, help="Do not compare indexes with their tables.")
@click.option("--json", "as_json", is_flag=True, help="Every place that is damaged, as one JSON object.")
@click.pass_obj
def check(obj: dict[str, str | None], quick: bool, as_json: bool) -> None:
    """Is the file sound? Exit 1 if not."""
    path = _path(obj)
    problems = maintenance.check(path, quick=quick)
    if as_json:
        output.show_one({"database": path, "sound": not problems, "problems": problems, "bytes": Path(path).stat().st_size})
        if problems:
            sys.exit(1)
        return
    for problem in problems[:50]:
        click.echo(output.harmless(problem))
    if problems:
        raise StoreError(
            f"{path}: damaged in {output.counted(len(problems), 'place')}; `aiwatch db restore FILE` puts a backup back"
        )
    click.echo(f"{path}: sound, {Path(path).stat().st_size / 1e6:,.1f} MB")


@command.command("backup", short_help="Copy the database while it is in use, and verify the copy.")
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.pass_obj
def backup(obj: dict[str, str | None], file: str | None) -> None:
    """Copy the database to FILE while it is in use, and verify the copy. Without FILE: beside it, named by the time."""
    path = _path(obj)
    target = file or f"{path}.{asked.now():%Y%m%dT%H%M%S}.bak"
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("copying", total=None)
        size = maintenance.backup(path, target, progress=lambda done, total: bar.update(task, completed=done, total=total))
    click.echo(f"{target}: {size / 1e6:,.1f} MB, verified")


@command.command("restore", short_help="Put a backup in the place of the database.")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--tell-again", is_flag=True, help="Forget what was told and said since the backup, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(obj: dict[str, str | None], file: str, tell_again: bool, yes: bool) -> None:
    """Put the backup FILE in the place of the database, which is kept beside it. The daemon must be stopped.

    What was found since the backup is found again. Where the database that is replaced can still be read, it is not told again, who
    unsubscribed stays so, and what people said (`label`, `names same`) holds.
    """
    path = _path(obj)
    if Path(path).exists() and not yes:
        maintenance.restorable(path, file)  # nobody is asked about a file that cannot be restored
        click.confirm(f"put {file} in the place of {path}? what was stored since that backup will be polled again", abort=True)
    said: list[str] = []
    with DaemonLock(path, inspect=False):
        carries = None if tell_again else lambda copy: said.append(_carried(obj, copy, path))
        aside = maintenance.restore(path, file, asked.now(), carries)
    click.echo(f"{path}: restored from {file}" + (f"; the one before is {aside}{''.join(said)}" if aside else ""))


def _carried(obj: dict[str, str | None], copy: str, path: str) -> str:
    """Tell the copy that is to take the place of the database at ``path`` what that one knows; as a clause."""
    try:
        carried = carryover.over(copy, path)
    except StoreError as error:
        return f", from which nothing can be taken ({error}): what was told since the backup is told again"
    heeded = _heeded(obj, copy, carried)
    if not carried.told:
        return f"; nothing was told since the backup{heeded}"
    return f"; {output.counted(carried.told, 'announcement')} told since the backup will not be told again{heeded}"


def _heeded(obj: dict[str, str | None], copy: str, carried: carryover.Carried) -> str:
    """Let what people said since hold for what the backup has, too; as a clause, where there is any."""
    from aiwatch import mending
    from aiwatch.cli.mending import records  # knows every implementation, and takes its time to load

    names = len(carried.said.same) + len(carried.said.parted) + carried.decided
    if not (carried.judged or names):
        return ""
    if carried.said != Saying():
        try:
            with records(replace(asked.reading(obj), database=copy)) as kept:
                mending.restated(kept, carried.said)
        except AiwatchError as error:
            return f"; what people said since of items and names that the backup has is lost ({error}): say it again"
    return f"; what people said since holds ({output.counted(carried.judged, 'judgement')}, {output.counted(names, 'name')})"


@command.command("migrate", short_help="Bring the database to this version's schema.")
@click.pass_obj
def migrate(obj: dict[str, str | None]) -> None:
    """Bring the database to this version's schema; a verified backup is made beside it first."""
    path = _path(obj)
    if not Path(path).exists():
        raise absent(path)
    with DaemonLock(path):
        db = connect_readonly(path)
        try:
            missing = schema.check_version(db, path)
        finally:
            db.close()
        SqliteStore(path).close()
    click.echo(f"{path}: {', '.join(missing) + ' done' if missing else 'up to date'}")


@command.command("prune")
@click.option("--keep", default="400d", show_default=True, help="How long texts of items that belong to no story are kept.")
@click.option("--vacuum", is_flag=True, help="Give the space back to the disk; takes long, and as much space again.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def prune(obj: dict[str, str | None], keep: str, vacuum: bool, yes: bool) -> None:
    """Remove old texts, poll records and bodies of sent digests.

    Identities and verdicts stay, so that nothing is stored or told again; so do stories with all their
    items (what only mentions one is such an item), and labelled items.
    """
    path = _path(obj)
    now = asked.now()
    before = asked.time(keep, now, "--keep")
    if before > now:
        raise click.UsageError(f"--keep {keep}: write a span such as 400d, or a day")
    if not Path(path).exists():
        raise absent(path)
    if not yes:
        click.confirm(f"remove texts older than {before:%Y-%m-%d} from {path}?", abort=True)
    done = maintenance.prune(path, before, now, vacuum=vacuum)
    texts, polls = output.counted(done.items, "text"), output.counted(done.polls, "poll record")
    click.echo(f"{texts}, {polls} and {output.counted(done.bodies, 'body', 'bodies')} removed")


@command.command("stats")
@output.options
@click.pass_obj
def stats(obj: dict[str, str | None], form: str | None) -> None:
    """Rows and bytes of each table, largest first."""
    output.show(
        output.Sheet(columns=("table", "rows", "bytes"), rows=maintenance.parts(_path(obj)), right=frozenset({"rows", "bytes"})),
        form,
    )
