"""Calls that run in a thread which is not asyncio's: in one that nobody waits for, and in the one that owns the database.

asyncio's own pool has six threads on a small machine, which all share, and whose end the program waits for: what cannot be cancelled, and
may take as long as a stranger likes, must not stand in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class NoThread(OSError):
    """The machine starts no further thread: its limit of them (``TasksMax``, ``pids_limit``) or its memory is used up."""


async def run_on(executor: Executor | None, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of ``call`` on a thread of ``executor``; None runs it in place."""
    if executor is None:
        return call(*args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(executor, lambda: call(*args, **kwargs))


async def apart(call: Callable[[], T], *, name: str, ended: Callable[[], None] = lambda: None) -> T:
    """The result of ``call``. Cancelling leaves the thread to itself; ``ended`` is called, in the loop, when it is through.

    Raises NoThread where there is none to be had; ``ended`` was called then.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(deliver: Callable[[], None]) -> None:
        ended()
        if not future.done():  # nobody waits any more
            deliver()

    def work() -> None:
        try:
            deliver = partial(future.set_result, call())
        except Exception as error:  # handed over to whoever waits
            deliver = partial(future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, deliver)

    try:
        threading.Thread(target=work, name=name, daemon=True).start()
    except RuntimeError as error:  # places that are given up when a thread ends would be lost for as long as the program runs
        ended()
        raise NoThread(errno.EAGAIN, f"this machine starts no more threads for us ({error})") from error
    return await future
