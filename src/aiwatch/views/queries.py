"""A free query of the database: what it may take, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a free query may take."""

    seconds: float = 1.0
    rows: int = 1000
    cell: int = 100_000  # characters of one text
    size: int = 8 * 1024 * 1024  # characters of the whole answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A free query's answer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False  # there were more rows than the limit
    elapsed: float = 0.0  # seconds
