"""How long a feed takes to parse, as ratios within one run: aiwatch, feedparser, and the bare tree of lxml on the same bytes.

    python bench/parse_speed.py [--feeds 100] [--items 25] [--passes 3] [--seed 1]

Feeds are made with a seed: RSS and Atom, English and Korean, escaped HTML bodies, about 40 KB each. Times are CPU microseconds a feed,
the best of the passes, taken in turns, so that a busy machine slows all of them alike. Exits 1 if aiwatch is less than five times
as fast as feedparser, or answers differently where titles, links and dates are plain.
"""

from __future__ import annotations

import argparse
import calendar
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import feedparser
from lxml import etree

from aiwatch.model import Fetched, Source
from aiwatch.parse import parse
from aiwatch.parse.feed import read_feed

URL = "https://lab.example/feed"
ENGLISH = "the new model reads writes sees hears reasons plans weights open today lab team release faster smaller context tokens"
KOREAN = "새 모델 공개 오늘 연구소 성능 향상 추론 이미지 영상 음성 오픈 가중치 출시 문맥 토큰 한국어 개발자 발표 속도"
WORDS = {"en": ENGLISH.split(), "ko": KOREAN.split()}
START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    options = _options()
    rng = random.Random(options.seed)
    bodies = [_feed(rng, options.items, atom=n % 5 >= 3, lang="ko" if n % 5 in {1, 3} else "en") for n in range(options.feeds)]
    size = sum(map(len, bodies)) / len(bodies)
    print(f"{len(bodies)} feeds of {options.items} items, {size / 1024:.0f} KB each")
    source = Source(id="lab", url=URL)
    ways: dict[str, Callable[[bytes], object]] = {
        "lxml tree alone": etree.fromstring,
        "aiwatch read_feed": lambda body: read_feed(body, {}, URL),
        "aiwatch parse (items, identities)": lambda body: parse(
            source, Fetched(url=URL, status=200, headers={}, body=body), now=NOW
        ),
        "feedparser": feedparser.parse,
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(options.passes):
        for name, way in ways.items():
            best[name] = min(best[name], _cpu(way, bodies))
    ours = best["aiwatch parse (items, identities)"]
    for name, seconds in best.items():
        print(f"{name:36} {seconds / len(bodies) * 1e6:8.0f} us a feed   {seconds / ours:6.2f} x aiwatch")
    different = sum(_ours(body) != _theirs(body) for body in bodies)
    print(f"answers that differ from feedparser's: {different} of {len(bodies)}")
    return int(different > 0 or best["feedparser"] < 5 * ours)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--items", type=int, default=25)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _cpu(way: Callable[[bytes], object], bodies: list[bytes]) -> float:
    started = time.process_time()
    for body in bodies:
        way(body)
    return time.process_time() - started


def _feed(rng: random.Random, items: int, *, atom: bool, lang: str) -> bytes:
    rows = [_entry(rng, n, atom=atom, lang=lang) for n in range(items)]
    if atom:
        head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title><link href="https://lab.example/"/>'
        return f'<?xml version="1.0" encoding="utf-8"?>{head}{"".join(rows)}</feed>'.encode()
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Lab</title>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<link>https://lab.example/</link>{"".join(rows)}</channel></rss>'.encode()
    )


def _entry(rng: random.Random, number: int, *, atom: bool, lang: str) -> str:
    def words(count: int) -> str:
        return " ".join(rng.choices(WORDS[lang], k=count))

    at = START + timedelta(minutes=rng.randrange(500_000))
    title, link = f"{words(7)} {number}", f"https://lab.example/{lang}/{number}"
    body = escape("".join(f'<p>{words(30)} <a href="{link}">{words(2)}</a> &amp; <b>{words(3)}</b></p>' for _ in range(5)))
    if atom:
        return (
            f'<entry><title>{title}</title><link href="{link}"/><id>{link}</id><published>{at:%Y-%m-%dT%H:%M:%SZ}</published>'
            f'<author><name>{words(2)}</name></author><summary>{words(20)}</summary><content type="html">{body}</content></entry>'
        )
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<category>{words(1)}</category><description>{words(20)}</description><content:encoded>{body}</content:encoded></item>"
    )


def _ours(body: bytes) -> list[tuple[object, ...]]:
    feed = read_feed(body, {}, URL)
    return [] if feed is None else [(entry.title, entry.link, entry.published) for entry in feed.entries]


def _theirs(body: bytes) -> list[tuple[object, ...]]:
    entries = feedparser.parse(body).entries
    return [(e.title, e.link, datetime.fromtimestamp(calendar.timegm(e.published_parsed), UTC)) for e in entries]


if __name__ == "__main__":
    raise SystemExit(main())
