"""``aiwatch demo``: the whole pipeline against the newsroom that the package carries."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import click
from rich.console import Console

from aiwatch.cli import running


@click.command("demo")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("db"),
    show_default=True,
    help="Where demo.db, demo.toml and demo-sources.toml are left.",
)
@click.option("--checks", is_flag=True, help="List every expectation, not only those that were not met.")
def command(directory: Path, checks: bool) -> None:
    """Play 13 to 22 February 2024 through the real pipeline, on loopback, and show what a person would see.

    Exit 0 if everything expected happened, 1 otherwise.
    """
    from aiwatch.demo import articles, ledger, play, screen, verdict, workspace

    running.start_log("text", "error")
    began = time.monotonic()
    world = articles.world()
    place = workspace.Workspace(directory=directory)
    with screen.Screen(Console(), world, _program(sys.argv[0])) as shown:
        diary = play.play(world, place, shown)
        found = ledger.read(world, place, play.END)
        judged = verdict.verdict(world, found, diary)
        shown.closing(found, diary, judged, place, time.monotonic() - began)
        if checks:
            shown.checks(judged)
    if any(not check.met for check in judged):
        sys.exit(1)


def _program(called: str) -> str:
    """What a person types to call this program: its path where its name alone would find none, or another one."""
    path = Path(called)
    if path.name != "aiwatch" or not path.is_file():
        return "aiwatch"
    found = shutil.which("aiwatch")
    if found and Path(found).samefile(path):
        return "aiwatch"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else called
