"""How a page looks to this reader: language, theme, zone; and the rendering of templates with them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from aiwatch.digest import safe
from aiwatch.digest.catalogue import LANGUAGES, Catalogue, catalogue
from aiwatch.web import told
from aiwatch.web.face import face_of

THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Words(Catalogue):
    """The words of a language; a page writes the same moments over and over, and writing one out is dear."""

    def __hash__(self) -> int:
        return hash((self.lang, self.zone.key, self.year))

    def at(self, moment: datetime, form: str = "moment") -> str:
        """``moment`` as this language writes it, without the year where that is the reader's own."""
        return _at(self, moment, form)


@lru_cache(maxsize=20_000)
def _at(words: Words, moment: datetime, form: str) -> str:
    return Catalogue.at(words, moment, form)


@dataclass(frozen=True, slots=True)
class Look:
    """One reader's words and theme; ``theme`` None follows the device."""

    words: Catalogue
    theme: str | None


def look_of(request: Request) -> Look:
    """From the reader's own choice (a cookie), else from what the browser says it prefers."""
    chosen = request.cookies.get("lang")
    lang = chosen if chosen in LANGUAGES else _preferred(request.headers.get("accept-language", ""))
    theme = request.cookies.get("theme")
    face = face_of(request)
    subscriptions = face.config.subscriptions
    zone = subscriptions[0].timezone if subscriptions else "UTC"
    year = face.clock().astimezone(ZoneInfo(zone)).year
    return Look(words=words(lang, zone, year), theme=theme if theme in THEMES else None)


@cache
def words(lang: str, zone: str, year: int) -> Catalogue:
    """The digests' words and the pages' own."""
    shared = catalogue(lang, zone)
    own = tomllib.loads(files("aiwatch.web").joinpath("messages", f"{shared.lang}.toml").read_text("utf-8"))
    formats = {"format": {**shared.messages["format"], **own["format"]}}
    return Words(shared.lang, shared.zone, {**shared.messages, **own, **formats}, year)


def _preferred(header: str) -> str:
    """The first of our languages in an Accept-Language header, by weight (RFC 9110 12.5.4)."""
    offers = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            offers.append((-float(weight or 1), position, tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((tag for _, _, tag in sorted(offers) if tag in LANGUAGES), "en")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("aiwatch.web"),
        autoescape=select_autoescape(default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clean"] = safe.clean
    made.filters["inline"] = safe.inline
    made.filters["safe_link"] = safe.link
    made.filters["bars"] = bars
    made.globals["hushed"] = told.hushed
    made.globals["why"] = told.why
    return made


def bars(counts: Sequence[int]) -> str:
    """Counts as the path of a bar chart, 24 high, five units a bar; days without any are one line of one unit."""
    top, at, pieces = max([1, *counts]), 0, []
    for empty, run in groupby(counts, lambda count: count == 0):
        days = list(run)
        if empty:
            pieces.append(f"M{at * 5} 24v-1h{len(days) * 5 - 1}v1z")
        else:
            heights = [round(1 + 22 * count / top, 1) for count in days]
            pieces += [f"M{(at + n) * 5} 24v-{height:g}h4v{height:g}z" for n, height in enumerate(heights)]
        at += len(days)
    return "".join(pieces)


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> Response:
    """A template rendered for this reader."""
    look, face = look_of(request), face_of(request)
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    text = (
        _environment()
        .get_template(template)
        .render(
            w=look.words,
            look=look,
            face=face,
            request=request,
            here=here,
            now=face.clock(),
            signed_in=face.gate.session(request),
            **values,
        )
    )
    headers = {"Vary": "Accept-Language, Cookie", "Content-Language": look.words.lang, "Cache-Control": "private, no-cache"}
    return HTMLResponse(text, status, headers)


def choose(request: Request) -> Response:
    """Keep the reader's choice of language or theme in a cookie, and go back."""
    response = RedirectResponse(inside(request.query_params.get("back", "/")), 303)
    for name, allowed in (("lang", LANGUAGES), ("theme", THEMES)):
        if (value := request.query_params.get(name)) in allowed:
            response.set_cookie(name, value, max_age=YEAR, samesite="lax", httponly=True, path="/")
    return response


def inside(target: str) -> str:
    """``target`` if it is a path of ours, else the front page: nobody is led elsewhere (``//evil``)."""
    ok = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable() and "\\" not in target
    return target if ok else "/"
