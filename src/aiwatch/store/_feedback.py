"""People's words on items and names, and the stories mended by them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiwatch.feedback import Filed, Mend, SameName, Saying, Shelved, Words, Work
from aiwatch.model import Announcement, Detection, Source, Stage
from aiwatch.store import _archive, _items, _names, _outbox, _service, _stories, codec, tokens
from aiwatch.store.codec import clean, many, moment, stamp

MENDED = "mend"  # the heartbeat that says when stories were mended last

# --- the words ----------------------------------------------------------------------------------------------------------------


def words(db: sqlite3.Connection, item_ids: Collection[str]) -> Words:
    """Return what people said of these items, and of names."""
    return Words(
        labels={one.item_id: one for one in _service.labels(db, item_ids)}, same={one.name_key: one for one in same_names(db)}
    )


def same_names(db: sqlite3.Connection) -> list[SameName]:
    """Return the names that people said mean another model, oldest first."""
    rows = db.execute("SELECT * FROM same ORDER BY at, name_key")
    return [
        SameName(
            name_key=row["name_key"],
            spelled=row["spelled"],
            vendor=row["vendor"],
            model=codec.load_models(row["model"])[0],
            at=moment(row["at"]),
        )
        for row in rows
    ]


def _keep(db: sqlite3.Connection, said: Saying, now: datetime) -> None:
    for label in said.labels:
        _service.label(db, label)
    for item_id in said.taken_back:
        _service.unlabel(db, item_id)
    for one in said.same:
        db.execute(
            "INSERT INTO same (name_key, spelled, vendor, model, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name_key) DO UPDATE SET "
            "spelled = excluded.spelled, vendor = excluded.vendor, model = excluded.model, at = excluded.at",
            (clean(one.name_key), clean(one.spelled), one.vendor, codec.dump_models([one.model]), stamp(one.at)),
        )
    db.execute("DELETE FROM same WHERE name_key IN (SELECT value FROM json_each(?))", (many(said.parted),))
    _items.write_detections(db, [one for one in said.detections if _is_as_judged(db, one.item_id, said)], now)


def _is_as_judged(db: sqlite3.Connection, item_id: str, said: Saying) -> bool:
    row = db.execute("SELECT revision FROM item WHERE id = ?", (item_id,)).fetchone()
    return row is None or row["revision"] == said.revisions.get(item_id, row["revision"])


# --- what they concern --------------------------------------------------------------------------------------------------------------

_KIN = """
SELECT DISTINCT other.item_n FROM mention JOIN mention AS other ON other.story_n = mention.story_n
WHERE mention.item_n IN (SELECT value FROM json_each(?)) AND mention.role <> 'mention' AND other.role <> 'mention'
"""
_FILED = f"""
SELECT {codec.ITEM_COLUMNS}, item.n AS number, source.id AS source_id, item.source_n AS source_number FROM item
JOIN source ON source.n = item.source_n WHERE item.n IN (SELECT value FROM json_each(?)) ORDER BY item.n
"""  # noqa: S608  constants of this package


def mend(
    db: sqlite3.Connection,
    said: Saying,
    concerned: Collection[str],
    work: Work,
    now: datetime,
    known: Callable[[Source], Source],
) -> Mend:
    """Keep a person's word and write what ``work`` makes of it; ``known`` is the source as configured."""
    rows = db.execute("SELECT n FROM item WHERE id IN (SELECT value FROM json_each(?))", (many({*said.items, *concerned}),))
    numbers = _kin(db, [row["n"] for row in rows])
    ids = [row["id"] for row in db.execute("SELECT id FROM item WHERE n IN (SELECT value FROM json_each(?))", (many(numbers),))]
    unjudged = {one: Detection(item_id=one, announcement=False, stage=Stage.NONE) for one in ids}
    before = _Before(words=words(db, ids), detections=unjudged | _archive.detections(db, ids), known=known)
    _keep(db, said, now)
    made = work(_shelved(db, numbers, before))
    _write(db, made, now)
    _unsay(db, said, before)
    _service.heartbeat(db, now, MENDED)
    return made


def _unsay(db: sqlite3.Connection, said: Saying, before: _Before) -> None:
    """Forget the names that a judgement gave, and neither the one in its place nor the rules do."""
    after = words(db, said.items).labels
    for item_id in said.items:
        was, label, read = before.words.labels.get(item_id), after.get(item_id), before.detections.get(item_id)
        given = {model.key for found in (label, _archive.detection(db, item_id) or read) if found for model in found.models}
        _names.unsay(db, item_id, {model.key for model in was.models} - given if was else ())


def _kin(db: sqlite3.Connection, numbers: Collection[int]) -> set[int]:
    """The rows of items and of all that stands in a story with one of them."""
    found, before = set(numbers), set[int]()
    while found != before:
        before = set(found)
        found |= {row["item_n"] for row in db.execute(_KIN, (many(found),))}
    return found


@dataclass(frozen=True, slots=True)
class _Before:
    """What people and rules said until now of the items that a word concerns first; ``known`` is a source as configured."""

    words: Words
    detections: Mapping[str, Detection]  # by item, of every such item
    known: Callable[[Source], Source]


def _filed(db: sqlite3.Connection, numbers: Collection[int], before: _Before) -> Iterable[Filed]:
    for row in db.execute(_FILED, (many(numbers),)).fetchall():
        source = db.execute("SELECT * FROM source WHERE n = ?", (row["source_number"],)).fetchone()
        item = codec.load_item(row, row["source_id"])
        detection = _archive.detection(db, item.id) or Detection(item_id=item.id, announcement=False, stage=Stage.NONE)
        yield Filed(
            item=item,
            source=before.known(codec.load_source(source)),
            before=before.detections.get(item.id, detection),
            detection=detection,
            mentions=tuple(_stories.mentions_of(db, item.id)),
        )


