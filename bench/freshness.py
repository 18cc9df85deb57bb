"""How soon after publication is an item found, at an equal number of requests? Replays publication times through ``aiwatch.schedule``.

    python bench/freshness.py [--data FILE] [--budget 24 53 96] [--tune]

FILE has one JSON object a line: ``{"source": name, "published": [ISO times, ascending]}``; default: ../shared/data/timestamps.jsonl, or
streams that are generated here where that is absent. Every source is replayed alone, from its first item, knowing only what earlier polls
brought. The rules it is compared with are given the very number of requests that ours made on that source:

- fixed: one interval for all the time (mean over its phases)
- miniflux: its entry-frequency rule, interval = a week / (items of the last week x factor), 5 minutes to a day; the factor is set so that
  the number of requests is equal, and the first week starts with the source's true weekly count instead of none, which favours it
- clairvoyant: knows each source's rate by hour of day and weekday from all of its items, also the future ones; density by the square root

``--tune`` chooses the numbers of the model on half of the sources and tests them on the other half, both ways.
"""

from __future__ import annotations

import argparse
import bisect
import json
import math
import random
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiwatch import schedule
from aiwatch.model import Rhythm
from aiwatch.schedule.rhythm import Tuning

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "timestamps.jsonl"
WEEK = 7 * 86_400.0
SHORTEST, LONGEST = 300.0, 6 * 3600.0  # bounds of the poll interval, as in the default configuration
AT_MOST = 90 * 86_400.0  # of one stream: long ones are cut to their last 90 days
JITTER = 10.0  # seconds, the mean of what is added in production


@dataclass(frozen=True, slots=True)
class Stream:
    """Publication times of one source, in seconds since the epoch, ascending."""

    name: str
    times: tuple[float, ...]

    @property
    def span(self) -> float:
        return self.times[-1] - self.times[0]


def load(path: Path) -> list[Stream]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        times = sorted(datetime.fromisoformat(one).timestamp() for one in row["published"])
        times = [one for one in times if one >= times[-1] - AT_MOST]
        if len(times) >= 5:
            found.append(Stream(row["source"], tuple(times)))
    return found


def generated(seed: int = 7, count: int = 12) -> list[Stream]:
    """Newsrooms of several zones: working hours, quieter weekends, a third of items on the full hour, now and then a burst."""
    dice = random.Random(seed)
    return [_newsroom(dice, f"generated {number}") for number in range(count)]


def _newsroom(dice: random.Random, name: str) -> Stream:
    zone, per_day = dice.choice((-8, -5, 0, 1, 8, 9)), dice.uniform(2, 25)
    start = datetime(2026, 6, 1, tzinfo=UTC).timestamp()
    found: list[float] = []
    for hour in range(24 * 14):
        at = start + hour * 3600.0
        local = datetime.fromtimestamp(at, UTC) + timedelta(hours=zone)
        weight = (2.0 if 8 <= local.hour < 19 else 0.25) * (0.4 if local.weekday() >= 5 else 1.1)
        for _ in range(_poisson(dice, per_day / 24.0 * weight)):
            moment = at + (dice.uniform(0, 40) if dice.random() < 0.33 else dice.uniform(0, 3600))
            found.append(moment)
            if dice.random() < 0.15:
                found += [moment + dice.expovariate(1 / 900.0) for _ in range(dice.randint(1, 3))]
    return Stream(name, tuple(sorted(found)))


