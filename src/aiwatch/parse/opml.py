"""Subscription lists: OPML 1.0 to 2.0 read and written, FOAF and iGoogle lists read; settings of our own ride in a namespace.

Reading goes the way of the feeds (``encoding``, ``tree``): no entities, no network, broken XML mended. What is written holds no secret:
request headers are left out and userinfo is taken out of addresses. Other readers see plain OPML 2.0 with categories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit, urlunsplit

from lxml import etree

from aiwatch.addresses import wrong_address
from aiwatch.errors import ParseError, Place
from aiwatch.model import EMPTY
from aiwatch.parse.encoding import decode
from aiwatch.parse.markup import one_line
from aiwatch.parse.tree import canonical_name, tree_of
from aiwatch.urls import MAX_URL, redact, resolve

NAMESPACE = "urn:aiwatch:opml:1"
MAX_OUTLINES = 20_000
MAX_BODY = 20 * 1024 * 1024

Wrong = Callable[[str], None]  # told of a row that is no subscription, with file, line and why; the rest goes on

_FEEDS = frozenset({"rss", "atom", "feed"})
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription. ``path`` are the groups it stands in, outermost first; ``settings`` are our own attributes, as texts."""

    url: str
    title: str = ""
    page: str | None = None
    path: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: EMPTY)


def unheard(_what: str) -> None:
    """Let a row that is no subscription go by."""


def read_opml(body: bytes, name: str = "the file", wrong: Wrong = unheard) -> tuple[Outline, ...]:
    """Read every feed of a list, each address once, in order; ``wrong`` hears of rows that should be feeds and are none.

    Raises ParseError, naming ``name``, for what is no list.
    """
    text = decode(body[:MAX_BODY]).text
    root, _ = tree_of(text) if "<" in text else (None, ())
    if root is None:
        raise ParseError(f"{name}: expected OPML, found no XML; export the list as OPML from your reader and try again")
    kind = canonical_name(str(root.tag), root.prefix).rpartition(":")[2]
    above = _line_of(text, root)
    found: dict[str, Outline] = {}

    def dropped(element: etree._Element, why: str) -> None:
        wrong(f"{Place(file=name, line=(element.sourceline or 0) + above)}: {why}")

    _walk(root, found, dropped)
    if not found and kind not in {"opml", "rdf", "gadgettabml"}:
        raise ParseError(f"{name}: expected OPML, found <{kind}> without a subscription in it")
    return tuple(found.values())


def write_opml(outlines: Iterable[Outline], *, title: str, created: datetime) -> bytes:
    """Write OPML 2.0 in UTF-8, groups as nested outlines; reading it again gives the same outlines (but for secrets)."""
    root = etree.Element("opml", nsmap={"aiwatch": NAMESPACE}, version="2.0")
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = _legal(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(created)
    groups: dict[tuple[str, ...], etree._Element] = {(): body}
    for outline in outlines:
        parent = _group(groups, outline.path)
        parent.append(_element(outline))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def without_secrets(url: str) -> str:
    """Take user and password out of an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _line_of(text: str, root: etree._Element) -> int:
    """How many lines stand above what the tree was made of: declaration and doctype are cut off before it is."""
    start = text.find(f"<{root.prefix}:" if root.prefix else f"<{etree.QName(root).localname}")
    end = text.find(">", start)
    return text.count("\n", 0, end) + 1 - (root.sourceline or 1) if 0 <= start < end else 0


def _walk(root: etree._Element, found: dict[str, Outline], dropped: Callable[[etree._Element, str], None]) -> None:
    """Go through the tree with an explicit stack: a list can be nested deeper than Python recurses."""
    stack: list[tuple[etree._Element, tuple[str, ...], str]] = [(root, (), "")]
    while stack and len(found) < MAX_OUTLINES:
        element, groups, owner = stack.pop()
        name = canonical_name(str(element.tag), element.prefix).rpartition(":")[2]
        attributes = {str(key).lower(): str(value) for key, value in element.items()}
        if name == "agent":
            owner = _child_text(element, "name")
        href = _href(name, attributes)
        why = _fault(name, attributes, href, leaf=not len(element))
        if why:
            dropped(element, why)
        outline = _outline(name, attributes, groups, owner, href) if not why else None
        if outline:
            found.setdefault(outline.url, outline)
        label = one_line(attributes.get("text") or attributes.get("title") or "", 200)
        inner = (*groups, label) if name == "outline" and label and not outline and len(element) else groups
        stack.extend((child, inner, owner) for child in reversed(element))
    if stack:
        dropped(stack[-1][0], f"this and what follows are left out: a list has {MAX_OUTLINES:,} subscriptions at most")


def _kind(attributes: Mapping[str, str]) -> str:
    return attributes.get("type", "").strip().lower()


def _href(name: str, attributes: Mapping[str, str]) -> str | None:
    """What an element gives for the address of a feed, or None where it is no subscription."""
    if _kind(attributes) == "source":
        return None
    if name == "channel":
        return attributes.get(_ABOUT.lower())
    return attributes.get("xmlurl") or (attributes.get("url") if name == "outline" and _kind(attributes) in _FEEDS else None)


def _fault(name: str, attributes: Mapping[str, str], href: str | None, *, leaf: bool) -> str | None:
    """Why an element that should be a subscription is none; None where it is one, or is not meant to be."""
    label = one_line(attributes.get("text") or attributes.get("title") or "", 100)
    if not href:
        return (
            f"'{label}' is left out: it names no feed, in xmlUrl"
            if leaf and name == "outline" and _kind(attributes) in _FEEDS
            else None
        )
    url = resolve(None, href)
    why = wrong_address(url or href) or ("" if url else f"an address has {MAX_URL:,} characters at most")
    return f"'{one_line(redact(href), 200)}' is left out: {why}" if why else None


def _outline(name: str, attributes: Mapping[str, str], groups: tuple[str, ...], owner: str, href: str | None) -> Outline | None:
    url = resolve(None, href)
    if not url:
        return None
    prefix = "{" + NAMESPACE + "}"
    title = attributes.get("text", "").strip() or attributes.get("title", "").strip() or (owner if name == "channel" else "")
    return Outline(
        url=url,
        title=one_line(title, 500),
        page=resolve(None, attributes.get("htmlurl")),
        path=groups,
        categories=tuple(part.strip() for part in attributes.get("category", "").split(",") if part.strip()),
        settings={key.removeprefix(prefix): value for key, value in attributes.items() if key.startswith(prefix)},
    )


def _child_text(element: etree._Element, name: str) -> str:
    for child in element:
        if canonical_name(str(child.tag), child.prefix).rpartition(":")[2] == name:
            return one_line(child.text or "", 500)
    return ""


def _group(groups: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    for length in range(1, len(path) + 1):
        if path[:length] not in groups:
            groups[path[:length]] = etree.SubElement(groups[path[: length - 1]], "outline", text=_legal(path[length - 1]))
    return groups[path]


def _element(outline: Outline) -> etree._Element:
    url = _legal(without_secrets(outline.url))
    label = _legal(outline.title) or url
    element = etree.Element("outline", type="rss", text=label, title=label, xmlUrl=url)
    if outline.page:
        element.set("htmlUrl", _legal(outline.page))
    if outline.categories:
        element.set("category", _legal(",".join(outline.categories)))
    for key, value in sorted(outline.settings.items()):
        element.set(f"{{{NAMESPACE}}}{key}", _legal(value))
    return element


def _legal(text: str) -> str:
    """Keep the characters that XML 1.0 can carry."""
    return "".join(c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")
