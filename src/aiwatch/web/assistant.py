"""The assistant's tools over HTTP, under ``/mcp``, behind the same gate as everything else; only where the ``mcp`` extra is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from aiwatch.web.face import Face

PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class Assistant:
    """Routes to add, and what must be open while the application runs."""

    routes: Sequence[BaseRoute] = ()
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None


def assistant(face: Face) -> Assistant:
    """The tools over this database; nothing where the extra is not installed.

    Each request stands alone (no sessions), so nothing grows with the number of clients; only POST is answered, since a GET opens a stream
    for what a server pushes: there is nothing to push, and four hundred such streams filled the house (``door``) while they stayed.
    Names of hosts are checked by ``KnownHosts``.
    """
    try:
        from mcp.server.transport_security import TransportSecuritySettings

        from aiwatch import mcp
    except ImportError:
        return Assistant()
    server = mcp.server(face.config, face.library, face.rules, face.clock)
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    routes = [Route(route.path, route.endpoint, methods=["POST"]) for route in inner.routes if isinstance(route, Route)]
    return Assistant(routes, lifespan)
