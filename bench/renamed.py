"""How well announcements are recognised when the rules know none of the names: every listed family gets an invented one.

    python bench/renamed.py            documents whose names are listed, as they are and renamed: precision, recall, F1 by language
    python bench/renamed.py --makers   the makers renamed as well: what the first model of a firm in no list will meet

``OpenAI launches GPT-6 Pro`` is judged as ``OpenAI launches Palanquin-6 Pro``: makers, versions and variants stay, the family goes, the
same one everywhere by the same invented name, in the script in which it stood. What a reader would call the same news should be heard
alike; the difference is what the lexicon of families is worth, and what the next vendor's first model will meet. Sets as in
``bench/accuracy.py``; documents in which no family is named are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from accuracy import SETS, Tally  # the bench beside this one
from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.detect.engine import look
from aiwatch.detect.naming import Mention
from aiwatch.detect.views import View
from aiwatch.rules import RuleSet
from aiwatch.text import script

_NAMES = {
    "latin": "Zephyros Palanquin Oriel Tamarack Vesper Quern Lodestar Halberd Mirador Sextant Calyx Brindle Fathom Corvane",
    "hangul": "제파이로스 팔란퀸 오리엘 타마락 베스퍼 쿠언 로드스타 할버드 미라도르 섹스턴트 캘릭스 브린들 패덤 코르베인",
    "kana": "ゼフィロス パランキン オリエル タマラック ベスパー クワーン ロードスター ハルバード ミラドール カリックス ブリンドル ファゾム",
    "han": "玄珠 青岚 听泉 云岫 墨池 扶摇 归鹤 沧浪 鹿鸣 拾光 长庚 惊蛰 白露 沉璧",
}
_MAKERS = {
    "latin": "Brightloom|Quillwright AI|Fjellmind|Halewater Labs|Opaline|Tessellar AI|Northmoor|Verdalis",
    "hangul": "새벽소프트|다온랩|한빛소리|누리AI|가람지능|도담랩스|온새미로AI|바른마루",
    "kana": "ヒビキワークス|ツムギAI|コダマ研究所|アサギリ",
    "han": "青禾智能|砚台科技|织星科技|云栖智能|沐光科技",
}
INVENTED = {kind: names.split() for kind, names in _NAMES.items()}
MAKERS = {kind: names.split("|") for kind, names in _MAKERS.items()}
Row = dict[str, Any]


def invented(names: dict[str, list[str]], key: str, spelled: str) -> str:
    """The invented name of a family or maker, in the script of ``spelled``; the same for the same ``key``."""
    row = names.get(script(spelled[0]), names["latin"])
    return row[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(row)]


def renamed(view: View, *, makers: bool) -> str:
    """A field with its families renamed, and its makers; what follows a family's own words (version, variant) stays."""
    spans = [(m.start, *_family(m, view.text.norm)) for m in view.mentions.values() if m.family]
    if makers:
        ends = ((view.starts[at], view.starts[at + 1], key) for at, key in view.vendors.items())
        spans += [(start, end, invented(MAKERS, key, view.text.norm[start:])) for start, end, key in ends]
    text, last, parts = view.text.norm, 0, []
    for start, end, name in sorted(spans):
        if start >= last:
            parts += [text[last:start], name]
            last = end
    return "".join([*parts, text[last:]])


def _family(mention: Mention, text: str) -> tuple[int, str]:
    """Where a family's own words end, and what stands in their place; nothing changes where they are not found."""
    family, span = mention.family, text[mention.start : mention.end]
    assert family is not None
    known = sorted({*family.names, *family.versioned, family.shown}, key=len, reverse=True)
    said = next((name for name in known if span.casefold().startswith(name.casefold())), "")
    digits = said[len(said.rstrip("0123456789.")) :]  # a family listed with its number: Recraft V4
    name = invented(INVENTED, family.key.split()[0], said) + (f"-{digits}" if digits else "") if said else ""
    return mention.start + len(said), name


def pairs(path: Path, ruleset: RuleSet, *, makers: bool) -> Iterator[tuple[Row, Row]]:
    """Labelled documents in which a family is named, and the same renamed."""
    lines = path.read_text("utf-8").splitlines()
    rows = [row for _, row in documents.rows(lines, path.name)]
    for row, (item, source) in zip(rows, documents.read(lines, path.name, ruleset), strict=True):
        views = look(item, source, ruleset).views
        if any(mention.family for view in views for mention in view.mentions.values()):
            fields = {"title" if view.field == "title" else "summary": renamed(view, makers=makers) for view in views}
            yield row, {**row, **fields}


def judged(rows: Sequence[Row], ruleset: RuleSet) -> dict[str, Tally]:
    """Documents rightly and wrongly announced, by language and in all."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    for row, (item, source) in zip(rows, documents.read(lines, "renamed", ruleset), strict=True):
        told = detect(item, source, ruleset).announcement
        for name in ("all", str(row.get("lang"))):
            tallies[name].add(bool(row["announcement"]), told)
    return tallies


def main() -> None:
    """Print the figures of every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--makers", action="store_true")
    options = parser.parse_args()
    ruleset = rules.load()
    for name, path in SETS.items():
        if not path.exists() or path.suffix == ".gz":
            print(f"{name}: left out ({'unlabelled but by id' if path.exists() else 'not beside the checkout'})")
            continue
        found = list(pairs(path, ruleset, makers=options.makers))
        before, after = judged([a for a, _ in found], ruleset), judged([b for _, b in found], ruleset)
        print(f"{name}: {len(found)} documents that name a family")
        for language, tally in sorted(before.items()):
            there = after[language]
            print(
                f"  {language:>4}  as it is P {tally.precision:.3f} R {tally.recall:.3f} F1 {tally.f1:.3f}"
                f"   renamed P {there.precision:.3f} R {there.recall:.3f} F1 {there.f1:.3f}"
            )


if __name__ == "__main__":
    main()
