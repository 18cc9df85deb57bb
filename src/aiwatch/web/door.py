"""The door: connections that take their time do not keep others out.

uvicorn waits for ever for a question that never ends, and with ``limit_concurrency`` turns everybody away once so many are waiting: two
hundred clients that send a byte a second closed the pages (``bench/siege.py``). Here a question must be asked whole within ``PATIENCE``
seconds, and a newcomer to a full house takes the place of whoever has been asking, or not listening to the answer, for longest.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0  # seconds from the first moment of a question to its end; a keep-alive between two questions is uvicorn's affair
MOST = 400  # connections; well below the 1,024 files that a process may usually open


class Door(H11Protocol):
    """One connection, as uvicorn's ``http`` class."""

    patience, most = PATIENCE, MOST

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since: float | None = None  # the question has been under way since then
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A newcomer; somebody else may have to go."""
        super().connection_made(transport)
        self._asking()
        if len(self.connections) > self.most:
            others = (one for one in self.connections if isinstance(one, Door) and one is not self and one.idle is not None)
            min(others, key=lambda one: one.idle or (0, 0.0), default=self).turn_away()

    def data_received(self, data: bytes) -> None:
        """Some of a question, or its end."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._asking()
        else:
            self._asked()

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._asked()
        super().connection_lost(exc)

    @property
    def idle(self) -> tuple[int, float] | None:
        """The smallest goes first: who has been asking for longest, then who does not take the answer; None: is being served."""
        if self.since is not None:
            return 0, self.since
        return (1, 0.0) if self.transport.get_write_buffer_size() else None

    def turn_away(self) -> None:
        """End it at once; what is in the buffer would wait for a client that does not read."""
        self._asked()
        self.transport.abort()

    def _asking(self) -> None:
        if self.since is None:
            self.since = self.loop.time()
            self._limit = self.loop.call_later(self.patience, self.turn_away)

    def _asked(self) -> None:
        self.since = None
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
