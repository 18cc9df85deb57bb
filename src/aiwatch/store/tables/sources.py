"""Sources, what was learned of their rhythm, and every poll."""

from __future__ import annotations

SOURCE = """
CREATE TABLE source ( -- the configured sources, and what is remembered of each between polls
    n INTEGER PRIMARY KEY, -- row number
    id TEXT NOT NULL UNIQUE, -- as in sources.toml
    url TEXT NOT NULL, -- configured address, secrets masked
    url_hash TEXT NOT NULL, -- tells a changed address from the same one without keeping its secrets
    name TEXT NOT NULL, -- for people
    kind TEXT NOT NULL, -- feed, page, sitemap, github...
    tier TEXT NOT NULL, -- primary, press or community
    vendor TEXT, -- whose own source it is
    lang TEXT, -- language of its items
    timezone TEXT, -- IANA zone of its dates that carry none
    enabled INTEGER NOT NULL, -- 1: polled
    reason TEXT, -- why it is not enabled
    "groups" TEXT NOT NULL, -- JSON list of its groups
    "interval" INTEGER, -- seconds between polls, where configured
    allow_private INTEGER NOT NULL, -- 1: its address may be a private one
    options TEXT NOT NULL, -- JSON object of what its kind needs, secrets masked; request headers are never kept
    listed INTEGER NOT NULL, -- 0: it left the configuration; its items stay
    added_at TEXT NOT NULL, -- when it was first configured
    revision INTEGER NOT NULL DEFAULT 0, -- polls committed; guards against two writers
    next_poll_at TEXT, -- when it is due; a claim pushes it ahead
    polls INTEGER NOT NULL DEFAULT 0, -- polls that brought a readable body
    last_attempt_at TEXT, -- last poll of any outcome
    last_success_at TEXT, -- last poll that was answered well
    failures REAL NOT NULL DEFAULT 0, -- weighted failures since the last success
    failing_since TEXT, -- first failure since the last success
    last_error TEXT, -- the last failure in words
    etag TEXT, -- validator of the last body
    last_modified TEXT, -- validator of the last body, as the server spelled it
    unchanged_in_a_row INTEGER NOT NULL DEFAULT 0, -- answers 304 since the last full one
    body_hash TEXT, -- of the last body
    item_count INTEGER, -- items in the last readable body
    moved_to TEXT, -- where a permanent redirect leads
    moved_seen_at TEXT, -- when that redirect was first seen
    current_url TEXT, -- the address in use after a confirmed move
    gone INTEGER NOT NULL DEFAULT 0, -- 1: it answered 410
    items INTEGER NOT NULL DEFAULT 0, -- items ever stored
    last_item_at TEXT -- when the newest one was stored
)
"""

PART = """
CREATE TABLE part ( -- the sitemaps that the index of a sitemap lists, and what is known of each between polls
    source_n INTEGER NOT NULL REFERENCES source(n), -- the source
    url TEXT NOT NULL, -- its address, without secrets
    place INTEGER NOT NULL, -- its place in the index
    stated TEXT NOT NULL, -- the date that the index gave it when it was read; empty: none
    read_at TEXT, -- when it was read last; NULL: not yet
    etag TEXT, -- validator of its last body
    last_modified TEXT, -- validator of its last body, as the server spelled it
    body_hash TEXT, -- of its last body
    items INTEGER, -- items in its last readable body
    PRIMARY KEY (source_n, url)
) WITHOUT ROWID
"""

LOST_PART = """
CREATE TABLE lost_part ( -- the sitemaps that the index of a sitemap lists and that cannot be read
    source_n INTEGER NOT NULL REFERENCES source(n), -- the source
    url TEXT NOT NULL, -- its address, without secrets
    since TEXT NOT NULL, -- its first failure since it was read last, or came up
    reason TEXT NOT NULL, -- the last failure in words
    PRIMARY KEY (source_n, url)
) WITHOUT ROWID
"""

RHYTHM = """
CREATE TABLE rhythm ( -- what was learned of when a source publishes
    source_n INTEGER PRIMARY KEY REFERENCES source(n), -- the source
    value TEXT NOT NULL -- JSON: arrivals by hour of the week, weight, last arrivals
)
"""

POLL = """
CREATE TABLE poll ( -- every poll with its outcome
    n INTEGER PRIMARY KEY, -- row number
    source_n INTEGER NOT NULL REFERENCES source(n), -- the source
    at TEXT NOT NULL, -- when
    outcome TEXT NOT NULL, -- fetched, unchanged or failed
    status INTEGER, -- HTTP status
    reason TEXT, -- the failure, or what had to be mended, in words
    items INTEGER NOT NULL, -- items in the body
    fresh INTEGER NOT NULL, -- of them new
    revised INTEGER NOT NULL, -- of them edited
    overlap INTEGER, -- 1: the body reached back to what was known; NULL: nothing can be said
    gap_since TEXT, -- something may have been lost between then and this poll
    elapsed REAL NOT NULL, -- seconds
    size INTEGER NOT NULL -- bytes, decoded
)
"""
