"""The engine: what was found, weighed. See ``docs/detection.md`` for the reader's side of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from aiwatch.detect import firings, mentions
from aiwatch.detect.asides import ASIDE_FACTOR, aside, contradicted, in_own_chat, on_a_hub
from aiwatch.detect.boilerplate import untrimmed
from aiwatch.detect.candidates import nameable
from aiwatch.detect.evidence import built_in, of_name
from aiwatch.detect.hanzi import simplified
from aiwatch.detect.labels import says_nothing, unlabelled
from aiwatch.detect.lacks import lacks, nearly, unsaid
from aiwatch.detect.learned import NOTHING, Heard
from aiwatch.detect.makers import maker
from aiwatch.detect.models import named
from aiwatch.detect.naming import Mention, MentionKind, sized
from aiwatch.detect.relevance import concerns
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.stages import stage, unbelieved
from aiwatch.detect.subjects import members, subjects, told_in_lead
from aiwatch.detect.views import View
from aiwatch.detect.witness import first_hand
from aiwatch.detect.wording import worded
from aiwatch.model import Detection, Evidence, Item, Source, Tier
from aiwatch.rules import Hit, RuleSet, TermKind
from aiwatch.rules.builtin import ASIDE_SAID, NAMELESS, PRAISE_SAID
from aiwatch.rules.masks import written
from aiwatch.rules.values import Group, Names, Role
from aiwatch.text import FoldedText, chinese, fold, has_han, has_hangul, japanese_title, unspaced

TITLE = 400  # characters of a title that are read
LEAD = 480  # characters of a summary that are read: the announcement is in the lead or nowhere
LABELS = 2  # before and behind a title that are taken off
LEAD_FACTOR = 0.9  # of an announcing frame that stands in the lead and not in the title


def detect(item: Item, source: Source, rules: RuleSet, heard: Heard = NOTHING) -> Detection:
    """Judge one item. The score is the sum of the evidence's weights; ``getattr(item, e.field)[e.start:e.end] == e.matched``.

    ``heard`` are names in no list that earlier items announced. Pure, total, deterministic. An item in which no name and no word for a
    model stands has no evidence at all.
    """
    scene = look(item, source, rules, heard)
    if not any(view.mentions or view.words for view in scene.views):
        return _verdict(scene, [], [])
    found = subjects(scene)
    return _verdict(scene, found, _weigh(scene, found))


def _verdict(scene: Scene, found: list[Mention], evidence: list[Evidence]) -> Detection:
    threshold = scene.rules.threshold
    nameless = any(e.rule == NAMELESS for e in evidence)
    told = told_in_lead(scene, maker(scene)) if nameless and not found else []
    evidence = [*evidence, *(e for m in told if (e := of_name(scene, "name.told", m)).weight)]
    score = round(sum(e.weight for e in evidence), 3)
    passed = (bool(found) or nameless) and score >= threshold
    told = told if passed else []
    step = stage(scene, found, passed=passed)
    return Detection(
        item_id=scene.item.id,
        announcement=passed and not step.beside_launch,
        stage=step,
        models=named(scene, members(scene, found, step) or told, step),
        score=score,
        threshold=threshold,
        evidence=tuple(evidence),
        near=(*scene.near, *nearly(scene, found, evidence), *(() if step.beside_launch else unbelieved(scene, found))),
        rules=scene.rules.digest,
        maker=maker(scene) if passed and not (found or told) else None,
        called=_called(scene, evidence),
    )


def _called(scene: Scene, evidence: Sequence[Evidence]) -> bool:
    """Whether a rule that calls a name a model's counts."""
    calls = {f.rule.id for f in scene.firings if f.rule.calls_model}
    return any(one.rule in calls for one in evidence)


def passages(item: Item) -> dict[str, str]:
    """What is read of an item, by field: its title, and the lead of its summary or else of its text, both cut."""
    lead = "summary" if item.summary or not item.content else "content"
    return {"title": item.title[:TITLE], lead: getattr(item, lead)[:LEAD]}


class _Whose(NamedTuple):
    """Whose word an item is."""

    vendor: str | None
    tier: Tier
    newsletter: bool
    account: bool
    of_ai: bool


def _whose(item: Item, source: Source, rules: RuleSet) -> _Whose:
    own = source.vendor and (rules.directory.maker(source.vendor) or source.vendor)
    vendor = own or rules.directory.owner(item.url or source.url, source.name)
    newsletter = rules.outlet("newsletter", source.name or source.id, item.url)
    if not vendor and not newsletter and first_hand(item, source, " ".join(passages(item).values()), rules):
        vendor = rules.piece("feedtail").sub("", source.name)
    account = vendor is not None and rules.outlet("account", "", item.url or source.url)
    tier = Tier.PRIMARY if vendor and not newsletter else source.tier
    of_ai = tier is Tier.PRIMARY and _AI_PAGE.search(source.name or source.id) is not None
    return _Whose(vendor, Tier.PRESS if account else tier, newsletter, account, of_ai)


