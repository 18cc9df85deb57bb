"""What a title only touches on: topics in another clause than the announcement count less."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiwatch.detect.naming import MentionKind
from aiwatch.detect.relevance import same_line
from aiwatch.detect.scene import Firing, Scene
from aiwatch.model import Model, Tier
from aiwatch.rules import RuleSet
from aiwatch.rules.masks import NOUNS, PRODUCT, VENDOR
from aiwatch.rules.values import Group, Role

ASIDE_GROUPS = {Group.TOPIC, Group.OPINION, Group.COMMENT, Group.VERSUS, Group.LIST, Group.ROLE}
JA_ASIDE_GROUPS = ASIDE_GROUPS | {Group.CHANNEL, Group.QUESTION, Group.ROUNDUP, Group.NEGATED, Group.OBJECT}
# Asides only behind the announcing clause; in Chinese, where commas part clauses, others.
CLAUSE_GROUPS = {Group.OBJECT, Group.MARKET, Group.NOTES, Group.UPDATE, Group.CHANNEL, Group.REACTION}
ZH_CLAUSE_GROUPS = {Group.OBJECT, Group.MARKET, Group.NOTES, Group.UPDATE, Group.USAGE, Group.INCIDENT, Group.CHANNEL}
# What is done with a model, or made for it: an aside where it is another.
OF_OTHERS = {Group.USAGE, Group.OBJECT, Group.CHANNEL, Group.UPDATE}
# What stands before a Korean object only describes it.
KO_DESCRIBED = {Group.TOPIC, Group.OPINION, Group.COMMENT, Group.MARKET, Group.REACTION}
# What stands between a Chinese verb of launching and its object only describes that (发布基准模型, 推出低限制模型).
ZH_DESCRIBED = {Group.TOPIC, Group.INCIDENT}
ASIDE_FACTOR = 0.3  # of a topic that stands in another clause than the announcement


def aside(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a topic or opinion is only touched on, by the grammar of the title's language; ``cues`` announce the subject."""
    return (_ja_aside if scene.japanese else _aside)(scene, firing, cues)


def contradicted(firing: Firing, called: Sequence[Firing]) -> bool:
    """Whether title and lead disagree: one says tool or agent of what the other calls a model (``called`` are such frames)."""
    tool = Role.KIND in firing.rule.roles or (firing.rule.group == Group.OBJECT and firing.rule.language == "zh")
    return tool and any(frame.view is not firing.view for frame in called)


