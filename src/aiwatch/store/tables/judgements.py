"""People's judgements of items and of names."""

from __future__ import annotations

LABEL = """
CREATE TABLE label ( -- people's judgements of items
    item_id TEXT PRIMARY KEY REFERENCES item(id), -- the item
    announcement INTEGER NOT NULL, -- 1: it is an announcement
    stage TEXT, -- of which step, where said
    note TEXT NOT NULL, -- why
    at TEXT NOT NULL -- when
)
"""

NAME = """
CREATE TABLE name ( -- model names that were seen in announcements and that the lexicon does not have
    name_key TEXT PRIMARY KEY, -- family, version and variant
    spelled TEXT NOT NULL, -- the name as first seen
    vendor TEXT, -- who makes it, where the text says so
    first_item_id TEXT NOT NULL REFERENCES item(id), -- where it was first seen
    first_seen TEXT NOT NULL, -- when
    seen INTEGER NOT NULL, -- in how many items
    verdict TEXT, -- accepted or ignored by a person; NULL: undecided
    judged_at TEXT -- when
)
"""
