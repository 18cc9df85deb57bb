"""The application: routes and what every request goes through.

SecureHeaders > KnownHosts > RateLimit > Gated > routes (pages, api, follow, health, static)
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import TypeAlias

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from aiwatch.errors import StoreError
from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.web import api, follow, health, hub, pages, unsubscribe
from aiwatch.web.assistant import assistant
from aiwatch.web.auth import Gate, check_bind
from aiwatch.web.face import LATER, Face, problem, unavailable
from aiwatch.web.kept import Kept
from aiwatch.web.security import HEADERS, MACHINE_PATHS, Gated, KnownHosts, RateLimit, SecureHeaders

log = logging.getLogger(__name__)

AT_ONCE = 4  # pages being made; each may hold 16 MB of the database, and more of them only take turns (bench/siege.py)
Lifespan: TypeAlias = Callable[[Starlette], AbstractAsyncContextManager[None]]


def make_app(
    config: Config,
    library: Library,
    rules: RuleSet,
    clock: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
) -> Starlette:
    """The whole application. Raises ConfigError where it would be open to others without a token."""
    check_bind(config.web)
    face = Face(
        config=config, library=library, rules=rules, clock=clock, gate=Gate(config.web), kept=Kept(library.version, monotonic)
    )
    https = (config.web.base_url or "").startswith("https://")
    tools = assistant(face)
    made = Starlette(
        routes=[
            *pages.ROUTES,
            *api.ROUTES,
            *follow.ROUTES,
            *health.ROUTES,
            *unsubscribe.ROUTES,
            *hub.ROUTES,
            *tools.routes,
            Mount("/static", StaticFiles(packages=[("aiwatch.web", "static")])),
        ],
        lifespan=_bounded(tools.lifespan),
        exception_handlers={404: _missing, 405: _not_so, 500: _broken, StoreError: _unreadable},
        middleware=[
            Middleware(SecureHeaders, https=https),
            Middleware(KnownHosts, web=config.web),
            Middleware(RateLimit, clock=monotonic, proxy=config.web.proxy),
            Middleware(Gated, gate=face.gate, clock=monotonic, proxy=config.web.proxy),
        ],
    )
    made.state.face = face
    return made


def _bounded(inner: Lifespan | None) -> Lifespan:
    """The life of the application, in which few pages are made at one time: the others wait their turn."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = AT_ONCE
        async with inner(app) if inner else nullcontext():
            yield

    return lifespan


def settle() -> None:
    """Take what was loaded so far out of the garbage collector's rounds: each full one cost a page 100 ms (bench/page_speed.py)."""
    gc.collect()
    gc.freeze()


def _missing(request: Request, _: Exception) -> Response:
    if request.url.path.startswith(MACHINE_PATHS):
        return problem(404, "Not Found", "there is nothing at this address; see /api/v1/openapi.json")
    return pages.missing(request)


def _not_so(request: Request, error: Exception) -> Response:
    allowed = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if request.url.path.startswith(MACHINE_PATHS):
        return problem(
            405, "Method Not Allowed", f"{request.method} is not allowed at this address, which can only be read", allowed
        )
    answer = pages.wrong(request, 405, "method")
    answer.headers.update(allowed)
    return answer


def _unreadable(request: Request, error: Exception) -> Response:
    """The database can neither be read nor written now; where it is, is for the log, as strangers ask at these addresses."""
    log.error("%s", error)
    if request.url.path.startswith(MACHINE_PATHS):
        return unavailable()
    answer = pages.wrong(request, 503, "error")
    answer.headers.update(LATER)
    return answer


def _broken(request: Request, _: Exception) -> Response:
    """A fault of ours; it is answered outside of all middleware, so the protective headers are set here."""
    if request.url.path.startswith(MACHINE_PATHS):
        answer: Response = problem(500, "Internal Server Error", "this is a fault of ours; the log has it")
    else:
        try:
            answer = pages.wrong(request, 500, "broken")
        except Exception:  # the fault may be in what every page needs
            answer = PlainTextResponse("This is a fault of ours; the log has it.\n", 500)
    answer.headers.update(HEADERS)
    return answer
