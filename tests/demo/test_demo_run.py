"""The demo itself, end to end: one run of the command, judged by its own verdict and looked at as a user would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch import app
from aiwatch.cli import cli
from aiwatch.cli.demo import command
from aiwatch.demo.articles import world
from aiwatch.store.library import Library


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def run(place: Path) -> Result:
    return CliRunner().invoke(command, ["--directory", str(place), "--checks"], catch_exceptions=False)


def test_everything_expected_happens(run: Result) -> None:
    assert re.findall(r"^(?:did not happen|  not met).*", run.output, re.MULTILINE) == []
    assert run.exit_code == 0
    counted = re.search(r"Verdict: (\d+) of (\d+) expectations met", run.output)
    assert counted
    assert counted[1] == counted[2]
    assert int(counted[1]) >= 50


def test_each_story_is_shown_once_as_it_is_found(run: Result) -> None:
    running = run.output.partition("A digest as it arrived")[0]
    for story in world().told:
        found = re.findall(
            rf"^\d\d:\d\d  [\w ]+: {story.vendor} {re.escape(story.name)} \({story.modality}\)", running, re.MULTILINE
        )
        assert len(found) == 1, story.name


def test_closing_tells_digest_stories_refusals_and_next_steps(run: Result, place: Path) -> None:
    for heading in ("A digest as it arrived", "Stories:", "Known from before", "Deliberately not announced", "Try next"):
        assert f"== {heading}" in run.output
    assert re.search(r"소라 is a shell here \| name\.ambiguous", run.output)
    assert f"  aiwatch -c {place}/demo.toml list" in run.output
    assert f"  aiwatch -c {place}/demo.toml serve" in run.output


def test_the_digest_that_the_readme_shows_is_the_demo_s(run: Result) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    shown = readme.split("```\n")[1].splitlines()
    assert shown[0].startswith("Subject: ")
    said = run.output.replace("\xa0", " ").splitlines()
    assert [line for line in shown if line not in said] == []


def test_output_in_a_pipe_is_plain(run: Result) -> None:
    assert "\x1b[" not in run.output
    assert "│" not in run.output


def test_database_and_configuration_left_behind_work(run: Result, place: Path) -> None:
    assert run.output
    config = app.load_config(str(place / "demo.toml"), env={})
    assert config.database == str(place / "demo.db")
    with Library(config.database) as library:
        entries, _ = library.announcements()
    assert {entry.announcement.name for entry in entries} >= {"Sora", "Gemma", "Stable Diffusion 3"}


def test_a_name_in_no_list_waits_for_a_word(run: Result, place: Path) -> None:
    assert f"  aiwatch -c {place}/demo.toml names list" in run.output
    listed = CliRunner().invoke(cli, ["-c", str(place / "demo.toml"), "names", "list", "--csv"]).output
    assert [line.split(",")[:2] for line in listed.splitlines()[1:]] == [["Quillback-7B", "Lanternfish Labs"]]


def test_a_story_marks_what_only_names_the_model(run: Result, place: Path) -> None:
    assert run.exit_code == 0
    shown = CliRunner().invoke(cli, ["--db", str(place / "demo.db"), "show", "Sora"]).output
    marked = {line.split(": ", 1)[1].split("  (mention)")[0] for line in shown.splitlines() if "  (mention)" in line}
    assert "Opinion: Sora is dazzling. It should also worry us" in marked
    assert "Introducing Sora: a minute of video from a few lines of text" not in marked


def test_a_story_was_seen_until_the_last_item_that_is_shown(run: Result, place: Path) -> None:
    assert run.exit_code == 0
    shown = CliRunner().invoke(cli, ["--db", str(place / "demo.db"), "show", "Sora"]).output
    items = re.findall(r"^  (\d{4}-\d\d-\d\d \d\d:\d\d) (?:published|found) +(?:first|\+)", shown, re.MULTILINE)
    assert f"reported {items[0]} to {items[-1]} UTC" in shown
