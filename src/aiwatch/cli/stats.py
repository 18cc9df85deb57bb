"""``aiwatch stats``: the figures of the whole database."""

from __future__ import annotations

import click

from aiwatch.cli import asked, output
from aiwatch.cli.output import counted, harmless, told
from aiwatch.views import Stats

BAR = 40  # cells of the longest bar


@click.command("stats")
@click.option("--days", type=click.IntRange(1, 3660), default=14, show_default=True, help="How many of the last days to count.")
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@click.pass_obj
def command(obj: dict[str, str | None], days: int, as_json: bool) -> None:
    """Count documents, stories and announcements: in all, by day, vendor, modality, stage, language and source."""
    with asked.library(obj) as library:
        found = library.stats(days=days)
    if as_json:
        output.show_one(found)
        return
    for line in lines(found):
        click.echo(line)


def lines(found: Stats) -> list[str]:
    """Return the figures as lines."""
    whole = f"{counted(found.documents, 'document')} of {counted(found.sources, 'source')}"
    made = [
        f"{whole}, {told(found.first_seen)} to {told(found.last_seen)} UTC" if found.first_seen else whole,
        f"{counted(found.stories, 'story', 'stories')} with {counted(found.mentions, 'item')}",
        f"{counted(found.announcements, 'announcement')} told, {found.silent:,} recorded silently"
        + (f", {found.withdrawn:,} taken back" if found.withdrawn else ""),
        f"{found.size / 1e6:,.1f} MB",
    ]
    if found.days:
        most = max(count for _, count, _ in found.days) or 1
        made += ["", "day         documents  announcements"]
        made += [f"{day}  {count:9,}  {said:13,}  {'#' * round(BAR * count / most)}".rstrip() for day, count, said in found.days]
    for title, pairs in (
        ("vendors", found.vendors),
        ("modalities", found.modalities),
        ("stages", found.stages),
        ("languages", found.langs),
        ("sources", found.top_sources),
    ):
        if pairs:
            listed = ", ".join(f"{harmless(name) or 'unknown'} {count:,}" for name, count in pairs[:15])
            made += ["", f"{title}: {listed}"]
    return made
