"""Why a text, an address or an item is, or is not, an announcement: what the page and the API answer."""

from __future__ import annotations

from aiwatch.detect import detect
from aiwatch.detect.heard import Heard, known_by
from aiwatch.explanation import Explanation, explain
from aiwatch.model import Item, Source, ident
from aiwatch.views import Trace
from aiwatch.web.face import Face


def traced(face: Face, asked: str) -> Trace | None:
    """The archived item of that id or address."""
    return face.library.trace(asked) if "\n" not in asked else None


def explained(face: Face, asked: str, trace: Trace | None) -> Explanation:
    """An archived item by id or address with all that became of it; any other text is judged as a press headline would be."""
    if trace is not None:
        source = next((one for one in face.config.sources if one.id == trace.source_id), None)
        judged = trace.detection or detect(
            trace.item, source or Source(id=trace.source_id, url=""), face.rules, _heard(face, trace)
        )
        notes = [f"the source edited it {len(trace.revisions)} times; the newest wording is shown"] if trace.revisions else []
        return explain(trace.item, judged, trace, notes)
    title, _, summary = asked.strip().partition("\n")
    key = ident("text", asked)
    item = Item(id=key, source_id="text", key=key, url=None, title=title.strip(), summary=" ".join(summary.split()))
    notes = ["not in the archive: judged as the headline of a press source"]
    return explain(item, detect(item, Source(id="text", url=""), face.rules, _heard(face)), notes=notes)


def _heard(face: Face, trace: Trace | None = None) -> Heard:
    """The names in no list that the archive has heard, up to an item."""
    return known_by(face.library.heard(trace.item.seen_at if trace else None), face.rules)
