"""The API: what the pages show, as JSON. Read-only; ``openapi`` describes it, field names are those of ``views`` and ``model``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aiwatch.explaining import explained, traced
from aiwatch.filters import moment
from aiwatch.jsonable import jsonable
from aiwatch.views import SORTS
from aiwatch.web import openapi
from aiwatch.web.face import BadRequest, answered, face_of, limit_of, parameter, problem, refuse_unknown, tagged, wanted

Answer = Callable[[Request], Any]
# Who is late, the last thirty days, ``since:7d``, and what a text would be to stories of some days ago change with time alone.
MOVING = frozenset({"/sources", "/gaps", "/search", "/explain"})


def announcements(request: Request) -> Any:
    """A page of announcements with their stories and coverage."""
    face, sort = face_of(request), parameter(request, "sort") or "newest"
    if sort not in SORTS:
        raise BadRequest(f"sort: found {sort!r}; allowed are {', '.join(SORTS)}")
    filters = wanted(request, face.clock())
    entries, cursor = face.library.announcements(filters, sort=sort, limit=limit_of(request), cursor=parameter(request, "cursor"))
    return {"announcements": entries, "cursor": cursor}


def stories(request: Request) -> Any:
    """A page of stories, the one with the newest item first."""
    text, vendor = parameter(request, "text"), parameter(request, "vendor")
    cursor = parameter(request, "cursor")
    found, more = face_of(request).library.stories(limit=limit_of(request), cursor=cursor, text=text, vendor=vendor)
    return {"stories": found, "cursor": more}


def story(request: Request) -> Any:
    """One story: stages, quotes, members, lead times."""
    return face_of(request).library.story(request.path_params["ref"])


def search(request: Request) -> Any:
    """Documents by full text."""
    face, query = face_of(request), parameter(request, "q")
    if query is None:
        raise BadRequest("q: what to search for is missing")
    sort = parameter(request, "sort") or "newest"
    if sort not in {"newest", "best"}:
        raise BadRequest(f"sort: found {sort!r}; allowed are newest, best")
    return face.library.search(
        query, limit=limit_of(request, 20), cursor=parameter(request, "cursor"), sort=sort, now=face.clock()
    )


def sources(request: Request) -> Any:
    """All sources with their health; addresses without what could be secret."""
    face = face_of(request)
    return {"sources": face.library.sources(face.clock())}


def gaps(request: Request) -> Any:
    """Spans in which a source may have published what no poll saw."""
    face = face_of(request)
    since = parameter(request, "since")
    return {"gaps": face.library.gaps(_moment(since, request) if since else face.clock() - timedelta(days=30))}


def stats(request: Request) -> Any:
    """Figures of the whole database."""
    return face_of(request).library.stats()


def leadtime(request: Request) -> Any:
    """Who was first, and how far the others were behind."""
    face, since = face_of(request), parameter(request, "since")
    start = _moment(since, request) if since else None
    return face.kept.get(f"leadtime {since}", lambda: {"leadtime": face.library.leadtime(start)})


def explain(request: Request) -> Any:
    """Why a text, an address or an item is, or is not, an announcement."""
    asked = parameter(request, "q")
    if asked is None:
        raise BadRequest("q: the text, address or id to explain is missing")
    face = face_of(request)
    return explained(face.library, face.config, face.rules, asked, traced(face.library, asked), face.clock())


def document(_: Request) -> Any:
    """The description of all this (OpenAPI 3.1)."""
    return openapi.DOCUMENT


def _moment(text: str, request: Request) -> datetime:
    try:
        return moment(text, face_of(request).clock())
    except ValueError as error:
        raise BadRequest(f"since: {error}") from error


def _served(path: str, answer: Answer) -> Callable[[Request], Response]:
    """A route's function: errors become problems, absence a 404, answers get entity tags."""
    known = openapi.query_names(path)

    def made(request: Request) -> Response:
        refuse_unknown(request, known)
        return tagged(request, lambda: _json(answer(request)), moves=path in MOVING)

    return lambda request: answered(lambda: made(request))


def _json(value: Any) -> Response:
    if value is None:
        return problem(404, "Not Found", "there is nothing of that id")
    return JSONResponse(jsonable(value))


ROUTES = [
    Route(f"/api/v1{path}", _served(path, answer), methods=["GET"], name=f"api-{answer.__name__}")
    for path, answer in (
        ("/announcements", announcements),
        ("/stories", stories),
        ("/stories/{ref}", story),
        ("/search", search),
        ("/sources", sources),
        ("/gaps", gaps),
        ("/stats", stats),
        ("/leadtime", leadtime),
        ("/explain", explain),
        ("/openapi.json", document),
    )
]
