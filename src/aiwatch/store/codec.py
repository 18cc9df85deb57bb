"""Values to columns and back. Times become ISO text in UTC, lists and objects JSON; everything read back equals what was written."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from aiwatch.model import (
    Announcement,
    Delivery,
    DeliveryState,
    Detection,
    Evidence,
    Item,
    Kind,
    LostPart,
    Mention,
    Modality,
    Model,
    Poll,
    Rhythm,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
)

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# --- single values --------------------------------------------------------------------------------------------------------


def stamp(moment: datetime) -> str:
    """Return an aware time as text in UTC."""
    return moment.astimezone(UTC).isoformat()


def maybe_stamp(moment: datetime | None) -> str | None:
    """Return a time as text, or None."""
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """Return the time that ``stamp`` wrote."""
    return datetime.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """Return a time, or None."""
    return None if text is None else datetime.fromisoformat(text)


def dump(value: object) -> str:
    """Return JSON in which Korean stays readable. Lone surrogates, which UTF-8 cannot hold, are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() or _encodable(text) else json.dumps(value, separators=(",", ":"))


def clean(text: str) -> str:
    """Return ``text`` without what XML and UTF-8 cannot hold (control characters, halves of surrogate pairs), each become U+FFFD.

    One character for one, so that evidence keeps its place; what is stored can then stand in any feed, mail or page.
    """
    return _UNFIT.sub("\ufffd", text)


def maybe_clean(text: str | None) -> str | None:
    """Return ``clean(text)``, or None."""
    return None if text is None else clean(text)


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def many(values: Iterable[object]) -> str:
    """Return values as the JSON list that ``IN (SELECT value FROM json_each(?))`` reads: one parameter, whatever their number."""
    return json.dumps(list(values))


# --- models, evidence -------------------------------------------------------------------------------------------------------


def dump_models(models: Sequence[Model]) -> str:
    """Return models as JSON; without what few have, so that it reads as it always did."""
    said = (asdict(model) for model in models)
    return dump([{key: one[key] for key in one if key != "kind_words" or one[key]} for one in said]) if models else "[]"


def load_models(text: str) -> tuple[Model, ...]:
    """Return the models of a JSON list."""
    if text == "[]":
        return ()
    return tuple(
        Model(**{**one, "modality": Modality(one["modality"]), "kind_words": tuple(one.get("kind_words", ()))})
        for one in json.loads(text)
    )


def dump_evidence(evidence: Sequence[Evidence]) -> str:
    """Return evidence as JSON."""
    return dump([asdict(one) for one in evidence]) if evidence else "[]"


def load_evidence(text: str) -> tuple[Evidence, ...]:
    """Return the evidence of a JSON list."""
    return () if text == "[]" else tuple(Evidence(**one) for one in json.loads(text))


# --- rhythm -------------------------------------------------------------------------------------------------------------------


def dump_rhythm(rhythm: Rhythm) -> str:
    """Return a rhythm as JSON."""
    return dump(
        {
            "hours": rhythm.hours,
            "weight": rhythm.weight,
            "recent": [stamp(one) for one in rhythm.recent],
            "updated": maybe_stamp(rhythm.updated),
            "minutes": rhythm.minutes,
            "days": rhythm.days,
            "last": maybe_stamp(rhythm.last),
            "silence": rhythm.silence,
            "known": rhythm.known,
        }
    )


def load_rhythm(text: str) -> Rhythm:
    """Return the rhythm of a JSON object."""
    value = json.loads(text)
    return Rhythm(
        hours=tuple(value["hours"]),
        weight=value["weight"],
        recent=tuple(moment(one) for one in value["recent"]),
        updated=maybe_moment(value["updated"]),
        minutes=tuple(value.get("minutes", ())),
        days=tuple(value.get("days", ())),
        last=maybe_moment(value.get("last")),
        silence=value.get("silence", 0.0),
        known=tuple(value.get("known", ())),
    )


# --- rows -----------------------------------------------------------------------------------------------------------------------

Row = sqlite3.Row


def load_source(row: Row) -> Source:
    """Return the source of a ``source`` row. Its secrets are not in the database: see ``SqliteStore.sync_sources``."""
    return Source(
        id=row["id"],
        url=row["url"],
        name=row["name"],
        kind=Kind(row["kind"]),
        tier=Tier(row["tier"]),
        vendor=row["vendor"],
        lang=row["lang"],
        timezone=row["timezone"],
        enabled=bool(row["enabled"]),
        reason=row["reason"],
        groups=tuple(json.loads(row["groups"])),
        interval=row["interval"],
        allow_private=bool(row["allow_private"]),
        options=json.loads(row["options"]),
    )


