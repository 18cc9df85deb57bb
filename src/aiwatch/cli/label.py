"""``aiwatch label``: a person's judgement of an item, kept for replay and for the accuracy gate."""

from __future__ import annotations

import click

from aiwatch import app
from aiwatch.cli import asked, output
from aiwatch.cli.explain import find, flat
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Stage
from aiwatch.settings import Config


@click.command("label")
@click.argument("ref", required=False)
@click.argument("verdict", required=False, type=click.Choice(["yes", "no"]))
@click.option(
    "--stage", type=click.Choice([stage.value for stage in Stage]), help="The stage it should have; checked only where given."
)
@click.option("--note", default="", help="Why.")
@click.option("--remove", is_flag=True, help="Take the judgement of REF back.")
@output.options
@click.pass_obj
def command(
    obj: dict[str, str | None], ref: str | None, verdict: str | None, stage: str | None, note: str, remove: bool, form: str | None
) -> None:
    """Say that item REF (id or address) is an announcement (yes) or not (no); `aiwatch replay` checks it from then on.

    Without arguments, list all judgements.
    """
    config = asked.reading(obj)
    if ref is None and (remove or stage or note):
        raise click.UsageError("say which item: its id or its address")
    if ref is None:
        _list(config, form)
        return
    if form in {"csv", "markdown"}:
        raise click.UsageError(f"--{form} is for the list of all judgements; --json tells of one")
    if (verdict is None) == (not remove):
        raise click.UsageError("say yes or no, or --remove")
    if stage and verdict and _contradict(verdict, Stage(stage)):
        raise click.UsageError(f"an item that is {'an' if verdict == 'yes' else 'no'} announcement is not at the stage {stage}")
    item_id, title = _item(config, ref)
    with app.open_store(config) as store:
        if remove:
            if not store.unlabel(item_id):
                raise click.ClickException(f"{ref} bears no judgement")
        else:
            store.label(item_id, verdict == "yes", Stage(stage) if stage else None, note, app.now())
    done = {"item_id": item_id, "title": title, "announcement": None if remove else verdict == "yes", "stage": stage}
    said = "no longer judged" if remove else f"{verdict}{f', {stage}' if stage else ''}"
    click.echo(encoded(done) if form else f"{said}: {flat(title)}")


_ONLY_NO = frozenset({Stage.RUMORED, Stage.DEPRECATED, Stage.NONE})  # stages of what is no announcement


def _contradict(verdict: str, stage: Stage) -> bool:
    """Whether no item can be both; an update may be an announcement (of a dated snapshot) or none."""
    return stage is not Stage.UPDATED and (verdict == "yes") == (stage in _ONLY_NO)


def _item(config: Config, ref: str) -> tuple[str, str]:
    trace = find(config, ref)
    if trace is None:
        raise click.ClickException(
            f"there is no item {ref!r}; give its id, a beginning of it, or its address (`aiwatch search` finds items)"
        )
    return trace.item.id, trace.item.title


def _list(config: Config, form: str | None) -> None:
    with app.open_library(config) as library:
        found = library.labels()
    output.show(
        output.Sheet(
            columns=("item", "announcement", "stage", "title", "note", "judged"),
            rows=[
                (one.item_id, "yes" if one.announcement else "no", one.stage, item.title if item else "(gone)", one.note, one.at)
                for one, item in found
            ],
            objects=[{**jsonable(one), "title": item.title if item else None} for one, item in found],
            empty="nothing is judged yet; `aiwatch label ID yes|no` does it",
            fluid=frozenset({"title", "note"}),
            spare=("judged", "stage"),
        ),
        form,
    )
