"""What step of a model's life an item tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice

from aiwatch.detect.makers import maker_of
from aiwatch.detect.models import product
from aiwatch.detect.naming import Mention, MentionKind, sized
from aiwatch.detect.relevance import concerns, in_its_row, retired, same
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.views import SENTENCE_END, sentence
from aiwatch.detect.witness import ai_named, ai_word
from aiwatch.model import Evidence, Modality, Stage, Tier
from aiwatch.rules.builtin import NO_END, NO_RUMOUR
from aiwatch.rules.masks import NOUNS, PRODUCT
from aiwatch.rules.values import Group, Role
from aiwatch.text import has_digit

# Kinds of which a maker mostly shows what they do: of 50 told of without a word on how to get them, 36 could not be had.
_SHOWN = frozenset({Modality.ROBOTICS, Modality.WORLD, Modality.OTHER})


def stage(scene: Scene, found: Sequence[Mention], *, passed: bool) -> Stage:
    """The step of a model's life the item tells of; NONE where it tells of none."""
    fired = [f for f in scene.firings if f.rule.stage and concerns(scene, f, found)]
    if late := _late(scene, fired, found):
        return late
    if not passed:
        return Stage.UPDATED if any(f.rule.stage is Stage.UPDATED for f in fired) else Stage.NONE
    if not found:  # a model is told of, and not named
        steps = {f.rule.stage for f in fired}
        order = (Stage.PREVIEW, Stage.OPEN_WEIGHTS, Stage.RELEASED, Stage.ANNOUNCED)
        return next((step for step in order if step in steps), Stage.RELEASED)
    told = [f for f in fired if (_near_title(scene, f, found) if f.in_title else _same_sentence(scene, f, found))]
    if any(f.in_title and f.rule.stage is Stage.OPEN_WEIGHTS for f in told):  # more of it may follow by what the lead says
        told = [f for f in told if f.in_title or Role.WITHHELD not in f.rule.roles]
    roles = {role for f in told for role in f.rule.roles}
    if Role.LATER in roles or (_from_research(scene, found[0]) and Role.AVAILABLE not in roles):
        return Stage.ANNOUNCED
    if (
        found[0].kind is MentionKind.UNKNOWN
        and scene.tier is Tier.PRIMARY
        and scene.vendor in scene.rules.hubs
        and Role.WITHHELD not in roles
    ):
        return Stage.OPEN_WEIGHTS  # what is new on a hub can be fetched there
    opens = found[0].family.open if found[0].family else maker_of(scene, found[0]) in scene.rules.opening
    closed = scene.rules.variant_uses["closed"] & set(re.split(r"[ -]", found[0].model.name.casefold()))
    kin = bool(scene.rules.kin_open.search(found[0].model.name))
    steps = {f.rule.stage for f in told}
    if found[0].kind is MentionKind.UNKNOWN and _put_on_a_hub(scene):
        steps.add(Stage.OPEN_WEIGHTS)
    if scene.rules.piece("preview").search(found[0].model.name):
        steps.add(Stage.PREVIEW)
    opens = opens and not closed and not (Role.AVAILABLE in roles and _would_say_open(scene, found[0]))
    return _step(found[0], steps, roles, opens=opens, kin=kin)


def _would_say_open(scene: Scene, subject: Mention) -> bool:
    """Whether who says that it is out would say so if its weights were: reports in Chinese do, of all but lines that are only weights.

    Of 117 launches in Chinese that said no word of it 93 were not open, elsewhere two in five. A maker's own page needs no such word.
    """
    family = subject.family
    if not scene.chinese or (family and family.first is Stage.OPEN_WEIGHTS):
        return False
    return scene.tier is not Tier.PRIMARY or family is None or family.vendor != scene.vendor


def _put_on_a_hub(scene: Scene) -> bool:
    """Whether it is put where models are fetched from (on Hugging Face), and not only ranked or tried there."""
    ranked = scene.rules.piece("ranked")
    places = ((view, at) for view in scene.views for at, vendor in view.vendors.items() if vendor in scene.rules.hubs)
    return any(view.is_place(at, scene.rules) and not ranked.match(view.masked, at + 1) for view, at in places)


def _late(scene: Scene, fired: Sequence[Firing], found: Sequence[Mention]) -> Stage | None:
    """Rumoured, or retired: what is to come of a model that is retired is its end, and no rumour."""
    late = [f for f in fired if f.rule.stage and f.rule.stage.beside_launch and _believable(scene, f, found)]
    ends = [m for f in late if f.rule.stage is Stage.DEPRECATED and (m := retired(f))]
    gone = {id(m) for m in in_its_row(scene, ends)}
    if any(f.rule.stage is Stage.RUMORED and not (f.mentions and all(id(m) in gone for m in f.mentions)) for f in late):
        return Stage.RUMORED
    return Stage.DEPRECATED if late else None


