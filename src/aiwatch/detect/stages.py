"""What step an item tells of, and whose and what kind of model it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from aiwatch.detect.naming import Mention, build
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.spelling import latin
from aiwatch.detect.subjects import concerns, same
from aiwatch.detect.views import View
from aiwatch.detect.witness import ai_named, ai_word
from aiwatch.model import Modality, Model, Stage, Tier
from aiwatch.rules import Hit
from aiwatch.rules.masks import NOUN, OPEN_NOUN, PRODUCT, VENDOR
from aiwatch.rules.values import Role
from aiwatch.text import chinese

# Kinds of which a maker mostly shows what they do: of 50 told of without a word on how to get them, 36 could not be had.
_SHOWN = frozenset({Modality.ROBOTICS, Modality.WORLD, Modality.OTHER})
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)|[。！？]")


def stage(scene: Scene, found: Sequence[Mention], *, passed: bool) -> Stage:
    """The step of a model's life the item tells of; NONE where it tells of none."""
    fired = [f for f in scene.firings if f.rule.stage and concerns(scene, f, found)]
    for late in (Stage.RUMORED, Stage.DEPRECATED):
        if any(f.rule.stage is late and _believable(scene, f, found) for f in fired):
            return late
    if not passed:
        return Stage.UPDATED if any(f.rule.stage is Stage.UPDATED for f in fired) else Stage.NONE
    if not found:  # a model is told of, and not named
        steps = {f.rule.stage for f in fired}
        order = (Stage.PREVIEW, Stage.OPEN_WEIGHTS, Stage.RELEASED, Stage.ANNOUNCED)
        return next((step for step in order if step in steps), Stage.RELEASED)
    told = [f.rule for f in fired if (_near_title(scene, f, found) if f.in_title else _same_sentence(scene, f, found))]
    roles = {role for rule in told for role in rule.roles}
    if Role.LATER in roles or (_from_research(scene, found[0]) and Role.AVAILABLE not in roles):
        return Stage.ANNOUNCED
    if (
        found[0].kind == "unknown"
        and scene.tier is Tier.PRIMARY
        and scene.vendor in scene.rules.hubs
        and Role.WITHHELD not in roles
    ):
        return Stage.OPEN_WEIGHTS  # what is new on a hub can be fetched there
    opens = found[0].family.open if found[0].family else _vendor(scene, found[0]) in scene.rules.opening
    closed = scene.rules.variant_uses["closed"] & set(re.split(r"[ -]", found[0].model.name.casefold()))
    kin = bool(scene.rules.kin_open.search(found[0].model.name))
    return _step(found[0], {rule.stage for rule in told}, roles, opens=opens and not closed, kin=kin)


_RESEARCH = re.compile(r"(?i)research|science")


def _from_research(scene: Scene, subject: Mention) -> bool:
    """Whether a vendor's research page tells of it, under a title that is no greeting ("Introducing X")."""
    # a known line's next version on such a page is a release
    if (subject.family and subject.model.version) or scene.tier is not Tier.PRIMARY or not _RESEARCH.search(scene.item.source_id):
        return False
    return not any(f.in_title and Role.LAUNCHES in f.rule.roles for f in scene.firings)


