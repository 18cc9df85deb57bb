"""``aiwatch label``: a person's judgement of an item, which stands over the rules', and which replay checks them against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from aiwatch import app, labelling
from aiwatch.cli import asked, given, hints, output
from aiwatch.cli.explain import spoken
from aiwatch.cli.mending import records, refusals, report
from aiwatch.cli.output import flat
from aiwatch.jsonable import jsonable
from aiwatch.labelling import Judgement, Word
from aiwatch.model import Modality, Stage
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
    with refusals():
        word = _word(verdict, said)
        with records(config) as kept:
            traces = labelling.items(kept.archive, ref.strip())
            if not traces:
                raise click.ClickException(_nowhere(config, ref))
            made = labelling.judge(kept, traces, word, lambda: app.load_rules(config))
    _report(traces, word, made, as_json=form is not None)


def _word(verdict: str | None, said: Mapping[str, Any]) -> Word:
    """What a person says, by the options of the command."""
    return Word(
        announcement=None if verdict is None else verdict == "yes",
        stage=Stage(said["stage"]) if said["stage"] else None,
        names=said["names"],
        vendor=said["vendor"],
        modality=Modality(said["modality"]) if said["modality"] else None,
        apart=said["apart"],
        note=said["note"],
    )


def _nowhere(config: Config, ref: str) -> str:
    """What is said where nothing has that id or address."""
    with app.open_library(config) as library:
        story = hints.of_story(library, ref.strip())
    return story or f"there is no item {ref!r}; give its id, a beginning of it, or its address (`aiwatch search` finds items)"


def _report(traces: Sequence[Trace], word: Word, made: Judgement, *, as_json: bool) -> None:
    items = [trace.item for trace in traces]
    done: dict[str, object] = {"item_id": items[0].id, "item_ids": [one.id for one in items], "title": items[0].title}
    done |= {"announcement": word.announcement, "stage": word.stage, "models": made.models, "apart": word.apart}
    report(done, _lines(traces, word, made.labels), made.followed, as_json=as_json)


def _lines(traces: Sequence[Trace], word: Word, labels: Sequence[Label]) -> list[str]:
    """What is said of each item; whose it is, where several were judged."""
    several = len(traces) > 1
    return [
        f"{'no longer judged' if word.announcement is None else spoken(label)}: {flat(trace.item.title)}"
        + (f" ({flat(trace.source_name)})" if several else "")
        for trace, label in zip(traces, labels, strict=True)
    ]


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
