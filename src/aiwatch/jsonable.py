"""Values as JSON: what ``--json``, the API and the assistant's tools answer with. Field names are those of ``model`` and ``views``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache, singledispatch
from math import isfinite
from typing import Any

# What moves a cursor, turns the direction of writing or ends a line somewhere: C0, C1, marks of direction, line separators, surrogates.
STEERING = "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_RAW = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")  # json escapes the others
# Identities of the inside, and what could hold a secret.
LEFT_OUT = frozenset({"keys", "kind_words", "aliases", "headers", "body"})


def encoded(value: object, indent: int | None = None) -> str:
    """``value``, which is JSON-able, as text in its own letters; what could steer a terminal is escaped."""
    return _RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))


@singledispatch
def jsonable(value: object) -> Any:
    """``value`` as dicts, lists, texts and numbers: times as RFC 3339 in UTC, spans in seconds, enums by value.

    What is none of these (a secret, a function) becomes ``"..."``.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {name: jsonable(getattr(value, name)) for name in _shown(type(value))}
    return "..."


@cache
def _shown(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.name not in LEFT_OUT)


@jsonable.register(type(None))
@jsonable.register(int)
def _as_it_is(value: int | None) -> int | None:
    return value


@jsonable.register
def _number(value: float) -> float | None:
    return value if isfinite(value) else None  # JSON has no others


@jsonable.register
def _text(value: str) -> str:
    # A lone surrogate would break the receiver.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


@jsonable.register
def _enum(value: Enum) -> Any:
    return value.value


@jsonable.register
def _day(value: date) -> str:
    return value.isoformat()


@jsonable.register
def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


@jsonable.register
def _span(value: timedelta) -> float:
    return value.total_seconds()


@jsonable.register(Mapping)
def _mapping(value: Mapping[object, object]) -> dict[str, Any]:
    return {str(key): jsonable(one) for key, one in value.items()}


@jsonable.register(tuple)
@jsonable.register(list)
@jsonable.register(set)
@jsonable.register(frozenset)
def _many(value: tuple[object, ...]) -> list[Any]:
    return [jsonable(one) for one in value]
