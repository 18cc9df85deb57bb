"""How the newsroom's outlets write: one function a format, from articles to bytes, with the quirks that real outlets were seen with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape, unescape
from types import MappingProxyType
from zoneinfo import ZoneInfo

from aiwatch.demo.articles import Article, Outlet
from aiwatch.model import ident

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "rss": "application/rss+xml",
        "rdf": "application/rdf+xml",
        "atom": "application/atom+xml",
        "jsonfeed": "application/feed+json",
        "page": "text/html",
        "sitemap": "application/xml",
        "news-sitemap": "application/xml",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What an outlet's address shows at one moment. ``base`` is the newsroom's ``http://host:port``; articles newest first."""

    outlet: Outlet
    articles: Sequence[Article]
    base: str
    now: datetime

    def link(self, article: Article) -> str:
        """The article's address as this outlet writes it, campaign parameters included."""
        link = self.base + page_path(self.outlet, article)
        if self.outlet.utm:
            link += f"?utm_source=rss&utm_medium=feed&utm_campaign=day-{self.now:%Y%m%d}"
        return link

    def guid(self, article: Article) -> str:
        """The article's id as this outlet writes it at this moment."""
        outlet = self.outlet
        if outlet.reidentified and self.now >= outlet.reidentified:
            return f"urn:topic:{ident('new software', article.token)}"
        if outlet.cache_buster:
            return f"{self.base}{page_path(outlet, article)}?cb={ident(article.token, self.now.date())[:6]}"
        return self.base + page_path(outlet, article)

    def stamp(self, article: Article) -> datetime:
        """The article's date as this outlet tells it, in its zone."""
        restamped = self.outlet.restamped
        at = restamped if restamped and restamped <= self.now and article.at < restamped else article.at
        return at.astimezone(ZoneInfo(self.outlet.zone))


def page_path(outlet: Outlet, article: Article) -> str:
    """Where the article itself stands."""
    if article.slug:
        return outlet.home + article.slug
    if outlet.id == "nuri":  # portals address by numbers in the query, which must survive
        return f"{outlet.home}/read?aid={article.number:010d}&oid=105"
    return f"{outlet.home}/{article.at:%Y/%m}/{article.token}"


def render(issue: Issue) -> bytes:
    """The body that the outlet's address answers with."""
    return FORMATS[issue.outlet.format](issue).encode(issue.outlet.charset, "xmlcharrefreplace")


def content_type(outlet: Outlet) -> str:
    """The Content-Type header."""
    return f"{TYPES[outlet.format]}; charset={outlet.charset}"


def plain(markup: str) -> str:
    """The text of a title or summary, for formats that have no markup."""
    text, inside = [], False
    for char in markup:
        if char in "<>":
            inside = char == "<"
        elif not inside:
            text.append(char)
    return unescape("".join(text))


# --- feeds ------------------------------------------------------------------------------------------------------------


def _rss(issue: Issue) -> str:
    outlet = issue.outlet
    head = (
        f'<?xml version="1.0" encoding="{outlet.charset.upper()}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(outlet.name)}</title><link>{issue.base}{outlet.home}/</link>"
        f"<description>{escape(outlet.name)}</description><language>{outlet.lang}</language>\n"
    )
    return head + "\n".join(_rss_item(issue, one) for one in issue.articles) + "\n</channel></rss>\n"


def _rss_item(issue: Issue, article: Article) -> str:
    outlet = issue.outlet
    link = escape(issue.link(article))
    guid = escape(issue.guid(article))
    return (
        f"<item><title>{_text(outlet, article.title)}</title><link>{link}</link>"
        f'<guid isPermaLink="{"false" if outlet.utm else "true"}">{guid}</guid>'
        f"<description>{_text(outlet, article.summary)}</description>{_content(issue, article)}"
        f"<pubDate>{_rss_date(issue, article)}</pubDate></item>"
    )


def _text(outlet: Outlet, text: str) -> str:
    """A title or description in the outlet's manner of escaping. The text itself is HTML."""
    if outlet.cdata:
        return f"<![CDATA[{text}]]>"
    if outlet.double_escaped:
        return escape(escape(f"<b>{text}</b>" if "AI" in text else text))
    if outlet.entities:  # characters as HTML entities, then escaped for XML: seen at blogs behind a CMS
        text = unescape(text).replace("&", "&amp;").replace("’", "&#8217;").replace(":", "&#58;")
        return escape(text)
    return escape(text, quote=False)


def _content(issue: Issue, article: Article) -> str:
    if not issue.outlet.cdata:
        return ""
    story = f'<figure><img src="{issue.base}{issue.outlet.home}/img/{article.token}.jpg" alt=""></figure>{article.summary}'
    footer = '<p>The Daily Circuit <a href="/newsletter">newsletter</a>: every morning at seven.</p>'
    return f"<content:encoded><![CDATA[{story}{footer}]]></content:encoded>"


def _rss_date(issue: Issue, article: Article) -> str:
    at = issue.stamp(article)
    return f"{at:%Y-%m-%d %H:%M:%S}" if issue.outlet.naive_dates else format_datetime(at)


