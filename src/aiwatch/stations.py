"""An item's way in figures: how much waits at each station, and what went through lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """What a monitor watches, in the order of an item's way. ``hour`` and ``day`` are the last ones before the time that was asked for."""

    due: int  # claim: sources whose time has come
    due_for: timedelta  # claim: how long the longest of them has waited
    polls: Mapping[str, int]  # fetch: of the hour, by outcome
    slowest: float  # fetch: seconds of the slowest of them
    size: int  # fetch: bytes of all of them, decoded
    items: Mapping[str, int]  # parse, fresh: of the hour: read, new, edited
    near_misses: int  # detect: of the day
    gaps: int  # commit: possible gaps of 30 days
    waiting: Mapping[str, int]  # commit: announcements that wait for an edition, by digest
    unsent: int  # deliver: messages that are to be sent or tried again
    unsent_for: timedelta  # deliver: since when the oldest of them waits
    deliveries: Mapping[str, int]  # deliver: of the day, by state
