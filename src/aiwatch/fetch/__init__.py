"""Fetching as if every server were hostile, and as a good guest of those that are not.

    Request -> Hop -> held? -> robots? -> wait for a turn -> step (guard, bounded body, deadline) -> Outcome
                └──────────────────────────── a redirect ───────────────────────┘

Where a redirect leads is asked as politely as what is in the list: an address that forwards all it is asked for is no leave of the host
that it forwards to.
``HttpFetch`` is what polling uses; ``Client``/``Call``/``Answer`` (or ``make_client`` and ``exchange``) is what everything else that goes
out uses: webhooks, robots.txt, WebSub. There is no other way out of this program.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from aiwatch.fetch import caching, guard
from aiwatch.fetch.calls import Answer, Call
from aiwatch.fetch.client import Client, begin, exchange, make_client, step, user_agent
from aiwatch.fetch.hops import Hop, led_away, told_of
from aiwatch.fetch.pace import Lanes, Pace
from aiwatch.fetch.robots import MAX_SIZE as ROBOTS_SIZE
from aiwatch.fetch.robots import Robots, Verdict
from aiwatch.model import Failed, Failure, Fetched, NotModified, Outcome
from aiwatch.parse.challenge import challenge
from aiwatch.ports import Clock, Request
from aiwatch.settings import Http

__all__ = ["Answer", "Call", "Client", "HttpFetch", "exchange", "make_client", "user_agent"]

log = logging.getLogger("aiwatch.fetch")

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.8"
GOOD = frozenset({200, 203})
TEMPORARY = frozenset({408, 425, 429})


class HttpFetch:
    """``await fetch(request) -> Outcome``; never raises for what a server or the network does. Close it by leaving its ``async with``."""

    def __init__(self, http: Http, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._client = make_client(http)
        self._lanes = Lanes(http.concurrency)
        self._pace = Pace(per_host=http.per_host, gap=http.host_gap, clock=clock)
        self._unchecked: set[str] = set()  # origins whose certificate is not checked
        self._robots = Robots(self._ask_robots, agent=http.product, clock=clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._client.aclose()

    async def __call__(self, request: Request) -> Outcome:
        """Fetch politely: wait for a turn with each host, or say at once that it asked to be left alone."""
        started = time.monotonic()
        outcome = await self._conditional(request)
        return replace(outcome, elapsed=time.monotonic() - started) if isinstance(outcome, Failed) else outcome

    async def _conditional(self, request: Request) -> Outcome:
        answer = await self._walked(_call(request), robots=request.robots)
        if isinstance(answer, Answer) and answer.status in (400, 412) and _validators(request):
            # a server that cannot read what it once gave us: ask once without (seen with a garbage Last-Modified)
            request = replace(request, etag=None, last_modified=None)
            answer = await self._walked(_call(request), robots=request.robots)
        if isinstance(answer, Failed):
            return answer
        outcome = self._outcome(request, answer)
        return told_of(answer.url, outcome, _call(request)) if isinstance(outcome, Failed) and answer.away else outcome

    async def _walked(self, call: Call, *, robots: bool) -> Answer | Failed:
        """What a call comes to, over all that it is redirected to."""
        reply: Hop | Answer | Failed = begin(self._client, call)
        while isinstance(reply, Hop):
            reply = await self._politely(reply, robots=robots and self._http.respect_robots)
        return reply

    async def _politely(self, hop: Hop, *, robots: bool) -> Hop | Answer | Failed:
        """One request. No turn is kept while the next is waited for: two hosts that lead to each other would wait for ever."""
        host, address = guard.pair(hop.url), _address(hop.url)
        self._say_unchecked(hop)
        if seconds := self._pace.held(host, address):
            return led_away(hop, _asked_to_wait(seconds))
        if robots:
            verdict = await self._robots.verdict(address, allow_private=hop.allow_private)
            if not verdict.allowed:
                return led_away(hop, _kept_off(verdict))
            self._pace.space(host, verdict.delay)
        async with self._pace.turn(host), self._lanes.lane():
            if seconds := self._pace.held(host, address):  # it was said while we waited
                return led_away(hop, _asked_to_wait(seconds))
            reply = await step(self._client, hop)
            self._remember(host, address, reply)
        return reply

    def _say_unchecked(self, hop: Hop) -> None:
        if not hop.tls_verify and (origin := _origin(hop.url)) not in self._unchecked:
            self._unchecked.add(origin)
            log.warning("%s: its certificate is not checked (tls_verify = false): anybody on the way can answer for it", origin)

    def _remember(self, host: str, address: str, reply: Hop | Answer | Failed) -> None:
        """What an answer says of its host: that it limits us, or that it does not."""
        if isinstance(reply, Answer) and reply.status in (429, 503):
            if seconds := caching.retry_after(reply.headers, self._clock()):
                self._pace.hold(host, address, seconds)
        elif isinstance(reply, Hop) or (isinstance(reply, Answer) and reply.status < 400):
            self._pace.fine(host)

    def _outcome(self, request: Request, answer: Answer) -> Outcome:
        now = self._clock()
        if answer.status == 304:
            return self._unchanged(request, answer)
        if answer.status in GOOD or (request.method != "GET" and 200 <= answer.status < 300):
            if not answer.body and request.method == "GET":
                return Failed(kind=Failure.SOFT, reason="the answer is empty", status=answer.status, elapsed=answer.elapsed)
            return Fetched(
                url=answer.url,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                etag=caching.etag(answer.headers),
                last_modified=caching.last_modified(answer.headers),
                max_age=caching.max_age(answer.headers, now),
                permanent_url=answer.url if answer.permanent else None,
                elapsed=answer.elapsed,
            )
        return Failed(
            kind=failure_of(answer.status),
            reason=_status_in_words(answer),
            status=answer.status,
            retry_after=caching.retry_after(answer.headers, now),
            elapsed=answer.elapsed,
        )

    def _unchanged(self, request: Request, answer: Answer) -> Outcome:
        if not _validators(request):
            return Failed(
                kind=Failure.SOFT,
                reason="304 Not Modified to a request without a condition",
                status=304,
                elapsed=answer.elapsed,
            )
        return NotModified(
            url=answer.url,
            etag=caching.etag(answer.headers) or request.etag,
            last_modified=caching.last_modified(answer.headers) or request.last_modified,
            max_age=caching.max_age(answer.headers, self._clock()),
            elapsed=answer.elapsed,
        )

    async def _ask_robots(self, url: str, allow_private: bool) -> Answer | Failed:
        checked = _origin(httpx.URL(url)) not in self._unchecked
        call = Call(url=url, allow_private=allow_private, tls_verify=checked, redirects=5, max_body=ROBOTS_SIZE, cut=True)
        return await self._walked(call, robots=False)


def _call(request: Request) -> Call:
    headers = {"accept": ACCEPT} | {name.lower(): value for name, value in request.headers.items()} | _validators(request)
    return Call(
        url=request.url,
        method=request.method,
        headers=headers,
        body=request.body,
        allow_private=request.allow_private,
        tls_verify=request.tls_verify,
    )


def _address(url: httpx.URL) -> str:
    """An address as its host knows it: without a login, which may be a secret, and without what is never sent."""
    return str(url.copy_with(userinfo=b"", fragment=None))


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _validators(request: Request) -> dict[str, str]:
    pairs = (("if-none-match", request.etag), ("if-modified-since", request.last_modified))
    return {name: value for name, value in pairs if value}


def _asked_to_wait(seconds: int) -> Failed:
    return Failed(
        kind=Failure.TEMPORARY, reason=f"the server asked to be left alone for another {seconds} s", retry_after=seconds
    )


def _kept_off(verdict: Verdict) -> Failed:
    """A host's word that it is to be left alone; where that word could not be read, a trouble of the way there, which ends."""
    kind = Failure.BLOCKED if verdict.again is None else Failure.TEMPORARY
    return Failed(kind=kind, reason=verdict.reason, retry_after=verdict.again)


def failure_of(status: int) -> Failure:
    """What kind of failure a status is (for a GET that wanted a body)."""
    if status == 410:
        return Failure.GONE
    if status in TEMPORARY:
        return Failure.TEMPORARY
    if 400 <= status < 500:
        return Failure.HARD
    return Failure.SOFT


def _status_in_words(answer: Answer) -> str:
    phrase = httpx.codes.get_reason_phrase(answer.status)
    words = f"the server answered {answer.status} {phrase}".rstrip()
    if answer.status in (403, 429, 503) and (wall := challenge(answer)):
        return f"{words} ({wall}): it wants to see a browser at work, or a person, and no poller"
    if answer.status == 401:
        return f"{words}: it wants a login; set headers for this source"
    if answer.status == 206:
        return f"{words}, a part of what was asked for"
    return words
