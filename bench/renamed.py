"""How well announcements are recognised when the rules know none of the names: every listed family gets an invented one.

    python bench/renamed.py            documents whose names are listed, as they are and renamed: precision, recall, F1 by language
    python bench/renamed.py --makers   the makers renamed as well: what the first model of a firm in no list will meet
    python bench/renamed.py --deaf     each document by itself, without the names that earlier ones gave

``OpenAI launches GPT-6 Pro`` is judged as ``OpenAI launches Palaquin-6 Pro``: makers, versions and variants stay, the family goes, the
same one everywhere by the same invented name, in the script in which it stood. What a reader would call the same news should be heard
alike; the difference is what the lexicon of families is worth, and what the next vendor's first model will meet. Sets as in
``bench/accuracy.py``; documents in which no family is named are left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from accuracy import SETS, Figures, measure, plain  # the bench beside this one
from aiwatch import batch, documents, rules
from aiwatch.detect.engine import look
from aiwatch.detect.naming import Mention
from aiwatch.detect.views import View
from aiwatch.model import Detection, Item, Source, Tier
from aiwatch.rules import Family, RuleSet
from aiwatch.text import script

_HEADS = {
    "latin": "Zephy Pala Tama Lode Miro Saxi Calo Brindo Fado Corva Hali Quero Vespe Orie Nubi Tesse Garde Lumo Pelo Rindo",
    "hangul": "제피 팔라 타마 로데 미로 삭시 칼로 브린도 파도 코르바 할리 케로 베스페 오리에 누비 테세 가르데 루모 펠로 린도",
    "kana": "ゼフィ パラ タマ ロデ ミロ サクシ カロ ブリンド ファド コルバ ハリ ケロ ベスペ オリエ ヌビ テッセ ガルデ ルモ ペロ リンド",
    "han": "玄 青 听 云 墨 扶 归 沧 鹿 拾 长 惊 沉 晴 远 岚 泉 岫 砚 栖",
}
_TAILS = {
    "latin": "ros quin rack star dor tant lyx ven bert mond thal nis gard phon lix dane mar tros kell wyn",
    "hangul": "로스 퀸 랙 스타 도르 탄트 릭스 벤 베르트 몬드 탈 니스 가드 폰 릭 데인 마르 트로스 켈 윈",
    "kana": "ロス クイン ラック スター ドル タント リクス ベン ベルト モンド タル ニス ガード フォン リック デイン マル トロス ケル ウィン",
    "han": "珠 岚 泉 岫 池 摇 鹤 浪 鸣 光 庚 蛰 露 璧 河 川 帆 舟 竹 松",
}
_MIDS = {
    "latin": "va lo ri ne du mi so ta ke",
    "hangul": "바 로 리 네 두 미 소 타 케",
    "kana": "バ ロ リ ネ ドゥ ミ ソ タ ケ",
    "han": "华 洛 黎 宁 都 弥 索 塔 凯",
}
_FIRMS = {
    "latin": (
        "Bright Quill Fjell Hale Opal Tessel North Verda Kestrel Amber "
        "Rowan Juniper Slate Harbor Lantern Ember Willow Cobble Marlow Sable"
    ),
    "hangul": "새벽 다온 한빛 누리 가람 도담 온새 바른 가온 나래 다솜 라온 마루 벼리 소담 아라 여울 이든 푸름 해솔",
    "kana": (
        "ヒビキ ツムギ コダマ アサギリ ミナモ カガリ ソラネ ユキハ トモシ ハルカ "
        "イブキ シズク ナギサ ホムラ リンネ アオバ コハク ミヤビ ヒナタ カスミ"
    ),
    "han": "青禾 砚台 织星 云栖 沐光 远帆 启明 朗月 知微 深谷 拾贝 长风 听澜 观海 望舒 星野 若水 松涛 云图 墨白",
}
_KINDS = {
    "latin": "loom|wright AI|mind| Labs|ine|lar AI|moor|is|works| Robotics|ware|gate|field| Systems|cast|ford| Health|bridge|point|stone",
    "hangul": "소프트|랩|소리|AI|지능|랩스|테크|마루|웨이브|로보틱스|시스템즈|브릿지|온|웍스|닷|넷|바이오|그룹|스튜디오|소프트AI",
    "kana": (
        "ワークス|AI|研究所|テック|ラボ|ソフト|システムズ|ロボティクス|ネット|電機|"
        "工業|メディカル|データ|通信|堂|社|製作所|ソリューションズ|映像|音響"
    ),
    "han": "智能|科技|智能|科技|集团|实验室|网络|机器人|软件|信息|数科|互动|医疗|汽车|动力|影业|云|视觉|语音|研究院",
}


def _composed(heads: list[str], mids: list[str], tails: list[str]) -> list[str]:
    return [head + mid + tail for head in heads for mid in mids for tail in tails]


# Four thousand families in each script, alike in sound from script to script, and four hundred makers: hardly two get the same.
INVENTED = {kind: _composed(_HEADS[kind].split(), ["", *_MIDS[kind].split()], _TAILS[kind].split()) for kind in _HEADS}
MAKERS = {kind: _composed(_FIRMS[kind].split(), [""], _KINDS[kind].split("|")) for kind in _FIRMS}
FAMILIES = rules.load().data.families
HOSTS = rules.load().platforms  # they keep their names: where a model is put is said alike, whoever made it
Row = dict[str, Any]


def invented(names: dict[str, list[str]], key: str, spelled: str) -> str:
    """The invented name of a family or maker, in the script of ``spelled``; the same for the same ``key``."""
    row = names.get(script(spelled[0]), names["latin"])
    return row[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(row)]


def renamed(view: View, *, makers: bool) -> str:
    """A field with its families renamed, and its makers; what follows a family's own words (version, variant) stays."""
    spans = [(m.start, *_family(m, view.text.norm)) for m in view.mentions.values() if m.family]
    if makers:
        ends = ((view.starts[at], view.starts[at + 1], key) for at, key in view.vendors.items() if key not in HOSTS)
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
    instead = _instead(family, said) if said else ""
    gloss = _GLOSS.match(text, mention.start + len(said))  # 비디오포엣(VideoPoet): the same name in another script
    again = next((name for name in known if gloss and gloss["name"].casefold().startswith(name.casefold())), "")
    if said and gloss and again:
        return gloss.start("name") + len(again), f"{instead}{gloss['open']}{_instead(family, again)}"
    return mention.start + len(said), instead


