"""What became of an item: the stories it belongs to or would join, and whether and to whom its step was told.

The values (``fates``, ``came``) are for whoever tells them in words of their own, as the pages do; the sentences are those of ``explain``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from aiwatch.model import Announcement, DeliveryState, Detection, Folded, Mention, Note, Stage, Story
from aiwatch.stories.steps import another_word
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
    if detection.announcement or detection.stage.beside_launch:
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


class Came(StrEnum):
    """What is told of an item's steps, a line each; whoever tells it has a sentence for each."""

    GONE = "no_story_now"  # it was told, and is in no story any more
    NOWHERE = "no_story"
    NOTHING_NEW = "nothing_new"  # it only names the model
    STEPLESS = "stepless"  # its step made no announcement
    HUSHED = "hushed"  # recorded in silence
    TAKEN_BACK = "taken_back"  # silent since; the editions behind it had told it
    FOUND = "found"
    FOUND_BY_OTHER = "found_by_other"  # by another item of the step
    UNWANTED = "unwanted"  # in no outbox
    WAITING = "waiting"  # for the digest's next edition
    NO_RECIPIENT = "no_recipient"
    DELIVERED = "delivered"  # or tried, or given up
    BEFORE = "told_before"  # the editions behind it told the item before a person's word changed what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of it, with what is of its kind: the announcement, the digest with its edition, the delivery."""

    kind: Came
    announcement: Announcement | None = None
    digest_id: str = ""
    edition_id: str = ""
    delivery: DeliveryLine | None = None


def came(trace: Trace) -> Iterator[Line]:
    """Whether and to whom the item's steps were told, and if not, why not."""
    before = list(_before(trace))
    steps = {(mention.story_id, mention.stage) for mention in trace.mentions if mention.role != "mention"}
    told = [one for one in trace.story_announcements if (one.story_id, one.stage) in steps]
    if not trace.mentions:
        yield Line(kind=Came.GONE if before else Came.NOWHERE)
    elif not steps:
        yield Line(kind=Came.NOTHING_NEW)
    elif not told:
        yield Line(kind=Came.STEPLESS)
    for one in told:
        yield from _step(one, trace)
    yield from before


def _before(trace: Trace) -> Iterator[Line]:
    """The editions that told the item, and that none of its announcements names any more."""
    named = {one.edition_id for one in trace.outbox}
    gone = [one for one in trace.brought if one[1] not in named]
    if gone:
        yield Line(kind=Came.BEFORE)
    for digest_id, edition_id in gone:
        yield from _edition(digest_id, edition_id, trace)


def _step(announcement: Announcement, trace: Trace) -> Iterator[Line]:
    waiting = [one for one in trace.outbox if one.announcement_id == announcement.id]
    if announcement.silent:
        got = [line for one in waiting if one.edition_id for line in _edition(one.digest_id, one.edition_id, trace)]
        yield Line(kind=Came.TAKEN_BACK if got else Came.HUSHED, announcement=announcement)
        yield from got
        return
    own = announcement.item_id == trace.item.id
    yield Line(kind=Came.FOUND if own else Came.FOUND_BY_OTHER, announcement=announcement)
    if not waiting:
        yield Line(kind=Came.UNWANTED, announcement=announcement)
    for one in waiting:
        if one.edition_id is None:
            yield Line(kind=Came.WAITING, digest_id=one.digest_id)
        else:
            yield from _edition(one.digest_id, one.edition_id, trace)


def _edition(digest_id: str, edition_id: str, trace: Trace) -> Iterator[Line]:
    """What became of an edition, recipient by recipient."""
    sent = [one for one in trace.deliveries if one.edition_id == edition_id]
    if not sent:
        yield Line(kind=Came.NO_RECIPIENT, digest_id=digest_id, edition_id=edition_id)
    for one in sent:
        yield Line(kind=Came.DELIVERED, digest_id=digest_id, edition_id=edition_id, delivery=one)


def told_of(detection: Detection, trace: Trace | None) -> tuple[str, ...]:
    """Whether and to whom its step was told, in sentences."""
    if trace is None:
        return ("Never: a text that no source brought is told to nobody.",)
    return tuple(_told(one, detection, trace) for one in came(trace))


_PLAIN = {
    Came.GONE: "No longer: it is in no story any more.",
    Came.NOTHING_NEW: "No: it names the model and tells nothing new.",
    Came.STEPLESS: "No: its step made no announcement.",
    Came.BEFORE: "It was told before a person's word changed what it is:",
}


def _told(line: Line, detection: Detection, trace: Trace) -> str:
    if line.kind in _PLAIN:
        return _PLAIN[line.kind]
    if line.kind is Came.NOWHERE:
        return "No: it is in no story." if detection.announcement else "No: it is no announcement."
    if line.announcement is not None:
        return _of_announcement(line.kind, line.announcement, trace)
    digest = f"Digest {line.digest_id}:"
    if line.delivery is not None:
        return f"{digest} {_STATES[line.delivery.state]} {line.delivery.recipient_id}{_when(line.delivery)}"
    if line.kind is Came.WAITING:
        return f"{digest} waiting for its next edition."
    return f"{digest} in edition {line.edition_id}, which had no recipient."


def _of_announcement(kind: Came, one: Announcement, trace: Trace) -> str:
    own = one.item_id == trace.item.id
    why = one.silent or ""
    by = "" if own else f" by another item, “{one.title}” ({one.source_id})"
    if kind is Came.UNWANTED:
        other = f"`aiwatch explain {one.item_id}` says to whom."
        return "In no outbox: no digest wanted it when it was found." if own else other
    return {
        Came.HUSHED: f"Recorded in silence: {why}.",
        Came.TAKEN_BACK: f"{why[:1].upper()}{why[1:]}. It was told before that:",
    }.get(kind, f"Found at {one.at:%Y-%m-%d %H:%M} UTC{by}; a step is told once.")


def _when(delivery: DeliveryLine) -> str:
    if delivery.sent_at:
        return f" at {delivery.sent_at:%Y-%m-%d %H:%M} UTC" + (f", {delivery.receipt}" if delivery.receipt else "")
    tried = f" after {delivery.attempts} {'try' if delivery.attempts == 1 else 'tries'}" if delivery.attempts else ""
    return tried + (f": {delivery.last_answer}" if delivery.last_answer else "")
