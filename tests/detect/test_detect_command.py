"""``aiwatch detect`` and ``aiwatch rules`` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.cli import cli
from aiwatch.errors import ConfigError

DOCUMENTS = [
    {"id": "b", "title": "OpenAI launches GPT-6", "source": "A paper", "published": "2026-05-02", "lang": "en"},
    {
        "id": "a",
        "title": "GPT-6",
        "url": "https://openai.com/index/gpt-6",
        "source": "OpenAI",
        "published": "2026-05-01",
        "lang": "en",
    },
    {"id": "c", "title": "오픈AI, 'GPT-7' 내년 출시 전망", "source": "A paper", "published": "2026-05-03", "lang": "ko"},
    {"id": "d", "title": "Rain tomorrow", "source": "A paper", "published": "2026-05-03", "lang": "en"},
]


def run(tmp_path: Path, *args: str, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["--db", str(tmp_path / "x.db"), *args], input=text, catch_exceptions=True)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_documents_in_one_line_each_out(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(document) for document in DOCUMENTS)
    code, out = run(tmp_path, "detect", "-", text=text)
    rows = {row["id"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert list(rows) == ["b", "a", "c", "d"]
    assert rows["a"]["announcement"]
    assert rows["b"]["announcement"]
    assert rows["a"]["event"] == rows["b"]["event"] is not None
    assert rows["b"]["models"] == [{"name": "GPT-6", "vendor": "OpenAI", "modality": "text"}]
    assert (rows["c"]["announcement"], rows["c"]["stage"]) == (False, "rumored")
    assert (rows["d"]["announcement"], rows["d"]["stage"], rows["d"]["event"], rows["d"]["evidence"]) == (False, "none", None, [])
    assert rows["b"]["score"] == pytest.approx(sum(evidence["weight"] for evidence in rows["b"]["evidence"]))


def test_documents_hear_the_names_of_earlier_ones_in_whatever_order_they_stand(tmp_path: Path) -> None:
    launch = {"id": "a", "title": "Brightloom launches Zephyros 2, a language model for lawyers", "published": "2026-03-01"}
    brief = {"id": "b", "title": "Zephyros 3 Pro now available", "published": "2026-03-09"}
    early = {"id": "c", "title": "Zephyros 1 Pro now available", "published": "2026-02-09"}
    for number, rows in enumerate(([launch, brief, early], [early, brief, launch])):
        file = tmp_path / f"{number}.jsonl"
        file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        answer = CliRunner().invoke(cli, ["detect", str(file)])
        words = {row["id"]: row["announcement"] for row in map(json.loads, answer.stdout.splitlines())}
        assert words == {"a": True, "b": True, "c": False}


def test_only_announcements_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_text("\n".join(json.dumps(document) for document in DOCUMENTS), "utf-8")
    _, out = run(tmp_path, "detect", str(file), "--announcements")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["b", "a"]


def test_a_broken_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = json.dumps(DOCUMENTS[0])
    text = "\n".join([good, "{broken", '{"id": "e", "title": ["x"]}', '{"id": "f"}', good, json.dumps(DOCUMENTS[1])])
    result = CliRunner().invoke(cli, ["--db", str(tmp_path / "x.db"), "detect", "-"], input=text)
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["b", "a"]
    told = result.stderr.splitlines()
    assert [line.split(" ")[0] for line in told] == ["-:2:", "-:3:", "-:4:", "-:5:"]
    assert "a second document with the id 'b'" in told[3]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.jsonl: cannot be read"):
        run(tmp_path, "detect", str(tmp_path / "nowhere.jsonl"))


def test_line_separators_within_a_title_lose_nothing_and_a_line_of_other_bytes_is_named(tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    rows = [{"id": "a", "title": "OpenAI launches GPT-6\u2028today\x85"}, {"id": "b", "title": "OpenAI launches GPT-7"}]
    text = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_bytes(b"\xef\xbb\xbf" + text.encode() + b'\n{"title": "OpenAI launches GPT-8 \xff"}\n')
    answer = CliRunner().invoke(cli, ["detect", str(file)])
    assert [json.loads(line)["models"][0]["name"] for line in answer.stdout.split("\n") if line] == ["GPT-6", "GPT-7"]
    assert (answer.exit_code, answer.stderr) == (
        1,
        f"{file}:3: is no text in UTF-8: byte 33 of the line cannot be one\n",
    )


def test_a_text_in_another_encoding_is_no_text_without_an_announcement(tmp_path: Path) -> None:
    korean = '{"title": "오픈AI, GPT-7 공개"}\n'.encode("euc-kr")
    answer = CliRunner().invoke(cli, ["detect", "-"], input=korean + b'{"id": "b", "title": "OpenAI launches GPT-7"}\n')
    assert [json.loads(line)["id"] for line in answer.stdout.splitlines()] == ["b"]
    assert (answer.exit_code, answer.stderr.startswith("-:1: is no text in UTF-8")) == (1, True)
    with pytest.raises(ConfigError, match=r"^-:2: is no text in UTF-8: byte 0 of the line cannot be one$"):
        CliRunner().invoke(cli, ["--db", str(tmp_path / "x.db"), "explain", "-"], b"GPT-7\n\xbf\xc0", catch_exceptions=False)
    typed = CliRunner().invoke(cli, ["--db", str(tmp_path / "x.db"), "explain", "\udcbf\udcc0 GPT-7"])
    assert (typed.exit_code, "WHAT is no text in UTF-8" in typed.stderr) == (2, True)


def test_a_date_that_is_none_is_named_and_its_document_judged(tmp_path: Path) -> None:
    rows = [
        {"id": day, "title": "OpenAI launches GPT-7", "published": day} for day in ("2026-13-45", "yesterday", "2026-03-02", "")
    ]
    answer = CliRunner().invoke(cli, ["detect", "-"], input="\n".join(map(json.dumps, rows)))
    assert [json.loads(line)["announcement"] for line in answer.stdout.splitlines()] == [True] * 4
    assert answer.exit_code == 0  # nothing is lost by it
    assert [line.partition(";")[0] for line in answer.stderr.splitlines()] == [
        "-:1: 'published' is no date: \"2026-13-45\"",
        "-:2: 'published' is no date: \"yesterday\"",
    ]


@pytest.mark.parametrize("command", [["detect"], ["replay", "--from"]])
def test_what_is_said_of_a_file_stands_in_the_order_of_its_lines(tmp_path: Path, command: list[str]) -> None:
    dated, broken = '{"title": "OpenAI launches GPT-7", "published": "soon"}', "{broken"
    text = "\n".join([dated, broken, dated.replace("7", "8"), broken])
    answer = CliRunner().invoke(cli, ["--db", str(tmp_path / "x.db"), *command, "-"], input=text)
    assert [line.split(" ")[0] for line in answer.stderr.splitlines()] == ["-:1:", "-:2:", "-:3:", "-:4:"]
    assert answer.exit_code == 1


def test_rules_are_checked_listed_and_tested(tmp_path: Path) -> None:
    code, out = run(tmp_path, "rules", "check")
    assert code == 0
    assert "sound" in out
    assert CliRunner().invoke(cli, ["rules", "check"]).stderr == ""
    own = tmp_path / "own.toml"
    own.write_text('[[rule]]\nid = "mine"\nwhy = "w"\nweight = 1\npattern = "zephyr"\nmatch = ["zephyr"]\n', "utf-8")
    assert "show their why: mine\n" in CliRunner().invoke(cli, ["rules", "check", str(own)]).stderr
    assert json.loads(run(tmp_path, "rules", "check", str(own), "--json")[1])["without_why_ko"] == ["mine"]
    figures = json.loads(run(tmp_path, "rules", "check", "--json")[1])
    assert out.startswith(f"{figures['rules']} rules, {figures['families']} families, ")
    code, out = run(tmp_path, "rules", "test")
    assert code == 0
    assert out.strip().endswith("0 wrong")
    _, out = run(tmp_path, "rules", "list", "korean", "--json")
    assert json.loads(out)
    _, out = run(tmp_path, "rules", "list", "wording", "--json")  # the engine's own evidence is listed as well
    assert [row["where"] for row in json.loads(out)] == ["the engine"]


def test_a_rule_that_is_turned_off_is_listed_as_such(tmp_path: Path) -> None:
    """Of one that the overlay disables the list said that no rule has these words."""
    own, config = tmp_path / "rules.toml", tmp_path / "aiwatch.toml"
    own.write_text('[[rule]]\nid = "not.en.versus"\ndisabled = true\n', "utf-8")
    config.write_text('rules = "rules.toml"\n', "utf-8")
    _, out = run(tmp_path, "-c", str(config), "rules", "list", "not.en.versus", "--json")
    (row,) = json.loads(out)
    assert (row["weight"], row["why"], row["where"]) == (None, "turned off: a comparison or test of models", f"{own}:3")


def test_rules_that_the_configuration_names_and_nobody_wrote_are_told_with_what_to_do(tmp_path: Path) -> None:
    config = tmp_path / "aiwatch.toml"
    config.write_text('rules = "rules.toml"\n', "utf-8")
    with pytest.raises(
        ConfigError, match=r"rules: there is no file .*rules.toml; an empty one will do, or take the key `rules` out of"
    ):
        run(tmp_path, "-c", str(config), "rules", "check")


def test_what_is_hardly_meant_so_is_said_beside_the_figures_and_by_the_doctor(tmp_path: Path) -> None:
    own, config = tmp_path / "rules.toml", tmp_path / "aiwatch.toml"
    own.write_text("[families]\n'Quillon Nova' = { vendor = 'Quillon', names = ['Nova'] }\n", "utf-8")
    config.write_text('rules = "rules.toml"\n', "utf-8")
    said = f"{own}:2: family 'Quillon Nova': a family of Amazon is called 'Nova' too; "
    answer = CliRunner().invoke(cli, ["-c", str(config), "rules", "check"])
    assert (answer.exit_code, "sound" in answer.stdout, answer.stderr.startswith(said)) == (0, True, True)
    assert [one.startswith(said) for one in json.loads(run(tmp_path, "rules", "check", str(own), "--json")[1])["doubts"]] == [
        True
    ]
    findings = json.loads(run(tmp_path, "-c", str(config), "doctor", "--json")[1])
    assert [one["verdict"] for one in findings if one["what"] == "rules"] == ["ok", "warn"]


def test_a_file_of_ones_own_is_tried_before_it_is_used(tmp_path: Path) -> None:
    own = tmp_path / "rules.toml"
    own.write_text('[[rule]]\nid = "mine"\nwhy = "w"\nweight = 1\npattern = "GPT-6"\nmatch = ["Try GPT-6"]\n', "utf-8")
    code, out = run(tmp_path, "rules", "test", str(own))
    assert code == 1
    assert f"{own}:1: rule 'mine' does not fire on: Try GPT-6  (read as: Try {{M}})" in out
    code, out = run(tmp_path, "rules", "test", str(own), "--json")
    wrong = {"rule": "mine", "where": f"{own}:1", "said": "does not fire on", "example": "Try GPT-6", "masked": "Try {M}"}
    assert (code, json.loads(out)["wrong"]) == (1, [wrong])
    own.write_text('[[rule]]\nid = "mine"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"rules.toml:1: rule 'mine' needs a 'why'"):
        run(tmp_path, "rules", "check", str(own))
