"""TLS: HTTP/2 where the server offers it, and every certificate that is not to be trusted refused with its reason."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from aiwatch.fetch import Answer, Call, Client, HttpFetch
from aiwatch.fetch.transport import GuardedTransport
from aiwatch.model import Failed, Failure, Fetched, Outcome
from aiwatch.ports import Request
from aiwatch.settings import Http

BODY = b"<rss/>" * 1000
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=feeds.test", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@asynccontextmanager
async def serving(certificate: tuple[Path, Path] | None, handler: Handler, *alpn: str) -> AsyncIterator[int]:
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.set_alpn_protocols(list(alpn))
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def two(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP/2: the body, and which stream it was asked for on."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                number = event.stream_id
                connection.send_headers(number, [(":status", "200"), ("x-stream", str(number))])
                connection.send_data(number, BODY, end_stream=True)
        writer.write(connection.data_to_send())
        await writer.drain()
    writer.close()


async def heavy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP/2, as fast as the client lets it: ``/200/N`` and the like have that status and a body of so many bytes; ``/0/0`` no answer."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    left: dict[int, int] = {}
    while data := await reader.read(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                _, status, length = dict(event.headers)[b":path"].decode().split("/")
                if status == "0":
                    continue
                connection.send_headers(event.stream_id, [(":status", status), ("x-stream", str(event.stream_id))])
                left[event.stream_id] = int(length)
            elif isinstance(event, h2.events.StreamReset):
                left.pop(event.stream_id, None)
        for number in list(left):
            while left[number] and (room := connection.local_flow_control_window(number)):
                size = min(left[number], room, connection.max_outbound_frame_size)
                left[number] -= size
                connection.send_data(number, b"x" * size, end_stream=not left[number])
            if not left[number]:
                del left[number]
        writer.write(connection.data_to_send())
        await writer.drain()
    writer.close()


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.0 400 plain text on a TLS port\r\n\r\n")
    writer.close()


def ask(
    certificate: tuple[Path, Path] | None, handler: Handler, alpn: str, *, trusted: bool, times: int = 1
) -> list[Answer | Failed]:
    async def inside() -> list[Answer | Failed]:
        async with serving(certificate, handler, alpn) as port:
            http = Http(timeout=120.0, inactivity=60.0, allow_private=(f"127.0.0.1:{port}", f"localhost:{port}"))
            context = ssl.create_default_context(cafile=certificate[0]) if trusted and certificate else None
            async with Client(http, GuardedTransport(http, context)) as client:
                return [await client(Call(url=f"https://127.0.0.1:{port}/feed")) for _ in range(times)]

    return asyncio.run(inside())


def test_http2_is_spoken_over_one_connection(certificate: tuple[Path, Path]) -> None:
    answers = ask(certificate, two, "h2", trusted=True, times=3)
    streams = []
    for answer in answers:
        assert isinstance(answer, Answer), answer
        assert answer.body == BODY
        streams.append(answer.headers["x-stream"])
    assert streams == ["1", "3", "5"], "three streams of one connection"


@pytest.mark.parametrize("path", ["403/40000000", "200/40000000"], ids=["an error's page", "more than is read"])
def test_a_body_that_is_left_unread_blocks_nothing_that_comes_after_it(certificate: tuple[Path, Path], path: str) -> None:
    async def inside() -> tuple[Answer | Failed, Answer | Failed]:
        async with serving(certificate, heavy, "h2") as port:
            http = Http(timeout=30.0, inactivity=10.0, allow_private=(f"127.0.0.1:{port}",), max_body=1 << 20)
            context = ssl.create_default_context(cafile=certificate[0])
            async with Client(http, GuardedTransport(http, context)) as client:
                left = await client(Call(url=f"https://127.0.0.1:{port}/{path}"))
                return left, await client(Call(url=f"https://127.0.0.1:{port}/200/100000"))

    left, after = asyncio.run(inside())
    assert left.status == 403 if isinstance(left, Answer) else "larger than" in left.reason
    assert isinstance(after, Answer), after
    assert len(after.body) == 100_000


def test_a_connection_on_which_nothing_came_is_left_to_who_still_reads_from_it(certificate: tuple[Path, Path]) -> None:
    async def inside() -> list[Answer | Failed]:
        async with serving(certificate, heavy, "h2") as port:
            http = Http(timeout=30.0, inactivity=1.0, allow_private=(f"127.0.0.1:{port}",), max_body=1 << 26)
            context = ssl.create_default_context(cafile=certificate[0])
            async with Client(http, GuardedTransport(http, context)) as client:

                async def get(path: str) -> Answer | Failed:
                    return await client(Call(url=f"https://127.0.0.1:{port}/{path}"))

                first = await get("200/1")
                both = await asyncio.gather(get("0/0"), get("200/30000000"))
                return [first, *both, await get("200/1")]

    first, silent, large, after = asyncio.run(inside())
    assert isinstance(silent, Failed), "nothing came"
    assert [answer.headers["x-stream"] for answer in (first, large, after) if isinstance(answer, Answer)] == ["1", "5", "1"]


def test_a_certificate_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    (failed,) = ask(certificate, two, "h2", trusted=False)
    assert isinstance(failed, Failed)
    assert failed.kind is Failure.HARD
    assert "certificate" in failed.reason


def test_a_server_that_does_not_speak_tls_is_told_from_one_that_is_down() -> None:
    (failed,) = ask(None, plain, "", trusted=False)
    assert isinstance(failed, Failed)
    assert failed.kind is Failure.HARD
    assert "plain http" in failed.reason


async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """HTTP/1.1: robots.txt allows everything, ``/away`` leads to the same server under another name, the rest is the body."""
    line, _, head = (await reader.readuntil(b"\r\n\r\n")).decode().partition("\r\n")
    port = head.lower().partition("host: ")[2].partition("\r\n")[0].rpartition(":")[2]
    if "/away" in line:
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: https://localhost:{port}/feed\r\nContent-Length: 0\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n")
    else:
        body = b"User-agent: *\nAllow: /\n" if "robots.txt" in line else BODY
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


def test_a_source_can_go_without_the_check_and_that_is_said_once(
    certificate: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    async def inside() -> list[Outcome]:
        async with serving(certificate, one) as port:
            http = Http(timeout=120.0, inactivity=60.0, host_gap=0.0, allow_private=(f"127.0.0.1:{port}", f"localhost:{port}"))
            here = f"https://127.0.0.1:{port}"
            async with HttpFetch(http, lambda: datetime.now(UTC)) as fetch:
                return [
                    await fetch(Request(url=f"{here}{path}", headers={}, robots=True, tls_verify=verify))
                    for path, verify in (("/feed", False), ("/feed", False), ("/away", False), ("/feed", True))
                ]

    unchecked, again, elsewhere, checked = asyncio.run(inside())
    assert isinstance(unchecked, Fetched)
    assert unchecked.body == BODY
    assert isinstance(again, Fetched)
    for refused in (elsewhere, checked):
        assert isinstance(refused, Failed)
        assert "certificate" in refused.reason
    assert [record.levelname for record in caplog.records if "tls_verify = false" in record.getMessage()] == ["WARNING"]
