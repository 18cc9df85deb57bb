"""An edition as JSON for webhooks: version 1, described by ``webhook.schema.json``. Words are those of the sources, only cleaned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from aiwatch.digest import safe, select, slots
from aiwatch.digest.compose import OPERATIONS
from aiwatch.digest.view import vendor_word
from aiwatch.model import Coverage, Edition, Entry, NearMiss, Notice, Watch
from aiwatch.settings import Recipient, Subscription

VERSION = 1
_WHOLE = 4000  # characters of a title; a title is whole here unless it is somebody's prank


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of the payload (also published as docs/webhook.schema.json)."""
    loaded = json.loads(files("aiwatch.digest").joinpath("webhook.schema.json").read_text("utf-8"))
    assert isinstance(loaded, dict)  # noqa: S101
    return loaded


def payload(edition: Edition, subscription: Subscription, recipient: Recipient) -> dict[str, Any]:
    """The payload as JSON-able values."""
    told = select.effective(subscription).stages or select.DEFAULT_STAGES
    changed = [entry for entry in edition.entries if select.earlier_steps(entry, told)]
    return {
        "version": VERSION,
        "type": _type(edition, subscription),
        "id": edition.id,
        "digest": {
            "id": edition.digest_id,
            "title": safe.clean(edition.title),
            "schedule": subscription.schedule,
            "lang": subscription.lang,
        },
        "recipient": recipient.id,
        "window": {"since": _time(edition.since), "until": _time(edition.until)},
        "late_seconds": edition.late,
        "next_at": _time(edition.next_at),
        "announcements": [_entry(entry) for entry in edition.entries if entry not in changed],
        "stage_changes": [_entry(entry) for entry in changed],
        "rumors": [_entry(entry) for entry in edition.rumors],
        "near_misses": [_near(miss) for miss in edition.near],
        "more": edition.more,
        "unshown": [{"name": one.name, "item_id": one.item_id} for one in edition.unshown],
        "coverage": _watch(edition.watch),
        "notices": [_notice(notice) for notice in edition.notices],
    }


def encode(values: Mapping[str, Any]) -> str:
    """The payload as the text that is signed and sent: the same values give the same bytes."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=False)


def _type(edition: Edition, subscription: Subscription) -> str:
    if edition.digest_id == OPERATIONS:
        return "notice"
    return "announcement" if slots.is_immediate(subscription) else "digest"


def _entry(entry: Entry) -> dict[str, Any]:
    announcement, lead = entry.announcement, vendor_word(entry)
    first = min(entry.coverage, key=lambda one: one.seen_at, default=None)
    return {
        "id": announcement.id,
        "story_id": announcement.story_id,
        "name": safe.clean(announcement.name),
        "vendor": safe.clean(announcement.vendor) or None,
        "stage": announcement.stage.value,
        "modality": announcement.modality.value,
        "models": [
            {
                "name": safe.clean(model.name),
                "vendor": safe.clean(model.vendor) or None,
                "family": safe.clean(model.family),
                "version": safe.clean(model.version),
                "variant": safe.clean(model.variant),
                "modality": model.modality.value,
            }
            for model in announcement.models
        ],
        "title": safe.clean(announcement.title, _WHOLE),
        "url": safe.link(announcement.url),
        "lang": announcement.lang,
        "quote": safe.clean(announcement.quote, _WHOLE) or None,
        "found_at": _time(announcement.at),
        "published_at": _time(announcement.published),
        "source_id": announcement.source_id,
        "tier": announcement.tier.value,
        "score": round(announcement.score, 3),
        "vendor_url": safe.link(lead.url) if lead else None,
        "first_seen": {"source_id": first.source_id, "at": _time(first.seen_at)} if first else None,
        "lead_seconds": round((lead.seen_at - first.seen_at).total_seconds()) if lead and first else None,
        "earlier_stages": [
            {"stage": step.stage.value, "first_seen": _time(step.first_seen)}
            for step in sorted(entry.story.stages, key=lambda step: step.first_seen)
            if step.stage is not announcement.stage and step.first_seen <= announcement.at
        ],
        "coverage": [_coverage(one) for one in entry.coverage],
    }


def _coverage(one: Coverage) -> dict[str, Any]:
    return {
        "source_id": one.source_id,
        "source_name": safe.clean(one.source_name),
        "tier": one.tier.value,
        "lang": one.lang,
        "title": safe.clean(one.title, _WHOLE),
        "url": safe.link(one.url),
        "seen_at": _time(one.seen_at),
        "published_at": _time(one.published),
    }


def _near(miss: NearMiss) -> dict[str, Any]:
    return {
        "item_id": miss.item_id,
        "title": safe.clean(miss.title, _WHOLE),
        "url": safe.link(miss.url),
        "source_name": safe.clean(miss.source_name),
        "score": round(miss.score, 3),
        "threshold": round(miss.threshold, 3),
        "lacking": safe.clean(miss.lacking, _WHOLE),
    }


def _watch(watch: Watch) -> dict[str, Any]:
    return {
        "sources": watch.sources,
        "watched": watch.watched,
        "failing": [safe.clean(name) for name in watch.failing],
        "partly": [safe.clean(name) for name in watch.partly],
        "gaps": [{"source_id": source, "since": _time(since), "until": _time(until)} for source, since, until in watch.gaps],
        "unpolled_since": _time(watch.last) if watch.idle else None,
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {"condition": notice.condition, "open": notice.open, "at": _time(notice.at), "text": safe.clean(notice.text, _WHOLE)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
