"""Going out through somebody else's proxy: what is asked through it, what never is, and whose a failure on the way was.

A proxy looks names up and connects in our place, so nothing can hold it to an address that was checked here. What can be known here is
known before the proxy hears of it:

    named in http.no_proxy                                   asked directly, guarded as always
    private by its spelling, or by what it resolves to here  refused; asked directly where allow_private says so: it is our own network
    everything else, and what does not resolve here          asked through the proxy, whose own rules hold from there on
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import httpcore
import httpx

from aiwatch.fetch import guard
from aiwatch.fetch.resolver import Names
from aiwatch.settings import Http, Proxy

LOOK = 2.0  # seconds for a name: many a company's resolver does not answer for names outside, which is what its proxy is for
Trace: TypeAlias = Callable[[str, Mapping[str, object]], Awaitable[None]]


class ProxyFailed(Exception):
    """The proxy did not do its part. ``failures`` puts it into words: by the status it answered with, or by the error that came of it.

    ``said`` is what a SOCKS proxy means by a status of HTTP that says the same.
    """

    def __init__(self, proxy: Proxy, status: int | None = None, said: str = "") -> None:
        super().__init__(proxy.url)
        self.proxy = proxy
        self.status = status
        self.said = said


class Route:
    """Which way an address is asked."""

    def __init__(self, http: Http, names: Names | None = None) -> None:
        self._allowed = frozenset(http.allow_private)
        self._direct = tuple(one.lower().strip(".") for one in http.no_proxy)
        self._names = names or Names()

    async def through(self, url: httpx.URL, *, allow_private: bool) -> bool:
        """Whether ``url`` is asked through the proxy. Raises Refused for what leads to a private address and may not."""
        host = url.host.rstrip(".")
        if any(host == one or host.endswith(f".{one}") for one in self._direct):
            return False
        if not (why := await self._private(host, url.port or (443 if url.scheme == "https" else 80))):
            return True
        if allow_private or guard.pair(url) in self._allowed:
            return False
        raise guard.Refused(why)

    async def _private(self, host: str, port: int) -> str:
        """Why this is no address of the outside, as far as can be known here; empty where it is one, or nobody knows."""
        if (spelled := guard.literal(host)) is not None:
            why = guard.check_address(spelled)
            return f"{host} is {why}" if why else ""
        if guard.is_local(host):
            return f"{host} is a name of a local network"
        try:
            async with asyncio.timeout(LOOK):
                answers = await self._names(host, port)
        except (OSError, UnicodeError):  # TimeoutError is one: not known here, perhaps to the proxy
            return ""
        for address in dict.fromkeys(ipaddress.ip_address(answer[4][0]) for answer in answers):
            if why := guard.check_address(address):
                return f"{host} leads to {address}, {why}"
        return ""


class Way:
    """How far a request through the proxy has come, as httpcore's trace hook hears it; ``inner`` is told all of it too."""

    def __init__(self, inner: Trace | None, *, tunnel: bool, socks: bool) -> None:
        self._inner = inner
        tunnelled = "proxy.start_tls.started" if tunnel else "http11.send_request_headers.started"
        self._beyond = "connection.connect_tcp.complete" if socks else tunnelled
        self.at_proxy = False  # a failure now is between the proxy and us

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Httpcore's trace hook."""
        if event == "connection.connect_tcp.started":
            self.at_proxy = True
        elif event == self._beyond:
            self.at_proxy = False
        if self._inner is not None:
            await self._inner(event, info)

    def failure(self, error: Exception, proxy: Proxy) -> ProxyFailed | None:
        """What ``error`` says of the proxy; None where it is not the proxy's."""
        if isinstance(error, ProxyFailed):
            return error
        if isinstance(error, httpcore.ProxyError):  # "407 Proxy Authentication Required"; the words are the proxy's own
            status = str(error)[:3]
            return ProxyFailed(proxy, int(status) if status.isdigit() else None)
        return ProxyFailed(proxy) if self.at_proxy else None
