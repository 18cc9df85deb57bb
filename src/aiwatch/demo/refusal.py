"""Why an item was not announced, in one line: the rule that said no, or what was lacking."""

from __future__ import annotations

from aiwatch.model import Detection


def of(detection: Detection) -> str:
    """The strongest evidence against it; else the rule that nearly fired; else what is missing."""
    against = min((one for one in detection.evidence if one.weight < 0), key=lambda one: one.weight, default=None)
    if against is not None:
        return f"{against.rule} ({against.weight:+g}): “{against.matched.strip()}”"
    if detection.near:
        near = detection.near[0]
        return f"{near.rule}: {near.why}" if near.why else f"{near.rule}: “{near.matched}”"
    if not detection.models:
        return "no model is named"
    names = ", ".join(one.name for one in detection.models)
    return f"score {detection.score:g} of {detection.threshold:g}: nothing says that {names} is new"
