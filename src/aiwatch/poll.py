"""One source's poll, from claim to commit.

    claim | fetch | parse     | keep the fresh | detect  | fold into stories | tell    | plan | commit
    store   fetch   plan.read   plan.fresh       judging   filing.fold         telling   plan   store

Where ``detect`` cannot decide, pages are fetched (``articles``), and it is asked again. The rest between ``fetch`` and ``commit`` is
pure, and from ``detect`` on what ``replay`` calls too. No transaction is open while the network is waited for. Reading the stories,
folding and committing run as one call on the database's own thread, so that two polls that find the same model at the same moment cannot
both be the first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from aiwatch import articles, conditions, floods, judging, moves, plan, schedule, sitemaps
from aiwatch.detect.learned import known_by
from aiwatch.errors import Conflict, ParseError
from aiwatch.model import (
    EMPTY,
    Detection,
    Document,
    Entry,
    Failed,
    Failure,
    Fetched,
    Fresh,
    Item,
    Judged,
    Mention,
    Outcome,
    Part,
    PollJob,
    PollPlan,
    Silence,
    Source,
    ident,
)
from aiwatch.parse.identity import heirs
from aiwatch.parse.weight import weight
from aiwatch.ports import Acquaintances, Clock, Fetch, Reads, Store
from aiwatch.rules import RuleSet
from aiwatch.sandbox import in_a_thread
from aiwatch.settings import Polling, Subscription
from aiwatch.stories import filing, recency, telling
from aiwatch.threads import run_on
from aiwatch.urls import origin

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

PARTS_TIME = timedelta(minutes=1)  # a poll's lease is longer
PORTION = 500  # items judged at a stretch, 0.14 to 0.45 s; longer where their texts are long


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """Who polls: the ports, rules and settings that a poll works with.

    ``db`` is the thread that owns the store; None runs store calls in place.
    """

    store: Store
    fetch: Fetch
    rules: RuleSet
    clock: Clock
    sources: tuple[Source, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    polling: Polling = field(default_factory=Polling)
    jitter: Callable[[], float] = lambda: 0.5
    crowd: Mapping[str, int] = field(default_factory=dict)  # sources on each host
    db: Executor | None = None
    aside: Reads = in_a_thread  # where bodies are read

    @property
    def alert_window(self) -> timedelta:
        """How old what a first poll brings may be, and be told."""
        return timedelta(seconds=self.polling.alert_window)


async def on_db(poller: Poller, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a store call on the thread that owns the database."""
    return await run_on(poller.db, call, *args, **kwargs)


async def poll(poller: Poller, job: PollJob) -> PollPlan | None:
    """Poll one claimed source and write what came of it; None where somebody else committed first."""
    reading = await _read(poller, job, await _fetched(poller, job))
    if sitemaps.points_on(reading):
        reading = await _pointed_to(poller, job, reading)
    fresh = await _fresh(poller, job, reading)
    if plan.goes_on(job, reading, fresh):
        reading = await _with_next_page(poller, job, reading)
        fresh = await _fresh(poller, job, reading)
    fresh = await _without_flood(poller, job, fresh) if reading.parsed else fresh
    found = await _detected(poller, job, fresh)
    found = await _with_articles(poller, job, found, await _owed(poller, job, reading))
    return await _committed(poller, job, reading, found)


async def pushed(poller: Poller, job: PollJob, outcome: Fetched) -> PollPlan | None:
    """Read a body that a hub sent for a source, and write what is new in it; None where there is nothing to read."""
    unread = replace(job, state=replace(job.state, body_hash=None, item_count=None))
    reading = await _read(poller, unread, outcome)
    if reading.parsed is None:
        log.warning(
            "what the hub of %s sent cannot be read: %s", job.source.id, getattr(reading.outcome, "reason", "nothing in it")
        )
        return None
    fresh = await _without_flood(poller, job, await _fresh(poller, job, reading))
    found = await _with_articles(poller, job, await _detected(poller, job, fresh))
    return await on_db(poller, commit, poller, job, reading, found, plan.of_push)


async def broken(poller: Poller, job: PollJob, error: Exception) -> PollPlan | None:
    """Write down that a mistake of ours kept a source from being read: else it would be asked at every lease, and nobody would hear."""
    reason = f"a mistake of ours, {type(error).__name__}: the log has its trace; please report it"
    return await _committed(poller, job, plan.Reading(outcome=Failed(kind=Failure.SOFT, reason=reason)), plan.Found())


# --- fetch and parse ----------------------------------------------------------------------------------------------------------


async def _fetched(poller: Poller, job: PollJob) -> Outcome:
    """The server's answer; a source that cannot even be asked, such as one that lacks its token, has failed for that reason."""
    try:
        request = plan.request(job)
    except ParseError as error:
        return Failed(kind=Failure.HARD, reason=str(error))
    return await poller.fetch(request)


