"""What becomes of a delivery after a try: when it is tried again, when it is given up, and what operators hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.digest import compose
from aiwatch.model import Delivery, DeliveryState, Notice, Receipt, Verdict
from aiwatch.settings import Channel

FAILING = 6  # tries after which operators hear that a recipient does not answer

# Seconds from one try to the next. Webhooks and chats: the schedule of Standard Webhooks with one more day, so that it spans three days
# even where the jitter is at its shortest. Mail: RFC 5321 asks for half an hour at least and for four to five days; the second try is
# earlier because greylisting ends after minutes.
WEBHOOK_DELAYS = (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600, 24 * 3600)
MAIL_DELAYS = (600, 2700, 2700, *(3600,) * 98)
JITTER = 0.2
# For so long at least a message is tried. The delays alone would not do: each message that arrives brings the others' next tries forward,
# and one that is refused while others arrive would be out of tries within hours.
WEBHOOK_SPAN = timedelta(days=3)
MAIL_SPAN = timedelta(days=4)


def decide(
    delivery: Delivery, receipt: Receipt, channel: Channel, now: datetime, jitter: float
) -> tuple[DeliveryState, datetime | None]:
    """What becomes of a delivery after a try; ``jitter`` is 0 to 1 and spreads the next one by a fifth either way.

    It is given up when its tries are spent and it is three days old (mail: four), or refused for good.
    """
    if receipt.verdict is Verdict.SENT:
        return DeliveryState.SENT, None
    delays, span = (MAIL_DELAYS, MAIL_SPAN) if channel is Channel.EMAIL else (WEBHOOK_DELAYS, WEBHOOK_SPAN)
    # Not of what a clock that was ahead has composed: it would be tried for ever.
    early = timedelta(0) <= now - delivery.created_at < span
    if receipt.verdict is Verdict.REFUSED or (delivery.attempts >= len(delays) and not early):
        return DeliveryState.DEAD, None
    wait = delays[min(delivery.attempts, len(delays) - 1)] * (1 - JITTER + 2 * JITTER * jitter)
    return DeliveryState.READY, now + timedelta(seconds=max(wait, receipt.retry_after or 0))


def notices_of(delivery: Delivery, receipt: Receipt, state: DeliveryState, now: datetime, *, reached: bool) -> list[Notice]:
    """What operators are to hear of a try: once when a recipient is lost or does not answer for hours, once when it is back.

    ``reached``: other messages reach it these minutes. That one is not taken is no failure of the recipient's then.
    """
    if delivery.digest_id == compose.OPERATIONS:
        return []
    dead, failing = f"delivery-dead:{delivery.recipient_id}", f"delivery-failing:{delivery.recipient_id}"
    who = f"recipient {delivery.recipient_id}"
    if state is DeliveryState.SENT:
        back = f"Deliveries to {who} arrive again."
        return [Notice(condition=condition, open=False, at=now, text=back) for condition in (dead, failing)]
    if state is DeliveryState.DEAD:
        lost = f"A delivery to {who} was given up: {receipt.answer}. `aiwatch deliveries list --failed` shows it, `resend` tries again."
        return [Notice(condition=dead, open=True, at=now, text=lost)]
    if delivery.attempts + 1 >= FAILING and not reached:
        text = f"Nothing has reached {who} in {delivery.attempts + 1} tries: {receipt.answer}. Trying goes on."
        return [Notice(condition=failing, open=True, at=now, text=text)]
    return []
