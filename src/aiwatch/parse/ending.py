"""Whether a document breaks off: a connection that was cut, a page whose making died half-way. Its last entry is then half of one.

Half a title can be another model's name (``GPT-5`` of ``GPT-5.2``), half an address another page.
"""

from __future__ import annotations

import re
from collections import Counter

NOTE = "the document breaks off; its last entry was left out"


def notes(*, cut: bool) -> tuple[str, ...]:
    """What is said of a document of which that was done."""
    return (NOTE,) if cut else ()


_OPENED = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap)(?=[\s>/])", re.IGNORECASE)
_ENDED = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap|channel|rss|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)

_WHOLE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_ELEMENTS = re.compile(r"<(/?)(a|h[1-6]|article|time|span|b|strong|em)(?=[\s>/])", re.IGNORECASE)  # whose end HTML demands


def breaks_off(text: str) -> bool:
    """Whether neither the last entry of a text nor anything around it comes to its end."""
    opened = [match.end() for match in _OPENED.finditer(text)]
    return bool(opened) and _ENDED.search(text, opened[-1]) is None


def page_breaks_off(text: str) -> bool:
    """Whether an HTML page ends within a word, a tag, or an element whose end HTML demands; many leave out ``</body>``."""
    if _WHOLE.search(text):
        return False
    if not text.rstrip().endswith(">"):
        return True
    open_ones: Counter[str] = Counter()
    for match in _ELEMENTS.finditer(text):
        open_ones[match[2].lower()] += -1 if match[1] else 1
    return any(count > 0 for count in open_ones.values())
