"""One source's poll, from claim to commit.

    claim | fetch | parse     | keep the fresh | detect  | fold into stories | tell    | plan | commit
    store   fetch   plan.read   plan.fresh       judging   stories.fold        telling   plan   store

Where ``detect`` cannot decide, pages are fetched, and it is asked again. The rest between ``fetch`` and ``commit`` is pure, and from
``detect`` on what ``replay`` calls too. No transaction is open while the network is waited for. Reading the stories, folding and
committing run as one call on the database's own thread, so that two polls that find the same model at the same moment cannot both be the
first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from aiwatch import judging, plan, schedule, stories, telling
from aiwatch.aside import in_a_thread
from aiwatch.detect.heard import known_by
from aiwatch.errors import Conflict, ParseError
from aiwatch.model import (
    EMPTY,
    NAMELESS,
    PAGE_OWED,
    Detection,
    Failed,
    Failure,
    Fetched,
    Item,
    Mention,
    Outcome,
    PollJob,
    PollPlan,
    Source,
    ident,
)
from aiwatch.parse import article
from aiwatch.parse.listing import TITLE_FROM_URL
from aiwatch.ports import Clock, Fetch, Request, Store
from aiwatch.rules import RuleSet
from aiwatch.settings import Polling, Subscription

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

ARTICLE_KEPT = 4000  # characters of a page's text that are read and kept: the lead, not the article
PORTION = 500  # items judged at a stretch, about a tenth of a second
ARTICLES_PER_POLL = 5  # pages fetched for items that title and summary cannot decide
PATIENCE = timedelta(hours=6)  # a page that cannot be had is tried for so long, at each poll
UNWELL = frozenset({Failure.SOFT, Failure.TEMPORARY})


class Reads(Protocol):
    """``await aside(size, call, *args)``: the result of ``call``, which reads a body of ``size`` bytes. Raises ParseError if abandoned."""

    def __call__(self, size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run ``call`` where it holds up nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a poll works with. ``db`` is the thread that owns the store; None runs store calls in place."""

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


