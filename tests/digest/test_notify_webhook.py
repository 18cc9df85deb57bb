"""Webhooks over a real HTTP receiver: signatures, what answers mean, what is refused."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jsonschema
import pytest
from delivery_samples import HttpReceiver, http_receiver
from digest_samples import at, edition, notice, recipient, rumor, subscription, week
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

import aiwatch.digest
from aiwatch.digest import compose, payload
from aiwatch.digest.render import render
from aiwatch.fetch import Answer, Client
from aiwatch.fetch.guard import GuardedBackend
from aiwatch.fetch.resolver import Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify import Sender, webhook
from aiwatch.settings import Channel, Http, Recipient, Secret, Smtp

NEW, OLD = "whsec_" + "bmV3LXNlY3JldC1uZXctc2VjcmV0", "whsec_" + "b2xkLXNlY3JldC1vbGQtc2VjcmV0"
DOCS = Path(__file__).resolve().parents[2] / "docs"


def delivery(channel: Channel = Channel.WEBHOOK) -> Delivery:
    sub = subscription(rumors=True)
    message = render(edition(sub, (*week(), rumor())), sub, recipient(channel))[0]
    return Delivery(
        id="00112233445566aa", edition_id="e", digest_id="weekly", recipient_id="hook", subject=message.subject, body=message.body,
        created_at=at(23, 0),
    )  # fmt: skip


def hook(url: str, **values: object) -> Recipient:
    base = Recipient(
        id="hook", channel=Channel.WEBHOOK, address=Secret(url), secrets=(Secret(NEW), Secret(OLD)), allow_private=True
    )
    return replace(base, **values)  # type: ignore[arg-type]


def post(answer: int | str, headers: dict[str, str] | None = None, **values: object) -> tuple[Receipt, HttpReceiver]:
    async def main() -> tuple[Receipt, HttpReceiver]:
        async with http_receiver() as receiver, Sender(Smtp(), Http()) as send:
            receiver.answer = lambda path, nth: (answer, headers or {})
            return await send(delivery(), hook(receiver.url("/in"), **values)), receiver

    return asyncio.run(main())


def test_a_receiver_verifies_either_key_with_the_standard_library_of_webhooks() -> None:
    receipt, receiver = post(200)
    assert receipt.verdict is Verdict.SENT
    ((_, head, body, _),) = receiver.seen
    for key in (NEW, OLD):
        Webhook(key).verify(body, head)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "YW5vdGhlci1rZXktYW5vdGhlci1rZXk=").verify(body, head)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body + b" ", head)
    assert head["webhook-id"] == head["idempotency-key"] == "00112233445566aa"
    assert abs(int(head["webhook-timestamp"]) - time.time()) < 60
    assert head["content-type"] == "application/json; charset=utf-8"
    assert head["x-aiwatch-event"] == "digest"


def test_every_try_has_the_same_id_and_body_and_a_fresh_timestamp() -> None:
    now = datetime(2024, 2, 23, tzinfo=UTC)
    ticks = iter(now + timedelta(minutes=minutes) for minutes in range(10))

    async def main() -> HttpReceiver:
        async with http_receiver() as receiver, Sender(Smtp(), Http(), clock=lambda: next(ticks)) as send:
            receiver.answer = lambda path, nth: (503 if nth < 3 else 200, {})
            for _ in range(3):
                await send(delivery(), hook(receiver.url("/in")))
            return receiver

    receiver = asyncio.run(main())
    assert len({body for _, _, body, _ in receiver.seen}) == 1
    assert len({head["webhook-id"] for _, head, _, _ in receiver.seen}) == 1
    assert len({head["webhook-timestamp"] for _, head, _, _ in receiver.seen}) == 3
    assert len({head["webhook-signature"] for _, head, _, _ in receiver.seen}) == 3


@pytest.mark.parametrize(
    ("answer", "headers", "verdict", "wait", "gone"),
    [
        (200, {}, Verdict.SENT, None, False),
        (204, {}, Verdict.SENT, None, False),
        ("truncated", {}, Verdict.SENT, None, False),
        ("endless", {}, Verdict.SENT, None, False),
        (429, {"Retry-After": "120"}, Verdict.RETRY, 120, False),
        (503, {"Retry-After": "7200"}, Verdict.RETRY, 7200, False),
        (502, {}, Verdict.RETRY, None, False),
        (500, {"Retry-After": "garbage"}, Verdict.RETRY, None, False),
        (408, {}, Verdict.RETRY, None, False),
        (302, {"Location": "/elsewhere"}, Verdict.RETRY, None, False),
        ("drop", {}, Verdict.RETRY, None, False),
        (400, {}, Verdict.REFUSED, None, False),
        (401, {}, Verdict.REFUSED, None, False),
        (404, {}, Verdict.REFUSED, None, False),
        (410, {}, Verdict.REFUSED, None, True),
    ],
)
def test_what_an_answer_means(answer: int | str, headers: dict[str, str], verdict: Verdict, wait: int | None, gone: bool) -> None:
    receipt, receiver = post(answer, headers)
    assert (receipt.verdict, receipt.retry_after, receipt.gone) == (verdict, wait, gone)
    assert len(receiver.seen) == 1, "redirects are not followed"
    assert receiver.read < 2**25  # the line was cut: only the kernels' buffers were filled


def test_a_silent_server_is_tried_again_later() -> None:
    receipt, _ = asyncio.run(silent())
    assert receipt.verdict is Verdict.RETRY
    assert "fell silent" in receipt.answer


async def silent() -> tuple[Receipt, HttpReceiver]:
    async with http_receiver() as receiver, Sender(Smtp(), Http(inactivity=0.3)) as send:
        receiver.answer = lambda path, nth: ("silent", {})
        return await send(delivery(), hook(receiver.url("/in"))), receiver


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://2130706433:9/", "ftp://hook.example/"]
)
def test_private_addresses_are_refused_unless_allowed(url: str) -> None:
    async def main() -> Receipt:
        async with Sender(Smtp(), Http()) as send:
            return await send(delivery(), hook(url, allow_private=False))

    receipt = asyncio.run(main())
    assert receipt.verdict is Verdict.REFUSED
    assert "refused" in receipt.answer


class Resolved(httpx.AsyncBaseTransport):
    """Opens no connection but looks the name up, as the real transport does, in a resolver that has one answer for all names."""

    def __init__(self, answer: str) -> None:
        self.backend = GuardedBackend(names=Names(lambda _, port: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self.backend.connect_tcp(request.url.host, 443, 5.0)
        raise AssertionError("nothing is connected to")


@pytest.mark.parametrize("answer", ["192.168.0.1", "0.0.0.0", "127.0.0.1"])  # a captive portal's word, Pi-hole's, a hosts file's
@pytest.mark.parametrize("channel", [Channel.WEBHOOK, Channel.SLACK])
def test_a_name_that_leads_into_a_private_network_is_tried_again(channel: Channel, answer: str) -> None:
    async def main() -> Receipt:
        async with Sender(Smtp(), Http(), post=Client(Http(), Resolved(answer))) as send:
            return await send(delivery(channel), hook("https://hooks.example.org/in", channel=channel, allow_private=False))

    receipt = asyncio.run(main())
    assert receipt.verdict is Verdict.RETRY
    assert f"leads to {answer}" in receipt.answer
    assert "allow_private" in receipt.answer


@pytest.mark.parametrize(("secret", "works"), [("whsec_%%%", False), ("tiny", False), ("a text of one's own choice", True)])
def test_signing_keys_are_checked(secret: str, works: bool) -> None:
    receipt, receiver = post(200, secrets=(Secret(secret),))
    assert (receipt.verdict is Verdict.SENT) is works
    assert secret not in receipt.answer
    for _, head, body, _ in receiver.seen:
        Webhook(secret.encode()).verify(body, head)


def test_own_headers_go_along_but_never_in_place_of_ours() -> None:
    _, receiver = post_with({"Authorization": "Bearer x", "Webhook-Id": "mine"})
    ((_, head, _, _),) = receiver.seen
    assert head["authorization"] == "Bearer x"
    assert head["webhook-id"] == "00112233445566aa"


def post_with(headers: dict[str, str]) -> tuple[Receipt, HttpReceiver]:
    async def main() -> tuple[Receipt, HttpReceiver]:
        async with http_receiver() as receiver, Sender(Smtp(), Http()) as send:
            return await send(delivery(), hook(receiver.url("/in"), headers=headers)), receiver

    return asyncio.run(main())


def test_discord_says_how_long_to_wait_in_its_body() -> None:
    answer = Answer(url="u", status=429, headers={}, body=b'{"retry_after": 1.2, "global": false}')
    assert webhook.judge(answer, at(1, 0)).retry_after == 2


# --- the payload and its schema -------------------------------------------------------------------------------------------------


def validate(values: object) -> None:
    schema = payload.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(values)


def test_the_payloads_of_digest_alert_and_notice_are_valid() -> None:
    validate(json.loads(delivery().body["content"]))
    alerts = subscription(schedule="immediate")
    kinds = {}
    for made in (compose.alert(alerts, week()[:1], now=at(16, 0)), compose.operations([notice()], now=at(20, 4))):
        values = payload.payload(made, alerts, recipient(Channel.WEBHOOK))
        validate(values)
        kinds[values["type"]] = values
    assert set(kinds) == {"announcement", "notice"}
    (told,) = kinds["announcement"]["announcements"]
    assert told["name"] == "Sora"
    assert told["vendor_url"] == "https://openai.example/151802"
    assert told["lead_seconds"] == 0


def test_the_schema_refuses_what_is_not_a_payload() -> None:
    values = json.loads(delivery().body["content"])
    for key, wrong in (("version", 2), ("type", "news"), ("announcements", [{}]), ("more", -1)):
        with pytest.raises(jsonschema.ValidationError):
            validate({**values, key: wrong})


def test_the_published_schema_is_the_packages() -> None:
    packaged = Path(aiwatch.digest.__file__).parent / "webhook.schema.json"
    assert (DOCS / "webhook.schema.json").read_text("utf-8") == packaged.read_text("utf-8")
