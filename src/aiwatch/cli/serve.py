"""``aiwatch serve``: pages and API."""

from __future__ import annotations

import click
import uvicorn

from aiwatch import app
from aiwatch.cli import asked, given
from aiwatch.settings import Config
from aiwatch.web.app import make_app, settle
from aiwatch.web.auth import new_token
from aiwatch.web.door import Door


@click.command("serve")
@click.option("--host", help="Overrides web.host; anything but loopback needs web.token_hash.")
@click.option("--port", type=click.IntRange(0, 65535), help="Overrides web.port.")
@click.option("--new-token", is_flag=True, help="Print a token and its hash for the configuration, and stop.")
@click.pass_obj
def command(obj: dict[str, str | None], host: str | None, port: int | None, new_token: bool) -> None:
    """Serve the pages, the API and the feeds over the database; read-only, on loopback unless told otherwise."""
    if new_token:
        _print_token()
        return
    config = app.with_web(_configuration(obj), host, port)
    with app.open_library(config) as library:
        made = make_app(config, library, app.load_rules(config), app.now)
        settle()
        given.free(config.web.host, config.web.port)
        click.echo(f"http://{config.web.host}:{config.web.port}/  (stop with Ctrl-C)")
        uvicorn.run(
            made,
            host=config.web.host,
            port=config.web.port,
            log_level="warning",
            server_header=False,
            proxy_headers=config.web.proxy,
            h11_max_incomplete_event_size=64 * 1024,
            timeout_keep_alive=15,
            http=Door,
        )


def _configuration(obj: dict[str, str | None]) -> Config:
    """Pages send nothing, and go without a mail server's password: not without what proves who may read, or leave a digest."""
    config = asked.reading(obj)
    needed = [] if config.web.token_hash is None else [config.web.token_hash]
    if config.web.base_url:
        needed += [one.address for one in config.recipients]
    return config if all(needed) else asked.configuration(obj)


def _print_token() -> None:
    token, hashed = new_token()
    click.echo(f"token (keep it, it is shown once):  {token}")
    click.echo(f'for aiwatch.toml:                   [web]\n                                    token_hash = "{hashed}"')
