"""Which of its two addresses a source is asked at: the one in the configuration, its home, or the one that a redirect led to, its goal.

    home ── a permanent redirect, seen again on a later day ──> goal ── every other day, or when it is gone ──> home

``PollState.url`` is the goal once it counts; until then, and while home is looked after, it waits in ``moved_to``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aiwatch.model import EMPTY, Failed, Failure, Fetched, Kind, PollState, Source
from aiwatch.urls import origin, redact

ASK_HOME_EVERY = timedelta(days=2)  # the address in the configuration, while the one it moved to is read
FOLLOWS_REDIRECTS = {Kind.FEED, Kind.PAGE, Kind.SITEMAP, Kind.GITHUB, Kind.YOUTUBE, Kind.REDDIT, Kind.MASTODON}


def asked(source: Source, state: PollState) -> Source:
    """The source at the address that is asked next; a goal of another origin answered without its headers, and gets none.

    Nor is it allowed what the source is.
    """
    if state.url is None:
        return source
    if origin(state.url) == origin(source.url):
        return replace(source, url=state.url)
    return replace(source, url=state.url, headers=EMPTY, tls_verify=True, allow_private=False)


def has_another(state: PollState, now: datetime) -> bool:
    """Whether an address that says it is gone leaves the other one to be asked: home, or the goal from which home was only looked after."""
    return bool(state.url) or _looked_after(state, now)


def after_answer(state: PollState, source: Source, outcome: Fetched, now: datetime) -> PollState:
    """Which address is asked after an answer: a redirect's goal once it was seen again on a later day; a passing one is forgotten.

    Seen: sites that answer 301 to a login or a campaign page for some hours. ``moved_seen_at`` is when it was first seen, and of a move
    that counts, when it was last seen.
    """
    if source.kind not in FOLLOWS_REDIRECTS:
        return state
    if outcome.permanent_url is None or redact(outcome.permanent_url) != outcome.permanent_url:  # a secret is not written down
        return _at_goal(state, now) if state.url else replace(state, moved_to=None, moved_seen_at=None)
    if outcome.permanent_url != state.moved_to or state.moved_seen_at is None:
        return replace(state, moved_to=outcome.permanent_url, moved_seen_at=now)
    if now - state.moved_seen_at >= timedelta(days=1):
        return replace(state, url=outcome.permanent_url, moved_to=None, moved_seen_at=now)
    return state


def after_unchanged(state: PollState, now: datetime) -> PollState:
    """Which address is asked after a 304: a campaign page that never changes says nothing else."""
    return _at_goal(state, now) if state.url else state


def _at_goal(state: PollState, now: datetime) -> PollState:
    """The state of a source that was read where it moved to. Every other day the configured address is asked: it may be back.

    A campaign page of two days that holds a link or two is a good answer, and would be read for ever.
    """
    if state.moved_seen_at is not None and now - state.moved_seen_at < ASK_HOME_EVERY:
        return replace(state, moved_to=None)
    return replace(state, url=None, moved_to=state.url, moved_seen_at=state.moved_seen_at or now - ASK_HOME_EVERY)


def after_failure(state: PollState, outcome: Failed, now: datetime) -> PollState:
    """Which address is asked after a failure: not a goal that is no longer there or may not be asked, nor a home only looked after."""
    anew = replace(state, etag=None, last_modified=None, body_hash=None)
    # seen: sites that move and move back; a move that holds is met again. No answer ever comes of a goal that robots.txt forbids.
    if state.url and outcome.kind in (Failure.HARD, Failure.BLOCKED):
        return replace(anew, url=None)
    if _looked_after(state, now):
        return replace(anew, url=state.moved_to, moved_to=None, moved_seen_at=now)
    return state


def _looked_after(state: PollState, now: datetime) -> bool:
    """Whether the configured address is asked only because it may be back, and the source is read elsewhere (``_at_goal``)."""
    since = state.moved_seen_at
    return state.moved_to is not None and since is not None and now - since >= ASK_HOME_EVERY
