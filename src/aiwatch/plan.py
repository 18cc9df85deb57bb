"""What one poll wants written: the decisions between a server's answer and the database, as functions of values.

    job + outcome ──> reading ──> fresh items ──> detections ──> stories ──> PollPlan
                      (parse)     (known before?)  (rules)       (steps)     (one transaction)

Nothing here fetches, stores or looks at a clock; ``poll`` does, in this order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from aiwatch import conditions, floods, moves, parse, relocation, schedule
from aiwatch.errors import ParseError
from aiwatch.model import (
    ANEW,
    EMPTY,
    Detection,
    Failed,
    Failure,
    Fetched,
    Folded,
    Fresh,
    Item,
    LostPart,
    Note,
    NotModified,
    Outcome,
    Parsed,
    Part,
    Poll,
    PollJob,
    PollPlan,
    PollState,
    Rhythm,
    ident,
)
from aiwatch.parse import belief
from aiwatch.ports import Known, Request
from aiwatch.urls import origin

FULL_FETCH_EVERY = 24  # some servers answer 304 for ever; after so many in a row the next poll sends no validators
EMPTY_IS_WRONG_FROM = 3  # a list that held so many items and now holds none has broken
PASSING = frozenset({Failure.SOFT, Failure.TEMPORARY})  # what may be there in an hour
NEARLY_A_DAY = timedelta(hours=20)


# --- before the fetch -------------------------------------------------------------------------------------------------------


def request(job: PollJob) -> Request:
    """The request for a claimed source, at the address it moved to, with its validators unless a full answer is due."""
    source = relocation.asked(job.source, job.state)
    made = replace(parse.request_for(source, job.state), tls_verify=source.tls_verify)
    if job.state.unchanged_in_a_row >= FULL_FETCH_EVERY:
        return replace(made, etag=None, last_modified=None)
    return made


def onward(asked: Request, url: str) -> Request:
    """The request for what a body names as its continuation. Headers may be secrets: they go to no other origin.

    Nor does the leave to ask a private address: who writes a body would reach all of this network by it.
    """
    following = replace(asked, url=url, etag=None, last_modified=None)
    if origin(url) == origin(asked.url):
        return following
    return replace(following, headers=EMPTY, tls_verify=True, allow_private=False)


# --- the answer read --------------------------------------------------------------------------------------------------------


class Proof(Enum):
    """What shows that a body goes back to the last poll."""

    LAST = "something that came last is in it"
    ANY = "something known is in it: what came last may stand in a part of the sitemap that has not changed"
    GIVEN = "it is a part that came now; the others have not changed, or are asked again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An outcome after parsing: ``parsed`` is None where there was nothing new to read (304, same bytes) or the poll failed."""

    outcome: Outcome
    parsed: Parsed | None = None
    body_hash: str | None = None
    parts: tuple[Part, ...] | None = None  # what is known of a sitemap's parts by now
    lost: tuple[LostPart, ...] | None = None  # those of them that cannot be read
    proof: Proof = Proof.LAST
    sure: bool = True  # False: a part of the sitemap was not seen, or not to its end, and may have what is newest


def read(job: PollJob, outcome: Outcome, now: datetime) -> Reading:
    """Parse the body, if there is one. A body that is not what the source promises is a failure with a name, never news."""
    if not isinstance(outcome, Fetched):
        return Reading(outcome=_not_the_end(job, outcome, now))
    body_hash = _digest(outcome.body)
    if body_hash == job.state.body_hash:
        return Reading(outcome=outcome, body_hash=body_hash)
    try:
        parsed = belief.dated(parse.parse(job.source, outcome, now=now), job.source.kind, now)
    except ParseError as error:
        return unreadable(outcome, error)
    before = job.state.item_count or 0
    if not (parsed.items or parsed.next_url or parsed.parts or parsed.may_be_empty) and before >= EMPTY_IS_WRONG_FROM:
        reason = f"empty: no items where there were {before}; the page may have changed or is a placeholder"
        return Reading(outcome=Failed(kind=Failure.SOFT, reason=reason, status=outcome.status, elapsed=outcome.elapsed))
    return Reading(outcome=outcome, parsed=parsed, body_hash=None if parsed.cut else body_hash)


def _not_the_end(job: PollJob, outcome: Outcome, now: datetime) -> Outcome:
    """A 410 that leaves another address to be asked next."""
    if isinstance(outcome, Failed) and outcome.kind is Failure.GONE and relocation.has_another(job.state, now):
        return replace(outcome, kind=Failure.HARD)
    return outcome


def with_next(first: Reading, outcome: Outcome, older: Parsed | None) -> Reading:
    """The reading with what the next page holds, ``older``. One that cannot be had now is asked for again, as what breaks off is."""
    assert first.parsed is not None  # noqa: S101
    if older is not None:
        parsed = replace(
            first.parsed,
            items=first.parsed.items + older.items,
            notes=first.parsed.notes + older.notes,
            cut=first.parsed.cut or older.cut,
        )
    elif isinstance(outcome, Failed) and outcome.kind in PASSING:
        parsed = replace(
            first.parsed, notes=(f"its next page is asked for again: {outcome.reason}", *first.parsed.notes), cut=True
        )
    else:
        return first
    return replace(first, parsed=parsed, body_hash=None if parsed.cut else first.body_hash)


