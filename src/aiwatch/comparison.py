"""Two passes over one archive compared: what is told otherwise and why, and which judged cases hold.

    Told + Told ──> steps, each explained       documents ──> verdicts that change beside them
    labels + Told + Told ──> cases that hold, and that regress

Pure. ``replay`` makes the passes, a face shows what came of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiwatch.model import Announcement, Detection, Document, Evidence, Mention, Model, Stage
from aiwatch.names.identity import identity
from aiwatch.names.vendors import vendor_key
from aiwatch.stories.story import titled
from aiwatch.views import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one pass over an archive came to. ``announcements`` are those told, by id; ``mentions`` the items' places, by item.

    ``waiting`` are the items that would count but for their pages, which are owed: the service judges those by what their pages say.
    """

    announcements: Mapping[str, Announcement]
    detections: Mapping[str, Detection]
    mentions: Mapping[str, Mention]
    waiting: frozenset[str] = frozenset()

    def by_item(self) -> dict[str, Announcement]:
        """The announcements by the item that made them."""
        return {one.item_id: one for one in self.announcements.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """Two passes over one archive. ``against`` says what the newer one is compared with."""

    documents: Sequence[Document]
    labels: Sequence[Label]
    before: Told
    after: Told
    against: str


class Sign(StrEnum):
    """What becomes of an announcement."""

    MORE = "+"
    LESS = "-"
    OTHER = "~"  # the same item is told as another model or stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """A step that one pass tells and the other does not, or not so; ``why`` has a line for each reason."""

    sign: Sign
    announcement: Announcement  # as it would be told, or as it was where nothing would be
    was: Announcement | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """An item that the rules would take for something else, with no step more or less for it: old news, one report of many."""

    sign: Sign
    item_id: str
    title: str
    at: datetime | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A labelled item under two passes. ``found`` says what the newer one makes of it."""

    label: Label
    title: str
    before: bool
    after: bool
    found: str

    @property
    def regressed(self) -> bool:
        """It was right and would be wrong."""
        return self.before and not self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two passes differ in, and what people's judgements say of both."""

    steps: tuple[StepChange, ...]
    verdicts: tuple[VerdictChange, ...]
    cases: tuple[Case, ...]

    def holds(self, *, strict: bool) -> bool:
        """Whether no judged case was right and would be wrong; ``strict``: none that was wrong and would be, either."""
        return not any(case.regressed or (strict and not case.after) for case in self.cases)


def compare(passes: Passes, since: datetime | None = None) -> Compared:
    """All that two passes differ in from ``since`` on; the cases are those of any time."""
    before, after = passes.before, passes.after
    told = step_changes(before, after, since)
    return Compared(
        steps=told,
        verdicts=verdict_changes(passes.documents, before, after, since, told),
        cases=cases(passes.labels, passes.documents, before, after),
    )


# --- what is told otherwise ---------------------------------------------------------------------------------------------------------------


def step_changes(before: Told, after: Told, since: datetime | None = None) -> tuple[StepChange, ...]:
    """Every announcement that one pass tells and the other does not, in time order, each explained; from ``since`` on, where given."""
    was, now = before.by_item(), after.by_item()
    found = []
    for announcement in after.announcements.values():
        if announcement.id in before.announcements:
            continue
        old = was.get(announcement.item_id)
        old = None if old is not None and old.id in after.announcements else old
        sign = Sign.OTHER if old else Sign.MORE
        found.append(StepChange(sign=sign, announcement=announcement, was=old, why=_why(announcement.item_id, before, after)))
    for announcement in before.announcements.values():
        retold = now.get(announcement.item_id)
        if announcement.id in after.announcements or (retold is not None and retold.id not in before.announcements):
            continue
        found.append(
            StepChange(sign=Sign.LESS, announcement=announcement, was=announcement, why=_why(announcement.item_id, before, after))
        )
    wanted = (change for change in found if since is None or _at(change) >= since)
    return tuple(sorted(wanted, key=lambda change: (_at(change), change.announcement.id)))


def verdict_changes(
    documents: Iterable[Document], before: Told, after: Told, since: datetime | None = None, told: Iterable[StepChange] = ()
) -> tuple[VerdictChange, ...]:
    """The verdicts that change beside the steps that are ``told`` otherwise, in time order: the next such launch may hang on one."""
    shown = {one.announcement.item_id for one in told}
    found = []
    for item, _ in documents:
        old, new = before.detections.get(item.id), after.detections.get(item.id)
        if item.id in shown or old is None or new is None or _kind(old) is _kind(new):
            continue
        sign = Sign.MORE if _kind(old) is None else Sign.LESS if _kind(new) is None else Sign.OTHER
        at = item.published or item.seen_at
        found.append(VerdictChange(sign=sign, item_id=item.id, title=item.title, at=at, why=tuple(differences(old, new))))
    wanted = [one for one in found if since is None or (one.at is not None and one.at >= since)]
    return tuple(sorted(wanted, key=lambda one: (one.at.isoformat() if one.at else "", one.item_id)))


def _kind(found: Detection) -> Stage | None:
    """What the rules take an item for: an announcement of whatever stage, a rumour, a retirement; None for nothing of these."""
    if found.announcement:
        return Stage.ANNOUNCED
    return found.stage if found.stage.beside_launch else None


def _at(change: StepChange) -> datetime:
    return change.announcement.published or change.announcement.at


def _why(item_id: str, before: Told, after: Told) -> tuple[str, ...]:
    """What became of the item's story, unless its verdict is another; then its two detections compared, rule by rule."""
    old, new = before.detections.get(item_id), after.detections.get(item_id)
    lines = list(differences(old, new))
    if old is not None and new is not None and _verdict(old) == _verdict(new):  # however its score moved: others decide
        return (*_of_story(item_id, new, after, whole=not lines), *lines)
    return tuple(lines or _of_story(item_id, new, after, whole=True))


def _verdict(detection: Detection) -> tuple[bool, Stage, tuple[str, ...]]:
    """What the rules take an item for, whatever it scores."""
    return detection.announcement, detection.stage, tuple(_named(detection))


def _of_story(item_id: str, found: Detection | None, after: Told, *, whole: bool) -> Iterator[str]:
    """What became of the story of an item; ``whole``: with the strongest evidence that it is a step."""
    mention = after.mentions.get(item_id)
    if item_id in after.waiting:
        yield "it waits for its page, which could not be read so far, and is judged by that"
    elif mention is None:
        yield "folded again, it makes no step of a story"
    elif mention.role == "first":
        yield "no earlier item tells this step"
        if found and not found.announcement and found.stage is not mention.stage:
            yield "a person's word makes it one: it stands over the rules'"
        if whole and found:
            yield from (_evidence(one) for one in sorted(found.evidence, key=lambda one: -one.weight)[:3])
    else:
        steps = ((one.title, one.story_id, one.stage) for one in after.announcements.values())
        told = next((title for title, *step in steps if step == [mention.story_id, mention.stage]), None)
        yield f"joins a story that was told already: {told!r}" if told else "joins a story that was recorded in silence"


def differences(old: Detection | None, new: Detection | None) -> Iterator[str]:
    """How two detections of one item differ, a line each: names, stage, score, the rules that came, that weigh otherwise, and that went."""
    if old is None or new is None:
        yield "judged for the first time" if old is None else "not in the archive any more"
        return
    for what, one, other in (("names", _names(old), _names(new)), ("stage", old.stage.value, new.stage.value)):
        if one != other:
            yield f"{what}: {one or 'none'} -> {other or 'none'}"
    if round(old.score - new.score, 6) or old.threshold != new.threshold:
        yield f"score {old.scored} -> {new.scored}"
    had, has = _fired(old), _fired(new)
    for key in sorted(has):
        if key not in had:
            yield f"now fires  {_evidence(has[key])}"
        elif round(had[key].weight - has[key].weight, 6):
            yield f"now weighs {_evidence(has[key], f'{had[key].weight:+.2f} -> ')}"
    for key in sorted(had.keys() - has.keys()):
        yield f"no longer  {_evidence(had[key])}"


def _names(detection: Detection) -> str:
    return ", ".join(_named(detection))


def _named(detection: Detection) -> list[str]:
    return [titled(model.vendor, model.name) for model in detection.models]


def _fired(detection: Detection) -> dict[tuple[str, str, int], Evidence]:
    return {(one.rule, one.field, one.start): one for one in detection.evidence}


def _evidence(one: Evidence, before: str = "") -> str:
    return f"{one.rule} {before}{one.weight:+.2f} {one.matched!r} in the {one.field}" + (f": {one.why}" if one.why else "")


# --- labels -------------------------------------------------------------------------------------------------------------------


def cases(labels: Iterable[Label], documents: Iterable[Document], before: Told, after: Told) -> tuple[Case, ...]:
    """Every labelled item that stands in the archive, with whether each pass gets it right."""
    titles = {item.id: item.title for item, _ in documents}
    return tuple(
        Case(
            label=label,
            title=titles[label.item_id],
            before=holds(label, before.detections.get(label.item_id)),
            after=holds(label, after.detections.get(label.item_id)),
            found=_found(after.detections.get(label.item_id)),
        )
        for label in labels
        if label.item_id in titles
    )


def holds(label: Label, detection: Detection | None) -> bool:
    """Whether a detection agrees with a person's word; the stage counts where the person gave one, and so do the models.

    Of models name, maker and kind count: a judgement has those that it does not change as the rules found them then.
    """
    if detection is None:
        return not label.announcement
    of_models = label.announcement or label.stage not in (None, Stage.NONE)
    agree = detection.announcement == label.announcement and label.stage in (None, detection.stage)
    return agree and not (of_models and label.models and not _same(label.models, detection.models))


def _same(said: Sequence[Model], found: Sequence[Model]) -> bool:
    """Whether models are those that a person named, of the same kinds, and by the same makers where there are any."""
    read = {identity(one).key: one for one in found}
    pairs = [(one, read.get(identity(one).key)) for one in said]
    return len(read) == len(pairs) and all(
        other and one.modality is other.modality and vendor_key(one.vendor) in ("", vendor_key(other.vendor))
        for one, other in pairs
    )


def _found(detection: Detection | None) -> str:
    if detection is None:
        return "not judged"
    verdict = "an announcement" if detection.announcement else "no announcement"
    of = " and ".join(f"{name} ({one.modality.value})" for one, name in zip(detection.models, _named(detection), strict=True))
    told = f"{detection.stage.value}, of {of}" if of else detection.stage.value
    return f"{verdict}, {told}, score {detection.scored}"
