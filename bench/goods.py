"""Launches of what is no model of AI, each of which must stay silent: cars and cameras, apps and agents, chips and robots.

    python bench/goods.py [FILE]

A file has a headline a line; without one it is ``bench/data/goods.txt``, written by hand: products of 2024 to 2027, real ones and such as
could be, as the press of four languages launches them, with and without AI in them. Printed are those that would be told, with the score,
and their share. Exit 1 above the ceiling.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.model import Detection

GOODS = Path(__file__).resolve().parent / "data" / "goods.txt"
CEILING = 0.02  # of all headlines


def told(titles: Sequence[str]) -> list[tuple[str, Detection]]:
    """The headlines that the rules take for an announcement, each judged by itself as of the press."""
    loaded = rules.load()
    rows = [{"id": str(number), "title": title, "source": "The Evening Courier"} for number, title in enumerate(titles)]
    found = ((row["title"], detect(*documents.document(row, number, loaded), loaded)) for number, row in enumerate(rows))
    return [(title, detection) for title, detection in found if detection.announcement]


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else GOODS
    titles = path.read_text("utf-8").split("\n")[:-1]
    false = told(titles)
    for title, detection in false:
        print(f"{detection.score:5.2f}  {title}")
    print(f"{len(false)} of {len(titles)} would be told, {len(false) / len(titles):.3f}")
    return int(len(false) / len(titles) > CEILING)


if __name__ == "__main__":
    sys.exit(main())
