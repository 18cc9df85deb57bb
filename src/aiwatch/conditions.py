"""What operators are to hear of a source, as conditions that begin and end.

A poll says each time how things stand; the store keeps what is a change (beginning what goes on, and ending what is not, changes nothing).
So a condition ends at the first poll that finds it over, whatever was forgotten of its beginning meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.model import Failed, Notice, Outcome, PollJob, PollState
from aiwatch.settings import Polling
from aiwatch.urls import redact


def notices(
    job: PollJob, state: PollState, outcome: Outcome, polling: Polling, now: datetime, unsaid: str = ""
) -> tuple[Notice, ...]:
    """That the source has been failing for long or is gone, or that it is not; ``unsaid``: what was found too late to be told."""
    condition, source, address = f"source-down:{job.source.id}", job.source, redact(job.source.url)
    if isinstance(outcome, Failed):
        long = state.failing_since is not None and now - state.failing_since >= timedelta(seconds=polling.failing_notice)
        if not long and not state.gone:
            return ()
        since = f"{state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "now"
        text = f"{source.name or source.id} has brought nothing since {since}: {outcome.reason} ({address})"
        return (Notice(condition=condition, open=True, at=now, text=text),)
    found = f"; {unsaid}, `aiwatch list --silent --source {source.id}` shows them" if unsaid else ""
    return (Notice(condition=condition, open=False, at=now, text=f"{source.name or source.id} is back ({address}){found}"),)
