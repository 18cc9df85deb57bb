"""A server that does everything wrong, on real sockets of the loopback, for the tests of the fetcher.

``ENDPOINTS[name]`` is what ``/name`` does; it carries what a well-built fetcher makes of it. The server has a thread of its own, so that
a test may run an event loop of its own. ``requests`` is what was asked, ``canary`` what must never be: a second port that nobody may reach.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import zstandard

from aiwatch.model import Failure

FEED = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Lab</title>"
    + b"<item><title>x</title></item>" * 20
    + b"</channel></rss>"
)
DATE = "Tue, 04 Mar 2025 05:06:07 GMT"
BIG = 1 << 26


@dataclass(slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    connection: int
    times: int  # how often this path was asked for, this time included
    query: str = ""


@dataclass(slots=True)
class Visit:
    """One request being answered."""

    asked: Asked
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: FaultServer

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, status: str = "200 OK", body: bytes = FEED, *, length: object = None, **headers: str) -> None:
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        await self.raw("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body)

    async def stream(self, piece: bytes, times: int, pause: float = 0.0) -> None:
        for _ in range(times):
            await self.raw(piece)
            if pause:
                await asyncio.sleep(pause)

    def reset(self) -> None:
        sock: socket.socket = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Expected:
    """``kind`` None: the body of FEED. Else a failure of that kind whose reason holds ``words``."""

    kind: Failure | None = None
    words: str = ""


Handler = Callable[[Visit], Awaitable[None]]
ENDPOINTS: dict[str, tuple[Handler, Expected]] = {}
GOOD = Expected()


def endpoint(name: str, kind: Failure | None = None, words: str = "") -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        ENDPOINTS[name] = (handler, Expected(kind, words))
        return handler

    return register


def answer(name: str, kind: Failure | None, words: str, status: str = "200 OK", body: bytes = FEED, **headers: object) -> None:
    async def handler(visit: Visit) -> None:
        await visit.send(status, body, **headers)  # type: ignore[arg-type]  # header values and length

    ENDPOINTS[name] = (handler, Expected(kind, words))


# --- good answers -----------------------------------------------------------------------------------------------------------

answer("ok", None, "")
answer("gzip", None, "", body=gzip.compress(FEED), Content_Encoding="gzip")
answer("gzip-two-members", None, "", body=gzip.compress(FEED[:99]) + gzip.compress(FEED[99:]), Content_Encoding="gzip")
answer("deflate", None, "", body=zlib.compress(FEED), Content_Encoding="deflate")
answer("br", None, "", body=brotli.compress(FEED), Content_Encoding="br")
answer("zstd", None, "", body=zstandard.compress(FEED), Content_Encoding="zstd")
answer("plain-called-gzip", None, "", Content_Encoding="gzip")
answer("charset-as-encoding", None, "", Content_Encoding="UTF-8")
answer("cookies", None, "", Set_Cookie="id=1; Path=/")


@endpoint("chunked")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for start in range(0, len(FEED), 100):
        piece = FEED[start : start + 100]
        await visit.raw(b"%x;note=1\r\n%s\r\n" % (len(piece), piece))
    await visit.raw(b"0\r\nX-Trailer: y\r\n\r\n")


@endpoint("until-close")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + FEED)
    visit.writer.close()


@endpoint("early-hints")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
    await visit.send()


# --- time -------------------------------------------------------------------------------------------------------------------


@endpoint("never-answers", Failure.TEMPORARY, "silent")
async def _(visit: Visit) -> None:
    await visit.reader.read()


@endpoint("stops-halfway", Failure.TEMPORARY, "silent")
async def _(visit: Visit) -> None:
    await visit.send(body=FEED[:100], length=len(FEED))
    await visit.reader.read()


@endpoint("slow-header", Failure.TEMPORARY, "http.timeout")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\n")
    await visit.stream(b"X-A: y\r\n", 100, 0.1)


@endpoint("slow-body", Failure.TEMPORARY, "http.timeout")
async def _(visit: Visit) -> None:
    await visit.send(body=b"", length=1000)
    await visit.stream(b"x", 1000, 0.1)


# --- framing ----------------------------------------------------------------------------------------------------------------

answer("truncated-gzip", Failure.SOFT, "ends before", body=gzip.compress(FEED)[:-12], Content_Encoding="gzip")
answer("length-negative", Failure.SOFT, "rules of HTTP", length=-1)
answer("length-words", Failure.SOFT, "rules of HTTP", length="abc")
answer("length-twice", Failure.SOFT, "rules of HTTP", Content_Length="5")


@endpoint("truncated", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.send(body=FEED[:100], length=len(FEED))
    visit.writer.close()


@endpoint("length-huge", Failure.SOFT, "larger than")
async def _(visit: Visit) -> None:
    await visit.send(length=10 << 30)


@endpoint("chunk-huge", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000\r\n" + FEED)
    visit.writer.close()


@endpoint("chunk-garbage", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + FEED)


@endpoint("chunks-without-end", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(FEED), FEED))
    visit.writer.close()


@endpoint("reset", Failure.SOFT, "connection broke")
async def _(visit: Visit) -> None:
    await visit.send(body=FEED[:100], length=len(FEED))
    await asyncio.sleep(0.05)
    visit.reset()


@endpoint("closed", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    visit.writer.close()


@endpoint("not-http", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.raw(b"SSH-2.0-OpenSSH_9.6\r\n")
    visit.writer.close()


# --- size -------------------------------------------------------------------------------------------------------------------


@endpoint("endless", Failure.SOFT, "larger than")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\n\r\n")
    await visit.stream(b"x" * 65536, BIG >> 16)


@endpoint("endless-header", Failure.SOFT, "rules of HTTP")
async def _(visit: Visit) -> None:
    await visit.raw(b"HTTP/1.1 200 OK\r\n")
    await visit.stream(b"X-A: " + b"y" * 1000 + b"\r\n", 10_000)


answer("big-header", Failure.SOFT, "http.max_header", X_Big="y" * 70_000)
answer("gzip-bomb", Failure.SOFT, "larger than", body=gzip.compress(bytes(BIG)), Content_Encoding="gzip")
answer("gzip-twice", Failure.SOFT, "2 times", body=gzip.compress(gzip.compress(FEED)), Content_Encoding="gzip, gzip")
answer("br-bomb", Failure.SOFT, "larger than", body=brotli.compress(bytes(BIG), quality=5), Content_Encoding="br")
answer("zstd-bomb", Failure.SOFT, "larger than", body=zstandard.compress(bytes(BIG)), Content_Encoding="zstd")
answer("unknown-coding", Failure.SOFT, "x-frob", Content_Encoding="x-frob")

# --- redirects --------------------------------------------------------------------------------------------------------------

answer("to-ok", None, "", "302 Found", b"", Location="/ok")
answer("to-ok-relative", None, "", "307 Temporary Redirect", b"", Location="./ok?x=1#part")
answer("moved", None, "", "301 Moved Permanently", b"", Location="/moved-again")
answer("moved-again", None, "", "308 Permanent Redirect", b"", Location="/ok")
answer("loop", Failure.HARD, "redirects", "302 Found", b"", Location="/loop")
answer("nowhere", Failure.HARD, "where to", "302 Found", b"", Location="")
answer("no-location", Failure.HARD, "where to", "302 Found", b"")
answer("to-garbage", Failure.HARD, "address", "302 Found", b"", Location="http://[")
for place in (
    "http://127.0.0.1:{canary}/x", "http://localhost:{canary}/x", "http://[::1]:{canary}/x", "http://[::ffff:127.0.0.1]:{canary}/x",
    "http://2130706433:{canary}/x", "http://0177.0.0.1:{canary}/x", "http://127.1:{canary}/x", "http://0.0.0.0:{canary}/x",
    "http://8.8.8.8@127.0.0.1:{canary}/x", "//127.0.0.1:{canary}/x", "http://169.254.169.254/latest/", "http://[fd00:ec2::254]/", "http://10.0.0.1/",
    "file:///etc/passwd", "javascript:alert(1)", "data:text/xml,<rss/>", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/x",
):  # fmt: skip

    async def _bounce(visit: Visit, place: str = place) -> None:
        await visit.send("302 Found", b"", Location=place.format(canary=visit.server.canary_port))

    ENDPOINTS["to-" + place.split("/x")[0].replace(":{canary}", "").strip("/").replace("/", "")] = (
        _bounce,
        Expected(Failure.BLOCKED),
    )

# --- statuses ---------------------------------------------------------------------------------------------------------------

answer("400", Failure.HARD, "400 Bad Request", "400 Bad Request")
answer("401", Failure.HARD, "login", "401 Unauthorized")
answer("403", Failure.HARD, "403", "403 Forbidden")
answer("wall", Failure.HARD, "browser", "403 Forbidden", b"<title>Just a moment...</title>")
answer(
    "wall-of-another", Failure.HARD, "DataDome captcha", "403 Forbidden", b"<script src=//ct.captcha-delivery.com/c.js></script>"
)
answer("wall-said", Failure.SOFT, "AWS WAF challenge", "503 Service Unavailable", b"", X_Amzn_Waf_Action="challenge")
answer("404", Failure.HARD, "404", "404 Not Found")
answer("410", Failure.GONE, "410", "410 Gone")
answer("429", Failure.TEMPORARY, "429", "429 Too Many Requests")
answer("500", Failure.SOFT, "500", "500 Internal Server Error")
answer("503", Failure.SOFT, "503", "503 Service Unavailable")
answer("999", Failure.SOFT, "999", "999 Nope")
answer("204", Failure.SOFT, "204", "204 No Content", b"")
answer("206", Failure.SOFT, "part", "206 Partial Content")
answer("empty", Failure.SOFT, "empty", body=b"")
answer("304-unasked", Failure.SOFT, "304", "304 Not Modified", b"")


# whose body cannot be read: the head is the answer
answer("410-damaged", Failure.GONE, "410", "410 Gone", b"abc", Content_Encoding="gzip")
answer(
    "429-unknown-coding", Failure.TEMPORARY, "429", "429 Too Many Requests", b"abc", Content_Encoding="x-frob", Retry_After="120"
)


@endpoint("503-broken-off", Failure.SOFT, "503")
async def _(visit: Visit) -> None:
    await visit.send("503 Service Unavailable", b"abc", length=3000, Retry_After="120")
    visit.writer.close()


@endpoint("403-silent", Failure.HARD, "403 Forbidden")
async def _(visit: Visit) -> None:
    await visit.send("403 Forbidden", b"abc", length=3000)
    await visit.reader.read()


@endpoint("to-ok-broken-off")
async def _(visit: Visit) -> None:
    await visit.send("302 Found", b"abc", length=3000, Location="/ok")
    visit.writer.close()


# --- conversations: what the second request gets ------------------------------------------------------------------------------


@endpoint("etag")
async def _(visit: Visit) -> None:
    match = visit.asked.headers.get("if-none-match") == '"v1"'
    await visit.send("304 Not Modified" if match else "200 OK", b"" if match else FEED, ETag='"v1"', Cache_Control="max-age=60")


@endpoint("last-modified")
async def _(visit: Visit) -> None:
    match = visit.asked.headers.get("if-modified-since") == DATE
    await visit.send("304 Not Modified" if match else "200 OK", b"" if match else FEED, Last_Modified=DATE)


@endpoint("fussy")
async def _(visit: Visit) -> None:
    """Cannot read what it once gave."""
    if "if-none-match" in visit.asked.headers:
        await visit.send("400 Bad Request", b"")
    else:
        await visit.send(ETag='"odd"')


answer("garbage-validators", None, "", Last_Modified="garbage", ETag='"' + "e" * 1000 + '"')
answer("retry-seconds", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After="120")
answer("retry-date", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After="Mon, 02 Mar 2026 09:05:00 GMT")
answer("retry-huge", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After="99999999999")
answer("retry-garbage", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After="soon")
answer("retry-negative", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After="-5")
answer("retry-past", Failure.TEMPORARY, "429", "429 Too Many Requests", b"", Retry_After=DATE)


@endpoint("held")
async def _(visit: Visit) -> None:
    """Answered when as many as ``together`` have been here at once, and a moment later: time for one too many to come."""
    while visit.server.peak < visit.server.together:  # noqa: ASYNC110  a number is no event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.15)
    await visit.send()


@endpoint("trailing-garbage")
async def _(visit: Visit) -> None:
    await visit.send()
    await visit.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHELLO")


@endpoint("closes-kept-connection")
async def _(visit: Visit) -> None:
    """Promises to keep the connection and does not."""
    await visit.send(Connection="keep-alive", Keep_Alive="timeout=60")
    visit.writer.close()


@endpoint("login")
async def _(visit: Visit) -> None:
    known = visit.asked.headers.get("authorization") == "Basic bmFtZTp3b3Jk"
    await visit.send("200 OK" if known else "401 Unauthorized")


@endpoint("hop")
async def _(visit: Visit) -> None:
    """On to a second origin that this fetcher may reach."""
    await visit.send("302 Found", b"", Location=f"http://127.0.0.2:{visit.server.port}/landed", Set_Cookie="a=b")


@endpoint("hop-held")
async def _(visit: Visit) -> None:
    """On to what takes a moment."""
    await visit.send("302 Found", b"", Location=f"http://127.0.0.2:{visit.server.port}/held")


@endpoint("hop-telling", Failure.HARD, "redirected to http://127.0.0.2")
async def _(visit: Visit) -> None:
    """On to an address that holds what was sent here."""
    sent = f"{visit.asked.query}/{visit.asked.headers.get('x-key', '')}".replace("&", "/").replace("=", "/")
    await visit.send("302 Found", b"", Location=f"http://127.0.0.2:{visit.server.port}/private-feeds/{sent}")


@endpoint("hop-back")
async def _(visit: Visit) -> None:
    """The other way, for who asks the second origin."""
    await visit.send("302 Found", b"", Location=f"http://127.0.0.1:{visit.server.port}/landed")


@endpoint("hop-limited", Failure.TEMPORARY, "redirected to http://127.0.0.2")
async def _(visit: Visit) -> None:
    """On to an address that wants to be left alone."""
    await visit.send("302 Found", b"", Location=f"http://127.0.0.2:{visit.server.port}/retry-seconds")


@endpoint("hop-slow", Failure.TEMPORARY, "http.timeout")
async def _(visit: Visit) -> None:
    """On and on, each time a little before the time for one request is over."""
    await asyncio.sleep(0.5)
    await visit.send("302 Found", b"", Location=f"http://127.0.0.2:{visit.server.port}/hop-slow")


answer("landed", None, "")


@dataclass
class FaultServer:
    """``with FaultServer() as server``: listens on 127.0.0.1 and 127.0.0.2, one port; ``canary_port`` on 127.0.0.1."""

    robots: tuple[str, bytes] = ("404 Not Found", b"")
    robots_of_second: tuple[str, bytes] | None = None  # of 127.0.0.2, where it is another
    port: int = 0
    canary_port: int = 0
    requests: list[Asked] = field(default_factory=list)
    canary: list[bytes] = field(default_factory=list)
    peak: int = 0
    peak_of_second: int = 0
    together: int = 1
    _live: int = 0
    _live_of_second: int = 0
    _connections: int = 0
    _times: Counter[str] = field(default_factory=Counter)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _servers: list[asyncio.Server] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> tuple[str, str]:
        return (f"127.0.0.1:{self.port}", f"127.0.0.2:{self.port}")

    @property
    def second(self) -> str:
        return f"http://127.0.0.2:{self.port}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]

    def asked_of_second(self) -> list[str]:
        return [asked.path for asked in self.requests if asked.headers["host"].startswith("127.0.0.2")]

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self._start())
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread:
            self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        first = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = first.sockets[0].getsockname()[1]
        second = await asyncio.start_server(self._serve, "127.0.0.2", self.port)
        canary = await asyncio.start_server(self._caught, "127.0.0.1", 0)
        self.canary_port = canary.sockets[0].getsockname()[1]
        self._servers = [first, second, canary]

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _caught(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.canary.append(await reader.read(100))
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._connections += 1
        number = self._connections
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while not writer.is_closing():
                await self._answer(await reader.readuntil(b"\r\n\r\n"), number, reader, writer)
        writer.close()

    async def _answer(self, head: bytes, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "content-length" in headers:
            await reader.readexactly(int(headers["content-length"]))
        path = target.partition("?")[0].strip("/")
        self._times[path] += 1
        asked = Asked(method, path, headers, number, self._times[path], target.partition("?")[2])
        self.requests.append(asked)
        second = headers.get("host", "").startswith("127.0.0.2")
        self._live += 1
        self._live_of_second += second
        self.peak, self.peak_of_second = max(self.peak, self._live), max(self.peak_of_second, self._live_of_second)
        try:
            visit = Visit(asked, reader, writer, self)
            if path == "robots.txt":
                await visit.send(*(self.robots_of_second if second and self.robots_of_second else self.robots))
            elif path in ENDPOINTS:
                await ENDPOINTS[path][0](visit)
            else:
                await visit.send("404 Not Found", b"no such fault")
        finally:
            self._live -= 1
            self._live_of_second -= second


def served() -> Iterator[FaultServer]:
    """For a fixture."""
    with FaultServer() as server:
        yield server
