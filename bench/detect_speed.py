"""How many documents a second detection judges, beside what others would do with the same names; one run, one machine.

    python bench/detect_speed.py [--documents 2000] [FILE.jsonl]

Beside it stand: one plain ``re`` alternation over every spelling of the lexicon (finding names alone), spaCy's PhraseMatcher over the same
(where spaCy is installed), and our own automaton alone. These find names; detection finds, masks, weighs and explains. Absolute figures
are this machine's; the ratios are what carries.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.text import fold

OWN = Path(__file__).resolve().parent / "data" / "headlines.jsonl"


def rate(work: Callable[[], object], amount: int) -> float:
    """Documents a second, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return amount / best


def spellings(rule_set: rules.RuleSet) -> list[str]:
    """Every spelling of the lexicon."""
    data = rule_set.data
    names = [name for vendor in data.vendors.values() for name in (*vendor.names, *vendor.short)]
    names += [name for family in data.families.values() for name in family.names]
    return sorted({*names, *data.words.products, *data.words.nouns}, key=len, reverse=True)


def phrase_matcher(names: Sequence[str], texts: Sequence[str]) -> Callable[[], object] | None:
    """spaCy's PhraseMatcher over the same names, blank pipeline; None where spaCy is not installed."""
    try:
        import spacy  # type: ignore[import-not-found,unused-ignore]  # optional: only this comparison wants it
        from spacy.matcher import PhraseMatcher  # type: ignore[import-not-found,unused-ignore]  # the same
    except ImportError:
        return None
    pipeline = spacy.blank("xx")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("NAME", list(pipeline.pipe(names)))
    return lambda: [matcher(document) for document in pipeline.pipe(texts)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", nargs="?", type=Path, default=OWN)
    asked.add_argument("--documents", type=int, default=2000)
    args = asked.parse_args()
    rule_set = rules.load()
    lines = args.file.read_text("utf-8").splitlines()
    read = list(documents.read(lines, args.file.name, rule_set))
    items = list(islice(cycle(read), args.documents))
    texts = [f"{item.title}\n{item.summary}" for item, _ in items]
    names = spellings(rule_set)
    alternation = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    for item, source in read:
        detect(item, source, rule_set)  # compile and remember before the clock runs
    ours = rate(lambda: [detect(item, source, rule_set) for item, source in items], len(items))
    rows = [("detect: find, mask, weigh, explain", ours)]
    rows.append(
        ("our automaton: fold and find names", rate(lambda: [rule_set.hits(fold(text).low) for text in texts], len(texts)))
    )
    rows.append(("plain re alternation: find names", rate(lambda: [alternation.findall(text) for text in texts], len(texts))))
    spacy_work = phrase_matcher(names, texts)
    if spacy_work:
        rows.append(("spaCy PhraseMatcher: find names", rate(spacy_work, len(texts))))
    characters = sum(map(len, texts)) / len(texts)
    print(
        f"{len(names)} spellings, {len(rule_set.rules)} rules, {len(texts)} documents of {characters:.0f} characters on average"
    )
    for name, value in rows:
        print(f"{name:36} {value:9.0f} documents/s   {value * characters / 1000:8.0f} k characters/s   {value / ours:6.2f}")
    print(json.dumps({name.split(":")[0]: round(value) for name, value in rows}))


if __name__ == "__main__":
    main()
