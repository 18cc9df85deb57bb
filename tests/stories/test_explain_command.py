"""``aiwatch explain``: the rules that fired, the score, the story, and to whom it was told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_samples import FUNDS, GPT, LAB, START, WIRE, Newsroom

from aiwatch import rules, stories
from aiwatch.cli.explain import marked
from aiwatch.explaining import of_text
from aiwatch.explanation import Span, edited, explain, spans, verdict
from aiwatch.model import DeliveryState, Detection, Evidence, Item, Judged, Model, Note, Stage
from aiwatch.settings import Subscription
from aiwatch.store.library import Library
from aiwatch.views import DeliveryLine, Trace, Waiting

ITEM = Item(id="i", source_id="s", key="i", url=None, title="Acme launches Orion 5", summary="An open model.")
ORION = Detection(
    item_id="i",
    announcement=True,
    stage=Stage.RELEASED,
    models=(Model(name="Orion 5", vendor="Acme"),),
    score=3.0,
    threshold=2.0,
    evidence=(
        Evidence(rule="cue", field="title", start=5, end=21, matched="launches Orion 5", weight=1.0, why="a launch"),
        Evidence(rule="name", field="title", start=14, end=21, matched="Orion 5", weight=2.0, why="a name"),
        Evidence(rule="noun", field="summary", start=8, end=13, matched="model", weight=0.0),
    ),
)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def test_spans_stand_within_spans_and_are_numbered_by_weight() -> None:
    answer = explain(ITEM, ORION)
    assert [one.rule for one in answer.fired] == ["name", "cue", "noun"]
    name = Span(start=14, end=21, numbers=(1,))
    assert [text.spans for text in answer.texts] == [
        (Span(start=5, end=21, numbers=(2,), inside=(name,)),),
        (Span(start=8, end=13, numbers=(3,)),),
    ]
    one = ORION.evidence[0]
    crossing = [replace(one, start=0, end=6), replace(one, start=4, end=9)]
    assert spans("title", crossing) == (Span(start=0, end=9, numbers=(1, 2)),)
    assert spans("title", [one, one]) == (Span(start=5, end=21, numbers=(1, 2)),)
    assert marked(answer.texts[0], brackets=True).plain == "Acme [launches [Orion 5|1]|2]"
    assert marked(answer.texts[0], brackets=False).plain == "Acme launches Orion 51,2"
    assert spans("content", answer.fired) == ()


def test_what_nearly_fired_is_said_once_for_each_word_and_reason() -> None:
    """A headline on sea shells (소라) had the same line three times, once for each place where the word stands."""
    shell = Evidence(rule="name.ambiguous", field="title", start=0, end=2, matched="소라", weight=0.0, why="it is also a shell")
    crab = replace(shell, matched="소라게")
    other = replace(shell, start=5, end=7)
    assert explain(ITEM, replace(ORION, near=(shell, other, crab, other))).near == (shell, crab)


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({}, "An announcement of Orion 5 (released): score 3.00 of 2.00 needed."),
        ({"announcement": False, "stage": Stage.RUMORED}, "No announcement but a rumour of Orion 5"),
        (
            {"announcement": False, "stage": Stage.DEPRECATED},
            "No launch, but the retirement of Orion 5, which is a step that is told: score",
        ),
        (
            {"announcement": False, "stage": Stage.UPDATED, "models": (*ORION.models, Model(name="Orion 6"))},
            "No announcement: Orion 5, Orion 6 are updated, which is nothing new; score",
        ),
        (
            {"announcement": False, "stage": Stage.NONE},
            "No announcement: score 3.00 of 2.00 needed, but no new model is its subject",
        ),
        (
            {"announcement": False, "stage": Stage.NONE, "score": 1.997},
            "No announcement: score 1.997 of 2.000 needed; 0.003 is lacking.",
        ),
        (
            {"announcement": False, "stage": Stage.NONE, "score": 1.25},
            "No announcement: score 1.25 of 2.00 needed; 0.75 is lacking",
        ),
        (
            {"announcement": False, "stage": Stage.NONE, "score": 1.0, "models": ()},
            "No announcement: no name of an AI model stands in it",
        ),
    ],
)
def test_the_verdict_says_what_it_was_taken_for(changes: dict[str, object], start: str) -> None:
    assert verdict(replace(ORION, **changes)).startswith(start)  # type: ignore[arg-type]  # fields by name


def test_a_text_is_judged_by_todays_rules_and_marked_with_brackets_in_a_pipe(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", GPT)
    assert answer.exit_code == 0
    assert "GPT-9|" in answer.output
    assert "verdict An announcement of GPT-9" in answer.output
    assert "told    Never: a text that no source brought" in answer.output
    assert not Path(newsroom.database).exists()
    assert newsroom.run("explain", "-", stdin=GPT + "\nmore").output.splitlines()[2].startswith("summary more")


def test_a_text_and_an_item_are_shown_as_the_patterns_of_rules_see_them(newsroom: Newsroom) -> None:
    lines = newsroom.run(
        "explain", "OpenAI launches GPT-9, its new language model\nOpenAI's Velox is a model."
    ).stdout.splitlines()
    assert [line for line in lines if line.startswith("read as")] == [
        "read as {V} launches {M}, its new {noun}",
        "read as {V}'s Velox is a {noun}.",
    ]
    address = newsroom.publish(LAB, GPT)
    newsroom.poll()
    answer = json.loads(newsroom.run("explain", address, "--json").stdout)
    assert answer["texts"][0]["masked"] == "{V} releases {M}, its new flagship {noun}"
    assert "read as" not in newsroom.run("explain", "A day at the sea").stdout


def test_an_item_tells_its_story_and_its_edition(newsroom: Newsroom) -> None:
    address = newsroom.publish(LAB, GPT)
    daily = Subscription(id="daily", title="Daily", schedule="0 8 * * *", recipients=("me",))
    assert [one.name for one in newsroom.poll(subscriptions=[daily])] == ["GPT-9"]
    answer = newsroom.run("explain", address + "?utm_source=x")
    assert answer.exit_code == 0, answer.output
    assert "First item of “GPT-9”, step released" in answer.output
    assert "told    Digest daily: waiting for its next edition." in answer.output
    as_json = json.loads(newsroom.run("explain", "--json", address).stdout)
    assert as_json["announcement"] is True
    assert newsroom.run("explain", as_json["item_id"]).output == answer.output


def test_a_digest_that_was_not_told_is_named_with_the_conditions_that_were_not_met(newsroom: Newsroom) -> None:
    """Of several digests those that told it were named, and of the others nothing was said."""
    with (newsroom.directory / "aiwatch.toml").open("a", encoding="utf-8") as file:
        for name, keys in (
            ("films", 'modalities = ["video"]\nmin_score = 20'),
            ("guesses", 'stages = ["rumored"]'),
            ("late", ""),
        ):
            file.write(f'[[digest]]\nid = "{name}"\nschedule = "0 8 * * *"\nrecipients = ["me"]\n{keys}\n')
        file.write(
            '[[recipient]]\nid = "me"\nemail = "me@example.org"\n[smtp]\nhost = "mail.example"\nsender = "a@example.org"\n'
        )
    launch, rumour = newsroom.publish(LAB, GPT), newsroom.publish(WIRE, "OpenAI is said to be readying GPT-11")
    newsroom.poll()
    answer = json.loads(newsroom.run("explain", "--json", launch).stdout)
    assert answer["told"][1:] == [
        "In no outbox: no digest wanted it when it was found.",
        f"Digest films does not take it: modalities = video (it is text), min_score = 20 (it is {answer['score']:g}).",
        "Digest guesses does not take it: stages = rumored (it is released).",
        "Digest late takes such now; when it was found it did not.",
    ]
    hearsay = json.loads(newsroom.run("explain", "--json", rumour).stdout)["told"]
    assert "Digest late does not take it: stages = all but rumored (it is rumored)." in hearsay


def test_a_further_stage_that_is_no_step_says_why(newsroom: Newsroom) -> None:
    """Of weights that came with the launch it said "follow-up coverage", and nothing of why nobody was told."""
    newsroom.publish(LAB, "OpenAI releases Sora 9")
    newsroom.poll()
    address = newsroom.publish(LAB, "Sora 9 weights are now open", "We are publishing the weights of Sora 9.")
    assert newsroom.poll() == []
    assert re.search(r"step released; open_weights, so soon after it, is another word", newsroom.run("explain", address).output)


def test_follow_up_coverage_names_the_item_that_was_told(newsroom: Newsroom) -> None:
    newsroom.publish(LAB, GPT)
    newsroom.poll()
    address = newsroom.publish(WIRE, "OpenAI launches GPT-9, a new language model")
    assert newsroom.poll() == []
    answer = newsroom.run("explain", address)
    assert "Follow-up coverage of “GPT-9”" in answer.output
    assert f"by another item, “{GPT}” (openai)" in answer.output
    (named,) = re.findall(r"`aiwatch explain (\w+)` says to whom", answer.output)
    assert f"title   {GPT[:11]}" in re.sub(r"\|[\d,]+\]|\[", "", newsroom.run("explain", named).output)


def test_a_person_s_word_stands_before_the_rules(newsroom: Newsroom) -> None:
    address = newsroom.publish(LAB, GPT)
    newsroom.poll()
    newsroom.publish(WIRE, "OpenAI launches GPT-9, a new language model")
    newsroom.poll()
    rules = "The rules alone: An announcement of GPT-9 (released): score"
    for said, word, story in (
        (["no"], "no announcement", "None: a person says: no announcement."),
        (["no", "--stage", "rumored"], "no announcement (rumored)", "First item of “GPT-9”, step rumored"),
        (["yes", "--stage", "preview"], "an announcement (preview)", "First item of “GPT-9”, step preview"),
    ):
        assert newsroom.run("label", address, *said).exit_code == 0
        explained = newsroom.run("explain", address).output
        assert f"verdict A person says: {word}. {rules}" in explained
        assert f"story   {story}" in explained
        as_json = json.loads(newsroom.run("explain", "--json", address).stdout)
        assert (as_json["announcement"], as_json["overruled"]) == (True, True)
    newsroom.run("label", address, "--remove")
    assert "verdict An announcement of GPT-9 (released): score" in newsroom.run("explain", address).output


def test_what_is_too_old_for_an_alert_says_so(newsroom: Newsroom) -> None:
    address = newsroom.publish(LAB, GPT, ago=timedelta(days=9))
    assert newsroom.poll() == []
    assert "told    Recorded in silence: older than the alert window" in newsroom.run("explain", address).output


def test_what_a_report_of_the_same_poll_explained_is_no_change_of_the_rules(newsroom: Newsroom) -> None:
    newsroom.publish(WIRE, "Brightloom launches Zephyros 2, a language model for lawyers")
    address = newsroom.publish(WIRE, "Zephyros 3 Pro now available")
    assert len(newsroom.poll()) == 2
    (newsroom.directory / "rules.toml").write_text('[weights]\n"name.bare" = 0.31\n', "utf-8")
    (newsroom.directory / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    answer = newsroom.run("explain", address)
    assert "verdict An announcement of Zephyros 3 Pro" in answer.output
    assert "today they would say" not in answer.output


def test_an_item_that_is_no_announcement_is_in_no_story(newsroom: Newsroom) -> None:
    address = newsroom.publish(WIRE, FUNDS)
    newsroom.poll()
    answer = newsroom.run("explain", address)
    assert "verdict No announcement" in answer.output
    assert "story   None: what is no announcement" in answer.output
    assert "told    No: it is no announcement." in answer.output


def test_a_review_is_a_mention_of_the_story() -> None:
    review = replace(ORION, announcement=False, stage=Stage.NONE)
    story = stories.fold([Judged(ITEM, WIRE, ORION)], (), now=START, alert_window=timedelta(days=3)).stories[0]
    item = replace(ITEM, id="review")
    mention = stories.fold(
        [Judged(item, WIRE, replace(review, item_id="review"))], [story], now=START, alert_window=timedelta(days=3)
    ).mentions[0]
    trace = Trace(
        item=item, source_id="wire", source_name="Wire", revisions=(), detection=review, poll=None, mentions=(mention,), stories=(story,)
    )  # fmt: skip
    answer = explain(item, review, trace)
    assert answer.story == (f"A mention of “Orion 5”, step released (story {story.id})",)
    assert answer.told == ("No: it names the model and tells nothing new.",)


@pytest.mark.parametrize(("times", "said"), [(1, "the source edited it once;"), (3, "the source edited it 3 times;")])
def test_how_often_an_item_was_edited_is_said_in_words(times: int, said: str) -> None:
    assert edited(times).startswith(said)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DeliveryState.SENT, "sent to me at 2024-02-15"),
        (DeliveryState.READY, "waiting to be sent to me after 2 tries: 451"),
        (DeliveryState.DEAD, "given up for me after 2 tries: 451"),
        (DeliveryState.DROPPED, "dropped by a person for me after 2 tries: 451"),
    ],
)
def test_what_became_of_a_delivery_is_a_sentence(state: DeliveryState, said: str) -> None:
    folded = stories.fold([Judged(ITEM, WIRE, ORION)], (), now=START, alert_window=timedelta(days=3))
    at = datetime(2024, 2, 15, tzinfo=UTC)
    line = DeliveryLine(
        id="d", edition_id="e", digest_id="daily", recipient_id="me", subject="", state=state, attempts=2, created_at=at,
        sent_at=at if state is DeliveryState.SENT else None, last_answer="451",
    )  # fmt: skip
    trace = Trace(
        item=ITEM, source_id="wire", source_name="Wire", revisions=(), detection=ORION, poll=None, mentions=folded.mentions,
        stories=folded.stories, story_announcements=folded.announcements, deliveries=(line,),
        outbox=(Waiting(digest_id="daily", announcement_id=folded.announcements[0].id, edition_id="e"),),
    )  # fmt: skip
    assert explain(ITEM, ORION, trace).told[1].startswith(f"Digest daily: {said}")


def test_an_item_whose_page_is_owed_says_what_it_waits_for() -> None:
    item = replace(ITEM, notes=(Note.PAGE_OWED,))
    trace = Trace(
        item=item, source_id="lab", source_name="Lab", revisions=(), detection=ORION, poll=None, mentions=(), stories=()
    )  # fmt: skip
    answer = explain(item, ORION, trace)
    assert answer.story[0].startswith("None yet: its page could not be read so far.")
    assert answer.told == ("No: it is in no story.",)


def test_an_item_judged_under_older_rules_shows_what_todays_rules_say(newsroom: Newsroom) -> None:
    address = newsroom.publish(LAB, GPT)
    newsroom.poll(overlay='[ignored]\nnames = ["GPT-9"]\n[settings]\nthreshold = 99\n')
    answer = newsroom.run("explain", address)
    assert "verdict No announcement" in answer.output
    assert "note    the rules have changed since it was judged; today they would say:" in answer.output
    assert "of 99.00 needed -> " in answer.output


def test_what_a_person_says_does_not_stand_among_what_todays_rules_would_say(newsroom: Newsroom) -> None:
    address = newsroom.publish(LAB, GPT)
    newsroom.poll()
    assert newsroom.run("label", address, "no").exit_code == 0
    (newsroom.directory / "rules.toml").write_text("[settings]\nthreshold = 4.5\n", "utf-8")
    (newsroom.directory / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    notes = [line[8:] for line in newsroom.run("explain", address).stdout.splitlines() if line.startswith("note")]
    assert notes[:2] == [
        "a person says that it is no announcement",
        "the rules have changed since it was judged; today they would say:",
    ]


def test_a_text_says_which_story_it_would_join(newsroom: Newsroom) -> None:
    newsroom.publish(LAB, GPT)
    newsroom.poll()
    assert "It would be told" in newsroom.run("explain", GPT.replace("GPT-9", "GPT-11")).output
    assert "It would be told" not in newsroom.run("explain", FUNDS).output
    assert "It would be a mention of a story" in newsroom.run("explain", "How GPT-9 changes the work of teachers").output


def test_a_text_without_a_name_joins_what_its_maker_told_under_that_title(newsroom: Newsroom) -> None:
    """A poll of that source would look under its maker's titles; explain looked under the text's own id alone, and promised an alert."""
    title = "Introducing our most capable language model yet"
    newsroom.publish(LAB, title)
    newsroom.poll()
    with Library(newsroom.database) as library:
        (said,) = of_text(library, rules.load(), title, newsroom.clock, source=LAB).story
    assert said.startswith(f"It would join “{title}” in silence: its step released is told")


def test_a_text_of_two_makers_models_says_what_becomes_of_each(newsroom: Newsroom) -> None:
    newsroom.publish(LAB, GPT)
    newsroom.poll()
    both = newsroom.run("explain", "OpenAI releases GPT-9 and Google launches Gemini 9 Pro").output
    assert "It would join “GPT-9” in silence: its step released is told" in both
    assert "It would be told: it is the first item of the step released of “Gemini 9 Pro”." in both
    assert both.count("It would") == 2


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("https://nowhere.example/x", "no source polls nowhere.example"),
        ("https://openai.com/index/x", "polled there: openai; none of their polls brought it"),
        ("0123456789abcdef", "no item has the id"),
        ("  ", "WHAT is empty"),
    ],
)
def test_what_is_not_in_the_archive_is_an_error_that_helps(newsroom: Newsroom, what: str, message: str) -> None:
    newsroom.poll()
    answer = newsroom.run("explain", what)
    assert answer.exit_code in (1, 2)
    assert message in answer.output


def test_a_title_cannot_steer_the_terminal(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", f"\x1b[2J{GPT}\x07")
    assert "\x1b" not in answer.output
    assert "\x07" not in answer.output


def test_an_unknown_source_is_wrong_usage(newsroom: Newsroom) -> None:
    answer = newsroom.run("explain", "--source", "nope", GPT)
    assert (answer.exit_code, "no such source: nope" in answer.output) == (2, True)


def test_a_text_is_judged_with_the_names_that_the_archive_has_heard(newsroom: Newsroom) -> None:
    brief = "Zephyros 3 Pro now available"
    assert json.loads(newsroom.run("explain", "--json", brief).stdout)["announcement"] is False
    newsroom.publish(WIRE, "Brightloom launches Zephyros 2, a language model for lawyers")
    newsroom.poll()
    answer = newsroom.run("explain", brief).stdout
    assert "verdict An announcement of Zephyros 3 Pro (released)" in answer
    assert "name.heard" in answer
    assert "announced before" in answer


def test_retention_leaves_what_a_story_mentions_and_says_when_it_took_another_text(newsroom: Newsroom) -> None:
    review = "Opinion: what GPT-9 gets wrong"
    for title in (GPT, review, FUNDS):
        newsroom.publish(WIRE, title, "A closer look at the language model.")
        newsroom.poll()
    before = newsroom.run("explain", newsroom.address(WIRE, review)).output
    assert "A mention of “GPT-9”" in before
    verdict_before = next(
        line for line in newsroom.run("explain", newsroom.address(WIRE, FUNDS)).output.splitlines() if "verdict" in line
    )
    assert newsroom.run("db", "prune", "--keep", "1h", "--yes").output.startswith("1 text, ")
    assert newsroom.run("explain", newsroom.address(WIRE, review)).output == before
    emptied = newsroom.run("explain", newsroom.address(WIRE, FUNDS)).output
    assert verdict_before in emptied
    assert f"removed by `aiwatch db prune` on {datetime.now(UTC):%Y-%m-%d}; the verdict is kept" in emptied
