"""Documents of a JSON Lines file as items and sources: what ``detect`` and ``replay --from`` read.

One object a line: ``{"id", "title", "summary", "url", "source", "published", "lang"}``; only ``title`` is needed. Further keys (labels)
are left alone. Dates are ISO 8601 with or without time, a bare month, or RFC 2822; one that cannot be read is no date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiwatch.errors import ConfigError
from aiwatch.model import Item, Source, Tier, ident
from aiwatch.rules import RuleSet

TEXTS = ("id", "title", "summary", "url", "source", "published", "lang")


def rows(lines: Iterable[str], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with their line numbers. Raises ConfigError naming file and line."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{name}:{number}: not a JSON object: {error}") from error
        if not isinstance(row, dict):
            raise ConfigError(
                f"{name}:{number}: found {type(row).__name__}; each line is one object with id, title, summary, url ..."
            )
        wrong = [key for key in TEXTS if row.get(key) is not None and not isinstance(row[key], str | int)]
        if wrong:
            raise ConfigError(f"{name}:{number}: '{wrong[0]}' must be a text, not {row[wrong[0]]!r}")
        if not row.get("title") and not row.get("summary"):
            raise ConfigError(f"{name}:{number}: there is neither 'title' nor 'summary'")
        yield number, row


def document(row: Mapping[str, Any], number: int, rules: RuleSet) -> tuple[Item, Source]:
    """One row as item and source. The source is the vendor's own where its address or name says so."""
    texts = {key: str(row[key]) if row.get(key) is not None else "" for key in TEXTS}
    outlet = texts["source"] or "file"
    published = date(texts["published"])
    item = Item(
        id=texts["id"] or ident(outlet, texts["url"], texts["title"], number),
        source_id=outlet,
        key=texts["id"] or texts["url"] or str(number),
        url=texts["url"] or None,
        title=texts["title"],
        summary=texts["summary"],
        published=published,
        lang=texts["lang"] or None,
    )
    vendor = None if rules.outlet("newsletter", outlet, item.url) else rules.vendor_of(item.url, outlet)
    tier = Tier.PRIMARY if vendor else Tier.COMMUNITY if rules.outlet("community", outlet, item.url) else Tier.PRESS
    return item, Source(id=outlet, url=item.url or "", name=outlet, tier=tier, vendor=vendor, lang=item.lang)


def read(lines: Iterable[str], name: str, rules: RuleSet) -> Iterator[tuple[Item, Source]]:
    """Every document of a file. Raises ConfigError naming file and line; two documents with one id are a mistake as well."""
    seen: set[str] = set()
    for number, row in rows(lines, name):
        made = document(row, number, rules)
        if made[0].id in seen:
            raise ConfigError(f"{name}:{number}: a second document with the id {made[0].id!r}")
        seen.add(made[0].id)
        yield made


def date(text: str) -> datetime | None:
    """The time a text gives, in UTC where it names no zone; None where it gives none."""
    text = text.strip()
    for parse in (datetime.fromisoformat, _month, parsedate_to_datetime):
        try:
            found = parse(text)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _month(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m").replace(day=15, tzinfo=UTC)  # its middle: no day of the month is far
