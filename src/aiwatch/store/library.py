"""What faces ask of the database: reading only, from any thread, never in the writer's way; each call sees one snapshot of it."""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiwatch.feedback import SameName
from aiwatch.model import EMPTY, Announcement, DeliveryState, Detection, Entry, Filter, HeardName, Item, Notice, Poll, Story
from aiwatch.stations import Stations
from aiwatch.store import (
    _announced,
    _archive,
    _feedback,
    _figures,
    _keys,
    _names,
    _outbox,
    _search,
    _service,
    _sql,
    _stations,
    _stories,
    _told,
    _trace,
)
from aiwatch.store.pool import Pool
from aiwatch.views import (
    DeliveryLine,
    DeliveryView,
    EditionLine,
    Gap,
    Hits,
    Label,
    LeadTime,
    Limits,
    NameSeen,
    SourceHealth,
    Stats,
    StoryLine,
    StoryView,
    Table,
    Trace,
)

ANY = Filter()
MISTYPED = 1000  # stories among whose names one that is written wrong is looked for


class Library:
    """The database at ``path``, which must exist and be of this version's schema. All methods raise StoreError."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._pool = Pool(path)
        self._read = self._pool.snapshot

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._pool.close()

    # --- announcements and stories --------------------------------------------------------------------------------------------

    def announcements(
        self,
        filter: Filter = ANY,  # noqa: A002  what it is
        *,
        sort: str = "newest",
        limit: int = 50,
        cursor: str | None = None,
        silent: bool = False,
    ) -> tuple[list[Entry], str | None]:
        """A page of announcements and the next page's cursor (None: the end). ``sort``: newest, oldest, score, published.

        ``silent`` takes in those that were recorded and not told (first polls, too old).
        """
        with self._read() as db:
            return _announced.page(db, filter, sort=sort, limit=_bounded(limit), cursor=cursor, silent=silent)

    def timeline(
        self,
        filter: Filter = ANY,  # noqa: A002  what it is
        *,
        limit: int = 2000,
        silent: bool = True,
    ) -> list[Announcement]:
        """The newest ``limit`` announcements, oldest first, without stories and coverage."""
        with self._read() as db:
            return _announced.timeline(db, filter, limit=limit, silent=silent)

    def between(
        self,
        since: datetime,
        until: datetime,
        filter: Filter = ANY,  # noqa: A002  what it is
        *,
        limit: int = 200,
    ) -> tuple[list[Announcement], int]:
        """What happened in a span, told or not, oldest first, and how many there are: the ``limit`` strongest of them.

        Strongest are a vendor's own first, then by score. The filter's own window does not count.
        """
        with self._read() as db:
            return _announced.between(db, filter, (since, until), limit=_bounded(limit))

    def announcement(self, announcement_id: str) -> Entry | None:
        """One announcement with its story and coverage."""
        with self._read() as db:
            return _announced.entry(db, announcement_id)

    def stories(
        self, *, limit: int = 50, cursor: str | None = None, text: str | None = None, vendor: str | None = None
    ) -> tuple[list[StoryLine], str | None]:
        """A page of stories, the one with the newest item first, and the next page's cursor."""
        with self._read() as db:
            return _announced.story_page(db, limit=_bounded(limit), cursor=cursor, text=text, vendor=vendor)

    def story(self, ref: str) -> StoryView | None:
        """A story by its id, its announcement's, its item's, or at least six unique first digits of one of them."""
        with self._read() as db:
            found = _announced.find_story(db, ref.strip())
            return _announced.story_view(db, found) if found else None

    def called(self, ref: str) -> tuple[StoryView | None, tuple[str, ...]]:
        """The story of that id, or the newest of that very name; where there is none, the names of stories whose name has it, or nearly."""
        if (view := self.story(ref)) is not None:
            return view, ()
        found, _ = self.stories(text=ref, limit=50)
        named = [one.story for one in found if one.story.name.casefold() == ref.strip().casefold()]
        if named:
            return self.story(named[0].id), ()
        if found:
            return None, tuple(dict.fromkeys(one.story.name for one in found[:8]))
        newest = {one.story.name.casefold(): one.story.name for one in self.stories(limit=MISTYPED)[0]}
        return None, tuple(newest[one] for one in difflib.get_close_matches(ref.strip().casefold(), newest, 3, 0.75))

    def answering(self, keys: Collection[str]) -> list[Story]:
        """All stories that answer to one of ``keys``."""
        with self._read() as db:
            return _stories.by_keys(db, keys)

    def withdrawn(self) -> list[Story]:
        """The stories that keep what a person's word took back; they answer to no key."""
        with self._read() as db:
            return _stories.withdrawn(db)

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        cursor: str | None = None,
        sort: str = "newest",
        now: datetime | None = None,
        strict: bool = False,
    ) -> Hits:
        """Documents by full text; the language is told in ``store._query``. ``sort``: newest, or best of the newest 500 hits.

        ``now`` is what ``since:7d`` counts from; by default the newest document's time. Whatever is typed gives an answer, unless it is
        to be ``strict``: then BadQuery is raised for conditions that cannot be met as they are written.
        """
        started = time.monotonic()
        with self._read() as db:
            asked = _search.asked(db, query, now, strict=strict)
            hits = _search.search(db, asked, limit=_bounded(limit), cursor=cursor, sort=sort)
        return replace(hits, elapsed=time.monotonic() - started)

    # --- sources ----------------------------------------------------------------------------------------------------------------

    def sources(self, now: datetime | None = None) -> list[SourceHealth]:
        """The configured sources with their health. Without ``now`` nobody is judged late."""
        with self._read() as db:
            return _figures.sources(db, now)

    def source(self, source_id: str, now: datetime | None = None) -> SourceHealth | None:
        """One source with its health."""
        with self._read() as db:
            return next(iter(_figures.sources(db, now, source_id)), None)

    def polls(self, source_id: str, limit: int = 50) -> list[Poll]:
        """A source's polls, newest first."""
        with self._read() as db:
            return _figures.polls(db, source_id, limit)

    def last_poll(self) -> datetime | None:
        """When any source was asked last."""
        with self._read() as db:
            return _service.last_poll(db)

    def gaps(self, since: datetime | None = None) -> list[Gap]:
        """Spans in which something may have been missed, newest first."""
        with self._read() as db:
            return _figures.gaps(db, since)

    def notices(self, *, open_only: bool = False, limit: int = 50) -> list[Notice]:
        """Conditions of the service by their last change, newest first."""
        with self._read() as db:
            return _figures.notices(db, open_only=open_only, limit=limit)

    def heartbeat(self, what: str) -> datetime | None:
        """When ``what`` was last alive."""
        with self._read() as db:
            return _service.last_heartbeat(db, what)

    # --- deliveries ---------------------------------------------------------------------------------------------------------------

    def deliveries(
        self, states: Collection[DeliveryState] = (), *, limit: int = 50, digest_id: str | None = None
    ) -> list[DeliveryLine]:
        """Deliveries, newest first; no states means all."""
        with self._read() as db:
            return _told.lines(db, states, limit, digest_id)

    def delivery(self, ref: str) -> DeliveryView | None:
        """A delivery as sent, with its tries, by its id or unique first digits of it."""
        with self._read() as db:
            return _told.view(db, ref)

    def editions(self, *, limit: int = 20) -> list[EditionLine]:
        """Editions with their deliveries, newest first."""
        with self._read() as db:
            return _told.editions(db, limit)

    def secret(self, name: str) -> str | None:
        """A random text that the service signs with, if it was ever made."""
        with self._read() as db:
            return _keys.secret(db, name)

    def muted(self) -> dict[tuple[str, str | None], str]:
        """Who is not written to, of which digest (None: all), and why."""
        with self._read() as db:
            return _outbox.muted(db)

    def waiting_for(self) -> dict[str, int]:
        """How many announcements wait for each digest, by its id, whether or not it is configured any more."""
        with self._read() as db:
            return _outbox.waiting(db)

    # --- figures ------------------------------------------------------------------------------------------------------------------

    def reach(self) -> tuple[int, tuple[datetime, datetime] | None]:
        """How many documents there are, and when the first and the newest of them were seen (None: there is none)."""
        with self._read() as db:
            return _figures.documents(db), _archive.span(db)

    def stats(self, *, days: int = 30) -> Stats:
        """Figures of the whole database, and of each of its last ``days`` days."""
        with self._read() as db:
            return _figures.stats(db, days)

    def stations(self, now: datetime) -> Stations:
        """What waits at each station of an item's way at that time, and what went through before it."""
        with self._read() as db:
            return _stations.stations(db, now)

    def leadtime(self, since: datetime | None = None) -> list[LeadTime]:
        """Each source's record over the told steps first seen since then; who was first most often comes first."""
        with self._read() as db:
            return _figures.leadtime(db, since)

    # --- single items -------------------------------------------------------------------------------------------------------------

    def trace(self, ref: str) -> Trace | None:
        """An item's whole way, by its id, its announcement's, unique first digits, or an address (any spelling of it)."""
        with self._read() as db:
            found = _trace.find_item(db, ref)
            return _trace.trace(db, found) if found else None

    def traces(self, ref: str) -> list[Trace]:
        """The same of all items that have an address, oldest first; of the one that an id means. Empty: there is none."""
        with self._read() as db:
            return [_trace.trace(db, one) for one in _trace.sharing(db, ref)]

    def item(self, item_id: str) -> Item | None:
        """An item's newest revision."""
        with self._read() as db:
            return _trace.item(db, item_id)

    def detection(self, item_id: str) -> Detection | None:
        """The newest detection of an item."""
        with self._read() as db:
            return _archive.detection(db, item_id)

    def labels(self) -> list[tuple[Label, Item | None]]:
        """People's judgements with their items, oldest first."""
        with self._read() as db:
            return [(label, _trace.item(db, label.item_id)) for label in _service.labels(db)]

    def same_names(self) -> list[SameName]:
        """Names that people said mean another model, oldest first."""
        with self._read() as db:
            return _feedback.same_names(db)

    def names(self, verdict: str | None = None, limit: int = 200) -> list[NameSeen]:
        """Announced names that the lexicon does not have, newest first; ``verdict``: accepted, ignored, undecided, None for all."""
        with self._read() as db:
            return _names.names(db, verdict, limit)

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """The same names as detection knows them (``ports.Store.heard``)."""
        with self._read() as db:
            return _names.heard(db, until)

    # --- the file -----------------------------------------------------------------------------------------------------------------

    def sql(self, query: str, parameters: Mapping[str, Any] = EMPTY, limits: Limits = Limits()) -> Table:  # noqa: B008  frozen
        """One reading statement over tables and views, on a connection that can do nothing else."""
        return _sql.run(self.path, query, parameters, limits)

    def version(self) -> str:
        """A text that changes whenever something was committed; for ETag."""
        marks = []
        for path in (self.path, f"{self.path}-wal"):
            try:
                seen = os.stat(path)  # noqa: PTH116  called for every page: no need of a Path
            except OSError:
                marks.append("-")
            else:
                marks.append(f"{seen.st_ino:x}.{seen.st_mtime_ns:x}.{seen.st_size:x}")
        return "-".join(marks)


def _bounded(limit: int) -> int:
    return max(0, min(limit, 10_000))
