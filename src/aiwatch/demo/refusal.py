"""Why an item was not announced, in one line: the rule that said no, or what was lacking."""

from __future__ import annotations

from aiwatch.model import Detection


def of(detection: Detection) -> str:
    """A name in the title that was not taken for a model's; else the strongest evidence against it; else what is missing."""
    near = min(detection.lacking, key=lambda one: one.field != "title", default=None)
    if near is not None and near.field == "title" and not detection.models:
        return f"{near.rule}: {near.why or near.matched}"
    against = min((one for one in detection.evidence if one.weight < 0), key=lambda one: one.weight, default=None)
    if against is not None:
        return f"{against.rule} ({against.weight:+g}): “{against.matched.strip()}”"
    if near is not None:
        return f"{near.rule}: {near.why or near.matched}"
    if not detection.models:
        return "no model is named"
    names = ", ".join(one.name for one in detection.models)
    return f"score {detection.score:g} of {detection.threshold:g} needed: nothing says that {names} is new"
