"""What commands are told: which announcements are meant (in the words of pages, API and digests), whose configuration, what of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aiwatch.addresses import wrong_language
from aiwatch.errors import ConfigError
from aiwatch.filters import NAMES, filter_of, moment
from aiwatch.model import Modality, Source, Stage, Tier
from aiwatch.settings import Config, Polling, Recipient, Subscription
from aiwatch.store.library import Library

if TYPE_CHECKING:
    from aiwatch.rules import RuleSet  # takes its time to load, and few commands need it

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

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
        for lang in asked["lang"]:
            if wrong := wrong_language(lang):
                raise click.UsageError(f"--lang {lang}: {wrong}")
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


def time(text: str, now: datetime, option: str = "--since") -> datetime:
    """Return the time that an option means. Raises UsageError naming it."""
    try:
        return moment(text, now)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from error


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


def polling(obj: dict[str, str | None]) -> Polling:
    """How often is polled: as the configuration says, or as usual where the database alone is named (see ``library``)."""
    return Polling() if _alone(obj) else reading(obj).polling


def ruleset(obj: dict[str, str | None]) -> RuleSet:
    """The rules: the configuration's, or the shipped ones where the database alone is named (see ``library``)."""
    from aiwatch import app, rules

    return rules.load() if _alone(obj) else app.load_rules(reading(obj))


def sources(config: Config, ids: Sequence[str]) -> list[Source]:
    """The sources of these ids, each once. Raises UsageError naming ids that are none."""
    by_id = {one.id: one for one in config.sources}
    if unknown := [one for one in ids if one not in by_id]:
        raise click.UsageError(f"no such source: {', '.join(unknown)}; `aiwatch sources list` shows them")
    return [by_id[one] for one in dict.fromkeys(ids)]


def recipient(config: Config, name: str) -> Recipient:
    """The recipient of that id. Raises ConfigError naming those there are."""
    return _configured("recipient", name, config.recipient(name), config.recipients)


def subscription(config: Config, name: str) -> Subscription:
    """The digest of that id. Raises ConfigError naming those there are."""
    return _configured("digest", name, config.subscription(name), config.subscriptions)


def _configured(what: str, name: str, found: T | None, known: Sequence[Recipient | Subscription]) -> T:
    if found is None:
        raise ConfigError(f'there is no {what} "{name}"; configured are: {", ".join(one.id for one in known) or "none"}')
    return found


def library(obj: dict[str, str | None]) -> Library:
    """Open the database that the command line names, for reading.

    With ``--db`` the configuration is not needed, so that anybody's database can be asked from anywhere.
    """
    return Library(str(Path(obj["db"] or "").resolve()) if _alone(obj) else reading(obj).database)


def _alone(obj: dict[str, str | None]) -> bool:
    return bool(obj["db"]) and obj["db"] != ":memory:"
