"""The engine: what was found, weighed. See ``docs/detection.md`` for the reader's side of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from aiwatch.detect import names, unlisted
from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.stages import maker, named, stage
from aiwatch.detect.subjects import concerns, members, subjects
from aiwatch.detect.views import View, mask
from aiwatch.detect.witness import ai_named, ai_said, ai_word, first_hand, nameable, own_or_other, witnessed
from aiwatch.model import Detection, Evidence, Item, Source, Stage, Tier
from aiwatch.rules import Hit, Rule, RuleSet
from aiwatch.rules.masks import BARE, MODEL, NOUN, OPEN_NOUN, UNKNOWN
from aiwatch.text import Folded, chinese, fold, japanese, japanese_title

TITLE = 400  # characters of a title that are read
LEAD = 480  # characters of a summary that are read: the announcement is in the lead or nowhere
MATCHES = 3  # of one rule in one field that are looked at
NAMELESS = {
    "en.vendor-new-model",
    "ko.vendor-new-model",
    "zh.vendor-new-model",
    "ja.vendor-new-model",
}  # tell of a model without its name
ASIDE_GROUPS = {"topic", "opinion", "comment", "versus", "list", "role"}
JA_ASIDE_GROUPS = ASIDE_GROUPS | {"channel", "question", "roundup", "negated", "object"}
FRAMES = {"cue", "opens"}  # groups of rules that frame what is announced
PEOPLE = "not.people"
CLAIMS = "title.claims"
OBJECT = "en.verb-object"
VERB_FIRST = "en."  # where the verb stands first, what follows the object is beside the point; elsewhere it can be the predicate
MAKERLESS = "zh.first-of-kind"  # and of one without its maker
TALK = "zh.name-talk"  # says of a name what is said of models alone
HARDWARE = "not.hardware"
ASIDE_FACTOR = 0.3  # of a topic that stands in another clause than the announcement
LEAD_FACTOR = 0.9  # of an announcing frame that stands in the lead and not in the title


def detect(item: Item, source: Source, rules: RuleSet) -> Detection:
    """Judge one item. The score is the sum of the evidence's weights; ``getattr(item, e.field)[e.start:e.end] == e.matched``.

    Pure, total, deterministic. An item in which no name and no word for a model stands has no evidence at all.
    """
    scene = look(item, source, rules)
    if not any(view.mentions or view.others for view in scene.views):
        return _verdict(scene, [], [])
    found = subjects(scene)
    return _verdict(scene, found, _weigh(scene, found))


def _verdict(scene: Scene, found: list[Mention], evidence: list[Evidence]) -> Detection:
    threshold = scene.rules.threshold
    score = round(sum(e.weight for e in evidence), 3)
    passed = (bool(found) or any(e.rule == "nameless" for e in evidence)) and score >= threshold
    step = stage(scene, found, passed=passed)
    return Detection(
        item_id=scene.item.id,
        announcement=passed and step not in {Stage.RUMORED, Stage.DEPRECATED},
        stage=step,
        models=named(scene, members(scene, found), step),
        score=score,
        threshold=threshold,
        evidence=tuple(evidence),
        near=(*scene.near, *_lacking(scene, found, evidence)),
        rules=scene.rules.digest,
        maker=maker(scene) if passed and not found else None,
    )


# --- looking --------------------------------------------------------------------------------------------------------------


def look(item: Item, source: Source, rules: RuleSet) -> Scene:
    """Find names, mask them, and let the rules look."""
    vendor = source.vendor or rules.vendor_of(item.url or source.url, source.name)
    newsletter = rules.outlet("newsletter", source.name or source.id, item.url)
    if not vendor and not newsletter and first_hand(item, source, rules):
        vendor = source.name
    tier = Tier.PRIMARY if vendor and not newsletter else source.tier
    scene = Scene(item, rules, vendor, tier, newsletter)
    lead = "summary" if item.summary or not item.content else "content"
    scene.texts = {"title": fold(item.title[:TITLE]), lead: fold(getattr(item, lead)[:LEAD])}
    scene.japanese = japanese_title(scene.texts["title"].norm)
    scene.hits = {name: _hits(scene, text) for name, text in scene.texts.items()}
    for name in scene.texts:
        titled = {m.model.spelled for m in scene.title.mentions.values() if m.kind == "unknown"} if scene.views else set()
        scene.views.append(_view(scene, name, titled))
    scene.firings = [firing for view in scene.views for firing in _fire(scene, view)]
    return scene


def _hits(scene: Scene, text: Folded) -> list[Hit]:
    """The terms of the lexicon in a text; in Chinese also those that it writes in traditional characters."""
    hits = scene.rules.hits(text.low)
    plain = simplified(text.low) if chinese(text.norm) and not scene.japanese else text.low
    if plain == text.low:
        return hits
    told = set(hits)
    return hits + [hit for hit in scene.rules.hits(plain) if hit not in told]


def _view(scene: Scene, name: str, titled: set[str]) -> View:
    """A field with its names masked; a new name that the title gave away is known in the lead as well."""
    text, hits = scene.texts[name], scene.hits[name]
    mentions = witnessed(scene, names.known(name, text, hits, scene.rules))
    taken = [(m.start, m.end) for m in mentions if m.kind == "model"] + [
        (h.start, h.end) for h in hits if h.term.kind in {"vendor", "product", "ignored"}
    ]
    found = unlisted.unknown(name, text, hits, taken, scene.rules)
    found += unlisted.echoes(name, text, titled, taken + [(m.start, m.end) for m in found])
    mentions += [_adopted(scene, name, mention, mentions) for mention in found]
    if name == "title":
        own_or_other(scene, mentions)
    view = mask(name, text, hits, mentions)
    framed = _framed(scene, view)
    if not framed:
        return view
    kept = [m for m in mentions if not _within(m.start, m.end, framed)]
    return mask(name, text, [h for h in hits if not _within(h.start, h.end, framed)], kept + framed)


def _adopted(scene: Scene, name: str, mention: Mention, known: Sequence[Mention]) -> Mention:
    """A new name right after a vendor who is a family too (Mistral NeMo) is that family's; so is a quoted one that opens with a member."""
    text = scene.texts[name]
    head = next((m for m in known if m.start == mention.start and m.kind != "unknown" and m.end < mention.end), None)
    spelled = text.norm[mention.start : mention.end]
    if head and text.norm[head.end] == " " and _TITLED.fullmatch(spelled) and nameable(scene.rules, spelled):
        return unlisted.derived(name, mention.start, mention.end, spelled, head.family)
    for hit in scene.hits[name]:
        if hit.term.kind in {"vendor", "short"} and hit.end == mention.start - 1 and text.low[hit.end] == " ":
            family = scene.rules.family_called(text.low[hit.start : hit.end])
            if family:
                return unlisted.derived(name, hit.start, mention.end, text.norm[hit.start : mention.end], family)
    return _branded(scene, name, mention) or mention


