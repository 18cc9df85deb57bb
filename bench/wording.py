"""Learn how announcements are worded: weights for stretches of masked titles, from labelled headlines.

    python bench/wording.py TRAIN.jsonl... --write        fit, and write src/aiwatch/rules/wording.tsv
    python bench/wording.py TRAIN.jsonl... --check X.jsonl   fit, and print figures on X with and without

Lines are documents of ``aiwatch detect`` with ``announcement`` (and, where the reader was unsure, ``"sure": false``, which counts less).
Names are masked before anything is learned, so that no model, maker or version can be: ``{V} launches {M}``. The packaged weights were
fitted on headlines that are not part of this repository; bench/RESULTS.md says on which.

FTRL-Proximal (McMahan et al., "Ad Click Prediction: a View from the Trenches", KDD 2013), which leaves most weights at nought. Two
bounds make the law hold that unrelated text never raises a score: what also stands in titles without any name may only count against,
and the end of a title may only count for.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.detect.engine import look
from aiwatch.rules import RuleSet
from aiwatch.rules.wording import LONGEST, MASKS, Wording, plain, stretches, written

ALPHA, BETA = 0.08, 1.0  # of the learning rate
L1, L2 = 4.0, 1.0
EPOCHS = 5
RARE = 5  # a stretch in fewer titles is not learned,
RARE_FOR = 8  # and one in fewer than that may only count against
UNSURE = 0.4  # how much a label counts of which its reader was not sure
SHIFT = 1.0  # log odds by which a title is lifted: the rules have asked for the rest
JOINS = (" ", "' ", '" ', "」 ", ") ")  # between a name that ends a title and a sentence after it


@dataclass(frozen=True, slots=True)
class Example:
    """A title as it is learned from."""

    text: str
    announced: bool
    weight: float


def examples(paths: Iterable[Path], ruleset: RuleSet) -> list[Example]:
    """The labelled documents of the files, masked."""
    found = []
    for path in paths:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        for row, (item, source) in zip(rows, _read(rows, path, ruleset), strict=True):
            title = look(item, source, ruleset).title
            weight = 1.0 if row.get("sure", True) else UNSURE
            found.append(Example(plain(title.masked), bool(row["announcement"]), weight))
    return found


def _read(rows: Sequence[dict[str, Any]], path: Path, ruleset: RuleSet) -> Iterable[Any]:
    keys = ("id", "title", "summary", "url", "source", "published", "lang")
    return documents.read([json.dumps({key: row.get(key) for key in keys}) for row in rows], str(path), ruleset)


def counted(rows: Sequence[Example]) -> Counter[str]:
    """In how many titles each stretch stands."""
    return Counter(stretch for row in rows for stretch in stretches(row.text))


def unrelated(rows: Sequence[Example], words: dict[str, int]) -> set[int]:
    """Which stretches stand in titles without a name, or where such a title follows a name."""
    found: set[int] = set()
    for row in rows:
        if any(mask in row.text for mask in MASKS):
            continue
        opening = row.text[1 : LONGEST + 1]
        joined = (f"{mask}{join}{opening}" for mask in MASKS for join in JOINS)
        for text in (row.text, *joined):
            found.update(words[s] for s in stretches(text) if s in words)
    return found


def fit(rows: Sequence[Example], seen: Counter[str], words: dict[str, int], *, seed: int = 1) -> tuple[list[float], float]:
    """Weights by number of stretch, and the bias."""
    only_against = unrelated(rows, words) | {at for stretch, at in words.items() if seen[stretch] < RARE_FOR}
    only_for = {at for stretch, at in words.items() if stretch.endswith("$")}
    z, n, w = [0.0] * len(words), [0.0] * len(words), [0.0] * len(words)
    bias, bias_n = 0.0, 0.0
    data = [([words[s] for s in stretches(row.text) if s in words], row) for row in rows]
    order = random.Random(seed)  # shuffling, no secret
    for _ in range(EPOCHS):
        order.shuffle(data)
        for numbers, row in data:
            odds = bias + sum(w[at] for at in numbers)
            wrong = (1 / (1 + math.exp(-max(min(odds, 30.0), -30.0))) - row.announced) * row.weight
            bias_n += wrong * wrong
            bias -= ALPHA / (BETA + math.sqrt(bias_n)) * wrong
            square = wrong * wrong
            for at in numbers:
                root = math.sqrt(n[at])
                n[at] += square
                z[at] += wrong - (math.sqrt(n[at]) - root) / ALPHA * w[at]
                w[at] = _proximal(z[at], n[at])
                if (w[at] > 0 and at in only_against) or (w[at] < 0 and at in only_for):
                    w[at] = 0.0
    return w, bias


def _proximal(z: float, n: float) -> float:
    """A weight from its running sums (the paper's algorithm 1)."""
    if abs(z) <= L1:
        return 0.0
    return -(z - math.copysign(L1, z)) / ((BETA + math.sqrt(n)) / ALPHA + L2)


def learned(rows: Sequence[Example]) -> Wording:
    """What the titles teach."""
    seen = counted(rows)
    words = {stretch: at for at, stretch in enumerate(sorted(s for s, n in seen.items() if n >= RARE))}
    weights, bias = fit(rows, seen, words)
    table = {stretch: round(weights[at], 3) for stretch, at in words.items() if round(weights[at], 3)}
    return Wording(weights=table, bias=round(bias + SHIFT, 3), titles=len(rows))


def figures(path: Path, ruleset: RuleSet) -> str:
    """Precision, recall and F1 of documents."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    hits = wrong = missed = 0
    for row, (item, source) in zip(rows, _read(rows, path, ruleset), strict=True):
        told = detect(item, source, ruleset).announcement
        hits += told and row["announcement"]
        wrong += told and not row["announcement"]
        missed += not told and row["announcement"]
    return f"P {hits / max(1, hits + wrong):.3f} R {hits / max(1, hits + missed):.3f} F1 {2 * hits / max(1, 2 * hits + wrong + missed):.3f}"


def main() -> None:
    """Fit, then write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    ruleset = rules.load()
    wording = learned(examples(options.train, ruleset))
    print(f"{wording.titles} titles, {len(wording.weights)} stretches, bias {wording.bias}")
    for path in options.check:
        with_it, without = ruleset.with_wording(wording), ruleset.with_wording(None)
        print(f"{path.name}: without {figures(path, without)}; with {figures(path, with_it)}")
    if options.write:
        Path(str(files("aiwatch.rules").joinpath("wording.tsv"))).write_text(written(wording), encoding="utf-8")


if __name__ == "__main__":
    main()
