"""The seams. Use-cases (``poll``, ``publish``, ``deliver``, ``replay``) take these as arguments and never import what stands behind them.

``Store`` is synchronous: one writer, short transactions, no network while one is open. ``Fetch``, ``Reads`` and ``Send`` are one
asynchronous call wide, so that a fake is a ten-line function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, ParamSpec, Protocol, TypeAlias, TypeVar

from aiwatch.feedback import Mend, Saying, Words, Work
from aiwatch.model import (
    Announcement,
    Delivery,
    DeliveryState,
    Detection,
    Document,
    Edition,
    Entry,
    Filter,
    HeardName,
    Item,
    Lease,
    Mention,
    NearMiss,
    Notice,
    Outcome,
    PollJob,
    PollPlan,
    Push,
    Receipt,
    Source,
    Story,
    Upshot,
    Watch,
)
from aiwatch.settings import Recipient

Clock: TypeAlias = Callable[[], datetime]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a server: a GET, or where ``method`` says so a POST of ``body``.

    ``etag`` and ``last_modified`` are the validators of the answer before, sent back as they came. ``allow_private`` lets the address be
    one of this network, and with ``tls_verify`` holds for its origin alone, not for where it redirects to; ``robots`` asks the fetcher to
    heed robots.txt first.
    """

    url: str
    headers: Mapping[str, str]
    allow_private: bool = False
    robots: bool = False
    etag: str | None = None
    last_modified: str | None = None
    method: str = "GET"
    body: bytes | None = None
    tls_verify: bool = True


class Fetch(Protocol):
    """``fetch(request) -> Outcome``. Never raises for what a server or the network does."""

    def __call__(self, request: Request) -> Awaitable[Outcome]:
        """Ask, and answer with what came of it."""


