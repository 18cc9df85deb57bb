"""Names in no list: what stands in quotes, Latin words spelled like a code, and new members of a known family."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from aiwatch.detect.candidates import nameable
from aiwatch.detect.grammar import tail
from aiwatch.detect.hanzi import simplified
from aiwatch.detect.naming import Mention, MentionKind, Stretch, build
from aiwatch.model import Modality
from aiwatch.names import phonetic
from aiwatch.rules import Family, Hit, RuleSet, TermKind
from aiwatch.text import LATIN, FoldedText, chinese, has_digit, has_han, has_hangul, has_kana, japanese

KEPT_WORDS = 8192  # of which it is remembered whether they are spelled like a name
Span = tuple[int, int]

_LATIN_WORD = re.compile(rf"(?<![{LATIN}0-9@#/.])(?:[{LATIN}][{LATIN}0-9]*|\d+[A-Z][A-Za-z]*)(?:[-_.·][{LATIN}0-9]+)*\+?")
_QUOTED = re.compile(
    r"""(?:(?<![A-Za-z0-9])'([^'\n]{2,44})'|"([^"\n]{2,44})"|「([^」\n]{2,44})」|『([^』\n]{2,44})』|《([^》\n]{2,44})》|〈([^〉\n]{2,44})〉)"""
)
# How Japanese reads a name, behind or before it: Shigure(しぐれ), しぐれ(Shigure).
_READING = re.compile("^[\u3041-\u3096ー]{2,} ?\\((?=[A-Z][^()]*\\)$)| ?\\([\u3041-\u3096ー]{2,}\\)$")
_SPELT_OUT = re.compile(r"^([A-Za-z][ -'*-~]*?) ?\([A-Za-z][^()]*\)$")  # a Latin name, and what it stands for in brackets


def unknown(field: str, text: FoldedText, hits: list[Hit], taken: list[Span], rules: RuleSet) -> list[Mention]:
    """Candidates in no list: what stands in quotes, and Latin words spelled like a code (K2-Think, AudioPaLM, Foo-7B)."""
    found, services = _quoted(field, text, hits, taken, rules)
    found += _in_two_scripts(field, text, hits, _spans(found) + services + taken, rules)
    return found + _coded(field, text, hits, _spans(found) + services + taken, rules)


def _spans(found: Iterable[Mention]) -> list[Span]:
    return [(mention.start, mention.end) for mention in found]


def _quoted(field: str, text: FoldedText, hits: list[Hit], taken: list[Span], rules: RuleSet) -> tuple[list[Mention], list[Span]]:
    """What stands in quotes as a name does; and where what they hold is a service, so that no code in it is a model's either."""
    found: list[Mention] = []
    services: list[Span] = []
    for match in _QUOTED.finditer(text.norm):
        start, end = match.span(match.lastindex or 0)
        if (chinese(text.norm) and _rhetoric(text, match, hits, rules)) or (
            _said_aloud(text, match) and not any(h.term.kind is TermKind.NOUN and h.end == match.start() for h in hits)
        ):
            continue
        name = _SPELT_OUT.sub(r"\1", text.norm[start:end])
        if rules.piece("service").search(name):
            services.append((start, end))  # 'Open Ko-LLM 리더보드'
        if (
            (_quotable(_READING.sub("", name), rules) or _after_noun(name, match.start(), hits, text))
            and not rules.piece("device").search(name)
            and not _covered(start, start + len(name), taken)
            and not _of_product(text, start, end, hits)
            and not _of_common_words(text, start, end, hits)
        ):
            found.append(_with_version(field, text, start, end, rules) or candidate(field, text, start, end, rules))
    return found, services


