"""Mail over a real SMTP server: encryption, login, threading, and what each kind of trouble means."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from delivery_samples import SmtpReceiver, smtp_receiver
from digest_samples import edition, recipient, subscription

from aiwatch.addresses import mailbox
from aiwatch.digest.render import render
from aiwatch.digest.unsubscribe import Site
from aiwatch.fetch.resolver import Answers, Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify import Sender
from aiwatch.notify.message import build
from aiwatch.settings import Http, Secret, Smtp

AT = datetime(2024, 2, 23, 0, 1, tzinfo=UTC)


def delivery(**values: object) -> Delivery:
    sub = subscription(lang="ko", title="AI 모델 소식")
    (message,) = render(edition(sub), sub, recipient(), {}, Site(base_url="https://watch.example"))
    base = Delivery(
        id="00112233445566aa", edition_id="e", digest_id="weekly", recipient_id="me", subject=message.subject, body=message.body,
        created_at=AT,
    )  # fmt: skip
    return replace(base, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's context with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def smtp_of(receiver: SmtpReceiver, **values: object) -> Smtp:
    base = Smtp(host="127.0.0.1", port=receiver.port, security="none", sender="aiwatch <watch@example.org>", timeout=60)
    return replace(base, **values)  # type: ignore[arg-type]


async def send(smtp: Smtp, one: Delivery | None = None, to: str = "me@example.com", data_timeout: float = 60) -> Receipt:
    async with Sender(smtp, Http(), data_timeout=data_timeout) as sender:
        return await sender(one or delivery(), recipient(address=to))


def over(
    scene: Callable[[SmtpReceiver], Awaitable[None]], *, tls: ssl.SSLContext | None = None, starttls: bool = True
) -> SmtpReceiver:
    async def main() -> SmtpReceiver:
        login = ("me", "right") if tls else None
        async with smtp_receiver(tls, login=login, starttls=starttls) as receiver:
            await scene(receiver)
            return receiver

    return asyncio.run(main())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_out_encrypted_and_logged_in(tls: ssl.SSLContext, security: str) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        smtp = smtp_of(receiver, security=security, username="me", password=Secret("right"), verify=False)
        assert (await send(smtp)).verdict is Verdict.SENT

    receiver = over(scene, tls=tls, starttls=security == "starttls")
    assert receiver.sessions == [
        (security == "starttls", True)
    ]  # aiosmtpd does not see a socket that was encrypted from the start
    (mail,) = receiver.mails("me@example.com")
    assert mail["Subject"] == "AI 모델 소식: Sora, Gemini 1.5 Pro 외 3건"
    assert mail["Message-ID"] == "<00112233445566aa@example.org>"
    assert mail["Date"].datetime == AT
    assert mail["List-Id"] == "AI 모델 소식 <weekly.aiwatch.example.org>"
    assert mail["List-Unsubscribe"].startswith("<https://watch.example/unsubscribe/weekly/me/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    text, page, picture = (part for part in mail.walk() if isinstance(part, EmailMessage) and not part.is_multipart())
    assert "새 모델" in text.get_content()
    assert f"cid:{picture['Content-ID'].strip('<>')}" in page.get_content()
    assert picture.get_content().startswith(b"\x89PNG")


def test_a_certificate_that_is_not_trusted_is_no_channel(tls: ssl.SSLContext) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receipt = await send(smtp_of(receiver, security="starttls", username="me", password=Secret("right")))
        assert receipt.verdict is Verdict.RETRY
        assert "certificate" in receipt.answer

    assert over(scene, tls=tls).kept == []


def test_nothing_is_sent_in_the_open_instead() -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receipt = await send(smtp_of(receiver, security="starttls"))
        assert receipt.verdict is Verdict.RETRY
        assert "STARTTLS" in receipt.answer

    assert over(scene).kept == []


def test_a_refused_login_is_the_operators_to_mend(tls: ssl.SSLContext) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        smtp = smtp_of(receiver, security="starttls", username="me", password=Secret("hunter2-wrong"), verify=False)
        receipt = await send(smtp)
        assert receipt.verdict is Verdict.RETRY
        assert "refuses the login" in receipt.answer
        assert "hunter2" not in receipt.answer

    over(scene, tls=tls)


def test_a_server_that_wants_a_login_is_the_operators_to_mend(tls: ssl.SSLContext) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receipt = await send(smtp_of(receiver, security="starttls", verify=False))
        assert receipt.verdict is Verdict.RETRY
        assert receipt.answer.startswith(f"127.0.0.1:{receiver.port} wants a login: 530 ")

    over(scene, tls=tls)


def test_a_server_that_wants_encryption_is_the_operators_to_mend(tls: ssl.SSLContext) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receipt = await send(smtp_of(receiver))
        assert receipt.verdict is Verdict.RETRY
        assert "530" in receipt.answer

    over(scene, tls=tls)


def test_a_server_that_repeats_the_login_does_not_bring_it_into_our_records(tls: ssl.SSLContext) -> None:
    plain = b64encode(b"\0me\0right").decode()

    async def scene(receiver: SmtpReceiver) -> None:
        receiver.modes["me@example.com"] = f"rcpt 550 5.7.1 not after AUTH PLAIN {plain} or cmlnaHQ= or right"
        smtp = smtp_of(receiver, security="starttls", username="me", password=Secret("right"), verify=False)
        receipt = await send(smtp)
        assert receipt.answer == "550 5.7.1 not after AUTH PLAIN … or … or …"

    over(scene, tls=tls)


@pytest.mark.parametrize(
    ("mode", "verdict", "said"),
    [
        ("rcpt 550 5.1.1 no such user", Verdict.REFUSED, "550"),
        ("554 5.6.0 rejected", Verdict.REFUSED, "554"),
        ("rcpt 450 4.7.1 greylisted", Verdict.RETRY, "450"),
        ("rcpt 452 4.2.2 mailbox full", Verdict.RETRY, "452"),
        ("451 4.3.0 later", Verdict.RETRY, "451"),
        ("drop", Verdict.RETRY, ""),
        ("hang", Verdict.RETRY, "no answer in time"),
        ("ok", Verdict.SENT, "250"),
    ],
)
def test_what_a_servers_answer_means(mode: str, verdict: Verdict, said: str) -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receiver.modes["me@example.com"] = mode
        receipt = await send(smtp_of(receiver), data_timeout=0.3 if mode == "hang" else 60)
        assert receipt.verdict is verdict
        assert said in receipt.answer

    over(scene)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    receipt = asyncio.run(send(Smtp(host="127.0.0.1", port=9, security="none", sender="a@example.org", timeout=2)))
    assert receipt.verdict is Verdict.RETRY
    assert receipt.answer.startswith("127.0.0.1:9")


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_hangs_up_at_once_is_told_in_words(security: str) -> None:
    async def scene() -> Receipt:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await send(Smtp(host="127.0.0.1", port=port, security=security, sender="a@example.org", timeout=20))

    receipt = asyncio.run(scene())
    assert receipt.verdict is Verdict.RETRY
    assert re.fullmatch(r"127\.0\.0\.1:\d+: the server broke off the connection", receipt.answer), receipt.answer


def test_the_servers_name_is_looked_up_though_all_other_work_stands_still() -> None:
    done = threading.Event()

    async def scene(receiver: SmtpReceiver) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        busy = loop.run_in_executor(None, done.wait, 60)
        try:
            assert (await send(smtp_of(receiver, host="localhost", timeout=20))).verdict is Verdict.SENT
        finally:
            done.set()
            await busy

    over(scene)


def test_a_name_that_nobody_answers_is_given_up_in_time_and_does_not_hold_up_the_end() -> None:
    answered = threading.Event()

    def silent(_host: str, _port: int) -> Answers:
        answered.wait(60)
        return []

    async def scene() -> Receipt:
        smtp = Smtp(host="mail.example", port=25, security="none", sender="a@example.org", timeout=0.3)
        async with Sender(smtp, Http(), names=Names(silent)) as sender:
            return await sender(delivery(), recipient())

    began = time.monotonic()
    receipt = asyncio.run(scene())
    assert time.monotonic() - began < 30
    assert (receipt.verdict, receipt.answer) == (Verdict.RETRY, "mail.example:25: no answer in time")
    answered.set()


def test_of_several_addresses_one_that_is_not_there_costs_its_share_of_the_time() -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        with socket.socket() as full:  # listens, and has no room for a connection that nobody accepts
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            waiting = [socket.socket() for _ in range(3)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(full.getsockname())
            places = [full.getsockname(), ("127.0.0.1", receiver.port)]
            names = Names(lambda _host, _port: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places])
            async with Sender(smtp_of(receiver, timeout=4), Http(), names=names) as sender:
                assert (await sender(delivery(), recipient())).verdict is Verdict.SENT
            for one in waiting:
                one.close()

    over(scene)


def test_a_name_without_addresses_and_one_that_is_none_are_told() -> None:
    async def scene(host: str, names: Names) -> Receipt:
        async with Sender(Smtp(host=host, port=25, sender="a@example.org", timeout=20), Http(), names=names) as sender:
            return await sender(delivery(), recipient())

    nowhere = asyncio.run(scene("mail.example", Names(lambda _host, _port: [])))
    assert (nowhere.verdict, nowhere.answer) == (Verdict.RETRY, "mail.example:25: the name has no address")
    unknown = asyncio.run(scene("mail.invalid", Names()))
    assert (unknown.verdict, unknown.answer) == (Verdict.RETRY, "mail.invalid:25: the host name is not known")


def test_every_try_is_the_same_bytes() -> None:
    async def scene(receiver: SmtpReceiver) -> None:
        receiver.modes["me@example.com"] = "drop"
        await send(smtp_of(receiver))
        receiver.modes.clear()
        await send(smtp_of(receiver))

    first, second = (raw for _, _, raw in over(scene).kept)
    assert first == second


def test_the_next_stage_replies_to_the_first() -> None:
    one = delivery(body={**delivery().body, "thread": ["aaaa", "bbbb"]})
    _, _, raw = build(one, recipient(), Smtp(sender="watch@example.org"))
    assert b"\r\nIn-Reply-To: <bbbb@example.org>\r\n" in raw
    assert b"\r\nReferences: <aaaa@example.org>\r\n <bbbb@example.org>\r\n" in raw


def test_without_a_page_one_unsubscribes_by_mail() -> None:
    one = delivery(body={**delivery().body, "unsubscribe": None})
    _, _, raw = build(one, recipient(), Smtp(sender="watch@example.org"))
    assert b"List-Unsubscribe: <mailto:watch@example.org?subject=unsubscribe%20weekly>\r\n" in raw
    assert b"List-Unsubscribe-Post" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "",
        "me",
        "me@",
        "@example.com",
        "me@exa mple.com",
        "me@example.com\r\nBcc: you@example.com",
        "me@example.com, you@example.com",
        "미@예",
    ],
)
def test_what_is_no_address_is_refused_at_once(address: str) -> None:
    receipt = asyncio.run(send(Smtp(host="127.0.0.1", port=9, sender="a@example.org"), to=address))
    assert receipt.verdict is Verdict.REFUSED
    assert "no mail address" in receipt.answer
    assert "you@example.com" not in receipt.answer


def test_a_host_of_another_script_is_reached() -> None:
    assert str(mailbox("나 <me@예시.한국>")).endswith("<me@xn--vv4b11d.xn--3e0b707e>")
