"""What a report lacks that announcements have: a word for model, an announcing frame, a title about the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aiwatch.detect.evidence import called, grown, kind_named, kind_said, lab, name_rule, of_name, of_trade
from aiwatch.detect.goods import by_maker
from aiwatch.detect.naming import Mention, MentionKind
from aiwatch.detect.relevance import concerns
from aiwatch.detect.scene import Scene
from aiwatch.detect.subjects import lead_launches, opener
from aiwatch.detect.witness import ai_named, ai_of_another, ai_said, vague_nouns
from aiwatch.model import Evidence, Tier
from aiwatch.rules import RuleSet, TermKind
from aiwatch.rules.builtin import OF_ANOTHER, OF_CONTEXT, UNFRAMED, NameRule
from aiwatch.rules.values import Group, Names, Role
from aiwatch.text import has_hangul

FRAMES = {Group.CUE, Group.OPENS}  # groups of rules that frame what is announced
SOFTWARE_FACTOR = 1.7  # of one that who mostly makes software, chips or cars puts out with a version (WinUI Gallery 2.8)
VAGUE_FACTOR = 2.4  # of one that the title calls a model as cars are called (LG's new cleaner model 'A9')
SHAPED_FACTOR = 0.4  # how much a name that its own version makes a model's lacks a word for AI
SAYS = 1.0  # the weight from which what the lead calls a name counts as saying so
LED_FACTOR = 0.6  # how much a Chinese title lacks a frame where its lead has one
NEAR = 6  # rules told of that nearly counted
NEW_FACTOR = 0.6  # how much a Korean title that calls the model new, or its maker's own, lacks a word for its launch
OPENS = 1.5  # the weight from which an opening name frames as well as a verb


def lacks(scene: Scene, found: Sequence[Mention], best: Mapping[str, Evidence]) -> list[Evidence]:
    """What is missing beside the subject ``found[0]``; ``best`` is the strongest evidence of each group of rules."""
    if not found:
        return []
    in_language = _unframed(scene, found, best) if scene.chinese else _launchless(scene, found)
    return [*_missing(scene, found, best), *in_language]


def _missing(scene: Scene, found: Sequence[Mention], best: Mapping[str, Evidence]) -> Iterator[Evidence]:
    subject, title = found[0], scene.title
    if _unexplained(scene, found):
        yield of_name(scene, "lacking.noun", subject)
    if _otherwise(scene, found):
        yield of_name(scene, "lacking.kind", subject)
    if _unattributed(scene, found) and not _tiered(scene.rules, subject):
        yield of_name(scene, "lacking.ai", subject, _why_not_ai(scene, subject), _share(scene, subject))
    if subject.field == "title":
        return
    if scene.tier is not Tier.PRIMARY and not (title.vendors or title.mentions or title.words):
        yield of_name(scene, "lacking.title", subject)
    told = _told_by_lead(scene, found, best) or subject in opener(scene) or lead_launches(scene, subject)
    if (_beside(scene) or _untitled(scene, best)) and not told:
        yield of_name(scene, "lead.only", subject)


def _unattributed(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether nothing beside a name in no list says that it is of AI."""
    if (
        found[0].kind is not MentionKind.UNKNOWN
        or scene.vendor in scene.rules.data.vendors.keys() - scene.rules.generalists
        or kind_named(scene, found[0])
    ):
        return False
    if name_rule(scene.rules, found[0]) == NameRule.SIZED:
        return False  # LegoGPT, Foo 70B
    if scene.maker and scene.rules.piece("aifirm").search(scene.maker):
        return False
    if any({Role.OF_MODELS, Role.SIZED} & set(f.rule.roles) and concerns(scene, f, found) for f in scene.firings):
        return False
    return not (ai_named(scene) or ai_said(scene, found[0]) or lab(scene, found) or _beside_known(scene))