def _coded(field: str, text: FoldedText, hits: list[Hit], taken: list[Span], rules: RuleSet) -> list[Mention]:
    """Latin words spelled like a code, with what belongs to them behind and before, where nothing else is ``taken``."""
    found, spans, hanzi = list[Mention](), list(taken), chinese(text.norm)
    for match in _LATIN_WORD.finditer(text.norm):
        start, end = match.span()
        if not _codelike(match[0], rules) or (hanzi and _variants(match[0], rules)):
            continue
        if overlaps(start, end, spans) and not _grown_onto_maker(text, start, end, hits, spans):
            continue
        if hanzi and _VERSION.fullmatch(match[0]) and any(h.term.kind is TermKind.NOUN and h.end == start for h in hits):
            continue  # 勘探大模型V3.0 has no other name than what it is of
        end, _ = tail(text, end, rules)
        if _SHORT.fullmatch(match[0]) or text.norm[start - 1 : start] == "-":
            start = leftward(text, start, end, hits, rules)
        spans.append((start, end))
        of_device = rules.piece("device").search(text.norm[start:end])
        if not of_device and not rules.piece("adjectival").fullmatch(text.low[start:end]):
            found.append(candidate(field, text, start, end, rules))
    return found


def _in_two_scripts(field: str, text: FoldedText, hits: Sequence[Hit], taken: list[Span], rules: RuleSet) -> list[Mention]:
    """Words with their Latin spelling in brackets and a version behind both (听澜(Tinglan) 3.1)."""
    found: list[Mention] = []
    for match in _BRACKETED.finditer(text.norm):
        end, pieces = tail(text, match.end(), rules)
        start = max([match.start(), *(hit.end for hit in hits if match.start() < hit.end <= match.end(1))])
        if chinese(text.norm):
            start = _sounding_like(text.norm, start, match.end(1), match[2])
        named = any(kind == "version" for kind, _ in pieces) and nameable(rules, match[2]) and start < match.end(1)
        if named and not overlaps(start, end, taken):
            found.append(candidate(field, text, start, end, rules))
    return found


_BRACKETED = re.compile(r"((?:[^\W\x00-\x7f]|ー|・){2,12}) ?\(([A-Za-z][A-Za-z0-9 .+-]{1,30})\)(?= ?-?[vV]?\d)")


def _sounding_like(norm: str, start: int, end: int, latin: str) -> int:
    """Where the name begins that ends the Chinese words from ``start`` to ``end``: what sounds like its Latin spelling, else all."""
    return next((at for at in range(end - 1, start - 1, -1) if phonetic.sounds(norm[at:end]) & phonetic.sounds(latin)), start)


def leftward(text: FoldedText, start: int, end: int, hits: Sequence[Hit], rules: RuleSet) -> int:
    """Where a name with a number begins, whose first word stands before what was found of it (the Silver of Silver Heron 2.0)."""
    found = (first.search(text.norm[:start]) for first in (_FIRST, _FIRST_OTHER, _FIRST_JOINED, _FIRST_HAN))
    before = next((one for one in found if one), None) or _han_before(text.norm, start, hits)
    if (
        before is None
        or any(part in simplified(before[1]) for part in rules.unnameable["within"])
        or any(before[1].casefold() in rules.unnameable[words] for words in ("common", "unversioned"))
    ):
        return start
    if overlaps(before.start(1), start, [(h.start, h.end) for h in hits]) or not nameable(
        rules, text.norm[before.start(1) : end]
    ):
        return start
    return before.start(1)


def _han_before(norm: str, start: int, hits: Sequence[Hit]) -> re.Match[str] | None:
    """A Chinese word before a mere code, behind a verb of launching or right behind its maker (科大讯飞墨声X3)."""
    if not _SHORT.match(norm, start):
        return None
    maker = max((hit.end for hit in hits if hit.names_maker and hit.end <= start), default=start)
    return _PUT_HAN.search(norm[:start]) or _OF_MAKER.match(norm[:start], maker)


