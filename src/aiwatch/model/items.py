"""What a source published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from aiwatch.model.counters import uncounted, uncounted_title
from aiwatch.model.kinds import ident
from aiwatch.model.sources import Part

FIRST_DATE = datetime(2010, 1, 1, tzinfo=UTC)  # no date before is believed: there were no models


class Note(StrEnum):
    """What is known of an item beside its text. They are kept with it, so that none may be worded anew."""

    PAGE_OWED = "its page could not be read yet"  # it is tried again, and the item is in no story before
    PAGE_LATE = "its page could not be read for hours"  # it was judged by its address, and is looked at again ever less often
    AGELESS = "its sitemap was there before and is read for the first time: nobody knows how old it is"
    PUSHED = "a hub sent it"  # it says nothing of how far back a poll has seen
    TITLE_FROM_URL = "title read off the address"  # the page is read for a better one
    TITLE_FROM_PAGE = "title read off the page"
    OUT_OF_ORDER = "its date is out of the feed's order"  # its page is asked for the date
    LAST_CHANGED = "no date of publication: that of its last change, long ago, stands for it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a source as parsed. Never changed; an edited entry is a new revision with the same ``id``."""

    id: str  # ident(source_id, key)
    source_id: str
    key: str  # what makes it the same entry next time
    url: str | None
    title: str
    summary: str = ""
    content: str = ""
    guid: str | None = None
    published: datetime | None = None  # None where the source gives no date that can be trusted
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    lang: str | None = None
    seen_at: datetime | None = None  # when a poll first brought this revision
    revision: int = 1
    aliases: tuple[str, ...] = ()  # other identities: canonical URL, normalised title and day
    notes: tuple[str, ...] = ()  # what the parser had to mend
    source_hash: str | None = None  # the hash as the source gave it, where its page's text was put in as content

    @property
    def content_hash(self) -> str:
        """Changes when, and only when, what the source says changes: dates, markup, counters and what was fetched besides do not count."""
        return self.source_hash or ident(uncounted_title(self.title), uncounted(self.summary), uncounted(self.content))

    @property
    def doubted(self) -> bool:
        """Whether nobody but the feed, against its own order, says that it is of long ago."""
        return Note.OUT_OF_ORDER in self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a body held. Handed by ``parse`` to ``plan``."""

    items: tuple[Item, ...]
    title: str | None = None
    link: str | None = None
    lang: str | None = None
    ttl: int | None = None  # seconds the feed asks to be left alone
    hub: str | None = None  # WebSub hub
    next_url: str | None = None  # the next page of a paged list
    parts: tuple[Part, ...] = ()  # of a sitemap's index: where the items are
    notes: tuple[str, ...] = ()
    may_be_empty: bool = False  # its options left entries out, or it has none on some days: without items it is no broken list
    # How far back it surely goes, known or not: options left entries out, or it is a new list each day.
    reaches: datetime | None = None
    cut: bool = False  # the document breaks off, and its last entry was left out; or its next page could not be had
    unread: int = 0  # rows beyond the limit of its options, which may have been the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Items of a body to store: ``new`` never seen, ``revised`` seen with other words.

    ``overlap``: the body reaches back to what came last, or holds nothing new. An old acquaintance proves nothing: lists keep some on top.
    """

    new: tuple[Item, ...] = ()
    revised: tuple[Item, ...] = ()
    overlap: bool = False
    met: bool = False  # it has some known one, if an old acquaintance
    read: tuple[Item, ...] = ()  # stored by an earlier poll, which could not read their pages
    moved: tuple[Item, ...] = ()  # known ones at other addresses
    left: int = 0  # new ones that are not stored, as the source floods
    calm: bool = False  # it did, and has not for a day

    @property
    def items(self) -> tuple[Item, ...]:
        """All that is to be stored."""
        return self.new + self.revised + self.read
