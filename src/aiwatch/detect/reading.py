"""What a scene means: which mentions are models at all, which of them is announced, by whom, at what stage, of what kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aiwatch.detect.names import Mention, modality_of
from aiwatch.model import Evidence, Modality, Model, Stage, Tier
from aiwatch.rules.masks import NOUN

if TYPE_CHECKING:
    from aiwatch.detect.engine import Firing, Scene

_STAGES = {Stage.OPEN_WEIGHTS: 0, Stage.PREVIEW: 1, Stage.RELEASED: 2, Stage.ANNOUNCED: 3}


def witnessed(scene: Scene, mentions: list[Mention]) -> list[Mention]:
    """Drop ambiguous names that nothing else supports; what was lacking goes to the near misses."""
    return [mention for mention in mentions if _witness(scene, mention)]


def _witness(scene: Scene, mention: Mention) -> bool:
    family = mention.family
    if family is None or not (family.weak or family.witness):
        return True
    hits = [hit for found in scene.hits.values() for hit in found]
    own = scene.vendor == family.vendor or any(
        hit.term.kind in {"vendor", "short"}
        and hit.term.key == family.vendor
        and not (hit.start == mention.start and mention.field == _field_of(scene, hit))
        for hit in hits
    )
    if own:
        return True
    lacking = f"{family.vendor} is not named and the source is not {family.vendor}'s"
    homonym = any(hit.term.kind == "homonym" and hit.term.key == family.key.split()[0] for hit in hits)
    if not family.weak and not homonym:
        if (
            mention.kind == "model"
            and (mention.model.version or mention.model.variant)
            and mention.end - mention.start > len(family.key)
        ):
            return True
        if any(hit.term.kind == "noun" and len(scene_text(scene, hit)) > 2 for hit in hits) or any(
            hit.term.kind == "vendor" for hit in hits
        ):
            return True
        lacking += ", and no word for an AI model is near"
    start, end = mention.start, mention.end
    text = getattr(scene.item, mention.field)
    scene.near.append(Evidence(rule="name.ambiguous", field=mention.field, start=min(start, len(text)), end=min(end, len(text)), matched=text[start:end], weight=0.0,
                               why=f"'{mention.model.spelled}' is also another word: {lacking}"))  # fmt: skip
    return False


def _field_of(scene: Scene, hit: object) -> str:
    return next((name for name, found in scene.hits.items() if any(one is hit for one in found)), "")


def scene_text(scene: Scene, hit: object) -> str:
    """The word a hit stands for."""
    for name, found in scene.hits.items():
        for one in found:
            if one is hit:
                return str(getattr(scene.item, name))[one.start : one.end]
    return ""


_STOP = frozenset(
    "the a an our new more how why what when where who your my we it this that these all for from with in on at to of and or ai api apis sdk app apps update updates upgrades improvements support features "
    "general availability team plan plans pricing program programme fund grants partnership office research policy safety enterprise education government deep voice image video code models model agents agent tools "
    "open source llm llms generative artificial intelligence".split()
)


_NO_NAME_END = frozenset(
    "plan plans api apis policy policies window windows report reports program programme team agent agents suite studio cloud platform framework benchmark bench dataset datasets sdk cli protocol retrieval index fund "
    "institute initiative forum deprecation deprecations summit hub lab labs academy challenge prize day architect officer training learning partnership program center centre foundation society council law act "
    "built designed trained optimized made running evaluation evaluations arena playground marketplace store enterprise workspace projects project artifacts memory mode connectors skills plugins support update "
    "updates release releases newsletter podcast series conference week month year event events guide license licence constitution spec charter framework principles mission vision values zero approach method methods "
    "technique techniques toolkit library libraries engine kernel kernels optimizer tokenizer search browser app apps assistant community ambassador residency fellowship scholarship grants security safety privacy".split()
)


def nameable(scene: Scene, spelled: str) -> bool:
    """Whether a captured word can be a model's name: not a common word, not a plan or policy or programme."""
    words = [w for w in re.split(r"[\s-]+", spelled.casefold()) if w]
    if not 0 < len(words) <= 5 or len(spelled) < 2 or all(w in _STOP for w in words):
        return False
    return not words[-1].endswith(("bench", "qa", "eval")) and words[-1] not in _NO_NAME_END


def own_or_other(scene: Scene, mentions: Sequence[Mention]) -> None:
    """A vendor's page whose title names another vendor's model is a reseller's: no first-hand word."""
    others = {m.family.vendor for m in mentions if m.family and m.kind == "model"}
    if scene.tier is Tier.PRIMARY and others and scene.vendor not in others:
        scene.tier = Tier.PRESS
        scene.reseller = True


