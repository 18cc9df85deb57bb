"""A story as a value: grown by an item, named after its models, and the sentence that carries its news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aiwatch.model import Announcement, Detection, Document, Item, Judged, Modality, Model, Stage, Story, StoryStage, ident
from aiwatch.names.identity import Identity, Nearness, identity, nearness, shelf
from aiwatch.names.vendors import own_word, standing
from aiwatch.stories.steps import RANK
from aiwatch.text import is_latin

QUOTE = 240  # characters
WORD = 24  # characters at most that a quote gives up to end with a word
ADDED = timedelta(days=3)  # a member named later than that after its line-up, and not with it, was launched later
ADDED_BY_MAKER = timedelta(days=1)  # the same where the maker, who told of the line-up, tells of it by itself
SNAPSHOT_AFTER = timedelta(days=1)  # a launch's own snapshot bears a day before it, or its day on the other side of the globe
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:\.(?=\S)[^.!?。！？\n]+)*[.!?。！？]*")


def last_step(story: Story) -> StoryStage:
    """The story's newest step; a story has at least one as soon as it is kept."""
    return max(story.stages, key=lambda step: (step.first_seen, step.stage))


def added_within(story: Story, judged: Judged) -> timedelta:
    """How long after its line-up a member that nobody named yet is a part of it."""
    item, source, detection = judged
    said = any(step.primary_item_id not in (None, item.id) for step in story.stages if step.stage in RANK)
    launched = said and detection.stage is not Stage.OPEN_WEIGHTS  # which come member by member
    return ADDED_BY_MAKER if launched and own_word(source, story.vendor) else ADDED


def taken_since(story: Story, one: Identity, at: datetime) -> bool:
    """Whether a snapshot's name gives a day that lies behind all that was told of its model: what is launched is another one."""
    day = one.taken(at)
    return day is not None and day > last_step(story).first_seen + SNAPSHOT_AFTER


def grown(story: Story, models: Sequence[Model], at: datetime, *, joins: bool) -> Story:
    """The story with the item's time, and with the members it adds (only an announcement adds members)."""
    members, heard = list(story.models), set[str]()
    for model in models if joins else ():
        near, at_member = max(
            ((nearness(identity(model), identity(known)), -i) for i, known in enumerate(members)), default=(Nearness.NONE, 0)
        )
        if near in (Nearness.NONE, Nearness.MEMBER):
            members.append(model)
        elif near >= Nearness.PAIRED:
            members[-at_member] = _better(members[-at_member], model)
            heard.add(identity(model).key)  # a spelling that is this model's from now on (``which.known_as``)
        # else: a name without its version adds nothing, and must not draw later models of its family here
    return replace(
        story,
        name=name_of(members) or story.name,
        models=tuple(members),
        keys=tuple(sorted({*story.keys, *answers(members), *heard})),
        first_seen=min(story.first_seen, at),
        last_seen=max(story.last_seen, at),
        vendor=story.vendor or next((model.vendor for model in members if model.vendor), None),
        modality=next((model.modality for model in members if model.modality is not Modality.TEXT), story.modality)
        if story.modality is Modality.TEXT and story.models
        else story.modality,
    )


def _better(known: Model, other: Model) -> Model:
    """One member under two spellings: the lexicon's over a found one, Latin over Hangul, vendor and kind from whichever has them."""
    take_other = (other.known, is_latin(other.name)) > (known.known, is_latin(known.name))
    kept, rest = (other, known) if take_other else (known, other)
    return replace(kept, vendor=kept.vendor or rest.vendor, modality=kind_told(kept, rest))


def kind_told(model: Model, other: Model) -> Modality:
    """The modality of a model that another report has as ``other``: text is what is taken for granted where nothing says more."""
    unsaid = model.modality is Modality.TEXT and not model.known
    return other.modality if unsaid else model.modality


