"""A person's word over the rules': what the rules said of an item, as the people who read the digests corrected it.

What the rules said is kept as they said it; this is asked wherever stories are made of it (``poll``, ``replay``, ``refile``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from aiwatch.feedback import SameName, Words
from aiwatch.model import Detection, HeardName, Model, Stage
from aiwatch.names.identity import identity
from aiwatch.names.vendors import one_maker
from aiwatch.stories.steps import RANK
from aiwatch.views import Label


def heed(detection: Detection, words: Words) -> Detection:
    """The detection as people corrected it. A judgement's names are the last word; other names are read as what they were said to mean."""
    label = words.labels.get(detection.item_id)
    models = label.models if label and label.models else meant(detection.models, words.same)
    if label is not None:
        return _judged(detection, label, models)
    return detection if models == detection.models else replace(detection, models=models)


def _judged(detection: Detection, label: Label, models: tuple[Model, ...]) -> Detection:
    """A plain no leaves a rumour a rumour: it is no announcement. A yes passes every bar."""
    if not label.announcement:
        stage = label.stage or (Stage.NONE if detection.announcement else detection.stage)
        return replace(detection, announcement=False, stage=stage, models=models, apart=label.apart)
    stage = label.stage or (detection.stage if detection.stage in RANK else Stage.ANNOUNCED)
    score = max(detection.score, detection.threshold)
    return replace(detection, announcement=True, stage=stage, models=models, score=score, apart=label.apart)


def given(detection: Detection, words: Words) -> Iterator[HeardName]:
    """The names in no list that an item gives: as the rules read them, then as a person corrected them."""
    label = words.labels.get(detection.item_id)
    yield from detection.given
    yield from (replace(one, said=bool(label and label.models)) for one in heed(detection, words).given)


def corrected(labels: Iterable[Label]) -> dict[str, Model]:
    """The models that people named in judgements, with maker and kind as they said, by ``Model.key``; of several the last word."""
    counted = (label for label in labels if label.announcement or label.stage is Stage.RUMORED)
    return {model.key: model for label in counted for model in label.models if model.vendor}


def meant(models: Sequence[Model], same: Mapping[str, SameName]) -> tuple[Model, ...]:
    """The models that names mean, each once. A name of another maker's is not the one that was spoken of."""
    if not same:
        return tuple(models)
    found: dict[str, Model] = {}
    for model in models:
        one = _meant(model, same)
        found.setdefault(identity(one).key, one)
    return tuple(found.values())


def _meant(model: Model, same: Mapping[str, SameName]) -> Model:
    met, one = set[str](), model
    while (key := identity(one).key) in same and key not in met:
        met.add(key)
        said = same[key]
        if not any(one_maker(one.vendor, other) for other in (said.vendor, said.model.vendor)):
            break
        one = replace(said.model, spelled=model.spelled)
    return one
