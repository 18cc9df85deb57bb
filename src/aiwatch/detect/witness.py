"""The second witness: what must stand beside a name that is another word as well, and what shows whose word a page is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from aiwatch.detect.naming import Mention, MentionKind, sized
from aiwatch.detect.scene import Scene
from aiwatch.model import Evidence, Item, Source, Tier
from aiwatch.names.vendors import compatible, firm, vendor_key
from aiwatch.rules import Family, Hit, RuleSet, TermKind
from aiwatch.text import FoldedText


def witnessed(scene: Scene, mentions: Sequence[Mention]) -> tuple[list[Mention], list[Evidence]]:
    """The names without ambiguous ones that nothing else supports; and what those lacked, as near misses."""
    lines = {(m.family.vendor, m.family.key) for m in mentions if m.family and not m.family.weak}
    numbered = {(m.family.vendor, m.family.key) for m in mentions if m.family and m.family.weak and m.model.version}

    def sibling(mention: Mention, family: Family) -> bool:
        """Whether another line of its maker is there ("Claude's next: Sonnet 9"), or, for one with a number, an ambiguous one too."""
        others = lines | numbered if mention.model.version else lines
        return any(vendor and vendor == family.vendor and key != family.key for vendor, key in others)

    kept: list[Mention] = []
    near: list[Evidence] = []
    for m in mentions:
        alone = m.family is not None and not sibling(m, m.family) and not _named_elsewhere(scene, m.family, m.field)
        if m.family and alone and (lacking := _lacking(scene, m, m.family)):
            near.append(_ambiguous(scene, m, lacking))
        else:
            kept.append(m)
    return kept, near


def _named_elsewhere(scene: Scene, family: Family, field: str) -> bool:
    """Whether another field has the maker's unmistakable line (``Sonnet 9 is here`` over "Anthropic has released Claude Sonnet 9")."""
    for name, row in scene.hits.items():
        for hit in row if name != field else ():
            line = scene.rules.family(hit.term.key) if hit.term.kind is TermKind.FAMILY else None
            if line and line.vendor == family.vendor and line.key != family.key and not line.weak:
                return True
    return False


def _lacking(scene: Scene, mention: Mention, family: Family) -> str:
    """What an ambiguous name lacks beside it to be a model's; empty where it lacks nothing."""
    another = _otherwise(mention, family)
    if not (family.weak or family.witness or another) or _makers_page(scene, family) or _vendor_named(scene, mention, family):
        return ""
    if family.prefix and mention.model.spelled.startswith(family.prefix):
        return ""  # ClaudeOpus is nothing else
    behind = set(re.split("[ -]", mention.model.spelled.casefold())[1:])
    if "." in mention.model.version and scene.rules.variant_uses["own"] & behind:
        return ""  # Step 3.5 Flash would be a model in no list, too
    lacking = f"{family.vendor} is not named and the source is not {family.vendor}'s"
    if not (family.weak or another):
        if _homonym(scene, family):
            lacking += ", and the text speaks of the other thing of that name"
        elif (
            mention.kind is MentionKind.MODEL
            and (mention.model.version or sized(mention.model.name) or _OWN_NAME_JOINED.search(mention.model.spelled))
        ) or ai_named(scene):
            return ""
        else:
            lacking += ", and no word for an AI model is near"
    return lacking


def _makers_page(scene: Scene, family: Family) -> bool:
    """Whether it is the maker's own page; a heard name's maker may have been told in another script (한빛AI)."""
    heard = scene.vendor is not None and scene.heard.teller(family) is not None
    return scene.vendor == family.vendor or (heard and compatible(scene.vendor, family.vendor))


def _otherwise(mention: Mention, family: Family) -> bool:
    """Whether a name that its maker writes small is written with a capital, as another maker's may be (Kling's O1)."""
    spelled = mention.model.spelled
    return family.shown.islower() and spelled[:1].isupper() and len(family.shown) <= CODE


CODE = 2  # characters of a name that is but a letter and a number


def _ambiguous(scene: Scene, mention: Mention, lacking: str) -> Evidence:
    start, end, matched = scene.span(mention.stretch)
    why = f"'{mention.model.spelled}' is also another word: {lacking}"
    return Evidence(rule="name.ambiguous", field=mention.field, start=start, end=end, matched=matched, weight=0.0, why=why)


_OWN_NAME_JOINED = re.compile(r"[A-Za-z]-[A-Z][a-z]+[A-Z]")  # a name of its own joined to the family's: Qwen-AgentWorld


def _vendor_named(scene: Scene, mention: Mention, family: Family) -> bool:
    """Whether the family's vendor is named, elsewhere than by the very word in question."""
    return any(
        hit.names_maker and hit.term.key == family.vendor and not (name == mention.field and hit.start == mention.start)
        for name, hits in scene.hits.items()
        for hit in hits
    )


def _homonym(scene: Scene, family: Family) -> bool:
    key = family.key.split()[0]
    return any(hit.term.kind is TermKind.HOMONYM and hit.term.key == key for hits in scene.hits.values() for hit in hits)


