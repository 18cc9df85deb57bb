"""Names looked up in threads that nobody waits for.

A look-up cannot be cancelled, and one that nobody answers takes half a minute. asyncio would do them in the pool in which bodies are read
and items judged (six threads on a small machine, and all of them are waited for at the end): a handful of dead names would hold up every
other source, and SIGTERM as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

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
        """Look a name up. Cancelling leaves the thread to itself; its place is free when it ends."""
        await self._room.acquire()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answers] = loop.create_future()

        def settle(answers: Answers | None, error: Exception | None) -> None:
            self._room.release()
            if future.done():  # given up
                return
            if error is None:
                future.set_result(answers or [])
            else:
                future.set_exception(error)

        def work() -> None:
            answers, error = None, None
            try:
                answers = self._ask(host, port)
            except Exception as problem:  # handed over to whoever waits
                error = problem
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, answers, error)

        threading.Thread(target=work, name=f"name {host}", daemon=True).start()
        return await future