async def on_db(desk: Desk, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a store call on the thread that owns the database."""
    if desk.db is None:
        return call(*args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(desk.db, lambda: call(*args, **kwargs))


async def poll(desk: Desk, job: PollJob) -> PollPlan | None:
    """Poll one claimed source and write what came of it; None where somebody else committed first."""
    reading = await _read(desk, job, await _asked(desk, job))
    if plan.points_on(reading):
        reading = await _pointed_to(desk, job, reading)
    fresh = await _fresh(desk, job, reading)
    if reading.parsed and reading.parsed.next_url and job.state.polls and not fresh.overlap:
        reading = await _with_next_page(desk, job, reading)
        fresh = await _fresh(desk, job, reading)
    judged = await _judged(desk, fresh.items, job.source)
    down = isinstance(reading.outcome, Failed)
    owed = [] if down else await on_db(desk, desk.store.owed, job.source.id, desk.clock() - telling.LATE_NEWS)
    fresh, judged = await _with_articles(desk, job, fresh, judged, owed)
    try:
        return await on_db(desk, commit, desk, job, reading, fresh, judged)
    except Conflict:
        log.warning("poll of %s dropped: somebody else committed first", job.source.id)
        return None


async def _asked(desk: Desk, job: PollJob) -> Outcome:
    """The server's answer; a source that cannot even be asked, such as one that lacks its token, has failed for that reason."""
    try:
        request = plan.request(job)
    except ParseError as error:
        return Failed(kind=Failure.HARD, reason=str(error))
    return await desk.fetch(request)


async def _pointed_to(desk: Desk, job: PollJob, index: plan.Reading) -> plan.Reading:
    """What stands where a body without items points to: the newest part of a sitemap in parts."""
    assert index.parsed is not None and index.parsed.next_url is not None  # noqa: S101, PT018
    request = plan.onward(plan.request(job), index.parsed.next_url)
    return plan.behind(index, await _read(desk, job, await desk.fetch(request)))


async def pushed(desk: Desk, job: PollJob, outcome: Fetched) -> PollPlan | None:
    """Read a body that a hub sent for a source, and write what is new in it; None where there is nothing to read."""
    unread = replace(job, state=replace(job.state, body_hash=None, item_count=None))
    reading = await _read(desk, unread, outcome)
    if reading.parsed is None:
        log.warning(
            "what the hub of %s sent cannot be read: %s", job.source.id, getattr(reading.outcome, "reason", "nothing in it")
        )
        return None
    fresh = await _fresh(desk, job, reading)
    judged = await _judged(desk, fresh.items, job.source)
    fresh, judged = await _with_articles(desk, job, fresh, judged)
    return await on_db(desk, commit, desk, job, reading, fresh, judged, plan.of_push)


async def _read(desk: Desk, job: PollJob, outcome: Outcome) -> plan.Reading:
    """Read the body where it can be abandoned; the headers of the source, which may be secrets, do not go there."""
    if not isinstance(outcome, Fetched) or plan.same(job, outcome):
        return plan.read(job, outcome, desk.clock())
    bare = replace(job, source=replace(job.source, headers=EMPTY))
    try:
        reading = await desk.aside(len(outcome.body), _read_bare, bare, outcome, desk.clock())
    except ParseError as error:
        return plan.unreadable(outcome, error)
    return replace(reading, outcome=outcome) if isinstance(reading.outcome, Fetched) else reading


def _read_bare(job: PollJob, outcome: Fetched, now: datetime) -> plan.Reading:
    """The reading without its body, which would only travel back from where it came."""
    reading = plan.read(job, outcome, now)
    return replace(reading, outcome=replace(outcome, body=b"")) if isinstance(reading.outcome, Fetched) else reading


async def _judged(desk: Desk, items: Sequence[Item], source: Source) -> tuple[Detection, ...]:
    """The rules' word on each item, in portions: a daemon that is asked to stop waits for no more than one."""
    if not items:
        return ()
    documents = [(item, source) for item in items]
    names = judging.told_by_others(await on_db(desk, desk.store.heard), documents)
    heard = await asyncio.to_thread(known_by, names, desk.rules)
    judged: list[Detection] = []
    for start in range(0, len(items), PORTION):
        judged += await asyncio.to_thread(judging.first_word, documents[start : start + PORTION], desk.rules, heard)
    return await asyncio.to_thread(judging.reconsider, documents, judged, desk.rules, names)


def commit(
    desk: Desk,
    job: PollJob,
    reading: plan.Reading,
    fresh: plan.Fresh,
    judged: tuple[Detection, ...],
    revise: Callable[[PollJob, PollPlan], PollPlan] = lambda _, made: made,
) -> PollPlan:
    """Fold the detections into the stories and write the poll, as ``revise`` leaves it."""
    now = desk.clock()
    found_out = zip(fresh.items, judged, strict=True)
    batch = [(item, job.source, detection) for item, detection in found_out if telling.settled(item, detection)]
    keys = frozenset().union(*(stories.keys(detection, (item, source)) for item, source, detection in batch))
    history = desk.store.stories(keys) if keys else []
    window, undated = _window(desk, job, now), {item.id for item in (*fresh.new, *fresh.revised) if item.published is None}
    folded = telling.fold(
        batch,
        history,
        now=now,
        alert_window=window,
        baseline=job.state.baseline,
        revised={item.id: _told_before(desk, item) for item in fresh.revised},
        undated=undated,
    )
    unaged, edited = undated if job.state.baseline else (), {item.id for item in fresh.revised}
    joined = desk.store.entries(telling.joined_by_vendor(folded, history, now - window, unaged, edited))
    found = plan.Found(
        fresh=fresh,
        detections=judged,
        folded=folded,
        outbox=telling.outbox(folded.announcements, desk.subscriptions, folded.stories)
        + telling.confirmed(joined, desk.subscriptions),
        nudges=telling.nudges(folded.announcements, desk.sources, now),
    )
    polling = schedule.share(desk.polling, job.source, desk.crowd)
    made = revise(job, plan.make(job, reading, found, polling=polling, now=now, jitter=desk.jitter()))
    desk.store.commit(made)
    return made


def _told_before(desk: Desk, item: Item) -> list[Mention]:
    """The stories that an edited item belongs to, but what waited for a name: whoever gives it one tells it, the same item too."""
    mentions = desk.store.mentions(item.id)
    steps = desk.store.entries([ident(one.story_id, one.stage) for one in mentions])
    waited = {one.story.id for one in steps if one.announcement.silent == NAMELESS}
    return [one for one in mentions if one.story_id not in waited]


def _window(desk: Desk, job: PollJob, now: datetime) -> timedelta:
    silence = now - (job.state.last_success_at or now)
    return telling.window(timedelta(seconds=desk.polling.alert_window), first=job.state.polls == 0, silence=silence)


async def _fresh(desk: Desk, job: PollJob, reading: plan.Reading) -> plan.Fresh:
    if reading.parsed is None:
        return plan.Fresh(overlap=True)
    items = reading.parsed.items
    by_id, _ = await on_db(desk, desk.store.known, job.source.id, {item.id for item in items}, ())
    aliases = {alias for item in items if item.id not in by_id for alias in item.aliases}  # mostly there are none to ask for
    by_alias = (await on_db(desk, desk.store.known, job.source.id, (), aliases))[1] if aliases else {}
    return await asyncio.to_thread(plan.fresh, items, by_id, by_alias, desk.clock())


async def _with_next_page(desk: Desk, job: PollJob, reading: plan.Reading) -> plan.Reading:
    """One page further back, where the first one did not reach what was known."""
    assert reading.parsed is not None and reading.parsed.next_url is not None  # noqa: S101, PT018
    request = plan.onward(plan.request(job), reading.parsed.next_url)
    older = await _read(desk, job, await desk.fetch(request))
    if older.parsed is None:
        return reading
    parsed = replace(reading.parsed, items=reading.parsed.items + older.parsed.items)
    return replace(reading, parsed=parsed)


async def _with_articles(
    desk: Desk, job: PollJob, fresh: plan.Fresh, judged: tuple[Detection, ...], owed: Sequence[Item] = ()
) -> tuple[plan.Fresh, tuple[Detection, ...]]:
    """Items that title and summary cannot decide are judged again with their page's text; what is refused changes nothing.

    What a first reading brings without a date is none of them: its age is unknown now, and would be forgotten when its page is read.
    ``owed`` are those of earlier polls whose pages could not be had then: after the new ones, each time in another order. Of edited items
    they alone are looked at, as they may be in doubt still.
    """
    since = desk.clock() - timedelta(seconds=desk.polling.alert_window)
    edited, waited = {item.id for item in fresh.revised}, {item.id for item in owed}
    doubtful = [
        item
        for item, detection in zip((*fresh.new, *fresh.revised), judged, strict=False)
        if item.id in waited or item.id not in edited
        if _doubtful(item, detection) and item.url and _young(item, since, first=job.state.baseline)
    ]
    left = sorted((item for item in owed if item.id not in edited), key=lambda item: ident(item.id, job.state.revision))
    kept: dict[str, Item] = {}
    for place, item in enumerate([*doubtful, *left]):
        tried = place < ARTICLES_PER_POLL
        read, again = await _article(desk, job.source, item) if tried else (None, True)
        late = tried and item.seen_at is not None and desk.clock() - item.seen_at > PATIENCE
        if one := _kept(item, read, give_up=late or not again):
            kept[item.id] = one
    if not kept:
        return fresh, judged
    new, revised = (tuple(kept.get(item.id, item) for item in items) for items in (fresh.new, fresh.revised))
    fresh = replace(fresh, new=new, revised=revised, read=tuple(kept[item.id] for item in left if item.id in kept))
    return fresh, await _judged(desk, fresh.items, job.source)


def _kept(item: Item, read: Item | None, *, give_up: bool) -> Item | None:
    """The item as its page has it, or marked to be tried again, or given up and judged as it is; None where nothing of it changes."""
    owed = PAGE_OWED in item.notes
    if read is None and owed is not give_up:
        return None
    if read is None and not owed:
        return replace(item, notes=(*item.notes, PAGE_OWED))
    done = read or item
    return replace(done, notes=tuple(note for note in done.notes if note != PAGE_OWED), revision=item.revision + owed)


def _doubtful(item: Item, detection: Detection) -> bool:
    """A near miss without text, and what has no title but its address: ``/news/news260120`` names no model."""
    return not item.content and (detection.near_miss or TITLE_FROM_URL in item.notes)


def _young(item: Item, since: datetime, *, first: bool) -> bool:
    return item.published >= since if item.published else not first


async def _article(desk: Desk, source: Source, item: Item) -> tuple[Item | None, bool]:
    """The item with its page's text, or None; and whether it is worth another try: a server that is unwell, a page that is not up yet."""
    assert item.url is not None  # noqa: S101
    outcome = await desk.fetch(Request(url=item.url, headers={}, allow_private=source.allow_private, robots=True))
    if not isinstance(outcome, Fetched):
        log.info("article of %s not read: %s", item.url, getattr(outcome, "reason", "unchanged"))
        return None, isinstance(outcome, Failed) and (outcome.kind in UNWELL or outcome.status == 404)
    try:
        read = await desk.aside(len(outcome.body), article.extract, outcome, item)
        return replace(read, content=read.content[:ARTICLE_KEPT], source_hash=item.content_hash), False
    except ParseError as error:
        log.info("article of %s not read: %s", item.url, error)
    except Exception:  # a page that a library breaks on must not hold back the item, which would be met again at every poll
        log.exception("article of %s not read", item.url)
    return None, False
