"""Models of the lexicon in folded text: a family's spellings, each with the version and variants that follow.

What is found here is only a candidate; witnesses and frames decide (``witness``, ``subjects``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from aiwatch.detect.candidates import nameable
from aiwatch.detect.grammar import tail
from aiwatch.detect.learned import Heard, family_of
from aiwatch.detect.members import called, coordinated, in_full, member_of
from aiwatch.detect.naming import Mention, MentionKind, Stretch, build, compose, parts_of
from aiwatch.rules import Family, Hit, RuleSet, TermKind
from aiwatch.text import FoldedText, chinese, fold, has_digit, is_latin, lowered


def known(field: str, text: FoldedText, hits: Sequence[Hit], rules: RuleSet, heard: Heard) -> list[Mention]:
    """Mentions of families, each with the version and variants that follow; the longest at each place, of two the lexicon's.

    Of two families of one name that of a maker named beside it is meant, and a word joined to its family's bare name is a model of it.
    """
    found: dict[int, Mention] = {}
    makers = makers_in(hits)
    products = {hit.start: hit.end for hit in hits if hit.term.kind is TermKind.PRODUCT}
    families = {hit.start for hit in hits if hit.term.kind is TermKind.FAMILY}
    for hit in sorted(hits, key=lambda hit: hit.term.kind in _LAST):
        if hit.term.kind not in {TermKind.FAMILY, TermKind.VERSIONED, *_LAST} or (hit.term.kind in _LAST and hit.start in found):
            continue
        if hit.end < products.get(hit.start, 0):
            continue  # Claude Code 2.0 is a version of the product
        family = _family_of_hit(hit, rules, heard)
        if _ends_another(text, hit, hits, family, rules):
            continue
        at = _whole_number(text, hit.end)
        vouched = family.vendor in makers
        end, pieces = tail(text, at, rules, vouched=vouched and at + 1 not in families)
        end, pieces = _past_gloss(text, hit, (end, pieces), hits, rules)
        if not pieces:
            end, pieces = _beyond(text, hit, at, hits, rules, vouched=vouched)
        if hit.term.kind not in {TermKind.FAMILY, TermKind.HEARD} and not any(kind in {"version", "size"} for kind, _ in pieces):
            continue
        if not pieces and (_part_of_word(text, hit.start, end) or _SITE.match(text.low, end)):
            continue
        mention = _mention(Stretch(field, hit.start, end), text, hit, pieces, family, rules)
        for other in coordinated(mention, text, pieces, rules):
            found.setdefault(other.start, other)
        before = found.get(hit.start)
        if before is None or _outreaches(mention, hit.end, before, text, makers):
            found[hit.start] = mention
    return list(found.values())


def _ends_another(text: FoldedText, hit: Hit, hits: Sequence[Hit], family: Family, rules: RuleSet) -> bool:
    """Whether a word before a hyphen makes it the end of another name: the V2 of DeepSeekMath-V2, the Gemini of Sec-Gemini."""
    if text.low[hit.start - 1 : hit.start] != "-" or not text.low[hit.start - 2 : hit.start - 1].isalnum():
        return False
    if family.prefix:
        return True
    ours = any(
        other.end == hit.start - 1 and other.term.kind in {TermKind.VENDOR, TermKind.SHORT, TermKind.FAMILY} for other in hits
    )
    word = None if ours else _WORD_JOINED_BEFORE.search(text.norm, 0, hit.start)
    return word is not None and rules.piece("prefix").fullmatch(word[1]) is None


# One word that makes a name; not a row of them, as addresses have.
_WORD_JOINED_BEFORE = re.compile(r"(?<![A-Za-z0-9/-])([A-Za-z][A-Za-z0-9]*)-$")


def makers_in(hits: Sequence[Hit]) -> frozenset[str]:
    """The makers named in a field."""
    return frozenset(hit.term.key for hit in hits if hit.names_maker)


def _outreaches(mention: Mention, end: int, before: Mention, text: FoldedText, makers: AbstractSet[str]) -> bool:
    """Whether a mention, its family's spelling ending at ``end``, is the better reading of a place than the one before it."""
    if mention.kind is MentionKind.LINE and before.model.version and before.end == mention.end:
        return False  # Claude 4 Sonnet and Opus: the row's member, not the bare family
    ours, theirs = (m.family is not None and m.family.vendor in makers for m in (mention, before))
    return (mention.end, ours, end) > (before.end, theirs, _reach(before, text))


