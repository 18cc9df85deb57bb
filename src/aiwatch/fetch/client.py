"""One way out: every request this program makes, to sources and to webhooks, goes through ``make_client`` and ``exchange``.

``exchange`` = check the address -> ask -> read within bounds -> follow a redirect by hand, checking again; one deadline over all of it.
It gives an ``Answer`` whatever the status, or a ``Failed`` with a reason for people; it never raises for what a server or the network
does.
Nothing here reads the environment, neither its proxies nor its certificates: the one proxy is that of ``[http]``, see ``proxy``.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

import httpcore
import httpx

from aiwatch import __version__
from aiwatch.fetch import guard
from aiwatch.fetch.decode import ACCEPTED, Body, BodyError
from aiwatch.fetch.failures import translate
from aiwatch.fetch.transport import GuardedTransport
from aiwatch.model import EMPTY, Failed, Failure
from aiwatch.settings import Http

log = logging.getLogger("aiwatch.fetch")

ERROR_BODY = 16 * 1024  # bytes read of an answer that is an error
MEMORY = 96 * 1024 * 1024  # bytes of all bodies being read at one time; beyond it, large ones are dropped
SMALL = 1024 * 1024  # a body of so many bytes is never dropped
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
# what may accompany a redirect to another origin; all else may be a secret
_HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One exchange to be made. Bounds left at None are those of ``Http``."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    body: bytes | None = None
    allow_private: bool = False  # as is ``tls_verify``: of the origin of ``url`` alone, and not of where it redirects to
    tls_verify: bool = True
    redirects: int | None = None  # 0: a redirect is the answer
    max_body: int | None = None
    cut: bool = False  # take the first ``max_body`` bytes instead of failing
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer of any status, decoded. ``permanent``: it was redirected, by 301 and 308 alone, and never from https to http."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case, repeated ones joined by comma
    body: bytes
    permanent: bool = False
    elapsed: float = 0.0


def user_agent(http: Http) -> str:
    """``aiwatch/0.1.0 (+contact)``: an honest name, and where a site's owner can complain."""
    contact = "".join(char for char in http.contact if char.isascii() and char.isprintable() and char not in "()")
    return f"{http.product}/{__version__}" + (f" (+{contact})" if contact else "")


