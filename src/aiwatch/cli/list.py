"""``aiwatch list``: announcements, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from aiwatch.cli import asked, hints, output
from aiwatch.filters import unpolled
from aiwatch.model import Entry, Filter
from aiwatch.settings import Polling
from aiwatch.store.library import Library
from aiwatch.views import SORTS

if TYPE_CHECKING:
    from aiwatch.rules.values import Vendor


@click.command("list")
@asked.filters
@click.option("--sort", type=click.Choice(SORTS), default="newest", show_default=True, help="What comes first.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@click.option("--cursor", help="Go on where the list before ended.")
@click.option(
    "--silent", is_flag=True, help="Also what was recorded and not told, and why: first polls, old news, what a person took back."
)
@output.options
@click.pass_obj
def command(
    obj: dict[str, str | None], wanted: Filter, sort: str, limit: int, cursor: str | None, silent: bool, form: str | None
) -> None:
    """List announcements: which model took which step, and who had it first."""
    with asked.library(obj) as library:
        entries, following = library.announcements(wanted, sort=sort, limit=limit, cursor=cursor, silent=silent)
        why = [] if entries else _why(library, wanted, asked.polling(obj))
    output.show(sheet(entries, silent=silent), form)
    for one in why:
        output.note(one)
    if following:
        output.note(f"there is more: --cursor {following}")


def _why(library: Library, wanted: Filter, polling: Polling) -> list[str]:
    """Why nothing can match: a name of the filter is nobody's, or nobody has looked for news lately."""
    seen = {name for name, _ in library.stats().vendors if name}
    sources = {one.id for one in library.sources()} if wanted.sources else set()
    stale = unpolled(library.last_poll(), polling, asked.now())
    hint = hints.unmatched(wanted, _vendors() if wanted.vendors else {}, seen, sources)
    return [*hint, *([stale] if stale else [])]


def _vendors() -> Mapping[str, Vendor]:
    from aiwatch import rules  # which take their time to load, and are asked where nothing was found

    return rules.load().data.vendors


def sheet(entries: list[Entry], *, silent: bool = False) -> output.Sheet:
    """Return announcements as a list to show; ``silent``: with why one was not told, or is told no more."""
    why = ("silent",) if silent else ()
    return output.Sheet(
        columns=("found", "stage", "model", "vendor", "modality", "outlets", "source", "title", "story", *why),
        rows=[
            (
                entry.announcement.at,
                entry.announcement.stage,
                entry.announcement.name,
                entry.announcement.vendor,
                entry.announcement.modality,
                len({one.source_id for one in entry.coverage}),
                entry.announcement.source_id,
                entry.announcement.title,
                entry.announcement.story_id,
                *((entry.announcement.silent,) if silent else ()),
            )
            for entry in entries
        ],
        objects=entries,
        empty="no announcement matches; `aiwatch list --stage all --silent` shows everything that was recorded",
        right=frozenset({"outlets"}),
        fluid=frozenset({"title", "model", *why}),
        spare=("outlets", "modality", "source", "story"),
    )
