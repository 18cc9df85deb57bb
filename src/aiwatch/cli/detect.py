"""``aiwatch detect``: documents in, one JSON line each out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from aiwatch import app, archive, documents
from aiwatch.detect import detect
from aiwatch.errors import ConfigError
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
    """
    rules = app.load_rules(app.load_config(obj["config"] or "aiwatch.toml", obj["db"]))
    judged = [(item, source, detect(item, source, rules)) for item, source in documents.read(_lines(file), file, rules)]
    events = archive.events(judged)
    for item, _, detection in judged:
        if detection.announcement or not announcements:
            click.echo(encoded(_object(detection, events.get(item.id))))


def _lines(file: str) -> list[str]:
    try:
        return sys.stdin.read().splitlines() if file == "-" else Path(file).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error


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
