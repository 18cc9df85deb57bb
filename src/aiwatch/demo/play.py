"""The run: ten simulated days of the real service against the newsroom, with real deliveries to the sinks.

Only the clock is not real. It stands still while a pass is under way and then jumps half an hour; everything else is what
``aiwatch run`` does: claim what is due, fetch, parse, detect, fold, commit, compose, send.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from aiwatch import app
from aiwatch.demo import workspace
from aiwatch.demo.articles import World
from aiwatch.demo.loopback import Loopback
from aiwatch.demo.newsroom import Newsroom
from aiwatch.demo.sinks import Hook, HookSink, Mail, MailSink
from aiwatch.demo.workspace import Workspace
from aiwatch.model import Announcement, Notice, PollPlan, Source
from aiwatch.run import local

START = datetime(2024, 2, 13, tzinfo=UTC)
END = datetime(2024, 2, 23, 1, tzinfo=UTC)  # an hour past nine in Seoul, so that the last morning's digest is out
STEP = timedelta(minutes=30)


class SimulatedClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The simulated time, in UTC."""
        return self.now


class Audience(Protocol):
    """Who is told of a run as it goes; see ``screen``."""

    def day(self, now: datetime) -> None:
        """A day begins."""

    def evening(self, diary: Diary) -> None:
        """A day has ended."""

    def tick(self, now: datetime, diary: Diary) -> None:
        """A pass has ended."""

    def baseline(self, diary: Diary) -> None:
        """Every source was polled for the first time."""

    def found(self, announcement: Announcement, source: Source) -> None:
        """A model was announced."""

    def notice(self, notice: Notice) -> None:
        """A condition of the service began or ended."""

    def moved(self, source: Source, url: str, now: datetime) -> None:
        """A source's permanent redirect was confirmed and is in use."""

    def mail(self, mail: Mail) -> None:
        """A mail arrived."""

    def hook(self, hook: Hook) -> None:
        """A webhook call arrived."""


@dataclass(slots=True)
class Diary:
    """What happened in a run, in order; filled as it goes. ``answers`` are the newsroom's, by outlet and status."""

    polls: Counter[str] = field(default_factory=Counter)  # by outcome
    items: int = 0
    revised: int = 0
    found: list[Announcement] = field(default_factory=list)
    silent: list[Announcement] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)  # deliveries that arrived more than once
    forged: list[str] = field(default_factory=list)  # webhook calls with a bad signature
    put_off: int = 0  # deliveries that a sink refused for the moment
    answers: Mapping[tuple[str, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class _Stage:
    """What a run works with; passed between the functions below."""

    world: World
    clock: SimulatedClock
    audience: Audience
    diary: Diary
    mails: MailSink
    hooks: HookSink
    sources: dict[str, Source] = field(default_factory=dict)


def play(world: World, place: Workspace, audience: Audience, *, start: datetime = START, end: datetime = END) -> Diary:
    """Play the days from ``start`` to ``end`` and return what happened. Leaves database and configuration in ``place``."""
    clock = SimulatedClock(start)
    newsroom = Newsroom(world, clock)
    hooks = HookSink(clock, workspace.SECRET, refusals=1)
    mails = MailSink(clock, greylists=frozenset({workspace.READER}))
    stage = _Stage(world=world, clock=clock, audience=audience, diary=Diary(), mails=mails, hooks=hooks)
    with Loopback(newsroom.app) as room, Loopback(hooks.app) as web:
        asyncio.run(_run(stage, place, room.base, web.base, end))
    diary = stage.diary
    diary.answers = dict(newsroom.answers)
    diary.twice = mails.twice + hooks.twice
    diary.forged = hooks.forged
    diary.put_off = mails.put_off + hooks.put_off
    return diary


async def _run(stage: _Stage, place: Workspace, room: str, web: str, end: datetime) -> None:
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="database") as db:
        async with stage.mails as mails:
            workspace.prepare(place, stage.world, newsroom=room, hook=f"{web}/hook", smtp_port=mails.port)
            config = app.load_config(str(place.configuration), env={})
            stage.sources = {one.id: one for one in config.sources}
            store = await asyncio.wrap_future(db.submit(app.open_store, config))
            try:
                await asyncio.wrap_future(db.submit(store.sync_sources, config.sources, stage.clock()))
                async with app.service(config, store, stage.clock, db=db) as service:
                    steady = replace(service, poller=replace(service.poller, jitter=lambda: 0.5))
                    await _days(stage, steady, end)
            finally:
                await asyncio.wrap_future(db.submit(store.close))


async def _days(stage: _Stage, service: app.Service, end: datetime) -> None:
    """Pass after pass, half an hour apart."""
    clock, audience = stage.clock, stage.audience
    audience.day(clock.now)
    first = True
    while clock.now <= end:
        await local.once(service, lambda plan: _note(stage, plan))
        if first:
            audience.baseline(stage.diary)
            first = False
        _collect(stage)
        audience.tick(clock.now, stage.diary)
        before, clock.now = clock.now, clock.now + STEP
        if clock.now.date() != before.date() and clock.now <= end:
            audience.evening(stage.diary)
            audience.day(clock.now)


def _note(stage: _Stage, plan: PollPlan) -> None:
    """Write a poll into the diary and tell the audience what it brought."""
    diary, source = stage.diary, stage.sources[plan.poll.source_id]
    diary.polls[plan.poll.outcome] += 1
    diary.items += plan.poll.fresh
    diary.revised += plan.poll.revised
    for announcement in plan.folded.announcements:
        (diary.silent if announcement.silent else diary.found).append(announcement)
        if not announcement.silent:
            stage.audience.found(announcement, source)
    for notice in plan.notices:
        if notice.open != _is_open(diary, notice.condition):  # every failing poll says it; the store keeps what is a change
            diary.notices.append(notice)
            stage.audience.notice(notice)
    if plan.state.url and diary.moved.get(source.id) != plan.state.url:
        diary.moved[source.id] = plan.state.url
        stage.audience.moved(source, plan.state.url, stage.clock.now)


def _is_open(diary: Diary, condition: str) -> bool:
    return next((one.open for one in reversed(diary.notices) if one.condition == condition), False)


def _collect(stage: _Stage) -> None:
    """Take what arrived at the sinks since the last pass."""
    diary = stage.diary
    for mail in stage.mails.mails[len(diary.mails) :]:
        diary.mails.append(mail)
        stage.audience.mail(mail)
    for hook in stage.hooks.hooks[len(diary.hooks) :]:
        diary.hooks.append(hook)
        stage.audience.hook(hook)