def _branded(scene: Scene, name: str, mention: Mention) -> Mention | None:
    """A letter and a number after the Chinese name of a maker whose models bear its own: what 百川智能 calls M9 is Baichuan M9."""
    text, code = scene.texts[name], mention.model.name
    if not (_CODE.fullmatch(code) and chinese(text.norm)):
        return None
    makers = {h.term.key for h in scene.hits[name] if h.term.kind in {"vendor", "short"} and h.end <= mention.start}
    families = [scene.rules.family_called(fold(maker.split(" ")[0]).low) for maker in makers]
    family = families[0] if len(families) == 1 else None
    if family is None or family.vendor not in makers or family.vendor not in scene.rules.labs:
        return None
    told = unlisted.derived(name, mention.start, mention.end, f"{family.shown} {code}", family)
    return replace(told, model=replace(told.model, spelled=text.norm[mention.start : mention.end]))


_CODE = re.compile(r"[A-Z]{1,3} ?\d(?:\.\d)?")  # no name by itself
_TITLED = re.compile(r"[A-Z0-9][!-~]*(?: [A-Z0-9][!-~]*)+")  # every word with a capital or a number


def _within(start: int, end: int, mentions: Sequence[Mention]) -> bool:
    return any(start < m.end and m.start < end for m in mentions)


