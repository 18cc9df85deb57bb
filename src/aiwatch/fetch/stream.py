"""A connection that knows whether an answer can belong to the question.

httpcore keeps what a server sent beyond its answer, and takes it for the answer to the next request on that connection (seen here with
``Content-Length`` shorter than the body). ``heard`` says whether anything was read since the last request was written: an answer that came
before its question is somebody else's.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

SILENCE = 0.002  # seconds a kept connection is listened to before it is used again


class Stream(httpcore.AsyncNetworkStream):
    """Another stream, listened to."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.heard = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's own signature
        """Read, and note it."""
        data = await self._inner.read(max_bytes, timeout)
        self.heard = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's own signature
        """Write a piece of a request. Raises ConnectionNotAvailable, upon which the pool takes a new one, where this one is spoilt."""
        if self.heard and not self._speaks_http2():
            await self._expect_silence()
        self.heard = False
        await self._inner.write(buffer, timeout)

    def _speaks_http2(self) -> bool:
        tls = self._inner.get_extra_info("ssl_object")
        return isinstance(tls, ssl.SSLObject) and tls.selected_alpn_protocol() == "h2"

    async def _expect_silence(self) -> None:
        """The event loop may have taken late bytes, or the end, off the socket already, where httpcore's own look at it finds nothing."""
        try:
            await self._inner.read(1, timeout=SILENCE)
        except httpcore.ReadTimeout:
            return
        raise httpcore.ConnectionNotAvailable

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
    ) -> Stream:
        """Speak TLS from here on."""
        return Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know of the connection."""
        return self._inner.get_extra_info(info)


def before_its_question(response: httpcore.Response) -> bool:
    """Whether this answer lay on the connection before its request was written (HTTP/1.1 only; HTTP/2 numbers its answers)."""
    stream = response.extensions.get("network_stream")
    one = response.extensions.get("http_version") != b"HTTP/2"
    return one and isinstance(stream, Stream) and not stream.heard
