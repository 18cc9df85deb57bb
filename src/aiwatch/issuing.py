"""A digest because somebody asks for it: as it would be now, published at once, or as a sample to somebody else.

    what waits, or was found since a time | assemble -> Made | rendered: a look at it, nothing is claimed
                                                             | samples:  sent past the outbox
                                                             | issue:    published as an edition of its own, and sent from the outbox

Nothing is printed here: ``told`` is called with each answer, and whoever asks says it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Protocol

from aiwatch import deliver, publish
from aiwatch.digest import select, slots, unshown, unsubscribe
from aiwatch.digest.render import Message, render
from aiwatch.model import Announcement, Delivery, DeliveryState, Edition, Entry, Filter, Receipt, Verdict, ident
from aiwatch.ports import Clock, Send, Store
from aiwatch.settings import Config, Recipient, Subscription
from aiwatch.views import DeliveryLine

MOST = 500  # announcements of a span that a look shows, and deliveries of an edition that are counted


class Archive(Protocol):
    """What is asked of the database here; ``store.library`` answers it. Methods raise StoreError."""

    def announcements(self, filter: Filter, /, *, limit: int = 50) -> tuple[list[Entry], str | None]:  # noqa: A002
        """A page of what was told, newest first."""

    def deliveries(
        self, states: Collection[DeliveryState] = (), *, limit: int = 50, digest_id: str | None = None
    ) -> list[DeliveryLine]:
        """Deliveries, newest first."""


Told = Callable[[Recipient, Receipt], None]  # what is done with each answer as it comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An edition as it stands now, and what it would claim."""

    config: Config
    subscription: Subscription
    edition: Edition
    pending: Sequence[Announcement]
    templates: Mapping[str, str]
    site: unsubscribe.Site | None

    @property
    def empty(self) -> bool:
        """It tells nothing."""
        return not (self.edition.entries or self.edition.rumors)

    def rendered(self, recipient: Recipient) -> tuple[Message, ...]:
        """What that recipient would get."""

        def attempt(edition: Edition) -> tuple[Message, ...]:
            return render(edition, self.subscription, recipient, self.templates, self.site)

        return unshown.without_breaking(self.edition, attempt)[1]


def make(round_: publish.Round, archive: Archive, subscription: Subscription, since: datetime | None = None) -> Made:
    """The edition of a digest as it would be now: what waits to be told or, with ``since``, everything found from then on."""
    store, now, base_url = round_.store, round_.now, round_.config.web.base_url
    window = publish.window(round_, subscription, now)
    pending: Sequence[Announcement] = store.pending(subscription.id, now)
    if since is not None:
        window = replace(window, since=since)
        found, _ = archive.announcements(replace(select.effective(subscription), since=since), limit=MOST)
        pending = [entry.announcement for entry in found]
    edition = publish.assemble(round_, subscription, store.entries([one.id for one in pending]), window)
    return Made(
        config=round_.config,
        subscription=subscription,
        edition=replace(edition, late=0),
        pending=pending,
        templates=round_.templates,
        site=unsubscribe.Site(base_url=base_url, key=store.secret(unsubscribe.KEY)) if base_url else None,
    )


async def samples(send: Send, made: Made, recipients: Sequence[Recipient], now: datetime, told: Told) -> int:
    """Send what was made straight away, past the outbox; how many did not arrive."""
    failed = 0
    for recipient in recipients:
        for number, message in enumerate(made.rendered(recipient)):
            receipt = await send(_sample(message, recipient, made.edition, now, number), recipient)
            failed += receipt.verdict is not Verdict.SENT
            told(recipient, receipt)
    return failed


def _sample(message: Message, recipient: Recipient, edition: Edition, now: datetime, number: int) -> Delivery:
    """A delivery that is in no outbox; its id is new at every call, since a sample is meant to arrive each time."""
    return Delivery(
        id=ident("sample", edition.id, recipient.address.reveal(), now.isoformat(), number),
        edition_id=edition.id,
        digest_id=edition.digest_id,
        recipient_id=recipient.id,
        subject=message.subject,
        body=message.body,
        created_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """How many deliveries an edition has, and how many of them did not arrive yet: these are the outbox's."""

    deliveries: int
    waiting: int


async def issue(round_: publish.Round, archive: Archive, send: Send, made: Made, clock: Clock, told: Told) -> Issued | None:
    """Publish what waits as an edition of its own, and send it; None where somebody else has published it meanwhile."""
    render_for = partial(publish.deliveries_for, round_, subscription=made.subscription, recipients=made.subscription.recipients)
    edition, deliveries = publish.laid_out(round_, made.edition, render_for)
    if not round_.store.publish(edition, deliveries, [one.id for one in made.pending]):
        return None

    async def telling(delivery: Delivery, recipient: Recipient) -> Receipt:
        receipt = await send(delivery, recipient)
        told(recipient, receipt)
        return receipt

    await deliver.flush(deliver.Courier(store=round_.store, send=telling, config=made.config, clock=clock))
    lines = archive.deliveries(digest_id=made.subscription.id, limit=MOST)
    states = [one.state for one in lines if one.edition_id == made.edition.id]
    return Issued(deliveries=len(states), waiting=sum(state is not DeliveryState.SENT for state in states))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """When a digest comes next, and what waits for it."""

    digest: str
    schedule: str
    timezone: str
    immediate: bool
    waiting: int
    last: datetime | None
    quiet_until: datetime | None
    next: tuple[datetime, ...]


def coming(store: Store | None, subscription: Subscription, now: datetime, count: int) -> Coming:
    """The next ``count`` times of a digest; before there is a database nothing waits for it."""
    immediate = slots.is_immediate(subscription)
    return Coming(
        digest=subscription.id,
        schedule=subscription.schedule,
        timezone=subscription.timezone,
        immediate=immediate,
        waiting=len(store.pending(subscription.id, now)) if store else 0,
        last=store.last_slot(subscription.id) if store and not immediate else None,
        quiet_until=slots.quiet_until(subscription.quiet, subscription.timezone, now),
        next=tuple(islice(slots.coming(subscription, now), count)),
    )
