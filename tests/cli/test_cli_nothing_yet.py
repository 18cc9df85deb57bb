"""The commands where there is no database yet: who only asks, or mends, makes none, and says what would."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aiwatch.cli import cli
from aiwatch.cli.reference import commands
from aiwatch.errors import StoreError

CONFIG = """
database = "db/missing.db"
rules = "rules.toml"
[[recipient]]
id = "me"
email = "me@example.org"
[[digest]]
id = "morning"
schedule = "weekdays 08:00"
timezone = "Asia/Seoul"
recipients = ["me"]
"""
SOURCES = '[[source]]\nid = "one"\nurl = "https://one.example/feed"\n'
DOCUMENT = '{"title": "OpenAI releases Sora, a text-to-video model"}\n'

ASKS = (  # nothing can be said, or mended, without a database
    "list", "show 0123abcd", "search sora", "sql select+1", "stats", "leadtime", "audit --against list.csv", "db check", "db backup",
    "db migrate", "db prune --yes", "db stats", "datasette", "explain 0123abcd", "explain https://one.example/a", "replay", "label",
    "label 0123abcd no", "rejudge 0123abcd", "serve --port 0", "mcp", "names list", "names same", "names same Foo Bar",
    "names same Foo --remove", "digest preview morning", "digest preview morning --since 7d --json", "digest send morning",
    "digest send morning --dry-run", "digest send morning --to you@example.org", "deliveries list", "deliveries show 0123abcd",
    "deliveries resend --failed", "deliveries drop 0123abcd", "notify muted", "notify resume me", "sources gaps", "sources backfill one",
)  # fmt: skip
ANSWERS = (  # the configuration, or what is given, is enough
    "doctor", "sources list", "sources export", "sources import vendors --dry-run", "sources pause one --reason why", "sources resume one",
    "sources remove one", "detect docs.jsonl", "rules check", "rules list", "rules test", "rules macros", "explain OpenAI+releases+Sora",
    "replay --from docs.jsonl", "names accept Foo --vendor Acme", "names ignore Foo", "digest next", "digest templates mine",
    "notify test me --dry-run", "init",
)  # fmt: skip
ELSE = {"demo", "run", "once", "db restore", "sources add", "sources check"}  # makes a database, or asks the network


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "aiwatch.toml").write_text(CONFIG)
    (tmp_path / "rules.toml").write_text("")
    (tmp_path / "sources.toml").write_text(SOURCES)
    (tmp_path / "docs.jsonl").write_text(DOCUMENT)
    (tmp_path / "list.csv").write_text("name,date\nSora,2024-02-15\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(line: str) -> list[str]:
    return [word.replace("+", " ") for word in line.split()]


@pytest.mark.parametrize("line", ASKS)
def test_who_asks_a_database_that_is_not_there_is_told_so_and_makes_none(place: Path, line: str) -> None:
    answer = CliRunner().invoke(cli, words(line))
    assert isinstance(answer.exception, StoreError), answer.output
    said = (
        f"{place / 'db' / 'missing.db'}: there is no database yet; `aiwatch once` or `aiwatch run` makes it, --db names another"
    )
    assert str(answer.exception).removesuffix("; --from FILE.jsonl takes a file") == said
    assert answer.stdout == ""
    assert not (place / "db").exists()


@pytest.mark.parametrize("line", ANSWERS)
def test_what_needs_no_database_is_done_and_makes_none(place: Path, line: str) -> None:
    answer = CliRunner().invoke(cli, words(line), catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    assert list(place.rglob("*.db*")) == []


def test_the_coming_times_are_told_before_anything_was_polled(place: Path) -> None:
    answer = CliRunner().invoke(cli, ["digest", "next", "--count", "2", "--json"])
    (line,) = json.loads(answer.stdout)
    assert (line["digest"], line["waiting"], line["last"], len(line["next"])) == ("morning", 0, None, 2)
    assert "there is no database yet; `aiwatch once`" in answer.stderr


def test_a_digest_that_is_none_is_told_before_the_database_is_looked_for(place: Path) -> None:
    for command in ("preview", "send"):
        said = str(CliRunner().invoke(cli, ["digest", command, "evening"]).exception)
        assert said == 'there is no digest "evening"; configured are: morning'


def test_every_command_is_tried_without_a_database() -> None:
    tried = {*ASKS, *ANSWERS}
    names = [context.command_path.removeprefix("aiwatch ") for one, context in commands() if not isinstance(one, click.Group)]
    assert len(names) > 40
    assert [name for name in names if name not in ELSE and not any(f"{one} ".startswith(f"{name} ") for one in tried)] == []
