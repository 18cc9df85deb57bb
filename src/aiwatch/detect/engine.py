"""The engine: what was found, weighed. See ``docs/detection.md`` for the reader's side of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from aiwatch.detect import names, reading
from aiwatch.detect.names import Mention
from aiwatch.detect.views import View, mask
from aiwatch.model import Detection, Evidence, Item, Source, Stage, Tier
from aiwatch.rules import Hit, Rule, RuleSet
from aiwatch.text import fold

LEAD = 480  # characters of a summary that are read: the announcement is in the lead or nowhere
MATCHES = 3  # of one rule in one field that are looked at
LEAD_FACTOR = 0.9  # of an announcing frame that stands in the lead and not in the title


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that matched ``view.masked[start:end]``, and the mentions within."""

    rule: Rule
    view: View
    start: int
    end: int
    mentions: tuple[Mention, ...]

    def evidence(self, factor: float) -> Evidence:
        """The firing as it is told, its weight times ``factor``."""
        start, end = self.view.raw_span(self.start, self.end)
        return Evidence(
            rule=self.rule.id,
            field=self.view.field,
            start=start,
            end=end,
            matched=self.view.text.raw[start:end],
            weight=round(self.rule.weight * factor, 3),
            why=self.rule.why,
        )


@dataclass(slots=True)
class Scene:
    """All that is known of an item while it is judged."""

    item: Item
    source: Source
    rules: RuleSet
    vendor: str | None
    tier: Tier
    newsletter: bool
    reseller: bool = False
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    near: list[Evidence] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)

    @property
    def title(self) -> View:
        return self.views[0]


def detect(item: Item, source: Source, rules: RuleSet) -> Detection:
    """Judge one item. The score is the sum of the evidence's weights; ``getattr(item, e.field)[e.start:e.end] == e.matched``."""
    scene = look(item, source, rules)
    if not any(view.mentions or view.others for view in scene.views):
        return Detection(
            item_id=item.id,
            announcement=False,
            stage=Stage.NONE,
            threshold=rules.threshold,
            near=tuple(scene.near),
            rules=rules.digest,
        )
    subjects = reading.subjects(scene)
    evidence = _weigh(scene, subjects)
    score = round(sum(e.weight for e in evidence), 3)
    passed = bool(subjects) and score >= rules.threshold
    stage = reading.stage(scene, subjects, passed=passed)
    announced = passed and stage not in {Stage.RUMORED, Stage.DEPRECATED, Stage.UPDATED, Stage.NONE}
    models = reading.models(scene, subjects)
    return Detection(item_id=item.id, announcement=announced, stage=stage, models=models, score=score, threshold=rules.threshold,
                     evidence=tuple(evidence), near=tuple(scene.near), rules=rules.digest)  # fmt: skip


def look(item: Item, source: Source, rules: RuleSet) -> Scene:
    """Find names, mask them, and let the rules look."""
    vendor = source.vendor or rules.vendor_of(item.url or source.url, source.name)
    newsletter = rules.outlet("newsletter", source.name or source.id, item.url)
    tier = Tier.PRIMARY if vendor and not newsletter else source.tier
    scene = Scene(item, source, rules, vendor, tier, newsletter)
    texts = {name: fold(text[: LEAD if name != "title" else 400]) for name, text in _fields(item)}
    scene.hits = {name: rules.hits(text.low) for name, text in texts.items()}
    for name, text in texts.items():
        mentions = reading.witnessed(scene, names.known(name, text, scene.hits[name], rules))
        taken = [(m.start, m.end) for m in mentions] + [
            (h.start, h.end) for h in scene.hits[name] if h.term.kind in {"vendor", "product", "ignored"}
        ]
        mentions += names.unknown(name, text, scene.hits[name], taken, rules)
        if name == "title":
            reading.own_or_other(scene, mentions)
        scene.views.append(_framed(scene, mask(name, text, scene.hits[name], mentions), mentions))
    scene.firings = [firing for view in scene.views for firing in _fire(scene, view)]
    return scene


def _fields(item: Item) -> list[tuple[str, str]]:
    lead = "summary" if item.summary or not item.content else "content"
    return [("title", item.title), (lead, getattr(item, lead))]


def _framed(scene: Scene, view: View, mentions: list[Mention]) -> View:
    """Names that only their frame gives away (``Introducing X``): found by rules of kind ``new``, then masked like the others."""
    found = []
    for rule, pattern in scene.rules.fired(view.masked):
        if rule.names != "new" or not _applies(scene, rule, view):
            continue
        group = pattern.groupindex.get("name")
        match = pattern.search(view.masked)
        if match is None or not group or match.group(group) is None:
            continue
        start, end = view.starts[match.start(group)], view.starts[match.end(group)]
        spelled = view.text.norm[start:end]
        if spelled and not any(m.start < end and start < m.end for m in found) and reading.nameable(scene, spelled):
            found.append(Mention("unknown", view.field, start, end, names.build(spelled.strip(), spelled=spelled)))
    if not found:
        return view
    kept = [m for m in mentions if not any(m.start < f.end and f.start < m.end for f in found)]
    hits = [h for h in scene.hits[view.field] if not any(h.start < f.end and f.start < h.end for f in found)]
    return mask(view.field, view.text, hits, kept + found)


