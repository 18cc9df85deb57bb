"""The rows of a page: HTML or JSON -> ``Row``, the raw texts of each post before dates and addresses are read.

One function a mode (see ``pageoptions``). Selectors of hashed class names break at every redesign; ``links`` mode holds on to what
survives: the shape of an article's address, and one date in the nearest surroundings that belong to that address alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aiwatch.parse.embedded import documents
from aiwatch.parse.listing import DATE, Row, date_in
from aiwatch.parse.pageoptions import FIELDS, PageOptions, selector_parts
from aiwatch.parse.path import select, text_at
from aiwatch.urls import canonical_url, resolve

HEADINGS = "h1, h2, h3, h4, h5, h6"
CLIMB = 8  # ancestors looked at for a date; cards of real pages are at most five deep
MAX_LINKS = 5_000
SECTION_NODES = 400  # siblings read below a heading


def rows_of(text: str, base: str, options: PageOptions) -> list[Row]:
    """Return the page's rows in document order, unfiltered but for the mode's own pattern. Raises ParseError where JSON is missing."""
    if options.mode == "json":
        return list(_json_rows(text, options))
    tree = LexborHTMLParser(text)
    if options.mode == "item":
        return list(_item_rows(tree, options))
    if options.mode == "sections":
        return list(_section_rows(tree, options))
    return list(_link_rows(tree, base, options))


# --- json ---------------------------------------------------------------------------------------------------------------


def _json_rows(text: str, options: PageOptions) -> Iterator[Row]:
    for document in documents(text, options.at):
        for one in select(document, options.items):
            field = {
                name: next(filter(None, (text_at(one, path) for path in paths)), "") for name, paths in options.fields.items()
            }
            if options.url_template and (field.get("key") or field.get("link")):
                field["link"] = options.url_template.format_map(
                    {name: quote(field.get(name, ""), safe="-._~/:") for name in FIELDS}
                )
            yield Row(**field)


# --- item ---------------------------------------------------------------------------------------------------------------


def _item_rows(tree: LexborHTMLParser, options: PageOptions) -> Iterator[Row]:
    day = ""
    for node in tree.css(f"{options.at}, {options.date_before}" if options.date_before else options.at):
        if options.date_before and node.css_matches(options.date_before) and not node.css_matches(options.at):
            day = squeeze(node.text(separator=" "))
            continue
        field = {name: _first(node, selectors) for name, selectors in options.fields.items()}
        field["link"] = _link(node, options.fields["link"]) if "link" in options.fields else _own_link(node)
        if "title" not in options.fields:
            heading = node.css_first(HEADINGS)
            field["title"] = squeeze(heading.text(separator=" ")) if heading is not None else ""
        field["date"] = field.get("date") or day
        yield Row(**field)


def _first(node: LexborNode, selectors: Iterable[str]) -> str:
    """Return the text of the first selector that gives any. ``css@attr`` gives an attribute, ``@attr`` one of the node itself.

    ``.`` is the node itself; a leading literal may stand before an attribute in quotes: ``'#'@id`` gives ``#`` and the id.
    """
    for selector in selectors:
        literal, css, attribute = selector_parts(selector)
        found = node.css_first(css) if css else node
        if found is None:
            continue
        value = (found.attributes.get(attribute) or "") if attribute else _node_text(found)
        if value.strip():
            return literal + squeeze(value)
    return ""


def _node_text(node: LexborNode) -> str:
    """Return a node's text; of ``<time datetime>`` the machine's form, of ``<img>`` its alternative text."""
    if node.tag == "time" and node.attributes.get("datetime"):
        return node.attributes["datetime"] or ""
    if node.tag == "img":
        return node.attributes.get("alt") or ""
    if node.tag == "meta":
        return node.attributes.get("content") or ""
    return node.text(separator=" ")


def _link(node: LexborNode, selectors: tuple[str, ...]) -> str:
    """The address a selector names: its attribute, or without one the ``href`` of the element or of the first link in it."""
    for selector in selectors:
        if "@" in selector:
            address = _first(node, (selector,))
        else:
            found = node if selector == "." else node.css_first(selector)
            inner = found if found is None or found.attributes.get("href") else found.css_first("a[href]")
            address = (inner.attributes.get("href") or "").strip() if inner is not None else ""
        if address:
            return address
    return ""


def _own_link(node: LexborNode) -> str:
    if node.tag == "a":
        return node.attributes.get("href") or ""
    inner = node.css_first("a[href]")
    if inner is not None:
        return inner.attributes.get("href") or ""
    around = node.parent
    for _ in range(3):  # a card whose link wraps it
        if around is None:
            break
        if around.tag == "a":
            return around.attributes.get("href") or ""
        around = around.parent
    return ""


# --- sections -----------------------------------------------------------------------------------------------------------


def _section_rows(tree: LexborHTMLParser, options: PageOptions) -> Iterator[Row]:
    day = ""
    for node in tree.css(f"{options.at}, {options.date_before}" if options.date_before else options.at):
        text = squeeze(node.text(separator=" "))
        if options.date_before and node.css_matches(options.date_before) and not node.css_matches(options.at):
            day = text
            continue
        anchor = node.attributes.get("id") or _inner_anchor(node)
        own = date_in(text, options.date_pattern)
        title = re.sub(r"[\s(\[–—:|-]*" + re.escape(own) + r"[\s)\]–—:|-]*", " ", text) if own else text
        yield Row(
            title=squeeze(title).strip("\u200b#¶"),
            link=f"#{anchor}" if anchor else "",
            date=own or day,
            summary=_below(node, options),
        )


def _inner_anchor(node: LexborNode) -> str:
    for one in node.css("[id], a[name], a[href^='#']"):
        anchor = one.attributes.get("id") or one.attributes.get("name") or (one.attributes.get("href") or "")[1:]
        if anchor:
            return anchor
    return ""


def _below(heading: LexborNode, options: PageOptions) -> str:
    """Return the text between a heading and the next one."""
    stop = f"{options.at}, {options.date_before}" if options.date_before else options.at
    parts: list[str] = []
    node = heading.next
    for _ in range(SECTION_NODES):
        if node is None or (node.is_element_node and (node.css_matches(stop) or node.css_first(stop) is not None)):
            break
        if node.is_element_node or node.is_text_node:
            parts.append(node.text(separator=" "))
        node = node.next
    return squeeze(" ".join(parts))


# --- links --------------------------------------------------------------------------------------------------------------


def _link_rows(tree: LexborHTMLParser, base: str, options: PageOptions) -> Iterator[Row]:
    """One row an address: the anchors that lead to it, and what stands around them and around no other such address."""
    anchors: dict[str, list[LexborNode]] = {}
    owner: dict[int, str] = {}  # node -> the one address that it and all below it lead to; "" where there are several
    for node in tree.css("a[href]")[:MAX_LINKS]:
        url = _article(node, base, options)
        if url:
            anchors.setdefault(url, []).append(node)
            _own(node, url, owner)
    for url, nodes in anchors.items():
        blocks = [_block(node, url, owner) for node in nodes]
        date = next(filter(None, (_one_date(around, options) for block in blocks for around in block)), "")
        title = _link_title(nodes, blocks, options)
        summary = next(filter(None, (_first(block[-1], options.fields.get("summary", ())) for block in blocks)), "")
        category = next(filter(None, (_first(block[-1], options.fields.get("category", ())) for block in blocks)), "")
        yield Row(title=title, link=nodes[0].attributes.get("href") or "", date=date, summary=summary, category=category)


def _own(node: LexborNode, url: str, owner: dict[int, str]) -> None:
    """Note in ``owner`` that ``node`` and its ancestors lead to ``url``."""
    above: LexborNode | None = node
    for _ in range(CLIMB + 1):
        if above is None:
            return
        owner[above.mem_id] = url if owner.get(above.mem_id, url) == url else ""
        above = above.parent


def _article(node: LexborNode, base: str, options: PageOptions) -> str | None:
    url = resolve(base, node.attributes.get("href"))
    if url is None or not options.wanted(path_of(url)):
        return None
    return canonical_url(url)


def _block(anchor: LexborNode, url: str, owner: dict[int, str]) -> list[LexborNode]:
    """Return the anchor and those of its ancestors that hold no link to another article, innermost first."""
    block = [anchor]
    node = anchor.parent
    for _ in range(CLIMB):
        if node is None or node.tag in {"body", "html", "main"} or owner[node.mem_id] != url:
            break
        block.append(node)
        node = node.parent
    return block


def _one_date(node: LexborNode, options: PageOptions) -> str:
    """Return the node's date where it has exactly one; two different ones say nothing."""
    if "date" in options.fields:
        return _first(node, options.fields["date"])
    times = {value for one in node.css("time[datetime]") if (value := one.attributes.get("datetime") or "")}
    if len(times) == 1:
        return times.pop()
    text = squeeze(node.text(separator=" "))
    found = {match[0] for match in (options.date_pattern or DATE).finditer(text)}
    return date_in(text, options.date_pattern) if len(found) == 1 else ""