def unsaid(scene: Scene, found: Sequence[Mention], lacking: Sequence[Evidence]) -> bool:
    """Whether nothing says AI, or has what models have, nor does the name's version: apps have a 2.0, and seldom a 2.5 or a 2.0 Flash."""
    if not any(one.rule == "lacking.ai" for one in lacking) or scene.rules.piece("machine").search(scene.title.text.norm):
        return False
    model = found[0].model
    return not found[0].shaped or (model.version.endswith(".0") and not model.variant)


def _why_not_ai(scene: Scene, name: Mention) -> str:
    """Why what stands beside a new name does not say that it is of AI, and what would; empty where nothing stands there."""
    another = ai_of_another(scene, name)
    vague = [f"the AI of '{another}' is not said of a model"] if another else []
    vague += [f"'{word}' is said of other things than AI models too" for word in dict.fromkeys(vague_nouns(scene))]
    makers = dict.fromkeys(vendor for view in scene.views for vendor in view.vendors.values())
    told = [*vague[:1], *[f"{maker} makes other things too" for maker in makers if maker in scene.rules.generalists][:1]]
    wanted = "AI, a kind of AI model or one of its vendors would have to be named"
    return f"a new name, and nothing that is AI's alone beside it: {' and '.join(told)}; {wanted}" if told else ""


def _share(scene: Scene, subject: Mention) -> float:
    """How much a name lacks a word for AI: less where its own version makes it a model's, more where its makers have versions of all."""
    vague = VAGUE_FACTOR if _vague(scene, subject) else 1.0
    if not subject.shaped:
        return max(vague, SOFTWARE_FACTOR) if scene.nobodys else vague
    if not _software(scene, subject):
        return SHAPED_FACTOR * vague
    return SOFTWARE_FACTOR if scene.title.vendors else vague


def _vague(scene: Scene, subject: Mention) -> bool:
    """Whether the title calls it a model as cars, phones and cleaners are called, and nothing there is of AI, nor of what it makes."""
    hits, title = scene.hits["title"], scene.title
    words = [title.text.low[hit.start : hit.end] for hit in hits if hit.term.kind is TermKind.NOUN]
    made = any(h.term.kind is TermKind.MODALITY and h.term.key != "robotics" for row in scene.hits.values() for h in row)
    outside = (h for h in hits if subject.field != "title" or not subject.start <= h.start < subject.end)  # R2 of SX14-R2 is none
    known = any(h.term.kind in {TermKind.PRODUCT, TermKind.FAMILY} for h in outside) or scene.rules.piece("machine").search(
        title.text.norm
    )
    return bool(words) and all(scene.rules.piece("vague").fullmatch(word) for word in words) and not (made or known)


def _software(scene: Scene, mention: Mention) -> bool:
    """Whether a word with a version may as well be software's (FFmpeg 9.0): of no maker of models, without a size or a variant."""
    return not (scene.trade or scene.maker or mention.model.variant) and name_rule(scene.rules, mention) == NameRule.SHAPED


def _beside_known(scene: Scene) -> bool:
    """Whether the title measures it by a known model (GPT-5超えの「Zephyros 2」; GPT-4.1보다 4배 저렴)."""
    known = (m for m in scene.title.mentions.values() if m.kind is MentionKind.MODEL and m.family)
    return any(scene.japanese or (m.model.version and id(m) in scene.compared) for m in known)


def _beside(scene: Scene) -> bool:
    """Whether a report's lead names a model of which its title has nothing: no model, no family, no word for one or for a launch."""
    title = scene.title
    if scene.tier is not Tier.PRESS:
        return False
    if any(f.in_title and Role.OUT in f.rule.roles for f in scene.firings):
        return False
    return not title.mentions and not scene.title.of_models


def _untitled(scene: Scene, best: Mapping[str, Evidence]) -> bool:
    """Whether a maker's own page names a model in its lead alone, and nothing there calls it a model or new."""
    framed = any(one.weight >= SAYS for group, one in best.items() if group in {*FRAMES, Group.APPOSITION})
    return scene.tier is Tier.PRIMARY and not scene.title.mentions and not framed


