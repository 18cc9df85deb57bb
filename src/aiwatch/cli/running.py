"""What ``run`` and ``once`` share: the log, the lines a person sees, the signals."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aiwatch import app
from aiwatch.cli import variables
from aiwatch.cli.output import harmless
from aiwatch.jsonable import encoded
from aiwatch.model import Announcement, PollPlan
from aiwatch.settings import Config
from aiwatch.store.lock import nobody_sends
from aiwatch.store.sqlite import SqliteStore
from aiwatch.stories.story import titled
from aiwatch.urls import redact

log = logging.getLogger(__name__)

FEW = 10  # failures that a pass names


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Shape: ``{"at", "level", "where", "text"}`` and, behind an error, ``"trace"``."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "where": record.name,
            "text": redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return encoded(line)


class PlainLines(logging.Formatter):
    """Text for people; addresses lose their secrets, and other people's words cannot begin a line or steer a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        """``2026-11-23 08:00:00 warning  text``."""
        return harmless(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's name
        """The lines of a trace, set in: none of them can be taken for a line of the log."""
        return "\n".join(f"    {harmless(line)}" for line in super().formatException(ei).split("\n"))

    def format(self, record: logging.LogRecord) -> str:
        """All of it."""
        return redact(super().format(record))


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines; of one that it cannot write, or that nobody can format, it says only where it is from.

    What logging does by itself quotes the errors under way, and the addresses in them, past every veil.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """One line in place of the trace; nothing where the stream itself is gone."""
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a line of {record.name} ({record.filename}:{record.lineno}) could not be logged\n")


def start_log(form: str, level: str) -> None:
    """Log to standard error, where a supervisor collects it."""
    handler = Lines(sys.stderr)
    plain = PlainLines("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonLines() if form == "json" else plain)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "hpack", "h2", "trafilatura", "htmldate", "aiosmtpd", "apprise"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a chore longer than a tick is not worth a line each tick


def say_unread(obj: dict[str, str | None]) -> None:
    """Log what the environment sets in vain; the level of the log is set by then, and its form."""
    for said in variables.unread(obj["config"] or "aiwatch.toml"):
        log.warning("%s", said)


def line(announcement: Announcement) -> str:
    """One announcement in one line."""
    name = titled(announcement.vendor, announcement.name)
    silent = f"  ({announcement.silent})" if announcement.silent else ""
    kind = announcement.modality.value
    return harmless(f"{announcement.stage.value:<12} {name}  [{kind}]  {announcement.title}  <{announcement.url}>{silent}")


def summary(plans: list[PollPlan]) -> dict[str, int]:
    """What a pass came to, in numbers."""
    outcomes = Counter(plan.poll.outcome for plan in plans)
    found = [one for plan in plans for one in plan.folded.announcements]
    return {
        "sources": len(plans),
        "fetched": outcomes["fetched"],
        "unchanged": outcomes["unchanged"],
        "failed": outcomes["failed"],
        "items": sum(plan.poll.items for plan in plans),
        "new": sum(plan.poll.fresh for plan in plans),
        "revised": sum(plan.poll.revised for plan in plans),
        "announcements": sum(not one.silent for one in found),
        "silent": sum(bool(one.silent) for one in found),
        "possible_gaps": sum(plan.poll.overlap is False for plan in plans),
    }


def failures(plans: list[PollPlan]) -> list[str]:
    """Which sources failed and why, the first few of them by name."""
    failed = [plan.poll for plan in plans if plan.poll.outcome == "failed"]
    said = [f"failed: {poll.source_id}: {poll.reason or 'no reason given'}" for poll in failed[:FEW]]
    return said + [f"failed: {len(failed) - FEW} more; `aiwatch sources list --health failing` shows all"] * (len(failed) > FEW)


def begin(store: SqliteStore, config: Config) -> None:
    """What a process does first with its database: take over what a dead one left, and learn the list of sources."""
    now = app.now()
    if store.rewind(now):
        log.warning("the clock was ahead when this database was written last; what was put off until then is due now")
    with nobody_sends(config.database) as alone:
        if alone:
            store.release(now)
        else:
            log.warning("another process is sending; what is under way is left to it, or to its lease")
    store.sync_sources(config.sources, now)


def database_thread() -> AbstractContextManager[ThreadPoolExecutor]:
    """The one thread that owns the database."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")


def progress(console: Console) -> Progress:
    """A bar on a terminal; nothing in a pipe."""
    columns = (TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
