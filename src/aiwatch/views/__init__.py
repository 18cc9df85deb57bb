"""What the faces show: values that ``store.library`` answers with, read by ``cli``, ``web`` and ``mcp``.

All frozen, times aware and in UTC. Text from outside (titles, snippets, quotes) stands here as it came: escaping is the face's
business, which is why highlights are pieces of text and never markup.
"""

from __future__ import annotations

from aiwatch.views.deliveries import Attempt, DeliveryLine, DeliveryView, EditionLine
from aiwatch.views.figures import LeadTime, Stats
from aiwatch.views.hits import Hit, Hits, Marked, plain
from aiwatch.views.judgements import Label, NameSeen
from aiwatch.views.queries import Limits, Table
from aiwatch.views.sources import Gap, Health, SourceHealth
from aiwatch.views.stories import SORTS, Member, StepView, StoryLine, StoryView
from aiwatch.views.traces import Trace, Waiting

__all__ = [
    "SORTS",
    "Attempt",
    "DeliveryLine",
    "DeliveryView",
    "EditionLine",
    "Gap",
    "Health",
    "Hit",
    "Hits",
    "Label",
    "LeadTime",
    "Limits",
    "Marked",
    "Member",
    "NameSeen",
    "SourceHealth",
    "Stats",
    "StepView",
    "StoryLine",
    "StoryView",
    "Table",
    "Trace",
    "Waiting",
    "plain",
]
