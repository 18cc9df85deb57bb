"""Stories with their steps and mentions, and the announcements that come of them."""

from __future__ import annotations

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
