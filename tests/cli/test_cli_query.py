"""The commands that ask the database, as a person runs them."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import fcntl
import io
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from datasette.app import Datasette  # type: ignore[import-untyped]  # it has no types of its own
from rich.cells import cell_len
from rich.console import Console

from aiwatch.cli import asked, cli, output
from aiwatch.cli.datasette import QUERIES, metadata
from aiwatch.cli.deliveries import sheet as deliveries
from aiwatch.cli.list import sheet as announced
from aiwatch.digest.catalogue import catalogue
from aiwatch.errors import AiwatchError, StoreError
from aiwatch.model import (
    Announcement,
    DeliveryState,
    Detection,
    Evidence,
    Filter,
    Folded,
    Item,
    Mention,
    Modality,
    Model,
    Poll,
    PollPlan,
    Source,
    Stage,
    Story,
    StoryStage,
    Tier,
    ident,
)
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import DeliveryLine

NOW = asked.now()
HOUR = timedelta(hours=1)
PRESS = Source(id="k-press", url="https://press.example/feed", name="한국 신문", lang="ko")
VENDOR = Source(id="openai-news", url="https://openai.example/rss", name="OpenAI", tier=Tier.PRIMARY, vendor="OpenAI", lang="en")
SORA = Model(name="Sora", vendor="OpenAI", family="sora", modality=Modality.VIDEO, known=True)
STORY = ident("sora")


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Sora: a hostile headline of the press two hours ago, OpenAI's own an hour later; and a near miss."""
    path = str(tmp_path / "aiwatch.db")
    with SqliteStore(path) as store:
        store.sync_sources([PRESS, VENDOR], NOW - 3 * HOUR)
        first = NOW - 2 * HOUR
        press = Item(
            id=ident("p"),
            source_id=PRESS.id,
            key="p",
            url="https://press.example/p",
            title="=cmd|'/c calc'!A1 소라를 | 공개\x1b[2J",
            lang="ko",
            seen_at=first,
        )
        near = Item(id=ident("n"), source_id=PRESS.id, key="n", url=None, title="Orca 9 활용법", lang="ko", seen_at=first)
        own = Item(
            id=ident("v"),
            source_id=VENDOR.id,
            key="v",
            url="https://openai.example/v",
            title="Introducing Sora",
            lang="en",
            seen_at=first + HOUR,
            published=first + HOUR,
        )
        evidence = Evidence(
            rule="cue.ko.open", field="title", start=0, end=4, matched="공개", weight=7.0, why="opens to the public"
        )
        lacking = Evidence(rule="cue", field="title", start=0, end=1, matched="O", weight=0.0, why="no announcing verb")
        step = StoryStage(
            stage=Stage.ANNOUNCED,
            first_seen=first,
            item_id=press.id,
            source_id=PRESS.id,
            primary_item_id=own.id,
            primary_seen=first + HOUR,
            told=True,
        )
        story = Story(
            id=STORY,
            name="Sora",
            models=(SORA,),
            keys=("sora||",),
            stages=(step,),
            first_seen=first,
            last_seen=first + HOUR,
            vendor="OpenAI",
            modality=Modality.VIDEO,
        )
        told = Announcement(
            id=ident(STORY, "announced"),
            story_id=STORY,
            stage=Stage.ANNOUNCED,
            name="Sora",
            models=(SORA,),
            vendor="OpenAI",
            modality=Modality.VIDEO,
            at=first,
            item_id=press.id,
            source_id=PRESS.id,
            tier=Tier.PRESS,
            title=press.title,
            url=press.url,
            lang="ko",
            quote="글자를 영상으로",
            score=7.0,
        )
        said = {
            press.id: Detection(
                item_id=press.id,
                announcement=True,
                stage=Stage.ANNOUNCED,
                models=(SORA,),
                score=7,
                threshold=5,
                evidence=(replace(evidence, rule="against", weight=-1.0), replace(evidence, rule="slight", weight=0.5), evidence),
            ),
            near.id: Detection(
                item_id=near.id,
                announcement=False,
                stage=Stage.NONE,
                models=(Model(name="Orca 9"),),
                score=4,
                threshold=5,
                near=(lacking,),
            ),
            own.id: Detection(item_id=own.id, announcement=True, stage=Stage.ANNOUNCED, models=(SORA,), score=9, threshold=5),
        }
        for source, found, at, role in ((PRESS, [press, near], first, "first"), (VENDOR, [own], first + HOUR, "primary")):
            [job] = store.claim_due(at, 1, HOUR, only=[source.id])
            mention = Mention(story_id=STORY, item_id=found[0].id, source_id=source.id, stage=Stage.ANNOUNCED, at=at, role=role)
            now = story if role == "primary" else replace(story, stages=(replace(step, primary_item_id=None, primary_seen=None),))
            folded = Folded(stories=(now,), mentions=(mention,), announcements=(told,) if role == "first" else ())
            poll = Poll(source_id=source.id, at=at, outcome="fetched", items=len(found), fresh=len(found))
            store.commit(
                PollPlan(
                    state=job.state,
                    poll=poll,
                    items=tuple(found),
                    detections=tuple(said[one.id] for one in found),
                    folded=folded,
                    outbox=(("d", told.id),) if role == "first" else (),
                )
            )
    return path


