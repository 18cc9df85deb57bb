"""``sources.toml`` as a text that people keep: entries put in, taken out and switched, with every comment and blank line left alone.

An entry reaches from its ``[[source]]`` to the next one; the comment lines directly above it are its own. After each edit the text is read
again and compared with what was meant, so that a layout nobody foresaw is refused and never damaged.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiwatch.errors import ConfigError, Place
from aiwatch.model import Kind, Source, Tier
from aiwatch.tomlplace import line_of_error, loads
from aiwatch.urls import redact

_HEAD = re.compile(r"^\s*\[\[\s*source\s*\]\]\s*(?:#.*)?$")
_TABLE = re.compile(r"^\s*\[")
_KEY = re.compile(r"^\s*([A-Za-z_-]+)\s*=")
_SAFE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Block:
    """An entry's lines: ``start`` with its comments, ``head`` its ``[[source]]``, ``end`` behind its last line."""

    start: int
    head: int
    end: int


def append(text: str, sources: Sequence[Source], where: str = "sources.toml") -> str:
    """The text with entries for ``sources`` at its end. Raises ConfigError where an id or address stands in it already."""
    before = _entries(text, where)
    for source in sources:
        if any(one.get("id") == source.id for one in before):
            raise ConfigError(f"{where}: there is a source {source.id!r} already")
        if twin := next((one for one in before if one.get("url") == source.url), None):
            raise ConfigError(f"{where}: {redact(source.url)} is polled already, by {twin.get('id')}")
    made = text.rstrip("\n") + "\n" if text.strip() else ""
    for source in sources:
        made += ("\n" if made else "") + entry(source)
    return _checked(made, [*before, *(_mapping(source) for source in sources)], where)


def remove(text: str, source_id: str, where: str = "sources.toml") -> str:
    """The text without that entry and the comments directly above it. Raises ConfigError where there is none."""
    lines, block = _find(text, source_id, where)
    kept = [*lines[: block.start], *lines[block.end :]]
    return _checked("".join(kept), [one for one in _entries(text, where) if one.get("id") != source_id], where)


def switch(text: str, source_id: str, *, enabled: bool, reason: str = "", where: str = "sources.toml") -> str:
    """The text with that source paused, for a ``reason``, or polled again. Raises ConfigError where there is none."""
    lines, block = _find(text, source_id, where)
    end = next((n for n in range(block.head + 1, block.end) if _TABLE.match(lines[n])), block.end)
    kept = [line for line in lines[block.head + 1 : end] if not ((key := _KEY.match(line)) and key[1] in {"enabled", "reason"})]
    at = next((n for n, line in enumerate(kept) if (key := _KEY.match(line)) and key[1] == "id"), -1) + 1
    fresh = [] if enabled else ["enabled = false\n", *([f"reason = {_value(reason)}\n"] if reason else [])]
    if at and not kept[at - 1].endswith("\n"):
        kept[at - 1] += "\n"
    made = "".join([*lines[: block.head + 1], *kept[:at], *fresh, *kept[at:], *lines[end:]])
    state: dict[str, Any] = {} if enabled else {"enabled": False} | ({"reason": reason} if reason else {})
    wanted = [_switched(one, state) if one.get("id") == source_id else one for one in _entries(text, where)]
    return _checked(made, wanted, where)


def _switched(one: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in {"enabled", "reason"}} | dict(state)


def entry(source: Source) -> str:
    """One ``[[source]]`` as text, without what is default anyway and without request headers, which may hold secrets."""
    made = _mapping(source)
    options = made.pop("options", {})
    lines = ["[[source]]", *(f"{key} = {_value(value)}" for key, value in made.items())]
    if options:
        lines += ["[source.options]", *(f"{_quoted(key)} = {_value(value)}" for key, value in options.items())]
    return "\n".join(lines) + "\n"


def _mapping(source: Source) -> dict[str, Any]:
    """The keys of an entry that say something."""
    all_keys: dict[str, Any] = {
        "id": source.id,
        "name": source.name,
        "kind": source.kind.value if source.kind is not Kind.FEED else None,
        "url": source.url,
        "tier": source.tier.value if source.tier is not Tier.PRESS else None,
        "vendor": source.vendor,
        "lang": source.lang,
        "timezone": source.timezone,
        "enabled": None if source.enabled else False,
        "reason": source.reason,
        "groups": list(source.groups) or None,
        "interval": source.interval,
        "allow_private": source.allow_private or None,
        "tls_verify": None if source.tls_verify else False,
        "options": dict(source.options) or None,
    }
    return {key: value for key, value in all_keys.items() if value not in (None, "")}


def _value(value: object) -> str:
    """A value as TOML; texts as basic strings, whose escapes are JSON's."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quoted(str(key))} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _quoted(key: str) -> str:
    return key if _SAFE.fullmatch(key) else _value(key)


def _entries(text: str, where: str) -> list[dict[str, Any]]:
    try:
        found = loads(text).get("source", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{Place(file=where, line=line_of_error(str(error)))}: not TOML: {error}") from error
    return list(found) if isinstance(found, list) else []


def _find(text: str, source_id: str, where: str) -> tuple[list[str], _Block]:
    """The lines of the text and the entry's place among them; entries stand in the order in which TOML reads them."""
    entries = _entries(text, where)
    at = next((n for n, one in enumerate(entries) if one.get("id") == source_id), None)
    lines = text.splitlines(keepends=True)
    heads = [n for n, line in enumerate(lines) if _HEAD.match(line)]
    if at is None:
        raise ConfigError(f"{where}: there is no source {source_id!r}; `aiwatch sources list` shows them")
    if len(heads) != len(entries):
        raise ConfigError(f"{where}: cannot be edited as it is laid out; write each source as [[source]] on a line of its own")
    starts = [_with_comments(lines, head) for head in heads]
    end = starts[at + 1] if at + 1 < len(heads) else len(lines)
    return lines, _Block(starts[at], heads[at], end)


def _with_comments(lines: Sequence[str], head: int) -> int:
    start = head
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def _checked(text: str, wanted: Sequence[Mapping[str, Any]], where: str) -> str:
    if _entries(text, where) != [dict(one) for one in wanted]:
        raise ConfigError(f"{where}: cannot be edited as it is laid out; change it by hand")
    return text
