"""Every source with a mapping of its own has a sample in its page's real structure, and brings what is expected of it."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aiwatch import config, parse
from aiwatch.model import Fetched, Kind, PollState, Source

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
PACKS = {"article", "vendors", "press", "korea", "japan", "china", "research", "community"}


def catalogue() -> tuple[Source, ...]:
    problems: list[str] = []
    file = config.File(name="sources.toml", text=(ROOT / "sources.toml").read_text("utf-8"))
    found = config.read_sources([file], lambda _where, name: f"secret {name}", problems)
    assert problems == []
    return found


CATALOGUE = catalogue()
MAPPED = [source for source in CATALOGUE if source.options]


@pytest.mark.parametrize("source", MAPPED, ids=lambda source: source.id)
def test_every_mapping_brings_what_is_expected_of_its_sample(source: Source) -> None:
    described = GOLDEN / f"{source.id}.toml"
    assert described.exists(), (
        f"{source.id} has options and no sample: write tests/golden/{source.id}.toml and the page beside it"
    )
    told = tomllib.loads(described.read_text("utf-8"))
    url = parse.request_for(source, PollState(source_id=source.id)).url
    body = (GOLDEN / told["file"]).read_bytes()
    fetched = Fetched(url=url, status=200, headers={"content-type": told["content_type"]}, body=body)
    items = parse.parse(source, fetched, now=NOW).items
    assert len(items) == len(told["item"])
    for item, wanted in zip(items, told["item"], strict=True):
        assert met(item, wanted, source.timezone or "UTC") == {}


def met(item: Any, wanted: dict[str, Any], zone: str) -> dict[str, Any]:
    """What of an expectation an item does not meet; days are those of the source."""
    seen = {
        "title": item.title,
        "url": item.url,
        "published": item.published.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d") if item.published else None,
        "undated": item.published is None,
    }
    return {name: (seen[name], value) for name, value in wanted.items() if seen[name] != value}


def test_no_sample_is_left_behind_by_a_source_that_went() -> None:
    assert {path.stem for path in GOLDEN.glob("*.toml")} == {source.id for source in MAPPED}


def test_the_catalogue_is_large_and_every_pack_has_members() -> None:
    assert len(CATALOGUE) >= 100
    assert {group for source in CATALOGUE for group in source.groups} == PACKS
    assert all(source.groups for source in CATALOGUE)


def test_what_is_off_says_why_and_what_is_on_is_reached_over_https() -> None:
    assert [source.id for source in CATALOGUE if not source.enabled and not source.reason] == []
    assert [source.id for source in CATALOGUE if not source.url.startswith("https://")] == []
    assert sum(source.enabled for source in CATALOGUE) >= 100


def test_korean_papers_have_a_zone_for_their_zone_less_dates() -> None:
    korean = [source for source in CATALOGUE if source.lang == "ko" and source.kind in {Kind.FEED, Kind.PAGE}]
    assert {source.timezone for source in korean} == {"Asia/Seoul"}


@pytest.mark.parametrize("source", CATALOGUE, ids=lambda source: source.id)
def test_every_source_can_be_asked(source: Source) -> None:
    if source.kind is Kind.X:
        return
    request = parse.request_for(source, PollState(source_id=source.id))
    assert request.url.startswith("https://")
    assert request.robots or source.kind is not Kind.PAGE or source.options.get("robots") is False
