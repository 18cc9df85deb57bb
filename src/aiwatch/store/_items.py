"""Items, their revisions and identities, what the rules said of them, and their place in the search index."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiwatch.model import Detection, Item, Mention, Note, PollPlan, Stage, ident
from aiwatch.ports import Acquaintances, Known, Listed
from aiwatch.store import _names, codec, tokens
from aiwatch.store.codec import clean, dump, many, maybe_clean, maybe_moment, maybe_stamp, stamp
from aiwatch.text import primary
from aiwatch.urls import canonical_url


def alias_hash(alias: str) -> int:
    """Return 64 bits of an alias as SQLite's signed integer."""
    return int.from_bytes(bytes.fromhex(ident(alias)), "big", signed=True)


def url_hash(url: str) -> int:
    """Return the alias under which every item with an address is found, whatever aliases its parser gave it."""
    return alias_hash("url\x1f" + canonical_url(url))


_KNOWN = (
    "item.id, item.content_hash, item.revision, item.first_seen_at, item.guid, item.title, "
    "coalesce(item.published, item.updated) AS dated"
)


def known(db: sqlite3.Connection, source_id: str, ids: Collection[str], aliases: Collection[str]) -> Acquaintances:
    """Return what is known by id, and by alias within the source."""
    by_id = db.execute(f"SELECT {_KNOWN} FROM item WHERE id IN (SELECT value FROM json_each(?))", (many(ids),)).fetchall()  # noqa: S608
    hashes = {alias_hash(alias): alias for alias in aliases}
    by_alias = db.execute(
        f"SELECT alias.hash, {_KNOWN} FROM alias JOIN item ON item.n = alias.item_n "  # noqa: S608  constants of this module
        "WHERE alias.hash IN (SELECT value FROM json_each(?)) AND alias.source_n = (SELECT n FROM source WHERE id = ?)",
        (many(hashes), source_id),
    ).fetchall()
    last = _last_two(db, source_id) if by_id or by_alias else set()
    return Acquaintances(
        by_id={row["id"]: _known(row, last) for row in by_id},
        by_alias={hashes[row["hash"]]: _known(row, last) for row in by_alias},
    )


LISTED = 5000  # items whose names are compared where a list may have moved


def listed(db: sqlite3.Connection, source_id: str) -> list[Listed]:
    """Return the newest items of a source, as they were called."""
    rows = db.execute(
        f"SELECT {_KNOWN}, item.url FROM item WHERE source_n = (SELECT n FROM source WHERE id = ?) ORDER BY n DESC LIMIT ?",  # noqa: S608
        (source_id, LISTED),
    ).fetchall()
    last = _last_two(db, source_id)
    return [Listed(known=_known(row, last), title=row["title"], url=row["url"]) for row in rows]


# What a hub sent counts once a poll was there after it.
_POLLED = f"""
SELECT item.n, item.source_n, first_seen_at FROM item JOIN source ON source.n = source_n
WHERE source_n = (SELECT n FROM source WHERE id = ?) AND item.n < ?
    AND (NOT instr(notes, '{Note.PUSHED}') OR first_seen_at <= last_success_at)
ORDER BY item.n DESC LIMIT 1
"""  # noqa: S608  a constant of the model
_UP_TO = "SELECT first_seen_at FROM item WHERE source_n = ? AND n <= ? ORDER BY n DESC LIMIT 1"
_ANY = 2**63 - 1  # beyond every row number


def _last_two(db: sqlite3.Connection, source_id: str) -> set[str]:
    """When what came last did, twice: by row numbers, as a clock may have gone back."""
    newest = db.execute(_POLLED, (source_id, _ANY)).fetchone()
    if newest is None:
        return set()
    before = db.execute(_POLLED, (source_id, _begins(db, newest))).fetchone()
    return {newest["first_seen_at"], *([before["first_seen_at"]] if before else [])}


