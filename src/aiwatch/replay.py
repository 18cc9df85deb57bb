"""What would have been told: an archive folded again through the same functions, and compared.

    archive, or a file ──> judging ──> filing.fold, poll by poll ──> Told, under either rules ──> Passes ──> comparison

Nothing is written. Items are judged in the order in which they were seen, and folded in that in which their polls were committed, where the
archive has it, so a replay under the same rules tells the same, but of what was edited: the archive is read with each item's newest
wording, at the time of that; of what had told a launch by then at that time (``arrivals.as_told``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from aiwatch import filters
from aiwatch.comparison import Passes, Told
from aiwatch.feedback import UNSAID, Words
from aiwatch.judging import Listener
from aiwatch.model import Announcement, Detection, Document, Filter, Judged, Mention, Stage, Story
from aiwatch.ports import Timeline
from aiwatch.rules import RuleSet
from aiwatch.stories import arrivals, filing, recency, times
from aiwatch.views import Label

CONFIGURED = "the configured rules"  # what tried ones are compared with
EVERYTHING = 1_000_000  # announcements
JUDGED = {Stage.RUMORED, Stage.DEPRECATED}  # stages of a labelled file that are checked; the fine stage of a launch is taste
LONG_AGO = datetime.min.replace(tzinfo=UTC)  # when the judgements of a file were made: it does not say
PAGE = 500  # detections read at a time: a store is there for others, too


class Archive(Protocol):
    """The part of the store that a replay reads."""

    def archive(self, since: datetime | None = None, source_id: str | None = None) -> Iterator[Document]:
        """Every item's newest revision with its source."""

    def detections(self, item_ids: Collection[str]) -> dict[str, Detection]:
        """What the rules said of items at the time, by item."""

    def labels(self) -> list[Label]:
        """People's judgements."""

    def words(self, item_ids: Collection[str]) -> Words:
        """What people said of these items, and of names."""


# --- one pass -----------------------------------------------------------------------------------------------------------------


def tell(
    documents: Iterable[Document],
    rules: RuleSet,
    *,
    alert_window: timedelta,
    words: Words = UNSAID,
    committed: bool = False,
    progress: Callable[[], object] = lambda: None,
) -> Told:
    """Detect and fold every document as its poll did: what was too old for an alert then is not told now.

    ``words`` are people's: stories are made as they say, and ``Told.detections`` are the rules' own word. ``progress`` is called once a
    document, for a progress bar. Documents never seen by a poll (from a file) count as seen when published.
    ``committed``: new items stand in the order in which their polls were written, as a store has them; else polls are folded as seen.
    """
    documents = list(documents)
    end = times.last(item for item, _ in documents)
    shelf, listener = _Shelf(end=end), Listener(rules, words)
    detections: dict[str, Detection] = {}
    polls = list(arrivals.polls(documents, end))
    for batch in polls:
        for item, _, detection in listener.judge(batch):
            detections[item.id] = detection
            progress()
    for batch in arrivals.as_committed(polls, documents) if committed else polls:
        shelf.fold([Judged(*one, detections[one.item.id]) for one in batch], words, alert_window)
    return Told(
        announcements=shelf.announcements,
        detections=detections,
        mentions=shelf.mentions,
        waiting=frozenset(shelf.waiting),
    )


def recorded(archive: Archive, documents: Sequence[Document], announcements: Iterable[Announcement]) -> Told:
    """What the service told at the time, as the archive has it."""
    ids, detections = [item.id for item, _ in documents], dict[str, Detection]()
    for start in range(0, len(ids), PAGE):
        detections |= archive.detections(ids[start : start + PAGE])
    return Told(announcements={one.id: one for one in announcements if one.silent is None}, detections=detections, mentions={})


