"""The demo's world is complete, bilingual and dense enough to be a trial."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from aiwatch.demo.articles import Expect, world

START, END = datetime(2024, 2, 12, 21, tzinfo=UTC), datetime(2024, 2, 23, tzinfo=UTC)


def test_ten_days_are_told_in_two_languages() -> None:
    told = [one for one in world().articles if one.at >= START]
    assert 100 <= len(told) <= 150
    assert all(one.at < END for one in told)
    assert {one.at.date().day for one in told} >= set(range(13, 23))
    langs = Counter(world().outlet(one.source).lang for one in told)
    assert langs["ko"] >= 30
    assert langs["en"] >= 60


def test_formats_and_quirks_differ() -> None:
    outlets = world().outlets
    assert len(outlets) >= 12
    assert {one.format for one in outlets} == {"rss", "rdf", "atom", "jsonfeed", "page", "sitemap", "news-sitemap"}
    assert len({one.quirk for one in outlets}) == len(outlets)


@pytest.mark.parametrize("story", world().told, ids=lambda one: one.name)
def test_every_expected_story_has_its_first_article(story: object) -> None:
    told = next(one for one in world().told if one is story)
    first = [one for one in world().articles if one.expect is Expect.FIRST and told.name in one.of]
    assert [one.source for one in first] == [told.first]
    later = [one for one in world().articles if one.expect is Expect.JOINS and told.name in one.of]
    assert len(later) >= 2 or told.name == "SDXL-Lightning"
    assert all(one.at > first[0].at for one in later)
    langs = {world().outlet(one.source).lang for one in later} | {world().outlet(first[0].source).lang}
    assert langs >= set(told.langs)


def test_every_silent_article_says_why() -> None:
    assert [one.title for one in world().articles if one.expect is Expect.SILENT and not one.why] == []


def test_titles_are_unique_within_an_outlet() -> None:
    keys = Counter((one.source, one.title) for one in world().articles)
    assert [key for key, count in keys.items() if count > 1] == []


def test_page_paths_are_unique() -> None:
    from aiwatch.demo.formats import page_path

    paths = Counter(page_path(world().outlet(one.source), one) for one in world().articles)
    assert [path for path, count in paths.items() if count > 1] == []
