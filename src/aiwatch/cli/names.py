"""``aiwatch names``: model names that were announced and that the lexicon does not have; accept them or ignore them."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import click

from aiwatch import app, overlay, rules
from aiwatch.cli import asked, given, mending, namesheet, output, refusing
from aiwatch.cli.rewriting import rewrite
from aiwatch.detect.heard import family_of
from aiwatch.detect.nameable import ignored
from aiwatch.detect.named import family_named, model_named
from aiwatch.detect.naming import build
from aiwatch.errors import ConfigError
from aiwatch.identity import identity
from aiwatch.jsonable import jsonable
from aiwatch.model import HeardName, Modality, Model, Story
from aiwatch.rules import Family
from aiwatch.said import SameName, Saying
from aiwatch.settings import Config
from aiwatch.text import fold
from aiwatch.views import NameSeen

MANY = 100_000  # more names than anybody judges
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
    undecided = verdict == "undecided"  # what the lexicon has by now, from a newer version or a rules.toml, waits for no word
    found = list(islice((one for one in seen if not (undecided and family_named(one.spelled, loaded))), limit))
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
    if also and len(names) > 1:
        raise click.UsageError("--also belongs to one name; accept them one by one")
    desk = _desk(obj)
    text, judged, families = desk.text, list[NameSeen](), list[dict[str, str]]()
    for name in names:
        family, maker, kind, listed = desk.accepted(name, vendor)
        spellings = [one for one in (desk.spelling(one, listed) for one in also) if one]
        told = kind if kind is not Modality.TEXT else None
        text = overlay.accept(
            text, family, maker, spellings, Modality(modality) if modality else told, app.shown(desk.path), listed
        )
        called = {one.casefold() for one in (family, *spellings)}
        judged += [one for one in desk.names if family_of(one.spelled, desk.loaded).casefold() in called]
        families.append({"name": family, "vendor": maker})
    written = desk.keep(text, judged, "accepted")
    known = "" if written else "; it is known as that already, and nothing was written"
    lines = [f"{one['name']}: a family of models by {one['vendor']}{known}" for one in families]
    followed = desk.rejudge(judged, [*names, *also], text)
    mending.report({"families": families, "written": written}, [*lines, *_afterwards(written)], followed, as_json=as_json)


@command.command("ignore", short_help="Write names into your rules.toml as never a model's.")
@click.argument("names", nargs=-1, required=True, type=given.name)
@as_json
@click.pass_obj
def ignore(obj: dict[str, str | None], names: tuple[str, ...], as_json: bool) -> None:
    """Write NAMES into your rules.toml as words that are never a model's name, nor their versions.

    A name of the lexicon stays one: that is said, with what to write instead.
    """
    desk = _desk(obj)
    text, words = desk.text, list[str]()
    for name in names:
        seen = desk.seen(name)
        words.append(seen.spelled if seen else name)
        text = overlay.ignore(text, words[-1], app.shown(desk.path))
    desk.refuse_listed(words, text)
    loaded = rules.load(text, app.shown(desk.path))
    judged = [one for one in desk.names if ignored(loaded, one.spelled)]
    written = desk.keep(text, judged, "ignored")
    lines = [f"{one}: never a model" for one in words]
    followed = desk.rejudge(judged, names, text)
    mending.report({"ignored": words, "written": written}, [*lines, *_afterwards(written)], followed, as_json=as_json)


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
    desk = _desk(obj)
    app.need_database(desk.config)
    if remove:
        desk.part((name, *others), as_json=form is not None)
    else:
        desk.join(name, others, as_json=form is not None)


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
class _Desk:
    """The overlay as it stands, and the names the database has seen."""

    config: Config
    file: Path  # aiwatch.toml
    path: Path  # rules.toml
    text: str
    names: Sequence[NameSeen]
    said: Sequence[HeardName]  # the names whose makers people gave, newest first
    loaded: rules.RuleSet

    def seen(self, name: str) -> NameSeen | None:
        """The seen name that is spelled so, or has that key."""
        return next((one for one in self.names if name.casefold() in (one.spelled.casefold(), one.name_key)), None)

    def version_of(self, name: str) -> NameSeen | None:
        """A seen name whose family is called so."""
        return next((one for one in self.names if family_of(one.spelled, self.loaded).casefold() == name.casefold()), None)

    def accepted(self, name: str, vendor: str | None) -> tuple[str, str, Modality, Family | None]:
        """What accepting writes: family, maker and kind, and the lexicon's family where it has that.

        Raises UsageError where nobody said who makes it, where it is another's in the lexicon, and where it is no name.
        """
        seen = self.seen(name) or self.version_of(name)
        spelled = seen.spelled if seen else name
        told = self.told(spelled, back=True)
        maker = vendor or self.said_of(name) or told.vendor or (seen.vendor if seen else None)
        if listed := refusing.listed(spelled, maker, self.loaded, self.path.name):
            return listed.key, listed.vendor, told.modality, listed
        own = family_named(spelled, self.loaded)  # one that the overlay has
        family = own.key if own else family_of(spelled, self.loaded)
        refusing.plain(family, self.path.name)
        if not maker:
            raise click.UsageError(f"nobody said who makes {name}: give --vendor")
        return family, maker, told.modality, None

    def spelling(self, other: str, listed: Family | None) -> str:
        """Another spelling of a family, as accepting writes it; nothing where the family has it. Raises UsageError as ``accepted`` does."""
        if found := refusing.listed(other, None, self.loaded, self.path.name):
            if listed and found.key == listed.key:
                return ""
            raise click.UsageError(f"{other} is {found.vendor}'s in the lexicon, of the family {found.key}; nothing was written")
        family = family_of(other, self.loaded)
        refusing.plain(family, self.path.name)
        return family

    def refuse_listed(self, names: Sequence[str], text: str) -> None:
        """A name that a family of models has under the rules of ``text`` would be heard all the same. Raises ClickException."""
        loaded = rules.load(text, app.shown(self.path))
        for name in names:
            hits = [hit for hit in loaded.hits(fold(name).low) if hit.start == 0 and hit.term.kind in {"family", "versioned"}]
            if hits and model_named(name, loaded).known:
                family = loaded.family(hits[0].term.key)
                stays = (
                    f"{name} is of the family {family.key} by {family.vendor}, and stays a model's name; nothing was written. "
                )
                if not rules.load().lists(family.key):
                    raise click.ClickException(f"{stays}`aiwatch names ignore {shlex.quote(family.key)}` ends the whole family")
                raise click.ClickException(
                    f"{stays}A false alarm: `aiwatch label ITEM no`. Where other things are called so: "
                    f'"{family.key}" = {{ weak = true }} under [families] of {self.path.name} counts it beside its maker alone'
                )

    def keep(self, text: str, judged: Sequence[NameSeen], verdict: str) -> list[str]:
        """Load the rules from the new text, and only then write it, and the verdicts into the database. Returns the names of the files."""
        rules.load(text, app.shown(self.path))
        unread = self.config.rules is None and text
        written = self._write(text) if text != self.text or unread else []
        if judged:
            with app.open_store(self.config) as store:
                for one in judged:
                    store.judge_name(one.name_key, verdict, app.now())
        return written

    def _write(self, text: str) -> list[str]:
        rewrite(self.path, text)
        if self.config.rules is not None:
            return [self.path.name]
        _refer(self.file, self.path)
        return [self.path.name, self.file.name]

    def rejudge(self, seen: Sequence[NameSeen], names: Sequence[str], text: str) -> mending.Followed:
        """Let the stories of these families, of every version, follow the rules with that text; the seen names are by their makers."""
        if not app.has_database(self.config):
            return mending.Followed()
        loaded = rules.load(text, app.shown(self.path))
        families = {identity(build(name)).family for name in (*(one.spelled for one in seen), *names)}
        families |= {identity(build(one.spelled, vendor=one.vendor)).family for one in seen}
        families |= {identity(model).family for model in self._called(names)}
        found = self._stories([f"{family}|*" for family in families])
        with app.open_library(self.config) as library:
            back = [one for one in library.withdrawn() if _of(one.models, families)]
            items = mending.members(library, [story.id for story in (*found, *back)])
            judged = mending.again(self.config, loaded, library, [*items, *mending.naming(library, back)])
        kept = tuple(one for one in judged.detections if one.item_id in items or _of(one.models, families))
        return mending.followed(mending.mend(self.config, replace(judged, detections=kept)))

    def _called(self, names: Sequence[str]) -> list[Model]:
        """The models of stories that are called so, with their makers: a name that begins with its maker's is another by itself."""
        wanted = {name.casefold() for name in names}
        with app.open_library(self.config) as library:
            lines = [line for name in names for line in library.stories(text=name)[0]]
            stories = [*(line.story for line in lines), *library.withdrawn()]
        return [model for story in stories for model in story.models if model.name.casefold() in wanted]

    def join(self, name: str, others: Sequence[str], *, as_json: bool) -> None:
        """Keep that other names mean a model, and make its stories one."""
        model, said = self.told(name), [(other, self.told(other)) for other in others]
        keys = [identity(other).key for _, other in said]
        if identity(model).key in keys:
            raise click.UsageError(f"that is the same name already; {model.name} is how it is kept")
        if model.vendor is None:  # what has no story of its own is by the maker of what it is the other name of
            model = next((replace(model, vendor=o.vendor, modality=o.modality) for _, o in said if o.vendor), model)
        words = [
            SameName(name_key=key, spelled=spelled, vendor=other.vendor, model=model, at=app.now())
            for key, (spelled, other) in zip(keys, said, strict=True)
        ]
        around = (identity(model).key,) if self._leads(model, keys) else ()
        made = mending.of_names(self.config, Saying(same=tuple(words), parted=around), keys)
        maker = f" by {model.vendor}" if model.vendor else ""
        lines = [f"{other} means {model.name}{maker}" for other in others]
        mending.report({"model": model, "same": others}, lines, mending.followed(made), as_json=as_json)

    def _leads(self, model: Model, keys: Collection[str]) -> bool:
        """Whether that name was said to mean one of these, by whatever ways: it is the other way round now."""
        with app.open_library(self.config) as library:
            means = {one.name_key: identity(one.model).key for one in library.same_names()}
        key, met = identity(model).key, set[str]()
        while key in means and key not in met:
            met.add(key)
            key = means[key]
        return key in keys or not met.isdisjoint(keys)

    def part(self, names: Sequence[str], *, as_json: bool) -> None:
        """Let names be names of their own again."""
        with app.open_library(self.config) as library:
            known = {one.spelled.casefold(): one for one in library.same_names()}
        said = [known[name.casefold()] for name in names if name.casefold() in known]
        meant = {one.model.name.casefold() for one in said}  # what they are taken apart from may be named beside them
        if stray := next((name for name in names if name.casefold() not in {*known, *meant}), None):
            others = [one.spelled for one in known.values() if one.model.name.casefold() == stray.casefold()]
            named = ", ".join(map(shlex.quote, others))
            does = f"it is what {named} means; say which: `aiwatch names same --remove {shlex.quote((others or [''])[0])}`"
            lists = "`aiwatch names same` lists them"
            raise click.ClickException(f"{stray} was not said to mean another name; {does if others else lists}")
        parted = Saying(parted=tuple(one.name_key for one in said))
        made = mending.of_names(self.config, parted, [identity(one.model).key for one in said])
        line = f"{', '.join(names)}: of {'its' if len(names) == 1 else 'their'} own again"
        mending.report({"parted": names}, [line], mending.followed(made), as_json=as_json)

    def _stories(self, keys: Sequence[str]) -> list[Story]:
        with app.open_library(self.config) as library:
            return library.answering(keys)

    def said_of(self, name: str) -> str | None:
        """The maker that a person gave last to the name, or to a version of its family."""
        wanted = family_of(name, self.loaded).casefold()
        versions = (one for one in self.said if family_of(one.name, self.loaded).casefold() == wanted)
        return next((one.vendor for one in versions), None)

    def _withdrawn(self) -> list[Story]:
        with app.open_library(self.config) as library:
            return library.withdrawn()

    def told(self, name: str, *, back: bool = False) -> Model:
        """The model of that name as its story has it, with maker and kind as people may have mended them; else as the rules read it.

        ``back``: what a story had that was taken back counts as well.
        """
        model = model_named(name, self.loaded)
        key = identity(model).key
        if not app.has_database(self.config):
            return model
        stories = self._stories([key]) or (self._withdrawn() if back else [])
        of = [one for story in stories for one in story.models if identity(one).key == key] or (
            self._called([name]) if back else []
        )
        return max(of, key=lambda one: (one.name.casefold() == name.casefold(), one.vendor is not None), default=model)