class _Shelf:
    """The stories so far, findable by key, as the store keeps them between polls."""

    def __init__(self, *, end: datetime) -> None:
        self.end = end
        self.stories: dict[str, Story] = {}
        self.by_key: dict[str, set[str]] = defaultdict(set)
        self.announcements: dict[str, Announcement] = {}
        self.mentions: dict[str, Mention] = {}
        self.waiting: set[str] = set()
        self.polled: dict[str, datetime] = {}  # when each source last brought something

    def fold(self, judged: Sequence[Judged], words: Words, alert_window: timedelta) -> None:
        heeded = filing.heeded(judged, words)
        self.waiting |= {one.item.id for one in heeded.waiting if one.detection.announcement}
        ages = self._ages(judged, alert_window)
        folded = filing.fold(heeded.ready, self._answering, ages=ages).folded
        self.polled[judged[0].source.id] = ages.now
        self.announcements |= {one.id: one for one in folded.announcements if one.silent is None}
        self.mentions |= {one.item_id: one for one in reversed(folded.mentions) if one.role != "mention"}
        for story in folded.stories:
            self.stories[story.id] = story
            for key in story.keys:
                self.by_key[key].add(story.id)

    def _answering(self, keys: Collection[str]) -> list[Story]:
        return [self.stories[one] for one in sorted({one for key in keys for one in self.by_key[key]})]

    def _ages(self, judged: Sequence[Judged], alert_window: timedelta) -> recency.Ages:
        """What is known of how old the items were, but ``recency.ages`` asks the poll's state, and the archive has none.

        A source counts as read when it brought something. Of a file nobody knows when it was seen: all of it is told.
        """
        item, source, _ = judged[0]
        now = item.seen_at or times.when(item, self.end)
        watched = self.polled.get(source.id)
        window = recency.window(alert_window, first=watched is None) if item.seen_at else timedelta.max
        undated = recency.unaged([item for item, _, _ in judged if item.seen_at], source, watched)
        return recency.Ages(now=now, window=window, watched=watched, undated=undated)


# --- two of them ----------------------------------------------------------------------------------------------------------------

Bar: TypeAlias = Callable[
    [int], AbstractContextManager[Callable[[], object]]
]  # for so many documents: what is called once for each


@contextmanager
def unseen(_documents: int) -> Iterator[Callable[[], object]]:
    """A bar that nobody sees."""
    yield lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Rules to try, beside the configured ones, which may be the same."""

    current: RuleSet
    tried: RuleSet
    alert_window: timedelta
    bar: Bar = unseen

    @property
    def same(self) -> bool:
        """Whether there are no other rules to compare with."""
        return self.tried.digest == self.current.digest

    def told(self, documents: Sequence[Document], rules: RuleSet, words: Words = UNSAID, *, committed: bool = False) -> Told:
        """One pass under one of both rule sets."""
        with self.bar(len(documents)) as progress:
            return tell(documents, rules, alert_window=self.alert_window, words=words, committed=committed, progress=progress)


def of_archive(trial: Trial, archive: Archive, timeline: Timeline) -> Passes:
    """The archive under the tried rules, beside the configured ones or, where they are the same, beside what was told."""
    items, labels = list(archive.archive()), archive.labels()
    words = archive.words([one.item_id for one in labels])
    told = timeline.timeline(Filter(stages=filters.ALL_STAGES), limit=EVERYTHING, silent=True)
    came = arrivals.as_told(items, told)
    after = trial.told(came, trial.tried, words, committed=True)
    if trial.same:
        before, against = recorded(archive, items, told), "what was told"
    else:
        before, against = trial.told(came, trial.current, words, committed=True), CONFIGURED
    return Passes(documents=items, labels=labels, before=before, after=after, against=against)


def of_file(trial: Trial, rows: Sequence[tuple[Mapping[str, Any], Document]]) -> Passes:
    """A file's documents under the tried rules, beside the configured ones or, where they are the same, beside nothing."""
    items = [document for _, document in rows]
    labels = [_label(row, document.item.id) for row, document in rows if "announcement" in row]
    after = trial.told(items, trial.tried)
    if trial.same:
        before, against = Told(announcements={}, detections=after.detections, mentions={}), "nothing told"
    else:
        before, against = trial.told(items, trial.current), CONFIGURED
    return Passes(documents=items, labels=labels, before=before, after=after, against=against)


def _label(row: Mapping[str, Any], item_id: str) -> Label:
    """The judgement that stands in a row."""
    stage = str(row.get("stage") or "")
    judged = Stage(stage) if stage in {one.value for one in JUDGED} else None
    return Label(item_id=item_id, announcement=row["announcement"] is True, stage=judged, note="", at=LONG_AGO)