def unbelieved(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    """Signs of a rumour or of a retirement that made none, with what they lacked: they weigh against a launch all the same."""
    if any(f.rule.group == Group.ROUNDUP for f in scene.firings):
        return
    for late, lacked in ((Stage.RUMORED, NO_RUMOUR), (Stage.DEPRECATED, NO_END)):
        told = (f for f in scene.firings if f.rule.stage is late and concerns(scene, f, found))
        for firing in islice((f for f in told if not _believable(scene, f, found)), 1):
            yield replace(firing.evidence(0.0), why=f"{firing.rule.why}{lacked}")


def _from_research(scene: Scene, subject: Mention) -> bool:
    """Whether a vendor's research page tells of it, under a title that is no greeting ("Introducing X")."""
    # a known line's next version on such a page is a release
    if (
        (subject.family and subject.model.version)
        or scene.tier is not Tier.PRIMARY
        or not scene.rules.piece("researchpage").search(scene.item.source_id)
    ):
        return False
    return not any(f.in_title and Role.LAUNCHES in f.rule.roles for f in scene.firings)


def _believable(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a rumour is of a model: one is named, or a vendor's is spoken of, and a launch or its signs are what is hedged.

    Nothing may say that the item is about something else; a rule that says itself of what the rumour is needs no more.
    """
    sign_of = Role.SIGN in firing.rule.roles and not firing.rule.of and scene.rules.piece("signof").search(firing.view.masked)
    if sign_of or any(f.rule.group == Group.ROUNDUP for f in scene.firings):
        return False
    if firing.rule.of:
        return product(scene, firing) is not None  # the rule has the vendor in its pattern
    against = any(
        f.in_title and (f.rule.group in {Group.OPINION, Group.OBJECT} or Role.MONEY in f.rule.roles) for f in scene.firings
    )
    if not firing.in_title:
        if found:
            return found[0].kind is MentionKind.MODEL and (found[0].field == "title" or not against)
        return Role.SIGN in firing.rule.roles and not (against or firing.mentions) and _unlaunched(scene)
    if firing.rule.stage is Stage.DEPRECATED:
        return any(m.kind is not MentionKind.UNKNOWN for m in firing.mentions) and not against
    spoken_of = [*firing.mentions, *found[:1]] if firing.mentions else []
    tools = {id(m) for f in scene.firings if f.in_title and Role.KIND in f.rule.roles for m in f.mentions if not m.model.version}
    named = any(m.kind is MentionKind.MODEL and id(m) not in tools for m in spoken_of)
    return (named or not against) and _on_its_way(scene, firing, named=named)


def _unlaunched(scene: Scene) -> bool:
    """Whether a title is of a maker and a model without its name, and says no launch: what the lead has heard is then of that."""
    title = scene.title
    return bool(title.vendors) and title.of_models and not scene.rules.signs["launch"].search(title.masked)


def _on_its_way(scene: Scene, firing: Firing, *, named: bool) -> bool:
    """Whether a launch, or what shows that one is coming, is told of; the less the model is known, the more is asked."""
    launch, coming = scene.rules.signs["launch"], scene.rules.signs["coming"]
    launched, signs = launch.search(firing.view.masked), Role.SIGN in firing.rule.roles or coming.search(firing.view.masked)
    spoken = scene.title.vendors or scene.maker or scene.title.mentions or (scene.japanese and ai_word(scene))
    if named or (not firing.mentions and spoken):
        return bool(launched or signs)
    if any(m.kind is MentionKind.UNKNOWN for m in firing.mentions):  # it could be a product's name
        numbered = any(has_digit(m.model.name) for m in firing.mentions)
        makers = scene.trade
        said = ai_word(scene) or scene.japanese or (bool(makers) and any(NOUNS & set(view.masked) for view in scene.views))
        return bool(makers or ai_named(scene)) and bool((said and (launched or signs)) or (numbered and signs))
    if signs and NOUNS & set(firing.view.masked[firing.start : firing.end]):
        return bool(firing.mentions)  # a line's next model, not its app
    return bool(firing.mentions) and bool(launch.search(firing.view.masked, firing.start))


def _step(subject: Mention, steps: AbstractSet[Stage | None], roles: AbstractSet[Role], *, opens: bool, kin: bool) -> Stage:  # noqa: C901, PLR0911  # a list of cases in their order
    """Preview before open weights before released; what the family usually does decides between vague words."""
    family, held = subject.family, Role.WITHHELD in roles
    if sized(subject.model.name) and not held and Role.MARKETED not in roles:
        return Stage.OPEN_WEIGHTS  # of 140 names with a size in them 128 were opened
    if Stage.PREVIEW in steps:
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
    here = [m for at, m in mentions.items() if not SENTENCE_END.search(masked[min(at, firing.start) : max(at, firing.end)])]
    if here or not mentions:
        return not mentions or any(same(mention, subject) for mention in here for subject in found)
    if scene.newsletter:
        return False
    # "Today you can try it in a preview": it is what was named last, unless a product is named
    start, _ = sentence(masked, firing.start)
    last = next((m for at, m in sorted(mentions.items(), reverse=True) if at < firing.start), None)
    return last is not None and PRODUCT not in masked[start : firing.end] and any(same(last, subject) for subject in found)
