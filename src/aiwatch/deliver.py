"""From announcements to receipts: compose the editions that are due, then send what is ready.

    compose_due:  slot due? | pending announcements | compose | render for each recipient | publish   (one transaction; claims the rows)
    flush:        claim deliveries | send | settle                                                    (one transaction before, one after)

A process that dies between a send and its settling repeats that one send, with the same Message-ID and idempotency key, when the lease
of the claim has run out; it can do no other harm. A receipt that cannot be written is kept, and written a little later. A recipient's
failure is nobody else's: deliveries are claimed around recipients that are busy or have just failed.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ParamSpec, TypeAlias, TypeVar

from aiwatch import tries
from aiwatch.digest import compose, select, slots, unsubscribe
from aiwatch.digest.render import Message, render
from aiwatch.errors import Conflict, StoreError
from aiwatch.model import (
    EMPTY,
    Announcement,
    Delivery,
    DeliveryState,
    Edition,
    Entry,
    Notice,
    Receipt,
    Verdict,
    Watch,
    ident,
)
from aiwatch.ports import Clock, Send, Store
from aiwatch.settings import Channel, Config, Recipient, Subscription

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
Muted: TypeAlias = Mapping[tuple[str, str | None], str]  # (recipient or address key, digest or None for all) -> why

BURST = 5  # announcements told one by one when they wait together; more become one edition
# A slot so far ahead of now was told by a clock that was wrong, and must not silence a digest for years.
AHEAD = timedelta(days=2)
SETTLED = timedelta(minutes=2)  # a notice this old has surely been committed, however long the commit waited for a lock
LEASE = timedelta(minutes=20)  # longer than the slowest send can take (a mail server's ten minutes after DATA)
CONCURRENCY = 8  # deliveries under way at once, one a recipient
LOOK_AGAIN = 1.0  # seconds between two looks for new deliveries while one is under way
LEFT_ALONE = timedelta(seconds=5)  # for so long a recipient that failed is sent nothing else
# Seconds between tries to write a receipt: a full disk is made room on, a lock is let go.
WRITE_AGAIN = (1, 5, 15, 60, 120, 120, 120)


# --- composing ------------------------------------------------------------------------------------------------------------------


def compose_due(store: Store, config: Config, now: datetime, templates: Mapping[str, str] = EMPTY) -> int:
    """Publish every edition that is due; how many there were. ``templates`` are the user's own, by file name.

    Publishing is once per digest and slot (or announcement): a second caller, or the same one after a crash, changes nothing.
    """
    desk = Desk(store=store, config=config, now=now, templates=templates, muted=store.muted() if config.subscriptions else {})
    published = 0
    for subscription in config.subscriptions:
        try:
            due = _immediate(desk, subscription) if slots.is_immediate(subscription) else _scheduled(desk, subscription)
            published += due
            if due:
                store.note(_mended(desk, subscription))
        except Conflict:
            log.info("digest %s: another edition told these announcements meanwhile", subscription.id)
        except StoreError:
            raise
        except Exception as error:  # a bug met by one digest must not silence the others
            log.exception("digest %s cannot be composed", subscription.id)
            text = f"Digest {subscription.id} cannot be composed ({type(error).__name__}); see the log. Its announcements wait."
            store.note([Notice(condition=f"digest-broken:{subscription.id}", open=True, at=now, text=text)])
    return published + _operations(desk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What composing works with."""

    store: Store
    config: Config
    now: datetime
    templates: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    muted: Muted = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)  # templates that could not be used, as they are met


def _mended(desk: Desk, subscription: Subscription) -> list[Notice]:
    """The conditions that a published edition shows to be over; the store ignores those that were not open."""
    text = f"Digest {subscription.id} is composed again."
    over = [Notice(condition=f"digest-broken:{subscription.id}", open=False, at=desk.now, text=text)]
    if not desk.broken:
        over.append(Notice(condition="template-broken", open=False, at=desk.now, text="The templates can be used again."))
    return over


