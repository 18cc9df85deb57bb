"""Sending what was composed: mail over SMTP, everything else over HTTP. Nothing here raises for what a server or the network does."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from aiwatch.errors import DeliveryError
from aiwatch.fetch import Client, make_client
from aiwatch.fetch.resolver import Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify import apprise, email, webhook
from aiwatch.notify.webhook import Post
from aiwatch.ports import Clock
from aiwatch.settings import Channel, Http, Recipient, Smtp

__all__ = ["Sender"]

log = logging.getLogger("aiwatch.notify")


class Sender:
    """``await send(delivery, recipient) -> Receipt`` (see ``ports.Send``). Close it by leaving its ``async with``.

    ``post`` is one HTTP call wide and defaults to the guarded client that polling uses too. ``data_timeout`` is how long a mail server may
    take to answer for a message it has got: RFC 5321 (4.5.3.2.6) asks for ten minutes, because giving up earlier makes duplicates.
    """

    def __init__(
        self,
        smtp: Smtp,
        http: Http,
        *,
        clock: Clock = webhook.wall_clock,
        post: Post | None = None,
        names: Names | None = None,
        data_timeout: float = 600.0,
    ) -> None:
        self._smtp, self._http, self._clock, self._data_timeout = smtp, http, clock, data_timeout
        self._names = names or Names()
        self._client: Client | None = None
        if post is None:
            self._client = post = webhook.success_is_its_head(make_client(http))
        self._post = post

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def __call__(self, delivery: Delivery, recipient: Recipient) -> Receipt:
        """Try once. A recipient that cannot work as configured is refused, with the reason."""
        try:
            return await self._send(delivery, recipient)
        except DeliveryError as error:
            return Receipt(verdict=Verdict.REFUSED, answer=str(error))

    async def _send(self, delivery: Delivery, recipient: Recipient) -> Receipt:
        if recipient.channel is Channel.EMAIL:
            return await email.send(delivery, recipient, self._smtp, names=self._names, data_timeout=self._data_timeout)
        if recipient.channel is Channel.APPRISE:
            return await apprise.send(delivery, recipient, self._http, self._names)
        return await webhook.send(delivery, recipient, self._post, self._clock, self._http.proxy)
