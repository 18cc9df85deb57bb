"""Following from one's own reader or calendar: Atom, JSON Feed and iCalendar of any filter.

/feed.atom?vendor=OpenAI&modality=video      /feed.json      /calendar.ics
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aiwatch.digest import safe
from aiwatch.model import Entry
from aiwatch.web.face import FILTERS, Face, answered, face_of, is_unread, limit_of, refuse_unknown, tagged, wanted

ALSO = 8  # outlets that are named
_Make = Callable[[Request, list[Entry]], Response]


class _AtomEntry(FeedEntry):  # type: ignore[misc]  # feedgen has no types
    """An entry whose links say what they are: feedgen 1.0 writes them without ``rel``, and two of one kind are not allowed."""

    def atom_entry(self, extensions: bool = True) -> Any:
        """The entry's element."""
        made = super().atom_entry(extensions)
        for element, link in zip(made.iter("{*}link"), self.link(), strict=True):
            element.set("rel", link["rel"])
        return made


def atom(request: Request, entries: list[Entry]) -> Response:
    """RFC 4287; an entry's id is the announcement's, so that a reader shows it once."""
    made = FeedGenerator()
    made.id(f"urn:aiwatch:feed:{_asked(request) or 'all'}")
    made.title(_title(request))
    made.link(href=_here(request), rel="self")
    made.link(href=_root(request), rel="alternate")
    made.updated(max((entry.announcement.at for entry in entries), default=face_of(request).clock()))
    for entry in reversed(entries):  # the library puts each one before the others
        one = made.add_entry(_AtomEntry())
        one.id(f"urn:aiwatch:announcement:{entry.announcement.id}")
        one.title(headline(entry))
        one.link(href=safe.link(entry.announcement.url) or story_url(request, entry))
        one.link(href=story_url(request, entry), rel="related")
        one.updated(entry.announcement.at)
        one.published(entry.announcement.published or entry.announcement.at)
        one.author(name=entry.announcement.vendor or "unknown")
        one.category(term=entry.announcement.stage.value)
        one.category(term=entry.announcement.modality.value)
        one.summary(summary(entry))
    return Response(made.atom_str(pretty=True), media_type="application/atom+xml")


def json_feed(request: Request, entries: list[Entry]) -> Response:
    """JSON Feed 1.1."""
    items = [
        {
            "id": f"urn:aiwatch:announcement:{entry.announcement.id}",
            "url": safe.link(entry.announcement.url) or story_url(request, entry),
            "title": headline(entry),
            "content_text": summary(entry),
            "date_published": _stamp(entry.announcement.published or entry.announcement.at),
            "date_modified": _stamp(entry.announcement.at),
            "tags": [entry.announcement.stage.value, entry.announcement.modality.value],
            "authors": [{"name": entry.announcement.vendor or "unknown"}],
        }
        for entry in entries
    ]
    body = {"version": "https://jsonfeed.org/version/1.1", "title": _title(request), "home_page_url": _root(request)}
    return JSONResponse({**body, "feed_url": _here(request), "items": items}, media_type="application/feed+json")


def calendar(request: Request, entries: list[Entry]) -> Response:
    """RFC 5545: an event of an hour for each announcement."""
    made = Calendar()
    made.add("prodid", "-//aiwatch//announcements//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _title(request))
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.announcement.id}@aiwatch")
        event.add("summary", headline(entry))
        event.add("description", summary(entry))
        event.add("dtstamp", entry.announcement.at)
        event.add("dtstart", entry.announcement.at)
        event.add("dtend", entry.announcement.at + timedelta(hours=1))
        if url := safe.link(entry.announcement.url):
            event.add("url", url)
        made.add_component(event)
    return Response(made.to_ical(), media_type="text/calendar; charset=utf-8")


def headline(entry: Entry) -> str:
    """``OpenAI Sora (announced, video)``."""
    one = entry.announcement
    vendor = f"{safe.clean(one.vendor)} " if one.vendor else ""
    return f"{vendor}{safe.clean(one.name)} ({one.stage.value.replace('_', ' ')}, {one.modality.value})"


def summary(entry: Entry) -> str:
    """The headline of the first item, the quote, and who else wrote of it; plain text."""
    one = entry.announcement
    also = sorted({safe.clean(other.source_name) for other in entry.coverage if other.source_id != one.source_id})
    parts = [safe.clean(one.title), f"“{safe.clean(one.quote)}”" if one.quote and one.quote != one.title else ""]
    more = f" and {len(also) - ALSO} more" if len(also) > ALSO else ""
    parts.append(f"Also in: {', '.join(also[:ALSO])}{more}" if also else "")
    return "\n".join(part for part in parts if part)


def story_url(request: Request, entry: Entry) -> str:
    """The story's page, as the outside sees it."""
    return f"{_root(request)}story/{entry.announcement.story_id}"


def _root(request: Request) -> str:
    face: Face = face_of(request)
    return f"{face.config.web.base_url.rstrip('/')}/" if face.config.web.base_url else str(request.base_url)


def _here(request: Request) -> str:
    query = f"?{_asked(request)}" if _asked(request) else ""
    return f"{_root(request).rstrip('/')}{request.url.path}{query}"


def _asked(request: Request) -> str:
    """The query without what is not read: a feed is the same one, whatever a reader adds against caches."""
    pieces = request.url.query.split("&")
    return "&".join(piece for piece in pieces if not is_unread(unquote_plus(piece.partition("=")[0])))


def _title(request: Request) -> str:
    params = [(name, value) for name, value in request.query_params.multi_items() if not is_unread(name)]
    asked = [f"{name} {value}" for name, value in params if value and name != "limit"]
    return safe.clean(f"New AI models: {', '.join(asked)}" if asked else "New AI models")


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _served(make: _Make) -> Callable[[Request], Response]:
    def made(request: Request) -> Response:
        refuse_unknown(request, (*FILTERS, "limit"))
        face = face_of(request)
        filters, limit = wanted(request, face.clock()), limit_of(request)
        return tagged(request, lambda: make(request, face.library.announcements(filters, limit=limit)[0]))

    return lambda request: answered(lambda: made(request))


ROUTES = [
    Route("/feed.atom", _served(atom)),
    Route("/feed.json", _served(json_feed)),
    Route("/calendar.ics", _served(calendar)),
]
