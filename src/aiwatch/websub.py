"""WebSub: being told by a hub instead of asking (W3C Recommendation of 23 January 2018). Pure; polling stays as the safety net.

    hub of a feed ──> subscribe() ──POST──> hub ──GET──> verify() ──200 challenge──> lease ──> renew before it ends
                                            hub ──POST body──> authentic() ──> parsed like any other answer

The secret and the callback of each topic come from one key, so nothing needs to be stored but the lease's end.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

from aiwatch.model import Kind, Source
from aiwatch.urls import redact

LEASE = timedelta(days=10)  # what is asked for; the hub may give another
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)
METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
CHALLENGE = 4096  # characters; a longer one is no challenge


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A POST of a form to a hub. ``body`` is ``application/x-www-form-urlencoded``."""

    url: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The answer to a hub's question whether we meant it. ``status`` 200 with the challenge as ``body``, or 404 with none.

    ``until`` is the end of the lease of a subscription, None where there is none (refused, denied, unsubscribed).
    """

    status: int
    body: str = ""
    until: datetime | None = None
    denied: str | None = None  # why the hub refused the subscription


def topic_of(source: Source) -> str | None:
    """The feed's address as its hub knows it; None for a source that is not to be subscribed to."""
    if source.kind is not Kind.WEBHOOK or not source.enabled or not source.options.get("hub"):
        return None
    return str(source.options.get("topic") or source.url)


def callback(base_url: str, source_id: str, key: bytes, topic: str) -> str:
    """Where the hub finds us: an address that nobody can guess, one for each subscription (section 5.1)."""
    return f"{base_url.rstrip('/')}/websub/{quote(source_id, safe='')}/{token(key, topic)}"


def token(key: bytes, topic: str) -> str:
    """What makes a topic's callback unguessable, 32 hexadecimal digits."""
    return hmac.new(key, b"callback:" + topic.encode(), hashlib.sha256).hexdigest()[:32]


def secret(key: bytes, topic: str) -> str:
    """The secret shared with the hub for one topic, 64 hexadecimal digits (the specification allows up to 199 bytes)."""
    return hmac.new(key, b"websub:" + topic.encode(), hashlib.sha256).hexdigest()


def subscribe(hub: str, topic: str, callback: str, key: bytes) -> Form:
    """The request of section 5.1. Raises ValueError for a hub without TLS: the secret would travel in the clear."""
    if urlsplit(hub).scheme != "https":
        raise ValueError(f"{redact(hub)}: a hub must be reached by https, as it is sent a secret")
    fields = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": callback}
    fields |= {"hub.lease_seconds": str(int(LEASE.total_seconds())), "hub.secret": secret(key, topic)}
    return Form(url=hub, body=urlencode(fields).encode())


def verify(query: Mapping[str, str], *, topic: str, wanted: bool, now: datetime) -> Verified:
    """Answer the verification of intent (section 5.3): only for the very topic, and only for what is ``wanted`` now.

    A denial (``hub.mode=denied``, section 5.2) is acknowledged and reported.
    """
    mode, challenge = query.get("hub.mode", ""), query.get("hub.challenge", "")
    if query.get("hub.topic") != topic:
        return Verified(status=404)
    if mode == "denied":
        return Verified(status=200, denied=query.get("hub.reason", "")[:300] or "the hub gave no reason")
    if not challenge or len(challenge) > CHALLENGE:
        return Verified(status=404)
    if mode == "subscribe" and wanted:
        return Verified(status=200, body=challenge, until=now + _lease(query.get("hub.lease_seconds", "")))
    if mode == "unsubscribe" and not wanted:
        return Verified(status=200, body=challenge)
    return Verified(status=404)


def _lease(text: str) -> timedelta:
    """The lease a hub gave, within bounds; what cannot be read counts as what was asked for."""
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else int(LEASE.total_seconds())
    return min(max(timedelta(seconds=seconds), SHORTEST), LONGEST)


def renew_at(since: datetime, until: datetime) -> datetime:
    """When to subscribe again: after two thirds of the lease, so that a hub may be away for the last one."""
    return since + (until - since) * 2 / 3


def authentic(body: bytes, signature: str | None, key: bytes, topic: str) -> bool:
    """Whether a pushed body bears the topic's signature (``X-Hub-Signature: sha256=...``, section 7.1). Without one it does not."""
    method, _, given = (signature or "").strip().partition("=")
    algorithm = METHODS.get(method.lower())
    if algorithm is None or not given.isascii():
        return False
    expected = hmac.new(secret(key, topic).encode(), body, algorithm).hexdigest()
    return hmac.compare_digest(expected, given.strip().lower())
