"""The door over real sockets: whoever takes too long is sent away, and nobody is kept out by those who do."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from aiwatch.web.door import Door

QUESTION = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = 20_000_000  # bytes: more than any socket's buffers hold
Open = Callable[[type[Door]], int]


async def _answer(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse("x" * LARGE if request.url.path == "/large" else "hello")


@pytest.fixture
def serve() -> Iterator[Open]:
    """Serve with that door, and return the port."""
    with ExitStack() as stack:

        def opened(door: type[Door]) -> int:
            app = Starlette(routes=[Route("/{rest:path}", _answer, methods=["GET", "POST"])])
            server = uvicorn.Server(uvicorn.Config(app, http=door, log_level="error"))
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            thread = threading.Thread(target=asyncio.run, args=[server.serve([listener])])
            thread.start()
            stack.callback(thread.join)
            stack.callback(setattr, server, "should_exit", True)
            stack.callback(setattr, server, "force_exit", True)
            return int(listener.getsockname()[1])

        yield opened


class Hasty(Door):
    patience = 0.2


class Narrow(Door):
    most = 3


def visit(port: int, said: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(said)
    return line


def heard(line: socket.socket) -> bytes:
    """All that comes until the server hangs up; a connection that is torn down ends too."""
    parts = []
    try:
        while part := line.recv(65536):
            parts.append(part)
            if part.endswith(b"hello"):
                break
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["silence", "half a head", "half a body"],
)
def test_a_question_that_never_ends_is_cut_off(said: bytes, serve: Open) -> None:
    with visit(serve(Hasty), said) as line:
        assert heard(line) == b""


def test_a_question_asked_in_time_is_answered_and_the_connection_kept(serve: Open) -> None:
    with visit(serve(Door), QUESTION[:9]) as line:
        line.sendall(QUESTION[9:])
        assert heard(line).endswith(b"hello")
        line.sendall(QUESTION)
        assert heard(line).endswith(b"hello")


def test_a_newcomer_to_a_full_house_takes_the_place_of_who_has_been_asking_longest(serve: Open) -> None:
    port = serve(Narrow)
    with visit(port) as first, visit(port, b"GET /"), visit(port, b"GET /"), visit(port, QUESTION) as newcomer:
        assert heard(newcomer).endswith(b"hello")
        assert heard(first) == b""


def test_who_does_not_take_the_answer_makes_room_too(serve: Open) -> None:
    port, deaf = serve(Narrow), b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with visit(port, deaf) as one, visit(port, deaf) as two, visit(port, deaf) as three:
        for line in (one, two, three):
            assert line.recv(9) == b"HTTP/1.1 "
        with visit(port, QUESTION) as newcomer:
            assert heard(newcomer).endswith(b"hello")
        cut_off = [len(heard(line)) < LARGE for line in (one, two, three)]
        assert cut_off.count(True) == 1