_GLOSS = re.compile(r"(?P<open> ?[\d.]* ?[(（])(?P<name>[^()（）]+)[)）]")
_LISTED_NUMBER = re.compile(r"(?i)-?(?:\bv)?\d[\d.]*$")


def _instead(family: Family, said: str) -> str:
    """The invented name of a family where the text has ``said``, with the number that it is listed with: Recraft V4."""
    line, _, rest = said.partition(" ")
    if rest and line == _line(family) and line in FAMILIES:  # Gemini Robotics is of Gemini's line, and of another kind
        return f"{invented(INVENTED, line, said)} {rest}"
    number = _LISTED_NUMBER.search(said)
    return invented(INVENTED, _line(family), said) + (f"-{number[0].lstrip('-')}" if number else "")


def _line(family: Family) -> str:
    """The first word of a family's name that is not its maker's: ``Amazon Nova`` and ``Nova Sonic`` are of one line."""
    words = family.key.split()
    return next((word for word in words if word not in (family.vendor or "").casefold().split()), words[0])


def pairs(path: Path, ruleset: RuleSet, *, makers: bool) -> Iterator[tuple[Row, Row]]:
    """Labelled documents in which a family is named, and the same renamed, with what the labels call the models."""
    lines = path.read_text("utf-8").splitlines()
    rows = [row for _, row in documents.rows(lines, path.name)]
    for row, (item, source) in zip(rows, documents.read(lines, path.name, ruleset), strict=True):
        views = look(item, source, ruleset).views
        if any(mention.family for view in views for mention in view.mentions.values()):
            fields = {"title" if view.field == "title" else "summary": renamed(view, makers=makers) for view in views}
            models = [{**model, "name": _called(model, views, ruleset)} for model in row["models"]]
            yield row, {**row, **fields, "models": models, "makers": _makers(views) if makers else {}}


