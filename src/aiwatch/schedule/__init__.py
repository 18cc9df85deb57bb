"""When to look again. Pure: the moment, the jitter and all that is known are arguments.

After an answer: the learned rhythm decides (``rhythm``), within the bounds of ``Polling`` and of what the server says stays fresh.
After a failure: the wait grows with the kind and number of failures, never undercuts a ``Retry-After``, and never ends: a dead source is
looked at once a day for ever. ``410 Gone``, said again a day later, alone stops.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from aiwatch.model import Failed, Failure, Fetched, NotModified, Outcome, PollState, Source, ident
from aiwatch.schedule.rhythm import HOURS, TUNING, Forecast, Tuning, forecast, hour_of_week, learn
from aiwatch.settings import Polling

__all__ = [
    "FAILURE_WEIGHT",
    "NEVER",
    "TUNING",
    "Terms",
    "Tuning",
    "crowd",
    "forecast",
    "learn",
    "next_poll",
    "nudge",
    "share",
    "wait",
]

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
DAY = 86_400
FRESH_AT_MOST = 3600  # seconds for which a ttl or max-age is heeded; feeds carry "60" minutes because a template did
JITTER = 20.0  # seconds at most after an answer: more would cost what the rhythm gains
BACKOFF_JITTER = 0.25  # of the wait after a failure
# What a failure counts; the first wait, in seconds, doubles with every 1.0 of them.
FAILURE_WEIGHT = {Failure.HARD: 1.0, Failure.SOFT: 0.5, Failure.TEMPORARY: 0.25, Failure.BLOCKED: 1.0, Failure.GONE: 1.0}
_FIRST_WAIT = {Failure.HARD: 1800, Failure.SOFT: 900, Failure.TEMPORARY: 300, Failure.BLOCKED: 3600, Failure.GONE: DAY}
_MAX_WAIT = {Failure.HARD: DAY, Failure.SOFT: DAY // 2, Failure.TEMPORARY: DAY // 4, Failure.BLOCKED: DAY, Failure.GONE: DAY}
DEAD_AFTER = timedelta(days=14)  # of nothing but failures: once a day, whatever their kind
PLANNED = 1.1  # a laid-out plan makes about a tenth fewer polls than the root rule at the same price (bench/freshness.py)
NUDGED = 60.0  # seconds after the news elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms the next moment of a source is chosen: its share of the polling, the present moment, and a draw in [0, 1)."""

    polling: Polling
    now: datetime
    jitter: float


def next_poll(source: Source, state: PollState, outcome: Outcome, terms: Terms, ttl: int | None = None) -> datetime:
    """When ``source`` is to be polled again, after ``outcome`` at ``terms.now``.

    ``state`` is the state with this outcome counted in, and with the rhythm that it taught. ``ttl`` (seconds) is what the body asked for.
    The answer is later than ``terms.now``, within the interval's bounds after an answer, never inside a Retry-After, and ``NEVER`` once
    the source is gone.
    """
    if state.gone:
        return NEVER
    if isinstance(outcome, Failed):
        seconds = _backoff(outcome, state, terms)
    elif source.interval is not None:
        seconds = max(1.0, source.interval) + terms.jitter * min(JITTER, source.interval / 20)
    else:
        lowest, highest = _bounds(outcome, ttl, terms.polling)
        planned = wait(forecast(state.rhythm), terms.polling.budget, terms.now, lowest, highest)
        seconds = min(planned + terms.jitter * min(JITTER, planned / 20), highest)
    return terms.now + timedelta(seconds=seconds)


def _bounds(outcome: Fetched | NotModified, ttl: int | None, polling: Polling) -> tuple[float, float]:
    """Shortest and longest wait in seconds."""
    highest = float(max(polling.max_interval, polling.min_interval))
    asked = min(FRESH_AT_MOST, max(ttl or 0, outcome.max_age or 0))
    return min(float(max(polling.min_interval, asked)), highest), highest


