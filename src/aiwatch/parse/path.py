"""A small path language for JSON: enough to say where a page's posts lie, in one line of ``sources.toml``.

    data.articles[]                          every element of the list
    loaderData."(locale$)/blog/page".list[]  a key with odd letters is quoted
    **[_type=post,featuredGridLink]          every object below, at any depth, whose ``_type`` is one of these
    **[publishedOn]                          every object below that has this key
    slug.current|slug                        the first alternative that gives something
    tags[0].label                            the first element's label

A path never raises for what the data lacks: it selects nothing. Only the path itself can be wrong (``ValueError``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MAX_NODES = 200_000  # ``**`` over a 10 MB document meets fewer; a hostile one is cut here
TOKEN = re.compile(
    r'\s*(?:(?P<deep>\*\*)|(?P<any>\*)|"(?P<quoted>[^"]*)"|(?P<name>[^.\[\]|"*\s]+)|(?P<dot>\.)|(?P<alt>\|)|\[(?P<sub>[^\]]*)\])'
)


@dataclass(frozen=True, slots=True)
class Step:
    """One move: ``key`` a member, ``any`` each, ``deep`` all below, ``all`` a list's elements, ``at`` one, ``where`` a test."""

    move: str
    key: str = ""
    index: int = 0
    values: tuple[str, ...] = ()


Path = tuple[tuple[Step, ...], ...]  # alternatives


@lru_cache(maxsize=1024)
def compile_path(text: str) -> Path:
    """``text`` as alternatives of steps. Raises ValueError naming the text and the column."""
    alternatives: list[tuple[Step, ...]] = []
    steps: list[Step] = []
    at = 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"path {text!r}: {text[at]!r} at column {at + 1} is not understood")
        at = match.end()
        if match["alt"] is not None:
            alternatives.append(tuple(steps))
            steps = []
        elif match["dot"] is None:
            steps.append(_step(match))
    alternatives.append(tuple(steps))
    if not all(alternatives):
        raise ValueError(f"path {text!r}: an alternative is empty; write the key that is wanted")
    return tuple(alternatives)


def _step(match: re.Match[str]) -> Step:
    if match["deep"]:
        return Step("deep")
    if match["any"]:
        return Step("any")
    if match["sub"] is None:
        return Step("key", key=match["quoted"] if match["quoted"] is not None else match["name"])
    inner = match["sub"].strip()
    if not inner:
        return Step("all")
    if re.fullmatch(r"-?\d+", inner):
        return Step("at", index=int(inner))
    key, equals, values = inner.partition("=")
    return Step("where", key=key.strip(), values=tuple(value.strip() for value in values.split(",")) if equals else ())


def select(value: Any, path: str) -> list[Any]:
    """All that ``path`` leads to in ``value``, in document order; the first alternative that gives something wins."""
    for steps in compile_path(path):
        found = [value]
        for step in steps:
            found = [below for one in found for below in _take(one, step)]
        found = [one for one in found if one is not None and one != ""]
        if found:
            return found
    return []


def _take(value: Any, step: Step) -> Iterator[Any]:
    match step.move:
        case "key":
            if isinstance(value, dict) and step.key in value:
                yield value[step.key]
        case "all":
            if isinstance(value, list):
                yield from value
        case "at":
            if isinstance(value, list) and -len(value) <= step.index < len(value):
                yield value[step.index]
        case "any":
            yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        case "deep":
            yield from _descend(value)
        case _:
            if isinstance(value, dict) and step.key in value and (not step.values or str(value[step.key]) in step.values):
                yield value


def _descend(value: Any) -> Iterator[Any]:
    """``value`` and everything below it in document order, without recursion."""
    stack = [value]
    for _ in range(MAX_NODES):
        if not stack:
            return
        one = stack.pop()
        yield one
        if isinstance(one, dict):
            stack.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            stack.extend(reversed(one))


def number_at(value: Any, path: str) -> float:
    """Return the first number, or text that is one, that ``path`` leads to; 0 where there is none."""
    try:
        return float(text_at(value, path) or 0)
    except ValueError:
        return 0.0


def text_at(value: Any, path: str) -> str:
    """Return the first text or number that ``path`` leads to, as text; ``""`` where there is none."""
    for found in select(value, path):
        if isinstance(found, str):
            return found.strip()
        if isinstance(found, int | float) and not isinstance(found, bool):
            return repr(found) if isinstance(found, float) else str(found)
    return ""
