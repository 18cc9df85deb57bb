"""``aiwatch replay``: what would have been told, and which judged cases would break."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aiwatch import app, documents, replay, rules
from aiwatch.cli import asked
from aiwatch.cli.explain import spoken
from aiwatch.cli.given import contents, text
from aiwatch.cli.output import counted, flat
from aiwatch.comparison import Compared, Passes, Sign, StepChange, VerdictChange, compare
from aiwatch.documents import Remarks
from aiwatch.errors import StoreError
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import FIRST_DATE
from aiwatch.replay import Trial
from aiwatch.settings import Config
from aiwatch.store.connection import absent
from aiwatch.stories.story import titled


@click.command("replay")
@click.option("--rules", "overlay", type=click.Path(dir_okay=False), help="A rules.toml to try instead of the configured one.")
@click.option("--since", help="Show changes from then on: 7d, 3mo, or a day. All of the archive is folded in any case.")
@click.option(
    "--from",
    "file",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="A JSON Lines file of documents instead of the archive.",
)
@click.option(
    "--verdicts", is_flag=True, help="Also show documents that would be taken for something else, with no step more or less."
)
@click.option("--strict", is_flag=True, help="Exit 1 also where a judged case was wrong before and still is.")
@click.option("--json", "as_json", is_flag=True, help="The comparison as one JSON object.")
@click.pass_obj
def command(
    obj: dict[str, str | None], /, overlay: str | None, since: str | None, file: str | None, verdicts: bool, **how: bool
) -> None:
    """Fold the archive again and say what would be told otherwise: +7 -2, each explained. Nothing is written.

    Compared is what was told at the time or, with --rules, what the configured rules would tell. Exit 1 where a judged case
    (`aiwatch label`, or the labels of the file) was right and would be wrong, and where a line of the file is no document: such lines are
    named on standard error, and the rest goes on.
    """
    config = asked.reading(obj)
    start = asked.time(since, app.now()) if since else None
    current = app.load_rules(config)
    tried = rules.load(text(overlay), overlay) if overlay else current
    trial = Trial(current=current, tried=tried, alert_window=timedelta(seconds=config.polling.alert_window), bar=_bar)
    remarks = Remarks()  # what is to be said of a file's lines
    passes = _of_file(trial, file, remarks) if file else _of_archive(trial, config)
    found = compare(passes, start)
    if how["as_json"]:
        click.echo(encoded(_object(passes, found)))
    else:
        _show(found, verdicts=verdicts)
        _sum_up(passes, found, shown=verdicts)
    for error in remarks.said:
        click.echo(str(error), err=True)
    if remarks.broken or not found.holds(strict=how["strict"]):
        sys.exit(1)


def _of_archive(trial: Trial, config: Config) -> Passes:
    if not app.has_database(config):
        raise StoreError(f"{absent(config.database)}; --from FILE.jsonl takes a file")
    with app.looking_store(config) as store, app.open_library(config) as library:
        return replay.of_archive(trial, store, library)


def _of_file(trial: Trial, file: str, remarks: Remarks) -> Passes:
    lines = documents.lines(contents(file))
    return replay.of_file(trial, list(documents.labelled(lines, file, trial.tried, remarks.wrong, remarks.odd)))


@contextmanager
def _bar(documents: int) -> Iterator[Callable[[], object]]:
    """A bar on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=documents)
        yield lambda: bar.advance(task)


# --- how it reads -------------------------------------------------------------------------------------------------------------


def _object(passes: Passes, found: Compared) -> dict[str, object]:
    signs = Counter(change.sign for change in found.steps)
    return {
        "documents": len(passes.documents),
        "told": len(passes.after.announcements),
        "waiting": len(passes.after.waiting),
        "against": passes.against,
        "more": signs[Sign.MORE],
        "less": signs[Sign.LESS],
        "other": signs[Sign.OTHER],
        "changes": _undated(jsonable(found.steps)),
        "verdicts": _undated(jsonable(found.verdicts)),
        "cases": [{**_undated(jsonable(case)), "regressed": case.regressed} for case in found.cases],
        "regressed": sum(case.regressed for case in found.cases),
    }


def _undated(value: Any) -> Any:
    """The values with no time where a document, or a file's label, has none: passes take one before all that is believed."""
    if isinstance(value, list):
        return [_undated(one) for one in value]
    if not isinstance(value, dict):
        return value
    first = jsonable(FIRST_DATE)
    return {key: None if key == "at" and isinstance(one, str) and one < first else _undated(one) for key, one in value.items()}


def _show(found: Compared, *, verdicts: bool) -> None:
    for change in found.steps:
        told = change.announcement
        name = titled(told.vendor, told.name)
        was = f"  (was {change.was.name}, {change.was.stage.value})" if change.sign is Sign.OTHER and change.was else ""
        _lines(
            f"{change.sign.value} {_day(told.published or told.at)} {told.stage.value:<12} {flat(name)}{was}  {flat(told.title)}",
            change.why,
        )
    for one in found.verdicts if verdicts else ():
        _lines(f"{one.sign.value} {_day(one.at)} (no step)  {one.item_id}  {flat(one.title)}", one.why)
    for case in found.cases:
        if not case.after:
            what = "REGRESSED" if case.regressed else "still wrong"
            said = f"judged {spoken(case.label)}; {case.found}"
            click.echo(f"{what}  {case.label.item_id}  {flat(said)}  {flat(case.title)}")


def _day(at: datetime | None) -> str:
    """The day; documents of a file in which none has a date are of no day."""
    return f"{at:%Y-%m-%d}" if at and at >= FIRST_DATE else "undated   "


def _lines(head: str, why: Sequence[str]) -> None:
    click.echo(head)
    for line in why:
        click.echo(f"      {flat(line)}")


def _sum_up(passes: Passes, found: Compared, *, shown: bool) -> None:
    whole = f"{counted(len(passes.documents), 'document')}, {len(passes.after.announcements):,} told"
    click.echo(f"{_signs(found.steps)} against {passes.against}; {whole}")
    if found.verdicts:
        many, more = counted(len(found.verdicts), "document"), "" if shown else "; --verdicts shows them"
        click.echo(f"besides, {many} would be judged otherwise, with no step more or less: {_signs(found.verdicts)}{more}")
    if waiting := len(passes.after.waiting):
        click.echo(f"besides, {counted(waiting, 'item')} would be told but for their pages, which could not be read so far")
    if found.cases:
        right, regressed = sum(case.after for case in found.cases), sum(case.regressed for case in found.cases)
        click.echo(f"judged cases: {right} of {len(found.cases)} right, {regressed} regressed")


def _signs(changes: Sequence[StepChange | VerdictChange]) -> str:
    """How many of each: ``+7 -2``, and ``~1`` where one is told as something else."""
    signs = Counter(change.sign for change in changes)
    return f"+{signs[Sign.MORE]} -{signs[Sign.LESS]}" + (f" ~{signs[Sign.OTHER]}" if signs[Sign.OTHER] else "")
