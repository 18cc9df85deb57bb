"""Values for the tests of the store: each builder gives a whole one, and takes what a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiwatch.feedback import Mend, Saying
from aiwatch.model import (
    Announcement,
    Delivery,
    Detection,
    Edition,
    Evidence,
    Folded,
    Item,
    Mention,
    Modality,
    Model,
    Poll,
    PollJob,
    PollPlan,
    Rhythm,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
    ident,
)
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import Label

T0 = datetime(2024, 2, 15, 18, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = timedelta(minutes=5)

VENDOR = Source(id="openai-news", url="https://openai.example/rss", name="OpenAI", tier=Tier.PRIMARY, vendor="OpenAI", lang="en")
PRESS = Source(
    id="k-press", url="https://press.example/feed", name="한국 신문", tier=Tier.PRESS, lang="ko", timezone="Asia/Seoul"
)
BOARD = Source(id="board", url="https://board.example/new", name="A board", tier=Tier.COMMUNITY)
SOURCES = (VENDOR, PRESS, BOARD)

SORA = Model(name="Sora", vendor="OpenAI", family="sora", modality=Modality.VIDEO, known=True, spelled="소라")


def item(source: Source = VENDOR, key: str = "1", **given: Any) -> Item:
    at = given.pop("seen_at", T0)
    values: dict[str, Any] = {
        "id": ident(source.id, key),
        "source_id": source.id,
        "key": key,
        "url": f"{source.url}/{key}",
        "title": f"Item {key}",
        "lang": source.lang,
        "seen_at": at,
        "aliases": (f"{source.url}/{key}", f"item {key}|2024-02-15"),
    }
    return Item(**{**values, **given})


def detection(one: Item, *models: Model, stage: Stage = Stage.ANNOUNCED, score: float = 7.0, **given: Any) -> Detection:
    word = one.title.split()[0]
    evidence = (
        Evidence(rule="cue.announce", field="title", start=0, end=len(word), matched=word, weight=score, why="announces"),
    )
    values: dict[str, Any] = {"announcement": bool(models), "stage": stage if models else Stage.NONE, "evidence": evidence}
    return Detection(item_id=one.id, models=models, score=score, threshold=5.0, rules="r1", **{**values, **given})


def story(one: Item, model: Model = SORA, stage: Stage = Stage.ANNOUNCED, at: datetime = T0, **given: Any) -> Story:
    step = StoryStage(stage=stage, first_seen=at, item_id=one.id, source_id=one.source_id, told=True)
    values: dict[str, Any] = {
        "id": ident(model.key),
        "name": model.name,
        "models": (model,),
        "keys": (model.key, f"phonetic:{model.name.lower()}"),
        "stages": (step,),
        "first_seen": at,
        "last_seen": at,
        "vendor": model.vendor,
        "modality": model.modality,
    }
    return Story(**{**values, **given})


def announcement(
    of: Story, one: Item, source: Source = VENDOR, stage: Stage = Stage.ANNOUNCED, at: datetime = T0, **given: Any
) -> Announcement:
    values: dict[str, Any] = {
        "id": ident(of.id, stage),
        "story_id": of.id,
        "stage": stage,
        "name": of.name,
        "models": of.models,
        "vendor": of.vendor,
        "modality": of.modality,
        "at": at,
        "item_id": one.id,
        "source_id": source.id,
        "tier": source.tier,
        "title": one.title,
        "url": one.url,
        "lang": one.lang,
        "quote": "A model that makes video from text.",
        "score": 7.0,
    }
    return Announcement(**{**values, **given})


def folded(
    of: Story,
    one: Item,
    source: Source = VENDOR,
    stage: Stage = Stage.ANNOUNCED,
    at: datetime = T0,
    role: str = "first",
    told: bool = True,
) -> Folded:
    mention = Mention(story_id=of.id, item_id=one.id, source_id=source.id, stage=stage, at=at, role=role)
    return Folded(stories=(of,), mentions=(mention,), announcements=(announcement(of, one, source, stage, at),) if told else ())


def plan(job: PollJob, items: Sequence[Item] = (), at: datetime = T0, **given: Any) -> PollPlan:
    """A poll of ``job`` that brought ``items``; detections are all rejections unless given."""
    state = replace(
        job.state,
        polls=job.state.polls + 1,
        last_attempt_at=at,
        last_success_at=at,
        next_poll_at=at + HOUR,
        etag='"e1"',
        last_modified="Thu, 15 Feb 2024 18:00:00 GMT",
        item_count=len(items),
        rhythm=Rhythm(hours=(0.5,) * 168, weight=1.5, recent=(at,), updated=at),
    )
    values: dict[str, Any] = {
        "state": state,
        "poll": Poll(
            source_id=job.source.id,
            at=at,
            outcome="fetched",
            status=200,
            items=len(items),
            fresh=len(items),
            elapsed=0.2,
            size=99,
        ),
        "items": tuple(items),
        "detections": tuple(detection(one) for one in items),
    }
    return PollPlan(**{**values, **given})


def claimed(store: SqliteStore, source: Source = VENDOR, at: datetime = T0) -> PollJob:
    """A job for that source, due or not."""
    return store.claim_due(at, 10, LEASE, only=[source.id])[0]


def sora_plan(
    job: PollJob, at: datetime = T0, key: str = "sora", title: str = "Introducing Sora", digests: Sequence[str] = ("daily",)
) -> PollPlan:
    """A poll that brings one announcement of Sora, for ``digests``."""
    one = item(job.source, key, title=title, summary="A model that makes video from text.", seen_at=at)
    of = story(one, at=at)
    return plan(
        job,
        [one],
        at,
        detections=(detection(one, SORA),),
        folded=folded(of, one, job.source, at=at),
        outbox=tuple((digest, ident(of.id, Stage.ANNOUNCED)) for digest in digests),
    )


def edition(digest: str = "daily", until: datetime = T0 + HOUR, since: datetime = T0) -> Edition:
    return Edition(id=ident(digest, until), digest_id=digest, title="Daily", since=since, until=until)


def delivery(of: Edition, recipient: str = "me", at: datetime = T0 + HOUR, **given: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": ident(of.id, recipient),
        "edition_id": of.id,
        "digest_id": of.digest_id,
        "recipient_id": recipient,
        "subject": "1 new model: Sora",
        "body": {"text": "Sora 소라", "html": "<p>Sora</p>", "payload": {"n": 1}},
        "created_at": at,
    }
    return Delivery(**{**values, **given})


def judge(store: SqliteStore, item_id: str, announcement: bool, stage: Stage | None, note: str, at: datetime) -> None:
    """A person's judgement, without what it mends."""
    label = Label(item_id=item_id, announcement=announcement, stage=stage, note=note, at=at)
    store.mend(Saying(labels=(label,)), (), lambda _: Mend(), at)
