"""Throw changed samples at whatever reads outside text, and look for crashes, hangs and broken promises.

    python bench/fuzz.py [--cases 20000] [--seconds 0] [--target feed ...] [--seed 1]

For each target so many cases are made from samples (those of ``tests/golden``, and of ``../shared/data/badfeeds`` where it is at hand) by
changing bytes, cutting, doubling, splicing and putting in what hurts parsers; a seed gives the same cases again. With ``--seconds`` each
target is then given that long to Atheris, which looks for new paths instead of trying at random; it is skipped where ``atheris`` is not
installed (``pip install atheris``). A case that fails is written to ``fuzz-<target>-<number>`` and ends the target.

A case passes when nothing but our own errors comes out, within two seconds of work, and what comes out keeps its promises: texts that can
be encoded, addresses of http(s), unique ids, dates with a zone, evidence that stands where it says.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import zstandard

from aiwatch import config, parse, rules
from aiwatch.detect import detect
from aiwatch.errors import AiwatchError, ParseError
from aiwatch.fetch.decode import Body, BodyError
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Fetched, Item, Kind, Source
from aiwatch.parse import article, discover
from aiwatch.parse.dates import parse_date
from aiwatch.parse.markup import clean, one_line, plain
from aiwatch.parse.opml import read_opml
from aiwatch.text import fold
from aiwatch.urls import canonical_url, page_key, redact, resolve, shareable

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"
SHARED = ROOT / ".." / "shared" / "data" / "badfeeds"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SLOWEST = 2.0  # seconds of this process's own work
LARGEST = 100_000  # bytes of a sample
RULES = rules.load()
PAGES: dict[str, dict[str, Any]] = {
    "sections": {"sections": "h2, h3"},
    "rows": {"item": "li, article, tr", "title": "h2, h3, a", "link": "a", "date": "time"},
    "links": {"links": "/(news|blog)/"},
    "next": {"json": "next_data", "items": "props.pageProps.posts", "title": "title", "link": "slug"},
    "flight": {"json": "flight", "items": "posts", "title": "title", "link": "slug"},
    "ld": {"json": "ld", "items": "itemListElement", "title": "name", "link": "url"},
}
PAIN = [
    *(
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"&a;",
        b"&#0;",
        b"&#xD800;",
        b"&#1114112;",
        b"<x:y>",
    ),
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x1b$B",
        b"\xc2",
        b"\x85",
        b"</",
    ),
    *(b"<?xml version='1.0' encoding='utf-16'?>", b"charset=euc-kr", b"encoding='shift_jis'", b"xml:base='http://[::1'", b"//["),
    *(
        b"[" * 500,
        b'{"a":' * 300,
        b"<div>" * 500,
        b"1e999",
        b"-1",
        b"NaN",
        b"9" * 400,
        b'"\\ud800"',
        b"http://x:99999/",
        b"{" * 50,
    ),
    *(
        b"0000-00-00",
        b"32/13/9999 25:61",
        b"Thu, 31 Feb 2024 24:00:60 +9999",
        b"\xec\x98\xa4\xed\x9b\x84 12:60",
        b"BC",
        b"T00:00Z" * 9,
    ),
    *(b"(" * 200, b"%", b"%zz", b"\\", b"\r", b"\xe2\x80\xa8"),
]
SERVICES = (
    *(Kind.GITHUB, Kind.HUGGINGFACE, Kind.ARXIV, Kind.HACKERNEWS, Kind.YOUTUBE, Kind.REDDIT, Kind.BLUESKY, Kind.MASTODON),
    Kind.X,
)


def _source(kind: Kind, options: dict[str, Any] | None = None) -> Source:
    return Source(id="fuzz", url="https://lab.example/news?page=1", kind=kind, options=options or {}, timezone="Asia/Seoul")


def _read(source: Source, data: bytes, *, strict: bool = True) -> None:
    """One body as one poll reads it. ``strict``: an answer of unknown shape is a fault of ours, not of the server."""
    head, _, body = data.partition(b"\n") if data[:13] == b"content-type:" else (b"", b"", data)
    fetched = Fetched(url=source.url, status=200, headers={"content-type": head[13:].decode("latin-1").strip()}, body=body)
    try:
        parsed = parse.parse(source, fetched, now=NOW)
    except ParseError as error:
        if strict and error.__cause__ is not None and isinstance(error.__cause__, parse.UNFORESEEN):
            raise error.__cause__ from None
        return
    encoded(jsonable(parsed)).encode()
    ids = [item.id for item in parsed.items]
    assert len(ids) == len(set(ids)), "two items of one id"
    for item in parsed.items:
        assert item.url is None or item.url.startswith(("http://", "https://")), item.url
        assert "\n" not in item.title, item.title
        f"{item.key}{item.title}{item.summary}{item.content}{item.guid}{item.aliases}{item.authors}".encode()
        for date in (item.published, item.updated):
            assert date is None or date.tzinfo is not None
            assert date is None or 1 < date.year < 9999


def _pages(data: bytes) -> None:
    for options in PAGES.values():
        _read(_source(Kind.PAGE, options), data)


def _services(data: bytes) -> None:
    for kind in SERVICES:
        _read(_source(kind), data, strict=False)


def _dates(data: bytes) -> None:
    for zone in (None, "Asia/Seoul"):
        found = parse_date(data.decode("utf-8", "replace"), zone)
        assert found is None or found.tzinfo is not None


def _texts(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass" if data[:3] == b"\xed\xa0\x80" else "replace")
    fold(text)
    for reduce in (plain, one_line, clean):
        reduce(text).encode()
    assert "\n" not in one_line(text)


def _addresses(data: bytes) -> None:
    text = data.decode("utf-8", "replace")[:10_000]
    for found in (canonical_url(text), page_key(text), redact(text), shareable(text)):
        found.encode("utf-8", "replace")
    assert canonical_url(canonical_url(text)) == canonical_url(text)
    joined = resolve("https://lab.example/news/", text)
    assert joined is None or joined.startswith(("http://", "https://")), joined


def _detection(data: bytes) -> None:
    title, _, rest = data.decode("utf-8", "replace").partition("\n")
    item = Item(id="i", source_id="fuzz", key="i", url=None, title=title, summary=rest[:20_000], content=rest)
    found = detect(item, _source(Kind.FEED), RULES)
    assert abs(found.score - sum(one.weight for one in found.evidence)) < 1e-6
    for one in found.evidence:
        assert getattr(item, one.field)[one.start : one.end] == one.matched


def _configuration(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for main, listed in ((text, ""), ("", text)):
        one, other = config.File(name="aiwatch.toml", text=main), config.File(name="sources.toml", text=listed)
        _ours(partial(config.read, one, [other], base="/", env={}, reveal=lambda _where, _name: "secret"))
    _ours(lambda: rules.load(text))


def _ours(call: Callable[[], object]) -> None:
    try:
        call()
    except AiwatchError as error:
        str(error).encode()


def _lists(data: bytes) -> None:
    for one in read_opml(data):
        assert one.url.startswith(("http://", "https://"))
        f"{one.title}{one.url}".encode()


def _article(data: bytes) -> None:
    fetched = Fetched(url="https://lab.example/1", status=200, headers={"content-type": "text/html"}, body=data)
    item = Item(id="i", source_id="fuzz", key="i", url=fetched.url, title="")
    article.extract(fetched, item, now=NOW).content.encode()


def _discovery(data: bytes) -> None:
    fetched = Fetched(url="https://lab.example/", status=200, headers={"content-type": "text/html"}, body=data)
    for one in discover.proposals(fetched):
        assert one.url.startswith(("http://", "https://"))


def _coding(data: bytes) -> None:
    for name in ("gzip", "deflate", "br", "zstd", "identity"):
        body = Body(name, 1_000_000)
        for start in range(0, len(data), 777):
            body.add(data[start : start + 777])
        assert len(body.finish()) <= 1_000_000


TARGETS: dict[str, Callable[[bytes], None]] = {
    "feed": lambda data: _read(_source(Kind.FEED), data),
    "sitemap": lambda data: _read(_source(Kind.SITEMAP), data),
    "page": _pages,
    "services": _services,
    "dates": _dates,
    "texts": _texts,
    "addresses": _addresses,
    "detection": _detection,
    "configuration": _configuration,
    "lists": _lists,
    "article": _article,
    "discovery": _discovery,
    "coding": _coding,
}
OWN: dict[str, tuple[bytes, ...]] = {
    "dates": tuple(
        text.encode()
        for text in (
            *(
                "Wed, 02 Oct 2024 15:00:00 +0900",
                "2024-02-15T18:00:00.123Z",
                "2024년 2월 15일 오후 3:05",
                "15/02/24",
                "民国113年",
            ),
            *(
                "Feb 15th, 2024 6pm PST",
                "2024-W07-4",
                "20240215T180000Z",
                "令和6年2月15日",
                "1708020000",
                "3 hours ago",
                "昨天 12:30",
            ),
        )
    ),
    "addresses": (
        *(b"https://me:pw@lab.example:443/a/../b?utm_source=x&id=1#top", b"//lab.example\\@evil", b"feed:https://x.example/"),
        b"../a?b#c",
    ),
    "configuration": (b'[smtp]\nhost = "x"\n[[digest]]\nid = "a"\nschedule = "daily 08:00"\nrecipients = ["b"]\n',),
}


def samples(target: str) -> list[bytes]:
    """What cases are made from."""
    found = [*OWN.get(target, ())]
    if target in {"dates", "addresses"}:
        return found
    if target == "configuration":
        listed = (ROOT / "sources.toml").read_bytes()
        shipped = [path.read_bytes()[:4000] for path in (ROOT / "src" / "aiwatch" / "rules").glob("*.toml")]
        return [*found, *listed.split(b"\n\n")[1:40], *shipped]
    files = [path for path in sorted(GOLDEN.iterdir()) if path.suffix != ".toml"]
    files += [path for path in sorted(SHARED.rglob("*")) if path.is_file() and path.suffix not in {".csv", ".md"}]
    found += [path.read_bytes() for path in files if path.stat().st_size <= LARGEST]
    if target == "coding":
        packs: list[Callable[[bytes], bytes]] = [gzip.compress, zlib.compress, brotli.compress, zstandard.compress]
        found = [pack(data) for data in found[:60] for pack in packs]
    if target == "detection":
        lines = (ROOT / "bench" / "data" / "headlines.jsonl").read_text("utf-8").splitlines()
        found = [f"{one.get('title')}\n{one.get('summary', '')}".encode() for one in map(json.loads, lines)]
    return found


def mutant(rng: random.Random, all_of_them: list[bytes]) -> bytes:
    """One sample with some things done to it."""
    data = bytearray(rng.choice(all_of_them))
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(8):
            case 0 if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + rng.randint(1, 200)]
            case 3 if rng.random() < 0.3:
                del data[at:]
            case 4:
                other = rng.choice(all_of_them)
                start = rng.randrange(len(other) + 1)
                data[at:at] = other[start : start + rng.randint(1, 400)]
            case 5:
                data[at:at] = data[at : at + rng.randint(1, 20)] * rng.randint(2, 100)
            case _:
                data[at:at] = rng.choice(PAIN)
    return bytes(data[: 2 * LARGEST])


def tried(target: str, data: bytes) -> str | None:
    """What is wrong with one case."""
    began = time.process_time()
    try:
        TARGETS[target](data)
    except (AiwatchError, BodyError):
        pass
    except Exception as error:  # whatever it is, it is the finding
        return f"{type(error).__name__}: {str(error)[:200]}"
    spent = time.process_time() - began
    return f"{spent:.1f} s of work" if spent > SLOWEST else None


def mutants(target: str, cases: int, seed: int) -> str | None:
    """So many cases of one target; the finding, if there is one."""
    rng, found, slowest = random.Random(f"{seed} {target}"), samples(target), 0.0
    for number in range(cases):
        data = mutant(rng, found)
        began = time.process_time()
        if said := tried(target, data):
            Path(f"fuzz-{target}-{number}").write_bytes(data)
            return f"FAIL {target}: {said} (fuzz-{target}-{number})"
        slowest = max(slowest, time.process_time() - began)
    print(f"{target:<14} {cases:,} cases of {len(found)} samples, the slowest {slowest:.2f} s", flush=True)
    return None


# Only our own code is instrumented: with all that it uses, the first case came after two minutes.
BOOT = "import atheris\nwith atheris.instrument_imports(include=['aiwatch']):\n    import fuzz\nfuzz.hunt()"


def searched(target: str, seconds: int) -> str | None:
    """One target under Atheris, in a process of its own."""
    limits = (f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1500", "-max_len=20000")
    call = [sys.executable, "-c", BOOT, target, *limits]
    # The bench comes by its name, and the package from beside it: what is installed may be another checkout's.
    paths = (str(ROOT / "src"), str(ROOT / "bench"), os.environ.get("PYTHONPATH"))
    found = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(call, capture_output=True, env=os.environ | found, check=False)
    said = done.stderr.decode("utf-8", "replace")
    runs = [line for line in said.splitlines() if line.startswith("Done ")]
    print(f"{target:<14} Atheris: {runs[-1] if runs else 'ended early'}", flush=True)
    return None if done.returncode == 0 else f"FAIL {target}, Atheris:\n{said[-3000:]}"


def hunt() -> None:
    """The process under Atheris: ``sys.argv`` holds the target and libFuzzer's options."""
    import atheris

    target, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(samples(target)):
            (Path(corpus) / str(number)).write_bytes(data[:20_000])

        def one(data: bytes) -> None:
            if said := tried(target, data):
                raise AssertionError(said)

        atheris.Setup([sys.argv[0], *options, corpus], one)
        atheris.Fuzz()


def main() -> int:
    """Run it; 0 if nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--target", action="append", choices=TARGETS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chosen = given.target or list(TARGETS)
    found = [mutants(target, given.cases, given.seed) for target in chosen]
    if given.seconds and importlib.util.find_spec("atheris"):
        found += [searched(target, given.seconds) for target in chosen]
    elif given.seconds:
        print("atheris is not installed: skipped")
    print("\n".join(one for one in found if one) or "PASS")
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
