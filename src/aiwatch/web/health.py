"""Is it alive: ``/healthz`` for a supervisor, ``/readyz`` for a balancer, ``/metrics`` for Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aiwatch import liveness
from aiwatch.errors import StoreError
from aiwatch.stations import Stations
from aiwatch.views import Stats
from aiwatch.web.face import Face, answered, face_of, figures

log = logging.getLogger(__name__)

_SECOND = timedelta(seconds=1)
NOW_ONLY = {"Cache-Control": "no-store"}


def healthz(request: Request) -> Response:
    """200 while the daemon ticks; 503 when it has stalled or the database cannot be read. Says how old each sign of life is."""
    face = face_of(request)
    try:
        seen = {what: face.library.heartbeat(what) for what in ("tick", "canary")}
    except StoreError as error:
        return JSONResponse({"ok": False, "database": _unreadable(error)}, 503, NOW_ONLY)
    now = face.clock()
    ages = {what: _age(moment, now) for what, moment in seen.items()}
    ok = liveness.ticks(seen["tick"], face.config.polling, now)
    answer: dict[str, Any] = {
        "ok": ok,
        "tick_seconds": ages["tick"],
        "allowed_seconds": liveness.allowed(face.config.polling) / _SECOND,
        "canary_seconds": ages["canary"],
    }
    return JSONResponse(answer, 200 if ok else 503, NOW_ONLY)


def readyz(request: Request) -> Response:
    """200 when pages can be served: the database answers."""
    try:
        face_of(request).library.heartbeat("tick")
    except StoreError as error:
        return JSONResponse({"ready": False, "database": _unreadable(error)}, 503, NOW_ONLY)
    return JSONResponse({"ready": True}, headers=NOW_ONLY)


def _unreadable(error: StoreError) -> str:
    """What is said of a database that cannot be read: where it is, is for the log, as anybody may ask here."""
    log.error("%s", error)
    return "it cannot be read; see the log"


def metrics(request: Request) -> Response:
    """The database in figures, in Prometheus' text form; a problem with 503 where it cannot be read."""
    answer = answered(lambda: _metrics(face_of(request)))
    answer.headers.update(NOW_ONLY)
    return answer


def _metrics(face: Face) -> Response:
    registry = CollectorRegistry()
    registry.register(_Figures(face))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")


class _Figures(Collector):
    """Counts are kept in the database, so they survive a restart and need no state here."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def collect(self) -> Iterator[Metric]:
        now, library = self._face.clock(), self._face.library
        stats = figures(self._face)
        yield from _totals(stats)
        yield from _labelled("aiwatch_announcements_by_stage", "Announcements told, by stage", "stage", stats.stages)
        yield from _labelled("aiwatch_documents_by_language", "Documents, by language", "lang", stats.langs)
        health = [one.health.value for one in library.sources(now)]
        yield from _labelled(
            "aiwatch_sources", "Sources, by health", "health", [(one, health.count(one)) for one in sorted(set(health))]
        )
        yield from _way(library.stations(now))
        open_ = len(library.notices(open_only=True, limit=1000))
        yield GaugeMetricFamily("aiwatch_open_notices", "Conditions that operators were told of", value=open_)
        for what in ("tick", "canary"):
            age = _age(library.heartbeat(what), now)
            if age is not None:
                yield GaugeMetricFamily(f"aiwatch_{what}_age_seconds", f"Seconds since the last {what}", value=age)


def _totals(stats: Stats) -> Iterator[Metric]:
    for name, about, value in (
        ("documents", "Items ever seen", stats.documents),
        ("mentions", "Items that belong to a story", stats.mentions),
        ("announcements", "Steps told", stats.announcements),
        ("announcements_silent", "Steps recorded and not told", stats.silent),
    ):
        yield CounterMetricFamily(f"aiwatch_{name}", about, value=value)
    yield GaugeMetricFamily("aiwatch_announcements_withdrawn", "Steps that a person took back", value=stats.withdrawn)
    yield GaugeMetricFamily("aiwatch_stories", "Stories", value=stats.stories)
    yield GaugeMetricFamily("aiwatch_database_bytes", "Size of the database file", value=stats.size)


def _way(found: Stations) -> Iterator[Metric]:
    """An item's way, station by station: claim, fetch, parse and fresh, detect, commit, deliver."""
    for name, about, value in (
        ("sources_due", "Sources whose time to be polled has come", found.due),
        ("sources_due_seconds", "How long the longest of them has waited", found.due_for / _SECOND),
        ("polls_last_hour_slowest_seconds", "The slowest poll of the last hour", found.slowest),
        ("polls_last_hour_bytes", "Bytes of the last hour's polls, decoded", found.size),
        ("near_misses_last_day", "Documents of the last day that were just below the bar", found.near_misses),
        ("possible_gaps_last_30_days", "Spans in which something may have been missed", found.gaps),
        ("deliveries_unsent", "Messages that are to be sent or tried again", found.unsent),
        ("deliveries_unsent_seconds", "How long the oldest of them has waited", found.unsent_for / _SECOND),
    ):
        yield GaugeMetricFamily(f"aiwatch_{name}", about, value=value)
    for name, about, label, values in (
        ("polls_last_hour", "Polls of the last hour, by outcome", "outcome", found.polls),
        ("items_last_hour", "Items in the last hour's polls", "what", found.items),
        ("announcements_waiting", "Announcements that wait for a digest's next edition", "digest", found.waiting),
        ("deliveries_last_day", "Deliveries composed in the last day, by state", "state", found.deliveries),
    ):
        yield from _labelled(f"aiwatch_{name}", about, label, values.items())


def _labelled(name: str, about: str, label: str, pairs: Iterable[tuple[str, int]]) -> Iterator[Metric]:
    family = GaugeMetricFamily(name, about, labels=[label])
    for value, number in pairs:
        family.add_metric([value or "unknown"], number)
    yield family


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, (now - moment) / _SECOND)


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
