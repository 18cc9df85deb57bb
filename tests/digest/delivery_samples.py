"""A store with sources and announcements to tell, a clock to turn, and receivers that fail on purpose."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from digest_samples import entry

from aiwatch.model import (
    Announcement,
    Entry,
    Folded,
    Item,
    Mention,
    Notice,
    Poll,
    PollPlan,
    Source,
    ident,
)
from aiwatch.ports import Store
from aiwatch.settings import Config, Recipient, Subscription, Web

__all__ = ["Clock", "HttpReceiver", "SmtpReceiver", "config_of", "entry", "find", "http_receiver", "smtp_receiver"]


@dataclass
class Clock:
    """A clock that stands still until it is turned."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def config_of(subscriptions: tuple[Subscription, ...], recipients: tuple[Recipient, ...], **values: Any) -> Config:
    return replace(
        Config(
            database=":memory:", subscriptions=subscriptions, recipients=recipients, web=Web(base_url="https://watch.example")
        ),
        **values,
    )


def find(store: Store, told: Entry, now: datetime, *digests: str, notices: tuple[Notice, ...] = ()) -> Announcement:
    """Commit a poll that found ``told`` now, for those digests; the announcement is dated now."""
    sources = [
        Source(id=one.source_id, url=f"https://{one.source_id}.example/feed", name=one.source_name, tier=one.tier, lang=one.lang)
        for one in told.coverage
    ]
    store.sync_sources(sources, now)
    own = replace(told.announcement, at=now, item_id=ident(told.announcement.source_id, told.announcement.id))
    (job,) = store.claim_due(now, 1, timedelta(minutes=5), only=[own.source_id])
    item = Item(
        id=own.item_id, source_id=own.source_id, key=own.id, url=own.url, title=own.title, lang=own.lang, seen_at=now,
    )  # fmt: skip
    steps = tuple(
        replace(
            step,
            item_id=own.item_id,
            source_id=own.source_id,
            told=True,
            first_seen=now if step.stage is own.stage else step.first_seen,
        )
        for step in told.story.stages
    )
    story = replace(told.story, stages=steps, first_seen=min(step.first_seen for step in steps), last_seen=now)
    mention = Mention(story_id=story.id, item_id=item.id, source_id=own.source_id, stage=own.stage, at=now, role="first")
    store.commit(
        PollPlan(
            state=replace(job.state, polls=job.state.polls + 1, last_success_at=now, last_attempt_at=now),
            poll=Poll(source_id=own.source_id, at=now, outcome="fetched", items=1, fresh=1),
            items=(item,),
            folded=Folded(stories=(story,), mentions=(mention,), announcements=(own,)),
            outbox=tuple((digest, own.id) for digest in digests),
            notices=notices,
        )
    )
    return own


# --- a mail server ----------------------------------------------------------------------------------------------------------------


@dataclass
class SmtpReceiver:
    """An SMTP server; ``mode`` by recipient address: ok, a reply such as ``451 later``, ``drop`` (kept, then the line is cut), ``hang``."""

    port: int = 0
    modes: dict[str, str] = field(default_factory=dict)
    kept: list[tuple[str, EmailMessage, bytes]] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    sessions: list[tuple[bool, bool]] = field(default_factory=list)  # (encrypted, logged in) at DATA

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries[address] += 1
        if "." not in (session.host_name or ""):  # as Postfix does with reject_non_fqdn_helo_hostname
            return f"504 5.5.2 <{session.host_name}>: Helo command rejected: need fully-qualified hostname"
        mode = self.modes.get(address, "ok")
        if mode.startswith("rcpt "):
            return mode.removeprefix("rcpt ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        mode = self.modes.get(address, "ok")
        self.sessions.append((session.ssl is not None, bool(session.authenticated)))
        if mode[:1].isdigit():
            return mode
        raw = envelope.original_content
        assert isinstance(raw, bytes)
        self.kept.append((address, message_from_bytes(raw, policy=policy.default), raw))
        if mode == "drop":
            transport = server.transport
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return "421 gone"
        if mode == "hang":
            await asyncio.sleep(120)
        return "250 2.0.0 kept"

    def mails(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail, _ in self.kept if to == address]


@asynccontextmanager
async def smtp_receiver(
    tls: ssl.SSLContext | None = None, *, login: tuple[str, str] | None = None, starttls: bool = True
) -> AsyncIterator[SmtpReceiver]:
    receiver = SmtpReceiver()

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=login is not None and (data.login.decode(), data.password.decode()) == login, handled=False)

    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # it does not see that a socket was encrypted from the start
            return SMTP(
                receiver,
                hostname="mail.test",
                tls_context=tls if starttls else None,
                require_starttls=bool(tls and starttls),
                auth_required=login is not None,
                auth_require_tls=bool(tls and starttls),
                authenticator=authenticate,
                loop=loop,
            )

    server = await loop.create_server(
        protocol,
        "127.0.0.1",
        0,
        ssl=None if starttls else tls,
    )
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


# --- an HTTP endpoint ---------------------------------------------------------------------------------------------------------------


@dataclass
class HttpReceiver:
    """An endpoint; ``answer(path, nth try of this id)`` gives status and headers; or drop, silent, truncated, endless."""

    port: int = 0
    answer: Callable[[str, int], tuple[int | str, dict[str, str]]] = lambda path, nth: (200, {})
    seen: list[tuple[str, dict[str, str], bytes, int | str]] = field(default_factory=list)
    read: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def accepted(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        return [(head, body) for at, head, body, status in self.seen if at == path and isinstance(status, int) and status < 300]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the test is over, or the line was cut on purpose
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        body = await reader.readexactly(int(head.get("content-length", "0")))
        nth = sum(1 for at, seen, _, _ in self.seen if at == path and seen.get("webhook-id") == head.get("webhook-id")) + 1
        status, extra = self.answer(path, nth)
        self.seen.append((path, head, body, status))
        if status == "drop":
            writer.transport.abort()
            return
        if status == "silent":
            await reader.read()
            return
        code = status if isinstance(status, int) else 200
        length = {} if status == "endless" else {"Content-Length": "1000" if status == "truncated" else "2"}
        fields = "".join(f"{name}: {value}\r\n" for name, value in {**length, **extra}.items())
        writer.write(f"HTTP/1.1 {code} x\r\n{fields}Connection: close\r\n\r\nok".encode())
        await writer.drain()
        while status == "endless":
            writer.write(b"x" * 65536)
            await writer.drain()
            self.read += 65536


@asynccontextmanager
async def http_receiver(port: int = 0) -> AsyncIterator[HttpReceiver]:
    receiver = HttpReceiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
