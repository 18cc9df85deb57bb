"""One entry that cannot be laid out must not hold up its edition: the others go, and it is named below them.

Nobody knows beforehand what breaks a layout (a date that the reader's calendar has not, a text that no encoding takes): it is found by
trying.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from aiwatch.digest import safe
from aiwatch.errors import AiwatchError
from aiwatch.model import Edition, Entry, NearMiss, Unshown

Made = TypeVar("Made")


def without_breaking(
    edition: Edition, attempt: Callable[[Edition], Made], broke: Callable[[Unshown, Exception], None] = lambda _one, _error: None
) -> tuple[Edition, Made]:
    """The edition as ``attempt`` can lay it out, and what that made of it; ``broke`` hears of each part that was left out, and why.

    Raises what ``attempt`` raises where no part is at fault: it breaks without any too, each is well alone, or it was raised on purpose.
    """
    try:
        return edition, attempt(edition)
    except AiwatchError:
        raise
    except Exception:
        sound = _sound(edition, attempt, broke)
        if not sound.unshown:
            raise
        return sound, attempt(sound)


def _sound(edition: Edition, attempt: Callable[[Edition], object], broke: Callable[[Unshown, Exception], None]) -> Edition:
    """The edition without the parts that break it by themselves, which it names."""
    bare = replace(edition, entries=(), rumors=(), near=())
    attempt(bare)
    lost: list[Unshown] = []

    def whole(part: Entry | NearMiss, alone: Edition) -> bool:
        try:
            attempt(alone)
        except AiwatchError:
            raise
        except Exception as error:
            lost.append(_named(part))
            broke(lost[-1], error)
            return False
        return True

    entries = tuple(one for one in edition.entries if whole(one, replace(bare, entries=(one,))))
    rumors = tuple(one for one in edition.rumors if whole(one, replace(bare, rumors=(one,))))
    near = tuple(one for one in edition.near if whole(one, replace(bare, near=(one,))))
    return replace(edition, entries=entries, rumors=rumors, near=near, unshown=tuple(lost))


def _named(one: Entry | NearMiss) -> Unshown:
    if isinstance(one, NearMiss):
        return Unshown(name=safe.clean(one.title, 120), item_id=one.item_id)
    told = one.announcement
    name = safe.clean(told.name, 120) or safe.clean(told.title, 120) or told.source_id
    return Unshown(name=name, item_id=told.item_id, stage=told.stage)
