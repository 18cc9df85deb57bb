"""Whose model it is, and who announces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiwatch.detect.kinds import kind_of
from aiwatch.detect.naming import Mention, MentionKind, bears
from aiwatch.detect.relevance import place_of
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.views import View, sentence
from aiwatch.model import Modality, Model, Tier
from aiwatch.rules import RuleSet
from aiwatch.rules.values import Group


def maker_of(scene: Scene, mention: Mention) -> str | None:
    """Whose model it is: "X by V"; the source's own; as heard before; who announces; whose line the lexicon has by that name.

    None where somebody is only mentioned.
    """
    title = scene.title
    credited = next((title.vendors.get(at) for at in _credited(scene, mention)), None)
    if credited:
        return credited
    if any(f.in_title and f.rule.group == Group.MYSTERY and mention in f.mentions for f in scene.firings):
        return None  # who else is named is only guessed
    if (
        scene.tier is Tier.PRIMARY
        and scene.vendor
        and not (scene.vendor in scene.rules.platforms and maker(scene) != scene.vendor)
    ):
        return (_lined(scene, mention) if scene.nobodys else None) or scene.vendor
    heard = mention.told_by.vendor if mention.told_by and mention.model.version else None  # a plain name may be two makers'
    told = _in_lead(scene, mention)
    acting = {vendor for _, vendor in title.makers(scene.rules)}
    if heard and not scene.maker and (heard in acting if acting else told in {None, heard}):
        return heard
    return maker(scene, mention) or heard or _lined(scene, mention)


def _lined(scene: Scene, mention: Mention) -> str | None:
    """The maker of the line of which a name is the next number (voyage-9), unless the text says that it is of another kind."""
    line = scene.rules.line_called(mention.model.family) if mention.model.version else None
    return line.vendor if line and kind_of(scene, mention, None) in {line.modality, Modality.TEXT} else None


def _credited(scene: Scene, mention: Mention) -> list[int]:
    """Where a vendor stands behind the model as its maker (``Inkling by Thinking Machines``, ``Spark, the first model from Meta``)."""
    title = scene.title
    at = title.place(mention) if mention else None
    match = scene.rules.piece("credit").match(title.masked, at + 1) if at is not None else None
    return [match.end() - 1] if match else []


def maker(scene: Scene, mention: Mention | None = None) -> str | None:
    """Who announces: whom a rule of kind ``vendor`` captured and no list has, or who launches it in a clause of its own.

    Else the vendor next before the launching verb, of a row its first, the first before the model in the title, or any that is named.
    """
    title, rules = scene.title, scene.rules
    own = mention is not None and mention.model.spelled == scene.maker  # "X, a new model, launched": no name is its own maker
    if scene.maker and scene.maker in title.text.norm and not (own or rules.firms.search(scene.maker)):
        return scene.maker
    makers = [
        (at, vendor) for at, vendor in title.makers(rules) if vendor not in rules.platforms or not title.is_place(at, rules)
    ]
    cues = [f for f in scene.cues if f.rule.weight > 0]
    if second := _in_own_clause(scene, mention, cues):
        return second
    verbs = [f.start for f in cues]
    before = [(at, vendor) for at, vendor in makers if verbs and at < min(verbs)]
    if before:
        return _of_row(scene, before, mention)
    named = [vendor for at, vendor in makers if mention is None or mention.field != "title" or title.starts[at] < mention.start]
    if named:
        return named[0]
    if scene.maker and not own and not rules.firms.search(scene.maker):
        return scene.maker
    return next((vendor for at, vendor in makers if title.masked.startswith("'s ", at + 1)), None) or _by_lead_or_source(
        scene, mention
    )


def _of_row(scene: Scene, makers: Sequence[tuple[int, str]], mention: Mention | None) -> str:
    """The last of some vendors; of those who act jointly with that one (OpenAI and Samsung launch) the model's namesake, or the first."""
    jointly = scene.rules.piece("jointly")
    row = [makers[-1]]
    for at, other in reversed(makers[:-1]):
        if not jointly.fullmatch(scene.title.masked, at + 1, row[-1][0]):
            break
        row.append((at, other))
    return next((vendor for _, vendor in row if mention and bears(mention, vendor)), row[-1][1])