def _poisson(dice: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, dice.random()
    while product > limit:
        product *= dice.random()
        count += 1
    return count


# --- ours -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replayed:
    """The delays of a stream's items (seconds) and the number of requests."""

    delays: list[float]
    requests: int


def ours(stream: Stream, budget: float, tuning: Tuning) -> Replayed:
    """Poll after poll as the daemon would, from the first item on; that one is the baseline and counts nowhere."""
    times, delays, place, requests = stream.times, [], 0, 0
    rhythm: Rhythm | None = None
    now = times[0]
    while place < len(times):
        until = bisect.bisect_right(times, now, lo=place)
        fresh = times[place:until]
        delays += [now - one for one in fresh]
        place, requests = until, requests + 1
        moment = datetime.fromtimestamp(now, UTC)
        rhythm = schedule.learn(rhythm, [datetime.fromtimestamp(one, UTC) for one in fresh], moment, tuning=tuning)
        now += schedule.wait(schedule.forecast(rhythm, tuning=tuning), budget, moment, SHORTEST, LONGEST) + JITTER
    return Replayed(delays[1:], requests)


# --- the others, each with a given number of requests -------------------------------------------------------------------------


def fixed(stream: Stream, requests: int) -> list[float]:
    step = stream.span / requests
    return [
        step - (one - stream.times[0] + phase * step) % step for phase in (0.1, 0.3, 0.5, 0.7, 0.9) for one in stream.times[1:]
    ]


def miniflux(stream: Stream, requests: int) -> list[float]:
    low, high, best = 1e-3, 1e5, [0.0]
    for _ in range(40):
        factor = math.sqrt(low * high)
        delays, made = _miniflux(stream, factor)
        best = delays
        if made < requests:
            low = factor
        else:
            high = factor
    return best


def _miniflux(stream: Stream, factor: float) -> tuple[list[float], int]:
    times, delays, place, made = stream.times, [], 0, 0
    usual = len(times) / max(stream.span / WEEK, 1e-9)
    now = times[0]
    while place < len(times):
        until = bisect.bisect_right(times, now, lo=place)
        delays += [now - one for one in times[place:until]]
        place, made = until, made + 1
        weekly = place - bisect.bisect_left(times, now - WEEK) if now - times[0] > WEEK else usual
        now += min(86_400.0, max(SHORTEST, WEEK / (weekly * factor))) if weekly else 86_400.0
    return delays[1:], made


def clairvoyant(stream: Stream, requests: int) -> list[float]:
    """Polls spread by the root of (share of the hour of day x rate of the weekday); mean over phases; no shortest interval."""
    rates = _true_rates(stream)
    first, last, step = stream.times[0], stream.times[-1], 60.0
    minutes = int((last - first) / step) + 1
    density = [math.sqrt(rates[_hour(first + number * step)]) for number in range(minutes)]
    scale = requests / sum(density)
    delays: list[float] = []
    for phase in (0.1, 0.3, 0.5, 0.7, 0.9):
        due, polls = phase, []
        for number, weight in enumerate(density):
            due += weight * scale
            while due >= 1.0:
                due -= 1.0
                polls.append(first + (number + 1) * step)
        polls.append(last + step)
        delays += [polls[bisect.bisect_left(polls, one)] - one for one in stream.times[1:]]
    return delays


def _true_rates(stream: Stream) -> list[float]:
    by_hour, by_day, watched = [0.0] * 24, [0.0] * 7, [1e-9] * 7
    for one in stream.times:
        by_hour[_hour(one) % 24] += 1
        by_day[_hour(one) // 24] += 1
    at = stream.times[0]
    while at < stream.times[-1]:
        watched[_hour(at) // 24] += 1 / 144
        at += 600.0
    return [by_hour[place % 24] * by_day[place // 24] / watched[place // 24] for place in range(168)]


def _hour(at: float) -> int:
    return int((at / 3600.0 + 72) % 168)  # the epoch was a Thursday


# --- comparing --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One source at one budget; minutes."""

    name: str
    items: int
    requests: float  # a day
    mean: dict[str, float]
    p95: dict[str, float]


RULES: dict[str, Callable[[Stream, int], list[float]]] = {"fixed": fixed, "miniflux": miniflux, "clairvoyant": clairvoyant}


def compare(stream: Stream, budget: float, tuning: Tuning) -> Row:
    result = ours(stream, budget, tuning)
    delays = {"ours": result.delays} | {name: rule(stream, result.requests) for name, rule in RULES.items()}
    return Row(
        stream.name,
        len(result.delays),
        result.requests / max(stream.span / 86_400.0, 1e-9),
        {name: statistics.fmean(found) / 60.0 for name, found in delays.items()},
        {name: sorted(found)[int(len(found) * 0.95)] / 60.0 for name, found in delays.items()},
    )


def pooled(rows: Sequence[Row], name: str, *, p95: bool = False) -> float:
    """Mean over all items."""
    return sum((row.p95 if p95 else row.mean)[name] * row.items for row in rows) / sum(row.items for row in rows)


def ratio(rows: Sequence[Row], name: str) -> tuple[float, float]:
    """Our mean delay against another rule's: over all items, and the geometric mean over the sources."""
    geometric = math.exp(statistics.fmean(math.log(row.mean["ours"] / row.mean[name]) for row in rows))
    return pooled(rows, "ours") / pooled(rows, name), geometric


def show(rows: Sequence[Row], budget: float) -> None:
    names = ["ours", *RULES]
    print(f"\nbudget {budget:g} a day; mean delay in minutes (95th percentile)")
    print(f"{'source':24}{'items':>6}{'req/day':>9}" + "".join(f"{name:>18}" for name in names) + f"{'/miniflux':>11}")
    for row in rows:
        cells = "".join(f"{row.mean[name]:11.1f} ({row.p95[name]:4.0f})" for name in names)
        print(f"{row.name[:23]:24}{row.items:6}{row.requests:9.1f}{cells}{row.mean['ours'] / row.mean['miniflux']:11.2f}")
    cells = "".join(f"{pooled(rows, name):11.1f} ({pooled(rows, name, p95=True):4.0f})" for name in names)
    requests = statistics.fmean(row.requests for row in rows)
    print(f"{'all items':24}{sum(row.items for row in rows):6}{requests:9.1f}{cells}")
    for name in RULES:
        items, sources = ratio(rows, name)
        print(f"  ours / {name}: {items:.2f} over items, {sources:.2f} over sources")


# --- tuning -------------------------------------------------------------------------------------------------------------------------

GRID: dict[str, Sequence[float]] = {
    "burst": (0.0, 0.1, 0.2, 0.35),
    "burst_minutes": (15.0, 40.0, 90.0),
    "minute_weight": (5.0, 10.0, 20.0, 40.0),
    "hour_weight": (3.0, 6.0, 12.0, 24.0),
    "weekday_weight": (0.5, 1.0, 2.0),
    "joint_weight": (1.0, 3.0, 8.0, 20.0),
    "blur": (0.1, 0.2, 0.3),
    "memory": (14.0, 28.0, 60.0),
    "rate_weight": (0.3, 1.0),
}


def loss(streams: Iterable[Stream], tuning: Tuning, budgets: Sequence[float]) -> float:
    """Mean log of the delay times the requests made: what a fixed rule would keep constant."""
    found = []
    for stream in streams:
        for budget in budgets:
            result = ours(stream, budget, tuning)
            found.append(math.log(statistics.fmean(result.delays) * result.requests / stream.span))
    return statistics.fmean(found)


def tuned(streams: Sequence[Stream], budgets: Sequence[float], start: Tuning) -> Tuning:
    """Coordinate descent over ``GRID``, one round."""
    best, best_loss = start, loss(streams, start, budgets)
    for name, values in GRID.items():
        for value in values:
            candidate = replace(best, **{name: value})
            if candidate != best and (found := loss(streams, candidate, budgets)) < best_loss - 1e-4:
                best, best_loss = candidate, found
    return best


def cross_validate(streams: Sequence[Stream], budgets: Sequence[float]) -> None:
    halves = (streams[::2], streams[1::2])
    rows: dict[float, list[Row]] = {budget: [] for budget in budgets}
    for train, test in (halves, halves[::-1]):
        chosen = tuned(train, budgets, Tuning())
        print(f"tuned on {', '.join(one.name for one in train)}:\n  {chosen}")
        for budget in budgets:
            rows[budget] += [compare(stream, budget, chosen) for stream in test]
    for budget in budgets:
        show(rows[budget], budget)


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=DATA)
    ask.add_argument("--budget", type=float, nargs="+", default=[24.0, 53.0, 96.0])
    ask.add_argument("--tune", action="store_true")
    args = ask.parse_args()
    if args.data.exists():
        streams = load(args.data)
    else:
        print(f"{args.data.name} is not there: generated streams instead")
        streams = generated()
    if args.tune:
        cross_validate(streams, args.budget)
        return 0
    for budget in args.budget:
        show([compare(stream, budget, Tuning()) for stream in streams], budget)
    return 0


if __name__ == "__main__":
    sys.exit(main())
