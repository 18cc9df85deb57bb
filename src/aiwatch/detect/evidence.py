"""Evidence that needs no pattern: the name itself, who makes it, a word for a model, whose page it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aiwatch.detect.goods import goods_named
from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention, MentionKind, Stretch, modelish, sized
from aiwatch.detect.relevance import concerns
from aiwatch.detect.scene import Scene
from aiwatch.detect.subjects import lead_launches, one_new, opener, titled_line, unheard
from aiwatch.detect.views import View
from aiwatch.detect.witness import ai_said, ai_word
from aiwatch.model import Evidence, Tier
from aiwatch.rules import RuleSet, TermKind
from aiwatch.rules.builtin import BUILT_IN, NAMELESS, NameRule
from aiwatch.rules.masks import LINE, MODEL, NOUNS, UNKNOWN
from aiwatch.rules.values import Group, Role
from aiwatch.text import chinese, has_digit

NAME_IN_LEAD = 0.8  # how much the subject's name counts that the title does not have
LINE_FACTOR = 1.4  # how much a name of a listed line counts that says itself that it is no model
WORD_IN_LEAD = 0.5  # how much a vendor, a word for models or the news of a name counts there
LEAST_GROWN = 3  # letters of what a new name adds to a family's
BEFORE, BEHIND = 8, 3  # characters around a name in which Chinese shows that it stands within Chinese


def built_in(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """What speaks for (or against) an announcement of ``found`` by itself, the subject's name first."""
    return [
        *_by_name(scene, found),
        *_by_goods(scene, found),
        *_by_vendor(scene, found),
        *_by_noun(scene, found),
        *_by_lab(scene, found),
        *_by_no_name(scene, found),
        *_by_source(scene, found),
    ]


