"""Months of the daemon on a clock that is turned: is each launch told exactly once, and is no gap unsaid, whatever the sources do?

    python bench/months.py [--days 60] [--sites 24] [--seed 1] [--keep DIR] [--quiet]

The daemon's own rounds (``run.local``: claim, compose, send) over its own fetcher, parsers, rules, stories, SQLite and sender poll a town
of sites on loopback (``town.py``). By a seed they fail for minutes and for days, answer 304 wrongly, move for good and for a campaign,
are rebuilt under new addresses, shuffle, date everything anew, mistype a year, edit, take back and put again, take in archives, pack,
break off, challenge, limit, and publish in bursts; now and then nothing at all answers, and every few days the daemon dies in the middle
of what it does. Two hooks fail for an hour, or a day.

The last days are calm: everything answers and nothing is published, so that what is still there to be had is had. What was planted is
known, and held against the end: each launch that was there to be seen was told once to each hook, nothing else was told, and what is not in
the database lies in a gap that was said. Memory and open files of the last third are those of the second: memory that is in use, with few
of SQLite's pages, as those fill for weeks to their bound, and each death here leaves them to a heap of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import gc
import logging
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiwatch import app
from aiwatch.run import local
from aiwatch.settings import Config
from aiwatch.store import connection, maintenance
from town import DAY, HOUR, KINDS, MAPS, START, STEP, Entry, Site, Town

WARM = 30  # days
CALM = 2.5  # days at the end: a source that failed is asked once a day, and a quarter of it later at most
PAGES = 1024  # KiB of SQLite's pages: full within a day; the daemon's own 16 MiB fill until the database is as large
GROWTH = 1.03  # 1.5 % was seen, 2.2 MiB in twenty days: 0.6 of the town, 0.2 of caches that have bounds, else holes between what is in use

# --- the daemon -------------------------------------------------------------------------------------------------------------------------


def configured(folder: Path, town: Town) -> Config:
    kinds = {"page": ("page", '[source.options]\nlinks = "^/(news|blog)/"\n'), **dict.fromkeys(MAPS, ("sitemap", ""))}
    rows = []
    for site in town.sites:
        kind, options = kinds.get(site.kind, ("feed", ""))
        tier = 'tier = "primary"\nvendor = "OpenAI"' if site.primary else 'tier = "press"'
        rows.append(
            f'[[source]]\nid = "s{site.number}"\nurl = "http://{site.host}:{town.port}/list-0"\nkind = "{kind}"\n{tier}\n'
            f'lang = "en"\nallow_private = true\n{options}'
        )
    (folder / "sources.toml").write_text("\n".join(rows), "utf-8")
    hooks = "".join(
        f'[[recipient]]\nid = "{name}"\nwebhook = "http://127.0.0.1:{town.port}/{name}"\nallow_private = true\n'
        f'[[digest]]\nid = "{name}"\nschedule = "{schedule}"\nrecipients = ["{name}"]\n'
        for name, schedule in (("now", "immediate"), ("hourly", "hourly"))
    )
    main = f'database = "months.db"\n[http]\ncontact = "months@example.org"\nhost_gap = 0.0\n[polling]\nbudget = 40\n{hooks}'
    (folder / "aiwatch.toml").write_text(main, "utf-8")
    return app.load_config(str(folder / "aiwatch.toml"), env={})


async def lives(town: Town, config: Config, days: float, *, quiet: bool) -> list[tuple[float, int]]:
    """Run the daemon to the end of the days, with a death every few of them; memory (MiB) and open files of each day."""
    looks, until = list[tuple[float, int]](), START + timedelta(days=days)
    calm = until - timedelta(days=CALM)
    while town.now < until:
        death = min(until, town.now + town.rng.uniform(1, 6) * DAY)
        with ThreadPoolExecutor(max_workers=1) as db:
            store = db.submit(app.open_store, config).result()
            try:
                db.submit(store.release, town.now).result()
                db.submit(store.sync_sources, config.sources, town.now).result()
                async with app.service(config, store, clock=town.clock, db=db) as service:
                    rounds = local.Rounds(service=service)
                    while town.now < death:
                        day = town.now.date()
                        if town.now < calm:
                            town.step(launching=DAY < town.now - START < timedelta(days=days - 4))
                        else:
                            town.rest()
                        await round_of(rounds)
                        if town.now.date() != day:
                            looks.append(look())
                            if not quiet and len(looks) % 5 == 0:
                                print(f"  day {len(looks)}: {sum(town.asked.values()):,} lists, {looks[-1]}", flush=True)
                    if town.now < until:
                        await die(rounds, town)
            finally:
                db.submit(store.close).result()
    return looks


async def round_of(rounds: local.Rounds) -> None:
    """A tick, and what it begins to its end."""
    await rounds.claim()
    while rounds.polling:
        await asyncio.wait(list(rounds.polling.values()))
    await rounds.compose()
    await rounds.flush()


async def die(rounds: local.Rounds, town: Town) -> None:
    """In the middle of polls and messages, wherever they are."""
    town.now += 3 * HOUR  # so that something is due
    await rounds.claim()
    composing = asyncio.create_task(local.patiently(rounds.compose)())
    sending = asyncio.create_task(local.patiently(rounds.flush)())
    await asyncio.sleep(town.rng.random() * 0.2)
    left = [*rounds.polling.values(), composing, sending]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def look() -> tuple[float, int]:
    """What is in use; what is free is given back first, such as all that a daemon which died here had in the heap of its own thread."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) / 1024, sum(1 for _ in Path("/proc/self/fd").iterdir())


