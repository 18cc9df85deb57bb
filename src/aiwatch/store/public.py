"""The views: the part of the schema that people's own queries, Datasette and spreadsheets may rely on.

A column keeps its name and meaning across versions; new ones may be added. The views are dropped and made again whenever a database is
opened for writing by a version that has others, so that they never lag behind the code.
"""

from __future__ import annotations

ANNOUNCEMENTS = """
CREATE VIEW announcements AS -- what was found: one row for each step of each story, told or not
SELECT
    announcement.id AS id, -- announcement
    announcement.at AS at, -- when it was found, UTC
    announcement.name AS name, -- the model
    announcement.vendor AS vendor, -- who makes it
    announcement.modality AS modality, -- text, image, video...
    announcement.stage AS stage, -- rumored, announced, preview, released, open_weights, updated, deprecated
    announcement.title AS title, -- title of its first item
    announcement.url AS url, -- page of its first item
    source.name AS source, -- where it was first seen
    announcement.source_id AS source_id, -- that source's id
    announcement.tier AS tier, -- primary (the vendor's own), press or community
    announcement.lang AS lang, -- language of its first item
    announcement.quote AS quote, -- one line of what is new
    announcement.published AS published, -- when the item says it was published
    announcement.score AS score, -- sum of the weights of its evidence
    announcement.silent IS NULL AS told, -- 1: subscribers could get it
    announcement.silent AS silent, -- why it was not told
    story.id AS story_id, -- its story
    announcement.item_id AS item_id -- its first item
FROM announcement
JOIN story ON story.n = announcement.story_n
JOIN source ON source.id = announcement.source_id
"""

STORIES = """
CREATE VIEW stories AS -- one row for each model that was written about; without what a person took back
SELECT
    story.id AS id, -- story
    story.name AS name, -- the model
    story.vendor AS vendor, -- who makes it
    story.modality AS modality, -- text, image, video...
    (SELECT stage FROM story_stage WHERE story_n = story.n ORDER BY first_seen DESC, position DESC LIMIT 1) AS stage, -- newest step
    (SELECT group_concat(stage, ', ') FROM (SELECT stage FROM story_stage WHERE story_n = story.n ORDER BY first_seen, position))
        AS stages, -- all steps, in the order of time
    story.first_seen AS first_seen, -- time of its first report, UTC: when that was published, else when it was seen
    story.last_seen AS last_seen, -- time of its newest report, likewise; mentions do not count
    (SELECT count(*) FROM mention WHERE story_n = story.n) AS members, -- items that belong to it, mentions too
    (SELECT count(DISTINCT source_n) FROM mention WHERE story_n = story.n) AS outlets -- sources of these
FROM story
WHERE story.keys <> '[]'
"""

MENTIONS = """
CREATE VIEW mentions AS -- one row for each item that belongs to a story
SELECT
    story.id AS story_id, -- the story
    story.name AS story, -- its model
    item.id AS item_id, -- the item
    mention.stage AS stage, -- the step it speaks of
    mention.role AS role, -- first, primary (the vendor's own), follow-up, or mention (it names the model and tells nothing)
    mention.at AS at, -- when it was published, where that is believed, else when it was seen, UTC
    source.name AS source, -- by which source
    source.id AS source_id, -- that source's id
    source.tier AS tier, -- primary, press or community
    item.lang AS lang, -- its language
    item.title AS title, -- its title
    item.url AS url -- its page
FROM mention
JOIN story ON story.n = mention.story_n
JOIN item ON item.n = mention.item_n
JOIN source ON source.n = mention.source_n
"""

DOCUMENTS = """
CREATE VIEW documents AS -- one row for each item ever seen, with what the rules said of it
SELECT
    item.id AS id, -- the item
    item.first_seen_at AS seen_at, -- when it was first seen, UTC
    item.published AS published, -- when it says it was published
    source.name AS source, -- which source
    source.id AS source_id, -- that source's id
    source.tier AS tier, -- primary, press or community
    item.lang AS lang, -- its language
    item.title AS title, -- its title
    item.url AS url, -- its page
    item.guid AS guid, -- the id that its source gives it
    item.summary AS summary, -- its summary
    item.revision AS revision, -- 1, and one more for every edit
    detection.announcement AS announcement, -- 1: it announces a model
    detection.stage AS stage, -- of which step
    detection.score AS score, -- sum of the weights of its evidence
    detection.threshold AS threshold, -- what would have been enough
    detection.models AS models, -- JSON list of the models it names
    detection.evidence AS evidence -- JSON list of the rules that fired
FROM item
JOIN source ON source.n = item.source_n
LEFT JOIN detection ON detection.item_n = item.n AND detection.revision = item.revision
"""

