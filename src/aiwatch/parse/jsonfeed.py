"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), and what calls itself one: odd types, missing fields, a tail that was cut off."""

from __future__ import annotations

import json
from typing import Any

from aiwatch.parse.dates import parse_date
from aiwatch.parse.ending import End
from aiwatch.parse.markup import one_line, plain
from aiwatch.parse.raw import RawEntry, RawFeed
from aiwatch.parse.xmlfeed import MAX_CONTENT, MAX_NAMES, MAX_SUMMARY
from aiwatch.urls import resolve

MAX_ITEMS = 100_000


def read_json(text: str, *, base: str | None, zone: str | None) -> RawFeed | None:
    """Read a document; None where it is JSON but no feed, or no JSON at all."""
    document, cut = _load(text)
    if isinstance(document, list):
        document = {"items": document}
    if not isinstance(document, dict):
        return None
    items = document.get("items")
    version = _string(document.get("version"))
    if items is None and "jsonfeed.org" in version:
        items = []
    if not isinstance(items, list) or not ("jsonfeed.org" in version or any(isinstance(item, dict) for item in items)):
        return None
    feed = RawFeed(format="json", title=one_line(_string(document.get("title"))))
    feed.link = resolve(base, _string(document.get("home_page_url"))) or resolve(base, _string(document.get("feed_url")))
    feed.lang = _string(document.get("language")) or None
    feed.next_url = resolve(base, _string(document.get("next_url")))
    feed.hub = next((resolve(base, _string(hub.get("url"))) for hub in _dicts(document.get("hubs"))), None)
    feed.entries = [_entry(item, base, zone) for item in items[:MAX_ITEMS] if isinstance(item, dict)]
    feed.end = End.BETWEEN if cut else End.WHOLE  # a broken item is not among those that were kept
    return feed


def _entry(item: dict[str, Any], base: str | None, zone: str | None) -> RawEntry:
    summary, text, marked = (_string(item.get(key)) for key in ("summary", "content_text", "content_html"))
    authors = [*_dicts(item.get("authors")), *_dicts([item.get("author")])]
    return RawEntry(
        title=one_line(_string(item.get("title"))),
        link=resolve(base, _string(item.get("url"))) or resolve(base, _string(item.get("external_url"))) or _permalink(item),
        guid=_string(item.get("id"))[:1000] or None,
        published=parse_date(_string(item.get("date_published")), zone),
        updated=parse_date(_string(item.get("date_modified")), zone),
        summary=plain(summary, MAX_SUMMARY),
        content=plain(marked or text, MAX_CONTENT),
        authors=_names([author.get("name") for author in authors]),
        categories=_names(item.get("tags")),
        lang=_string(item.get("language")) or None,
    )


def _permalink(item: dict[str, Any]) -> str | None:
    return resolve(None, _string(item.get("id")))


def _string(value: object) -> str:
    """Read a text or a number as text, everything else as ''; lone surrogates, which no database takes, are replaced."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).encode("utf-8", "replace").decode("utf-8").strip()


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    found = (one_line(_string(one), 300) for one in value[:MAX_NAMES])
    return tuple(dict.fromkeys(name for name in found if name))


def _load(text: str) -> tuple[Any, bool]:
    """Parse JSON within Python's recursion bound; numbers too long to count stay text; a cut tail costs only what it cuts."""
    decoder = json.JSONDecoder(strict=False, parse_int=_number, parse_constant=lambda _: None)
    text = text.strip().lstrip("\ufeff")
    try:
        return decoder.decode(text), False
    except RecursionError:
        return None, False
    except ValueError:
        return _salvage(text, decoder), True


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) < 40 else digits


def _salvage(text: str, decoder: json.JSONDecoder) -> dict[str, Any] | None:
    """Take the whole objects of ``"items": [`` one after the other until one is broken."""
    opening = text.find('"items"')
    at = text.find("[", opening) + 1
    if opening < 0 or not at or not text.startswith("{"):
        return None
    found: dict[str, Any] = {"items": []}
    while len(found["items"]) < MAX_ITEMS:
        at = text.find("{", at)
        if at < 0:
            break
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found["items"].append(item)
    return found if found["items"] else None
