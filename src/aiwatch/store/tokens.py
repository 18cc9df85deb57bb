"""What the search index holds of a text, and what a query asks of it. Pure text work, shared by writer and reader.

FTS5's ``unicode61`` takes a Korean word with its particle for one token, so 소라 is not found in 소라를 (29 % of the true hits were found;
``trigram`` found none of the two-syllable words). Therefore runs of Chinese, Japanese and Korean characters go into a column of their
own as pairs of neighbours, 소라를 -> ``소라 라를 를``: any two of them are found anywhere in a word, longer words are phrases of pairs, and
the single character at the end keeps the runs apart and makes one-character searches complete. All other text goes into ``words``
without them, so that GPT-5 is found in GPT-5가.
"""

from __future__ import annotations

import re
import unicodedata

from aiwatch.model import ident

# What ``index_row`` and ``facet`` give is in people's databases: a change of theirs needs a migration that fills the index anew.

_CJK = re.compile(
    "["
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"  # Hangul
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana, with the sign for a long vowel
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "]+"
)
_WORD = re.compile(r"[^\W_]+")
LIMIT = 20_000  # characters of one text that are indexed; a feed's content is rarely longer, and a hostile one is


def folded(text: str) -> str:
    """Return ``text`` as the index compares it: compatibility forms unified (NFKC), case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def index_row(title: str, summary: str, content: str) -> tuple[str, str]:
    """Return the ``words`` and ``cjk`` columns of a document."""
    body = content if content.startswith(summary) else f"{summary}\n{content}"  # many feeds repeat the summary in the content
    text = folded(f"{title}\n{body}"[:LIMIT])
    runs = _CJK.findall(text)
    if not runs:
        return text, ""
    return _CJK.sub(" ", text), " ".join(pair for run in runs for pair in _pairs(run))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def match_terms(text: str, *, phrase: bool) -> list[str]:
    """Return FTS5 expressions, all of which must match, for a word or phrase of a query. Empty where nothing searchable is in it."""
    text = folded(text)
    found = [f'cjk:"{" ".join(_pairs(run)[:-1])}"' if len(run) > 1 else f'cjk:"{run}"*' for run in _CJK.findall(text)]
    rest = _CJK.sub(" ", text)
    pieces = [rest] if phrase else rest.split()
    for piece in pieces:
        words = _WORD.findall(piece)  # GPT-5 is the phrase "gpt 5"
        if words:
            found.append(f'words:"{" ".join(words)}"')
    return found


def facet(kind: str, value: str) -> str:
    """Return the index token of a facet: vendor, stage, lang, source, tier. One word whatever the value's characters."""
    return f"{kind[0]}x{ident(kind, value.casefold())}"


def pattern(words: list[str]) -> re.Pattern[str] | None:
    """Return what to highlight for the words and phrases of a query, longest first; None for no words."""
    pieces: set[str] = set()
    for word in words:
        text = unicodedata.normalize("NFKC", word)
        pieces.update(_CJK.findall(text))
        found = _WORD.findall(_CJK.sub(" ", text))
        if found:
            pieces.add(r"(?<![0-9A-Za-z])" + r"[\W_]*".join(map(re.escape, found)) + r"(?![0-9A-Za-z])")
    if not pieces:
        return None
    return re.compile("|".join(sorted(pieces, key=len, reverse=True)), re.IGNORECASE)
