"""``aiwatch sql``: people's own SQL, reading only."""

from __future__ import annotations

import click

from aiwatch.cli import asked, output
from aiwatch.views import Limits


@click.command("sql")
@click.argument("query")
@click.option(
    "-p", "--param", "params", type=(str, str), multiple=True, metavar="NAME VALUE", help="Gives :NAME in the query a value."
)
@click.option("--seconds", type=click.FloatRange(0.01, 600), default=10.0, show_default=True, help="Stop after so long.")
@click.option("--rows", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Stop after so many.")
@output.options
@click.pass_obj
def command(
    obj: dict[str, str | None], query: str, params: tuple[tuple[str, str], ...], seconds: float, rows: int, form: str | None
) -> None:
    """Run one SELECT over the views and tables of docs/schema.md; it can read, and nothing else.

    aiwatch sql "SELECT vendor, count(*) FROM announcements WHERE told GROUP BY vendor"
    """
    with asked.library(obj) as library:
        table = library.sql(query, dict(params), Limits(seconds=seconds, rows=rows, size=64 * 1024 * 1024))
    output.show(
        output.Sheet(
            columns=table.columns,
            rows=[tuple(f"<{len(cell)} bytes>" if isinstance(cell, bytes) else cell for cell in row) for row in table.rows],
            empty="no rows",
            fluid=frozenset(table.columns),
        ),
        form,
    )
    if table.truncated:
        output.note(f"only the first {len(table.rows)} rows; --rows gives more")
