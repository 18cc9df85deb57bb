"""Documents of a JSON Lines file as items and sources: what ``detect`` and ``replay --from`` read.

One object a line: ``{"id", "title", "summary", "url", "source", "published", "lang"}``; one of ``title`` and ``summary`` is needed, and
where there is no title the summary's first line is one. Further keys (labels) are left alone. Dates are ISO 8601 with or without time, a
bare month, or RFC 2822; a document whose date cannot be read is judged as one without, and ``odd`` hears of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiwatch.errors import ConfigError
from aiwatch.jsonable import encoded
from aiwatch.model import Document, Item, Source, Tier, ident
from aiwatch.parse.dates import parse_date
from aiwatch.rules import RuleSet
from aiwatch.text import first_line

TEXTS = ("id", "title", "summary", "url", "source", "published", "lang")
NUMBERS = frozenset({"id", "published"})  # of these a number means itself: 17, 20260302
QUOTED = 60  # characters of a value that a mistake quotes

Wrong = Callable[[ConfigError], None]  # told of what cannot be read; the rest goes on

_BOM = "\ufeff"  # at the head of a file, and of each of several that were written one behind another
_BYTES = re.compile("[\udc80-\udcff]")
_FOUND = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
    int: "a number",
    float: "a number",
}


def pass_over(error: ConfigError) -> None:
    """What need not be heard of."""


def stop(error: ConfigError) -> None:
    """Let the first bad line end the reading."""
    raise error


@dataclass(slots=True)
class Remarks:
    """What is to be said of a file's lines, in their order. ``broken``: there are lines that are no documents."""

    said: list[ConfigError] = field(default_factory=list)
    broken: bool = False

    def wrong(self, error: ConfigError) -> None:
        """A line that cannot be read."""
        self.broken = True
        self.said.append(error)

    def odd(self, error: ConfigError) -> None:
        """A date that is none."""
        self.said.append(error)


def lines(data: bytes) -> list[str]:
    """The lines of a file; only a line feed ends one, as titles may hold other breaks.

    Bytes that are no UTF-8 become lone surrogates (U+DC80 to U+DCFF), by which ``rows`` knows a line that is no text.
    """
    return data.decode("utf-8-sig", "surrogateescape").split("\n")


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
    if odd := _BYTES.search(line):
        before = len(line[: odd.start()].encode("utf-8", "surrogateescape"))
        raise ConfigError(f"{place}: is no text in UTF-8: byte {before} of the line cannot be one")
    row = _loaded(line.lstrip(_BOM), place)
    if not isinstance(row, dict):
        raise ConfigError(f"{place}: found {_FOUND[type(row)]}; each line is one object with id, title, summary, url ...")
    if bad := next((key for key in TEXTS if not _fits(key, row.get(key))), None):
        what = "a text or a whole number" if bad in NUMBERS else "a text"
        raise ConfigError(f"{place}: '{bad}' must be {what}, not {encoded(row[bad])[:QUOTED]}")
    if not row.get("title") and not row.get("summary"):
        raise ConfigError(f"{place}: there is neither 'title' nor 'summary'")
    return row


def _loaded(line: str, place: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        said = f"{error.msg}, at character {error.colno}"
    except ValueError:  # Python's own bound, and its advice is for who wrote the program
        said = "there is a number with thousands of digits in it"
    except RecursionError:
        said = "its lists or objects are nested too deep"
    raise ConfigError(f"{place}: not a JSON object: {said}")


def _fits(key: str, value: object) -> bool:
    """Whether that field may hold such a value; true and false are numbers to Python alone."""
    return value is None or isinstance(value, str) or (key in NUMBERS and isinstance(value, int) and not isinstance(value, bool))


def document(row: Mapping[str, Any], number: int, rules: RuleSet) -> Document:
    """One row as item and source. The source is the vendor's own where its address or name says so."""
    texts = {key: str(row[key]) if row.get(key) is not None else "" for key in TEXTS}
    outlet = texts["source"] or "file"
    published = date(texts["published"])
    item = Item(
        id=texts["id"] or ident(outlet, texts["url"], texts["title"], number),
        source_id=outlet,
        key=texts["id"] or texts["url"] or str(number),
        url=texts["url"] or None,
        title=texts["title"] or first_line(texts["summary"]),  # as of a feed's entry
        summary=texts["summary"],
        published=published,
        lang=texts["lang"] or None,
    )
    vendor = None if rules.outlet("newsletter", outlet, item.url) else rules.directory.owner(item.url, outlet)
    tier = Tier.PRIMARY if vendor else Tier.COMMUNITY if rules.outlet("community", outlet, item.url) else Tier.PRESS
    return Document(item, Source(id=outlet, url=item.url or "", name=outlet, tier=tier, vendor=vendor, lang=item.lang))


def read(lines: Iterable[str], name: str, rules: RuleSet, wrong: Wrong = stop, odd: Wrong = pass_over) -> Iterator[Document]:
    """Every document of a file; ``wrong`` hears of lines that are none, by default it raises; ``odd`` of dates that are none."""
    return (document for _, document in labelled(lines, name, rules, wrong, odd))


def labelled(
    lines: Iterable[str], name: str, rules: RuleSet, wrong: Wrong = stop, odd: Wrong = pass_over
) -> Iterator[tuple[dict[str, Any], Document]]:
    """The same with the row each stands in, for its further keys.

    A second document with an id is a mistake as well. One whose date cannot be read goes on without it.
    """
    seen: set[str] = set()
    for number, row in rows(lines, name, wrong):
        found = document(row, number, rules)
        item = found.item
        if item.id in seen:
            wrong(ConfigError(f"{name}:{number}: a second document with the id {item.id!r}"))
            continue
        seen.add(item.id)
        if item.published is None and (given := str(row.get("published") or "").strip()):
            odd(
                ConfigError(
                    f"{name}:{number}: 'published' is no date: {encoded(given)[:QUOTED]}; one is written 2026-03-02 or "
                    "2026-03-02T09:00:00+09:00; it is judged as one without a date"
                )
            )
        yield row, found


def date(text: str) -> datetime | None:
    """The time a text gives, in UTC where it names no zone; None where it gives none. What a feed may write, a file may too."""
    text = text.strip()
    for parse in (datetime.fromisoformat, _month, parsedate_to_datetime):
        try:
            found = parse(text)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return parse_date(text)


def _month(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m").replace(day=15, tzinfo=UTC)  # its middle: no day of the month is far
