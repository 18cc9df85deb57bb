"""Why a text, an address or an item is, or is not, an announcement: what the page and the API answer."""

from __future__ import annotations

from datetime import datetime

from aiwatch.explanation import Explanation, edited, explain
from aiwatch.judging import judge
from aiwatch.model import Detection, Item, Source, ident
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
    title, _, summary = asked.strip().partition("\n")
    key = ident("text", asked)
    item = Item(id=key, source_id="text", key=key, url=None, title=title.strip(), summary=" ".join(summary.split()))
    notes = ["not in the archive: judged as the headline of a press source"]
    return explain(item, _judged(face, item, Source(id="text", url="")), notes=notes)


def _judged(face: Face, item: Item, source: Source, until: datetime | None = None) -> Detection:
    """The rules' word, with the names in no list that the archive has heard by then."""
    (found,) = judge([(item, source)], face.rules, face.library.heard(until))
    return found