def _believable(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a rumour is of a model: one is named, or a vendor's is spoken of, and a launch or its signs are what is hedged.

    Nothing may say that the item is about something else; a rule that says itself of what the rumour is needs no more.
    """
    if any(f.rule.group == "roundup" for f in scene.firings):
        return False
    if firing.rule.of:
        return True  # the rule has the vendor in its pattern
    against = any(f.in_title and (f.rule.group in {"opinion", "object"} or Role.MONEY in f.rule.roles) for f in scene.firings)
    if not firing.in_title:
        return bool(found) and found[0].kind == "model" and (found[0].field == "title" or not against)
    if firing.rule.stage is Stage.DEPRECATED:
        return any(m.kind != "unknown" for m in firing.mentions) and not against
    named = any(m.kind == "model" for m in firing.mentions) or (bool(firing.mentions and found) and found[0].kind == "model")
    return (named or not against) and _on_its_way(scene, firing, named=named)


def _on_its_way(scene: Scene, firing: Firing, *, named: bool) -> bool:
    """Whether a launch, or what shows that one is coming, is told of; the less the model is known, the more is asked."""
    launch, coming = scene.rules.signs["launch"], scene.rules.signs["coming"]
    launched, signs = launch.search(firing.view.masked), coming.search(firing.view.masked)
    spoken = scene.title.vendors or scene.maker or scene.title.mentions or (scene.japanese and ai_word(scene))
    if named or (not firing.mentions and spoken):
        return bool(launched or signs)
    if any(m.kind == "unknown" for m in firing.mentions):  # it could be a product's name
        numbered = any(c.isdigit() for m in firing.mentions for c in m.model.name)
        makers = set(scene.title.vendors.values()) - scene.rules.trades
        said = ai_word(scene) or scene.japanese or (bool(makers) and any(_MODEL_SAID.search(view.masked) for view in scene.views))
        return bool(makers or ai_named(scene)) and bool((said and (launched or signs)) or (numbered and signs))
    if signs and set(NOUN + OPEN_NOUN) & set(firing.view.masked[firing.start : firing.end]):
        return bool(firing.mentions)  # a line's next model, not its app
    return bool(firing.mentions) and bool(launch.search(firing.view.masked, firing.start))


_SIZED = re.compile(r"(?i)(?<![a-z0-9.])\d+(?:\.\d+)?b(?![a-z])")
_PREVIEW = re.compile(r"(?i)(?:^|[ -])(?:preview|beta)(?:$|[ -])|프리뷰|预览|プレビュー")
_MODEL_SAID = re.compile(f"[{NOUN}{OPEN_NOUN}]")


def _step(subject: Mention, steps: AbstractSet[Stage | None], roles: AbstractSet[Role], *, opens: bool, kin: bool) -> Stage:  # noqa: C901, PLR0911  # a list of cases in their order
    """Preview before open weights before released; what the family usually does decides between vague words."""
    family, held = subject.family, Role.WITHHELD in roles
    if _SIZED.search(subject.model.name) and not held and Role.MARKETED not in roles:
        return Stage.OPEN_WEIGHTS  # of 140 names with a size in them 128 were opened
    if _PREVIEW.search(subject.model.name) or Stage.PREVIEW in steps:
        return Stage.PREVIEW
    if held:
        return Stage.RELEASED
    if Stage.OPEN_WEIGHTS in steps:
        return Stage.OPEN_WEIGHTS
    if family and family.first and not subject.model.version:
        return family.first
    if Role.API in roles:
        return Stage.RELEASED
    if Role.SHOWN in roles and Role.AVAILABLE not in roles:
        return Stage.ANNOUNCED
    if kin or (opens and Role.MARKETED not in roles):
        return Stage.OPEN_WEIGHTS
    if subject.model.modality in _SHOWN and Role.AVAILABLE not in roles and Stage.RELEASED not in steps:
        return Stage.ANNOUNCED
    if subject.model.known or subject.told_by or subject.shaped or Stage.RELEASED in steps:
        return Stage.RELEASED
    return Stage.ANNOUNCED if Stage.ANNOUNCED in steps else Stage.RELEASED


def _near_title(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a word in the title belongs to the subject: no other model stands between ("A is out, B in preview")."""
    subject = found[0]
    if firing.rule.stage is not Stage.PREVIEW or subject.field != "title":
        return True
    at = next((at for at, m in scene.title.mentions.items() if m is subject), firing.start)
    between = [m for other, m in scene.title.mentions.items() if at < other < firing.start]
    return all(m in found or (same(m, subject) and m.model.variant == subject.model.variant) for m in between)


def _same_sentence(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a firing in the lead stands in a sentence about a subject; a lead that names no model is about the title's."""
    mentions, masked = firing.view.mentions, firing.view.masked
    here = [m for at, m in mentions.items() if not _SENTENCE_END.search(masked[min(at, firing.start) : max(at, firing.end)])]
    if here or not mentions:
        return not mentions or any(same(mention, subject) for mention in here for subject in found)
    if scene.newsletter:
        return False
    # "Today you can try it in a preview": it is what was named last, unless a product is named
    start = max((end.end() for end in _SENTENCE_END.finditer(masked, 0, firing.start)), default=0)
    last = next((m for at, m in sorted(mentions.items(), reverse=True) if at < firing.start), None)
    return last is not None and PRODUCT not in masked[start : firing.end] and any(same(last, subject) for subject in found)


def named(scene: Scene, found: Sequence[Mention], step: Stage) -> tuple[Model, ...]:
    """What a detection is of: the models announced; where nothing is, every known model named; what a nameless rumour's rule says."""
    if step is Stage.RUMORED and not found:
        return tuple(_product(scene, firing) for firing in scene.firings if firing.rule.of)[:1]
    if step is not Stage.NONE:
        return models(scene, found)
    others = [m for view in scene.views for m in view.mentions.values() if m.kind in {"model", "bare"} and m.model.known]
    return tuple({model.key: model for model in models(scene, [*found, *others])}.values())


def _product(scene: Scene, firing: Firing) -> Model:
    """What a rule says the rumour is of, by the vendor that its pattern found."""
    vendor = next((name for at, name in firing.view.vendors.items() if firing.start <= at < firing.end), scene.vendor)
    name = f"{vendor} {firing.rule.of}" if vendor else firing.rule.of
    return Model(name=name, vendor=vendor, family=name.casefold(), modality=Modality.OTHER)


def models(scene: Scene, found: Sequence[Mention]) -> tuple[Model, ...]:
    """The announced models with vendor and modality filled in from what stands around them."""
    return tuple(
        replace(_spelled(scene, m), vendor=m.model.vendor or _vendor(scene, m), modality=_modality(scene, m)) for m in found
    )


def _spelled(scene: Scene, mention: Mention) -> Model:
    """The model under its Latin name, where the text tells it."""
    model = mention.model
    name = (
        latin(model.name, [text.norm for text in scene.texts.values()], scene.rules) if mention.kind == "unknown" else model.name
    )
    return model if name == model.name else build(name, vendor=model.vendor, modality=model.modality, spelled=model.spelled)


def _vendor(scene: Scene, mention: Mention) -> str | None:
    """Whose model it is: "X by V"; the source's own; as heard before; the maker in the title before it; any vendor named."""
    title = scene.title
    credited = next((title.vendors.get(at) for at in _credited(title, mention)), None)
    if credited:
        return credited
    if any(f.in_title and f.rule.group == "mystery" and mention in f.mentions for f in scene.firings):
        return None  # who else is named is only guessed
    if (
        scene.tier is Tier.PRIMARY
        and scene.vendor
        and not (scene.vendor in scene.rules.platforms and maker(scene) != scene.vendor)
    ):
        return scene.vendor
    heard = mention.told_by.vendor if mention.told_by and mention.model.version else None  # a plain name may be two makers'
    if heard and not scene.maker and (not title.vendors or heard in title.vendors.values()):
        return heard
    return maker(scene, mention) or heard


def _credited(title: View, mention: Mention) -> list[int]:
    """Where a vendor stands right behind the model as its maker (``Inkling by Thinking Machines``)."""
    at = next((at for at, m in title.mentions.items() if m is mention), None)
    match = _BY.match(title.masked, at + 1) if at is not None else None
    return [match.end() - 1] if match else []


_BY = re.compile(
    r"['\"’”]?,? (?:(?:launched|released|introduced|unveiled|announced|built|made|developed|trained|open-sourced) )?"
    rf"(?:by|from|of) {VENDOR}"
)


def maker(scene: Scene, mention: Mention | None = None) -> str | None:
    """Who announces: the vendor next before the launching verb, else the first before the model in the title, else any named."""
    title = scene.title
    own = mention is not None and mention.model.spelled == scene.maker  # "X, a new model, launched": no name is its own maker
    if scene.maker and scene.maker in title.text.norm and not (own or scene.rules.firms.search(scene.maker)):
        return scene.maker
    makers = [(at, vendor) for at, vendor in title.makers() if vendor not in scene.rules.platforms or not title.is_place(at)]
    verbs = [f.start for f in scene.firings if f.in_title and f.rule.group == "cue" and f.rule.weight > 0]
    before = [vendor for at, vendor in makers if verbs and at < min(verbs)]
    if before:
        return before[-1]
    named = [vendor for at, vendor in makers if mention is None or mention.field != "title" or title.starts[at] < mention.start]
    if named:
        return named[0]
    any_named = (vendor for view in scene.views for _, vendor in view.makers() if vendor not in scene.rules.platforms)
    return (None if own or (scene.maker and scene.rules.firms.search(scene.maker)) else scene.maker) or next(
        any_named, scene.vendor
    )


# The order in which kinds are believed where several words stand in one field.
_KINDS = ("embedding", "robotics", "world", "3d", "music", "video", "image", "speech", "audio", "multimodal", "code", "other")


def _of_noun(scene: Scene) -> Modality | None:
    """The kind a Chinese title's word for model tells: the last before it (视频音效生成模型 makes sound)."""
    text, hits = scene.title.text, scene.hits["title"]
    nouns = [h for h in hits if h.term.kind == "noun"]
    if not nouns or not chinese(text.norm):
        return None
    noun = max(nouns, key=lambda h: (h.end - h.start, -h.start))
    kinds = [h for h in hits if h.term.kind == "modality" and noun.end - 10 <= h.start and h.end <= noun.end]
    return Modality(max(kinds, key=lambda h: (h.end, h.end - h.start)).term.key) if kinds else None


def _modality(scene: Scene, mention: Mention) -> Modality:
    """The name's or family's own kind; for names in no list, what the title says, else the lead."""
    told = _of_noun(scene) if mention.model.modality in {Modality.TEXT, Modality.MULTIMODAL} else None
    if told:
        return told
    beside = _kind_beside(scene, mention)
    if beside and not (beside is Modality.CODE and mention.model.known):
        return beside
    if mention.model.known or mention.model.modality is not Modality.TEXT:
        said = any(hit.term.kind == "modality" and hit.term.key == "multimodal" for hit in scene.hits["title"])
        return Modality.MULTIMODAL if said and mention.model.modality is Modality.TEXT else mention.model.modality
    title, *leads = (_kind(hits) for hits in scene.hits.values())
    return next((kind for kind in (title, _kind_heard(mention), *leads) if kind), Modality.TEXT)


def _kind(hits: Sequence[Hit]) -> Modality | None:
    """The kind that the words of a field tell: of several the first in the order in which they are believed."""
    kinds = {hit.term.key for hit in hits if hit.term.kind == "modality"}
    return next((Modality(kind) for kind in _KINDS if kind in kinds), None)


def _kind_heard(mention: Mention) -> Modality | None:
    """The kind that was told of a heard name's family, where this is a version of it; text is what nobody told."""
    heard = mention.told_by.modality if mention.told_by and mention.model.version else Modality.TEXT
    return None if heard is Modality.TEXT else heard


_KIND_NOUN = re.compile(
    r"(?: ?(?:생성|인식|합성|편집|이해|특화|기반|예측|제어|전용|언어|파운데이션|대형|거대|소형|오픈 ?소스|오픈|추론))* ?"
    r"(?:AI ?)?(?:모델|AI|LLM)(?:인)? ?['\"]?"
)


def _kind_beside(scene: Scene, mention: Mention) -> Modality | None:
    """What the words right before a name in the title call it: ``멀티모달 모델 'X'``; the last one told."""
    if mention.field != "title":
        return None
    norm = scene.title.text.norm
    near = [
        hit
        for hit in scene.hits["title"]
        if hit.term.kind == "modality" and hit.end <= mention.start and _KIND_NOUN.fullmatch(norm, hit.end, mention.start)
    ]
    return Modality(max(near, key=lambda hit: (hit.end, -hit.start)).term.key) if near else None
