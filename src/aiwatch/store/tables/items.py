"""Items with what the rules said of them, how they are found again, and how many there are."""

from __future__ import annotations

ITEM = """
CREATE TABLE item ( -- every item's newest revision
    n INTEGER PRIMARY KEY, -- row number, in the order of arrival
    id TEXT NOT NULL UNIQUE, -- from source and key, 16 hexadecimal digits
    source_n INTEGER NOT NULL REFERENCES source(n), -- the source
    revision INTEGER NOT NULL, -- 1, and one more for every edit
    first_seen_at TEXT NOT NULL, -- when a poll brought revision 1
    seen_at TEXT NOT NULL, -- when a poll brought this revision
    published TEXT, -- as the source says
    updated TEXT, -- as the source says
    lang TEXT, -- language
    content_hash TEXT NOT NULL, -- changes when what a reader sees changes
    facets TEXT NOT NULL, -- what the search index holds of vendor, stage, language, source
    pruned_at TEXT, -- when retention removed its text; identity and verdict stay
    key TEXT NOT NULL, -- what makes it the same entry next time
    guid TEXT, -- as the source says
    url TEXT, -- its page
    title TEXT NOT NULL, -- title
    authors TEXT NOT NULL, -- JSON list
    categories TEXT NOT NULL, -- JSON list
    aliases TEXT NOT NULL, -- JSON list of its other identities
    notes TEXT NOT NULL, -- JSON list of what the parser had to mend
    summary TEXT NOT NULL, -- summary
    content TEXT NOT NULL -- full text, where the source gives it
)
"""

ITEM_REVISION = """
CREATE TABLE item_revision ( -- what an item said before it was edited
    item_n INTEGER NOT NULL REFERENCES item(n), -- the item
    revision INTEGER NOT NULL, -- which revision
    seen_at TEXT NOT NULL, -- when a poll brought it
    published TEXT, -- as the source said
    updated TEXT, -- as the source said
    url TEXT, -- its page
    title TEXT NOT NULL, -- title
    summary TEXT NOT NULL, -- summary
    content TEXT NOT NULL, -- full text
    PRIMARY KEY (item_n, revision)
)
"""

ALIAS = """
CREATE TABLE alias ( -- other identities of items: canonical address, title and day
    hash INTEGER NOT NULL, -- 64 bits of the alias
    source_n INTEGER NOT NULL REFERENCES source(n), -- within which source
    item_n INTEGER NOT NULL REFERENCES item(n), -- the item that had it first
    PRIMARY KEY (hash, source_n)
) WITHOUT ROWID
"""

DETECTION = """
CREATE TABLE detection ( -- what the rules said of each revision of each item, whether or not it passed
    item_n INTEGER NOT NULL REFERENCES item(n), -- the item
    revision INTEGER NOT NULL, -- its revision
    announcement INTEGER NOT NULL, -- 1: it announces a model
    near_miss INTEGER NOT NULL, -- 1: just below the bar
    at TEXT NOT NULL, -- when it was judged
    stage TEXT NOT NULL, -- rumored, announced, preview, released, open_weights, updated, deprecated or none
    score REAL NOT NULL, -- sum of the weights of the evidence
    threshold REAL NOT NULL, -- what would have been enough
    models TEXT NOT NULL, -- JSON list of the models named
    evidence TEXT NOT NULL, -- JSON list of the rules that fired, with their place in the text
    near TEXT NOT NULL, -- JSON list of the rules that nearly fired
    rules TEXT NOT NULL, -- digest of the rule set
    PRIMARY KEY (item_n, revision)
) WITHOUT ROWID
"""

SEARCH = """
CREATE VIRTUAL TABLE item_fts USING fts5(
    words, cjk, facets, content='', tokenize='unicode61 remove_diacritics 2'
)
"""

DAY = """
CREATE TABLE day ( -- items by day of arrival: a span of time is a span of row numbers
    day TEXT PRIMARY KEY, -- UTC
    items INTEGER NOT NULL, -- how many
    first_n INTEGER NOT NULL, -- lowest row number of that day
    last_n INTEGER NOT NULL -- highest row number of that day
) WITHOUT ROWID
"""

TALLY = """
CREATE TABLE tally ( -- counts kept while writing, so that figures of a million documents need no scan
    kind TEXT NOT NULL, -- source or lang (of items); vendor, modality or stage (of announcements that were told)
    key TEXT NOT NULL, -- which one; empty: unknown
    day TEXT NOT NULL, -- UTC day of arrival
    count INTEGER NOT NULL, -- how many
    PRIMARY KEY (kind, key, day)
) WITHOUT ROWID
"""
