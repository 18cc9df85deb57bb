"""What of a poll's fold is told: what must stay silent, which digests hear of it, and whose own pages are looked at sooner."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aiwatch import schedule
from aiwatch.digest import select
from aiwatch.feedback import Words
from aiwatch.model import (
    Announcement,
    Detection,
    Entry,
    Folded,
    Item,
    Judged,
    Mention,
    Modality,
    Note,
    Silence,
    Source,
    Stage,
    Story,
    Tier,
    ident,
    silence_of,
)
from aiwatch.names.identity import identity
from aiwatch.settings import Subscription
from aiwatch.stories.recency import Ages
from aiwatch.stories.story import kind_told

# --- what must stay silent, and wait ----------------------------------------------------------------------------------------


def settled(judged: Judged, words: Words) -> bool:
    """Whether an item, as people corrected what is said of it, can be told of while its page is owed.

    A person who judged it has decided. Else its date must be beyond doubt, and either all that it names be known by name anyway, to the
    lexicon or by a person's word, or the rules, such as newer ones, be in no doubt any more.
    """
    item, _, detection = judged
    if Note.PAGE_OWED not in item.notes or item.id in words.labels:
        return True
    said = {identity(one.model).key for one in words.same.values()}
    known = bool(detection.models) and all(model.known or identity(model).key in said for model in detection.models)
    return not item.doubted and (known or not doubtful(item, detection))


def doubtful(item: Item, detection: Detection) -> bool:
    """Whether title and summary cannot decide: a near miss without text, and what has no title but its address (``/news/news260120``)."""
    return not item.content and (detection.near_miss or Note.TITLE_FROM_URL in item.notes)


def hush(folded: Folded, *, revised: Mapping[str, Sequence[Mention]], undated: Mapping[str, str]) -> Folded:
    """Silence what must not be told.

    That is: undated items of a first poll, or of the first after address or mapping changed; an edit of an item that was already part
    of a story, by more than a rumour; a report that names no model and is not the vendor's own, for without a name nobody can tell it
    from a launch that was told already.
    """

    def judged(announcement: Announcement) -> Announcement:
        if announcement.silent:
            return replace(announcement, silent=Silence.EDITED_LATE) if announcement.item_id in revised else announcement
        if announcement.item_id in undated:
            return replace(announcement, silent=undated[announcement.item_id])
        if not announcement.models and announcement.tier is not Tier.PRIMARY:
            return replace(announcement, silent=Silence.NAMELESS)
        if any(
            one.role in {"first", "primary"} and one.stage is not Stage.RUMORED for one in revised.get(announcement.item_id, ())
        ):
            return replace(announcement, silent=Silence.EDITED)
        return announcement

    announcements = tuple(judged(one) for one in folded.announcements)
    silenced = {(one.story_id, one.stage): one.silent for one in announcements if one.silent}
    return replace(folded, announcements=announcements, stories=tuple(_untold(story, silenced) for story in folded.stories))


def _untold(story: Story, silenced: Mapping[tuple[str, Stage], str]) -> Story:
    """The story with its silenced steps marked as not told, and why."""
    kept = tuple(
        replace(step, told=False, silent=silenced[story.id, step.stage]) if (story.id, step.stage) in silenced else step
        for step in story.stages
    )
    return replace(story, stages=kept)


LATE = (Silence.TOO_OLD, Silence.DOUBTED, Silence.AWAY)  # it was found too late


def unsaid(folded: Folded, since: datetime) -> str:
    """A sentence's part on what was found too late to be told, from before ``since``; empty where there is none."""
    late = [why for one in folded.announcements if (why := silence_of(one.silent)) in LATE]
    if not late:
        return ""
    many = f"{len(late)} announcements" if len(late) > 1 else "an announcement"
    old = f"from before {since:%Y-%m-%d}" + (" or without a date" if Silence.AWAY in late else "")
    return f"{many} {old} {'were' if len(late) > 1 else 'was'} recorded and not told"


# --- who hears of it --------------------------------------------------------------------------------------------------------


