"""What is sent, and redirected: a form for a hub holds a secret, and goes nowhere but to the host it was meant for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from aiwatch.fetch import Answer, Call, Client
from aiwatch.model import Failed, Failure
from aiwatch.settings import Http

HUB = "https://hub.example/"


class _Ok(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"ok"


class Redirecting(httpx.AsyncBaseTransport):
    """Answers the first request with a redirect, all others with 200; remembers what it was asked."""

    def __init__(self, status: int, location: str) -> None:
        self.status, self.location = status, location
        self.asked: list[tuple[str, str, bytes, str | None]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, str(request.url), await request.aread(), request.headers.get("content-type")))
        if len(self.asked) == 1:
            return httpx.Response(self.status, headers={"location": self.location}, stream=_Ok())
        return httpx.Response(200, stream=_Ok())


def post(server: Redirecting) -> Answer | Failed:
    call = Call(url=HUB, method="POST", body=b"hub.secret=s", headers={"content-type": "application/x-www-form-urlencoded"})
    return asyncio.run(Client(Http(), server)(call))


@pytest.mark.parametrize("location", ["https://elsewhere.example/", "http://hub.example/", "https://hub.example:8443/"])
@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_repeated_to_nobody_else(status: int, location: str) -> None:
    server = Redirecting(status, location)
    answer = post(server)
    assert isinstance(answer, Failed)
    assert answer.kind is Failure.BLOCKED
    assert "another host" in answer.reason
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_repeated_within_its_host(status: int) -> None:
    server = Redirecting(status, "/hub")
    assert isinstance(post(server), Answer)
    assert server.asked[1] == ("POST", f"{HUB}hub", b"hub.secret=s", "application/x-www-form-urlencoded")


@pytest.mark.parametrize("location", ["/done", "https://elsewhere.example/done"])
@pytest.mark.parametrize("status", [301, 302, 303])
def test_what_only_says_where_the_answer_stands_is_asked_with_get(status: int, location: str) -> None:
    server = Redirecting(status, location)
    assert isinstance(post(server), Answer)
    assert (server.asked[1][0], *server.asked[1][2:]) == ("GET", b"", None)