def same(job: PollJob, outcome: Fetched) -> bool:
    """The very bytes of the last poll: there is nothing to read."""
    return _digest(outcome.body) == job.state.body_hash


def unreadable(outcome: Fetched, error: ParseError) -> Reading:
    """A body that could not be read: a failure of this poll, with its reason."""
    return Reading(outcome=Failed(kind=Failure.SOFT, reason=str(error), status=outcome.status, elapsed=outcome.elapsed))


def _digest(body: bytes) -> str:
    return ident(body.decode("latin-1"))


# --- which items are news to the store ------------------------------------------------------------------------------------------


def fresh(items: Sequence[Item], by_id: Mapping[str, Known], by_alias: Mapping[str, Known], now: datetime) -> Fresh:
    """Tell new items, new revisions and known ones apart.

    An item whose id is new but one of whose aliases is known is the same entry under a changed guid or address, unless the known
    entry stands in this body too: then they are two.
    """
    here = {item.id for item in items}
    new: dict[str, Item] = {}
    revised: dict[str, Item] = {}
    met: list[Known] = []
    for item in items:
        known = by_id.get(item.id) or _alias_of(item, by_alias, here)
        if known is None:
            new.setdefault(item.id, replace(item, seen_at=now))
            continue
        met.append(known)
        if known.content_hash != item.content_hash and known.item_id not in revised:
            revised[known.item_id] = replace(item, id=known.item_id, revision=known.revision + 1, seen_at=now)
    overlap = any(known.recent for known in met) or (bool(met) and not new)
    return Fresh(new=tuple(new.values()), revised=tuple(revised.values()), overlap=overlap, met=bool(met))


def _alias_of(item: Item, by_alias: Mapping[str, Known], here: Collection[str]) -> Known | None:
    for alias in item.aliases:
        known = by_alias.get(alias)
        if known is not None and known.item_id not in here:
            return known
    return None


def goes_on(job: PollJob, reading: Reading, found: Fresh) -> bool:
    """Whether the next page is wanted too: this one did not reach what was known, or the last poll did not read all of it."""
    if reading.parsed is None or reading.parsed.next_url is None or not job.state.polls:
        return False
    return not found.overlap or (job.state.body_hash is None and not job.state.baseline)


# --- the plan -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stations 4 to 6 made of a reading."""

    fresh: Fresh = field(default_factory=Fresh)
    detections: tuple[Detection, ...] = ()
    folded: Folded = field(default_factory=Folded)
    outbox: tuple[tuple[str, str], ...] = ()
    nudges: tuple[tuple[str, datetime], ...] = ()
    unsaid: str = ""  # what was found too late to be told

    @property
    def judged(self) -> list[tuple[Item, Detection]]:
        """Each item with the rules' word on it."""
        return list(zip(self.fresh.items, self.detections, strict=True))


def make(job: PollJob, reading: Reading, found: Found, terms: schedule.Terms) -> PollPlan:
    """Everything the poll wants written."""
    now = terms.now
    state = next_state(job, reading, now)
    state = replace(state, rhythm=_learned(state, found.fresh, reading, now))
    due = schedule.next_poll(job.source, state, reading.outcome, terms, reading.parsed.ttl if reading.parsed else None)
    after = replace(state, next_poll_at=due, last_item_at=now if found.fresh.new else state.last_item_at)
    return PollPlan(
        state=after,
        poll=record(job, reading, found.fresh, now, found.unsaid),
        items=found.fresh.items,
        moved=found.fresh.moved,
        detections=found.detections,
        folded=found.folded,
        outbox=found.outbox,
        notices=(
            *conditions.notices(job, after, reading.outcome, terms.polling, now, found.unsaid),
            *conditions.of_flood(job.source, found.fresh.left, calm=found.fresh.calm, now=now),
        ),
        back_since=None if state.failing_since else job.state.failing_since,
        nudges=found.nudges,
    )


def of_push(job: PollJob, made: PollPlan) -> PollPlan:
    """The plan of a body that a hub sent: what is new in it is news like any other, and the polls' own books stay as they are.

    A hub may send only what changed (WebSub, section 7), so a push proves no coverage, sets no validators and teaches no rhythm; nor does
    the next poll reach back to what came last where it meets what was pushed since the one before.
    """
    items = tuple(replace(item, notes=(*item.notes, Note.PUSHED)) if item.revision == 1 else item for item in made.items)
    poll = replace(made.poll, reason="pushed by the hub", overlap=None, gap_since=None)
    told = tuple(one for one in made.notices if one.condition == conditions.flooding(job.source))
    return replace(made, state=job.state, poll=poll, items=items, notices=told, back_since=None)


