"""A source tried before it is watched: what its first poll would bring. Nothing is stored.

source ── plan.request, fetch ──> outcome ── parse, and each part of a sitemap ──> Check
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiwatch import parse, plan, sitemaps
from aiwatch.errors import ParseError
from aiwatch.model import Failed, Failure, Fetched, Item, Outcome, Parsed, PollJob, PollState, Source
from aiwatch.ports import Clock, Fetch, Request
from aiwatch.text import primary, written_in
from aiwatch.urls import redact


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one source brought when tried."""

    id: str
    kind: str
    ok: bool
    items: int
    newest: datetime | None
    title: str
    seconds: float
    found: str  # what was wrong, or what the parser had to mend
    lang: str | None = None  # of its items, where they say one, or are written in the script of one alone


async def tried(source: Source, fetch: Fetch, clock: Clock) -> Check:
    """Fetch and read one source as its first poll would; every failure is an answer with its reason."""
    start = time.monotonic()
    made = Check(id=source.id, kind=source.kind.value, ok=False, items=0, newest=None, title="", seconds=0.0, found="")
    job = PollJob(source=source, state=PollState(source_id=source.id, next_poll_at=clock()))
    try:
        request = plan.request(job)
        outcome = await fetch(request)
        parsed = parse.parse(source, outcome, now=clock()) if isinstance(outcome, Fetched) else None
        if parsed and parsed.parts:
            outcome, parsed = await _in_parts(job, fetch, request, parsed, clock())
        made = _read(made, parsed) if parsed else replace(made, found=why(outcome))
    except ParseError as error:
        made = replace(made, found=str(error))
    return replace(made, seconds=time.monotonic() - start)


async def _in_parts(job: PollJob, fetch: Fetch, request: Request, index: Parsed, now: datetime) -> tuple[Outcome, Parsed | None]:
    """What stands where a sitemap's index points to; the failure of the last one where none has anything."""
    reading = plan.Reading(outcome=Failed(kind=Failure.SOFT, reason="it lists no sitemap"))
    found, lost = list[Item](), list[str]()
    for part in sitemaps.due(job.state, index.parts, now):
        outcome = await fetch(sitemaps.request(request, part, job.state))
        reading = plan.read(sitemaps.alone(job, part), outcome, now)
        found += reading.parsed.items if reading.parsed else ()
        lost += [f"{redact(part.url)} cannot be read: {reading.outcome.reason}"] if isinstance(reading.outcome, Failed) else []
    return reading.outcome, replace(index, items=tuple(found), notes=(*lost, *index.notes)) if found else None


def why(outcome: Outcome) -> str:
    """Why an answer is no body to read."""
    return f"{outcome.kind.value}: {outcome.reason}" if isinstance(outcome, Failed) else "unchanged, though nothing was known"


def _read(made: Check, parsed: Parsed) -> Check:
    if not parsed.items:
        return replace(made, found="answered, but there is no item in it")
    dated = [item for item in parsed.items if item.published]
    newest = max(dated, key=lambda item: str(item.published), default=parsed.items[0])
    notes = list(parsed.notes[:3]) + ([] if dated else ["no item has a date"])
    return replace(
        made,
        ok=True,
        items=len(parsed.items),
        newest=newest.published,
        title=newest.title,
        found="; ".join(notes),
        lang=language(parsed.items),
    )


def language(items: Sequence[Item]) -> str | None:
    """The language that all items say; where none says any, the one that their titles show. Else None."""
    said = {primary(item.lang) for item in items if item.lang}
    if said:
        return said.pop() if len(said) == 1 else None
    return written_in(item.title for item in items)
