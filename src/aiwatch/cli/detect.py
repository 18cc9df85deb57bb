"""``aiwatch detect``: documents in, one JSON line each out."""

from __future__ import annotations

from typing import Any

import click

from aiwatch import app, batch, documents
from aiwatch.cli import asked
from aiwatch.cli.given import contents
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Detection


@click.command("detect")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--announcements", is_flag=True, help="Print only the documents that are announcements.")
@click.pass_obj
def command(obj: dict[str, str | None], file: str, announcements: bool) -> None:
    """Judge the documents of a JSON Lines FILE (or - for standard input); print one JSON object a line, in the order of the file.

    A document has "title", and where known "id", "summary", "url", "source" (the outlet's name), "published", "lang". Each line out has
    "id", "announcement", "stage", "models", "event" (the story's step, over the whole file in time order), "score" and "evidence".
    A line that is no document is named on standard error; the rest goes on, and the exit status is 1. A date that is none is named, too;
    its document is judged as one without a date.
    """
    rules = app.load_rules(asked.reading(obj))
    remarks = documents.Remarks()
    read = documents.read(documents.lines(contents(file)), file, rules, remarks.wrong, remarks.odd)
    judged = batch.judged(read, rules)
    events = batch.events(judged)
    for item, _, detection in judged:
        if detection.announcement or not announcements:
            click.echo(encoded(_object(detection, events.get(item.id))))
    for error in remarks.said:
        click.echo(str(error), err=True)
    if remarks.broken:
        raise click.exceptions.Exit(1)


def _object(detection: Detection, event: str | None) -> dict[str, Any]:
    return {
        "id": detection.item_id,
        "announcement": detection.announcement,
        "stage": detection.stage.value,
        "models": [{"name": m.name, "vendor": m.vendor, "modality": m.modality.value} for m in detection.models],
        "event": event,
        "score": detection.score,
        "threshold": detection.threshold,
        "evidence": jsonable(detection.evidence),
        "near": jsonable(detection.near),
    }