def subjects(scene: Scene) -> list[Mention]:
    """The mentions that are announced: framed in the title, named there and framed in the lead, framed in the lead, or just named."""
    framed = [f for f in scene.firings if f.rule.names == "subject" and f.rule.weight > 0]
    own = {id(m) for f in framed if f.rule.tiers for m in f.mentions}
    context = {id(m) for f in scene.firings if f.rule.names == "context" for m in f.mentions} - own
    in_title = _unique([m for f in framed if f.view.field == "title" and f.rule.group != "opens" for m in f.mentions if id(m) not in context])
    full = [m for m in in_title if m.kind == "model"]
    if full:
        return full
    named = _unique([m for m in scene.title.mentions.values() if m.kind == "model" and id(m) not in context])
    bare = _unique([m for m in scene.title.mentions.values() if m.kind == "bare" and id(m) not in context])
    in_lead = _unique([m for f in framed if f.view.field != "title" for m in f.mentions if id(m) not in context])
    for candidates in ([m for m in named if any(_same(m, other) for other in in_lead)], [m for m in in_lead if m.kind == "model" and any(_same(m, other) for other in bare)],
                       [m for m in in_title if m.kind == "unknown"], named[:1], [m for m in in_lead if m.kind == "model"], in_title, _known_first(in_lead), bare[:1]):  # fmt: skip
        if candidates:
            return candidates
    return []


def concerns(scene: Scene, firing: Firing, subjects: Sequence[Mention], keys: set[str]) -> bool:
    """Whether a firing bears on what is announced: frames must hold a subject; a rumour in the lead must be of the title's model."""
    rule = firing.rule
    if rule.names == "subject" or (rule.names == "about" and firing.view.field != "title"):
        return any(m.model.key in keys for m in firing.mentions)
    if rule.stage in {Stage.RUMORED, Stage.DEPRECATED} and firing.view.field != "title":
        return rumour_concerns(scene, firing, subjects)
    return True


def rumour_concerns(scene: Scene, firing: Firing, subjects: Sequence[Mention]) -> bool:
    """Whether a rumour or a retirement told in the lead is the item's own news."""
    if scene.newsletter:
        return False
    titled = list(scene.title.mentions.values())
    if firing.mentions:
        return any(_same(m, other) for m in firing.mentions for other in (titled or subjects))
    return not titled


def _same(one: Mention, other: Mention) -> bool:
    """One model, or its line and a member of it."""
    a, b = one.model, other.model
    return a.family == b.family and (a.version == b.version or not a.version or not b.version)


def _unique(mentions: Sequence[Mention]) -> list[Mention]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.model.key, mention)
    return list(seen.values())


def _known_first(found: list[Mention]) -> list[Mention]:
    """Bare family names and unknown words give way to a full name in the same frames."""
    full = [m for m in found if m.kind == "model"]
    return full or [m for m in found if m.kind == "unknown"] or found


def models(scene: Scene, found: Sequence[Mention]) -> tuple[Model, ...]:
    """The announced models with vendor and modality filled in from what stands around them."""
    out = []
    for mention in found:
        model = mention.model
        vendor = model.vendor or _vendor(scene, mention)
        modality = model.modality if model.known and (model.modality is not Modality.TEXT) else _modality(scene, mention)
        out.append(replace(model, vendor=vendor, modality=modality))
    return tuple(out)


def _vendor(scene: Scene, mention: Mention) -> str | None:
    if scene.tier is Tier.PRIMARY and scene.vendor:
        return scene.vendor
    for view in scene.views:
        if view.field == mention.field and view.vendors:
            before = [v for at, v in view.vendors.items() if view.starts[at] < mention.start]
            return before[0] if before else next(iter(view.vendors.values()))
    return next((v for view in scene.views for v in view.vendors.values()), scene.vendor)


def _modality(scene: Scene, mention: Mention) -> Modality:
    for name in scene.hits:
        kinds = [hit.term.key for hit in scene.hits[name] if hit.term.kind == "modality"]
        for kind in Modality:
            if kind in kinds and mention.model.known is False:
                return _first_kind(scene, name)
        if kinds and not mention.model.known:
            return _first_kind(scene, name)
    return mention.model.modality


_KINDS = ("embedding", "robotics", "world", "3d", "music", "video", "image", "speech", "audio", "multimodal", "code", "other")


def _first_kind(scene: Scene, name: str) -> Modality:
    kinds = {hit.term.key for hit in scene.hits[name] if hit.term.kind == "modality"}
    return Modality(next(kind for kind in _KINDS if kind in kinds))


def stage(scene: Scene, found: Sequence[Mention], *, passed: bool) -> Stage:
    """The step of a model's life the item tells of."""
    keys = {m.model.key for m in found}
    fired = [f for f in scene.firings if f.rule.stage and concerns(scene, f, found, keys)]
    for late in (Stage.RUMORED, Stage.DEPRECATED):
        if any(f.rule.stage is late for f in fired):
            return late
    if not passed:
        return Stage.UPDATED if any(f.rule.stage is Stage.UPDATED for f in fired) else Stage.NONE
    told = [f.rule.stage for f in fired if f.rule.stage in _STAGES]
    if told:
        return min(told, key=lambda s: _STAGES[s])  # type: ignore[index, arg-type]  # only members of _STAGES are in it
    family = found[0].family if found else None
    if family and family.first:
        return family.first
    if family and family.open:
        return Stage.OPEN_WEIGHTS
    return Stage.RELEASED
