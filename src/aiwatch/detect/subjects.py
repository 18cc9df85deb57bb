"""Which of the models named is the one announced, and which firings bear on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aiwatch.detect.names import listed_members
from aiwatch.detect.naming import Mention
from aiwatch.detect.scene import Firing, Scene
from aiwatch.model import Model, Stage, Tier

ENTERS = "en.returns-with"  # the one frame whose preposition is also one of comparison


def subjects(scene: Scene) -> list[Mention]:
    """The mentions that are announced: framed in the title, named there and framed in the lead, framed in the lead, or just named."""
    framed = [f for f in scene.firings if f.rule.names == "subject" and f.rule.weight > 0]
    context = _context(scene, framed)
    in_title = _unique(m for f in framed if f.in_title and f.rule.group != "opens" for m in f.mentions if id(m) not in context)
    in_lead = _unique(m for f in framed if not f.in_title for m in f.mentions if id(m) not in context)
    named = _unique(m for m in scene.title.mentions.values() if id(m) not in context)
    full, bare = _of(named, "model"), _of(named, "bare")
    if scene.newsletter:  # many topics: what the lead tells counts only where the title names it
        in_lead = [m for m in in_lead if any(same(m, other) for other in named)]
    first_hand = _of(in_lead, "model") if scene.tier is Tier.PRIMARY else []
    choices = (
        _of(in_title, "model"),
        [m for m in full if any(same(m, other) for other in in_lead)],
        [m for m in _of(in_lead, "model") if any(same(m, other) for other in bare)],
        [m for m in first_hand if m.family and m.family.vendor == scene.vendor] if not full else [],
        _of(in_title, "unknown"),
        full[:1],
        _of(in_lead, "model"),
        in_title,
        _of(in_lead, "unknown"),
        in_lead,
        bare[:1],
    )
    return next((choice for choice in choices if choice), [])


def _context(scene: Scene, framed: Sequence[Firing]) -> set[int]:
    """Mentions named for comparison or as part of another thing, unless the vendor's own title frames them."""
    own = {id(m) for f in framed if f.rule.tiers or f.rule.id == ENTERS for m in f.mentions}
    return {id(m) for f in scene.firings if f.rule.names == "context" for m in f.mentions} - own


def members(scene: Scene, found: list[Mention]) -> list[Mention]:
    """A line-up named as a whole (Llama 4) gives way to two or more members that the lead names, where it does not name the whole."""
    if len(found) != 1 or found[0].model.variant or not found[0].model.version:
        return found
    whole = found[0].model
    lead = [
        m
        for view in scene.views[1:]
        for m in view.mentions.values()
        if (m.model.family, m.model.version) == (whole.family, whole.version)
    ]
    named = _unique(m for m in lead if m.model.variant and not _SIZES.fullmatch(m.model.variant))
    if len(named) > 1 and all(m.model.variant for m in lead):
        return named
    listed = [listed_members(view.text, found[0], scene.rules) for view in scene.views]
    return next((row for row in listed if row), found)


_SIZES = re.compile(r"(?:[\d.xa]+[bmt] ?)+")


def concerns(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a firing bears on what is announced: frames must hold a subject; a rumour in the lead must be of the title's model."""
    rule = firing.rule
    if rule.names == "context":
        return any(same(m, subject) for m in firing.mentions for subject in found)
    if rule.names == "subject" or (rule.names == "about" and not firing.in_title):
        return any(same(m, subject) for m in firing.mentions for subject in found)
    if rule.stage in {Stage.RUMORED, Stage.DEPRECATED}:
        return _rumour_concerns(scene, firing, found)
    return True


def _rumour_concerns(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    compared = {id(m) for f in scene.firings if f.rule.names == "context" for m in f.mentions}
    if firing.mentions and all(id(m) in compared for m in firing.mentions):
        return False
    if firing.in_title:
        # "X released, X Pro to follow": what follows does not undo what is there
        return not firing.mentions or not found or found[0].field != "title" or found[0].start >= firing.mentions[0].start
    if scene.newsletter or _told_in_title(scene, found):
        return False
    titled = list(scene.title.mentions.values())
    if firing.mentions:
        return any(same(m, other) for m in firing.mentions for other in (titled or found))
    return not titled


def _told_in_title(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether the title says that the model is out: what the lead expects is then more of it (its weights, other countries)."""
    return any(
        f.in_title
        and f.rule.group == "cue"
        and any(m.kind == "model" and same(m, subject) for m in f.mentions for subject in found)
        for f in scene.firings
    )


def same(one: Mention, other: Mention) -> bool:
    """One model, or its line and a member of it."""
    return same_line(one.model, other.model)


def same_line(a: Model, b: Model) -> bool:
    """Equal family, and versions that do not contradict each other."""
    first, second = a.version.removesuffix(".0"), b.version.removesuffix(".0")
    return a.family == b.family and (first == second or not first or not second)


def _of(mentions: Sequence[Mention], kind: str) -> list[Mention]:
    return [m for m in mentions if m.kind == kind]


def _unique(mentions: Iterable[Mention]) -> list[Mention]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.model.key, mention)
    return list(seen.values())
