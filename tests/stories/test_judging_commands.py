"""``aiwatch label`` and ``aiwatch names``: what a person says is kept, and detection heeds it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from archive_samples import GPT, LAB, WIRE, Newsroom

from aiwatch import rules
from aiwatch.detect.learned import family_of

NEW = "OpenAI releases Zephyros 4 Pro, its new flagship language model"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    room = Newsroom(tmp_path)
    room.publish(LAB, GPT)
    room.publish(WIRE, "OpenAI releases 'Zephyros-4', a new language model")
    room.poll()
    return room


def test_a_judgement_is_kept_listed_replaced_and_taken_back(newsroom: Newsroom) -> None:
    address = newsroom.address(LAB, GPT)
    assert newsroom.run("label", address, "no", "--note", "old").exit_code == 0
    said = newsroom.run("label", address, "yes", "--stage", "released", "--note", "seen").output
    assert said == f"yes, released: {GPT}\n  OpenAI GPT-9 (released): stands as told\n"
    (label,) = json.loads(newsroom.run("label", "--json").stdout)
    assert (label["announcement"], label["stage"], label["note"], label["title"]) == (True, "released", "seen", GPT)
    head, line = newsroom.run("label").stdout.splitlines()
    assert head.split() == ["item", "announcement", "stage", "models", "title", "note", "judged", "UTC"]
    assert line.split()[:3] == [label["item_id"], "yes", "released"]
    (row,) = csv.DictReader(newsroom.run("label", "--csv").stdout.splitlines())
    assert (row["announcement"], row["title"], row["note"]) == ("yes", GPT, "seen")
    assert json.loads(newsroom.run("label", address, "yes", "--json").stdout)["announcement"] is True
    assert newsroom.run("label", address, "yes", "--csv").exit_code == 2
    assert newsroom.run("label", address, "yes", "--stage", "released").exit_code == 0
    assert "label   yes, released" in newsroom.run("explain", address).output
    assert newsroom.run("label", label["item_id"], "--remove").exit_code == 0
    assert newsroom.run("label", label["item_id"], "--remove").exit_code == 1
    assert json.loads(newsroom.run("label", "--json").stdout) == []
    assert newsroom.run("label").output.startswith("nothing is judged yet")


@pytest.mark.parametrize(
    "args",
    [
        ["x"],
        ["x", "yes", "--remove"],
        ["x", "perhaps"],
        ["x", "yes", "--stage", "soon"],
        ["x", "no", "--stage", "released"],
        ["x", "yes", "--stage", "rumored"],
        ["--remove"],
        ["--note", "why"],
    ],
)
def test_a_judgement_without_a_verdict_is_wrong_usage(newsroom: Newsroom, args: list[str]) -> None:
    assert newsroom.run("label", *args).exit_code == 2


def test_a_language_that_is_none_is_wrong_usage(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", GPT, "--lang", "klingon")
    assert (answer.exit_code, "such as ko or zh-TW" in answer.output) == (2, True)
    assert newsroom.run("explain", GPT, "--lang", "xx").exit_code == 2
    for lang in ("zh-TW", "de", "yue"):
        assert newsroom.run("explain", GPT, "--lang", lang).exit_code == 0


def test_how_a_text_is_judged_is_no_word_on_an_item(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", newsroom.address(LAB, GPT), "--source", WIRE.id)
    assert (answer.exit_code, f"is an item that {LAB.id} brought" in answer.output) == (2, True)


@pytest.mark.parametrize("address", ["http://[bad", "http://℀.com/", "https://wire.example:99999/7", "https://"])
def test_what_is_no_address_is_named_and_not_judged_as_a_text(newsroom: Newsroom, address: str) -> None:
    answer = newsroom.run("explain", address)
    assert (answer.exit_code, f"{address}: this is no address" in answer.output) == (2, True)
    assert newsroom.run("label", address, "yes").exit_code == 1


def test_an_item_that_is_not_there_is_an_error(newsroom: Newsroom) -> None:
    answer = newsroom.run("label", "https://nowhere.example/x", "yes")
    assert (answer.exit_code, "there is no item" in answer.output) == (1, True)


def test_a_name_nobody_told_it_is_listed_and_leaves_the_list_when_accepted(newsroom: Newsroom) -> None:
    (seen,) = json.loads(newsroom.run("names", "list", "--json").stdout)
    assert (seen["spelled"], seen["seen"], seen["vendor_listed"]) == ("Zephyros-4", 1, True)
    (row,) = csv.DictReader(newsroom.run("names", "list", "--csv").stdout.splitlines())
    assert (row["name"], row["vendor"], row["vendor listed"], row["known since"][:16]) == (
        "Zephyros-4",
        "OpenAI",
        "yes",
        "2026-03-02T10:00",
    )
    assert "'Zephyros-4'" in newsroom.run("explain", row["item"]).output
    answer = newsroom.run("names", "accept", "Zephyros-4", "--vendor", "OpenAI", "--also", "제피로스")
    assert answer.exit_code == 0, answer.output
    assert "Zephyros: a family of models by OpenAI" in answer.output
    assert json.loads(newsroom.run("names", "list", "--json").stdout) == []
    (seen,) = json.loads(newsroom.run("names", "list", "--verdict", "accepted", "--json").stdout)
    assert seen["verdict"] == "accepted"
    text = (newsroom.directory / "aiwatch.toml").read_text("utf-8")
    assert text.splitlines()[:2] == ['rules = "rules.toml"', "# mine"]
    known = json.loads(newsroom.run("explain", "--json", NEW).stdout)["models"]
    assert [(one["name"], one["vendor"], one["known"]) for one in known] == [("Zephyros 4 Pro", "OpenAI", True)]
    korean = json.loads(newsroom.run("explain", "--json", "OpenAI, 새 언어 모델 '제피로스 5' 공개").stdout)["models"]
    assert [(one["name"], one["vendor"]) for one in korean] == [("Zephyros 5", "OpenAI")]


def test_files_that_begin_with_a_byte_order_mark_are_written_into_as_any(newsroom: Newsroom) -> None:
    config, own = newsroom.directory / "aiwatch.toml", newsroom.directory / "rules.toml"
    own.write_text('[products]\nnames = ["Zephyros Studio"]\n', "utf-8-sig")
    config.write_text(config.read_text("utf-8"), "utf-8-sig")
    assert newsroom.run("names", "accept", "Zephyros-4").exit_code == 0
    checked = newsroom.run("rules", "check")
    assert checked.exit_code == 0
    assert "`aiwatch rejudge` has them follow" in checked.stderr, "rules of one's own do nothing to the past by themselves"
    assert "Zephyros Studio" in own.read_text("utf-8")


def test_accepting_a_family_settles_all_its_versions(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, "OpenAI releases 'Zephyros-5', a new language model")
    newsroom.poll()
    assert {one["spelled"] for one in json.loads(newsroom.run("names", "list", "--json").stdout)} == {"Zephyros-4", "Zephyros-5"}
    assert newsroom.run("names", "accept", "Zephyros-4").exit_code == 0  # the announcement said who makes it
    assert json.loads(newsroom.run("names", "list", "--json").stdout) == []


def test_accepting_keeps_the_kind_that_was_told_and_the_maker_that_a_person_gave(newsroom: Newsroom) -> None:
    title = "Torvane releases Gannet 2, a text-to-video model"
    newsroom.publish(WIRE, title)
    newsroom.poll()
    assert newsroom.run("label", newsroom.address(WIRE, title), "yes", "--vendor", "Pixelmoor").exit_code == 0
    answer = newsroom.run("names", "accept", "Gannet")  # the family's name: what was seen is a version
    assert "Gannet: a family of models by Pixelmoor" in answer.output
    known = json.loads(newsroom.run("explain", "--json", "Gannet 3 is now available").stdout)["models"]
    assert [(one["name"], one["vendor"], one["modality"]) for one in known] == [("Gannet 3", "Pixelmoor", "video")]


GANNET = "A tiny lab takes aim at video models: OpenAI launches Gannet Video 2, a text-to-video model"


def vendors(newsroom: Newsroom) -> dict[str, str]:
    return {
        one["spelled"]: one["vendor"] for one in json.loads(newsroom.run("names", "list", "--verdict", "all", "--json").stdout)
    }


def test_a_maker_that_a_person_gave_is_the_maker_of_what_follows(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, GANNET)
    newsroom.publish(WIRE, "OpenAI launches Gannet Video 1, a text-to-video model")
    newsroom.poll()
    assert vendors(newsroom)["Gannet Video 2"] == "OpenAI"
    assert newsroom.run("label", newsroom.address(WIRE, GANNET), "yes", "--vendor", "Pixelmoor").exit_code == 0
    assert vendors(newsroom)["Gannet Video 2"] == "Pixelmoor"
    newsroom.publish(WIRE, "Gannet Video 3, a text-to-video model, is now available")
    assert [(one.name, one.vendor) for one in newsroom.poll()] == [("Gannet Video 3", "Pixelmoor")]
    assert ", by Pixelmoor)" in newsroom.run("explain", "Gannet Video 4 is now available").output
    assert "+0 -0 against what was told" in newsroom.run("replay").output
    second = "Pixelmoor launches Gannet Video 2, a text-to-video model"
    newsroom.publish(WIRE, second)
    assert newsroom.poll() == [], "it is of the story that the person corrected"
    answer = newsroom.run("names", "accept", "Gannet Video 3")
    assert "Gannet Video: a family of models by Pixelmoor" in answer.output
    assert "taken back" not in answer.output
    assert "Follow-up coverage of “Gannet Video 2”" in newsroom.run("explain", newsroom.address(WIRE, second)).output


def test_a_maker_whose_judgement_is_taken_back_is_the_rules_again(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, GANNET)
    newsroom.poll()
    address = newsroom.address(WIRE, GANNET)
    assert newsroom.run("label", address, "yes", "--vendor", "Pixelmoor").exit_code == 0
    assert newsroom.run("label", address, "--remove").exit_code == 0
    assert vendors(newsroom)["Gannet Video 2"] == "OpenAI"


def test_a_maker_that_more_reports_say_takes_the_place_of_the_first(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, GANNET)
    newsroom.poll()
    for said in ("OpenAI unveils", "Pixelmoor launches", "Pixelmoor releases", "Pixelmoor introduces"):
        assert vendors(newsroom)["Gannet Video 2"] == "OpenAI", "as many as for another change nothing"
        newsroom.publish(WIRE, f"{said} Gannet Video 2, a text-to-video model")
        newsroom.poll()
    assert vendors(newsroom)["Gannet Video 2"] == "Pixelmoor"
    newsroom.publish(WIRE, "Gannet Video 3, a text-to-video model, is now available")
    assert [(one.name, one.vendor) for one in newsroom.poll()] == [("Gannet Video 3", "Pixelmoor")]
    assert newsroom.run("replay").output.startswith("+0 -0 against what was told")


def test_an_ignored_name_is_no_model_any_more(newsroom: Newsroom) -> None:
    title = "OpenAI releases 'Zephyros-4', a new language model"
    assert json.loads(newsroom.run("explain", "--json", title).stdout)["announcement"] is True
    assert newsroom.run("names", "ignore", "zephyros-4").exit_code == 0
    assert json.loads(newsroom.run("explain", "--json", title).stdout)["announcement"] is False
    (row,) = csv.DictReader(newsroom.run("names", "list", "--verdict", "all", "--csv").stdout.splitlines())
    assert row["verdict"] == "ignored"


def test_a_name_s_maker_that_no_list_has_is_told_from_one_that_a_source_has(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(WIRE, "Quillon AI releases 'Zephyros-4', a new language model")
    room.publish(WIRE, "OpenAI releases 'Palaquin-2', a new language model")
    room.poll()

    def listed() -> dict[str, tuple[str, str]]:
        rows = csv.DictReader(room.run("names", "list", "--csv").stdout.splitlines())
        return {row["name"]: (row["vendor"], row["vendor listed"]) for row in rows}

    assert listed() == {"Zephyros-4": ("Quillon AI", "no"), "Palaquin-2": ("OpenAI", "yes")}
    own = '[[source]]\nid = "quillon"\nurl = "https://quillon.example/feed"\nvendor = "Quillon AI"\n'
    (tmp_path / "sources.toml").write_text(own, "utf-8")
    assert listed()["Zephyros-4"] == ("Quillon AI", "yes")


def test_a_name_without_a_vendor_asks_for_one(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    answer = room.run("names", "accept", "Orion")
    assert (answer.exit_code, "give --vendor" in answer.output) == (2, True)
    assert not (tmp_path / "rules.toml").exists()
    assert room.run("names", "accept", "Orion", "Nimbus", "--vendor", "Acme", "--also", "x").exit_code == 2
    assert room.run("names", "accept", "Orion", "Nimbus", "--vendor", "Acme").exit_code == 0
    assert set(rules.load((tmp_path / "rules.toml").read_text("utf-8")).data.families) >= {"Orion", "Nimbus"}


def test_a_broken_overlay_stays_as_it_is_and_names_itself(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    (tmp_path / "rules.toml").write_text("[families\n", "utf-8")
    (tmp_path / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    answer = room.run("names", "accept", "Orion", "--vendor", "Acme")
    assert answer.exit_code != 0
    assert str(answer.exception).startswith(f"{tmp_path / 'rules.toml'}:1: ")
    assert (tmp_path / "rules.toml").read_text("utf-8") == "[families\n"


@pytest.mark.parametrize(
    ("spelled", "family"),
    [
        ("Zephyros 4 Pro", "Zephyros"),
        ("Zephyros-4", "Zephyros"),
        ("K2-Think", "K2-Think"),
        ("Zephyros", "Zephyros"),
        ("Claude 9", "Claude 9"),
    ],
)
def test_the_family_is_what_the_next_version_shares(spelled: str, family: str) -> None:
    assert family_of(spelled, rules.load()) == family


def test_a_spelling_added_to_a_listed_family_keeps_those_it_has(newsroom: Newsroom) -> None:
    assert newsroom.run("names", "accept", "Sora", "--vendor", "OpenAI", "--also", "쏘라").exit_code == 0
    for title in ("오픈AI, '소라 3' 공개", "오픈AI, '쏘라 3' 공개"):
        (known,) = json.loads(newsroom.run("explain", "--json", title).stdout)["models"]
        assert (known["name"], known["modality"], known["known"]) == ("Sora 3", "video", True)
    refused = newsroom.run("names", "accept", "Claude", "--vendor", "Foo")
    assert (refused.exit_code, "Claude is Anthropic's in the lexicon" in refused.output) == (2, True)


def test_what_is_known_already_is_said_to_be_and_not_written(newsroom: Newsroom) -> None:
    accepted = newsroom.run("names", "accept", "Claude")
    assert accepted.output == "Claude: a family of models by Anthropic; it is known as that already, and nothing was written\n"
    assert not (newsroom.directory / "rules.toml").exists()
    assert newsroom.run("names", "accept", "Zephyros 3", "--vendor", "Acme").exit_code == 0
    once = (newsroom.directory / "rules.toml").read_text("utf-8")
    found = json.loads(newsroom.run("names", "accept", "Zephyros 4", "--json").output)
    assert (found["families"], found["written"]) == ([{"name": "Zephyros", "vendor": "Acme"}], [])
    assert (newsroom.directory / "rules.toml").read_text("utf-8") == once


def test_a_name_that_is_ignored_already_is_said_to_be_and_not_written(newsroom: Newsroom) -> None:
    assert newsroom.run("names", "ignore", 'Zephyros "X"').exit_code == 0
    once = (newsroom.directory / "rules.toml").read_text("utf-8")
    again = newsroom.run("names", "ignore", 'Zephyros "X"').output
    assert again == 'Zephyros "X": never a model; it is known as that already, and nothing was written\n'
    assert (newsroom.directory / "rules.toml").read_text("utf-8") == once


def test_what_a_verdict_takes_out_of_ones_own_rules_is_said(newsroom: Newsroom) -> None:
    assert newsroom.run("names", "accept", "하람 2", "--vendor", "벤토르", "--also", "Haram").exit_code == 0
    other = newsroom.run("names", "accept", "하람", "--vendor", "O'Neil").output
    assert other.startswith("하람: a family of models by O'Neil; it was by 벤토르\n")
    gone = newsroom.run("names", "ignore", "하람").output
    assert "rules.toml has no family 하람 by O'Neil any more, nor its other spellings (Haram)\n" in gone
    assert newsroom.run("names", "accept", "하람", "--vendor", "벤토르").exit_code == 0
    told = json.loads(newsroom.run("names", "ignore", "하람", "--json").output)
    assert told["dropped"] == [{"name": "하람", "vendor": "벤토르", "also": []}]


def test_a_version_that_was_ignored_is_none_any_more_when_it_is_accepted(newsroom: Newsroom) -> None:
    assert newsroom.run("names", "ignore", "Zephyros-4").exit_code == 0
    assert newsroom.run("names", "accept", "Zephyros-4").exit_code == 0
    (known,) = json.loads(newsroom.run("explain", "--json", "OpenAI releases Zephyros 4, a new language model").stdout)["models"]
    assert (known["name"], known["known"]) == ("Zephyros 4", True)


def test_an_announcement_without_a_name_says_whose_it_is(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", "Mistral releases new video model")
    assert "none is named · Mistral AI" in answer.output
    assert json.loads(newsroom.run("explain", "--json", "Mistral releases new video model").stdout)["maker"] == "Mistral AI"