async def _pointed_to(poller: Poller, job: PollJob, index: plan.Reading) -> plan.Reading:
    """What stands where a sitemap's index points to. A server that is not there, or is slow, is asked for the rest by the next poll."""
    assert index.parsed is not None  # noqa: S101
    began, answers, away = poller.clock(), list[tuple[Part, plan.Reading]](), set[object]()
    for part in sitemaps.due(job.state, index.parsed.parts, began):
        if origin(part.url) in away or poller.clock() - began > PARTS_TIME:
            continue
        outcome = await poller.fetch(sitemaps.request(plan.request(job), part, job.state))
        answers.append((part, await _read(poller, sitemaps.alone(job, part), outcome)))
        if isinstance(outcome, Failed) and outcome.kind is Failure.TEMPORARY:
            away.add(origin(part.url))
    return sitemaps.together(job, index, answers, poller.clock())


async def _read(poller: Poller, job: PollJob, outcome: Outcome) -> plan.Reading:
    """Read the body where it can be abandoned; the headers of the source, which may be secrets, do not go there."""
    if not isinstance(outcome, Fetched) or plan.same(job, outcome):
        return plan.read(job, outcome, poller.clock())
    bare = replace(job, source=replace(job.source, headers=EMPTY))
    try:
        reading = await poller.aside(weight(outcome.body), _read_bare, bare, outcome, poller.clock())
    except ParseError as error:
        return plan.unreadable(outcome, error)
    return replace(reading, outcome=outcome) if isinstance(reading.outcome, Fetched) else reading


def _read_bare(job: PollJob, outcome: Fetched, now: datetime) -> plan.Reading:
    """The reading without its body, which would only travel back from where it came."""
    reading = plan.read(job, outcome, now)
    return replace(reading, outcome=replace(outcome, body=b"")) if isinstance(reading.outcome, Fetched) else reading


async def _with_next_page(poller: Poller, job: PollJob, reading: plan.Reading) -> plan.Reading:
    """One page further back, where the first one did not reach what was known, or the last poll could not read it to its end."""
    assert reading.parsed is not None and reading.parsed.next_url is not None  # noqa: S101, PT018
    outcome = await poller.fetch(plan.onward(plan.request(job), reading.parsed.next_url))
    return plan.with_next(reading, outcome, (await _read(poller, job, outcome)).parsed)


# --- fresh ------------------------------------------------------------------------------------------------------------------


async def _fresh(poller: Poller, job: PollJob, reading: plan.Reading) -> Fresh:
    """What is new, and what reads otherwise than before; of a list that looks rebuilt, without what is known from another address."""
    if reading.parsed is None:
        return Fresh(overlap=True)
    ids = {item.id for item in reading.parsed.items}
    by_id = (await _known(poller, job, ids=ids)).by_id
    items = await asyncio.to_thread(heirs, reading.parsed.items, by_id)
    if apart := {item.id for item in items} - ids:
        by_id |= (await _known(poller, job, ids=apart)).by_id
    aliases = {alias for item in items if item.id not in by_id for alias in item.aliases}  # mostly there are none to ask for
    by_alias = (await _known(poller, job, aliases=aliases)).by_alias if aliases else {}
    fresh = await asyncio.to_thread(plan.fresh, items, by_id, by_alias, poller.clock())
    if job.state.polls and moves.suspected(fresh.new, len(items)):
        return await _without_moved(poller, job, items, Acquaintances(by_id, by_alias), fresh)
    return fresh


async def _known(poller: Poller, job: PollJob, *, ids: Collection[str] = (), aliases: Collection[str] = ()) -> Acquaintances:
    return await on_db(poller, poller.store.known, job.source.id, ids, aliases)


async def _without_moved(poller: Poller, job: PollJob, items: Sequence[Item], known: Acquaintances, fresh: Fresh) -> Fresh:
    """What is new of a list that looks rebuilt, once those are told that are known from another address."""
    elsewhere = [one for one in await on_db(poller, poller.store.listed, job.source.id) if one.known.item_id not in known.by_id]
    found = await asyncio.to_thread(moves.moved, fresh.new, elsewhere)
    by_alias = known.by_alias | {alias: found[item.id] for item in fresh.new if item.id in found for alias in item.aliases}
    again = await asyncio.to_thread(plan.fresh, items, known.by_id, by_alias, poller.clock())
    return replace(again, moved=moves.at_home(fresh.new, found))


async def _without_flood(poller: Poller, job: PollJob, fresh: Fresh) -> Fresh:
    """What is new, without what a source that floods brings beyond its newest. Of a first poll all is new."""
    if not job.state.polls:
        return fresh
    told, now = await on_db(poller, poller.store.goes_on, conditions.flooding(job.source)), poller.clock()
    if not (told or floods.suspected(fresh.new)):
        return fresh
    brought = await on_db(poller, poller.store.brought, job.source.id, now - floods.MONTH)
    kept = floods.kept(fresh.new, brought, now)
    return replace(fresh, new=kept, left=len(fresh.new) - len(kept), calm=told and floods.calm(brought, now))


# --- detect, and read what that cannot decide -------------------------------------------------------------------------------


