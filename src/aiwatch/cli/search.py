"""``aiwatch search``: full text over everything that was ever seen."""

from __future__ import annotations

import click

from aiwatch.cli import asked, output
from aiwatch.errors import BadQuery
from aiwatch.views import Hit, Hits, plain


@click.command("search")
@click.argument("query", nargs=-1)
@click.option(
    "--sort", type=click.Choice(["newest", "best"]), default="newest", show_default=True, help="best: of the newest 500 hits."
)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@click.option("--cursor", help="Go on where the list before ended.")
@output.options
@click.pass_obj
def command(
    obj: dict[str, str | None], query: tuple[str, ...], sort: str, limit: int, cursor: str | None, form: str | None
) -> None:
    """Search all documents for words, in any language.

    \b
    소라                         also inside 소라를
    '"stable diffusion" -course'  a phrase, without a word (-- before a query that begins with -)
    vendor:openai stage:rumored lang:ko source:openai-news tier:primary modality:video is:announcement
    since:7d until:2024-02-22
    """  # noqa: D301  click's mark for "leave these lines as they are"
    try:
        with asked.library(obj) as library:
            found = library.search(" ".join(query), sort=sort, limit=limit, cursor=cursor, now=asked.now(), strict=True)
    except BadQuery as error:
        raise click.UsageError(str(error)) from error
    output.show(sheet(found), form)
    for note in found.notes:
        output.note(note)
    if found.window and sort == "best":
        output.note(f"best of {output.told(found.window[0])} to {output.told(found.window[1])} UTC")
    if found.cursor:
        output.note(f"there is more: --cursor {found.cursor}")


def sheet(found: Hits) -> output.Sheet:
    """Return hits as a list to show; in JSON title and snippet are texts, and ``marked`` holds their pieces."""
    return output.Sheet(
        columns=("seen", "source", "stage", "story", "title", "text", "item"),
        rows=[
            (
                hit.seen_at,
                hit.source_id,
                hit.stage if hit.stage.value != "none" else None,
                hit.story_name,
                hit.title,
                hit.snippet,
                hit.item_id,
            )
            for hit in found.hits
        ],
        objects=[_object(hit) for hit in found.hits],
        empty="no document matches",
        fluid=frozenset({"title", "text", "story"}),
        spare=("text", "stage", "story", "source"),
    )


def _object(hit: Hit) -> dict[str, object]:
    return {
        "item_id": hit.item_id,
        "title": plain(hit.title),
        "snippet": plain(hit.snippet),
        "url": hit.url,
        "source_id": hit.source_id,
        "source_name": hit.source_name,
        "tier": hit.tier,
        "lang": hit.lang,
        "seen_at": hit.seen_at,
        "published": hit.published,
        "story_id": hit.story_id,
        "story_name": hit.story_name,
        "vendor": hit.vendor,
        "stage": hit.stage,
        "announcement": hit.announcement,
        "marked": {"title": hit.title, "snippet": hit.snippet},
    }