_FIRST = re.compile(r"(?:(?:^|[a-z0-9]|[a-z0-9'\"][,:]|['\"]s) [\"']?|^|[가-힣ぁ-ヴー一-鿿、,] ?)([A-Z][a-z]{2,}) $")
_FIRST_OTHER = re.compile(r"(?:^|[,'\"「『(·、] ?)([가-힣]{2,8}|[ァ-ヴー・]{3,14}) $")  # ティンドラ v2.5 Pro
_FIRST_JOINED = re.compile(r"(?:^|[,'\"「『(\[<·、 ])([가-힣]{2,8}(?=-?$)|[ァ-ヴー・]{3,14}(?=-))-?$")  # 벨로-V2, 벨로V2
_FIRST_HAN = re.compile(r"(?:^|[,!?:。]) ?([一-鿿]{2,3})$")  # 墨声V4
_PUT_HAN = re.compile(  # 发布墨声 X3
    r"(?:(?:发布|發布|推出|开源|開源|上线|官宣)了?|新一代|全新|的|[A-Za-z0-9] ?[和与及]) ?([一-鿿]{2,3}) ?$"
)
_OF_MAKER = re.compile(r"([一-鿿]{2,3})$")
_VERSION = re.compile(r"[vV]\d{1,2}\.\d")
_SHORT = re.compile(r"(?:[A-Z]|[vV])\d{1,2}(?:\.\d)?")  # is more than it shows: the X2 of Norvia X2


def echoes(field: str, text: FoldedText, spelled: Iterable[str], taken: list[Span], rules: RuleSet) -> list[Mention]:
    """Where a field repeats, as words of their own, names that another field gave away; of two that overlap the longer."""
    found: list[Mention] = []
    for name in sorted(spelled, key=lambda name: (-len(name), name)):
        for match in re.finditer(rf"(?<![A-Za-z0-9]){_loosely(name)}(?![A-Za-z0-9])", text.norm):
            if not overlaps(*match.span(), taken + [(m.start, m.end) for m in found]):
                same = match[0] == name  # 云影Pro has the name that 云影 Pro gave away
                found.append(
                    candidate(field, text, *match.span(), rules) if same else unlisted(Stretch(field, *match.span()), name, rules)
                )
    return found


def _loosely(name: str) -> str:
    """A name as a pattern, with or without the blank that some outlets put between Chinese characters and others (云影 Pro, 云影Pro)."""
    return " ?".join(re.escape(part) for part in _BESIDE_HAN.split(name))


_BESIDE_HAN = re.compile(r"(?<=[一-鿿]) ?(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) ?(?=[一-鿿])")


def _rhetoric(text: FoldedText, match: re.Match[str], hits: list[Hit], rules: RuleSet) -> bool:
    """Whether Chinese quotes stress a word, as they mostly do: Han, no number, beside no word for model, no verb's whole object."""
    inner = match[match.lastindex or 0]
    if match[0][0] in "《〈":
        called = any(h.term.kind is TermKind.NOUN and h.end == match.start() for h in hits)
        if not called or rules.piece("zhdocument").search(simplified(inner)):
            return True  # books, films, games; 气象大模型《风语》 is none of these
    if not has_han(inner) or any(c.isascii() and c.isalnum() for c in inner):
        return False
    start, end = match.span()
    if any(part in inner for part in rules.unnameable["within"]):
        return not (rules.piece("zhofmodels").fullmatch(inner) and rules.piece("putting").search(simplified(text.norm[:start])))
    after = text.norm[end:]
    if any(h.term.kind is TermKind.NOUN and 0 <= h.start - end <= 1 for h in hits) or _headed_by_model(text, end, hits, rules):
        return False
    noun = any(h.term.kind is TermKind.NOUN and 0 <= start - h.end <= 1 for h in hits)
    row = noun and after[:1] in {'"', "'"}  # 大模型“风清”“风雷”
    if not (row or rules.piece("quoteend").search(simplified(after))):
        return True
    return not (noun or after[:1].isdigit() or rules.piece("putting").search(simplified(text.norm[:start])))


