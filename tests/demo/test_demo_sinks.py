"""The sinks refuse at first, keep what they take, and notice forgeries and repetitions."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest
from standardwebhooks import Webhook

from aiwatch.demo import workspace
from aiwatch.demo.loopback import Loopback
from aiwatch.demo.sinks import HookSink, MailSink

NOON = datetime(2024, 2, 16, 12, tzinfo=UTC)


def message(message_id: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "aiwatch@example.org", workspace.READER, message_id
    mail["Subject"] = "소라와 젬마"
    mail.set_content("소라")
    mail.add_alternative("<p>소라</p>", subtype="html")
    return mail


async def send(mail: EmailMessage, port: int) -> None:
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=port, start_tls=False)


def test_mail_is_put_off_once_and_read_with_both_parts() -> None:
    async def run() -> MailSink:
        async with MailSink(lambda: NOON, frozenset({workspace.READER})) as sink:
            with pytest.raises(aiosmtplib.SMTPResponseException, match="Greylisted"):
                await send(message("<1@x>"), sink.port)
            await send(message("<1@x>"), sink.port)
            assert sink.twice == []
            await send(message("<1@x>"), sink.port)
            return sink

    sink = asyncio.run(run())
    assert sink.put_off == 1
    assert sink.twice == [f"<1@x> to {workspace.READER}"]
    mail = sink.mails[0]
    assert (mail.at, mail.to, mail.subject) == (NOON, workspace.READER, "소라와 젬마")
    assert (mail.text.strip(), mail.html.strip()) == ("소라", "<p>소라</p>")


def signed(call_id: str, body: str, secret: str = workspace.SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    signature = Webhook(secret).sign(call_id, now, body)
    return {"webhook-id": call_id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}


def test_webhook_takes_what_is_signed_after_refusing_once() -> None:
    sink = HookSink(lambda: NOON, workspace.SECRET, refusals=1)
    body = json.dumps({"name": "소라"})
    with Loopback(sink.app) as server, httpx.Client(base_url=server.base, trust_env=False, timeout=60) as client:
        statuses = [client.post("/hook", content=body, headers=signed("msg_1", body)).status_code for _ in range(3)]
    assert statuses == [503, 200, 200]
    assert sink.hooks[0].payload == {"name": "소라"}
    assert sink.twice == ["msg_1"]
    assert sink.forged == []


def test_webhook_refuses_forgeries() -> None:
    sink = HookSink(lambda: NOON, workspace.SECRET)
    with Loopback(sink.app) as server, httpx.Client(base_url=server.base, trust_env=False, timeout=60) as client:
        tampered = client.post("/hook", content="{}", headers=signed("msg_1", '{"a": 1}'))
        unsigned = client.post("/hook", content="{}")
    assert (tampered.status_code, unsigned.status_code) == (401, 401)
    assert len(sink.forged) == 2
    assert sink.hooks == []
