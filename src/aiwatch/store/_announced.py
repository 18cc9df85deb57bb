"""Announcements and stories as faces list and show them.

Filters mean what ``digest.select.matches`` says; a property test compares the two.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aiwatch.digest.select import DEFAULT_STAGES
from aiwatch.errors import BadQuery
from aiwatch.model import Announcement, Entry, Filter, Silence, Stage, Story, StoryStage, Tier
from aiwatch.store import _archive, _stories, _told, codec
from aiwatch.store._refs import by_prefix
from aiwatch.store.codec import many, maybe_moment, moment, stamp
from aiwatch.text import primary
from aiwatch.views import Member, StepView, StoryLine, StoryView

_SORTED = {  # of ``views.SORTS``: (expression, descending, index)
    "newest": ("at", True, "announcement_at"),
    "oldest": ("at", False, "announcement_at"),
    "score": ("score", True, "announcement_score"),
    "published": ("coalesce(published, at)", True, "announcement_published"),
}
_COLUMNS = f"SELECT {codec.ANNOUNCEMENT_COLUMNS} FROM {codec.ANNOUNCEMENT_FROM}"  # noqa: S608  constants of this package


# --- conditions -----------------------------------------------------------------------------------------------------------


def conditions(wanted: Filter, *, silent: bool) -> tuple[str, list[Any]]:
    """Return an SQL condition over ``announcement`` and its parameters."""
    found: list[tuple[str, list[Any]]] = [] if silent else [("silent IS NULL", [])]
    stages = wanted.stages or DEFAULT_STAGES
    found += [
        _one_of("announcement.stage", stages),
        _one_of("announcement.tier", wanted.tiers),
        _one_of("lower(announcement.source_id)", [one.casefold() for one in wanted.sources]),
        _any_within("announcement.vendors", wanted.vendors),
        _any_within("announcement.modalities", wanted.modalities),
        _langs(wanted.langs),
    ]
    for sql, value in (
        ("announcement.score >= ?", wanted.min_score or None),
        ("instr(announcement.names, ?)", wanted.text.casefold() if wanted.text else None),
        ("announcement.at >= ?", stamp(wanted.since) if wanted.since else None),
        ("announcement.at < ?", stamp(wanted.until) if wanted.until else None),
    ):
        if value is not None:
            found.append((sql, [value]))
    kept = [(sql, values) for sql, values in found if sql]
    return " AND ".join(sql for sql, _ in kept), [value for _, values in kept for value in values]


def _one_of(column: str, values: Sequence[str]) -> tuple[str, list[Any]]:
    if not values:
        return "", []
    return f"{column} IN ({', '.join('?' * len(values))})", list(values)


def _any_within(column: str, values: Sequence[str]) -> tuple[str, list[Any]]:
    if not values:
        return "", []
    return f"({' OR '.join(f'instr({column}, ?)' for _ in values)})", [f"\n{value.casefold()}\n" for value in values]


def _langs(langs: Sequence[str]) -> tuple[str, list[Any]]:
    """Languages by primary subtag: ``en`` is also ``en-US`` and ``EN_gb``."""
    if not langs:
        return "", []
    tag = "lower(replace(coalesce(announcement.lang, ''), '_', '-')) || '-'"
    wanted = [f"{primary(lang)}-" for lang in langs]
    return f"({' OR '.join(f'substr({tag}, 1, length(?)) = ?' for _ in wanted)})", [one for one in wanted for _ in range(2)]


# --- lists ----------------------------------------------------------------------------------------------------------------


def page(
    db: sqlite3.Connection, wanted: Filter, *, sort: str, limit: int, cursor: str | None, silent: bool
) -> tuple[list[Entry], str | None]:
    """Return a page of announcements with stories and coverage, and the cursor of the next one."""
    if sort not in _SORTED:
        raise BadQuery(f"sort by {', '.join(_SORTED)}; not by {sort!r}")
    key, down, index = _SORTED[sort]
    where, values = conditions(wanted, silent=silent)
    if cursor is not None:
        where += f" AND ({key}, n) {'<' if down else '>'} (?, ?)"
        values += opened(cursor, float if sort == "score" else str, int)
    order = "DESC" if down else "ASC"
    rows = db.execute(
        f"SELECT {key} AS sort_key, n FROM announcement INDEXED BY {index} WHERE {where} "  # noqa: S608  see _SORTED
        f"ORDER BY {key} {order}, n {order} LIMIT ?",
        [*values, limit + 1],
    ).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    made = _stories.entries(db, _by_number(db, [row["n"] for row in rows]))
    return made, sealed([rows[-1]["sort_key"], rows[-1]["n"]]) if more and rows else None


def _by_number(db: sqlite3.Connection, numbers: Sequence[int]) -> list[Announcement]:
    rows = db.execute(f"{_COLUMNS} WHERE announcement.n IN (SELECT value FROM json_each(?))", (many(numbers),))  # noqa: S608  see _COLUMNS
    found = {row["n"]: codec.load_announcement(row) for row in rows}
    return [found[number] for number in numbers]


def timeline(db: sqlite3.Connection, wanted: Filter, *, limit: int, silent: bool) -> list[Announcement]:
    """Return the newest ``limit`` announcements, oldest first, without coverage."""
    where, values = conditions(wanted, silent=silent)
    rows = db.execute(
        f"SELECT n FROM announcement INDEXED BY announcement_at WHERE {where} ORDER BY at DESC, n DESC LIMIT ?",  # noqa: S608
        [*values, limit],
    ).fetchall()
    return _by_number(db, [row["n"] for row in rows][::-1])


_HAPPENED = "min(coalesce(published, at), at)"  # what the first item says, unless that is later than it was found


def between(
    db: sqlite3.Connection, wanted: Filter, span: tuple[datetime, datetime], *, limit: int
) -> tuple[list[Announcement], int]:
    """Return what happened in a span, silent or not, oldest first, and how many there are: the ``limit`` strongest of them."""
    where, values = conditions(replace(wanted, since=span[0], until=None), silent=True)  # nothing is found before it happened
    some = f"FROM announcement INDEXED BY announcement_at WHERE {where} AND {_HAPPENED} >= ? AND {_HAPPENED} < ?"
    values += [stamp(span[0]), stamp(span[1])]
    some += f" AND coalesce(silent, '') NOT LIKE '{Silence.WITHDRAWN}%'"  # what a person took back did not happen
    order = "ORDER BY tier = 'primary' DESC, score DESC, n DESC LIMIT ?"
    numbers = [row["n"] for row in db.execute(f"SELECT n {some} {order}", [*values, limit])]
    total = len(numbers) if len(numbers) < limit else db.execute(f"SELECT count(*) {some}", values).fetchone()[0]
    return _by_number(db, sorted(numbers)), total


def entry(db: sqlite3.Connection, announcement_id: str) -> Entry | None:
    """Return one announcement with its story and coverage."""
    return next(iter(_stories.entries(db, _stories.announcements(db, [announcement_id]).values())), None)


def sealed(values: list[Any]) -> str:
    """Return a position as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def opened(cursor: str, *kinds: type) -> list[Any]:
    """Return the position in a cursor, a value of each of the kinds. Raises BadQuery for what is none."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        values = None
    if (
        not isinstance(values, list)
        or len(values) != len(kinds)
        or not all(_is_place(one, kind) for one, kind in zip(values, kinds, strict=True))
    ):
        raise BadQuery("this cursor is not one that a list gave; begin again without it")
    return values


def _is_place(value: object, kind: type) -> bool:
    """Whether the database can compare a value with one of its own."""
    if isinstance(value, int):  # SQLite's are of 64 bits
        return kind in {int, float} and abs(value) < 1 << 63
    return isinstance(value, kind) and (not isinstance(value, str) or value.isascii())


# A story without keys answers to nobody: a person's word emptied it, or it keeps what that word took back.
_STORIES = """
SELECT story.*, (SELECT count(*) FROM mention WHERE story_n = story.n) AS members FROM story
WHERE (?1 IS NULL OR instr(lower(story.name), lower(?1))) AND (?2 IS NULL OR story.vendor = ?2 COLLATE NOCASE)
    AND (story.last_seen, story.n) < (?3, ?4) AND story.keys <> '[]'