def told(mention: Mention, heard: Heard, rules: RuleSet) -> Mention:
    """The mention; a new name is taken for the heard one that it sounds like in another script."""
    told_by = heard.sounding(family_of(mention.model.name, rules)) if mention.kind is MentionKind.UNKNOWN else None
    return replace(mention, kind=MentionKind.MODEL, told_by=told_by) if told_by else mention


def sounding(mention: Mention, text: FoldedText, vendors: AbstractSet[str], rules: RuleSet) -> Mention:
    """The mention; a new name in another script that sounds like a family of a maker who is named is that family's (쓰즈미 2 of NTT)."""
    if mention.kind is not MentionKind.UNKNOWN or is_latin(mention.model.name):
        return mention
    stem = family_of(mention.model.name, rules)
    family = rules.sounding(stem, vendors) if text.norm.startswith(stem, mention.start) else None
    if family is None:
        return mention
    end, pieces = tail(text, mention.start + len(stem), rules)
    if end != mention.end or not (pieces or family.bare):
        return mention
    name, place = compose(family, pieces), Stretch(mention.field, mention.start, end)
    return replace(member_of(family, name, pieces, place, text.norm[mention.start : end], rules), by_sound=True)


_LAST = {TermKind.LATER, TermKind.HEARD}  # kinds of terms that give way to a family's own spelling


def _family_of_hit(hit: Hit, rules: RuleSet, heard: Heard) -> Family:
    """What family a hit is of."""
    read = {TermKind.LATER: rules.later, TermKind.HEARD: heard.families.__getitem__}.get(hit.term.kind, rules.family)
    return read(hit.term.key)


def own(mention: Mention, heard: Heard, rules: RuleSet) -> Mention:
    """The mention; one of a heard name stands for itself, as the lexicon knows neither family nor maker of it."""
    told_by = heard.teller(mention.family)
    if told_by is None or mention.family is None:
        return mention
    name = _as_written(mention, mention.family)
    model = build(name, modality=rules.kind_within(name), spelled=mention.model.spelled)
    return replace(mention, family=None, told_by=told_by, model=model)


def _as_written(mention: Mention, family: Family) -> str:
    """The name as the text has it, of two spellings the Latin one; a line-up's member by its line's name."""
    spelled = mention.model.spelled
    gloss = _SPELLING_BEHIND.search(spelled)
    if gloss is None:
        return spelled if fold(spelled).low.startswith(lowered(family.key)) else mention.model.name
    return (gloss[1] if is_latin(gloss[1]) else spelled[: gloss.start()]) + spelled[gloss.end() :]


def _beyond(
    text: FoldedText, hit: Hit, end: int, hits: Sequence[Hit], rules: RuleSet, *, vouched: bool
) -> tuple[int, list[tuple[str, str]]]:
    """The version that stands behind a family's bare name with something between: a word for model, quotes, the line's own word."""
    found = _past_noun(text, end, hits, rules) if chinese(text.norm) else _past_quote(text, hit.start, end, rules)
    if not found[1] and vouched:
        found = _by_word(text, end, hits, rules)
    if not found[1] and (owns := rules.piece("owns").match(text.norm, end)) and rules.piece("owned").match(text.norm, owns.end()):
        found = tail(text, owns.end(), rules)
    return found if found[1] else (end, [])


def _past_noun(text: FoldedText, end: int, hits: Sequence[Hit], rules: RuleSet) -> tuple[int, list[tuple[str, str]]]:
    """The version that Chinese puts behind a word for model (子曰推理模型 3.0); the end and no pieces where there is none."""
    put = rules.piece("zhput")
    nouns = [
        h.end
        for h in hits
        if h.term.kind is TermKind.NOUN
        and h.start >= end
        and _DESCRIBED.fullmatch(text.norm, end, h.start)
        and not put.search(text.norm, end, h.start)
    ]
    after, pieces = tail(text, max(nouns), rules) if nouns else (end, [])
    return (after, pieces) if any(kind == "version" for kind, _ in pieces) else (end, [])


_DESCRIBED = re.compile(r" ?[一-鿿]{0,4} ?")  # 讯飞星火深度推理模型 X1


