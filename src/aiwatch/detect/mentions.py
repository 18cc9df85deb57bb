"""The names that stand in one field of an item: of the lexicon, in no list, and those only their frame gives away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from aiwatch.detect import lexicon, lineups, shapes, unlisted
from aiwatch.detect.candidates import nameable
from aiwatch.detect.firings import applies, languages
from aiwatch.detect.grammar import tail
from aiwatch.detect.members import parted
from aiwatch.detect.naming import Mention, MentionKind, Stretch
from aiwatch.detect.scene import Scene
from aiwatch.detect.views import View, mask
from aiwatch.detect.witness import own_or_other, witnessed
from aiwatch.model import Tier
from aiwatch.rules import Family, Hit, RuleSet, TermKind
from aiwatch.rules.masks import SIGNS
from aiwatch.text import FoldedText, chinese, fold, has_digit, japanese_title


def read(scene: Scene, field: str, given: AbstractSet[str] = frozenset()) -> Scene:
    """The scene with a field read: its names found and masked. ``given`` are new names that the other field gave away."""
    text, hits = scene.texts[field], scene.hits[field]
    listed, near = witnessed(scene, lexicon.known(field, text, hits, scene.rules, scene.heard))
    listed += parted(text, listed, scene.rules)
    mentions = [lexicon.own(mention, scene.heard, scene.rules) for mention in _of_the_repository(text, listed)]
    taken = [(m.start, m.end) for m in mentions if m.kind is MentionKind.MODEL] + [
        (h.start, h.end) for h in hits if h.term.kind in {TermKind.VENDOR, TermKind.PRODUCT} and not _variant_joined(text, h)
    ]
    taken += [(h.start, tail(text, h.end, scene.rules)[0]) for h in hits if h.term.kind is TermKind.IGNORED]  # with its version
    found = unlisted.unknown(field, text, hits, taken, scene.rules)
    found = _with_versioned(scene, field, found, mentions, taken)
    found = [u for u in _of_the_repository(text, found, mentions) if not any(_continues(u, m) for m in mentions)]
    found += unlisted.echoes(field, text, given, taken + [(m.start, m.end) for m in found], scene.rules)
    found += _versions(scene, field, [*mentions, *found])
    found = _of_a_kind(scene, field, found, mentions)
    found = [shapes.shaped(scene, _adopted(scene, field, mention, mentions)) for mention in found]
    makers = {scene.vendor or "", *(maker for row in scene.hits.values() for maker in lexicon.makers_in(row))}
    found = [lexicon.sounding(mention, text, makers, scene.rules) for mention in found]
    mentions += [lexicon.told(mention, scene.heard, scene.rules) for mention in found]
    if field == "title":
        scene = own_or_other(scene, mentions)
    view = mask(field, text, hits, mentions, scene.rules)
    framed, captured = _framed(scene, view)
    if framed:
        mentions = [m for m in mentions if not _overlaps(m.start, m.end, framed)] + framed
        hits = [h for h in hits if not _overlaps(h.start, h.end, framed)]
        view = mask(field, text, hits, mentions, scene.rules)
    describing = {id(m) for at, m in view.mentions.items() if _only_describes(scene, view, at, m)}
    named = [m for m in mentions if id(m) not in describing]
    view = mask(field, text, hits, named, scene.rules) if describing else view
    return scene.reading(view, tuple(near), tuple(captured))


def _of_the_repository(text: FoldedText, names: list[Mention], known: Sequence[Mention] = ()) -> list[Mention]:
    """The names without those in an account's name, where a text is the address of another (XiaomiMiMo/MiMo-V4 · Hugging Face)."""
    account = _ACCOUNT.match(text.norm)
    if account is None or all(mention.start < account.end() for mention in (*names, *known)):
        return names
    return [mention for mention in names if mention.start >= account.end()]


_ACCOUNT = re.compile(r"[\w.-]+/(?=[\w.-]+(?:$| ·))")


def _variant_joined(text: FoldedText, hit: Hit) -> bool:
    """Whether a product's word is joined to a code as its variant (Foo-5.2-Codex)."""
    return hit.term.kind is TermKind.PRODUCT and bool(_CODE_JOINED_BEFORE.search(text.norm[: hit.start]))


