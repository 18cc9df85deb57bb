"""Digests and pages never disagree: the store's SQL and ``select.matches`` choose the same announcements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from delivery_samples import find
from digest_samples import at, rumor, week
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiwatch.digest import select
from aiwatch.model import Announcement, Filter, Modality, Stage, Tier
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, list[Announcement]]]:
    path = str(tmp_path_factory.mktemp("select") / "a.db")
    kept: list[Announcement] = []
    with SqliteStore(path) as store:
        for number, entry in enumerate((*week(), rumor())):
            korean = replace(
                entry, announcement=replace(entry.announcement, lang="ko-KR" if number % 2 else "en", score=number / 2)
            )
            kept.append(find(store, korean, at(14, 0) + timedelta(days=number), "daily"))
    with Library(path) as library:
        yield library, kept


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


def moments() -> st.SearchStrategy[datetime | None]:
    return st.one_of(st.none(), st.integers(min_value=-1, max_value=7).map(lambda days: at(14, 0) + timedelta(days=days)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Filter,
        vendors=some("openai", "GOOGLE", "Meta", "nobody"),
        modalities=st.lists(st.sampled_from(Modality), max_size=2, unique=True).map(tuple),
        stages=st.lists(st.sampled_from([stage for stage in Stage if stage is not Stage.NONE]), max_size=3, unique=True).map(
            tuple
        ),
        langs=some("en", "KO", "ko-KR", "ja"),
        sources=some("openai", "google", "META", "info"),
        tiers=st.lists(st.sampled_from(Tier), max_size=2, unique=True).map(tuple),
        min_score=st.sampled_from([0.0, 0.5, 1.0, 2.0, 9.0]),
        text=st.sampled_from([None, "", "gem", "SORA", "%", "_", "3"]),
        since=moments(),
        until=moments(),
    )
)
def test_the_library_and_the_digest_choose_the_same(told: tuple[Library, list[Announcement]], wanted: Filter) -> None:
    library, kept = told
    found, _ = library.announcements(wanted, limit=100)
    assert {entry.announcement.id for entry in found} == {one.id for one in kept if select.matches(wanted, one)}


def test_a_rumour_whose_score_is_below_zero_reaches_those_who_asked() -> None:
    told = replace(rumor().announcement, score=-2.5)
    assert select.matches(Filter(stages=(Stage.RUMORED,)), told)
    assert not select.matches(Filter(stages=(Stage.RUMORED,), min_score=0.5), told)
