"""Why an item is, or is not, an announcement: the words behind ``aiwatch explain``; what became of it is ``outcome``'s.

Everything here is made from what was kept: the item, what the rules said of it, the story it joined, the outbox and the deliveries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from aiwatch.model import (
    Detection,
    Evidence,
    Folded,
    Item,
    Model,
    Stage,
)
from aiwatch.outcome import Would, fates, sentence, story_of, told_of
from aiwatch.views import Label, Trace


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
    # A person says otherwise: ``announcement`` and ``stage`` are the rules' word, which ``verdict`` has behind theirs.
    overruled: bool = False


def explain(
    item: Item,
    detection: Detection,
    trace: Trace | None = None,
    notes: Sequence[str] = (),
    since: Sequence[str] = (),
) -> Explanation:
    """Everything that is known of an item; ``trace`` is None for a text that no poll brought."""
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
        story=story_of(detection, trace),
        told=told_of(detection, trace),
        labels=trace.labels if trace else (),
        notes=tuple(notes),
        maker=detection.maker,
        since=tuple(since),
    )


def foretold(answer: Explanation, would: Folded | None, meant: Sequence[Model]) -> Explanation:
    """The answer on a text with what would become of it if a source brought it now, and what people say its names mean.

    ``would`` is the text folded into the stories that exist.
    """
    fate = fates(would) if would else ()
    return replace(
        answer,
        story=tuple(sentence(one, several=len(fate) > 1) for one in fate) or answer.story,
        notes=(*answer.notes, *meanings(meant)),
        meant=tuple(meant),
        would=fate,
    )


def overruled(answer: Explanation, taken: Detection, trace: Trace) -> Explanation:
    """The answer as a person's word has it, which made ``taken`` of what the rules said; that is said behind it."""
    if (taken.announcement, taken.stage) == (answer.announcement, answer.stage):
        return answer
    return replace(
        answer,
        verdict=f"A person says: {_word(taken)}. The rules alone: {answer.verdict}",
        story=story_of(taken, trace) if trace.mentions or taken.announcement else (f"None: a person says: {_word(taken)}.",),
        told=told_of(taken, trace),
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
        Taken.LACKING: f"No announcement: {score}; {detection.short_by} is lacking.{_against(detection)}",
    }[taken_for(detection)]


def _against(detection: Detection) -> str:
    """What weighs most against it, as a sentence; empty where rules that nearly counted say what was lacking, or nothing does."""
    against = () if detection.lacking else detection.held_back[:1]
    return "".join(f" What weighs most against it: {one.why or one.rule}." for one in against)


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
