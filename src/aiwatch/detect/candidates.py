"""Which words can be a model's name at all: no event, no plan, no policy, no common word, and none that a person said is none."""

from __future__ import annotations

import re

from aiwatch.detect.hanzi import simplified
from aiwatch.names.identity import is_size
from aiwatch.rules import RuleSet, TermKind
from aiwatch.text import fold, has_digit

_HAN = re.compile(r"[一-鿿]+")
_POINTED = re.compile(r"v?\d\.\d")
_RELEASE = re.compile(r"v?\d+(?:\.\d+){2,}|[vV]\d{1,2}\.\d")  # v0.9.0, 大模型V3.0: of what stands before it, no name


_NUMBER_BEHIND_WORD = re.compile(r"[ -]v?\d")
_UNNUMBERED = re.compile(r"[ -]?[\d.]+$")


def _does(rules: RuleSet, words: list[str]) -> bool:
    """Whether words say what is done: three or more (Predictive Data Debugging), without a number (Foo 2 Lightning) or a model's kind."""
    last = words[-1]
    return len(words) > 2 and all(map(str.isalpha, words)) and last.endswith("ing") and last not in rules.variants


def _only_counts(rules: RuleSet, spelled: str, words: list[str]) -> bool:
    """Whether it counts models (六款 of 开源六款模型), or says how large one is (7B French)."""
    sized_first = len(words) > 1 and is_size(words[0])
    return rules.piece("zhcount").match(spelled) is not None or (sized_first and not has_digit("".join(words[1:])))


def ignored(rules: RuleSet, spelled: str) -> bool:
    """Whether it is a word that is never a name, or a version of such a word (Zephyros 4, Zephyros Pro)."""
    low = fold(spelled).low
    ends = [hit.end for hit in rules.hits(low) if hit.term.kind is TermKind.IGNORED and hit.start == 0]
    return any(end == len(low) or _NUMBER_BEHIND_WORD.match(low, end) or low[end + 1 :] in rules.variants for end in ends)


def nameable(rules: RuleSet, spelled: str) -> bool:
    """Whether a captured word can be a model's name: not a common word, not a plan or policy or programme."""
    words = [word for word in re.split(r"[\s-]+", spelled.casefold()) if word]
    if (
        not 0 < len(words) <= 5
        or len(spelled) < 2
        or _RELEASE.fullmatch(spelled)
        or any(rules.piece(kind).search(spelled) for kind in ("event", "device", "deed"))
    ):
        return False
    if (
        (len(words) > 1 and words[0].endswith("ing") and not words[1].removeprefix("v").replace(".", "").isdigit())  # Luming 3
        or _does(rules, words)
        or any(rules.piece("adjectival").fullmatch(part) for part in spelled.casefold().split())
        or _only_counts(rules, spelled, words)
    ):
        return False
    if ignored(rules, spelled):
        return False  # a person said so: `aiwatch names ignore` (tests/stories/test_judging_commands.py)
    not_names = rules.unnameable
    varied = words[-1] in rules.variants and any(_POINTED.fullmatch(word) for word in words)  # Foo 4.2 Preview
    while len(words) > 1 and words[-1].replace(".", "").isdigit():
        words.pop()  # an SDK is none by its number
    if _HAN.fullmatch(_UNNUMBERED.sub("", spelled)) and any(part in simplified(spelled) for part in not_names["within"]):
        return False  # written without blanks, a description is one word (实时语音)
    if words[0] in not_names["first"] or (words[-1] in not_names["last"] and not varied):
        return False
    plain = all(word in not_names["common"] or is_size(word) for word in words)
    return not plain and not rules.piece("trial").search(words[-1])