async def _detected(poller: Poller, job: PollJob, fresh: Fresh) -> plan.Found:
    """The rules' word on each item, in portions: a daemon that is asked to stop waits for no more than one."""
    if not fresh.items:
        return plan.Found(fresh=fresh)
    documents = [Document(item, job.source) for item in fresh.items]
    names = judging.told_by_others(await on_db(poller, poller.store.heard), documents)
    heard = await asyncio.to_thread(known_by, names, poller.rules)
    judged: list[Detection] = []
    for start in range(0, len(documents), PORTION):
        judged += await asyncio.to_thread(judging.first_word, documents[start : start + PORTION], poller.rules, heard)
    detections = await asyncio.to_thread(judging.reconsider, documents, judged, poller.rules, names)
    return plan.Found(fresh=fresh, detections=detections)


async def _owed(poller: Poller, job: PollJob, reading: plan.Reading) -> Sequence[Item]:
    """Items of earlier polls that wait for their pages; a source that is down is not asked for those either."""
    if isinstance(reading.outcome, Failed):
        return ()
    return await on_db(poller, poller.store.owed, job.source.id, poller.clock() - recency.LATE_NEWS)


async def _with_articles(poller: Poller, job: PollJob, found: plan.Found, owed: Sequence[Item] = ()) -> plan.Found:
    """What title and summary cannot decide, judged again with its page's text, ``owed`` too."""
    now = poller.clock()
    wanted = articles.wanted(found, owed, state=job.state, since=now - poller.alert_window, now=now)
    changed = await articles.read(wanted, job, fetch=poller.fetch, aside=poller.aside, now=now)
    return await _detected(poller, job, articles.put(changed, found.fresh)) if changed else found


# --- fold, tell and commit, as one call on the database's thread ------------------------------------------------------------


async def _committed(poller: Poller, job: PollJob, reading: plan.Reading, found: plan.Found) -> PollPlan | None:
    try:
        return await on_db(poller, commit, poller, job, reading, found)
    except Conflict:
        log.warning("poll of %s dropped: somebody else committed first", job.source.id)
        return None


def commit(
    poller: Poller,
    job: PollJob,
    reading: plan.Reading,
    found: plan.Found,
    revise: Callable[[PollJob, PollPlan], PollPlan] = lambda _, made: made,
) -> PollPlan:
    """Fold what was found into the stories, tell who is to hear of it, and write the poll, as ``revise`` leaves it."""
    now = poller.clock()
    ages = recency.ages(found.fresh, job, now, poller.alert_window)
    judged = [Judged(item, job.source, detection) for item, detection in found.judged]
    heeded = filing.heeded(judged, poller.store.words([item.id for item in found.fresh.items]))
    filed = filing.fold(heeded.ready, poller.store.stories, ages=ages, before=_before(poller, found.fresh))
    told = _told(poller, job, found, filed, ages)
    polling = schedule.share(poller.polling, job.source, poller.crowd)
    terms = schedule.Terms(polling=polling, now=now, jitter=poller.jitter())
    made = revise(job, plan.make(job, reading, told, terms))
    poller.store.commit(made)
    return made


def _before(poller: Poller, fresh: Fresh) -> filing.Before:
    """What is known of those that are judged again: edited items, and those that are in a story already as their pages are read."""
    edited = {item.id: [mention for mention, _ in _steps(poller, item)] for item in fresh.revised}
    read = {item.id: found for item in fresh.read if (found := _steps(poller, item))}
    return filing.Before(
        places=edited | {item_id: [mention for mention, _ in found] for item_id, found in read.items()},
        by_address={item_id: [step for _, step in found if step] for item_id, found in read.items()},
    )


def _steps(poller: Poller, item: Item) -> list[tuple[Mention, Entry | None]]:
    """The steps that an item belongs to, but what waited for a name: whoever gives it one tells it, the same item too."""
    mentions = poller.store.mentions(item.id)
    steps = {one.announcement.id: one for one in poller.store.entries([ident(one.story_id, one.stage) for one in mentions])}
    found = [(one, steps.get(ident(one.story_id, one.stage))) for one in mentions]
    return [(one, step) for one, step in found if not (step and step.announcement.silent == Silence.NAMELESS)]


def _told(poller: Poller, job: PollJob, found: plan.Found, filed: filing.Filing, ages: recency.Ages) -> plan.Found:
    """What was found, with the steps that it makes and who is to hear of them, and of earlier steps that somebody wants only now."""
    folded, history = filed.folded, filed.history
    own = telling.joined_by_vendor(folded, history, ages)
    earlier = poller.store.entries(sorted({*own, *telling.better_known(folded, history, ages.since)}))
    completed = telling.completed(earlier, folded)
    return replace(
        found,
        folded=replace(folded, corrected=folded.corrected + completed),
        outbox=telling.outbox(folded.announcements, poller.subscriptions, folded.stories)
        + telling.wanted_now(earlier, completed, own, poller.subscriptions),
        nudges=telling.nudges(folded.announcements, poller.sources, ages.now),
        unsaid="" if job.state.baseline else telling.unsaid(folded, ages.since),
    )
