"""The documents are true: what they name exists, what they show runs."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import tomllib
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from click.testing import CliRunner
from pydantic.fields import FieldInfo

from aiwatch import config, rules
from aiwatch.cli import cli, reference
from aiwatch.config import shapes
from aiwatch.detect.examples import broken
from aiwatch.store.sqlite import SqliteStore
from benches import bench

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "bench").glob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    found = []
    for document in DOCUMENTS:
        for kind, text in FENCE.findall(document.read_text("utf-8")):
            if kind == language:
                found.append((document.name, text))
    return found


def invocations() -> list[tuple[str, list[str]]]:
    """Every ``aiwatch ...`` that a document shows, in a block or between backticks."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        shown = [
            line.split("  #")[0]
            for kind, block in FENCE.findall(text)
            if kind in {"sh", "console"}
            for line in block.splitlines()
        ]
        shown += re.findall(r"`(aiwatch [^`]+)`", FENCE.sub("", text))
        lines = [line.strip().removeprefix("$ ") for line in shown]
        calls = [line for line in lines if line.startswith("aiwatch ") and not set(line) & set("|[")]
        found += [(document.name, shlex.split(line)[1:]) for line in calls]
    return found


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words call, and what is left for it."""
    command: click.Command = cli
    words = list(words)
    while words:
        if words[0] in {"-c", "--config", "--db"}:
            words = words[2:]
        elif isinstance(command, click.Group) and not words[0].startswith("-"):
            found = command.get_command(click.Context(command), words[0])
            assert found is not None, f"there is no command {words[0]!r}"
            command, words = found, words[1:]
        else:
            break
    return command, words


@pytest.mark.parametrize(("document", "words"), invocations(), ids=lambda one: one if isinstance(one, str) else " ".join(one))
def test_every_command_that_a_document_shows_exists_with_its_options(document: str, words: list[str]) -> None:
    command, left = resolve(words)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help",
        "-h",
        "--version",
    }
    assert {word.split("=")[0] for word in left if re.fullmatch(r"--?[a-z][\w-]*(=.*)?", word)} <= known, document


def test_what_the_units_and_containers_start_is_a_command_with_its_options() -> None:
    units = [
        re.findall(r"^ExecStart=\S+ (.*)$", path.read_text("utf-8"), re.MULTILINE) for path in (ROOT / "deploy").glob("*.service")
    ]
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    started = [line.split() for (line,) in units] + [one.get("command", ["run"]) for one in services.values()]
    assert len(started) == 4
    for words in started:
        command, left = resolve(words)
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in left if word.startswith("-")} <= known


def test_the_page_of_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert written == reference.reference(), "run: python -m aiwatch.cli.reference > docs/commands.md"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize(("document", "text"), blocks("toml"), ids=lambda one: one[:20])
def test_shown_toml_is_toml(document: str, text: str) -> None:
    assert tomllib.loads(text), document


def test_the_overlay_shown_for_rules_holds_and_so_do_all_examples_under_it() -> None:
    (shown,) = [text for name, text in blocks("toml") if name == "detection.md"]
    assert broken(rules.load(shown)) == []


def test_the_readme_s_configuration_is_accepted() -> None:
    (shown,) = [text for name, text in blocks("toml") if name == "README.md"]
    read = config.read(
        config.File(name="aiwatch.toml", text=shown), [], base="/", env={}, reveal=lambda _where, name: f"secret of {name}"
    )
    assert read.subscriptions
    assert read.recipients


@pytest.fixture(scope="module")
def accuracy() -> ModuleType:
    """The bench that prints how well announcements are recognised."""
    return bench("accuracy")


def test_the_page_of_detection_has_the_figures_of_every_set_and_the_readme_tells_them(accuracy: ModuleType) -> None:
    """That they are what the bench prints is tested where they are measured (``test_detect_accuracy``).

    Of the sets in this repository; those beside the checkout carry a star in the table.
    """
    page = (ROOT / "docs" / "detection.md").read_text("utf-8")
    ours = [name for name in accuracy.WHAT if (ROOT / "bench").resolve() in accuracy.SETS[name].resolve().parents]
    assert [name for name, what in accuracy.WHAT.items() if "*" not in what] == ours
    assert accuracy.TABLE_HEAD in page
    rows = {name: [line for line in page.splitlines() if line.startswith(f"| {what} |")] for name, what in accuracy.WHAT.items()}
    assert {name: len(found) for name, found in rows.items()} == dict.fromkeys(rows, 1)
    precision, recall = (round(float(cell) * 100) for cell in rows["natural"][0].split("|")[3:5])
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert (
        f"Of 100 alarms over headlines as a stream reads {precision} are right, and {recall} of 100 announcements are heard"
        in readme
    )


def test_how_many_headlines_the_wording_was_learned_from_is_told() -> None:
    wording = rules.load().wording
    assert wording
    assert f"{wording.titles:,} labelled headlines" in " ".join((ROOT / "docs" / "detection.md").read_text("utf-8").split())


SECTIONS: dict[str, type[shapes.Shape]] = {
    "First level": shapes.ConfigShape,
    "`[[recipient]]`": shapes.RecipientShape,
    "`[[digest]]`": shapes.DigestShape,
    "`[smtp]`": shapes.SmtpShape,
    "`[http]`": shapes.HttpShape,
    "`[polling]`": shapes.PollingShape,
    "`[web]`": shapes.WebShape,
    "`[log]`": shapes.LogShape,
}


def as_written(field: FieldInfo) -> str:
    """A key's default as the page writes it."""
    if field.is_required():
        return "needed"
    return "" if field.default is None else f"`{json.dumps(field.default)}`"


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_of_the_configuration_has_every_key_with_its_default(section: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    (part,) = [one for one in page.split("\n## ") if one.startswith(f"{section}\n")]
    rows = re.findall(r"^\| (`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*) \| (.*?)\| ", part, re.MULTILINE)
    told = {key: default.strip() for keys, default in rows for key in re.findall(r"[a-z0-9_]+", keys)}
    tables = {"http", "polling", "smtp", "web", "log", "recipient", "digest"} if section == "First level" else set()
    fields = SECTIONS[section].model_fields
    assert told == {key: as_written(field) for key, field in fields.items() if key not in tables}


def test_every_table_of_the_configuration_has_its_section() -> None:
    named = {name.strip("`[]") for name in SECTIONS if name.startswith("`")}
    assert {key for key, field in shapes.ConfigShape.model_fields.items() if "Shape" in str(field.annotation)} == named


def test_the_queries_that_documents_show_run_on_a_fresh_database(tmp_path: Path) -> None:
    SqliteStore(str(tmp_path / "a.db")).close()
    shown = [text for _, text in blocks("sql")]
    assert len(shown) >= 3
    with sqlite3.connect(tmp_path / "a.db") as db:
        for query in shown:
            db.execute(query).fetchall()


def test_the_explanation_that_a_document_shows_is_what_is_said(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "judging.md").read_text("utf-8")
    call, shown = next(
        (line, text) for line, text in re.findall(r"^\$ (aiwatch explain .*)\n((?:.+\n)+?)```", page, re.MULTILINE)
    )
    SqliteStore(str(tmp_path / "a.db")).close()
    said = CliRunner().invoke(cli, ["--db", str(tmp_path / "a.db"), *shlex.split(call)[1:]]).output.splitlines()
    assert [line for line in shown.splitlines() if line != "..." and line not in said] == []


def test_every_make_word_that_a_document_shows_exists() -> None:
    words = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(re.findall(r"`make ([a-z]+)`", document.read_text("utf-8"))) <= words, document.name


def test_no_document_names_a_machine_or_a_package_index() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        assert not re.search(r"(^|[^\w])/(work|root|home/\w+)/", text), document.name
