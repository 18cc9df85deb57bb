"""From announcements to editions: what is due is composed, rendered for each recipient, and published.

    slot due? | pending announcements | compose | render for each recipient | publish   (one transaction; claims the rows)

Publishing fixes the bodies: ``deliver`` sends what stands there, at every try the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TypeAlias

from aiwatch import liveness
from aiwatch.digest import compose, select, slots, unshown, unsubscribe
from aiwatch.digest.render import Message, render
from aiwatch.errors import Conflict, StoreError
from aiwatch.model import EMPTY, Delivery, DeliveryState, Edition, Entry, Notice, Unshown, Watch, ident
from aiwatch.ports import Store
from aiwatch.settings import Config, Recipient, Subscription

log = logging.getLogger(__name__)
Muted: TypeAlias = Mapping[tuple[str, str | None], str]  # (recipient or address key, digest or None for all) -> why

BURST = 5  # announcements told one by one when they wait together; more become one edition
FLOOD = timedelta(minutes=1)  # in which so many were told: what comes now waits for the end of it, to come as one
# A slot further ahead of now was told by a clock that was wrong, and must not silence a digest; clocks differ by less.
AHEAD = timedelta(minutes=5)
QUIET = timedelta(days=31)  # an edition looks no further back than that for gaps and near misses of days without news
SETTLED = timedelta(minutes=2)  # a notice this old has surely been committed, however long the commit waited for a lock


def compose_due(store: Store, config: Config, now: datetime, templates: Mapping[str, str] = EMPTY) -> int:
    """Publish every edition that is due; how many there were. ``templates`` are the user's own, by file name.

    Publishing is once per digest and slot (or announcement): a second caller, or the same one after a crash, changes nothing.
    """
    round_ = Round(store=store, config=config, now=now, templates=templates, muted=store.muted() if config.subscriptions else {})
    published = 0
    for subscription in config.subscriptions:
        try:
            due = _immediate(round_, subscription) if slots.is_immediate(subscription) else _scheduled(round_, subscription)
            published += due
            if due:
                store.note(_mended(round_, subscription))
        except Conflict:
            log.info("digest %s: another edition told these announcements meanwhile", subscription.id)
        except StoreError:
            raise
        except Exception as error:  # a bug met by one digest must not silence the others
            log.exception("digest %s cannot be composed", subscription.id)
            text = f"Digest {subscription.id} cannot be composed ({type(error).__name__}); see the log. Its announcements wait."
            store.note([Notice(condition=f"digest-broken:{subscription.id}", open=True, at=now, text=text)])
    return published + _operations(round_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of composing: what it works with, and the moment that all its editions are of."""

    store: Store
    config: Config
    now: datetime
    templates: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    muted: Muted = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)  # templates that could not be used, as they are met


def _mended(round_: Round, subscription: Subscription) -> list[Notice]:
    """The conditions that a published edition shows to be over; the store ignores those that were not open."""
    text = f"Digest {subscription.id} is composed again."
    over = [Notice(condition=f"digest-broken:{subscription.id}", open=False, at=round_.now, text=text)]
    if not round_.broken:
        over.append(Notice(condition="template-broken", open=False, at=round_.now, text="The templates can be used again."))
    return over


def _scheduled(round_: Round, subscription: Subscription) -> int:
    last = round_.store.last_slot(subscription.id, round_.now + AHEAD)
    if last is None:  # a new digest starts now: it does not catch up with slots before it was there
        round_.store.register(subscription.id, round_.now)
        return 0
    if last > round_.now + AHEAD:  # it began while the clock was wrong
        last = round_.now - timedelta(hours=1)
    slot = slots.due(subscription, last, round_.now)
    if slot is None:
        return 0
    # Everything found so far goes in, also what was found after the slot: claimed rows, not times, say what has been told.
    entries = round_.store.entries([one.id for one in round_.store.pending(subscription.id, round_.now)])
    told = [entry.announcement.id for entry in entries if select.tells(subscription, entry)]
    edition = assemble(round_, subscription, entries, window(round_, subscription, slot, last))
    quiet_day = compose.is_empty(edition) and not subscription.send_empty
    render_for = partial(
        deliveries_for, round_, subscription=subscription, recipients=() if quiet_day else subscription.recipients
    )
    published = _claimed(round_, edition, render_for, told)
    _unwanted(round_, subscription, [entry.announcement.id for entry in entries], told, slot)
    return published


