"""A Starlette application on 127.0.0.1 with a port of the system's choosing, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp


class Loopback:
    """``with Loopback(app) as server: ... server.base`` is ``http://127.0.0.1:PORT``."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none"))
        self._thread = threading.Thread(target=self._serve, name="loopback", daemon=True)

    @property
    def port(self) -> int:
        """The port; it is listened on from ``__enter__`` on."""
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def base(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> Self:
        self._socket.listen(100)  # from here on connections wait in line, so nobody needs to wait for the thread
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
