"""``aiwatch label``: a person's judgement of an item, which stands over the rules', and which replay checks them against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from aiwatch import app, mending
from aiwatch.cli import asked, given, hints, output
from aiwatch.cli.explain import spoken
from aiwatch.cli.mending import records, report
from aiwatch.cli.output import flat
from aiwatch.detect.typed import model_named
from aiwatch.effects import followed
from aiwatch.feedback import Saying
from aiwatch.identity import identity
from aiwatch.jsonable import jsonable
from aiwatch.model import Modality, Model, Stage
from aiwatch.parse.markup import normal_title
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

    An address means every item that has it: a page that several sources list. Entries of one source that share a page are told apart by id.

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
    traces = _items(config, ref)
    if said["apart"] and len(traces) > 1:
        raise click.UsageError(f"--apart is for one item, and several have this address:\n{_which(traces)}")
    _judge(config, traces, None if verdict is None else verdict == "yes", said, form)


def _judge(config: Config, traces: Sequence[Trace], yes: bool | None, said: Mapping[str, Any], form: str | None) -> None:
    """Keep the judgement (None: take it back), let the past follow, and say what became of it."""
    items = [trace.item for trace in traces]
    if yes is None and not any(trace.labels for trace in traces):
        raise click.ClickException(f"{items[0].id} bears no judgement")
    models = _models(config, traces, said)
    stage = Stage(said["stage"]) if said["stage"] else None
    labels = tuple(
        Label(
            item_id=one.id,
            announcement=bool(yes),
            stage=stage,
            note=said["note"],
            at=app.now(),
            models=models,
            apart=said["apart"],
        )
        for one in items
    )
    back = tuple(trace.item.id for trace in traces if trace.labels)
    with records(config) as kept:
        made = mending.mend(
            kept, Saying(taken_back=back) if yes is None else Saying(labels=labels), asked=[one.id for one in items]
        )
    done: dict[str, object] = {"item_id": items[0].id, "item_ids": [one.id for one in items], "title": items[0].title}
    done |= {"announcement": yes, "stage": stage, "models": models, "apart": said["apart"]}
    report(done, _lines(traces, labels, yes), followed(made), as_json=form is not None)


def _lines(traces: Sequence[Trace], labels: Sequence[Label], yes: bool | None) -> list[str]:
    """What is said of each item; whose it is, where several were judged."""
    several = len(traces) > 1
    return [
        f"{'no longer judged' if yes is None else spoken(label)}: {flat(trace.item.title)}"
        + (f" ({flat(trace.source_name)})" if several else "")
        for trace, label in zip(traces, labels, strict=True)
    ]


def _models(config: Config, traces: Sequence[Trace], said: Mapping[str, Any]) -> tuple[Model, ...]:
    """The models that a person names; maker and kind are the rules' where nothing else is said. Empty: those that the rules found."""
    found = next((trace.detection.models for trace in traces if trace.detection and trace.detection.models), ())
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


def _items(config: Config, ref: str) -> list[Trace]:
    """What a person means by an id, or an address: one page that several sources list, but not one of several entries of a page."""
    app.need_database(config)
    with app.open_library(config) as library:
        found = library.traces(ref.strip())
        story = None if found else hints.of_story(library, ref.strip())
    if story:
        raise click.ClickException(story)
    if not found:
        raise click.ClickException(
            f"there is no item {ref!r}; give its id, a beginning of it, or its address (`aiwatch search` finds items)"
        )
    entries = {(one.source_id, normal_title(one.item.title)) for one in found}
    if len(entries) > len({one.source_id for one in found}):
        raise click.ClickException(f"several entries have this address: say which you mean, by its id\n{_which(found)}")
    return found


def _which(traces: Sequence[Trace]) -> str:
    return "\n".join(f"  {one.item.id}  {flat(one.item.title)} ({flat(one.source_name)})" for one in traces)


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