def _link_title(anchors: list[LexborNode], blocks: list[list[LexborNode]], options: PageOptions) -> str:
    """Choose a title: the selector's, a heading in or around the link, the longest link text without its date, an image's text."""
    selectors = options.fields.get("title", ())
    for block in blocks:
        for node in block:
            if found := _first(node, selectors):
                return found
    for block in blocks:
        for node in block:
            heading = node if node.tag in HEADINGS.split(", ") else node.css_first(HEADINGS)
            if heading is not None and (text := squeeze(heading.text(separator=" "))):
                return text
    texts = [DATE.sub(" ", squeeze(anchor.text(separator=" "))) for anchor in anchors]
    longest = max((squeeze(text).strip(" ·|-–—,") for text in texts), key=len, default="")
    if longest:
        return longest
    labels = (anchor.attributes.get(name) or "" for anchor in anchors for name in ("aria-label", "title"))
    return next(filter(None, labels), "") or next(filter(None, (_first(anchor, ("img@alt",)) for anchor in anchors)), "")


# --- small things -------------------------------------------------------------------------------------------------------


def squeeze(text: str) -> str:
    """Return ``text`` with runs of whitespace as one space and none at the ends."""
    return " ".join(text.split())


def path_of(url: str) -> str:
    """Return path and query of ``url``: what ``include``, ``exclude`` and ``links`` are matched against."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
