"""How many documents a second of its own time detection judges, beside what others would do with the same names.

    python bench/detect_speed.py [--documents 2000] [FILE.jsonl]

Beside it stand: one plain ``re`` alternation over every spelling of the lexicon (finding names alone), spaCy's PhraseMatcher over the same
(where spaCy is installed), and our own automaton alone. These find names, and it is printed how many, the longest where some overlap;
detection finds, masks, weighs and explains. Absolute figures are this machine's; the ratios are what carries. Without a FILE the documents
are those of ``bench/data/natural.jsonl``, in four languages.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.text import fold

NATURAL = Path(__file__).resolve().parent / "data" / "natural.jsonl"
Span = tuple[int, int]
Finder = Callable[[Sequence[str]], list[list[Span]]]


def rate(work: Callable[[], object], amount: int) -> float:
    """Documents a second of processor time, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return amount / best


def apart(found: Iterable[Span]) -> list[Span]:
    """The longest of spans that overlap."""
    kept: list[Span] = []
    for start, end in sorted(set(found), key=lambda span: (span[0] - span[1], span)):
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return kept


def spellings(rule_set: rules.RuleSet) -> list[str]:
    """Every spelling of the lexicon."""
    data = rule_set.data
    names = [name for vendor in data.vendors.values() for name in (*vendor.names, *vendor.short)]
    names += [name for family in data.families.values() for name in family.names]
    return sorted({*names, *data.words.products, *data.words.nouns}, key=len, reverse=True)


def finders(rule_set: rules.RuleSet, names: Sequence[str]) -> dict[str, Finder]:
    """Ways to find names in texts: where they stand in each text."""
    alternation = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    found: dict[str, Finder] = {
        "our automaton: fold and find names": lambda texts: [
            [(hit.start, hit.end) for hit in rule_set.hits(fold(text).low)] for text in texts
        ],
        "plain re alternation: find names": lambda texts: [
            [match.span() for match in alternation.finditer(text)] for text in texts
        ],
    }
    try:
        import spacy  # type: ignore[import-not-found,unused-ignore]  # optional: only this comparison wants it
        from spacy.matcher import PhraseMatcher  # type: ignore[import-not-found,unused-ignore]  # the same
    except ImportError:
        return found
    pipeline = spacy.blank("xx")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("NAME", list(pipeline.pipe(names)))

    def phrases(texts: Sequence[str]) -> list[list[Span]]:
        parsed = pipeline.pipe(texts)
        return [[(one[a:b].start_char, one[a:b].end_char) for _, a, b in matcher(one)] for one in parsed]

    return {**found, "spaCy PhraseMatcher: find names": phrases}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("file", nargs="?", type=Path, default=NATURAL)
    asked.add_argument("--documents", type=int, default=2000)
    args = asked.parse_args()
    rule_set = rules.load()
    lines = args.file.read_text("utf-8").splitlines()
    read = list(documents.read(lines, args.file.name, rule_set))
    items = list(islice(cycle(read), args.documents))
    texts = [f"{item.title}\n{item.summary}" for item, _ in items]
    names = spellings(rule_set)
    for item, source in read:
        detect(item, source, rule_set)  # compile and remember before the clock runs
    ours = rate(lambda: [detect(item, source, rule_set) for item, source in items], len(items))
    rows = [("detect: find, mask, weigh, explain", ours, "")]
    for name, find in finders(rule_set, names).items():
        many = sum(len(apart(spans)) for spans in find(texts))
        rows.append((name, rate(partial(find, texts), len(texts)), f"   {many} names"))
    characters = sum(map(len, texts)) / len(texts)
    print(
        f"{len(names)} spellings, {len(rule_set.rules)} rules, {len(texts)} documents of {characters:.0f} characters on average"
    )
    for name, value, told in rows:
        print(f"{name:36} {value:9.0f} documents/s   {value / ours:6.2f}{told}")
    print(json.dumps({name.split(":")[0]: round(value) for name, value, _ in rows}))


if __name__ == "__main__":
    main()
