"""What the values of ``options`` may be, for every kind: told when the configuration is read, not at the first poll.

A key means the same wherever it stands, so there is one table. Selectors and paths of pages are checked by ``pageoptions``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from aiwatch.model import Kind
from aiwatch.parse import pageoptions
from aiwatch.urls import resolve

Test = Callable[[Any], str | None]  # a value -> what is wrong with it


def problems(kind: Kind, options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return key and sentence for each wrong value. Unknown keys are not looked at: ``options_of`` names the known ones."""
    found = [(key, said) for key, value in options.items() if (test := TESTS.get(key)) and (said := test(value))]
    if kind is Kind.PAGE and not found:
        found += [(_key_of(text, options), text) for text in pageoptions.check_options(options)]
    return found


def _key_of(text: str, options: Mapping[str, Any]) -> str:
    """Find the key that a sentence of ``pageoptions`` begins with; the first key where it speaks of the whole."""
    return next((key for key in options if text.startswith(f"{key} ")), next(iter(options), ""))


def _count(value: Any) -> str | None:
    right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if right else f"found {value!r}; a number from 0 on is wanted"


def _switch(value: Any) -> str | None:
    return None if isinstance(value, bool) else f"found {value!r}; true or false is wanted"


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else f"found {value!r}; a text is wanted"


def _texts(value: Any) -> str | None:
    right = isinstance(value, str) or (isinstance(value, list) and value and all(isinstance(one, str) for one in value))
    return None if right else f"found {value!r}; a text or a list of texts is wanted"


def _table(value: Any) -> str | None:
    return None if isinstance(value, dict) else f"found {value!r}; a table is wanted"


def _address(value: Any) -> str | None:
    right = isinstance(value, str) and resolve(None, value)
    return None if right else f"found {value!r}; an address that begins with https:// is wanted"


def _expression(value: Any) -> str | None:
    return _text(value) or _compiled((value,))


def _expressions(value: Any) -> str | None:
    return _texts(value) or _compiled((value,) if isinstance(value, str) else value)


def _compiled(patterns: Any) -> str | None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            return f"{pattern!r} is no regular expression: {error}"
    return None


def _template(value: Any) -> str | None:
    if wrong := _text(value):
        return wrong
    try:
        names = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        return f"{value!r} is no template: {error}"
    strange = sorted(names - set(pageoptions.FIELDS))
    return f"{value!r} has {{{strange[0]}}}; fields are {', '.join(pageoptions.FIELDS)}" if strange else None


TESTS: Mapping[str, Test] = {
    **dict.fromkeys(("limit", "min_items", "min_points", "min_score"), _count),
    **dict.fromkeys(
        ("boosts", "forks", "prereleases", "replacements", "replies", "reposts", "robots", "shorts", "trust_lastmod"), _switch
    ),
    **dict.fromkeys(("date_pattern", "title_pattern", "title_strip", "child", "drop", "links"), _expression),
    **dict.fromkeys(("include", "exclude"), _expressions),
    **dict.fromkeys(("accept", "flair", "handle", "item", "items", "json", "next", "page_param", "project", "sections"), _text),
    "date_before": _text,
    **dict.fromkeys((*pageoptions.FIELDS, "pipelines"), _texts),
    **dict.fromkeys(("hub", "topic"), _address),
    "post": _table,
    "url_template": _template,
}
