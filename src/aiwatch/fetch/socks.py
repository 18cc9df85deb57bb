"""Going out through a SOCKS proxy of version 5 (RFC 1928; name and password after RFC 1929): connections that are asked for by name.

httpcore has a pool for this that wants another package, waits for the proxy without a limit, and leaves the connection open where it is
refused. Here it is a way to connect, under the same pools, and TLS ends at the server, as without a proxy. The proxy looks names up.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import httpcore

from aiwatch.fetch.proxy import ProxyFailed
from aiwatch.settings import Proxy

_NO_LOGIN, _LOGIN, _NONE = 0, 2, 0xFF  # the ways of saying who one is
_LENGTHS = {1: 4, 4: 16}  # bytes of an address by its type; a name (3) says its own length
_REPLIES = {
    1: (502, "general failure"),
    2: (403, "not allowed by its rules"),
    3: (502, "the network is unreachable"),
    4: (502, "the host is unreachable"),
    5: (502, "the server refused the connection"),
    6: (502, "the packets ran out of time"),
    7: (502, "it does not know how to connect"),
    8: (502, "it does not take this kind of address"),
}


class SocksBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore by way of the proxy, to which ``inner`` connects; it has ``patience`` to reach the server."""

    def __init__(self, proxy: Proxy, inner: httpcore.AsyncNetworkBackend, patience: float) -> None:
        self._proxy = proxy
        self._at = httpcore.URL(proxy.url)
        self._inner = inner
        self._patience = patience

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to ``host`` that begins at the proxy. Raises ProxyFailed for what the proxy says no to."""
        near = self._at.host.decode("ascii"), self._at.port or 1080
        stream = await self._inner.connect_tcp(*near, timeout, local_address, socket_options)
        try:
            await self._say_who(stream, timeout)
            await self._ask_for(stream, host, port, timeout)
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def _say_who(self, stream: httpcore.AsyncNetworkStream, limit: float | None) -> None:
        login = self._proxy.login.reveal() if self._proxy.login else ""
        ways = bytes((_NO_LOGIN, _LOGIN)) if login else bytes((_NO_LOGIN,))
        await stream.write(bytes((5, len(ways))) + ways, limit)
        version, way = await _exactly(stream, 2, limit)
        if version != 5:
            raise ProxyFailed(self._proxy, 502, "it does not speak SOCKS 5")
        if way == _LOGIN and login:
            name, _, password = login.partition(":")
            given = [one.encode()[:255] for one in (name, password)]
            await stream.write(b"\x01" + b"".join(bytes((len(one),)) + one for one in given), limit)
            _, refused = await _exactly(stream, 2, limit)
            way = _NONE if refused else way
        if way not in ways:
            raise ProxyFailed(self._proxy, 407, "SOCKS")

    async def _ask_for(self, stream: httpcore.AsyncNetworkStream, host: str, port: int, limit: float | None) -> None:
        await stream.write(bytes((5, 1, 0)) + _address(host) + port.to_bytes(2), limit)
        version, said, _, kind = await _exactly(stream, 4, self._patience)
        if version != 5 or said:
            raise ProxyFailed(self._proxy, *_REPLIES.get(said, (502, f"reply {said}")))
        length = _LENGTHS.get(kind) or (await _exactly(stream, 1, limit))[0]
        await _exactly(stream, length + 2, limit)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """As the backend beneath: never."""
        return await self._inner.connect_unix_socket(path, timeout, socket_options)

    async def sleep(self, seconds: float) -> None:
        """As the backend beneath."""
        await self._inner.sleep(seconds)


def _address(host: str) -> bytes:
    try:
        spelled = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        name = host.encode("idna")
        return bytes((3, len(name))) + name
    return bytes((1 if spelled.version == 4 else 4,)) + spelled.packed


async def _exactly(stream: httpcore.AsyncNetworkStream, length: int, limit: float | None) -> bytes:
    """So many bytes and none of those behind them."""
    found = b""
    while len(found) < length:
        part = await stream.read(length - len(found), limit)
        if not part:
            raise httpcore.RemoteProtocolError("the proxy ended the connection")
        found += part
    return found
