"""What became of what had been told, once a person's word was heeded: one sentence for each announcement."""

from __future__ import annotations

from dataclasses import dataclass

from aiwatch.feedback import Mend
from aiwatch.model import Announcement, Stage
from aiwatch.stories.story import titled


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of one announcement; ``became`` says it in words."""

    announcement_id: str
    story_id: str
    vendor: str | None
    name: str
    stage: Stage
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the past looks like now: the announcements that are concerned, and the stories that were only joined. Empty: nothing changed."""

    announcements: tuple[Became, ...] = ()
    joined: tuple[str, ...] = ()  # their names


def followed(made: Mend) -> Followed:
    """What a mend has changed, for a person."""
    told, covered, replaced = {one.id for one in made.told}, {new for _, new in made.covered}, dict(made.replaced)
    became = []
    for was, one in made.announcements:
        if one.id in told:
            words = _told(one, made) if one.id in replaced and not replaced[one.id].silent else "told with the next digests"
        elif one in made.withdrawn:
            words = str(one.silent)
        elif was is not None or one.id in covered:
            words = f"recorded in silence ({one.silent})" if one.silent else _stands(one, made)
        else:
            words = f"recorded in silence ({one.silent})" if one.silent else "recorded; no digest wants it"
        unread = one.id not in made.sent and any(waits == one.id for _, waits in made.waiting)
        words += _otherwise(replaced[one.id], one, unread=unread) if one.id in replaced else ""
        became.append(
            Became(announcement_id=one.id, story_id=one.story_id, vendor=one.vendor, name=one.name, stage=one.stage, became=words)
        )
    follow_ups = {one.story_id for one in made.mentions if one.role == "follow-up"} if not became else set()
    return Followed(announcements=tuple(became), joined=tuple(one.name for one in made.stories if one.id in follow_ups))


def _told(one: Announcement, made: Mend) -> str:
    """What stood as told and goes to more digests as it is now: which, as the others do not tell it again."""
    waiting = {digest_id for digest_id, waits in made.waiting if waits == one.id}
    fresh = sorted({digest_id for digest_id, waits in made.outbox if waits == one.id} - waiting)
    return _stands(one, made) + (f"; told with the next edition of {', '.join(fresh)}" if fresh else "")


def _stands(one: Announcement, made: Mend) -> str:
    """Whether it was told, or waits for the digests that want it."""
    digests = [digest_id for digest_id, waits in made.waiting if waits == one.id]
    waits = f"waits for the next edition of {', '.join(digests)}"
    if not digests:
        return "stands as told"
    return f"stands as told, and {waits}" if one.id in made.sent else f"stands, and {waits}"


def _otherwise(was: Announcement, one: Announcement, *, unread: bool) -> str:
    """As what it was told, waited or was recorded in silence, where name, maker, step or kind is another now; empty where none is.

    ``unread``: it waits, and no edition had it.
    """
    how = "recorded" if was.silent else "found" if unread else "told"
    if not was.models:
        return f"; it was {how} without a name" if one.models else ""
    name = titled(was.vendor, was.name) if was.vendor != one.vendor else was.name if was.name != one.name else ""
    step = was.stage.value if was.stage is not one.stage else ""
    kind = was.modality.value if was.modality is not one.modality else ""
    if not (name or step or kind):
        return ""
    aside = f" ({', '.join(filter(None, (step, kind)))})" if step or kind else ""
    return f"; it was {how} as {name or was.name}{aside}"