def _begins(db: sqlite3.Connection, newest: sqlite3.Row) -> int:
    """The row number with which what came with ``newest`` begins: its rows follow each other.

    Halved rather than walked: of a source with nothing new since it was met, they are all that it ever had.
    """

    def same(number: int) -> bool:
        row = db.execute(_UP_TO, (newest["source_n"], number)).fetchone()
        return row is not None and row["first_seen_at"] == newest["first_seen_at"]

    reach = 1
    while reach < newest["n"] and same(newest["n"] - reach):
        reach *= 2
    return bisect_left(range(newest["n"]), True, lo=max(0, newest["n"] - reach), key=same)


def _known(row: sqlite3.Row, last: Collection[str]) -> Known:
    return Known(
        item_id=row["id"],
        content_hash=row["content_hash"],
        revision=row["revision"],
        recent=row["first_seen_at"] in last,
        guid=row["guid"],
        title=row["title"],
        dated=maybe_moment(row["dated"]),
    )


# --- writing --------------------------------------------------------------------------------------------------------------

BATCH = 1000  # items made into rows at a time

_INSERT = """
INSERT INTO item (n, id, source_n, revision, first_seen_at, seen_at, published, updated, lang, content_hash, facets, key, guid, url, title,
    authors, categories, aliases, notes, summary, content)
VALUES (:n, :id, :source_n, :revision, :seen_at, :seen_at, :published, :updated, :lang, :content_hash, :facets, :key, :guid, :url, :title,
    :authors, :categories, :aliases, :notes, :summary, :content)
"""
_UPDATE = """
UPDATE item SET revision = :revision, seen_at = :seen_at, published = :published, updated = :updated, lang = :lang,
    content_hash = :content_hash, facets = :facets, guid = :guid, url = :url, title = :title, authors = :authors,
    categories = :categories, aliases = :aliases, notes = :notes, summary = :summary, content = :content, pruned_at = NULL
WHERE n = :n
"""
# Seen: feeds that put other "related posts" into every answer. What each poll would keep for ever is kept for the first and the last ones.
KEPT = 20
_TOO_MANY = (
    "DELETE FROM item_revision WHERE item_n = ? AND revision > 1 AND revision <= ?",
    "DELETE FROM detection WHERE item_n = ? AND revision > 1 AND revision <= ?",
)
_KEEP = """
INSERT INTO item_revision (item_n, revision, seen_at, published, updated, url, title, summary, content)
SELECT n, revision, seen_at, published, updated, url, title, summary, content FROM item WHERE n = ?
"""


def write(db: sqlite3.Connection, source_n: int, items: Sequence[Item], facets: Mapping[str, str], now: datetime) -> None:
    """Write new items and new revisions. An item that is there already, unchanged, stays.

    In batches, so that a feed of 50,000 items is not in memory a second time as rows.
    """
    for start in range(0, len(items), BATCH):
        _write(db, source_n, items[start : start + BATCH], facets, now)


def _write(db: sqlite3.Connection, source_n: int, items: Sequence[Item], facets: Mapping[str, str], now: datetime) -> None:
    """One batch: row numbers are given here, under the write lock, so that item, index and aliases need one call each."""
    there = _rows(db, [item.id for item in items])
    number = db.execute("SELECT coalesce(max(n), 0) FROM item").fetchone()[0]
    fresh: list[dict[str, Any]] = []
    aliases: list[tuple[int, int, int]] = []
    for item in items:
        values, row = _values(item, source_n, facets.get(item.id, ""), now), there.get(item.id)
        if row is None:
            number += 1
            row = there[item.id] = {**values, "n": number, "pruned_at": None}
            fresh.append(row)
        elif row["content_hash"] != values["content_hash"] or row["revision"] < item.revision:
            _revise(db, row, {**values, "n": row["n"], "revision": max(item.revision, row["revision"] + 1)})
        aliases += [(one, source_n, row["n"]) for one in _aliases(item)]
    db.executemany(_INSERT, fresh)
    index(db, fresh)
    db.executemany("INSERT INTO alias (hash, source_n, item_n) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", aliases)
    if fresh:
        _count(db, items[0].source_id, fresh)
        db.execute("UPDATE source SET items = items + ?, last_item_at = ? WHERE n = ?", (len(fresh), stamp(now), source_n))


