"""What operators are to hear of a source, as conditions that begin and end.

A poll says each time how things stand; the store keeps what is a change (beginning what goes on, and ending what is not, changes nothing).
So a condition ends at the first poll that finds it over, whatever was forgotten of its beginning meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.floods import KEPT
from aiwatch.model import Failed, LostPart, Notice, Outcome, PollJob, PollState, Source, ident
from aiwatch.schedule import silence
from aiwatch.settings import Polling
from aiwatch.urls import redact


def notices(
    job: PollJob, state: PollState, outcome: Outcome, polling: Polling, now: datetime, unsaid: str = ""
) -> tuple[Notice, ...]:
    """All that is to be said of a source after a poll; ``unsaid``: what was found too late to be told."""
    patience = timedelta(seconds=polling.failing_notice)
    down, lost = _down(job.source, state, outcome, patience, now, unsaid), _lost(job, state, outcome, patience, now)
    return down + lost + (() if isinstance(outcome, Failed) else _quiet(job.source, state, now))


def flooding(source: Source) -> str:
    """The name of the condition that a source brings new entries without end."""
    return f"source-floods:{source.id}"


def of_flood(source: Source, left: int, *, calm: bool, now: datetime) -> tuple[Notice, ...]:
    """That a source floods, ``left`` entries of it were not stored now; and that it has been calm for a day."""
    name, address = source.name or source.id, redact(source.url)
    if left:
        text = (
            f"{name} brings new entries without end: of each poll the newest {KEPT} are stored, {left} were left now; "
            f"its entries may have no lasting addresses ({address})"
        )
        return (Notice(condition=flooding(source), open=True, at=now, text=text),)
    text = f"{name} brings no more than is usual again ({address})"
    return (Notice(condition=flooding(source), open=False, at=now, text=text),) if calm else ()


def _down(
    source: Source, state: PollState, outcome: Outcome, patience: timedelta, now: datetime, unsaid: str
) -> tuple[Notice, ...]:
    """That the source has been failing for long or is gone, or that it is not."""
    condition, address = f"source-down:{source.id}", redact(source.url)
    if isinstance(outcome, Failed):
        long = state.failing_since is not None and now - state.failing_since >= patience
        if not long and not state.gone:
            return ()
        since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "now"
        text = f"{source.name or source.id} has brought nothing since {since}: {outcome.reason} ({address})"
        return (Notice(condition=condition, open=True, at=now, text=text),)
    found = f"; {unsaid}, `aiwatch list --silent --source {source.id}` shows them" if unsaid else ""
    return (Notice(condition=condition, open=False, at=now, text=f"{source.name or source.id} is back ({address}){found}"),)


def _lost(job: PollJob, state: PollState, outcome: Outcome, patience: timedelta, now: datetime) -> tuple[Notice, ...]:
    """That a part of a sitemap cannot be read for long, and that this is over. Where none can be read, the source is down."""
    name, lost = job.source.name or job.source.id, {one.url for one in state.lost}
    read = {part.url for part in state.parts}
    said = [] if isinstance(outcome, Failed) else [one for one in state.lost if now - one.since >= patience]
    begun = [
        f"{name}: a part of its sitemap, {redact(one.url)}, cannot be read since {one.since:%Y-%m-%d %H:%M} UTC ({one.reason}); "
        "what is new in it is not seen"
        for one in said
    ]
    over = [one for one in job.state.lost if one.url not in lost]
    ended = [f"{name}: {redact(one.url)} {'is read again' if one.url in read else 'is listed no more'}" for one in over]
    return tuple(
        Notice(condition=_part(job.source, one), open=one in said, at=now, text=text)
        for one, text in zip([*said, *over], [*begun, *ended], strict=True)
    )


def _part(source: Source, one: LostPart) -> str:
    return f"part-down:{source.id}:{ident(one.url)}"


def _quiet(source: Source, state: PollState, now: datetime) -> tuple[Notice, ...]:
    """That a source which answers brings nothing new any more, and that it does again; nothing of a silence that proves nothing."""
    name, since = source.name or source.id, state.last_item_at
    missing = silence.expected(state.rhythm, since, now)
    if missing is not None:
        text = (
            f"{name} answers, and has brought nothing new since {since:%Y-%m-%d}, where some {missing:.0f} entries were to come by its own "
            f"rhythm: look at its page, as the list may be frozen or may have moved, and mend its entry ({redact(source.url)})"
        )
    elif since is not None and now - since < silence.AT_LEAST:
        text = f"{name} brings something new again ({redact(source.url)})"
    else:
        return ()
    return (Notice(condition=f"source-quiet:{source.id}", open=missing is not None, at=now, text=text),)
