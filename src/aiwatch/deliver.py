"""From editions to receipts: what is ready is sent, and what came of it is written down.

    claim deliveries | send | settle   (one transaction before, one after)

A process that dies between a send and its settling repeats that one send, with the same Message-ID and idempotency key, when the lease
of the claim has run out; it can do no other harm. A receipt that cannot be written is kept, and written a little later. A recipient's
failure is nobody else's: deliveries are claimed around recipients that are busy or have just failed.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from aiwatch import retries
from aiwatch.errors import StoreError
from aiwatch.model import Delivery, DeliveryState, Receipt, Upshot, Verdict
from aiwatch.ports import Clock, Send, Store
from aiwatch.publish import Muted
from aiwatch.settings import Channel, Config, Recipient
from aiwatch.threads import run_on

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

LEASE = timedelta(minutes=20)  # longer than the slowest send can take (a mail server's ten minutes after DATA)
CONCURRENCY = 8  # deliveries under way at once, one a recipient
LOOK_AGAIN = 1.0  # seconds between two looks for new deliveries while one is under way
# For so long a recipient that failed is sent nothing else; twice as long after each failure on end.
LEFT_ALONE = timedelta(seconds=5)
LEFT_ALONE_MOST = timedelta(minutes=5)
WRITE_AGAIN = (1, 5, 15, 60, 120, 120, 120)  # seconds between tries to write a receipt: a full disk is made room on


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A recipient that did not answer: how often on end, and until when it is left alone."""

    times: int
    until: datetime


