"""Whether two vendors are one however they are written, and what a source's word counts for on a vendor's models."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from aiwatch.model import Model, Source, Tier
from aiwatch.names import phonetic
from aiwatch.names.wordbook import alternatives
from aiwatch.text import flat, script_of

ALIKE = 0.66  # of two sounds: outlets hear 소라미쓰 and Soramitsu, アイアン and Iron, and translate Labs or leave it
_FORM = re.compile(f"{alternatives('firm')}$")


def vendor_key(name: str | None) -> str:
    """A vendor's name without case, spaces and marks."""
    return re.sub(r"[\W_]+", "", flat(name or ""))


def firm(name: str) -> str:
    """A vendor's key, or its name in small letters, without what firms put behind their names (deepseek of deepseekai)."""
    return _FORM.sub("", name).strip() or name


def compatible(one: str | None, other: str | None) -> bool:
    """Whether two vendors of models that bear one name can be the same: as they are written, or in two scripts.

    In two scripts they can where they sound alike (벨퀴스트, Velquist), or where one is Chinese.
    """
    # Chinese makers have other names abroad (月之暗面, Moonshot)
    abroad = {script_of(one or ""), script_of(other or "")} > {"han"}
    return one_maker(one, other) or abroad or transliterated(one or "", other or "")


@lru_cache(maxsize=8192)
def one_maker(one: str | None, other: str | None) -> bool:
    """Whether two vendors can be one as they are written: one is unknown, or the other with words behind (Google, Google DeepMind).

    A Latin name that only begins with the same letters is another's: Meitu and Meituan, AI2 and AI21 Labs.
    """
    short, long = sorted((one or "", other or ""), key=lambda name: len(vendor_key(name)))
    head, whole = vendor_key(short), vendor_key(long)
    rest = whole.removeprefix(head)
    if not whole.startswith(head) or not (head.isascii() and rest) or _FORM.fullmatch(rest):
        return whole.startswith(head)
    return not head or head in accumulate(re.findall(r"[^\W_]+", flat(long)))


def most_said(known: str | None, said: Iterable[str]) -> str | None:
    """The maker that most reports say, each counted once; of equally many, and of its own spellings, the one known before."""
    counts = Counter(known if known and compatible(known, one) else one for one in said)
    best, most = max(counts.items(), key=lambda one: one[1], default=(known, 0))
    return best if most > counts.get(known or "", 0) else known


@lru_cache(maxsize=8192)
def transliterated(one: str, other: str) -> bool:
    """Whether two makers' names are one in two scripts, or in traditional and simplified characters."""
    if script_of(one) == script_of(other):
        return phonetic.one_writing(vendor_key(one), vendor_key(other))
    whole = alike(phonetic.sounds(firm(vendor_key(one))), phonetic.sounds(firm(vendor_key(other))))
    return whole or _shortened(one, other) or _shortened(other, one)


def _shortened(one: str, other: str) -> bool:
    """Whether a maker's name in one word is the last of the other's words, as a headline's 오스프리 마인드 is read (Osprey Mind)."""
    words = other.split()
    return len(words) > 1 and len(one.split()) == 1 and phonetic.alike(one, words[-1], phonetic.SURE)


def alike(heard: Iterable[str], again: Iterable[str]) -> bool:
    """Whether two names' sounds are nearly the same."""
    return max((SequenceMatcher(None, a, b).ratio() for a in heard for b in again), default=0.0) >= ALIKE


def own_word(source: Source, maker: str | None) -> bool:
    """Whether a source is the maker's own; what a cloud, a hub or a chip maker publishes of others' models is no word of theirs."""
    return standing(source.tier, source.vendor, maker) is Tier.PRIMARY


def standing(tier: Tier, vendor: str | None, maker: str | None) -> Tier:
    """What the word of a vendor's source counts for on a maker's model: on another's it is press."""
    return Tier.PRESS if tier is Tier.PRIMARY and not compatible(vendor, maker) else tier


def by_maker(models: Sequence[Model]) -> list[tuple[Model, ...]]:
    """Models of one maker together: what two makers launch is two stories, even in one headline. No models: one empty group."""
    groups: list[list[Model]] = [[]]
    for model in models:
        home = next((group for group in groups if all(one_maker(model.vendor, other.vendor) for other in group)), None)
        if home is None:
            groups.append([model])
        else:
            home.append(model)
    return [tuple(group) for group in groups]
