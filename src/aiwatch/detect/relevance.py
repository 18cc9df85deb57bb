"""Which firings bear on what is announced: frames must hold it, and a rumour must be of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiwatch.detect.naming import Mention, MentionKind
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.views import View
from aiwatch.model import Model, Stage
from aiwatch.rules.values import Group, Names, Role

BEHIND = 2  # signs from a verb of retiring to its object: "retires its GPT-4o" has one blank, quotes one more


def concerns(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a firing bears on what is announced: frames must hold a subject; a rumour in the lead must be of the title's model."""
    rule = firing.rule
    if rule.names == Names.SUBJECT and rule.weight > 0:
        return _announces(scene, firing, found)
    if rule.names in {Names.CONTEXT, Names.SUBJECT} or (rule.names == Names.ABOUT and not firing.in_title):
        return _holds(firing, found)
    if rule.names == Names.OTHERS:
        return _of_others(firing, found)
    if rule.stage and rule.stage.beside_launch:
        return _rumour_concerns(scene, firing, found)
    return True


def _holds(firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether one of the subjects stands in it."""
    return any(same(m, subject) for m in firing.mentions for subject in found)


def _announces(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether a subject stands in a frame, and no other frame says that it is there for comparison or as part of another thing."""
    held = [m for m in firing.mentions if any(same(m, subject) for subject in found)]
    if not held:
        return False
    compared = scene.compared
    return any(id(m) not in compared or any(m is subject for subject in found) for m in held)


def _of_others(firing: Firing, found: Sequence[Mention]) -> bool:
    """Whether vendors are named there, and the maker of the model is not among the vendors of that field."""
    named = set(firing.view.vendors.values())
    here = any(firing.start <= at < firing.end for at in firing.view.vendors)
    return here and any(m.family is not None and m.family.vendor not in named for m in found[:1])


def _rumour_concerns(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    others = (f for f in scene.firings if f.rule.names == Names.CONTEXT and not within(f, firing))
    compared = {id(m) for f in others for m in f.mentions}
    unnamed = any(map(firing.view.noun_at, range(firing.start, firing.end)))
    if firing.mentions and all(id(m) in compared for m in firing.mentions) and not unnamed:
        return False  # of the model it is measured by; "a model of GPT-6's class" is another
    if Role.SIGN in firing.rule.roles and any(_holds(cue, found) for cue in scene.cues):
        return False  # remembered beside the launch (After weeks of leaks, GPT-9 is here)
    if _in_slogan(scene, firing, found):
        return False
    return (_titled_rumour if firing.in_title else _lead_rumour)(scene, firing, found)


def _in_slogan(scene: Scene, rumour: Firing, found: Sequence[Mention]) -> bool:
    """Whether it stands in a slogan before the launch, and is of another model than that launches ("국산 클로드 나온다"…)."""
    slogan = next(
        (one for one in _SLOGAN.finditer(rumour.view.masked) if one.start() < rumour.start <= rumour.end < one.end()), None
    )
    if slogan is None or not rumour.in_title or _holds(rumour, found):
        return False
    return any(
        cue.in_title and cue.rule.says_launch and cue.start >= slogan.end() - 1 and _holds(cue, found) for cue in scene.cues
    )


_SLOGAN = re.compile(r'"[^"]*"')


def within(whose: Firing, rumour: Firing) -> bool:
    """Whether it is the rumour's own words that speak of something of the model's (「GPT-9」の投入延期か)."""
    return (
        Role.WHOSE in whose.rule.roles and whose.view is rumour.view and rumour.start <= whose.start and whose.end <= rumour.end
    )


def retired(firing: Firing) -> Mention | None:
    """Which model a title retires: what stands right behind the verb, else what stands last before it."""
    behind = (m for at, m in sorted(firing.view.mentions.items()) if firing.end <= at <= firing.end + BEHIND)
    return next(behind, firing.mentions[-1] if firing.mentions else None)


def in_its_row(scene: Scene, row: Sequence[Mention]) -> list[Mention]:
    """The known names that stand behind one of a row in the title, and nothing but an "and" between them."""
    view, between, found, last = scene.title, scene.rules.piece("and"), list(row), -1
    for at, mention in sorted(view.mentions.items()):
        known = mention.kind is not MentionKind.UNKNOWN and view.mentions.get(last) in found
        if known and between.fullmatch(view.masked, last + 1, at):
            found.append(mention)
        last = at
    return found


def replaced(scene: Scene) -> list[Mention]:
    """The models that a title retires while it launches another (``launches GPT-9 and retires GPT-4o``)."""
    gone = [m for f in scene.firings if f.in_title and f.rule.stage is Stage.DEPRECATED and (m := retired(f))]
    launches = [f for f in scene.cues if f.rule.names == Names.SUBJECT and f.rule.says_launch and not f.rule.tiers]
    launched = [m for f in launches for m in f.mentions if not any(same(m, old) for old in gone)]
    since = scene.compared  # to retire GPT-4o after GPT-9's launch
    return gone if any(id(m) not in since for m in launched) else []


def _titled_rumour(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    if firing.rule.stage is Stage.DEPRECATED and any(retired(firing) is m for m in replaced(scene)):
        return False
    if scene.japanese and _launched(scene, firing, found):
        return False
    if any(_announced_before(f, firing) and concerns(scene, f, found) for f in scene.firings):
        return False  # "A releases X and plans to open its weights"
    # "X released, X Pro to follow": what follows does not undo what is there
    return not firing.mentions or not found or found[0].field != "title" or found[0].start >= firing.mentions[0].start


def _lead_rumour(scene: Scene, firing: Firing, found: Sequence[Mention]) -> bool:
    if scene.newsletter or _told_in_title(scene, found):
        return False
    titled = list(scene.title.mentions.values())
    if firing.mentions:
        return any(same(m, other) for m in firing.mentions for other in (titled or found))
    return not titled


def _launched(scene: Scene, rumour: Firing, found: Sequence[Mention]) -> bool:
    """Whether the title says, elsewhere than in the rumour, that a subject is launched: what is to come then is something else."""
    cues = [f for f in scene.cues if f.rule.names == Names.SUBJECT and f.rule.says_launch]
    elsewhere = [cue for cue in cues if cue.end < rumour.end or cue.start > rumour.start]
    return any(same(m, subject) for cue in elsewhere for m in cue.mentions for subject in found)


def _announced_before(cue: Firing, rumour: Firing) -> bool:
    said = Role.NAMELESS in cue.rule.roles and cue.rule.language != "zh"  # Chinese hedges within that clause (计划加速模型发布)
    told = bool(cue.rule.names) or said
    # a rumour may begin with the very name that the cue ends with, where that says more in Chinese than whose it is (新一代大模型X将发布)
    shared = cue.rule.says_launch or cue.rule.language != "zh"
    before = cue.end - shared <= rumour.start
    return cue.in_title and cue.rule.group == Group.CUE and told and cue.rule.weight > 0 and before


def _told_in_title(scene: Scene, found: Sequence[Mention]) -> bool:
    """Whether the title says that the model is out: what the lead expects is then more of it (its weights, other countries)."""
    if found and found[0].field != "title" and any(Role.NAMELESS in f.rule.roles for f in scene.cues):
        return True
    return any(m.kind is MentionKind.MODEL and same(m, subject) for f in scene.cues for m in f.mentions for subject in found)


def same(one: Mention, other: Mention) -> bool:
    """One model, or its line and a member of it."""
    return same_line(one.model, other.model)


def place_of(view: View, model: Model) -> int | None:
    """Where a field names a model first, or its line: a place in its masked text."""
    return next((at for at, mention in sorted(view.mentions.items()) if same_line(mention.model, model)), None)


def same_line(a: Model, b: Model) -> bool:
    """Equal family, and versions that do not contradict each other."""
    first, second = a.version.removesuffix(".0"), b.version.removesuffix(".0")
    return a.family == b.family and (first == second or not first or not second)
