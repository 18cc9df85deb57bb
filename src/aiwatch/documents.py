"""Documents of a JSON Lines file as items and sources: what ``detect`` and ``replay --from`` read.

One object a line: ``{"id", "title", "summary", "url", "source", "published", "lang"}``; only ``title`` is needed. Further keys (labels)
are left alone. Dates are ISO 8601 with or without time, a bare month, or RFC 2822; one that cannot be read is no date.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiwatch.errors import ConfigError
from aiwatch.model import Item, Source, Tier, ident
from aiwatch.rules import RuleSet

TEXTS = ("id", "title", "summary", "url", "source", "published", "lang")


Wrong = Callable[[ConfigError], None]  # told of a line that cannot be read; the rest goes on


def stop(error: ConfigError) -> None:
    """Let the first bad line end the reading."""
    raise error


def lines(data: bytes) -> list[str]:
    """The lines of a file. Bytes that are no UTF-8 become U+FFFD; only a line feed ends a line, as titles may hold other breaks."""
    return data.decode("utf-8-sig", "replace").split("\n")


def rows(lines: Iterable[str], name: str, wrong: Wrong = stop) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with their line numbers; ``wrong`` hears of the others, with file and line (by default it raises)."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, _row(line, f"{name}:{number}")
        except ConfigError as error:
            wrong(error)


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{place}: not a JSON object: {error}") from error
    if not isinstance(row, dict):
        raise ConfigError(f"{place}: found {type(row).__name__}; each line is one object with id, title, summary, url ...")
    bad = [key for key in TEXTS if row.get(key) is not None and not isinstance(row[key], str | int)]
    if bad:
        raise ConfigError(f"{place}: '{bad[0]}' must be a text, not {row[bad[0]]!r}")
    if not row.get("title") and not row.get("summary"):
        raise ConfigError(f"{place}: there is neither 'title' nor 'summary'")
    return row


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


def read(lines: Iterable[str], name: str, rules: RuleSet, wrong: Wrong = stop) -> Iterator[tuple[Item, Source]]:
    """Every document of a file; ``wrong`` hears of lines that are none, by default it raises."""
    return ((item, source) for _, item, source in labelled(lines, name, rules, wrong))


def labelled(
    lines: Iterable[str], name: str, rules: RuleSet, wrong: Wrong = stop
) -> Iterator[tuple[dict[str, Any], Item, Source]]:
    """The same with the row each stands in, for its further keys. A second document with an id is a mistake as well."""
    seen: set[str] = set()
    for number, row in rows(lines, name, wrong):
        item, source = document(row, number, rules)
        if item.id in seen:
            wrong(ConfigError(f"{name}:{number}: a second document with the id {item.id!r}"))
            continue
        seen.add(item.id)
        yield row, item, source


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