def outbox(
    announcements: Sequence[Announcement], subscriptions: Sequence[Subscription], joined: Sequence[Story] = ()
) -> tuple[tuple[str, str], ...]:
    """Who is to be told what: pairs of digest id and announcement id; ``joined`` say of which the vendor's own word is there."""
    own = {(story.id, step.stage) for story in joined for step in story.stages if step.primary_item_id}
    return tuple(
        (subscription.id, one.id)
        for one in announcements
        if not one.silent
        for subscription in subscriptions
        if select.wanted(subscription, one)
        or ((one.story_id, one.stage) in own and select.wanted(subscription, replace(one, tier=Tier.PRIMARY)))
    )


def nudges(announcements: Sequence[Announcement], sources: Sequence[Source], now: datetime) -> tuple[tuple[str, datetime], ...]:
    """The vendor's own sources are looked at soon after somebody else wrote of a new model of theirs."""
    vendors = {
        one.vendor for one in announcements if not one.silent and one.tier is not Tier.PRIMARY and one.stage is not Stage.RUMORED
    }
    return tuple(
        (source.id, schedule.nudge(source, now))
        for source in sources
        if source.enabled and source.tier is Tier.PRIMARY and source.vendor and source.vendor in vendors
    )


# --- earlier steps that somebody wants only now -----------------------------------------------------------------------------


def better_known(folded: Folded, history: Sequence[Story], since: datetime) -> tuple[str, ...]:
    """Ids of announcements made since ``since`` of stories that have learned now who made the model, or of what kind it is."""
    before = {story.id: (story.vendor, story.modality) for story in history}
    made = {one.id for one in folded.announcements}
    learned = [story for story in folded.stories if story.id in before and before[story.id] != (story.vendor, story.modality)]
    steps_told = {
        ident(story.id, step.stage) for story in learned for step in story.stages if step.told and step.first_seen >= since
    }
    return tuple(sorted(steps_told - made))


def completed(known: Sequence[Entry], folded: Folded) -> tuple[Announcement, ...]:
    """The announcements as their stories have them by now: with the maker and the kind that the first report did not say."""
    by_id, named = {story.id: story for story in folded.stories}, {one.id: one for one in folded.corrected}
    as_named = [named.get(one.announcement.id, one.announcement) for one in known]
    return tuple(_completed(one, by_id[one.story_id]) for one in as_named)


def _completed(announcement: Announcement, story: Story) -> Announcement:
    by_key = {identity(model).key: model for model in story.models}
    models = tuple(
        replace(model, vendor=model.vendor or member.vendor, modality=kind_told(model, member))
        if (member := by_key.get(identity(model).key))
        else model
        for model in announcement.models
    )
    kinds = {model.modality for model in models} - {Modality.TEXT}
    modality = announcement.modality if announcement.modality is not Modality.TEXT or not kinds else story.modality
    return replace(announcement, models=models, vendor=announcement.vendor or story.vendor, modality=modality)


def joined_by_vendor(folded: Folded, history: Sequence[Story], ages: Ages) -> tuple[str, ...]:
    """Ids of announcements of others that the vendor's own item joined now; not where it is too old for news, or ``ageless``.

    What is ``dated_back`` is of now, where the step it joins is of these days.
    """
    before = {(story.id, step.stage) for story in history for step in story.stages if step.primary_item_id}
    made = {one.id for one in folded.announcements}
    joined = {
        ident(story.id, step.stage)
        for story in folded.stories
        for step in story.stages
        if step.primary_seen and step.primary_item_id not in ages.ageless
        if (step.first_seen if step.primary_item_id in ages.dated_back else step.primary_seen) >= ages.since
        if step.told and (story.id, step.stage) not in before
    }
    return tuple(sorted(joined - made))


def wanted_now(
    known: Sequence[Entry], better: Sequence[Announcement], own: Collection[str], subscriptions: Sequence[Subscription]
) -> tuple[tuple[str, str], ...]:
    """Who did not want an announcement as it was and wants it now: pairs of digest id and announcement id.

    It waited for the maker's name or the kind (``vendors``, ``modalities``), which ``better`` have, or for the vendor's own word
    (``tiers = ["primary"]``), which the ids in ``own`` have.
    """
    as_now = {one.id: replace(one, tier=Tier.PRIMARY) if one.id in own else one for one in better}
    return tuple(
        (subscription.id, one.id)
        for one in (entry.announcement for entry in known)
        for subscription in subscriptions
        if not select.wanted(subscription, one)
        and (select.wanted(subscription, as_now[one.id]) or select.wanted(subscription, replace(as_now[one.id], tier=one.tier)))
    )
