"""Word to the service manager (systemd's ``sd_notify``): ready, still alive, stopping. Does nothing where there is none.

Source: sd_notify(3): datagrams of ``KEY=value`` lines to the socket in NOTIFY_SOCKET; WATCHDOG_USEC is how long silence is allowed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self


class Supervisor:
    """An asynchronous context: says STOPPING on leaving, and WATCHDOG at half the allowed silence while inside."""

    def __init__(self, address: str | None, watchdog: float | None) -> None:
        self._address, self._watchdog = address, watchdog
        self._beat: asyncio.Task[None] | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Self:
        """From NOTIFY_SOCKET and WATCHDOG_USEC."""
        env = os.environ if env is None else env
        allowed = env.get("WATCHDOG_USEC", "")
        return cls(env.get("NOTIFY_SOCKET"), int(allowed) / 1e6 if allowed.isdigit() else None)

    def ready(self) -> None:
        """The daemon does its work from now on."""
        self._say("READY=1")

    def _say(self, text: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(text.encode(), address)

    async def _beating(self, every: float) -> None:
        while True:
            self._say("WATCHDOG=1")
            await asyncio.sleep(every)

    async def __aenter__(self) -> Self:
        if self._address and self._watchdog:
            self._beat = asyncio.create_task(self._beating(self._watchdog / 2))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._beat:
            self._beat.cancel()
        self._say("STOPPING=1")
