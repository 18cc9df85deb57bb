"""What a person says of deliveries: each is settled once, and what cannot be is answered with why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from aiwatch import settling
from aiwatch.errors import StoreError
from aiwatch.model import Delivery, DeliveryState
from aiwatch.settings import Channel, Config, Recipient, Secret
from aiwatch.views import DeliveryLine, DeliveryView

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ME = Recipient(id="me", channel=Channel.WEBHOOK, address=Secret("https://me.example/hook"))
CONFIG = Config(database="x.db", recipients=(ME,))


def view(name: str, state: DeliveryState, recipient: str = "me", body: dict[str, object] | None = None) -> DeliveryView:
    delivery = Delivery(
        id=name, edition_id="e", digest_id="d", recipient_id=recipient, subject="s", body=body or {}, created_at=NOW, state=state
    )
    return DeliveryView(delivery=delivery, attempts=(), announcements=())


@dataclass
class Kept:
    """The archive and the store at once: what is kept, and what was written of it."""

    views: list[DeliveryView]
    written: list[tuple[str, ...]] = field(default_factory=list)

    def delivery(self, ref: str) -> DeliveryView | None:
        return next((one for one in self.views if one.delivery.id.startswith(ref)), None)

    def deliveries(
        self, states: Collection[DeliveryState] = (), *, limit: int = 50, digest_id: str | None = None
    ) -> list[DeliveryLine]:
        return [one.line for one in self.views if one.delivery.state in states][:limit]

    def unmute(self, who: str, digest_id: str | None) -> bool:
        self.written.append(("unmute", who))
        return True

    def settle_by_hand(self, delivery_id: str, state: DeliveryState, now: datetime, why: str) -> bool:
        self.written.append((state.value, delivery_id))
        return delivery_id != "busy"


KEPT = [
    view("dead", DeliveryState.DEAD, body={"text": "t"}),
    view("other", DeliveryState.DEAD, "you", {"text": "t"}),
    view("sent", DeliveryState.SENT),
    view("busy", DeliveryState.SENDING),
]


def test_one_that_is_named_and_failed_is_chosen_once_and_others_recipients_are_left_alone() -> None:
    kept = Kept(KEPT)
    assert [one.id for one in settling.chosen(kept, ["sent", "de"], failed=True, recipient_id="me")] == ["sent", "dead"]
    assert [one.id for one in settling.chosen(kept, ["busy"])] == ["busy"]
    with pytest.raises(StoreError, match="there is no delivery nought"):
        settling.chosen(kept, ["nought"])


def test_an_address_is_believed_again_before_its_message_is_sent_again() -> None:
    kept = Kept(KEPT)
    settled = settling.resend(kept, CONFIG, settling.chosen(kept, ["dead", "other", "busy"]), NOW)
    assert [(one.id, one.refused) for one in settled] == [("dead", False), ("other", False), ("busy", True)]
    assert kept.written[:3] == [("unmute", ME.address_key), ("ready", "dead"), ("ready", "other")]


def test_what_was_sent_is_not_given_up_and_nothing_is_written_of_it() -> None:
    kept = Kept(KEPT)
    settled = settling.drop(kept, settling.chosen(kept, ["sent", "dead"]), NOW)
    assert [(one.id, one.refused) for one in settled] == [("sent", True), ("dead", False)]
    assert kept.written == [("dropped", "dead")]


def test_what_has_no_text_any_more_is_not_sent_again() -> None:
    settling.chosen(Kept(KEPT), ["dead"], again=True)
    with pytest.raises(StoreError, match=r"^sent: retention removed its text"):
        settling.chosen(Kept(KEPT), ["dead", "sent"], again=True)
