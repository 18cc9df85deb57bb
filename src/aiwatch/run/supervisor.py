"""Word to the service manager (systemd's ``sd_notify``): ready, still ticking, stopping. Does nothing where there is none.

Source: sd_notify(3): datagrams of ``KEY=value`` lines to the socket in NOTIFY_SOCKET; WATCHDOG_USEC is how long silence is allowed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

log = logging.getLogger(__name__)


class Supervisor:
    """An asynchronous context: says STOPPING on leaving, and while inside WATCHDOG at half the silence that the manager allows.

    The latter only while the last tick is not older than ``allowed``: an event loop that turns is no proof that anything is polled.
    """

    def __init__(
        self,
        address: str | None,
        watchdog: float | None,
        allowed: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
        nap: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address, self._watchdog, self._allowed = address, watchdog, allowed.total_seconds()
        self._monotonic, self._nap = monotonic, nap
        self._last = monotonic()  # a start counts as a tick
        self._beat: asyncio.Task[None] | None = None

    @classmethod
    def from_environment(cls, allowed: timedelta, env: Mapping[str, str] | None = None) -> Self:
        """From NOTIFY_SOCKET and WATCHDOG_USEC."""
        env = os.environ if env is None else env
        silence = env.get("WATCHDOG_USEC", "")
        return cls(env.get("NOTIFY_SOCKET"), int(silence) / 1e6 if silence.isdigit() else None, allowed)

    def ready(self) -> None:
        """The daemon does its work from now on."""
        self._say("READY=1")

    def ticked(self) -> None:
        """The scheduler and the database answered just now."""
        self._last = self._monotonic()

    def _say(self, text: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(text.encode(), address)

    async def _beating(self, every: float) -> None:
        late = False
        while True:
            was, late = late, self._monotonic() - self._last > self._allowed
            if not late:
                self._say("WATCHDOG=1")
            elif not was:
                log.error("no tick for %d s: the service manager is no longer told that all is well", self._allowed)
            await self._nap(every)

    async def __aenter__(self) -> Self:
        if self._address and self._watchdog:
            self._beat = asyncio.create_task(self._beating(self._watchdog / 2))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._beat:
            self._beat.cancel()
        self._say("STOPPING=1")
