"""A town of sites on loopback that publish, and misbehave, by a seed and a clock that is turned: what ``months.py`` lets the daemon poll.

Each site has an address of its own: feeds (RSS with and without dates, Atom, a board that counts readers in titles and has neither links
nor guids), pages of links, sitemaps, sitemaps in parts, dated late or not at all. What is wrong with one is drawn at each step of ten
minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeAlias

START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
STEP = timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHOWN = 20  # entries that a list holds
KINDS = ("rss", "rss", "undated", "atom", "board", "page", "map", "index", "dated")
MAPS = frozenset({"map", "index", "dated"})
IN_PARTS = frozenset({"index", "dated"})
WORDS = (
    "OpenAI launches {}, a new language model",
    "OpenAI releases its new AI model {}",
    "OpenAI unveils {}, its next large language model",
    "오픈AI, 새 언어 모델 {} 공개",
)
TEXT = "The model reads text and pictures, is open for everybody to use from today, and costs as much as the last one did. " * 3
GOOD, FAILURES = 0.9, ("500", "404", "close", "challenge", "empty", "half", "cut", "torn", "429", "login")
Answer: TypeAlias = tuple[int, bytes, dict[str, str]]


@dataclass(slots=True)
class Entry:
    """What a site published."""

    number: int
    title: str
    at: datetime
    launch: str = ""  # the model that it tells of
    shown: datetime | None = None  # the date that the site gives it
    edited: bool = False
    away: datetime | None = None  # taken back until then


@dataclass(slots=True)
class Site:
    """One source, and what is wrong with it today."""

    number: int
    kind: str
    rng: random.Random
    entries: list[Entry] = field(default_factory=list)  # newest first
    built: int = 0  # how often it was rebuilt
    moved: int = 0  # how often its list moved for good
    broken: tuple[datetime, str] = (START, "")
    stale: datetime = START  # answers 304 until then
    campaign: datetime = START
    restamped: datetime | None = None
    shuffled: bool = False
    views: int = 0

    @property
    def primary(self) -> bool:
        return self.number % 3 == 0

    @property
    def host(self) -> str:
        return f"127.0.1.{self.number + 1}"

    def publish(self, at: datetime, title: str, launch: str = "") -> Entry:
        entry = Entry(number=len(self.entries), title=title, at=at, launch=launch, shown=at)
        self.entries.insert(0, entry)
        return entry

    def visible(self, now: datetime) -> list[Entry]:
        """What its list shows: the newest, less what is taken back."""
        most = len(self.entries) if self.kind in MAPS else SHOWN
        found = [one for one in self.entries if not (one.away and one.away > now)][:most]
        if self.shuffled:
            self.rng.shuffle(found)
        return found

    def slug(self, entry: Entry) -> str:
        name = entry.title.lower().replace(",", "") if entry.title.isascii() else f"news {entry.launch.lower()}"
        return f"/{'news' if self.built % 2 == 0 else 'blog'}/{'-'.join(name.split())}-{entry.number}"


# --- what sites say -------------------------------------------------------------------------------------------------------------------


def title(site: Site, entry: Entry) -> str:
    said = entry.title.replace("a new", "its new") if entry.edited else entry.title
    return f"{said} ({site.views + entry.number})" if site.kind == "board" else said


def date(site: Site, entry: Entry) -> datetime:
    old = entry.shown is not None and entry.shown < entry.at
    stamped = site.restamped is not None and entry.at <= site.restamped
    return entry.shown if old and entry.shown else site.restamped if stamped and site.restamped else entry.at


def document(site: Site, path: str, now: datetime) -> bytes:
    """The site's list, or one part of it."""
    site.views += 3
    root, shown = f"http://{site.host}:{{port}}", site.visible(now)
    if site.kind == "page":
        rows = "".join(f'<li><a href="{site.slug(one)}"><h3>{title(site, one)}</h3></a></li>' for one in shown)
        return f"<html><body><main><ul>{rows}</ul></main></body></html>".encode()
    if site.kind in IN_PARTS and "part" not in path:
        parts = sorted({one.number // 40 for one in shown})
        rows = "".join(f"<sitemap><loc>{root}/part-{n}.xml</loc>{_behind(site, shown, n, now)}</sitemap>" for n in parts)
        return f"<sitemapindex>{rows}</sitemapindex>".encode()
    if site.kind in MAPS:
        part = int(path.partition("part-")[2].partition(".")[0]) if site.kind in IN_PARTS else None
        rows = "".join(
            f"<url><loc>{root}{site.slug(one)}</loc></url>" for one in reversed(shown) if part is None or one.number // 40 == part
        )
        return f"<urlset>{rows}</urlset>".encode()
    if site.kind == "atom":
        rows = "".join(
            f'<entry><title>{title(site, one)}</title><id>{site.built}-{one.number}</id><link href="{root}{site.slug(one)}"/>'
            f"<published>{date(site, one).isoformat()}</published><summary>{TEXT[:90]}</summary></entry>"
            for one in shown
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Site {site.number}</title>{rows}</feed>'.encode()
    return f"<rss><channel><title>Site {site.number}</title>{''.join(_row(site, one, root) for one in shown)}</channel></rss>".encode()


def _behind(site: Site, shown: list[Entry], part: int, now: datetime) -> str:
    """The date of a part, as the index knows it: some hours late."""
    known = [one.at for one in shown if one.number // 40 == part and one.at < now - 5 * HOUR]
    return f"<lastmod>{max(known, default=START).isoformat()}</lastmod>" if site.kind == "dated" else ""


def _row(site: Site, one: Entry, root: str) -> str:
    link = "" if site.kind == "board" else f"<link>{root}{site.slug(one)}</link><guid>{site.built}-{one.number}</guid>"
    stamp = "" if site.kind == "undated" else f"<pubDate>{format_datetime(date(site, one))}</pubDate>"
    return f"<item><title>{title(site, one)}</title>{link}{stamp}<description>{TEXT[:90]}</description></item>"


def article(entry: Entry) -> bytes:
    head = f'<title>{entry.title}</title><meta property="og:title" content="{entry.title}">'
    return f"<html><head>{head}</head><body><article><h1>{entry.title}</h1><p>{TEXT}</p></article></body></html>".encode()


def failure(how: str, body: bytes, rng: random.Random) -> Answer:
    """An answer that is none; ``torn`` says more bytes than it has, ``half`` is a whole answer of half a document."""
    if how.isdecimal():
        return int(how), b"", {"Retry-After": "1800"} if how == "429" else {}
    if how in {"challenge", "login"}:
        page = "<title>Just a moment...</title>" if how == "challenge" else "<title>Sign in</title><input type=password>"
        return 200, f"<html><head>{page}</head></html>".encode(), {}
    if how == "empty":
        return 200, b"", {}
    if how == "torn":
        return 200, body, {"Content-Length": str(len(body) + 500)}
    if how == "half":
        return 200, body[: rng.randrange(1, len(body))], {}
    packed = gzip.compress(body)
    return 200, packed[: rng.randrange(1, len(packed))] if how == "cut" else packed, {"Content-Encoding": "gzip"}


# --- the town -----------------------------------------------------------------------------------------------------------------------------


@dataclass
class Town:
    """All sites, what was planted, and what the hooks heard."""

    rng: random.Random
    sites: list[Site]
    now: datetime = START
    port: int = 0
    launches: dict[str, datetime] = field(default_factory=dict)
    archives: set[str] = field(default_factory=set)
    dark: datetime = START  # nothing answers until then
    good: float = GOOD  # of answers where nothing is wrong
    hooks: dict[str, datetime] = field(default_factory=dict)  # a hook fails until then
    heard: defaultdict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))  # hook -> message -> models
    asked: Counter[str] = field(default_factory=Counter)
    planned: list[tuple[datetime, Site, str, str]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def step(self, *, launching: bool) -> None:
        """Ten minutes of everybody's life."""
        self.now += STEP
        part = STEP / DAY
        for site in self.sites:
            if self.rng.random() < 5 * part:
                self._note(site)
            self._trouble(site, part)
        if launching and self.rng.random() < 1.5 * part:
            self._launch()
        for at, site, said, launch in [one for one in self.planned if one[0] <= self.now]:
            self._published(site, at, said, launch)
        self.planned = [one for one in self.planned if one[0] > self.now]
        if self.rng.random() < part / 8:
            self.dark = self.now + self.rng.uniform(1, 5) * HOUR
        for hook in ("/now", "/hourly"):
            if self.rng.random() < part / 5:
                self.hooks[hook] = self.now + self.rng.choice((1, 1, 20)) * HOUR

    def rest(self) -> None:
        """Ten minutes in which nothing is published, and nothing is wrong any more."""
        self.now += STEP
        self.dark, self.good = START, 1.0
        for site in self.sites:
            site.broken, site.stale, site.campaign = (START, ""), START, START

    def _note(self, site: Site) -> None:
        site.publish(self.now, f"A note on our garden, part {len(site.entries)} of site {site.number}")

    def _launch(self) -> None:
        name = f"GPT-{1001 + len(self.launches)}"
        self.launches[name] = self.now
        own = [site for site in self.sites if site.primary]
        first = self.rng.sample(own, 1) if self.rng.random() < 0.7 else []
        for site in first:
            self.planned.append((self.now, site, f"Introducing {name}, a new language model", name))
        press = [site for site in self.sites if not site.primary]
        for site in self.rng.sample(press, min(len(press), self.rng.randint(1, 6))):
            delay = self.rng.choice((0, 1, 1, 3, 8, 30)) * self.rng.random() * HOUR
            self.planned.append((self.now + delay, site, self.rng.choice(WORDS).format(name), name))

    def _published(self, site: Site, at: datetime, said: str, launch: str) -> None:
        entry = site.publish(at, said, launch)
        others = [one for one in self.planned if one[3] == launch and one[1] is not site]
        if site.kind in {"rss", "atom"} and len(others) > 1 and self.rng.random() < 0.1:
            entry.shown = at - timedelta(days=self.rng.choice((365, 1200, 5000)))

    def _trouble(self, site: Site, part: float) -> None:
        """What begins today, with a chance a day for each."""
        chances = {
            0.05: self._outage, 0.03: self._stale, 0.015: self._rebuilt, 0.02: self._restamped, 0.051: self._shuffled, 0.01: self._moved,
            0.016: self._campaign, 0.011: self._archive, 0.031: self._burst, 0.1: self._edited, 0.052: self._away,
        }  # fmt: skip
        for chance, begins in chances.items():
            if self.rng.random() < chance * part:
                begins(site)

    def _outage(self, site: Site) -> None:
        site.broken = (self.now + self.rng.choice((0.1, 0.3, 1, 4)) * DAY, self.rng.choice(FAILURES))

    def _stale(self, site: Site) -> None:
        site.stale = self.now + self.rng.uniform(0.2, 1) * DAY

    def _rebuilt(self, site: Site) -> None:
        site.built += 1

    def _moved(self, site: Site) -> None:
        site.moved += 1

    def _restamped(self, site: Site) -> None:
        site.restamped = None if site.restamped else self.now

    def _shuffled(self, site: Site) -> None:
        site.shuffled = not site.shuffled

    def _campaign(self, site: Site) -> None:
        site.campaign = self.now + self.rng.uniform(0.2, 2) * DAY

    def _burst(self, site: Site) -> None:
        for _ in range(self.rng.randint(10, 40)):
            self._note(site)

    def _edited(self, site: Site) -> None:
        for entry in self._recent(site):
            entry.edited = True

    def _away(self, site: Site) -> None:
        for entry in self._recent(site):
            entry.away = self.now + 6 * HOUR

    def _recent(self, site: Site) -> list[Entry]:
        """One of the newest, if there is one of these days."""
        recent = [one for one in site.entries[:8] if self.now - one.at < 3 * DAY]
        return [self.rng.choice(recent)] if recent else []

    def _archive(self, site: Site) -> None:
        """Launches of years ago, which the site takes in on top, with their dates."""
        for n in range(4 if site.kind in {"rss", "atom"} else 0):
            name = f"GPT-{100 + len(self.archives)}"
            self.archives.add(name)
            site.publish(self.now, f"OpenAI launches {name}, a new language model", "").shown = START - timedelta(
                days=500 + 40 * n
            )

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        host = writer.get_extra_info("sockname")[0]
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                method, path = lines[0].split(" ")[:2]
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                made = self._hear(path, fields, body) if method == "POST" else self._get(host, path, fields)
                if made is None:
                    break
                status, said, more = made
                rows = "".join(f"{name}: {value}\r\n" for name, value in ({"Content-Length": str(len(said))} | more).items())
                writer.write(f"HTTP/1.1 {status} x\r\n{rows}\r\n".encode() + said)
                await writer.drain()
                if more.get("Content-Length"):
                    break
        writer.close()

    def _hear(self, hook: str, fields: dict[str, str], body: bytes) -> Answer:
        if self.hooks.get(hook, START) > self.now or self.rng.random() < 0.05:
            return 500, b"", {}
        told = json.loads(body)
        names = [one["name"] for one in told["announcements"] + told["stage_changes"]]
        self.heard[hook].setdefault(fields["webhook-id"], names)
        return 200, b"{}", {}

    def _get(self, host: str, path: str, fields: dict[str, str]) -> Answer | None:
        site = next(one for one in self.sites if one.host == host)
        if self.dark > self.now:
            return None
        if path == "/robots.txt":
            return 404, b"", {}
        if "/list" not in path and "/part" not in path:
            found = next((one for one in site.entries if site.slug(one) == path), None)
            return (200, article(found), {}) if found and self.rng.random() < self.good else (503 if found else 404, b"", {})
        self.asked[host] += 1
        return self._list(site, path, fields)

    def _list(self, site: Site, path: str, fields: dict[str, str]) -> Answer | None:
        if "/part" not in path and path != f"/list-{site.moved}":
            return 301, b"", {"Location": f"/list-{site.moved}"}
        if site.campaign > self.now and "/part" not in path:
            return 302, b"", {"Location": "/campaign"}
        body = document(site, path, self.now).replace(b"{port}", str(self.port).encode())
        until, how = site.broken
        how = how if until > self.now else "" if self.rng.random() < self.good else self.rng.choice(FAILURES)
        if how:
            return None if how == "close" else failure(how, body, self.rng)
        tag = f'"{hash(body)}"'
        if "if-none-match" in fields and (fields["if-none-match"] == tag or site.stale > self.now):
            return 304, b"", {"ETag": fields["if-none-match"]}
        if self.rng.random() < 0.5:
            return 200, gzip.compress(body), {"Content-Encoding": "gzip", "ETag": tag}
        return 200, body, {"ETag": tag}
