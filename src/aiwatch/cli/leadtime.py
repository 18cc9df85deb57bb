"""``aiwatch leadtime``: who was first, and how late the others are."""

from __future__ import annotations

import click

from aiwatch.cli import asked, output


@click.command("leadtime")
@click.option("--since", default="90d", show_default=True, help="Steps first seen since: a span ago, a day, or all.")
@click.option("--never-first", is_flag=True, help="Only sources that were never first: candidates to drop.")
@output.options
@click.pass_obj
def command(obj: dict[str, str | None], since: str, never_first: bool, form: str | None) -> None:
    """Show, source by source, how many steps it was the first with, and its median lag behind the first and behind the vendor."""
    start = None if since == "all" else asked.time(since, asked.now())
    with asked.library(obj) as library:
        records = [one for one in library.leadtime(start) if one.never_first or not never_first]
    output.show(
        output.Sheet(
            columns=("source", "tier", "reported", "first", "before vendor", "median lag", "behind vendor"),
            rows=[
                (one.source_id, one.tier, one.joined, one.first, one.before_vendor, one.median_lag, one.median_vendor_lag)
                for one in records
            ],
            objects=records,
            empty=f"no story was told since {since}; --since all looks at the whole archive",
            spare=("tier", "before vendor"),
            right=frozenset({"reported", "first", "before vendor", "median lag", "behind vendor"}),
        ),
        form,
    )