def _aside(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a topic or opinion is only touched on: after the model was announced, or in a clause before it."""
    if not firing.in_title or not cues:
        return False
    return (
        (firing.rule.group in OF_OTHERS and _of_another(firing, cues))
        or (firing.rule.group == Group.CHANNEL and _own_channel(scene, firing, cues))
        or _described_or_second(firing, cues)
        or (scene.chinese and firing.rule.group in ZH_DESCRIBED and _describes_object(scene, firing, cues))
        or _behind(scene, firing, cues)
        or _apart(scene, firing, cues)
        or (firing.rule.group in ASIDE_GROUPS and _touched(scene, firing, cues))
    )


def _own_channel(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a vendor's new model is told of with the product of its own that it comes in."""
    return (
        scene.tier is Tier.PRIMARY
        and not scene.reseller
        and any(Role.LAUNCHES in c.rule.roles for c in cues)
        and all(vendor == scene.vendor for at, vendor in scene.title.vendors.items() if firing.start <= at < firing.end)
    )


def in_own_chat(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether what a Chinese title names as the place of its model is the chat product of that very line (Qwen9 上线 Qwen Chat)."""
    if not scene.chinese or firing.rule.group not in {Group.CHANNEL, Group.OBJECT}:
        return False
    view = firing.view
    places = [at for at in range(firing.start, firing.end) if view.masked[at] == PRODUCT]
    names = {view.text.low[view.starts[at] : view.starts[at + 1]] for at in places}
    lines = {m.model.family.casefold() for cue in cues for m in cue.mentions if m.family is not None and m.model.family}
    return bool(names) and all(any(name in {f"{line} chat", f"{line}智能助手"} for line in lines) for name in names)


def on_a_hub(scene: Scene, firing: Firing) -> bool:
    """Whether it says no more than that weights are where makers put them first (GPT-6 is now available on Hugging Face)."""
    if firing.rule.group != Group.CHANNEL or not firing.in_title:
        return False
    named = {vendor for at, vendor in scene.title.vendors.items() if firing.start <= at <= firing.end + 1}
    return bool(named) and named <= scene.rules.hubs


def _described_or_second(firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether it describes a Korean object, or is the second of two things told ("releases GPT-6, and launches an app")."""
    if firing.rule.group in KO_DESCRIBED and any(Role.OBJECT in c.rule.roles and firing.end <= c.start for c in cues):
        return True
    second = Role.SECOND in firing.rule.roles
    return second and any(_names_before(c, firing.start) for c in cues)


def _describes_object(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether it stands, in one clause, between a Chinese verb of launching and the word for a model or the name that is its object."""
    puts, masked = scene.rules.piece("zhputs"), scene.title.masked
    return any(
        cue.start < firing.end <= cue.end
        and (verb := puts.search(masked, cue.start, firing.start)) is not None
        and not _CLAUSE.search(masked, verb.end(), firing.start)
        and any(at in cue.view.mentions or cue.view.noun_at(at) for at in range(max(firing.end - 1, 0), cue.end))
        for cue in cues
    )


def _names_before(cue: Firing, end: int) -> bool:
    """Whether a cue has its model before a place ("releases GPT-6, and launches an app", "GPT-6 is rolling out in the app")."""
    return any(
        m.kind is MentionKind.MODEL and at < end for at, m in cue.view.mentions.items() if m in cue.mentions and at >= cue.start
    )


def _behind(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether it stands in a later clause than the announcement, in Chinese in another sentence as well."""
    if firing.rule.group in ZH_CLAUSE_GROUPS and scene.chinese:
        return any(
            (cue.end <= firing.start and _clause(scene, cue.end, firing.start + 1))
            or (firing.end <= cue.start and _break(scene, max(firing.end - 1, 0), cue.start))
            for cue in cues
        )
    if firing.rule.group not in CLAUSE_GROUPS:
        return False
    masked = scene.title.masked
    return any(
        cue.end <= firing.end and (_break(scene, cue.end - 3, firing.end) or masked.endswith(_KO_AND, 0, cue.end)) for cue in cues
    )


def _apart(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether it stands in a sentence before one in which a maker launches its model in Korean (문서 읽고 분석...A, B 4 공개)."""
    if firing.rule.group not in CLAUSE_GROUPS:
        return False
    masked = scene.title.masked
    for cue in cues:
        breaks = [one.end() for one in _BREAK.finditer(masked, 0, cue.start)]
        begin = breaks[-1] if breaks else 0
        said = Role.OBJECT in cue.rule.roles and cue.rule.says_launch and any(m.model.version for m in cue.mentions)
        if said and firing.end <= begin and _MAKER_FIRST.match(masked, begin, cue.start):
            return True
    return False


def _of_another(firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a firing speaks of models of the lexicon, and of none that a cue frames."""
    framed = [mention.model for cue in cues for mention in cue.mentions]
    spoken = [mention.model for mention in firing.mentions if mention.kind is MentionKind.MODEL and mention.model.version]
    return len(spoken) == len(firing.mentions) > 0 and not any(_one(model, other) for model in spoken for other in framed)


def _one(a: Model, b: Model) -> bool:
    """One model, or its line."""
    return same_line(a, b) and (a.variant == b.variant or not (a.variant and b.variant))


def _touched(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """Whether a topic stands beside the announcement, by what it is of and where it stands."""
    masked = scene.title.masked
    if Role.HARDWARE in firing.rule.roles and (
        any(f.in_title and f.rule.calls_model for f in scene.firings)
        or any(m.kind is MentionKind.MODEL and firing.end <= cue.start for cue in cues for m in cue.mentions)
        or any(Role.NAMELESS in cue.rule.roles and _describes_model(firing, cue) for cue in cues)
    ):
        return True  # a model that runs on a laptop is a model, and so is one for the makers of chips
    if firing.rule.group == Group.LIST:
        return not scene.newsletter and any(0 <= cue.start < masked.find(",") for cue in cues)
    if Role.PEOPLE in firing.rule.roles:
        return True  # whose lab it is
    if any(_describes_noun(scene, firing, cue) for cue in cues):
        return True
    return any(
        (
            firing.end > cue.end
            and ((Role.WHOLE in cue.rule.roles and firing.start > cue.start) or _clause(scene, max(cue.end - 1, 0), firing.end))
        )
        or (firing.end <= cue.start and _goes_on(scene, max(firing.end - 1, 0), cue.start))
        or (scene.chinese and _of_who_acts(scene, firing, cue))
        for cue in cues
    )


def _of_who_acts(scene: Scene, firing: Firing, cue: Firing) -> bool:
    """Whether a Chinese clause before the announcement touches on it, and that begins with who acts (AI进农田,某大学发布大模型)."""
    return (
        Role.NAMELESS in cue.rule.roles and firing.end <= cue.start + 1 and _clause(scene, max(firing.end - 1, 0), cue.start + 1)
    )


def _goes_on(scene: Scene, start: int, end: int) -> bool:
    """Whether a sentence ends in a span of the title, or who does the one thing does another as well (raises $90M and launches)."""
    return _break(scene, start, end) or scene.rules.ending("also").search(scene.title.masked[start:end]) is not None


def _describes_model(firing: Firing, cue: Firing) -> bool:
    """Whether it stands within a frame before the word for a model (a chip design model)."""
    return cue.start <= firing.start and any(map(cue.view.noun_at, range(firing.end, cue.end)))


def _describes_noun(scene: Scene, firing: Firing, cue: Firing) -> bool:
    """Whether it stands within an English frame right before the word for a model, or two words before (a legal language model).

    Not so in Korean, where an export model (수출 모델) is one of trade.
    """
    masked, small = scene.title.masked, scene.rules.piece("smallword")
    noun = next(filter(scene.title.noun_at, range(firing.end, cue.end)), None) if cue.start <= firing.start else None
    if noun is None or not masked[firing.start : firing.end].isascii():
        return False
    words = masked[firing.end : noun].split()
    return len(words) <= 2 and all(one.isalpha() and not small.fullmatch(f"{one} ") for one in words)


def _clause(scene: Scene, start: int, end: int) -> bool:
    """Whether a clause ends in a span of the title."""
    masked = scene.title.masked
    return bool(_CLAUSE.search(masked, start, end) or scene.rules.piece("zhbut").search(masked, start, end))


def _break(scene: Scene, start: int, end: int) -> bool:
    """Whether a sentence ends in a span of the title, or goes on with another thing that is done as well."""
    masked = scene.title.masked
    return bool(_BREAK.search(masked, start, end) or scene.rules.piece("zhalso").search(masked, start, end))


# A full stop ends a sentence behind a word, no version; posts in Chinese part clauses by blanks.
_CLAUSE = re.compile(rf"…|\.\.|[,，;；:：。!！—–(·~]| - |(?<=[a-z])\. |(?<=[一-鿿{''.join(sorted(NOUNS))}]) (?=[一-鿿@])")
_KO_AND = " 및 "  # what goes on with a second thing behind a Korean noun of launching
_MAKER_FIRST = re.compile(rf"[. ]*{VENDOR}, ")
_BREAK = re.compile(r"…|\.\.|[;；。!！?？—⋯]|(?<=[a-z])\. ")


def _ja_aside(scene: Scene, firing: Firing, cues: Sequence[Firing]) -> bool:
    """``_aside`` for Japanese, where what stands before the name only describes it; frames that say the launch count, no others."""
    if firing.rule.group not in JA_ASIDE_GROUPS or not firing.in_title:
        return False
    if Role.HARDWARE in firing.rule.roles and any(f.in_title and f.rule.calls_model for f in scene.firings):
        return True
    return any(
        cue.rule.says_launch
        and (
            firing.end <= cue.start
            or _second_in_row(scene.rules, cue, firing)
            or (firing.start >= cue.end - 2 and _ja_clause(scene, max(cue.end - 2, 0), firing.end))
        )
        for cue in cues
    )


def _second_in_row(rules: RuleSet, cue: Firing, firing: Firing) -> bool:
    """Whether what fires is the second thing of a row that a frame announces (「GPT-6」と「Codex」が登場)."""
    if not (cue.start < firing.start and firing.end <= cue.end and any(m.kind is MentionKind.MODEL for m in cue.mentions)):
        return False
    return rules.piece("jaboth").search(cue.view.masked, cue.start, firing.start) is not None


def _ja_clause(scene: Scene, start: int, end: int) -> bool:
    """Whether a clause ends in a span of a Japanese title."""
    masked = scene.title.masked
    return bool(_JA_CLAUSE.search(masked, start, end) or scene.rules.piece("jaso").search(masked, start, end))


# In Japanese a blank after a word, 、 and / part clauses as well.
_JA_CLAUSE = re.compile(r"…|[,、;:。!—─(~〜&|]|--| - |(?<=[\u3041-\u30fe\u4e00-\u9fff」』])[ /]")
