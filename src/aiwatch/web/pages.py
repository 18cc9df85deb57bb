"""The pages: each function asks the library one or two questions and hands the answer to a template."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from aiwatch import liveness
from aiwatch.digest import standalone
from aiwatch.errors import BadQuery
from aiwatch.explaining import explained, traced
from aiwatch.jsonable import encoded
from aiwatch.model import Filter, Modality, Stage
from aiwatch.web import told
from aiwatch.web.face import FILTERS, MOST, BadRequest, Face, body_of, face_of, figures, limit_of, parameter, wanted
from aiwatch.web.look import choose, inside, look_of, page
from aiwatch.web.race import ZOOMS, neighbours, race, span_of
from aiwatch.web.security import MAIL_CSP, same_site

CARDS, MOST_CARDS = 24, 100
FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 32 * 1024  # bytes: a token, and an address of 2,000 characters of which each is escaped twelvefold
DRAWN = 150  # marks of one drawing: more cannot be read
ALL = tuple(stage for stage in Stage if stage is not Stage.NONE)
TOLD = tuple(stage for stage in ALL if stage is not Stage.RUMORED)


def today(request: Request) -> Response:
    """The newest announcements as cards."""
    return _cards(request, "today", wanted(request, face_of(request).clock()))


def rumors(request: Request) -> Response:
    """The same for rumours, which are kept apart."""
    return _cards(request, "rumors", replace(wanted(request, face_of(request).clock()), stages=(Stage.RUMORED,)))


def _cards(request: Request, name: str, filters: Filter) -> Response:
    face = face_of(request)
    entries, cursor = face.library.announcements(
        filters, limit=limit_of(request, CARDS, MOST_CARDS), cursor=parameter(request, "cursor")
    )
    older = f"{request.url.path}?{query(request, cursor=cursor)}" if cursor else None
    choices = {"vendors": vendors(request), "modalities": list(Modality), "stages": TOLD}
    stats = figures(face)
    return page(
        request,
        "today.html",
        name=name,
        entries=entries,
        older=older,
        filters=filters,
        feed=_feed(request, rumors=name == "rumors"),
        narrowed=_narrowed(request),
        stats=stats,
        stalled=_stalled(face),
        **choices,
    )


def _stalled(face: Face) -> datetime | None:
    """Since when nothing was polled, where no service can be running: an old page would look like a quiet day."""
    return liveness.unpolled_since(face.library.last_poll(), face.config.polling, face.clock())


def the_race(request: Request) -> Response:
    """Announcements on a line of time."""
    face = face_of(request)
    filters = wanted(request, face.clock())
    asked = replace(filters, stages=filters.stages or ALL)
    try:
        span = span_of(parameter(request, "zoom"), parameter(request, "at"), _newest(request), look_of(request).words.zone)
    except ValueError:
        raise BadRequest("at: a month such as 2024-02") from None
    found, total = face.library.between(span.since.astimezone(UTC), span.until.astimezone(UTC), asked, limit=DRAWN)
    drawn = race(found, span)
    before, after = neighbours(span)
    links = {zoom: f"/race?{query(request, zoom=zoom, at=span.key)}" for zoom in ZOOMS}
    steps = {"earlier": f"/race?{query(request, at=before)}", "later": f"/race?{query(request, at=after)}"}
    shown = {"vendors": vendors(request), "modalities": list(Modality), "stages": ALL, "filters": filters}
    whole = f"/race?{urlencode({'zoom': span.zoom, 'at': span.key})}" if _narrowed(request) else None
    return page(request, "race.html", race=drawn, total=total, links=links, steps=steps, whole=whole, **shown)


def _newest(request: Request) -> datetime:
    face = face_of(request)
    entries, _ = face.library.announcements(Filter(stages=ALL), limit=1)
    return entries[0].announcement.at if entries else face.clock()


def story(request: Request) -> Response:
    """One model: stages with quotes, members by outlet, evidence, deliveries."""
    found = face_of(request).library.story(request.path_params["ref"])
    if found is None:
        return missing(request)
    return page(request, "story.html", view=found)


def search(request: Request) -> Response:
    """Documents by full text."""
    face, asked = face_of(request), parameter(request, "q")
    hits = (
        face.library.search(asked, limit=limit_of(request, 20), cursor=parameter(request, "cursor"), now=face.clock())
        if asked
        else None
    )
    older = f"/search?{query(request, cursor=hits.cursor)}" if hits and hits.cursor else None
    return page(request, "search.html", asked=asked or "", hits=hits, older=older)


def sources(request: Request) -> Response:
    """All sources with their health, and the possible gaps."""
    face = face_of(request)
    now = face.clock()
    gaps = face.library.gaps(now - timedelta(days=30))
    return page(request, "sources.html", sources=face.library.sources(now), gaps=gaps, stalled=_stalled(face))


def source(request: Request) -> Response:
    """One source's last polls."""
    face, source_id = face_of(request), request.path_params["source_id"]
    found = face.library.source(source_id, face.clock())
    if found is None:
        return missing(request)
    return page(request, "source.html", source=found, polls=face.library.polls(source_id, 50))