def _by_name(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    if not found:
        return
    subject = max(found, key=lambda m: (m.field == "title", scene.rules.weight(name_rule(scene.rules, m))))
    rule, told_by = name_rule(scene.rules, subject), subject.told_by
    if rule == NameRule.UNKNOWN and called(scene, found):
        rule = NameRule.CALLED
    by = f", by {told_by.vendor}" if told_by and told_by.vendor else ""
    why = f"{BUILT_IN[rule]} (in item {told_by.item_id}{by})" if told_by else ""
    if subject.by_sound:
        why = f"{BUILT_IN[rule]} (by its sound: {subject.model.name} of {subject.model.vendor})"
    yield of_name(scene, rule, subject, why, factor=1.0 if subject.field == "title" else NAME_IN_LEAD)
    yield from _by_part(scene, subject, rule)
    if subject.field != "title" and (subject in opener(scene) or titled_line(scene, subject)):
        yield of_name(scene, "lead.opens", subject)
    if subject.field == "title" and subject in one_new(scene):
        yield of_name(scene, "lead.tells", subject)
    if subject.field == "title" and not _cued(scene, found) and subject in unheard(scene):
        yield of_name(scene, "name.new", subject)
    if subject.field != "title" and lead_launches(scene, subject):
        yield of_name(scene, "name.new", subject, factor=WORD_IN_LEAD)
    if subject.kind is MentionKind.LINE and _before_noun(scene.title, subject):
        yield of_name(scene, "name.line", subject)


def _by_part(scene: Scene, subject: Mention, rule: NameRule) -> Iterator[Evidence]:
    """What a part of the subject's name says: the kind that it is of, or the family that it grows on."""
    plain = rule in {NameRule.UNKNOWN, NameRule.CALLED}
    own = scene.rules.piece("ownkind").search(subject.model.name) is not None and subject.family is None
    if own or (plain and telling(scene.rules, subject) and not scene.chinese):
        yield of_name(scene, "name.kind", subject)
    elif plain and grown(scene, subject):
        yield of_name(scene, "name.grown", subject)


def _by_goods(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    """What a name says that ends as those of apps and tools do, where no frame calls it a model."""
    if found and goods_named(scene, found[0]) and not called(scene, found):
        yield of_name(scene, "name.goods", found[0], factor=1.0 if found[0].family is None else LINE_FACTOR)


def _cued(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a frame of launching holds the subject."""
    return any(f.rule.group == Group.CUE and concerns(scene, f, found) for f in scene.firings)


def telling(rules: RuleSet, mention: Mention) -> bool:
    """Whether a word behind a new name says that it is a model's (Zephyros Transcribe)."""
    return bool(rules.variant_uses["telling"] & set(re.split("[ -]", mention.model.name.casefold())[1:]))


def called(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a frame around the subject calls it a model, or the lead goes on about the model that the title launches."""
    if any(f.rule.calls_model and concerns(scene, f, found) for f in scene.firings):
        return True
    goes_on = any(Role.TAKES_UP in f.rule.roles for f in scene.firings) and ai_word(scene)
    return goes_on and any(f.in_title and f.rule.group == Group.CUE and concerns(scene, f, found) for f in scene.cues)


def grown(scene: Scene, mention: Mention) -> bool:
    """Whether a new name opens with a family of the maker who speaks or is named, and grows on it by no tool's word (Qwen-RobotWorld)."""
    head, _, rest = mention.model.name.partition("-")
    if len(rest) < LEAST_GROWN or not rest[0].isupper() or scene.rules.piece("product").search(rest):
        return False
    makers = {scene.vendor, *scene.title.vendors.values()}
    return any(family.vendor in makers for family in scene.rules.families_called(head.casefold()))


def _by_vendor(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    places = [(view, at) for view in scene.views for at in view.vendors if not _own(scene, view, at)]
    if places:
        view, at = places[0]
        yield _of_word(scene, "vendor", view, at, _who(scene, view.vendors[at]))
    elif found and found[0].field == "title" and scene.tier is Tier.PRESS and _bears_maker(found[0]):
        yield of_name(scene, "vendor", found[0], "the model bears its maker's name")
    if scene.maker and scene.rules.piece("aifirm").search(scene.maker) and not scene.title.vendors:
        at = scene.title.text.norm.find(scene.maker)
        if at >= 0:
            why = "whoever announces it bears AI in the name"
            yield located(scene, "vendor", Stretch("title", at, at + len(scene.maker)), why)


def _who(scene: Scene, vendor: str) -> str:
    """What a vendor is to models, where it is not first of all a maker of them; empty where it is."""
    if heard := scene.heard.maker(vendor):
        return f"who announced a model before (in item {heard.item_id})"
    if vendor in scene.rules.platforms:
        return "where makers put their models is named"
    return "somebody is named who makes AI models among other things" if vendor in scene.rules.generalists else ""


def _bears_maker(mention: Mention) -> bool:
    """Whether a name begins with its maker's (Midjourney V9), so that the maker needs no other word."""
    return mention.family is not None and mention.model.name.casefold().startswith(mention.family.vendor.casefold().split(" ")[0])


def _by_noun(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    for view in scene.views:
        for at in view.words:
            if view.noun_at(at) and not _of_many(scene, view, at, found):
                word = view.text.low[view.starts[at] : view.starts[at + 1]]
                vague = scene.rules.piece("vague").fullmatch(word) and not (ai_word(scene) or ai_said(scene))
                yield _of_word(
                    scene, "noun", view, at, "a word for a model is there, though not for AI models alone" if vague else ""
                )
                return


def _by_lab(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    if lab(scene, found):
        yield of_name(scene, "vendor.lab", found[0])


def _by_no_name(scene: Scene, found: Sequence[Mention]) -> Iterator[Evidence]:
    if all(m.kind is MentionKind.LINE or m.field != "title" for m in found) and nameless(scene):
        at = next((at for at in scene.title.words if scene.title.noun_at(at)), None)
        if at is not None:
            yield _of_word(scene, NAMELESS, scene.title, at)
        else:  # a rule may say what a model is in other words
            told = next(f for f in scene.firings if {Role.NAMELESS, Role.MAKERLESS} & set(f.rule.roles) and f.in_title)
            yield located(scene, NAMELESS, Stretch("title", scene.title.starts[told.start], scene.title.starts[told.end]))


def _of_many(scene: Scene, view: View, at: int, found: Sequence[Mention]) -> bool:
    """Whether models in general are spoken of ("scaling language models"), which says nothing of a name in no list."""
    if not found or found[0].kind is not MentionKind.UNKNOWN:
        return False
    if of_trade(scene, view, at):
        return True
    word = view.text.low[view.starts[at] : view.starts[at + 1]]
    named_before = view.masked[max(at - 2, 0) : at].strip()[-1:] in {MODEL, LINE, UNKNOWN}
    return word.isascii() and word.endswith("s") and not named_before


def of_trade(scene: Scene, view: View, at: int) -> bool:
    """Whether a word for models only says what is done with them (LLM inference, LLM 추론 속도)."""
    return scene.rules.piece("trade").match(view.masked, at + 1) is not None


def _before_noun(title: View, subject: Mention) -> bool:
    """Whether a word for "model" follows in the title, or ends the name: ``three new Gemini models``, ``豆包大模型``."""
    if subject.model.spelled.endswith("模型"):
        return True
    at = title.place(subject)
    return at is not None and title.masked[at + 1 : at + 3].strip()[:1] in NOUNS


def lab(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether a new name with a number in it is told of beside a vendor whose trade is models (``StepFun unveils Nimbus-4``)."""
    if not found or found[0].kind is not MentionKind.UNKNOWN or found[0].field != "title" or goods_named(scene, found[0]):
        return False
    named = {scene.vendor} if scene.tier is Tier.PRIMARY and scene.vendor else set(scene.title.vendors.values())
    if scene.rules.piece("product").search(simplified(scene.title.text.norm)):
        return False
    return has_digit(found[0].model.name) and bool(named) and named <= scene.rules.labs


def nameless(scene: Scene) -> bool:
    """Whether the title says that a vendor reveals a model, and names none."""
    if scene.rules.piece("goods").search(scene.title.text.norm):
        return False
    if any(Role.MAKERLESS in f.rule.roles and f.in_title for f in scene.firings) and ai_word(scene):
        return True
    told = [f for f in scene.firings if Role.NAMELESS in f.rule.roles and f.in_title]
    vendors = set(scene.title.vendors.values()) | {m.family.vendor for m in scene.title.mentions.values() if m.family}
    own = scene.vendor if scene.tier is Tier.PRIMARY and scene.vendor not in scene.rules.hubs else None
    if own and (scene.rules.piece("greets").search(scene.title.masked) or any(f.rule.tiers == (Tier.PRIMARY,) for f in told)):
        vendors.add(own)
    sized = any(Role.SIZED in f.rule.roles and f.in_title for f in scene.firings)
    sure = any(Role.UNSURE not in f.rule.roles for f in told)  # batteries and credit have models that are developed, too
    known = (sure and bool(vendors - scene.rules.generalists)) or ai_said(scene) or (own is not None and scene.of_ai)
    return bool(told) and (bool(vendors) or bool(scene.maker)) and (ai_word(scene) or sized or known)


def _own(scene: Scene, view: View, at: int) -> bool:
    """Whether a vendor's name stands on its own page, where it says nothing new."""
    return scene.tier is Tier.PRIMARY and view.vendors[at] == scene.vendor


def _by_source(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    source = scene.item.source_id
    family = found[0].family if found else None
    foreign = family is not None and scene.vendor is not None and family.vendor != scene.vendor
    others = scene.reseller or (foreign and scene.vendor not in scene.rules.hubs)
    return [
        Evidence(
            rule=rule,
            field="source_id",
            start=0,
            end=len(source),
            matched=source,
            weight=scene.rules.weight(rule),
            why=BUILT_IN[rule],
        )
        for rule, holds in (
            ("source.primary", scene.tier is Tier.PRIMARY and not others),
            ("source.account", scene.account and not others),
            ("source.reseller", others),
            ("source.community", scene.tier is Tier.COMMUNITY),
            ("source.newsletter", scene.newsletter),
        )
        if holds
    ]


def kind_said(scene: Scene) -> bool:
    """Whether the title says what the new name makes or reads (pictures, weather), and speaks of no product."""
    kinds = {hit.term.key for hit in scene.hits["title"] if hit.term.kind is TermKind.MODALITY}
    return bool(kinds - {"robotics"}) and not scene.rules.piece("product").search(simplified(scene.title.text.norm))


def kind_named(scene: Scene, mention: Mention) -> bool:
    """Whether a new name within Chinese bears a kind of model in it."""
    norm = scene.texts[mention.field].norm
    beside = norm[max(mention.start - BEFORE, 0) : mention.start] or norm[mention.end : mention.end + BEHIND]
    if not chinese(beside):
        return False
    return mention.kind is MentionKind.UNKNOWN and bool(
        scene.rules.piece("zhofkind").search(mention.model.name) or sized(mention.model.name)
    )


# A version as software has it: Foo 1.0.1, Foo 26.3, Foo 150, Foo 6.1 alpha 1.
_SOFTWARE = re.compile(r"(?i)\d\.\d+\.\d| (?:1[5-9]|[2-9]\d|\d{3,})(?:\.\d+)?$|\d[ -]?(?:alpha|beta|rc)[ -]?\d+$")


def name_rule(rules: RuleSet, mention: Mention) -> NameRule:
    """The rule whose weight a name of that sort has."""
    model = mention.model
    numbered = has_digit(model.name)
    if mention.kind is MentionKind.UNKNOWN:
        if sized(model.name) or rules.piece("ofkind").search(model.name) or rules.kin.search(model.name):
            return NameRule.SIZED
        if not numbered or _SOFTWARE.search(model.name):
            return NameRule.CODED if rules.variant_uses["own"] & set(model.variant.split()) else NameRule.UNKNOWN
        return NameRule.SHAPED if mention.shaped and modelish(mention.model, rules) else NameRule.CODED
    if mention.kind is MentionKind.LINE:
        return NameRule.LINE
    if mention.told_by:
        return NameRule.HEARD if model.version or model.variant or numbered else NameRule.HEARD_PLAIN
    return NameRule.VERSION if model.version or model.variant or numbered else NameRule.KNOWN


def of_name(scene: Scene, rule: str, mention: Mention, why: str = "", factor: float = 1.0) -> Evidence:
    """Evidence whose place is a name; ``why`` where there is more to say than ``BUILT_IN`` does."""
    return located(scene, rule, mention.stretch, why, factor)


def _of_word(scene: Scene, rule: str, view: View, at: int, why: str = "") -> Evidence:
    factor = 1.0 if view.field == "title" else WORD_IN_LEAD
    return located(scene, rule, Stretch(view.field, view.starts[at], view.starts[at + 1]), why, factor)


def located(scene: Scene, rule: str, place: Stretch, why: str = "", factor: float = 1.0) -> Evidence:
    """Evidence at a stretch of a folded field, its weight times ``factor``."""
    first, last, matched = scene.span(place)
    return Evidence(
        rule=str(rule),
        field=place.field,
        start=first,
        end=last,
        matched=matched,
        weight=round(scene.rules.weight(rule) * factor, 3),
        why=why or BUILT_IN[rule],
    )
