"""Names in no list that their version makes a model's: Foo 2.5, Foo 4 Flash, Foo 70B; and Foo 3 beside a maker of models."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aiwatch.detect.grammar import tail
from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention, MentionKind, modelish, sized
from aiwatch.detect.scene import Scene
from aiwatch.detect.unlisted import candidate, leftward, overlaps
from aiwatch.detect.witness import ai_named, ai_said, ai_word
from aiwatch.model import Tier
from aiwatch.rules import Hit, RuleSet, TermKind
from aiwatch.text import CAPITALS, LATIN, FoldedText


def versioned(scene: Scene, field: str, known: Sequence[Mention], taken: list[tuple[int, int]]) -> list[Mention]:
    """Words with a capital and a model's version behind them, or a whole number where titles put what they announce."""
    text, hits, rules = scene.texts[field], scene.hits[field], scene.rules
    told = scene.tier is Tier.PRIMARY or any(_of_models(scene, hit) for row in scene.hits.values() for hit in row)
    # an ambiguous family that had no witness, a maker by its short name
    taken = taken + [(m.start, m.end) for m in known]
    spans = taken + [(hit.start, hit.end) for hit in hits if hit.term.kind in {TermKind.FAMILY, TermKind.SHORT}]
    found: list[Mention] = []
    for match in _STEM.finditer(text.norm):
        start, end = match.span()
        word = match[0].casefold()
        if overlaps(start, end, spans) or word in rules.variants or word in rules.unnameable["unversioned"]:
            continue
        end, pieces = tail(text, end, rules)
        if pieces and not rules.piece("anchor").search(text.norm[:start]):
            left = leftward(text, start, end, hits, rules)
            start = start if text.norm[left : start - 1] == scene.vendor else left
        shaped = (_versioned(pieces) and not _size_describes(text, start, end, pieces, hits, rules)) or (
            told
            and _generation(pieces)
            and (_anchored(text, start, hits, rules) or _next_in_row(text, start, [*known, *found], rules))
        )
        if shaped and not overlaps(start, end, taken + [(m.start, m.end) for m in found]):
            found.append(candidate(field, text, start, end, scene.rules))
    return found


_STEM = re.compile(  # the ORN-R of ORN-R 32B, in capitals before its hyphen, as well
    rf"(?<![{LATIN}0-9@#/._'-])(?:[{CAPITALS}]{{2,6}}-[{CAPITALS}][{LATIN}]*(?= \d)|[{CAPITALS}][{LATIN}]{{2,}}(?=[ -]))"
)


def _versioned(pieces: list[tuple[str, str]]) -> bool:
    """Whether what stands behind a word is a model's number: with one decimal point, beside a variant, a size."""
    numbers = [spelled for kind, spelled in pieces if kind == "version"]
    if not numbers:
        size = next((spelled for kind, spelled in pieces if kind == "size"), "")
        return size[-1:] in {"b", "B"} and len(size) > 1
    if numbers[0].count(".") > 1:
        return False  # 1.12.4 is software's
    return "." in numbers[0] or len({kind for kind, _ in pieces}) > 1


def _size_describes(
    text: FoldedText, start: int, end: int, pieces: list[tuple[str, str]], hits: list[Hit], rules: RuleSet
) -> bool:
    """Whether a size alone tells of what stands behind it (Runs 70B Models), or ends a longer name than its last word."""
    if len(pieces) != 1 or pieces[0][0] != "size":
        return False
    longer = _CAPITALS.search(text.norm[:start]) and not any(
        hit.term.kind is TermKind.VENDOR and hit.end == start - 1 for hit in hits
    )
    return bool(longer or rules.piece("described").match(text.norm, end))


_CAPITALS = re.compile(rf"[{CAPITALS}][{LATIN}0-9.-]* $")


def _generation(pieces: list[tuple[str, str]]) -> bool:
    """Whether what stands behind a word is a whole number, as generations are counted (Foo 3, Foo K4, Foo version 5)."""
    if [kind for kind, _ in pieces] != ["version"]:
        return False
    match = _COUNT.fullmatch(pieces[0][1])
    return match is not None and 1 <= int(match[1]) <= LAST_GENERATION


