"""The pages of items that title and summary cannot decide: which are read now, what is kept of them, and which stay owed.

    judged items ── wanted ──> items in doubt ── read ──> what changes of them ── put ──> items to be judged again

So is the page of an announcement that its feed dates against its own order (``belief``), for the date. A page that cannot be had now is
owed: its item is marked with ``Note.PAGE_OWED``, is not told of meanwhile (``telling.settled``), and its page is tried for at each poll
until it is there, refused, or ``PATIENCE`` is over. Then the item is judged as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aiwatch.errors import ParseError
from aiwatch.model import Detection, Failed, Failure, Fetched, Fresh, Item, Note, PollJob, PollState, Source, ident
from aiwatch.parse import article, belief
from aiwatch.parse.weight import weight
from aiwatch.plan import Found
from aiwatch.ports import Fetch, Reads, Request
from aiwatch.stories import telling
from aiwatch.urls import origin

log = logging.getLogger(__name__)

KEPT = 4000  # characters of a page's text that are read and kept: the lead, not the article
PER_POLL = 5  # pages that are asked for
PATIENCE = timedelta(hours=6)  # a page that cannot be had is tried for so long, at each poll
UNWELL = frozenset({Failure.SOFT, Failure.TEMPORARY})


def wanted(found: Found, owed: Sequence[Item], *, state: PollState, since: datetime, now: datetime) -> list[Item]:
    """The items whose pages are to be read: those of this body that are in doubt and not from before ``since``, then those ``owed``.

    What a first reading (``state.baseline``) brings without a date is none of them: its age is unknown now, and would be forgotten when its
    page is read. ``owed`` are those of earlier polls whose pages could not be had then; each revision has them in another order. Of edited
    items they alone are looked at, as they may be in doubt still.
    """
    edited, waited = {item.id for item in found.fresh.revised}, {item.id for item in owed}
    doubtful = [
        item
        for item, detection in found.judged
        if item.id in waited or item.id not in edited
        if item.url and _undecided(item, detection, since, state)
    ]
    left = (item for item in owed if item.id not in edited and _in_turn(item, state.last_success_at, now))
    return [*doubtful, *sorted(left, key=lambda item: ident(item.id, state.revision))]


def _in_turn(item: Item, last: datetime | None, now: datetime) -> bool:
    """Whether an item's page is looked at by this poll: a late one whenever it has waited twice as long as at the last look."""
    if Note.PAGE_LATE not in item.notes or item.seen_at is None:
        return True
    since = item.seen_at
    looks = [max(0, int((at - since) / PATIENCE)).bit_length() for at in (last or now, now)]
    return looks[0] < looks[1]


def _undecided(item: Item, detection: Detection, since: datetime, state: PollState) -> bool:
    if item.doubted:
        return detection.announcement
    return telling.doubtful(item, detection) and _young(item, since, baseline=state.baseline or Note.AGELESS in item.notes)


def _young(item: Item, since: datetime, *, baseline: bool) -> bool:
    return item.published >= since if item.published else not baseline


async def read(items: Sequence[Item], job: PollJob, *, fetch: Fetch, aside: Reads, now: datetime) -> dict[str, Item]:
    """What changes of the items, by id, once the pages of the first few were asked for; what is refused changes nothing.

    At a baseline a page has one chance to give the date of what is in doubt: without one, its age is unknown.
    """
    changed: dict[str, Item] = {}
    for place, item in enumerate(items):
        tried = place < PER_POLL
        with_text, again = await _page(item, job.source, fetch, aside, now) if tried else (None, True)
        if job.state.baseline and item.doubted:
            with_text, again = with_text if with_text and with_text.published else None, False
        late = tried and item.seen_at is not None and now - item.seen_at > PATIENCE
        if one := _after(item, with_text, give_up=late or not again, later=again):
            changed[item.id] = one
    return changed


async def _page(item: Item, source: Source, fetch: Fetch, aside: Reads, now: datetime) -> tuple[Item | None, bool]:
    """The item with its page's text, or None; and whether it is worth another try: a server that is unwell, a page that is not up yet."""
    assert item.url is not None  # noqa: S101  what has no address is not wanted
    # an entry's address is its writer's: a bridge that may be private repeats what strangers write
    private = source.allow_private and origin(item.url) == origin(source.url)
    outcome = await fetch(Request(url=item.url, headers={}, allow_private=private, robots=True))
    if not isinstance(outcome, Fetched):
        log.info("article of %s not read: %s", item.url, getattr(outcome, "reason", "unchanged"))
        return None, isinstance(outcome, Failed) and (outcome.kind in UNWELL or outcome.status == 404)
    try:
        if item.doubted:
            return belief.settled(item, await aside(weight(outcome.body), article.date, outcome, item.published, now=now)), False
        found = await aside(weight(outcome.body), article.extract, outcome, item, now=now)
        return replace(found, content=found.content[:KEPT], source_hash=item.content_hash), False
    except ParseError as error:
        log.info("article of %s not read: %s", item.url, error)
    except Exception:  # a page that a library breaks on must not hold back the item, which would be met again at every poll
        log.exception("article of %s not read", item.url)
    return None, False


def _after(item: Item, with_text: Item | None, *, give_up: bool, later: bool) -> Item | None:
    """The item as its page has it, or marked to be tried again, or given up and judged as it is; None where nothing of it changes.

    One that was given up after hours and has no title but its address is looked at ``later``.
    """
    owed = Note.PAGE_OWED in item.notes
    if with_text is None and (owed is not give_up or Note.PAGE_LATE in item.notes):
        return None
    if with_text is None and not owed:
        return replace(item, notes=(*item.notes, Note.PAGE_OWED))
    done, waits = with_text or item, (Note.PAGE_OWED, Note.PAGE_LATE)
    late = (Note.PAGE_LATE,) if with_text is None and later and Note.TITLE_FROM_URL in item.notes else ()
    notes = (*(note for note in done.notes if note not in waits), *late)
    return replace(done, notes=notes, revision=item.revision + any(note in item.notes for note in waits))


def put(changed: Mapping[str, Item], fresh: Fresh) -> Fresh:
    """What is to be stored, with what ``changed``: the items of this body in their places, those of earlier polls as ``read``."""
    new, revised = (tuple(changed.get(item.id, item) for item in items) for items in (fresh.new, fresh.revised))
    here = {item.id for item in (*new, *revised)}
    earlier = tuple(item for item_id, item in changed.items() if item_id not in here)
    return replace(fresh, new=new, revised=revised, read=earlier)
