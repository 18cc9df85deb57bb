"""Digests: what waits, what was composed, what became of it, and who wants no more."""

from __future__ import annotations

OUTBOX = """
CREATE TABLE outbox ( -- who is to be told what; written together with the announcement
    digest_id TEXT NOT NULL, -- the digest
    announcement_id TEXT NOT NULL REFERENCES announcement(id), -- the announcement
    at TEXT NOT NULL, -- when the announcement was found
    edition_id TEXT REFERENCES edition(id), -- the edition that told it; NULL: waiting
    PRIMARY KEY (digest_id, announcement_id)
) WITHOUT ROWID
"""

EDITION = """
CREATE TABLE edition ( -- a digest's one issue
    id TEXT PRIMARY KEY, -- from digest and slot
    digest_id TEXT NOT NULL, -- the digest
    title TEXT NOT NULL, -- its title
    since TEXT NOT NULL, -- its window's begin
    until TEXT NOT NULL, -- its window's end: the slot
    created_at TEXT NOT NULL, -- when it was composed
    entries INTEGER NOT NULL -- announcements it tells
)
"""

DELIVERY = """
CREATE TABLE delivery ( -- one edition (or notice) to one recipient
    id TEXT PRIMARY KEY, -- from edition and recipient; idempotency key and stem of the Message-ID
    edition_id TEXT NOT NULL, -- the edition
    digest_id TEXT NOT NULL, -- the digest
    recipient_id TEXT NOT NULL, -- the recipient's name in the configuration; never an address
    subject TEXT NOT NULL, -- subject line
    created_at TEXT NOT NULL, -- when it was composed
    state TEXT NOT NULL, -- ready, sending, sent, dead or dropped
    attempts INTEGER NOT NULL, -- tries so far
    next_try_at TEXT, -- the next try
    due_at TEXT, -- when it may be claimed: the next try, or the end of a lease
    sent_at TEXT, -- when it was accepted
    last_answer TEXT, -- what the recipient's server last said
    receipt TEXT, -- what it said when it accepted
    body TEXT NOT NULL -- JSON object: what is sent, the same bytes at every try
)
"""

ATTEMPT = """
CREATE TABLE attempt ( -- every try of every delivery
    n INTEGER PRIMARY KEY, -- row number
    delivery_id TEXT NOT NULL REFERENCES delivery(id), -- the delivery
    at TEXT NOT NULL, -- when
    verdict TEXT NOT NULL, -- sent, retry or refused
    answer TEXT NOT NULL -- what the server said
)
"""

MUTE = """
CREATE TABLE mute ( -- who is not to be written to any more
    who TEXT NOT NULL, -- a recipient's name, with a fingerprint of its address where the address itself is dead
    digest_id TEXT NOT NULL, -- of which digest; empty: of all
    reason TEXT NOT NULL, -- unsubscribed, answered 410...
    at TEXT NOT NULL, -- since when
    PRIMARY KEY (who, digest_id)
) WITHOUT ROWID
"""

TOLD = """
CREATE TABLE told ( -- what a database had told that a backup replaced: found again, it is not told again
    digest_id TEXT NOT NULL, -- the digest
    announcement_id TEXT NOT NULL, -- the announcement, which may not have been found again yet
    story_id TEXT NOT NULL, -- its story
    edition_id TEXT NOT NULL, -- the edition that told it
    PRIMARY KEY (digest_id, announcement_id)
) WITHOUT ROWID
"""

HOLD = """
CREATE TABLE hold ( -- recipients that asked for patience (Retry-After): what is composed meanwhile waits as well
    recipient_id TEXT PRIMARY KEY, -- the recipient's name in the configuration
    until TEXT NOT NULL -- nothing new is tried before
) WITHOUT ROWID
"""

DIGEST = """
CREATE TABLE digest ( -- digests that were ever configured
    id TEXT PRIMARY KEY, -- as in aiwatch.toml
    registered_at TEXT NOT NULL -- since when it is due
) WITHOUT ROWID
"""
