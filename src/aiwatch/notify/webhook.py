"""Posting over HTTP: signed webhooks (https://www.standardwebhooks.com), Slack, Discord and Teams.

``webhook-id`` and ``Idempotency-Key`` are the delivery's id and the same at every try; the body too; only the timestamp, and with it the
signature, is fresh. Redirects are not followed: a signed body is for the one who was asked.

    2xx sent      410 gone: never again      408 425 429 5xx and everything the network does: again      other 4xx: refused

An address that may not be reached is refused for good where it is written so. Where its name leads into a private network it is tried
again: a captive portal, or a resolver that blocks names, says so of every name for a while.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeAlias

import httpx
from standardwebhooks.webhooks import Webhook

from aiwatch.addresses import wrong_key
from aiwatch.errors import DeliveryError
from aiwatch.fetch import Answer, Call, Client, guard
from aiwatch.fetch.caching import retry_after
from aiwatch.model import Delivery, Failed, Failure, Receipt, Verdict
from aiwatch.notify.redaction import passage_veiled, veiled
from aiwatch.ports import Clock
from aiwatch.settings import Channel, Proxy, Recipient, Secret

Post: TypeAlias = Callable[[Call], Awaitable[Answer | Failed]]

TIMEOUT = 20.0  # seconds; Standard Webhooks recommends 15 to 30
ANSWER = 64 * 1024  # bytes of an answer that are read
_AGAIN = {408, 425, 429}
_OURS = {"content-type", "webhook-id", "webhook-timestamp", "webhook-signature", "idempotency-key", "content-length", "host"}


def wall_clock() -> datetime:
    """Now. The timestamp of a signature is checked against the receiver's clock, so it is never a simulated one by default."""
    return datetime.now(UTC)


async def send(delivery: Delivery, recipient: Recipient, post: Post, clock: Clock, proxy: Proxy | None = None) -> Receipt:
    """Try once. Raises DeliveryError for a signing key that is none. ``proxy`` is what ``post`` may go through."""
    body = str(delivery.body["content"]).encode("utf-8", "replace")
    headers = _headers(delivery, recipient, body, clock())
    call = Call(
        url=recipient.address.reveal(),
        method="POST",
        headers=headers,
        body=body,
        allow_private=recipient.allow_private,
        redirects=0,
        max_body=ANSWER,
        cut=True,
        timeout=TIMEOUT,
    )
    answer = await post(call)
    if isinstance(answer, Failed) and answer.kind is Failure.BLOCKED and not _refused_as_written(call):
        answer = replace(answer, kind=Failure.TEMPORARY)
    return judge(answer, clock(), lambda text: passage_veiled(veiled(text, recipient), proxy))


def _refused_as_written(call: Call) -> bool:
    try:
        guard.check_url(call.url, allow_private=call.allow_private)
    except (guard.Refused, httpx.InvalidURL):
        return True
    return False


def judge(answer: Answer | Failed, now: datetime, veil: Callable[[str], str] = str) -> Receipt:
    """What an answer means for the delivery. ``veil`` hides our secrets: servers repeat what they were asked, in pages of errors."""
    if isinstance(answer, Failed):
        verdict = Verdict.REFUSED if answer.kind is Failure.BLOCKED else Verdict.RETRY
        return Receipt(verdict=verdict, answer=veil(answer.reason), retry_after=answer.retry_after)
    said = f"{answer.status} {httpx.codes.get_reason_phrase(answer.status)} {_excerpt(answer, veil)}".strip()
    if 200 <= answer.status < 300:
        return Receipt(verdict=Verdict.SENT, answer=said)
    if answer.status == 410:
        return Receipt(verdict=Verdict.REFUSED, answer=said, gone=True)
    if 300 <= answer.status < 400:
        return Receipt(verdict=Verdict.RETRY, answer=f"{said}: redirects are not followed; give the new address")
    if answer.status in _AGAIN or answer.status >= 500:
        return Receipt(verdict=Verdict.RETRY, answer=said, retry_after=retry_after(answer.headers, now) or _body_wait(answer))
    return Receipt(verdict=Verdict.REFUSED, answer=said)


def sign(delivery_id: str, body: bytes, secrets: tuple[Secret, ...], now: datetime) -> str:
    """The signatures of a body, one per key, newest key first: while keys are rotated a receiver accepts either."""
    return " ".join(_webhook(secret).sign(msg_id=delivery_id, timestamp=now, data=body.decode()) for secret in secrets)


def success_is_its_head(client: Client) -> Client:
    """``client``, where a 2xx head is the whole success: a body that is endless, late or cut off makes no second delivery."""
    client.transport = _HeadOfSuccess(client.transport)
    return client


class _HeadOfSuccess(httpx.AsyncBaseTransport):
    """Answers 2xx without its body: nothing that happens after the head can turn the success into a failure."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if not 200 <= response.status_code < 300:
            return response
        with contextlib.suppress(Exception):
            await response.aclose()
        return httpx.Response(response.status_code, stream=_Empty())

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Empty(httpx.AsyncByteStream):
    """No body."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        nothing: tuple[bytes, ...] = ()
        for part in nothing:
            yield part


def _headers(delivery: Delivery, recipient: Recipient, body: bytes, now: datetime) -> Mapping[str, str]:
    own = {name.lower(): value for name, value in recipient.headers.items() if name.lower() not in _OURS}
    headers = {**own, "content-type": "application/json; charset=utf-8"}
    if recipient.channel is not Channel.WEBHOOK:
        return headers
    headers |= {"webhook-id": delivery.id, "webhook-timestamp": str(math.floor(now.timestamp())), "idempotency-key": delivery.id}
    if event := delivery.body.get("event"):
        headers["x-aiwatch-event"] = str(event)
    if recipient.secrets:
        headers["webhook-signature"] = sign(delivery.id, body, recipient.secrets, now)
    return headers


def _webhook(secret: Secret) -> Webhook:
    """A key as Standard Webhooks writes it (``whsec_`` and base64), or any other text of 16 characters and more, taken as it is."""
    text = secret.reveal()
    if wrong := wrong_key(text):
        raise DeliveryError(wrong)
    return Webhook(text if text.startswith("whsec_") else text.encode())


def _body_wait(answer: Answer) -> int | None:
    """Discord says ``retry_after`` in the body as well, in seconds with a fraction."""
    try:
        seconds = float(json.loads(answer.body)["retry_after"])
        return min(86400, max(1, math.ceil(seconds)))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None


def _excerpt(answer: Answer, veil: Callable[[str], str]) -> str:
    text = veil(answer.body[:4000].decode("utf-8", "replace"))
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
    return f"({line})" if line not in {"", "ok", "{}"} else ""
