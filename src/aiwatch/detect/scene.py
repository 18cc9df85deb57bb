"""What is known of an item while it is judged. ``engine.look`` makes it, field by field; all that judges reads it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from aiwatch.detect.learned import NOTHING, Heard
from aiwatch.detect.naming import Mention, Stretch
from aiwatch.detect.views import View
from aiwatch.model import EMPTY, Evidence, Item, Tier
from aiwatch.rules import Hit, Rule, RuleSet
from aiwatch.rules.values import Group, Names
from aiwatch.text import FoldedText


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that matched ``view.masked[start:end]``, and the mentions within."""

    rule: Rule
    view: View
    start: int
    end: int
    mentions: tuple[Mention, ...]

    @property
    def in_title(self) -> bool:
        """Whether it stands in the title, not in the lead."""
        return self.view.field == "title"

    def evidence(self, factor: float) -> Evidence:
        """The firing as it is told, its weight times ``factor``."""
        start, end = self.view.raw_span(self.start, self.end)
        matched = self.view.text.raw[start:end]
        weight = round(self.rule.weight * factor, 3)
        return Evidence(
            rule=self.rule.id, field=self.view.field, start=start, end=end, matched=matched, weight=weight, why=self.rule.why
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """An item with what was found in it so far. ``views`` are its title and its lead; ``vendor`` is whose own word the source is."""

    item: Item
    rules: RuleSet
    vendor: str | None
    tier: Tier
    newsletter: bool
    heard: Heard = NOTHING
    reseller: bool = False
    account: bool = False  # a maker's account on somebody else's network, where most of what it says is no launch
    of_ai: bool = False  # a maker's page that is about its AI by name (Microsoft AI)
    japanese: bool = False  # its title is Japanese: Chinese characters are Japanese then
    chinese: bool = False  # its title is Chinese
    maker: str | None = None  # who announces, by a rule of kind ``vendor``; in no list
    texts: Mapping[str, FoldedText] = field(default_factory=lambda: EMPTY)
    hits: Mapping[str, list[Hit]] = field(default_factory=lambda: EMPTY)
    views: tuple[View, ...] = ()
    near: tuple[Evidence, ...] = ()
    firings: tuple[Firing, ...] = ()
    captured: tuple[str, ...] = ()  # rules of kind ``new`` or ``vendor`` that gave a name

    @property
    def title(self) -> View:
        """The title's view; there always is one."""
        return self.views[0]

    @property
    def cues(self) -> list[Firing]:
        """The frames of the title that say a launch."""
        return [f for f in self.firings if f.in_title and f.rule.group == Group.CUE]

    @property
    def trade(self) -> AbstractSet[str]:
        """The vendors that the title names who are in no other trade than models."""
        return set(self.title.vendors.values()) - self.rules.generalists

    @property
    def compared(self) -> AbstractSet[int]:
        """The mentions, by ``id``, that a frame names for comparison or as part of another thing."""
        return {id(m) for f in self.firings if f.rule.names == Names.CONTEXT for m in f.mentions}

    @property
    def nobodys(self) -> bool:
        """Whether it is the own page of a maker whom no list has."""
        return self.vendor is not None and self.vendor not in self.rules.data.vendors

    def span(self, place: Stretch) -> tuple[int, int, str]:
        """Offsets in the item's own field behind folded ones, and the text there."""
        text = self.texts[place.field]
        first, last = text.raw_span(place.start, place.end)
        return first, last, text.raw[first:last]

    def reading(self, view: View, near: tuple[Evidence, ...], captured: tuple[str, ...]) -> Scene:
        """With a field read, or read again; ``near`` and ``captured`` are what its names lacked, and the rules that gave some."""
        views = {**{one.field: one for one in self.views}, view.field: view}
        others = (one for one in self.near if one.field != view.field)
        return replace(self, views=tuple(views.values()), near=(*others, *near), captured=(*self.captured, *captured))