def _told_by_lead(scene: Scene, found: Sequence[Mention], best: Mapping[str, Evidence]) -> bool:
    """Whether the lead launches a version of the very maker whom the title names: the title only says it cleverly."""
    family = found[0].family
    named = family is not None and family.vendor in scene.title.vendors.values()
    return named and name_rule(scene.rules, found[0]) == NameRule.VERSION and Group.CUE in best and best[Group.CUE].weight > SAYS


def _unexplained(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a plain new name (no number in it) stands where neither the title nor a frame around it says that it is a model."""
    if found[0].kind is not MentionKind.UNKNOWN or name_rule(scene.rules, found[0]) != NameRule.UNKNOWN or scene.chinese:
        return False
    title = scene.title
    if any(title.noun_at(at) and not of_trade(scene, title, at) for at in title.words):
        return False
    if any(hit.term.kind is TermKind.MODALITY for hit in scene.hits["title"]):
        return False
    tiered = any(word.casefold() in scene.rules.variants for one in found for word in one.model.name.split(" ")[1:])
    if tiered or grown(scene, found[0]):
        return False  # named as models are, itself or beside its kin: Zephyros Transcribe, Zephyros and Zephyros Mini
    if any((f.in_title and Role.SIZED in f.rule.roles) or Role.TAKES_UP in f.rule.roles for f in scene.firings):
        return False
    return not called(scene, found)


def _otherwise(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether the title says what a numbered name in no list is, and nothing that title or lead says is of models."""
    name, title = found[0], scene.title
    if name.kind is not MentionKind.UNKNOWN or name_rule(scene.rules, name) not in {NameRule.CODED, NameRule.SHAPED}:
        return False
    if called(scene, found) or kind_named(scene, name) or _of_models_at_all(scene):
        return False
    at = title.place(name)
    if at is None:
        return False
    before, behind, rules = title.masked[:at], title.masked[at + 1 :], scene.rules
    described = rules.ending("saidbefore").search(before) and not rules.ending("unsaidbefore").search(before)
    return bool(described or rules.piece("explains").match(behind)) or by_maker(scene, name)


def _of_models_at_all(scene: Scene) -> bool:
    """Whether title or lead has a word for a model, or for what models make or read, or says of something what models alone have."""
    nouns = any(view.noun_at(at) and not of_trade(scene, view, at) for view in scene.views for at in view.words)
    kinds = any(hit.term.kind is TermKind.MODALITY for row in scene.hits.values() for hit in row)
    roles = {Role.OF_MODELS, Role.TAKES_UP, Role.SIZED}
    return nouns or kinds or any(roles & set(f.rule.roles) for f in scene.firings)


def _unframed(scene: Scene, found: Sequence[Mention], best: Mapping[str, Evidence]) -> list[Evidence]:
    """What a Chinese title lacks: a verb that announces the name (names stand anywhere in it), a word for what the name is of."""
    name = found[0]
    told = []
    if not {Group.CUE, Group.MYSTERY} & best.keys() and (Group.OPENS not in best or best[Group.OPENS].weight < OPENS):
        told.append(of_name(scene, "lacking.frame", name))
    elif Group.CUE in best and best[Group.CUE].field != "title" and not scene.title.mentions:
        why = "the title neither names nor announces it"
        told.append(of_name(scene, "lacking.frame", name, why, LED_FACTOR))
    if kind_named(scene, name):
        told.append(of_name(scene, "name.kind", name))
    elif (
        name_rule(scene.rules, name) in {NameRule.UNKNOWN, NameRule.CODED, NameRule.SHAPED}
        and Group.APPOSITION not in best
        and not (lab(scene, found) or kind_said(scene) or _model_said(scene, name) or (name.shaped and _of_makers(scene)))
    ):
        likely = _tiered(scene.rules, name) or (name.shaped and bool(scene.trade))
        told.append(of_name(scene, "lacking.noun", name, factor=SHAPED_FACTOR if likely else 1.0))
    return told


def _model_said(scene: Scene, mention: Mention) -> bool:
    """Whether a word for model stands in the name, or in the title of a name that the lead gives; or the title counts parameters."""
    hits = [hit for hit in scene.hits[mention.field] if hit.term.kind is TermKind.NOUN]
    inside = any(mention.start <= hit.start and hit.end <= mention.end for hit in hits)
    title = mention.field != "title" and scene.title.of_models
    sized = any(f.in_title and Role.SIZED in f.rule.roles for f in scene.firings)
    return inside or title or (sized and not scene.rules.piece("product").search(scene.title.masked))


def _tiered(rules: RuleSet, mention: Mention) -> bool:
    """Whether a name has a version with a point and a word behind its first that little else has beside one (Foo 3.5 Flash)."""
    words = set(re.split(r"[ -]", mention.model.name.casefold())[1:])
    return mention.shaped and "." in mention.model.version and bool(rules.variant_uses["own"] & words)


def _of_makers(scene: Scene) -> bool:
    """Whether the title speaks of models or of somebody who makes them."""
    return scene.title.of_models or bool(set(scene.title.vendors.values()) & scene.rules.labs)


def _launchless(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """What a Japanese or Korean title lacks that names the model outside every announcing frame: there a launch is said."""
    korean = not scene.japanese and has_hangul(scene.title.text.norm)
    if found[0].field != "title" or not (scene.japanese or korean) or (korean and _launched_elsewhere(scene, found)):
        return []
    frames = [f for f in scene.firings if f.in_title and f.rule.names == Names.SUBJECT and f.rule.group in FRAMES]
    if any(concerns(scene, frame, found) for frame in frames):
        return []
    new = korean and any(
        f.in_title and f.rule.calls_model and f.rule.language == "ko" and concerns(scene, f, found) for f in scene.firings
    )
    return [of_name(scene, "lacking.launch", found[0], factor=NEW_FACTOR if new else 1.0)]


def _launched_elsewhere(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether the maker's own page tells it, the title puts out a model without its name, or the lead speaks of a launch."""
    if scene.tier is Tier.PRIMARY or any(f.in_title and Role.NAMELESS in f.rule.roles for f in scene.firings):
        return True
    if any(not f.in_title and f.rule.group == Group.CUE and concerns(scene, f, found) for f in scene.firings):
        return True
    return any(scene.rules.piece("koisout").search(view.masked) for view in scene.views[1:])


def nearly(scene: Scene, found: Sequence[Mention], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Rules that nearly counted: a name without any frame, rules that speak of other names, and those that a stronger one outweighs."""
    near = []
    if found and not any(e.rule in {f.rule.id for f in scene.firings if f.rule.names == Names.SUBJECT} for e in evidence):
        near.append(of_name(scene, name_rule(scene.rules, found[0]), found[0], UNFRAMED, 0.0))
    near += [
        replace(firing.evidence(0.0), why=f"{firing.rule.why}{lacked}")
        for firing in scene.firings
        if (lacked := _OF_OTHER.get(firing.rule.names)) and not concerns(scene, firing, found)
    ]
    return [*near[:NEAR], *_outweighed(scene, found, evidence)]


_OF_OTHER: Mapping[str | None, str] = {  # what a rule lacked whose names are not what is announced, by what it says that they are
    Names.SUBJECT: OF_ANOTHER,
    Names.CONTEXT: OF_CONTEXT,
}


def _outweighed(scene: Scene, found: Sequence[Mention], evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Rules that fired, and of whose group a stronger one counts; with the weight that they have by themselves."""
    counted = {e.rule for e in evidence}
    strongest = {f.rule.group: f.rule.id for f in scene.firings if f.rule.id in counted}
    weaker = {f.rule.id: f for f in reversed(scene.firings) if f.rule.id not in counted and f.rule.group in strongest}
    for firing in reversed(weaker.values()):
        if firing.rule.weight and firing.rule.group and concerns(scene, firing, found):
            why = f"{firing.rule.why}, but of the group {firing.rule.group} only the strongest counts: {strongest[firing.rule.group]}"
            yield replace(firing.evidence(1.0), why=why)
