"""``aiwatch names``: model names that were announced and that the lexicon does not have; accept them or ignore them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from aiwatch import app, mending, verdicts
from aiwatch.cli import asked, given, namesheet, output
from aiwatch.cli.mending import records, refusals, report
from aiwatch.cli.rewriting import rewrite
from aiwatch.errors import ConfigError
from aiwatch.jsonable import jsonable
from aiwatch.model import Modality
from aiwatch.rules import Family
from aiwatch.verdicts import MANY, Accepted, Names

AFTERWARDS = "A running service takes it up when it starts next; `aiwatch replay` shows what it changes."


as_json = click.option("--json", "as_json", is_flag=True, help="What was done, and what became of it, as one JSON object.")


@click.group("names")
def command() -> None:
    """Names seen in announcements that the lexicon does not have: list, accept, ignore, join."""


@command.command("list", short_help="List names that the lexicon does not have, newest first.")
@click.option(
    "--verdict",
    type=click.Choice(["undecided", "accepted", "ignored", "all"]),
    default="undecided",
    show_default=True,
    help="Only names of which you said so.",
)
@click.option("--limit", type=click.IntRange(1, MANY), default=50, show_default=True, help="At most so many.")
@output.options
@click.pass_obj
def listed(obj: dict[str, str | None], verdict: str, limit: int, form: str | None) -> None:
    """List names, newest first: since when later items are judged by each, and which item gave it, as `aiwatch explain` takes it.

    Plain names that nobody called a model's are listed, and not known until you accept them.
    "vendor listed" says whether the lexicon, or a source, has its maker.
    """
    config = asked.reading(obj)
    with app.open_library(config) as library:
        seen = library.names(None if verdict == "all" else verdict, MANY)
    loaded = app.load_rules(config)
    found = (verdicts.undecided(seen, loaded) if verdict == "undecided" else seen)[:limit]
    makers = {one.name for one in loaded.data.vendors.values()} | {one.vendor for one in config.sources if one.vendor}
    empty = "no name waits for a verdict" if verdict == "undecided" else "no such name was seen"
    output.show(namesheet.sheet(found, makers, empty), form)


@command.command("accept", short_help="Write names into your rules.toml as families of models.")
@click.argument("names", nargs=-1, required=True, type=given.name)
@click.option("--vendor", type=given.name, help="Who makes it; needed where no announcement said so.")
@click.option("--also", multiple=True, type=given.name, help="Another spelling, such as the Korean one; may be given again.")
@click.option(
    "--modality",
    type=click.Choice([one.value for one in Modality]),
    help="Of what kind they are; without it what was told of them, else text.",
)
@as_json
@click.pass_obj
def accept(
    obj: dict[str, str | None],
    names: tuple[str, ...],
    vendor: str | None,
    also: tuple[str, ...],
    modality: str | None,
    as_json: bool,
) -> None:
    """Write NAMES into your rules.toml as families of models, so that detection knows them from then on."""
    wanted = Accepted(names=names, vendor=vendor, also=also, modality=Modality(modality) if modality else None)
    with _own(obj) as own:
        verdict = verdicts.accept(own.names, wanted)
        written = own.keep(verdict.text)
        followed = verdicts.settle(own.names, verdict)
    lines = [f"{one.name}: a family of models by {one.vendor}{_unless(written, one.was)}" for one in verdict.families]
    told = [{"name": one.name, "vendor": one.vendor} | ({"was": one.was} if one.was else {}) for one in verdict.families]
    report({"families": told, "written": written}, [*lines, *_afterwards(written)], followed, as_json=as_json)


@command.command("ignore", short_help="Write names into your rules.toml as never a model's.")
@click.argument("names", nargs=-1, required=True, type=given.name)
@as_json
@click.pass_obj
def ignore(obj: dict[str, str | None], names: tuple[str, ...], as_json: bool) -> None:
    """Write NAMES into your rules.toml as words that are never a model's name, nor their versions.

    A name of the lexicon stays one: that is said, with what to write instead.
    """
    with _own(obj) as own:
        verdict = verdicts.ignore(own.names, names)
        written = own.keep(verdict.text)
        followed = verdicts.settle(own.names, verdict)
    lines = [f"{one}: never a model{_unless(written)}" for one in verdict.words]
    lines += [f"{own.path.name} has no family {one.key} by {one.vendor} any more{_also(one)}" for one in verdict.dropped]
    dropped = [{"name": one.key, "vendor": one.vendor, "also": [*_others(one)]} for one in verdict.dropped]
    done = {"ignored": verdict.words, "dropped": dropped, "written": written}
    report(done, [*lines, *_afterwards(written)], followed, as_json=as_json)


@command.command("same", short_help="Say that other names mean one model; its stories become one.")
@click.argument("name", required=False, type=given.name)
@click.argument("others", nargs=-1, type=given.name)
@click.option("--remove", is_flag=True, help="What was said is taken back: they are names of their own again.")
@output.options
@click.pass_obj
def same(obj: dict[str, str | None], name: str | None, others: tuple[str, ...], remove: bool, form: str | None) -> None:
    """Say that OTHERS (a nickname, another script's spelling) mean the model NAME: this one version, from now on and in the past.

    At once, and for a running service too. For all versions of a family, `aiwatch names accept NAME --also OTHER`. Without arguments,
    list them; with --remove, names that mean another are of their own again, also where that other is given with them.
    """
    if name is None:
        _list_same(obj, form)
        return
    if not (others or remove):
        raise click.UsageError("say which other names mean it")
    if form in {"csv", "markdown"}:
        raise click.UsageError(f"--{form} is for the list of all that was said; --json tells of this")
    app.need_database(asked.reading(obj))
    with _own(obj) as own:
        assert own.names.records is not None  # noqa: S101  there is a database
        if remove:
            _part(own.names.records, (name, *others), as_json=form is not None)
        else:
            _join(own.names, own.names.records, name, others, as_json=form is not None)


def _join(names: Names, records: mending.Records, name: str, others: Sequence[str], *, as_json: bool) -> None:
    model, followed = verdicts.join(names, records, name, others)
    maker = f" by {model.vendor}" if model.vendor else ""
    lines = [f"{other} means {model.name}{maker}" for other in others]
    report({"model": model, "same": others}, lines, followed, as_json=as_json)


def _part(records: mending.Records, names: Sequence[str], *, as_json: bool) -> None:
    followed = verdicts.part(records, names)
    line = f"{', '.join(names)}: of {'its' if len(names) == 1 else 'their'} own again"
    report({"parted": names}, [line], followed, as_json=as_json)


def _list_same(obj: dict[str, str | None], form: str | None) -> None:
    with app.open_library(asked.reading(obj)) as library:
        found = library.same_names()
    output.show(
        output.Sheet(
            columns=("name", "means", "vendor", "since"),
            rows=[(one.spelled, one.model.name, one.model.vendor, one.at) for one in found],
            objects=[jsonable(one) for one in found],
            empty="no name was said to mean another; `aiwatch names same NAME OTHER` does it",
            fluid=frozenset({"name", "means"}),
            spare=("since",),
        ),
        form,
    )


# --- where the verdicts are written -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The person's files that verdicts are written into, and what these go by."""

    file: Path  # aiwatch.toml
    path: Path  # rules.toml
    unread: bool  # the configuration reads no rules.toml yet
    names: Names

    def keep(self, text: str) -> list[str]:
        """Write the text of the rules, where it is another, and have the configuration read them. Returns the names of the files."""
        if text == self.names.text and not (self.unread and text):
            return []
        rewrite(self.path, text)
        if not self.unread:
            return [self.path.name]
        _refer(self.file, self.path)
        return [self.path.name, self.file.name]


@contextmanager
def _own(obj: dict[str, str | None]) -> Iterator[_Own]:
    """The files and the database for a verdict; what it refuses is told as wrong usage, or as what cannot be done."""
    file = Path(obj["config"] or "aiwatch.toml")
    config = asked.reading(obj)
    path = Path(config.rules) if config.rules else file.resolve().parent / "rules.toml"
    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""  # editors of Windows put a mark before it
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    with refusals(), records(config) if app.has_database(config) else nullcontext() as kept:
        names = verdicts.known(kept, text, app.shown(path))
        yield _Own(file=file, path=path, unread=config.rules is None, names=names)


def _refer(file: Path, path: Path) -> None:
    """Have the configuration read the overlay: a key before every table, so at the very top."""
    before = file.read_text("utf-8-sig") if file.exists() else ""  # a mark that is no longer at the very top would be a mistake
    rewrite(file, f'rules = "{path.name}"\n{before}')


def _unless(written: Sequence[str], was: str | None = None) -> str:
    """What is said behind a verdict that was there already, or takes the place of another."""
    if not written:
        return "; it is known as that already, and nothing was written"
    return f"; it was by {was}" if was else ""


def _others(family: Family) -> Iterator[str]:
    return (one for one in dict.fromkeys((*family.names, *family.aliases)) if one != family.key)


def _also(family: Family) -> str:
    """What whoever changes their mind has to say again."""
    others = ", ".join(_others(family))
    return f", nor its other spellings ({others})" if others else ""


def _afterwards(written: Sequence[str]) -> Iterator[str]:
    """What was written where, for a person; the first is the overlay, the other the configuration that reads it from now on."""
    if len(written) > 1:
        yield f'{written[1]} now has: rules = "{written[0]}"'
    if written:
        yield f"written to {written[0]}. {AFTERWARDS}"
