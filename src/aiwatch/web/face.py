"""What every route works with, and the few things that routes share: parameters, pages of answers, entity tags."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aiwatch import __version__
from aiwatch.errors import BadQuery, StoreError
from aiwatch.filters import NAMES, filter_of
from aiwatch.model import Filter
from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.views import Stats
from aiwatch.web.auth import Gate
from aiwatch.web.kept import Kept

MOST = 200  # rows of one answer
LONGEST = 2000  # characters of one parameter
_SINGLE = ("text", "min_score", "since", "until")
FILTERS = (*NAMES, *_SINGLE)
LATER = {"Retry-After": "30"}  # seconds: whoever holds the database has mostly let go of it by then
_CACHED = "private, no-cache"


class BadRequest(ValueError):
    """A parameter that cannot be; the message says what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The configuration, the database for reading, the rules, the clock, and the gate."""

    config: Config
    library: Library
    rules: RuleSet
    clock: Callable[[], datetime]
    gate: Gate
    kept: Kept


def figures(face: Face) -> Stats:
    """Counts of the whole database, at most a minute old."""
    found: Stats = face.kept.get("figures", lambda: face.library.stats(days=1))
    return found


def face_of(request: Request) -> Face:
    """The face that this application was made with."""
    found: Face = request.app.state.face
    return found


def parameter(request: Request, name: str) -> str | None:
    """One parameter, empty ones counting as absent. Raises BadRequest where it is absurdly long."""
    value = request.query_params.get(name, "").strip()
    if len(value) > LONGEST:
        raise BadRequest(f"{name}: longer than {LONGEST} characters")
    return value or None


async def body_of(request: Request, most: int) -> bytes | None:
    """The whole body; None, and no more of it is read, where it is longer than ``most`` bytes."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            return None
    return bytes(found)


def wanted(request: Request, now: datetime) -> Filter:
    """The filter that the parameters ask for. Raises BadRequest."""
    many = {name: [value for one in request.query_params.getlist(name) for value in one.split(",")] for name in NAMES}
    try:
        return filter_of({**many, **{name: request.query_params.getlist(name) for name in _SINGLE}}, now)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def limit_of(request: Request, default: int = 50, most: int = MOST) -> int:
    """How many rows; between 1 and ``most``. Raises BadRequest."""
    text = parameter(request, "limit")
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise BadRequest(f"limit: found {text!r}; it is a number from 1 to {most}")
    return int(text)


def is_unread(name: str) -> bool:
    """Whether a parameter is none of ours by its name: readers add ``_=1712`` against caches, campaigns add ``utm_source``."""
    return name.startswith(("_", "utm_"))


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """A parameter that is written wrongly would answer another question. Raises BadRequest."""
    for name in request.query_params:
        if name not in known and not is_unread(name):
            raise BadRequest(f"{name}: there is no such parameter here; there are {', '.join(known) or 'none'}")


def tag_of(request: Request, *, moves: bool) -> str:
    """A weak entity tag: the same database, question and release give the same one; with ``moves`` only within a minute."""
    face = face_of(request)
    minute = int(face.clock().timestamp() // 60) if moves else ""
    question = f"{__version__}|{face.library.version()}|{minute}|{request.url.path}|{request.url.query}"
    return f'W/"{hashlib.blake2b(question.encode(), digest_size=12).hexdigest()}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110 13.1.2, weak comparison)."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def tagged(request: Request, make: Callable[[], Response], *, moves: bool = False) -> Response:
    """The answer with an entity tag; 304 without making it where the client has it (with the same headers, RFC 9110 15.4.5).

    ``moves``: the answer changes with time alone, as who is late does; so does any within a span that is reckoned from now.
    """
    tag = tag_of(request, moves=moves or any(parameter(request, name) for name in ("since", "until")))
    response = Response(status_code=304) if unchanged(request, tag) else make()
    if response.status_code in {200, 304}:
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = _CACHED
    return response


def answered(make: Callable[[], Response]) -> Response:
    """An answer for a program; a question that cannot be, or a database that cannot be read, is a problem that says so."""
    try:
        return make()
    except (BadRequest, BadQuery) as error:
        return problem(400, "Bad Request", str(error))
    except StoreError:
        return unavailable()


def unavailable() -> JSONResponse:
    """What a program is told where the database cannot be read."""
    return problem(503, "Service Unavailable", "the database cannot be read now", LATER)


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error for programs (RFC 9457)."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, dict(headers or {}), media_type="application/problem+json")
