"""From bytes to items: ``Fetched -> Parsed``. Pure, bounded, and total but for ``ParseError``.

    source.kind -> KINDS -> (request_for, parse) of the kind's module

Each kind of source has one module here with the same two functions; a new kind is a module and one line in ``KINDS``. Modules are
imported when a source of their kind is first met, so that a poll of feeds does not pay for the page parsers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from types import MappingProxyType
from typing import Any, Protocol, cast

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Kind, Parsed, PollState, Source
from aiwatch.ports import Request
from aiwatch.urls import redact, shareable


class KindParser(Protocol):
    """What a kind's module exports."""

    def request_for(self, source: Source, state: PollState) -> Request:
        """Make the GET that asks this source for news."""

    def parse(self, source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
        """Read what the body holds; raise ParseError where it is not what the kind promises."""


KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.FEED: "aiwatch.parse.feed",
        Kind.PAGE: "aiwatch.parse.page",
        Kind.SITEMAP: "aiwatch.parse.sitemap",
        Kind.GITHUB: "aiwatch.parse.github",
        Kind.HUGGINGFACE: "aiwatch.parse.huggingface",
        Kind.ARXIV: "aiwatch.parse.arxiv",
        Kind.HACKERNEWS: "aiwatch.parse.hackernews",
        Kind.YOUTUBE: "aiwatch.parse.youtube",
        Kind.REDDIT: "aiwatch.parse.reddit",
        Kind.BLUESKY: "aiwatch.parse.bluesky",
        Kind.MASTODON: "aiwatch.parse.mastodon",
        Kind.X: "aiwatch.parse.x",
        Kind.WEBHOOK: "aiwatch.parse.webhook",
    }
)


# What reading values of an unexpected type raises. It is the source's failure of today, with a name, and costs no other source anything.
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def request_for(source: Source, state: PollState) -> Request:
    """Make the request that polls ``source``, with the validators kept in ``state``."""
    return _module(source).request_for(source, state)


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the items of a body, in the order of the document. ``now`` bounds absurd dates, it never becomes one.

    Raises ParseError, naming the address and what the body looks like instead (login page, challenge page, JSON error, empty).
    Links are made on an address without secrets: the link of an entry goes into the database, mails and pages.
    """
    fetched = replace(fetched, url=shareable(fetched.url))
    try:
        return _module(source).parse(source, fetched, now=now)
    except UNFORESEEN as error:
        said = f"{type(error).__name__}: {error}"
        raise ParseError(
            f"{redact(fetched.url)}: the answer has a shape that kind {source.kind} does not know ({said})"
        ) from error


def options_of(kind: Kind) -> frozenset[str]:
    """The keys that ``options`` of a source of this kind may have."""
    options: frozenset[str] = getattr(import_module(KINDS[kind]), "OPTIONS", frozenset())
    return options


def option_problems(kind: Kind, options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Key and sentence for each value in ``options`` that a source of this kind cannot use."""
    found: list[tuple[str, str]] = import_module("aiwatch.parse.optionvalues").problems(kind, options)
    return found


def _module(source: Source) -> KindParser:
    name = KINDS.get(source.kind)
    if name is None:
        raise ParseError(f"source {source.id}: no parser for kind {source.kind!r}; known kinds: {', '.join(KINDS)}")
    return cast("KindParser", import_module(name))