# --- the oracle ---------------------------------------------------------------------------------------------------------------------------

_SOURCE = "JOIN source ON source.n = source_n"


@dataclass(frozen=True)
class Kept:
    """What the database has at the end, read by SQL alone."""

    names: set[tuple[str, str]]  # of entries by source: titles as they were at first, ends of addresses
    gaps: list[tuple[str, datetime, datetime]]
    read: dict[str, datetime]  # when each source was read first
    silent: dict[str, str]  # why, by model


def kept(database: Path) -> Kept:
    with contextlib.closing(sqlite3.connect(database)) as db:
        items = db.execute(f"SELECT source.id, title, item.url FROM item {_SOURCE}").fetchall()
        gaps = db.execute(f"SELECT source.id, gap_since, at FROM poll {_SOURCE} WHERE gap_since IS NOT NULL").fetchall()
        fetched = f"SELECT source.id, min(at) FROM poll {_SOURCE} WHERE outcome = 'fetched' GROUP BY source.n"
        silent = db.execute("SELECT name, group_concat(silent, '; ') FROM announcement WHERE silent IS NOT NULL GROUP BY name")
        return Kept(
            names={(source, name) for source, title, url in items for name in (first(title), str(url).rpartition("/")[2])},
            gaps=[(source, datetime.fromisoformat(since), datetime.fromisoformat(at)) for source, since, at in gaps],
            read={source: datetime.fromisoformat(at) for source, at in db.execute(fetched)},
            silent=dict(silent.fetchall()),
        )


def first(title: str) -> str:
    """A title without its counter, as it was before it was edited."""
    return title.split(" (", maxsplit=1)[0].replace("its new", "a new")


def there(found: Kept, site: Site, entry: Entry) -> bool:
    """Whether an entry is in the database."""
    return any((f"s{site.number}", name) in found.names for name in (first(entry.title), site.slug(entry).rpartition("/")[2]))


def lost(town: Town, found: Kept) -> Iterator[tuple[Site, Entry, bool]]:
    """What was published after a source's first reading and is not there after days of calm; whether that was said.

    What was taken back came up when it was put again.
    """
    for site in town.sites:
        name = f"s{site.number}"
        since = found.read.get(name, START)
        for entry in site.entries:
            if not there(found, site, entry) and since <= entry.at:
                up = [entry.at, *([entry.away] if entry.away else [])]
                yield (
                    site,
                    entry,
                    any(one == name and begin - STEP <= when <= end for one, begin, end in found.gaps for when in up),
                )


