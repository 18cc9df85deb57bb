"""Other people's words made harmless and readable: what a title may carry into a mail, a chat or a terminal."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

# Controls that reorder text (UAX #9), which a title can use to show another address or name than it has.
_BIDI = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0xE0000, 0xE0080), *range(0xFFF9, 0xFFFC)])
_LINE = re.compile(r"\s+")
TITLE = 300  # characters of a title that are shown; feeds have been seen with whole articles in <title>


def clean(text: str | None, limit: int = TITLE) -> str:
    """One line of plain text: no control, bidi or invisible characters, no lone surrogates, at most ``limit`` characters.

    Combining marks beyond four on one letter are dropped (they paint over the lines above and below).
    """
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        return shorten(_LINE.sub(" ", text[: limit * 8]).strip(), limit)
    text = text[: limit * 8].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.translate(_BIDI).translate(_INVISIBLE)
    text = "".join(" " if _control(char) else char for char in text)
    return shorten(_LINE.sub(" ", _calm(text)).strip(), limit)


def inline(text: str) -> str:
    """A piece of a text, each line ``clean`` but for its length, with a space at its ends where there was one."""
    return "\n".join(_piece(line) for line in text.split("\n"))


def _piece(line: str) -> str:
    inner = clean(line, max(TITLE, len(line)))
    if not inner:
        return " " if line else ""
    return f"{' ' if line[0].isspace() else ''}{inner}{' ' if line[-1].isspace() else ''}"


def shorten(text: str, limit: int) -> str:
    """``text`` within ``limit`` characters, cut between words where there is one near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    if space > limit * 0.7:
        head = head[:space]
    while head and (unicodedata.combining(head[-1]) or head[-1] == "\u200d"):
        head = head[:-1]
    return f"{head.rstrip()}…"


def link(url: str | None) -> str | None:
    """An http(s) address with nothing in it that any channel could read as markup; None for everything else."""
    if not url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(clean(url, 2000).replace(" ", "%20"))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        return None
    if not re.fullmatch(r"[\w.\-:\[\]%]+", parts.netloc):
        return None
    path = quote(parts.path, safe="/:@!$&+,;=~%-._")
    query = quote(parts.query, safe="/?:@!$&+,;=~%-._")
    fragment = quote(parts.fragment, safe="/?:@!$&+,;=~%-._")
    return urlunsplit((parts.scheme, parts.netloc, path, query, fragment))


def header(text: str, limit: int = 200) -> str:
    """A text for a mail header: one line, and short enough to be folded by any server."""
    return clean(text, limit)


def _control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Zl", "Zp", "Co", "Cs"}


def _calm(text: str) -> str:
    """At most four combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= 4:
            kept.append(char)
    return "".join(kept)
