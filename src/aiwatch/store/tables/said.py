"""What people say of items and names beside their judgements, and what their words leave to remember."""

from __future__ import annotations

# A judgement may wait for its item: in a backup that was restored, it is found again later.
LABEL = """
CREATE TABLE label ( -- people's judgements of items
    item_id TEXT PRIMARY KEY, -- the item; not there yet where it was judged after the backup that is now the database
    announcement INTEGER NOT NULL, -- 1: it is an announcement
    stage TEXT, -- of which step, where said
    note TEXT NOT NULL, -- why
    at TEXT NOT NULL -- when
)
"""
LABELS = (  # not renamed, so that a person's own views of it stay as they are
    "CREATE TABLE label_before AS SELECT item_id, announcement, stage, note, at FROM label",
    "DROP TABLE label",
    LABEL,
    "INSERT INTO label (item_id, announcement, stage, note, at) SELECT item_id, announcement, stage, note, at FROM label_before",
    "DROP TABLE label_before",
)

CORRECTION = """
CREATE TABLE correction ( -- what people say of an item beside yes or no
    item_id TEXT PRIMARY KEY, -- the item, as in label
    models TEXT NOT NULL, -- JSON list of the models that it is of; empty: those that the rules found
    apart INTEGER NOT NULL -- 1: it belongs to none of the stories that were there
)
"""

SAME = """
CREATE TABLE same ( -- names that people say mean another model
    name_key TEXT PRIMARY KEY, -- family, version and variant of the name
    spelled TEXT NOT NULL, -- the name
    vendor TEXT, -- whose it was told to be
    model TEXT NOT NULL, -- JSON list of the one model that it means
    at TEXT NOT NULL -- when
)
"""

BROUGHT = """
CREATE TABLE brought ( -- items that a digest has told, and whose announcements a person's word has moved since: none tells them again
    digest_id TEXT NOT NULL, -- the digest
    item_id TEXT NOT NULL, -- the item that told it; as in label
    edition_id TEXT NOT NULL, -- the edition that told it
    PRIMARY KEY (digest_id, item_id)
) WITHOUT ROWID
"""
