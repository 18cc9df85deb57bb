"""How the title is worded, as evidence: what was learned of titles in which names are masked (``rules.wording``)."""

from __future__ import annotations

from collections.abc import Sequence

from aiwatch.detect.asides import ASIDE_FACTOR
from aiwatch.detect.scene import Firing, Scene
from aiwatch.model import Evidence, Tier
from aiwatch.text import script

MOST = 2.0  # what the wording alone can add or take
# Of its trust where nothing says AI: it was learned from headlines on AI, and cars and cameras are launched in the same words.
UNSAID_FACTOR = 0.5


def worded(scene: Scene, cues: Sequence[Firing], *, unsaid: bool) -> list[Evidence]:
    """One piece of evidence, for or against, at the words that tell most; ``cues`` announce the subject, in the title or under it.

    Where one does in so many words, and on a maker's own page, its doubt counts less, and its trust where nothing says AI (``unsaid``).
    Set the weight ``wording`` to 0 to turn it off.
    """
    wording, title, scale = scene.rules.wording, scene.title, scene.rules.weight("wording")
    if wording is None or not scale or not title.masked.strip():
        return []
    odds, telling = wording.read(title.masked)
    weight = max(-MOST, min(MOST, scale * odds))
    if weight < 0 and (scene.tier is Tier.PRIMARY or any(cue.rule.says_launch for cue in cues)):
        weight *= ASIDE_FACTOR
    if weight > 0 and unsaid:
        weight *= UNSAID_FACTOR
    start, end = title.raw_span(*_whole_words(title.masked, *telling))
    what = "as announcements are" if weight > 0 else "as what announces nothing"
    half = "; nothing says AI of a model, so that half of it counts" if weight > 0 and unsaid else ""
    why = f"worded {what}, as learned from {wording.titles:,} headlines{half}"
    matched = title.text.raw[start:end]
    return [Evidence(rule="wording", field="title", start=start, end=end, matched=matched, weight=round(weight, 3), why=why)]


def _whole_words(masked: str, start: int, end: int) -> tuple[int, int]:
    """The span with the rest of the words that it cuts, and without blanks at its ends; in Chinese and Japanese nothing parts words."""
    if not masked[start:end].strip():  # what tells most is what parts two words
        start, end = max(start - 1, 0), min(end + 1, len(masked))
    while start > 0 and _lettered(masked[start]) and _lettered(masked[start - 1]):
        start -= 1
    while end < len(masked) and _lettered(masked[end - 1]) and _lettered(masked[end]):
        end += 1
    inner = masked[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _lettered(char: str) -> bool:
    """Whether it is a letter or digit of a script that writes blanks between words."""
    return char.isalnum() and (char.isascii() or script(char) in {"latin", "hangul"})
