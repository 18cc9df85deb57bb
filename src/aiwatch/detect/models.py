"""The models a detection is of: names, makers and kinds filled in from what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aiwatch.detect.candidates import ignored
from aiwatch.detect.kinds import kind_of
from aiwatch.detect.makers import maker_of
from aiwatch.detect.naming import Mention, MentionKind, build, told_apart
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.spelling import latin
from aiwatch.model import Modality, Model, Stage
from aiwatch.names import phonetic
from aiwatch.text import is_latin


def named(scene: Scene, found: Sequence[Mention], step: Stage) -> tuple[Model, ...]:
    """What a detection is of: the models announced; where nothing is, every known model named; what a nameless rumour's rule says."""
    if step is Stage.RUMORED and not found:
        return tuple(one for firing in scene.firings if (one := product(scene, firing)))[:1]
    if step is not Stage.NONE:
        return models(scene, found)
    others = [m for view in scene.views for m in view.mentions.values() if m.kind is not MentionKind.UNKNOWN and m.model.known]
    return tuple({model.key: model for model in models(scene, [*found, *others])}.values())


def product(scene: Scene, firing: Firing) -> Model | None:
    """What a rule says the rumour is of, by the vendor that its pattern found; None where it says nothing, or a person ignores that."""
    vendor = next((name for at, name in firing.view.vendors.items() if firing.start <= at < firing.end), scene.vendor)
    name = f"{vendor} {firing.rule.of}" if vendor else firing.rule.of
    if not firing.rule.of or any(ignored(scene.rules, one) for one in (name, firing.rule.of)):
        return None
    return Model(name=name, vendor=vendor, family=name.casefold(), modality=Modality.OTHER)


def models(scene: Scene, found: Sequence[Mention]) -> tuple[Model, ...]:
    """The announced models with vendor and modality filled in from what stands around them."""
    made = [(m, m.model.vendor or maker_of(scene, m)) for m in found]
    told = [replace(_spelled(scene, m), vendor=vendor, modality=kind_of(scene, m, vendor)) for m, vendor in made]
    makers = {model.vendor for model in told if model.vendor != model.name}
    return tuple(told_apart(model, scene.rules) for model in told if model.known or model.name not in makers)


def _spelled(scene: Scene, mention: Mention) -> Model:
    """The model under its Latin name, where the text tells it."""
    model, name = mention.model, mention.model.name
    if mention.kind is MentionKind.UNKNOWN:
        told = latin(name, [text.norm for text in scene.texts.values()], scene.rules)
        name = told if is_latin(told) else _sounding(scene, name) or told
    return model if name == model.name else build(name, vendor=model.vendor, modality=model.modality, spelled=model.spelled)


def _sounding(scene: Scene, name: str) -> str | None:
    """The Latin name in no list that sounds like it elsewhere in the item: the 'DIVE' that a lead has for the 다이브 of its title."""
    names = (m.model.name for view in scene.views for m in view.mentions.values() if m.kind is MentionKind.UNKNOWN)
    return next((one for one in names if is_latin(one) and phonetic.alike(one, name, phonetic.HINT)), None)
