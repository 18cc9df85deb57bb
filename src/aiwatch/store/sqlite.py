"""``ports.Store`` over SQLite: each method is one transaction on one connection, told by the modules that it calls."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from aiwatch.errors import Conflict
from aiwatch.feedback import Mend, Saying, Words, Work
from aiwatch.model import (
    Announcement,
    Delivery,
    DeliveryState,
    Detection,
    Document,
    Edition,
    Entry,
    HeardName,
    Item,
    Lease,
    Mention,
    NearMiss,
    Notice,
    PollJob,
    PollPlan,
    Push,
    Receipt,
    Source,
    Story,
    Upshot,
    Watch,
)
from aiwatch.ports import Acquaintances, Brought, Listed
from aiwatch.store import _archive, _clock, _feedback, _items, _keys, _names, _outbox, _service, _sources, _stories
from aiwatch.store.connection import MEMORY
from aiwatch.store.writer import Writer
from aiwatch.views import Label


class SqliteStore:
    """The database at ``path`` (``:memory:`` for one that is gone with the object), made or upgraded where needed.

    Raises StoreError: not a database, another program's, a newer version's, damaged, unwritable.
    """

    def __init__(self, path: str, connection: Writer | None = None) -> None:
        self.path = path
        self._configured: dict[str, Source] = {}
        self._mended: datetime | None = None  # when stories had been mended last, as words were asked for
        self._writer = connection or Writer(path)
        self._write, self._read, self._db = self._writer.writing, self._writer.reading, self._writer.db

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._writer.close()

    def interrupt(self) -> None:
        """From any thread: let what is being written fail and be rolled back. All that can be done afterwards is to close."""
        self._writer.interrupt()

    # --- polling ------------------------------------------------------------------------------------------------------------

    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the table of sources equal to the configuration. Their headers, and secrets in their addresses, stay in memory."""
        with self._write() as db:
            _sources.sync(db, sources, now)
        self._configured = {source.id: source for source in sources}

    def claim_due(self, now: datetime, limit: int, lease: timedelta, only: Collection[str] | None = None) -> list[PollJob]:
        """Due sources, longest due first, each pushed ``lease`` ahead."""
        with self._write() as db:
            jobs = _sources.claim(db, now, limit, lease, only)
        return [replace(job, source=self._source(job.source)) for job in jobs]

    def job(self, source_id: str) -> PollJob | None:
        """A source that is asked, with its state as it is; nothing is claimed. None where it is not listed or not enabled."""
        with self._read() as db:
            found = _sources.job(db, source_id)
        return replace(found, source=self._source(found.source)) if found else None

    def _source(self, stored: Source) -> Source:
        return self._configured.get(stored.id, stored)

    def known(self, source_id: str, ids: Collection[str], aliases: Collection[str]) -> Acquaintances:
        """What is known by item id, and by alias within this source. Aliases of all revisions stay known."""
        with self._read() as db:
            return _items.known(db, source_id, ids, aliases)

    def listed(self, source_id: str) -> list[Listed]:
        """The newest few thousand items of a source, as they were called."""
        with self._read() as db:
            return _items.listed(db, source_id)

    def brought(self, source_id: str, since: datetime) -> list[Brought]:
        """The polls of a source from then on that brought something new, oldest first."""
        with self._read() as db:
            return _service.brought(db, source_id, since)

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """Names in no list that items announced, up to ``until`` where given, oldest first; the newest few thousand, none ignored."""
        with self._read() as db:
            return _names.heard(db, until)

    def owed(self, source_id: str, since: datetime) -> list[Item]:
        """Items of that source, first seen from that day on, whose pages could not be read yet; oldest first."""
        with self._read() as db:
            return _archive.owed(db, source_id, since)

    def stories(self, keys: Collection[str]) -> list[Story]:
        """All stories that answer to one of ``keys``."""
        with self._read() as db:
            return _stories.by_keys(db, keys)

    def commit(self, plan: PollPlan) -> None:
        """Write a poll, all or nothing. Raises Conflict if the source was committed, or stories mended, by somebody else meanwhile."""
        now = plan.poll.at
        with self._write() as db:
            if plan.folded.stories and _service.last_heartbeat(db, _feedback.MENDED) != self._mended:
                raise Conflict(f"{plan.state.source_id}: a person's word mended stories meanwhile")
            source_n = _sources.save(db, plan.state)
            _service.write_poll(db, source_n, plan.poll)
            _items.write(db, source_n, plan.items, _items.facets(db, plan), now)
            _items.move(db, source_n, plan.moved)
            _items.write_detections(db, plan.detections, now)
            _stories.write(db, plan.folded)
            _outbox.enqueue(db, plan.outbox)
            _service.note(db, plan.notices)
            _sources.nudge(db, plan.nudges)
            _sources.back(db, plan.state.source_id, plan.back_since, now)

    def unsilence(self, ids: Collection[str], outbox: Sequence[tuple[str, str]], now: datetime) -> int:
        """Tell what was recorded in silence: (digest id, announcement id) into the outbox; how many announcements there were."""
        with self._write() as db:
            done = _stories.unsilence(db, ids, now)
            _outbox.enqueue(db, outbox)
            return done

    # --- delivering ---------------------------------------------------------------------------------------------------------

    def pending(self, digest_id: str, until: datetime) -> list[Announcement]:
        """Announcements in the outbox of that digest, found up to ``until`` and in no edition yet, oldest first."""
        with self._read() as db:
            return _outbox.pending(db, digest_id, until)

    def waiting(self) -> dict[str, int]:
        """How many announcements wait for each digest, by its id, whether or not it is configured any more."""
        with self._read() as db:
            return _outbox.waiting(db)

    def entries(self, announcement_ids: Collection[str]) -> list[Entry]:
        """The announcements with their stories and coverage, in the order of the ids; unknown ids are left out."""
        with self._read() as db:
            found = _stories.announcements(db, announcement_ids)
            return _stories.entries(db, [found[one] for one in announcement_ids if one in found])

    def register(self, digest_id: str, now: datetime) -> None:
        """Remember since when a digest exists; the first call wins."""
        with self._write() as db:
            _outbox.register(db, digest_id, now)

    def last_slot(self, digest_id: str, before: datetime | None = None, *, sent: bool = False) -> datetime | None:
        """``until`` of the digest's newest edition (not after ``before``; with ``sent`` of those somebody got), else its registration."""
        with self._read() as db:
            return _outbox.last_slot(db, digest_id, before, sent=sent)

    def told(self, digest_id: str, since: datetime, until: datetime) -> int:
        """How many announcements editions of that digest told that were composed after ``since``, up to ``until``."""
        with self._read() as db:
            return _outbox.told(db, digest_id, since, until)

    def publish(self, edition: Edition, deliveries: Sequence[Delivery], claimed: Collection[str]) -> bool:
        """Record an edition, its deliveries and its claims. False if it exists already.

        Raises Conflict, and writes nothing, if another edition of the digest claimed one of the announcements meanwhile.
        """
        with self._write() as db:
            return _outbox.publish(db, edition, deliveries, claimed)

    def claim_deliveries(self, now: datetime, limit: int, lease: timedelta, skip: Collection[str] = ()) -> list[Delivery]:
        """Deliveries whose time has come, marked as sending for ``lease``; recipients in ``skip`` are left alone."""
        with self._write() as db:
            return _outbox.claim(db, now, limit, lease, skip)

    def settle(
        self,
        delivery_id: str,
        receipt: Receipt,
        state: DeliveryState,
        now: datetime,
        next_try_at: datetime | None,
        upshot: Upshot | None = None,
    ) -> None:
        """Record one try and all that follows from it, or nothing."""
        with self._write() as db:
            _outbox.settle(db, delivery_id, receipt, state, now, next_try_at)
            if upshot and upshot.mute:
                _outbox.mute(db, upshot.mute[0], None, upshot.mute[1], now)
            _service.note(db, upshot.notices if upshot else ())

    def settle_by_hand(self, delivery_id: str, state: DeliveryState, now: datetime, why: str) -> bool:
        """Send again (READY) or drop (DROPPED). False if there is no such delivery, or it is being sent."""
        with self._write() as db:
            return _outbox.settle_by_hand(db, delivery_id, state, now, why)

    def release(self, now: datetime) -> int:
        """Give back what a process that died was sending. Only for the holder of the daemon lock."""
        with self._write() as db:
            return _outbox.release(db, now)

    def mute(self, who: str, digest_id: str | None, reason: str, now: datetime) -> None:
        """Write no more to ``who``, of one digest or (None) of all."""
        with self._write() as db:
            _outbox.mute(db, who, digest_id, reason, now)

    def unmute(self, who: str, digest_id: str | None) -> bool:
        """Write to ``who`` again. False if nobody had said not to."""
        with self._write() as db:
            return _outbox.unmute(db, who, digest_id)

    def muted(self) -> dict[tuple[str, str | None], str]:
        """Who is not written to, of which digest (None: all), and why."""
        with self._read() as db:
            return _outbox.muted(db)

    def near_misses(self, since: datetime, until: datetime, limit: int) -> list[NearMiss]:
        """Items just below the bar, highest score first."""
        with self._read() as db:
            return _service.near_misses(db, since, until, limit)

    def watch(self, since: datetime, until: datetime) -> Watch:
        """The coverage line of a window."""
        with self._read() as db:
            return _service.watch(db, since, until)

    def notices(self, since: datetime, until: datetime) -> list[Notice]:
        """Conditions that began or ended after ``since``, up to ``until``."""
        with self._read() as db:
            return _service.notices(db, since, until)

    def goes_on(self, condition: str) -> bool:
        """Whether a condition began and has not ended."""
        with self._read() as db:
            return _service.goes_on(db, condition)

    def note(self, notices: Sequence[Notice]) -> None:
        """Begin or end conditions outside a poll; once per condition."""
        with self._write() as db:
            _service.note(db, notices)

    def rewind(self, now: datetime) -> bool:
        """Make due what a clock that was ahead has put off; False where nothing was done in what is still to come."""
        with self._write() as db:
            return _clock.rewind(db, now)

    def last_heartbeat(self, what: str) -> datetime | None:
        """When ``what`` was recorded last; None for never."""
        with self._read() as db:
            return _service.last_heartbeat(db, what)

    def heartbeat(self, now: datetime, what: str) -> None:
        """Record that ``what`` is alive."""
        with self._write() as db:
            _service.heartbeat(db, now, what)

    # --- judgements -----------------------------------------------------------------------------------------------------------

    def words(self, item_ids: Collection[str]) -> Words:
        """What people said of these items, and of names."""
        with self._read() as db:
            self._mended = _service.last_heartbeat(db, _feedback.MENDED)
            return _feedback.words(db, item_ids)

    def mend(self, said: Saying, concerned: Collection[str], work: Work, now: datetime) -> Mend:
        """Keep a person's word and write what ``work`` makes of the stories. Raises StoreError for a judgement of an unknown item."""
        with self._write() as db:
            return _feedback.mend(db, said, concerned, work, now, self._source)

    def labels(self) -> list[Label]:
        """All judgements, oldest first."""
        with self._read() as db:
            return _service.labels(db)

    def judge_name(self, name_key: str, verdict: str | None, now: datetime) -> bool:
        """Accept or ignore an unknown model name, or leave it undecided again. False for a name never seen."""
        with self._write() as db:
            return _names.judge_name(db, name_key, verdict, now)

    # --- keys and hubs --------------------------------------------------------------------------------------------------------

    def secret(self, name: str) -> str:
        """A random text of 64 hexadecimal digits, made at the first call and the same ever after."""
        with self._read() as db:
            known = _keys.secret(db, name)
        if known is not None:
            return known
        with self._write() as db:
            return _keys.make_secret(db, name)

    def leases(self) -> dict[str, Lease]:
        """What is known of each source's subscription at its hub."""
        with self._read() as db:
            return _keys.leases(db)

    def asked(self, source_id: str, now: datetime, answer: str | None) -> None:
        """Remember that a source's hub was asked, and what went wrong (None: nothing)."""
        with self._write() as db:
            _keys.asked(db, source_id, now, answer)

    def granted(self, source_id: str, now: datetime, until: datetime | None, answer: str | None = None) -> None:
        """Remember until when a hub promised to push; None where it refused, with its reason."""
        with self._write() as db:
            _keys.granted(db, source_id, now, until, answer)

    def push(self, source_id: str, body: bytes, now: datetime) -> bool:
        """Keep a body that a hub sent. False where too many of that source wait already."""
        with self._write() as db:
            return _keys.push(db, source_id, body, now)

    def pushes(self, limit: int) -> list[Push]:
        """Bodies that wait to be read, oldest first."""
        with self._read() as db:
            return _keys.pushes(db, limit)

    def forget(self, push: Push) -> None:
        """Drop a body that was read."""
        with self._write() as db:
            _keys.forget(db, push.n)

    # --- archive --------------------------------------------------------------------------------------------------------------

    def archive(self, since: datetime | None = None, source_id: str | None = None) -> Iterator[Document]:
        """Every item's newest revision with its source, in the order seen. Pruned items, whose text is gone, are left out.

        Pages are read one by one, so that writers are not kept waiting and memory does not grow with the archive.
        """
        page = _archive.Page(after=0, since=since, source_id=source_id)
        while True:
            with self._read() as db:
                rows, page = _archive.read(db, page)
            if not rows:
                return
            for item, source in rows:
                yield Document(item, self._source(source))

    def detection(self, item_id: str) -> Detection | None:
        """The newest detection of an item."""
        with self._read() as db:
            return _archive.detection(db, item_id)

    def detections(self, item_ids: Collection[str]) -> dict[str, Detection]:
        """The newest detections of items, by item; those of items that were not judged are left out."""
        with self._read() as db:
            return _archive.detections(db, item_ids)

    def mentions(self, item_id: str) -> list[Mention]:
        """The stories an item belongs to."""
        with self._read() as db:
            return _stories.mentions_of(db, item_id)


__all__ = ["MEMORY", "SqliteStore"]
