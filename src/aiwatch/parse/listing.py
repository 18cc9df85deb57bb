"""From raw texts to items, the same for every kind that is not a feed: addresses, identity, titles, dates, duplicates.

Row (texts) -> entry() -> Item;   many rows of one post -> merged() -> one Row
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, PollState, Source, ident
from aiwatch.model.counters import bare_title, uncounted_title
from aiwatch.parse.challenge import challenge, looks_like
from aiwatch.parse.dates import parse_date
from aiwatch.parse.encoding import decode
from aiwatch.parse.identity import MIN_TITLE
from aiwatch.parse.markup import normal_title, one_line, plain
from aiwatch.ports import Request
from aiwatch.urls import page_key, redact, resolve

MAX_TITLE = 500  # characters
MAX_SUMMARY = 4_000
FUTURE = timedelta(days=1)  # zones and day-only dates reach into tomorrow; anything beyond is a mistake or an embargo

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
DATE = re.compile(
    r"(?<!\d)(?:\d{4}\s*(?:[-./]|年|년)\s*\d{1,2}\s*(?:[-./]|月|월)\s*\d{1,2}(?:\s*[日일])?"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    rf"|\b{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}})(?!\d)",
    re.IGNORECASE,
)
YEARLESS = re.compile(
    rf"(?:(?P<month>\d{{1,2}})\s*[-./月월]\s*(?P<day>\d{{1,2}})\s*[日일.]?|(?P<name>{MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,?\s+(?P<clock>\d{1,2}:\d{2}(?::\d{2})?))?",
    re.IGNORECASE,
)
UNITS = (
    (r"(?:min(?:ute)?s?|분|分钟?|分鐘)", 60),
    (r"(?:h(?:ou)?rs?|시간|時間|小时|小時)", 3600),
    (r"(?:days?|일|日|天)", 86400),
    (r"(?:weeks?|주일?|週間?|周)", 7 * 86400),
)
AGO = re.compile(
    rf"(?<!\d)(?P<n>\d{{1,3}}|an?)\s*(?P<unit>{'|'.join(words for words, _ in UNITS)})\s*(?:ago\b|전|前)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One post as found: texts, not yet read. ``link`` may be relative, ``date`` in any form or empty; ``key`` overrides identity."""

    title: str = ""
    link: str = ""
    date: str = ""
    summary: str = ""
    category: str = ""
    key: str = ""
    author: str = ""
    updated: str = ""


def request(source: Source, state: PollState, *, url: str | None = None, robots: bool, accept: str = "*/*") -> Request:
    """Make the GET for ``source``, with its own headers last so that they win."""
    headers = {"accept": accept, **{name.lower(): value for name, value in source.headers.items()}}
    return Request(
        url=url or source.url,
        headers=headers,
        allow_private=source.allow_private,
        robots=bool(source.options.get("robots", robots)),
        etag=state.etag,
        last_modified=state.last_modified,
    )


def refuse(fetched: Fetched) -> None:
    """Raise ParseError if the answer is a bot check, a login page or the like."""
    name = challenge(fetched)
    if name is not None:
        raise ParseError(f"{redact(fetched.url)} answered {fetched.status} with a {name} instead of its content")


def barren(source: Source, fetched: Fetched, what: str) -> ParseError:
    """Make the error for an answer that holds nothing where there should be items."""
    name = challenge(fetched)
    seen = f"a {name}" if name else looks_like(fetched.body)
    return ParseError(f"{redact(fetched.url)}: {what}; the answer is {seen} of {len(fetched.body)} bytes (source {source.id})")