def judge(town: Town, found: Kept) -> Iterator[str]:
    """What was not told as promised."""
    for site, entry, said in lost(town, found):
        if not said:
            yield f"a gap unsaid: s{site.number} ({site.kind}) {entry.at:%m-%d %H:%M} {entry.title}"
    seen = seen_of(town, found)
    for hook in ("/now", "/hourly"):
        times = Counter(name for names in town.heard[hook].values() for name in names)
        yield from (f"{hook}: told {count} times: {name}" for name, count in times.items() if count > 1)
        yield from (f"{hook}: told, and was none: {name}" for name in times if name not in town.launches)
        for name in seen - times.keys():
            yield f"{hook}: not told: {name} of {town.launches[name]:%m-%d %H:%M} ({found.silent.get(name)})"


def seen_of(town: Town, found: Kept) -> set[str]:
    """The launches of which an entry is there."""
    return {entry.launch for site in town.sites for entry in site.entries if there(found, site, entry)} - {""}


def grown(looks: list[tuple[float, int]]) -> Iterator[str]:
    """Whether the process grows; it takes some days to be warm."""
    if len(looks) < WARM:
        return
    third = len(looks) // 3
    parts = looks[third : 2 * third], looks[2 * third :]
    memory = [statistics.median(rss for rss, _ in part) for part in parts]
    files = [statistics.median(count for _, count in part) for part in parts]
    print(f"memory {memory[0]:.1f} then {memory[1]:.1f} MiB, files {files[0]:.0f} then {files[1]:.0f}")
    if memory[1] > memory[0] * GROWTH:
        yield f"memory grew from {memory[0]:.1f} to {memory[1]:.1f} MiB"
    if files[1] > files[0] + 2:
        yield f"open files grew from {files[0]:.0f} to {files[1]:.0f}"


async def run(folder: Path, given: argparse.Namespace) -> list[str]:
    """Serve, live, judge."""
    rng = random.Random(given.seed)
    sites = [Site(number=n, kind=KINDS[n % len(KINDS)], rng=random.Random(rng.random())) for n in range(given.sites)]
    town = Town(rng=rng, sites=sites)
    for site in sites:
        for n in range(30):
            site.publish(START - (30 - n) * 5 * HOUR, f"A note on our garden, part {n} of site {site.number}")
    first = await asyncio.start_server(town.answer, "127.0.0.1", 0)
    town.port = first.sockets[0].getsockname()[1]
    servers = [first, *[await asyncio.start_server(town.answer, site.host, town.port) for site in sites]]
    began = time.monotonic()
    looks = await lives(town, configured(folder, town), given.days, quiet=given.quiet)
    print(f"{given.days} days in {time.monotonic() - began:.0f} s")
    for server in servers:
        server.close()
    found = kept(folder / "months.db")
    entries, away = sum(len(site.entries) for site in town.sites), len(list(lost(town, found)))
    print(
        f"{len(town.launches)} launches, {len(seen_of(town, found))} seen, {len(town.archives)} of an archive; {entries:,} entries, "
        f"{away} lost in {len(found.gaps)} gaps that were said; {sum(town.asked.values()):,} lists asked for"
    )
    return [*judge(town, found), *grown(looks), *maintenance.check(str(folder / "months.db"))]


def main() -> int:
    """Run it; 0 if all is as promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=60)
    parser.add_argument("--sites", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="a directory for the database and the log")
    parser.add_argument("--quiet", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(given.keep or directory)
        folder.mkdir(parents=True, exist_ok=True)
        connection.PAGE_CACHE_KIB = PAGES
        logging.basicConfig(filename=folder / "months.log", level=logging.WARNING, format="%(levelname)s %(message)s")
        found = asyncio.run(run(folder, given))
        traces = (folder / "months.log").read_text("utf-8").count("Traceback")
    found += [f"{traces} tracebacks in the log"] if traces else []
    shown = found[:60] + ([f"... and {len(found) - 60} more"] if len(found) > 60 else [])
    print("\n".join([*shown, "FAIL" if found else "PASS"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
