"""What people say of items and names beside their judgements, and what their words leave to remember."""

from __future__ import annotations

CORRECTION = """
CREATE TABLE correction ( -- what people say of an item beside yes or no
    item_id TEXT PRIMARY KEY REFERENCES item(id), -- the item
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
    item_id TEXT NOT NULL REFERENCES item(id), -- the item that told it
    edition_id TEXT NOT NULL, -- the edition that told it
    PRIMARY KEY (digest_id, item_id)
) WITHOUT ROWID
"""