def _framed(scene: Scene, view: View) -> list[Mention]:
    """Names that only their frame gives away (``Introducing X``): what rules of kind ``new`` capture as ``name``."""
    found: list[Mention] = []
    for rule, pattern in scene.rules.fired(view.masked):
        group = pattern.groupindex.get("name")
        match = pattern.search(view.masked) if group and rule.names == "new" and _applies(scene, rule, view) else None
        if match is None or match.group(group) is None:
            continue
        start, end = view.starts[match.start(group)], view.starts[match.end(group)]
        spelled = view.text.norm[start:end].strip()
        if spelled and nameable(scene.rules, spelled) and not _within(start, end, found):
            found.append(_new_mention(scene, view, start, end, spelled))
            scene.captured.append(rule.id)
    return found


def _new_mention(scene: Scene, view: View, start: int, end: int, spelled: str) -> Mention:
    """A captured name. One that holds a known name (Codestral Mamba), or follows a vendor who is a family too, is of that family."""
    known = next((m for m in view.mentions.values() if m.kind == "model" and start <= m.start and m.end <= end), None)
    if known:
        return unlisted.derived(view.field, start, end, spelled, known.family)
    at = max((at for at in view.vendors if view.starts[at + 1] < start and start - view.starts[at + 1] <= 1), default=None)
    if at is not None:
        first = view.starts[at]
        family = scene.rules.family_called(view.text.low[first : view.starts[at + 1]])
        if family:
            return unlisted.derived(view.field, first, end, view.text.norm[first:end], family)
    return unlisted.unlisted(view.field, start, end, spelled)


def _applies(scene: Scene, rule: Rule, view: View) -> bool:
    if rule.tiers and scene.tier not in rule.tiers:
        return False
    return rule.field == "any" or (rule.field == "title") == (view.field == "title")


_BESIDES_CHINESE = re.compile(r"(?:^|\.)(?:ja|ko)\.")  # rules for the languages that share its characters, or its word order


def _fire(scene: Scene, view: View) -> list[Firing]:
    firings = []
    in_chinese = chinese(scene.texts["title"].norm) and not scene.japanese
    for rule, pattern in scene.rules.fired(view.masked):
        if not _applies(scene, rule, view) or (rule.names == "new") or (in_chinese and _BESIDES_CHINESE.search(rule.id)):
            continue
        if rule.names == "vendor":
            _note_maker(scene, view, rule, pattern)
            continue
        for match in islice(pattern.finditer(view.masked), MATCHES if rule.names else 1):
            if not rule.kana and (scene.japanese if view.field == "title" else japanese(view.masked[: match.end()])):
                continue
            inside = tuple(m for at, m in view.mentions.items() if match.start() <= at < match.end())
            firings.append(Firing(rule, view, match.start(), match.end(), inside))
    return firings


def _note_maker(scene: Scene, view: View, rule: Rule, pattern: Any) -> None:
    """Who announces it, where the lexicon does not know them: what a rule of kind ``vendor`` captures."""
    match, group = pattern.search(view.masked), pattern.groupindex["vendor"]
    if match and not scene.maker and not _NOBODY.search(match[group]):
        scene.maker = view.text.norm[view.starts[match.start(group)] : view.starts[match.end(group)]].strip()
        scene.captured.append(rule.id)


_NOBODY = re.compile(
    r"[()\[\]'\"“”‘’…]|스타트업$|연구진$|교수|^(?i:the|a|an|new|this|researchers|scientists)\b"
)  # announces nothing by that name


# --- weighing -------------------------------------------------------------------------------------------------------------