def ai_named(scene: Scene) -> bool:
    """A vendor of models, or a word for one that is not just 'model'."""
    return (
        ai_word(scene)
        or any(
            hit.term.kind is TermKind.VENDOR and hit.term.key not in scene.rules.generalists
            for hits in scene.hits.values()
            for hit in hits
        )
        or any(hit.term.kind is TermKind.SHORT and hit.start == 0 and _opening(scene, hit) for hit in scene.hits["title"])
    )


def _opening(scene: Scene, hit: Hit) -> bool:
    """Whether a maker's short name opens the title as whose news it is: one of nothing but models, or before a comma (메타, ...)."""
    if hit.term.key in scene.rules.labs:
        return True
    return hit.term.key not in scene.rules.generalists and scene.texts["title"].low[hit.end : hit.end + 1] in {",", "、"}


def ai_said(scene: Scene, name: Mention | None = None) -> bool:
    """Whether the title speaks of AI at all, and not in a ``name`` or of a thing that has AI in it, or the lead of something trained."""
    ai, trained = scene.rules.piece("ai"), scene.rules.piece("trained")
    return ai.search(_beside(scene, name)) is not None or any(
        trained.search(text.norm) for field, text in scene.texts.items() if field != "title"
    )


def ai_of_another(scene: Scene, name: Mention) -> str:
    """Where the title says AI and does not say it of a model: the words, or ``name`` as it stands there; empty where it says none."""
    norm, ai = scene.texts["title"].norm, scene.rules.piece("ai")
    said = (norm[start:end] for start, end in _of_another(scene, name) if ai.search(norm[start:end]))
    return next(said, "").strip(" '\"‘“「『《")


def _beside(scene: Scene, name: Mention | None) -> str:
    """The title without what says AI of something else than a model."""
    norm = scene.texts["title"].norm
    for start, end in _of_another(scene, name):
        norm = norm[:start] + " " * (end - start) + norm[end:]
    return norm


def _of_another(scene: Scene, name: Mention | None) -> list[tuple[int, int]]:
    """Where the title calls by another noun than a model what it then names in quotes (AI 승강기 '...'), and where the name stands."""
    norm, hits = scene.texts["title"].norm, scene.hits["title"]
    telling = [hit for hit in hits if hit.term.kind in {TermKind.NOUN, TermKind.MODALITY}]
    goods = [found.span() for found in scene.rules.piece("aigoods").finditer(norm)]
    spans = [(a, b) for a, b in goods if not any(a <= hit.start < b for hit in telling)]
    return [*spans, (name.start, name.end)] if name is not None and name.field == "title" else spans


def ai_word(scene: Scene) -> bool:
    """A word for an AI model that is not just 'model', which cars and planes are as well."""
    vague = scene.rules.piece("vague")
    return any(not vague.fullmatch(text.low[start:end]) for text, start, end in _nouns(scene))


def vague_nouns(scene: Scene) -> list[str]:
    """The words for a model, as they are written, that are words for cars and planes as well."""
    vague = scene.rules.piece("vague")
    return [text.norm[start:end] for text, start, end in _nouns(scene) if vague.fullmatch(text.low[start:end])]


def _nouns(scene: Scene) -> Iterator[tuple[FoldedText, int, int]]:
    """Where words for a model stand."""
    return (
        (scene.texts[name], hit.start, hit.end)
        for name, hits in scene.hits.items()
        for hit in hits
        if hit.term.kind is TermKind.NOUN
    )


def own_or_other(scene: Scene, mentions: Sequence[Mention]) -> Scene:
    """The scene; a vendor's page whose title names another vendor's model is a reseller's: no first-hand word."""
    others = {m.family.vendor for m in mentions if m.family and m.kind is MentionKind.MODEL}
    if scene.tier is Tier.PRIMARY and scene.vendor and others and scene.vendor not in {*others, *scene.rules.hubs}:
        return replace(scene, tier=Tier.PRESS, reseller=True)
    return scene


NAMED = 4  # letters of a source's name at least that are looked for in a site's
_SQUASHED = re.compile(r"[^a-z0-9]+")


def first_hand(item: Item, source: Source, text: str, rules: RuleSet) -> bool:
    """Whether a page on a site that bears the source's own name says "we" in its ``text``, and no outlet is known by that name.

    It is the page of a maker in no list. Sites leave out what a firm is (Kestrel Labs on kestrel.example).
    """
    name, short = (_SQUASHED.sub("", one.casefold()) for one in (source.name, firm(vendor_key(source.name))))
    if len(name) < NAMED or rules.outlet("press", source.name, item.url) or rules.outlet("community", source.name, item.url):
        return False
    try:
        labels = [_SQUASHED.sub("", label) for label in (urlsplit(item.url or "").hostname or "").casefold().split(".")]
    except ValueError:
        return False
    borne = name in "".join(labels) or (len(short) >= NAMED and short in labels)
    return borne and bool(rules.piece("firstperson").search(_SAID.sub("", text)))


_SAID = re.compile(r'"[^"]*"|“[^”]*”')  # what somebody said to an outlet is not the outlet's own word
