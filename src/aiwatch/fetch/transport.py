"""httpx over httpcore, with connections that ``guard.GuardedBackend`` opens, and a small pool for each origin.

One large pool asks the kernel about every idle connection at every request: with a hundred of them a request to a new host costs 8 to 13 ms
of CPU, with a pool for each origin 1 ms (measured on loopback, 1,500 hosts). Requests that may reach private addresses have pools of
their own, so that no other request ever finds such a connection open.
"""

from __future__ import annotations

import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import httpcore
import httpx

from aiwatch.fetch import guard
from aiwatch.fetch.stream import before_its_question
from aiwatch.settings import Http

KEEP_ALIVE = 30.0  # seconds an idle connection is kept for the next address of the same host
MAX_ORIGINS = 100  # with idle connections; the longest unused is closed first
_Origin: TypeAlias = tuple[bool, bool, bytes, bytes, int | None]  # private allowed, certificate checked, scheme, host, port


@dataclass(slots=True)
class _Pool:
    """The connections of one origin. ``users`` are the requests that have it in hand, from before they have a connection."""

    inner: httpcore.AsyncConnectionPool
    used: float = 0.0  # when it was taken last
    users: int = 0

    def leave(self) -> None:
        """One request is through with it."""
        self.users -= 1


class _Body(httpx.AsyncByteStream):
    """httpcore's stream as httpx wants it; the pool is held until it is closed."""

    def __init__(self, inner: httpcore.Response, pool: _Pool) -> None:
        self._inner = inner
        self._leave: Callable[[], None] | None = pool.leave

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner.aiter_stream():
            yield part

    async def aclose(self) -> None:
        if self._leave is not None:
            self._leave()
            self._leave = None
        await self._inner.aclose()


@cache
def _well_known(*, http2: bool) -> ssl.SSLContext:
    """The well-known authorities, read once: it takes 60 ms. httpcore writes its protocols into the context, hence one for each choice."""
    del http2
    return httpx.create_ssl_context(trust_env=False)


@cache
def _believing(*, http2: bool) -> ssl.SSLContext:
    """No certificate is checked: for the sources whose owner said so."""
    del http2
    return httpx.create_ssl_context(verify=False, trust_env=False)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends one request at a time for each call; errors come as httpcore has them, and ``failures.translate`` knows them.

    ``context`` is for those who trust other authorities than the well-known ones.
    """

    def __init__(self, http: Http, context: ssl.SSLContext | None = None) -> None:
        self._context = context or _well_known(http2=http.http2)
        self._http2 = http.http2
        self._backends = {one: guard.GuardedBackend(allow_private=one, allowed=http.allow_private) for one in (False, True)}
        self._pools: OrderedDict[_Origin, _Pool] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a kept or a new connection. Raises Refused for an address that must not be reached."""
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise TypeError("only asynchronous bodies can be sent")
        url = request.url
        private, checked = bool(request.extensions.get("allow_private")), bool(request.extensions.get("tls_verify", True))
        pool = self._pool((private, checked, url.raw_scheme, url.raw_host, url.port))
        pool.users += 1
        try:
            await self._tidy(pool.used)
            response = await pool.inner.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            pool.leave()
            raise
        body = _Body(response, pool)
        if before_its_question(response):
            await body.aclose()
            raise httpcore.RemoteProtocolError("bytes beyond an earlier answer")
        return httpx.Response(response.status, headers=response.headers, stream=body, extensions=response.extensions)

    def _pool(self, origin: _Origin) -> _Pool:
        pool = self._pools.pop(origin, None) or _Pool(
            httpcore.AsyncConnectionPool(
                ssl_context=self._context if origin[1] else _believing(http2=self._http2),
                max_connections=None,  # the fetcher's pace is the limit
                keepalive_expiry=KEEP_ALIVE,
                http2=self._http2,
                network_backend=self._backends[origin[0]],
            )
        )
        pool.used = time.monotonic()
        self._pools[origin] = pool
        return pool

    async def _tidy(self, now: float) -> None:
        """Close what was not used for long, and the oldest where there are too many; never one that is in anybody's hands."""
        for origin, pool in list(self._pools.items()):
            if now - pool.used < KEEP_ALIVE and len(self._pools) <= MAX_ORIGINS:
                return
            if not pool.users and self._pools.get(origin) is pool:  # not closed by another request meanwhile
                del self._pools[origin]
                await pool.inner.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.inner.aclose()
