"""The query language of ``search``, read into an FTS5 expression. Whatever is typed gives an answer; what was not understood is said.

What makes the answer one to another question stands in ``wrong`` as well.

sora video            both words, in any order         "stable diffusion"    a phrase
소라                   also inside 소라를, 신형소라          -tutorial             without this word
vendor:openai  stage:rumored  lang:ko  source:openai-news  tier:primary  modality:video  is:announcement
since:7d  since:2024-02-13  until:2024-02-22             the same key twice means either; -lang:ko means not
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from aiwatch.filters import moment
from aiwatch.model import Modality, Stage, Tier
from aiwatch.store import tokens
from aiwatch.text import primary

LIMIT = 1000  # characters of a query
TERMS = 32  # words and phrases of a query
_TOKEN = re.compile(r'(?P<not>-)?(?:(?P<key>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S+))|"(?P<phrase>[^"]*)"?|(?P<word>\S+))')
_ALLOWED: dict[str, frozenset[str]] = {
    "stage": frozenset(Stage) - {Stage.NONE},
    "tier": frozenset(Tier),
    "modality": frozenset(Modality),
    "is": frozenset({"announcement"}),
}
_FREE = frozenset({"vendor", "lang", "source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as understood. ``match``: an FTS5 expression, None where everything matches; ``seek``: what to highlight."""

    match: str | None
    seek: tuple[str, ...] = ()
    facets: frozenset[str] = frozenset()  # what is asked of vendor, stage and the like, as the index has it
    since: datetime | None = None
    until: datetime | None = None
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()  # conditions that cannot be met as they are written, each with what there is


class _Reading:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.wanted: list[str] = []
        self.unwanted: list[str] = []
        self.facets: dict[str, list[str]] = defaultdict(list)
        self.seek: list[str] = []
        self.times: dict[str, datetime] = {}
        self.notes: list[str] = []
        self.wrong: list[str] = []

    def term(self, text: str, *, phrase: bool, negated: bool) -> None:
        found = tokens.match_terms(text, phrase=phrase)
        if not found:
            return
        if negated:
            self.unwanted.append(f"({' AND '.join(found)})")
        else:
            self.wanted += found
            self.seek.append(text)

    def key(self, key: str, value: str, *, negated: bool) -> bool:
        """Take a ``key:value``; False if it is none of ours and should be searched as text."""
        value = value.strip()
        if key in {"since", "until"}:
            self._time(key, value)
            return True
        if key not in _FREE and key not in _ALLOWED:
            if close := get_close_matches(key, (*_FREE, *_ALLOWED, "since", "until"), 1, 0.75):
                self.notes.append(f"{key}: is no key, and was looked for as a word; did you mean {close[0]}:?")
            return False
        allowed = _ALLOWED.get(key)
        if not value or (allowed is not None and value.casefold().replace("-", "_") not in allowed):
            known = (
                f"one of {', '.join(sorted(allowed))}" if allowed and len(allowed) > 1 else next(iter(allowed or ()), "a name")
            )
            self.left_out(f"{key}:{value}", f"behind {key}: stands {known}")
            return True
        if negated:
            self.unwanted.append(f"facets:{_facet(key, value)}")
        else:
            self.facets[key].append(_facet(key, value))
        return True

    def _time(self, key: str, value: str) -> None:
        try:
            self.times[key] = moment(value, self.now)
        except ValueError:
            self.left_out(f"{key}:{value}", f"write {key}:7d, {key}:24h or {key}:2024-02-15")

    def left_out(self, condition: str, instead: str) -> None:
        """Note a condition that is not looked at, and what to write instead."""
        self.notes.append(f"{condition} left out; {instead}")
        self.wrong.append(f"{condition}: {instead}")

    def match(self) -> str | None:
        parts = [*self.wanted, *(f"(facets: ({' OR '.join(one)}))" for one in self.facets.values())]
        if not parts:
            if self.unwanted:
                self.left_out("exclusions alone", "add a word or a key to look for")
            return None
        positive = " AND ".join(parts)
        return f"({positive}) NOT ({' OR '.join(self.unwanted)})" if self.unwanted else positive


def read(text: str, now: datetime) -> Query:
    """Understand a query as far as possible; ``now`` is what ``since:7d`` counts from."""
    reading = _Reading(now)
    if len(text) > LIMIT:
        reading.notes.append(f"only the first {LIMIT} characters were looked at")
    for count, token in enumerate(_TOKEN.finditer(text[:LIMIT])):
        if count == TERMS:
            reading.notes.append(f"only the first {TERMS} terms were looked at")
            break
        _take(reading, token)
    return Query(
        match=reading.match(),
        seek=tuple(reading.seek),
        facets=frozenset(one for asked in reading.facets.values() for one in asked),
        since=reading.times.get("since"),
        until=reading.times.get("until"),
        notes=tuple(reading.notes),
        wrong=tuple(reading.wrong),
    )


def _take(reading: _Reading, token: re.Match[str]) -> None:
    negated = token["not"] is not None
    if token["key"] is not None:
        value = token["quoted"] if token["quoted"] is not None else token["value"]
        if not reading.key(token["key"], value, negated=negated):
            reading.term(f"{token['key']} {value}", phrase=True, negated=negated)
    elif token["phrase"] is not None:
        reading.term(token["phrase"], phrase=True, negated=negated)
    else:
        reading.term(token["word"], phrase=False, negated=negated)


def _facet(key: str, value: str) -> str:
    if key == "is":
        return tokens.facet("announcement", "yes")
    if key == "lang":
        return tokens.facet(key, primary(value))
    return tokens.facet(key, value.replace("-", "_") if key == "stage" else value)
