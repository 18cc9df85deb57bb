"""How well stories join what is one event and part what is two, apart from detection.

    python bench/events.py [--shared ../shared] [--errors]

The labelled documents' own models and stages are fed through ``batch.events`` as if detection had been perfect; printed are
B-cubed precision, recall, F1 and alerts per event (events that were told in more than one piece), per file and for both together.
With ``--detector`` the rules judge the documents, and what both sides call an announcement is scored; with ``--renamed`` they judge those
that name a listed family, with every family renamed (``bench/renamed.py``), so that every name is one that nobody told them.
Exit 1 below the floor: F1 0.93, 1.10 alerts an event.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from aiwatch import batch, documents, rules
from aiwatch.detect import detect
from aiwatch.detect.typed import model_named
from aiwatch.model import Detection, Judged, Modality, Stage, Tier
from aiwatch.rules import RuleSet
from renamed import pairs  # the bench beside this one

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
FLOOR_F1, CEILING_ALERTS = 0.93, 1.10


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_detect", shared / "tools" / "score_detect.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def perfect(row: Row, number: int, rules: RuleSet) -> Judged:
    """The document with its own labels as the detection; press throughout, as the labels know no tier."""
    item, source = documents.document(row, number, rules)
    named = ((model_named(m["name"], rules), m) for m in row["models"])
    models = tuple(replace(model, vendor=m["vendor"], modality=Modality(m["modality"])) for model, m in named)
    detection = Detection(item_id=item.id, announcement=row["announcement"], stage=Stage(row["stage"]), models=models)
    return Judged(item, replace(source, tier=Tier.PRESS, vendor=None), detection)


def found(row: Row, number: int, rules: RuleSet) -> Judged:
    item, source = documents.document(row, number, rules)
    return Judged(item, source, detect(item, source, rules))


def judged_as(path: Path, loaded: RuleSet, judge: Callable[[Row, int, RuleSet], Judged]) -> tuple[list[Row], list[Judged]]:
    """A file's documents, each judged by itself."""
    part = rows(path)
    return part, [judge(row, number, loaded) for number, row in enumerate(part)]


def unheard_of(path: Path, loaded: RuleSet) -> tuple[list[Row], list[Judged]]:
    """A file's documents with their families renamed, judged in the order of their dates."""
    renamed = [row for _, row in pairs(path, loaded, makers=False)]
    lines = [json.dumps(row, ensure_ascii=False) for row in renamed]
    return renamed, list(batch.judged(documents.read(lines, path.name, loaded), loaded))


def measure(score: ModuleType, gold: Iterable[Row], events: dict[str, str]) -> dict[str, float]:
    pairs = [(row["event"], events[row["id"]]) for row in gold if row["announcement"] and row["event"] and row["id"] in events]
    figures: dict[str, float] = score.bcubed(pairs)
    return figures


def show_errors(gold: list[Row], events: dict[str, str]) -> None:
    """Documents whose event was told in pieces, and pieces that hold two events."""
    counted = [row for row in gold if row["announcement"] and row["id"] in events]
    by_event: dict[str, set[str]] = {}
    by_piece: dict[str, set[str]] = {}
    for row in counted:
        by_event.setdefault(row["event"], set()).add(events[row["id"]])
        by_piece.setdefault(events[row["id"]], set()).add(row["event"])
    for row in sorted(counted, key=lambda row: (row["event"], str(row["published"]))):
        piece = events[row["id"]]
        kind = "split " if len(by_event[row["event"]]) > 1 else "merged" if len(by_piece[piece]) > 1 else ""
        if kind:
            print(kind, piece[:6], row["event"], row["published"], row["stage"], [m["name"] for m in row["models"]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--errors", action="store_true", help="list the documents of split and of merged events")
    parser.add_argument("--detector", action="store_true", help="judge with the rules instead of taking the labels")
    parser.add_argument("--renamed", action="store_true", help="let them judge documents with every family renamed")
    args = parser.parse_args()
    files = [path for name in ("dev.jsonl", "dev2.jsonl") if (path := args.shared / "data" / name).exists()]
    if not files:
        print(f"events: no labelled file under {args.shared}", file=sys.stderr)
        return 2
    score, ok, loaded, judge = scorer(args.shared), True, rules.load(), found if args.detector else perfect
    read = [unheard_of(path, loaded) if args.renamed else judged_as(path, loaded, judge) for path in files]
    whole = ([row for part, _ in read for row in part], [one for _, judged in read for one in judged])
    for label, (part, judged) in zip([*(path.name for path in files), "together"], [*read, whole], strict=True):
        passed = {item.id for item, _, detection in judged if detection.announcement}
        events = {item_id: event for item_id, event in batch.events(judged).items() if item_id in passed}
        figures = measure(score, part, events)
        print(label.ljust(12), "  ".join(f"{name} {value}" for name, value in figures.items()))
        ok = ok and figures["f1"] >= FLOOR_F1 and figures["alerts_per_event"] <= CEILING_ALERTS
        if args.errors and label == "together":
            show_errors(part, events)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
