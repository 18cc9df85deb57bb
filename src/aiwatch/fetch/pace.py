"""Manners towards one host: at most so many requests at once, a gap between them, and silence where it asked for silence.

The hold of a ``Retry-After`` covers the address that sent it. When ``HOST_HELD_AFTER`` different addresses of a host, with no good answer
in between, have said so, it is the client that is limited and not the address, and the whole host is left alone until the first hold ends.
(One is not enough: an overloaded page says nothing of its neighbours, and large hosts carry hundreds of sources.)
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiwatch.fetch.ttl import Term
from aiwatch.ports import Clock

HOSTS = 4096  # hosts remembered
HOST_HELD_AFTER = 4
MAX_GAP = 60.0  # seconds; a longer Crawl-delay is heeded up to here


PATIENCE = 1.0  # seconds after which a request that still waits makes room for the next
STALLED = 8  # times as many requests may be waiting for silent servers as are being served


class Lanes:
    """How many requests may be under way in all. One that takes long moves to the slow lane, so that silent servers hold up nobody."""

    def __init__(self, concurrency: int) -> None:
        self._quick = asyncio.Semaphore(concurrency)
        self._all = asyncio.Semaphore(concurrency * STALLED)

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[None]:
        """Wait for room and keep it for the length of the block, or for ``PATIENCE``."""
        async with self._all:
            await self._quick.acquire()
            quick = True

            def leave() -> None:
                nonlocal quick
                if quick:
                    quick = False
                    self._quick.release()

            timer = asyncio.get_running_loop().call_later(PATIENCE, leave)
            try:
                yield
            finally:
                timer.cancel()
                leave()


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0  # on the loop's clock
    gap: float = 0.0
    held: dict[str, Term] = field(default_factory=dict)  # by address
    limited: set[str] = field(default_factory=set)  # addresses held since the last good answer

    def idle(self, now: datetime) -> bool:
        """Nothing under way and nothing to remember."""
        return not self.users and not any(term.runs(now) for term in self.held.values())


class Pace:
    """Shared by all requests of a process; one event loop, no locks."""

    def __init__(self, *, per_host: int, gap: float, clock: Clock, most: int = HOSTS) -> None:
        self._per_host = per_host
        self._most = most
        self._gap = gap
        self._clock = clock
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._hosts)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            self._forget()
            host = self._hosts[name] = _Host(asyncio.Semaphore(self._per_host), gap=self._gap)
        self._hosts.move_to_end(name)
        return host

    def _forget(self) -> None:
        if len(self._hosts) < self._most:
            return
        now, loop_now = self._clock(), asyncio.get_running_loop().time()
        for name in [name for name, host in self._hosts.items() if host.idle(now) and host.next_start <= loop_now][
            : self._most // 4
        ]:
            del self._hosts[name]

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn with host ``name`` and keep it for the length of the block."""
        host = self._host(name)
        host.users += 1
        try:
            async with host.slots:
                loop = asyncio.get_running_loop()
                start = max(loop.time(), host.next_start)
                host.next_start = start + host.gap
                if (wait := start - loop.time()) > 0:
                    await asyncio.sleep(wait)
                yield
        finally:
            host.users -= 1

    def space(self, name: str, seconds: float | None) -> None:
        """Heed a Crawl-delay: at least so long between two starts, until another is said, or none (None)."""
        host = self._host(name)
        host.gap = max(self._gap, min(seconds or 0.0, MAX_GAP))

    def hold(self, name: str, url: str, seconds: int) -> None:
        """``url`` asked to be left alone."""
        host = self._host(name)
        host.held[url] = Term.of(self._clock(), timedelta(seconds=seconds))
        host.limited.add(url)

    def fine(self, name: str) -> None:
        """The host gave a good answer: it is not the client that it limits."""
        if host := self._hosts.get(name):
            host.limited.clear()

    def held(self, name: str, url: str) -> int:
        """Seconds for which ``url`` must not be asked; 0 where it may be."""
        host = self._hosts.get(name)
        if host is None or not host.held:
            return 0
        now = self._clock()
        host.held = {one: term for one, term in host.held.items() if term.runs(now)}
        host.limited &= host.held.keys()
        if url in host.held:
            until = host.held[url].until
        elif len(host.limited) >= HOST_HELD_AFTER:
            until = min(host.held[one].until for one in host.limited)
        else:
            return 0
        return max(1, math.ceil((until - now).total_seconds()))
