"""What became of an item, in sentences: the stories it belongs to or would join, and whether and to whom its step was told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from aiwatch.model import Announcement, DeliveryState, Detection, Folded, Mention, Note, Stage, Story
from aiwatch.steps import another_word
from aiwatch.views import DeliveryLine, Trace

_ROLES = {"first": "First item", "primary": "The vendor's own item", "mention": "A mention"}
_STATES = {
    DeliveryState.SENT: "sent to",
    DeliveryState.READY: "waiting to be sent to",
    DeliveryState.SENDING: "being sent to",
    DeliveryState.DEAD: "given up for",
    DeliveryState.DROPPED: "dropped by a person for",
}


class Fate(StrEnum):
    """What a text would be to a story if a source brought it now."""

    TOLD = "told"  # the first item of a step
    NEWS = "news"  # one that shows a step to be news
    JOINS = "joins"  # silent coverage: the step is told
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Would:
    """The fate of a text in one story; ``name`` is empty for a story that it only mentions, ``known``: the story has other steps."""

    fate: Fate
    story_id: str
    name: str
    stage: Stage
    known: bool


def story_of(detection: Detection, trace: Trace | None) -> tuple[str, ...]:
    """The stories it belongs to, or why it belongs to none."""
    if trace is not None and trace.mentions:
        by_id = {story.id: story for story in trace.stories}
        return tuple(
            f"{_ROLES.get(mention.role, 'Follow-up coverage')} of “{by_id[mention.story_id].name}”, step {mention.stage.value}"
            f"{_soon(detection, mention)} (story {mention.story_id})"
            for mention in trace.mentions
            if mention.story_id in by_id
        )
    if trace is not None and Note.PAGE_OWED in trace.item.notes:
        return ("None yet: its page could not be read so far. It is tried again, for some hours, and judged then.",)
    if trace is not None and Note.PAGE_LATE in trace.item.notes:
        return (
            "None: its page could not be read for hours, and its address tells nothing. It is looked at again, ever less often.",
        )
    if detection.announcement or detection.stage in (Stage.RUMORED, Stage.DEPRECATED):
        return (
            "It would make or join a story; it was not folded into one." if trace else "Not in the archive: it is in no story.",
        )
    if detection.stage is Stage.UPDATED:
        return ("None: an improvement without a version joins a story that exists, and there was none.",)
    return ("None: what is no announcement, rumour or retirement joins no story.",)


def fates(folded: Folded) -> tuple[Would, ...]:
    """What folding a text by itself came to, story by story."""
    told = {(one.story_id, one.stage) for one in folded.announcements}
    known = {story.id: story for story in folded.stories}
    return tuple(_fate(one, known.get(one.story_id), told) for one in folded.mentions)


def _fate(mention: Mention, story: Story | None, told: Collection[tuple[str, Stage]]) -> Would:
    """What a text would be to one story; None is one that it does not change."""
    if story is None:
        return Would(fate=Fate.MENTIONS, story_id=mention.story_id, name="", stage=mention.stage, known=True)
    news = Fate.TOLD if mention.role == "first" else Fate.NEWS
    fate = news if (story.id, mention.stage) in told else Fate.JOINS
    return Would(fate=fate, story_id=story.id, name=story.name, stage=mention.stage, known=len(story.stages) > 1)


def sentence(would: Would, *, several: bool) -> str:
    """A fate as a sentence; it names the story where that is known, or one of several."""
    if would.fate is Fate.MENTIONS:
        return f"It would be a mention of a story, which tells nothing (story {would.story_id})."
    if would.fate is Fate.JOINS:
        return f"It would join “{would.name}” in silence: its step {would.stage.value} is told (story {would.story_id})."
    step = f"the step {would.stage.value}"
    if would.known:
        step += f" of “{would.name}” (story {would.story_id})"
    elif several:
        step += f" of “{would.name}”"
    why = f"it is the first item of {step}" if would.fate is Fate.TOLD else f"it shows that {step} is news"
    return f"It would be told: {why}."


def _soon(detection: Detection, mention: Mention) -> str:
    soon = another_word(detection.stage, mention)
    return f"; {detection.stage.value}, so soon after it, is another word for that and not told by itself" if soon else ""


def told_of(detection: Detection, trace: Trace | None) -> tuple[str, ...]:
    """Whether and to whom its step was told, and if not, why not."""
    if trace is None:
        return ("Never: a text that no source brought is told to nobody.",)
    before = _told_before(trace)
    if not trace.mentions and before:
        return ("No longer: it is in no story any more.", *before)
    if not trace.mentions:
        return ("No: it is no announcement.",) if not detection.announcement else ("No: it is in no story.",)
    steps = {(mention.story_id, mention.stage) for mention in trace.mentions if mention.role != "mention"}
    if not steps:
        return ("No: it names the model and tells nothing new.", *before)
    lines: list[str] = []
    for announcement in trace.story_announcements:
        if (announcement.story_id, announcement.stage) in steps:
            lines += _told_step(announcement, trace)
    return (*(lines or ["No: its step made no announcement."]), *before)


def told_before(trace: Trace) -> list[tuple[str, str]]:
    """Digests and their editions that told the item, and that none of its announcements names any more."""
    named = {one.edition_id for one in trace.outbox}
    return [one for one in trace.brought if one[1] not in named]


def _told_before(trace: Trace) -> list[str]:
    lines = [line for digest_id, edition_id in told_before(trace) for line in _in_edition(digest_id, edition_id, trace)]
    return ["It was told before a person's word changed what it is:", *lines] if lines else []


def _told_step(announcement: Announcement, trace: Trace) -> list[str]:
    waiting = [one for one in trace.outbox if one.announcement_id == announcement.id]
    if announcement.silent:
        got = [line for one in waiting if one.edition_id for line in _in_edition(one.digest_id, one.edition_id, trace)]
        if not got:
            return [f"Recorded in silence: {announcement.silent}."]
        return [f"{announcement.silent[:1].upper()}{announcement.silent[1:]}. It was told before that:", *got]
    own = announcement.item_id == trace.item.id
    by = "" if own else f" by another item, “{announcement.title}” ({announcement.source_id})"
    lines = [f"Found at {announcement.at:%Y-%m-%d %H:%M} UTC{by}; a step is told once."]
    if not waiting:
        other = f"`aiwatch explain {announcement.item_id}` says to whom."
        lines.append("In no outbox: no digest wanted it when it was found." if own else other)
    for one in waiting:
        if one.edition_id is None:
            lines.append(f"Digest {one.digest_id}: waiting for its next edition.")
        else:
            lines += _in_edition(one.digest_id, one.edition_id, trace)
    return lines


def _in_edition(digest_id: str, edition_id: str, trace: Trace) -> list[str]:
    """What became of an edition, recipient by recipient."""
    sent = [delivery for delivery in trace.deliveries if delivery.edition_id == edition_id]
    if not sent:
        return [f"Digest {digest_id}: in edition {edition_id}, which had no recipient."]
    return [f"Digest {digest_id}: {_STATES[delivery.state]} {delivery.recipient_id}" + _when(delivery) for delivery in sent]


def _when(delivery: DeliveryLine) -> str:
    if delivery.sent_at:
        return f" at {delivery.sent_at:%Y-%m-%d %H:%M} UTC" + (f", {delivery.receipt}" if delivery.receipt else "")
    tried = f" after {delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}" if delivery.attempts else ""
    return tried + (f": {delivery.last_answer}" if delivery.last_answer else "")
