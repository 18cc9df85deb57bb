"""The tables of schema version 1, as SQL. The comments beside the columns are the documentation: ``docs/schema.md`` is made from them.

Times are text, ``2024-02-15T18:00:00+00:00``, always UTC: readable by people, understood by SQLite's date functions, and in the order of
time when sorted as text (``+`` sorts before ``.``, so fractions of a second do not disturb it). ``n`` columns are row numbers in
the order of arrival: newest first is a walk from the end, which costs the same at a thousand and at a million rows.
"""

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

STORY = """
CREATE TABLE story ( -- one model's (or one line-up's) coverage
    n INTEGER PRIMARY KEY, -- row number
    id TEXT NOT NULL UNIQUE, -- 16 hexadecimal digits
    name TEXT NOT NULL, -- the model's name
    vendor TEXT, -- who makes it
    modality TEXT NOT NULL, -- text, image, video...
    first_seen TEXT NOT NULL, -- its first item
    last_seen TEXT NOT NULL, -- its newest item
    models TEXT NOT NULL, -- JSON list
    keys TEXT NOT NULL -- JSON list of the identities it answers to
)
"""

STORY_KEY = """
CREATE TABLE story_key ( -- which stories answer to an identity
    key TEXT NOT NULL, -- family, version and variant, or a phonetic form
    story_n INTEGER NOT NULL REFERENCES story(n), -- the story
    PRIMARY KEY (key, story_n)
) WITHOUT ROWID
"""

STORY_STAGE = """
CREATE TABLE story_stage ( -- the steps of a story
    story_n INTEGER NOT NULL REFERENCES story(n), -- the story
    stage TEXT NOT NULL, -- which step
    position INTEGER NOT NULL, -- order among its steps
    first_seen TEXT NOT NULL, -- when anybody's word of it was first seen
    item_id TEXT NOT NULL REFERENCES item(id), -- that item
    source_id TEXT NOT NULL REFERENCES source(id), -- and its source
    primary_item_id TEXT REFERENCES item(id), -- the vendor's own item
    primary_seen TEXT, -- when that was seen
    told INTEGER NOT NULL, -- 1: it became an announcement that subscribers could get
    PRIMARY KEY (story_n, stage)
) WITHOUT ROWID
"""

MENTION = """
CREATE TABLE mention ( -- which items belong to which story
    story_n INTEGER NOT NULL REFERENCES story(n), -- the story
    item_n INTEGER NOT NULL REFERENCES item(n), -- the item
    source_n INTEGER NOT NULL REFERENCES source(n), -- its source
    stage TEXT NOT NULL, -- the step it speaks of
    at TEXT NOT NULL, -- when it was seen
    role TEXT NOT NULL, -- first, primary, follow-up, or mention: it names the model and tells nothing
    PRIMARY KEY (story_n, item_n)
) WITHOUT ROWID
"""

ANNOUNCEMENT = """
CREATE TABLE announcement ( -- a story's step to a new stage: what is told
    n INTEGER PRIMARY KEY, -- row number
    id TEXT NOT NULL UNIQUE, -- from story and stage
    story_n INTEGER NOT NULL REFERENCES story(n), -- the story
    stage TEXT NOT NULL, -- the step
    name TEXT NOT NULL, -- the model's name
    vendor TEXT, -- who makes it
    modality TEXT NOT NULL, -- text, image, video...
    at TEXT NOT NULL, -- when it was found
    published TEXT, -- when the item says it was published
    score REAL NOT NULL, -- the detection's score
    silent TEXT, -- why it is recorded and not told; NULL: told
    item_id TEXT NOT NULL REFERENCES item(id), -- its first item
    source_id TEXT NOT NULL REFERENCES source(id), -- that item's source
    tier TEXT NOT NULL, -- that source's tier
    lang TEXT, -- that item's language
    title TEXT NOT NULL, -- that item's title
    url TEXT, -- that item's page
    quote TEXT NOT NULL, -- one line of what is new
    vendors TEXT NOT NULL, -- its vendor and its models' vendors, folded, a line each: what filters look at
    modalities TEXT NOT NULL, -- likewise
    names TEXT NOT NULL, -- its name and its models' names, folded, a line each
    models TEXT NOT NULL -- JSON list of the models
)
"""

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

MUTE = """
CREATE TABLE mute ( -- who is not to be written to any more
    who TEXT NOT NULL, -- a recipient's name, with a fingerprint of its address where the address itself is dead
    digest_id TEXT NOT NULL, -- of which digest; empty: of all
    reason TEXT NOT NULL, -- unsubscribed, answered 410...
    at TEXT NOT NULL, -- since when
    PRIMARY KEY (who, digest_id)
) WITHOUT ROWID
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

DIGEST = """
CREATE TABLE digest ( -- digests that were ever configured
    id TEXT PRIMARY KEY, -- as in aiwatch.toml
    registered_at TEXT NOT NULL -- since when it is due
) WITHOUT ROWID
"""

HEARTBEAT = """
CREATE TABLE heartbeat ( -- signs of life
    what TEXT PRIMARY KEY, -- of what: tick, canary...
    at TEXT NOT NULL -- the last one
) WITHOUT ROWID
"""

SEARCH = """
CREATE VIRTUAL TABLE item_fts USING fts5(
    words, cjk, facets, content='', tokenize='unicode61 remove_diacritics 2'
)
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

TABLES = (
    SOURCE,
    RHYTHM,
    POLL,
    ITEM,
    ITEM_REVISION,
    ALIAS,
    DETECTION,
    STORY,
    STORY_KEY,
    STORY_STAGE,
    MENTION,
    ANNOUNCEMENT,
    EDITION,
    OUTBOX,
    DELIVERY,
    ATTEMPT,
    NOTICE,
    LABEL,
    NAME,
    MUTE,
    DAY,
    TALLY,
    DIGEST,
    HEARTBEAT,
    SEARCH,
)

LATER = (SIGNING, LEASE)  # of 0002_secret
PUSHES = (PUSH,)  # of 0003_push