def _headed_by_model(text: FoldedText, end: int, hits: list[Hit], rules: RuleSet) -> bool:
    """Whether a trade and a word for model stand behind quotes, and what says that it is out (“凌云”低空大模型亮相)."""
    nouns = (h for h in hits if h.term.kind is TermKind.NOUN and end < h.start and _TRADE.fullmatch(text.norm, end, h.start))
    return any(text.norm[h.end :].strip() and rules.piece("quoteend").search(simplified(text.norm[h.end :])) for h in nouns)


_TRADE = re.compile("[一-鿿]{2,4}")  # between a name in quotes and the word for model that heads it


def _said_aloud(text: FoldedText, match: re.Match[str]) -> bool:
    """Whether double quotes hold what somebody says, in Korean words behind dots at the end, or in Japanese stress a word in Han alone."""
    inner = match[match.lastindex or 0]
    if match[0][0] == '"' and japanese(text.norm):
        return not any(c.isascii() and c.isalnum() for c in inner) and not has_kana(inner)  # they stress a word (“本物度”)
    if match[0][0] != '"' or not has_hangul(inner):
        return False
    if any(c.isascii() and c.isalnum() for c in inner) and len(inner.split()) <= 3:
        return False
    if not match.start() and _IN_SINGLE.search(text.norm, match.end()):
        return True  # "수능 만점" ... 'X': a title that opens with what is claimed puts its name into the other quotes
    return bool(_DOTS.search(text.norm[: match.start()])) and not text.norm[match.end() :].strip()


_IN_SINGLE = re.compile(r"(?<![A-Za-z0-9])'[^'\n]{2,44}'")
_DOTS = re.compile(r"(?:…|\.\.) ?$")


def _grown_onto_maker(text: FoldedText, start: int, end: int, hits: list[Hit], spans: list[Span]) -> bool:
    """A vendor's name that a number or word in no list has grown onto (Krutrim-3): a name of its own, and the vendor's."""
    inside = [hit for hit in hits if hit.names_maker and start == hit.start < hit.end < end and text.low[hit.end] == "-"]
    if not inside or overlaps(inside[0].end, end, spans):
        return False
    after = text.norm[inside[0].end + 1]
    return after.isdigit() or after.isupper()


def _of_product(text: FoldedText, start: int, end: int, hits: list[Hit]) -> bool:
    """Whether a quoted name opens with a product's (「ChatGPT for Pilots」): one more of that product, and no model."""
    opened = [h for h in hits if h.term.kind is TermKind.PRODUCT and h.start == start and h.end < end]
    return any(text.low[h.end] == " " for h in opened)


def _of_common_words(text: FoldedText, start: int, end: int, hits: list[Hit]) -> bool:
    """Whether what stands in quotes is common words: a noun for models or a kind of them, and nothing like a code."""
    if has_digit(text.norm[start:end]):
        return False
    if any(h.start <= start and end <= h.end and h.term.kind is TermKind.IGNORED for h in hits):
        return True
    first = re.match(r"[A-Z][A-Za-z-]+(?= [A-Z])", text.norm[start:end])
    kinds = {TermKind.NOUN, TermKind.MODALITY, TermKind.IGNORED, TermKind.VENDOR}
    if first and not any(h.start <= start and h.end >= start + first.end() and h.term.kind in kinds for h in hits):
        return False  # a word of its own before a word for a kind: Prisma Image
    return any(
        (start == h.start or (start < h.start and text.norm[h.start - 1] == " "))  # no word grown onto another (도큐VLM)
        and h.end <= end
        and h.term.kind in {TermKind.NOUN, TermKind.MODALITY}
        and (h.end == end or h.end - h.start > 3)
        for h in hits
    )


def unlisted(place: Stretch, name: str, rules: RuleSet, spelled: str = "") -> Mention:
    """A mention of a name in no list; ``spelled``: as it stands there, where that is otherwise."""
    return Mention(MentionKind.UNKNOWN, *place, build(name, modality=rules.kind_within(name), spelled=spelled))


