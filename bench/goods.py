"""Launches of what is no model of AI, each of which must stay silent: cars and cameras, apps and agents, chips and robots.

    python bench/goods.py [FILE]

A file has a headline a line, or, as ``.jsonl``, an object with title, summary, source and url. Without one two are read, written by hand:
``bench/data/goods.txt``, products of 2024 to 2027, real ones and such as could be, as the press of four languages launches them, with and
without AI in them; and ``bench/data/makers.jsonl``, what makers of models announce beside models, as feeds have it: apps, features, kits,
data, papers, chips, programmes, prices. Printed are those that would be told, with the score, and their share. Exit 1 above the ceiling.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.model import Detection

DATA = Path(__file__).resolve().parent / "data"
GOODS, MAKERS = DATA / "goods.txt", DATA / "makers.jsonl"
CEILINGS = {GOODS.name: 0.01, MAKERS.name: 0.05}  # of all headlines of a file
CEILING = 0.02  # of any other file's


def read(path: Path) -> list[dict[str, Any]]:
    """The headlines of a file as rows; those of a plain one are the press's."""
    lines = path.read_text("utf-8").split("\n")[:-1]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in lines]
    return [{"id": str(number), "title": title, "source": "The Evening Courier"} for number, title in enumerate(lines)]


def told(rows: Sequence[dict[str, Any]]) -> list[tuple[str, Detection]]:
    """The headlines that the rules take for an announcement, each judged by itself."""
    loaded = rules.load()
    found = ((row["title"], detect(*documents.document(row, number, loaded), loaded)) for number, row in enumerate(rows))
    return [(title, detection) for title, detection in found if detection.announcement]


def silent(path: Path) -> bool:
    """Whether no more of a file's headlines would be told than may be; each that would is printed."""
    rows = read(path)
    false = told(rows)
    for title, detection in false:
        print(f"{detection.score:5.2f}  {title}")
    share = len(false) / len(rows)
    print(f"{path.name}: {len(false)} of {len(rows)} would be told, {share:.3f}")
    return share <= CEILINGS.get(path.name, CEILING)


def main() -> int:
    paths = [Path(sys.argv[1])] if len(sys.argv) > 1 else [GOODS, MAKERS]
    verdicts = [silent(path) for path in paths]  # each is printed
    return int(not all(verdicts))


if __name__ == "__main__":
    sys.exit(main())
