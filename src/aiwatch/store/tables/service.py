"""The service's own: conditions, signs of life, what it signs with, and what hubs promised and sent."""

from __future__ import annotations

NOTICE = """
CREATE TABLE notice ( -- conditions of the service itself
    n INTEGER PRIMARY KEY, -- row number
    condition TEXT NOT NULL, -- such as source-down:openai-news
    opened_at TEXT NOT NULL, -- when it began
    opened_text TEXT NOT NULL, -- in words
    closed_at TEXT, -- when it ended; NULL: it goes on
    closed_text TEXT -- in words
)
"""

HEARTBEAT = """
CREATE TABLE heartbeat ( -- signs of life
    what TEXT PRIMARY KEY, -- of what: tick, canary...
    at TEXT NOT NULL -- the last one
) WITHOUT ROWID
"""

SIGNING = """
CREATE TABLE secret ( -- random texts that sign what this service gives out: links to unsubscribe, subscriptions at hubs
    name TEXT PRIMARY KEY, -- what it signs
    value TEXT NOT NULL -- 64 hexadecimal digits, made once
) WITHOUT ROWID
"""

LEASE = """
CREATE TABLE lease ( -- subscriptions at hubs (WebSub)
    source_id TEXT PRIMARY KEY, -- of which source
    asked_at TEXT NOT NULL, -- when the hub was asked last
    since TEXT, -- when the hub confirmed it
    until TEXT, -- until when the hub promised to push; NULL: never confirmed, or denied
    answer TEXT -- what went wrong at the last asking; NULL: nothing
) WITHOUT ROWID
"""

PUSH = """
CREATE TABLE push ( -- bodies that hubs sent and the daemon has not read yet
    n INTEGER PRIMARY KEY, -- in the order of arrival
    source_id TEXT NOT NULL, -- for which source
    at TEXT NOT NULL, -- when
    body BLOB NOT NULL -- a feed's document, as sent
)
"""
