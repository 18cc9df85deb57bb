"""The values that flow through the house, in the order in which one item meets them.

``Source + PollState -> PollJob -> Outcome -> Parsed(Item...) -> Fresh -> Document(Item, Source) -> Judged(Item, Source, Detection)``,
then ``(Story, Mention, Announcement) -> PollPlan``, and from there ``Announcement -> Edition -> Delivery -> Receipt``.

All are frozen and know nothing of clocks, files or networks. Times are aware datetimes in UTC. Ids are derived from content, so
that doing a thing again gives the same id (see ``ident``).
"""

from __future__ import annotations

from aiwatch.model.detections import HEARD_NAMES, Detection, Evidence, HeardName, Model, held_back, places
from aiwatch.model.digests import (
    Coverage,
    Delivery,
    DeliveryState,
    Edition,
    Entry,
    Filter,
    NearMiss,
    Receipt,
    Unshown,
    Upshot,
    Verdict,
    Watch,
    own_date,
)
from aiwatch.model.documents import Document, Judged
from aiwatch.model.items import FIRST_DATE, Fresh, Item, Note, Parsed
from aiwatch.model.kinds import EMPTY, Failure, Kind, Modality, Stage, Tier, ident
from aiwatch.model.plans import Notice, Poll, PollPlan
from aiwatch.model.sources import (
    ANEW,
    Failed,
    Fetched,
    Lease,
    LostPart,
    NotModified,
    Outcome,
    Part,
    PollJob,
    PollState,
    Push,
    Rhythm,
    Source,
)
from aiwatch.model.stories import (
    OF_AGE,
    Announcement,
    Folded,
    Mention,
    Silence,
    Story,
    StoryStage,
    silence_of,
)

__all__ = [
    "ANEW",
    "EMPTY",
    "FIRST_DATE",
    "HEARD_NAMES",
    "OF_AGE",
    "Announcement",
    "Coverage",
    "Delivery",
    "DeliveryState",
    "Detection",
    "Document",
    "Edition",
    "Entry",
    "Evidence",
    "Failed",
    "Failure",
    "Fetched",
    "Filter",
    "Folded",
    "Fresh",
    "HeardName",
    "Item",
    "Judged",
    "Kind",
    "Lease",
    "LostPart",
    "Mention",
    "Modality",
    "Model",
    "NearMiss",
    "NotModified",
    "Note",
    "Notice",
    "Outcome",
    "Parsed",
    "Part",
    "Poll",
    "PollJob",
    "PollPlan",
    "PollState",
    "Push",
    "Receipt",
    "Rhythm",
    "Silence",
    "Source",
    "Stage",
    "Story",
    "StoryStage",
    "Tier",
    "Unshown",
    "Upshot",
    "Verdict",
    "Watch",
    "held_back",
    "ident",
    "own_date",
    "places",
    "silence_of",
]
