"""The commands that take a person's word: what they say back, and that the past follows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_samples import GPT, LAB, WIRE, Newsroom
from click.testing import Result

from aiwatch.model import Source
from aiwatch.settings import Subscription

SINMUN = Source(id="sinmun", name="Sinmun", url="https://sinmun.example/feed", lang="ko")
OPINION = "OpenAI says GPT-9 is out and it changes everything"
ZEPHYROS = "Brightloom launches Zephyros 4, a new image model"
NARAE = "브라이트룸, 새 이미지 모델 '미르나래 4' 공개"
MISSED = "Why the Tidewater 2 matters for builders"
WEEKLY = Subscription(id="weekly", title="Weekly", schedule="weekly monday 9:00", recipients=("me",))
CONFIG = """
[polling]
alert_window_hours = 72

[[recipient]]
id = "me"
webhook = "https://hooks.example/me"

[[digest]]
id = "weekly"
title = "Weekly"
schedule = "weekly monday 9:00"
recipients = ["me"]
"""


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    made = Newsroom(tmp_path, sources=(WIRE, SINMUN, LAB), clock=datetime.now(UTC) - timedelta(hours=9))
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    for source, title in ((WIRE, OPINION), (WIRE, ZEPHYROS), (SINMUN, NARAE), (WIRE, MISSED)):
        made.publish(source, title)
        made.poll()
    return made


def listed(room: Newsroom) -> dict[str, str]:
    """What `aiwatch list` shows: makers by model."""
    return {one["announcement"]["name"]: one["announcement"]["vendor"] for one in json.loads(room.run("list", "--json").stdout)}


def test_a_false_alarm_leaves_the_list_and_explain_says_why(room: Newsroom) -> None:
    answer = room.run("label", room.address(WIRE, OPINION), "no", "--note", "an opinion")
    assert answer.output == f"no: {OPINION}\n  OpenAI GPT-9 (released): taken back: it is no announcement\n"
    assert "GPT-9" not in listed(room)
    explained = room.run("explain", room.address(WIRE, OPINION)).output
    assert "told    Recorded in silence: taken back: it is no announcement." in explained
    assert "note    a person says that it is no announcement" in explained
    assert "verdict A person says: no announcement. The rules alone: An announcement of GPT-9 (released): score" in explained
    assert "label   no (" in explained
    emptied = "select id from story where keys = '[]' order by n limit 1"
    assert "nothing of it stands any more" in room.run("show", room.run("sql", "--csv", emptied).stdout.split()[1]).output
    assert "GPT-9" not in room.run("sql", "--csv", "select name from stories").stdout
    (line,) = [line for line in room.run("list", "--silent", "--csv").stdout.splitlines() if "GPT-9" in line]
    assert line.endswith(",taken back: it is no announcement")
    assert OPINION not in room.run("sources", "backfill", "wire").stdout, "what a person took back is not told by the way"
    answer = room.run("replay")
    assert "+0 -0 against what was told" in answer.output
    assert "still wrong" in answer.output, "the rules are, and the service is not"


def test_what_was_told_long_ago_stands_as_told_after_a_word_and_its_contrary(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, sources=(WIRE, LAB), clock=datetime.now(UTC) - timedelta(days=60))
    for source, title in ((LAB, GPT), (WIRE, "OpenAI launches GPT-9, a language model")):
        room.publish(source, title)
        room.poll()
    address, told = room.address(LAB, GPT), listed(room)
    assert room.run("label", address, "no").exit_code == 0
    assert listed(room) == told, "the other outlet tells it"
    other = room.run("label", address, "yes", "--name", "Zephyros 4", "--vendor", "Brightloom").output
    assert "Zephyros 4 (released): recorded in silence (older than the alert window" in other
    back = room.run("label", address, "yes").output
    assert "  OpenAI GPT-9 (released): stands as told\n" in back
    assert listed(room) == told
    assert room.run("label", address, "--remove").exit_code == 0
    assert listed(room) == told
    assert "+0 -0 against what was told" in room.run("replay").output


def test_what_waits_is_not_said_to_have_been_told(room: Newsroom) -> None:
    launch = "OpenAI launches Palaquin 3, a new language model"
    wire, lab = (room.publish(source, launch) for source in (WIRE, LAB))
    room.poll(subscriptions=[WEEKLY])
    answer = room.run("label", wire, "no")
    assert answer.output.endswith("  OpenAI Palaquin 3 (released): stands, and waits for the next edition of weekly\n")
    assert "told    Digest weekly: waiting for its next edition." in room.run("explain", lab).output
    answer = room.run("label", wire, "--remove")
    assert answer.output.endswith("  OpenAI Palaquin 3 (released): stands, and waits for the next edition of weekly\n")


def test_backfill_tells_what_was_old_and_no_launch_a_second_time(tmp_path: Path) -> None:
    room = Newsroom(tmp_path, clock=datetime.now(UTC) - timedelta(hours=9))
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    room.publish(WIRE, ZEPHYROS, ago=timedelta(days=9))
    room.publish(LAB, "A word on safety")
    room.poll()
    room.publish(LAB, LAUNCH)
    room.poll()
    nameless = "OpenAI launches its most powerful new AI model yet"
    room.publish(WIRE, nameless, "The company announced a new language model on Thursday.")
    room.poll()
    assert nameless in room.run("list", "--silent").stdout
    told = room.run("sources", "backfill", "wire", "--json").stdout
    assert [one["title"] for one in json.loads(told)] == [ZEPHYROS]


BLOG = Source(id="lab-blog", name="Lab blog", url="https://lab.example/feed", lang="en")
MAP = Source(id="lab-map", name="Lab map", url="https://lab.example/feed?all", lang="en")
LAUNCH = "OpenAI releases GPT-9, its new language model"


@pytest.fixture
def shared(tmp_path: Path) -> Newsroom:
    """Two sources that list one page."""
    made = Newsroom(tmp_path, sources=(BLOG, MAP, WIRE), clock=datetime.now(UTC) - timedelta(hours=9))
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    for source in (BLOG, MAP):
        made.publish(source, LAUNCH)
        made.poll()
    return made


def test_a_word_on_an_address_is_on_all_that_have_it(shared: Newsroom) -> None:
    assert listed(shared) == {"GPT-9": "OpenAI"}
    answer = shared.run("label", f"{shared.address(BLOG, LAUNCH)}?utm_source=mail", "no")
    assert (
        answer.output
        == f"no: {LAUNCH} (Lab blog)\nno: {LAUNCH} (Lab map)\n  OpenAI GPT-9 (released): taken back: it is no announcement\n"
    )
    assert listed(shared) == {}, "the other one tells it no more"
    assert shared.run("label", "--csv").output.count("no") >= 2
    answer = shared.run("label", shared.address(MAP, LAUNCH), "--remove", "--json")
    assert len(json.loads(answer.output)["item_ids"]) == 2
    assert listed(shared) == {"GPT-9": "OpenAI"}
    assert "nothing is judged yet" in shared.run("label").output
    assert "2 items judged again" in shared.run("rejudge", shared.address(BLOG, LAUNCH)).output


def test_one_model_s_item_among_those_of_an_address_is_meant_by_its_id(shared: Newsroom) -> None:
    answer = shared.run("label", shared.address(BLOG, LAUNCH), "yes", "--apart")
    assert answer.exit_code == 2
    assert "(Lab map)" in answer.output
    one = next(line.split()[0] for line in answer.output.splitlines() if "(Lab map)" in line)
    assert shared.run("label", one, "no").output.startswith(f"no: {LAUNCH}\n")
    assert listed(shared) == {"GPT-9": "OpenAI"}, "the blog still tells it"


class OnePage(Newsroom):
    """All that the wire says is on one page."""

    def address(self, source: Source, title: str) -> str:
        return "https://wire.example/notes" if source is WIRE else super().address(source, title)


def test_entries_of_one_page_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    room = OnePage(tmp_path, sources=(WIRE,), clock=datetime.now(UTC) - timedelta(hours=9))
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    for title in (LAUNCH, "A note on our garden and its many flowers"):
        room.publish(WIRE, title)
    room.poll()
    answer = room.run("label", "https://wire.example/notes", "no")
    assert answer.exit_code == 1
    assert "several entries have this address" in answer.output
    garden = next(line.split()[0] for line in answer.output.splitlines() if "garden" in line)
    assert room.run("label", garden, "yes", "--name", "Flower 2").exit_code == 0
    assert "Flower 2" in listed(room)


def test_a_missed_launch_wants_a_name_where_the_rules_found_none(room: Newsroom) -> None:
    address = room.address(WIRE, "Welcome to nothing in particular")
    room.publish(WIRE, "Welcome to nothing in particular")
    room.poll()
    assert room.run("label", address, "yes", "--vendor", "Brightloom").exit_code == 2
    answer = room.run("label", address, "yes", "--name", "Tidewater 2", "--vendor", "Brightloom", "--modality", "video")
    assert answer.output.endswith("  Brightloom Tidewater 2 (announced): told with the next digests\n")
    assert listed(room)["Tidewater 2"] == "Brightloom"
    (label,) = json.loads(room.run("label", "--json").stdout)
    assert [(one["name"], one["vendor"], one["modality"]) for one in label["models"]] == [("Tidewater 2", "Brightloom", "video")]
    assert "Tidewater 2" in room.run("label", "--csv").stdout
    assert "label   yes, of Brightloom Tidewater 2 (" in room.run("explain", address).output


def test_what_is_not_said_stays_as_the_rules_found_it(room: Newsroom) -> None:
    address = room.address(WIRE, ZEPHYROS)
    room.run("label", address, "yes", "--name", "Zephyros 4 Paint")
    assert listed(room)["Zephyros 4 Paint"] == "Brightloom"
    assert room.run("label", address, "yes", "--vendor", "Bright Loom").exit_code == 0
    assert listed(room)["Zephyros 4"] == "Bright Loom"
    room.run("label", address, "yes", "--name", "Gemini 9 Pro")
    assert listed(room)["Gemini 9 Pro"] == "Google", "the lexicon knows whose it is"
    assert room.run("label", address, "--remove").exit_code == 0
    assert listed(room)["Zephyros 4"] == "Brightloom"


def test_a_model_that_another_s_story_had_swallowed_is_told_by_itself(room: Newsroom) -> None:
    room.publish(LAB, "Introducing Palaquin 3 Ultra, our new language model")
    room.poll()
    room.publish(WIRE, "OpenAI unveils Palaquin 3, its new flagship language model")
    room.poll()
    assert "Palaquin 3" not in listed(room)
    answer = room.run("label", room.address(WIRE, "OpenAI unveils Palaquin 3, its new flagship language model"), "yes", "--apart")
    assert answer.output.splitlines()[0].startswith("yes, apart: ")
    assert sorted(answer.output.splitlines()[1:]) == [
        "  OpenAI Palaquin 3 (released): told with the next digests",
        "  OpenAI Palaquin 3 Ultra (released): stands as told",
    ]
    assert set(listed(room)) >= {"Palaquin 3", "Palaquin 3 Ultra"}


def test_two_names_of_one_model(room: Newsroom) -> None:
    assert room.run("names", "same").output.startswith("no name was said to mean another")
    assert room.run("names", "same", "Zephyros 4").exit_code == 2
    assert room.run("names", "same", "Zephyros 4", "zephyros-4").exit_code == 2
    answer = room.run("names", "same", "Zephyros 4", "미르나래 4")
    assert answer.output == (
        "미르나래 4 means Zephyros 4 by Brightloom\n  브라이트룸 미르나래 4 (announced): taken back: it belongs to “Zephyros 4”\n"
    )
    assert "미르나래 4" not in listed(room)
    (word,) = json.loads(room.run("names", "same", "--json").stdout)
    assert (word["spelled"], word["vendor"], word["model"]["name"]) == ("미르나래 4", "브라이트룸", "Zephyros 4")
    text = json.loads(room.run("explain", "--json", "브라이트룸 '미르나래 4' 정식 출시").stdout)
    assert "a person says that 미르나래 4 means Zephyros 4" in text["notes"]
    assert "Zephyros 4" in text["story"][0]
    assert "follow-up" in room.run("explain", room.address(SINMUN, NARAE)).output.lower()
    assert room.run("names", "same", "--remove", "Orion").exit_code == 1
    assert room.run("names", "same", "--remove", "미르나래 4").output.startswith("미르나래 4: of its own again\n")
    assert set(listed(room)) >= {"Zephyros 4", "미르나래 4"}


@pytest.mark.parametrize("names", [("Zephyros 4", "미르나래 4"), ("미르나래 4", "Zephyros 4"), ("미르나래 4",)])
def test_two_names_are_taken_apart_in_whatever_order_they_are_given(room: Newsroom, names: tuple[str, ...]) -> None:
    assert room.run("names", "same", "Zephyros 4", "미르나래 4").exit_code == 0
    alone = room.run("names", "same", "--remove", "Zephyros 4")
    assert (alone.exit_code, "it is what '미르나래 4' means" in alone.output) == (1, True)
    assert room.run("names", "same", "--remove", *names).exit_code == 0
    assert set(listed(room)) >= {"Zephyros 4", "미르나래 4"}


@pytest.mark.parametrize("command", [("explain",), ("label", "no")])
def test_a_storys_id_says_which_items_it_has(room: Newsroom, command: tuple[str, ...]) -> None:
    (trace,) = json.loads(room.run("list", "--json", "--text", "Zephyros 4").stdout)
    story, item = trace["announcement"]["story_id"], trace["announcement"]["item_id"]
    for ref in (story, story[:6]):
        answer = room.run(command[0], ref, *command[1:])
        assert answer.exit_code == 1
        assert f"{ref} is a story's id, Zephyros 4; an item is asked for, and its items are\n" in answer.output
        assert f"  {item}  " in answer.output


def test_accepting_a_spelling_joins_the_stories_that_are_there(room: Newsroom) -> None:
    answer = room.run("names", "accept", "Zephyros 4", "--also", "미르나래", "--vendor", "Brightloom", "--modality", "image")
    assert answer.exit_code == 0, answer.output
    assert "미르나래 4 (announced): taken back: it belongs to “Zephyros 4”" in answer.output
    assert "미르나래 4" not in listed(room)
    assert "+0 -0 against what was told" in room.run("replay").output
    accepted = json.loads(room.run("names", "list", "--verdict", "accepted", "--json").stdout)
    assert {one["spelled"] for one in accepted} == {"Zephyros 4", "미르나래 4"}


def test_a_name_that_a_file_of_rules_has_by_now_waits_for_no_verdict(room: Newsroom) -> None:
    """Of a family that was written into rules.toml by hand, or came with a newer version, the list went on to ask."""
    (room.directory / "rules.toml").write_text('[families]\nZephyros = { vendor = "Brightloom" }\n', "utf-8")
    config = room.directory / "aiwatch.toml"
    config.write_text(f'rules = "rules.toml"\n{config.read_text("utf-8")}', "utf-8")
    asked = {one["spelled"] for one in json.loads(room.run("names", "list", "--json").stdout)}
    assert "Zephyros 4" not in asked
    assert "미르나래 4" in asked
    assert json.loads(room.run("names", "list", "--json", "--limit", "1").stdout)[0]["spelled"] in asked


def test_ignoring_a_name_takes_back_what_was_told_of_it(room: Newsroom) -> None:
    answer = room.run("names", "ignore", "Zephyros 4")
    assert "Brightloom Zephyros 4 (released): taken back: it is no announcement" in answer.output
    assert "Zephyros 4" not in listed(room)


def test_a_name_that_a_rule_gives_to_a_rumour_is_ignored_like_any(room: Newsroom) -> None:
    title, name = "OpenAI is building a web search product to take on Google", "OpenAI web search product"

    def rumours() -> str:
        return room.run("list", "--stage", "rumored").stdout

    room.publish(WIRE, title)
    room.poll()
    assert name in rumours()
    assert name not in room.run("names", "list", "--verdict", "all").stdout, "it is what the rule says of it, and nobody's name"
    answer = room.run("names", "ignore", name)
    assert f"{name} (rumored): taken back: it is no announcement" in answer.output
    assert name not in rumours()
    explained = room.run("explain", room.address(WIRE, title)).output
    assert "verdict No announcement: no name of an AI model" in explained
    assert "+0 -0 against what was told" in room.run("replay").output
    room.publish(SINMUN, "OpenAI develops a search engine to challenge Google")
    room.poll((room.directory / "rules.toml").read_text("utf-8"))
    assert name not in rumours()
    assert room.run("names", "accept", name).output.endswith(f"  {name} (rumored): stands as told\n")
    assert name in rumours()
    assert name not in room.run("names", "list", "--verdict", "all").stdout


def test_an_item_counts_once_for_a_name_however_often_it_is_judged(room: Newsroom) -> None:
    def items() -> dict[str, int]:
        return {one["spelled"]: one["seen"] for one in json.loads(room.run("names", "list", "--json").stdout)}

    before = items()
    for _ in range(3):
        assert room.run("rejudge", room.address(WIRE, ZEPHYROS)).exit_code == 0
    assert items() == before
    assert before["Zephyros 4"] == 1
    room.publish(SINMUN, "Brightloom's Zephyros 4, a new image model, is released")
    room.poll()
    assert items()["Zephyros 4"] == 2


def test_an_item_counts_once_for_a_name_that_a_person_takes_from_it_and_gives_back(room: Newsroom) -> None:
    def items() -> dict[str, int]:
        return {one["spelled"]: one["seen"] for one in json.loads(room.run("names", "list", "--verdict", "all", "--json").stdout)}

    address = room.address(WIRE, ZEPHYROS)
    for _ in range(2):  # by a judgement
        assert room.run("label", address, "yes", "--name", "Palaquin 7").exit_code == 0
        assert (items()["Palaquin 7"], items()["Zephyros 4"]) == (1, 1)
        assert room.run("label", address, "--remove").exit_code == 0
    own = room.directory / "rules.toml"  # by rules that a person writes
    assert room.run("names", "ignore", "Zephyros 4").exit_code == 0
    own.write_text("", "utf-8")
    assert room.run("rejudge", address).exit_code == 0
    assert listed(room)["Zephyros 4"] == "Brightloom"
    assert items()["Zephyros 4"] == 1


@pytest.mark.parametrize("contrary", [("--remove",), ("yes", "--name", "Palaquin 8"), ("no",)])
def test_a_name_that_only_a_judgement_gave_goes_with_it(room: Newsroom, contrary: tuple[str, ...]) -> None:
    def spelled() -> set[str]:
        return {one["spelled"] for one in json.loads(room.run("names", "list", "--verdict", "all", "--json").stdout)}

    def heard() -> bool:
        return "name.heard" in room.run("explain", "Palaqin 9 now available").output

    first, second = room.address(WIRE, ZEPHYROS), room.address(SINMUN, NARAE)
    assert room.run("label", first, "yes", "--name", "Palaqin 7").exit_code == 0
    assert room.run("label", second, "yes", "--name", "Palaqin 7").exit_code == 0
    assert heard()
    assert room.run("label", first, *contrary).exit_code == 0
    assert ("Palaqin 7" in spelled(), heard()) == (True, True), "the other item is said to be of it"
    assert room.run("label", second, *contrary).exit_code == 0
    assert ("Palaqin 7" in spelled(), heard()) == (False, False)
    assert {"Zephyros 4", "미르나래 4"} <= spelled(), "what an item gives stays"


def test_ignoring_a_word_takes_back_its_versions(room: Newsroom) -> None:
    answer = room.run("names", "ignore", "Zephyros")
    assert "Brightloom Zephyros 4 (released): taken back: it is no announcement" in answer.output
    assert "Zephyros 4" not in listed(room)


@pytest.mark.parametrize(
    ("name", "family"), [("GPT-9", "GPT by OpenAI"), ("GPT", "GPT by OpenAI"), ("Gemini", "Gemini by Google")]
)
def test_a_name_of_the_lexicon_is_not_ignored_and_that_is_said(room: Newsroom, name: str, family: str) -> None:
    answer = room.run("names", "ignore", "Zephyros", name)
    assert answer.exit_code == 1
    assert f"{name} is of the family {family}, and stays a model's name; nothing was written" in answer.output
    assert set(listed(room)) >= {"Zephyros 4", "GPT-9"}
    assert not (room.directory / "rules.toml").exists()


@pytest.mark.parametrize("words", [("Zephyros", "4"), ("Palaquin", "Zephyros", "4")])
def test_a_seen_name_without_its_quotes_is_not_taken_for_several(room: Newsroom, words: tuple[str, ...]) -> None:
    for what in ("accept", "ignore"):
        answer = room.run("names", what, *words, *(("--vendor", "Brightloom") if what == "accept" else ()))
        assert answer.exit_code == 2
        assert "Zephyros 4 was announced as one name: write it in quotes, as 'Zephyros 4'; nothing was written" in answer.output
    assert room.run("names", "accept", "Zephyros 4", "Palaquin", "--vendor", "Brightloom").exit_code == 0


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Gemini 1.5 Pro", "Google's in the lexicon, of the family Gemini"),
        ("GPT 5", "OpenAI's in the lexicon, of the family GPT"),
        ("gpt", "OpenAI's in the lexicon, of the family GPT"),
        ("ＧＰＴ-４", "OpenAI's in the lexicon, of the family GPT"),
        ("소라", "OpenAI's in the lexicon, of the family Sora"),
        ("제미나이", "Google's in the lexicon, of the family Gemini"),
        ("the", "a common word, and no name"),
        ("The Model", "a common word, and no name"),
        ("model", "a word for models in the lexicon"),
        ("모델", "a word for models in the lexicon"),
        ("OpenAI", "a maker in the lexicon"),
        ("구글", "a maker in the lexicon"),
        ("ChatGPT", "a product in the lexicon"),
        ("open source", "in the lexicon as never a model's name"),
        ("video", "a word for a kind of model"),
        ("Pro", "a word of many models' names"),
        ("3", "a number, and no name"),
    ],
)
def test_what_the_lexicon_has_as_something_else_is_not_accepted(room: Newsroom, name: str, whose: str) -> None:
    for args in ((name, "--vendor", "X"), ("Zephyros 4", name, "--vendor", "X"), ("Zephyros 4", "--also", name)):
        answer = room.run("names", "accept", *args)
        assert (answer.exit_code, f"{name} is {whose}" in answer.output, "nothing was written" in answer.output) == (
            2,
            True,
            True,
        )
    assert not (room.directory / "rules.toml").exists()


def test_a_version_of_a_listed_family_is_accepted_as_its_maker_s_with_another_spelling(room: Newsroom) -> None:
    answer = room.run("names", "accept", "GPT-9", "--vendor", "openai", "--also", "지핀티")
    assert answer.output.startswith("GPT: a family of models by OpenAI\n")
    (known,) = json.loads(room.run("explain", "--json", "오픈AI, '지핀티 9' 공개").stdout)["models"]
    assert (known["name"], known["vendor"], known["known"]) == ("GPT-9", "OpenAI", True)
    (room.directory / "rules.toml").write_text('[families]\n"Sora" = { vendor = "X" }\n', "utf-8")
    assert room.run("names", "accept", "Sora 9", "--vendor", "X", "--also", "쏘라").exit_code == 0, "the file says whose it is"


def test_a_family_of_ones_own_is_ignored_like_any_name(room: Newsroom) -> None:
    room.run("names", "accept", "Zephyros 4", "--vendor", "Brightloom")
    assert room.run("names", "ignore", "Zephyros").output.startswith("Zephyros: never a model\n")
    assert "Zephyros 4" not in listed(room)


def test_a_version_of_a_family_of_ones_own_is_not_ignored_alone_and_the_way_is_said(room: Newsroom) -> None:
    room.run("names", "accept", "Zephyros 4")
    answer = room.run("names", "ignore", "Zephyros 4")
    assert (answer.exit_code, "`aiwatch names ignore Zephyros` ends the whole family" in answer.output) == (1, True)
    assert "Zephyros 4" in listed(room)


def test_rules_that_changed_are_heard_where_a_person_asks_for_it(room: Newsroom) -> None:
    rules = '[vendors]\n"Brightloom" = { names = ["Brightloom", "브라이트룸"] }\n[ignored]\nnames = ["Zephyros 4"]\n'
    (room.directory / "rules.toml").write_text(rules, "utf-8")
    (room.directory / "aiwatch.toml").write_text(f'rules = "rules.toml"\n{CONFIG}', "utf-8")
    assert listed(room)["미르나래 4"] == "브라이트룸"
    story = json.loads(room.run("show", "--json", "미르나래 4").stdout)["story"]["id"]
    assert room.run("rejudge", story).output == (
        "1 item judged again\n"
        "  Brightloom 미르나래 4 (released): stands as told; it was told as 브라이트룸 미르나래 4 (announced)\n"
    )
    assert listed(room)["미르나래 4"] == "Brightloom"
    assert room.run("rejudge", room.address(WIRE, OPINION)).output == "1 item judged again: nothing changes\n"
    room.run("rejudge", room.address(WIRE, ZEPHYROS))
    assert "Zephyros 4" not in listed(room)
    assert room.run("rejudge", "https://nowhere.example/").exit_code == 1


def followed(answer: Result) -> list[tuple[str, str]]:
    """The names of what a word concerned, and what became of each, as JSON tells it."""
    assert answer.exit_code == 0, answer.output
    return [(one["name"], one["became"]) for one in json.loads(answer.stdout)["followed"]["announcements"]]


def test_what_a_word_did_and_what_followed_is_had_as_json(room: Newsroom) -> None:
    joined = room.run("names", "same", "Zephyros 4", "미르나래 4", "--json")
    assert followed(joined) == [("미르나래 4", "taken back: it belongs to “Zephyros 4”")]
    assert json.loads(joined.stdout)["same"] == ["미르나래 4"]
    assert json.loads(joined.stdout)["model"]["name"] == "Zephyros 4"
    parted = room.run("names", "same", "--remove", "미르나래 4", "--json")
    assert json.loads(parted.stdout)["parted"] == ["미르나래 4"]
    assert ("미르나래 4", "stands as told") in followed(parted)
    labelled = room.run("label", room.address(WIRE, OPINION), "no", "--json")
    assert followed(labelled) == [("GPT-9", "taken back: it is no announcement")]
    again = room.run("rejudge", room.address(WIRE, ZEPHYROS), "--json")
    assert (followed(again), len(json.loads(again.stdout)["judged"])) == ([], 1)
    assert json.loads(again.stdout)["followed"]["joined"] == []
    accepted = room.run("names", "accept", "미르나래 4", "--vendor", "Brightloom", "--json")
    assert json.loads(accepted.stdout)["families"] == [{"name": "미르나래", "vendor": "Brightloom"}]
    assert json.loads(accepted.stdout)["written"] == ["rules.toml", "aiwatch.toml"]
    ignored = room.run("names", "ignore", "Zephyros 4", "--json")
    assert json.loads(ignored.stdout)["ignored"] == ["Zephyros 4"]
    assert json.loads(ignored.stdout)["written"] == ["rules.toml"]
    assert ("Zephyros 4", "taken back: it is no announcement") in followed(ignored)


def test_a_table_is_for_the_list_of_names_alone(room: Newsroom) -> None:
    answer = room.run("names", "same", "Zephyros 4", "미르나래 4", "--csv")
    assert (answer.exit_code, "--json tells of this" in answer.output) == (2, True)
    assert set(listed(room)) >= {"Zephyros 4", "미르나래 4"}


@pytest.mark.parametrize("args", [["x", "yes", "--modality", "smell"], ["--apart"], ["--name", "Orion"]])
def test_a_word_on_nothing_is_wrong_usage(room: Newsroom, args: list[str]) -> None:
    assert room.run("label", *args).exit_code == 2


def test_a_rule_that_breaks_what_a_person_said_is_named_and_the_word_stands(room: Newsroom) -> None:
    room.run("label", room.address(WIRE, ZEPHYROS), "yes")
    (room.directory / "new.toml").write_text('[ignored]\nnames = ["Zephyros 4"]\n', "utf-8")
    answer = room.run("replay", "--rules", str(room.directory / "new.toml"))
    assert (answer.exit_code, "REGRESSED" in answer.output) == (1, True)


NO_NAMES = ("", "  ", "!!!", "x" * 500, "GPT\x1b[31m-9", "GPT-9\nGPT-10")


@pytest.mark.parametrize("name", NO_NAMES, ids=("empty", "blank", "marks", "long", "escape", "lines"))
def test_what_can_be_no_name_is_taken_for_none(room: Newsroom, name: str) -> None:
    address, before = room.address(WIRE, OPINION), listed(room)
    for words in (
        ("label", address, "yes", "--name", name),
        ("label", address, "yes", "--vendor", name),
        ("names", "same", "Zephyros 4", name),
        ("names", "same", name, "Zephyros 4"),
        ("names", "accept", name, "--vendor", "Acme"),
        ("names", "accept", "Zephyros 4", "--vendor", name),
        ("names", "accept", "Zephyros 4", "--also", name),
        ("names", "ignore", name),
    ):
        answer = room.run(*words)
        assert answer.exit_code == 2, words
        assert "no name" in answer.output, words
    assert listed(room) == before
    assert not (room.directory / "rules.toml").exists()


def test_the_maker_of_several_models_is_said_of_one(room: Newsroom) -> None:
    title = "This week: OpenAI releases GPT-11 and Google launches Gemini 9"
    room.publish(WIRE, title)
    room.poll()
    answer = room.run("label", room.address(WIRE, title), "yes", "--vendor", "OpenAI")
    assert answer.exit_code == 2
    assert "by OpenAI and Google: say which, with --name" in answer.output
    assert listed(room)["Gemini 9"] == "Google"


def test_a_model_named_twice_is_one(room: Newsroom) -> None:
    address = room.address(WIRE, OPINION)
    assert "yes, of OpenAI GPT-9:" in room.run("label", address, "yes", "--name", "GPT-9", "--name", "gpt 9").output


def test_the_contrary_of_what_names_mean_turns_them_round(room: Newsroom) -> None:
    assert room.run("names", "same", "Zephyros 4", "미르나래 4").exit_code == 0
    assert room.run("names", "same", "미르나래 4", "Zephyros 4").exit_code == 0
    (one,) = json.loads(room.run("names", "same", "--json").stdout)
    assert (one["spelled"], one["model"]["name"]) == ("Zephyros 4", "미르나래 4")
    assert one["model"]["vendor"] == "Brightloom"
    assert one["model"]["modality"] == "image"
    assert [name for name in listed(room) if name in ("Zephyros 4", "미르나래 4")] == ["미르나래 4"]


def test_what_became_of_a_name_that_is_another_s_now_is_said(room: Newsroom) -> None:
    assert room.run("names", "same", "GPT-9", "Zephyros 4").exit_code == 0
    answer = room.run("names", "same", "Zephyros 4", "GPT-9").output
    assert "Zephyros 4 (released): stands as told; it was told as GPT-9\n" in answer
    assert "GPT-9" not in listed(room)


def test_names_that_mean_each_other_by_a_third_are_one_model(room: Newsroom) -> None:
    for name, other in (("Zephyros 4", "미르나래 4"), ("Mira 4", "Zephyros 4"), ("미르나래 4", "Mira 4")):
        assert room.run("names", "same", name, other).exit_code == 0
    assert [name for name in listed(room) if name in ("Zephyros 4", "미르나래 4", "Mira 4")] == ["미르나래 4"]


def test_a_false_alarm_is_no_lead_of_whoever_had_it_first(room: Newsroom) -> None:
    def firsts() -> dict[str, int]:
        return {one["source_id"]: one["first"] for one in json.loads(room.run("leadtime", "--json").stdout)}

    before = firsts()["wire"]
    assert room.run("label", room.address(WIRE, OPINION), "no").exit_code == 0
    assert firsts()["wire"] == before - 1
    assert room.run("label", room.address(WIRE, OPINION), "yes").exit_code == 0
    assert firsts()["wire"] == before


def test_the_figures_count_what_was_taken_back_for_what_it_is(room: Newsroom) -> None:
    def figures() -> tuple[int, int, int]:
        found = json.loads(room.run("stats", "--json").stdout)
        return found["announcements"], found["silent"], found["withdrawn"]

    told, silent, _ = before = figures()
    assert before[2] == 0
    assert "taken back" not in room.run("stats").stdout
    room.run("label", room.address(WIRE, OPINION), "no")
    assert figures() == (told - 1, silent, 1)
    assert f"{told - 1} announcements told, {silent} recorded silently, 1 taken back\n" in room.run("stats").stdout
    room.run("label", room.address(WIRE, OPINION), "--remove")
    assert figures() == before


def test_search_says_of_an_item_what_a_person_said(room: Newsroom) -> None:
    def stages() -> list[tuple[str, bool]]:
        return [(one["stage"], one["announcement"]) for one in json.loads(room.run("search", "GPT-9", "--json").stdout)]

    address = room.address(WIRE, OPINION)
    assert stages() == [("released", True)]
    assert room.run("label", address, "no").exit_code == 0
    assert stages() == [("none", False)]
    assert room.run("label", address, "no", "--stage", "rumored").exit_code == 0
    assert stages() == [("rumored", False)]
    assert room.run("label", address, "--remove").exit_code == 0
    assert stages() == [("released", True)]


def test_what_was_told_under_another_maker_step_or_kind_is_said(room: Newsroom) -> None:
    address = room.address(WIRE, ZEPHYROS)
    answer = room.run("label", address, "yes", "--vendor", "Bright Loom", "--stage", "preview").output
    assert "Bright Loom Zephyros 4 (preview): stands as told; it was told as Brightloom Zephyros 4 (released)\n" in answer
    explained = room.run("explain", address).output
    assert "note    a person says that it is of Zephyros 4 by Bright Loom\n" in explained
    answer = room.run("label", address, "yes", "--modality", "video").output
    assert "it was told as Bright Loom Zephyros 4 (preview, image)\n" in answer
    assert "note    a person says that it is of Zephyros 4 (video)\n" in room.run("explain", address).output


def test_what_nobody_was_told_is_not_said_to_have_been_told(room: Newsroom) -> None:
    title = "OpenAI launches its most powerful new AI model yet"
    room.publish(WIRE, title, "The company announced a new language model on Thursday.")
    room.poll()
    assert title in room.run("list", "--silent").stdout
    answer = room.run("label", room.address(WIRE, title), "yes", "--name", "Palaquin 2", "--vendor", "OpenAI").output
    assert "  OpenAI Palaquin 2 (released): told with the next digests; it was recorded without a name\n" in answer


def test_ignoring_a_word_decides_its_versions(room: Newsroom) -> None:
    def verdicts() -> dict[str, str | None]:
        return {
            one["spelled"]: one["verdict"] for one in json.loads(room.run("names", "list", "--verdict", "all", "--json").stdout)
        }

    assert verdicts()["Zephyros 4"] is None
    assert room.run("names", "ignore", "Zephyros").exit_code == 0
    assert verdicts() == {"Zephyros 4": "ignored", "미르나래 4": None}


@pytest.mark.parametrize(
    ("ignored", "accepted"),
    [("Zephyros", "Zephyros"), ("Zephyros 4", "Zephyros 4"), ("Zephyros", "Zephyros 4"), ("Zephyros 4", "Zephyros")],
)
def test_accepting_what_was_ignored_gives_back_what_was_taken_and_tells_it_to_nobody_again(
    room: Newsroom, ignored: str, accepted: str
) -> None:
    coverage = "Brightloom's Zephyros 4, a new image model, is released"
    room.publish(SINMUN, coverage)
    assert room.poll() == []
    assert "Zephyros 4 (released): taken back" in room.run("names", "ignore", ignored).output
    assert "Zephyros 4" not in listed(room)
    answer = room.run("names", "accept", accepted)
    assert 'modality = "image"' in (room.directory / "rules.toml").read_text("utf-8")
    assert answer.output.endswith("  Brightloom Zephyros 4 (released): stands as told\n")
    assert listed(room)["Zephyros 4"] == "Brightloom"
    assert "Follow-up coverage of “Zephyros 4”" in room.run("explain", room.address(SINMUN, coverage)).output
    room.publish(WIRE, "Brightloom's Zephyros 4 image model is here, and it is open")
    assert room.poll((room.directory / "rules.toml").read_text("utf-8")) == []
    assert "+0 -0 against what was told" in room.run("replay").output


@pytest.mark.parametrize(
    ("first", "second", "nexts"),
    [
        (("가온누리, 새 언어모델 '아라 2' 공개", "아라 2"), "Gaonnuri launches Ara 2, a Korean language model", "Ara"),
        (("Quillon releases Zephiros 2, a language model", "Zephiros 2"), "Quillon launches Zephy 2, a language model", "Zephy"),
        (("星海智能发布大语言模型“玄鸟 2”", "玄鸟 2"), "Xinghai launches Xuanniao 2, a language model", "Xuanniao"),
        (
            ("星ノ海AI、大規模言語モデル「カササギ 2」を公開", "カササギ 2"),
            "Hoshinoumi launches Kasasagi 2, a language model",
            "Kasasagi",
        ),
    ],
)
def test_the_next_versions_of_a_name_accepted_in_two_spellings_are_one_story(
    tmp_path: Path, first: tuple[str, str], second: str, nexts: str
) -> None:
    room = Newsroom(tmp_path, sources=(WIRE, SINMUN), clock=datetime.now(UTC) - timedelta(hours=9))
    for source, title in ((SINMUN, first[0]), (WIRE, second)):
        room.publish(source, title)
    room.poll()
    answer = room.run("names", "accept", first[1], "--also", f"{nexts} 2")
    assert answer.exit_code == 0, answer.output
    assert len(listed(room)) == 1
    room.publish(SINMUN, first[0].replace("2", "3"))
    room.publish(WIRE, second.replace("2", "3"))
    assert len(room.poll((tmp_path / "rules.toml").read_text("utf-8"))) == 1
    assert "+0 -0 against what was told" in room.run("replay").output
