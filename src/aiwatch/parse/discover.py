"""From an address that a person knows to a source that can be polled: by the host's own rules, or by what the page says of itself.

    address ──> known host (GitHub, Hugging Face, YouTube ...) ──> its feed or API
            └─> body: a feed? a sitemap? a page that names its feeds? ──> proposals, best first

Pure: the caller fetches. Nothing is guessed beyond what a host documents; a page without a feed is proposed as a ``page`` to be given
selectors, never as something that works already.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser

from aiwatch.model import Fetched, Kind, Source, Tier
from aiwatch.parse.encoding import decode
from aiwatch.parse.markup import one_line
from aiwatch.urls import host_of, resolve

_FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
}
_ROOT = re.compile(r"<(?:[\w.-]+:)?(rss|feed|RDF|urlset|sitemapindex)\b")
_COMMENTS = re.compile(r"comment|reply|replies", re.IGNORECASE)


def known(url: str) -> Source | None:
    """The source behind an address of a host whose rules are documented; None for every other address, and for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that do not close, a host that changes under NFKC
        return None
    host = (parts.hostname or "").removeprefix("www.")
    path = [piece for piece in parts.path.split("/") if piece]
    for hosts, made in _HOSTS:
        if host in hosts and (source := made(path, parts.query)) is not None:
            return replace(source, id=source_id(source.name or host))
    source = _mastodon(host, path)
    return replace(source, id=source_id(source.name)) if source else None


def proposals(fetched: Fetched) -> tuple[Source, ...]:
    """What the fetched body offers, best first; the last resort is the page itself, which then needs selectors."""
    decoded = decode(fetched.body, fetched.headers.get("content-type")).text
    lead = decoded[:20_000]
    name = _title(lead) or host_of(fetched.url) or fetched.url
    root = _ROOT.search(lead)
    if root and root[1] in {"urlset", "sitemapindex"}:
        return (_named(Source(id="x", url=fetched.url, kind=Kind.SITEMAP), name),)
    if root or _is_json_feed(lead):
        return (_named(Source(id="x", url=fetched.url), name),)
    found = [_named(Source(id="x", url=feed, lang=_lang(decoded)), title or name) for feed, title in _links(decoded, fetched.url)]
    page = _named(Source(id="x", url=fetched.url, kind=Kind.PAGE, lang=_lang(decoded)), name)
    return (*found, page)


def source_id(name: str) -> str:
    """An id made of a name: lower case, words joined by ``-``; ``source`` where no letter of it can stand in one."""
    made = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60].strip("-")
    return made or "source"


def unique(wanted: str, taken: frozenset[str]) -> str:
    """``wanted``, or with the first number that makes it new."""
    number, made = 2, wanted
    while made in taken:
        made, number = f"{wanted}-{number}", number + 1
    return made


def _named(source: Source, name: str) -> Source:
    return replace(source, id=source_id(name), name=name)


# --- hosts ----------------------------------------------------------------------------------------------------------------------


def _github(path: list[str], _: str) -> Source | None:
    if len(path) >= 2:
        page = "tags" if "tags" in path[2:] else "releases"
        return Source(
            id="x", name=f"{path[1]} {page}", url=f"https://github.com/{path[0]}/{path[1]}/{page}.atom", kind=Kind.GITHUB
        )
    if len(path) == 1:
        url = f"https://api.github.com/orgs/{path[0]}/repos?sort=created&direction=desc&per_page=100&type=public"
        return Source(id="x", name=f"{path[0]} on GitHub", url=url, kind=Kind.GITHUB)
    return None


def _huggingface(path: list[str], _: str) -> Source | None:
    if not path or path[0] in {"blog", "papers", "docs", "spaces", "datasets", "models"}:
        return None
    url = f"https://huggingface.co/api/models?author={path[0]}&sort=createdAt&direction=-1&limit=20"
    return Source(id="x", name=f"{path[0]} on Hugging Face", url=url, kind=Kind.HUGGINGFACE)


