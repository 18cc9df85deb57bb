"""Which rules fire where in an item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.views import View
from aiwatch.rules import Rule, RuleSet
from aiwatch.rules.builtin import NOT_BORNE_OUT
from aiwatch.rules.values import Group, Names, Role
from aiwatch.text import fold, has_han, has_hangul, has_kana, japanese

SHORT = 2  # characters of a maker's name at least
MATCHES = 3  # of one rule in one field that are looked at


def applies(scene: Scene, rule: Rule, view: View) -> bool:
    """Whether a rule is for that field and that kind of source."""
    if rule.tiers and scene.tier not in rule.tiers:
        return False
    return rule.field == "any" or (rule.field == "title") == (view.field == "title")


def fire(scene: Scene) -> Scene:
    """The scene with every match of every rule in its fields, and who announces it by those that capture a maker in no list."""
    fired = [(view, rule, pattern) for view in scene.views for rule, pattern in _fired(scene, view)]
    maker: str | None = None
    captured: list[str] = []
    for view, rule, pattern in fired:
        wanted = rule.names == Names.VENDOR and (not maker or scene.rules.firms.search(maker))
        if wanted and (told := _announcer(scene.rules, view, pattern)):
            maker = told
            captured.append(rule.id)
    firings = [
        one for view, rule, pattern in fired if rule.names != Names.VENDOR for one in _matches(scene, view, rule, pattern, maker)
    ]
    kept = tuple(one for one in firings if _borne_out(scene, one, firings))
    unborne = (replace(f.evidence(0.0), why=f"{f.rule.why}{NOT_BORNE_OUT}") for f in firings if f not in kept)
    return replace(scene, firings=kept, maker=maker, captured=(*scene.captured, *captured), near=(*scene.near, *unborne))


def _borne_out(scene: Scene, firing: Firing, firings: Sequence[Firing]) -> bool:
    """Whether what is unsure by itself is told by the other field too.

    A lead's clause that says whose model it means (the model that A released) retells the launch of any model that is spoken of;
    a title that says no more than that a model is developed is as often of one that will be.
    """
    if Role.UNSURE not in firing.rule.roles:
        return True
    if firing.in_title:
        return any(Role.DONE in f.rule.roles and not f.in_title for f in firings)
    return scene.rules.piece("koisout").search(scene.title.masked) is not None or any(
        f.in_title and f.rule.group == Group.CUE and Role.UNSURE not in f.rule.roles for f in firings
    )


def _fired(scene: Scene, view: View) -> Iterator[tuple[Rule, Any]]:
    fired = scene.rules.fired(view.masked, new=False, languages=languages(scene, view.text.norm))
    return ((rule, pattern) for rule, pattern in fired if applies(scene, rule, view))


def _matches(scene: Scene, view: View, rule: Rule, pattern: Any, maker: str | None) -> Iterator[Firing]:
    """The matches of a rule in a field, each with the names within; no stage is read off the ``maker``'s name."""
    whose = _place(view, maker) if maker and rule.stage else None
    matches = (match for match in pattern.finditer(view.masked) if whose is None or not _part_of(view, match, whose))
    for match in islice(matches, MATCHES if rule.names else 1):
        if rule.language == "zh" and not _in_chinese(scene, view, match.end()):
            continue
        if rule.calls_model and _of_its_models(scene.rules, view, match.start(), match.end()):
            continue
        group = pattern.groupindex.get("name", 0)  # the part that names the subject, where the pattern says so
        group = group if match.start(group) >= 0 else 0
        inside = tuple(m for at, m in view.mentions.items() if match.start(group) <= at < match.end(group))
        yield Firing(rule, view, match.start(), match.end(), inside)


def _place(view: View, name: str) -> tuple[int, int] | None:
    """Where a name stands first in a field."""
    at = view.text.norm.find(name)
    return (at, at + len(name)) if at >= 0 else None


def _part_of(view: View, match: Any, place: tuple[int, int]) -> bool:
    """Whether a match is but a part of what stands there (베타랩스 puts out no beta by being called so)."""
    return bool(place[0] <= view.starts[match.start()] and view.starts[match.end()] <= place[1])


def _of_its_models(rules: RuleSet, view: View, start: int, end: int) -> bool:
    """Whether a frame that would call a name a model only says what it has to do with models (Foo, a laptop that runs language models)."""
    said = view.text.low[view.starts[start] : view.starts[end]]
    things = [isa.end() for isa in rules.piece("isa").finditer(said)]
    return any(rules.piece("related").match(said, at) and not rules.piece("collective").match(said, at) for at in things)


def languages(scene: Scene, norm: str) -> list[str]:
    """The languages whose rules are tried on a field, by its characters and those of the title.

    Chinese shares its characters with Japanese and its word order with none; Japanese has the word order of Korean.
    """
    if scene.chinese:
        return ["zh"]
    if has_hangul(norm):
        return ["ko", "ja"] if japanese(norm) else ["ko"]
    here = ["ja", "zh"] if has_han(norm) else ["ja"] if has_kana(norm) else []
    return ["ko", "ja", *here[1:]] if scene.japanese else here


def _in_chinese(scene: Scene, view: View, end: int) -> bool:
    """Whether the Chinese characters that stand up to there are no Japanese."""
    return not (scene.japanese if view.field == "title" else japanese(view.masked[:end]))


def _announcer(rules: RuleSet, view: View, pattern: Any) -> str | None:
    """Who announces it, where the lexicon does not know them: what a rule of kind ``vendor`` captures; None for what is nobody."""
    match, group = pattern.search(view.masked), pattern.groupindex["vendor"]
    captured = match[group] if match else ""
    if not match or not captured or any(map(rules.nobody.search, (captured, _bare(rules, "presented", captured)))):
        return None
    spelled = view.text.norm[view.starts[match.start(group)] : view.starts[match.end(group)]]
    spelled = rules.piece("manner").sub("", spelled)
    for dressing in ("boss", "funded", "presented", "firmtail", "legalform"):
        spelled = _bare(rules, dressing, spelled)
    return None if not spelled or _part_of_name(rules, spelled) else spelled


def _bare(rules: RuleSet, dressing: str, spelled: str) -> str:
    """A maker's name without what only dresses it, where a name is left."""
    bare = rules.piece(dressing).sub("", spelled).strip()
    return bare if len(bare) >= SHORT else spelled.strip()


def _part_of_name(rules: RuleSet, word: str) -> bool:
    """Whether a word is part of names and none (Pro, AI), or names nothing at all (from China, by Friday)."""
    low = fold(word).low
    return low in rules.variants or low in rules.unnameable["common"] or rules.ignores(low)
