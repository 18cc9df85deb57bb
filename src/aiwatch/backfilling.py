"""What a source's first poll recorded in silence, told after all, because a person asks for it.

timeline of the source ── kept ──> what nothing but its age keeps silent ── tell ──> the digests that want it
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from aiwatch import filters
from aiwatch.model import OF_AGE, Announcement, Filter, silence_of
from aiwatch.ports import Timeline
from aiwatch.settings import Subscription
from aiwatch.stories import telling

EVERYTHING = 100_000  # announcements of one source
BEFORE = timedelta(seconds=1)  # what is found "now" would wait for the second to be over, where a digest is composed within it


class Store(Protocol):
    """The one thing that is written; the store answers it."""

    def unsilence(self, ids: Collection[str], outbox: Sequence[tuple[str, str]], now: datetime) -> int:
        """Have announcements told that were silent: (digest id, announcement id) into the outbox; how many there were."""


def kept(timeline: Timeline, source_id: str, since: datetime) -> list[Announcement]:
    """What was kept silent of a source and published since then, as it would be told.

    Its age alone must keep it silent: other silences keep a launch from being told twice.
    """
    found = timeline.timeline(Filter(sources=(source_id,), stages=filters.ALL_STAGES), limit=EVERYTHING, silent=True)
    of_age = (one for one in found if silence_of(one.silent) in OF_AGE)
    return [replace(one, silent=None) for one in of_age if (one.published or one.at) >= since]


def tell(store: Store, found: Sequence[Announcement], subscriptions: Sequence[Subscription], now: datetime) -> int:
    """Have it told by the digests that want it; how many entries of digests that makes."""
    outbox = telling.outbox(found, subscriptions)
    store.unsilence([one.id for one in found], outbox, now - BEFORE)
    return len(outbox)
