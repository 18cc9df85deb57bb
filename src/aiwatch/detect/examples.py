"""Every rule's examples as tests: it must fire on each ``match`` and stay silent on each ``reject``."""

from __future__ import annotations

from dataclasses import dataclass

from aiwatch.detect.engine import look
from aiwatch.model import Item, Source, Tier
from aiwatch.rules import Rule, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """An example that does not hold, and what the rule did instead."""

    rule: Rule
    example: str
    said: str


def broken(rules: RuleSet) -> list[Broken]:
    """The examples of ``rules`` that do not hold, in the order of the rules."""
    wrong = []
    for rule in rules.rules:
        wrong += [Broken(rule=rule, example=text, said="does not fire on") for text in rule.match if not fires(rule, text, rules)]
        wrong += [Broken(rule=rule, example=text, said="fires on") for text in rule.reject if fires(rule, text, rules)]
    return wrong


def fires(rule: Rule, text: str, rules: RuleSet) -> bool:
    """Whether a rule fires on a text that stands in its field, in a source of its tier."""
    title, summary = ("", text) if rule.field == "summary" else (text, "")
    item = Item(id="example", source_id="example", key="example", url=None, title=title, summary=summary)
    source = Source(id="example", url="", tier=rule.tiers[0] if rule.tiers else Tier.PRESS)
    scene = look(item, source, rules)
    return rule.id in scene.captured or any(firing.rule.id == rule.id for firing in scene.firings)
