"""Whether a document breaks off: a connection that was cut, a page whose making died half-way. Its last entry is then half of one.

Half a title can be another model's name (``GPT-5`` of ``GPT-5.2``), half an address another page.
"""

from __future__ import annotations

import re

_OPENED = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap)(?=[\s>/])", re.IGNORECASE)
_ENDED = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry|url|sitemap|channel|rss|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)


def breaks_off(text: str) -> bool:
    """Whether neither the last entry of a text nor anything around it comes to its end."""
    opened = [match.end() for match in _OPENED.finditer(text)]
    return bool(opened) and _ENDED.search(text, opened[-1]) is None
