"""Why a text, an address or an item is, or is not, an announcement: what the page and the API answer."""

from __future__ import annotations

from datetime import datetime

from aiwatch import headline
from aiwatch.explanation import Explanation, edited, explain
from aiwatch.judging import judge
from aiwatch.model import Detection, Item, Source
from aiwatch.said import Words
from aiwatch.views import Trace
from aiwatch.web.face import Face


def traced(face: Face, asked: str) -> Trace | None:
    """The archived item of that id or address."""
    return face.library.trace(asked) if "\n" not in asked else None


def explained(face: Face, asked: str, trace: Trace | None) -> Explanation:
    """An archived item by id or address with all that became of it; any other text is judged as a press headline would be."""
    if trace is not None:
        source = next((one for one in face.config.sources if one.id == trace.source_id), None)
        judged = trace.detection or _judged(face, trace.item, source or Source(id=trace.source_id, url=""), trace.item.seen_at)
        notes = [edited(len(trace.revisions))] if trace.revisions else []
        return explain(trace.item, judged, trace, notes)
    one = headline.judged(asked, face.rules, face.library.heard(), Words.of_names(face.library.same_names()))
    notes = ["not in the archive: judged as the headline of a press source"]
    return explain(one.item, one.detection, notes=notes, meant=one.meant)


def _judged(face: Face, item: Item, source: Source, until: datetime | None) -> Detection:
    """The rules' word, with the names in no list that the archive has heard by then."""
    (found,) = judge([(item, source)], face.rules, face.library.heard(until))
    return found
