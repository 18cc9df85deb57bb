"""``aiwatch audit``: recall and delay against a public list of releases."""

from __future__ import annotations

from dataclasses import replace

import click

from aiwatch import audit
from aiwatch.cli import asked, output
from aiwatch.cli.given import text
from aiwatch.rules import RuleSet
from aiwatch.store.library import Library


@click.command("audit")
@click.option(
    "--against", "file", required=True, type=click.Path(dir_okay=False), help="CSV, JSON, JSON lines or YAML: name, vendor, date."
)
@click.option("--all", "every", is_flag=True, help="Also the caught ones, and those outside the time that was watched.")
@click.option("--at-least", type=click.FloatRange(0, 1), help="Exit 1 if recall is lower.")
@output.options
@click.pass_obj
def command(obj: dict[str, str | None], file: str, every: bool, at_least: float | None, form: str | None) -> None:
    """Compare what was told with a list of releases: which were caught, how late, which were missed, and why.

    A row that cannot be read is named on standard error; the rest goes on, and the exit status is 1.
    """
    releases, wrong = audit.read(text(file), file)
    with asked.library(obj) as library:
        lines = judged(library, releases, asked.ruleset(obj))
    shown = [line for line in lines if every or line.verdict not in {audit.Verdict.CAUGHT, audit.Verdict.OUTSIDE}]
    output.show(_sheet(shown), form)
    figures = audit.summarise(lines)
    output.note(
        f"recall {figures.recall:.1%}: {figures.caught} of {figures.releases} caught, {figures.missed} missed, {figures.silent} known and "
        f"not told, {figures.rumor} as a rumour only; {figures.outside} outside the time that was watched; "
        f"median delay {output.span(figures.delay) if figures.delay is not None else 'unknown'}"
    )
    for one in wrong:
        output.note(one)
    if at_least is not None and figures.recall < at_least:
        raise click.ClickException(f"recall {figures.recall:.1%} is below {at_least:.1%}")
    if wrong:
        raise click.exceptions.Exit(1)


def _sheet(shown: list[audit.Line]) -> output.Sheet:
    return output.Sheet(
        columns=("released", "model", "vendor", "verdict", "delay", "story", "why"),
        rows=[
            (
                line.release.released.isoformat(),
                line.release.name,
                line.release.vendor,
                line.verdict,
                line.delay,
                line.story_id,
                line.why,
            )
            for line in shown
        ],
        objects=shown,
        empty="nothing was missed",
        right=frozenset({"delay"}),
        fluid=frozenset({"model", "vendor", "why"}),
        spare=("story", "vendor"),
    )


def judged(library: Library, releases: list[audit.Release], rules: RuleSet) -> list[audit.Line]:
    """Return each release with its verdict, and for a missed one what the archive has of it."""
    stats = library.stats(days=1)
    if stats.first_seen is None or stats.last_seen is None:
        raise click.ClickException("the database is empty; `aiwatch once` polls the sources")
    made = []
    for release in releases:
        stories = (
            library.answering(audit.keys(release, rules)) if audit.watched(release, stats.first_seen, stats.last_seen) else []
        )
        line = audit.judge(release, stories, rules, stats.first_seen, stats.last_seen)
        made.append(replace(line, why=_why_missed(library, release)) if line.verdict is audit.Verdict.MISSED else line)
    return made


def _why_missed(library: Library, release: audit.Release) -> str:
    phrase = release.name.replace('"', " ")
    found = library.search(f'"{phrase}"', limit=20).hits
    if not found:
        return "no document names it: no source carried it"
    said = [(detection, hit) for hit in found if (detection := library.detection(hit.item_id)) is not None]
    if not said:
        return f"{output.counted(len(found), 'document names', 'documents name')} it; none was judged"
    best, hit = max(said, key=lambda pair: pair[0].score)
    lacking = (
        "; ".join(dict.fromkeys(one.why or one.rule for one in best.held_back)) if not best.announcement else "under another name"
    )
    naming = output.counted(len(found), "document names", "documents name")
    told = f"{naming} it; the best scored {best.score:g} of {best.threshold:g} needed (item {hit.item_id})"
    return f"{told}: {lacking}" if lacking else told
