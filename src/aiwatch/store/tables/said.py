"""What people say of items and names beside their judgements."""

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