_CODE_JOINED_BEFORE = re.compile(r"[A-Za-z]-?\d[\d.]*-$")


def _with_versioned(
    scene: Scene, field: str, found: list[Mention], known: Sequence[Mention], taken: list[tuple[int, int]]
) -> list[Mention]:
    """Candidates and names with a version; the longer of two that overlap, which is the version's where the other is its end (K2.6)."""
    others = shapes.versioned(scene, field, known, taken)
    longer = [
        v
        for v in others
        if nameable(scene.rules, v.model.spelled)
        and all(v.start <= u.start and u.end <= v.end for u in found if u.start < v.end and v.start < u.end)
    ]
    return [u for u in found if not _overlaps(u.start, u.end, longer)] + longer


def _continues(unknown: Mention, known: Mention) -> bool:
    """Whether what stands in quotes is a known model with its version, and more in Hangul (``'코스모스 3 네걸음'``)."""
    if unknown.start != known.start or not known.end < unknown.end or not known.model.version:
        return False
    return not any(char.isascii() and char.isalpha() for char in unknown.model.spelled[known.end - known.start :])


def _adopted(scene: Scene, field: str, mention: Mention, known: Sequence[Mention]) -> Mention:
    """A new name right after a vendor who is a family too (Mistral NeMo) is that family's; so is a quoted one that opens with a member."""
    text = scene.texts[field]
    head = next(
        (m for m in known if m.start == mention.start and m.kind is not MentionKind.UNKNOWN and m.end < mention.end), None
    )
    spelled = text.norm[mention.start : mention.end]
    if head and text.norm[head.end] == " " and _TITLED.fullmatch(spelled) and nameable(scene.rules, spelled):
        return _kin(head, mention.start, mention.end, spelled, scene.rules)
    if head and (told := _grown_in_hangul(scene, head, mention)):
        return told
    for hit in scene.hits[field]:
        if hit.names_maker and hit.end == mention.start - 1 and text.low[hit.end] == " ":
            family = scene.rules.family_called(text.low[hit.start : hit.end])
            if family:
                return unlisted.derived(field, hit.start, mention.end, text.norm[hit.start : mention.end], family, scene.rules)
    return _branded(scene, field, mention) or mention


def _grown_in_hangul(scene: Scene, head: Mention, mention: Mention) -> Mention | None:
    """A quoted name in Hangul that a hyphen grows onto a family whose maker the field names: by the family's Latin name, in no list."""
    tail = scene.texts[head.field].norm[head.end : mention.end]
    makers = lexicon.makers_in(scene.hits[head.field])
    if head.family is None or head.family.vendor not in makers or not _HANGUL_TAIL.fullmatch(tail):
        return None
    told = _kin(head, mention.start, mention.end, head.model.name + tail, scene.rules)
    return replace(told, model=replace(told.model, spelled=mention.model.spelled, known=False))


def _kin(known: Mention, start: int, end: int, spelled: str, rules: RuleSet) -> Mention:
    """A longer name that a known one opens or stands in: of its family, or of what was heard."""
    if known.told_by is None:
        return unlisted.derived(known.field, start, end, spelled, known.family, rules)
    model = unlisted.unlisted(Stretch(known.field, start, end), spelled, rules).model
    return replace(known, kind=MentionKind.MODEL, start=start, end=end, model=model)


def _branded(scene: Scene, field: str, mention: Mention) -> Mention | None:
    """A number after the name of a maker whose models bear its own: what 百川智能 calls M9 is Baichuan M9, Midjourney's V9 its next.

    So is a number of a kind (DeepSeek开源OCR 2 is DeepSeek OCR 2), and what a line launches by its code (Kling AI unveils O1).
    """
    text, code = scene.texts[field], mention.model.name
    parts = _LINE_CODE.fullmatch(code)
    if parts is None or (parts["variant"] and parts["variant"].casefold() not in scene.rules.variants):
        return None
    letters, number = parts["letters"], parts["number"]
    if len(letters) > CODE_LETTERS and letters.casefold() not in scene.rules.kind_words:
        return None
    family = _launching(scene, field, mention)
    if family is None and (
        chinese(text.norm) or _PLAIN_VERSION.fullmatch(number) or letters.casefold() in scene.rules.kind_words
    ):
        family = _namesake(scene, field, mention, number)
    if family is None:
        return None
    return _of_line(scene, field, family, (mention.start, mention.end), code)


