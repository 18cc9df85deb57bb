"""Whether a document breaks off: a connection that was cut, a page whose making died half-way. Its last entry may be half of one.

Half a title can be another model's name (``GPT-5`` of ``GPT-5.2``), half an address another page. And what breaks off behind an entry
is no whole list: its next answer is not to be waived for being the same.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum


class End(Enum):
    """Where a document ends, by what is said of it."""

    WHOLE = ""
    BETWEEN = "the document breaks off behind its last whole entry"
    WITHIN = "the document breaks off; its last entry was left out"

    @property
    def cut(self) -> bool:
        """Whether more should have come."""
        return self is not End.WHOLE

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader is told."""
        return (self.value,) if self.cut else ()


_OPENED = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap)(?=[\s>/])", re.IGNORECASE)
_ENDED = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap|channel|rss|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|urlset|sitemapindex)\s*>\s*\Z", re.IGNORECASE)
_AROUND = re.compile(r"<(/?)(?:[\w.-]{1,30}:)?(?:channel|rss|feed|rdf|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
_WHOLE = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_ELEMENTS = re.compile(r"<(/?)(a|h[1-6]|article|time|span|b|strong|em)(?=[\s>/])", re.IGNORECASE)  # whose end HTML demands


def of_list(text: str) -> End:
    """Where a feed or sitemap ends: within its last entry, behind it while nothing that stands around it comes to its end, or whole."""
    if _CLOSED.search(text, max(0, len(text) - 100)):
        return End.WHOLE
    opened = [match.end() for match in _OPENED.finditer(text)]
    last = opened[-1] if opened else 0
    if opened and _ENDED.search(text, last) is None:
        return End.WITHIN
    around = _AROUND.search(text)
    if around is None or around[1] or any(match[1] for match in _AROUND.finditer(text, last)):
        return End.WHOLE
    return End.BETWEEN


def of_page(text: str) -> End:
    """Where an HTML page ends: within a word, a tag, or an element whose end HTML demands; many leave out ``</body>``."""
    if _WHOLE.search(text):
        return End.WHOLE
    if not text.rstrip().endswith(">"):
        return End.WITHIN
    open_ones: Counter[str] = Counter()
    for match in _ELEMENTS.finditer(text):
        open_ones[match[2].lower()] += -1 if match[1] else 1
    return End.WITHIN if any(count > 0 for count in open_ones.values()) else End.WHOLE