def explain(request: Request) -> Response:
    """Why a text, an address or an item is, or is not, an announcement."""
    face, asked = face_of(request), parameter(request, "q")
    if asked is None:
        return page(request, "explain.html", asked="", answer=None)
    trace, words = traced(face.library, asked), look_of(request).words
    answer = explained(face.library, face.config, face.rules, asked, trace, face.clock())
    said = {
        "verdict": f"{told.verdict(words, answer)} {told.held_back(words, answer, face.rules)}".rstrip(),
        "notes": told.notes(words, answer, trace),
        "became": [*told.became(words, answer, trace), *told.passed_by(words, face.config.subscriptions, trace)],
    }
    return page(request, "explain.html", asked=asked, answer=answer, **said)


def digests(request: Request) -> Response:
    """The last editions and what became of each delivery."""
    face = face_of(request)
    shown = limit_of(request, 20)
    editions = face.library.editions(limit=shown)
    more = f"/digests?limit={min(MOST, 3 * shown)}" if len(editions) == shown < MOST else None
    return page(request, "digests.html", editions=editions, more=more)


def delivery(request: Request) -> Response:
    """A delivery as sent: its text, and where to look at the mail that it is the text of."""
    found = face_of(request).library.delivery(request.path_params["ref"])
    if found is None:
        return missing(request)
    mailed = f"/digests/{found.delivery.id}/mail" if standalone.document(found.delivery.body) else None
    return page(request, "delivery.html", view=found, text=_as_sent(found.delivery.body), mailed=mailed)


def mail(request: Request) -> Response:
    """The HTML of a mail, with its picture, as a mail program shows it: a document of its own, to which nothing of ours is open."""
    found = face_of(request).library.delivery(request.path_params["ref"])
    html = standalone.document(found.delivery.body) if found else None
    if html is None:
        return missing(request)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_CSP, "Cache-Control": "private, no-cache"})


def _as_sent(body: Mapping[str, Any]) -> str:
    """The text of a mail or message; what went to a webhook or a chat as JSON, indented. Empty where it is no longer kept."""
    text, content = body.get("text"), body.get("content")
    if isinstance(text, str) and text:
        return text
    try:
        return encoded(json.loads(content), indent=2) if isinstance(content, str) else ""
    except ValueError:
        return str(content)


# --- signing in, unsubscribing ------------------------------------------------------------------------------------------------


def sign_in_page(request: Request) -> Response:
    """The form, which remembers what was asked for; nothing to do where nobody is asked."""
    back = inside(parameter(request, "back") or "/")
    return page(request, "signin.html", wrong=False, back=back) if face_of(request).gate.closed else RedirectResponse("/", 303)


