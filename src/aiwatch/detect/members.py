"""Members of a family as a text names them: what each is called, and the others of its line-up that are named without the family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aiwatch.detect.grammar import tail, variant
from aiwatch.detect.naming import Mention, MentionKind, Stretch, build, compose, modality_of
from aiwatch.rules import Family, RuleSet
from aiwatch.text import FoldedText, chinese, lowered, script


def member_of(family: Family, name: str, pieces: list[tuple[str, str]], place: Stretch, spelled: str, rules: RuleSet) -> Mention:
    """A mention of a member of a family by that name, at that place."""
    kind = modality_of(pieces, family.modality, rules)
    return Mention(
        MentionKind.MODEL, *place, build(name, vendor=family.vendor, modality=kind, is_known=True, spelled=spelled), family
    )


_INITIALS = re.compile(r"([A-Z]{2,})[ -]?(\d.*|)")


def in_full(alias: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """The family's own name where initials or another name stand for it (SD3, Tongyi Qianwen 4); it is shown as it is written."""
    if _flat(alias) in map(_flat, family.aliases):
        return compose(family, pieces, f"{family.prefix or ''} {family.shown}".strip())
    short = _INITIALS.fullmatch(alias)
    if short is None or short[1] != "".join(word[0] for word in family.shown.split()):
        return ""
    return compose(family, pieces, f"{family.shown} {short[2]}".strip())


def _flat(name: str) -> str:
    return re.sub(r"[\W_]+", "", lowered(name))


REORDERED = 4  # the version since which Claude's tiers stand before the number


