"""JSON inside HTML: what a page's own script reads, taken without running the script.

``where`` names the place:

    body                     the whole answer is JSON
    next_data                ``<script id="__NEXT_DATA__">`` of Next.js' pages router
    flight                   ``self.__next_f.push([1, "..."])`` of its app router: rows ``id:payload`` of the React flight format
    ld                       every ``<script type="application/ld+json">``, ``@graph`` unfolded
    window._ROUTER_DATA      the value some script assigns to that name
    script#state             the text of that element
    div.papers@data-props    an attribute of that element
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from aiwatch.errors import ParseError

PUSH = re.compile(r"self\.__next_f\.push\(")
ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]{1,8}),)?")
DECODER = json.JSONDecoder(strict=False)  # scripts carry raw newlines and tabs in strings
GLOBAL = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")
MAX_DOCUMENTS = 2_000
MAX_FAILED = 100  # places in one script that look like data and are none


def documents(text: str, where: str) -> list[Any]:
    """Return the JSON values found at ``where``. Raises ParseError, saying what is missing, where there is none."""
    if where == "body":
        return [_whole(text)]
    tree = LexborHTMLParser(text)
    scripts = [node.text(strip=False) for node in tree.css("script")]
    if where == "next_data":
        found = _texts(tree, "script#__NEXT_DATA__")
    elif where == "flight":
        found = flight("".join(_pushed(scripts)))
    elif where == "ld":
        found = list(ld_objects(tree))
    elif GLOBAL.fullmatch(where):
        found = [value for script in scripts for value in _assigned(script, where)]
    elif "@" in where:
        selector, _, attribute = where.rpartition("@")
        found = _loads(node.attributes.get(attribute) or "" for node in tree.css(selector))
    else:
        found = _texts(tree, where)
    if not found:
        raise ParseError(f"no JSON at {where!r}: the page has {len(scripts)} scripts and none of them holds it")
    return found[:MAX_DOCUMENTS]


def _whole(text: str) -> Any:
    try:
        return DECODER.decode(text.lstrip("﻿"))
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:80].split())
        raise ParseError(f"the answer is not JSON ({error}); it begins {start!r}") from error


def _texts(tree: LexborHTMLParser, selector: str) -> list[Any]:
    return _loads(node.text(strip=False) for node in tree.css(selector))


def _loads(texts: Iterable[str]) -> list[Any]:
    """Those of ``texts`` that are JSON; HTML comments and CDATA marks around them do not count."""
    values = []
    for text in texts:
        bare = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$", "", text).strip().rstrip(";")
        try:
            values.append(DECODER.decode(bare))
        except (ValueError, RecursionError):
            continue
    return values


def _assigned(script: str, name: str) -> list[Any]:
    """Return the values assigned to ``name`` in a script: ``window.X = {...}``, also as ``window["X"]`` or a bare ``X``."""
    last = re.escape(name.rpartition(".")[2])
    written = rf"{re.escape(name)}|(?:window|self|globalThis)\[[\"']{last}[\"']\]|(?:var|let|const)\s+{last}"
    return list(_decoded(script, re.compile(rf"(?<![\w$])(?:{written})\s*=\s*")))


def _pushed(scripts: list[str]) -> list[str]:
    """Return the texts handed to ``self.__next_f.push([1, text])``, in order."""
    values = (value for script in scripts for value in _decoded(script, PUSH))
    return [value[1] for value in values if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str)]


def _decoded(script: str, before: re.Pattern[str]) -> Iterator[Any]:
    """Yield the JSON after each match. A script that breaks it on and on is given up: an error counts lines, which takes time."""
    failed = 0
    for match in before.finditer(script):
        try:
            yield DECODER.raw_decode(script, match.end())[0]
        except (ValueError, RecursionError):
            failed += 1
            if failed > MAX_FAILED:
                return


def flight(stream: str) -> list[Any]:
    """Return the JSON rows of a React flight stream, references to text rows filled in.

    A row is ``id:payload`` up to a newline; ``id:Thex,text`` is a text of that many UTF-8 bytes with no newline after it (as
    the client of React 19 reads it). Rows with a letter before the JSON (modules, hints, errors) carry no data and are left out.
    """
    data = stream.encode("utf-8", "surrogatepass")
    texts: dict[str, str] = {}
    rows: list[Any] = []
    at = 0
    while (match := ROW.search(data, at)) is not None:
        row = match[1].decode()
        if match[2] is not None:
            at = match.end() + int(match[2], 16)
            texts[row] = data[match.end() : at].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", match.end())
        end = len(data) if end < 0 else end
        rows += _loads([data[match.end() : end].decode("utf-8", "replace")])
        at = end + 1
    return [_filled(row, texts, 0) for row in rows]


def _filled(value: Any, texts: dict[str, str], depth: int) -> Any:
    """``value`` with ``"$1a"`` replaced by the text of row 1a, to a depth no real page exceeds."""
    if isinstance(value, str):
        return texts.get(value[1:], value) if value.startswith("$") else value
    if depth > 200:
        return value
    if isinstance(value, list):
        return [_filled(one, texts, depth + 1) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, texts, depth + 1) for key, one in value.items()}
    return value


def ld_objects(tree: LexborHTMLParser) -> list[dict[str, Any]]:
    """Return the objects of every JSON-LD script of a page."""
    return [one for value in _texts(tree, 'script[type="application/ld+json"]') for one in unfold(value)]


def unfold(value: Any) -> list[dict[str, Any]]:
    """Return the objects of one JSON-LD script: a list's elements, the members of ``@graph``, an ``ItemList``'s items."""
    values = value if isinstance(value, list) else [value]
    found: list[dict[str, Any]] = []
    for one in values:
        if not isinstance(one, dict):
            continue
        found.append(one)
        graph = one.get("@graph")
        found += [member for member in graph if isinstance(member, dict)] if isinstance(graph, list) else []
    return found
