"""The indexes of the tables: which walk serves which question (``bench/query_speed.py`` measures them)."""

from __future__ import annotations

from aiwatch.model import Note

# Each order of a list has an index that holds all that filters look at: a list is a walk of it and never touches the wide rows.
_FILTERED = "silent, stage, tier, lang, source_id, vendor, modality, vendors, modalities, names"
ANNOUNCEMENT_ORDERS = (
    f"CREATE INDEX announcement_at ON announcement(at, score, published, {_FILTERED})",
    f"CREATE INDEX announcement_score ON announcement(score, at, published, {_FILTERED})",
    f"CREATE INDEX announcement_published ON announcement(coalesce(published, at), at, published, score, {_FILTERED})",
)

INDEXES = (
    "CREATE INDEX source_due ON source(next_poll_at) WHERE enabled AND listed AND NOT gone",
    "CREATE INDEX poll_of_source ON poll(source_n, at)",
    "CREATE INDEX poll_gap ON poll(at) WHERE gap_since IS NOT NULL",
    "CREATE INDEX item_of_source ON item(source_n)",
    "CREATE INDEX detection_near ON detection(at) WHERE near_miss",
    "CREATE INDEX mention_of_item ON mention(item_n)",
    "CREATE INDEX story_seen ON story(last_seen, n)",
    "CREATE INDEX announcement_of_story ON announcement(story_n)",
    *ANNOUNCEMENT_ORDERS,
    "CREATE INDEX announcement_of_item ON announcement(item_id)",
    "CREATE INDEX outbox_waiting ON outbox(digest_id, at) WHERE edition_id IS NULL",
    "CREATE INDEX outbox_of_announcement ON outbox(announcement_id)",
    "CREATE INDEX outbox_of_edition ON outbox(edition_id)",
    "CREATE INDEX edition_slot ON edition(digest_id, until)",
    "CREATE INDEX edition_new ON edition(created_at)",
    "CREATE INDEX delivery_due ON delivery(due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX delivery_of_edition ON delivery(edition_id)",
    "CREATE INDEX delivery_new ON delivery(created_at)",
    "CREATE INDEX attempt_of_delivery ON attempt(delivery_id)",
    "CREATE UNIQUE INDEX notice_open ON notice(condition) WHERE closed_at IS NULL",
)

# Each poll asks which of its source's items wait for their pages. There are a few of them among all that came in a month.
WAITING = f"(instr(notes, '{Note.PAGE_OWED}') OR instr(notes, '{Note.PAGE_LATE}'))"
OWED = (f"CREATE INDEX item_owed ON item(source_n) WHERE {WAITING}",)  # of 0008_owed; the notes are kept as they are for its sake
