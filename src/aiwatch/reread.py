"""The launches of the last weeks as today's rules read them: after an upgrade, a name that is read otherwise must not be told once more.

    items of the last weeks ──> launches that other rules judged ──> judged again ──> names that differ ──> refile ──> Mend

What was told stays told, under the name that it has now, and nobody hears of it again. What today's rules would tell or keep silent
otherwise stays as it was: an upgrade is no news. Stories answer to the keys that today's program looks for, besides those they had.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby, islice
from typing import TypeAlias

from aiwatch.feedback import Mend, Saying, Shelved
from aiwatch.judging import Listener
from aiwatch.model import Announcement, Detection, Document
from aiwatch.names.identity import identity
from aiwatch.ports import Store
from aiwatch.rules import RuleSet
from aiwatch.settings import Subscription
from aiwatch.stories import recency
from aiwatch.stories.refile import refile
from aiwatch.stories.story import answers

Reading: TypeAlias = tuple[Document, Detection]

PORTION = 200  # launches whose stories are mended in one transaction


def reread(store: Store, rules: RuleSet, subscriptions: Sequence[Subscription], now: datetime) -> list[Announcement]:
    """Read what was announced in the last weeks by these rules, once for every rule set; what is told by another name now."""
    mark = f"reread {rules.digest}"
    if store.last_heartbeat(mark):
        return []
    since, renamed = now - recency.LATE_NEWS, list[Announcement]()
    listener = Listener(rules, names=store.heard(since))
    launches = sorted(_launches(store, since), key=lambda one: (one[0][0].seen_at or now, one[0][0].id))
    for start in range(0, len(launches), PORTION):
        portion = launches[start : start + PORTION]
        said = _said(portion, listener, rules, now)
        made = store.mend(said, [item.id for (item, _), _ in portion], lambda shelved: _quietly(shelved, subscriptions, now), now)
        renamed += [one for _, one in made.announcements if one.silent is None]
    store.heartbeat(now, mark)
    return renamed


def _launches(store: Store, since: datetime) -> Iterator[Reading]:
    """The items that announced something, with what was said of each."""
    items = store.archive(since)
    while page := list(islice(items, PORTION)):
        judged = store.detections([item.id for item, _ in page])
        for document in page:
            if (was := judged.get(document.item.id)) and was.announcement and was.models:
                yield document, was


def _said(portion: Sequence[Reading], listener: Listener, rules: RuleSet, now: datetime) -> Saying:
    """Today's word on those that are announced under other names by it."""
    changed = list[Detection]()
    for _, poll in groupby(portion, key=lambda one: one[0][0].seen_at or now):
        together = list(poll)
        for (_, _, again), (_, was) in zip(listener.judge([document for document, _ in together]), together, strict=True):
            if was.rules != rules.digest and again.announcement and again.models and _keys(again) != _keys(was):
                changed.append(again)
    revisions = {item.id: item.revision for (item, _), _ in portion}
    return Saying(detections=tuple(changed), revisions=revisions)


def _keys(detection: Detection) -> set[str]:
    return {identity(model).key for model in detection.models}


def _quietly(shelved: Shelved, subscriptions: Sequence[Subscription], now: datetime) -> Mend:
    """The stories made again where a name changed, the others with today's keys; nothing is told, and what waits goes on waiting."""
    made = refile(shelved, (), subscriptions, now)
    again = {story.id for story in made.stories}
    others = (story for story in shelved.stories.values() if story.keys and story.id not in again)
    keyed = ((story, tuple(sorted({*story.keys, *answers(story.models)}))) for story in others)
    rekeyed = tuple(replace(story, keys=keys) for story, keys in keyed if len(keys) > len(story.keys))
    return replace(made, stories=made.stories + rekeyed, outbox=(), recalled=())