def _leave_alone(before: Failing | None, now: datetime) -> Failing:
    times = before.times + 1 if before else 1
    return Failing(times=times, until=now + min(LEFT_ALONE_MOST, LEFT_ALONE * 2 ** min(times - 1, 8)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A delivery after a try at ``at``: what came of it, and so what becomes of it. Without a ``recipient`` nobody could be asked."""

    delivery: Delivery
    recipient: Recipient | None
    receipt: Receipt
    at: datetime
    state: DeliveryState
    next_try_at: datetime | None


def _say(tried: _Tried) -> None:
    """A line a try: what did not arrive is a warning, so that a single pass from cron names it too."""
    delivery, answer = tried.delivery, tried.receipt.answer
    told = f"{delivery.digest_id} to {delivery.recipient_id}"
    if tried.receipt.verdict is Verdict.SENT:
        log.info("%s: sent: %s", told, delivery.subject)
    elif tried.next_try_at is not None:
        log.warning("%s: not sent: %s; again at %s UTC", told, answer, f"{tried.next_try_at:%Y-%m-%d %H:%M}")
    else:
        log.warning("%s: given up: %s; `aiwatch deliveries show %s` tells more", told, answer, delivery.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """What deliveries are made with. ``db`` is the thread that owns the store; None runs store calls in place."""

    store: Store
    send: Send
    config: Config
    clock: Clock
    db: Executor | None = None
    jitter: Callable[[], float] = random.random
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep


async def flush(courier: Courier, failing: dict[str, Failing] | None = None) -> int:
    """Send what is ready until nothing is; how many were sent.

    Per recipient one delivery is under way at a time. A recipient that fails is left alone for a while (this call does not wait for it), so
    that a backlog for a dead endpoint costs a try now and then and not a thousand time-outs. ``failing`` remembers that from call to call.
    """
    round_ = _Round(courier=courier, failing={} if failing is None else failing)
    try:
        await round_.run()
    except Exception:  # one receipt was not written; messages to others, cut off now, would all be sent a second time
        await round_.rest()
        raise
    finally:
        for task in round_.busy.values():
            task.cancel()
    return round_.sent


@dataclass(slots=True, kw_only=True)
class _Round:
    """One call of ``flush``: who is being written to, and who failed."""

    courier: Courier
    failing: dict[str, Failing]
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    muted: Muted = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)  # recipients that took a message
    sent: int = 0

    async def run(self) -> None:
        while True:
            await self._claim()
            if not self.busy:
                return
            done, _ = await asyncio.wait(self.busy.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            for recipient_id in [name for name, task in self.busy.items() if task in done]:
                self.busy.pop(recipient_id).result()

    async def _on_db(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await run_on(self.courier.db, call, *args, **kwargs)

    async def rest(self) -> None:
        """Let what is under way come to its end."""
        await asyncio.gather(*self.busy.values(), return_exceptions=True)

    async def _claim(self) -> None:
        """Start as many deliveries as there is room for, each to another recipient."""
        while len(self.busy) < CONCURRENCY:
            now = self.courier.clock()
            # No longer than the most: the clock may have been set back.
            skip = {*self.busy, *(name for name, one in self.failing.items() if now < one.until <= now + LEFT_ALONE_MOST)}
            # A round may last for hours, and people unsubscribe meanwhile.
            self.muted = await self._on_db(self.courier.store.muted)
            # One at a time: a second delivery to the same recipient must not be claimed before the first is settled.
            claimed = await self._on_db(self.courier.store.claim_deliveries, now, 1, LEASE, skip)
            if not claimed:
                return
            delivery = claimed[0]
            self.busy[delivery.recipient_id] = asyncio.create_task(self._deliver(delivery), name=f"deliver {delivery.id}")

    async def _deliver(self, delivery: Delivery) -> None:
        if left := self._left(delivery):
            gone = Receipt(verdict=Verdict.REFUSED, answer=left)
            await self._written(
                lambda: self.courier.store.settle(delivery.id, gone, DeliveryState.DROPPED, self.courier.clock(), None)
            )
            return
        tried = await self._try(delivery)
        await self._written(lambda: self._settle(tried))
        _say(tried)
        self._remember(tried)

    def _left(self, delivery: Delivery) -> str | None:
        """Why its recipient wants it no more: who unsubscribes means what waits as well. Nobody need hear that it was not sent."""
        return self.muted.get((delivery.recipient_id, delivery.digest_id)) or self.muted.get((delivery.recipient_id, None))

    async def _written(self, settle: Callable[[], None]) -> None:
        """Write the receipt; where the database cannot take it now, keep it and try again: what was sent must not be sent twice."""
        for wait in WRITE_AGAIN:
            try:
                return await self._on_db(settle)
            except StoreError as error:
                log.warning("a receipt cannot be written: %s; again in %d s", error, wait)
                await self.courier.pause(wait)
        return await self._on_db(settle)

    async def _try(self, delivery: Delivery) -> _Tried:
        recipient = self.courier.config.recipient(delivery.recipient_id)
        receipt = await self._receipt(delivery, recipient)
        now, channel = self.courier.clock(), recipient.channel if recipient else Channel.WEBHOOK
        state, next_try_at = retries.decide(delivery, receipt, channel, now, self.courier.jitter())
        return _Tried(delivery=delivery, recipient=recipient, receipt=receipt, at=now, state=state, next_try_at=next_try_at)

    async def _receipt(self, delivery: Delivery, recipient: Recipient | None) -> Receipt:
        if recipient is None:
            return Receipt(verdict=Verdict.REFUSED, answer="there is no such recipient in the configuration any more")
        if gone := self.muted.get((recipient.address_key, None)):
            return Receipt(verdict=Verdict.REFUSED, answer=gone)
        written = str(delivery.body.get("channel", recipient.channel.value))
        if written != recipient.channel.value:  # Slack would be sent the body of a webhook, and mail has no text in it
            said = f"it was written for {written}, and {recipient.id} is reached by {recipient.channel.value} now"
            advice = f"`aiwatch digest preview {delivery.digest_id} --since {delivery.created_at:%Y-%m-%d}` shows what it told"
            return Receipt(verdict=Verdict.REFUSED, answer=f"{said}; {advice}")
        try:
            return await self.courier.send(delivery, recipient)
        except Exception as error:  # a bug in a sender must not cost the delivery, nor stop the others
            log.exception("delivery %s to %s failed", delivery.id, delivery.recipient_id)
            return Receipt(verdict=Verdict.RETRY, answer=f"internal error: {type(error).__name__}")

    def _settle(self, tried: _Tried) -> None:
        """Record the try, and what it says of the recipient, in one transaction: it is written again as a whole where that fails."""
        delivery, recipient, receipt, now = tried.delivery, tried.recipient, tried.receipt, self.courier.clock()
        gone = None
        if receipt.gone and recipient is not None:  # who said "gone" is not asked again
            gone = (recipient.address_key, f"the address answered 410 Gone on {now:%Y-%m-%d %H:%M} UTC: {receipt.answer}")
        notices = retries.notices_of(delivery, receipt, tried.state, now, reached=delivery.recipient_id in self.reached)
        upshot = Upshot(mute=gone, notices=tuple(notices))
        self.courier.store.settle(delivery.id, receipt, tried.state, now, tried.next_try_at, upshot)

    def _remember(self, tried: _Tried) -> None:
        """Who took it and who did not, for what is to be sent next."""
        recipient_id = tried.delivery.recipient_id
        if tried.state is DeliveryState.SENT:
            self.sent += 1
            self.reached.add(recipient_id)
            self.failing.pop(recipient_id, None)
        elif tried.receipt.verdict is Verdict.RETRY or tried.receipt.gone:
            self.failing[recipient_id] = _leave_alone(self.failing.get(recipient_id), tried.at)