class Reads(Protocol):
    """``await aside(size, call, *args)``: the result of ``call``, which reads a body that weighs ``size`` bytes.

    Raises ParseError if it is abandoned.
    """

    def __call__(self, size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Run ``call`` where it holds up nobody."""


class Send(Protocol):
    """``send(delivery, recipient) -> Receipt``. Never raises for what a server or the network does."""

    def __call__(self, delivery: Delivery, recipient: Recipient) -> Awaitable[Receipt]:
        """Try once, and answer with what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of one item id, as it was seen last.

    ``recent``: it came with one of the last two polls that brought something new of its source, or a push before the last one. ``dated``:
    when it was published, else when it was updated.
    """

    item_id: str
    content_hash: str
    revision: int
    recent: bool = True
    guid: str | None = None
    title: str = ""
    dated: datetime | None = None


class Acquaintances(NamedTuple):
    """The items that a source brought before, by their ids and by their aliases."""

    by_id: dict[str, Known]
    by_alias: dict[str, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an entry of a source was called when it was seen last."""

    known: Known
    title: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How many new items a poll of a source, or a push, brought."""

    at: datetime
    fresh: int


class Store(Protocol):
    """The memory of the service. Every method is one transaction. Times are aware UTC datetimes."""

    # polling
    def sync_sources(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the table of sources equal to the configuration; a source that left keeps its items and is no longer due."""

    def claim_due(self, now: datetime, limit: int, lease: timedelta, only: Collection[str] | None = None) -> list[PollJob]:
        """Due, enabled sources, longest due first, each pushed ``lease`` ahead. With ``only``, those ids, due or not."""

    def job(self, source_id: str) -> PollJob | None:
        """A listed, enabled source with its state as it is, due or not. Nothing is claimed: its next poll stays when it was."""

    def known(self, source_id: str, ids: Collection[str], aliases: Collection[str]) -> Acquaintances:
        """What is known by item id, and by alias (canonical URL, title and day) within this source."""

    def listed(self, source_id: str) -> list[Listed]:
        """The newest few thousand items of a source, as they were called."""

    def brought(self, source_id: str, since: datetime) -> list[Brought]:
        """The polls of a source from then on that brought something new, oldest first."""

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """Names in no list that items announced, up to ``until`` where given, oldest first; the newest few thousand, none ignored."""

    def owed(self, source_id: str, since: datetime) -> list[Item]:
        """Items of a source, first seen from that day on, whose pages could not be read yet; oldest first."""

    def stories(self, keys: Collection[str]) -> list[Story]:
        """All stories that answer to one of ``keys``."""

    def words(self, item_ids: Collection[str]) -> Words:
        """What people said of these items, and of names; asked before the stories are, it is what ``commit`` holds a poll against."""

    def commit(self, plan: PollPlan) -> None:
        """Write a poll: state, items, detections, stories, announcements, outbox, notices. All or nothing.

        Raises Conflict if the source's revision is not ``plan.state.revision`` any more (the stored one becomes one more), or a person's
        word mended stories since this store was asked for words.
        """

    def mend(self, said: Saying, concerned: Collection[str], work: Work, now: datetime) -> Mend:
        """Keep a person's word, have ``work`` say what becomes of the stories of these items, and write that. All or nothing."""

    def judge_name(self, name_key: str, verdict: str | None, now: datetime) -> bool:
        """Accept or ignore an unknown model name, or leave it undecided again (None). False for a name never seen."""

    # delivering
    def pending(self, digest_id: str, until: datetime) -> list[Announcement]:
        """Announcements in the outbox of that digest, found up to ``until`` and in no edition yet, oldest first."""

    def waiting(self) -> dict[str, int]:
        """How many announcements wait for each digest, by its id, whether or not it is configured any more."""

    def entries(self, announcement_ids: Collection[str]) -> list[Entry]:
        """The announcements with their stories and coverage, in the order of the ids."""

    def last_slot(self, digest_id: str, before: datetime | None = None, *, sent: bool = False) -> datetime | None:
        """``until`` of the digest's newest edition, or its registration where there is none yet.

        Not after ``before``; with ``sent``, of the editions that went to anybody.
        """

    def told(self, digest_id: str, since: datetime, until: datetime) -> int:
        """How many announcements editions of that digest told that were composed after ``since``, up to ``until``."""

    def publish(self, edition: Edition, deliveries: Sequence[Delivery], claimed: Collection[str]) -> bool:
        """Record an edition, its deliveries, and that it claims these announcements. False if that edition exists already."""

    def claim_deliveries(self, now: datetime, limit: int, lease: timedelta, skip: Collection[str] = ()) -> list[Delivery]:
        """Deliveries whose time has come (ready, or sending with a lease that ran out), marked as sending; none of recipients ``skip``.

        Longest due first, parts of one message in their order. Claiming counts no attempt; ``settle`` counts one.
        """

    def settle(
        self,
        delivery_id: str,
        receipt: Receipt,
        state: DeliveryState,
        now: datetime,
        next_try_at: datetime | None,
        upshot: Upshot | None = None,
    ) -> None:
        """Record one try and all that follows from it. What was sent or dropped stays so, whatever a late answer says.

        Later parts wait with a failed one. Who took a message has what waits for it at once; of who asked for patience
        (``retry_after``) nothing that waits, or is published by then, is tried earlier.
        """

    def settle_by_hand(self, delivery_id: str, state: DeliveryState, now: datetime, why: str) -> bool:
        """A person's word: READY sends again from the first try on, DROPPED gives up. False if there is none, or it is being sent."""

    def release(self, now: datetime) -> int:
        """At start, under the daemon's lock: what a process that died was sending is due again."""

    def register(self, digest_id: str, now: datetime) -> None:
        """Remember since when a digest exists; the first call wins."""

    def mute(self, who: str, digest_id: str | None, reason: str, now: datetime) -> None:
        """Write no more to ``who`` of one digest, or (None) of any; the first reason stays."""

    def unmute(self, who: str, digest_id: str | None) -> bool:
        """Write again. False if nobody had said not to."""

    def muted(self) -> dict[tuple[str, str | None], str]:
        """(who, digest or None for all) -> why."""

    def near_misses(self, since: datetime, until: datetime, limit: int) -> list[NearMiss]:
        """Items just below the bar, highest score first."""

    def watch(self, since: datetime, until: datetime) -> Watch:
        """The coverage line of a window."""

    def notices(self, since: datetime, until: datetime) -> list[Notice]:
        """Conditions that began or ended in the window."""

    def rewind(self, now: datetime) -> bool:
        """Make due what a clock that was ahead has put off, now that it is right; False where none was."""

    def last_heartbeat(self, what: str) -> datetime | None:
        """When ``what`` was recorded last; None for never."""

    def heartbeat(self, now: datetime, what: str) -> None:
        """Remember that the daemon did ``what`` now; health checks read it."""

    def goes_on(self, condition: str) -> bool:
        """Whether a condition began and has not ended."""

    def note(self, notices: Sequence[Notice]) -> None:
        """Record conditions that began or ended outside a poll; a condition is open at most once."""

    # keys and hubs
    def secret(self, name: str) -> str:
        """A random text of 64 hexadecimal digits, made at the first call and the same ever after."""

    def leases(self) -> dict[str, Lease]:
        """What is known of each source's subscription at its hub, by source id."""

    def asked(self, source_id: str, now: datetime, answer: str | None) -> None:
        """Remember that a source's hub was asked, and what went wrong (None: nothing)."""

    def granted(self, source_id: str, now: datetime, until: datetime | None, answer: str | None = None) -> None:
        """Remember until when a hub promised to push; None where it refused, with its reason."""

    def push(self, source_id: str, body: bytes, now: datetime) -> bool:
        """Keep a body that a hub sent. False where too many of that source wait already."""

    def pushes(self, limit: int) -> list[Push]:
        """Bodies that wait to be read, oldest first."""

    def forget(self, push: Push) -> None:
        """Drop a body that was read."""

    # archive
    def archive(self, since: datetime | None = None, source_id: str | None = None) -> Iterator[Document]:
        """Every item's newest revision with its source, in the order seen; for replay."""

    def detection(self, item_id: str) -> Detection | None:
        """The newest detection of an item."""

    def detections(self, item_ids: Collection[str]) -> dict[str, Detection]:
        """The newest detections of items, by item; those of items that were not judged are left out."""

    def mentions(self, item_id: str) -> list[Mention]:
        """The stories an item belongs to."""

    def close(self) -> None:
        """Let go of the database."""


class Timeline(Protocol):
    """What was told, and what was kept silent; ``store.library`` answers it. Methods raise StoreError."""

    def timeline(self, filter: Filter, /, *, limit: int, silent: bool) -> list[Announcement]:  # noqa: A002
        """Announcements, oldest first."""