def window(round_: Round, subscription: Subscription, slot: datetime, last: datetime | None = None) -> compose.Window:
    """What the edition of a slot speaks of, ``last`` the slot before.

    Since the last one that anybody got: a quiet day's gaps and near misses are told by the next.
    """
    got = round_.store.last_slot(subscription.id, slot, sent=True) or slot
    since = max(min(got, slot), slot - QUIET)
    return compose.Window(since=since, until=slot, missed=slots.first_missed(subscription, last or since, round_.now))


def assemble(round_: Round, subscription: Subscription, entries: Sequence[Entry], window: compose.Window) -> Edition:
    """The edition of a window from what the store knows; also what ``digest preview`` shows."""
    near = round_.store.near_misses(window.since, window.until, compose.NEAR_ENOUGH) if subscription.near_misses else []
    tail = compose.Tail(near=tuple(near), watch=_watch(round_, window))
    return compose.compose(subscription, entries, window, tail, now=round_.now)


def _watch(round_: Round, window: compose.Window) -> Watch:
    """The coverage of a window; in one that is shorter than ``max_interval`` a source that was not due yet is watched as well.

    Before the first poll the store need not know the sources yet: those of the configuration count.
    """
    found = round_.store.watch(window.since, window.until)
    if not found.polled:
        return replace(found, sources=sum(source.enabled for source in round_.config.sources))
    found = replace(found, idle=_idle(round_, window, found.last))
    one_poll_each = window.until - timedelta(seconds=round_.config.polling.max_interval)
    if window.since <= one_poll_each:
        return found
    return replace(found, watched=round_.store.watch(one_poll_each, window.until).watched)


def _idle(round_: Round, window: compose.Window, last: datetime | None) -> bool:
    """Whether nothing was polled for so long that no service ran: an edition that catches up is composed before the polls that do."""
    if last and last < (window.missed or window.until) and compose.behind(window, round_.now):
        return True
    return liveness.unpolled_since(last, round_.config.polling, round_.now) is not None


def _immediate(round_: Round, subscription: Subscription) -> int:
    # What waits is read last: through a night or a flood it may be very much, and this is asked at every tick.
    if slots.quiet_until(subscription.quiet, subscription.timezone, round_.now) is not None:
        return 0
    if round_.store.told(subscription.id, round_.now - FLOOD, round_.now) >= BURST:
        return 0
    pending = round_.store.pending(subscription.id, round_.now)
    if not pending:
        return 0
    entries = round_.store.entries([one.id for one in pending])
    told = [entry for entry in entries if select.tells(subscription, entry)]
    groups = [[entry] for entry in told] if len(told) <= BURST else [told]
    published = sum(_alert(round_, subscription, group) for group in groups)
    _unwanted(round_, subscription, [one.id for one in pending], [entry.announcement.id for entry in told], round_.now)
    return published


def _unwanted(round_: Round, subscription: Subscription, waited: Sequence[str], told: Sequence[str], at: datetime) -> None:
    """Claim what the filter no longer wants by an edition that nobody gets, so that it waits no longer and is not called told."""
    if left := sorted({*waited}.difference(told)):
        _claimed(round_, compose.nothing(subscription, left, now=at), lambda _: [], left)


def _alert(round_: Round, subscription: Subscription, group: Sequence[Entry]) -> int:
    found = min(select.told_from(subscription, entry) for entry in group)
    free = slots.quiet_until(subscription.quiet, subscription.timezone, found) or found
    late = int((round_.now - free).total_seconds())
    edition = compose.alert(subscription, group, now=round_.now, late=late)
    render_for = partial(deliveries_for, round_, subscription=subscription, recipients=subscription.recipients)
    return _claimed(round_, edition, render_for, [entry.announcement.id for entry in group])


def _claimed(round_: Round, edition: Edition, render_for: Callable[[Edition], list[Delivery]], told: Sequence[str]) -> int:
    """Publish an edition under the first of its ids that is free.

    An announcement that a person took back or named anew leaves its id, and its alert, to the launch that comes after it; and a slot may
    have been told already, by a clock that was ahead of it.
    """
    for turn in count():
        taken = replace(edition, id=compose.again(edition.id, turn))
        if round_.store.publish(*laid_out(round_, taken, render_for), told):
            return 1
        waiting = {one.id for one in round_.store.pending(edition.digest_id, round_.now)}
        if not told or not waiting.issuperset(told):
            return 0  # there is nothing to tell, or somebody else has told it meanwhile
    raise AssertionError("there is no end to the ids")


