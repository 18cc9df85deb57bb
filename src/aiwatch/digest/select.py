"""Which announcements somebody wants, and in which order they are told. The one place that decides it.

Digests, commands, pages, feeds and the API all ask here (``store`` writes the same conditions in SQL), so they never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from aiwatch.model import Announcement, Entry, Filter, NearMiss, Stage, StoryStage, Tier
from aiwatch.settings import Subscription
from aiwatch.text import primary

DEFAULT_STAGES = tuple(stage for stage in Stage if stage not in {Stage.NONE, Stage.RUMORED})

# A new model is a new model, whether it can be tried, bought or only seen; then changes to known ones, then hearsay.
_STAGE_RANK = {
    Stage.RELEASED: 0,
    Stage.OPEN_WEIGHTS: 0,
    Stage.ANNOUNCED: 0,
    Stage.PREVIEW: 0,
    Stage.UPDATED: 1,
    Stage.DEPRECATED: 2,
    Stage.RUMORED: 3,
    Stage.NONE: 4,
}
CHANGES = (Stage.UPDATED, Stage.DEPRECATED)  # of a model that is out, whether or not its launch was told
_TIER_RANK = {Tier.PRIMARY: 0, Tier.PRESS: 1, Tier.COMMUNITY: 2}


def matches(wanted: Filter, announcement: Announcement) -> bool:
    """Whether ``announcement`` meets every condition of the filter.

    Names and languages are compared without case, languages by their primary subtag (``en-US`` is ``en``). A vendor or a modality
    matches through the announcement's own or through any of its models. ``since`` is inclusive, ``until`` exclusive.
    """
    stages = wanted.stages or DEFAULT_STAGES
    return (
        announcement.stage in stages
        and _one_of(wanted.vendors, (announcement.vendor, *(model.vendor for model in announcement.models)))
        and _any_modality(wanted, announcement)
        and _one_of([primary(lang) for lang in wanted.langs], [primary(announcement.lang)])
        and _one_of(wanted.sources, [announcement.source_id])
        and (not wanted.tiers or announcement.tier in wanted.tiers)
        and (not wanted.min_score or announcement.score >= wanted.min_score)  # a rumour's score is below zero
        and _named(wanted.text, announcement)
        and (wanted.since is None or announcement.at >= wanted.since)
        and (wanted.until is None or announcement.at < wanted.until)
    )


def wanted(subscription: Subscription, announcement: Announcement) -> bool:
    """Whether a digest tells this announcement: its filter, and rumours where it opted in."""
    return matches(effective(subscription), announcement)


def tells(subscription: Subscription, entry: Entry) -> bool:
    """Whether a digest tells an entry by now: for its tiers, what an outlet had first counts as the nearest that carries it."""
    one = entry.announcement
    return wanted(subscription, one) or wanted(subscription, replace(one, tier=nearest(entry)))


def told_from(subscription: Subscription, entry: Entry) -> datetime:
    """Since when a digest could tell an entry: since it was found, or since the vendor's own word where it waits for that."""
    one = entry.announcement
    if wanted(subscription, one):
        return one.at
    return max(one.at, min((seen.seen_at for seen in entry.coverage if seen.tier is nearest(entry)), default=one.at))


def touches(given: Filter, miss: NearMiss) -> bool:
    """Whether what was nearly an announcement could have met a digest's conditions: its source's, and those of the models it names.

    The score was too low for any, and no stage is said of it.
    """
    return (
        _one_of(given.vendors, [miss.vendor, *(model.vendor for model in miss.models)])
        and (not given.modalities or any(model.modality in given.modalities for model in miss.models))
        and _one_of([primary(lang) for lang in given.langs], [primary(miss.lang)])
        and _one_of(given.sources, [miss.source_id])
        and (not given.tiers or miss.tier in given.tiers)
    )


def effective(subscription: Subscription) -> Filter:
    """The digest's filter with its ``rumors`` switch applied."""
    given = subscription.filter
    if not subscription.rumors:
        return given
    stages = given.stages or DEFAULT_STAGES
    return replace(given, stages=(*stages, Stage.RUMORED) if Stage.RUMORED not in stages else stages)


class Unmet(NamedTuple):
    """A condition of a digest that an announcement does not meet: its key, and its value; what the announcement is. Either may be empty."""

    key: str
    wanted: str
    found: str


def unmet(subscription: Subscription, announcement: Announcement) -> list[Unmet]:
    """The conditions of a digest that an announcement does not meet; no stages wanted are all but rumours."""
    given, one = effective(subscription), announcement
    values = {
        "stages": one.stage, "vendors": one.vendor, "modalities": one.modality, "langs": one.lang, "sources": one.source_id,
        "tiers": one.tier, "min_score": f"{one.score:g}", "text": one.name,
    }  # fmt: skip
    every = Filter(stages=tuple(Stage))
    alone = {key: replace(every, **{key: getattr(given, key)}) for key in values}
    return [
        Unmet(key, _spoken(getattr(given, key)), str(values[key] or ""))
        for key, condition in alone.items()
        if not matches(condition, one)
    ]


def _spoken(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)


def by_importance(entries: Iterable[Entry]) -> list[Entry]:
    """Stage first, then how near the source is, how many outlets carry it, the vendor's own word, the score; then the order found."""
    return sorted(entries, key=importance)


def importance(entry: Entry) -> tuple[object, ...]:
    """The sort key of ``by_importance``; smaller is told earlier."""
    announcement = entry.announcement
    return (
        _STAGE_RANK[announcement.stage],
        _TIER_RANK[nearest(entry)],
        -len(outlets(entry)),
        announcement.tier is not Tier.PRIMARY,
        -announcement.score,
        announcement.at,
        announcement.id,
    )


def nearest(entry: Entry) -> Tier:
    """The nearest tier that carries the story by now."""
    return min((entry.announcement.tier, *(one.tier for one in entry.coverage)), key=_TIER_RANK.__getitem__)


def outlets(entry: Entry) -> frozenset[str]:
    """The sources that carry the story."""
    return frozenset({entry.announcement.source_id, *(one.source_id for one in entry.coverage)})


def earlier_steps(entry: Entry, told: Sequence[Stage]) -> tuple[StoryStage, ...]:
    """The story's steps before this one, of the stages that the reader is told about; oldest first.

    Before are those of an earlier time of their own: what a poll finds late, after the next step, was not told after that.
    """
    own = entry.announcement
    reached = entry.story.at(own.stage)
    at = min(own.at, reached.first_seen) if reached else own.at
    before = [
        step
        for step in entry.story.stages
        if step.stage is not own.stage and step.stage in told and step.told and step.first_seen <= at
    ]
    return tuple(sorted(before, key=lambda step: step.first_seen))


def _one_of(allowed: Sequence[str], values: Sequence[str | None]) -> bool:
    if not allowed:
        return True
    folded = {one.casefold() for one in allowed}
    return any(value is not None and value.casefold() in folded for value in values)


def _any_modality(wanted: Filter, announcement: Announcement) -> bool:
    modalities = {announcement.modality, *(model.modality for model in announcement.models)}
    return not wanted.modalities or not modalities.isdisjoint(wanted.modalities)


def _named(text: str | None, announcement: Announcement) -> bool:
    if not text:
        return True
    needle = text.casefold()
    return any(needle in name.casefold() for name in (announcement.name, *(model.name for model in announcement.models)))
