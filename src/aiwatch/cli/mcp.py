"""``aiwatch mcp``: tools for an assistant."""

from __future__ import annotations

import click

from aiwatch import app
from aiwatch.cli import asked, given


@click.command("mcp")
@click.option("--http", is_flag=True, help="Streamable HTTP on loopback instead of standard input and output.")
@click.option("--port", type=click.IntRange(1, 65535), default=8732, show_default=True, help="With --http.")
@click.pass_obj
def command(obj: dict[str, str | None], http: bool, port: int) -> None:
    """Serve the database to an assistant over the Model Context Protocol; read-only.

    Needs the extra: pip install "aiwatch[mcp]".
    """
    try:
        from aiwatch import mcp
    except ImportError as error:
        raise given.missing("mcp") from error
    config = asked.reading(obj)
    made = mcp.server(config, app.open_library(config), app.load_rules(config), app.now)
    if http:
        given.free("127.0.0.1", port)
        made.run("streamable-http", port=port)
    else:
        made.run("stdio")
