"""Every rule's examples as tests: it must fire on each ``match`` and stay silent on each ``reject``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aiwatch.detect.engine import look, masked
from aiwatch.model import Document, Item, Source, Tier
from aiwatch.rules import Rule, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An example that does not hold, and what the rule did instead."""

    rule: Rule
    example: str
    said: str
    masked: str  # the example as patterns see it


def broken(rules: RuleSet) -> list[Broken]:
    """The examples of ``rules`` that do not hold, in the order of the rules."""
    return [one for rule in rules.rules for one in _broken(rule, rules)]


def _broken(rule: Rule, rules: RuleSet) -> Iterator[Broken]:
    for examples, wanted, said in ((rule.match, True, "does not fire on"), (rule.reject, False, "fires on")):
        for text in examples:
            if fires(rule, text, rules) is not wanted:
                seen = masked(*_example(rule, text), rules)["summary" if rule.field == "summary" else "title"]
                yield Broken(rule=rule, example=text, said=said, masked=seen)


def fires(rule: Rule, text: str, rules: RuleSet) -> bool:
    """Whether a rule fires on a text that stands in its field, in a source of its tier."""
    scene = look(*_example(rule, text), rules)
    alone = (one.rule for one in scene.near)  # an example of a rule that is unsure has no other field to bear it out
    return rule.id in (*scene.captured, *alone) or any(firing.rule.id == rule.id for firing in scene.firings)


def _example(rule: Rule, text: str) -> Document:
    """A text that stands in a rule's field, and a source of its tier."""
    title, summary = ("", text) if rule.field == "summary" else (text, "")
    item = Item(id="example", source_id="example", key="example", url=None, title=title, summary=summary)
    return Document(item, Source(id="example", url="", tier=rule.tiers[0] if rule.tiers else Tier.PRESS))
