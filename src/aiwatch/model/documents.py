"""What is judged, and what was: an item is never judged without the source that brought it."""

from __future__ import annotations

from typing import NamedTuple

from aiwatch.model.detections import Detection
from aiwatch.model.items import Item
from aiwatch.model.sources import Source


class Document(NamedTuple):
    """An item and the source that brought it. Handed by ``plan`` to ``judging``."""

    item: Item
    source: Source


class Judged(NamedTuple):
    """A document and what is said of it, by the rules or a person over them. Handed by ``judging`` to ``filing``."""

    item: Item
    source: Source
    detection: Detection

    @property
    def document(self) -> Document:
        """What was judged."""
        return Document(self.item, self.source)
