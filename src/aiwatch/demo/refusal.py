"""Why an item was not announced, in one line: the rule that said no, or what was lacking."""

from __future__ import annotations

from aiwatch.model import Detection


def of(detection: Detection) -> str:
    """A name that was not taken for a model's; else the strongest evidence against it; else what is missing."""
    if not detection.models:
        near = min(detection.near, key=lambda one: one.field != "title", default=None)
        return f"{near.rule}: {near.why or near.matched}" if near else "no model is named"
    against = min((one for one in detection.evidence if one.weight < 0), key=lambda one: one.weight, default=None)
    if against is not None:
        return f"{against.rule} ({against.weight:+g}): “{against.matched.strip()}”"
    if detection.near:
        return f"{detection.near[0].rule}: {detection.near[0].why or detection.near[0].matched}"
    names = ", ".join(one.name for one in detection.models)
    return f"score {detection.score:g} of {detection.threshold:g}: nothing says that {names} is new"