class Client:
    """What goes out goes through here. ``await client(call)`` is ``exchange(client, call)``; close it by leaving its ``async with``.

    The transport is httpx's seam, used without ``httpx.AsyncClient``: that one parses redirects, keeps cookies, and reads proxies
    from the environment, all of which is refused here. A test may hand in a transport of its own.
    """

    def __init__(self, http: Http, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.http = http
        self.transport = transport or GuardedTransport(http)
        self.held = 0  # bytes of bodies being read
        self.headers = {"user-agent": user_agent(http), "accept": "*/*", "accept-encoding": ACCEPTED}

    async def __call__(self, call: Call) -> Answer | Failed:
        """Make the call; see ``exchange``."""
        return await exchange(self, call)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()


def make_client(http: Http) -> Client:
    """The one way out, made from the configuration."""
    return Client(http)


async def exchange(client: Client, call: Call) -> Answer | Failed:
    """Make ``call``: an Answer whatever its status, or a Failed that says why there is none."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(client.http.timeout if call.timeout is None else call.timeout) as deadline:
            answer = await _follow(client, call)
    except Exception as error:  # the border: whatever came is told as a value
        elapsed = time.monotonic() - started
        failed = translate(error, call.url, elapsed=elapsed, over=deadline.expired())
        if failed is None:
            log.exception("unexpected error while asking %s", shown(call.url))
            return Failed(
                kind=Failure.SOFT, reason=f"unexpected {type(error).__name__} while fetching; please report it", elapsed=elapsed
            )
        return failed
    return replace(answer, elapsed=time.monotonic() - started)


async def _follow(client: Client, call: Call) -> Answer | Failed:
    settings = client.http
    most = settings.max_redirects if call.redirects is None else call.redirects
    home = url = guard.check_url(call.url, allow_private=call.allow_private, allowed=settings.allow_private)
    headers = {name.lower(): value for name, value in call.headers.items()}
    permanent = True
    for hop in range(most + 1):
        answer = await _ask(client, call if _same_origin(home, url) else _elsewhere(call), url, headers)
        if answer.status not in REDIRECTS or not most:
            return replace(answer, permanent=permanent and hop > 0)
        location = answer.headers.get("location", "")
        if not location.strip():
            return Failed(kind=Failure.HARD, reason=f"{answer.status} redirect that does not say where to", status=answer.status)
        following = _led_to(call, home, guard.join(url, location), settings)
        if (told := _told_onward(call, answer.status, same_origin=_same_origin(url, following))) is not call:
            call, headers = told, {name: value for name, value in headers.items() if not name.startswith("content-")}
        permanent = permanent and answer.status in PERMANENT and not (url.scheme == "https" and following.scheme == "http")
        if not _same_origin(url, following):
            headers = {name: value for name, value in headers.items() if name in _HARMLESS}
        elif url.userinfo:
            following = following.copy_with(username=url.username, password=url.password)
        url = following
    return Failed(
        kind=Failure.HARD, reason=f"more than {most} redirects, the last one to {shown(str(url))}", status=answer.status
    )


def _led_to(call: Call, home: httpx.URL, target: str, settings: Http) -> httpx.URL:
    """The address that a redirect names, checked. What may be private at ``home`` alone is judged by what it is read as."""
    found = guard.check_url(target, allow_private=call.allow_private, allowed=settings.allow_private, redirected=True)
    if call.allow_private and not _same_origin(home, found):
        return guard.check_url(target, allowed=settings.allow_private, redirected=True)
    return found


def _elsewhere(call: Call) -> Call:
    """The call without what its owner allows for the address that was given."""
    return replace(call, allow_private=False, tls_verify=True)


def _told_onward(call: Call, status: int, *, same_origin: bool) -> Call:
    """What is asked after a redirect (RFC 9110, 15.4): a body is repeated where the server says so, and never to another host."""
    if call.method in ("GET", "HEAD"):
        return call
    if status not in (307, 308):  # the answer stands there; as all browsers do, 301 and 302 are taken like 303
        return replace(call, method="GET", body=None)
    if not same_origin:
        raise guard.Refused("a redirect to another host, which is not sent what may hold a secret; give the new address")
    return call


def shown(url: str) -> str:
    """An address for a message: without user name, password or query, which may be secrets."""
    return url.partition("?")[0].partition("#")[0][:200] if "@" not in url else "(an address with a password)"


def _same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return one.scheme == other.scheme and guard.pair(one) == guard.pair(other)


async def _ask(client: Client, call: Call, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
    """One request and its answer; again where a kept connection turns out to be closed, which says nothing of the server."""
    for _ in range(client.http.per_host):  # no more than so many are kept
        opened = Opened()
        try:
            return await _once(client, call, url, headers, opened)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            if opened.connected or opened.answered or call.method not in ("GET", "HEAD"):
                raise
    return await _once(client, call, url, headers, Opened())


@dataclass(slots=True)
class Opened:
    """What is known of the connection a request went over."""

    connected: bool = False  # opened for this request
    answered: bool = False  # something came back

    async def trace(self, event: str, _info: Mapping[str, object]) -> None:
        """Httpcore's trace hook."""
        if event == "connection.connect_tcp.started":
            self.connected = True


async def _once(client: Client, call: Call, url: httpx.URL, headers: Mapping[str, str], opened: Opened) -> Answer:
    seconds = client.http.inactivity
    request = httpx.Request(
        call.method,
        url.copy_with(userinfo=b"", fragment=None),
        headers=client.headers | _login(url) | dict(headers),
        content=call.body,
        extensions={
            "allow_private": call.allow_private,
            "tls_verify": call.tls_verify,
            "trace": opened.trace,
            "timeout": {"connect": seconds, "read": seconds, "write": seconds, "pool": None},
        },
    )
    response = await client.transport.handle_async_request(request)
    opened.answered = True
    try:
        _check_header(response, client.http.max_header)
        limit, cut = client.http.max_body if call.max_body is None else call.max_body, call.cut
        if not 200 <= response.status_code < 300:
            limit, cut = min(limit, ERROR_BODY), True
        body = await _read(client, response, limit, cut=cut)
    finally:
        await response.aclose()
    names = {name.lower(): value for name, value in response.headers.items()}
    return Answer(url=str(request.url), status=response.status_code, headers=names, body=body)


def _login(url: httpx.URL) -> dict[str, str]:
    """``https://name:password@host/`` as the header it stands for (RFC 7617)."""
    if not url.userinfo:
        return {}
    pair = f"{url.username}:{url.password}".encode()
    return {"authorization": "Basic " + base64.b64encode(pair).decode("ascii")}


def _check_header(response: httpx.Response, limit: int) -> None:
    size = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
    if size > limit:
        raise BodyError(f"the header is larger than {limit} bytes (http.max_header)")


async def _read(client: Client, response: httpx.Response, limit: int, *, cut: bool) -> bytes:
    if response.status_code == 304 or response.status_code in REDIRECTS:
        return await _drained(response)
    claimed = response.headers.get("content-length", "")
    if not cut and claimed.isdigit() and int(claimed) > limit:
        raise BodyError(f"the body is larger than {limit} bytes (http.max_body): it says {claimed[:20]}")
    body = Body(response.headers.get("content-encoding", ""), limit, cut=cut)
    counted = 0
    try:
        async for part in response.aiter_raw():
            body.add(part)
            client.held += body.size - counted
            counted = body.size
            if body.full:
                break
            if body.raw > max(limit, 1024) and not cut:
                raise BodyError(f"the body is larger than {limit} bytes (http.max_body)")
            if client.held > MEMORY and body.size > SMALL:
                raise BodyError("too many large bodies at once; it is tried again later")
        return body.finish()
    finally:
        client.held -= counted


async def _drained(response: httpx.Response) -> bytes:
    """Read to the end what nobody needs, so that the connection can be kept; a long one is not worth it."""
    seen = 0
    async for part in response.aiter_raw():
        seen += len(part)
        if seen > ERROR_BODY:
            break
    return b""
