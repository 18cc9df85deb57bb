"""Kind ``sitemap``: addresses of a site's pages (sitemaps.org 0.9), news sitemaps with titles, and index files.

A new address is a new item. ``lastmod`` is not its date unless the options vouch for it: sites re-date in bulk (seen: a vendor's whole
archive touched in one night), and first appearance is what cannot be re-dated. Titles of plain sitemaps are read off the address and
say so in ``notes``; the article's own page has the real one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Note, Parsed, Part, PollState, Source
from aiwatch.parse import ending, listing
from aiwatch.parse.ending import End
from aiwatch.parse.listing import Kept, Row
from aiwatch.parse.packed import unpacked
from aiwatch.parse.rows import path_of
from aiwatch.ports import Request
from aiwatch.urls import canonical_url, redact, resolve

OPTIONS: frozenset[str] = frozenset(
    {
        "include",  # regular expressions on path and query: one must match
        "exclude",  # and none of these
        "trust_lastmod",  # true: this site's lastmod is the date of publication
        "child",  # of an index file: regular expression on the addresses of its children; those that match are read
        "title_pattern",  # news sitemaps: regular expression a title must match
        "min_items",  # fewer addresses than this is an error (default 1)
        "limit",  # addresses kept (default 5000)
        "robots",
    }
)
MOST_PARTS = 50  # children of an index that are read
LOCAL = re.compile(r"\{[^}]*\}")
DAY = r"20\d\d ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12]\d|3[01])"
SITES_OWN = re.compile(  # of an address's words: a day or a number of five digits and more at either end, a hash at the end
    rf"^(?:{DAY}|\d{{5,}})\ +|\ +(?:{DAY}|\d{{5,}}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{{8,}})$"
)
# References to halves of a character. In the address of a namespace, libxml2 gives them to lxml as bytes that are no text.
SURROGATE = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));"
)


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET for a sitemap."""
    return listing.request(source, state, robots=True, accept="application/xml,text/xml;q=0.9,*/*;q=0.5")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read a sitemap. Raises ParseError where the body is none, or where too few addresses match.

    An index file gives no items but its children as ``parts``, in the order of the document.
    """
    listing.refuse(fetched)
    body = unpacked(fetched)
    root = _root(source, fetched, body)
    kind = _local(root)
    if kind == "sitemapindex":
        end = _end(root, body, "sitemap")
        index = _index(source, fetched, root)
        return replace(index, cut=end.cut, notes=(*end.notes, *index.notes))
    if kind != "urlset":
        raise listing.barren(source, fetched, f"no sitemap: the root element is <{kind}>")
    end = _end(root, body, "url")
    kept = _kept(source, fetched, root, now)
    items = kept.items
    least = int(source.options.get("min_items", 1))
    if len(items) < least:
        total = sum(1 for _ in _children(root, "url"))
        raise listing.barren(source, fetched, f"{len(items)} of {total} addresses match where {least} or more should")
    return Parsed(
        items=items, lang=source.lang, may_be_empty=least == 0, cut=end.cut, unread=kept.unread, notes=(*end.notes, *kept.notes)
    )


def _kept(source: Source, fetched: Fetched, root: etree._Element, now: datetime) -> Kept:
    options = source.options
    include = [re.compile(text) for text in listing.texts(options.get("include"))]
    exclude = [re.compile(text) for text in listing.texts(options.get("exclude"))]
    titles = re.compile(str(options.get("title_pattern", "")))
    rows: list[Row] = []
    for row in _rows(root):
        url = resolve(fetched.url, row.link)
        if url is None:
            continue
        path = path_of(url)
        if (include and not any(one.search(path) for one in include)) or any(one.search(path) for one in exclude):
            continue
        if titles.search(row.title):
            trusted = (row.date or row.updated) if options.get("trust_lastmod") else row.date
            rows.append(replace(row, link=url, date=trusted))  # as mended: what is written may be no address
    kept = listing.kept(source, fetched.url, [_titled(row) for row in rows], now=now, limit=int(options.get("limit", 5000)))
    named = {canonical_url(row.link) for row in rows if row.title}
    items = (
        item if item.url and canonical_url(item.url) in named else replace(item, notes=(*item.notes, Note.TITLE_FROM_URL))
        for item in kept.items
    )
    return replace(kept, items=tuple(items))


def _end(root: etree._Element, body: bytes, name: str) -> End:
    """Where the document ends; an address in which it breaks off is taken out."""
    end = ending.of_list(body.decode("latin-1"))
    if end is End.WITHIN:
        for last in list(_children(root, name))[-1:]:
            root.remove(last)
    return end


def _root(source: Source, fetched: Fetched, body: bytes) -> etree._Element:
    """Return the root element; entities stay unresolved and nothing is loaded from elsewhere."""
    if not body.strip():
        raise listing.barren(source, fetched, "no sitemap")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    body = SURROGATE.sub(b"&#xFFFD;", body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise listing.barren(source, fetched, f"no sitemap: {error}") from error
    if root is None:
        raise listing.barren(source, fetched, "no sitemap: no XML element in it")
    return root


def _rows(root: etree._Element) -> Iterator[Row]:
    for url in _children(root, "url"):
        news = next(_children(url, "news"), None)
        yield Row(
            link=_text(url, "loc"),
            updated=_text(url, "lastmod"),
            title=_text(news, "title"),
            date=_text(news, "publication_date"),
            category="|".join(part.strip() for part in _text(news, "keywords").split(",")),
        )


def _titled(row: Row) -> Row:
    return row if row.title else replace(row, title=title_from_url(row.link))


def title_from_url(url: str) -> str:
    """Read words off an address: ``/news/introducing-gen-4`` gives ``Introducing gen 4``, ``claude-opus-4-5`` ``Claude opus 4.5``.

    The day or number that a site sets before or behind the words is its own: ``/gemini-9-84213``, ``/2025-11-03-olmo-3``.
    """
    path = unquote(urlsplit(url).path).rstrip("/")
    last = re.sub(r"\.(?:html?|php|aspx?)$", "", path.rpartition("/")[2])
    words = re.sub(r"[-_+]+", " ", last).strip()
    words = SITES_OWN.sub("", words) or words
    words = re.sub(r"(?<![\d.])(\d{1,2}) (\d{1,2})(?![\d.]| \d+\b)", r"\1.\2", words)
    return words[:1].upper() + words[1:]


def _index(source: Source, fetched: Fetched, root: etree._Element) -> Parsed:
    """The children that ``child`` matches; of very many the newest, and where they have no dates the first and the last ones."""
    wanted = re.compile(str(source.options.get("child", "")))
    children = [(_text(one, "lastmod"), resolve(fetched.url, _text(one, "loc"))) for one in _children(root, "sitemap")]
    matching = list({url: Part(url=url, stated=lastmod) for lastmod, url in children if url and wanted.search(url)}.values())
    if not matching:
        listed = ", ".join(url for _, url in children[:5] if url) or "none"
        raise ParseError(
            f"{redact(fetched.url)}: an index of {len(children)} sitemaps, none matches child = {wanted.pattern!r}: {listed}"
        )
    if len(matching) <= MOST_PARTS:
        return Parsed(items=(), parts=tuple(matching))
    ends = [*matching[: MOST_PARTS // 2], *matching[-MOST_PARTS // 2 :]]
    newest = sorted(matching, key=lambda part: part.stated, reverse=True)[:MOST_PARTS]
    note = f"{len(matching) - MOST_PARTS} of {len(matching)} sitemaps are not read; let `child` choose those with news"
    return Parsed(items=(), parts=tuple(newest if newest[0].stated else ends), notes=(note,))


def _children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield child elements by local name: sites write the namespace with and without ``www`` and slash, or leave it out."""
    for child in element if element is not None else ():
        if isinstance(child.tag, str) and _local(child) == name:
            yield child


def _local(element: etree._Element) -> str:
    return LOCAL.sub("", element.tag).rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: etree._Element | None, name: str) -> str:
    child = next(_children(element, name), None)
    return " ".join("".join(child.itertext()).split()) if child is not None else ""
