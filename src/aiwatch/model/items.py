"""What a source published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aiwatch.model.counters import uncounted, uncounted_title
from aiwatch.model.kinds import ident
from aiwatch.model.sources import Part

PAGE_OWED = "its page could not be read yet"  # a note: it is tried again, and the item is in no story before

PAGE_LATE = "its page could not be read for hours"  # a note: it was judged by its address, and is looked at again ever less often

AGELESS = "its sitemap was there before and is read for the first time: nobody knows how old it is"  # a note

PUSHED = "a hub sent it"  # a note: it says nothing of how far back a poll has seen


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
    reaches: datetime | None = (
        None  # how far back it surely goes, known or not: options left entries out, or it is a new list each day
    )
    cut: bool = False  # the document breaks off, and its last entry was left out; or its next page could not be had
    unread: int = 0  # rows beyond the limit of its options, which may have been the newest
