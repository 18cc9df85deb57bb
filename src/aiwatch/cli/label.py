"""``aiwatch label``: a person's judgement of an item, which stands over the rules', and which replay checks them against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from aiwatch import app
from aiwatch.cli import asked, given, mending, output
from aiwatch.cli.explain import find, flat, spoken
from aiwatch.detect.named import model_named
from aiwatch.identity import identity
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Modality, Model, Stage
from aiwatch.said import Saying
from aiwatch.settings import Config
from aiwatch.views import Label, Trace


@click.command("label")
@click.argument("ref", required=False)
@click.argument("verdict", required=False, type=click.Choice(["yes", "no"]))
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="The stage it should have.")
@click.option("--name", "names", multiple=True, type=given.name, help="The model that it is of; may be given again.")
@click.option("--vendor", type=given.name, help="Who makes it.")
@click.option("--modality", type=click.Choice([one.value for one in Modality]), help="Of what kind it is.")
@click.option("--apart", is_flag=True, help="It belongs to none of the stories that are there, but opens one of its own.")
@click.option("--note", default="", help="Why.")
@click.option("--remove", is_flag=True, help="Take the judgement of REF back: the rules have the word again.")
@output.options
@click.pass_obj
def command(obj: dict[str, str | None], /, ref: str | None, verdict: str | None, form: str | None, **said: Any) -> None:
    """Say that item REF (id or address) is an announcement (yes) or not (no), of which model, and at which stage.

    Your word stands over the rules': stories, lists and feeds follow at once, digests that are not sent yet too, and `aiwatch replay`
    checks the rules against it from then on. Nothing that was told is told again. Without arguments, list all judgements.
    """
    config = asked.reading(obj)
    if ref is None and any(said.values()):
        raise click.UsageError("say which item: its id or its address")
    if ref is None:
        _list(config, form)
        return
    if form in {"csv", "markdown"}:
        raise click.UsageError(f"--{form} is for the list of all judgements; --json tells of one")
    if (verdict is None) == (not said["remove"]):
        raise click.UsageError("say yes or no, or --remove")
    stage = Stage(said["stage"]) if said["stage"] else None
    if stage and verdict and _contradict(verdict, stage):
        raise click.UsageError(f"an item that is {'an' if verdict == 'yes' else 'no'} announcement is not at the stage {stage}")
    _judge(config, _item(config, ref), None if verdict is None else verdict == "yes", said, form)


def _judge(config: Config, trace: Trace, yes: bool | None, said: Mapping[str, Any], form: str | None) -> None:
    """Keep the judgement (None: take it back), let the past follow, and say what became of it."""
    item, stage = trace.item, Stage(said["stage"]) if said["stage"] else None
    if yes is None and not trace.labels:
        raise click.ClickException(f"{item.id} bears no judgement")
    models = _models(config, trace, said)
    label = Label(
        item_id=item.id, announcement=bool(yes), stage=stage, note=said["note"], at=app.now(), models=models, apart=said["apart"]
    )
    saying = Saying(taken_back=(item.id,)) if yes is None else Saying(labels=(label,))
    made = mending.mend(config, saying, asked=[item.id])
    done = {"item_id": item.id, "title": item.title, "announcement": yes, "stage": stage}
    if form:
        click.echo(encoded({**done, "models": jsonable(models), "apart": said["apart"]}))
        return
    click.echo(f"{'no longer judged' if yes is None else spoken(label)}: {flat(item.title)}")
    mending.report(made)


def _models(config: Config, trace: Trace, said: Mapping[str, Any]) -> tuple[Model, ...]:
    """The models that a person names; maker and kind are the rules' where nothing else is said. Empty: those that the rules found."""
    found = trace.detection.models if trace.detection else ()
    if not (said["names"] or said["vendor"] or said["modality"]):
        return ()
    if not (said["names"] or found):
        raise click.UsageError("the rules found no model there: say which it is, with --name")
    makers = dict.fromkeys(one.vendor for one in found if one.vendor)
    if said["vendor"] and not said["names"] and len(makers) > 1:
        raise click.UsageError(f"the rules found models by {' and '.join(makers)}: say which, with --name")
    rules = app.load_rules(config)
    first = next(iter(found), None)
    named = [model_named(name, rules) for name in said["names"]]
    named = [one if one.known or first is None else replace(one, vendor=first.vendor, modality=first.modality) for one in named]
    kind = Modality(said["modality"]) if said["modality"] else None
    made = [replace(one, vendor=said["vendor"] or one.vendor, modality=kind or one.modality) for one in named or found]
    return tuple({identity(one).key: one for one in reversed(made)}.values())[::-1]  # each once, as it is spelled first


_ONLY_NO = frozenset({Stage.RUMORED, Stage.DEPRECATED, Stage.NONE})  # stages of what is no announcement


def _contradict(verdict: str, stage: Stage) -> bool:
    """Whether no item can be both; an update may be an announcement (of a dated snapshot) or none."""
    return stage is not Stage.UPDATED and (verdict == "yes") == (stage in _ONLY_NO)


def _item(config: Config, ref: str) -> Trace:
    trace = find(config, ref)
    if trace is None:
        raise click.ClickException(
            f"there is no item {ref!r}; give its id, a beginning of it, or its address (`aiwatch search` finds items)"
        )
    return trace


def _list(config: Config, form: str | None) -> None:
    with app.open_library(config) as library:
        found = library.labels()
    output.show(
        output.Sheet(
            columns=("item", "announcement", "stage", "models", "title", "note", "judged"),
            rows=[
                (
                    one.item_id,
                    "yes" if one.announcement else "no",
                    one.stage,
                    _of(one),
                    item.title if item else "(gone)",
                    one.note,
                    one.at,
                )
                for one, item in found
            ],
            objects=[{**jsonable(one), "title": item.title if item else None} for one, item in found],
            empty="nothing is judged yet; `aiwatch label ID yes|no` does it",
            fluid=frozenset({"title", "note"}),
            spare=("judged", "models", "stage"),
        ),
        form,
    )


def _of(one: Label) -> str:
    return ", ".join([*(model.name for model in one.models), *(["apart"] if one.apart else [])])
