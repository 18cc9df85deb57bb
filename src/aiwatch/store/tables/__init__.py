"""The tables as SQL, in the order in which they are made.

The comments beside the columns are the documentation: ``docs/schema.md`` is made from them.

Times are text, ``2024-02-15T18:00:00+00:00``, always UTC: readable by people, understood by SQLite's date functions, and in the order of
time when sorted as text (``+`` sorts before ``.``, so fractions of a second do not disturb it). ``n`` columns are row numbers in
the order of arrival: newest first is a walk from the end, which costs the same at a thousand and at a million rows.
"""

from __future__ import annotations

from aiwatch.store.tables import deliveries, items, judgements, said, service, sources, stories

TABLES = (
    sources.SOURCE,
    sources.RHYTHM,
    sources.POLL,
    items.ITEM,
    items.ITEM_REVISION,
    items.ALIAS,
    items.DETECTION,
    stories.STORY,
    stories.STORY_KEY,
    stories.STORY_STAGE,
    stories.MENTION,
    stories.ANNOUNCEMENT,
    deliveries.EDITION,
    deliveries.OUTBOX,
    deliveries.DELIVERY,
    deliveries.ATTEMPT,
    service.NOTICE,
    judgements.LABEL,
    judgements.NAME,
    deliveries.MUTE,
    items.DAY,
    items.TALLY,
    deliveries.DIGEST,
    service.HEARTBEAT,
    items.SEARCH,
)

LATER = (service.SIGNING, service.LEASE)  # of 0002_secret
PUSHES = (service.PUSH,)  # of 0003_push
HEARD = (judgements.HEARD, judgements.HEARD_BEFORE)  # of 0004_heard
HOLDS = (deliveries.HOLD,)  # of 0005_hold
TOLD = (deliveries.TOLD,)  # of 0006_told
PARTS = (sources.PART,)  # of 0009_parts
LOST = (sources.LOST_PART,)  # of 0010_lost
COUNTED = (judgements.NAME_ITEM, judgements.NO_NAMES, judgements.NAME_ITEMS_BEFORE)  # of 0011_counted
SAID = (*said.LABELS, said.CORRECTION, said.SAME, said.BROUGHT)  # of 0007_said