def _of_line(scene: Scene, field: str, family: Family, span: tuple[int, int], code: str) -> Mention:
    """What a text calls by its code alone, as a model of the line."""
    told = unlisted.derived(field, *span, f"{family.shown} {code}", family, scene.rules)
    return replace(told, model=replace(told.model, spelled=scene.texts[field].norm[slice(*span)]))


def _lines(scene: Scene, field: str) -> list[tuple[int, Family]]:
    """The lines that bear their maker's name and stand in a field, and where each ends."""
    found = ((hit.end, scene.rules.family(hit.term.key)) for hit in scene.hits[field] if hit.term.kind is TermKind.FAMILY)
    return [(end, family) for end, family in found if not family.bare]


def _launching(scene: Scene, field: str, mention: Mention) -> Family | None:
    """The line whose bare name launches what is mentioned."""
    norm, between = scene.texts[field].norm, scene.rules.piece("linelaunches")
    named = next((family for end, family in _lines(scene, field) if between.fullmatch(norm, end, mention.start)), None)
    return named or next((family for at, family in _own_line(scene, field) if at == mention.start), None)


def _own_line(scene: Scene, field: str) -> list[tuple[int, Family]]:
    """The line that bears the name of the maker whose page it is, and where its title has greeted (Suno's own ``Introducing v6``)."""
    if field != "title" or scene.tier is not Tier.PRIMARY or not scene.vendor:
        return []
    greeted = scene.rules.piece("greets").match(scene.texts[field].norm)
    family = scene.rules.family_called(fold(scene.vendor).low) if greeted else None
    return [(greeted.end(), family)] if family and family.vendor == scene.vendor else []


def _versions(scene: Scene, field: str, known: Sequence[Mention]) -> list[Mention]:
    """The bare versions that lines which bear their maker's name launch (Suno launches v6, Kling AI unveils 2.5 Turbo)."""
    text, between, found = scene.texts[field], scene.rules.piece("linelaunches"), list[Mention]()
    gaps = [(between.match(text.norm, at), family) for at, family in _lines(scene, field)]
    starts = [(gap.end(), family) for gap, family in gaps if gap] + _own_line(scene, field)
    for start, family in starts:
        end, pieces = tail(text, start, scene.rules)
        if _bare_version(pieces) and not _overlaps(start, end, known):
            found.append(_of_line(scene, field, family, (start, end), text.norm[start:end]))
    return found


def _of_a_kind(scene: Scene, field: str, found: list[Mention], known: Sequence[Mention]) -> list[Mention]:
    """The names in no list, with those of a line or a maker and a kind of model (Qwen-Image, Kyutai TTS 1.6B)."""
    named = [mention for hit in scene.hits[field] if (mention := _kind_of(scene, field, hit)) is not None]
    named = [mention for mention in named if not _overlaps(mention.start, mention.end, known)]
    return [mention for mention in found if not _overlaps(mention.start, mention.end, named)] + named


def _kind_of(scene: Scene, field: str, hit: Hit) -> Mention | None:
    """What a line and a kind joined to it name, or a maker, a kind and a number."""
    text, rules = scene.texts[field], scene.rules
    family = rules.family(hit.term.key) if hit.term.kind is TermKind.FAMILY else None
    if family and not family.weak and (end := _whole(text, rules.piece("kindjoined").match(text.low, hit.end))):
        return unlisted.derived(field, hit.start, end, text.norm[hit.start : end], family, rules)
    if hit.names_maker and (end := _whole(text, rules.piece("kindnumber").match(text.norm, hit.end))):
        told = unlisted.candidate(field, text, hit.start, end, rules)
        return replace(told, model=replace(told.model, vendor=_vendor_of_hit(scene, hit)))
    return None


