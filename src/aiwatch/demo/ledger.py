"""What the database holds after a run, laid beside the articles that the newsroom published: the ground of verdict and closing tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiwatch.demo import formats
from aiwatch.demo.articles import Article, Expect, World
from aiwatch.demo.workspace import Workspace
from aiwatch.model import Announcement, Detection, Filter, Item, Mention, Notice, Stage
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.urls import canonical_url
from aiwatch.views import DeliveryLine, SourceHealth, StoryView


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article of the newsroom and what became of it. ``items`` has exactly one where all is well."""

    article: Article
    lang: str
    items: tuple[Item, ...]
    detection: Detection | None
    mentions: tuple[Mention, ...]

    @property
    def story_ids(self) -> frozenset[str]:
        """The stories it belongs to."""
        return frozenset(one.story_id for one in self.mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of it. Announcements oldest first, silent ones included; ``stories`` by id."""

    published: tuple[Published, ...]
    announcements: tuple[Announcement, ...]
    stories: Mapping[str, StoryView]
    notices: tuple[Notice, ...]
    deliveries: tuple[DeliveryLine, ...]
    sources: tuple[SourceHealth, ...]

    @property
    def told(self) -> tuple[Announcement, ...]:
        """What subscribers could get, rumours left out."""
        return tuple(one for one in self.announcements if not one.silent and one.stage is not Stage.RUMORED)

    @property
    def rumours(self) -> tuple[Announcement, ...]:
        """Rumours that were kept."""
        return tuple(one for one in self.announcements if one.stage is Stage.RUMORED)

    def about(self, name: str) -> tuple[Announcement, ...]:
        """What was told of a model: announcements under that name, or whose models include it."""
        return tuple(one for one in self.told if named(name, one))

    def joined(self, name: str) -> tuple[Published, ...]:
        """Articles of the run that became members of a story that was known, and told to nobody, before it."""
        known = {one.story_id for one in self.announcements if one.silent and named(name, one)}
        return tuple(one for one in self.published if one.article.expect is not Expect.KNOWN and one.story_ids & known)


def named(name: str, announcement: Announcement) -> bool:
    """Whether the announcement is of that model, however it is spelled: ``Gen-2``, ``Gen 2`` and ``Runway Gen 2`` are one."""
    vendor = f"{_words(announcement.vendor or '')} "
    names = [announcement.name, *(model.name for model in announcement.models)]
    return _words(name) in {_words(one).removeprefix(vendor) for one in names}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def read(world: World, place: Workspace, now: datetime) -> Ledger:
    """Read the database that a run left, as of the simulated ``now``."""
    with SqliteStore(str(place.database)) as store, Library(str(place.database)) as library:
        by_page = _by_page(item for item, _ in store.archive())
        published = []
        for article in world.articles:
            outlet = world.outlet(article.source)
            items = tuple(by_page.get((article.source, formats.page_path(outlet, article)), ()))
            published.append(
                Published(
                    article=article,
                    lang=outlet.lang,
                    items=items,
                    detection=store.detection(items[0].id) if items else None,
                    mentions=tuple(mention for item in items for mention in store.mentions(item.id)),
                )
            )
        announcements = tuple(library.timeline(Filter(stages=tuple(Stage)), silent=True))
        stories = {one.story_id: view for one in announcements if (view := library.story(one.story_id))}
        return Ledger(
            published=tuple(published),
            announcements=announcements,
            stories=stories,
            notices=tuple(library.notices(limit=500)),
            deliveries=tuple(library.deliveries(limit=1000)),
            sources=tuple(library.sources(now)),
        )


def _by_page(items: Iterable[Item]) -> dict[tuple[str, str], list[Item]]:
    """Items by source and page, as ``formats.page_path`` writes it."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        page = "/" + canonical_url(item.url or "").split("/", 3)[-1]
        found.setdefault((item.source_id, page), []).append(item)
    return found