def _makers(views: Iterable[View]) -> dict[str, str]:
    """The makers of a document by their invented names, in every script."""
    keys = {key for view in views for key in view.vendors.values() if key not in HOSTS}
    return {invented(MAKERS, key, first): key for key in keys for first in ("a", "가", "カ", "青")}


def _called(model: Row, views: Iterable[View], ruleset: RuleSet) -> str:
    """What a label's model is called once families are renamed: as its text has it, else as its name is read on its maker's page."""
    name = str(model["name"])
    for view in views:
        for mention in view.mentions.values():
            spelled = view.text.norm[mention.start : mention.end]
            if mention.family and plain(spelled) == plain(name):
                end, instead = _family(mention, view.text.norm)
                return instead + view.text.norm[end : mention.end]
    source = Source(id="", name="", url="", tier=Tier.PRIMARY, vendor=model["vendor"])
    for said in (name, f"{model['vendor']} {name}"):  # Nova is known as Amazon's
        title = look(Item(id="", source_id="", key="", url=None, title=said), source, ruleset).title
        if any(mention.family for mention in title.mentions.values()):
            return renamed(title, makers=False).removeprefix(f"{model['vendor']} ")
    return name


def judged(rows: Sequence[Row], ruleset: RuleSet) -> dict[str, Figures]:
    """The figures of documents judged in the order of their dates, as a file is: of all, and by language."""
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    found = batch.judged(documents.read(lines, "renamed", ruleset), ruleset)
    # a maker may be heard of in another item
    everyone = {name: key for row in rows for name, key in row.get("makers", {}).items()}
    told = [
        (row, _known_again(detection, everyone | row.get("makers", {})))
        for row, (_, _, detection) in zip(rows, found, strict=True)
    ]
    languages = sorted({str(row.get("lang")) for row in rows})
    return {"all": measure(told)} | {name: measure(one for one in told if str(one[0].get("lang")) == name) for name in languages}


def _known_again(detection: Detection, makers: dict[str, str]) -> Detection:
    """The detection with its makers called as the labels call them."""
    called = (replace(model, vendor=makers.get(model.vendor or "", model.vendor)) for model in detection.models)
    return replace(detection, models=tuple(called))


def shown(figures: Figures) -> str:
    """One line of it: how well documents are heard, and how often the step, the name, its maker and its kind are right."""
    heard, row = figures.announcement, figures.as_row()
    rest = " ".join(f"{key} {row[key]:.3f}" for key in ("stage", "name", "vendor", "modality"))
    return f"P {heard.precision:.3f} R {heard.recall:.3f} F1 {heard.f1:.3f} {rest}"


def main() -> None:
    """Print the figures of every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--makers", action="store_true")
    parser.add_argument("--deaf", action="store_true", help="without the names that earlier documents gave")
    options = parser.parse_args()
    ruleset = rules.load('[weights]\n"name.heard" = 0' if options.deaf else None)
    for name, path in SETS.items():
        if not path.exists() or path.suffix == ".gz":
            print(f"{name}: left out ({'unlabelled but by id' if path.exists() else 'not beside the checkout'})")
            continue
        found = list(pairs(path, ruleset, makers=options.makers))
        before, after = judged([a for a, _ in found], ruleset), judged([b for _, b in found], ruleset)
        print(f"{name}: {len(found)} documents that name a family")
        for language, figures in before.items():
            print(f"  {language:>4}  as it is {shown(figures)}   renamed {shown(after[language])}")


if __name__ == "__main__":
    main()
