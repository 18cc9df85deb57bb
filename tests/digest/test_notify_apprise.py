"""Apprise over a real receiver: what arrives, what is refused, what an answer tells and does not tell."""

from __future__ import annotations

import asyncio
import json
import logging
import socket

import apprise
import pytest
from delivery_samples import HttpReceiver, http_receiver
from digest_samples import at, edition, recipient, subscription

from aiwatch.digest.render import render
from aiwatch.fetch.resolver import Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify import Sender
from aiwatch.notify.apprise import send as send_by_apprise
from aiwatch.settings import Channel, Http, Recipient, Secret, Smtp

# Plugins are loaded by the first call, and one of them imports what Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture(autouse=True)
def past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise reads the environment's proxies, and none leads to this machine's loopback."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")


def send(address: str, status: int = 200, *, allow_private: bool = True) -> tuple[Receipt, HttpReceiver]:
    sub = subscription()
    (message,) = render(edition(sub), sub, recipient(Channel.APPRISE))
    delivery = Delivery(
        id="d1",
        edition_id="e",
        digest_id="weekly",
        recipient_id="me",
        subject=message.subject,
        body=message.body,
        created_at=at(23, 0),
    )

    async def main() -> tuple[Receipt, HttpReceiver]:
        async with http_receiver() as receiver, Sender(Smtp(), Http()) as sender:
            receiver.answer = lambda path, nth: (status, {})
            url = address.replace("HOST", f"127.0.0.1:{receiver.port}")
            return await sender(
                delivery, Recipient(id="me", channel=Channel.APPRISE, address=Secret(url), allow_private=allow_private)
            ), receiver

    return asyncio.run(main())


def test_a_message_arrives_as_plain_text() -> None:
    receipt, receiver = send("json://HOST/in")
    assert receipt.verdict is Verdict.SENT
    ((path, _, body, _),) = receiver.seen
    values = json.loads(body)
    assert path == "/in"
    assert values["title"] == "AI models: Sora, Gemini 1.5 Pro and 3 more"
    assert "1. Sora · Announced · OpenAI · video" in values["message"]


def test_a_refusal_is_tried_again_and_tells_no_token() -> None:
    receipt, _ = send("json://me:hunter2-hunter2@HOST/token-token-token", 500)
    assert receipt.verdict is Verdict.RETRY
    assert "500" in receipt.answer
    assert "hunter2" not in receipt.answer
    assert "token-token" not in receipt.answer


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("json://HOST/in", "allow_private"),
        ("json://localhost/in", "allow_private"),
        ("nonsense://x/y", "Apprise knows no address"),
        ("dbus://", "this machine's own"),
        ("syslog://", "this machine's own"),
    ],
)
def test_private_local_and_unknown_addresses_are_refused(address: str, said: str) -> None:
    receipt, receiver = send(address, allow_private=False)
    assert receipt.verdict is Verdict.REFUSED
    assert said in receipt.answer
    assert receiver.seen == []


def test_a_name_that_leads_into_a_private_network_is_tried_again() -> None:
    """What a captive portal says of every name for a while is nothing to give a message up for."""
    recipient = Recipient(id="me", channel=Channel.APPRISE, address=Secret("json://hooks.example.org/token-0123456789"))
    delivery = Delivery(
        id="d1", edition_id="e", digest_id="w", recipient_id="me", subject="s", body={"text": "t"}, created_at=at(23, 0)
    )
    portal = Names(lambda _, port: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.1", port))])
    receipt = asyncio.run(send_by_apprise(delivery, recipient, Http(), portal))
    assert receipt.verdict is Verdict.RETRY
    assert "leads to 192.168.0.1" in receipt.answer
    assert "token" not in receipt.answer


def test_two_at_one_time_hear_only_their_own_account() -> None:
    async def main() -> list[Receipt]:
        async with http_receiver() as receiver, Sender(Smtp(), Http()) as sender:
            receiver.answer = lambda path, nth: (500, {})
            calls = []
            for n in range(4):
                delivery = Delivery(
                    id=f"d{n}",
                    edition_id="e",
                    digest_id="w",
                    recipient_id=f"r{n}",
                    subject="s",
                    body={"text": "t"},
                    created_at=at(23, 0),
                )
                url = f"json://127.0.0.1:{receiver.port}/token-of-number-{n}"
                calls.append(
                    sender(delivery, Recipient(id=f"r{n}", channel=Channel.APPRISE, address=Secret(url), allow_private=True))
                )
            return await asyncio.gather(*calls)

    for receipt in asyncio.run(main()):
        assert "500" in receipt.answer
        assert "token-of-number" not in receipt.answer


def test_a_plugin_that_repeats_a_part_of_its_address_tells_no_token() -> None:
    """One that logs the password alone, or a token out of the query, decoded: neither stands between two slashes of the address."""
    address = "repeats://me:hunter2%21hunter2@HOST/in?token=tok-0123456789"

    @apprise.decorators.notify(on="repeats", name="Repeats")  # type: ignore[no-untyped-call, untyped-decorator]  # a library without types
    def repeats(body: str, title: str, notify_type: str, *args: object, **kwargs: object) -> bool:
        logging.getLogger("apprise").warning("login with hunter2!hunter2 and tok-0123456789 refused by HOST")
        return False

    receipt, _ = send(address)
    assert receipt.verdict is Verdict.RETRY
    assert receipt.answer.startswith("login with … and … refused by HOST")