def next_state(job: PollJob, reading: Reading, now: datetime) -> PollState:
    """The poll state after this outcome."""
    before, outcome = replace(job.state, last_attempt_at=now, lost=_lost(job.state, reading)), reading.outcome
    if isinstance(outcome, Failed):
        return replace(
            relocation.after_failure(before, outcome, now),
            failures=before.failures + schedule.FAILURE_WEIGHT[outcome.kind],
            failing_since=before.failing_since or now,
            last_error=outcome.reason,
            gone=outcome.kind is Failure.GONE and _says_it_again(job.state, outcome, now),
        )
    healthy = replace(before, failures=0.0, failing_since=None, last_error=None, last_success_at=now, gone=False)
    if isinstance(outcome, NotModified):
        after = relocation.after_unchanged(healthy, now)
        kept = before.url == after.url
        return replace(
            after,
            etag=outcome.etag or before.etag if kept else None,
            last_modified=outcome.last_modified or before.last_modified if kept else None,
            unchanged_in_a_row=before.unchanged_in_a_row + (before.unchanged_in_a_row != ANEW),
        )
    whole = reading.parsed is None or not reading.parsed.cut  # of one that breaks off all is wanted at the next poll
    first = before.item_count is None  # what it could not read of the archive is no news at the second
    after = relocation.after_answer(healthy, job.source, outcome, now)
    kept = whole and not (before.url and after.url is None)  # another address is asked next: it may be another document
    return replace(
        after,
        polls=before.polls + (whole or not first),
        etag=outcome.etag if kept else None,
        last_modified=outcome.last_modified if kept else None,
        unchanged_in_a_row=0,
        body_hash=reading.body_hash,
        item_count=len(reading.parsed.items) if reading.parsed else before.item_count,
        parts=before.parts if reading.parts is None else reading.parts,
    )


def _lost(before: PollState, reading: Reading) -> tuple[LostPart, ...]:
    """The parts that cannot be read by now: none of a body that is no index any more, and as before where none was read."""
    if reading.lost is not None:
        return reading.lost
    return before.lost if reading.parsed is None else ()


def _says_it_again(before: PollState, outcome: Failed, now: datetime) -> bool:
    """Whether the last word, of a day ago, was the same: nothing brings back a source that a wrong answer of an hour has ended."""
    asked = before.last_attempt_at
    return asked is not None and now - asked >= NEARLY_A_DAY and before.last_error == outcome.reason


def _learned(state: PollState, fresh: Fresh, reading: Reading, now: datetime) -> Rhythm | None:
    """A failed poll teaches nothing. An item without a date came by now, but on the first poll, where nobody knows."""
    if isinstance(reading.outcome, Failed):
        return state.rhythm
    arrivals = [item.published or now for item in fresh.new if (item.published or now) <= now]
    if state.polls <= 1 and reading.parsed:
        arrivals = [item.published for item in fresh.new if item.published and item.published <= now]
    return schedule.learn(state.rhythm, arrivals, now)


def record(job: PollJob, reading: Reading, fresh: Fresh, now: datetime, unsaid: str = "") -> Poll:
    """The poll for the books, with the proof of coverage: whether this body reached back to what was known."""
    outcome = reading.outcome
    if isinstance(outcome, Failed):
        return Poll(
            source_id=job.source.id,
            at=now,
            outcome="failed",
            status=outcome.status,
            reason=outcome.reason,
            elapsed=outcome.elapsed,
        )
    if reading.parsed is None:
        # Of a body that was read, and not of a 304.
        status = outcome.status if isinstance(outcome, Fetched) and reading.sure else None
        return Poll(source_id=job.source.id, at=now, outcome="unchanged", status=status, overlap=True, elapsed=outcome.elapsed)
    assert isinstance(outcome, Fetched)  # noqa: S101  only a fetched body is parsed
    first = job.state.polls == 0
    proven = {Proof.LAST: fresh.overlap, Proof.ANY: fresh.overlap or fresh.met, Proof.GIVEN: True}[reading.proof]
    # What is known of one that breaks off, or that is longer than is read, may stand above the newest.
    whole = reading.sure and not reading.parsed.cut and not reading.parsed.unread
    reached = _reaches(reading.parsed, job.state) or (None if proven and not whole else proven)
    overlap = None if first or not reading.parsed.items else not fresh.left and reached
    return Poll(
        source_id=job.source.id,
        at=now,
        outcome="fetched",
        status=outcome.status,
        reason="; ".join(filter(None, (*reading.parsed.notes[:3], moves.said(fresh.moved), floods.said(fresh.left), unsaid)))
        or None,
        items=len(reading.parsed.items),
        fresh=len(fresh.new),
        revised=len(fresh.revised),
        overlap=overlap,
        gap_since=job.state.last_success_at if overlap is False else None,
        elapsed=outcome.elapsed,
        size=len(outcome.body),
    )


def _reaches(parsed: Parsed, before: PollState) -> bool:
    """Whether a list of which nothing need be known goes back to the last success by itself."""
    return parsed.reaches is not None and before.last_success_at is not None and parsed.reaches <= before.last_success_at
