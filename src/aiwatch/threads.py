"""Calls in threads that nobody waits for: those that cannot be cancelled, and may take as long as a stranger likes.

asyncio's own pool has six threads on a small machine, which all share, and whose end the program waits for.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def apart(call: Callable[[], T], *, name: str, ended: Callable[[], None] = lambda: None) -> T:
    """The result of ``call``. Cancelling leaves the thread to itself; ``ended`` is called, in the loop, when it is through."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(deliver: Callable[[], None]) -> None:
        ended()
        if not future.done():  # nobody waits any more
            deliver()

    def work() -> None:
        try:
            result = call()
        except Exception as error:  # handed over to whoever waits
            problem = error
            deliver = lambda: future.set_exception(problem)  # noqa: E731  the shorter way to say which of two
        else:
            deliver = lambda: future.set_result(result)  # noqa: E731
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, deliver)

    threading.Thread(target=work, name=name, daemon=True).start()
    return await future
