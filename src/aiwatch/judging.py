"""The rules' word on items that came together, in the light of the names that earlier ones announced and that they give one another.

Pure: the same items and names give the same detections, in whatever order the items stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aiwatch.detect import detect, engine
from aiwatch.detect.learned import Heard, known_by
from aiwatch.feedback import UNSAID, Words
from aiwatch.model import Detection, Document, HeardName, Item, Judged, Note
from aiwatch.names.vendors import most_said
from aiwatch.rules import RuleSet
from aiwatch.stories.corrections import given
from aiwatch.text import fold


def judge(documents: Sequence[Document], rules: RuleSet, names: Sequence[HeardName] = ()) -> tuple[Detection, ...]:
    """Judge documents of one poll; ``names`` were announced before, oldest first."""
    names = told_by_others(names, documents)
    return reconsider(documents, first_word(documents, rules, known_by(names, rules)), rules, names)


def masked(document: Document, rules: RuleSet, names: Sequence[HeardName] = ()) -> dict[str, str]:
    """What patterns see of a document, by field, in the light of those names."""
    return engine.masked(*document, rules, known_by(told_by_others(names, [document]), rules))


def told_by_others(names: Iterable[HeardName], documents: Iterable[Document]) -> tuple[HeardName, ...]:
    """The names whose first item is none of these: who is judged again (edited, its page read) gives what it gives once more.

    No item is its own witness.
    """
    again = {item.id for item, _ in documents}
    return tuple(one for one in names if one.item_id not in again)


def first_word(documents: Iterable[Document], rules: RuleSet, heard: Heard) -> tuple[Detection, ...]:
    """Each document by itself."""
    return tuple(_alone(document, rules, heard) for document in documents)


def _alone(document: Document, rules: RuleSet, heard: Heard) -> Detection:
    found = detect(*document, rules, heard)
    return replace(found, guessed=True) if Note.TITLE_FROM_URL in document.item.notes else found


def reconsider(
    documents: Sequence[Document], judged: Sequence[Detection], rules: RuleSet, names: Sequence[HeardName]
) -> tuple[Detection, ...]:
    """What gave no name itself, again with those that the others gave: two reports of a morning explain each other."""
    new = _new(judged, names)
    theirs = known_by(new, rules)
    if not theirs:
        return tuple(judged)
    heard = known_by([*names, *new], rules)
    return tuple(
        _alone(document, rules, heard) if not (one.announcement or one.given) and _named(document.item, theirs) else one
        for document, one in zip(documents, judged, strict=True)
    )


def _new(judged: Iterable[Detection], names: Sequence[HeardName]) -> list[HeardName]:
    """The names that the detections give and nobody gave before; sorted, as items of one poll have no order."""
    before = {one.name for one in names}
    found = (one for detection in judged for one in detection.given if one.name not in before)
    return sorted(found, key=lambda one: (one.name, one.item_id))


def _named(item: Item, heard: Heard) -> bool:
    """Whether a name stands in what detection reads of an item."""
    return any(heard.hits(fold(text)) for text in engine.passages(item).values())


class Listener:
    """Judges one batch after the other and keeps the names that they give, as the service does from poll to poll.

    Who makes a model may be said later than its name, and is who most items say, or a person.
    """

    def __init__(self, rules: RuleSet, words: Words = UNSAID, names: Iterable[HeardName] = ()) -> None:
        """``names`` were given before the first batch, oldest first."""
        self._rules = rules
        self._words = words
        self._names: dict[str, HeardName] = {one.name: one for one in names}
        self._makers: dict[str, dict[str, str]] = {}  # by name: whose each item says it is

    def judge(self, batch: Sequence[Document]) -> Iterator[Judged]:
        """The batch with the rules' word on each."""
        judged = judge(batch, self._rules, tuple(self._names.values()))
        names = (name for one in judged for name in given(one, self._words))
        for name in sorted(names, key=lambda one: (one.name, one.item_id)):  # items of one poll have no order
            self._hear(name)
        return (Judged(*document, detection) for document, detection in zip(batch, judged, strict=True))

    def _hear(self, one: HeardName) -> None:
        known = self._names.setdefault(one.name, one)
        told = self._makers.setdefault(one.name, {})
        if one.vendor:
            told[one.item_id] = one.vendor
        if one.said:
            known = replace(known, vendor=one.vendor, modality=one.modality, said=True)
        elif not known.said:
            known = replace(known, vendor=most_said(known.vendor, told.values()))
        self._names[one.name] = known
