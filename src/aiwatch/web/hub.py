"""Where hubs find us (WebSub): GET asks whether we meant to subscribe, POST brings a signed body, which is kept for the daemon.

No sign-in: the address of each subscription is known to its hub alone, a question is answered only for what was asked for, and a body
is believed only with the signature of its topic.
"""

from __future__ import annotations

from hmac import compare_digest

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aiwatch import websub
from aiwatch.model import Source
from aiwatch.run.hubs import KEY
from aiwatch.store.sqlite import SqliteStore
from aiwatch.web.face import body_of, face_of

LONGEST = 5 * 1024 * 1024  # bytes of a pushed body
AT_ONCE = 8  # bodies being taken in: whoever sends them is a stranger until the signature over the whole was seen
UNSIGNED = "the signature is not that of this subscription\n"


def confirm(request: Request) -> Response:
    """Verification of intent, or the hub's word that it refuses."""
    face, meant = face_of(request), _meant(request)
    if meant is None:
        return PlainTextResponse("not subscribed\n", 404)
    source, topic = meant
    now = face.clock()
    with SqliteStore(face.config.database) as store:
        wanted = source.id in store.leases()
        answer = websub.verify(request.query_params, topic=topic, wanted=wanted, now=now)
        if wanted and (answer.until or answer.denied):
            store.granted(source.id, now, answer.until, answer.denied)
    return PlainTextResponse(answer.body, answer.status)


async def receive(request: Request) -> Response:
    """A body for one of our subscriptions: 202 once it is kept."""
    meant = await run_in_threadpool(_meant, request)
    if meant is None:
        return PlainTextResponse("not subscribed\n", 410)  # the hub may forget us
    if not request.headers.get("x-hub-signature"):
        return PlainTextResponse(UNSIGNED, 403)  # before anything of it is read: anybody can ask here
    state = request.app.state
    if getattr(state, "pushes", 0) >= AT_ONCE:
        return PlainTextResponse("too many at once\n", 503, {"Retry-After": "60"})
    state.pushes = getattr(state, "pushes", 0) + 1
    try:
        body = await body_of(request, LONGEST)
        if body is None:
            return PlainTextResponse(f"longer than {LONGEST} bytes\n", 413)
        return await run_in_threadpool(_keep, request, meant, body)
    finally:
        state.pushes -= 1


def _keep(request: Request, meant: tuple[Source, str], body: bytes) -> Response:
    face, (source, topic) = face_of(request), meant
    key = face.library.secret(KEY)
    if not key or not websub.authentic(body, request.headers.get("x-hub-signature"), key.encode(), topic):
        return PlainTextResponse(UNSIGNED, 403)
    with SqliteStore(face.config.database) as store:
        kept = store.push(source.id, body, face.clock())
    return PlainTextResponse("", 202) if kept else PlainTextResponse("too many wait\n", 503, {"Retry-After": "60"})


def _meant(request: Request) -> tuple[Source, str] | None:
    """The source that the address names and its topic, where there is one to subscribe to and the address is the one its hub was given."""
    face, given = face_of(request), request.path_params["token"]
    if not face.config.web.base_url:
        return None
    source = next((one for one in face.config.sources if one.id == request.path_params["source_id"]), None)
    topic, key = websub.topic_of(source) if source else None, face.library.secret(KEY)
    if not source or not topic or not key or not compare_digest(websub.token(key.encode(), topic).encode(), given.encode()):
        return None
    return source, topic


_PATH = "/websub/{source_id}/{token}"
ROUTES = [Route(_PATH, confirm, methods=["GET"]), Route(_PATH, receive, methods=["POST"])]
