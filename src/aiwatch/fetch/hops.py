"""Redirects, by hand: where a call goes next, what goes with it, and what it may there.

    Call ── begun ──> Hop ── asked ──> Answer ── onward ──> the next Hop, or the Answer that ends it, or Failed

Nothing is asked here. Each hop is a value, so that whoever asks may look at it first: ``HttpFetch`` waits for the turn of its host and for
its robots.txt, as for an address of the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from aiwatch.fetch import guard
from aiwatch.fetch.calls import Answer, Call
from aiwatch.model import EMPTY, Failed, Failure
from aiwatch.settings import Http
from aiwatch.urls import MASK, redact

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
# what may accompany a redirect to another origin; all else may be a secret
_HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
SHORTEST = 8  # characters; what is shorter is no secret, and would be found in any address
_PARTS = re.compile(r"[/?&=#@:;,\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request of a call, checked and not yet made. ``call`` is what is asked at this hop: a redirect may have made a GET of it."""

    call: Call
    home: httpx.URL  # where the call was sent first
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    number: int = 0  # redirects that led here
    permanent: bool = True
    spent: float = 0.0  # seconds of the call's time that the hops before took

    @property
    def at_home(self) -> bool:
        """Whether it goes to the origin that the call was sent to."""
        return same_origin(self.home, self.url)

    @property
    def allow_private(self) -> bool:
        """Whether it may lead into one's own network: its owner said so of the address that was given, and of no other."""
        return self.call.allow_private and self.at_home

    @property
    def tls_verify(self) -> bool:
        """Whether the certificate is checked; that it is not was said of the address that was given."""
        return self.call.tls_verify or not self.at_home


def begun(call: Call, settings: Http) -> Hop:
    """The first request of a call. Raises Refused, httpx.InvalidURL."""
    home = guard.check_url(call.url, allow_private=call.allow_private, allowed=settings.allow_private)
    return Hop(call=call, home=home, url=home, headers={name.lower(): value for name, value in call.headers.items()})


def onward(hop: Hop, answer: Answer, settings: Http) -> Hop | Answer | Failed:
    """What follows an answer. Raises Refused, httpx.InvalidURL for a redirect that is not followed."""
    most = settings.max_redirects if hop.call.redirects is None else hop.call.redirects
    if answer.status not in REDIRECTS or not most:
        return replace(answer, permanent=hop.permanent and hop.number > 0, away=not hop.at_home)
    location = answer.headers.get("location", "")
    if not location.strip():
        return Failed(kind=Failure.HARD, reason=f"{answer.status} redirect that does not say where to", status=answer.status)
    url = _led_to(hop, guard.join(hop.url, location), settings)
    if hop.number >= most:
        reason = f"more than {most} redirects, the last one to {_goal(str(url), hop.call)}"
        return Failed(kind=Failure.HARD, reason=reason, status=answer.status)
    return _following(hop, answer.status, url)


def _following(hop: Hop, status: int, url: httpx.URL) -> Hop:
    stays = same_origin(hop.url, url)
    call, headers = _told_onward(hop.call, status, same_origin=stays), hop.headers
    if call is not hop.call:
        headers = {name: value for name, value in headers.items() if not name.startswith("content-")}
    if not stays:
        headers = {name: value for name, value in headers.items() if name in _HARMLESS}
    elif hop.url.userinfo:
        url = url.copy_with(username=hop.url.username, password=hop.url.password)
    lasting = status in PERMANENT and not (hop.url.scheme == "https" and url.scheme == "http")
    return replace(hop, call=call, url=url, headers=headers, number=hop.number + 1, permanent=hop.permanent and lasting)


def _led_to(hop: Hop, target: str, settings: Http) -> httpx.URL:
    """The address that a redirect names, checked. What may be private at ``home`` alone is judged by what it is read as."""
    call, allowed = hop.call, settings.allow_private
    found = guard.check_url(target, allow_private=call.allow_private, allowed=allowed, redirected=True)
    if call.allow_private and not same_origin(hop.home, found):
        return guard.check_url(target, allowed=allowed, redirected=True)
    return found


def _told_onward(call: Call, status: int, *, same_origin: bool) -> Call:
    """What is asked after a redirect (RFC 9110, 15.4): a body is repeated where the server says so, and never to another host."""
    if call.method in ("GET", "HEAD"):
        return call
    if status not in (307, 308):  # the answer stands there; as all browsers do, 301 and 302 are taken like 303
        return replace(call, method="GET", body=None)
    if not same_origin:
        raise guard.Refused("a redirect to another host, which is not sent what may hold a secret; give the new address")
    return call


def led_away(hop: Hop, failed: Failed) -> Failed:
    """The failure of a hop, as it is told."""
    return failed if hop.at_home else told_of(str(hop.url), failed, hop.call)


def told_of(url: str, failed: Failed, call: Call) -> Failed:
    """A failure of another host than that of the call: it says which, as nobody wrote that one down."""
    return replace(failed, reason=f"redirected to {_goal(url, call)}: {failed.reason}")


def _goal(url: str, call: Call) -> str:
    """Where a call was led, without what was sent with it: a server may write a token of the query, or of a header, into the path."""
    sent = [value for name, value in call.headers.items() if name.lower() not in _HARMLESS]
    secrets = {part for text in (call.url, *sent) for part in _PARTS.split(text)}.difference(_PARTS.split(redact(call.url)))
    text = shown(url)
    for part in sorted((one for one in secrets if len(one) >= SHORTEST), key=len, reverse=True):
        text = text.replace(part, MASK)
    return text


def shown(url: str) -> str:
    """An address for a message: without user name, password or query, which may be secrets."""
    return redact(url.partition("?")[0].partition("#")[0])[:200]


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two addresses are of one scheme, host and port."""
    return one.scheme == other.scheme and guard.pair(one) == guard.pair(other)
