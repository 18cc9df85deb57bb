"""``aiwatch replay``: what would have been told, and which judged cases would break."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aiwatch import app, documents, filters, replay, rules
from aiwatch.cli import asked
from aiwatch.cli.explain import spoken
from aiwatch.cli.given import contents, text
from aiwatch.cli.output import counted, flat
from aiwatch.documents import Remarks
from aiwatch.errors import StoreError
from aiwatch.feedback import UNSAID, Words
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import FIRST_DATE, Document, Filter, Stage
from aiwatch.replay import Case, Change, Sign, Told, Turn
from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.store.connection import absent
from aiwatch.story import titled
from aiwatch.views import Label

EVERYTHING = 1_000_000  # announcements
JUDGED = {Stage.RUMORED, Stage.DEPRECATED}  # stages of a labelled file that are checked; the fine stage of a launch is taste


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passes:
    """Two passes over one archive. ``against`` says what the newer one is compared with.

    ``remarks`` is what is to be said of a file's lines.
    """

    documents: Sequence[Document]
    labels: Sequence[Label]
    before: Told
    after: Told
    against: str
    remarks: Remarks = field(default_factory=Remarks)


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
    passes = _of_file(config, file, current, tried) if file else _of_archive(config, current, tried)
    changes = replay.changes(passes.before, passes.after, start)
    turns = replay.turns(passes.documents, passes.before, passes.after, start, changes)
    cases = replay.cases(passes.labels, passes.documents, passes.before, passes.after)
    if how["as_json"]:
        click.echo(encoded(_object(passes, changes, turns, cases)))
    else:
        _show(changes, turns if verdicts else (), cases)
        _sum_up(passes, changes, turns, cases, shown=verdicts)
    for error in passes.remarks.said:
        click.echo(str(error), err=True)
    if passes.remarks.broken or any(case.regressed or (how["strict"] and not case.after) for case in cases):
        sys.exit(1)


# --- the two passes -------------------------------------------------------------------------------------------------------------


def _of_archive(config: Config, current: RuleSet, tried: RuleSet) -> _Passes:
    """The archive under the tried rules, beside the configured ones or, where they are the same, beside what was told."""
    if not app.has_database(config):
        raise StoreError(f"{absent(config.database)}; --from FILE.jsonl takes a file")
    with app.open_store(config) as store:
        items, labels = list(store.archive()), store.labels()
        words = store.words([one.item_id for one in labels])
        after = _tell(config, items, tried, words, committed=True)
        if tried.digest != current.digest:
            return _Passes(
                documents=items,
                labels=labels,
                before=_tell(config, items, current, words, committed=True),
                after=after,
                against="the configured rules",
            )
        with app.open_library(config) as library:
            told = library.timeline(Filter(stages=filters.ALL_STAGES), limit=EVERYTHING, silent=False)
        return _Passes(
            documents=items, labels=labels, before=replay.recorded(store, items, told), after=after, against="what was told"
        )


def _of_file(config: Config, file: str, current: RuleSet, tried: RuleSet) -> _Passes:
    """A file's documents under the tried rules, beside the configured ones or, where they are the same, beside nothing."""
    remarks = Remarks()
    read = list(documents.labelled(documents.lines(contents(file)), file, tried, remarks.wrong, remarks.odd))
    items = [Document(item, source) for _, item, source in read]
    labels = [_label(row, item.id) for row, item, _ in read if "announcement" in row]
    after = _tell(config, items, tried)
    if tried.digest == current.digest:
        nothing = Told(announcements={}, detections=after.detections, mentions={})
        return _Passes(documents=items, labels=labels, before=nothing, after=after, against="nothing told", remarks=remarks)
    before = _tell(config, items, current)
    return _Passes(documents=items, labels=labels, before=before, after=after, against="the configured rules", remarks=remarks)


def _label(row: dict[str, object], item_id: str) -> Label:
    stage = str(row.get("stage") or "")
    judged = Stage(stage) if stage in {one.value for one in JUDGED} else None
    return Label(
        item_id=item_id, announcement=row["announcement"] is True, stage=judged, note="", at=datetime.min.replace(tzinfo=UTC)
    )


def _tell(config: Config, items: Sequence[Document], loaded: RuleSet, words: Words = UNSAID, *, committed: bool = False) -> Told:
    console = Console(stderr=True)
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=len(items))
        window = timedelta(seconds=config.polling.alert_window)
        return replay.tell(
            items, loaded, alert_window=window, words=words, committed=committed, progress=lambda: bar.advance(task)
        )


# --- how it reads -------------------------------------------------------------------------------------------------------------


def _object(passes: _Passes, changes: Sequence[Change], turns: Sequence[Turn], cases: Sequence[Case]) -> dict[str, object]:
    signs = Counter(change.sign for change in changes)
    return {
        "documents": len(passes.documents),
        "told": len(passes.after.announcements),
        "waiting": len(passes.after.waiting),
        "against": passes.against,
        "more": signs[Sign.MORE],
        "less": signs[Sign.LESS],
        "other": signs[Sign.OTHER],
        "changes": jsonable(changes),
        "verdicts": jsonable(turns),
        "cases": [{**jsonable(case), "regressed": case.regressed} for case in cases],
        "regressed": sum(case.regressed for case in cases),
    }


def _show(changes: Sequence[Change], turns: Sequence[Turn], cases: Sequence[Case]) -> None:
    for change in changes:
        one = change.announcement
        name = titled(one.vendor, one.name)
        was = f"  (was {change.was.name}, {change.was.stage.value})" if change.sign is Sign.OTHER and change.was else ""
        _lines(
            f"{change.sign.value} {_day(one.published or one.at)} {one.stage.value:<12} {flat(name)}{was}  {flat(one.title)}",
            change.why,
        )
    for turn in turns:
        _lines(f"{turn.sign.value} {_day(turn.at)} (no step)  {turn.item_id}  {flat(turn.title)}", turn.why)
    for case in cases:
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


def _sum_up(passes: _Passes, changes: Sequence[Change], turns: Sequence[Turn], cases: Sequence[Case], *, shown: bool) -> None:
    whole = f"{counted(len(passes.documents), 'document')}, {len(passes.after.announcements):,} told"
    click.echo(f"{_signs(changes)} against {passes.against}; {whole}")
    if turns:
        more = "" if shown else "; --verdicts shows them"
        click.echo(
            f"besides, {counted(len(turns), 'document')} would be judged otherwise, with no step more or less: {_signs(turns)}{more}"
        )
    if waiting := len(passes.after.waiting):
        click.echo(f"besides, {counted(waiting, 'item')} would be told but for their pages, which could not be read so far")
    if cases:
        right, regressed = sum(case.after for case in cases), sum(case.regressed for case in cases)
        click.echo(f"judged cases: {right} of {len(cases)} right, {regressed} regressed")


def _signs(changes: Sequence[Change | Turn]) -> str:
    """How many of each: ``+7 -2``, and ``~1`` where one is told as something else."""
    signs = Counter(change.sign for change in changes)
    return f"+{signs[Sign.MORE]} -{signs[Sign.LESS]}" + (f" ~{signs[Sign.OTHER]}" if signs[Sign.OTHER] else "")