def _reordered(name: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """What outlets call Claude 4 Sonnet is Claude Sonnet 4: a family whose tiers stand before the number."""
    if (
        not family.tier_first
        or [kind for kind, _ in pieces] != ["version", "variant"]
        or not pieces[0][1].replace(".", "").isdigit()
    ):
        return name
    number, tier = pieces[0][1], pieces[1][1]
    return f"{family.shown} {tier} {number}" if float(number.split(".")[0]) >= REORDERED else name


_PARTED_DIGITS = re.compile(r"(?<=\d)\. (?=\d)")  # 5. 1
_WORD_GROWN_ON = re.compile(r"(\d\.\d+)([A-Z][a-z]{3,}|preview)")  # 5.5Instant


def called(spelled: str, alias: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """The canonical Latin name of the member that is spelled so, its family's part being ``alias``."""
    return _reordered(_latin(spelled, alias, pieces, family), pieces, family)


def _latin(spelled: str, alias: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """As it is written where that is in Latin, else family and variants translated."""
    clean = _WORD_GROWN_ON.sub(r"\1 \2", _PARTED_DIGITS.sub(".", re.sub(r"\s+", " ", spelled).strip()))
    whole = f"{family.prefix or ''} {family.shown}".strip()
    # read off an address, everything is written small; outlets grow a name of two words together
    small = " " in clean and clean.islower() and lowered(family.shown).startswith(lowered(alias))
    if small or (" " in whole and lowered(alias) == lowered(whole).replace(" ", "")):
        return compose(family, pieces, whole)
    if (
        all(script(c) in {"latin", ""} for c in clean)
        and family.prefix is None
        and lowered(alias) not in {lowered(v) for v in family.versioned}
    ):
        return clean
    latin = all(script(c) in {"latin", ""} for c in alias)
    digits = re.search(r"\d(?![D\d]).*", alias)  # 3D is no version
    base = alias if latin and lowered(alias) not in {lowered(v) for v in family.versioned} else family.shown
    if not latin and digits and digits[0].strip() not in base:
        base += " " + digits[0].strip()
    if family.prefix:
        grown = lowered(base).startswith(lowered(family.prefix))  # DeepSeekV4
        own = base[len(family.prefix) :] if grown else base
        base = f"{family.prefix} {own}" if latin else f"{family.prefix} {family.shown}"
    return compose(family, pieces, base)


# --- line-ups -----------------------------------------------------------------------------------------------------------------


def coordinated(mention: Mention, text: FoldedText, pieces: list[tuple[str, str]], rules: RuleSet) -> list[Mention]:
    """Other members of a line-up that share family and version: the Opus of ``Claude 4 Sonnet and Opus``, the mini of ``GPT-7, 7-mini``."""
    version = next((piece for kind, piece in pieces if kind == "version"), None)
    if not version or mention.family is None:
        return []
    varied = pieces[-1][0] == "variant"
    members = []
    at = mention.end
    while match := rules.piece("row").match(text.norm, at):
        end, parts = _named_alone(text, match.end(), rules, version, small=_small(text, mention))
        numbered = text.norm[match.end() : match.end() + 1].isdigit()
        lettered = bool(parts) and _LETTERED.fullmatch(parts[0][1]) is not None
        if not parts or not (varied or lettered or (numbered and parts[0] == ("version", version))):
            break
        name = _reordered(compose(mention.family, parts), parts, mention.family)
        place = Stretch(mention.field, match.end(), end)
        members.append(member_of(mention.family, name, parts, place, text.norm[match.end() : end], rules))
        at = end
    return members


def _small(text: FoldedText, mention: Mention) -> bool:
    """Whether a name's last word is written small, so that the words beside it may be too (``GPT-5 mini and nano``)."""
    return text.norm[mention.start : mention.end].split(" ")[-1].islower()


def _named_alone(text: FoldedText, at: int, rules: RuleSet, version: str, *, small: bool) -> tuple[int, list[tuple[str, str]]]:
    """A member named without its family: a variant word (``and Opus``), or a number of its own and one (``3.5 Flash-Lite``)."""
    first = text.norm[at : at + 1]
    if chinese(text.norm) and (code := _LETTERED.match(text.norm, at)):
        end, parts = tail(text, code.end(), rules)
        ends = not any(kind == "version" for kind, _ in parts) and rules.piece("memberend").match(text.low, end)
        return (end, [("version", code[0]), *parts]) if ends else (at, [])
    if first.isdigit():
        end, parts = tail(text, at, rules)
        told = [kind for kind, _ in parts]
        return (end, parts) if told[:1] == ["version"] and "variant" in told else (at, [])
    step = variant(text, at, rules) if first.isupper() or script(text.low[at : at + 1] or " ") == "hangul" or small else None
    if step is None:
        return at, []
    end, more = tail(text, step.end, rules)
    if any(kind == "version" for kind, _ in more):
        return at, []
    return end, [("version", version), ("variant", step.spelled), *more]


_LETTERED = re.compile(r"[A-Z]\d{1,2}(?:\.\d)?(?![\w.-])|[A-Z]\d{1,2}(?:\.\d)?(?=[一-鿿])")  # the X1 of 文心大模型4.5及X1


def parted(text: FoldedText, known: Iterable[Mention], rules: RuleSet) -> list[Mention]:
    """Members told behind their family by what they add to its name, in quotes: the mini of 「GPT-5」の軽量版「mini」と「nano」."""
    found: list[Mention] = []
    for mention in known:
        match = rules.piece("edition").match(text.norm, mention.end)
        while match and mention.family:
            start = match.end()
            end, pieces = tail(text, start, rules)
            if text.norm[end : end + 1] not in _CLOSING or not _adds(mention, pieces):
                break
            whole = [("version", mention.model.version), *pieces] if mention.model.version else pieces
            name = _reordered(compose(mention.family, pieces, mention.model.name), whole, mention.family)
            found.append(member_of(mention.family, name, whole, Stretch(mention.field, start, end), text.norm[start:end], rules))
            match = rules.piece("nextedition").match(text.norm, end)
    return found


def _adds(mention: Mention, pieces: list[tuple[str, str]]) -> bool:
    """Whether pieces make a member of what is mentioned: its version, where it has none, or words, where it has but that."""
    kinds, model = {kind for kind, _ in pieces}, mention.model
    if "version" in kinds:
        return pieces[0][0] == "version" and not model.version
    return kinds == {"variant"} and bool(model.version) and not model.variant


_CLOSING = frozenset("'\"」』")


def listed_members(text: FoldedText, whole: Mention, rules: RuleSet) -> list[Mention]:
    """Members of a line-up named by their variant words alone, two or more in a row (``Scout, Maverick and Behemoth``)."""
    family = whole.family
    if family is None:
        return []
    for row in _rows(text.low, rules):
        before, behind = text.low[: row[0].start()], text.low[row[-1].end() :]
        if rules.ending("toplans").search(before) or rules.piece("plans").match(behind):
            continue
        members = []
        for word in row:
            told = ("variant", rules.variants[word[0]])
            parts = [("version", whole.model.version), told]
            # the number may be a part of the name (DeepSeek V4)
            name = compose(family, [told], whole.model.name) if family.prefix else compose(family, parts)
            members.append(member_of(family, name, parts, whole.stretch, text.norm[slice(*word.span())], rules))
        return members
    return []


def _rows(low: str, rules: RuleSet) -> Iterator[list[re.Match[str]]]:
    """Variant words in a row, two or more."""
    row: list[re.Match[str]] = []
    for word in rules.listed_variants.finditer(low):
        if row and not rules.piece("row").fullmatch(low, row[-1].end(), word.start()):
            if len(row) > 1:
                yield row
            row = []
        row.append(word)
    if len(row) > 1:
        yield row