async def sign_in(request: Request) -> Response:
    """Check the token and give the browser a session. Any stranger may post here: of what is not our form nothing is read."""
    if not face_of(request).gate.closed:
        return RedirectResponse("/", 303)
    if not same_site(request):
        return await run_in_threadpool(_refused, request, "/")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return PlainTextResponse(f"a form is {FORM}\n", 415)
    body = await body_of(request, LONGEST_FORM)
    if body is None:
        return PlainTextResponse(f"longer than {LONGEST_FORM} bytes\n", 413)
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    return await run_in_threadpool(_signed_in, request, form.get("token", ""), inside(form.get("back", "/")))


def _refused(request: Request, back: str) -> Response:
    return page(request, "signin.html", 403, wrong=True, back=back)


def _signed_in(request: Request, token: str, back: str) -> Response:
    gate = face_of(request).gate
    if not gate.knows(token):
        return _refused(request, back)
    response = RedirectResponse(back, 303)
    gate.sign_in(
        response, secure=request.url.scheme == "https" or (face_of(request).config.web.base_url or "").startswith("https")
    )
    return response


async def sign_out(request: Request) -> Response:
    """Take the session back."""
    response = RedirectResponse("/signin", 303)
    if same_site(request):
        face_of(request).gate.sign_out(response)
    return response


# --- shared ---------------------------------------------------------------------------------------------------------------------


def query(request: Request, **changes: str | None) -> str:
    """The parameters of this address with some changed, as a query."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if value and name not in changes]
    return urlencode([*kept, *((name, value) for name, value in changes.items() if value)])


def vendors(request: Request) -> list[str]:
    """Vendors with announcements, most first, for the filter."""
    return [name for name, _ in figures(face_of(request)).vendors if name][:60]


def _feed(request: Request, *, rumors: bool) -> str:
    """The same filter's query for a feed, but for the span: a feed goes on. What ``/rumors`` says by its path, a feed's query says."""
    carried = set(FILTERS) - {"since", "until"} - ({"stage"} if rumors else set())
    kept = [(name, value) for name, value in request.query_params.multi_items() if value and name in carried]
    query = urlencode([*kept, *([("stage", Stage.RUMORED.value)] if rumors else [])])
    return f"?{query}" if query else ""


def _narrowed(request: Request) -> bool:
    """Whether the address narrows what is shown, be it by what the form does not offer."""
    return any(parameter(request, name) for name in FILTERS)


def missing(request: Request) -> Response:
    """404 in the same dress."""
    return wrong(request, 404, "missing")


def wrong(request: Request, status: int, name: str, said: str | None = None) -> Response:
    """A page for what cannot be answered: ``name``'s own words, and what was said of it (in English, as for programs)."""
    return page(request, "error.html", status, name=name, said=said)


def _served(make: Callable[[Request], Response], request: Request) -> Response:
    """A page; a parameter that cannot be gets a page that says so."""
    try:
        return make(request)
    except (BadRequest, BadQuery) as error:
        return wrong(request, 400, "bad", str(error))


def _get(path: str, make: Callable[[Request], Response], name: str) -> Route:
    return Route(path, partial(_served, make), methods=["GET"], name=name)


ROUTES = [
    _get("/", today, "today"),
    _get("/rumors", rumors, "rumors"),
    _get("/race", the_race, "race"),
    _get("/story/{ref}", story, "story"),
    _get("/search", search, "search"),
    _get("/sources", sources, "sources"),
    _get("/sources/{source_id}", source, "source"),
    _get("/explain", explain, "explain"),
    _get("/digests", digests, "digests"),
    _get("/digests/{ref}", delivery, "delivery"),
    _get("/digests/{ref}/mail", mail, "mail"),
    _get("/look", choose, "look"),
    _get("/signin", sign_in_page, "signin"),
    Route("/signin", sign_in, methods=["POST"]),
    Route("/signout", sign_out, methods=["POST"]),
]
