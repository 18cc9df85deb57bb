"""A person's judgement of an item: of which items it is, of which models, and whether it contradicts itself.

    ref ──> items ──> the person's word + what the rules found ──> models, labels ──> mending ──> Judgement

``cli/label`` asks for it and says what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aiwatch import mending
from aiwatch.detect.typed import model_named
from aiwatch.effects import Followed, followed
from aiwatch.errors import Refused, Unclear
from aiwatch.feedback import Saying
from aiwatch.model import Modality, Model, Stage
from aiwatch.names.identity import identity
from aiwatch.parse.markup import normal_title
from aiwatch.rules import RuleSet
from aiwatch.views import Label, Trace

_ONLY_NO = frozenset({Stage.RUMORED, Stage.DEPRECATED, Stage.NONE})  # stages of what is no announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person says of an item. ``announcement``: None takes back what was said. Raises Unclear where no item can be both."""

    announcement: bool | None
    stage: Stage | None = None
    names: Sequence[str] = ()
    vendor: str | None = None
    modality: Modality | None = None
    apart: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        """An update may be an announcement (of a dated snapshot) or none."""
        if self.announcement is None or self.stage in (None, Stage.UPDATED):
            return
        if self.announcement == (self.stage in _ONLY_NO):
            raise Unclear(
                f"an item that is {'an' if self.announcement else 'no'} announcement is not at the stage {self.stage.value}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was kept of each item, and what became of what had been told."""

    labels: Sequence[Label]
    models: tuple[Model, ...]
    followed: Followed


def items(archive: mending.Archive, ref: str) -> list[Trace]:
    """What a person means by an id, or an address: one page that several sources list, but not one of several entries of a page.

    Raises Refused where it is not clear which of these. Empty where there is none.
    """
    found = archive.traces(ref)
    entries = {(one.source_id, normal_title(one.item.title)) for one in found}
    if len(entries) > len({one.source_id for one in found}):
        raise Refused(f"several entries have this address: say which you mean, by its id\n{_which(found)}")
    return found


def judge(records: mending.Records, traces: Sequence[Trace], word: Word, rules: Callable[[], RuleSet]) -> Judgement:
    """Keep the judgement, and let the past follow. ``rules`` are read only where the person names models.

    Raises Unclear where it cannot be of all these items, or does not say of which model it is; Refused where there is none to take back.
    """
    if word.apart and len(traces) > 1:
        raise Unclear(f"--apart is for one item, and several have this address:\n{_which(traces)}")
    if word.announcement is None and not any(trace.labels for trace in traces):
        raise Refused(f"{traces[0].item.id} bears no judgement")
    models = _models(traces, word, rules)
    labels = tuple(
        Label(
            item_id=trace.item.id,
            announcement=bool(word.announcement),
            stage=word.stage,
            note=word.note,
            at=records.now,
            models=models,
            apart=word.apart,
        )
        for trace in traces
    )
    back = tuple(trace.item.id for trace in traces if trace.labels)
    said = Saying(taken_back=back) if word.announcement is None else Saying(labels=labels)
    made = mending.mend(records, said, asked=[trace.item.id for trace in traces])
    return Judgement(labels=labels, models=models, followed=followed(made))


def _models(traces: Sequence[Trace], word: Word, rules: Callable[[], RuleSet]) -> tuple[Model, ...]:
    """The models that a person names; maker and kind are the rules' where nothing else is said. Empty: those that the rules found."""
    if not (word.names or word.vendor or word.modality):
        return ()
    found = next((trace.detection.models for trace in traces if trace.detection and trace.detection.models), ())
    if not (word.names or found):
        raise Unclear("the rules found no model there: say which it is, with --name")
    makers = dict.fromkeys(one.vendor for one in found if one.vendor)
    if word.vendor and not word.names and len(makers) > 1:
        raise Unclear(f"the rules found models by {' and '.join(makers)}: say which, with --name")
    spoken_of = _named(word.names, found, rules()) if word.names else found
    made = [replace(one, vendor=word.vendor or one.vendor, modality=word.modality or one.modality) for one in spoken_of]
    return tuple({identity(one).key: one for one in reversed(made)}.values())[::-1]  # each once, as it is spelled first


def _named(names: Sequence[str], found: Sequence[Model], rules: RuleSet) -> list[Model]:
    """The models of these names; one in no list is by the maker, and of the kind, of what the rules found there."""
    named, first = [model_named(name, rules) for name in names], next(iter(found), None)
    return [one if one.known or first is None else replace(one, vendor=first.vendor, modality=first.modality) for one in named]


def _which(traces: Sequence[Trace]) -> str:
    """A line for each item, by which a person can tell them apart."""
    return "\n".join(f"  {one.item.id}  {' '.join(one.item.title.split())} ({one.source_name})" for one in traces)
