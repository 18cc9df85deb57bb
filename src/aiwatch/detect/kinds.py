"""What kind of model it is: what it makes, or works with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiwatch.detect.naming import Mention, modality_by_name
from aiwatch.detect.scene import Scene
from aiwatch.detect.subjects import same_line
from aiwatch.detect.views import View, sentence
from aiwatch.model import Modality
from aiwatch.rules import Hit, RuleSet
from aiwatch.text import chinese


def _of_noun(scene: Scene) -> Modality | None:
    """The kind a Chinese title's word for model tells: the last before it (视频音效生成模型 makes sound)."""
    text, hits = scene.title.text, scene.hits["title"]
    nouns = [h for h in hits if h.term.kind == "noun"]
    if not nouns or not chinese(text.norm):
        return None
    noun = max(nouns, key=lambda h: (h.end - h.start, -h.start))
    kinds = [h for h in hits if h.term.kind == "modality" and noun.end - 10 <= h.start and h.end <= noun.end]
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
        said = any(hit.term.kind == "modality" and hit.term.key == "multimodal" for hit in scene.hits["title"])
        return Modality.MULTIMODAL if said and mention.model.modality is Modality.TEXT else mention.model.modality
    norm, hits = scene.title.text.norm, scene.hits["title"]
    title = Modality.TEXT if _speaks(norm, hits) else _kind(scene.rules, norm, hits)
    leads = (_kind_told(scene, view, mention) for view in scene.views[1:])
    usual = scene.rules.specialties.get(vendor or "")
    return next((kind for kind in (title, _kind_heard(mention, scene.rules), *leads, usual) if kind), Modality.TEXT)


def _kind(rules: RuleSet, norm: str, hits: Sequence[Hit]) -> Modality | None:
    """The kind that words of a field tell: of several the first in the order of ``[modalities]``."""
    aside = [match.span() for match in _AT_HAND.finditer(norm)]
    said = [hit for hit in hits if hit.term.kind == "modality" and not any(a <= hit.start < b for a, b in aside)]
    said = [hit for hit in said if hit.term.key != "code" or _writes_code(norm, hit)]
    if any(_is_understood(norm, hit) for hit in said):
        return Modality.MULTIMODAL
    kinds = {hit.term.key for hit in said}
    return next((Modality(kind) for kind in rules.data.words.modalities if kind in kinds), None)


# What stands beside a post (the image is a plot), or is put in.
_AT_HAND = re.compile(r"(?i)\bth(?:e|is) (?:image|video) (?:is|shows|depicts|features)\b|用一?[张段幅](?:图片|照片|视频)")


def _is_understood(norm: str, hit: Hit) -> bool:
    """Whether a word says what a model takes in beside something else, and not what it makes (audio and video understanding)."""
    senses = hit.term.key == "image" or (hit.term.key == "video" and _BESIDE.search(norm, 0, hit.start) is not None)
    return senses and _UNDERSTOOD.match(norm, hit.end) is not None


_BESIDE = re.compile(r"(?i)(?:\b(?:and|&)|[,·、/と와과和及や]) ?$")
_UNDERSTOOD = re.compile(
    r"(?i)(?: (?:and|&) \w+)? (?:understanding|comprehension|inputs?\b|reasoning)|(?:[·와과]? ?\w{2,3})? ?(?:이해|입력)|"
    r"(?:や\w{2})?の?(?:理解|入力)|(?:和\w{2})?(?:理解|输入|輸入)"
)


def _speaks(norm: str, hits: Sequence[Hit]) -> bool:
    """Whether a title says it is a language model, and of no other kind right before (a robot maker's language model)."""
    noun = _LANGUAGE.search(norm)
    kinds = (hit for hit in hits if hit.term.kind == "modality")
    return noun is not None and not any(
        _DESCRIBING.fullmatch(norm, hit.end, max(noun.start(), hit.end)) and hit.start < noun.end() for hit in kinds
    )


_DESCRIBING = re.compile(
    r"(?i)[ -]*(?:(?:large|small|open|new|대형|대규모|거대|초거대|소형|특화|특화형|大型?|大规模|大規模|特化型?)[ -]*)*"
)
_LANGUAGE = re.compile(r"(?i)\blanguage models?\b|\bs?LLMs?\b(?!-)|언어 ?모델|言語モデル|语言大?模型|語言模型")


def _writes_code(norm: str, hit: Hit) -> bool:
    """Whether code is what the model is for: every model is said to be better at coding."""
    return bool(_CODE_NOUN.match(norm, hit.end) or (_FOR_CODE.search(norm, 0, hit.start) and not _AMONG.match(norm, hit.end)))


_CODE_NOUN = re.compile(
    r"(?i)[ -]?(?:(?:generation|completion|editing|review|focused|specialized|language|"
    r"특화|전용|생성|보조|生成|补全|大|专用|特化型?)[ -]?)*"
    r"(?:models?\b|LLMs?\b|agents?\b|assist(?:ants?|ance)\b|arena\b|竞技场|모델|에이전트|어시스턴트|AI|模型|智能体|助手|モデル|エージェント)"
)
_FOR_CODE = re.compile(
    r"(?i)\b(?:for|writes?|writing|excels at|built for|specialized in)(?: (?:agentic|on-device|faster|better|vibe))? $"
)
_AMONG = re.compile(r"(?i)(?: generation| tasks?)?(?:,| and\b| &|·|、)")


def _kind_told(scene: Scene, view: View, mention: Mention) -> Modality | None:
    """The kind that a lead tells: in the sentence of the model, its first where it does not name it; else in all of one topic."""
    norm, at, hits = view.text.norm, _place(view, mention), scene.hits[view.field]
    start, end = sentence(norm, at)
    told = _kind(scene.rules, norm, [hit for hit in hits if start <= hit.start and hit.end <= end])
    return told or (None if scene.newsletter else _kind(scene.rules, norm, hits))


def _place(view: View, mention: Mention) -> int:
    """Where a lead names a model first; its beginning where it does not."""
    if mention.field == view.field:
        return mention.start
    return next((m.start for _, m in sorted(view.mentions.items()) if same_line(m.model, mention.model)), 0)


def _kind_heard(mention: Mention, rules: RuleSet) -> Modality | None:
    """The kind told of a heard name's family, where this is a version of it; not what a word of that name says (Zephyros Coder)."""
    first = mention.told_by
    if first is None or not mention.model.version or first.modality is Modality.TEXT:
        return None
    own = modality_by_name(first.name) is first.modality or any(
        rules.variant_kinds.get(word) is first.modality for word in re.split(r"[ -]", first.name.casefold())
    )
    return None if own else first.modality


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