_COUNT = re.compile(r"(?:(?i:version) |[A-Za-z])?(\d{1,2})")
LAST_GENERATION = 12


def _anchored(text: FoldedText, start: int, hits: list[Hit], rules: RuleSet) -> bool:
    """Whether a name stands where titles put what they announce: first, behind its maker, or behind a verb of launching."""
    before = text.norm[:start]
    if rules.piece("anchor").search(before):
        return True
    makers = [hit.end for hit in hits if hit.end < start and hit.names_maker]
    return any(rules.piece("whose").fullmatch(before, end) for end in makers)


def _next_in_row(text: FoldedText, start: int, found: list[Mention], rules: RuleSet) -> bool:
    """Whether a name is the next of a row (``launches Foo 3 and Bar 4``)."""
    return any(rules.piece("row").fullmatch(text.norm, mention.end, start) for mention in found if mention.end < start)


def _of_models(scene: Scene, hit: Hit) -> bool:
    """Whether a word is one for a model, or names a maker of them."""
    return hit.term.kind is TermKind.NOUN or (hit.term.kind is TermKind.VENDOR and hit.term.key not in scene.rules.generalists)


def shaped(scene: Scene, mention: Mention) -> Mention:
    """The mention, marked where it is in no list and yet a model's by its version, in an item whose title speaks of no tool."""
    if mention.kind is not MentionKind.UNKNOWN or not (modelish(mention.model, scene.rules) or _counted(scene, mention)):
        return mention
    if not (mention.model.variant or sized(mention.model.name) or _by_somebody(scene, mention) or _of_ai(scene)):
        return mention  # FFmpeg 9.0
    tool, software = scene.rules.piece("tool"), scene.rules.piece("software")
    if tool.search(scene.texts["title"].norm) or software.search(mention.model.name) or _called_tool(scene, mention):
        return mention
    if scene.rules.piece("namegoods").search(mention.model.name) or _explained(scene, mention):
        return mention
    return replace(mention, shaped=True)


def _by_somebody(scene: Scene, mention: Mention) -> bool:
    """Whether a report says before the name whose it is, or what (Quillon launches Foo 2.5)."""
    before = scene.texts[mention.field].norm[: mention.start]
    return scene.tier is not Tier.PRIMARY and any(map(str.isalpha, before))


def _of_ai(scene: Scene) -> bool:
    """Whether anything beside a name says AI: a maker of models, a word for one, whose page or newsletter it is."""
    return scene.newsletter or scene.vendor in scene.rules.labs or ai_named(scene) or ai_said(scene)


TOOL = 14  # characters before a name in which it may be called a tool


def _called_tool(scene: Scene, mention: Mention) -> bool:
    """Whether a field calls it a tool right before it names it (a toolkit 'Foo 2.0')."""
    thing, goods = scene.rules.piece("thing"), scene.rules.ending("asgoods")
    places = ((text.norm, text.norm.find(mention.model.spelled)) for text in scene.texts.values())
    before = ((norm, max(at - TOOL, 0), at) for norm, at in places if at > 0)
    return any(thing.search(norm, start, at) or goods.search(simplified(norm[start:at])) for norm, start, at in before)


def _explained(scene: Scene, mention: Mention) -> bool:
    """Whether the text goes on that it is a tool or a system, and has no word for model in saying so."""
    text = scene.texts[mention.field]
    said = scene.rules.piece("isgoods").match(text.low, mention.end)
    nouns = (hit for hit in scene.hits[mention.field] if hit.term.kind is TermKind.NOUN)
    return said is not None and not any(mention.end <= hit.start < said.end() for hit in nouns)


def _counted(scene: Scene, mention: Mention) -> bool:
    """Whether it is a word with a generation's number beside a maker of models and a word for one."""
    if not _GENERATION.fullmatch(mention.model.name) or not ai_word(scene):
        return False
    makers = {hit.term.key for row in scene.hits.values() for hit in row if hit.term.kind is TermKind.VENDOR}
    return scene.tier is Tier.PRIMARY or bool(makers - scene.rules.generalists)


_GENERATION = re.compile(r"[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?[ -]?\d|[가-힣]{2,} ?\d")
