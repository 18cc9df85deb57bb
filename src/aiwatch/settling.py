"""Deliveries that a person settles by hand: sent again from the first try on, or given up.

ids, and all that failed ── chosen ──> deliveries ── resend, or drop ──> Settled, one for each
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiwatch.errors import StoreError
from aiwatch.model import DeliveryState
from aiwatch.settings import Config
from aiwatch.views import DeliveryLine, DeliveryView

FAILED = (DeliveryState.DEAD,)
MOST = 10_000  # deliveries that are settled at once
UNDER_WAY = "it is being sent right now; try again in a minute"
WAS_SENT = "it was sent; there is nothing to give up"


class Archive(Protocol):
    """What is asked of the database here; ``store.library`` answers it. Methods raise StoreError."""

    def delivery(self, ref: str, /) -> DeliveryView | None:
        """A delivery by its id or unique first digits of it."""

    def deliveries(
        self, states: Collection[DeliveryState] = (), *, limit: int = 50, digest_id: str | None = None
    ) -> list[DeliveryLine]:
        """Deliveries, newest first."""


class Store(Protocol):
    """What is written; the store answers it. Methods raise StoreError."""

    def unmute(self, who: str, digest_id: str | None) -> bool:
        """Write again. False if nobody had said not to."""

    def settle_by_hand(self, delivery_id: str, state: DeliveryState, now: datetime, why: str) -> bool:
        """READY sends again from the first try on, DROPPED gives up. False if there is none, or it is being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a delivery; ``refused``: it stays as it was."""

    id: str
    said: str
    refused: bool = False


def one(archive: Archive, ref: str) -> DeliveryView:
    """The delivery of that id, or of that beginning of one. Raises StoreError where there is none."""
    found = archive.delivery(ref)
    if found is None:
        raise StoreError(f"there is no delivery {ref}; `aiwatch deliveries list` shows their ids")
    return found


def chosen(
    archive: Archive, refs: Sequence[str], *, failed: bool = False, recipient_id: str | None = None, again: bool = False
) -> list[DeliveryLine]:
    """The deliveries of these ids and, where asked, all that ``failed``, each once; of one recipient, where one is named.

    To be sent ``again``, those that are named must have their texts: retention leaves those of what failed. Raises StoreError.
    """
    named = [one(archive, ref) for ref in refs]
    if bare := [found.delivery.id for found in named if again and not found.delivery.body]:
        raise StoreError(f"{', '.join(bare)}: retention removed its text, so it cannot be sent again")
    lines = [*(found.line for found in named), *(archive.deliveries(FAILED, limit=MOST) if failed else ())]
    return list({line.id: line for line in lines if recipient_id in (None, line.recipient_id)}.values())


def resend(store: Store, config: Config, lines: Sequence[DeliveryLine], now: datetime) -> list[Settled]:
    """Have them sent again; an address that said "gone" is believed again."""
    settled = []
    for line in lines:
        if (recipient := config.recipient(line.recipient_id)) is not None:
            store.unmute(recipient.address_key, None)
        done = store.settle_by_hand(line.id, DeliveryState.READY, now, "sent again by hand")
        settled.append(Settled(id=line.id, said="to be sent again" if done else UNDER_WAY, refused=not done))
    return settled


def refusal(line: DeliveryLine) -> Settled | None:
    """The answer for what cannot be given up: it was sent."""
    return Settled(id=line.id, said=WAS_SENT, refused=True) if line.state is DeliveryState.SENT else None


def drop(store: Store, lines: Sequence[DeliveryLine], now: datetime) -> list[Settled]:
    """Give them up. They stay in the list, as dropped."""
    return [refusal(line) or _dropped(store, line, now) for line in lines]


def _dropped(store: Store, line: DeliveryLine, now: datetime) -> Settled:
    done = store.settle_by_hand(line.id, DeliveryState.DROPPED, now, "dropped by hand")
    return Settled(id=line.id, said="dropped" if done else UNDER_WAY, refused=not done)
