"""Where the demo's deliveries arrive: a mail server and a web address on loopback, each of which refuses at first, as real ones do.

Both keep what they accepted, in order, and remember what they were offered twice.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aiwatch.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message that was accepted; ``at`` is the simulated time."""

    at: datetime
    to: str
    subject: str
    message_id: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook call that was accepted."""

    at: datetime
    id: str
    payload: Any


class MailSink:
    """An SMTP server. The first message for each address in ``greylists`` is put off with 451, as greylisting servers do."""

    def __init__(self, clock: Clock, greylists: frozenset[str] = frozenset()) -> None:
        self._clock = clock
        self._greylists = set(greylists)
        self.mails: list[Mail] = []
        self.put_off = 0
        self.port = 0  # the system's choice, once started

    @property
    def twice(self) -> list[str]:
        """Message-IDs that one address accepted more than once."""
        return _repeated([f"{one.message_id} to {one.to}" for one in self.mails])

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802  aiosmtpd's name
        """Take a message, or put it off."""
        addresses = set(envelope.rcpt_tos)
        if addresses & self._greylists:
            self._greylists -= addresses
            self.put_off += 1
            return "451 4.7.1 Greylisted, try again later"
        message = message_from_bytes(cast("bytes", envelope.original_content), policy=modern)
        for address in sorted(addresses):
            self.mails.append(_mail(message, address, self._clock()))
        return "250 2.0.0 Ok: queued"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="sink.localhost", loop=loop), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.close()


def _mail(message: EmailMessage, address: str, now: datetime) -> Mail:
    return Mail(
        at=now,
        to=address,
        subject=str(message["Subject"]),
        message_id=str(message["Message-ID"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


class HookSink:
    """A web address that checks signatures. The first ``refusals`` calls are answered 503."""

    def __init__(self, clock: Clock, secret: str, refusals: int = 0) -> None:
        self._clock, self._secret, self._refusals = clock, secret, refusals
        self.hooks: list[Hook] = []
        self.put_off = 0
        self.forged: list[str] = []  # what was wrong with calls that were not ours
        self.app = Starlette(routes=[Route("/hook", self._take, methods=["POST"])])

    @property
    def twice(self) -> list[str]:
        """Ids that were accepted more than once."""
        return _repeated([one.id for one in self.hooks])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        if problem := self._problem(request, body):
            self.forged.append(problem)
            return PlainTextResponse(f"{problem}\n", 401)
        if self._refusals > 0:
            self._refusals -= 1
            self.put_off += 1
            return PlainTextResponse("Service Unavailable\n", 503)
        self.hooks.append(Hook(at=self._clock(), id=request.headers["webhook-id"], payload=json.loads(body)))
        return PlainTextResponse("taken\n")

    def _problem(self, request: Request, body: bytes) -> str | None:
        """What is wrong with the signature (Standard Webhooks 1.0), or nothing.

        The signature is made again and compared, for the library's own check wants a timestamp of today and this clock stands in 2024.
        """
        call_id, stamp, given = (request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        if not (call_id and stamp.isdigit() and given):
            return "a signature header is missing"
        made = Webhook(self._secret).sign(call_id, datetime.fromtimestamp(int(stamp), UTC), body.decode())
        if not any(hmac.compare_digest(made, one) for one in given.split()):
            return "the signature does not match"
        return None


def _repeated(keys: list[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]