def _shelved(db: sqlite3.Connection, numbers: Collection[int], before: _Before) -> Shelved:
    filed = tuple(_filed(db, numbers, before))
    after = words(db, [one.item.id for one in filed])
    others = {item_id: label for item_id, label in after.labels.items() if item_id not in before.detections}
    ids = {mention.story_id for one in filed for mention in one.mentions}
    rows = db.execute("SELECT announcement.id FROM announcement JOIN story ON story.n = story_n WHERE story.id IN "
                      "(SELECT value FROM json_each(?))", (many(ids),)).fetchall()  # fmt: skip
    told = _stories.announcements(db, [row["id"] for row in rows])
    out = db.execute(
        "SELECT digest_id, announcement_id, edition_id FROM outbox WHERE announcement_id IN (SELECT value FROM json_each(?))",
        (many(told),),
    ).fetchall()
    return Shelved(
        filed=filed,
        stories=_stories.by_ids(db, ids),
        announcements=tuple(told.values()),
        waiting={(row["digest_id"], row["announcement_id"]) for row in out if row["edition_id"] is None},
        sent={row["announcement_id"] for row in out if row["edition_id"] is not None},
        before=replace(before.words, labels={**before.words.labels, **others}),
        after=after,
        answering=lambda keys: _stories.by_keys(db, keys),
        wider=lambda story_ids: _shelved(db, {*numbers, *_kin(db, _stories.members(db, story_ids))}, before),
    )


# --- what is written ----------------------------------------------------------------------------------------------------------------


_TOLD = "SELECT digest_id, at, edition_id FROM outbox WHERE announcement_id = ?"
# An announcement that moves to another item leaves behind what its editions brought of the one it had.
_BROUGHT = """
INSERT INTO brought (digest_id, item_id, edition_id) SELECT digest_id, item_id, edition_id FROM outbox
JOIN announcement ON announcement.id = outbox.announcement_id
WHERE announcement.id = ? AND outbox.edition_id IS NOT NULL ON CONFLICT DO NOTHING
"""
_REMEMBER = """
UPDATE outbox SET edition_id = (
    SELECT brought.edition_id FROM brought JOIN announcement ON announcement.item_id = brought.item_id
    WHERE announcement.id = outbox.announcement_id AND brought.digest_id = outbox.digest_id
) WHERE announcement_id = ? AND edition_id IS NULL
"""


def _write(db: sqlite3.Connection, made: Mend, now: datetime) -> None:
    db.execute("PRAGMA defer_foreign_keys = ON")  # announcements change their ids, and the outbox follows
    db.executemany("DELETE FROM outbox WHERE digest_id = ? AND announcement_id = ? AND edition_id IS NULL", made.recalled)
    for story in made.stories:
        _stories.put(db, story)
    db.executemany(
        "DELETE FROM mention WHERE story_n = (SELECT n FROM story WHERE id = ?) AND item_n = (SELECT n FROM item WHERE id = ?)",
        made.unfiled,
    )
    _stories.mention(db, made.mentions)
    db.executemany(_BROUGHT, [(was,) for was, _ in made.announcements if was is not None])
    told = [(new, row) for was, new in made.covered for row in db.execute(_TOLD, (was,)).fetchall()]
    _replace(db, made.announcements)
    db.executemany(
        "INSERT INTO outbox (digest_id, announcement_id, at, edition_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(row["digest_id"], new, row["at"], row["edition_id"]) for new, row in told],
    )
    _outbox.enqueue(db, made.outbox)
    db.executemany(_REMEMBER, [(one.id,) for _, one in made.announcements])
    _names.hear(db, made.heard, now)
    for detection in made.judged:
        _find_anew(db, detection)


def _find_anew(db: sqlite3.Connection, judged: Detection) -> None:
    """Let search find an item by the vendor and the stage that it has now."""
    row = db.execute(
        "SELECT item.*, source.id AS source_id, source.tier FROM item JOIN source ON source.n = item.source_n WHERE item.id = ?",
        (judged.item_id,),
    ).fetchone()
    mentions = _stories.mentions_of(db, judged.item_id)
    stories = _stories.by_ids(db, [one.story_id for one in mentions])
    of_source = f"{tokens.facet('source', row['source_id'])} {tokens.facet('tier', row['tier'])}"
    found = [(one, stories[one.story_id].vendor) for one in mentions if stories[one.story_id].keys]
    _items.find_by(db, row, _items.facets_of(codec.load_item(row, row["source_id"]), of_source, judged, found))


def _replace(db: sqlite3.Connection, pairs: Sequence[tuple[str | None, Announcement]]) -> None:
    """Put announcements in the places of others, whose ids may be those of yet others: all leave theirs first."""
    old = [was for was, _ in pairs if was is not None]
    _stories.tally(db, _stories.announcements(db, old).values(), -1)
    for leaving in old:
        _rename(db, leaving, f"mend:{leaving}")
    db.executemany("DELETE FROM announcement WHERE id = ? AND silent IS NOT NULL", [(one.id,) for _, one in pairs])
    for was, one in pairs:
        if was is not None:
            _rename(db, f"mend:{was}", one.id)
        _stories.announce(db, one)
    _stories.tally(db, [one for _, one in pairs], 1)
    db.execute("DELETE FROM tally WHERE count = 0")


def _rename(db: sqlite3.Connection, was: str, announcement_id: str) -> None:
    db.execute("UPDATE announcement SET id = ? WHERE id = ?", (announcement_id, was))
    db.execute("UPDATE outbox SET announcement_id = ? WHERE announcement_id = ?", (announcement_id, was))
