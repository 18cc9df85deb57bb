"""``aiwatch names``: model names that were announced and that the lexicon does not have; accept them or ignore them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from aiwatch import app, overlay, rules
from aiwatch.cli import asked, output
from aiwatch.cli.rewriting import rewrite
from aiwatch.detect.heard import family_of
from aiwatch.errors import ConfigError
from aiwatch.jsonable import jsonable
from aiwatch.model import Modality
from aiwatch.settings import Config
from aiwatch.views import NameSeen

_YES = {True: "yes", False: "no", None: None}
MANY = 100_000  # more names than anybody judges
AFTERWARDS = "A running service takes it up when it starts next; `aiwatch replay` shows what it changes."


@click.group("names")
def command() -> None:
    """Names seen in announcements that the lexicon does not have."""


@command.command("list", short_help="List them, newest first.")
@click.option("--verdict", type=click.Choice(["undecided", "accepted", "ignored", "all"]), default="undecided", show_default=True)
@click.option("--limit", type=click.IntRange(1, MANY), default=50, show_default=True)
@output.options
@click.pass_obj
def listed(obj: dict[str, str | None], verdict: str, limit: int, form: str | None) -> None:
    """List names, newest first: since when later items are judged by each, and which item gave it, as `aiwatch explain` takes it.

    Plain names that nobody called a model's are listed, and not known until you accept them.
    "vendor listed" says whether the lexicon, or a source, has its maker.
    """
    config = asked.reading(obj)
    with app.open_library(config) as library:
        found = library.names(None if verdict == "all" else verdict, limit)
    makers = {one.name for one in app.load_rules(config).data.vendors.values()} | {
        one.vendor for one in config.sources if one.vendor
    }
    empty = "no name waits for a verdict" if verdict == "undecided" else "no such name was seen"
    output.show(sheet(found, makers, empty), form)


def sheet(found: Sequence[NameSeen], makers: Collection[str], empty: str) -> output.Sheet:
    """Names as a list to show; ``makers`` are those that a list has."""
    listed = [one.vendor in makers if one.vendor else None for one in found]
    return output.Sheet(
        columns=("name", "vendor", "vendor listed", "known since", "items", "verdict", "title", "item"),
        rows=[
            (one.spelled, one.vendor, _YES[known], one.heard_at, one.seen, one.verdict, one.title, one.first_item_id)
            for one, known in zip(found, listed, strict=True)
        ],
        objects=[{**jsonable(one), "vendor_listed": known} for one, known in zip(found, listed, strict=True)],
        empty=empty,
        right=frozenset({"items"}),
        fluid=frozenset({"title", "name"}),
        spare=("verdict", "items", "vendor listed", "title"),
    )


@command.command("accept", short_help="Write names into your rules.toml as families of models.")
@click.argument("names", nargs=-1, required=True)
@click.option("--vendor", help="Who makes it; needed where no announcement said so.")
@click.option("--also", multiple=True, help="Another spelling, such as the Korean one; may be given again.")
@click.option("--modality", type=click.Choice([one.value for one in Modality]), default="text", show_default=True)
@click.pass_obj
def accept(obj: dict[str, str | None], names: tuple[str, ...], vendor: str | None, also: tuple[str, ...], modality: str) -> None:
    """Write NAMES into your rules.toml as families of models, so that detection knows them from then on."""
    if also and len(names) > 1:
        raise click.UsageError("--also belongs to one name; accept them one by one")
    desk = _desk(obj)
    text, judged = desk.text, []
    for name in names:
        seen = desk.seen(name)
        maker = vendor or (seen.vendor if seen else None)
        if not maker:
            raise click.UsageError(f"nobody said who makes {name}: give --vendor")
        family = family_of(seen.spelled if seen else name, desk.loaded)
        text = overlay.accept(text, family, maker, also, Modality(modality), desk.path.name)
        judged += [one for one in desk.names if family_of(one.spelled, desk.loaded).casefold() == family.casefold()]
        click.echo(f"{family}: a family of models by {maker}")
    desk.keep(text, judged, "accepted")


@command.command("ignore", short_help="Write names into your rules.toml as never a model's.")
@click.argument("names", nargs=-1, required=True)
@click.pass_obj
def ignore(obj: dict[str, str | None], names: tuple[str, ...]) -> None:
    """Write NAMES into your rules.toml as words that are never a model's name."""
    desk = _desk(obj)
    text, judged = desk.text, []
    for name in names:
        seen = desk.seen(name)
        judged += [seen] if seen else []
        text = overlay.ignore(text, seen.spelled if seen else name, desk.path.name)
        click.echo(f"{seen.spelled if seen else name}: never a model")
    desk.keep(text, judged, "ignored")


# --- where the verdicts are written -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """The overlay as it stands, and the names the database has seen."""

    config: Config
    file: Path  # aiwatch.toml
    path: Path  # rules.toml
    text: str
    names: Sequence[NameSeen]
    loaded: rules.RuleSet

    def seen(self, name: str) -> NameSeen | None:
        """The seen name that is spelled so, or has that key."""
        return next((one for one in self.names if name.casefold() in (one.spelled.casefold(), one.name_key)), None)

    def keep(self, text: str, judged: Sequence[NameSeen], verdict: str) -> None:
        """Load the rules from the new text, and only then write it, and the verdicts into the database."""
        rules.load(text, self.path.name)
        rewrite(self.path, text)
        if self.config.rules is None:
            _refer(self.file, self.path)
        if judged:
            with app.open_store(self.config) as store:
                for one in judged:
                    store.judge_name(one.name_key, verdict, app.now())
        click.echo(f"written to {self.path.name}. {AFTERWARDS}")


def _desk(obj: dict[str, str | None]) -> _Desk:
    file = Path(obj["config"] or "aiwatch.toml")
    config = asked.reading(obj)
    path = Path(config.rules) if config.rules else file.resolve().parent / "rules.toml"
    names: list[NameSeen] = []
    if app.has_database(config):
        with app.open_library(config) as library:
            names = library.names(None, MANY)
    try:
        text = path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return _Desk(config=config, file=file, path=path, text=text, names=names, loaded=rules.load(text or None, path.name))


def _refer(file: Path, path: Path) -> None:
    """Have the configuration read the overlay: a key before every table, so at the very top."""
    before = file.read_text("utf-8") if file.exists() else ""
    rewrite(file, f'rules = "{path.name}"\n{before}')
    click.echo(f'{file.name} now has: rules = "{path.name}"')
