"""A digest as a mail: the text part, the HTML part, and the timeline picture that the HTML part shows.

Templates are ``mail.txt``, ``mail.html`` and ``mail.css``; files of those names in the user's templates directory take their place. They
run in a sandbox, everything is escaped, and what they make is sanitised: no script, no remote image, no link but http, https, mailto.
"""

from __future__ import annotations

import html
import re
import traceback
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import css_inline
import nh3
from jinja2 import ChoiceLoader, DictLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from aiwatch.digest import timeline
from aiwatch.digest.catalogue import LANGUAGES, Catalogue
from aiwatch.digest.view import Line, View
from aiwatch.errors import ConfigError
from aiwatch.model import EMPTY

NAMES = ("mail.txt", "mail.html", "mail.css")
_COMPILED = "<template>"  # what Jinja calls a template that comes from no file
A_YEAR = timedelta(days=365)
TEXT_WIDTH = 74  # columns; a Hangul syllable takes two
_TAGS = {
    "div", "span", "p", "br", "hr", "a", "b", "strong", "i", "em", "small", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "code", "pre",
    "table", "thead", "tbody", "tr", "td", "th", "img", "details", "summary",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "align", "valign", "width", "height", "role"},
    "a": {"href"},
    "img": {"src", "alt"},
    "table": {"cellpadding", "cellspacing", "border"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An inline picture: the HTML part refers to it by ``cid``."""

    cid: str
    png: bytes
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The parts of one mail."""

    text: str
    html: str
    picture: Picture | None = None


def make(
    view: View,
    words: Catalogue,
    picture: Picture | None = None,
    unsubscribe: str | None = None,
    templates: Mapping[str, str] = EMPTY,
) -> Mail:
    """The mail of an edition. Raises ConfigError with file and line where a template of the user's is wrong."""
    environment = _environment(tuple((name, templates[name]) for name in NAMES if name in templates))
    values = {
        "v": view,
        "say": words.say,
        "picture": picture,
        "unsubscribe": unsubscribe,
        "wrap": wrap,
        "rule": rule,
        "outlets": outlets,
    }
    text, body, style = (_filled(environment, name, values, own=name in templates) for name in NAMES)
    return Mail(text=_tidy(text), html=_dressed(body, style, view), picture=picture)


def _filled(environment: ImmutableSandboxedEnvironment, name: str, values: Mapping[str, object], *, own: bool) -> str:
    """What a template makes of the values. ``own``: it is the user's, whose mistakes are told and not ours to trace."""
    try:
        return environment.get_template(name).render(values)
    except Exception as error:
        if not own or isinstance(error, ConfigError):
            raise
        said = f'there is no template "{error}"' if isinstance(error, TemplateNotFound) else str(error)
        raise ConfigError(f"{name}:{_line_of(error)}: {said}") from error


def _line_of(error: Exception) -> int:
    """The template's line at which it happened: its own frames bear the name that it was compiled under."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    return max(
        (line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == _COMPILED), default=1
    )


def shipped() -> dict[str, str]:
    """The templates and messages that come with the package, by the file name that overrides them."""
    own = files("aiwatch.digest")
    templates = {name: own.joinpath("templates", name).read_text("utf-8") for name in NAMES}
    messages = {f"messages.{lang}.toml": own.joinpath("messages", f"{lang}.toml").read_text("utf-8") for lang in LANGUAGES}
    return templates | messages


def picture_of(view: View, words: Catalogue, span: tuple[datetime, datetime], cid: str) -> Picture | None:
    """The timeline of a view's entries; ``span`` is (since, until). None where there is too little to look at."""
    since, until = span
    dots = [timeline.Dot(number=line.number, at=line.at, stage=line.stage_id) for line in view.lines]
    tick = tick_form(min([since, *(dot.at for dot in dots)]), until)
    drawn = timeline.draw(dots, since, until, words.zone, lambda moment: words.at(moment, tick))
    if drawn is None:
        return None
    said = "; ".join(f"{line.number} {line.name}, {words.at(line.at, 'short')}" for line in view.lines[:20])
    alt = words.say("tail.picture_alt", since=words.at(since, "day"), until=words.at(until, "day"), dots=said)
    return Picture(cid=cid, png=drawn.png, width=drawn.width, height=drawn.height, alt=re.sub("[<>=\"']", " ", alt))


def tick_form(since: datetime, until: datetime) -> str:
    """How days are written below the picture's line: with the year where the days of one come twice."""
    return "tick_long" if until - since > A_YEAR else "tick"


def wrap(text: str, indent: str, following: str | None = None) -> str:
    """``text`` in lines of at most 74 columns, each behind ``indent`` (later ones behind ``following``)."""
    later = indent if following is None else following
    return "\n".join(_lines(text, indent, later))


def rule(title: str) -> str:
    """A heading of the text part: the words and a line below them."""
    return f"{title}\n{'─' * min(TEXT_WIDTH, columns(title))}"


def outlets(line: Line) -> str:
    """``Outlet (en), Outlet (ko) and 3 more outlets``."""
    named = ", ".join(f"{one.text} ({one.code})" if one.code else one.text for one in line.also)
    return f"{named} {line.also_more}".strip()


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _lines(text: str, indent: str, later: str) -> Sequence[str]:
    lines: list[str] = []
    current = indent
    empty = True
    for word in text.split(" "):
        for at, piece in enumerate(_pieces(word)):
            if not empty and (at or columns(current) + 1 + columns(piece) > TEXT_WIDTH):
                lines.append(current)
                current, empty = later, True
            current += piece if empty else f" {piece}"
            empty = False
    return [*lines, current] if not empty else lines


def _pieces(word: str) -> list[str]:
    """A word longer than a line in pieces that fit: no mail line may be longer than 998 octets. Addresses stay whole."""
    if columns(word) <= TEXT_WIDTH - 6 or word.startswith(("http://", "https://")):
        return [word]
    pieces, room = [""], TEXT_WIDTH - 6
    for char in word:
        if columns(pieces[-1]) + columns(char) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


@cache
def _environment(overrides: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(dict(overrides)), DictLoader(shipped())]),
        autoescape=lambda name: name == "mail.html",
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )


def _tidy(text: str) -> str:
    lines = [line if line == "-- " else line.rstrip() for line in text.strip("\n").split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _dressed(body: str, style: str, view: View) -> str:
    """The body sanitised, in a document with its styles inlined. Media queries stay in the head: they cannot be inlined."""
    fragment = nh3.clean(
        body,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel="noopener noreferrer nofollow",
    )
    page = (
        f'<!DOCTYPE html><html lang="{view.lang}"><head><title>{html.escape(view.subject)}</title>'
        f"<style>{style.replace('</', '')}</style></head><body>{fragment}</body></html>"
    )
    return _without_equals_signs(_inliner().inline(page))


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Pictures come with the mail or not at all: a remote one would tell its owner who reads."""
    if tag == "img" and name == "src" and not value.startswith("cid:"):
        return None
    return value


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def _without_equals_signs(page: str) -> str:
    """Text like ``onload=`` written as ``onload&#61;``: the same to a reader, but nothing for a filter to take for an attribute."""
    head, body, rest = page.partition("<body")
    told = re.sub(r"(<[^<>]*>)|([^<>]+)", lambda match: match[1] or match[2].replace("=", "&#61;"), body + rest)
    title = re.sub(
        r"(<title>)(.*?)(</title>)", lambda match: match[1] + match[2].replace("=", "&#61;") + match[3], head, flags=re.DOTALL
    )
    return title + told