def _weigh(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """One piece of evidence a group: the strongest. Rules without a group each count."""
    best: dict[str, Evidence] = {}
    cues = [
        f
        for f in scene.firings
        if f.in_title and (f.rule.group == "cue" or f.rule.id == CLAIMS) and f.rule.names and concerns(scene, f, found)
    ]
    aside = _ja_aside if scene.japanese else _aside
    for firing in scene.firings:
        if not firing.rule.weight or not concerns(scene, firing, found):
            continue
        told = firing.evidence(_factor(firing) * (ASIDE_FACTOR if aside(scene, firing, cues) else 1.0))
        key = firing.rule.group or firing.rule.id
        if told.weight and (key not in best or abs(told.weight) > abs(best[key].weight)):
            best[key] = told
    lacking = _unframed(scene, found, best) if chinese(scene.title.text.norm) else _launchless(scene, found)
    return [e for e in [*_built_in(scene, found), *best.values(), *lacking] if e.weight]


def _unframed(scene: Scene, found: Sequence[Mention], best: Mapping[str, Evidence]) -> list[Evidence]:
    """What a Chinese title lacks: a verb that announces the name (names stand anywhere in it), a word for what the name is of."""
    if not found:
        return []
    name = found[0]
    told = []
    if "cue" not in best and ("opens" not in best or best["opens"].weight < OPENS):
        why = "no verb of announcing has the name as its subject or object"
        told.append(_at(scene, "lacking.frame", name.field, name.start, name.end, 1.0, why))
    elif "cue" in best and best["cue"].field != "title" and not scene.title.mentions:
        why = "the title neither names nor announces it"
        told.append(_at(scene, "lacking.frame", name.field, name.start, name.end, 0.6, why))
    if _kind_named(scene, name):
        told.append(_at(scene, "name.kind", name.field, name.start, name.end, 1.0, "the new name says what it is of"))
    elif (
        _name_rule(name) in {"name.unknown", "name.coded"}
        and "apposition" not in best
        and not (_lab(scene, found) or _kind_said(scene))
    ):
        why = "no word for model explains the new name"
        told.append(_at(scene, "lacking.noun", name.field, name.start, name.end, 1.0, why))
    return told


_KIND = re.compile(
    r"GPT|LLM|VLM|VLA|MLLM|TTS|ASR|OCR|Diffusion|Coder|Embed|(?<=[a-z])LM(?![a-z])|LM$|"
    r"[- ](?:Image|Video|Audio|Music|Speech|Voice|World|Omni|VL)\b"
)


def _kind_said(scene: Scene) -> bool:
    """Whether the title says what the new name makes or reads (pictures, weather), and speaks of no product."""
    return any(hit.term.kind == "modality" for hit in scene.hits["title"]) and not _PRODUCT.search(
        simplified(scene.title.text.norm)
    )


def _kind_named(scene: Scene, mention: Mention) -> bool:
    """Whether a new name within Chinese bears a kind of model in it."""
    norm = scene.texts[mention.field].norm
    beside = norm[max(mention.start - 8, 0) : mention.start] or norm[mention.end : mention.end + 3]
    if not chinese(beside):
        return False
    return mention.kind == "unknown" and bool(_KIND.search(mention.model.name) or _SIZED.search(mention.model.name))


OPENS = 1.5  # the weight from which an opening name frames as well as a verb


def _frames(firing: Firing) -> bool:
    """Whether a firing frames what is announced, so that other things in the title are beside the point."""
    named = bool(firing.rule.names) or firing.rule.id in NAMELESS
    return firing.rule.id == CLAIMS or (firing.rule.group == "cue" and named)


def _aside(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a topic or opinion is only touched on: after the model was announced, or in a clause before it."""
    if firing.rule.id == HARDWARE and any(f.in_title and f.rule.group == "apposition" for f in scene.firings):
        return True  # a model that runs on a laptop is a model
    if firing.rule.group == "channel":  # a vendor's new model is told of with the product it comes in
        return scene.tier is Tier.PRIMARY and not scene.reseller and any(cue.rule.id == OBJECT for cue in cues)
    if firing.rule.group not in ASIDE_GROUPS or not firing.in_title or not cues:
        return False
    masked = scene.title.masked
    if firing.rule.group == "list":
        return any(0 <= cue.start < masked.find(",") for cue in cues)
    if firing.rule.id == PEOPLE:
        return True  # whose lab it is
    return any(
        (firing.end > cue.end and (cue.rule.id.startswith(VERB_FIRST) or _CLAUSE.search(masked, cue.end, firing.end)))
        or (firing.end <= cue.start and _BREAK.search(masked, firing.end, cue.start))
        for cue in cues
    )


_CLAUSE = re.compile(r"…|\.\.|[,，;；:：。!！—–(·~]| - ")


_BREAK = re.compile(r"…|\.\.|[;；。!！?？]")


def _ja_aside(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """The same in Japanese, where what stands before the name only describes it; frames that say the launch count, no others."""
    if firing.rule.group not in JA_ASIDE_GROUPS or not firing.in_title:
        return False
    if firing.rule.id == HARDWARE and any(f.in_title and f.rule.group == "apposition" for f in scene.firings):
        return True
    masked = scene.title.masked
    return any(
        cue.rule.weight > SAID
        and (
            firing.end <= cue.start
            or (firing.start >= cue.end - 2 and bool(_JA_CLAUSE.search(masked, max(cue.end - 2, 0), firing.end)))
        )
        for cue in cues
    )


SAID = 2  # the weight above which a Japanese frame says the launch in so many words
# In Japanese a blank after a word, 、 and / part clauses as well.
_JA_CLAUSE = re.compile(r"…|[,、;:。!—─(~〜&|]|--|ので| - |(?<=[\u3041-\u30fe\u4e00-\u9fff」』])[ /]")


def _factor(firing: Firing) -> float:
    """How much a firing counts: whole in the title; in the lead less, unless it frames the very model."""
    if firing.in_title:
        return 1.0
    return (
        max(firing.rule.factor, LEAD_FACTOR) if firing.rule.names == "subject" and firing.rule.weight > 0 else firing.rule.factor
    )


def _built_in(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """Evidence that needs no pattern: the name itself, a vendor, a word for a model, the source."""
    told: list[Evidence] = []
    title = scene.title
    if found:
        subject = max(found, key=lambda m: (m.field == "title", scene.rules.weight(_name_rule(m))))
        factor = 1.0 if subject.field == "title" else 0.8
        told.append(_at(scene, _name_rule(subject), subject.field, subject.start, subject.end, factor, _NAME_WHY[subject.kind]))
        if subject.kind == "bare" and _before_noun(title, subject):
            why = "the family's name stands before a word for model"
            told.append(_at(scene, "name.line", subject.field, subject.start, subject.end, 1.0, why))
    for rule, why, places in (
        (
            "vendor",
            "a vendor of AI models is named",
            [(v, at) for v in scene.views for at in v.vendors if not _own(scene, v, at)],
        ),
        (
            "noun",
            "a word for an AI model is there",
            [(v, at) for v in scene.views for at in v.others if v.masked[at] in {NOUN, OPEN_NOUN} and not _of_many(v, at, found)],
        ),
    ):
        if places:
            view, at = places[0]
            factor = 1.0 if view.field == "title" else 0.5
            told.append(_at(scene, rule, view.field, view.starts[at], view.starts[at + 1], factor, why))
    if _unexplained(scene, found):
        why = "a new name that no word for model explains"
        told.append(_at(scene, "lacking.noun", found[0].field, found[0].start, found[0].end, 1.0, why))
    if (
        found
        and found[0].kind == "unknown"
        and not scene.vendor
        and not (ai_named(scene) or ai_said(scene) or _lab(scene, found) or _beside_known(scene))
        and not _kind_named(scene, found[0])
        and not any(f.rule.id == TALK and concerns(scene, f, found) for f in scene.firings)
    ):
        why = "a new name, and neither a vendor nor a word for an AI model beside it"
        told.append(_at(scene, "lacking.ai", found[0].field, found[0].start, found[0].end, 1.0, why))
    if (
        found
        and found[0].field != "title"
        and scene.tier is not Tier.PRIMARY
        and not (title.vendors or title.mentions or title.others)
    ):
        why = "the title speaks of neither a maker nor a model"
        told.append(_at(scene, "lacking.title", found[0].field, found[0].start, found[0].end, 1.0, why))
    lab = _lab(scene, found)
    if lab:
        why = "a maker of nothing but models puts out something with a name of its own"
        told.append(_at(scene, "vendor.lab", found[0].field, found[0].start, found[0].end, 1.0, why))
    if all(m.kind == "bare" or m.field != "title" for m in found) and _nameless(scene):
        at = next(at for at in scene.title.others if scene.title.masked[at] in {NOUN, OPEN_NOUN})
        why = "a vendor tells of a model without naming it"
        told.append(_at(scene, "nameless", "title", scene.title.starts[at], scene.title.starts[at + 1], 1.0, why))
    return told + _source_evidence(scene, found)


def _of_many(view: View, at: int, found: Sequence[Mention]) -> bool:
    """Whether models in general are spoken of ("scaling language models"), which says nothing of a name in no list."""
    word = view.text.low[view.starts[at] : view.starts[at + 1]]
    named_before = view.masked[max(at - 2, 0) : at].strip()[-1:] in {MODEL, BARE, UNKNOWN}
    return bool(found) and found[0].kind == "unknown" and word.isascii() and word.endswith("s") and not named_before


def _unexplained(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a plain new name (no number in it) stands where neither the title nor a frame around it says that it is a model."""
    if not found or found[0].kind != "unknown" or _name_rule(found[0]) != "name.unknown" or chinese(scene.title.text.norm):
        return False
    if any(scene.title.masked[at] in {NOUN, OPEN_NOUN} for at in scene.title.others):
        return False
    if any(hit.term.kind == "modality" for hit in scene.hits["title"]):
        return False
    return not any(f.rule.group == "apposition" and f.rule.weight > 0 and concerns(scene, f, found) for f in scene.firings)


def _before_noun(title: View, subject: Mention) -> bool:
    """Whether a word for "model" follows in the title: ``three new Gemini models``."""
    at = next((at for at, m in title.mentions.items() if m is subject), None)
    return at is not None and title.masked[at + 1 : at + 3].strip()[:1] in {NOUN, OPEN_NOUN}


_PRODUCT = re.compile(
    r"(?i)\b(?:api|sdk|cli|agents?|apps?|studio|workspace|platform|tools?|toolkit|browser|assistant|plans?|desktop|pc|hub|cloud|kit|suite|"
    r"engine|devices?|robots?|editor|plugins?|extension|search|playground|benchmarks?|datasets?|framework|spec|protocol)\b|"
    r"에이전트|서비스|플랫폼|솔루션|앱|기기|비서|智能体|平台|插件|应用|硬件|助手|アプリ|サービス|エージェント|ツール|機能|プラットフォーム"
)


def _beside_known(scene: Scene) -> bool:
    """Whether the Japanese title measures it by a known model (GPT-5超えの「Zephyros 2」)."""
    return scene.japanese and any(m.kind == "model" and m.family for m in scene.title.mentions.values())


def _launchless(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """What a Japanese title lacks that names the model outside every announcing frame: there the launch is said in so many words."""
    if not found or found[0].field != "title" or not scene.japanese:
        return []
    frames = [f for f in scene.firings if f.in_title and f.rule.names == "subject" and f.rule.group in FRAMES]
    if any(concerns(scene, frame, found) for frame in frames):
        return []
    why = "the title names the model and says nothing of a launch"
    return [_at(scene, "lacking.launch", "title", found[0].start, found[0].end, 1.0, why)]


def _lab(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a new name with a number in it is told of beside a vendor whose trade is models (``StepFun unveils Nimbus-4``)."""
    if not found or found[0].kind != "unknown" or found[0].field != "title":
        return False
    named = {scene.vendor} if scene.tier is Tier.PRIMARY and scene.vendor else set(scene.title.vendors.values())
    if _PRODUCT.search(simplified(scene.title.text.norm)):
        return False
    return any(c.isdigit() for c in found[0].model.name) and bool(named) and named <= scene.rules.labs


def _nameless(scene: Scene) -> bool:
    """Whether the title says that a vendor reveals a model, and names none."""
    if any(f.rule.id == MAKERLESS and f.in_title for f in scene.firings) and ai_word(scene):
        return True
    told = any(f.rule.id in NAMELESS and f.in_title for f in scene.firings)
    vendors = set(scene.title.vendors.values()) | {m.family.vendor for m in scene.title.mentions.values() if m.family}
    sized = any(f.rule.id == "support.parameters" and f.in_title for f in scene.firings)
    known = bool(vendors - scene.rules.trades) or ai_said(scene)
    return told and (bool(vendors) or bool(scene.maker)) and (ai_word(scene) or sized or known)


def _own(scene: Scene, view: View, at: int) -> bool:
    """Whether a vendor's name stands on its own page, where it says nothing new."""
    return scene.tier is Tier.PRIMARY and view.vendors[at] == scene.vendor


def _source_evidence(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    source = scene.item.source_id
    family = found[0].family if found else None
    foreign = family is not None and scene.vendor is not None and family.vendor != scene.vendor
    others = scene.reseller or (foreign and scene.vendor not in scene.rules.hubs)
    return [
        Evidence(rule=rule, field="source_id", start=0, end=len(source), matched=source, weight=scene.rules.weight(rule), why=why)
        for rule, holds, why in (
            ("source.primary", scene.tier is Tier.PRIMARY and not others, "the vendor's own page or feed"),
            ("source.reseller", others, "a vendor's page about another vendor's model"),
            ("source.community", scene.tier is Tier.COMMUNITY, "a blog or forum, not a newsroom"),
            ("source.newsletter", scene.newsletter, "a newsletter: many topics under one title"),
        )
        if holds
    ]


_NAME_WHY = {
    "model": "a model's name",
    "bare": "a family's name without version",
    "unknown": "a name in no list, where a new model's name would stand",
}


_SIZED = re.compile(r"(?i)(?<![a-z0-9])\d+(?:\.\d+)?b(?![a-z0-9])")


def _name_rule(mention: Mention) -> str:
    model = mention.model
    numbered = any(char.isdigit() for char in model.name)
    if mention.kind == "unknown":
        if _SIZED.search(model.name) or unlisted.KIN.search(model.name):
            return "name.sized"
        return "name.coded" if numbered else "name.unknown"
    if mention.kind == "bare":
        return "name.bare"
    return "name.version" if model.version or model.variant or numbered else "name.known"


def _at(scene: Scene, rule: str, name: str, start: int, end: int, factor: float, why: str) -> Evidence:
    first, last, matched = scene.span(name, start, end)
    return Evidence(
        rule=rule, field=name, start=first, end=last, matched=matched, weight=round(scene.rules.weight(rule) * factor, 3), why=why
    )


def _lacking(scene: Scene, found: Sequence[Mention], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Rules that nearly counted: frames around other names than the subject, or a name without any frame."""
    near = []
    if found and not any(e.rule in {f.rule.id for f in scene.firings if f.rule.names == "subject"} for e in evidence):
        why = "a model is named, but no announcing frame has it as its object"
        near.append(_at(scene, _name_rule(found[0]), found[0].field, found[0].start, found[0].end, 0.0, why))
    for firing in scene.firings:
        if firing.rule.names == "subject" and not concerns(scene, firing, found):
            told = firing.evidence(0.0)
            near.append(Evidence(rule=told.rule, field=told.field, start=told.start, end=told.end, matched=told.matched, weight=0.0,
                                 why=f"{firing.rule.why}, but it is not the model this item is about"))  # fmt: skip
    return near[:6]
