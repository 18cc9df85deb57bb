"""A span of time for which something holds in this process: from when it was said until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

SET_BACK = timedelta(minutes=5)  # by which a clock may go back without anybody having set it


@dataclass(frozen=True, slots=True)
class Term:
    """Aware UTC datetimes. What was said while the clock was ahead ends when the clock is set right: how long ago it was is not known."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, now: datetime, span: timedelta) -> Self:
        """From now on for ``span``."""
        return cls(now, now + span)

    def runs(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.since - SET_BACK <= now < self.until
