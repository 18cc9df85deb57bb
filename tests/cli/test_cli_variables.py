"""What the environment sets: options by their own names, and a variable that nothing reads is named, once."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.cli import cli, variables
from aiwatch.config.variables import of_keys

ROOT = Path(__file__).parents[2]
CONFIG = """
[smtp]
password = { env = "AIWATCH_MAIL_WORD" }
[web]
# token_hash = { env = "AIWATCH_NOT_WRITTEN" }
"""
SOURCES = """
[[source]]
id = "lab"
url = "https://lab.example/feed"
enabled = false
headers = { authorization = { env = "AIWATCH_LAB_TOKEN" } }
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(SOURCES, "utf-8")
    path = tmp_path / "aiwatch.toml"
    path.write_text(CONFIG, "utf-8")
    return path


def said(place: Path, env: dict[str, str], *command: str) -> tuple[str, str]:
    """Standard output and standard error of a command, with no other variables of ours."""
    others = {name: None for name in os.environ if name.upper().startswith("AIWATCH_")}
    answer = CliRunner().invoke(cli, ["-c", str(place), *command], env=others | {"AIWATCH_MAIL_WORD": "x"} | env)
    return answer.stdout, answer.stderr


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("AIWATCH_DATABSE", "AIWATCH_DATABASE"),
        ("AIWATCH_SMTP_PASSWORD_FLE", "AIWATCH_SMTP_PASSWORD_FILE"),
        ("AIWATCH_DATABASE_FILE", "AIWATCH_DATABASE"),  # no secret: it is written, not read from a file
        ("AIWATCH_ONCE_AL", "AIWATCH_ONCE_ALL"),
        ("AIWATCH_SOURCES_LIST_JSN", "AIWATCH_SOURCES_LIST_JSON"),
        ("AIWATCH_MAIL_WRD", "AIWATCH_MAIL_WORD"),
        ("aiwatch_log_level", "AIWATCH_LOG_LEVEL"),
    ],
)
def test_a_misspelt_variable_is_named_once_with_what_was_probably_meant(place: Path, name: str, meant: str) -> None:
    listed, told = said(place, {name: "hush"}, "sources", "list", "--json")
    assert told == f"aiwatch: the environment variable {name} is read by nothing; did you mean {meant}?\n"
    assert [one["id"] for one in json.loads(listed)] == ["lab"]


def test_one_that_is_near_to_nothing_says_where_the_names_are(place: Path) -> None:
    _, told = said(place, {"AIWATCH_QQQ": "hush", "AIWATCH_NOT_WRITTEN": "hush"}, "sources", "list")
    assert [line.split()[4] for line in told.splitlines()] == ["AIWATCH_NOT_WRITTEN", "AIWATCH_QQQ"]
    assert "docs/configuration.md" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AIWATCH_DATABASE", "x.db"),
        ("AIWATCH_SMTP_PASSWORD_FILE", "/run/pw"),
        ("AIWATCH_RUN_LOG_LEVEL", "info"),
        ("AIWATCH_DIGEST_PREVIEW_OPEN", "1"),
        ("AIWATCH_LAB_TOKEN", "t"),  # the list of sources names it
        ("AIWATCH_SERVICE_HOST", "10.0.0.1"),  # Kubernetes, where a service is called aiwatch
        ("AIWATCH_PORT", "tcp://10.0.0.1:80"),
        ("AIWATCH_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("AIWATCH_VERSION", "0.1.0"),
        ("AIWATCHER_DATABSE", "another program's"),
    ],
)
def test_what_is_read_or_is_somebody_elses_is_not_mentioned(place: Path, name: str, value: str) -> None:
    assert said(place, {name: value}, "sources", "list")[1] == ""


def test_doctor_has_it_among_its_findings_and_says_it_nowhere_else(place: Path) -> None:
    listed, told = said(place, {"AIWATCH_DATABSE": "x"}, "doctor", "--json")
    found = [one for one in json.loads(listed) if one["what"] == "environment"]
    assert [(one["verdict"], "AIWATCH_DATABASE" in one["found"]) for one in found] == [("warn", True)]
    assert told == ""


def test_a_service_has_it_in_its_log(place: Path) -> None:
    _, told = said(place, {"AIWATCH_DATABSE": "x", "AIWATCH_LOG_FORMAT": "json"}, "once", "nobody")
    (line,) = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert line["level"] == "warning"
    assert line["text"].startswith("the environment variable AIWATCH_DATABSE is read by nothing")


@pytest.mark.parametrize(("name", "begins"), [("JSON", "["), ("CSV", "id,health"), ("MARKDOWN", "| id")])
def test_an_option_goes_by_its_own_name(place: Path, name: str, begins: str) -> None:
    assert said(place, {f"AIWATCH_SOURCES_LIST_{name}": "1"}, "sources", "list")[0].startswith(begins)


def test_an_option_does_not_take_a_neighbour_s_address_for_its_value(place: Path) -> None:
    """Kubernetes, where a service is called aiwatch-serve."""
    listed, told = said(place, {"AIWATCH_SERVE_PORT": "tcp://10.0.0.1:80"}, "serve", "--new-token")
    assert (listed.startswith("token "), told) == (True, "")


def test_no_variable_is_read_for_two_things() -> None:
    keys = list(of_keys())
    options = list(variables.of_options())
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(options)


def test_what_documents_and_deployment_set_is_read() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), *(path for path in (ROOT / "deploy").iterdir() if path.is_file()), ROOT / "README.md"]
    texts = [path.read_text("utf-8") for path in pages]
    named = {name for text in texts for name in re.findall(r"\bAIWATCH_[A-Z0-9_]*[A-Z0-9]", text)}
    secrets = {name for text in texts for name in re.findall(r'env = "(\w+)"', text)}
    assert len(named) > 8
    assert named - secrets - {*of_keys(), *variables.of_options()} == {"AIWATCH_DATABSE", "AIWATCH_VERSION"}, (
        "the two that the page is about"
    )
