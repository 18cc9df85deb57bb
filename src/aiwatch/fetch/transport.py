"""httpx over httpcore, with connections that ``guard.GuardedBackend`` opens, and a small pool for each origin.

One large pool asks the kernel about every idle connection at every request: with a hundred of them a request to a new host costs 8 to 13 ms
of CPU, with a pool for each origin 1 ms (measured on loopback, 1,500 hosts). Requests that may reach private addresses have pools of
their own, so that no other request ever finds such a connection open. What is asked through a proxy has pools of its own as well.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

import httpcore
import httpx

from aiwatch.errors import ConfigError
from aiwatch.fetch import guard
from aiwatch.fetch.proxy import ProxyFailed, Route, Way
from aiwatch.fetch.socks import SocksBackend
from aiwatch.fetch.stream import before_its_question
from aiwatch.settings import Http, Proxy

KEEP_ALIVE = 30.0  # seconds an idle connection is kept for the next address of the same host
NEAR = 10.0  # seconds in which a proxy must take a connection: before any deadline, so that it is the proxy that is named
MAX_ORIGINS = 100  # with idle connections; the longest unused is closed first


class _Origin(NamedTuple):
    """What a pool of connections is for."""

    private: bool  # allowed
    checked: bool  # its certificate
    scheme: bytes
    host: bytes
    port: int | None
    proxied: bool = False


@dataclass(slots=True)
class _Pool:
    """The connections of one origin. ``users`` are the requests that have it in hand, from before they have a connection.

    One that is ``retired`` is given to nobody any more, and closed by its last user.
    """

    inner: httpcore.AsyncConnectionPool
    used: float = 0.0  # when it was taken last
    users: int = 0
    retired: bool = False

    async def leave(self) -> None:
        """One request is through with it."""
        self.users -= 1
        if self.retired and not self.users:
            with contextlib.suppress(Exception):  # how it ends is of no use to anybody, and would hide why it was left
                await self.inner.aclose()


class _Body(httpx.AsyncByteStream):
    """httpcore's stream as httpx wants it; the pool is held until it is closed.

    ``retire`` is called where an answer over HTTP/2 is left before its end. httpcore does not tell the server, which goes on sending, and
    what nobody reads uses up what all answers of the connection may hold: those after it would wait for ever. (Over HTTP/1.1 it closes
    the connection by itself.)
    """

    def __init__(self, inner: httpcore.Response, pool: _Pool, retire: Callable[[], None]) -> None:
        self._inner, self._pool, self._retire = inner, pool, retire
        self._unread = inner.extensions.get("http_version") == b"HTTP/2"
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner.aiter_stream():
            yield part
        self._unread = False

    async def aclose(self) -> None:
        if not self._open:
            return
        self._open = False
        if self._unread:
            self._retire()
        try:
            await self._inner.aclose()
        finally:
            await self._pool.leave()


@cache
def _well_known(*, http2: bool, ca_file: str | None) -> ssl.SSLContext:
    """The well-known authorities, read once: it takes 60 ms. httpcore writes its protocols into the context, hence one for each choice.

    Raises ConfigError for a file of further authorities that holds none.
    """
    del http2
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        # since 3.13 Python asks of an authority's certificate all that RFC 5280 wants; those of companies often lack some of it
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        try:
            context.load_verify_locations(ca_file)
        except ssl.SSLError as error:  # an OSError too, whose own words are those of a parser
            raise ConfigError(f"http.ca_file: {ca_file} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)") from error
        except OSError as error:
            raise ConfigError(f"http.ca_file: {ca_file} cannot be read: {error.strerror}") from error
    return context


@cache
def _believing(*, http2: bool) -> ssl.SSLContext:
    """No certificate is checked: for the sources whose owner said so."""
    del http2
    return httpx.create_ssl_context(verify=False, trust_env=False)


def _usable(proxy: Proxy | None) -> Proxy | None:
    """The proxy. Raises ConfigError for one that is named and not to be had: nothing is asked past it."""
    if proxy is not None and not proxy.url:
        raise ConfigError("http.proxy: it is kept where this shell or service cannot read it; nothing is asked past the proxy")
    return proxy


def _login(proxy: Proxy) -> tuple[bytes, bytes] | None:
    if proxy.login is None:
        return None
    name, _, password = proxy.login.reveal().partition(":")
    return name.encode(), password.encode()


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends one request at a time for each call; errors come as httpcore has them, and ``failures.translate`` knows them.

    ``context`` is for those who trust other authorities than the well-known ones.
    """

    def __init__(self, http: Http, context: ssl.SSLContext | None = None) -> None:
        self._context = context or _well_known(http2=http.http2, ca_file=http.ca_file)
        self._http = http
        self._proxy = _usable(http.proxy)
        self._socks = self._proxy is not None and self._proxy.url.startswith("socks5:")
        self._route = Route(http)
        self._backends = {one: guard.GuardedBackend(allow_private=one, allowed=http.allow_private) for one in (False, True)}
        self._to_proxy = guard.GuardedBackend(allow_private=True)  # it is the proxy alone, which stands in our own network mostly
        self._pools: OrderedDict[_Origin, _Pool] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a kept or a new connection. Raises Refused for an address that must not be reached."""
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise TypeError("only asynchronous bodies can be sent")
        url = request.url
        private, checked = bool(request.extensions.get("allow_private")), bool(request.extensions.get("tls_verify", True))
        origin = await self._routed(_Origin(private, checked, url.raw_scheme, url.raw_host, url.port), url)
        pool = self._pool(origin)
        pool.users += 1
        try:
            await self._tidy(pool.used)
            response = await self._sent(pool, request, proxied=origin.proxied)
        except BaseException:
            self._retire(origin, pool)  # a connection on which nothing came is not tried by the next request, too
            await pool.leave()
            raise
        body = _Body(response, pool, partial(self._retire, origin, pool))
        forwarded = origin.proxied and url.scheme == "http" and not self._socks
        if self._proxy is not None and forwarded and response.status == 407:  # nobody else's word
            await body.aclose()
            raise ProxyFailed(self._proxy, response.status)
        if before_its_question(response):
            await body.aclose()
            raise httpcore.RemoteProtocolError("bytes beyond an earlier answer")
        return httpx.Response(response.status, headers=response.headers, stream=body, extensions=response.extensions)

    async def _routed(self, origin: _Origin, url: httpx.URL) -> _Origin:
        """The pool to take: the proxy's, or one of our own. Raises Refused."""
        if self._proxy is None:
            return origin
        proxied = origin._replace(proxied=True)
        pool = self._pools.get(proxied)
        if pool is not None and any(one.is_available() for one in pool.inner.connections):
            return proxied  # looked up when that connection was opened, as is done without a proxy
        return proxied if await self._route.through(url, allow_private=origin.private) else origin

    async def _sent(self, pool: _Pool, request: httpx.Request, *, proxied: bool) -> httpcore.Response:
        url, extensions = request.url, dict(request.extensions)
        way = Way(extensions.get("trace"), tunnel=url.scheme == "https", socks=self._socks)
        if proxied:
            limits = extensions.get("timeout", {})
            extensions |= {"trace": way.trace, "timeout": {**limits, "connect": min(limits.get("connect") or NEAR, NEAR)}}
        try:
            return await pool.inner.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=extensions,
                )
            )
        except Exception as error:
            failed = way.failure(error, self._proxy) if proxied and self._proxy is not None else None
            if failed is None or failed is error:
                raise
            raise failed from error

    def _pool(self, origin: _Origin) -> _Pool:
        pool = self._pools.pop(origin, None) or _Pool(self._connections(origin))
        pool.used = time.monotonic()
        self._pools[origin] = pool
        return pool

    def _retire(self, origin: _Origin, pool: _Pool) -> None:
        pool.retired = True
        if self._pools.get(origin) is pool:
            del self._pools[origin]

    def _connections(self, origin: _Origin) -> httpcore.AsyncConnectionPool:
        http2 = self._http.http2
        context = self._context if origin.checked else _believing(http2=http2)
        if self._proxy is None or not origin.proxied:
            return httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=None,  # the fetcher's pace is the limit
                keepalive_expiry=KEEP_ALIVE,
                http2=http2,
                network_backend=self._backends[origin.private],
            )
        if self._socks:
            return httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=None,
                keepalive_expiry=KEEP_ALIVE,
                http2=http2,
                network_backend=SocksBackend(self._proxy, self._to_proxy, self._http.inactivity),
            )
        encrypted = self._proxy.url.startswith("https:")
        return httpcore.AsyncHTTPProxy(
            self._proxy.url,
            proxy_auth=_login(self._proxy),
            ssl_context=context,
            proxy_ssl_context=_well_known(http2=False, ca_file=self._http.ca_file) if encrypted else None,
            max_connections=None,
            keepalive_expiry=KEEP_ALIVE,
            http2=http2,
            network_backend=self._to_proxy,
        )

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
