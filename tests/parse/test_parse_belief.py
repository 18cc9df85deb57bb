"""Which one entry of a feed breaks its order, and when none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.model import Item, Kind, Note, Parsed
from aiwatch.parse import belief

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


def items(*days_ago: float | None) -> tuple[Item, ...]:
    return tuple(
        Item(
            id=str(n),
            source_id="s",
            key=str(n),
            url=None,
            title=f"Entry {n}",
            published=None if days is None else NOW - timedelta(days=days),
        )
        for n, days in enumerate(days_ago)
    )


@pytest.mark.parametrize(
    ("days", "place"),
    [
        ((2000, 0, 1, 2, 3), 0),
        ((0, 1, 2000, 2, 3), 2),
        ((365, 0, 1, 2, 40, 300), 0),
        ((0, None, 2000, None, 1, 2, 3), 2),
        ((2000, 0, 1, 2), None),
        ((2000, 1900, 0, 1, 2, 3), None),
        ((2000, 0, 1900, 1, 2, 3), None),
        ((25, 0, 1, 2, 3), None),
        ((0, 1, 2, 3, 2000), None),
        ((2000, 3, 1, 2, 0), None),
        ((5, 4, 3, 2, 1, 0), None),
        ((2000, 1, 1, 1, 1), None),
        ((0, 1, 2, 3, 4), None),
        ((3, 4, -90, 5, 6), None),
    ],
)
def test_the_one_entry_that_breaks_the_order(days: tuple[float | None, ...], place: int | None) -> None:
    assert belief.displaced(items(*days)) == place


@given(st.lists(st.integers(0, 3000), max_size=12))
def test_a_list_in_order_has_none(days: list[int]) -> None:
    assert belief.displaced(items(*sorted(days))) is None


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_without_it_the_rest_is_in_order(days: list[int]) -> None:
    found = belief.displaced(items(*days))
    rest = [one for place, one in enumerate(days) if place != found]
    assert found is None or (rest == sorted(rest) and days[found] - min(days[found + 1 :]) > 30)


@pytest.mark.parametrize(("kind", "marked"), [(Kind.FEED, True), (Kind.WEBHOOK, True), (Kind.PAGE, False), (Kind.REDDIT, False)])
def test_a_page_may_feature_what_is_old(kind: Kind, marked: bool) -> None:
    read = belief.dated(Parsed(items=items(2000, 0, 1, 2, 3)), kind, NOW)
    assert [item.doubted for item in read.items] == [marked, False, False, False, False]
    assert read.items[0].published == NOW - timedelta(days=2000), "it is kept as the source says"


@pytest.mark.parametrize(
    ("kind", "published", "changed", "dated"),
    [
        (Kind.FEED, None, 31, 31),
        (Kind.GITHUB, None, 700, 700),
        (Kind.FEED, None, 29, None),
        (Kind.FEED, 40, 31, 40),
        (Kind.FEED, None, None, None),
        (Kind.FEED, None, 20_000, None),  # 1970 and thereabouts is what publishing systems write for none
        (Kind.FEED, 20_000, 700, 700),
        (Kind.SITEMAP, None, 700, None),
    ],
)
def test_what_was_last_changed_long_ago_was_published_before(
    kind: Kind, published: float | None, changed: float | None, dated: float | None
) -> None:
    (entry,) = items(published)
    touched = None if changed is None else NOW - timedelta(days=changed)
    (read,) = belief.dated(Parsed(items=(replace(entry, updated=touched),)), kind, NOW).items
    assert read.published == (None if dated is None else NOW - timedelta(days=dated))
    assert (Note.LAST_CHANGED in read.notes) is (dated is not None and dated != published)