def _past_gloss(
    text: FoldedText, hit: Hit, read: tuple[int, list[tuple[str, str]]], hits: Sequence[Hit], rules: RuleSet
) -> tuple[int, list[tuple[str, str]]]:
    """A name read so far, with the version behind its other spelling in brackets (솔라(Solar) 4), or as it was read."""
    end, pieces = read
    gloss = _SPELLING_BEHIND.match(text.norm, end)
    if (
        gloss is None
        or any(kind == "version" for kind, _ in pieces)
        or is_latin(gloss[1]) == is_latin(text.norm[hit.start : hit.end])
    ):
        return read
    same = any(one.start == gloss.start(1) and one.term == hit.term for one in hits)
    after, more = tail(text, gloss.end(), rules) if same or hit.term.kind is TermKind.HEARD else (end, [])
    return (after, [*pieces, *more]) if any(kind == "version" for kind, _ in more) else read


_SPELLING_BEHIND = re.compile(r"['\"]? ?\(([^()\d]{2,30})\)['\"]?(?! ?\.)")


def _past_quote(text: FoldedText, start: int, end: int, rules: RuleSet) -> tuple[int, list[tuple[str, str]]]:
    """The version behind the quotes around a family's name ('클링' 3.0); the end and no pieces where there is none."""
    quoted = text.norm[start - 1 : start] + text.norm[end : end + 1]
    after, pieces = tail(text, end + 1, rules) if quoted in _QUOTES else (end, [])
    return (after, pieces) if any(kind == "version" for kind, _ in pieces) else (end, [])


_QUOTES = {"''", '""', "「」", "『』"}


def _by_word(text: FoldedText, end: int, hits: Sequence[Hit], rules: RuleSet) -> tuple[int, list[tuple[str, str]]]:
    """A word of its own and a version behind a family's bare name (Hunyuan World 3); the end and no pieces where there is none."""
    word = _WORD_BEFORE_VERSION.match(text.norm, end)
    if word is None or any(hit.start == end + 1 and hit.term.kind is not TermKind.MODALITY for hit in hits):
        return end, []
    after, pieces = tail(text, word.end(), rules)
    if pieces[:1] and pieces[0][0] == "version" and nameable(rules, text.norm[end + 1 : after]):
        return after, [("variant", word[1]), *pieces]
    return end, []


_WORD_BEFORE_VERSION = re.compile(r" ([A-Z][a-z]{3,})(?= v?\d)")


def _whole_number(text: FoldedText, end: int) -> int:
    """Where a name that ends in a number ends with what stands behind the point: ``LTX-2`` in ``LTX-2.5``."""
    match = _POINT.match(text.low, end) if text.low[end - 1].isdigit() else None
    return match.end() if match else end


_POINT = re.compile(r"(?:\.\d+)+(?![a-z0-9])|\. \d+(?= ?[一-鿿])")


def _reach(mention: Mention, text: FoldedText) -> int:
    """How far the family's own spelling reaches in a mention: the longer alias is the better reading of the same span."""
    names = [lowered(name) for name in mention.family.names] if mention.family else []
    low = text.low[mention.start : mention.end]
    return mention.start + max((len(name) for name in names if low.startswith(name)), default=0)


_SITE = re.compile(r"\.(?:com|ai|org|net|io|dev|app)(?![a-z0-9])")  # Sora.com is a place


def _part_of_word(text: FoldedText, start: int, end: int) -> bool:
    """``GPT-FAI`` and ``KoGPT`` are names of their own, not the family's; ``GPT-based`` is nobody's."""
    joined = text.low[end : end + 1] == "-" and text.low[end + 1 : end + 2].isascii() and text.low[end + 1 : end + 2].isalpha()
    if not joined or text.norm[start].islower():
        return False
    return text.norm[end + 1].isupper()


def _mention(
    place: Stretch, text: FoldedText, hit: Hit, pieces: list[tuple[str, str]], family: Family, rules: RuleSet
) -> Mention:
    own_end, end = _whole_number(text, hit.end), place.end
    spelled, alias = text.norm[hit.start : end], text.norm[hit.start : own_end].replace(". ", ".")
    owns = rules.piece("owns").match(text.norm, own_end, end) if pieces else None
    written = f"{alias} {text.norm[owns.end() : end]}" if owns else _SPELLING_BEHIND.sub("", spelled)  # Suno's new v6 is Suno v6
    name = called(written, alias, pieces, family)
    line = not family.bare and not any(kind != "bracket" for kind, _ in pieces) and not has_digit(alias)
    made = member_of(family, name, pieces, place, spelled, rules)
    if whole := in_full(alias, pieces, family):
        parts = parts_of(whole)
        made = replace(made, model=replace(made.model, family=parts[0], version=parts[1], variant=parts[2]))
    return replace(made, kind=MentionKind.LINE) if line else made
