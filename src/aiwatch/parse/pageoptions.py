"""What ``options`` of a page source may say, read once into a frozen value; every mistake is found here, before the first poll.

Four ways to find the rows of a page, one of which is chosen by the key that is present:

    item = "article"                 one row for each element that matches (CSS)
    links = "^/news/[a-z0-9-]+$"     one row for each address that matches (regular expression on path and query); date and title are
                                     looked for in the nearest surroundings that belong to this link alone
    sections = "h2"                  one row for each heading, down to the next one (release notes)
    json = "next_data"               one row for each object at ``items`` (see ``embedded`` and ``path``)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from aiwatch.errors import ParseError
from aiwatch.model import Source
from aiwatch.parse.listing import texts
from aiwatch.parse.path import compile_path

FIELDS = ("title", "link", "date", "summary", "category", "key", "author")
LITERAL = re.compile(r"'([^']*)'")
MODES = ("item", "links", "sections", "json")
OPTIONS: frozenset[str] = frozenset(
    {
        *MODES,
        *FIELDS,
        "items",  # json: path of the list
        "url_template",  # json: "https://host/blog?id={key}"
        "date_before",  # CSS of headings whose date holds for the rows after them
        "date_pattern",  # regular expression; its first group, or all of it, is the date
        "include",  # regular expressions on path and query: one must match
        "exclude",  # and none of these
        "title_pattern",  # regular expression a title must match
        "title_strip",  # regular expression whose matches are cut out of titles
        "next",  # CSS of the link to the next page
        "page_param",  # or the query parameter that counts pages from 1
        "min_items",  # fewer rows than this is an error (default 1)
        "limit",  # rows kept, from the top (default 200)
        "post",  # a table: sent as a JSON body by POST
        "accept",  # Accept header
        "robots",  # false: do not ask robots.txt (an API that its owner publishes for programs)
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """The options of one page. Fields are alternatives, tried in order."""

    mode: str
    at: str  # the CSS, expression or place of the mode
    items: str = ""
    fields: Mapping[str, tuple[str, ...]]
    url_template: str = ""
    date_before: str = ""
    date_pattern: re.Pattern[str] | None = None
    links: re.Pattern[str] | None = None
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    title_pattern: re.Pattern[str] | None = None
    title_strip: re.Pattern[str] | None = None
    next: str = ""
    page_param: str = ""
    min_items: int = 1
    limit: int = 200

    def wanted(self, path: str) -> bool:
        """Whether an address (path and query) is that of a post."""
        if self.links is not None and not self.links.search(path):
            return False
        if self.include and not any(pattern.search(path) for pattern in self.include):
            return False
        return not any(pattern.search(path) for pattern in self.exclude)


def selector_parts(text: str) -> tuple[str, str, str]:
    """Part a field's selector into literal, CSS and attribute: ``'#'h2@id`` gives ``#``, ``h2``, ``id``.

    CSS that is empty stands for the row itself (also written ``.``), an attribute that is empty for the text.
    """
    css, _, attribute = text.rpartition("@") if "@" in text else (text, "", "")
    literal = LITERAL.match(css)
    css = css[literal.end() :] if literal else css
    return literal[1] if literal else "", "" if css == "." else css, attribute


def options_for(source: Source) -> PageOptions:
    """Read ``source.options``. Raises ParseError with every mistake in it."""
    options, problems = _read(source.options)
    if options is None:
        raise ParseError(f"source {source.id}: " + "; ".join(problems))
    return options


def check_options(options: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each mistake in the options of a page source; ``aiwatch sources check`` and the tests ask."""
    return _read(options)[1]


def _read(raw: Mapping[str, Any]) -> tuple[PageOptions | None, list[str]]:
    modes = [mode for mode in MODES if mode in raw]
    if len(modes) != 1:
        said = " and ".join(modes) or "none of them"
        return None, [f"a page needs exactly one of {', '.join(MODES)}; there is {said}"]
    problems = _problems(raw, modes[0])
    return (None, problems) if problems else (_options(raw, modes[0]), [])


def _problems(raw: Mapping[str, Any], mode: str) -> list[str]:
    problems: list[str] = []

    def checked(key: str, test: Callable[[str], object]) -> None:
        for text in texts(raw.get(key)):
            try:
                test(text)
            except (ValueError, re.error, SelectolaxError) as error:
                problems.append(f"{key} = {text!r}: {error}")

    field_test = compile_path if mode == "json" else _check_selector
    for key in FIELDS:
        checked(key, field_test)
    for key in ("links", "include", "exclude", "date_pattern", "title_pattern", "title_strip"):
        checked(key, re.compile)
    for key in ("item", "sections", "date_before", "next"):
        checked(key, _check_css)
    checked("items", compile_path)
    if mode == "json" and "items" not in raw:
        problems.append('json needs items, the path of the list, such as "data.articles[]"')
    return problems


def _options(raw: Mapping[str, Any], mode: str) -> PageOptions:
    """The options, none of which is a mistake."""
    return PageOptions(
        mode=mode,
        at=str(raw[mode]),
        items=str(raw.get("items", "")),
        fields={key: texts(raw[key]) for key in FIELDS if key in raw},
        url_template=str(raw.get("url_template", "")),
        date_before=str(raw.get("date_before", "")),
        date_pattern=_pattern(raw.get("date_pattern")),
        links=_pattern(raw.get("links")),
        include=tuple(re.compile(text) for text in texts(raw.get("include"))),
        exclude=tuple(re.compile(text) for text in texts(raw.get("exclude"))),
        title_pattern=_pattern(raw.get("title_pattern")),
        title_strip=_pattern(raw.get("title_strip")),
        next=str(raw.get("next", "")),
        page_param=str(raw.get("page_param", "")),
        min_items=int(raw.get("min_items", 1)),
        limit=int(raw.get("limit", 200)),
    )


def _pattern(value: Any) -> re.Pattern[str] | None:
    return re.compile(str(value)) if value else None


@lru_cache(maxsize=1)
def _blank() -> LexborHTMLParser:
    return LexborHTMLParser("<p></p>")


def _check_css(text: str) -> None:
    _blank().css(text)


def _check_selector(text: str) -> None:
    _, css, _ = selector_parts(text)
    if css:
        _check_css(css)