def wait(expected: Forecast, budget: float, now: datetime, lowest: float, highest: float) -> float:
    """Seconds to wait so that the items that are still to come wait least, for ``budget`` polls a day in the long run.

    With a known rate ``r(t)`` the best density of polls goes with its root; that sets the price of a poll, ``K*K/2`` with
    ``K = mean(root r) / density``, and a minute then costs ``K * root r(t)``. The polls of the next hours are laid out, last one first,
    so that what waits plus the price of the polls is least; what comes after them counts at the cost of its minutes. Only the first is
    kept: the next answer may tell more. For a steady rate this is the root rule; where items come on the full hour, so do the polls.
    """
    scale = expected.root() * 1440.0 / max(budget * PLANNED, 0.1)
    ends, come, sooner, cost = _outlook(expected, now, scale, lowest / 60.0, highest / 60.0)
    price, shortest, longest = scale * scale / 2.0, lowest / 60.0 - 1e-6, highest / 60.0 + 1e-6
    last = len(ends) - 1
    ahead = [-one for one in cost]  # what is still to be paid after a poll at that end, less what its minutes should cost
    settled = next((place for place, end in enumerate(ends) if end > 0.6 * ends[last]), last)
    chosen = last
    for start in range(settled - 1, -1, -1):
        best, chosen = math.inf, last
        for end in range(start + 1, last + 1):
            length = ends[end] - ends[start]
            if length < shortest:
                continue
            waiting = ends[end] * (come[end] - come[start]) - (sooner[end] - sooner[start])
            if waiting + ahead[end] < best:
                best, chosen = waiting + ahead[end], end
            if length > longest or waiting > 6.0 * price:
                break
        ahead[start] = best + price
    return min(max(ends[chosen] * 60.0, lowest), highest)


class _Outlook(NamedTuple):
    """The next hours on a grid of clock minutes, from now on: a place of each list is one moment of the grid."""

    ends: list[float]  # minutes from now
    come: list[float]  # items until then
    sooner: list[float]  # the sum of the minutes at which they come
    cost: list[float]  # of the minutes until then, at the price of a poll


def _outlook(expected: Forecast, now: datetime, scale: float, shortest: float, longest: float) -> _Outlook:
    """What is to be expected on a grid of clock minutes; ``scale`` is the price of a poll, waits are in minutes."""
    tuning = expected.tuning
    utc = now.astimezone(UTC)
    offset = hour_of_week(utc) * 60.0 + utc.minute + (utc.second + utc.microsecond / 1e6) / 60.0
    excess, fade = expected.excess(now), math.exp(-1.0 / tuning.burst_minutes)
    usual = scale / math.sqrt(expected.week[int(offset // 60) % HOURS] + excess)
    horizon = min(max(3.0 * usual, 90.0, 4.0 * shortest), max(1.5 * longest, 90.0))
    step = next((one for one in (1, 2, 3, 5, 6, 10, 15, 30) if horizon / one <= 150), 30)
    ends, come, sooner, cost = [0.0], [0.0], [0.0], [0.0]
    items = moments = paid = at = 0.0
    clock = math.floor(offset)
    while at < horizon:
        end = clock + 1.0 - offset
        base = expected.week[clock // 60 % HOURS] * (1.0 - tuning.burst)
        came = (base * expected.minute[clock % 60] + excess) * (end - at)
        items, moments = items + came, moments + came * (at + end) / 2.0
        paid += scale * math.sqrt(base + excess) * (end - at)
        excess *= fade
        at, clock = end, clock + 1
        if clock % step == 1 % step or at >= horizon:  # minute 1, 1 + step, ...: right after the full hour is always among them
            ends.append(at)
            come.append(items)
            sooner.append(moments)
            cost.append(paid)
    return _Outlook(ends, come, sooner, cost)


def _backoff(failed: Failed, state: PollState, terms: Terms) -> float:
    """Seconds to wait after a failure. More failures never make it shorter; a Retry-After is always waited for."""
    kind = failed.kind
    first = float(max(_FIRST_WAIT[kind], terms.polling.min_interval))
    longest = float(max(_MAX_WAIT[kind], first))
    if state.failing_since is not None and terms.now - state.failing_since >= DEAD_AFTER:
        first = longest = float(DAY)
    grown = min(first * math.pow(2.0, min(max(state.failures - FAILURE_WEIGHT[kind], 0.0), 30.0)), longest)
    spread = grown * (1.0 + BACKOFF_JITTER * terms.jitter)
    asked = float(failed.retry_after or 0)
    return max(spread, asked + terms.jitter * min(60.0, asked / 10.0) if asked else 0.0)


def nudge(source: Source, now: datetime) -> datetime:
    """When to look at a vendor's own source because its news just appeared elsewhere: in one to two minutes.

    The sources of one vendor are spread by their ids, so that its host does not see them all at once.
    """
    spread = int(ident(source.id)[:4], 16) / 0x10000
    return now + timedelta(seconds=NUDGED * (1.0 + spread))


def crowd(sources: Iterable[Source]) -> dict[str, int]:
    """How many enabled sources each host carries."""
    return Counter(_host(source) for source in sources if source.enabled)


def share(polling: Polling, source: Source, crowded: Mapping[str, int]) -> Polling:
    """The polling of one source whose host has others too, so that all of them together keep within ``budget_per_host``."""
    each = polling.budget_per_host // max(1, crowded.get(_host(source), 1))
    return polling if polling.budget <= each else replace(polling, budget=max(1, each))


def _host(source: Source) -> str:
    return urlsplit(source.url).netloc.rpartition("@")[2].lower()