def move(db: sqlite3.Connection, source_n: int, items: Sequence[Item]) -> None:
    """Write down where items are by now, so that they are known there; nothing else of them changes."""
    there = _rows(db, [item.id for item in items])
    db.executemany("UPDATE item SET url = ? WHERE id = ?", [(maybe_clean(item.url), item.id) for item in items if item.url])
    db.executemany(
        "INSERT INTO alias (hash, source_n, item_n) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(one, source_n, there[item.id]["n"]) for item in items for one in _aliases(item)],
    )


def _rows(db: sqlite3.Connection, ids: Collection[str]) -> dict[str, Any]:
    found = db.execute(
        "SELECT n, id, revision, content_hash, facets, title, summary, content, pruned_at FROM item "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (many(ids),),
    )
    return {row["id"]: row for row in found}


def _values(item: Item, source_n: int, facets: str, now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "source_n": source_n,
        "revision": item.revision,
        "seen_at": stamp(item.seen_at or now),
        "published": maybe_stamp(item.published),
        "updated": maybe_stamp(item.updated),
        "lang": item.lang,
        "content_hash": item.content_hash,
        "facets": facets,
        "key": clean(item.key),
        "guid": maybe_clean(item.guid),
        "url": maybe_clean(item.url),
        "title": clean(item.title),
        "authors": dump(list(item.authors)),
        "categories": dump(list(item.categories)),
        "aliases": dump(list(item.aliases)),
        "notes": dump(list(item.notes)),
        "summary": clean(item.summary),
        "content": clean(item.content),
    }


def _revise(db: sqlite3.Connection, old: Any, values: dict[str, Any]) -> None:
    edited = old["content_hash"] != values["content_hash"]  # else its page was read: the source changed nothing
    if edited and old["pruned_at"] is None:
        db.execute(_KEEP, (values["n"],))
        for statement in _TOO_MANY:
            db.execute(statement, (values["n"], values["revision"] - KEPT))
    unindex(db, old)
    db.execute(_UPDATE, values)
    index(db, [values])


def _aliases(item: Item) -> list[int]:
    hashes = {alias_hash(alias) for alias in item.aliases}
    if item.url:
        hashes.add(url_hash(item.url))
    return sorted(hashes)


def _count(db: sqlite3.Connection, source_id: str, fresh: Sequence[Mapping[str, Any]]) -> None:
    days: dict[str, list[int]] = {}
    tally: Counter[tuple[str, str, str]] = Counter()
    for row in fresh:
        day = row["seen_at"][:10]
        days.setdefault(day, []).append(row["n"])
        tally["source", source_id, day] += 1
        tally["lang", primary(row["lang"]), day] += 1
    db.executemany(
        "INSERT INTO day (day, items, first_n, last_n) VALUES (?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET "
        "items = items + excluded.items, first_n = min(first_n, excluded.first_n), last_n = max(last_n, excluded.last_n)",
        [(day, len(numbers), min(numbers), max(numbers)) for day, numbers in days.items()],
    )
    add_to_tally(db, tally)


def add_to_tally(db: sqlite3.Connection, tally: Mapping[tuple[str, str, str], int]) -> None:
    """Add counts by kind, key and day."""
    db.executemany(
        "INSERT INTO tally (kind, key, day, count) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in tally.items()],
    )


# --- the search index -------------------------------------------------------------------------------------------------------


def index(db: sqlite3.Connection, rows: Iterable[Any]) -> None:
    """Put items into the index."""
    db.executemany(
        "INSERT INTO item_fts (rowid, words, cjk, facets) VALUES (?, ?, ?, ?)",
        ((row["n"], *tokens.index_row(row["title"], row["summary"], row["content"]), row["facets"]) for row in rows),
    )


def unindex(db: sqlite3.Connection, row: Any) -> None:
    """Take an item out of the index. The index keeps no text of its own: it must be told exactly what it was given."""
    if row["pruned_at"] is not None:
        return
    text, cjk = tokens.index_row(row["title"], row["summary"], row["content"])
    db.execute(
        "INSERT INTO item_fts (item_fts, rowid, words, cjk, facets) VALUES ('delete', ?, ?, ?, ?)",
        (row["n"], text, cjk, row["facets"]),
    )


