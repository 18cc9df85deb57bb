"""Why a text, an address or an item is, or is not, an announcement: what the page, the API and an assistant's tool answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aiwatch import headline
from aiwatch.explanation import Explanation, edited, explain
from aiwatch.judging import judge
from aiwatch.model import Detection, HeardName, Source
from aiwatch.rules import RuleSet
from aiwatch.said import SameName, Words
from aiwatch.views import Trace


class Archive(Protocol):
    """What is asked of the database here; ``store.library`` answers it. Methods raise StoreError."""

    def trace(self, ref: str) -> Trace | None:
        """An item's whole way, by its id or address."""

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """Names in no list that were announced by then."""

    def same_names(self) -> list[SameName]:
        """Names that people said mean another model."""


def traced(archive: Archive, asked: str) -> Trace | None:
    """The archived item of that id or address."""
    return archive.trace(asked) if "\n" not in asked else None


def explained(archive: Archive, sources: Sequence[Source], rules: RuleSet, asked: str, trace: Trace | None) -> Explanation:
    """An archived item by id or address with all that became of it; any other text is judged as a press headline would be."""
    if trace is not None:
        judged = trace.detection or _judged(archive, sources, rules, trace)
        notes = [edited(len(trace.revisions))] if trace.revisions else []
        return explain(trace.item, judged, trace, notes)
    one = headline.judged(asked, rules, archive.heard(), Words.of_names(archive.same_names()))
    notes = ["not in the archive: judged as the headline of a press source"]
    return explain(one.item, one.detection, notes=notes, meant=one.meant)


def _judged(archive: Archive, sources: Sequence[Source], rules: RuleSet, trace: Trace) -> Detection:
    """The rules' word on what was not judged when it came, with the names in no list that the archive had heard by then."""
    source = next((one for one in sources if one.id == trace.source_id), None) or Source(id=trace.source_id, url="")
    (found,) = judge([(trace.item, source)], rules, archive.heard(trace.item.seen_at))
    return found