def with_step(story: Story, stage: Stage, at: datetime, by: Document, *, silent: str | None) -> Story:
    """The story with a step more; ``silent``: why it is not told."""
    item, source = by
    primary = own_word(source, story.vendor)
    step = StoryStage(
        stage=stage,
        first_seen=at,
        item_id=item.id,
        source_id=source.id,
        primary_item_id=item.id if primary else None,
        primary_seen=at if primary else None,
        told=silent is None,
        silent=silent,
    )
    return replace(story, stages=(*story.stages, step))


def with_told(story: Story, stage: Stage) -> Story:
    """The story with a step told that had been kept silent."""
    stages = tuple(replace(step, told=True, silent=None) if step.stage is stage else step for step in story.stages)
    return replace(story, stages=stages)


def with_primary(story: Story, stage: Stage, at: datetime, by: Document) -> Story:
    """The vendor's own item, where the step had none yet."""
    item, source = by
    if not own_word(source, story.vendor):
        return story
    stages = tuple(
        replace(step, primary_item_id=item.id, primary_seen=at) if step.stage is stage and step.primary_item_id is None else step
        for step in story.stages
    )
    return replace(story, stages=stages)


def answers(models: Iterable[Model]) -> tuple[str, ...]:
    """All keys a story of these models answers to."""
    return tuple(sorted({key for model in models for key in shelf(identity(model))}))


def name_of(models: Sequence[Model]) -> str:
    """``Claude Opus 4, Claude Sonnet 4``; more than three are counted. A line-up's sizes go by its name, and its name by its members."""
    ones = [(model.name, identity(model)) for model in models]
    whole = {one.line for _, one in ones if not one.variant}
    named = {one.line for _, one in ones if one.variant and not one.size_only}
    shown = [
        spelled
        for spelled, one in ones
        if not (one.size_only and one.line in whole | named) and (one.variant or one.line not in named)
    ]
    names = list(dict.fromkeys(shown))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def titled(vendor: str | None, name: str) -> str:
    """A model's name with its maker's before it, unless it begins with that."""
    return f"{vendor} {name}" if vendor and not name.startswith(vendor) else name


def announced(
    now: datetime, told: tuple[Story, Stage], models: Sequence[Model], judged: Judged, silent: str | None
) -> Announcement:
    """The announcement of a story's step; ``silent``: why it is not told."""
    (story, stage), (item, source, detection) = told, judged
    return Announcement(
        id=ident(story.id, stage),
        story_id=story.id,
        stage=stage,
        name=name_of(models) or story.name,
        models=tuple(models),
        vendor=next((model.vendor for model in models if model.vendor), story.vendor),
        modality=models[0].modality if models else story.modality,
        at=now,
        item_id=item.id,
        source_id=source.id,
        tier=standing(source.tier, source.vendor, story.vendor),
        title=item.title,
        url=item.url,
        lang=item.lang or source.lang,
        quote=quote_of(item, detection),
        published=item.published,
        score=detection.score,
        silent=silent,
    )


def quote_of(item: Item, detection: Detection) -> str:
    """The one sentence that carries the news, at most 240 characters.

    The first of summary or text that names the model and has two rules' matches in it, else one that names it, else the title.
    """
    spelled = {name.casefold() for model in detection.models for name in (model.spelled, model.name) if name}
    named: list[str] = []
    for field_name in ("summary", "content"):
        fired = [(one.start, one.end) for one in detection.evidence if one.field == field_name and one.weight > 0]
        for match in _SENTENCE.finditer(getattr(item, field_name)):
            sentence = " ".join(match.group().split())
            if any(name in sentence.casefold() for name in spelled):
                if len({span for span in fired if match.start() <= span[0] and span[1] <= match.end()}) >= 2:
                    return _cut(sentence)
                named.append(sentence)
    return _cut(named[0] if named else " ".join(item.title.split()))


def _cut(text: str) -> str:
    """At most ``QUOTE`` characters: whole words where the last is not long, as in Chinese a sentence may be without a blank."""
    if len(text) <= QUOTE:
        return text
    cut = text[: QUOTE - 1]
    end = max(cut.rfind(mark, len(cut) - WORD) for mark in " ,、，。")
    return (cut[:end] if end > 0 else cut).rstrip(" ,;:、，。") + "…"
