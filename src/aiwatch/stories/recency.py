"""How old what a poll brings is, as far as anybody knows, and how old it may be to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiwatch.model import Fresh, Item, Note, PollJob, Silence, Source
from aiwatch.stories import times

STAMPS = 5  # items of one second, and half of a list, show it to be no date of theirs
LATE_NEWS = timedelta(days=30)  # first seen decides, not dates: vendors date back drafts and repositories


def window(alert_window: timedelta, *, first: bool) -> timedelta:
    """How old an item may be and still be told: short at a source's first poll; later what is new is news, for a month.

    That holds for a source that was away for longer, too: what it brings of the time before is known by now, or nobody's news any more.
    """
    return alert_window if first else max(alert_window, LATE_NEWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """What a poll knows of how old its items are. ``watched``: when the source was last read; None where nothing follows from that."""

    now: datetime
    window: timedelta  # what is older is not told
    watched: datetime | None
    undated: Mapping[str, str]  # items that are not told because nobody knows their age: why
    ageless: Collection[str] = ()  # items of which nobody knows whether they are of these days
    dated_back: Collection[str] = ()  # items that came up these days under an old date, or on an old page

    @property
    def since(self) -> datetime:
        """From when on what happened is told."""
        return self.now - self.window


def ages(fresh: Fresh, job: PollJob, now: datetime, alert_window: timedelta) -> Ages:
    """What is known at this poll. A source that was away for longer than news lasts is read as at a first poll."""
    baseline, last = job.state.baseline, job.state.last_success_at
    span = window(alert_window, first=job.state.polls == 0)
    away = not baseline and last is not None and now - last > span
    watched = None if away or baseline else last
    why = Silence.AWAY if away else Silence.UNDATED
    known = Ages(now=now, window=span, watched=watched, undated=unaged((*fresh.new, *fresh.revised), job.source, watched, why))
    if baseline:
        return replace(known, ageless=known.undated)
    old = {item.id for item in fresh.items if item.published and item.published < known.since}
    ageless = {item.id for item in fresh.items if Note.AGELESS in item.notes}
    return replace(known, ageless=ageless, dated_back=old | {item.id for item in fresh.revised})


def unaged(items: Sequence[Item], source: Source, watched: datetime | None, why: str = Silence.UNDATED) -> dict[str, str]:
    """Whose age nobody knows, and why.

    Where the source was not watched these are all items without a date, and those of a list that gives most of its items the moment
    it was made; else what says of itself that it has no age.
    """
    if watched is not None:
        return {item.id: Silence.UNDATED for item in items if item.published is None and Note.AGELESS in item.notes}
    found = {item.id: why for item in items if item.published is None}
    dated = [item.published for item in items if item.published and not times.is_midnight(item.published, source.timezone)]
    for stamp, count in Counter(dated).most_common(1):
        if count >= STAMPS and 2 * count >= len(items):
            found |= {item.id: Silence.STAMPED for item in items if item.published == stamp}
    return found
