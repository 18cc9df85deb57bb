"""The newsroom: every outlet of the demo's world on one loopback server, each as of the simulated now.

GET /openai/news/rss.xml     an outlet's own address: 200, 304 to its validators, 301 once moved, 503 while out of order
GET /openai/2024/02/1f2e...  an article's page, once it is published
GET /robots.txt              everything is allowed
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from aiwatch.demo import formats
from aiwatch.demo.articles import Article, Outlet, World
from aiwatch.model import ident
from aiwatch.ports import Clock


class Newsroom:
    """Answers for all outlets. ``answers`` counts ``(outlet id, status)`` for those who want to know what was asked."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world, self._clock = world, clock
        self._pages = {formats.page_path(world.outlet(one.source), one): one for one in world.articles}
        self.answers: Counter[tuple[str, int]] = Counter()
        self.app = Starlette(routes=[*self._addresses(), Route("/robots.txt", _robots), Route("/{path:path}", self._page)])

    def _addresses(self) -> list[Route]:
        routes = []
        for outlet in self._world.outlets:
            routes.append(Route(_route(outlet.path), partial(self._outlet, outlet)))
            if outlet.moved and _route(outlet.moved.to) != _route(outlet.path):
                routes.append(Route(_route(outlet.moved.to), partial(self._outlet, outlet)))
        return routes

    async def _outlet(self, outlet: Outlet, request: Request) -> Response:
        answer = self._answer(outlet, request)
        self.answers[outlet.id, answer.status_code] += 1
        return answer

    def _answer(self, outlet: Outlet, request: Request) -> Response:
        now = self._clock()
        if outlet.outage and outlet.outage.start <= now < outlet.outage.end:
            return PlainTextResponse("Service Unavailable: maintenance\n", 503, {"Retry-After": "1800"})
        if outlet.moved and now >= outlet.moved.at and request.url.path == _route(outlet.path):
            return RedirectResponse(outlet.moved.to, 301)
        if outlet.moved and now < outlet.moved.at and request.url.path == _route(outlet.moved.to):
            return PlainTextResponse("Not Found\n", 404)
        articles = self._world.published(outlet, now)
        base = str(request.base_url).rstrip("/")
        body = formats.render(formats.Issue(outlet=outlet, articles=articles, base=base, now=now))
        validators = _validators(outlet, articles, body)
        if _unchanged(request, validators):
            return Response(status_code=304, headers=validators)
        return Response(body, headers={"Content-Type": formats.content_type(outlet), **validators})

    async def _page(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        article = self._pages.get(path) or self._pages.get(request.url.path)
        if article is None or article.at > self._clock():
            return PlainTextResponse("Not Found\n", 404)
        return HTMLResponse(formats.article_page(self._world.outlet(article.source), article))


async def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nAllow: /\n")


def _route(path: str) -> str:
    return path.partition("?")[0]


def _validators(outlet: Outlet, articles: list[Article], body: bytes) -> dict[str, str]:
    if outlet.etag:
        return {"ETag": f'"{ident(body.hex())}"'}
    if outlet.last_modified:
        latest = max((one.at for one in articles), default=datetime(2024, 1, 1, tzinfo=UTC))
        return {"Last-Modified": format_datetime(latest, usegmt=True)}
    return {}


def _unchanged(request: Request, validators: dict[str, str]) -> bool:
    return ("ETag" in validators and request.headers.get("if-none-match") == validators["ETag"]) or (
        "Last-Modified" in validators and request.headers.get("if-modified-since") == validators["Last-Modified"]
    )