ORDER BY story.last_seen DESC, story.n DESC LIMIT ?5
"""


def story_page(
    db: sqlite3.Connection, *, limit: int, cursor: str | None, text: str | None, vendor: str | None
) -> tuple[list[StoryLine], str | None]:
    """Return a page of stories, the one with the newest item first."""
    before = opened(cursor, str, int) if cursor else ["~", 0]
    rows = db.execute(_STORIES, (text, vendor, *before, limit + 1)).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    lines = [
        StoryLine(story=story, members=row["members"], stage=_newest(story))
        for story, row in zip(_stories.load(db, rows), rows, strict=True)
    ]
    return lines, sealed([rows[-1]["last_seen"], rows[-1]["n"]]) if more and rows else None


def _newest(story: Story) -> Stage:
    return max(story.stages, key=lambda step: step.first_seen).stage if story.stages else Stage.NONE


# --- one story --------------------------------------------------------------------------------------------------------------


def find_story(db: sqlite3.Connection, ref: str) -> str | None:
    """Return the story id that an id means, or its unique first digits: of a story, else an announcement, else an item."""
    if (found := _story_of(db, ref)) or (found := by_prefix(db, "story", ref)):
        return found
    begun = (by_prefix(db, table, ref) for table in ("announcement", "item"))
    return next((found for one in begun if one and (found := _story_of(db, one))), None)


def _story_of(db: sqlite3.Connection, whole: str) -> str | None:
    """The story id that the whole id of a story, an announcement or an item means."""
    for sql in (
        "SELECT id FROM story WHERE id = ?",
        "SELECT story.id FROM announcement JOIN story ON story.n = story_n WHERE announcement.id = ?",
        (
            "SELECT story.id FROM item JOIN mention ON mention.item_n = item.n JOIN story ON story.n = mention.story_n "
            "WHERE item.id = ? ORDER BY story.keys = '[]', story.n LIMIT 1"
        ),
    ):
        row = db.execute(sql, (whole,)).fetchone()
        if row:
            return str(row["id"])
    return None


_MEMBERS = """
SELECT item.id AS item_id, source.id AS source_id, source.name AS source_name, source.tier, item.lang, mention.stage, mention.role,
    item.title, item.url, mention.at, item.published, item.first_seen_at
