"""``aiwatch init`` as a person runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import Option
from click.testing import CliRunner

from aiwatch import app, overlay
from aiwatch.cli import cli, main
from aiwatch.cli.reference import commands
from aiwatch.errors import ConfigError

DOCS = Path(__file__).parents[2] / "docs"


def test_what_is_written_is_read_again_and_never_overwritten(tmp_path: Path) -> None:
    call = ["init", "--contact", 'https://example.org/"me"', "--timezone", "Asia/Seoul", "--directory", str(tmp_path)]
    assert CliRunner().invoke(cli, call).exit_code == 0
    config = tmp_path / "aiwatch.toml"
    assert app.load_config(str(config)).http.contact == 'https://example.org/"me"'
    assert '# timezone = "Asia/Seoul"' in config.read_text("utf-8")
    config.write_text("mine", "utf-8")
    assert "is there already" in CliRunner().invoke(cli, call).output
    assert config.read_text("utf-8") == "mine"


@pytest.mark.parametrize("wrong", [("--contact", "somebody"), ("--timezone", "Mars/Olympus")])
def test_what_would_not_work_is_refused_before_anything_is_written(tmp_path: Path, wrong: tuple[str, str]) -> None:
    answer = CliRunner().invoke(cli, ["init", *wrong, "--directory", str(tmp_path / "new")])
    assert (answer.exit_code, " ".join(wrong) in answer.output, (tmp_path / "new").exists()) == (2, True, False)


def test_a_rules_file_points_to_a_page_that_is_there() -> None:
    named = [word.strip(",;") for word in overlay.ignore("", "Foo", "rules.toml").split() if word.startswith("docs/")]
    assert [(DOCS.parent / name).is_file() for name in named] == [True]


def test_a_file_as_windows_saves_it_is_read_and_one_in_another_encoding_is_named(tmp_path: Path) -> None:
    config = tmp_path / "aiwatch.toml"
    config.write_bytes(b'\xef\xbb\xbf[http]\r\ncontact = "me@example.org"\r\n')
    assert app.load_config(str(config)).http.contact == "me@example.org"
    config.write_bytes('# 한국어\n[http]\ncontact = "x@y"\n'.encode("cp949"))
    with pytest.raises(ConfigError, match=r"aiwatch\.toml: is no text in UTF-8: byte 2 cannot be one; save it as UTF-8"):
        app.load_config(str(config))


@pytest.mark.parametrize("group", ["sources", "rules", "names", "digest", "deliveries", "notify", "db"])
def test_no_line_of_a_group_s_help_is_cut_on_eighty_columns(group: str) -> None:
    shown = CliRunner().invoke(cli, [group, "--help"], terminal_width=80).output
    assert [line for line in shown.splitlines() if line.startswith("  ") and line.endswith("...")] == []


def test_every_option_says_what_it_does() -> None:
    options = [
        (context.command_path, one) for command, context in commands() for one in command.params if isinstance(one, Option)
    ]
    assert len(options) > 100
    assert [(path, one.opts) for path, one in options if not one.help] == []


def test_a_mistyped_command_is_answered_with_the_right_one() -> None:
    answer = CliRunner().invoke(cli, ["serch", "sora"])
    assert (answer.exit_code, "Did you mean search?" in answer.output) == (2, True)
    assert "Did you mean" not in CliRunner().invoke(cli, ["zzz"]).output


@pytest.mark.parametrize("command", [["init", "--directory"], ["demo", "--directory"], ["digest", "templates"]])
def test_a_directory_that_cannot_be_written_is_named_without_a_trace(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a-file"
    file.touch()
    with pytest.raises(SystemExit) as ended:
        main([*command, str(file / "below")])
    assert ended.value.code == 1
    assert f"aiwatch: {file}" in capsys.readouterr().err