def _of(models: Sequence[Model], families: Collection[str]) -> bool:
    """Whether one of the models is of one of the families, as identities spell them."""
    return any(identity(model).family in families for model in models)


def _desk(obj: dict[str, str | None]) -> _Desk:
    file = Path(obj["config"] or "aiwatch.toml")
    config = asked.reading(obj)
    path = Path(config.rules) if config.rules else file.resolve().parent / "rules.toml"
    names, said = list[NameSeen](), list[HeardName]()
    if app.has_database(config):
        with app.open_library(config) as library:
            names = library.names(None, MANY)
            said = [one for one in reversed(library.heard()) if one.said]
    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""  # editors of Windows put a mark before it
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    loaded = rules.load(text or None, app.shown(path))
    return _Desk(config=config, file=file, path=path, text=text, names=names, said=said, loaded=loaded)


def _refer(file: Path, path: Path) -> None:
    """Have the configuration read the overlay: a key before every table, so at the very top."""
    before = file.read_text("utf-8-sig") if file.exists() else ""  # a mark that is no longer at the very top would be a mistake
    rewrite(file, f'rules = "{path.name}"\n{before}')


def _afterwards(written: Sequence[str]) -> Iterator[str]:
    """What was written where, for a person; the first is the overlay, the other the configuration that reads it from now on."""
    if len(written) > 1:
        yield f'{written[1]} now has: rules = "{written[0]}"'
    if written:
        yield f"written to {written[0]}. {AFTERWARDS}"
