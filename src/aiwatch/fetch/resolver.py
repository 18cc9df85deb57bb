"""Names looked up in threads that nobody waits for.

A look-up cannot be cancelled, and one that nobody answers takes half a minute. asyncio would do them in the pool in which bodies are read
and items judged: a handful of dead names would hold up every other source, and SIGTERM as well.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from aiwatch.threads import apart

MOST = 64  # look-ups under way; those beyond wait, within their own time limits
Answers: TypeAlias = list[tuple[Any, ...]]  # as socket.getaddrinfo gives them


def ask_system(host: str, port: int) -> Answers:
    """The system's resolver."""
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class Names:
    """``await names(host, port)``: the resolver's answers. Raises what it raises: OSError, UnicodeError."""

    def __init__(self, ask: Callable[[str, int], Answers] = ask_system, most: int = MOST) -> None:
        self._ask = ask
        self._room = asyncio.Semaphore(most)

    async def __call__(self, host: str, port: int) -> Answers:
        """Look a name up; a place that is given up is free when its thread ends."""
        await self._room.acquire()
        return await apart(partial(self._ask, host, port), name=f"name {host}", ended=self._room.release)
