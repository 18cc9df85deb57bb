"""Editions and announcements for the tests of digests and deliveries: true facts of February 2024 in words of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiwatch.digest import compose
from aiwatch.model import (
    Announcement,
    Coverage,
    Edition,
    Entry,
    Evidence,
    Modality,
    Model,
    NearMiss,
    Notice,
    Stage,
    Story,
    StoryStage,
    Tier,
    Watch,
    ident,
)
from aiwatch.settings import Channel, Recipient, Secret, Subscription

SINCE = datetime(2024, 2, 16, 0, 0, tzinfo=UTC) - timedelta(days=4)
UNTIL = datetime(2024, 2, 23, 0, 0, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 2, day, hour, minute, tzinfo=UTC)


def subscription(**values: object) -> Subscription:
    base = Subscription(id="weekly", title="AI models", schedule="weekly friday 9:00", timezone="Asia/Seoul", recipients=("me",))
    return replace(base, **values)  # type: ignore[arg-type]


def recipient(channel: Channel = Channel.EMAIL, address: str = "me@example.com", **values: object) -> Recipient:
    base = Recipient(id="me", channel=channel, address=Secret(address))
    return replace(base, **values)  # type: ignore[arg-type]


def coverage(source: str, name: str, tier: Tier, lang: str, title: str, seen: datetime) -> Coverage:
    return Coverage(
        source_id=source,
        source_name=name,
        tier=tier,
        lang=lang,
        title=title,
        url=f"https://{source}.example/{seen:%d%H%M}",
        seen_at=seen,
    )


def entry(
    name: str,
    vendor: str | None,
    modality: Modality,
    stage: Stage,
    members: tuple[Coverage, ...],
    *,
    quote: str = "",
    earlier: tuple[tuple[Stage, datetime], ...] = (),
    score: float = 3.0,
) -> Entry:
    first = min(members, key=lambda one: one.seen_at)
    story_id = ident("story", name)
    model = Model(name=name, vendor=vendor, family=name.lower(), modality=modality, known=True)
    announcement = Announcement(
        id=ident(story_id, stage),
        story_id=story_id,
        stage=stage,
        name=name,
        models=(model,),
        vendor=vendor,
        modality=modality,
        at=first.seen_at,
        item_id=ident("item", name),
        source_id=first.source_id,
        tier=first.tier,
        title=first.title,
        url=first.url,
        lang=first.lang,
        quote=quote,
        score=score,
    )
    steps = tuple(StoryStage(stage=one, first_seen=when, item_id="i", source_id="s", told=True) for one, when in earlier)
    own = StoryStage(stage=stage, first_seen=first.seen_at, item_id="i", source_id=first.source_id, told=True)
    story = Story(
        id=story_id,
        name=name,
        models=(model,),
        keys=(name.lower(),),
        stages=(*steps, own),
        first_seen=steps[0].first_seen if steps else first.seen_at,
        last_seen=max(one.seen_at for one in members),
        vendor=vendor,
        modality=modality,
    )
    return Entry(announcement=announcement, story=story, coverage=members)


def week() -> tuple[Entry, ...]:
    P, N, C = Tier.PRIMARY, Tier.PRESS, Tier.COMMUNITY  # noqa: N806
    return (
        entry(
            "Sora", "OpenAI", Modality.VIDEO, Stage.ANNOUNCED,
            (
                coverage("openai", "OpenAI", P, "en", "Sora: a model that turns a description into a minute of video", at(15, 18, 2)),
                coverage("verge", "Byte Courier", N, "en", "OpenAI shows Sora, which makes films from text", at(15, 18, 49)),
                coverage("hani", "한빛일보", N, "ko", "오픈AI, 글로 쓰면 동영상을 만드는 ‘소라’ 공개", at(15, 22, 10)),
                coverage("maeil", "서울테크", N, "ko", "챗GPT 만든 오픈AI의 다음 수, 동영상 AI 소라", at(16, 0, 30)),
                coverage("hn", "Hacker Board", C, "en", "Sora", at(15, 18, 20)),
            ),
            quote="It can make videos up to a minute long that keep to the prompt.",
        ),
        entry(
            "Gemini 1.5 Pro", "Google", Modality.MULTIMODAL, Stage.PREVIEW,
            (
                coverage("verge", "Byte Courier", N, "en", "Google’s Gemini 1.5 Pro reads a million tokens at once", at(15, 15, 0)),
                coverage("google", "Google", P, "en", "Gemini 1.5, our next-generation model", at(15, 15, 36)),
                coverage("hani", "한빛일보", N, "ko", "구글, 100만 토큰 읽는 ‘제미나이 1.5 프로’ 공개", at(15, 23, 5)),
            ),
            quote="A limited group of developers can try it with a context window of up to one million tokens.",
        ),
        entry(
            "Gemma", "Google", Modality.TEXT, Stage.OPEN_WEIGHTS,
            (
                coverage("google", "Google", P, "en", "Gemma: open models in two sizes, 2B and 7B", at(21, 13, 0)),
                coverage("maeil", "서울테크", N, "ko", "구글, 개방형 모델 ‘젬마’ 내놓아", at(21, 15, 20)),
            ),
            quote="Weights of Gemma 2B and Gemma 7B are available to everyone from today.",
        ),
        entry(
            "Stable Diffusion 3", "Stability AI", Modality.IMAGE, Stage.PREVIEW,
            (coverage("stability", "Stability AI", P, "en", "Stable Diffusion 3 in early preview", at(22, 15, 0)),),
            earlier=((Stage.RUMORED, at(9, 10, 0)),),
        ),
        entry(
            "V-JEPA", "Meta", Modality.VIDEO, Stage.RELEASED,
            (coverage("meta", "Meta AI", P, "en", "V-JEPA, a step toward machines that watch and understand", at(15, 17, 0)),),
            quote="Released under a CC BY-NC licence for researchers.",
        ),
    )  # fmt: skip


def rumor() -> Entry:
    return entry(
        "OpenAI web search", "OpenAI", Modality.OTHER, Stage.RUMORED,
        (coverage("info", "The Inside", Tier.PRESS, "en", "OpenAI said to build a web search product", at(14, 20, 0)),),
    )  # fmt: skip


def nearly(matched: str, why: str) -> Evidence:
    return Evidence(rule="name.known", field="title", start=0, end=len(matched), matched=matched, weight=0.0, why=why)


def tail() -> compose.Tail:
    return compose.Tail(
        near=(
            NearMiss(
                item_id="n0",
                title="Why Sora matters for film schools",
                url="https://opinion.example/0",
                source_name="Byte Courier",
                score=2.0,
                threshold=2.5,
                near=(nearly("Sora", "a model is named, but no announcing frame has it as its object"),),
            ),
            NearMiss(
                item_id="n1", title="What comes after Lumiere", url="https://opinion.example/1", source_name="Byte Courier",
                score=1.8, threshold=2.5,
                near=(
                    nearly("Lumiere", "a model is named, but no announcing frame has it as its object"),
                    nearly("comes after", "something follows, but it is not the model this item is about"),
                ),
            ),
            NearMiss(
                item_id="n2", title="챗GPT 기억 기능 시험", url="https://hani.example/2", source_name="한빛일보", score=1.6, threshold=2.5,
                near=(replace(nearly("챗GPT", "새 모델 이름"), rule="mine.name"),),
            ),
        ),
        watch=Watch(sources=45, watched=43, failing=("Example Lab", "서울테크"), gaps=(("Example Lab", at(20, 3, 10), at(20, 9, 40)),)),
    )  # fmt: skip


def edition(sub: Subscription | None = None, entries: tuple[Entry, ...] | None = None, late: timedelta = timedelta(0)) -> Edition:
    window = compose.Window(since=SINCE, until=UNTIL)
    told = week() if entries is None else entries
    return compose.compose(sub or subscription(), told, window, tail(), now=UNTIL + timedelta(minutes=1) + late)


def notice(*, is_open: bool = True) -> Notice:
    return Notice(condition="source-down:lab", open=is_open, at=at(20, 3), text="Example Lab cannot be read: HTTP 503 for a day.")
