"""Labels in words of their own around a title, of shows, columns and desks that no list has (``The Daily Tensor: ``, `` | Technology``).

What a list has falls before a title is read (``boilerplate``). That other words are a label shows only once the title is read without
them: they stand before or behind a sign, have no name in them, and whatever rules found in the whole they find in the rest.
"""

from __future__ import annotations

import re

from aiwatch.detect.scene import Firing, Scene
from aiwatch.rules.masks import MASKED
from aiwatch.rules.values import Group
from aiwatch.text import FoldedText

WORDS = 6  # that a label has at most
SLIGHT = 0.2  # a rule that weighs less only supports others
# One word and a colon, or two, as a column's name is not spelt.
_SAID = re.compile(r"\W*[^\W\d_][^\W\dA-Z_]*(?: [^\W\dA-Z_]+)?[:：] *")


def unlabelled(scene: Scene) -> FoldedText | None:
    """The title without what may be a label, before it and behind it; None where nothing may be one, or nothing is told of models."""
    view = scene.title
    if scene.newsletter or not any(one.mentions or one.words or one.vendors for one in scene.views):
        return None  # the issues of a newsletter are told by its name
    before, behind = (scene.rules.piece(piece).search(view.masked) for piece in ("labelbefore", "labelbehind"))
    start = before.end() if before and _nameless(before[0]) else 0
    end = behind.start() if behind and _nameless(behind[0]) else len(view.masked)
    if start and _SAID.fullmatch(view.masked[:start]) and _only_names(view.masked[start:]):
        start = 0
    if not view.masked[start:end].strip() or (start, end) == (0, len(view.masked)):
        return None
    return view.text.within(view.starts[start], view.starts[end])


def _only_names(rest: str) -> bool:
    """Whether names are all that is left: then a word before them is no column's, it is what is said (``Withdrawn: GPT-6``)."""
    return not any(sign.isalnum() and sign not in MASKED for sign in rest)


def _nameless(said: str) -> bool:
    """Whether words are few, and none of them is a name or a word for a model."""
    return len(said.split()) <= WORDS and MASKED.isdisjoint(said)


def says_nothing(whole: Scene, bare: Scene) -> bool:
    """Whether a label says nothing: what rules find in the title with it they find without it, names and makers too.

    That an issue has several topics, as its label says, is no more true than its rest says it.
    """
    several = whole.rules.piece("several").search(bare.title.masked) is not None
    found = {f.rule.id for f in whole.firings if _counts(f, several=several)}
    if len(bare.title.mentions) < len(whole.title.mentions):
        return False
    return found <= {f.rule.id for f in bare.firings if f.in_title} and set(whole.captured) <= set(bare.captured)


def _counts(firing: Firing, *, several: bool) -> bool:
    return firing.in_title and abs(firing.rule.weight) >= SLIGHT and (several or firing.rule.group != Group.ROUNDUP)
