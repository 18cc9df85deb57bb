"""Why a text, an address or an item is, or is not, an announcement: one answer for the command, the pages, the API and an assistant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from aiwatch import headline, stories
from aiwatch.comparison import differences
from aiwatch.digest.select import Unmet, unmet
from aiwatch.explanation import Explanation, edited, explain, foretold, overruled, read_as
from aiwatch.feedback import SameName, Words
from aiwatch.headline import Headline
from aiwatch.judging import judge, masked
from aiwatch.model import Detection, Document, Folded, HeardName, Model, Source, Stage, Story
from aiwatch.names.identity import identity
from aiwatch.rules import RuleSet
from aiwatch.settings import Config, Subscription
from aiwatch.stories.corrections import heed
from aiwatch.views import Trace


class Archive(Protocol):
    """What is asked of the database here; ``store.library`` answers it. Methods raise StoreError."""

    def trace(self, ref: str) -> Trace | None:
        """An item's whole way, by its id or address."""

    def heard(self, until: datetime | None = None) -> tuple[HeardName, ...]:
        """Names in no list that were announced by then."""

    def same_names(self) -> list[SameName]:
        """Names that people said mean another model."""

    def answering(self, keys: Collection[str]) -> list[Story]:
        """All stories that answer to one of ``keys``."""


class NoArchive:
    """The archive where there is no database yet."""

    def trace(self, _ref: str) -> None:
        """Nothing."""

    def heard(self, _until: datetime | None = None) -> tuple[HeardName, ...]:
        """None."""
        return ()

    def same_names(self) -> list[SameName]:
        """None."""
        return []

    def answering(self, _keys: Collection[str]) -> list[Story]:
        """None."""
        return []


def traced(archive: Archive, asked: str) -> Trace | None:
    """The archived item of that id or address."""
    return archive.trace(asked) if "\n" not in asked else None


def explained(archive: Archive, config: Config, rules: RuleSet, asked: str, trace: Trace | None, now: datetime) -> Explanation:
    """An archived item by id or address with all that became of it; any other text is judged as a press headline would be."""
    return of_trace(archive, config, rules, trace) if trace is not None else of_text(archive, rules, asked, now)


def of_trace(archive: Archive, config: Config, rules: RuleSet, trace: Trace) -> Explanation:
    """What was said of an archived item and became of it, and what today's rules would say instead where that differs."""
    document, names = Document(trace.item, source_of(config.sources, trace)), archive.heard(trace.judged_at or trace.item.seen_at)
    (today,) = judge([document], rules, names)
    answer = read_as(_of_trace(archive, today, trace), masked(document, rules, names))
    passed_by = (_passed_by(digest, lacks) for digest, lacks in unwanted(config.subscriptions, trace))
    return replace(answer, told=(*answer.told, *passed_by))


def _passed_by(digest: str, lacks: Sequence[Unmet]) -> str:
    said = ", ".join(f"{key} = {wanted or 'all but rumored'} (it is {found or 'of none'})" for key, wanted, found in lacks)
    return f"Digest {digest} {f'does not take it: {said}' if lacks else 'takes such now; when it was found it did not'}."


def unwanted(subscriptions: Sequence[Subscription], trace: Trace) -> Iterator[tuple[str, list[Unmet]]]:
    """The digests that told nothing of a step that the item tells, and what it lacks for their filters as they are now."""
    steps = {(one.story_id, one.stage) for one in trace.mentions if one.role != "mention"}
    told = {(one.announcement_id, one.digest_id) for one in trace.outbox}
    for one in trace.story_announcements:
        if one.silent or (one.story_id, one.stage) not in steps:
            continue
        for digest in subscriptions:
            if (one.id, digest.id) not in told:
                yield digest.id, unmet(digest, one)


def _of_trace(archive: Archive, today: Detection, trace: Trace) -> Explanation:
    """The answer but for what patterns see; ``today`` is what today's rules say of the item."""
    if trace.detection is None:
        return explain(trace.item, today, trace, ["It was not judged when it came; this is what today's rules say."])
    words = replace(Words.of_names(archive.same_names()), labels={one.item_id: one for one in trace.labels})
    heeded = heed(trace.detection, words)
    notes = [
        *([pruned(trace.pruned_at)] if trace.pruned_at else ()),
        *_by_a_person(trace.detection, heeded),
        *([edited(len(trace.revisions))] if trace.revisions else ()),
    ]
    since = () if trace.pruned_at or trace.detection.rules == today.rules else tuple(differences(trace.detection, today))
    return overruled(explain(trace.item, trace.detection, trace, notes, since=since), heeded, trace)


def of_text(
    archive: Archive, rules: RuleSet, text: str, now: datetime, *, source: Source = headline.PRESS, lang: str | None = None
) -> Explanation:
    """What the rules say of a text, and what would become of it; ``source``: as if that one had brought it."""
    names = archive.heard()
    one = headline.judged(text, rules, names, Words.of_names(archive.same_names()), source=source, lang=lang)
    brought = "the headline of a press source" if source is headline.PRESS else f"if {source.id} had brought it"
    notes = [f"not in the archive: judged as {brought}"]
    said = explain(one.judged.item, one.judged.detection, notes=notes)
    return read_as(foretold(said, _folded(archive, one, now), one.meant), masked(one.judged.document, rules, names))


def pruned(at: datetime) -> str:
    """What is said of an item whose text retention removed."""
    return f"its text, and which words spoke for what, were removed by `aiwatch db prune` on {at:%Y-%m-%d}; the verdict is kept"


def source_of(sources: Sequence[Source], trace: Trace) -> Source:
    """The source of an archived item; of one that is no longer watched what is known of it, its name."""
    found = (one for one in sources if one.id == trace.source_id)
    return next(found, Source(id=trace.source_id, url="", name=trace.source_name))


def _folded(archive: Archive, one: Headline, now: datetime) -> Folded | None:
    """The text folded into the stories of the archive; nothing of it is kept.

    By ``stories.fold`` alone: a text of no day and no list has no age that could keep it silent (``filing``).
    """
    keys = stories.keys(one.heeded, one.judged.document)
    if not keys:
        return None
    heeded = one.judged._replace(detection=one.heeded)
    return stories.fold([heeded], archive.answering(keys), now=now, alert_window=timedelta.max)


def _by_a_person(found: Detection, taken: Detection) -> Iterator[str]:
    """What people say of an item otherwise than the rules."""
    if taken.models != found.models:
        yield f"a person says that it is of {', '.join(_as_said(found.models, taken.models))}"
    if (taken.announcement, taken.stage) != (found.announcement, found.stage):
        word = "an announcement" if taken.announcement else "no announcement"
        yield f"a person says that it is {word}" + ("" if taken.stage is Stage.NONE else f", {taken.stage.value}")


def _as_said(found: Sequence[Model], said: Sequence[Model]) -> Iterator[str]:
    """The models that a person names; maker and kind where the rules say something else of that name."""
    read = {identity(one).key: one for one in found}
    for one in said:
        was = read.get(identity(one).key)
        maker = f" by {one.vendor}" if one.vendor and (was is None or was.vendor != one.vendor) else ""
        kind = f" ({one.modality.value})" if was is not None and was.modality is not one.modality else ""
        yield f"{one.name}{maker}{kind}"
