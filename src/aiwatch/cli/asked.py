"""The options by which commands are told which announcements are meant; the same words as in pages, API and digests."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from aiwatch.asking import NAMES, filter_of, moment
from aiwatch.model import Modality, Stage, Tier
from aiwatch.settings import Config
from aiwatch.store.library import Library

F = TypeVar("F", bound=Callable[..., Any])

_HELP = {
    "vendor": "Who makes the model; may be given again for several.",
    "modality": f"What it makes or takes: {', '.join(Modality)}.",
    "stage": f"Which step: {', '.join(stage for stage in Stage if stage is not Stage.NONE)}, or all. Default: all but rumored.",
    "lang": "Language of the first report, such as ko.",
    "source": "Id of the source that had it first.",
    "tier": f"How near that source is to the vendor: {', '.join(Tier)}.",
}


def filters(command: F) -> F:
    """Give a command the filter options; it gets a ``Filter`` as ``wanted``."""

    @functools.wraps(command)
    def asking(*args: Any, **given: Any) -> Any:
        asked = {name: given.pop(name) for name in NAMES}
        for name in ("text", "min_score", "since", "until"):
            value = given.pop(name)
            asked[name] = () if value is None else (value,)
        try:
            wanted = filter_of(asked, now())
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        return command(*args, wanted=wanted, **given)

    made: Any = asking
    for name, told in (
        ("until", "Found before: a span ago (7d, 24h, 2w, 3mo) or a day."),
        ("since", "Found since: a span ago (7d, 24h, 2w, 3mo) or a day."),
        ("min_score", "At least this score."),
        ("text", "The model's name contains it."),
    ):
        made = click.option(f"--{name.replace('_', '-')}", name, help=told)(made)
    for name in reversed(NAMES):
        made = click.option(f"--{name}", name, multiple=True, help=_HELP[name])(made)
    return made  # type: ignore[no-any-return]  # click's decorators are typed by what they are given


def time(text: str | None, now: datetime) -> datetime | None:
    """Return the time that an option means. Raises UsageError."""
    try:
        return moment(text, now) if text else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


def configuration(obj: dict[str, str | None]) -> Config:
    """Return the configuration that the command line names."""
    from aiwatch import app  # knows every implementation, and takes its time to load

    return app.load_config(obj["config"] or "aiwatch.toml", obj["db"])


def reading(obj: dict[str, str | None]) -> Config:
    """The same for a command that connects to nobody: a secret that this shell does not have is left empty."""
    from aiwatch import app

    return app.load_config(obj["config"] or "aiwatch.toml", obj["db"], secrets=False)


def library(obj: dict[str, str | None]) -> Library:
    """Open the database that the command line names, for reading.

    With ``--db`` the configuration is not needed, so that anybody's database can be asked from anywhere.
    """
    if obj["db"] and obj["db"] != ":memory:":
        return Library(str(Path(obj["db"]).resolve()))
    return Library(reading(obj).database)
