"""Where a word ends, by the scripts on either side, and which Korean endings it may carry; and a text cut at one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiwatch.text.scripts import has_han, has_kana, script

# What may follow a Korean noun: particles of case, alone or with one of the auxiliary ones behind (소라에서도), the plural before
# either (클로드들도), the forms of "is" and "calls", and nouns that are written without a blank.
_CASES = (
    "에 에다 에서 에게 에게서 한테 께서 로 으로 로서 으로서 로써 으로써 로부터 으로부터 부터 까지 와 과 랑 하고 보다 처럼 조차 "
    "마저 만 이나"
)
_AUXILIARY = "는 도 만 의 까지 조차 마저 밖에"
_ALONE = "은 는 이 가 을 를 의 도 란 엔 에선 마다 밖에 뿐 까진 부턴 이든 이란 이랑 만은 만이 만을"
_IS = "같은 든 라는 라고 라며 라도 이라 이라는 이라고 이라며 이라도 이며 이고 이다 이자 이어 이었다 인 인데 였다 입니다"
_NOUNS = "별 용 급 판 형 식 측 측은 측이 발 표 사 산 대 및 등 외 내 중 시 후 전 팀 팀은 팀이 앱 앱에 앱의"


def _particles() -> Iterator[str]:
    cases = _CASES.split()
    bare = [*cases, *_ALONE.split(), *(case + more for case in cases for more in _AUXILIARY.split())]
    yield from ("들", *bare, *("들" + one for one in bare), *_IS.split(), *_NOUNS.split())


_PARTICLES = frozenset(_particles())


def bounded(low: str, start: int, end: int) -> bool:
    """Whether ``low[start:end]`` stands as a word, by the script of its own edges.

    Latin: no letter or digit next to it (Hangul, Kana and Han may be: ``GPT-5가``). Hangul: nothing but a non-Hangul
    neighbour before it, and after it a non-Hangul neighbour or a particle (소라를, never 소라게; 라마 never in 드라마). Katakana: no
    Katakana neighbour. Han runs have no blanks between words: free.
    """
    return _left_ok(low, start) and _right_ok(low, end)


def _left_ok(low: str, start: int) -> bool:
    if start == 0:
        return True
    mine, other = script(low[start]), script(low[start - 1])
    if mine == "latin":
        return other != "latin" or (low[start].isdigit() != low[start - 1].isdigit() and low[start].isdigit())
    if mine in {"hangul", "kana"}:
        return other != mine
    return True


_LETTERED = re.compile(r"[hkmrv]\d(?:\.\d)?(?![a-z0-9])")  # a version grown onto a name: DeepSeekV4, KimiK3


def _right_ok(low: str, end: int) -> bool:
    if end >= len(low):
        return True
    mine, other = script(low[end - 1]), script(low[end])
    if mine == "latin":
        return other != "latin" or (low[end - 1].isalpha() and (low[end].isdigit() or bool(_LETTERED.match(low, end))))
    if mine == "kana":
        return other != "kana"
    if mine == "hangul" and other == "hangul":
        return particle_after(low, end) is not None
    return True


def particle_after(low: str, at: int) -> int | None:
    """The end of the particle that fills the Hangul run at ``at``; ``at`` where no Hangul follows; None where it is no particle."""
    end = at
    while end < len(low) and script(low[end]) == "hangul":
        end += 1
    if end == at:
        return at
    return end if low[at:end] in _PARTICLES else None


FIRST_LINE = 140  # characters of a text's first line that stand for the title it lacks
PIECE = 24  # characters that may be given up to end with a word; in Chinese and Japanese there may be no blank for long


def first_line(text: str) -> str:
    """The first line of a text that has no title, cut at a word, as its title."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    if len(line) <= FIRST_LINE:
        return line
    cut = line[:FIRST_LINE]
    whole, _, piece = cut.rpartition(" ")
    unbroken = len(piece) > PIECE and (has_han(piece) or has_kana(piece))
    return f"{cut if unbroken or not whole else whole}…"
