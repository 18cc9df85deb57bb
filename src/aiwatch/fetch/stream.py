"""A connection that knows whether an answer can belong to the question.

httpcore keeps what a server sent beyond its answer, and takes it for the answer to the next request on that connection (seen here with
``Content-Length`` shorter than the body). ``heard`` says whether anything was read since the last request was written: an answer that came
before its question is somebody else's.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpcore


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
        """Write a piece of a request."""
        self.heard = False
        await self._inner.write(buffer, timeout)

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
