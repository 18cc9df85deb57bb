"""Stories, their steps and members, and the announcements made of them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiwatch.model import Announcement, Coverage, Entry, Folded, Mention, Silence, Stage, Story, StoryStage, Tier
from aiwatch.names.vendors import standing
from aiwatch.store import _items, codec
from aiwatch.store.codec import clean, dump, many, maybe_clean, maybe_moment, maybe_stamp, moment, stamp

# --- reading --------------------------------------------------------------------------------------------------------------


def by_keys(db: sqlite3.Connection, keys: Collection[str]) -> list[Story]:
    """Return the stories that answer to any of ``keys``, oldest first."""
    rows = db.execute(
        "SELECT * FROM story WHERE n IN (SELECT story_n FROM story_key WHERE key IN (SELECT value FROM json_each(?))) ORDER BY n",
        (many(keys),),
    ).fetchall()
    return load(db, rows)


def by_ids(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Story]:
    """Return stories by id."""
    rows = db.execute("SELECT * FROM story WHERE id IN (SELECT value FROM json_each(?))", (many(ids),)).fetchall()
    return {story.id: story for story in load(db, rows)}


def members(db: sqlite3.Connection, ids: Collection[str]) -> list[int]:
    """Return the rows of the items that stand in stories, but for those that only mention them."""
    rows = db.execute(
        "SELECT DISTINCT item_n FROM mention JOIN story ON story.n = story_n "
        "WHERE story.id IN (SELECT value FROM json_each(?)) AND role <> 'mention'",
        (many(ids),),
    )
    return [row["item_n"] for row in rows]


def withdrawn(db: sqlite3.Connection) -> list[Story]:
    """Return the stories whose announcements a person's word took back, oldest first."""
    rows = db.execute(
        "SELECT * FROM story WHERE n IN (SELECT story_n FROM announcement WHERE silent LIKE ? || '%') ORDER BY n",
        (Silence.WITHDRAWN,),
    ).fetchall()
    return load(db, rows)