def _applies(scene: Scene, rule: Rule, view: View) -> bool:
    if rule.tiers and scene.tier not in rule.tiers:
        return False
    return rule.field == "any" or (rule.field == "title") == (view.field == "title")


def _fire(scene: Scene, view: View) -> list[Firing]:
    firings = []
    for rule, pattern in scene.rules.fired(view.masked):
        if rule.names == "new" or not _applies(scene, rule, view):
            continue
        for match in islice(pattern.finditer(view.masked), MATCHES if rule.names else 1):
            inside = tuple(m for at, m in view.mentions.items() if match.start() <= at < match.end())
            firings.append(Firing(rule, view, match.start(), match.end(), inside))
    return firings


def _weigh(scene: Scene, subjects: Sequence[Mention]) -> list[Evidence]:
    """One piece of evidence a group: the strongest. Rules without a group each count."""
    best: dict[str, Evidence] = {}
    keys = {m.model.key for m in subjects}
    for firing in scene.firings:
        if not reading.concerns(scene, firing, subjects, keys):
            continue
        found = firing.evidence(_factor(firing, subjects))
        key = firing.rule.group or firing.rule.id
        if found.weight and (key not in best or abs(found.weight) > abs(best[key].weight)):
            best[key] = found
    return [e for e in [*_built_in(scene, subjects), *best.values()] if e.weight]


def _factor(firing: Firing, subjects: Sequence[Mention]) -> float:
    """How much a firing counts: whole in the title; in the lead less, unless it is there that the subject's news is told."""
    if firing.view.field == "title":
        return 1.0
    if firing.rule.names == "subject" and firing.rule.weight > 0:
        return max(firing.rule.factor, LEAD_FACTOR)
    return firing.rule.factor


def _built_in(scene: Scene, subjects: Sequence[Mention]) -> list[Evidence]:
    rules = scene.rules
    found: list[Evidence] = []
    if subjects:
        subject = max(subjects, key=lambda m: (m.field == "title", rules.weight(_name_rule(m))))
        found.append(
            _at(
                scene,
                _name_rule(subject),
                subject.field,
                subject.start,
                subject.end,
                1.0 if subject.field == "title" else 0.8,
                _NAME_WHY[subject.kind],
            )
        )
    for view in scene.views:
        factor = 1.0 if view.field == "title" else 0.5
        for at in list(view.vendors)[:1]:
            if not any(e.rule == "vendor" for e in found) and not (scene.tier is Tier.PRIMARY and view.vendors[at] == scene.vendor):
                found.append(
                    _at(
                        scene,
                        "vendor",
                        view.field,
                        view.starts[at],
                        view.starts[at + 1],
                        factor,
                        "a vendor of AI models is named",
                    )
                )
        nouns = [at for at in view.others if view.masked[at] == "\ue006"]
        if nouns and not any(e.rule == "noun" for e in found):
            found.append(
                _at(
                    scene,
                    "noun",
                    view.field,
                    view.starts[nouns[0]],
                    view.starts[nouns[0] + 1],
                    factor,
                    "a word for an AI model is there",
                )
            )
    for name, holds, why in (
        ("source.primary", scene.tier is Tier.PRIMARY, "the vendor's own page or feed"),
        ("source.reseller", scene.reseller, "a vendor's page about another vendor's model"),
        ("source.community", scene.tier is Tier.COMMUNITY, "a blog or forum, not a newsroom"),
        ("source.newsletter", scene.newsletter, "a newsletter: many topics under one title"),
    ):
        if holds:
            found.append(
                Evidence(
                    rule=name,
                    field="source_id",
                    start=0,
                    end=len(scene.item.source_id),
                    matched=scene.item.source_id,
                    weight=rules.weight(name),
                    why=why,
                )
            )
    return found


_NAME_WHY = {
    "model": "a model's name",
    "bare": "a family's name without version",
    "unknown": "a name in no list, where a new model's name would stand",
}


def _name_rule(mention: Mention) -> str:
    if mention.kind == "unknown" and any(c.isdigit() for c in mention.model.name):
        return "name.coded"
    if mention.kind == "model":
        return "name.version" if mention.model.version or mention.model.variant or any(c.isdigit() for c in mention.model.name) else "name.known"
    return f"name.{mention.kind}"


def _at(scene: Scene, rule: str, name: str, start: int, end: int, factor: float, why: str) -> Evidence:
    view = next(v for v in scene.views if v.field == name)
    first, last = view.text.raw_span(start, end)
    return Evidence(
        rule=rule,
        field=name,
        start=first,
        end=last,
        matched=view.text.raw[first:last],
        weight=round(scene.rules.weight(rule) * factor, 3),
        why=why,
    )
