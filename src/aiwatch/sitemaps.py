"""A sitemap in parts: which of them a poll reads, and what they come to together.

    index + what is known of its parts ── due ──> parts to ask for ── (fetch, parse) ── together ──> one reading, and what is known now

Real indexes part by topic (release, research, company), by month, by number, or by offset, and date their parts rightly, wrongly, or not at
all. So every part that may hold news is read: at once where it is new or dated anew, at each poll where it has no date or is one of the
newest, once a day whatever its date says. What is known of each (its validators, its hash) makes that cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aiwatch import plan
from aiwatch.errors import ParseError
from aiwatch.model import Failed, Fetched, Item, LostPart, Note, NotModified, Parsed, Part, PollJob, PollState
from aiwatch.plan import Proof, Reading
from aiwatch.ports import Request
from aiwatch.urls import redact

PER_POLL = 12  # parts that are asked for; the others are read by the next polls
NEWEST = 3  # parts that are asked for at each poll: an index is often behind the parts that it dates
ANYWAY = timedelta(hours=20)  # a part is looked at once a day, however old its index says it is


def points_on(reading: Reading) -> bool:
    """Whether the body holds nothing itself but says where the items are."""
    return reading.parsed is not None and bool(reading.parsed.parts)


def due(state: PollState, listed: Sequence[Part], now: datetime) -> list[Part]:
    """The parts to read now, as they are known, with the date that the index states: news first, then whichever waited longest."""
    known, newest = {part.url: part for part in state.parts}, {part.url for part in by_date(listed)[:NEWEST]}
    waiting = [(one, known.get(one.url), one.url in newest) for one in listed]
    ranked = [(rank, before, one) for one, before, new in waiting if (rank := _rank(one, before, now, newest=new)) is not None]
    ranked.sort(key=lambda found: (found[0], found[1].read_at.isoformat() if found[1] and found[1].read_at else ""))
    return [replace(before, stated=one.stated) if before else one for _, before, one in ranked[:PER_POLL]]


def by_date(listed: Sequence[Part]) -> list[Part]:
    """Those that the index dates, the newest first; of equals the one that it lists last."""
    dated = [(part.stated, at, part) for at, part in enumerate(listed) if part.stated]
    return [part for _, _, part in sorted(dated, key=lambda one: one[:2], reverse=True)]


def _rank(one: Part, before: Part | None, now: datetime, *, newest: bool) -> int | None:
    if before is None or (one.stated and one.stated != before.stated):
        return 0
    if before.read_at is None or newest or not one.stated:
        return 1
    return 2 if now - before.read_at >= ANYWAY else None


def request(asked: Request, part: Part, state: PollState) -> Request:
    """The request for a part; now and then without its validators, as some servers answer 304 for ever."""
    made = plan.onward(asked, part.url)
    if state.revision % plan.FULL_FETCH_EVERY == 0:
        return made
    return replace(made, etag=part.etag, last_modified=part.last_modified)


def alone(job: PollJob, part: Part) -> PollJob:
    """The source as if the part were all of it. That nothing in it is wanted is no failure: another part may have it."""
    options = {**job.source.options, "min_items": 0}
    return replace(
        job,
        source=replace(job.source, options=options),
        state=replace(job.state, body_hash=part.body_hash, item_count=part.items),
    )


def together(job: PollJob, index: Reading, answers: Sequence[tuple[Part, Reading]], now: datetime) -> Reading:
    """The reading of the source: the items of all parts that were read, and what is known of the parts that its index lists.

    One that came now and could not be read is only written down as lost: what it holds is as new at the next poll.
    It fails where none could be read. Neither body hash nor validators of the index are kept: it can stay the same, byte for byte, while a
    part grows.
    """
    assert index.parsed is not None and isinstance(index.outcome, Fetched)  # noqa: S101, PT018
    checked = [(part, _checked(job, part, reading)) for part, reading in answers]
    failed = [reading for _, reading in checked if isinstance(reading.outcome, Failed)]
    lost = _lost(job, index, checked, now)
    if failed and len(failed) == len(checked):
        return replace(failed[0], lost=lost)
    kept = _kept(job, index, checked, now)
    if problem := _too_few(job, tuple(kept.values())):
        return replace(plan.unreadable(index.outcome, ParseError(f"{redact(index.outcome.url)}: {problem}")), lost=lost)
    ages = [reading.outcome.max_age for _, reading in checked if isinstance(reading.outcome, Fetched | NotModified)]
    outcome = replace(
        index.outcome, etag=None, last_modified=None, max_age=min((one for one in ages if one), default=index.outcome.max_age)
    )
    parts = _listed(job, index, kept)
    if not (failed or index.parsed.cut or any(reading.parsed for _, reading in checked)):
        sure = not any(isinstance(one.outcome, NotModified) for _, one in checked)
        return Reading(outcome=outcome, parts=parts, lost=lost, sure=sure)
    known, read = {part.url for part in job.state.parts}, {part.url for part, one in checked if one.parsed and one.parsed.items}
    proof = Proof.LAST if len(read) == len(index.parsed.parts) else Proof.ANY if known & read else Proof.GIVEN
    sure = not (failed or any(one.parsed and (one.parsed.cut or one.parsed.unread) for _, one in checked))
    return Reading(outcome=outcome, parsed=_parsed(job, index, checked), parts=parts, lost=lost, proof=proof, sure=sure)


Checked = Sequence[tuple[Part, Reading]]


def _kept(job: PollJob, index: Reading, checked: Checked, now: datetime) -> dict[str, Part]:
    """What is known of the parts that the index lists, by address, after those were read."""
    assert index.parsed is not None  # noqa: S101
    known = {part.url: part for part in job.state.parts}
    kept = {
        one.url: known.get(one.url, one) for one in index.parsed.parts if one.url in known or not _came_now(job.state, one, index)
    }
    return kept | {part.url: _read(part, reading, now) for part, reading in checked if not isinstance(reading.outcome, Failed)}


def _lost(job: PollJob, index: Reading, checked: Checked, now: datetime) -> tuple[LostPart, ...]:
    """The parts that cannot be read by now, longest first: one that was not asked stands as it did, unless its index lists it no more."""
    assert index.parsed is not None  # noqa: S101
    before, asked = {one.url: one for one in job.state.lost}, {part.url for part, _ in checked}
    listed = {part.url for part in index.parsed.parts}
    lost = [one for one in job.state.lost if one.url not in asked and (index.parsed.cut or one.url in listed)]
    for part, reading in checked:
        if isinstance(reading.outcome, Failed):
            since = before[part.url].since if part.url in before else now
            lost.append(LostPart(url=part.url, since=since, reason=reading.outcome.reason))
    return tuple(sorted(lost, key=lambda one: (one.since, one.url)))


def _listed(job: PollJob, index: Reading, kept: Mapping[str, Part]) -> tuple[Part, ...]:
    """The parts to write down, in the order of the index; of one that breaks off also those behind its end, which was not seen."""
    assert index.parsed is not None  # noqa: S101
    known = {part.url: part for part in job.state.parts} | dict(kept)
    listed = [one.url for one in index.parsed.parts]
    missed = [part.url for part in job.state.parts if part.url not in listed] if index.parsed.cut else []
    return tuple(known[url] for url in (*listed, *missed) if url in known)


def _parsed(job: PollJob, index: Reading, checked: Checked) -> Parsed:
    """The items of all parts that were read, each once, of the part that stands first, and what was odd."""
    assert index.parsed is not None  # noqa: S101
    failed = [reading.outcome for _, reading in checked if isinstance(reading.outcome, Failed)]
    notes = [f"{len(failed)} of {len(checked)} parts could not be read: {failed[0].reason}"] if failed else []
    notes += [note for _, reading in checked if reading.parsed for note in reading.parsed.notes]
    items = {item.id: item for part, reading in reversed(checked) for item in _items(job.state, part, index, reading)}
    return Parsed(
        items=tuple(items.values()),
        lang=job.source.lang,
        notes=(*index.parsed.notes, *notes),
        may_be_empty=True,
        cut=index.parsed.cut,
    )


def _checked(job: PollJob, part: Part, reading: Reading) -> Reading:
    """The reading of a part; one that points on once more, or is empty where it was not, is a failure."""
    if not isinstance(reading.outcome, Fetched) or reading.parsed is None:
        return reading
    if points_on(reading):
        return plan.unreadable(reading.outcome, ParseError(f"{redact(part.url)}: an index that points to another index"))
    wrong = (part.items or 0) >= plan.EMPTY_IS_WRONG_FROM and int(job.source.options.get("min_items", 1)) > 0
    if wrong and not reading.parsed.items:
        return plan.unreadable(reading.outcome, ParseError(f"{redact(part.url)}: empty: no items where there were {part.items}"))
    return reading


def _read(part: Part, reading: Reading, now: datetime) -> Part:
    """What is known of a part after it was read; one that breaks off is read again."""
    if not isinstance(reading.outcome, Fetched):
        return replace(part, read_at=now)
    cut = reading.parsed is not None and reading.parsed.cut
    return replace(
        part,
        read_at=part.read_at if cut else now,
        stated="" if cut else part.stated,
        etag=None if cut else reading.outcome.etag,
        last_modified=None if cut else reading.outcome.last_modified,
        body_hash=reading.body_hash,
        items=len(reading.parsed.items) if reading.parsed else part.items,
    )


def _items(state: PollState, part: Part, index: Reading, reading: Reading) -> tuple[Item, ...]:
    """The items of a part. Of one that its index has had for some time, and that was never read, nobody knows how old they are."""
    if reading.parsed is None:
        return ()
    if part.read_at is not None or state.baseline or _came_now(state, part, index):
        return reading.parsed.items
    return tuple(replace(item, notes=(*item.notes, Note.AGELESS)) for item in reading.parsed.items)


def _came_now(state: PollState, part: Part, index: Reading) -> bool:
    """Whether the part was not there at the last poll; of a source whose parts nobody wrote down, the newest was read then."""
    assert index.parsed is not None  # noqa: S101
    if state.parts:
        return all(one.url != part.url for one in state.parts)
    return not state.baseline and part.url == (by_date(index.parsed.parts) or index.parsed.parts[::-1])[0].url


def _too_few(job: PollJob, parts: Sequence[Part]) -> str:
    """What is wrong where all parts together have fewer addresses than the source should; empty while some are not read yet."""
    least, total = int(job.source.options.get("min_items", 1)), sum(part.items or 0 for part in parts)
    if total >= least or any(part.items is None for part in parts):
        return ""
    return f"{total} addresses in {len(parts)} sitemaps match where {least} or more should"