FROM mention JOIN item ON item.n = mention.item_n JOIN source ON source.n = mention.source_n
WHERE mention.story_n = (SELECT n FROM story WHERE id = ?) ORDER BY mention.at, item.n
"""


def story_view(db: sqlite3.Connection, story_id: str) -> StoryView:
    """Return all that is known of a story."""
    story = _stories.by_ids(db, [story_id])[story_id]
    members = _members(db, story)
    by_item = {member.item_id: member for member in members}
    told = {one.stage: one for one in _announcements_of(db, story_id)}
    steps = tuple(_step(step, by_item, told.get(step.stage)) for step in story.stages)
    items = dict.fromkeys(one for step in story.stages for one in (step.item_id, step.primary_item_id) if one)
    return StoryView(
        story=story,
        steps=steps,
        members=members,
        outlets=len({member.source_id for member in members}),
        langs=tuple(Counter(primary(member.lang) for member in members).most_common()),
        detections=_archive.detections(db, items),
        deliveries=tuple(_told.of_announcements(db, [one.id for one in told.values()])),
    )


def _announcements_of(db: sqlite3.Connection, story_id: str) -> list[Announcement]:
    rows = db.execute(f"{_COLUMNS} WHERE story.id = ? ORDER BY announcement.at, announcement.n", (story_id,))
    return [codec.load_announcement(row) for row in rows]


def announcements_of(db: sqlite3.Connection, story_ids: Sequence[str]) -> list[Announcement]:
    """Return the announcements of stories, in the order found."""
    return [one for story_id in dict.fromkeys(story_ids) for one in _announcements_of(db, story_id)]


def _members(db: sqlite3.Connection, story: Story) -> tuple[Member, ...]:
    own = {step.stage: step.primary_seen for step in story.stages if step.primary_seen}
    earliest = min(own.values(), default=None)
    return tuple(_member(row, story, own.get(Stage(row["stage"]), earliest)) for row in db.execute(_MEMBERS, (story.id,)))


def _member(row: sqlite3.Row, story: Story, vendors: datetime | None) -> Member:
    at = moment(row["at"])
    return Member(
        item_id=row["item_id"],
        source_id=row["source_id"],
        source_name=row["source_name"],
        tier=Tier(row["tier"]),
        lang=row["lang"],
        stage=Stage(row["stage"]),
        role=row["role"],
        title=row["title"],
        url=row["url"],
        seen_at=at,
        published=maybe_moment(row["published"]),
        found_at=moment(row["first_seen_at"]),
        lag=at - story.first_seen,
        vendor_lag=at - vendors if vendors else None,
    )


def _step(step: StoryStage, by_item: dict[str, Member], told: Announcement | None) -> StepView:
    ahead = step.primary_seen - step.first_seen if step.primary_seen else timedelta()
    return StepView(
        step=step,
        first=by_item.get(step.item_id),
        primary=by_item.get(step.primary_item_id or ""),
        announcement=told,
        quote=told.quote if told else "",
        lead=ahead if ahead > timedelta() else None,
    )
