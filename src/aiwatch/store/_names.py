"""Names that no list has: who gave them, whose they are, what people decided, and what later items are judged by."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiwatch.errors import StoreError
from aiwatch.model import HEARD_NAMES, Detection, HeardName, Modality, Model, Stage
from aiwatch.names.identity import identity
from aiwatch.names.vendors import most_said
from aiwatch.store import _service, codec
from aiwatch.store.codec import clean, maybe_moment, maybe_stamp, moment, stamp
from aiwatch.stories.corrections import corrected
from aiwatch.views import NameSeen

# --- what items give --------------------------------------------------------------------------------------------------------

_NAME = """
INSERT INTO name (name_key, spelled, vendor, first_item_id, first_seen, seen) VALUES (?1, ?2, ?3, ?4, ?5, 1)
ON CONFLICT (name_key) DO UPDATE SET seen = seen + ?6, vendor = coalesce(vendor, excluded.vendor)
"""
_COUNT = "INSERT INTO name_item (item_n, name_key) SELECT n, ?2 FROM item WHERE id = ?1 ON CONFLICT DO NOTHING"
_HEARD = """
INSERT INTO heard (name_key, name, vendor, modality, item_id, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (name_key) DO UPDATE SET vendor = coalesce(vendor, excluded.vendor)
"""


def hear(db: sqlite3.Connection, detections: Sequence[Detection], now: datetime) -> None:
    """Keep the unknown names that detections met, for people to judge and for later items to be judged by.

    An item counts once for a name, also where it was judged not to have it in between.
    """
    for one in detections:
        for row in _names(one, now):
            db.execute(_NAME, (*row, db.execute(_COUNT, (one.item_id, row[0])).rowcount))
    db.executemany(_HEARD, [row for one in detections for row in _heard(one, now)])
    for key, model in {
        model.key: model for one in detections for model in one.models if not model.known and model.vendor
    }.items():
        _settle(db, key, model, detections)


# Who gave a name first may be the one that gives it no more.
_UNCOUNT = "DELETE FROM name_item WHERE name_key = ?2 AND item_n = (SELECT n FROM item WHERE id = ?1)"
_NEXT = """
SELECT item.id FROM name_item JOIN item ON item.n = name_item.item_n WHERE name_key = ? ORDER BY item.n LIMIT 1
"""


def unsay(db: sqlite3.Connection, item_id: str, keys: Collection[str]) -> None:
    """Forget the names that only a person's word had an item give, and that it gives no more; what a person decided of one stays."""
    for key in keys:
        if not db.execute(_UNCOUNT, (item_id, key)).rowcount:
            continue
        db.execute("UPDATE name SET seen = seen - 1 WHERE name_key = ?", (key,))
        if other := db.execute(_NEXT, (key,)).fetchone():
            db.execute("UPDATE name SET first_item_id = ? WHERE name_key = ? AND first_item_id = ?", (other["id"], key, item_id))
            db.execute("UPDATE heard SET item_id = ? WHERE name_key = ? AND item_id = ?", (other["id"], key, item_id))
        else:
            db.execute("DELETE FROM name WHERE name_key = ? AND verdict IS NULL", (key,))
            db.execute("DELETE FROM heard WHERE name_key = ?", (key,))


def _names(one: Detection, now: datetime) -> list[tuple[Any, ...]]:
    if one.guessed or not (one.announcement or one.stage is Stage.RUMORED):
        return []
    unknown = {model.key: model for model in one.models if model.spelled and not model.known}
    return [(key, clean(model.name), model.vendor, one.item_id, stamp(now)) for key, model in sorted(unknown.items())]


def _heard(one: Detection, now: datetime) -> list[tuple[Any, ...]]:
    keys = {model.name: model.key for model in one.models}
    return [(keys[name.name], clean(name.name), name.vendor, name.modality, name.item_id, stamp(now)) for name in one.given]


# Whose a name is, by the items of its stories; the line-up's key finds those that tell several.
_TOLD = """
SELECT DISTINCT item.id, detection.models FROM story_key JOIN mention ON mention.story_n = story_key.story_n
JOIN item ON item.n = mention.item_n JOIN detection ON detection.item_n = item.n AND detection.revision = item.revision
WHERE story_key.key = ? AND mention.role <> 'mention'
"""


def _settle(db: sqlite3.Connection, key: str, model: Model, detections: Sequence[Detection]) -> None:
    """Let a name be of the maker that most items say, where one of these says another than was known."""
    row = db.execute("SELECT vendor FROM name WHERE name_key = ?", (key,)).fetchone()
    if row is None or row["vendor"] in (None, model.vendor):
        return
    told = {one["id"]: codec.load_models(one["models"]) for one in db.execute(_TOLD, (identity(model).key,))}
    told |= {one.item_id: one.models for one in detections}
    said = [other.vendor for models in told.values() for other in models if other.key == key and other.vendor]
    maker = most_said(row["vendor"], said)
    if maker != row["vendor"]:
        db.execute("UPDATE name SET vendor = ? WHERE name_key = ?", (maker, key))
        db.execute("UPDATE heard SET vendor = ? WHERE name_key = ?", (maker, key))


# --- what people decide, and what detection knows ----------------------------------------------------------------------------


def judge_name(db: sqlite3.Connection, name_key: str, verdict: str | None, now: datetime) -> bool:
    """Accept or ignore an unknown model name, or leave it undecided again. False for a name never seen."""
    if verdict not in {"accepted", "ignored", None}:
        raise StoreError(f"a name is accepted, ignored, or undecided (None); not {verdict!r}")
    done = db.execute("UPDATE name SET verdict = ?, judged_at = ? WHERE name_key = ?", (verdict, stamp(now), name_key))
    return done.rowcount > 0


_SEEN = """
SELECT name.*, heard.at AS heard_at, item.title, item.url FROM name JOIN item ON item.id = name.first_item_id
LEFT JOIN heard ON heard.name_key = name.name_key
WHERE ?1 IS NULL OR coalesce(name.verdict, 'undecided') = ?1 ORDER BY name.first_seen DESC, name.rowid DESC LIMIT ?2
"""


def names(db: sqlite3.Connection, verdict: str | None, limit: int) -> list[NameSeen]:
    """Return unknown names, newest first, with the makers that people said; ``verdict``: accepted, ignored, undecided, None for all."""
    said = _corrected(db)
    return [
        NameSeen(
            name_key=row["name_key"],
            spelled=row["spelled"],
            vendor=said[row["name_key"]].vendor if row["name_key"] in said else row["vendor"],
            first_item_id=row["first_item_id"],
            title=row["title"],
            url=row["url"],
            seen=row["seen"],
            verdict=row["verdict"],
            first_seen=moment(row["first_seen"]),
            heard_at=maybe_moment(row["heard_at"]),
        )
        for row in db.execute(_SEEN, (verdict, limit))
    ]


_KNOWN = """
SELECT heard.name_key, heard.name, heard.vendor, heard.modality, heard.item_id FROM heard LEFT JOIN name ON name.name_key = heard.name_key
WHERE coalesce(name.verdict, '') <> 'ignored' AND (?1 IS NULL OR heard.at <= ?1)
ORDER BY heard.at DESC, heard.rowid DESC LIMIT ?2
"""


def heard(db: sqlite3.Connection, until: datetime | None) -> tuple[HeardName, ...]:
    """Return the names that announcements and rumours gave, oldest first, with maker and kind as people corrected them."""
    said = _corrected(db, until)
    rows = db.execute(_KNOWN, (maybe_stamp(until), HEARD_NAMES)).fetchall()
    return tuple(_as_said(row, said.get(row["name_key"])) for row in reversed(rows))


def _as_said(row: sqlite3.Row, said: Model | None) -> HeardName:
    name = HeardName(name=row["name"], vendor=row["vendor"], modality=Modality(row["modality"]), item_id=row["item_id"])
    return replace(name, vendor=said.vendor, modality=said.modality, said=True) if said else name


def _corrected(db: sqlite3.Connection, until: datetime | None = None) -> dict[str, Model]:
    """The models that people named in judgements up to ``until``, by the key of the name."""
    return corrected(one for one in _service.labels(db) if one.models and (until is None or one.at <= until))