def derived(field: str, start: int, end: int, spelled: str, family: Family | None, rules: RuleSet) -> Mention:
    """A mention of a family's new member, named by a word of its own."""
    modality = rules.kind_within(spelled)
    if modality is Modality.TEXT and family:
        modality = family.modality
    return Mention(
        MentionKind.MODEL,
        field,
        start,
        end,
        build(spelled, vendor=family.vendor if family else None, modality=modality, is_known=True, spelled=spelled),
        family,
    )


def candidate(field: str, text: FoldedText, start: int, end: int, rules: RuleSet) -> Mention:
    """A name in no list at a span of the text; the Latin spelling where it has one in brackets."""
    spelled = text.norm[start:end].strip()
    inner = None if _SPELT_OUT.search(spelled) else _LATIN.match(spelled)
    name = inner[1] if inner else _glossed(spelled) or _plain(spelled, rules)
    return unlisted(Stretch(field, start, end), name, rules, spelled)


def _plain(spelled: str, rules: RuleSet) -> str:
    """A spelling without the brackets at its end, or the word for a version behind its number (카나리아 3 버전)."""
    bare = re.sub(r"\s*\([^)]*\)$", "", spelled)
    word = rules.ending("versionword").search(bare)
    numbered = bare[: word.start()].removesuffix(" ") if word else ""
    return numbered if numbered[-1:].isdigit() else bare


def _glossed(spelled: str) -> str | None:
    """The Latin of two spellings with the number behind both (``팔란퀸(Palanquin) 4``, ``Palanquin(팔란퀸) 4``)."""
    match = _GLOSSED.fullmatch(spelled)
    return f"{match['inner'] or match['outer']} {match['number']}" if match else None


_LATIN = re.compile(r"[^()]*?\(([A-Za-z][^()]*)\)$")  # the Latin spelling is the name: '허니비(Honeybee)'
_GLOSSED = re.compile(
    r"(?:[^()\x00-\x7f][^()]*? ?\((?P<inner>[A-Za-z][A-Za-z0-9 .+-]*)\)|(?P<outer>[A-Za-z][A-Za-z0-9 .+-]*?) ?\([^()\x00-\x7f][^()]*\))"
    r" ?-?(?P<number>[vV]?\d.*)"
)
_NUMBER_BEHIND = re.compile(r"[\"'」』] ?(\d+(?:\. ?\d+)*)(?![\dA-Za-z])")


_VERSION_BEHIND = re.compile(r"[\"'」』] ?([vV]?\d+\.\d+|[vV]\d+)(?![\d.A-Za-z])")


def _with_version(field: str, text: FoldedText, start: int, end: int, rules: RuleSet) -> Mention | None:
    """A quoted name with its version behind the quotes (大模型"玄珠"2.0, '제피로스' 2.0); of a Chinese one any number is."""
    match = (_NUMBER_BEHIND if has_han(text.norm[start:end]) else _VERSION_BEHIND).match(text.norm, end)
    if match is None or rules.piece("unit").match(text.norm, match.end()):
        return None
    name = f"{text.norm[start:end]} {match[1].replace(' ', '')}"
    return unlisted(Stretch(field, start, match.end()), name, rules, text.norm[start : match.end()])


def overlaps(start: int, end: int, spans: list[Span]) -> bool:
    """Whether a span meets one of the others."""
    return any(start < e and s < end for s, e in spans)


def _covered(start: int, end: int, spans: list[Span]) -> bool:
    """Whether a quoted span meets a known one that is not just the first word of it, as a vendor's name is ('Rakuten AI 4.0')."""
    return any(start < e and s < end and not (start <= s and e < end and (s == start or e - s <= 2)) for s, e in spans)


_HIRAGANA = re.compile("[\u3041-\u3096]")  # Japanese models are named in other scripts; this is a phrase


