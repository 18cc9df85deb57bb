"""What every answer and every request goes through: headers, host names, the rate of requests, the gate, and forms that are ours.

Written as plain ASGI middleware, so that a streamed answer streams and an error page gets the same headers as any other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aiwatch.settings import Web
from aiwatch.web.auth import LOOPBACK, Gate, given
from aiwatch.web.face import problem

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# A mail brings its own styles and pictures. Its markup was cleaned when it was made; here it is a stranger, whatever a template put in.
MAIL_CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
# Each checks for itself who asks.
OPEN_PATHS = ("/signin", "/look", "/healthz", "/readyz", "/static/", "/unsubscribe/", "/websub/")
MACHINE_PATHS = ("/api/", "/feed.", "/calendar.ics", "/metrics", "/mcp")


class SecureHeaders:
    """The same protective headers on every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = {**HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)


class KnownHosts:
    """Only names that are ours: a page elsewhere cannot reach loopback through a name it controls (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, web: Web) -> None:
        self._app, self._names = app, known_hosts(web)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass it on."""
        if scope["type"] == "http" and self._names:
            host = Request(scope).headers.get("host", "")
            if _bare(host) not in self._names:
                said = f"this server does not answer to that name; known: {', '.join(sorted(self._names))}"
                await _turned_away(scope, 421, "Misdirected Request", said)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def known_hosts(web: Web) -> frozenset[str]:
    """The names the server answers to; empty (any) where it is bound to all addresses and has no base_url."""
    base = urlsplit(web.base_url).hostname if web.base_url else None
    if web.host in LOOPBACK:
        return LOOPBACK | ({base} if base else set())
    return frozenset({web.host, base}) if base else frozenset()


def _bare(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


@dataclass(slots=True)
class Bucket:
    """Tokens left to one client, and when they were counted."""

    left: float
    at: float


@dataclass(slots=True)
class Rate:
    """A token bucket a client: ``burst`` at once, ``per_second`` from then on; at most ``clients`` are remembered."""

    per_second: float
    burst: float
    clock: Callable[[], float]
    clients: int = 10_000
    buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    def wait(self, client: str) -> float:
        """Seconds that this client must wait; 0 if it may go on."""
        now = self.clock()
        bucket = self.buckets.pop(client, None) or Bucket(self.burst, now)
        bucket.left = min(self.burst, bucket.left + (now - bucket.at) * self.per_second)
        bucket.at = now
        self.buckets[client] = bucket
        while len(self.buckets) > self.clients:
            self.buckets.popitem(last=False)
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / self.per_second


class RateLimit:
    """429 with Retry-After to a client that asks too often; signing in is slower than looking."""

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float], proxy: bool) -> None:
        self._app, self._proxy = app, proxy
        self._looking = Rate(per_second=20, burst=120, clock=clock)
        self._signing_in = Rate(per_second=0.1, burst=6, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass it on."""
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            request = Request(scope)
            client = client_of(request, proxy=self._proxy)
            wait = self._looking.wait(client)
            if request.method == "POST" and scope["path"] == "/signin":
                wait = max(wait, self._signing_in.wait(client))
            if wait > 0:
                await _too_many(scope, wait)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _too_many(scope: MutableMapping[str, Any], wait: float) -> Response:
    later = {"Retry-After": str(int(wait) + 1)}
    return _turned_away(scope, 429, "Too Many Requests", "too many requests; try again later", later)


def _turned_away(
    scope: MutableMapping[str, Any], status: int, title: str, said: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer before any page is made: a problem for programs, a line of text for everybody else."""
    if scope["path"].startswith(MACHINE_PATHS):
        return problem(status, title, said, headers)
    return PlainTextResponse(f"{said}\n", status, headers)


def client_of(request: Request, *, proxy: bool) -> str:
    """The client's address; behind the one proxy that is trusted, the address the proxy saw. Of IPv6 the network: a home has 2^64."""
    forwarded = request.headers.get("x-forwarded-for", "") if proxy else ""
    address = forwarded.rsplit(",", 1)[-1].strip() or (request.client.host if request.client else "unknown")
    try:
        six = IPv6Address(address)
    except ValueError:
        return address
    return str(six.ipv4_mapped or IPv6Network((int(six), 64), strict=False))


class Gated:
    """Nobody passes without the token, where there is one: pages lead to the sign-in page, machines get a 401.

    A token that was not seen before is hashed, which takes long on purpose: not in the event loop, and for no client without end.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate, clock: Callable[[], float], proxy: bool) -> None:
        self._app, self._gate, self._proxy = app, gate, proxy
        self._hashing = Rate(per_second=1, burst=20, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass it on."""
        answer = self._app
        if scope["type"] == "http" and not scope["path"].startswith(OPEN_PATHS):
            answer = await self._answering(Request(scope))
        await answer(scope, receive, send)

    async def _answering(self, request: Request) -> ASGIApp:
        """Who answers: the application, or a refusal."""
        token = given(request)
        if token is None:
            passes = self._gate.admits(request)
        elif self._gate.remembers(token):
            passes = True
        elif (wait := self._hashing.wait(client_of(request, proxy=self._proxy))) > 0:
            return _too_many(request.scope, wait)
        else:
            passes = await run_in_threadpool(self._gate.knows, token)
        return self._app if passes else _refused(request.scope)


def _refused(scope: MutableMapping[str, Any]) -> Response:
    if scope["path"].startswith(MACHINE_PATHS):
        headers = {"WWW-Authenticate": 'Bearer, Basic realm="aiwatch"'}
        return problem(401, "Unauthorized", "send Authorization: Bearer <token>", headers)
    here = scope["path"] + (f"?{query}" if (query := scope["query_string"].decode("latin-1")) else "")
    back = "" if here == "/" or scope["method"] != "GET" else f"?{urlencode({'back': here})}"
    return RedirectResponse(f"/signin{back}", 303)


def same_site(request: Request) -> bool:
    """Whether a POST comes from a page of ours: by Sec-Fetch-Site, else by Origin; a client that sends neither is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # brackets that do not close: no browser sends them
        return False