_AI_PAGE = re.compile(r"(?i)(?<![a-z])ai(?![a-z])")


def look(item: Item, source: Source, rules: RuleSet, heard: Heard = NOTHING) -> Scene:
    """Find names, mask them, and let the rules look."""
    whose = _whose(item, source, rules)
    texts = {field: fold(text) for field, text in passages(item).items()}
    title = texts["title"] = untrimmed(texts["title"], source.name, rules)
    ja = japanese_title(title.norm)
    if ja or has_hangul(title.norm):
        texts = {field: unspaced(text) for field, text in texts.items()}
    blank = Scene(
        item=item,
        rules=rules,
        **whose._asdict(),
        heard=heard,
        japanese=ja,
        chinese=chinese(title.norm) and not ja,
        texts=texts,
        hits={field: _hits(rules, heard, text, japanese=ja) for field, text in texts.items()},
    )
    scene = firings.fire(_with_names(blank))
    for _ in range(LABELS):
        rest = unlabelled(scene)
        bare = firings.fire(_with_names(_retitled(blank, rest))) if rest else None
        if bare is None or not says_nothing(scene, bare):
            break
        scene = bare
    return scene


def _retitled(scene: Scene, title: FoldedText) -> Scene:
    """A scene that is not read yet, with a part of its title for the whole."""
    hits = _hits(scene.rules, scene.heard, title, japanese=scene.japanese)
    return replace(scene, texts={**scene.texts, "title": title}, hits={**scene.hits, "title": hits})


def masked(item: Item, source: Source, rules: RuleSet, heard: Heard = NOTHING) -> dict[str, str]:
    """What patterns see of an item, by field: each name is the sign that stands for it, what is put around a title has fallen."""
    return {view.field: written(view.masked) for view in look(item, source, rules, heard).views}


def _with_names(scene: Scene) -> Scene:
    """The scene with its fields read: the lead knows the new names of the title, and the title, read again, those of the lead."""
    lead = next(field for field in scene.texts if field != "title")
    scene = mentions.read(scene, "title")
    named = _unlisted(scene.title)
    scene = mentions.read(scene, lead, named)
    lent = _unlisted(scene.views[-1]) | _stems(scene.rules, scene.views[-1])
    told = {word for word in lent if not any(f"{name} ".startswith(f"{word} ") for name in named)}
    return mentions.read(scene, "title", told) if told else scene


def _unlisted(view: View) -> set[str]:
    """The names in no list as a field spells them."""
    return {m.model.spelled for m in view.mentions.values() if m.unlisted}


def _stems(rules: RuleSet, lead: View) -> set[str]:
    """The first words of a lead's names that have a version and are in no list (Zephyros of Zephyros 4 Pro): titles use them alone."""
    words = {m.model.spelled.split(" ")[0] for m in lead.mentions.values() if m.kind is MentionKind.UNKNOWN and m.model.version}
    return {word for word in words if len(word) > 3 and word.isalpha() and nameable(rules, word)}


def _hits(rules: RuleSet, heard: Heard, text: FoldedText, *, japanese: bool) -> list[Hit]:
    """The terms of the lexicon in a text; in Chinese also those that it writes in traditional characters."""
    hits = [hit for hit in rules.hits(text.low) if not _meant_as_word(rules, text, hit)] + heard.hits(text)
    plain = simplified(text.low) if chinese(text.norm) and not japanese else text.low
    if plain != text.low:
        told = set(hits)
        hits += [hit for hit in rules.hits(plain) if hit not in told and not _meant_as_word(rules, text, hit)]
    return _apart([hit for hit in hits if not _outgrown(rules, text, hit)])


def _apart(hits: list[Hit]) -> list[Hit]:
    """Without the names that are part of a longer word which is ignored (智元 in 新智元)."""
    words = [(hit.start, hit.end) for hit in hits if hit.term.kind is TermKind.IGNORED]
    return [hit for hit in hits if not any(a <= hit.start and hit.end <= b and b - a > hit.end - hit.start for a, b in words)]


def _outgrown(rules: RuleSet, text: FoldedText, hit: Hit) -> bool:
    """Whether one word is no product of that name.

    A model's number or size follows (Cascade-14B), what makes a firm of it (千帆科技), or it is small (an operator).
    """
    spelled = text.norm[hit.start : hit.end]
    if hit.term.kind is TermKind.PRODUCT and rules.piece("zhgrown").match(text.norm, hit.end):
        return has_han(spelled)
    if hit.term.kind is not TermKind.PRODUCT or not (spelled.isascii() and spelled.isalpha()):
        return False
    listed = rules.data.words.products
    small = spelled.islower() and any(map(str.isupper, text.norm)) and spelled.capitalize() in listed and spelled not in listed
    return small or (spelled.istitle() and _NUMBERED.match(text.low, hit.end) is not None)


