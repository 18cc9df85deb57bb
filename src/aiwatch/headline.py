"""A text that no poll brought: judged as a headline of the press would be, in the light of what was heard and said by now.

One judgement for the command, the pages and an assistant's tool. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiwatch.feedback import Words
from aiwatch.judging import judge
from aiwatch.model import Detection, Document, HeardName, Item, Judged, Model, Source, ident
from aiwatch.rules import RuleSet
from aiwatch.stories.corrections import heed

PRESS = Source(id="text", url="", name="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A text as an item with the rules' word on it, and that word with names read as what people say they mean."""

    judged: Judged
    heeded: Detection

    @property
    def meant(self) -> tuple[Model, ...]:
        """Models that people say names of the text mean; ``spelled`` is the name as it stands there."""
        return tuple(one for one in self.heeded.models if one not in self.judged.detection.models)


def judged(
    text: str, rules: RuleSet, names: Sequence[HeardName], words: Words, *, source: Source = PRESS, lang: str | None = None
) -> Headline:
    """The text's first line is its title, the rest its summary; ``source``: as if that one had brought it."""
    title, _, summary = text.strip().partition("\n")
    key = ident("text", text)
    item = Item(id=key, source_id=source.id, key=key, url=None, title=title.strip(), summary=" ".join(summary.split()), lang=lang)
    (detection,) = judge([Document(item, source)], rules, names)
    return Headline(judged=Judged(item, source, detection), heeded=heed(detection, words))
