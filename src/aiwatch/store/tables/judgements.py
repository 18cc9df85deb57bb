"""People's judgements of items and of names, and the names that items lend one another."""

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

HEARD = """
CREATE TABLE heard ( -- names in no list that later items are judged by
    name_key TEXT PRIMARY KEY, -- family, version and variant
    name TEXT NOT NULL, -- as the item gives it
    vendor TEXT, -- whose the item says it is
    modality TEXT NOT NULL, -- of what kind
    item_id TEXT NOT NULL REFERENCES item(id), -- which item gave it first
    at TEXT NOT NULL -- when
)
"""

# What older versions kept: numbered names, whose kind they did not.
HEARD_BEFORE = """
INSERT INTO heard (name_key, name, vendor, modality, item_id, at)
SELECT name_key, spelled, vendor, 'text', first_item_id, first_seen FROM name WHERE instr(name_key, '||') = 0
"""

NAME_ITEM = """
CREATE TABLE name_item ( -- the items that a name was counted for: one that is judged again, otherwise and back, counts once
    item_n INTEGER NOT NULL REFERENCES item(n), -- the item
    name_key TEXT NOT NULL, -- family, version and variant of the name
    PRIMARY KEY (item_n, name_key)
) WITHOUT ROWID
"""

# What older versions counted: what the rules, or people over them, say of items now.
_KEY = "value ->> 'family' || '|' || (value ->> 'version') || '|' || (value ->> 'variant')"
NAME_ITEMS_BEFORE = f"""
INSERT INTO name_item (item_n, name_key)
SELECT item_n, {_KEY} AS found FROM detection, json_each(models)
WHERE models <> '[]' AND (announcement OR stage = 'rumored') AND found IN (SELECT name_key FROM name)
UNION
SELECT item.n, {_KEY} AS found FROM correction JOIN item ON item.id = correction.item_id, json_each(models)
WHERE found IN (SELECT name_key FROM name)
"""  # noqa: S608  constants of this module

# What rules say that rumours are of was kept as a name; what a person has decided of it stays.
NO_NAMES = """
DELETE FROM name WHERE verdict IS NULL AND EXISTS (
    SELECT 1 FROM item JOIN detection ON detection.item_n = item.n, json_each(detection.models)
    WHERE item.id = first_item_id AND detection.stage = 'rumored' AND value ->> 'spelled' = '' AND value ->> 'name' = name.spelled
)
"""
