"""What commands that take a person's word have in common: the database to keep it in, and what is said of what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import click

from aiwatch import app
from aiwatch.cli.output import flat
from aiwatch.effects import Followed
from aiwatch.errors import Refused, Unclear
from aiwatch.jsonable import encoded, jsonable
from aiwatch.mending import Records
from aiwatch.settings import Config
from aiwatch.stories.story import titled


@contextmanager
def records(config: Config) -> Iterator[Records]:
    """What a word is kept and followed with. Raises StoreError where there is no database."""
    app.need_database(config)
    with app.open_library(config) as archive, app.open_store(config) as store:
        yield Records(store=store, archive=archive, config=config, now=app.now())


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be done is told as a command tells it; how it was asked, with the command's usage. Its lines may bear others' words."""
    try:
        yield
    except Unclear as error:
        raise click.UsageError(_flat(error)) from error
    except Refused as error:
        raise click.ClickException(_flat(error)) from error


def _flat(error: Refused) -> str:
    return "\n".join(map(flat, str(error).split("\n")))


def report(done: Mapping[str, object], lines: Iterable[str], made: Followed, *, as_json: bool) -> None:
    """Say what was done and what became of it: in ``lines`` and a line each, or both as one JSON object."""
    if as_json:
        click.echo(encoded(jsonable({**done, "followed": made})))
        return
    for line in lines:
        click.echo(line)
    for one in made.announcements:
        click.echo(f"  {flat(titled(one.vendor, one.name))} ({one.stage.value}): {flat(one.became)}")
    if made.joined:
        click.echo(f"  joined in silence: {', '.join(map(flat, made.joined))}")
