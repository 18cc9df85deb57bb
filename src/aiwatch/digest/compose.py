"""Announcements -> ``Edition``: what one issue of a digest holds, in which order, and what it says about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from aiwatch.digest import select, slots
from aiwatch.model import Edition, Entry, NearMiss, Notice, Stage, Watch, ident
from aiwatch.settings import Config, Subscription

OPERATIONS = "_operations"  # the digest id of notices for operators; a configured id cannot begin with an underscore
WORTH_A_WORD = 15 * 60  # seconds behind its slot from which an edition says that it is late
LINES = 200  # entries beyond the limit that still get a line each; what is beyond those is counted
NEAR_MISSES = 10  # at the end of an edition
NEAR_ENOUGH = 50 * NEAR_MISSES  # are looked at for those: a narrow filter leaves few, and news to the reader are fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time an edition speaks of: after ``since``, up to ``until``. ``missed`` is the first slot that should have told it."""

    since: datetime
    until: datetime
    missed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What stands below the announcements."""

    near: tuple[NearMiss, ...] = ()
    watch: Watch = field(default_factory=Watch)
    notices: tuple[Notice, ...] = ()


def compose(subscription: Subscription, entries: Sequence[Entry], window: Window, tail: Tail, *, now: datetime) -> Edition:
    """The edition of a slot. Its id is that of digest and slot, so composing again gives the same edition."""
    shown = [entry for entry in entries if select.tells(subscription, entry)]
    near = [miss for miss in tail.near if select.touches(subscription.filter, miss)]
    ordered = select.by_importance(entry for entry in shown if entry.announcement.stage is not Stage.RUMORED)
    rumors = select.by_importance(entry for entry in shown if entry.announcement.stage is Stage.RUMORED)
    room = subscription.limit + LINES
    return Edition(
        id=ident(subscription.id, window.until.isoformat()),
        digest_id=subscription.id,
        title=subscription.title,
        since=window.since,
        until=window.until,
        entries=tuple(ordered[:room]),
        rumors=tuple(rumors[:room]),
        near=_news_to_the_reader(near, shown) if subscription.near_misses else (),
        watch=tail.watch,
        next_at=slots.next_slot(subscription, max(now, window.until)),
        late=behind(window, now),
        notices=tail.notices,
        more=max(0, len(ordered) - room) + max(0, len(rumors) - room),
    )


def behind(window: Window, now: datetime) -> int:
    """Seconds that an edition comes after its slot, or after the first that was missed; 0 where that is not worth a word."""
    seconds = int((now - (window.missed or window.until)).total_seconds())
    return seconds if seconds >= WORTH_A_WORD else 0


def _news_to_the_reader(near: Sequence[NearMiss], shown: Sequence[Entry]) -> tuple[NearMiss, ...]:
    """Near misses without further words on what the edition tells anyway."""
    told = {model.name.casefold() for entry in shown for model in entry.announcement.models}
    told |= {entry.announcement.name.casefold() for entry in shown}
    kept = (miss for miss in near if not any(name in miss.title.casefold() for name in told if name))
    return tuple(islice(kept, NEAR_MISSES))


def alert(subscription: Subscription, entries: Sequence[Entry], *, now: datetime, late: int = 0) -> Edition:
    """An immediate edition: one announcement, or the several that had to wait together. Its id is that of what it tells."""
    ordered = select.by_importance(entry for entry in entries if entry.announcement.stage is not Stage.RUMORED)
    rumors = select.by_importance(entry for entry in entries if entry.announcement.stage is Stage.RUMORED)
    return Edition(
        id=alert_id(subscription.id, [entry.announcement.id for entry in entries]),
        digest_id=subscription.id,
        title=subscription.title,
        since=min((entry.announcement.at for entry in entries), default=now),
        until=now,
        entries=tuple(ordered),
        rumors=tuple(rumors),
        late=late if late >= WORTH_A_WORD else 0,
    )


def nothing(subscription: Subscription, announcement_ids: Sequence[str], *, now: datetime) -> Edition:
    """An immediate edition that claims announcements without telling them."""
    edition_id = alert_id(subscription.id, announcement_ids)
    return Edition(id=edition_id, digest_id=subscription.id, title=subscription.title, since=now, until=now)


def alert_id(digest_id: str, announcement_ids: Sequence[str]) -> str:
    """The id of an immediate edition; a story's first mail is found by it when the next step replies to that mail."""
    return ident(digest_id, *sorted(announcement_ids))


def again(edition_id: str, turn: int) -> str:
    """The id of an edition whose own has told something else; the id itself at turn 0."""
    return ident(edition_id, turn) if turn else edition_id


def operations(notices: Sequence[Notice], *, now: datetime) -> Edition:
    """Notices for operators. The id is that of the conditions and their times."""
    ordered = sorted(notices, key=lambda notice: (notice.at, notice.condition))
    return Edition(
        id=ident(OPERATIONS, *(f"{notice.condition}@{notice.at.isoformat()}:{notice.open}" for notice in ordered)),
        digest_id=OPERATIONS,
        title="aiwatch",
        since=min((notice.at for notice in ordered), default=now),
        until=now,
        notices=tuple(ordered),
    )


def to_operators(config: Config) -> Subscription:
    """The digest that notices belong to; it speaks as the first configured digest does."""
    first = next(iter(config.subscriptions), None)
    return Subscription(
        id=OPERATIONS,
        title="aiwatch",
        schedule="immediate",
        timezone=first.timezone if first else "UTC",
        lang=first.lang if first else "en",
        recipients=config.operators,
    )


def is_empty(edition: Edition) -> bool:
    """Nothing to tell: no announcement, no rumour, no notice. Near misses alone are no reason to write."""
    return not (edition.entries or edition.rumors or edition.notices)
