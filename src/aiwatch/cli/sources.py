"""``aiwatch sources``: the commands about what is watched, under one name."""

from __future__ import annotations

import click

from aiwatch.cli import sourcesedit, sourceswatch


@click.group("sources")
def command() -> None:
    """What is watched: list, try, add, remove, pause, take in, give out."""


for _one in (
    sourceswatch.listed,
    sourceswatch.check,
    sourceswatch.gaps,
    sourceswatch.backfill,
    sourcesedit.add,
    sourcesedit.remove,
    sourcesedit.pause,
    sourcesedit.resume,
    sourcesedit.take_in,
    sourcesedit.export,
):
    command.add_command(_one)
