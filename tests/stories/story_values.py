"""Hand-made values for the stories' tests: items, sources and detections without any rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aiwatch import stories
from aiwatch.detect.naming import build
from aiwatch.model import Detection, Folded, Item, Judged, Modality, Model, Source, Stage, Story, Tier, ident

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WINDOW = timedelta(hours=72)


def model(
    name: str, vendor: str | None = None, *, family: str = "", version: str = "", variant: str = "", known: bool = False
) -> Model:
    """A model of that name, its parts as detection reads them, or the given ones."""
    if not family:
        return build(name, vendor=vendor, is_known=known)
    return Model(name=name, vendor=vendor, family=family, version=version, variant=variant, known=known, modality=Modality.TEXT)


def source(name: str = "press", tier: Tier = Tier.PRESS, vendor: str | None = None) -> Source:
    return Source(id=name, url=f"https://{name}.example/feed", tier=tier, vendor=vendor)


def judged(
    *names: str | Model,
    stage: Stage = Stage.RELEASED,
    hours: float = 0,
    by: Source | None = None,
    key: str | None = None,
    title: str | None = None,
    summary: str = "",
) -> Judged:
    """An item about the named models, so many hours after ``START``."""
    by = by or source()
    models = tuple(name if isinstance(name, Model) else model(name) for name in names)
    title = title or f"{', '.join(one.name for one in models)}: {stage}"
    item_id = key or f"{by.id}/{title}/{hours}"
    at = START + timedelta(hours=hours)
    item = Item(
        id=item_id, source_id=by.id, key=item_id, url=f"https://x.example/{ident(item_id)}", title=title, summary=summary,
        published=at, seen_at=at,
    )  # fmt: skip
    announcement = stage not in (Stage.NONE, Stage.RUMORED, Stage.DEPRECATED)
    detection = Detection(item_id=item_id, announcement=announcement, stage=stage, models=models, score=2.0, threshold=1.0)
    return Judged(item, by, detection)


def fold(
    batch: Sequence[Judged], history: Sequence[Story] = (), *, hours: float = 24 * 400, window: timedelta | None = None
) -> Folded:
    """Everything in one poll, at a time when nothing is too old unless ``window`` says so."""
    return stories.fold(batch, history, now=START + timedelta(hours=hours), alert_window=window or timedelta(days=4000))


def one_by_one(batch: Sequence[Judged]) -> list[Folded]:
    """Each item in a poll of its own, with the stories kept in between as the store keeps them."""
    kept: dict[str, Story] = {}
    made = []
    for one in batch:
        wanted = stories.keys(one.detection)
        history = [story for story in kept.values() if wanted & set(story.keys)]
        assert one.item.seen_at is not None
        made.append(stories.fold([one], history, now=one.item.seen_at, alert_window=WINDOW))
        kept |= {story.id: story for story in made[-1].stories}
    return made


def told(folded: Folded | Sequence[Folded]) -> list[tuple[str, str]]:
    """(name, stage) of all announcements that are told, in order."""
    parts = [folded] if isinstance(folded, Folded) else folded
    return [(one.name, str(one.stage)) for part in parts for one in part.announcements if one.silent is None]
