"""Headlines that are judged right, changed: so that a careful reader judges them alike, or takes them for no launch any more.

    python bench/changed.py [--set natural] [--every 1] [--show NAME]

``dressed``: what outlets put before, behind and around a title changes no verdict. ``turned``: of each launch of one model its maker and
its name in a headline that tells none. Printed are the changes with a wrong verdict, of how many, the worst first; ``--show`` prints the
headlines of one. The rules were mended by such changes, so these figures flatter; what they are for is the next change of a rule.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import accuracy
from aiwatch import documents, rules
from aiwatch.detect import detect
from aiwatch.model import Detection, Item, Source

# A change a line; ``{}`` is the title.
DRESSED = {
    "en": """
UPDATE 2-{}
EXCLUSIVE-{}
Breaking: {}
LIVE: {}
Nov 30: {}
[Live] {}
AI news: {}
Watch: {}
{} | The Verge
{} - TechCrunch
{} (video)
{} #AI
{} https://t.co/Ab1Cd2
{} 🚀
After months of waiting, {}
In a first, {}
Ahead of its IPO, {}
Amid fierce competition, {}
Weeks after a leak, {}
{} today
{}, as competition heats up
""",
    "ko": """
[속보] {}
[단독] {}
【속보】 {}
(종합) {}
[홍길동 기자] {}
[AI 소식] {}
[오늘의 AI] {}
홍길동 기자 = {}
{} (종합)
{} [영상]
{} - AI타임스
{} | 한경
{} 〈종합〉
{} #AI
{} ...
{}…성능 2배
""",
    "zh": """
快讯：{}
独家：{}
最新消息：{}
【独家】{}
{}（附下载）
{} | 36氪
11月30日消息，{}
""",
    "ja": """
速報：{}
【速報】{}
{}【解説付き】
{} | AI新聞
{}（動画あり）
""",
}
# ``{V}`` is the maker and ``{N}`` the model.
TURNED = {
    "en": """
{V} denies launching {N}
{V} has not launched {N}
Did {V} launch {N}?
Has {V} launched {N}?
Will {V} release {N} this year?
{V} plans to launch {N} next month
{V} reportedly preparing {N}
{V} urged to release {N}
How to use {V}'s {N}
Hands-on with {V}'s {N}
{N} tops the leaderboard
{V} cuts prices of {N}
{V} sued over {N}
{N} outage hits users
One year since {V} launched {N}
{V} retires {N}
Everything we know about {N}
{V} raises $1B after {N}
Why analysts like {N}
""",
    "ko": """
{V}, '{N}' 출시 예정
{V}, '{N}' 출시하나
{V}, '{N}' 출시 안 한다
{V}, '{N}' 출시 연기
{V}, '{N}' 출시설
{V}, '{N}' 준비 중
{V}, '{N}' 개발 착수
{V}, 다음 달 '{N}' 공개
'{N}' 써보니
'{N}' 사용법
{V} '{N}' 논란
{V} '{N}' 가격 인하
{V} '{N}' 먹통
{V}, '{N}' 출시 1주년
{V}, '{N}' 전용 칩 공개
{V}, '{N}' 홍보 영상 공개
{V}, '{N}' 교육 과정 출시
{V}, '{N}' 기반 챗봇 출시
{V}, '{N}' 서비스 종료
'{N}' 벤치마크 1위
""",
    "zh": """
{V}尚未发布{N}
{V}取消发布{N}
{V}计划发布{N}
{V}会发布{N}吗？
{N}使用教程
{N}登顶榜单
{V}下线{N}
{V}因{N}被起诉
""",
    "ja": """
{V}、「{N}」を来月公開へ
{V}、「{N}」を公開か
{V}、「{N}」の公開を延期
「{N}」の使い方
「{N}」を試してみた
{V}、「{N}」の提供終了
""",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A headline as it was changed, with the verdict that it must have; ``how`` it was."""

    how: str
    item: Item
    source: Source
    announcement: bool


def right(name: str) -> Iterator[tuple[accuracy.Row, Item, Source]]:
    """The headlines of a set that are judged right, each by itself."""
    rule_set, path = rules.load(), accuracy.SETS[name]
    lines = path.read_text("utf-8").splitlines()
    rows = [row for row, _ in accuracy.judge(path)]
    for row, (item, source) in zip(rows, documents.read(lines, path.name, rule_set), strict=True):
        if detect(item, source, rule_set).announcement == row["announcement"]:
            yield row, item, source


def changes(row: accuracy.Row, item: Item, source: Source) -> Iterator[Change]:
    """All changes of one headline."""
    for how in filter(None, DRESSED.get(row["lang"], "").splitlines()):
        yield Change(f"{row['lang']} dressed {how}", replace(item, title=how.format(item.title)), source, row["announcement"])
    models = row["models"]
    if row["announcement"] and len(models) == 1 and models[0].get("vendor"):
        for how in filter(None, TURNED.get(row["lang"], "").splitlines()):
            title = how.format(V=models[0]["vendor"], N=models[0]["name"])
            yield Change(
                f"{row['lang']} turned {how}", replace(item, title=title, summary="", content=""), source, announcement=False
            )


def main() -> None:
    """Print what changed verdicts."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--set", default="natural", choices=[name for name, path in accuracy.SETS.items() if path.exists()])
    asked.add_argument("--every", type=int, default=1, help="take every so many-th headline")
    asked.add_argument("--show", default="", help="print the headlines of the changes with this in their name")
    args = asked.parse_args()
    rule_set = rules.load()
    tried: dict[str, int] = {}
    wrong: dict[str, list[tuple[Change, Detection]]] = {}
    for headline in list(right(args.set))[:: args.every]:
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