def run(db: str, *args: str, fails: bool = False) -> Result:
    result = CliRunner().invoke(cli, ["--db", db, *args])
    if fails:
        assert result.exit_code != 0
    else:
        assert result.exit_code == 0, result.output
    return result


def rows(db: str, *args: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(db, *args, "--csv").stdout)))


@pytest.mark.parametrize(
    ("command", "option"),
    [("leadtime", "--since"), ("replay", "--since"), ("db prune", "--keep"), ("list", "--since"), ("list", "--until")],
)
def test_a_time_that_is_none_is_told_with_its_option(db: str, command: str, option: str) -> None:
    said = " ".join(run(db, *command.split(), option, "lately", fails=True).output.split())
    assert f'{option.removeprefix("--")}: found "lately"; a time is a span such as 7d' in said


@pytest.mark.parametrize(
    "command", ["show", "label no", "deliveries show", "rejudge", "list --vendor", "list --source", "list --text"]
)
def test_bytes_that_are_no_text_are_a_mistake_of_the_question(db: str, command: str) -> None:
    name, *rest = command.split()
    words = (
        [name, "\udcff", *rest] if rest == ["no"] else [name, *rest, "\udcff"]
    )  # how Python hands over a byte that is no UTF-8
    assert isinstance(run(db, *words, fails=True).exception, StoreError)


def test_list_in_every_form_harmless_in_each(db: str) -> None:
    plain = run(db, "list").stdout
    assert "Sora" in plain
    assert "\x1b" not in plain
    [cell] = [row["title"] for row in rows(db, "list")]
    assert cell.startswith("'=cmd|"), "a spreadsheet takes it for text"
    markdown = run(db, "list", "--markdown").stdout.splitlines()
    assert len({line.replace("\\|", "").count("|") for line in markdown}) == 1, "a bar in a title makes no column"
    [entry] = json.loads(run(db, "list", "--json").stdout)
    assert entry["announcement"]["title"] == "=cmd|'/c calc'!A1 소라를 | 공개\ufffd[2J"
    assert [one["source_id"] for one in entry["coverage"]] == ["openai-news", "k-press"]
    [line] = run(db, "list", "--nl").stdout.splitlines()
    assert json.loads(line) == entry


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], 1),
        (["--vendor", "openai"], 1),
        (["--vendor", "google"], 0),
        (["--vendor", "google", "--vendor", "OpenAI"], 1),
        (["--modality", "video", "--stage", "announced", "--lang", "ko", "--tier", "press", "--source", "k-press"], 1),
        (["--lang", "en"], 0),
        (["--since", "3h"], 1),
        (["--since", "1h"], 0),
        (["--until", "1h", "--min-score", "7", "--text", "sor"], 1),
        (["--min-score", "7.5"], 0),
        (["--sort", "score", "--silent", "--stage", "all"], 1),
    ],
)
def test_list_takes_the_filters(db: str, options: list[str], found: int) -> None:
    assert len(json.loads(run(db, "list", "--json", *options).stdout)) == found


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--stage", "launched"], "allowed are"),
        (["--since", "yesterday"], "7d"),
        (["--min-score", "many"], "number"),
        (["--sort", "colour"], "newest"),
    ],
)
def test_a_wrong_option_is_wrong_usage(db: str, options: list[str], told: str) -> None:
    result = run(db, "list", *options, fails=True)
    assert result.exit_code == 2
    assert told in result.output


def test_an_empty_list_says_so_beside_the_list(db: str) -> None:
    result = run(db, "list", "--vendor", "nobody")
    assert result.stdout == ""
    assert "no announcement matches" in result.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--vendor", "OpenIA"], 'no vendor is called "OpenIA"; did you mean "OpenAI"?'),
        (["--vendor", "구글"], 'the vendor "구글" is written "Google" here'),
        (["--vendor", "Zzyzx"], 'no vendor is called "Zzyzx"\n'),
        (["--lang", "KR"], '"KR" is a country; the language is "ko"'),
        (["--source", "nobody"], 'there is no source "nobody"'),
    ],
)
def test_an_empty_list_says_where_a_name_of_the_filter_is_nobody_s(db: str, options: list[str], told: str) -> None:
    answer = run(db, "list", *options)
    assert (answer.stdout, told in answer.stderr) == ("", True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--lang", "xx"], "--lang xx: no language has this code"),
        (["--min-score", "nan"], "min_score: found 'nan'; it is a number"),
        (["--min-score", "inf"], "min_score: found 'inf'; it is a number"),
    ],
)
def test_a_filter_that_is_none_is_wrong_usage(db: str, options: list[str], told: str) -> None:
    result = run(db, "list", *options, fails=True)
    assert (result.exit_code, told in result.output) == (2, True)


def test_six_digits_of_an_items_id_show_its_story(db: str) -> None:
    assert run(db, "show", ident("v")[:6]).stdout == run(db, "show", STORY).stdout


