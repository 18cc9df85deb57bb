"""Plain text out of whatever a feed puts into a text: HTML, escaped once or twice, or nothing of the kind.

The result is for matching and for showing as text; it is never HTML. Scripts and styles go with their content, blocks and line breaks
become newlines, entities their characters, and what looks like a tag but is none in HTML (``std::vector<int>``) stays as it is.
"""

from __future__ import annotations

import html
import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser

from aiwatch.text import ENTITY

MAX_MARKUP = 15  # characters of markup looked at for each character wanted: pages were seen to need four
MAX_NESTING = 400  # elements; beyond, tags are cut out by pattern: depth costs a parser more than text is worth

_TAG_WORDS = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption center
cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame
frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img image input ins kbd label legend li link main map mark marquee menu
meta meter nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s samp
script section select small source span strike strong style sub summary sup svg math table tbody td template textarea tfoot th thead time
title tr track tt u ul var video wbr xmp xml o:p mi mo mn mrow msup msub
"""
_TAGS = frozenset(_TAG_WORDS.split())
_RAW_WORDS = "script style applet noembed template textarea title noscript plaintext xmp iframe noframes select svg math"
_BLOCK_WORDS = """
address article aside blockquote br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main
nav ol p pre section table tbody td tfoot th thead tr ul
"""
_RAW = frozenset(_RAW_WORDS.split())  # elements whose content is no plain text
_BLOCKS = frozenset(_BLOCK_WORDS.split())
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,15})(?=[\s/>])")
_ORDERLY = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,15})(?=[\s/>])(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_WHOLE_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,15})(?=[\s/>])[^<>]{0,5000}+>?")
_BRACKET = re.compile(r"<(?:(/?[A-Za-z][A-Za-z0-9:]{0,15})(?=[\s/>])|!--|!doctype|\?xml)?", re.IGNORECASE)
_SILENT = re.compile(r"<(/?)(script|style|applet|noembed|template)\b[^<>]{0,5000}+>?", re.IGNORECASE)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufdd0-\ufdef\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_ODD_SPACES = re.compile("[\t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile(" {2,}")
_LINES = re.compile(r"[\n\u2028\u2029][ \n\u2028\u2029]*")
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)}
_OPEN = re.compile(r"<[A-Za-z]")


def plain(text: str, limit: int = 20_000) -> str:
    """Make plain text of a possibly marked-up ``text``, at most ``limit`` characters, whitespace settled, newlines between blocks."""
    if len(text) > limit * MAX_MARKUP:
        text = text[: limit * MAX_MARKUP]
    for _ in range(4):  # as escaped, escaped twice, and mixtures of both
        if "<" in text and _has_tags(text):
            text = _strip(text)
        elif "&" in text and ENTITY.search(text):
            text = _unescaped(text)
        else:
            return clean(text, limit)
    return clean(_cut(text) if "<" in text else text, limit)


def one_line(text: str, limit: int = 1000) -> str:
    """Make a title: as ``plain``, in one line."""
    result = plain(text, limit)
    return " ".join(result.split()) if "\n" in result else result


def clean(text: str, limit: int = 20_000) -> str:
    """Take out controls, zero-width and direction marks, settle whitespace, cut at ``limit``; markup is not looked at."""
    if len(text) > limit * 4:
        text = text[: limit * 4]
    if not text.isprintable():  # controls, formats, and every space but the plain one
        text = _CONTROLS.sub(_control, text)
        text = _SPACES.sub(" ", _ODD_SPACES.sub(" ", text))
        text = _LINES.sub("\n", text).replace(" \n", "\n")
    elif "  " in text:
        text = _SPACES.sub(" ", text)
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _control(match: re.Match[str]) -> str:
    char = match[0]
    if "\x80" <= char <= "\x9f":
        return _C1[ord(char)]
    return " " if char in "\x0b\x0c\x1c\x1d\x1e\x1f" else ""


def _unescaped(text: str) -> str:
    """Resolve entities; a bare ``&copy=1`` of an address is left alone."""
    return ENTITY.sub(lambda m: html.unescape(m[0]), text)


def _has_tags(text: str) -> bool:
    return "<!--" in text or "<![CDATA[" in text or any(match[1].lower() in _TAGS for match in _TAG_NAME.finditer(text))


def _strip(text: str) -> str:
    """Take the tags out: by pattern where they are orderly, by a tree of HTML where they are not."""
    orderly = _orderly(text)
    if orderly is not None:
        return orderly
    if len(_OPEN.findall(text)) > MAX_NESTING and _nesting(text) > MAX_NESTING:
        return _cut(text)
    if "<!--" in text:
        text = _without_comments(text)
    if "<![CDATA[" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    tree = LexborHTMLParser(_BRACKET.sub(_for_tree, text))
    tree.strip_tags(["script", "style", "applet", "noembed", "template"], recursive=True)
    root = tree.root
    return root.text(deep=True) if root is not None else ""


def _orderly(text: str) -> str | None:
    """Cut out tags that are closed and whose content is plain text; None where there is anything else. Four times faster than a tree."""
    if "<!" in text or "<?" in text:
        return None
    names = {name.lower() for name in _TAG_NAME.findall(text)}
    if names & _RAW:
        return None
    result = _ORDERLY.sub(_cut_one, text)
    return result if "<" not in result or not _has_tags(result) else None


def _cut_one(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name in _BLOCKS:
        return "\n"
    return "" if name in _TAGS else match[0]


def _for_tree(match: re.Match[str]) -> str:
    """Escape a ``<`` that opens no HTML tag, so that ``a <b and vector<int>`` loses nothing; break lines before blocks."""
    found = match[0]
    name = (match[1] or "").lstrip("/").lower()
    if name in _BLOCKS:
        return f"\n{found}"
    return found if found[1:2] in {"!", "?"} or name in _TAGS else f"&lt;{found[1:]}"


def _without_comments(text: str) -> str:
    """Take comments out; one that is never closed ends at its next ``>``, or it would swallow the rest."""
    end = text.rfind("-->") + 3
    closed = re.sub(r"<!--.*?-->", "", text[:end], flags=re.DOTALL) if end > 2 else ""
    return closed + re.sub(r"<!--[^>]*>?", "", text[end:] if end > 2 else text)


def _cut(text: str) -> str:
    """Cut tags out by pattern, linearly, for what is nested too deep for a tree."""
    kept, position, silent = [], 0, ""
    for match in _SILENT.finditer(text):
        if not silent and not match[1]:
            kept.append(text[position : match.start()])
            silent = match[2].lower()
        elif match[1] and match[2].lower() == silent:
            silent, position = "", match.end()
    if not silent:
        kept.append(text[position:])
    return _WHOLE_TAG.sub(lambda m: " " if m[1].lower() in _TAGS else m[0], _without_comments(" ".join(kept)))


def _nesting(text: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"<(/?)[A-Za-z]", text):
        depth = max(0, depth + (-1 if match[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def normal_title(title: str) -> str:
    """Fold a title for comparison: NFKC, lower case, letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())
