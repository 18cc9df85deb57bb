"""Tags of languages, and the language that the titles of a source show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aiwatch.text.scripts import script


def primary(tag: str | None) -> str:
    """A language's primary subtag: ``en-US`` is ``en``; empty for none."""
    return (tag or "").replace("_", "-").split("-")[0].casefold()


def written_in(titles: Iterable[str]) -> str | None:
    """The language of most titles by a script that it alone has: ``ko`` for Hangul, ``ja`` for kana. None where no such one prevails."""
    found = Counter(map(_language, titles))
    lang, times = max(found.items(), key=lambda one: one[1], default=(None, 0))
    return lang if times * 2 > found.total() else None


def _language(title: str) -> str | None:
    scripts = {script(char) for char in title}
    return "ko" if "hangul" in scripts else "ja" if scripts & {"hiragana", "kana"} else None
