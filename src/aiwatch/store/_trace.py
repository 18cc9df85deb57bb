"""One item's whole way, from the poll that brought it to the deliveries that told it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from aiwatch.model import Item
from aiwatch.store import _announced, _archive, _items, _service, _stories, _told, codec
from aiwatch.store._refs import by_prefix
from aiwatch.store.codec import maybe_moment, moment
from aiwatch.urls import canonical_url, host_of
from aiwatch.views import Trace

_ITEM = f"""
SELECT {codec.ITEM_COLUMNS}, source.id AS source_id, source.name AS source_name FROM item JOIN source ON source.n = item.source_n
WHERE item.id = ?
"""  # noqa: S608  constants of this package
_BY_URL = """
SELECT item.id FROM alias JOIN item ON item.n = alias.item_n
LEFT JOIN detection ON detection.item_n = item.n AND detection.revision = item.revision
WHERE alias.hash IN (?, ?) ORDER BY coalesce(detection.announcement, 0) DESC, item.n LIMIT 1
"""
# A poll is written after its items were seen: their pages are read in between.
_BROUGHT = "SELECT * FROM poll WHERE source_n = ? AND at >= ? AND outcome = 'fetched' ORDER BY at LIMIT 1"

_BEFORE = "SELECT digest_id, edition_id FROM brought WHERE item_id = ? ORDER BY digest_id"


def find_item(db: sqlite3.Connection, ref: str) -> str | None:
    """Return the item id that an id (of an item, an announcement), unique first digits, or an address means.

    Of several items with one address, an announcing one comes first, then the oldest.
    """
    ref = ref.strip()
    for sql in ("SELECT id FROM item WHERE id = ?", "SELECT item_id FROM announcement WHERE id = ?"):
        row = db.execute(sql, (ref,)).fetchone()
        if row:
            return str(row[0])
    if "://" in ref or "." in ref:
        for url in (ref, f"https://{ref}"):
            row = db.execute(_BY_URL, (_items.url_hash(url), _items.alias_hash(url))).fetchone()
            if row:
                return str(row[0])
        return None
    return by_prefix(db, "item", ref)


_SHARING = """
SELECT id, url FROM item WHERE source_n IN (SELECT source_n FROM alias WHERE hash = ?) AND instr(url, ?)
ORDER BY n
"""


def sharing(db: sqlite3.Connection, ref: str) -> list[str]:
    """Return the item ids that a reference means: the one of an id, all that have an address, whichever sources brought them."""
    found = find_item(db, ref)
    if found is None or ("://" not in ref and "." not in ref):
        return [found] if found else []
    address = ref.strip() if "://" in ref else f"https://{ref.strip()}"
    wanted = canonical_url(address)
    rows = db.execute(_SHARING, (_items.url_hash(address), host_of(wanted)))
    return [row["id"] for row in rows if canonical_url(row["url"]) == wanted] or [found]


def item(db: sqlite3.Connection, item_id: str) -> Item | None:
    """Return an item's newest revision."""
    row = db.execute(_ITEM, (item_id,)).fetchone()
    return codec.load_item(row, row["source_id"]) if row else None


def trace(db: sqlite3.Connection, item_id: str) -> Trace:
    """Return what became of an item."""
    row = db.execute(_ITEM, (item_id,)).fetchone()
    newest = codec.load_item(row, row["source_id"])
    mentions = _stories.mentions_of(db, item_id)
    stories = _stories.by_ids(db, [mention.story_id for mention in mentions])
    told = _announced.announcements_of(db, [mention.story_id for mention in mentions])
    waiting = _told.waiting(db, [one.id for one in told])
    before = db.execute(_BEFORE, (item_id,)).fetchall()
    editions = [one.edition_id for one in waiting if one.edition_id] + [row["edition_id"] for row in before]
    brought = db.execute(_BROUGHT, (row["source_n"], row["first_seen_at"])).fetchone()
    judged_at = db.execute("SELECT max(at) FROM detection WHERE item_n = ?", (row["n"],)).fetchone()[0]
    return Trace(
        item=newest,
        source_id=row["source_id"],
        source_name=row["source_name"],
        revisions=_revisions(db, row["n"], newest),
        detection=_archive.detection(db, item_id),
        poll=codec.load_poll(brought, row["source_id"]) if brought else None,
        mentions=tuple(mentions),
        stories=tuple(stories[mention.story_id] for mention in mentions),
        announcements=tuple(one for one in told if one.item_id == item_id),
        story_announcements=tuple(told),
        outbox=tuple(waiting),
        brought=tuple((row["digest_id"], row["edition_id"]) for row in before),
        deliveries=tuple(_told.of_editions(db, editions)),
        labels=tuple(_service.labels(db, [item_id])),
        judged_at=maybe_moment(judged_at),
        pruned_at=maybe_moment(row["pruned_at"]),
    )


def _revisions(db: sqlite3.Connection, number: int, newest: Item) -> tuple[Item, ...]:
    rows = db.execute("SELECT * FROM item_revision WHERE item_n = ? ORDER BY revision", (number,))
    return tuple(
        replace(
            newest,
            revision=row["revision"],
            seen_at=moment(row["seen_at"]),
            published=maybe_moment(row["published"]),
            updated=maybe_moment(row["updated"]),
            url=row["url"],
            title=row["title"],
            summary=row["summary"],
            content=row["content"],
        )
        for row in rows
    )