def test_show_tells_a_story_by_any_id(db: str) -> None:
    shown = run(db, "show", STORY[:8]).stdout
    for piece in (
        "Sora",
        "OpenAI",
        "한국 신문",
        "1h later",
        "“글자를 영상으로”",
        "opens to the public",
        "ko 1",
        "Introducing Sora",
    ):
        assert piece in shown
    assert "\x1b" not in shown
    assert re.search(r"announced  \S+ \S+ found  \(told\)", shown)
    assert re.search(r"found +first +ko ", shown)
    assert re.search(r"published +\+1h +en .*Introducing Sora", shown)
    assert re.findall(r"  ([+-][\d.]+)  \S+: '공개'", shown) == ["+7", "+0.5", "-1"]
    whole = json.loads(run(db, "show", ident("v"), "--json").stdout)
    assert whole["steps"][0]["lead"] == 3600
    result = run(db, "show", "feedfeed", fails=True)
    assert result.exit_code == 1
    assert "aiwatch search" in result.output


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("stage:bogus", "stage:bogus: behind stage: stands one of announced, deprecated"),
        ("sora tier:first", "tier:first: behind tier: stands one of community, press, primary"),
        ("since:zzz", "since:zzz: write since:7d, since:24h or since:2024-02-15"),
        ("-course", "exclusions alone: add a word or a key to look for"),
    ],
)
def test_a_search_that_would_answer_another_question_is_wrong_usage(db: str, query: str, said: str) -> None:
    result = run(db, "search", "--", query, fails=True)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True)


def test_search_finds_and_says_what_it_did_not_understand(db: str) -> None:
    [hit] = json.loads(run(db, "search", "소라", "--json").stdout)
    assert [piece for piece, marked in hit["marked"]["title"] if marked] == ["소라"]
    assert [row["item"] for row in rows(db, "search", "vendor:openai", "lang:en")] == [ident("v")]
    assert "vendr: is no key, and was looked for as a word; did you mean vendor:?" in run(db, "search", "vendr:openai").stderr
    assert "\x1b" not in run(db, "search", "소라").stdout
    assert len(rows(db, "search")) == 3, "nothing typed: everything, newest first"
    page = run(db, "search", "--limit", "1", "--json")
    cursor = page.stderr.split("--cursor ")[1].strip()
    assert json.loads(run(db, "search", "--limit", "1", "--cursor", cursor, "--json").stdout) != json.loads(page.stdout)


def test_sql_reads_and_cannot_write(db: str) -> None:
    assert rows(db, "sql", "SELECT name, told FROM announcements WHERE vendor = :v", "-p", "v", "OpenAI") == [
        {"name": "Sora", "told": "1"}
    ]
    assert json.loads(run(db, "sql", "SELECT 1 AS one", "--json").stdout) == [{"one": 1}]
    assert "--rows" in run(db, "sql", "SELECT id FROM documents", "--rows", "1").stderr
    result = CliRunner().invoke(cli, ["--db", db, "sql", "DELETE FROM item"])
    assert isinstance(result.exception, AiwatchError)
    assert "only reading" in str(result.exception)


def test_an_empty_list_of_an_archive_that_nobody_fills_says_so(tmp_path: Path) -> None:
    old = str(tmp_path / "old.db")
    past = NOW - timedelta(days=9)
    with SqliteStore(old) as store:
        store.sync_sources([PRESS], past)
        assert "no source has been polled yet" in run(old, "list").stderr
        for at, said in ((past, f"nothing has been polled since {past:%Y-%m-%d %H:%M} UTC"), (NOW, "")):
            (job,) = store.claim_due(at, 1, HOUR)
            state = replace(job.state, last_attempt_at=at, next_poll_at=at)
            store.commit(PollPlan(state=state, poll=Poll(source_id=PRESS.id, at=at, outcome="fetched")))
            told = run(old, "list", "--since", "7d").stderr
            assert said in told
            assert ("polled" in told) == bool(said)


def test_a_list_knows_how_often_its_service_polls(tmp_path: Path) -> None:
    (tmp_path / "aiwatch.toml").write_text("[polling]\nmax_interval = 864000\n", "utf-8")
    past = NOW - timedelta(days=9)
    with SqliteStore(str(tmp_path / "db" / "aiwatch.db")) as store:
        store.sync_sources([PRESS], past)
        (job,) = store.claim_due(past, 1, HOUR)
        state = replace(job.state, last_attempt_at=past, next_poll_at=past)
        store.commit(PollPlan(state=state, poll=Poll(source_id=PRESS.id, at=past, outcome="fetched")))
    patient = CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), "list"], catch_exceptions=False)
    assert ("no announcement matches" in patient.output, "polled since" in patient.output) == (True, False)


def test_the_figures_of_an_empty_database_name_no_time(tmp_path: Path) -> None:
    path = str(tmp_path / "empty.db")
    with SqliteStore(path):
        pass
    assert run(path, "stats").stdout.splitlines()[0] == "0 documents of 0 sources"


def test_stats_and_leadtime(db: str) -> None:
    shown = run(db, "stats").stdout
    assert "3 documents of 2 sources" in shown
    assert "OpenAI 1" in shown
    assert json.loads(run(db, "stats", "--json").stdout)["documents"] == 3
    records = {row["source"]: row for row in rows(db, "leadtime")}
    assert (records["k-press"]["first"], records["k-press"]["before vendor"], records["openai-news"]["median lag"]) == (
        "1",
        "1",
        "3600.0",
    )
    assert [row["source"] for row in rows(db, "leadtime", "--never-first", "--since", "all")] == ["openai-news"]
    assert run(db, "leadtime", "--since", "soon", fails=True).exit_code == 2


