"""The pools of connections: closed when nobody needs them, never while somebody has one in hand."""

from __future__ import annotations

import asyncio

import httpcore
import httpx
import pytest

from aiwatch.fetch.transport import MAX_ORIGINS, GuardedTransport, _Origin
from aiwatch.settings import Http


def test_a_pool_in_somebody_s_hands_is_not_closed_however_many_there_are() -> None:
    async def scene() -> None:
        transport = GuardedTransport(Http())
        taken = [transport._pool(_Origin(False, True, b"http", b"h%d.example" % n, 80)) for n in range(MAX_ORIGINS + 20)]
        for pool in taken:
            pool.users += 1
        await transport._tidy(taken[-1].used + 60)
        assert len(transport._pools) == len(taken)
        for pool in taken[:30]:
            await pool.leave()
        await transport._tidy(taken[-1].used)
        assert len(transport._pools) == MAX_ORIGINS
        assert not any(pool in transport._pools.values() for pool in taken[:20])
        await transport.aclose()

    asyncio.run(scene())


def test_a_request_lets_go_of_its_pool_once_however_it_ends() -> None:
    async def scene() -> None:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = GuardedTransport(Http())
        more = {"allow_private": True, "timeout": {"connect": 60, "read": 60, "write": 60, "pool": None}}
        response = await transport.handle_async_request(httpx.Request("GET", f"http://127.0.0.1:{port}/", extensions=more))
        (pool,) = transport._pools.values()
        assert pool.users == 1
        await response.aclose()
        await response.aclose()
        assert pool.users == 0
        server.close()
        await server.wait_closed()
        with pytest.raises(httpcore.ConnectError):
            await transport.handle_async_request(httpx.Request("GET", "http://127.0.0.1:9/", extensions=more))
        assert {one.users for one in transport._pools.values()} == {0}
        await transport.aclose()

    asyncio.run(scene())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    await writer.drain()
    writer.close()
