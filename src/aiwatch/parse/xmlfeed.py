"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 and CDF: a tree to a ``RawFeed``.

One reader for all of them, because feeds mix them: every element gets a canonical name (``tree.canonical_name``), and each property is
taken from the first of a list of names that has something to say. The lists are the formats' own order of precedence: RSS 2.0 and RSS
1.0 modules (Dublin Core, content, syndication), RFC 4287, Atom 0.3 draft, Media RSS and the podcast tags.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from lxml import etree

from aiwatch.parse.dates import parse_date
from aiwatch.parse.markup import clean, one_line, plain
from aiwatch.parse.raw import RawEntry, RawFeed
from aiwatch.parse.tree import canonical_name
from aiwatch.urls import host_of, resolve

MAX_CONTENT = 20_000
MAX_SUMMARY = 5_000
MAX_NAMES = 50  # authors or categories of an entry

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TITLE = ("title", "atom:title", "dc:title", "media:title", "itunes:title")
_SUMMARY = (
    "description",
    "atom:summary",
    "atom:description",
    "summary",
    "abstract",
    "itunes:summary",
    "dc:description",
    "media:description",
    "itunes:subtitle",
)
_CONTENT = ("content:encoded", "atom:content", "content", "xhtml:body", "body", "xhtml:div", "fullitem", "content:items")
_PUBLISHED = (
    "pubdate",
    "atom:published",
    "atom:issued",
    "published",
    "issued",
    "dcterms:issued",
    "dc:date",
    "atom:created",
    "atom:pubdate",
    "dcterms:created",
    "created",
    "prism:publicationdate",
    "date",
    "dcterms:date",
    "dcterms:available",
    "dcterms:dateissued",
)
_UPDATED = ("atom:updated", "atom:modified", "updated", "modified", "dcterms:modified", "lastbuilddate", "lastmod")
_GUID = ("guid", "atom:id", "id", "atom:guid", "dc:identifier")
_AUTHORS = ("atom:author", "author", "dc:creator", "itunes:author", "dc:author", "media:credit")
_CATEGORIES = (
    "category",
    "atom:category",
    "dc:subject",
    "media:category",
    "itunes:category",
    "media:keywords",
    "itunes:keywords",
)
_ENTRY_TAGS = ("{*}item", "{*}entry", "{*}ITEM", "{*}Item", "{*}ENTRY", "{*}Entry")
_PAGE_TYPES = ("", "text/html", "application/xhtml+xml", "html", "text", "xhtml")
_EMAIL_NAME = re.compile(r"^\s*\S+@\S+\s*\((.+)\)\s*$")
_NAME_EMAIL = re.compile(r"^\s*(.+?)\s*[<(]\S+@\S+[>)]\s*$")
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_MARKUP_TYPES = frozenset({"html", "xhtml"})

Children: TypeAlias = "dict[str, list[etree._Element]]"  # noqa: SLF001  an element's own children, by canonical name


@dataclass(slots=True)
class _Context:
    """What is needed to read one document: where it is, whether bases or languages change inside it, its zone."""

    base: str | None
    zone: str | None
    has_base: bool
    names: dict[str, str] = field(default_factory=dict)

    def name(self, element: etree._Element) -> str:
        tag = str(element.tag)
        found = self.names.get(tag)
        if found is None:
            found = self.names[tag] = canonical_name(tag, element.prefix)
        return found

    def base_of(self, element: etree._Element) -> str | None:
        """Find the base address an element stands under: xml:base of itself and its ancestors, from the outside in (XML Base)."""
        if not self.has_base:
            return self.base
        base = self.base
        bases = [e.get(_BASE) or "" for e in (element, *element.iterancestors())]
        for value in reversed([value for value in bases if value]):
            base = resolve(base, value) or base
        return base


def read_xml(root: etree._Element, *, base: str | None, zone: str | None, has_base: bool) -> RawFeed | None:
    """Read a document; None where neither a feed's root nor an entry is in it."""
    context = _Context(base, zone, has_base)
    kind = context.name(root).rpartition(":")[2]
    entries = _entries(root, context)
    channel = _channel(root, context)
    if not entries and kind not in {"rss", "rdf", "feed", "channel"}:
        return None
    declared_base = root.get("BASE") if kind == "channel" else None
    context.base = resolve(base, declared_base) or base
    feed = RawFeed(format={"feed": "atom", "entry": "atom", "channel": "cdf" if root.get("HREF") else "rss"}.get(kind, "rss"))
    if channel is not root or kind not in {"item", "entry"}:
        _read_channel(feed, channel, context)
    if not has_base and feed.link and base and host_of(feed.link) != host_of(base):
        context.base = feed.link  # a feed served for its site by another host: its links mean the site
    feed.entries = [_read_entry(element, context) for element in entries]
    return feed


