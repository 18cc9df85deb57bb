"""What is remembered of hosts: as long as it is of use, and of so many."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aiwatch.fetch.pace import Pace

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FEW = 8


def test_a_host_that_was_limited_once_and_is_asked_no_more_is_forgotten() -> None:
    now = NOW

    async def scene() -> int:
        nonlocal now
        asked = Pace(per_host=2, gap=0.0, clock=lambda: now, most=FEW)
        for n in range(10 * FEW):
            async with asked.turn(f"host{n}.example"):
                asked.hold(f"host{n}.example", f"https://host{n}.example/page", 60)
            now += timedelta(minutes=2)
        return len(asked)

    assert asyncio.run(scene()) <= FEW


def test_a_host_that_asked_to_be_left_alone_is_remembered_while_it_is() -> None:
    async def scene() -> int:
        asked = Pace(per_host=2, gap=0.0, clock=lambda: NOW, most=FEW)
        asked.hold("slow.example", "https://slow.example/page", 60)
        for n in range(2 * FEW):
            async with asked.turn(f"host{n}.example"):
                pass
        return asked.held("slow.example", "https://slow.example/page")

    assert asyncio.run(scene()) == 60


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=10)])
def test_what_was_said_while_the_clock_was_ahead_holds_no_more_when_it_is_right(ahead: timedelta) -> None:
    now, page = NOW + ahead, "https://slow.example/page"

    async def scene() -> list[int]:
        nonlocal now
        asked = Pace(per_host=2, gap=0.0, clock=lambda: now, most=FEW)
        asked.hold("slow.example", page, 60)
        before = asked.held("slow.example", page)
        now -= timedelta(seconds=2)  # as a clock that is kept right goes back
        a_little = asked.held("slow.example", page)
        now -= ahead
        return [before, a_little, asked.held("slow.example", page)]

    assert asyncio.run(scene()) == [60, 62, 0]
