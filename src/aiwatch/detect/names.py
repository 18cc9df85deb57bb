"""Models of the lexicon in folded text: a family's spellings, each with the version and variants that follow.

What is found here is only a candidate; witnesses and frames decide (``witness``, ``subjects``).
"""

from __future__ import annotations

import re

from aiwatch.detect.grammar import tail, variant
from aiwatch.detect.naming import Mention, build, compose, modality_of
from aiwatch.rules import Family, Hit, RuleSet
from aiwatch.text import Folded, lowered, script


def known(field: str, text: Folded, hits: list[Hit], rules: RuleSet) -> list[Mention]:
    """Mentions of lexicon families, each with the version and variants that follow; the longest at each place."""
    found: dict[int, Mention] = {}
    for hit in hits:
        if hit.term.kind not in {"family", "versioned"}:
            continue
        family = rules.family(hit.term.key)
        end, pieces = tail(text, hit.end, rules)
        if hit.term.kind == "versioned" and not any(kind in {"version", "size"} for kind, _ in pieces):
            continue
        if not pieces and _part_of_word(text, hit.start, end):
            continue
        mention = _mention(field, text, hit, end, pieces, family)
        for member in _coordinated(mention, text, pieces, rules):
            found.setdefault(member.start, member)
        before = found.get(hit.start)
        if before is None or mention.end > before.end or (mention.end == before.end and hit.end > _reach(before, text)):
            found[hit.start] = mention
    return list(found.values())


def _reach(mention: Mention, text: Folded) -> int:
    """How far the family's own spelling reaches in a mention: the longer alias is the better reading of the same span."""
    names = [lowered(name) for name in mention.family.names] if mention.family else []
    low = text.low[mention.start : mention.end]
    return mention.start + max((len(name) for name in names if low.startswith(name)), default=0)


def _part_of_word(text: Folded, start: int, end: int) -> bool:
    """``GPT-FAI`` and ``KoGPT`` are names of their own, not the family's; ``GPT-based`` is nobody's."""
    joined = text.low[end : end + 1] == "-" and text.low[end + 1 : end + 2].isascii() and text.low[end + 1 : end + 2].isalpha()
    if not joined or text.norm[start].islower():
        return False
    return text.norm[end + 1].isupper()


def _mention(field: str, text: Folded, hit: Hit, end: int, pieces: list[tuple[str, str]], family: Family) -> Mention:
    spelled = text.norm[hit.start : end]
    alias = text.norm[hit.start : hit.end]
    name = _reordered(_name(spelled, alias, pieces, family), pieces, family)
    bare = not family.bare and not any(kind != "bracket" for kind, _ in pieces) and not any(c.isdigit() for c in alias)
    model = build(name, vendor=family.vendor, modality=modality_of(pieces, family.modality), is_known=True, spelled=spelled)
    return Mention("bare" if bare else "model", field, hit.start, end, model, family)


RENAMED = 4  # the version since which Claude's tiers stand before the number


def _reordered(name: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """Claude's tiers stand before the number since version 4: what outlets call Claude 4 Sonnet is Claude Sonnet 4."""
    if (
        family.key != "Claude"
        or [kind for kind, _ in pieces] != ["version", "variant"]
        or not pieces[0][1].replace(".", "").isdigit()
    ):
        return name
    number, tier = pieces[0][1], pieces[1][1]
    return f"Claude {tier} {number}" if float(number.split(".")[0]) >= RENAMED else name


def _name(spelled: str, alias: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """The canonical Latin name: as written where it is written in Latin, else family and variants translated."""
    clean = re.sub(r"\s+", " ", spelled).strip()
    if (
        all(script(c) in {"latin", ""} for c in clean)
        and family.prefix is None
        and lowered(alias) not in {lowered(v) for v in family.versioned}
    ):
        return clean
    latin = all(script(c) in {"latin", ""} for c in alias)
    digits = re.search(r"[\d].*", alias)
    base = alias if latin and lowered(alias) not in {lowered(v) for v in family.versioned} else family.shown
    if not latin and digits and digits[0].strip() not in base:
        base += " " + digits[0].strip()
    if family.prefix:
        base = f"{family.prefix} {base}" if latin else f"{family.prefix} {family.shown}"
    return compose(family, pieces, base)


# --- line-ups -----------------------------------------------------------------------------------------------------------------

_AND = re.compile(r"\s*(?:,\s*and|, with|,|/|&|·|\band|\bwith|와|과|및|、|和|与)\s*(?:new\s+|the\s+)?", re.IGNORECASE)


def _coordinated(mention: Mention, text: Folded, pieces: list[tuple[str, str]], rules: RuleSet) -> list[Mention]:
    """The other members of a line-up that share family and version: the Opus of ``Claude 4 Sonnet and Opus``."""
    version = next((piece for kind, piece in pieces if kind == "version"), None)
    if not version or not pieces or pieces[-1][0] != "variant" or mention.family is None:
        return []
    members = []
    at = mention.end
    while match := _AND.match(text.norm, at):
        step = (
            variant(text, match.end(), rules)
            if text.norm[match.end() : match.end() + 1].isupper()
            or script(text.low[match.end() : match.end() + 1] or " ") == "hangul"
            or text.norm[mention.start : mention.end].split(" ")[-1].islower()
            else None
        )
        parts, end = _member(text, match.end(), step, version, rules)
        if not parts:
            break
        name = _reordered(compose(mention.family, parts), parts, mention.family)
        model = build(
            name,
            vendor=mention.family.vendor,
            modality=modality_of(parts, mention.family.modality),
            is_known=True,
            spelled=text.norm[match.end() : end],
        )
        members.append(Mention("model", mention.field, match.end(), end, model, mention.family))
        at = end
    return members


_VERSION = re.compile(r"\d+\.\d+ ")


def _member(
    text: Folded, at: int, step: tuple[int, str, str] | None, version: str, rules: RuleSet
) -> tuple[list[tuple[str, str]], int]:
    """The pieces of a line-up's next member and its end: a variant of the same version, or version and variant (``3.5 Flash``)."""
    if step is not None:
        end, more = tail(text, step[0], rules)
        parts = [] if any(kind == "version" for kind, _ in more) else [("version", version), ("variant", step[2]), *more]
        return parts, end
    end, parts = tail(text, at, rules) if _VERSION.match(text.norm, at) else (at, [])
    return (parts if any(kind == "variant" for kind, _ in parts) else []), end


def listed_members(text: Folded, whole: Mention, rules: RuleSet) -> list[Mention]:
    """Members of a line-up named by their variant words alone, two or more in a row (``Scout, Maverick and Behemoth``)."""
    family = whole.family
    if family is None:
        return []
    for match in rules.variant_list.finditer(text.low):
        members = []
        for word in rules.variant_pattern.finditer(text.low, match.start(), match.end()):
            parts = [("version", whole.model.version), ("variant", rules.variants[word[0]])]
            name = compose(family, parts)
            model = build(
                name,
                vendor=family.vendor,
                modality=modality_of(parts, family.modality),
                is_known=True,
                spelled=text.norm[word.start() : word.end()],
            )
            members.append(Mention("model", whole.field, whole.start, whole.end, model, family))
        if len(members) > 1:
            return members
    return []