def _scheduled(desk: Desk, subscription: Subscription) -> int:
    last = desk.store.last_slot(subscription.id, desk.now + AHEAD)
    if last is None:  # a new digest starts now: it does not catch up with slots before it was there
        desk.store.register(subscription.id, desk.now)
        return 0
    if last > desk.now + AHEAD:  # it began while the clock was wrong
        last = desk.now - timedelta(hours=1)
    slot = slots.due(subscription, last, desk.now)
    if slot is None:
        return 0
    # Everything found so far goes in, also what was found after the slot: claimed rows, not times, say what has been told.
    pending = desk.store.pending(subscription.id, desk.now)
    edition = assemble(desk, subscription, pending, last, slot)
    quiet_day = compose.is_empty(edition) and not subscription.send_empty
    deliveries = [] if quiet_day else deliveries_for(desk, edition, subscription, subscription.recipients)
    return int(desk.store.publish(edition, deliveries, [one.id for one in pending]))


def assemble(desk: Desk, subscription: Subscription, pending: Sequence[Announcement], since: datetime, slot: datetime) -> Edition:
    """The edition of a slot from what the store knows; also what ``digest preview`` shows."""
    window = compose.Window(since=since, until=slot, missed=slots.first_missed(subscription, since, desk.now))
    near = desk.store.near_misses(since, slot, 5 * compose.NEAR_MISSES) if subscription.near_misses else []
    tail = compose.Tail(near=tuple(near), watch=_watch(desk, since, slot))
    return compose.compose(subscription, desk.store.entries([one.id for one in pending]), window, tail, now=desk.now)


def _watch(desk: Desk, since: datetime, slot: datetime) -> Watch:
    """The coverage of a window; in one that is shorter than ``max_interval`` a source that was not due yet is watched as well."""
    found = desk.store.watch(since, slot)
    one_poll_each = slot - timedelta(seconds=desk.config.polling.max_interval)
    return found if since <= one_poll_each else replace(found, watched=desk.store.watch(one_poll_each, slot).watched)


def _immediate(desk: Desk, subscription: Subscription) -> int:
    pending = desk.store.pending(subscription.id, desk.now)
    if not pending or slots.quiet_until(subscription.quiet, subscription.timezone, desk.now) is not None:
        return 0
    entries = desk.store.entries([one.id for one in pending])
    told = [entry for entry in entries if select.tells(subscription, entry)]
    groups = [[entry] for entry in told] if len(told) <= BURST else [told]
    published = sum(_alert(desk, subscription, group) for group in groups)
    shown = {entry.announcement.id for entry in told}
    left = [one.id for one in pending if one.id not in shown]
    if left:  # the filter changed since: claimed, so that they wait no longer
        desk.store.publish(compose.nothing(subscription, left, now=desk.now), [], left)
    return published


def _alert(desk: Desk, subscription: Subscription, group: Sequence[Entry]) -> int:
    found = min(select.told_from(subscription, entry) for entry in group)
    free = slots.quiet_until(subscription.quiet, subscription.timezone, found) or found
    late = int((desk.now - free).total_seconds())
    edition = compose.alert(subscription, group, now=desk.now, late=late)
    deliveries = deliveries_for(desk, edition, subscription, subscription.recipients)
    return int(desk.store.publish(edition, deliveries, [entry.announcement.id for entry in group]))


def _operations(desk: Desk) -> int:
    """Notices for operators, apart from news: one delivery for all that began or ended since the last one."""
    if not desk.config.operators:
        return 0
    until = desk.now - SETTLED
    since = desk.store.last_slot(compose.OPERATIONS, desk.now + AHEAD)
    if since is None or since > desk.now + AHEAD:  # the first time, or it was that while the clock was wrong
        since = until - timedelta(days=1)
        desk.store.register(compose.OPERATIONS, since)  # so that what is noted now is told, however late
    notices = desk.store.notices(since, until)
    if not notices:
        return 0
    edition = compose.operations(notices, now=until)
    subscription = operators_subscription(desk.config)
    return int(desk.store.publish(edition, deliveries_for(desk, edition, subscription, desk.config.operators), []))


def operators_subscription(config: Config) -> Subscription:
    """The digest that notices belong to; it speaks as the first configured digest does."""
    first = next(iter(config.subscriptions), None)
    return Subscription(
        id=compose.OPERATIONS,
        title="aiwatch",
        schedule="immediate",
        timezone=first.timezone if first else "UTC",
        lang=first.lang if first else "en",
        recipients=config.operators,
    )


