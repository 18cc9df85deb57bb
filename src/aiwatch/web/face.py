"""What every route works with, and the few things that routes share: parameters, pages of answers, entity tags."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aiwatch.asking import NAMES, filter_of
from aiwatch.errors import BadQuery, StoreError
from aiwatch.model import Filter
from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.views import Stats
from aiwatch.web.auth import Gate
from aiwatch.web.kept import Kept

MOST = 200  # rows of one answer
LONGEST = 2000  # characters of one parameter


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


def wanted(request: Request, now: datetime) -> Filter:
    """The filter that the parameters ask for. Raises BadRequest."""
    asked = {name: request.query_params.getlist(name) for name in (*NAMES, "text", "min_score", "since", "until")}
    try:
        return filter_of({name: [value for one in values for value in one.split(",")] for name, values in asked.items()}, now)
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


def tag_of(request: Request, version: str) -> str:
    """A weak entity tag: the same database and the same question give the same one."""
    question = f"{version}|{request.url.path}|{request.url.query}|{request.headers.get('accept-language', '')}"
    return f'W/"{hashlib.blake2b(question.encode(), digest_size=12).hexdigest()}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client has this answer already (RFC 9110 13.1.2, weak comparison)."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def tagged(request: Request, make: Callable[[], Response]) -> Response:
    """The answer with an entity tag; 304 without making it where the client has it."""
    tag = tag_of(request, face_of(request).library.version())
    if unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    response = make()
    response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def answered(make: Callable[[], Response]) -> Response:
    """An answer for a program; a question that cannot be, or a database that cannot be read, is a problem that says so."""
    try:
        return make()
    except (BadRequest, BadQuery) as error:
        return problem(400, "Bad Request", str(error))
    except StoreError:
        return problem(503, "Service Unavailable", "the database cannot be read now", {"Retry-After": "30"})


def problem(status: int, title: str, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error for programs (RFC 9457)."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, dict(headers or {}), media_type="application/problem+json")
