"""``replay``: an archive folded again under other rules, each change explained, judged cases checked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_samples import FUNDS, GPT, LAB, START, WIRE, Newsroom, Overtaken

from aiwatch import comparison, poll, replay, rules
from aiwatch.comparison import Sign
from aiwatch.model import Detection, Document, Evidence, Filter, Item, Modality, Model, Note, Source, Stage
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.stories import arrivals
from aiwatch.views import Label

STRICT = "[settings]\nthreshold = 99\n"
WINDOW = timedelta(hours=72)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """Three polls: an old baseline, a launch and its coverage, another launch."""
    room = Newsroom(tmp_path)
    room.publish(LAB, GPT.replace("GPT-9", "GPT-8"), ago=timedelta(days=30))
    room.publish(WIRE, FUNDS)
    room.poll()
    room.publish(LAB, GPT)
    room.publish(WIRE, "OpenAI launches GPT-9, a new language model")
    room.poll()
    room.publish(WIRE, GPT.replace("GPT-9", "GPT-11"))
    room.poll()
    return room


def test_the_archive_under_the_same_rules_tells_the_same(newsroom: Newsroom) -> None:
    with SqliteStore(newsroom.database) as store:
        documents = list(store.archive())
    told = replay.tell(documents, rules.load(), alert_window=WINDOW)
    assert sorted(one.name for one in told.announcements.values()) == ["GPT-11", "GPT-9"]
    assert told == replay.tell(list(reversed(documents)), rules.load(), alert_window=WINDOW)
    answer = newsroom.run("replay")
    assert (answer.exit_code, answer.stdout.splitlines()) == (0, ["+0 -0 against what was told; 5 documents, 2 told"])


@pytest.mark.parametrize("first", [LAB, WIRE])
@pytest.mark.parametrize("edited", ["", "Now with a price."])
def test_a_launch_whose_report_was_edited_later_is_still_its_own(newsroom: Newsroom, first: Source, edited: str) -> None:
    """Every launch that was corrected, by a word of its summary, was one that the replay gave to who came second."""
    second = WIRE if first is LAB else LAB
    newsroom.publish(first, GPT.replace("GPT-9", "GPT-12"))
    newsroom.poll()
    newsroom.publish(second, "OpenAI launches GPT-12, a new language model")
    newsroom.poll()
    newsroom.entries[first.id] = [
        (title, edited, at + timedelta(hours=2) if "GPT-12" in title else at) for title, _, at in newsroom.entries[first.id]
    ]
    newsroom.poll()
    assert newsroom.run("replay").stdout.splitlines() == ["+0 -0 against what was told; 7 documents, 3 told"]
    with SqliteStore(newsroom.database) as store, Library(newsroom.database) as library:
        documents, told = list(store.archive()), library.timeline(Filter(), silent=True)
        again = replay.tell(arrivals.as_told(documents, told), rules.load(), alert_window=WINDOW, committed=True)
    assert [one.source_id for one in again.announcements.values() if one.name == "GPT-12"] == [first.id]


def test_a_baseline_that_was_edited_later_is_no_news_in_a_replay(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)
    room.publish(LAB, GPT, ago=timedelta(days=10))
    room.publish(LAB, FUNDS)
    assert room.poll() == []
    room.entries[LAB.id] = [(title, "Said anew.", at) for title, _, at in room.entries[LAB.id]]
    room.poll()
    assert room.run("replay").stdout.splitlines() == ["+0 -0 against what was told; 2 documents, 0 told"]


def test_a_replay_hears_names_as_the_service_did(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, "Brightloom launches Zephyros 2, a language model for lawyers")
    newsroom.poll()
    newsroom.publish(WIRE, "Zephyros 3 Pro now available")
    assert [one.name for one in newsroom.poll()] == ["Zephyros 3 Pro"]
    answer = newsroom.run("replay")
    assert answer.stdout.splitlines() == ["+0 -0 against what was told; 7 documents, 4 told"]
    (newsroom.directory / "new.toml").write_text('[weights]\n"name.heard" = 0\n', "utf-8")
    deaf = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"))
    assert "no longer  name.heard +2.20 'Zephyros 3 Pro'" in deaf.stdout


def test_a_replay_learns_a_maker_that_was_said_after_the_name(newsroom: Newsroom) -> None:
    for title in ("Introducing Zephyros 2, a new language model for lawyers", "Brightloom launches Zephyros 2, a language model"):
        newsroom.publish(WIRE, title)
        newsroom.poll()
    newsroom.publish(WIRE, "Zephyros 3 Pro now available")
    (announced,) = newsroom.poll()
    assert announced.vendor == "Brightloom"
    with SqliteStore(newsroom.database) as store:
        told = replay.tell(store.archive(), rules.load(), alert_window=WINDOW)
        assert told.detections[announced.item_id].models == announced.models


def test_a_replay_takes_the_maker_that_most_reports_or_a_person_say(newsroom: Newsroom) -> None:
    titles = [
        f"{said} Gannet Video 2, a text-to-video model"
        for said in ("Torvane launches", "Pixelmoor unveils", "Pixelmoor launches")
    ]
    for title in (*titles, "OpenAI unveils Palaquin 2, a language model"):
        newsroom.publish(WIRE, title)
        newsroom.poll()
    assert newsroom.run("label", newsroom.address(WIRE, title), "yes", "--vendor", "Brightloom").exit_code == 0
    for title in ("Gannet Video 3 Pro is now available", "Palaquin 3 Pro is now available"):
        newsroom.publish(WIRE, title)
    made = newsroom.poll()
    assert {one.vendor for one in made} == {"Pixelmoor", "Brightloom"}
    with SqliteStore(newsroom.database) as store:
        words = store.words([one.item_id for one in store.labels()])
        told = replay.tell(store.archive(), rules.load(), alert_window=WINDOW, words=words)
    assert [told.detections[one.item_id].models for one in made] == [one.models for one in made]


def test_of_polls_at_one_time_the_one_that_was_written_first_comes_first(tmp_path: Path) -> None:
    """An old report of a launch by itself is silent, and so is what joins it; behind a fresh one it joins what was told."""
    room, told = Newsroom(tmp_path), list[str]()

    def wire() -> None:
        room.entries.clear()
        room.publish(WIRE, "OpenAI launches GPT-9, a new language model", ago=timedelta(hours=2))
        told.extend(one.name for one in room.poll())

    room.publish(LAB, GPT, ago=timedelta(hours=100))
    with Overtaken(room.database, wire) as store:
        poller = poll.Poller(store=store, fetch=room.fetch, rules=rules.load(), clock=room.tick, sources=room.sources)
        store.sync_sources(room.sources, room.clock)
        (job,) = store.claim_due(room.clock, 1, timedelta(minutes=5), only=[LAB.id])
        made = asyncio.run(poll.poll(poller, job))
        assert made is not None
        assert (told, made.folded.announcements) == (["GPT-9"], ()), "the second one joins what was told"
        seen = [(item.seen_at or START, source.id) for item, source in store.archive()]
        assert seen == sorted(seen, reverse=True)
        assert len(replay.tell(store.archive(), rules.load(), alert_window=WINDOW).announcements) == 0
        assert len(replay.tell(store.archive(), rules.load(), alert_window=WINDOW, committed=True).announcements) == 1
    assert "+0 -0 against what was told; 2 documents, 1 told" in room.run("replay").output


def test_a_replay_tells_late_news_as_the_service_did(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, GPT.replace("GPT-9", "GPT-12"), ago=timedelta(days=20))
    assert [one.silent for one in newsroom.poll()] == [None]
    answer = newsroom.run("replay")
    assert answer.stdout.splitlines() == ["+0 -0 against what was told; 6 documents, 3 told"]


def test_stricter_rules_tell_less_and_each_loss_is_explained(newsroom: Newsroom) -> None:
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    answer = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"))
    assert answer.exit_code == 0, answer.output
    lines = answer.stdout.splitlines()
    assert [line[:1] for line in lines if not line.startswith(" ")] == ["-", "-", "+", "b"]
    assert any(line.startswith("      score") and "-> " in line and "of 99.00" in line for line in lines)
    assert lines[-2] == "+0 -2 against the configured rules; 5 documents, 0 told"


def test_verdicts_that_change_no_step_are_counted_and_shown_where_asked(newsroom: Newsroom) -> None:
    """Of rules that cost every report but the first, and all that is old news, ``replay`` said +0 -2."""
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    args = ("replay", "--rules", str(newsroom.directory / "new.toml"))
    lines = newsroom.run(*args).stdout.splitlines()
    said = "besides, 2 documents would be judged otherwise, with no step more or less: +0 -2"
    assert (lines[-2][:5], lines[-1]) == ("+0 -2", f"{said}; --verdicts shows them")
    shown = newsroom.run(*args, "--verdicts").stdout
    assert shown.splitlines()[-1] == said
    assert shown.count("(no step)") == 2
    turns = json.loads(newsroom.run(*args, "--json").stdout)["verdicts"]
    assert [(one["sign"], one["title"]) for one in turns] == [
        ("-", GPT.replace("GPT-9", "GPT-8")),
        ("-", GPT),
    ]
    assert all("stage: released -> none" in one["why"] for one in turns)
    recent = json.loads(newsroom.run(*args, "--json", "--since", START.date().isoformat()).stdout)["verdicts"]
    assert [one["title"] for one in recent] == [GPT]
    assert json.loads(newsroom.run("replay", "--json").stdout)["verdicts"] == []


def test_what_follows_from_another_items_loss_says_so_however_its_own_score_moved(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, "OpenAI is said to be readying GPT-11 for the summer")
    newsroom.publish(WIRE, judged := "Our week with GPT-11")
    newsroom.poll()
    assert newsroom.run("label", newsroom.address(WIRE, judged), "yes", "--stage", "preview").exit_code == 0
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    found = json.loads(newsroom.run("replay", "--json", "--rules", str(newsroom.directory / "new.toml")).stdout)
    whys = {change["announcement"]["title"]: change["why"] for change in found["changes"] if change["sign"] == "+"}
    (rumour,) = (why for title, why in whys.items() if "said to be" in title)
    assert [rumour[0], rumour[-1][:5]] == ["no earlier item tells this step", "score"]
    assert whys[judged][:2] == ["no earlier item tells this step", "a person's word makes it one: it stands over the rules'"]
    assert all(change["why"][0].startswith("stage: ") for change in found["changes"] if change["sign"] == "-")


def test_looser_rules_tell_more_and_name_the_evidence(newsroom: Newsroom) -> None:
    (newsroom.directory / "rules.toml").write_text(STRICT, "utf-8")
    (newsroom.directory / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    (newsroom.directory / "new.toml").write_text("", "utf-8")
    found = json.loads(newsroom.run("replay", "--json", "--rules", str(newsroom.directory / "new.toml")).stdout)
    assert (found["more"], found["less"], found["told"], found["against"]) == (2, 0, 2, "the configured rules")
    assert {change["announcement"]["name"] for change in found["changes"]} == {"GPT-9", "GPT-11"}
    assert all(change["sign"] == "+" and change["why"] for change in found["changes"])


def test_since_limits_what_is_shown_and_not_what_is_folded(newsroom: Newsroom) -> None:
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    late = (START + timedelta(hours=1, minutes=30)).isoformat()
    answer = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"), "--since", late)
    assert answer.stdout.splitlines()[-1] == "+0 -1 against the configured rules; 5 documents, 0 told"
    assert newsroom.run("replay", "--since", "soon").exit_code == 2


def test_a_judged_case_that_breaks_fails_and_one_that_never_held_does_not(newsroom: Newsroom) -> None:
    address = newsroom.address(LAB, GPT)
    assert newsroom.run("label", address, "yes", "--stage", "released").exit_code == 0
    assert newsroom.run("label", newsroom.address(WIRE, FUNDS), "yes", "--note", "for the test").exit_code == 0
    same = newsroom.run("replay")
    assert (same.exit_code, same.stdout.splitlines()[-1]) == (0, "judged cases: 1 of 2 right, 0 regressed")
    assert "still wrong" in same.stdout
    assert newsroom.run("replay", "--strict").exit_code == 1
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    broken = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"))
    assert broken.exit_code == 1
    assert "REGRESSED" in broken.stdout
    assert broken.stdout.splitlines()[-1] == "judged cases: 0 of 2 right, 1 regressed"


UNREAD = "Cobaltine previews Coracle 4, its next flagship model"
PREVIEWS = """
[[rule]]
id = "mine.previews"
why = "a maker previews a model"
field = "title"
weight = 1.5
names = "subject"
stage = "preview"
pattern = 'previews? {names}'
match = ["Cobaltine previews Coracle 4, its next flagship model"]
reject = ["OpenAI launches GPT-6"]
"""


def test_what_new_rules_tell_without_its_page_does_not_wait_for_it(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, clock=datetime.now(UTC) - timedelta(hours=9))
    newsroom.publish(WIRE, FUNDS)
    newsroom.poll()
    address = newsroom.publish(WIRE, UNREAD)
    assert newsroom.poll() == []
    assert "its page could not be read so far" in newsroom.run("explain", address).output
    assert newsroom.run("replay").stdout.splitlines() == ["+0 -0 against what was told; 2 documents, 0 told"]
    (newsroom.directory / "new.toml").write_text(PREVIEWS, "utf-8")
    tried = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"))
    assert tried.stdout.splitlines()[-1] == "+1 -0 against the configured rules; 2 documents, 1 told"
    (newsroom.directory / "aiwatch.toml").write_text('rules = "new.toml"\n', "utf-8")
    assert "Cobaltine Coracle 4" in newsroom.run("rejudge", address).output
    assert newsroom.run("replay").stdout.splitlines() == ["+0 -0 against what was told; 2 documents, 1 told"]


def test_what_waits_for_its_page_is_said(newsroom: Newsroom) -> None:
    """A title that was read off an address decides nothing, under whatever rules."""
    documents = []
    with SqliteStore(newsroom.database) as store:
        for item, source in store.archive():
            owed = "GPT-11" in item.title
            new = item.title.replace("GPT-11", "Coracle 11")
            here = replace(item, title=new, notes=(Note.PAGE_OWED, Note.TITLE_FROM_URL)) if owed else item
            documents.append(Document(here, source))
        told = replay.recorded(store, documents, [])
    after = replay.tell(documents, rules.load(), alert_window=WINDOW)
    (one,) = (item for item, _ in documents if Note.PAGE_OWED in item.notes)
    assert after.waiting == {one.id}
    assert [announcement.name for announcement in after.announcements.values()] == ["GPT-9"]
    was = replace(next(iter(after.announcements.values())), id="x", item_id=one.id)
    before = replace(told, announcements={"x": was}, detections=after.detections)
    lost = next(change for change in comparison.step_changes(before, after) if change.sign is Sign.LESS)
    assert lost.why == ("it waits for its page, which could not be read so far, and is judged by that",)


def test_a_file_is_replayed_with_its_own_labels(newsroom: Newsroom) -> None:
    rows = [
        {"id": "a", "title": GPT, "published": "2026-03-02", "source": "wire", "announcement": True, "stage": "released"},
        {"id": "b", "title": FUNDS, "published": "2026-03-01", "source": "wire", "announcement": False, "stage": "none"},
        {"id": "c", "title": GPT, "published": "2026-03-03", "source": "other"},
    ]
    file = newsroom.directory / "f.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    answer = newsroom.run("replay", "--from", str(file))
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.splitlines()[-2:] == [
        "+1 -0 against nothing told; 3 documents, 1 told",
        "judged cases: 2 of 2 right, 0 regressed",
    ]
    (newsroom.directory / "new.toml").write_text(STRICT, "utf-8")
    stricter = newsroom.run(
        "replay", "--from", "-", "--rules", str(newsroom.directory / "new.toml"), stdin=file.read_text("utf-8")
    )
    assert stricter.exit_code == 1
    assert "+0 -1 against the configured rules" in stricter.stdout


def test_a_line_that_is_no_document_is_named_and_the_rest_is_replayed(newsroom: Newsroom) -> None:
    good = json.dumps({"id": "a", "title": GPT, "published": "2026-03-02", "announcement": True})
    answer = newsroom.run("replay", "--from", "-", stdin=f"{{\nnull\n{good}\n")
    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[-2:] == [
        "+1 -0 against nothing told; 1 document, 1 told",
        "judged cases: 1 of 1 right, 0 regressed",
    ]
    assert [line.partition(" ")[0] for line in answer.stderr.splitlines()] == ["-:1:", "-:2:"]


def test_documents_without_a_date_are_told_as_of_the_last_one_of_the_file(newsroom: Newsroom) -> None:
    rows = [{"id": "a", "title": FUNDS, "published": "2026-03-02", "source": "wire"}, {"id": "b", "title": GPT, "source": "wire"}]
    file = newsroom.directory / "f.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    told = [line for line in newsroom.run("replay", "--from", str(file)).stdout.splitlines() if line.startswith("+ ")]
    assert [line.split()[1] for line in told] == ["2026-03-02"]
    file.write_text(json.dumps(rows[1]), "utf-8")
    assert newsroom.run("replay", "--from", str(file)).stdout.startswith("+ undated    released     OpenAI GPT-9 ")
    file.write_text(json.dumps({**rows[1], "announcement": True}), "utf-8")
    compared = json.loads(newsroom.run("replay", "--from", str(file), "--json").stdout)
    (change,), (case,) = compared["changes"], compared["cases"]
    assert (change["announcement"]["at"], case["label"]["at"]) == (None, None)
    file.write_text(json.dumps({**rows[1], "published": "2026-03-02"}), "utf-8")
    (change,) = json.loads(newsroom.run("replay", "--from", str(file), "--json").stdout)["changes"]
    assert change["announcement"]["at"].startswith("2026-03-02")


@pytest.mark.parametrize(
    ("args", "message", "code"),
    [
        (["--rules", "nowhere.toml"], "nowhere.toml: cannot be read", 2),
        (["--from", "nowhere.jsonl"], "nowhere.jsonl: cannot be read", 2),
    ],
)
def test_a_file_that_is_not_there_is_named(newsroom: Newsroom, args: list[str], message: str, code: int) -> None:
    answer = newsroom.run("replay", *args)
    assert answer.exit_code != 0
    assert message in f"{answer.output}{answer.exception}"
    assert code == 2


def test_without_a_database_replay_says_what_to_do(tmp_path: Path) -> None:
    answer = Newsroom(tmp_path).run("replay")
    assert answer.exit_code == 1
    assert str(answer.exception).endswith("--db names another; --from FILE.jsonl takes a file")


def test_differences_name_what_came_and_went() -> None:
    one = Evidence(rule="cue", field="title", start=0, end=2, matched="ab", weight=1.0, why="w")
    old = Detection(item_id="x", announcement=False, stage=Stage.NONE, score=1.0, threshold=2.0, evidence=(one,))
    new = Detection(item_id="x", announcement=True, stage=Stage.RELEASED, score=2.5, threshold=2.0)
    assert list(comparison.differences(old, new)) == [
        "stage: none -> released",
        "score 1.00 of 2.00 needed -> 2.50 of 2.00 needed",
        "no longer  cue +1.00 'ab' in the title: w",
    ]
    lighter = replace(old, score=0.25, evidence=(replace(one, weight=0.25),))
    assert list(comparison.differences(old, lighter)) == [
        "score 1.00 of 2.00 needed -> 0.25 of 2.00 needed",
        "now weighs cue +1.00 -> +0.25 'ab' in the title: w",
    ]
    assert list(comparison.differences(old, old)) == []
    assert list(comparison.differences(None, new)) == ["judged for the first time"]


def test_an_item_told_as_another_model_is_one_change(newsroom: Newsroom) -> None:
    with SqliteStore(newsroom.database) as store:
        documents = list(store.archive())
    before = replay.tell(documents, rules.load(), alert_window=WINDOW)
    renamed = [Document(_with_title(item, item.title.replace("GPT-11", "GPT-12")), source) for item, source in documents]
    changes = comparison.step_changes(before, replay.tell(renamed, rules.load(), alert_window=WINDOW))
    assert [(change.sign, change.announcement.name, change.was and change.was.name) for change in changes] == [
        (Sign.OTHER, "GPT-12", "GPT-11")
    ]
    assert "names: OpenAI GPT-11 -> OpenAI GPT-12" in changes[0].why


def _with_title(item: Item, title: str) -> Item:
    return replace(item, title=title)


@pytest.mark.parametrize(
    ("announcement", "stage", "found", "right"),
    [
        (True, None, (True, Stage.RELEASED), True),
        (True, Stage.PREVIEW, (True, Stage.RELEASED), False),
        (False, None, (True, Stage.RELEASED), False),
        (False, Stage.RUMORED, (False, Stage.RUMORED), True),
        (True, None, None, False),
        (False, None, None, True),
    ],
)
def test_a_case_holds_where_the_verdict_agrees(
    announcement: bool, stage: Stage | None, found: tuple[bool, Stage] | None, right: bool
) -> None:
    detection = Detection(item_id="x", announcement=found[0], stage=found[1]) if found else None
    assert comparison.holds(Label(item_id="x", announcement=announcement, stage=stage, note="", at=START), detection) is right


GPT_9 = Model(name="GPT-9", vendor="OpenAI", family="gpt", version="9")


@pytest.mark.parametrize(
    ("said", "found", "right"),
    [
        ((), (GPT_9,), True),
        ((GPT_9,), (replace(GPT_9, name="gpt 9"),), True),
        ((GPT_9,), (replace(GPT_9, vendor="EPFL"),), False),
        ((replace(GPT_9, vendor=None),), (GPT_9,), True),
        ((GPT_9,), (replace(GPT_9, version="10"),), False),
        ((GPT_9,), (replace(GPT_9, modality=Modality.VIDEO),), False),
        ((GPT_9,), (GPT_9, replace(GPT_9, version="10")), False),
        ((GPT_9,), (), False),
    ],
)
def test_a_case_holds_where_the_models_are_those_that_a_person_named(
    said: tuple[Model, ...], found: tuple[Model, ...], right: bool
) -> None:
    detection = Detection(item_id="x", announcement=True, stage=Stage.RELEASED, models=found)
    assert comparison.holds(Label(item_id="x", announcement=True, stage=None, note="", at=START, models=said), detection) is right
    no = Label(item_id="x", announcement=False, stage=None, note="", at=START, models=said)
    assert comparison.holds(no, replace(detection, announcement=False, stage=Stage.NONE)), "what is none is none of any model"


def test_a_maker_that_a_person_gave_is_a_judged_case(newsroom: Newsroom) -> None:
    title = "Torvane releases Gannet 2, a text-to-video model"
    newsroom.publish(WIRE, title)
    newsroom.poll()
    assert newsroom.run("label", newsroom.address(WIRE, title), "yes", "--vendor", "Pixelmoor").exit_code == 0
    wrong = newsroom.run("replay", "--strict")
    assert (wrong.exit_code, wrong.stdout.splitlines()[-1]) == (1, "judged cases: 0 of 1 right, 0 regressed")
    assert "judged yes, of Pixelmoor Gannet 2; an announcement, released, of Torvane Gannet 2 (video), score" in wrong.stdout
    (newsroom.directory / "rules.toml").write_text(
        '[families]\nGannet = { vendor = "Pixelmoor", names = ["Gannet"], modality = "video" }\n', "utf-8"
    )
    (newsroom.directory / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    assert newsroom.run("replay", "--strict").stdout.splitlines()[-1] == "judged cases: 1 of 1 right, 0 regressed"
    (newsroom.directory / "new.toml").write_text("", "utf-8")
    broken = newsroom.run("replay", "--rules", str(newsroom.directory / "new.toml"))
    assert (broken.exit_code, "REGRESSED" in broken.stdout) == (1, True)