SOURCES_HEALTH = """
CREATE VIEW sources_health AS -- one row for each configured source
SELECT
    source.id AS id, -- as in sources.toml
    source.name AS name, -- for people
    source.url AS url, -- its address
    source.kind AS kind, -- feed, page, sitemap...
    source.tier AS tier, -- primary, press or community
    source.vendor AS vendor, -- whose own source it is
    source.lang AS lang, -- language of its items
    CASE
        WHEN source.gone THEN 'gone'
        WHEN NOT source.enabled THEN 'paused'
        WHEN source.failing_since IS NOT NULL THEN 'failing'
        WHEN EXISTS (SELECT 1 FROM lost_part WHERE lost_part.source_n = source.n) THEN 'partly'
        WHEN source.last_success_at IS NULL THEN 'waiting'
        WHEN EXISTS (SELECT 1 FROM notice WHERE closed_at IS NULL AND condition = 'source-quiet:' || source.id) THEN 'quiet'
        WHEN EXISTS (SELECT 1 FROM notice WHERE closed_at IS NULL AND condition = 'source-floods:' || source.id) THEN 'floods'
        ELSE 'ok'
    END AS health, -- gone, paused, failing, partly (a part cannot be read), waiting, quiet (nothing new), floods (no end of it) or ok
    source.last_success_at AS last_success_at, -- last poll that was answered well, UTC
    source.next_poll_at AS next_poll_at, -- the next poll, UTC
    source.failing_since AS failing_since, -- first failure since then, UTC
    source.last_error AS last_error, -- the last failure in words
    source.polls AS polls, -- polls that brought a readable body
    source.items AS items, -- items ever stored
    source.last_item_at AS last_item_at -- when the newest one was stored, UTC
FROM source
WHERE source.listed
"""

DELIVERIES = """
CREATE VIEW deliveries AS -- one row for each edition to each recipient
SELECT
    delivery.id AS id, -- idempotency key
    delivery.created_at AS created_at, -- when it was composed, UTC
    delivery.digest_id AS digest, -- which digest
    delivery.recipient_id AS recipient, -- to whom, as named in aiwatch.toml
    delivery.subject AS subject, -- subject line
    delivery.state AS state, -- ready, sending, sent, dead or dropped
    delivery.attempts AS attempts, -- tries so far
    delivery.next_try_at AS next_try_at, -- the next try, UTC
    delivery.sent_at AS sent_at, -- when it was accepted, UTC
    delivery.last_answer AS last_answer, -- what the recipient's server last said
    delivery.edition_id AS edition_id, -- its edition
    (SELECT count(*) FROM outbox WHERE outbox.edition_id = delivery.edition_id) AS announcements -- how many it tells
FROM delivery
"""

ATOM = """
CREATE VIEW atom AS -- what was told, with the column names that the datasette-atom plugin makes a feed of
SELECT
    'urn:aiwatch:' || announcement.id AS atom_id, -- stable id of the entry
    announcement.name || ' (' || replace(announcement.stage, '_', ' ') || ')'
        || coalesce(' by ' || announcement.vendor, '') AS atom_title, -- model, step and vendor
    announcement.at AS atom_updated, -- when it was found, UTC
    announcement.url AS atom_link, -- page of its first item
    announcement.title || char(10) || announcement.quote AS atom_content -- title of that item, and what is new; plain text
FROM announcement
WHERE announcement.silent IS NULL AND announcement.stage <> 'rumored'
ORDER BY announcement.at DESC
"""

VIEWS = {
    "announcements": ANNOUNCEMENTS,
    "stories": STORIES,
    "mentions": MENTIONS,
    "documents": DOCUMENTS,
    "sources_health": SOURCES_HEALTH,
    "deliveries": DELIVERIES,
    "atom": ATOM,
}