LISTS = {
    "csv": "model,organisation,publication_date,link\nSora,OpenAI,{day},https://openai.example/v\nOrca 9,Acme,{day},\n"
    "Old One,Acme,1999-01-01,\nUnseen,Acme,{day},\n",
    "json": '{{"models": [{{"name": "Sora", "vendor": "OpenAI", "date": "{day}"}}, {{"name": "Orca 9", "date": "{day}"}}, '
    '{{"name": "Old One", "date": "1999-01-01"}}, {{"name": "Unseen", "date": "{day}T10:00:00Z"}}]}}',
    "jsonl": '{{"name": "Sora", "date": "{day}"}}\n{{"name": "Orca 9", "date": "{day}"}}\n'
    '{{"name": "Old One", "date": "1999-01-01"}}\n\n{{"name": "Unseen", "date": "{day}"}}\n',
    "yaml": "- {{name: Sora, vendor: OpenAI, released: {day}}}\n- {{name: Orca 9, released: {day}}}\n"
    "- {{name: Old One, released: 1999-01-01}}\n- {{name: Unseen, released: {day}}}\n",
}


@pytest.mark.parametrize("ending", LISTS)
def test_audit_says_what_was_caught_and_why_not(db: str, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"releases.{ending}"
    file.write_text(LISTS[ending].format(day=(NOW - 3 * HOUR).date()), "utf-8")
    result = run(db, "audit", "--against", str(file), "--all", "--json")
    lines = {line["release"]["name"]: line for line in json.loads(result.stdout)}
    assert {name: line["verdict"] for name, line in lines.items()} == {
        "Sora": "caught",
        "Orca 9": "missed",
        "Old One": "outside",
        "Unseen": "missed",
    }
    assert lines["Sora"]["story_id"] == STORY
    assert "scored 4 of 5" in lines["Orca 9"]["why"]
    assert "no announcing verb" in lines["Orca 9"]["why"]
    assert lines["Unseen"]["why"] == "no document names it: no source carried it"
    assert "recall 33.3%: 1 of 3 caught, 2 missed" in result.stderr
    assert [row["model"] for row in rows(db, "audit", "--against", str(file))] == ["Orca 9", "Unseen"]
    assert run(db, "audit", "--against", str(file), "--at-least", "0.5", fails=True).exit_code == 1


@pytest.mark.parametrize(
    ("name", "row", "told"),
    [("a.csv", "Orion,sometime\n", ":3: found date 'sometime'"), ("a.jsonl", "Orion\n", ":2: not a JSON object")],
)
def test_a_row_that_cannot_be_read_costs_only_itself(db: str, tmp_path: Path, name: str, row: str, told: str) -> None:
    day = (NOW - 3 * HOUR).date()
    head = f"model,date\nSora,{day}\n" if name.endswith("csv") else f'{{"name": "Sora", "date": "{day}"}}\n'
    (tmp_path / name).write_text(head + row, "utf-8")
    result = run(db, "audit", "--against", str(tmp_path / name), fails=True)
    assert (result.exit_code, "1 of 1 caught" in result.stderr) == (1, True)
    assert told in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "model,date\nSora,soon\n", "a.csv:2: found date 'soon'; write 2024-02-15"),
        ("a.csv", "what\nx\n", "needs a name"),
        ("a.csv", "", "there are no rows"),
        ("a.json", "{", "cannot be read"),
        ("a.jsonl", "{", "a.jsonl:1: not a JSON object"),
        ("a.json", "3", "found int; it must hold a list"),
        ("a.json", '["Sora"]', "a.json:1: found 'Sora'"),
        ("a.yaml", "a: [", "a.yaml: cannot be read: while parsing"),
        ("a.yaml", "- {model: Sora, date: 2024-99-99}", "a.yaml: cannot be read: month must be in 1..12"),
        ("a.csv", f"model,date\n{'x' * 200_000},2024-02-15\n", "a.csv: cannot be read: field larger than"),
        ("a.yaml", "!!python/object/apply:os.system [true]", "cannot be read"),
    ],
)
def test_a_wrong_list_is_told_with_file_and_line(db: str, tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    result = CliRunner().invoke(cli, ["--db", db, "audit", "--against", str(tmp_path / name)])
    assert isinstance(result.exception, AiwatchError)
    assert told in str(result.exception)


def test_nobody_is_asked_about_a_backup_that_is_none(db: str, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("a shopping list")
    with contextlib.closing(sqlite3.connect(tmp_path / "theirs.db")) as theirs:
        theirs.execute("CREATE TABLE theirs (x)")
    none = "this is no backup of aiwatch's database"
    for name, told in (("absent.db", "there is no such backup"), ("text.db", none), ("theirs.db", none)):
        result = CliRunner().invoke(cli, ["--db", db, "db", "restore", str(tmp_path / name)], input="y\n")
        assert "in the place of" not in result.output
        assert told in str(result.exception)


def test_the_database_is_backed_up_restored_and_looked_over(db: str, tmp_path: Path) -> None:
    saved = str(tmp_path / "saved.db")
    assert "verified" in run(db, "db", "backup", saved).stdout
    assert "sound" in run(db, "db", "check").stdout
    sound = {"database": db, "sound": True, "problems": [], "bytes": Path(db).stat().st_size}
    assert json.loads(run(db, "db", "check", "--json").stdout) == sound
    assert "up to date" in run(db, "db", "migrate").stdout
    with SqliteStore(db) as store:
        store.sync_sources([], NOW)
    assert json.loads(run(db, "stats", "--json").stdout)["sources"] == 0
    run(db, "db", "restore", saved, fails=True)  # nobody said yes
    assert "the one before is" in run(db, "db", "restore", saved, "--yes").stdout
    assert json.loads(run(db, "stats", "--json").stdout)["sources"] == 2
    assert "this is the database itself" in str(run(db, "db", "restore", db, "--yes", fails=True).exception)
    sizes = {row["table"]: int(row["bytes"]) for row in rows(db, "db", "stats")}
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert 0 < sizes["item"] < sum(sizes.values()) <= Path(db).stat().st_size
    assert run(db, "db", "prune", "--keep", "90m", "--yes").stdout.startswith("1 text, 1 poll record and"), "the near miss"
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_a_damaged_database_is_told_and_exits_1(db: str) -> None:
    with sqlite3.connect(db) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    body = bytearray(Path(db).read_bytes())
    for at in range(5 * page, len(body), 7 * page):
        body[at : at + 200] = b"\xff" * 200
    Path(db).write_bytes(body)
    result = CliRunner().invoke(cli, ["--db", db, "db", "check"])
    assert isinstance(result.exception, AiwatchError)
    assert "aiwatch db restore" in str(result.exception)
    told = CliRunner().invoke(cli, ["--db", db, "db", "check", "--json"])
    assert (told.exit_code, json.loads(told.stdout)["sound"]) == (1, False)
    assert len(json.loads(told.stdout)["problems"]) > 0


def test_datasette_answers_every_ready_query_and_an_atom_feed(db: str) -> None:
    served = Datasette([db], metadata=metadata(db))

    async def asked() -> dict[str, int]:
        await served.invoke_startup()
        found = {}
        for name in QUERIES:
            answer = await served.client.get(f"/aiwatch/{name}.json?_shape=array&vendor=openai&words=introducing")
            assert answer.status_code == 200, (name, answer.text)
            found[name] = len(answer.json())
        feed = await served.client.get("/aiwatch/feed.atom")
        assert feed.status_code == 200, feed.text
        assert "Sora (announced) by OpenAI" in feed.text
        page = await served.client.get("/aiwatch/announcements")
        assert "sum of the weights of its evidence" in page.text
        return found

    assert asyncio.run(asked()) == {"week": 1, "vendor": 1, "race": 1, "search": 1, "feed": 1}
    for held in served.databases.values():
        for connection in held._all_file_connections:
            connection.close()


def reported(store: SqliteStore, story: Story, source: Source, role: str, stage: Stage, hours: int) -> None:
    """One report of a story, of so many hours after the first."""
    at = NOW - 2 * HOUR + timedelta(hours=hours) / 10
    [job] = store.claim_due(at, 1, HOUR, only=[source.id])
    item = Item(id=ident(source.id, hours), source_id=source.id, key=f"{hours}", url=None, title="Loom 2", seen_at=at)
    mention = Mention(story_id=story.id, item_id=item.id, source_id=source.id, stage=stage, at=at, role=role)
    step = StoryStage(stage=stage, first_seen=at, item_id=item.id, source_id=source.id)
    folded = Folded(stories=(replace(story, stages=(step,)),), mentions=(mention,))
    poll = Poll(source_id=source.id, at=at, outcome="fetched", items=1, fresh=1)
    said = Detection(item_id=item.id, announcement=True, stage=stage, models=story.models, score=9, threshold=5)
    store.commit(PollPlan(state=job.state, poll=poll, items=(item,), detections=(said,), folded=folded))


def test_the_ready_query_of_who_was_first_has_each_story_once_and_the_vendor_where_it_spoke(db: str) -> None:
    model = Model(name="Loom 2", vendor="OpenAI", family="loom", version="2")
    story = Story(
        id=ident("loom"),
        name="Loom 2",
        models=(model,),
        keys=("loom|2|",),
        stages=(),
        vendor="OpenAI",
        first_seen=NOW,
        last_seen=NOW,
    )
    with SqliteStore(db) as store:
        reported(store, story, VENDOR, "first", Stage.PREVIEW, 1)  # the vendor's own page made the step
        reported(store, story, PRESS, "follow-up", Stage.PREVIEW, 2)
        reported(store, story, PRESS, "first", Stage.RELEASED, 3)  # and the press another
        reported(store, story, VENDOR, "primary", Stage.RELEASED, 4)
    raw = sqlite3.connect(db)
    raw.row_factory = sqlite3.Row
    found = {
        row["name"]: (row["first_source"], row["vendor_source"], row["first_at"] == row["vendor_at"])
        for row in raw.execute(QUERIES["race"][1])
    }
    assert len(raw.execute(QUERIES["race"][1]).fetchall()) == 2
    raw.close()
    assert found == {"Loom 2": ("OpenAI", "OpenAI", True), "Sora": ("한국 신문", "OpenAI", False)}


READING = [
    ("list",), ("show", "Sora"), ("search", "sora"), ("sql", "select 1"), ("stats",), ("db", "check"), ("explain", "OpenAI releases GPT-9"),
    ("replay",), ("label",), ("names", "list"), ("rules", "check"), ("digest", "preview", "d"), ("digest", "next"), ("deliveries", "list"),
    ("sources", "list"), ("sources", "export"), ("notify", "muted"),
]  # fmt: skip


def test_who_only_reads_needs_no_secret(db: str, tmp_path: Path) -> None:
    config = tmp_path / "aiwatch.toml"
    config.write_text(
        f'database = "{db}"\n[smtp]\nhost = "mail.example"\nsender = "a@b.example"\nusername = "a"\npassword = {{ env = "NOT_SET" }}\n'
        '[[recipient]]\nid = "r"\nslack = { file = "/nowhere/slack" }\n[[digest]]\nid = "d"\nschedule = "9:00"\nrecipients = ["r"]\n'
    )
    for command in READING:
        answer = CliRunner().invoke(cli, ["-c", str(config), *command])
        assert answer.exit_code == 0, (command, answer.output, answer.exception)
    for command in (("run",), ("once",), ("notify", "test", "r"), ("digest", "send", "d")):
        answer = CliRunner().invoke(cli, ["-c", str(config), *command])
        assert isinstance(answer.exception, AiwatchError), command
        assert "password: the environment variable NOT_SET is not set" in str(answer.exception)
    looked = json.loads(CliRunner().invoke(cli, ["-c", str(config), "doctor", "--json"]).stdout)
    failed = [one for one in looked if one["verdict"] == "fail"]
    assert [one["advice"] for one in failed] == ["set it where the service runs, or mend this line"] * 2
    assert "slack: the file /nowhere/slack is not there, cannot be read" in failed[1]["found"]
    assert [one for one in looked if one["what"] == "database" and one["verdict"] == "ok"]


@pytest.mark.parametrize(
    ("web", "wanted"),
    [
        ("", None),
        ('base_url = "https://watch.example"', "slack: the file /nowhere/slack is not there"),
        ('token_hash = { env = "NOT_SET_EITHER" }', "token_hash: the environment variable NOT_SET_EITHER is not set"),
    ],
)
def test_pages_want_the_secrets_that_they_prove_something_by_and_no_others(
    db: str, tmp_path: Path, web: str, wanted: str | None
) -> None:
    config = tmp_path / "aiwatch.toml"
    config.write_text(
        f'database = "{db}"\n[smtp]\npassword = {{ env = "NOT_SET" }}\n[web]\n{web}\n'
        '[[recipient]]\nid = "r"\nslack = { file = "/nowhere/slack" }\n'
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = CliRunner().invoke(cli, ["-c", str(config), "serve", "--port", str(taken.getsockname()[1])])
    if wanted is None:
        assert "cannot be listened on" in answer.output
    else:
        assert wanted in str(answer.exception)


@pytest.mark.parametrize(
    ("table", "told"),
    [('host = "0.0.0.0"', "which other machines can reach"), ('token_hash = "my password"', "is not a hash made by")],
)
def test_doctor_finds_what_serve_would_refuse(db: str, tmp_path: Path, table: str, told: str) -> None:
    config = tmp_path / "aiwatch.toml"
    config.write_text(f'database = "{db}"\n[web]\n{table}\n')
    looked = json.loads(CliRunner().invoke(cli, ["-c", str(config), "doctor", "--json"]).stdout)
    assert [told in one["found"] for one in looked if one["what"] == "pages"] == [True]
    served = CliRunner().invoke(cli, ["-c", str(config), "serve", "--port", "0"])
    assert isinstance(served.exception, AiwatchError)
    assert told in str(served.exception)


@pytest.mark.parametrize("command", [("serve",), ("mcp", "--http"), ("datasette",)])
def test_a_port_that_is_taken_is_said_with_what_to_do(db: str, command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = CliRunner().invoke(cli, ["--db", db, *command, "--port", str(port)])
    assert answer.exit_code == 1
    assert f"127.0.0.1:{port} cannot be listened on: Address already in use; --port names another" in answer.output


LOADED = """
import sys
from aiwatch.cli import cli
cli(sys.argv[1:], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("command", "needless"),
    [
        (["--version"], {"aiwatch.urls", "aiwatch.addresses", "email", "sqlite3", "json"}),
        (["list"], {"aiwatch.rules", "aiwatch.store.sqlite", "aiwatch.detect", "aiwatch.parse.xmlfeed", "re2", "asyncio", "jinja2"}),
        (["deliveries", "list"], {"aiwatch.rules", "aiwatch.detect", "aiwatch.publish", "aiwatch.store.sqlite", "asyncio", "jinja2"}),
    ],
    ids=["version", "list", "deliveries"],
)  # fmt: skip
def test_who_only_looks_does_not_wait_for_what_polls_judges_and_writes(
    db: str, tmp_path: Path, command: list[str], needless: set[str]
) -> None:
    (tmp_path / "aiwatch.toml").write_text(f'database = "{db}"\nsources = "sources.toml"\n')
    (tmp_path / "sources.toml").write_text('[[source]]\nid = "k-press"\nurl = "https://press.example/feed"\n')
    call = [sys.executable, "-c", LOADED, "-c", str(tmp_path / "aiwatch.toml"), *command]
    told = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60)
    assert set(told.stderr.splitlines()[-1].split()) & needless == set()


@pytest.mark.parametrize("extra", ["mcp", "datasette"])
def test_an_extra_that_is_not_installed_is_said_with_what_installs_it(db: str, extra: str) -> None:
    without = f"import sys; sys.modules['{extra}'] = None; from aiwatch.cli import main; main(['--db', sys.argv[1], '{extra}'])"
    told = subprocess.run([sys.executable, "-c", without, db], capture_output=True, text=True, check=False, timeout=60)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f'Error: the extra {extra} is not installed: pip install "aiwatch[{extra}]"\n'


def test_whoever_ends_datasette_ends_its_server(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(120)"
    parent = f"import sys; from aiwatch.cli.datasette import _until_it_ends; sys.exit(_until_it_ends([sys.executable, '-c', {child!r}]))"
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        for _ in range(1200):
            if note.exists() and note.read_text():
                break
            time.sleep(0.05)
        process.terminate()
        assert process.wait(60) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_the_views_answer_to_sqlite_alone(db: str) -> None:
    raw = sqlite3.connect(db)
    for view in ("announcements", "stories", "mentions", "documents", "sources_health", "atom"):
        assert raw.execute(f"SELECT * FROM {view}").fetchall(), view
    assert raw.execute("SELECT * FROM deliveries").fetchall() == []
    raw.close()


# --- the forms ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%0A=1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    sheet = output.Sheet(columns=("title",), rows=[(text,)])
    [_, [cell]] = list(csv.reader(io.StringIO(output.as_csv(sheet), newline="")))
    assert cell == f"'{text}"


def test_numbers_stay_numbers_in_csv() -> None:
    sheet = output.Sheet(columns=("a", "b", "c"), rows=[(-1, 0.5, timedelta(seconds=-2))])
    assert output.as_csv(sheet).splitlines()[1] == "-1,0.5,-2.0"


def test_one_is_one_and_thousands_are_grouped() -> None:
    assert [output.counted(n, "story", "stories") for n in (0, 1, 2)] == ["0 stories", "1 story", "2 stories"]
    assert output.counted(12345, "source") == "12,345 sources"


def test_korean_takes_two_cells_in_a_plain_table() -> None:
    sheet = output.Sheet(columns=("name", "n"), rows=[("소라", 1), ("Sora", 22)], right=frozenset({"n"}))
    assert output.as_plain(sheet) == "name   n\n소라   1\nSora  22\n"


def test_people_are_told_that_times_are_utc_and_only_where_they_are() -> None:
    seoul = NOW.astimezone(ZoneInfo("Asia/Seoul"))
    sheet = output.Sheet(columns=("found", "comes", "name"), rows=[(NOW, seoul, "a"), (None, NOW, "b")])
    assert output.as_plain(sheet).split("\n")[0].split("  ")[0] == "found UTC"
    assert "comes UTC" not in output.as_plain(sheet)
    assert output.as_markdown(sheet).startswith("| found UTC | comes | name |")
    assert [column.header for column in output.rich_table(sheet, 80).columns] == ["found UTC", "comes", "name"]
    assert output.as_csv(sheet).startswith("found,comes,name\r\n")


@pytest.mark.parametrize(("width", "left_out"), [(200, []), (80, ["b"]), (40, ["b", "a"])])
def test_a_narrow_terminal_leaves_out_what_may_be_spared_and_folds_the_rest(width: int, left_out: list[str]) -> None:
    words = "소라 " * 30
    sheet = output.Sheet(
        columns=("a", "b", "text"), rows=[("x" * 20, "y" * 30, words)], fluid=frozenset({"text"}), spare=("b", "a")
    )
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(output.rich_table(sheet, width))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert [name for name, cell in (("b", "y" * 30), ("a", "x" * 20)) if cell not in shown] == left_out
    assert shown.count("소라") == 30, "nothing of a text is cut"
    assert max(cell_len(line) for line in shown.splitlines()) <= width


def test_a_table_that_cannot_fit_folds_every_column_and_cuts_none() -> None:
    sheet = output.Sheet(columns=("id", "health", "when"), rows=[("a-source-of-a-long-name", "failing", "2024-02-23T01:00")])
    console = Console(width=30, file=io.StringIO(), color_system=None)
    console.print(output.rich_table(sheet, 30))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    said = "".join("".join(shown.splitlines()[2:]).split())
    assert sorted(said) == sorted("a-source-of-a-long-namefailing2024-02-23T01:00")


def on_a_terminal(columns: int, *words: str) -> str:
    """What the command writes to a terminal of so many columns; without colours."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}} | {"TERM": "dumb"}
    child = subprocess.Popen([sys.executable, "-m", "aiwatch", *words], stdin=its, stdout=its, stderr=subprocess.PIPE, env=env)
    os.close(its)
    shown = b""
    with contextlib.suppress(OSError):  # so a terminal says on Linux that its last program ended
        while piece := os.read(ours, 1 << 16):
            shown += piece
    os.close(ours)
    _, said = child.communicate(timeout=300)
    assert child.returncode == 0, said.decode()
    return shown.decode()


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("euc-kr", "한국 신문: Caf\\u00e9 \\ud83c\\udfac"), ("latin-1", "\\ud55c\\uad6d \\uc2e0\\ubb38: Café")],
)
def test_what_a_terminal_s_letters_lack_is_shown_by_its_number(db: str, encoding: str, shown: str) -> None:
    def told(*words: str) -> str:
        command, env = [sys.executable, "-m", "aiwatch", "--db", db, *words], os.environ | {"PYTHONIOENCODING": encoding}
        ended = subprocess.run(command, capture_output=True, env=env, check=False, timeout=300)
        assert ended.returncode == 0, ended.stderr.decode(encoding)
        return ended.stdout.decode(encoding)

    query = "select name || ': Café 🎬' as said from sources_health where id = 'k-press'"
    assert shown in told("sql", query)
    assert json.loads(told("sql", query, "--json")) == [{"said": "한국 신문: Café 🎬"}]
    assert "Sora" in told("show", "Sora")


def test_the_list_of_sources_fits_eighty_columns(db: str, tmp_path: Path) -> None:
    entries = "".join(f'[[source]]\nid = "a-source-of-name-{n}"\nurl = "https://s{n}.example/feed"\n' for n in range(3))
    (tmp_path / "aiwatch.toml").write_text(f'database = "{db}"\nsources = "sources.toml"\n[http]\ncontact = "me@example.org"\n')
    (tmp_path / "sources.toml").write_text(entries)
    text = on_a_terminal(80, "-c", str(tmp_path / "aiwatch.toml"), "sources", "list")
    assert all(word in text for word in ("id", "health", "last success", "items", "note", "a-source-of-name-2", "waiting"))
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_the_list_at_eighty_columns_folds_titles_before_it_leaves_out_the_vendor(db: str) -> None:
    with Library(db) as library:
        (entry,), _ = library.announcements(Filter(), limit=1)
    told = replace(entry.announcement, name="Gemini 1.5 Pro", vendor="Google", title="구글, 제미나이 1.5 프로 공개… " * 3)
    told = replace(told, stage=Stage.OPEN_WEIGHTS)
    console = Console(width=80, file=io.StringIO(), color_system=None)
    console.print(output.rich_table(announced([replace(entry, announcement=told)]), 80))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert all(word in shown for word in ("vendor", "Google", "open_weights", f"{told.at:%Y-%m-%d %H:%M}"))
    assert shown.count("프로") == 3
    assert max(cell_len(row) for row in shown.splitlines()) <= 80


def test_a_delivery_s_id_is_in_one_piece_on_eighty_columns() -> None:
    """It is copied to ``deliveries show``, whatever else has to fold."""
    line = DeliveryLine(
        id="c3afcfb864346ac0",
        edition_id="e",
        digest_id="weekday-mornings",
        recipient_id="editorial-team",
        subject="New AI models: Gemini 1.5 Pro, Sora and V-JEPA",
        state=DeliveryState.DEAD,
        created_at=NOW,
        attempts=12,
        last_answer="450 4.2.1 mailbox busy, come back later",
    )
    console = Console(width=80, file=io.StringIO(), color_system=None)
    console.print(output.rich_table(deliveries([line]), 80))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert all(word in shown for word in ("c3afcfb864346ac0", "editorial-team", "dead", "V-JEPA"))
    assert max(cell_len(row) for row in shown.splitlines()) <= 80


def test_what_just_fits_is_not_folded() -> None:
    sheet = output.Sheet(columns=("id", "word"), rows=[("x" * 20, "y" * 17)])
    console = Console(width=40, file=io.StringIO(), color_system=None)
    console.print(output.rich_table(sheet, 40))
    assert f"{'x' * 20}   {'y' * 17}" in console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0s"),
        (59, "59s"),
        (3600, "1h"),
        (3660, "1h 1m"),
        (-90061, "-1d 1h"),
        (86400 * 40, "40d"),
        (3600 + 59.6, "1h 1m"),
        (86399, "1d"),
        (86400 * 2 + 3600 * 10 + 2400, "2d 11h"),
    ],
)
def test_spans_are_told_in_two_units(seconds: float, told: str) -> None:
    assert output.span(timedelta(seconds=seconds)) == told