def _rdf(issue: Issue) -> str:
    outlet, base = issue.outlet, issue.base
    listed = "".join(f'<rdf:li rdf:resource="{escape(issue.link(one))}"/>' for one in issue.articles)
    items = "\n".join(
        f'<item rdf:about="{escape(issue.guid(one))}"><title>{escape(one.title)}</title><link>{escape(issue.link(one))}</link>'
        f"<description>{escape(one.summary)}</description><dc:date>{issue.stamp(one).isoformat()}</dc:date></item>"
        for one in issue.articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}{outlet.path}"><title>{escape(outlet.name)}</title><link>{base}{outlet.home}/</link>'
        f"<description>{escape(outlet.name)}</description><dc:language>{outlet.lang}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def _atom(issue: Issue) -> str:
    outlet = issue.outlet
    latest = max((issue.stamp(one) for one in issue.articles), default=issue.now)
    entries = "\n".join(_atom_entry(issue, one) for one in issue.articles)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}">'
        f"<title>{escape(outlet.name)}</title><id>{issue.base}{outlet.path}</id><updated>{latest.isoformat()}</updated>"
        f'<link rel="self" href="{issue.base}{outlet.path}"/>\n{entries}\n</feed>\n'
    )


def _atom_entry(issue: Issue, article: Article) -> str:
    stamp = issue.stamp(article).isoformat()
    return (
        f"<entry><title>{escape(article.title)}</title><id>{escape(issue.guid(article))}</id>"
        f'<link rel="alternate" href="{escape(issue.link(article))}"/><published>{stamp}</published><updated>{stamp}</updated>'
        f'<author><name>Staff</name></author><summary type="html">{escape(article.summary)}</summary></entry>'
    )


def _jsonfeed(issue: Issue) -> str:
    outlet = issue.outlet
    items = [
        {
            "id": issue.guid(one),
            "url": issue.link(one),
            "title": plain(one.title),
            "content_text": plain(one.summary),
            "date_published": issue.stamp(one).isoformat().replace("+00:00", "Z"),
            "tags": ["ai"],
        }
        for one in issue.articles
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{issue.base}{outlet.home}/",
        "feed_url": issue.base + outlet.path,
        "language": outlet.lang,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


# --- pages and sitemaps -------------------------------------------------------------------------------------------------


def _page(issue: Issue) -> str:
    rows = "\n".join(
        f'<article class="post"><a href="{page_path(issue.outlet, one)}"><h3>{escape(one.title)}</h3></a>'
        f'<p class="lead">{escape(one.summary)}</p><time>{one.at:%B} {one.at.day}, {one.at.year}</time></article>'
        for one in issue.articles
    )
    name = escape(issue.outlet.name)
    return (
        f'<!doctype html><html lang="{issue.outlet.lang}"><head><meta charset="utf-8"><title>{name}</title></head><body>'
        f'<nav><a href="/">Home</a> <a href="/about">About</a></nav><main><h1>{name}</h1>\n{rows}\n</main>'
        '<footer><a href="/privacy">Privacy</a></footer></body></html>\n'
    )


def _sitemap(issue: Issue) -> str:
    urls = "\n".join(
        f"<url><loc>{escape(issue.link(one))}</loc><lastmod>{issue.stamp(one).isoformat()}</lastmod></url>"
        for one in issue.articles
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}\n</urlset>\n'


def _news_sitemap(issue: Issue) -> str:
    urls = "\n".join(
        f"<url><loc>{escape(issue.link(one))}</loc><news:news><news:publication><news:name>{escape(issue.outlet.name)}</news:name>"
        f"<news:language>{issue.outlet.lang}</news:language></news:publication>"
        f"<news:publication_date>{issue.stamp(one).isoformat()}</news:publication_date>"
        f"<news:title>{escape(one.title)}</news:title></news:news></url>"
        for one in issue.articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}\n</urlset>\n'
    )


def article_page(outlet: Outlet, article: Article) -> str:
    """The article's own page, with the dates and metadata that publishers put there."""
    title, text = escape(plain(article.title)), escape(plain(article.summary) or plain(article.title))
    body = article.summary if article.summary.startswith("<p>") else f"<p>{text}</p>"
    return (
        f'<!doctype html><html lang="{outlet.lang}"><head><meta charset="utf-8"><title>{title} | {escape(outlet.name)}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta name="description" content="{text}">'
        f'<meta property="article:published_time" content="{article.at.isoformat()}"></head>'
        f'<body><header><a href="{outlet.home}/">{escape(outlet.name)}</a></header>'
        f"<main><article><h1>{title}</h1>{body}</article></main></body></html>\n"
    )


FORMATS: Mapping[str, Callable[[Issue], str]] = MappingProxyType(
    {
        "rss": _rss,
        "rdf": _rdf,
        "atom": _atom,
        "jsonfeed": _jsonfeed,
        "page": _page,
        "sitemap": _sitemap,
        "news-sitemap": _news_sitemap,
    }
)