def merged(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """Join rows of one identity in the order of first appearance; what one lacks another gives, the first one's words win.

    Seen: navigation and footer repeat the links of the list, with shorter words and without a date.
    """
    found: dict[str, Row] = {}
    for key, row in rows:
        known = found.get(key)
        if known is None:
            found[key] = row
            continue
        gaps = {field.name: getattr(row, field.name) for field in fields(Row) if not getattr(known, field.name)}
        found[key] = replace(known, **gaps)
    return list(found.items())


def text_of(fetched: Fetched) -> str:
    """Decode the body by what it says and what it is."""
    return decode(fetched.body, fetched.headers.get("content-type")).text


def is_json(fetched: Fetched) -> bool:
    """Say whether the body is JSON by its first character; content types lie."""
    return fetched.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def json_of(source: Source, fetched: Fetched) -> Any:
    """Return the body as JSON. Raises ParseError naming what it looks like instead."""
    refuse(fetched)
    try:
        return json.loads(text_of(fetched), strict=False)
    except (ValueError, RecursionError) as error:
        raise barren(source, fetched, f"no JSON ({error})") from error


def texts(value: Any) -> tuple[str, ...]:
    """Return an option that is one text, or a list of them, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)


def aliases(url: str | None, title: str, published: datetime | None) -> tuple[str, ...]:
    """Return an item's other identities: its canonical address, and its title on its day."""
    found = [page_key(url)] if url else []
    if published is not None:
        found.append(f"{normal_title(uncounted_title(title))}|{published:%Y-%m-%d}")
    return tuple(found)


def bare(row: Row, published: datetime | None) -> tuple[str, ...]:
    """The alias of a row that has nothing but its title: that title without what may count its readers, and its day."""
    title = normal_title(bare_title(row.title))
    return (f"bare|{title}|{published:%Y-%m-%d}" if published else f"bare|{title}",) if len(title) >= MIN_TITLE else ()


def identified(row: Row, base: str) -> tuple[str, str | None]:
    """Return the row's identity and absolute address: its own key, else the canonical address with a fragment that names a place."""
    url = resolve(base, row.link) if row.link else None
    if row.key:
        return row.key, url
    return (page_key(url) if url else ""), url


def entry(source: Source, key: str, url: str | None, row: Row, *, base: str, now: datetime) -> Item | None:
    """Make the item of a row; None where it has neither an identity nor a title (a decoration, not a post).

    A row without an address of its own has that of the page, ``base``, which tells it from no other and is no identity.
    """
    title = one_line(row.title, MAX_TITLE)
    if not key or not title:
        return None
    notes: list[str] = []
    published = when(row.date, source, now, notes)
    return Item(
        id=ident(source.id, key),
        source_id=source.id,
        key=key,
        url=url or base,
        title=title,
        summary=plain(row.summary, MAX_SUMMARY),
        published=published,
        updated=when(row.updated, source, now, notes),
        authors=tuple(filter(None, (one_line(row.author, 200),))),
        categories=tuple(filter(None, (one_line(one, 100) for one in row.category.split("|")))),
        lang=source.lang,
        aliases=aliases(url, title, published) + (() if url or row.key else bare(row, published)),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The items of a list up to its limit. ``unread``: how many stand beyond it, and may be newer than those."""

    items: tuple[Item, ...]
    unread: int
    limit: int

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader is told."""
        if not self.unread:
            return ()
        rows = "1 row" if self.unread == 1 else f"{self.unread} rows"
        return (f"{rows} beyond limit = {self.limit} not read: let `include` choose those with news, or raise the limit",)


def entries(source: Source, base: str, rows: Sequence[Row], *, now: datetime, limit: int) -> tuple[Item, ...]:
    """Make the items of a page's rows: one for each identity, in the order of the page, at most ``limit``."""
    return kept(source, base, rows, now=now, limit=limit).items


def kept(source: Source, base: str, rows: Sequence[Row], *, now: datetime, limit: int) -> Kept:
    """Make the items of a page's rows, as ``entries`` does, and count those beyond ``limit`` that need not be older."""
    addressed: dict[str, str | None] = {}
    keyed: list[tuple[str, Row]] = []
    for row in rows:
        key, url = identified(row, base)
        key = key or normal_title(uncounted_title(row.title))
        addressed.setdefault(key, url)
        keyed.append((key, row))
    made = [entry(source, key, addressed[key], row, base=base, now=now) for key, row in merged(keyed)]
    items = [item for item in made if item is not None]
    oldest = min((item.published for item in items[:limit] if item.published), default=None)
    older = sum(1 for item in items[limit:] if oldest and item.published and item.published <= oldest)
    return Kept(items=tuple(_apart(items[:limit])), unread=max(0, len(items) - limit) - older, limit=limit)


def _apart(items: Sequence[Item]) -> Iterator[Item]:
    """The items without the aliases that two of them claim: such a one would join what comes after one of them is gone."""
    claimed = Counter(alias for item in items for alias in item.aliases)
    for item in items:
        own = tuple(alias for alias in item.aliases if claimed[alias] == 1)
        yield item if own == item.aliases else replace(item, aliases=own)


def reach(source: Source, dates: Sequence[str], kept: int, *, now: datetime) -> datetime | None:
    """How far back a list goes that is sorted, the newest first; None where all of its ``dates`` were kept: known items tell that."""
    return when(dates[-1], source, now, []) if kept < len(dates) else None


def when(text: str, source: Source, now: datetime, notes: list[str]) -> datetime | None:
    """Read a date as pages write it, also an epoch, one without a year, and "3 hours ago"; None rather than a guess.

    ``now`` chooses the year of ``12-28 09:30`` (the last one that is not ahead) and is what "ago" counts from; it never stands in
    for a missing date. Dates beyond tomorrow are dropped with a note.
    """
    text = " ".join(text.split())
    if not text:
        return None
    found = _epoch(text) or parse_date(text, source.timezone)
    if found is None and (part := date_in(text)) and part != text:
        found = parse_date(part, source.timezone)
    found = found or _yearless(text, source.timezone, now) or _ago(text, now)
    if found is None:
        notes.append(f"date not understood: {text[:60]!r}")
    elif found > now + FUTURE:
        notes.append(f"date lies ahead: {text[:60]!r}")
        return None
    return found


def _epoch(text: str) -> datetime | None:
    """Read seconds or milliseconds since 1970, from 2001 on: ten or thirteen digits."""
    match = re.fullmatch(r"(\d{10})(\d{3})?(?:\.\d+)?", text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _yearless(text: str, zone: str | None, now: datetime) -> datetime | None:
    """Read ``09-20 14:05``, ``09.20``, ``9월 20일 14:05`` (month first: Korean, Japanese and Chinese lists) and ``Sep 20``."""
    match = YEARLESS.fullmatch(text)
    if match is None:
        return None
    month, day, rest = match["month"] or match["name"], match["day"] or match["day2"], match["clock"] or ""
    for year in (now.year + 1, now.year, now.year - 1):
        shown = f"{year}-{month}-{day} {rest}" if month.isdigit() else f"{month} {day} {year} {rest}"
        found = parse_date(shown.strip(), zone)
        if found is not None and found <= now + FUTURE:
            return found
    return None


def _ago(text: str, now: datetime) -> datetime | None:
    match = AGO.search(text)
    if match is None:
        return None
    unit = next(seconds for words, seconds in UNITS if re.fullmatch(words, match["unit"], re.IGNORECASE))
    number = int(match["n"]) if match["n"].isdigit() else 1
    return now - timedelta(seconds=number * unit) if number * unit <= 366 * 86400 else None


def date_in(text: str, pattern: re.Pattern[str] | None = None) -> str:
    """Return the part of ``text`` that is a date, ``""`` where none is; with a pattern, its first group."""
    match = (pattern or DATE).search(text)
    if match is None:
        return ""
    return match[1] if pattern is not None and pattern.groups else match[0]
