"""Headlines that are judged right, changed: so that a careful reader judges them alike, or takes them for no launch any more.

    python bench/changed.py [--set natural] [--every 1] [--show NAME]

``dressed``: what outlets put before, behind and around a title changes no verdict. ``turned``: of each launch of one model its maker and
its name in a headline of the press that tells none. Printed are the changes with a wrong verdict, of how many, the worst first; ``--show``
prints the headlines of one. The rules were mended by such changes (``data/changes.toml``), so these figures flatter; what they are for is
the next change of a rule. ``--every 1`` takes some minutes.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import accuracy
from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.model import Detection, Item, Source

PRESS = Source(id="paper", url="https://paper.example/news", name="A paper")
CHANGES = tomllib.loads((Path(__file__).resolve().parent / "data" / "changes.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Change:
    """A headline as it was changed, with the verdict that it must have; ``how`` it was."""

    how: str
    item: Item
    source: Source
    announcement: bool


def right(name: str, every: int) -> Iterator[tuple[accuracy.Row, Item, Source]]:
    """Of every so many-th headline of a set those that are judged right, each by itself."""
    rule_set, path = rules.load(), accuracy.SETS[name]
    lines = path.read_text("utf-8").splitlines()
    rows = [row for row, _ in accuracy.judge(path)]
    for row, (item, source) in list(zip(rows, documents.read(lines, path.name, rule_set), strict=True))[::every]:
        if detect(item, source, rule_set).announcement == row["announcement"]:
            yield row, item, source


def changes(row: accuracy.Row, item: Item, source: Source) -> Iterator[Change]:
    """All changes of one headline."""
    for how in CHANGES.get(row["lang"], {}).get("dressed", ()):
        yield Change(f"{row['lang']} dressed {how}", replace(item, title=how.format(item.title)), source, row["announcement"])
    models = row["models"]
    if row["announcement"] and len(models) == 1 and models[0].get("vendor"):
        for how in CHANGES.get(row["lang"], {}).get("turned", ()):
            title = how.format(V=models[0]["vendor"], N=models[0]["name"])
            told = replace(item, title=title, summary="", content="", url=PRESS.url)
            yield Change(f"{row['lang']} turned {how}", told, PRESS, announcement=False)


def main() -> None:
    """Print what changed verdicts."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--set", default="natural", choices=[name for name, path in accuracy.SETS.items() if path.exists()])
    asked.add_argument("--every", type=int, default=4, help="take every so many-th headline")
    asked.add_argument("--show", default="", help="print the headlines of the changes with this in their name")
    args = asked.parse_args()
    rule_set = rules.load()
    tried: dict[str, int] = {}
    wrong: dict[str, list[tuple[Change, Detection]]] = {}
    for headline in right(args.set, args.every):
        for change in changes(*headline):
            tried[change.how] = tried.get(change.how, 0) + 1
            found = detect(change.item, change.source, rule_set)
            if found.announcement != change.announcement:
                wrong.setdefault(change.how, []).append((change, found))
    for how in sorted(wrong, key=lambda how: -len(wrong[how]) / tried[how]):
        print(f"{len(wrong[how]):5} of {tried[how]:5}  {how}")
        for change, found in wrong[how] if args.show and args.show in how else ():
            print(f"{'':16}{found.score:6.2f}  {change.item.title}")
    for kind in ("dressed", "turned"):
        count = sum(len(one) for how, one in wrong.items() if f" {kind} " in how)
        print(f"{kind}: {count} of {sum(n for how, n in tried.items() if f' {kind} ' in how):,} wrong")


if __name__ == "__main__":
    main()
