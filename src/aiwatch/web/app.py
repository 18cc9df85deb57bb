"""The application: routes and what every request goes through.

SecureHeaders > KnownHosts > RateLimit > Gated > routes (pages, api, follow, health, static)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware

from aiwatch.rules import RuleSet
from aiwatch.settings import Config
from aiwatch.store.library import Library
from aiwatch.web import api, follow, health
from aiwatch.web.auth import Gate, check_bind
from aiwatch.web.face import Face
from aiwatch.web.security import Gated, KnownHosts, RateLimit, SecureHeaders


def make_app(
    config: Config,
    library: Library,
    rules: RuleSet,
    clock: Callable[[], datetime],
    monotonic: Callable[[], float] = time.monotonic,
) -> Starlette:
    """The whole application. Raises ConfigError where it would be open to others without a token."""
    check_bind(config.web)
    face = Face(config=config, library=library, rules=rules, clock=clock, gate=Gate(config.web))
    https = (config.web.base_url or "").startswith("https://")
    made = Starlette(
        routes=[*api.ROUTES, *follow.ROUTES, *health.ROUTES],
        middleware=[
            Middleware(SecureHeaders, https=https),
            Middleware(KnownHosts, web=config.web),
            Middleware(RateLimit, clock=monotonic, proxy=config.web.proxy),
            Middleware(Gated, gate=face.gate),
        ],
    )
    made.state.face = face
    return made
