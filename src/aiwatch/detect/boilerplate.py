"""What outlets, feeds and posts put around a title, and which is none of it: ``BREAKING:``, an emoji, the outlet's own name, a link.

Rules look for what a title opens and ends with. What is put around it is data (``before`` and ``behind`` in ``rules/macros.toml``).
"""

from __future__ import annotations

import re

from aiwatch.rules import RuleSet
from aiwatch.text import FoldedText, lowered

_STOP = re.compile(r"(?<=[^\W\d_])[.。]$")  # a sentence's full stop, and none of an ellipsis or a number
_PARTING = ("|", "-", "—", "_", ":", "·", "<", "//")


def untrimmed(text: FoldedText, outlet: str, rules: RuleSet) -> FoldedText:
    """The title without what is put around it; whole where nothing else would be left. ``outlet`` is the source's name."""
    start, end, last = *_ends(text.norm, 0, len(text.norm)), None
    while start < end and (start, end) != last:
        last = start, end
        before = rules.piece("before").search(text.norm[start:end])
        start += before.end() if before else 0
        behind = rules.piece("behind").search(text.norm[start:end])
        end = start + behind.start() if behind else _without(outlet, text.low, start, end)
        start, end = _ends(text.norm, start, end)
    if _STOP.search(text.norm, start, end):
        end -= 1
    return text if start >= end or (start, end) == (0, len(text.norm)) else text.within(start, end)


def _ends(norm: str, start: int, end: int) -> tuple[int, int]:
    """The span without the blanks at its ends, and without quotes where they hold the whole."""
    while start < end and norm[start] == " ":
        start += 1
    while start < end and norm[end - 1] == " ":
        end -= 1
    quoted = end - start > 2 and norm[start] == norm[end - 1] == '"' and '"' not in norm[start + 1 : end - 1]
    return (start + 1, end - 1) if quoted else (start, end)


def _without(outlet: str, low: str, start: int, end: int) -> int:
    """Where the title ends if the outlet's name is put behind it (``... | TechCrunch``)."""
    name = lowered(outlet).strip()
    if len(name) < 3 or not low[start:end].endswith(name):
        return end
    rest = low[start : end - len(name)].rstrip()
    sign = next((sign for sign in _PARTING if rest.endswith(sign)), "")
    return start + len(rest) - len(sign) if sign and len(rest) > len(sign) else end
