"""Leaving a digest (RFC 8058): GET shows a page with a button and changes nothing, POST leaves at once.

No sign-in and no cookie: the address itself carries the proof (``digest.unsubscribe``). A link scanner that opens it changes nothing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aiwatch.digest import unsubscribe
from aiwatch.settings import Recipient, Subscription
from aiwatch.store.sqlite import SqliteStore
from aiwatch.web.face import face_of
from aiwatch.web.look import page
from aiwatch.web.pages import missing


def ask(request: Request) -> Response:
    """The page with the button."""
    found = _meant(request)
    if found is None:
        return missing(request)
    digest, recipient = found
    return page(request, "unsubscribe.html", digest=digest.title, recipient=recipient.id, done=False)


def leave(request: Request) -> Response:
    """Stop sending that digest to that recipient."""
    found = _meant(request)
    if found is None:
        return missing(request)
    digest, recipient = found
    face = face_of(request)
    with SqliteStore(face.config.database) as store:
        store.mute(recipient.id, digest.id, "unsubscribed", face.clock())
    return page(request, "unsubscribe.html", digest=digest.title, recipient=recipient.id, done=True)


def _meant(request: Request) -> tuple[Subscription, Recipient] | None:
    """The digest and the recipient that the address names, if its proof is right."""
    config, key = face_of(request).config, face_of(request).library.secret(unsubscribe.KEY)
    digest = config.subscription(request.path_params["digest"])
    recipient = config.recipient(request.path_params["recipient"])
    if digest is None or recipient is None or not key:  # without a key no mail with a link was ever sent
        return None
    if not unsubscribe.verify(request.path_params["proof"], digest.id, recipient, key):
        return None
    return digest, recipient


_PATH = "/unsubscribe/{digest}/{recipient}/{proof}"
ROUTES = [Route(_PATH, ask, methods=["GET"]), Route(_PATH, leave, methods=["POST"])]
