"""Whether one launch of a model in no list is one story, in whatever language, script and spelling it is reported.

    python bench/languages.py [--sets 400] [--seed 15] [--show]

Each set is one launch under an invented name, by an invented or a listed maker: four to eight reports in English, Korean, Japanese and
Chinese within three days, in headlines of ``bench/data/launches.toml``, in half of the sets one on the maker's own page. Names are spelled
as outlets do: with a blank, a hyphen or a v before the version, in their own script or in Latin letters, now and then with the other in
brackets. Printed are the share of reports heard, by language, and the launches told in more than one story, by the shape of the name. The
rates follow this mix and are none of real news; what they show is what breaks.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiwatch import batch, documents, rules
from aiwatch.rules import RuleSet

DATA: dict[str, Any] = tomllib.loads((Path(__file__).resolve().parent / "data" / "launches.toml").read_text("utf-8"))
LANGUAGES = ("en", "ko", "ja", "zh")
SHAPES = {"version": 28, "variant": 12, "plain": 14, "pair": 10, "code": 14, "han": 9, "hangul": 7, "kana": 6}
HOME = {"han": "zh", "hangul": "ko", "kana": "ja"}
VERSIONS = ("2", "3", "4", "1.5", "2.5", "3.1", "5", "1.0", "2.0")
START = datetime(2026, 10, 6, 6, tzinfo=UTC)
Row = dict[str, str]


def version(rng: random.Random, number: str, word: str) -> str:
    """A version as an outlet writes it behind a word: `` 4``, ``-4``, `` v4``, ``4.0``."""
    if not number:
        return ""
    said = number.removesuffix(".0") if rng.random() < 0.5 else number
    apart = [0.62, 0.18, 0.06, 0.04, 0.1] if word.isascii() else [0.5, 0.06, 0.04, 0.0, 0.4]
    between = rng.choices([" ", "-", " v", " V", ""], apart)[0]
    return (" " if word.endswith(")") else between) + said


def spelled(rng: random.Random, shape: str, name: Sequence[str], number: str, language: str) -> str:
    """The name as an outlet of that language spells it."""
    if shape == "code":
        return name[0] if rng.random() < 0.7 else name[0].replace("-", " ", 1)
    at = LANGUAGES.index(language)
    if shape in HOME:  # its own script, and Latin letters
        own, latin = name
        word = latin
        if language == HOME[shape]:
            word = rng.choices([own, f"{own}({latin})", latin], [0.6, 0.25, 0.15])[0]
        return word + version(rng, number, word)
    word, variant = name[0], ""
    if at in {1, 2}:
        word = rng.choices([name[at], name[0], f"{name[at]}({name[0]})"], [0.6, 0.3, 0.1])[0]
    if shape == "variant":
        kind = DATA["variants"][sum(map(ord, name[0])) % len(DATA["variants"])]
        variant = " " + kind[at if at in {1, 2} and not word.isascii() else 0]
    return word + version(rng, number, word) + variant


def filled(text: str, maker: str, name: str, kind: str) -> str:
    """A headline with its names, and the Korean particles that follow them."""
    text = text.replace("{N}", name).replace("{M}", maker).replace("{K}", kind)
    while match := re.search(r"\{(un|ul|i)\}", text):
        last = text[: match.start()].rstrip("'’\")」")[-1]
        closed = (ord(last) - 0xAC00) % 28 != 0 if "가" <= last <= "힣" else last.lower() in "013678lmnrbkt"
        said = {"un": "은는", "ul": "을를", "i": "이가"}[match[1]]
        text = text[: match.start()] + said[not closed] + text[match.end() :]
    return text


def launch(rng: random.Random) -> tuple[str, list[Row]]:
    """The shape of an invented name, and the reports of its launch in a random order."""
    shape = rng.choices(list(SHAPES), list(SHAPES.values()))[0]
    words = {"pair": "pairs", "code": "codes", **{one: one for one in HOME}}.get(shape, "words")
    name = rng.choice(DATA[words])
    name = [name] if isinstance(name, str) else name
    number = "" if shape == "plain" else rng.choice(VERSIONS)
    maker, kind, size = rng.choice(DATA["makers"]), rng.choice(DATA["kinds"]), rng.randint(4, 8)
    own = rng.randrange(size) if rng.random() < 0.5 else None
    rows = []
    for at in range(size):
        language = rng.choice([*LANGUAGES, *([HOME[shape]] * 3 if shape in HOME else [])])
        part = DATA[language]
        title, lead = rng.choice(part["own" if at == own else "press"])
        source, host = (maker[0], maker[4]) if at == own else rng.choice(part["outlets"])
        of = maker[LANGUAGES.index(language)], spelled(rng, shape, name, number, language), kind[LANGUAGES.index(language)]
        when = START + timedelta(minutes=rng.randint(0, 3 * 24 * 60 - 1))
        texts = {"title": filled(title, *of), "summary": filled(lead, *of), "lang": language, "published": when.isoformat()}
        rows.append({"id": f"r{at}", "source": source, "url": f"https://{host}/news/r{at}", **texts})
    rng.shuffle(rows)
    return shape, rows


def told(rows: Sequence[Row], loaded: RuleSet) -> dict[str, str]:
    """The story of every report that was heard."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    judged = batch.judged(documents.read(lines, "launch", loaded), loaded)
    events = batch.events(judged)
    return {item.id: events[item.id] for item, _, detection in judged if detection.announcement and detection.models}


def main() -> None:
    """Print how often a launch was heard, and how often told in more than one story."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sets", type=int, default=400)
    asked.add_argument("--seed", type=int, default=15)
    asked.add_argument("--show", action="store_true", help="the reports of each launch that was told more than once")
    options = asked.parse_args()
    rng, loaded = random.Random(options.seed), rules.load()
    heard, reports, split, sets = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for _ in range(options.sets):
        shape, rows = launch(rng)
        stories = told(rows, loaded)
        sets[shape] += 1
        reports.update(row["lang"] for row in rows)
        heard.update(row["lang"] for row in rows if row["id"] in stories)
        if len(set(stories.values())) > 1:
            split[shape] += 1
            for row in sorted(rows, key=lambda row: stories.get(row["id"], "")) if options.show else ():
                print(f"  {stories.get(row['id'], '-')[:6]:6} [{row['lang']}] {row['source']}: {row['title']}")
    print("reports heard", "  ".join(f"{one} {heard[one] / reports[one]:.3f}" for one in LANGUAGES))
    print(
        f"{options.sets} launches, {split.total()} in more than one story:",
        ", ".join(f"{one} {split[one]}/{sets[one]}" for one in SHAPES),
    )


if __name__ == "__main__":
    main()