def _youtube(path: list[str], query: str) -> Source | None:
    channel = path[1] if len(path) >= 2 and path[0] == "channel" else (parse_qs(query).get("channel_id") or [""])[0]
    if not channel:
        return None
    return Source(
        id="x", name=f"YouTube {channel}", url=f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}", kind=Kind.YOUTUBE
    )


def _reddit(path: list[str], _: str) -> Source | None:
    if len(path) >= 2 and path[0] == "r":
        url = f"https://www.reddit.com/r/{path[1]}/new/.rss"
        return Source(id="x", name=f"r/{path[1]}", url=url, kind=Kind.REDDIT, tier=Tier.COMMUNITY)
    return None


def _bluesky(path: list[str], _: str) -> Source | None:
    if len(path) >= 2 and path[0] == "profile":
        return Source(id="x", name=f"Bluesky {path[1]}", url=f"https://bsky.app/profile/{path[1]}/rss", kind=Kind.BLUESKY)
    return None


def _x(path: list[str], _: str) -> Source | None:
    if not path:
        return None
    needs = "needs a token of X's API in headers, and the numeric id: url = https://api.x.com/2/users/ID/tweets; or a bridge's feed address"
    url = f"https://api.x.com/2/users/by/username/{path[0].lstrip('@')}"
    return Source(id="x", name=f"X {path[0]}", url=url, kind=Kind.X, enabled=False, reason=needs)


def _arxiv(path: list[str], _: str) -> Source | None:
    if len(path) >= 2 and path[0] == "list":
        return Source(id="x", name=f"arXiv {path[1]}", url=f"https://rss.arxiv.org/rss/{path[1]}", kind=Kind.ARXIV)
    return None


def _mastodon(host: str, path: list[str]) -> Source | None:
    """An account of any server: its address begins with ``@`` and its feed ends in ``.rss``. Medium and others look alike."""
    if len(path) == 1 and path[0].startswith("@") and host not in _NO_MASTODON:
        return Source(id="x", name=f"Mastodon {path[0]}@{host}", url=f"https://{host}/{path[0]}.rss", kind=Kind.MASTODON)
    return None


_NO_MASTODON = frozenset(["medium.com", "youtube.com", "m.youtube.com", "tiktok.com", "threads.net", "threads.com"])
_HOSTS = (
    ({"github.com"}, _github),
    ({"huggingface.co"}, _huggingface),
    ({"youtube.com", "m.youtube.com"}, _youtube),
    ({"reddit.com", "old.reddit.com"}, _reddit),
    ({"bsky.app"}, _bluesky),
    ({"x.com", "twitter.com"}, _x),
    ({"arxiv.org"}, _arxiv),
)


# --- pages ----------------------------------------------------------------------------------------------------------------------


def _links(html: str, base: str) -> list[tuple[str, str]]:
    """The feeds a page names in its head (``<link rel=alternate>``), each once; feeds of comments last."""
    found: dict[str, str] = {}
    tree = LexborHTMLParser(html)
    for node in tree.css("link[href]"):
        attributes = node.attributes
        kind = (attributes.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in (attributes.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            address = resolve(base, attributes.get("href"))
            if address:
                found.setdefault(address, one_line(attributes.get("title") or "", 100))
    return sorted(found.items(), key=lambda pair: bool(_COMMENTS.search(" ".join(pair))))


def _title(text: str) -> str:
    match = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL) or re.search(
        r'"title"\s*:\s*"([^"]{1,200})"', text
    )
    return one_line(re.sub(r"<!\[CDATA\[|\]\]>", "", match[1]), 100) if match else ""


def _lang(html: str) -> str | None:
    match = re.search(r"<html[^>]*\blang=[\"']?([A-Za-z]{2,3})\b", html[:5000], re.IGNORECASE)
    return match[1].lower() if match else None


def _is_json_feed(text: str) -> bool:
    return text.lstrip().startswith("{") and "jsonfeed.org/version" in text