def _entries(root: etree._Element, context: _Context) -> list[etree._Element]:
    found = []
    for element in root.iter(*_ENTRY_TAGS):
        parent = element.getparent()
        if parent is not None and _inside_entry(parent, context):
            continue
        found.append(element)
    return found


def _inside_entry(element: etree._Element, context: _Context) -> bool:
    at: etree._Element | None = element
    while at is not None:
        if context.name(at).rpartition(":")[2] in {"item", "entry"}:
            return True
        at = at.getparent()
    return False


def _channel(root: etree._Element, context: _Context) -> etree._Element:
    """Find the element that holds the feed's own title and link."""
    if context.name(root).rpartition(":")[2] in {"feed", "channel"}:
        return root
    for element in root.iter("{*}channel", "{*}feed", "{*}CHANNEL", "{*}Channel"):
        return element
    return root


def _read_channel(feed: RawFeed, channel: etree._Element, context: _Context) -> None:
    children = _children(channel, context)
    feed.title = _title(children)
    feed.lang = _text(children, "language", "dc:language") or channel.get(_LANG) or channel.getroottree().getroot().get(_LANG)
    feed.link = _page_link(children, context) or resolve(context.base_of(channel), channel.get("HREF") or channel.get("href"))
    feed.ttl = _ttl(children)
    for link in (*children.get("atom:link", ()), *children.get("link", ())):
        rel, href = (link.get("rel") or "").lower(), link.get("href")
        if rel == "hub" and not feed.hub:
            feed.hub = resolve(context.base_of(link), href)
        elif rel == "next" and not feed.next_url:
            feed.next_url = resolve(context.base_of(link), href)
    for name, label in (("skiphours", "skipHours"), ("skipdays", "skipDays")):
        for element in children.get(name, ()):
            values = ",".join(" ".join((child.text or "").split()) for child in element)[:200]
            if values:
                feed.notes.append(f"{label}: {values}")


def _read_entry(element: etree._Element, context: _Context) -> RawEntry:
    children = _children(element, context)
    entry = RawEntry(title=_title(children))
    entry.guid = _guid(element, children)
    entry.link = _original_link(children) or _page_link(children, context) or _other_link(element, children, context)
    entry.published = _date(children, _PUBLISHED, context)
    stamp = element.get("LASTMOD") or element.get("lastmod")
    entry.updated = (
        _date(children, _UPDATED, context) or parse_date(stamp, context.zone) or _later_event(entry, children, context)
    )
    entry.summary = _body(children, _SUMMARY, MAX_SUMMARY)
    entry.content = _body(children, _CONTENT, MAX_CONTENT)
    _from_group(entry, children, context)
    entry.authors = _authors(children, context)
    entry.categories = _categories(children)
    entry.lang = element.get(_LANG) or _text(children, "dc:language", "language") or None
    return entry


def _children(element: etree._Element, context: _Context) -> Children:
    """Sort the direct children by canonical name."""
    names = context.names
    found: Children = {}
    for child in element:
        name = names.get(child.tag) or context.name(child)  # type: ignore[arg-type]  # tags are str: comments are gone
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def _content_of(element: etree._Element) -> tuple[str, bool]:
    """Give an element's text and whether it is surely markup: Atom's types, inline children, base64 (Atom 0.3)."""
    kind = (element.get("type") or "").strip().lower()
    if len(element):
        inner = etree.tostring(element, encoding="unicode", with_tail=False)
        inner = inner[inner.find(">") + 1 : inner.rfind("<")]
        # What reads markup knows no namespaces: <xhtml:p> is a paragraph.
        return re.sub(r"<(/?)[A-Za-z_][\w.-]*:(?=[A-Za-z])", r"<\1", inner), True
    text = element.text or ""
    if element.get("mode", "").lower() == "base64" or ("/" in kind and not _textual(kind)):
        return _unbase64(text), False
    return text, kind in _MARKUP_TYPES