def test_spans_are_rounded_as_pages_round_them() -> None:
    words = catalogue("en", "UTC")
    for minutes in range(48 * 60, 80 * 60, 7):
        length = timedelta(minutes=minutes, seconds=29)
        assert output.span(length) == re.sub(r"\s(?=[dh])", "", words.lag(length)).replace("\xa0", " "), length


def test_show_tells_a_story_by_its_name(db: str) -> None:
    name = json.loads(run(db, "show", STORY[:8], "--json").stdout)["story"]["name"]
    assert json.loads(run(db, "show", *name.upper().split(), "--json").stdout)["story"]["id"] == STORY
    for written in (name[:3], f"{name[0]}x{name[1:]}"):
        close = run(db, "show", written, fails=True).output
        assert "close to it" in close
        assert name in close
    assert "close to it" not in run(db, "show", "Wholly Another", fails=True).output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    "words", [("rules", "list", "--json"), ("explain", "Zephyros 4"), ("rules", "macros", "--csv"), ("rules", "check")]
)
def test_an_answer_that_cannot_be_written_is_told_in_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = [sys.executable, "-m", "aiwatch", *words]
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=120, check=False)
    said = "aiwatch: the answer cannot be written where it should go: No space left on device\n"
    assert (told.returncode, told.stderr) == (1, said)