def deliveries_for(desk: Desk, edition: Edition, subscription: Subscription, recipients: Sequence[str]) -> list[Delivery]:
    """A delivery for each recipient (several where a channel's limits ask for it), rendered and fixed."""
    made: list[Delivery] = []
    for recipient_id in dict.fromkeys(recipients):
        recipient = desk.config.recipient(recipient_id)
        left = (recipient_id, edition.digest_id) in desk.muted or (recipient_id, None) in desk.muted
        if recipient is None or left:
            continue
        made.extend(_deliveries(desk, edition, subscription, recipient))
    return made


def _deliveries(desk: Desk, edition: Edition, subscription: Subscription, recipient: Recipient) -> list[Delivery]:
    gone = desk.muted.get((address_key(recipient), None))
    return [
        Delivery(
            id=ident(edition.id, recipient.id) if number == 0 else ident(edition.id, recipient.id, number),
            edition_id=edition.id,
            digest_id=edition.digest_id,
            recipient_id=recipient.id,
            subject=message.subject,
            body={**message.body, "channel": recipient.channel.value},
            created_at=desk.now,
            state=DeliveryState.DEAD if gone else DeliveryState.READY,
            next_try_at=None if gone else desk.now,
            last_answer=gone,
        )
        for number, message in enumerate(_rendered(desk, edition, subscription, recipient))
    ]


def _rendered(desk: Desk, edition: Edition, subscription: Subscription, recipient: Recipient) -> tuple[Message, ...]:
    base_url = desk.config.web.base_url
    key = desk.store.secret(unsubscribe.KEY) if base_url else ""
    try:
        return render(edition, subscription, recipient, desk.templates, base_url, key)
    except Exception as error:
        if not desk.templates:
            raise
        # A template of the user's must not cost a digest: the shipped ones take its place, and operators are told.
        log.exception("a template in %s is wrong", desk.config.templates)
        desk.broken.append(str(error))
        text = f"A template in {desk.config.templates} cannot be used, the shipped ones take its place: {error}"
        desk.store.note([Notice(condition="template-broken", open=True, at=desk.now, text=text)])
        return render(edition, subscription, recipient, EMPTY, base_url, key)


def address_key(recipient: Recipient) -> str:
    """Who said "gone": the recipient at this very address. Another address in the configuration is a new start."""
    return f"{recipient.id}#{ident(recipient.address.reveal())}"


# --- sending --------------------------------------------------------------------------------------------------------------------


def _say(delivery: Delivery, receipt: Receipt, next_try_at: datetime | None) -> None:
    """A line a try: what did not arrive is a warning, so that a single pass from cron names it too."""
    told = f"{delivery.digest_id} to {delivery.recipient_id}"
    if receipt.verdict is Verdict.SENT:
        log.info("%s: sent: %s", told, delivery.subject)
    elif next_try_at is not None:
        log.warning("%s: not sent: %s; again at %s UTC", told, receipt.answer, f"{next_try_at:%Y-%m-%d %H:%M}")
    else:
        log.warning("%s: given up: %s; `aiwatch deliveries show %s` tells more", told, receipt.answer, delivery.id)