def find_by(db: sqlite3.Connection, row: sqlite3.Row, facets: str) -> None:
    """Give an item, as it is kept, other index tokens."""
    if row["facets"] == facets:
        return
    unindex(db, row)
    db.execute("UPDATE item SET facets = ? WHERE n = ?", (facets, row["n"]))
    if row["pruned_at"] is None:
        index(db, [{**dict(row), "facets": facets}])


def facets(db: sqlite3.Connection, plan: PollPlan) -> dict[str, str]:
    """Return the search facets of a plan's items, by item id."""
    if not plan.items:
        return {}
    row = db.execute("SELECT id, tier FROM source WHERE id = ?", (plan.state.source_id,)).fetchone()
    of_source = f"{tokens.facet('source', row['id'])} {tokens.facet('tier', row['tier'])}"
    vendors = {story.id: story.vendor for story in plan.folded.stories}
    absent = {one.story_id for one in plan.folded.mentions} - vendors.keys()
    if absent:
        rows = db.execute("SELECT id, vendor FROM story WHERE id IN (SELECT value FROM json_each(?))", (many(absent),))
        vendors |= {one["id"]: one["vendor"] for one in rows}
    detections = {one.item_id: one for one in plan.detections}
    mentions: dict[str, list[tuple[Mention, str | None]]] = {}
    for one in plan.folded.mentions:
        mentions.setdefault(one.item_id, []).append((one, vendors.get(one.story_id)))
    return {item.id: facets_of(item, of_source, detections.get(item.id), mentions.get(item.id, ())) for item in plan.items}


def facets_of(item: Item, source_facets: str, detection: Detection | None, mentions: Sequence[tuple[Mention, str | None]]) -> str:
    """Return the index tokens of an item: source, tier and language; stage and vendors of its detection and its stories."""
    found = {source_facets}
    if item.lang:
        found.add(tokens.facet("lang", primary(item.lang)))
    stages = {mention.stage for mention, _ in mentions}
    vendors = {vendor for _, vendor in mentions}
    if detection is not None:
        stages.add(detection.stage)
        vendors |= {model.vendor for model in detection.models}
        found |= {tokens.facet("modality", model.modality) for model in detection.models}
        if detection.announcement:
            found.add(tokens.facet("announcement", "yes"))
    found |= {tokens.facet("stage", stage) for stage in stages if stage is not Stage.NONE}
    found |= {tokens.facet("vendor", vendor) for vendor in vendors if vendor}
    return " ".join(sorted(found))


# --- detections -------------------------------------------------------------------------------------------------------------

_DETECTION = """
INSERT INTO detection (item_n, revision, announcement, near_miss, at, stage, score, threshold, models, evidence, near, rules)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (item_n, revision) DO UPDATE SET announcement = excluded.announcement, near_miss = excluded.near_miss, at = excluded.at,
    stage = excluded.stage, score = excluded.score, threshold = excluded.threshold, models = excluded.models,
    evidence = excluded.evidence, near = excluded.near, rules = excluded.rules
"""


def write_detections(db: sqlite3.Connection, detections: Sequence[Detection], now: datetime) -> None:
    """Write what the rules said of the newest revision of each item, and the unknown names they met."""
    for start in range(0, len(detections), BATCH):
        _write_detections(db, detections[start : start + BATCH], now)


def _write_detections(db: sqlite3.Connection, detections: Sequence[Detection], now: datetime) -> None:
    there = _rows(db, [one.item_id for one in detections])
    rows = []
    for one in detections:
        row = there.get(one.item_id)
        if row is None:
            raise sqlite3.IntegrityError(f"detection of item {one.item_id}, which is not stored")
        rows.append(
            (
                row["n"],
                row["revision"],
                one.announcement,
                one.near_miss,
                stamp(now),
                one.stage,
                one.score,
                one.threshold,
                codec.dump_models(one.models),
                codec.dump_evidence(one.evidence),
                codec.dump_evidence(one.near),
                one.rules,
            )
        )
    db.executemany(_DETECTION, rows)
    _names.hear(db, detections, now)
