"""robots.txt (RFC 9309): asked for once a day for each origin, cached by what the answer was.

    body ── group ──> the rules for us ── protego ──> verdicts

Only the group that holds for us is given to protego, which writes down every rule once for each agent that its group names: 62 KB of two
thousand agents and as many rules took it seconds and 300 MB, and each further KB more than the one before.

2xx: its rules. 4xx: no rules, all is allowed. 5xx, silence, or an answer that cannot be read: what was known stays in force, and where
nothing was, all is forbidden for a while.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from aiwatch.fetch.calls import Answer
from aiwatch.fetch.ttl import Term
from aiwatch.model import Failed, Failure
from aiwatch.ports import Clock

LIFETIME = timedelta(hours=24)  # RFC 9309, 2.4
RETRY = timedelta(minutes=30)  # after an answer that said nothing
MAX_SIZE = 500 * 1024  # bytes read; RFC 9309, 2.5 asks for at least so many
MAX_RULES = 20_000  # of one group; protego reads so many in a tenth of a second, of the worst in half a one
ORIGINS = 4096  # remembered
KEPT = 64 * 1024 * 1024  # bytes of memory for all rules remembered, as ``_weight`` reckons them

_AGENT = re.compile(r"user(?:-|\s*)agent(?:\s*:|\s|$)(.*)", re.IGNORECASE | re.DOTALL)
_SITE = re.compile(r"(?:site-?maps?|host)\s*(?::|\s|$)", re.IGNORECASE)  # of no group
# rules without their colon, in protego's spellings
_BARE = re.compile(r"(?:allow|di[as]s?a?ll?[ao]w)(?:\s|$)|(?:crawl|request|visit)[-\s]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """May the address be asked for, and how far apart (seconds)? ``reason`` where it may not.

    ``again``: seconds until that is looked at anew, where it may not only because nothing could be read.
    """

    allowed: bool
    reason: str = ""
    delay: float | None = None
    again: int | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    rules: Protego | None  # None: everything is allowed, or everything forbidden for ``reason``
    term: Term
    reason: str = ""
    size: int = 0  # bytes of memory


class Robots:
    """The rules of the origins met so far. ``ask`` fetches one robots.txt; it is called once at a time for each origin."""

    def __init__(self, ask: Callable[[str, bool], Awaitable[Answer | Failed]], *, agent: str, clock: Clock) -> None:
        self._ask = ask
        self._agent = agent
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._size = 0

    async def verdict(self, url: str, *, allow_private: bool) -> Verdict:
        """Whether ``url`` may be asked for."""
        origin = "://".join(urlsplit(url)[:2])
        known = await self._rules(origin, allow_private)
        if known.reason:
            left = math.ceil((known.term.until - self._clock()).total_seconds())
            return Verdict(allowed=False, reason=known.reason, again=max(1, left))
        if known.rules is None:
            return Verdict(allowed=True)
        delay = known.rules.crawl_delay(self._agent)
        if not known.rules.can_fetch(url, self._agent):
            return Verdict(allowed=False, reason=f"{origin}/robots.txt asks {self._agent} not to fetch this address")
        return Verdict(allowed=True, delay=float(delay) if delay else None)

    async def _rules(self, origin: str, allow_private: bool) -> _Known:
        lock = self._locks.setdefault(origin, asyncio.Lock())
        async with lock:
            known = self._known.get(origin)
            if known is None or not known.term.runs(self._clock()):
                known = self._read(await self._ask(f"{origin}/robots.txt", allow_private), known)
                before = self._known.pop(origin, None)  # others may have pushed it out meanwhile
                self._size += known.size - (before.size if before else 0)
                self._known[origin] = known
        while len(self._known) > ORIGINS or (self._size > KEPT and len(self._known) > 1):
            old, forgotten = self._known.popitem(last=False)
            self._size -= forgotten.size
            self._locks.pop(old, None)
        return known

    def _read(self, answer: Answer | Failed, before: _Known | None) -> _Known:
        now = self._clock()
        if isinstance(answer, Answer) and 200 <= answer.status < 300:
            rules = _for_us(answer.body, self._agent)
            return _Known(_parsed(rules), Term.of(now, LIFETIME), size=_weight(rules))
        if isinstance(answer, Answer) and (400 <= answer.status < 500 and answer.status != 429):
            return _Known(None, Term.of(now, LIFETIME))
        if isinstance(answer, Failed) and answer.kind in (Failure.BLOCKED, Failure.HARD) and answer.status is not None:
            return _Known(None, Term.of(now, LIFETIME))  # a redirect that leads nowhere: RFC 9309, 2.3.1.2 takes it as absent
        if before is not None and not before.reason:
            return replace(before, term=Term.of(now, RETRY))  # that there is no robots.txt is known as well as what one says
        why = f"status {answer.status}" if isinstance(answer, Answer) else answer.reason
        return _Known(
            None, Term.of(now, RETRY), f"robots.txt could not be read ({why}); asking again in {RETRY.seconds // 60} minutes"
        )


def _for_us(body: bytes, agent: str) -> list[str]:
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    if "<html" in text[:1000].lower():
        return []  # a page served for every address: no rules in it
    return group(text, agent)


def group(text: str, agent: str) -> list[str]:
    """The lines of a robots.txt that hold for ``agent``, a product token, comments left out; at most ``MAX_RULES``.

    They are those of all groups that name it, in any case and with or without a version, else those of all for ``*`` (RFC 9309, 2.2.1).
    """
    found: dict[str, list[str]] = {}
    current: set[str] = set()
    naming = False
    for line in text.splitlines():
        said = line.partition("#")[0].strip()
        if named := _AGENT.match(said):
            current = current if naming else set()
            naming = True
            if (name := _token(named[1].strip())) in (agent.lower(), "*"):
                current.add(name)
                found.setdefault(name, [])
        elif not _SITE.match(said) and (":" in said or _BARE.match(said)):
            naming = False
            for name in current:
                found[name].append(said)
    return found.get(agent.lower(), found.get("*", []))[:MAX_RULES]


def _token(value: str) -> str:
    """Whom a line names: ``*``, or a product token; people write its version behind it, and stars."""
    return value if value == "*" else re.split(r"[/\s]", value.replace("*", ""), maxsplit=1)[0].lower()


def _parsed(rules: Sequence[str]) -> Protego | None:
    return Protego.parse("\n".join(("user-agent: *", *rules))) if rules else None


def _weight(rules: Sequence[str]) -> int:
    """Bytes of memory that protego's form of the rules takes, as measured: twenty for one of text, and more for wildcards and anchors."""
    return sum(20 * len(rule.encode()) + 700 * (("*" in rule) + ("$" in rule)) for rule in rules)
