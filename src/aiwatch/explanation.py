"""Why an item is, or is not, an announcement, and what became of it: the words behind ``aiwatch explain``.

Everything here is made from what was kept: the item, what the rules said of it, the story it joined, the outbox and the deliveries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiwatch.model import (
    Announcement,
    DeliveryState,
    Detection,
    Evidence,
    Folded,
    Item,
    Mention,
    Model,
    Note,
    Stage,
    Story,
)
from aiwatch.steps import another_word
from aiwatch.views import DeliveryLine, Label, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of text on which rules fired: offsets, and the numbers of the evidence (from 1, in the order of ``Explanation.fired``).

    ``inside`` are the shorter spans within it, in order and apart from each other.
    """

    start: int
    end: int
    numbers: tuple[int, ...]
    inside: tuple[Span, ...] = ()

    @property
    def closing(self) -> tuple[int, ...]:
        """The numbers that end where it ends, its own and those of spans within it; ascending."""
        last = self.inside[-1] if self.inside and self.inside[-1].end == self.end else None
        return tuple(sorted((*self.numbers, *(last.closing if last else ()))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One field of the item with its outermost marked spans, in order and apart from each other.

    ``masked`` is what the patterns of today's rules see of it: ``{V} launches {M}``; empty for what is not read.
    """

    field: str
    text: str
    spans: tuple[Span, ...]
    masked: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole answer. ``verdict``, ``story``, ``told`` and ``since`` are sentences; the rest is what they rest on."""

    item_id: str | None  # None: a text that is in no archive
    title: str
    url: str | None
    verdict: str
    announcement: bool
    stage: Stage
    score: float
    threshold: float
    models: tuple[Model, ...]
    texts: tuple[Text, ...]
    fired: tuple[Evidence, ...]
    near: tuple[Evidence, ...]
    story: tuple[str, ...]
    told: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = field(default=())
    maker: str | None = None  # whose model it is, where none is named
    meant: tuple[Model, ...] = ()  # what people say names of a text mean; ``spelled`` is the name as it stands there
    would: tuple[Would, ...] = ()  # what a text would be to stories
    since: tuple[str, ...] = ()  # what today's rules would say otherwise than those that judged it
    overruled: bool = (
        False  # a person says otherwise: ``announcement`` and ``stage`` are the rules' word, which ``verdict`` has behind theirs
    )


def explain(
    item: Item,
    detection: Detection,
    trace: Trace | None = None,
    notes: Sequence[str] = (),
    would: Folded | None = None,
    meant: Sequence[Model] = (),
    since: Sequence[str] = (),
) -> Explanation:
    """Everything that is known of an item; ``trace`` is None for a text that no poll brought.

    ``would`` is that text folded into the stories that exist: what would become of it if a source brought it now.
    """
    fates = _fates(would) if would else ()
    fired = tuple(sorted(detection.evidence, key=lambda one: -abs(one.weight)))
    return Explanation(
        item_id=item.id if trace else None,
        title=item.title,
        url=item.url,
        verdict=verdict(detection),
        announcement=detection.announcement,
        stage=detection.stage,
        score=detection.score,
        threshold=detection.threshold,
        models=detection.models,
        texts=_texts(item, fired),
        fired=fired,
        near=_once(detection.near),
        story=tuple(_said(one, several=len(fates) > 1) for one in fates) or _story(detection, trace),
        told=_told(detection, trace),
        labels=trace.labels if trace else (),
        notes=(*notes, *meanings(meant)),
        maker=detection.maker,
        meant=tuple(meant),
        would=fates,
        since=tuple(since),
    )


def overruled(answer: Explanation, taken: Detection, trace: Trace) -> Explanation:
    """The answer as a person's word has it, which made ``taken`` of what the rules said; that is said behind it."""
    if (taken.announcement, taken.stage) == (answer.announcement, answer.stage):
        return answer
    return replace(
        answer,
        verdict=f"A person says: {_word(taken)}. The rules alone: {answer.verdict}",
        story=_story(taken, trace) if trace.mentions or taken.announcement else (f"None: a person says: {_word(taken)}.",),
        told=_told(taken, trace),
        overruled=True,
    )


def read_as(answer: Explanation, masked: Mapping[str, str]) -> Explanation:
    """The answer with what patterns see of the item, by field."""
    return replace(answer, texts=tuple(replace(one, masked=masked.get(one.field, "")) for one in answer.texts))


def _once(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The first of those that say the same of the same word: a homonym that stands there five times needs one reason."""
    found: dict[tuple[str, str, str], Evidence] = {}
    for one in evidence:
        found.setdefault((one.rule, one.matched, one.why), one)
    return tuple(found.values())


def edited(times: int) -> str:
    """The note of an item that its source has changed since it came."""
    return f"the source edited it {'once' if times == 1 else f'{times} times'}; the newest wording is shown"


def meanings(meant: Sequence[Model]) -> list[str]:
    """The notes of names that people say mean another model."""
    return [f"a person says that {one.spelled} means {one.name}" for one in meant]


# --- the verdict --------------------------------------------------------------------------------------------------------------


class Taken(StrEnum):
    """What a detection was taken for; whoever tells it has a sentence for each."""

    NEWS = "yes"
    RUMOR = "rumor"
    RETIRED = "retired"
    NOT_NEW = "not_new"
    NO_SUBJECT = "no_subject"
    NO_NAME = "no_name"
    LACKING = "lacking"


def taken_for(found: Detection | Explanation) -> Taken:
    """What the rules' word amounts to; the first that holds."""
    cases = (
        (found.announcement, Taken.NEWS),
        (found.stage is Stage.RUMORED, Taken.RUMOR),
        (found.stage is Stage.DEPRECATED, Taken.RETIRED),
        (found.stage is Stage.UPDATED, Taken.NOT_NEW),
        (found.score >= found.threshold, Taken.NO_SUBJECT),
        (not found.models, Taken.NO_NAME),
    )
    return next((taken for holds, taken in cases if holds), Taken.LACKING)


def verdict(detection: Detection) -> str:
    """One sentence: what it was taken for, and the score against the bar."""
    score = f"score {detection.scored}"
    names = ", ".join(model.name for model in detection.models) or "a model"
    are = "are" if len(detection.models) > 1 else "is"
    return {
        Taken.NEWS: f"An announcement of {names} ({detection.stage.value}): {score}.",
        Taken.RUMOR: f"No announcement but a rumour of {names}: {score}.",
        Taken.RETIRED: f"No launch, but the retirement of {names}, which is a step that is told: {score}.",
        Taken.NOT_NEW: f"No announcement: {names} {are} {detection.stage.value}, which is nothing new; {score}.",
        Taken.NO_SUBJECT: f"No announcement: {score}, but no new model is its subject.",
        Taken.NO_NAME: f"No announcement: no name of an AI model stands in it as its subject; {score}.",
        Taken.LACKING: f"No announcement: {score}; {detection.short_by} is lacking.",
    }[taken_for(detection)]


def _word(taken: Detection) -> str:
    """What a person made of it."""
    return f"{'an' if taken.announcement else 'no'} announcement" + (
        "" if taken.stage is Stage.NONE else f" ({taken.stage.value})"
    )


def _texts(item: Item, fired: Sequence[Evidence]) -> tuple[Text, ...]:
    """Title and summary, and the body where a rule fired in it."""
    fields = [name for name in ("title", "summary") if getattr(item, name)]
    fields += ["content"] if any(one.field == "content" for one in fired) else []
    return tuple(Text(field=name, text=getattr(item, name), spans=spans(name, fired)) for name in fields)


def spans(name: str, fired: Sequence[Evidence]) -> tuple[Span, ...]:
    """The evidence of one field as spans within spans; those that cross are drawn together."""
    found = [Span(start=one.start, end=one.end, numbers=(number,)) for number, one in enumerate(fired, 1) if one.field == name]
    return _nested([span for span in found if span.end > span.start])


def _nested(found: Sequence[Span]) -> tuple[Span, ...]:
    outer: list[Span] = []
    inner: dict[int, list[Span]] = {}
    for span in sorted(found, key=lambda one: (one.start, -one.end, one.numbers)):
        last = outer[-1] if outer else None
        if last is None or span.start >= last.end:
            outer.append(span)
        elif (span.start, span.end) == (last.start, last.end) or span.end > last.end:
            outer[-1] = Span(start=last.start, end=span.end, numbers=(*last.numbers, *span.numbers))
        else:
            inner.setdefault(len(outer) - 1, []).append(span)
    return tuple(replace(span, inside=_nested(inner.get(at, ()))) for at, span in enumerate(outer))


# --- what became of it ----------------------------------------------------------------------------------------------------------

_ROLES = {"first": "First item", "primary": "The vendor's own item", "mention": "A mention"}
_STATES = {
    DeliveryState.SENT: "sent to",
    DeliveryState.READY: "waiting to be sent to",
    DeliveryState.SENDING: "being sent to",
    DeliveryState.DEAD: "given up for",
    DeliveryState.DROPPED: "dropped by a person for",
}


def _story(detection: Detection, trace: Trace | None) -> tuple[str, ...]:
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


def _fates(folded: Folded) -> tuple[Would, ...]:
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


def _said(would: Would, *, several: bool) -> str:
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


def _told(detection: Detection, trace: Trace | None) -> tuple[str, ...]:
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