def _whole(text: FoldedText, match: re.Match[str] | None) -> int | None:
    """Where a match ends, if no word or number goes on there."""
    return match.end() if match and not _GOES_ON.match(text.norm, match.end()) else None


_GOES_ON = re.compile(r"\.?[\w%]")


def _bare_version(pieces: Sequence[tuple[str, str]]) -> bool:
    """Whether it is a version that can stand for a model by itself (v6, 2.5 Turbo), and no count (5 new features, 2.5 million)."""
    if not pieces or pieces[0][0] != "version":
        return False
    varied = len(pieces) > 1 and pieces[1][0] == "variant"
    return _PLAIN_VERSION.fullmatch(pieces[0][1]) is not None or (varied and "." in pieces[0][1])


def _namesake(scene: Scene, field: str, mention: Mention, code: str) -> Family | None:
    """The family that bears the name of the one maker named before what is mentioned; only a lab's where the code is no version."""
    kinds = {TermKind.VENDOR, TermKind.SHORT, TermKind.FAMILY}
    makers = {_vendor_of_hit(scene, h) for h in scene.hits[field] if h.term.kind in kinds and h.end <= mention.start}
    families = [scene.rules.family_called(fold(maker.split(" ")[0]).low) for maker in makers]
    family = families[0] if len(families) == 1 else None
    if (
        family is None
        or family.vendor not in makers
        or (family.vendor not in scene.rules.labs and not _PLAIN_VERSION.fullmatch(code))
    ):
        return None
    return family


def _vendor_of_hit(scene: Scene, hit: Hit) -> str:
    """Whom a hit names; a family's is who makes it."""
    return scene.rules.family(hit.term.key).vendor if hit.term.kind is TermKind.FAMILY else hit.term.key


_PLAIN_VERSION = re.compile(r"(?:[vV]|version )\d+(?:\.\d+)?")
CODE_LETTERS = 3  # of a code; longer ones are words
_LINE_CODE = re.compile(  # no name by itself: V9, Ocr 2, V9.1-Terminus, K9-0905
    r"(?P<number>(?P<letters>[A-Z]{1,3}|[a-z]|[A-Z][a-z]{3,}) ?\d{1,2}(?:\.\d)?)"
    r"(?:[ -](?P<variant>[A-Z][a-z]+|[가-힣]{2,}|[ァ-ヴー]{2,}))?(?:-\d{4}(?:\d\d){0,2})?"
)
_HANGUL_TAIL = re.compile(r"-[가-힣]{2,}(?:-[가-힣]+)*(?: ?\d[\d.]*)?")  # what a hyphen joins to a family: 큐원-에이전트월드
_TITLED = re.compile(r"[A-Z0-9][!-~]*(?: [A-Z0-9][!-~]*)+")  # every word with a capital or a number


def _overlaps(start: int, end: int, mentions: Sequence[Mention]) -> bool:
    return any(start < m.end and m.start < end for m in mentions)


def _framed(scene: Scene, view: View) -> tuple[list[Mention], list[str]]:
    """Names that only their frame gives away (``Introducing X``): what rules of kind ``new`` capture as ``name``, and these rules."""
    found: list[Mention] = []
    captured: list[str] = []
    for rule, pattern in scene.rules.fired(view.masked, new=True, languages=languages(scene, view.text.norm)):
        if rule.language == "zh" and view.field == "title" and scene.japanese:
            continue
        group = pattern.groupindex.get("name")
        match = pattern.search(view.masked) if group and applies(scene, rule, view) else None
        if match is None or match.group(group) is None:
            continue
        start, end = view.starts[match.start(group)], view.starts[match.end(group)]
        swallowed = scene.rules.piece("swallowed").search(view.text.norm[start:end])
        end = start + swallowed.start() if swallowed else end
        if view.text.norm[start:end].startswith("AI ") and japanese_title(view.text.norm):
            start += 3
        spelled = view.text.norm[start:end].strip()
        if _OTHERS.match(view.text.norm, end):
            continue
        if quoted := _quoted_before(view, start, spelled):
            found.append(_kin(quoted, quoted.start, end, f"{view.text.norm[quoted.start : quoted.end]} {spelled}", scene.rules))
            continue
        if fold(spelled).low in scene.rules.variants and (longer := _KANA_BEFORE.search(view.text.norm[:start])):
            start = longer.start()  # ウィステリア 1.5 Flash
        if _V_NUMBER.match(spelled):
            start = unlisted.leftward(view.text, start, end, scene.hits[view.field], scene.rules)
        end = _whole_end(scene, view, start, end)
        spelled = view.text.norm[start:end].strip()
        known = swallowed and any((m.start, m.end) == (start, end) for m in view.mentions.values())
        if spelled and not known and nameable(scene.rules, spelled) and not _overlaps(start, end, found):
            told = _told(scene, view, (start, end), again="again" in pattern.groupindex)
            found += told
            captured += [rule.id] if told else []
    return found, captured


