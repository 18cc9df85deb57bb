"""What kind of model it is: what it makes, or works with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiwatch.detect.naming import Mention
from aiwatch.detect.relevance import place_of
from aiwatch.detect.scene import Scene
from aiwatch.detect.views import View, sentence
from aiwatch.model import Modality
from aiwatch.rules import Hit, RuleSet, TermKind

COMPOUND = 10  # characters of a word for model with what it makes before it (视频音效生成模型)


def _of_noun(scene: Scene) -> Modality | None:
    """The kind a Chinese title's word for model tells: the last before it (视频音效生成模型 makes sound)."""
    hits = scene.hits["title"]
    nouns = [h for h in hits if h.term.kind is TermKind.NOUN]
    if not nouns or not scene.chinese:
        return None
    noun = max(nouns, key=lambda h: (h.end - h.start, -h.start))
    kinds = [h for h in hits if h.term.kind is TermKind.MODALITY and noun.end - COMPOUND <= h.start and h.end <= noun.end]
    return Modality(max(kinds, key=lambda h: (h.end, h.end - h.start)).term.key) if kinds else None


def kind_of(scene: Scene, mention: Mention, vendor: str | None) -> Modality:
    """The name's or family's own kind; for names in no list what the title says, what was told of its line, what its sentence says.

    Where nothing says it, what ``vendor``, who makes it, mostly makes.
    """
    told = _of_noun(scene) if mention.model.modality in {Modality.TEXT, Modality.MULTIMODAL} else None
    if told:
        return told
    beside = _kind_beside(scene, mention)
    if beside and not (beside is Modality.CODE and mention.model.known):
        return beside
    if mention.model.known or mention.model.modality is not Modality.TEXT:
        said = any(hit.term.kind is TermKind.MODALITY and hit.term.key == "multimodal" for hit in scene.hits["title"])
        return Modality.MULTIMODAL if said and mention.model.modality is Modality.TEXT else mention.model.modality
    norm, hits = scene.title.text.norm, scene.hits["title"]
    title = Modality.TEXT if _speaks(scene.rules, norm, hits) else _kind(scene.rules, norm, hits)
    leads = (_kind_told(scene, view, mention) for view in scene.views[1:])
    usual = scene.rules.specialties.get(vendor or "")
    return next((kind for kind in (title, _kind_heard(mention, scene.rules), *leads, usual) if kind), Modality.TEXT)


def _kind(rules: RuleSet, norm: str, hits: Sequence[Hit]) -> Modality | None:
    """The kind that words of a field tell: of what a word for model is, or else of all, the first in the order of ``[modalities]``."""
    aside = [match.span() for match in rules.piece("athand").finditer(norm)]
    said = [hit for hit in hits if hit.term.kind is TermKind.MODALITY and not any(a <= hit.start < b for a, b in aside)]
    said = [hit for hit in said if hit.term.key != "code" or _writes_code(rules, norm, hit)]
    if any(_is_understood(rules, norm, hit) for hit in said):
        return Modality.MULTIMODAL
    nouns = [hit for hit in hits if hit.term.kind is TermKind.NOUN]
    called = [hit for hit in said if any(_of_noun_at(norm, hit, noun) for noun in nouns)]
    beside = [
        hit for hit in said if any(_JOINED.fullmatch(norm, hit.end, other.start) for other in called if hit.end <= other.start)
    ]
    kinds = {hit.term.key for hit in [*called, *beside] or said}
    return next((Modality(kind) for kind in rules.data.words.modalities if kind in kinds), None)


def _of_noun_at(norm: str, hit: Hit, noun: Hit) -> bool:
    """Whether a word says what a word for model is of: within it, or right before it (a video model with sound)."""
    return noun.start <= hit.start < hit.end <= noun.end or (hit.end < noun.start and not norm[hit.end : noun.start].strip())


def _is_understood(rules: RuleSet, norm: str, hit: Hit) -> bool:
    """Whether a word says what a model takes in beside something else, and not what it makes (audio and video understanding)."""
    if hit.term.key not in {"image", "video"} or not rules.piece("understood").match(norm, hit.end):
        return False
    return hit.term.key == "image" or rules.ending("beside").search(norm[: hit.start]) is not None


def _speaks(rules: RuleSet, norm: str, hits: Sequence[Hit]) -> bool:
    """Whether a title says it is a language model, and of no other kind right before (a robot maker's language model)."""
    noun = rules.piece("languagemodel").search(norm)
    if noun is None:
        return False
    before = [hit.end for hit in hits if hit.term.kind is TermKind.MODALITY and hit.start < noun.end()]
    return not any(rules.piece("extents").fullmatch(norm, end, max(noun.start(), end)) for end in before)


def _writes_code(rules: RuleSet, norm: str, hit: Hit) -> bool:
    """Whether code is what the model is for: every model is said to be better at coding."""
    if rules.piece("codemodel").match(norm, hit.end):
        return True
    return bool(rules.ending("forcode").search(norm[: hit.start]) and not rules.piece("amongothers").match(norm, hit.end))


def _kind_told(scene: Scene, view: View, mention: Mention) -> Modality | None:
    """The kind that a lead tells: in the sentence of the model, its first where it does not name it; else in all of one topic."""
    norm, hits, place = view.text.norm, scene.hits[view.field], place_of(view, mention.model)
    named = mention.start if mention.field == view.field else 0 if place is None else view.starts[place]
    start, end = sentence(norm, named)
    told = _kind(scene.rules, norm, [hit for hit in hits if start <= hit.start and hit.end <= end])
    return told or (None if scene.newsletter else _kind(scene.rules, norm, hits))


def _kind_heard(mention: Mention, rules: RuleSet) -> Modality | None:
    """The kind told of a heard name's family, where this is a version of it; not what a word of that name says (Zephyros Coder)."""
    first = mention.told_by
    if first is None or not mention.model.version or first.modality is Modality.TEXT:
        return None
    return None if rules.kind_within(first.name) is first.modality else first.modality


def _kind_beside(scene: Scene, mention: Mention) -> Modality | None:
    """What the words right before a name in the title call it: ``멀티모달 모델 'X'``; the last one told."""
    if mention.field != "title":
        return None
    norm, komodel, ends = scene.title.text.norm, scene.rules.piece("komodel"), scene.rules.ending("komodelword")
    before = [hit for hit in scene.hits["title"] if hit.term.kind is TermKind.MODALITY and hit.end <= mention.start]
    near = [
        hit
        for hit in before
        if komodel.fullmatch(norm, hit.end, mention.start)
        or (ends.search(norm[: hit.end]) and _QUOTE.fullmatch(norm, hit.end, mention.start))
    ]
    return Modality(max(near, key=lambda hit: (hit.end, -hit.start)).term.key) if near else None


_JOINED = re.compile(r" ?(?:[+&·・/、,]|and|및) ?")  # between two kinds of one model (動画・音声生成モデル)
_QUOTE = re.compile(r" ?[\"'「『《〈<]?")