def load(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[Story]:
    """Return the stories of ``story`` rows, with their steps."""
    steps: dict[int, list[StoryStage]] = defaultdict(list)
    found = db.execute(
        "SELECT story_stage.*, announcement.silent FROM story_stage LEFT JOIN announcement "
        "ON announcement.story_n = story_stage.story_n AND announcement.stage = story_stage.stage "
        "WHERE story_stage.story_n IN (SELECT value FROM json_each(?)) ORDER BY story_stage.story_n, position",
        (many(row["n"] for row in rows),),
    )
    for step in found:
        steps[step["story_n"]].append(codec.load_stage(step))
    return [codec.load_story(row, steps[row["n"]]) for row in rows]


def announcements(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Announcement]:
    """Return announcements by id."""
    rows = db.execute(
        f"SELECT {codec.ANNOUNCEMENT_COLUMNS} FROM {codec.ANNOUNCEMENT_FROM} "  # noqa: S608  constants of this package
        "WHERE announcement.id IN (SELECT value FROM json_each(?))",
        (many(ids),),
    )
    return {row["id"]: codec.load_announcement(row) for row in rows}


def entries(db: sqlite3.Connection, found: Iterable[Announcement]) -> list[Entry]:
    """Return announcements with their stories and their coverage: the vendor's own first, then by time seen."""
    made = list(found)
    ids = {one.story_id for one in made}
    stories, members = by_ids(db, ids), coverage(db, ids)
    return [
        Entry(announcement=one, story=stories[one.story_id], coverage=_of(one, members.get(one.story_id, ()))) for one in made
    ]


def _of(one: Announcement, members: Iterable[_Member]) -> tuple[Coverage, ...]:
    """Who had this step: who had the rumour was not first with the launch, and the preview's headline is none of the release's."""
    return tuple(member.report for member in members if member.stage is one.stage or member.item_id == one.item_id)


@dataclass(frozen=True, slots=True)
class _Member:
    """An item of a story, and the step that it is coverage of."""

    item_id: str
    stage: Stage
    report: Coverage


_COVERAGE = """
SELECT story.id AS story_id, source.id AS source_id, source.name AS source_name, source.tier, source.vendor, item.lang, item.title,
    item.url, mention.at, mention.stage, item.id AS item_id, item.published, item.first_seen_at, story.vendor AS maker
FROM story JOIN mention ON mention.story_n = story.n JOIN item ON item.n = mention.item_n JOIN source ON source.n = mention.source_n
WHERE story.id IN (SELECT value FROM json_each(?)) AND mention.role <> 'mention'
ORDER BY mention.at, item.n
"""


def coverage(db: sqlite3.Connection, story_ids: Collection[str]) -> dict[str, list[_Member]]:
    """Return the members of stories by story id."""
    found: dict[str, list[_Member]] = defaultdict(list)
    for row in db.execute(_COVERAGE, (many(story_ids),)):
        report = Coverage(
            source_id=row["source_id"],
            source_name=row["source_name"],
            tier=standing(Tier(row["tier"]), row["vendor"], row["maker"]),
            lang=row["lang"],
            title=row["title"],
            url=row["url"],
            seen_at=moment(row["at"]),
            published=maybe_moment(row["published"]),
            found_at=moment(row["first_seen_at"]),
        )
        found[row["story_id"]].append(_Member(row["item_id"], Stage(row["stage"]), report))
    return {story: sorted(members, key=lambda one: one.report.tier is not Tier.PRIMARY) for story, members in found.items()}


_MENTIONS = """
SELECT story.id AS story_id, item.id AS item_id, source.id AS source_id, mention.stage, mention.at, mention.role
FROM mention JOIN story ON story.n = mention.story_n JOIN item ON item.n = mention.item_n JOIN source ON source.n = mention.source_n
WHERE mention.item_n = (SELECT n FROM item WHERE id = ?) ORDER BY mention.at, story.n
"""


def mentions_of(db: sqlite3.Connection, item_id: str) -> list[Mention]:
    """Return the stories an item belongs to."""
    return [codec.load_mention(row) for row in db.execute(_MENTIONS, (item_id,))]


# --- writing --------------------------------------------------------------------------------------------------------------

_STORY_ROW = """
INSERT INTO story (id, name, vendor, modality, first_seen, last_seen, models, keys) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, vendor = excluded.vendor, modality = excluded.modality, models = excluded.models,
    keys = excluded.keys,
"""
_STORY = (
    f"{_STORY_ROW} first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen) RETURNING n"
)
_PUT = f"{_STORY_ROW} first_seen = excluded.first_seen, last_seen = excluded.last_seen RETURNING n"

# ``told`` never goes back, and the earliest sight of a step stays: two polls in flight may have folded the same story.
_STAGE = """
INSERT INTO story_stage (story_n, stage, position, first_seen, item_id, source_id, primary_item_id, primary_seen, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (story_n, stage) DO UPDATE SET position = excluded.position,
    item_id = iif(excluded.first_seen < first_seen, excluded.item_id, item_id),
    source_id = iif(excluded.first_seen < first_seen, excluded.source_id, source_id),
    first_seen = min(first_seen, excluded.first_seen),
    primary_item_id = coalesce(excluded.primary_item_id, primary_item_id),
    primary_seen = coalesce(excluded.primary_seen, primary_seen), told = max(told, excluded.told)
"""
_MENTION = """
INSERT INTO mention (story_n, item_n, source_n, stage, at, role)
SELECT story.n, item.n, item.source_n, ?, ?, ? FROM story, item WHERE story.id = ? AND item.id = ?
ON CONFLICT (story_n, item_n) DO UPDATE SET stage = excluded.stage, role = excluded.role
"""
_ANNOUNCEMENT_ROW = """
INSERT INTO announcement (id, story_n, stage, name, vendor, modality, at, published, score, silent, item_id, source_id, tier, lang, title,
    url, quote, vendors, modalities, names, models)
VALUES (?, (SELECT n FROM story WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, vendor = excluded.vendor, modality = excluded.modality, at = excluded.at,
    published = excluded.published, score = excluded.score, item_id = excluded.item_id, source_id = excluded.source_id,
    tier = excluded.tier, lang = excluded.lang, title = excluded.title, url = excluded.url, quote = excluded.quote,
    vendors = excluded.vendors, modalities = excluded.modalities, names = excluded.names, models = excluded.models,
"""
_ANNOUNCEMENT = f"{_ANNOUNCEMENT_ROW} silent = NULL WHERE silent IS NOT NULL AND excluded.silent IS NULL"
_ANNOUNCE = f"{_ANNOUNCEMENT_ROW} silent = excluded.silent, story_n = excluded.story_n, stage = excluded.stage"

_CORRECT = """
UPDATE announcement SET name = ?, title = ?, lang = ?, quote = ?, vendor = ?, modality = ?, vendors = ?, modalities = ?, names = ?,
    models = ? WHERE id = ?
"""


def write(db: sqlite3.Connection, folded: Folded) -> None:
    """Write stories with their steps and keys, members, and announcements; one that is there stays, but a silent one can be told."""
    _correct(db, folded.corrected)
    for story in folded.stories:
        _write_story(db, story)
    mention(db, folded.mentions)
    tally(db, [one for one in folded.announcements if db.execute(_ANNOUNCEMENT, _announcement_row(one)).rowcount], 1)


def _correct(db: sqlite3.Connection, corrected: Sequence[Announcement]) -> None:
    """Write what announcements are called by now, whose models and what, and count them by that."""
    tally(db, announcements(db, [one.id for one in corrected]).values(), -1)
    for one in corrected:
        db.execute(_CORRECT, _correction_row(one))
    tally(db, announcements(db, [one.id for one in corrected]).values(), 1)
    db.execute("DELETE FROM tally WHERE count = 0")


def mention(db: sqlite3.Connection, found: Iterable[Mention]) -> None:
    """Write which items belong to which stories."""
    for one in found:
        done = db.execute(_MENTION, (one.stage, stamp(one.at), one.role, one.story_id, one.item_id))
        if done.rowcount == 0:
            raise sqlite3.IntegrityError(f"mention of item {one.item_id} in story {one.story_id}: one of them is not stored")


def tally(db: sqlite3.Connection, announcements: Iterable[Announcement], sign: int) -> None:
    """Count those that are told, or (with ``sign`` -1) count them no more."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for one in announcements:
        if one.silent is None:
            for kind, key in (("vendor", one.vendor or ""), ("modality", str(one.modality)), ("stage", str(one.stage))):
                counted[kind, key, stamp(one.at)[:10]] += sign
    _items.add_to_tally(db, counted)


def announce(db: sqlite3.Connection, one: Announcement) -> None:
    """Write an announcement as it is now, whatever stood there."""
    db.execute(_ANNOUNCE, _announcement_row(one))


def put(db: sqlite3.Connection, story: Story) -> None:
    """Write a story as it is now: what it had besides (keys, steps) goes."""
    number = db.execute(_PUT, _story_row(story, story.keys)).fetchone()["n"]
    db.execute("DELETE FROM story_key WHERE story_n = ?", (number,))
    db.execute("DELETE FROM story_stage WHERE story_n = ?", (number,))
    _write_parts(db, number, story)


def unsilence(db: sqlite3.Connection, ids: Collection[str], now: datetime) -> int:
    """Make silent announcements ones that can be told, found ``now``; how many there were."""
    rows = db.execute(
        "UPDATE announcement SET silent = NULL, at = ? WHERE silent IS NOT NULL AND id IN (SELECT value FROM json_each(?)) "
        "RETURNING story_n, stage, vendor, modality",
        (stamp(now), many(ids)),
    ).fetchall()
    db.executemany(
        "UPDATE story_stage SET told = 1 WHERE story_n = ? AND stage = ?", [(row["story_n"], row["stage"]) for row in rows]
    )
    tally = Counter((kind, str(row[kind] or ""), stamp(now)[:10]) for row in rows for kind in ("vendor", "modality", "stage"))
    _items.add_to_tally(db, tally)
    return len(rows)


def _write_story(db: sqlite3.Connection, story: Story) -> None:
    row = db.execute("SELECT keys FROM story WHERE id = ?", (story.id,)).fetchone()
    keys = list(dict.fromkeys([*(json.loads(row["keys"]) if row else ()), *story.keys]))
    _write_parts(db, db.execute(_STORY, _story_row(story, keys)).fetchone()["n"], story)


def _story_row(story: Story, keys: Sequence[str]) -> tuple[object, ...]:
    return (
        story.id,
        clean(story.name),
        story.vendor,
        story.modality,
        stamp(story.first_seen),
        stamp(story.last_seen),
        codec.dump_models(story.models),
        dump(list(keys)),
    )


def _write_parts(db: sqlite3.Connection, number: int, story: Story) -> None:
    db.executemany(
        "INSERT INTO story_key (key, story_n) VALUES (?, ?) ON CONFLICT DO NOTHING", [(clean(key), number) for key in story.keys]
    )
    db.executemany(_STAGE, [_stage_row(number, place, step) for place, step in enumerate(story.stages)])


def _stage_row(number: int, place: int, step: StoryStage) -> tuple[object, ...]:
    return (
        number,
        step.stage,
        place,
        stamp(step.first_seen),
        step.item_id,
        step.source_id,
        step.primary_item_id,
        maybe_stamp(step.primary_seen),
        step.told,
    )


def _correction_row(one: Announcement) -> tuple[object, ...]:
    """What later reports can better."""
    return (
        clean(one.name),
        clean(one.title),
        one.lang,
        clean(one.quote),
        one.vendor,
        one.modality,
        _vendors(one),
        _modalities(one),
        _names(one),
        codec.dump_models(one.models),
        one.id,
    )


def _vendors(one: Announcement) -> str:
    vendors = (one.vendor, *(model.vendor for model in one.models))
    return _lined(sorted({vendor.casefold() for vendor in vendors if vendor is not None}))


def _modalities(one: Announcement) -> str:
    return _lined(sorted({str(one.modality), *(str(model.modality) for model in one.models)}))


def _names(one: Announcement) -> str:
    return clean("\n".join(dict.fromkeys(name.casefold() for name in (one.name, *(model.name for model in one.models)))))


def _announcement_row(one: Announcement) -> tuple[object, ...]:
    return (
        one.id,
        one.story_id,
        one.stage,
        clean(one.name),
        one.vendor,
        one.modality,
        stamp(one.at),
        maybe_stamp(one.published),
        one.score,
        one.silent,
        one.item_id,
        one.source_id,
        one.tier,
        one.lang,
        clean(one.title),
        maybe_clean(one.url),
        clean(one.quote),
        _vendors(one),
        _modalities(one),
        _names(one),
        codec.dump_models(one.models),
    )


def _lined(values: Sequence[str]) -> str:
    """Values a line each, also before the first and after the last, so that a whole line can be looked for."""
    return clean("\n" + "".join(f"{value}\n" for value in values)) if values else ""