def _quotable(inner: str, rules: RuleSet) -> bool:
    """Short and name-like: no sentence, no slogan, no share (67%)."""
    words = inner.split()
    if _HIRAGANA.search(inner) or rules.piece("service").search(inner) or not any(c.isalpha() for c in inner):
        return False
    if rules.piece("said").search(inner) or len(words) > 5 or inner[-1] in ".!?…," or inner != inner.strip():
        return False
    if (
        (has_hangul(inner) and rules.piece("koamount").match(inner))
        or _MEASURED.fullmatch(inner)
        or _headed(inner.casefold().split(), rules)
    ):
        return False
    latin = any(c.isascii() and c.isalpha() for c in inner)
    if latin:
        small = [word for word in words if word.islower() and word.isascii() and not has_digit(word)]
        return (has_digit(inner) or any(map(str.isupper, inner))) and len(small) <= len(words) // 2
    return len(inner) <= 12 and len(words) <= 3


def _after_noun(inner: str, start: int, hits: list[Hit], text: FoldedText) -> bool:
    """Whether it stands right behind a word for model, where a word in Hiragana or one that ends as Korean verbs do is a name all the same.

    (歌声生成モデル「うたかた2」, sLLM '마루다'); elsewhere that is a phrase.
    """
    named = _KANA_NAME.fullmatch(inner) or _HANGUL_NAME.fullmatch(inner)
    return named is not None and any(
        h.term.kind is TermKind.NOUN and not text.norm[h.end : start].strip() for h in hits if h.end <= start
    )


_KANA_NAME = re.compile("[\u3041-\u3096ー]{2,7}(?:[ -]?\\d[\\d.]*[A-Za-z]?)?")
_HANGUL_NAME = re.compile("[가-힣]{2,4}(?:[ -]?\\d[\\d.]*[A-Za-z]?)?")


def _headed(words: list[str], rules: RuleSet) -> bool:
    """Whether a word says that a name is none: its first (Project Eden, 50 Years), or the one before its number (Visual Suite 2.0)."""
    if len(words) < 2:
        return False
    first, last = (rules.unnameable[where] for where in ("first", "last"))
    before = words[-2] if words[-1].replace(".", "").isdigit() else ""
    numbered = words[0] in rules.unnameable["unversioned"] and words[1][0].isdigit()  # Firefox 150
    return words[0].isdigit() or numbered or words[0] in first or (before in last and before not in rules.data.words.nouns)


_MEASURED = re.compile(r"\d[\d.,]* [a-z]+")  # '1.58 bits'


def _variants(word: str, rules: RuleSet) -> bool:
    """Whether it is variant words and nothing else: the Flash-Lite of 玄珠 6.7 Flash-Lite."""
    return all(part in rules.variants for part in word.casefold().split("-"))


@lru_cache(maxsize=KEPT_WORDS)
def _codelike(word: str, rules: RuleSet) -> bool:
    """Spelled like a name: letters with digits, capitals within, or a family's word joined by a hyphen.

    It is asked of every Latin word there is, and most have stood in an earlier text.
    """
    if (
        len(word) < 2
        or ("·" in word and not has_digit(word))
        or (word.islower() and "-" not in word)
        or not (word[0].isalpha() or word[0].isdigit())
    ):
        return False
    numbered = has_digit(word)
    if numbered:
        shaped = word[0].isalpha() and (any(c.isupper() for c in word) or "-" in word)
    elif "-" in word and rules.piece("jointword").search(word):
        shaped = True
    else:
        inner_capital = any(a.islower() and b.isupper() for a, b in itertools.pairwise(word.replace("-", "")))
        shaped = word[0].isupper() and len(word) > 3 and (inner_capital or bool(rules.piece("modelword").search(word)))
    return shaped and not rules.piece("code").fullmatch(word) and (numbered or not rules.piece("compounding").search(word))
