"""Broken XML made well-formed, in one linear pass: what a strict parser refuses is rewritten so that it loses nothing a reader would see.

A pattern takes the text apart into tags, sections and text; a stack closes what was left open and drops what was never opened; bare
ampersands, HTML entities, unquoted attributes, undeclared prefixes and characters that XML forbids are put right. Nothing outside of the
text is read: a DOCTYPE is cut, and of its entities only short literal ones count (``<!ENTITY lab "AI Lab">``), within a bound.
"""

from __future__ import annotations

import html.entities
import re
from collections import Counter
from dataclasses import dataclass, field

MAX_DEPTH = 120
MAX_ATTRIBUTES = 100  # of one element
MAX_NAME = 200  # characters of an element's or attribute's name
MAX_TEXT = 500_000  # characters of one text node
MAX_EXPANSION = 200_000  # characters that a document's own entities may add

_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]{0,2000}(\[)?", re.IGNORECASE)
_SUBSET_END = re.compile(r"\]\s*>")
_ENTITY_DECLARATION = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]{0,63})\s+(?:\"([^\"<&%]{0,1000})\"|'([^'<&%]{0,1000})')\s*>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,8});?|([A-Za-z_][\w.-]{0,63});)?")
_SPACE_URI = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*#?[A-Za-z0-9._~/-]*)?", re.ASCII)
_BARE = re.compile(r"&(?![#A-Za-z_])")
_NAME_START = (  # XML 1.0 fifth edition, production 4; the colon is the prefix's
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NCNAME = rf"[{_NAME_START}][{_NAME_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*"
_NAME = rf"{_NCNAME}(?::{_NCNAME})?"
_TAG_START = re.compile(f"<[/!?{_NAME_START}]")
_START = re.compile(rf"<({_NAME})((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>?")
_SCRAP = re.compile(r"<[/!?][^<>]*+>?")
_END = re.compile(rf"</\s*+({_NAME})[^<>]*+>?")
_ATTRIBUTE = re.compile(rf"({_NAME})\s*(?:=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+)))?")
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_HTML_VOID = _VOID - {"link", "source"}
_ITEMS = frozenset({"item", "entry"})
# Elements of text: where another starts inside one, it was left open.
_LEAVES = frozenset({"title", "link", "guid", "pubdate", "updated", "published", "id"})
_STRUCTURE = _ITEMS | _LEAVES | {"description", "summary"}
_HOLDERS = frozenset({"", "rss", "rdf", "channel", "feed", "item", "entry"})
_CLOSED_BY = {name: _LEAVES | {"description", "summary"} for name in ("guid", "pubdate", "item", "entry", "updated", "published")}
_PREFIXES = {
    "xml": "http://www.w3.org/XML/1998/namespace",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


@dataclass(slots=True)
class _Mender:
    entities: dict[str, str]
    out: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    scopes: list[frozenset[str]] = field(default_factory=list)
    open_names: Counter[str] = field(default_factory=Counter)  # lower case, of the stack
    spent: int = 0

    def text(self, text: str) -> None:
        if self.stack and text:
            self.out.append(self._escape(text[:MAX_TEXT]))

    def literal(self, text: str) -> None:
        if self.stack:
            self.out.append(text[:MAX_TEXT].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

    def start(self, name: str, attributes: str, *, empty: bool) -> None:
        local = name.rpartition(":")[2].lower()
        if not self.stack and local in _STRUCTURE:
            self._open("rss", [], frozenset(("xml",)))  # entries without a feed around them
        if local in _ITEMS:
            self._close_item(name)
        if local in _STRUCTURE and self.stack[-1].rpartition(":")[2].lower() in _CLOSED_BY.get(local, _LEAVES):
            self._close_to(self.stack[-1])
        if len(self.stack) >= MAX_DEPTH or len(name) > MAX_NAME:
            return
        known = self.scopes[-1] if self.scopes else frozenset(("xml",))
        written, declared = self._attributes(attributes, known)
        prefix = name.partition(":")[0] if ":" in name else ""
        if prefix and prefix not in declared:
            written.append(f' xmlns:{prefix}="{_PREFIXES.get(prefix.lower(), "urn:undeclared:" + prefix)}"')
            declared |= {prefix}
        self._open(name, written, declared)
        if len(self.stack) > 1 and (empty or (local in _HTML_VOID and ":" not in name and len(self.stack) > 3)):
            self._close_to(name)

    def end(self, name: str) -> None:
        """Close the nearest element of that name; the root stays open, for what comes after an end that comes too early."""
        lower = name.lower()
        if not self.open_names[lower]:
            return
        inner = self.stack[1:]
        if name in inner:
            self._close_to(name)
        else:
            self._close_to(next((open_name for open_name in reversed(inner) if open_name.lower() == lower), ""))

    def finish(self) -> str:
        self.out.extend(f"</{name}>" for name in reversed(self.stack))
        return "".join(self.out)

    def _open(self, name: str, attributes: list[str], declared: frozenset[str]) -> None:
        self.out.append(f"<{name}{''.join(attributes)}>")
        self.stack.append(name)
        self.open_names[name.lower()] += 1
        self.scopes.append(declared)

    def _close_item(self, name: str) -> None:
        """Close an item that is still open, or whatever was nested too deep for an item to stand in it."""
        if self.open_names[name.lower()]:
            self._close_to(name)
        while len(self.stack) >= MAX_DEPTH // 2:
            self._close_to(self.stack[-1])

    def _close_to(self, name: str) -> None:
        """Close elements up to the nearest of that name, if there is one inside the root."""
        if name not in self.stack[1:]:
            return
        while len(self.stack) > 1:
            top = self.stack.pop()
            self.open_names[top.lower()] -= 1
            self.scopes.pop()
            self.out.append(f"</{top}>")
            if top == name:
                return

    def _attributes(self, text: str, known: frozenset[str]) -> tuple[list[str], frozenset[str]]:
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(text):
            name, double, single, bare = match.groups()
            if name not in found and len(name) <= MAX_NAME:
                value = double or single or bare or ""
                found[name] = _space(value) if name.startswith("xmlns") else value
                if len(found) >= MAX_ATTRIBUTES:
                    break
        declared = known | {
            name[6:] for name in found if name.startswith("xmlns:") and found[name] and name[6:] not in {"xml", "xmlns"}
        }
        written = []
        for name, value in found.items():
            prefix = name.partition(":")[0] if ":" in name else ""
            if name.startswith("xmlns:") and (not value or name[6:] in {"xml", "xmlns"}):
                continue
            if prefix and prefix not in {"xml", "xmlns"} and prefix not in declared:
                written.append(f' xmlns:{prefix}="{_PREFIXES.get(prefix.lower(), "urn:undeclared:" + prefix)}"')
                declared |= {prefix}
            written.append(f' {name}="{self._escape(value).replace(chr(34), "&quot;")}"')
        return written, declared

    def _escape(self, text: str) -> str:
        if "&" in text:
            text = _AMPERSAND.sub(self._reference, _BARE.sub("&amp;", text))
        return text.replace("]]>", "").replace("<", "&lt;")

    def _reference(self, match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if decimal or hexadecimal:
            return _character(int(decimal) if decimal else int(hexadecimal, 16))
        if not name:
            return "&amp;"
        if name in {"amp", "lt", "gt", "quot", "apos"}:
            return match[0]
        value = self.entities.get(name)
        if value is None:
            value = html.entities.html5.get(f"{name};")
        elif self.spent > MAX_EXPANSION:
            value = ""
        else:
            self.spent += len(value)
        if value is None:
            return f"&amp;{name};"
        return value.replace("&", "&amp;").replace("<", "&lt;")


def mend(text: str, entities: dict[str, str] | None = None) -> str:
    """Rewrite ``text`` (no XML declaration, no DOCTYPE) as one well-formed element; '' where it holds no tag at all.

    ``entities`` are the document's own, from ``without_doctype``. Time and size are linear in the text.
    """
    text = _FORBIDDEN.sub("", text)
    mender = _Mender(entities or {})
    scanner = _Scanner(text, mender)
    position = 0
    while position < len(text):
        tag = _TAG_START.search(text, position)
        if tag is None:
            mender.text(text[position:])
            break
        opening = tag.start()
        if opening > position:
            mender.text(text[position:opening])
        position = scanner.step(opening)
    return mender.finish()


class _Scanner:
    """Reads one construct at a ``<`` and tells the mender; gives the position behind it."""

    def __init__(self, text: str, mender: _Mender) -> None:
        self.text = text
        self.mender = mender
        self.last_comment_end = text.rfind("-->")
        self.last_section_end = text.rfind("]]>")
        self.open_section_seen = False

    def step(self, at: int) -> int:
        text = self.text
        following = text[at + 1 : at + 2]
        if following == "/":
            match = _END.match(text, at)
            if match:
                self.mender.end(match[1])
                return match.end()
            return self._scrap(at)
        if following == "!":
            return self._section(at)
        if following == "?":
            return self._scrap(at)
        match = _START.match(text, at)
        if match is None:  # a name that starts well and is none: ``<ａ:``
            self.mender.text("<")
            return at + 1
        attributes = match[2]
        self.mender.start(match[1], attributes, empty=attributes.rstrip().endswith("/"))
        return match.end()

    def _section(self, at: int) -> int:
        text = self.text
        if text.startswith("<!--", at) and at + 4 <= self.last_comment_end:
            return text.index("-->", at) + 3
        if not text.startswith("<![CDATA[", at):
            return self._scrap(at)
        if at <= self.last_section_end:
            end = text.index("]]>", at)
            self.mender.literal(text[at + 9 : end])
            return end + 3
        return self._open_section(at + 9)

    def _open_section(self, at: int) -> int:
        """Read a section that never ends up to the end of the text element it stands in; anywhere else it is a mark to drop."""
        name = self.mender.stack[-1] if self.mender.stack else ""
        if self.open_section_seen or name.rpartition(":")[2].lower() in _HOLDERS:
            return at
        self.open_section_seen = True
        end = self.text.find(f"</{name}", at)
        if end < 0:
            return at
        self.mender.literal(self.text[at:end])
        return end

    def _scrap(self, at: int) -> int:
        """Skip what is markup and says nothing here: an instruction, a declaration, an end tag without a name."""
        match = _SCRAP.match(self.text, at)
        return match.end() if match else at + 1


def without_doctype(text: str) -> tuple[str, dict[str, str]]:
    """Cut the DOCTYPE out; give the text and the short literal entities it declared. External ones and nested ones do not exist."""
    at = _prolog(text)
    match = _DOCTYPE.match(text, at)
    if not match:
        return text, {}
    end = _doctype_end(text, match)
    limit = min(end, match.start() + 200_000)
    declared = {m[1]: m[2] if m[2] is not None else m[3] for m in _ENTITY_DECLARATION.finditer(text, match.start(), limit)}
    return text[: match.start()] + text[end:], declared


def _prolog(text: str) -> int:
    """Find the end of the spaces, comments and instructions that stand before a DOCTYPE or the root."""
    at = 0
    while True:
        while text[at : at + 1].isspace():
            at += 1
        close = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        end = text.find(close, at + 2) if close else -1
        if end < 0:
            return at
        at = end + len(close)


def _doctype_end(text: str, match: re.Match[str]) -> int:
    closing = _SUBSET_END.search(text, match.end()) if match[1] else None
    if closing:
        return closing.end()
    end = text.find(">", match.end())
    return end + 1 if end >= 0 else len(text)


def _space(value: str) -> str:
    """Make a namespace's name one that every parser takes: the address it begins with, or a name of ours."""
    match = _SPACE_URI.match(value.strip())
    if match or not value:
        return match[0] if match else ""
    return "urn:other:" + ("".join(c for c in value if c.isascii() and c.isalnum())[:100] or "x")


def _character(code: int) -> str:
    """Give the character of a reference, as HTML reads it: 0x80 to 0x9F are CP1252, what XML forbids is nothing."""
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    if code in {0x9, 0xA, 0xD} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return {"<": "&lt;", "&": "&amp;", ">": "&gt;"}.get(chr(code), chr(code))
    return ""