def _in_own_clause(scene: Scene, mention: Mention | None, cues: Sequence[Firing]) -> str | None:
    """Who launches a model in a clause of its own behind another launch (``..., and Google launches Palaquin 7``)."""
    own = next((cue for cue in cues if mention in cue.mentions), None)
    last = max((cue.end for cue in cues if own and cue.end <= own.start), default=None)
    if own is None or last is None:
        return None
    listed = [vendor for at, vendor in scene.title.makers(scene.rules) if last <= at < own.start]
    word = _CAPITALISED.search(scene.title.masked, last, own.start)
    opens = word is not None and scene.rules.ending("further").search(scene.title.masked[last : word.start()])
    return listed[-1] if listed else word[1] if word and opens else None


_CAPITALISED = re.compile(r"([A-Z][\w.&-]+(?: [A-Z][\w.&-]+)?) $")


def _by_lead_or_source(scene: Scene, mention: Mention | None) -> str | None:
    """Whose line acts in the title, else whose the lead says the model is, else any vendor the title names, else the source's.

    A lead names rivals, hosts and founders too.
    """
    platforms = scene.rules.platforms
    named = (vendor for _, vendor in scene.title.makers(scene.rules) if vendor not in platforms)
    told = _line(scene, mention) or (_in_lead(scene, mention) if mention else None)
    return told or next(named, None if scene.vendor in platforms else scene.vendor)


def _line(scene: Scene, mention: Mention | None) -> str | None:
    """Whose line acts in the title by its plain name, another model's than the line's own (``Kimi's open model K3``)."""
    masked, acts = scene.title.masked, scene.rules.piece("acts")
    lines = ((at, m) for at, m in scene.title.mentions.items() if m.kind is MentionKind.LINE and m is not mention)
    return next((m.family.vendor for at, m in lines if m.family and acts.match(masked, at + 1)), None)


def _in_lead(scene: Scene, mention: Mention) -> str | None:
    """Whose a lead says the model is: who stands by itself before it in its sentence, or behind it as its maker."""
    for view in scene.views[1:]:
        place = _first(view, mention.model)
        start, end = sentence(view.masked, place or 0)
        behind = None if place is None else scene.rules.piece("madeby").search(view.masked, place, end)
        if behind:
            return view.vendors.get(behind.end() - 1)
        stop = end if place is None else place
        row = scene.rules.piece("row")  # Yi, DeepSeek and Palaquin: who stands beside a model in a row is not its maker
        makers = ((at, vendor) for at, vendor in view.makers(scene.rules) if start <= at < stop)
        before = {
            vendor for at, vendor in makers if _acts(view, at, scene.rules) and not row.fullmatch(view.masked, at + 1, stop)
        }
        if len(before) == 1:
            return before.pop()
    return None


def _first(view: View, model: Model) -> int | None:
    """Where a lead speaks of a model first, in the sentence that names it: by its line's bare name too (Palaquin, of Palaquin 70B)."""
    named, stem = place_of(view, model), model.name.split(" ")[0]
    if len(stem) <= SHORT_STEM or not stem.isalpha():
        return named
    at = view.masked.find(stem) if named is None else view.masked.find(stem, sentence(view.masked, named)[0], named)
    return at if at >= 0 else named


SHORT_STEM = 3  # letters; such a word stands in others


def _acts(view: View, at: int, rules: RuleSet) -> bool:
    """Whether a vendor at a place is no place itself, and not only whose something else is."""
    whose = view.masked.startswith("'s ", at + 1) and not rules.piece("itsnew").match(view.masked, at + 4)
    return not (whose or view.is_place(at, rules))