_NUMBERED = re.compile(r"-\d{1,2}(?:\.\d)?(?:-| |$|[,.:;])|[- ]\d+(?:\.\d+)?[bm]\b")  # a number that a hyphen joins, or a size


def _meant_as_word(rules: RuleSet, text: FoldedText, hit: Hit) -> bool:
    """Whether a name that is a word as well is meant as the word: written small among capitals (predicts stability, an open AI model)."""
    spelled = text.norm[hit.start : hit.end]
    if hit.term.kind is TermKind.VENDOR and _SMALL.match(spelled) and hit.term.key[0].isupper():
        return True
    if (
        not spelled.islower()
        or not spelled.isascii()
        or _number_follows(rules, text.norm, hit.end)
        or not any(map(str.isupper, text.norm[1:]))
    ):
        return False
    if hit.term.kind is TermKind.SHORT:
        return hit.term.key[0].isupper()
    if hit.term.kind is not TermKind.FAMILY:
        return False
    family = rules.family(hit.term.key)
    return (family.witness or family.weak) and family.shown[0].isupper()


_SMALL = re.compile(r"[a-z]+ AI$")
_NUMBER_NEXT = re.compile(r"[ -]?v?\d")
_NUMBER_AFTER_WORD = re.compile(r"[ -][a-z]+[ -]?v?\d")


def _number_follows(rules: RuleSet, norm: str, end: int) -> bool:
    """Whether a number follows what ends there, after one word at most."""
    if _NUMBER_NEXT.match(norm, end):
        return True
    return _NUMBER_AFTER_WORD.match(norm, end) is not None and not rules.piece("smallword").match(norm, end + 1)


def _weigh(scene: Scene, found: Sequence[Mention]) -> list[Evidence]:
    """One piece of evidence a group: the strongest. Rules without a group each count."""
    best: dict[str, Evidence] = {}
    cues = [f for f in scene.firings if f.in_title and _frames(f) and concerns(scene, f, found)]
    called = [f for f in scene.firings if f.rule.calls_model and concerns(scene, f, found)]
    for firing in scene.firings:
        if not firing.rule.weight or not concerns(scene, firing, found) or ((cues or _sized(found)) and on_a_hub(scene, firing)):
            continue
        if in_own_chat(scene, firing, cues):
            continue
        beside = aside(scene, firing, cues) or contradicted(firing, called)
        less = ASIDE_SAID if beside else PRAISE_SAID if _praises(scene, firing) else ""
        fired = firing.evidence(_factor(firing) * (ASIDE_FACTOR if less else 1.0))
        fired = replace(fired, why=f"{fired.why}{less}") if less else fired
        key = firing.rule.group or firing.rule.id
        if fired.weight and (key not in best or abs(fired.weight) > abs(best[key].weight)):
            best[key] = fired
    lacking = lacks(scene, found, best)
    wording = worded(scene, [*cues, *_led(scene, found)], unsaid=unsaid(scene, found, lacking))
    told = [*built_in(scene, found), *best.values(), *lacking, *wording]
    return [evidence for evidence in told if evidence.weight]


def _sized(found: Sequence[Mention]) -> bool:
    """Whether the subject is in no list and has a size: it is put on a hub as its weights come out."""
    return bool(found) and found[0].kind is MentionKind.UNKNOWN and sized(found[0].model.name)


def _led(scene: Scene, found: Sequence[Mention]) -> list[Firing]:
    """The frames of a lead around the very model that the title names: it is launched there, however the title puts it."""
    keys = {m.model.key for m in found} & {m.model.key for m in scene.title.mentions.values()}
    framed = (f for f in scene.firings if not f.in_title and f.rule.names == Names.SUBJECT and _frames(f))
    return [f for f in framed if not scene.newsletter and any(m.model.key in keys for m in f.mentions)]


def _frames(firing: Firing) -> bool:
    """Whether a firing frames what is announced, so that other things in the title are beside the point."""
    named = bool(firing.rule.names) or bool({Role.NAMELESS, Role.MAKERLESS} & set(firing.rule.roles))
    return Role.CLAIMS in firing.rule.roles or (firing.rule.group == Group.CUE and named)


def _praises(scene: Scene, firing: Firing) -> bool:
    """Whether a title claims something of a model on a maker's account, where known ones are praised every day."""
    return scene.account and firing.in_title and Role.CLAIMS in firing.rule.roles


def _factor(firing: Firing) -> float:
    """How much a firing counts: whole in the title; in the lead less, unless it frames the very model."""
    if firing.in_title:
        return 1.0
    return (
        max(firing.rule.factor, LEAD_FACTOR)
        if firing.rule.names == Names.SUBJECT and firing.rule.weight > 0
        else firing.rule.factor
    )
