"""A forward proxy on the loopback: it answers CONNECT with a tunnel and forwards what is asked by whole address, whatever the host, to one
server. It remembers what it was asked, and can want a login or refuse.
"""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """A server's port on the loopback; whoever is still connected at the end is sent away."""
    tasks: set[asyncio.Task[None]] = set()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(visit, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class ForwardProxy:
    """``origin`` is the port that all hosts lead to; ``answer`` what is said instead of doing it, such as ``503 Down``; ``""``: nothing."""

    origin: int = 0
    login: str | None = None
    answer: str | None = None
    port: int = 0
    asked: list[str] = field(default_factory=list)  # "CONNECT lab.example:443", "GET http://lab.example/feed"
    logins: list[str] = field(default_factory=list)  # as they were sent

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its address."""
        async with listening(self._serve) as self.port:
            yield f"http://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"), reader, writer)

    async def _answer(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, *fields = head.split("\r\n")
        method, target, _ = line.split(" ")
        self.asked.append(f"{method} {target}")
        given = [one.partition(": ")[2] for one in fields if one.lower().startswith("proxy-authorization:")]
        self.logins += given
        wanted = [] if self.login is None else [f"Basic {b64encode(self.login.encode()).decode()}"]
        if self.answer is not None or (wanted and given != wanted):
            said = "407 Who are you, " + "".join(given) if self.answer is None else self.answer
            writer.write(f"HTTP/1.1 {said}\r\nContent-Length: 0\r\n\r\n".encode() if said else b"")
            await writer.drain()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self.origin)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            parts = urlsplit(target)
            kept = [one for one in fields if one and not one.lower().startswith(("proxy-", "connection:"))]
            onward.write(
                "\r\n".join([f"{method} {parts.path or '/'} HTTP/1.1", *kept, "Connection: close", "", ""]).encode("latin-1")
            )
        await _splice((reader, writer), (there, onward))


async def _splice(near: Ends, far: Ends) -> None:
    """What either side says goes to the other, until both are done."""
    try:
        await asyncio.gather(_pump(near[0], far[1]), _pump(far[0], near[1]))
    finally:
        far[1].close()
        with suppress(OSError):
            await far[1].wait_closed()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@dataclass(slots=True)
class SocksProxy:
    """A SOCKS proxy on the loopback that leads every host to ``origin``; ``reply`` is what it says instead, -1: nothing."""

    origin: int = 0
    login: str | None = None
    reply: int = 0
    asked: list[str] = field(default_factory=list)  # "lab.example:443"
    logins: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its address."""
        async with listening(self._serve) as port:
            yield f"socks5://127.0.0.1:{port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        ways = await reader.readexactly(count)
        way = 2 if self.login else 0
        writer.write(bytes((5, way if way in ways else 0xFF)))
        if way not in ways or (way and not await self._known(reader, writer)):
            await writer.drain()
            return
        _, _, _, kind = await reader.readexactly(4)
        length = (await reader.readexactly(1))[0] if kind == 3 else {1: 4, 4: 16}[kind]
        host, port = await reader.readexactly(length), int.from_bytes(await reader.readexactly(2))
        self.asked.append(f"{host.decode() if kind == 3 else host.hex()}:{port}")
        if self.reply < 0:
            await reader.read()
        writer.write(bytes((5, self.reply, 0, 3, 1)) + b"x\x00\x00")
        await writer.drain()
        if self.reply:
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self.origin)
        await _splice((reader, writer), (there, onward))

    async def _known(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await reader.readexactly(1)
        said = [(await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)]
        self.logins.append(":".join(said))
        writer.write(bytes((1, self.logins[-1] != self.login)))
        await writer.drain()
        return self.logins[-1] == self.login