def _textual(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def _unbase64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _title(children: Children) -> str:
    for name in _TITLE:
        for element in children.get(name, ()):
            text, _ = _content_of(element)
            title = one_line(text)
            if title:
                return title
    return ""


def _body(children: Children, names: tuple[str, ...], limit: int) -> str:
    for name in names:
        for element in children.get(name, ()):
            if element.get("src") and not element.text:
                continue
            text, _ = _content_of(element)
            result = plain(text, limit)
            if result:
                return result
    return ""


def _text(children: Children, *names: str) -> str:
    for name in names:
        for element in children.get(name, ()):
            text = " ".join((element.text or "").split())
            if text:
                return text[:1000]
    return ""


def _date(children: Children, names: tuple[str, ...], context: _Context) -> datetime | None:
    for name in names:
        for element in children.get(name, ()):
            found = parse_date(element.text, context.zone)
            if found:
                return found
    return None


def _later_event(entry: RawEntry, children: Children, context: _Context) -> datetime | None:
    """Take a dc:date beside another date of publication for what Dublin Core says it is: some event of its life."""
    event = _date(children, ("dc:date",), context) if "dc:date" in children else None
    return event if event != entry.published else None


def _guid(element: etree._Element, children: Children) -> str | None:
    text = _text(children, *_GUID)
    about = element.get(_ABOUT)
    return text or (about.strip()[:1000] if about else None) or None


def _page_link(children: Children, context: _Context) -> str | None:
    """Find the page an entry or feed stands for: RSS's link, or Atom's alternate one, HTML before other types."""
    best: tuple[int, str] | None = None
    for order, name in enumerate(("link", "atom:link")):
        for element in children.get(name, ()):
            href = element.get("href")
            rank = 0 if href is None else _rank(element)
            if rank is None:
                continue
            target = resolve(context.base_of(element), href if href is not None else element.text)
            score = rank * 2 + (order if href is None else 0)
            if target and (best is None or score < best[0]):
                best = (score, target)
    return best[1] if best else None


def _original_link(children: Children) -> str | None:
    """Find the address that FeedBurner hid behind its own, which does not live as long."""
    for element in children.get("feedburner:origlink", ()):
        return resolve(None, element.text)
    return None


def _rank(element: etree._Element) -> int | None:
    rel = (element.get("rel") or "alternate").strip().lower()
    if rel.rpartition("/")[2] != "alternate":
        return None
    kind = (element.get("type") or "").split(";")[0].strip().lower()
    return 0 if kind in _PAGE_TYPES else 1


def _other_link(element: etree._Element, children: Children, context: _Context) -> str | None:
    """Find an address where no link is given: a permalink guid, an id that is one, a player, an enclosure, CDF's HREF."""
    for guid in children.get("guid", ()):
        permalink = (guid.get("isPermaLink") or guid.get("ispermalink") or "true").strip().lower() != "false"
        text = (guid.text or "").strip()
        target = resolve(context.base_of(guid), text) if permalink and (":" in text or "/" in text) else None
        if target:
            return target
    for name in ("atom:id", "media:player", "enclosure"):
        for other in children.get(name, ()):
            target = resolve(context.base_of(other) if name != "atom:id" else None, other.get("url") or other.text)
            if target:
                return target
    return resolve(context.base_of(element), element.get("HREF") or element.get("href"))


def _from_group(entry: RawEntry, children: Children, context: _Context) -> None:
    """Take from media:group or media:content (YouTube, Flickr) what the entry itself does not say."""
    if entry.title and (entry.summary or entry.content):
        return
    for group in (*children.get("media:group", ()), *children.get("media:content", ())):
        inner = _children(group, context)
        entry.title = entry.title or _title(inner)
        entry.summary = entry.summary or _body(inner, ("media:description",), MAX_SUMMARY)


def _authors(children: Children, context: _Context) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _AUTHORS:
        for element in children.get(name, ()):
            if len(element):
                inner = _children(element, context)
                text = _text(inner, "atom:name", "name", "atom:email", "email")
            else:
                text = clean(element.text or "", 300)
            match = _EMAIL_NAME.match(text) or _NAME_EMAIL.match(text)
            text = one_line(match[1] if match else text, 300)
            if text and len(found) < MAX_NAMES:
                found[text] = None
        if found:
            break
    return tuple(found)


def _categories(children: Children) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _CATEGORIES:
        for element in children.get(name, ()):
            text = one_line(element.get("label") or element.get("term") or element.text or element.get("text") or "", 200)
            for part in text.split(",") if name.endswith("keywords") else (text,):
                if part.strip() and len(found) < MAX_NAMES:
                    found[part.strip()] = None
    return tuple(found)


def _ttl(children: Children) -> int | None:
    """Seconds the feed asks to be left alone: RSS's ttl in minutes, or the syndication module's period and frequency."""
    text = _text(children, "ttl")
    if text.isdecimal() and len(text) < 8 and int(text) > 0:
        return int(text) * 60
    period = _PERIODS.get(_text(children, "sy:updateperiod").lower())
    if period is None:
        return None
    frequency = _text(children, "sy:updatefrequency")
    times = int(frequency) if frequency.isdecimal() and len(frequency) < 5 and int(frequency) > 0 else 1
    return max(60, period // times)
