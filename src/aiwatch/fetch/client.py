"""One way out: every request this program makes, to sources and to webhooks, goes through ``make_client`` and ``exchange``.

``exchange`` = check the address -> ask -> read within bounds -> follow a redirect by hand (``hops``), checking again; one deadline over
all of it. It gives an ``Answer`` whatever the status, or a ``Failed`` with a reason for people; it never raises for what a server or the
network does. ``begin`` and ``step`` are the same one request at a time, for who has manners to mind between two of them.
Nothing here reads the environment, neither its proxies nor its certificates: the one proxy is that of ``[http]``, see ``proxy``.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import httpcore
import httpx

from aiwatch import __version__
from aiwatch.fetch import hops
from aiwatch.fetch.calls import Answer, Call
from aiwatch.fetch.decode import ACCEPTED, Body, BodyError
from aiwatch.fetch.failures import translate
from aiwatch.fetch.hops import REDIRECTS, Hop, shown
from aiwatch.fetch.transport import GuardedTransport
from aiwatch.model import Failed, Failure
from aiwatch.settings import Http

log = logging.getLogger("aiwatch.fetch")

ERROR_BODY = 16 * 1024  # bytes read of an answer that is an error
MEMORY = 96 * 1024 * 1024  # bytes of all bodies being read at one time; beyond it, large ones are dropped
SMALL = 1024 * 1024  # a body of so many bytes is never dropped


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
    reply: Hop | Answer | Failed = begin(client, call)
    while isinstance(reply, Hop):
        reply = await step(client, reply)
    return reply


def begin(client: Client, call: Call) -> Hop | Failed:
    """The first request that ``call`` makes, or why it makes none."""
    try:
        return hops.begun(call, client.http)
    except Exception as error:  # the border: whatever came is told as a value
        return _told(error, call.url, elapsed=0.0, over=False)


async def step(client: Client, hop: Hop) -> Hop | Answer | Failed:
    """Make one request: the next one where it is answered with a redirect, else what ``exchange`` gives. All hops share one deadline."""
    started = time.monotonic()
    limit = client.http.timeout if hop.call.timeout is None else hop.call.timeout
    try:
        async with asyncio.timeout(limit - hop.spent) as deadline:
            answer = await _ask(client, hop)
        reply = hops.onward(hop, answer, client.http)
    except Exception as error:  # the border, as in ``begin``
        elapsed = hop.spent + time.monotonic() - started
        return hops.led_away(hop, _told(error, str(hop.url), elapsed=elapsed, over=deadline.expired()))
    elapsed = hop.spent + time.monotonic() - started
    return replace(reply, spent=elapsed) if isinstance(reply, Hop) else replace(reply, elapsed=elapsed)


def _told(error: Exception, url: str, *, elapsed: float, over: bool) -> Failed:
    if failed := translate(error, url, elapsed=elapsed, over=over):
        return failed
    log.error("unexpected error while asking %s", shown(url), exc_info=error)
    reason = f"unexpected {type(error).__name__} while fetching; please report it"
    return Failed(kind=Failure.SOFT, reason=reason, elapsed=elapsed)


async def _ask(client: Client, hop: Hop) -> Answer:
    """One request and its answer; again where a kept connection turns out to be closed, which says nothing of the server."""
    for _ in range(client.http.per_host):  # no more than so many are kept
        opened = Opened()
        try:
            return await _once(client, hop, opened)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            if opened.connected or opened.answered or hop.call.method not in ("GET", "HEAD"):
                raise
    return await _once(client, hop, Opened())


@dataclass(slots=True)
class Opened:
    """What is known of the connection a request went over."""

    connected: bool = False  # opened for this request
    answered: bool = False  # something came back

    async def trace(self, event: str, _info: Mapping[str, object]) -> None:
        """Httpcore's trace hook."""
        if event == "connection.connect_tcp.started":
            self.connected = True


async def _once(client: Client, hop: Hop, opened: Opened) -> Answer:
    seconds, call, url = client.http.inactivity, hop.call, hop.url
    request = httpx.Request(
        call.method,
        url.copy_with(userinfo=b"", fragment=None),
        headers=client.headers | _login(url) | dict(hop.headers),
        content=call.body,
        extensions={
            "allow_private": hop.allow_private,
            "tls_verify": hop.tls_verify,
            "trace": opened.trace,
            "timeout": {"connect": seconds, "read": seconds, "write": seconds, "pool": None},
        },
    )
    response = await client.transport.handle_async_request(request)
    opened.answered = True
    try:
        _check_header(response, client.http.max_header)
        limit = client.http.max_body if call.max_body is None else call.max_body
        if 200 <= response.status_code < 300:
            body = await _read(client, response, limit, cut=call.cut)
        else:
            body = await _read_of_error(client, response, limit)
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


async def _read_of_error(client: Client, response: httpx.Response, limit: int) -> bytes:
    """The beginning of what an answer without the body that was asked for says. Its head is the answer, whatever becomes of the rest.

    An overloaded server breaks off in the midst of its 503, whose Retry-After is heeded all the same.
    """
    try:
        return await _read(client, response, min(limit, ERROR_BODY), cut=True)
    except (BodyError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        return b""


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