def laid_out(round_: Round, edition: Edition, render_for: Callable[[Edition], list[Delivery]]) -> tuple[Edition, list[Delivery]]:
    """The edition and its deliveries; what cannot be laid out is only named in them, and operators are told."""
    found, deliveries = unshown.without_breaking(edition, render_for, partial(_logged, edition.digest_id))
    lost = [f"{one.name} (`aiwatch explain {one.item_id}`)" for one in found.unshown]
    text = f"Digest {edition.digest_id} only names what cannot be laid out: {', '.join(lost)}. The log says where it broke."
    over = f"Digest {edition.digest_id} shows all that it tells again."
    if not compose.is_empty(edition):
        condition = f"digest-unshown:{edition.digest_id}"
        round_.store.note([Notice(condition=condition, open=bool(lost), at=round_.now, text=text if lost else over)])
    return found, deliveries


def _logged(digest_id: str, one: Unshown, error: Exception) -> None:
    log.error("digest %s: %s (item %s) cannot be laid out", digest_id, one.name, one.item_id, exc_info=error)


def _operations(round_: Round) -> int:
    """Notices for operators, apart from news: one delivery for all that began or ended since the last one."""
    if not round_.config.operators:
        return 0
    until = round_.now - SETTLED
    since = round_.store.last_slot(compose.OPERATIONS, round_.now + AHEAD)
    if since is None or since > round_.now + AHEAD:  # the first time, or it was that while the clock was wrong
        since = until - timedelta(days=1)
        round_.store.register(compose.OPERATIONS, since)  # so that what is noted now is told, however late
    notices = round_.store.notices(since, until)
    if not notices:
        return 0
    edition = compose.operations(notices, now=until)
    subscription = compose.to_operators(round_.config)
    return int(round_.store.publish(edition, deliveries_for(round_, edition, subscription, round_.config.operators), []))


def recipients_of(config: Config, muted: Muted, subscription: Subscription) -> tuple[list[Recipient], dict[str, str]]:
    """Whom a digest reaches; and its other recipients, by their ids, with the reason why not."""
    known = [one for name in dict.fromkeys(subscription.recipients) if (one := config.recipient(name)) is not None]
    stopped = {
        one.id: why
        for one in known
        if (why := _left(muted, one.id, subscription.id) or muted.get((one.address_key, None))) is not None
    }
    return [one for one in known if one.id not in stopped], stopped


def _left(muted: Muted, recipient_id: str, digest_id: str) -> str | None:
    return muted.get((recipient_id, digest_id)) or muted.get((recipient_id, None))


def deliveries_for(round_: Round, edition: Edition, subscription: Subscription, recipients: Sequence[str]) -> list[Delivery]:
    """A delivery for each recipient (several where a channel's limits ask for it), rendered and fixed."""
    made: list[Delivery] = []
    for recipient_id in dict.fromkeys(recipients):
        recipient = round_.config.recipient(recipient_id)
        if recipient is None or _left(round_.muted, recipient_id, edition.digest_id):
            continue
        made.extend(_deliveries(round_, edition, subscription, recipient))
    return made


def _deliveries(round_: Round, edition: Edition, subscription: Subscription, recipient: Recipient) -> list[Delivery]:
    gone = round_.muted.get((recipient.address_key, None))
    return [
        Delivery(
            id=ident(edition.id, recipient.id) if number == 0 else ident(edition.id, recipient.id, number),
            edition_id=edition.id,
            digest_id=edition.digest_id,
            recipient_id=recipient.id,
            subject=message.subject,
            body={**message.body, "channel": recipient.channel.value},
            created_at=round_.now,
            state=DeliveryState.DEAD if gone else DeliveryState.READY,
            next_try_at=None if gone else round_.now,
            last_answer=gone,
        )
        for number, message in enumerate(_rendered(round_, edition, subscription, recipient))
    ]


def _rendered(round_: Round, edition: Edition, subscription: Subscription, recipient: Recipient) -> tuple[Message, ...]:
    base_url = round_.config.web.base_url
    site = unsubscribe.Site(base_url=base_url, key=round_.store.secret(unsubscribe.KEY)) if base_url else None
    try:
        return render(edition, subscription, recipient, round_.templates, site)
    except Exception as error:
        if not round_.templates:
            raise
        # A template of the user's must not cost a digest: the shipped ones take its place, and operators are told.
        log.exception("a template in %s is wrong", round_.config.templates)
        round_.broken.append(str(error))
        text = f"A template in {round_.config.templates} cannot be used, the shipped ones take its place: {error}"
        round_.store.note([Notice(condition="template-broken", open=True, at=round_.now, text=text)])
        return render(edition, subscription, recipient, EMPTY, site)
