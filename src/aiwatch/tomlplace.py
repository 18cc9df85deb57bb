"""Where in a TOML text each key stands, for messages that name the line.

``tomllib`` does not say, and the parsers that keep positions do not give them out, so this reads headers and keys line by line; values
are left to ``tomllib``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]\]?")
_STRING = re.compile(  # or a comment; ``open`` where a string of several lines goes on behind the line
    r"""(?P<mark>\"{3}|'{3})(?:\\.|.)*?(?:(?P=mark)|(?P<open>$))|"(?:[^"\\]|\\.)*"|'[^']*'|#.*"""
)
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")


def loads(text: str) -> dict[str, Any]:
    """``tomllib.loads``, to which also what is nested without end is a mistake. Raises tomllib.TOMLDecodeError."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("arrays or tables are nested too deep") from None


def places(text: str) -> dict[Path, int]:
    """Line numbers (from 1) by path, such as ``("source", 3, "url")``; tables and array elements have their header's line."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in _outside_values(text):
        if header := _HEADER.match(line):
            table = _resolve(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
    return found


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest table around it, or 0."""
    for length in range(len(path), 0, -1):
        if (line := found.get(path[:length])) is not None:
            return line
    return 0


def line_of_error(message: str) -> int:
    """The line that ``tomllib`` names in its account of a mistake, or 0: it names none at the end of a document."""
    found = re.search(r"\(at line (\d+), column \d+\)$", message)
    return int(found[1]) if found else 0


def _resolve(parts: tuple[str, ...], counts: dict[Path, int]) -> Path:
    """A header's path with the index of the current element put behind every array of tables on the way."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if position < len(parts) - 1 and path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, dotted))


def _outside_values(text: str) -> Iterator[tuple[int, str]]:
    """Lines that can hold a header or a key: not those inside a multi-line string or array."""
    closing: str | None = None
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):  # a text may hold other breaks, which end no line of TOML
        behind = line
        if closing is None and depth <= 0:
            yield number, line
            if _HEADER.match(line):
                continue
        elif closing is not None:
            _, closed, behind = line.partition(closing)
            if not closed:
                continue
        strings = [*_STRING.finditer(behind)]
        closing = strings[-1]["mark"] if strings and strings[-1]["open"] is not None else None
        bare = _STRING.sub("", behind)
        depth = max(depth, 0) + bare.count("[") - bare.count("]")