def _told(scene: Scene, view: View, span: tuple[int, int], *, again: bool) -> list[Mention]:
    """The name that a frame gave away, with those in a row behind it; none where the frame is of line-ups and no row is there."""
    norm = view.text.norm
    row = lineups.beside(scene.rules, norm, span[1], norm[span[0] : span[1]].strip())
    spans = [span, *row] if row or not again else []
    return [_new_mention(scene, view, start, end, norm[start:end].strip()) for start, end in spans]


def _whole_end(scene: Scene, view: View, start: int, end: int) -> int:
    """Where a captured name ends whose last word was found before by its number (大模型Copper Finch-2)."""
    rest = next((m for m in view.mentions.values() if m.kind is MentionKind.UNKNOWN and m.start == end + 1), None)
    if rest is None or view.text.norm[end] != " " or not nameable(scene.rules, view.text.norm[start : rest.end]):
        return end
    return rest.end


_KANA_BEFORE = re.compile(r"[ァ-ヴー]{3,} ?\d[\d.]* $")
_OTHERS = re.compile(r"'s ")  # it is whose something is: the World's largest model
_V_NUMBER = re.compile(r"[vV]\d")  # of a name whose word stands before it (ティンドラ v2.5 Pro)
_LOOSE = re.compile(r"[vV]?\d[\d.]*")


def _quoted_before(view: View, start: int, spelled: str) -> Mention | None:
    """The quoted name of which the captured is but the version (「Zephyros」v1.1)."""
    if not _LOOSE.fullmatch(spelled) or view.text.norm[start - 1 : start] not in {"'", '"', "」", "』"}:
        return None
    return next((m for m in view.mentions.values() if m.end == start - 1 and m.kind is not MentionKind.UNKNOWN), None)


def _only_describes(scene: Scene, view: View, at: int, mention: Mention) -> bool:
    """Whether a word in no list only says of what kind a model is: unveils Hybrid Foundation Model Foo 2; Foo 2: A Diffusion Model."""
    if mention.kind is not MentionKind.UNKNOWN or mention.told_by or has_digit(mention.model.name):
        return False
    kind = _KIND.match(view.masked, at + 1)
    return kind is not None and (kind.end() in view.mentions or scene.rules.ending("isa").search(view.masked[:at]) is not None)


_KIND = re.compile(f" {SIGNS['N']}(?: ['\"]?)?")


def _new_mention(scene: Scene, view: View, start: int, end: int, spelled: str) -> Mention:
    """A captured name. One that holds a known name (Codestral Mamba), or follows a vendor who is a family too, is of that family."""
    known = next((m for m in view.mentions.values() if m.kind is MentionKind.MODEL and start <= m.start and m.end <= end), None)
    if known:
        return _kin(known, start, end, spelled, scene.rules)
    at = max((at for at in view.vendors if view.starts[at + 1] < start and start - view.starts[at + 1] <= 1), default=None)
    if at is not None:
        first = view.starts[at]
        family = scene.rules.family_called(view.text.low[first : view.starts[at + 1]])
        if family:
            return unlisted.derived(view.field, first, end, view.text.norm[first:end], family, scene.rules)
    new = unlisted.candidate(view.field, view.text, start, end, scene.rules)
    return _branded(scene, view.field, new) or shapes.shaped(scene, new)
