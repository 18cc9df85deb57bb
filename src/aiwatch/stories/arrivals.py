"""The order in which items came: poll by poll, as the service wrote them.

Polls run at the same time. Where two bring reports of one launch, the poll that was written first has it, whichever was asked first; what
folds the past again (``replay``, ``refile``) must take them as they were written, or it hears of the launch from another item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from aiwatch.model import Document
from aiwatch.stories import times


def polls(came: Iterable[Document], end: datetime) -> Iterator[list[Document]]:
    """The items in the order seen, those of one poll together; undated ones that no poll saw come last, at ``end``."""
    placed = sorted(
        ((item.seen_at or times.when(item, end), source.id, item.id, source, item) for item, source in came),
        key=lambda p: p[:3],
    )
    for _, poll in groupby(placed, key=lambda p: p[:2]):
        yield [Document(item, source) for _, _, _, source, item in poll]


def as_committed(seen: Iterable[list[Document]], came: Iterable[Document]) -> list[list[Document]]:
    """The polls by where their new items stand in ``came``; what only edited goes behind those that were seen before it."""
    stands = {item.id: place for place, (item, _) in enumerate(came)}
    last, placed = -1, list[tuple[int, list[Document]]]()
    for poll in seen:
        first = min((stands[item.id] for item, _ in poll if item.revision == 1), default=last)
        last = max(last, first)
        placed.append((first, poll))
    return [poll for _, poll in sorted(placed, key=lambda one: one[0])]