async def flush(
    store: Store,
    send: Send,
    config: Config,
    clock: Clock,
    *,
    db: Executor | None = None,
    jitter: Callable[[], float] = random.random,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> int:
    """Send what is ready until nothing is; how many were sent. ``db`` is the thread that owns the store; None runs its calls in place.

    Per recipient one delivery is under way at a time. A recipient that fails is left alone for a while (this call does not wait for it), so
    that a backlog for a dead endpoint costs one try and not a thousand time-outs.
    """
    round_ = _Round(store=store, send=send, config=config, clock=clock, db=db, jitter=jitter, pause=pause)
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

    store: Store
    send: Send
    config: Config
    clock: Clock
    db: Executor | None
    jitter: Callable[[], float]
    pause: Callable[[float], Awaitable[object]]
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    failed: dict[str, datetime] = field(default_factory=dict)  # until when it is left alone
    muted: Muted = field(default_factory=dict)
    sent: int = 0

    async def run(self) -> None:
        self.muted = await self.on_db(self.store.muted)
        while True:
            await self._claim()
            if not self.busy:
                return
            done, _ = await asyncio.wait(self.busy.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            for recipient_id in [name for name, task in self.busy.items() if task in done]:
                self.busy.pop(recipient_id).result()

    async def rest(self) -> None:
        """Let what is under way come to its end."""
        await asyncio.gather(*self.busy.values(), return_exceptions=True)

    async def _claim(self) -> None:
        """Start as many deliveries as there is room for, each to another recipient."""
        while len(self.busy) < CONCURRENCY:
            now = self.clock()
            skip = {*self.busy, *(name for name, until in self.failed.items() if until > now)}
            # One at a time: a second delivery to the same recipient must not be claimed before the first is settled.
            claimed = await self.on_db(self.store.claim_deliveries, now, 1, LEASE, skip)
            if not claimed:
                return
            delivery = claimed[0]
            self.busy[delivery.recipient_id] = asyncio.create_task(self._deliver(delivery), name=f"deliver {delivery.id}")

    async def _deliver(self, delivery: Delivery) -> None:
        recipient = self.config.recipient(delivery.recipient_id)
        receipt = await self._try(delivery, recipient)
        now = self.clock()
        channel = recipient.channel if recipient else Channel.WEBHOOK
        state, next_try_at = tries.decide(delivery, receipt, channel, now, self.jitter())
        await self._written(lambda: self._settle(delivery, recipient, receipt, state, next_try_at))
        _say(delivery, receipt, next_try_at)
        if state is DeliveryState.SENT:
            self.sent += 1
        elif receipt.verdict is Verdict.RETRY or receipt.gone:
            self.failed[delivery.recipient_id] = now + LEFT_ALONE

    async def _written(self, settle: Callable[[], None]) -> None:
        """Write the receipt; where the database cannot take it now, keep it and try again: what was sent must not be sent twice."""
        for wait in WRITE_AGAIN:
            try:
                return await self.on_db(settle)
            except StoreError as error:
                log.warning("a receipt cannot be written: %s; again in %d s", error, wait)
                await self.pause(wait)
        return await self.on_db(settle)

    async def _try(self, delivery: Delivery, recipient: Recipient | None) -> Receipt:
        if recipient is None:
            return Receipt(verdict=Verdict.REFUSED, answer="there is no such recipient in the configuration any more")
        if gone := self.muted.get((address_key(recipient), None)):
            return Receipt(verdict=Verdict.REFUSED, answer=gone)
        written = str(delivery.body.get("channel", recipient.channel.value))
        if written != recipient.channel.value:  # Slack would be sent the body of a webhook, and mail has no text in it
            said = f"it was written for {written}, and {recipient.id} is reached by {recipient.channel.value} now"
            advice = f"`aiwatch digest preview {delivery.digest_id} --since {delivery.created_at:%Y-%m-%d}` shows what it told"
            return Receipt(verdict=Verdict.REFUSED, answer=f"{said}; {advice}")
        try:
            return await self.send(delivery, recipient)
        except Exception as error:  # a bug in a sender must not cost the delivery, nor stop the others
            log.exception("delivery %s to %s failed", delivery.id, delivery.recipient_id)
            return Receipt(verdict=Verdict.RETRY, answer=f"internal error: {type(error).__name__}")

    def _settle(
        self,
        delivery: Delivery,
        recipient: Recipient | None,
        receipt: Receipt,
        state: DeliveryState,
        next_try_at: datetime | None,
    ) -> None:
        """Record the try, and what it says of the recipient."""
        now = self.clock()
        if receipt.gone and recipient is not None:  # before the try is settled: who said "gone" is not asked again, come what may
            reason = f"the address answered 410 Gone on {now:%Y-%m-%d %H:%M} UTC: {receipt.answer}"
            self.store.mute(address_key(recipient), None, reason, now)
            self.muted = self.store.muted()
        self.store.settle(delivery.id, receipt, state, now, next_try_at)
        if state is DeliveryState.SENT:  # a message of its first try shows as well that it is back
            self.store.hasten(delivery.recipient_id, now)
        elif receipt.retry_after:  # it asked for patience, and not for this one message alone
            self.store.put_off(delivery.recipient_id, now + timedelta(seconds=receipt.retry_after))
        if notices := tries.notices_of(delivery, receipt, state, now):
            self.store.note(notices)

    async def on_db(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self.db is None:
            return call(*args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.db, lambda: call(*args, **kwargs))