ITEM_COLUMNS = (
    "item.n, item.id, item.revision, item.first_seen_at, item.seen_at, item.published, item.updated, item.lang, item.pruned_at, "
    "item.key, item.guid, item.url, item.title, item.authors, item.categories, item.aliases, item.notes, item.summary, item.content, "
    "item.source_n"
)


def load_item(row: Row, source_id: str) -> Item:
    """Return the item of a row with ``ITEM_COLUMNS``."""
    return Item(
        id=row["id"],
        source_id=source_id,
        key=row["key"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        guid=row["guid"],
        published=maybe_moment(row["published"]),
        updated=maybe_moment(row["updated"]),
        authors=_texts(row["authors"]),
        categories=_texts(row["categories"]),
        lang=row["lang"],
        seen_at=moment(row["seen_at"]),
        revision=row["revision"],
        aliases=_texts(row["aliases"]),
        notes=_texts(row["notes"]),
    )


def _texts(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


def load_detection(row: Row, item_id: str) -> Detection:
    """Return the detection of a ``detection`` row."""
    return Detection(
        item_id=item_id,
        announcement=bool(row["announcement"]),
        stage=Stage(row["stage"]),
        models=load_models(row["models"]),
        score=row["score"],
        threshold=row["threshold"],
        evidence=load_evidence(row["evidence"]),
        near=load_evidence(row["near"]),
        rules=row["rules"],
    )


def load_stage(row: Row) -> StoryStage:
    """Return the step of a ``story_stage`` row with its announcement's ``silent``."""
    return StoryStage(
        stage=Stage(row["stage"]),
        first_seen=moment(row["first_seen"]),
        item_id=row["item_id"],
        source_id=row["source_id"],
        primary_item_id=row["primary_item_id"],
        primary_seen=maybe_moment(row["primary_seen"]),
        told=bool(row["told"]),
        silent=row["silent"],
    )


def load_story(row: Row, stages: Sequence[StoryStage]) -> Story:
    """Return the story of a ``story`` row and its steps."""
    return Story(
        id=row["id"],
        name=row["name"],
        models=load_models(row["models"]),
        keys=_texts(row["keys"]),
        stages=tuple(stages),
        first_seen=moment(row["first_seen"]),
        last_seen=moment(row["last_seen"]),
        vendor=row["vendor"],
        modality=Modality(row["modality"]),
    )


ANNOUNCEMENT_COLUMNS = "announcement.*, story.id AS story_id"
ANNOUNCEMENT_FROM = "announcement JOIN story ON story.n = announcement.story_n"


def load_announcement(row: Row) -> Announcement:
    """Return the announcement of a row with ``ANNOUNCEMENT_COLUMNS``."""
    return Announcement(
        id=row["id"],
        story_id=row["story_id"],
        stage=Stage(row["stage"]),
        name=row["name"],
        models=load_models(row["models"]),
        vendor=row["vendor"],
        modality=Modality(row["modality"]),
        at=moment(row["at"]),
        item_id=row["item_id"],
        source_id=row["source_id"],
        tier=Tier(row["tier"]),
        title=row["title"],
        url=row["url"],
        lang=row["lang"],
        quote=row["quote"],
        published=maybe_moment(row["published"]),
        score=row["score"],
        silent=row["silent"],
    )


def load_mention(row: Row) -> Mention:
    """Return the mention of a row that names ``story_id``, ``item_id`` and ``source_id``."""
    return Mention(
        story_id=row["story_id"],
        item_id=row["item_id"],
        source_id=row["source_id"],
        stage=Stage(row["stage"]),
        at=moment(row["at"]),
        role=row["role"],
    )


def load_poll(row: Row, source_id: str) -> Poll:
    """Return the poll of a ``poll`` row."""
    return Poll(
        source_id=source_id,
        at=moment(row["at"]),
        outcome=row["outcome"],
        status=row["status"],
        reason=row["reason"],
        items=row["items"],
        fresh=row["fresh"],
        revised=row["revised"],
        overlap=None if row["overlap"] is None else bool(row["overlap"]),
        gap_since=maybe_moment(row["gap_since"]),
        elapsed=row["elapsed"],
        size=row["size"],
    )


def load_lost_part(row: Row) -> LostPart:
    """Return the part of a ``lost_part`` row."""
    return LostPart(url=row["url"], since=moment(row["since"]), reason=row["reason"])


def load_delivery(row: Row) -> Delivery:
    """Return the delivery of a ``delivery`` row, body included."""
    body: Mapping[str, Any] = json.loads(row["body"])
    return Delivery(
        id=row["id"],
        edition_id=row["edition_id"],
        digest_id=row["digest_id"],
        recipient_id=row["recipient_id"],
        subject=row["subject"],
        body=body,
        created_at=moment(row["created_at"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_try_at=maybe_moment(row["next_try_at"]),
        last_answer=row["last_answer"],
        receipt=row["receipt"],
        sent_at=maybe_moment(row["sent_at"]),
    )
