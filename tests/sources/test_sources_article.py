"""The founding article's sources, one by one: each brings its announcement from a sample in its real format, and nothing else.

Samples and what is expected of them are in ``tests/golden-article`` (texts are ours). Parser, rules and stories are the real ones.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aiwatch import config, parse, rules
from aiwatch.detect import detect
from aiwatch.model import Detection, Fetched, Item, Outcome, PollPlan, PollState, Source, Stage
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.settings import Polling
from aiwatch.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "golden-article"
NOW = datetime(2024, 3, 1, tzinfo=UTC)
RULES = rules.load()
TOKEN = {"Authorization": "Bearer t"}
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((SAMPLES / "expected.toml").read_text("utf-8"))
NAMED_IN_THE_ARTICLE = {
    *("openai-news", "google-ai-blog", "google-research", "google-deepmind", "runway-sitemap", "runway-news", "x-runway"),
    *("meta-ai-blog", "stability-news", "microsoft-blog", "bing-blog", "the-information", "france24-tech", "techopedia"),
    "aitimes-kr",
}


def catalogue() -> dict[str, Source]:
    problems: list[str] = []
    file = config.File(name="sources.toml", text=(ROOT / "sources.toml").read_text("utf-8"))
    found = config.read_sources([file], lambda _where, name: f"secret {name}", problems)
    assert problems == []
    return {source.id: source for source in found}


SOURCES = catalogue()


@dataclass(frozen=True)
class Verdict:
    """What an item came to: None of everything where it stays silent."""

    name: str | None
    vendor: str | None
    modality: str | None
    stage: str | None


def sample(source_id: str) -> bytes:
    return (SAMPLES / str(EXPECTED[source_id]["file"])).read_bytes()


def answer(source_id: str, body: bytes | None = None) -> Fetched:
    source = replace(SOURCES[source_id], headers=TOKEN)
    url = parse.request_for(source, PollState(source_id=source_id)).url
    headers = {"content-type": EXPECTED[source_id]["type"]}
    return Fetched(url=url, status=200, headers=headers, body=sample(source_id) if body is None else body)


def read(source_id: str, body: bytes | None = None) -> tuple[Item, ...]:
    return parse.parse(SOURCES[source_id], answer(source_id, body), now=NOW).items


def judge(source_id: str, item: Item) -> Detection:
    return detect(item, SOURCES[source_id], RULES)


def plain_name(name: str) -> str:
    """``Gen 2``, ``gen-2``: one name. Titles read off an address have lost the hyphen."""
    return name.casefold().replace("-", " ")


def verdict(source_id: str, item: Item) -> Verdict:
    found = judge(source_id, item)
    if not found.announcement:
        return Verdict(None, None, None, None)
    (model,) = found.models
    return Verdict(plain_name(model.name), model.vendor, model.modality.value, found.stage.value)


def wanted(row: dict[str, Any]) -> Verdict:
    if "name" not in row:
        return Verdict(None, None, None, None)
    return Verdict(plain_name(row["name"]), row["vendor"], row["modality"], row["stage"])


@pytest.mark.parametrize("source_id", EXPECTED)
def test_a_source_of_the_article_brings_its_announcement_and_nothing_else(source_id: str) -> None:
    items, rows = read(source_id), EXPECTED[source_id]["item"]
    assert [item.title for item in items] == [row["title"] for row in rows]
    dates = [(item.published, row["published"]) for item, row in zip(items, rows, strict=True) if "published" in row]
    assert [seen for seen, _ in dates] == [said for _, said in dates]
    assert [verdict(source_id, item) for item in items] == [wanted(row) for row in rows]
    assert len({item.id for item in items}) == len(items)


def test_every_source_that_the_article_names_is_here_and_in_its_pack() -> None:
    assert set(EXPECTED) == NAMED_IN_THE_ARTICLE
    assert [one for one in EXPECTED if "article" not in SOURCES[one].groups] == []
    off = {one for one in EXPECTED if not SOURCES[one].enabled}
    assert off == {"x-runway", "techopedia"}, "a token is needed; no evidence that it lives"


def test_no_sample_lies_about_unused() -> None:
    used = {one["file"] for one in EXPECTED.values()}
    assert {path.name for path in SAMPLES.iterdir() if path.name != "expected.toml"} == {one for one in used if "/" not in one}


def test_the_whole_archive_of_openai_comes_at_once_and_sora_is_found_among_it() -> None:
    row = "<item><title><![CDATA[A quiet day {0}]]></title><link>https://openai.com/index/quiet-{0}</link><pubDate>{1}</pubDate></item>"
    days = (datetime(2023, 12, 31, tzinfo=UTC) - timedelta(days=number) for number in range(1200))
    fillers = "".join(row.format(number, f"{day:%a, %d %b %Y} 08:00:00 GMT") for number, day in enumerate(days))
    items = read("openai-news", sample("openai-news").replace(b"</channel>", fillers.encode() + b"</channel>"))
    assert len(items) == 1204
    assert [item.title for item in items if judge("openai-news", item).announcement] == [items[0].title]


def test_the_information_s_new_stamps_make_no_new_items() -> None:
    """Ids and dates are stamped anew in bulk; the addresses stay."""
    before = read("the-information")
    stamped = sample("the-information").replace(b"2024-02-15T01:00:00Z", b"2024-02-20T09:30:00Z")
    after = read("the-information", stamped.replace(b"@2024-02-15", b"@2024-02-20"))
    assert [item.guid for item in after] != [item.guid for item in before]
    assert [item.published for item in after] != [item.published for item in before]
    assert [item.id for item in after] == [item.id for item in before]
    assert [item.content_hash for item in after] == [item.content_hash for item in before]


def test_a_rumoured_product_is_at_most_a_rumour() -> None:
    found = judge("the-information", read("the-information")[0])
    assert found.stage in {Stage.NONE, Stage.RUMORED}
    assert not found.announcement


# --- all of them into one memory --------------------------------------------------------------------------------------------


def poll_all(store: SqliteStore, order: list[str]) -> list[PollPlan]:
    """Each source polled once, in that order; whatever is dated within ten years may be told at once."""
    sources = {one: replace(SOURCES[one], enabled=True, headers=TOKEN) for one in order}
    store.sync_sources(list(sources.values()), NOW)

    async def fetch(request: Request) -> Outcome:
        (one,) = [one for one in order if answer(one).url == request.url]
        return answer(one)

    polling = Polling(alert_window=10 * 365 * 86_400)
    poller = Poller(store=store, fetch=fetch, rules=RULES, clock=lambda: NOW, sources=tuple(sources.values()), polling=polling)
    plans = []
    for one in order:
        (job,) = store.claim_due(NOW, 1, timedelta(minutes=5), [one])
        made = asyncio.run(poll(poller, job))
        assert made is not None
        assert made.poll.outcome == "fetched", (one, made.poll.reason)
        plans.append(made)
    return plans


@pytest.mark.parametrize("backwards", [False, True])
def test_polled_into_one_store_each_model_of_the_article_is_told_once(backwards: bool) -> None:
    store = SqliteStore(":memory:")
    order = sorted(EXPECTED, reverse=backwards)
    told = Counter(
        plain_name(announcement.name)
        for made in poll_all(store, order)
        for announcement in made.folded.announcements
        if not announcement.silent and announcement.stage is not Stage.RUMORED
    )
    store.close()
    models = {plain_name(row["name"]) for one in EXPECTED.values() for row in one["item"] if "name" in row}
    assert told == dict.fromkeys(models, 1)
