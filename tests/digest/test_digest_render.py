"""What digests say and how: golden texts, both languages, the picture, templates of the user's, chats within their limits."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from digest_samples import at, coverage, edition, notice, recipient, rumor, subscription, tail, week
from digest_samples import entry as entry_of
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from aiwatch.digest import chat, compose, mail, select, timeline, trial, unsubscribe
from aiwatch.digest.catalogue import LANGUAGES, catalogue
from aiwatch.digest.render import HTML_BYTES, render
from aiwatch.digest.unsubscribe import Site
from aiwatch.digest.view import view
from aiwatch.errors import ConfigError
from aiwatch.model import Entry, Filter, Modality, Model, Stage, Tier, Watch
from aiwatch.settings import Channel, Secret

GOLDEN = Path(__file__).parent / "golden"
REWRITE = bool(os.environ.get("AIWATCH_REWRITE_GOLDEN"))


def test_an_entry_says_whether_its_first_report_is_told_by_its_own_date_or_by_when_it_was_found() -> None:
    one = week()[0]
    first = one.coverage[0]
    dated = replace(one, coverage=(replace(first, published=first.seen_at), *one.coverage[1:]))
    doubted = replace(one, coverage=(replace(first, published=first.seen_at - timedelta(days=400)), *one.coverage[1:]))
    for lang, published, found in (
        ("en", "First published 16 Feb", "First found 16 Feb"),
        ("ko", "최초 게시 2월", "최초 발견 2월"),
    ):
        said = []
        for entry in (dated, one, doubted):
            sub = subscription(lang=lang)
            made = view(edition(sub, (entry,)), sub, recipient(), catalogue(lang, sub.timezone))
            said.append(made.lines[0].seen)
        assert [text[: len(start)] for text, start in zip(said, (published, found, found), strict=True)] == [
            published,
            found,
            found,
        ]


@pytest.mark.parametrize(
    ("lang", "mixed", "alone"),
    [("en", "AI: Sora", "AI: a rumour of OpenAI web search"), ("ko", "AI: Sora", "AI: OpenAI web search 소문")],
)
def test_a_rumour_is_in_the_subject_only_where_there_is_nothing_else(lang: str, mixed: str, alone: str) -> None:
    sub = subscription(lang=lang, title="AI", rumors=True)
    words = catalogue(lang, sub.timezone)
    sora = next(one for one in week() if one.announcement.name == "Sora")
    assert view(edition(sub, (sora, rumor())), sub, recipient(), words).subject == mixed
    assert view(edition(sub, (rumor(),)), sub, recipient(), words).subject == alone


def test_the_outlet_of_the_headline_is_not_named_as_another_one() -> None:
    sub, one = subscription(), next(one for one in week() if one.announcement.name == "Sora")
    own = next(seen for seen in one.coverage if seen.tier is Tier.PRIMARY)
    twice = replace(one, coverage=(*one.coverage, replace(own, url="https://openai.example/more")))
    (line,) = view(edition(sub, (twice,)), sub, recipient(), catalogue("en", sub.timezone)).lines
    assert own.source_name not in {link.text for link in line.also}


def test_an_entry_of_the_mail_leads_to_its_first_address_by_one_link() -> None:
    sub = subscription()
    (message,) = render(edition(sub, week()), sub, recipient(), {}, None)
    body = str(message.body["html"])
    for one in week():
        url = min((c for c in one.coverage if c.tier is Tier.PRIMARY), key=lambda c: c.seen_at).url
        assert body.count(f'href="{url}"') == 1, url
    assert re.search(
        r"<a [^>]*><span[^>]*>Gemini 1.5, our next-generation model</span><span[^>]*>Google's own word&nbsp;→<", body
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", ("at OpenAI", "First found 16 Feb 2022, 03:02", "Timeline, 12 Feb 2022 to 23 Feb:")),
     ("ko", ("OpenAI", "최초 발견 2022년 2월 16일 03:02", "타임라인, 2022년 2월 12일 ~ 2월 23일:"))],
)  # fmt: skip
def test_a_time_of_another_year_than_the_edition_s_says_which(lang: str, said: tuple[str, ...]) -> None:
    old, *rest = week()
    long_ago = timedelta(days=730)
    old = replace(
        old,
        announcement=replace(old.announcement, at=old.announcement.at - long_ago),
        coverage=tuple(replace(one, seen_at=one.seen_at - long_ago) for one in old.coverage),
    )
    sub = subscription(lang=lang)
    made = replace(edition(sub, (old, *rest)), since=at(12, 0) - long_ago)
    (message,) = render(made, sub, recipient(), {}, None)
    body = str(message.body["html"])
    assert all(piece in body for piece in said)
    assert {"en": "First found 21 Feb, 22:00", "ko": "최초 발견 2월 21일 22:00"}[lang] in body


@pytest.mark.parametrize(
    ("lang", "days", "said"), [("en", 300, "1 Feb"), ("en", 800, "02/2024"), ("ko", 300, "2/1"), ("ko", 800, "2024/2")]
)
def test_ticks_of_a_picture_of_more_than_a_year_say_the_year(lang: str, days: int, said: str) -> None:
    form = mail.tick_form(at(1, 0) - timedelta(days=days), at(1, 0))
    assert catalogue(lang, "UTC").at(at(1, 0), form) == said


@pytest.mark.parametrize(("lang", "said"), [("en", "s0, s1, s2, s3 and 3 more"), ("ko", "s0, s1, s2, s3 외 3곳")])
def test_sources_that_fail_are_counted_as_places(lang: str, said: str) -> None:
    sub = subscription(lang=lang)
    made = replace(edition(sub), watch=Watch(sources=9, watched=2, failing=tuple(f"s{n}" for n in range(7))))
    (message,) = render(made, sub, recipient(), {}, None)
    assert said in message.body["text"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Part of 1 cannot be read: map."), ("ko", "1곳은 일부를 읽지 못하고 있습니다: map.")]
)
def test_the_coverage_line_names_sources_of_which_a_part_cannot_be_read(lang: str, said: str) -> None:
    sub = subscription(lang=lang)
    made = replace(edition(sub), watch=Watch(sources=9, watched=9, partly=("map",)))
    (message,) = render(made, sub, recipient(), {}, None)
    assert said in message.body["text"]


def many(count: int) -> tuple[Entry, ...]:
    """``count`` announcements, each of a model with a number in its name."""
    sample = week()
    made = []
    for number in range(count):
        one = sample[number % len(sample)]
        announcement = replace(one.announcement, id=f"{number:016x}", name=f"Model-{number:03d}", story_id=f"s{number:015x}")
        made.append(replace(one, announcement=announcement))
    return tuple(made)


# --- the mail -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_of_a_week(lang: str) -> None:
    sub = subscription(lang=lang, rumors=True, title={"en": "AI models", "ko": "AI 모델 소식"}[lang])
    late = timedelta(hours=31) if lang == "ko" else timedelta(0)
    (message,) = render(edition(sub, (*week(), rumor()), late), sub, recipient(), {}, Site(base_url="https://watch.example"))
    text = f"Subject: {message.subject}\n\n{message.body['text']}"
    golden = GOLDEN / f"week.{lang}.txt"
    if REWRITE:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    assert all(mail.columns(line) <= 74 for line in text.splitlines() if "https://" not in line)


def test_the_html_says_what_the_text_says() -> None:
    sub = subscription(rumors=True)
    (message,) = render(edition(sub, (*week(), rumor())), sub, recipient())
    page = re.sub(r"<[^>]+>", " ", message.body["html"]).replace("&nbsp;", " ")
    for told in (*week(), rumor()):
        assert told.announcement.name in page
        for one in told.coverage:
            assert one.source_name in page
    assert "@media (prefers-color-scheme: dark)" in message.body["html"]
    assert 'style="' in message.body["html"], "styles are inlined: clients drop style sheets"
    assert len(message.body["html"].encode()) < HTML_BYTES


CHANNELS = (Channel.EMAIL, Channel.SLACK, Channel.DISCORD, Channel.TEAMS, Channel.APPRISE)


def words_of(channel: Channel, told: Entry) -> str:
    """All that this channel would show of one entry."""
    sub = subscription()
    made = render(edition(sub, (told,)), sub, recipient(channel))
    return " ".join(json.dumps(message.body, ensure_ascii=False).replace("\\", "") for message in made)


@pytest.mark.parametrize("channel", CHANNELS)
def test_words_of_another_are_not_put_into_the_vendors_mouth(channel: Channel) -> None:
    """The vendor's headline stands above a quote of the outlet that was first: it says so."""
    gemini = week()[1]
    assert gemini.announcement.source_id == "verge"
    shown = words_of(channel, gemini)
    assert "one million tokens" in shown
    assert re.search(r"one million tokens\.”? (<span[^>]*>)?\(Byte Courier\)", shown)
    assert "(OpenAI)" not in words_of(channel, week()[0]), "the vendor's own words need no name"


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_was_just_below_the_bar_can_be_looked_at(channel: Channel) -> None:
    """Mails and webhooks gave its address, chats its title alone."""
    told = "".join(json.dumps(one.body) for one in render(edition(), subscription(), recipient(channel)))
    assert "https://opinion.example/1" in told


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_headline_of_who_was_first_is_no_quote_below_the_vendors(channel: Channel) -> None:
    gemini = week()[1]
    only = replace(gemini, announcement=replace(gemini.announcement, quote=gemini.announcement.title))
    assert "reads a million tokens at once" not in words_of(channel, only)


def test_a_recipients_language_and_zone_come_before_the_digests() -> None:
    sub = subscription(lang="en", timezone="UTC")
    (message,) = render(edition(sub), sub, recipient(lang="ko", timezone="Asia/Seoul"))
    assert "2024년 2월 23일 (금) 09:00" in message.body["text"]
    (message,) = render(edition(sub), sub, recipient(timezone="America/New_York"))
    assert "Thu 22 Feb 2024, 19:00" in message.body["text"]


def test_a_long_edition_stays_within_what_providers_show_and_names_everything() -> None:
    sub = subscription(limit=80)
    (message,) = render(edition(sub, many(80)), sub, recipient())
    assert len(message.body["html"].encode()) <= HTML_BYTES
    for number in range(80):
        assert f"Model-{number:03d}" in message.body["text"]
        assert f"Model-{number:03d}" in message.body["html"]


def test_what_is_beyond_an_edition_is_counted() -> None:
    sub = subscription(limit=10)
    made = edition(sub, many(10 + compose.LINES + 7))
    assert made.more == 7
    (message,) = render(made, sub, recipient())
    assert "7 more announcements are not shown here" in message.body["text"]


def test_the_picture_comes_with_the_mail_and_counts_as_the_list_does() -> None:
    (message,) = render(edition(), subscription(), recipient())
    (image,) = message.body["images"]
    assert f'src="cid:{image["cid"]}"' in message.body["html"]
    picture = Image.open(io.BytesIO(base64.b64decode(image["data"])))
    assert picture.format == "PNG"
    assert picture.size[0] == timeline.WIDTH * timeline.SCALE
    corner = picture.convert("RGBA").getpixel((0, 0))
    assert isinstance(corner, tuple)
    assert corner[3] == 0, "the background is transparent: it is read in the dark as well"
    assert "1 Sora" in message.body["html"]


def test_one_announcement_needs_no_picture() -> None:
    (message,) = render(edition(entries=week()[:1]), subscription(), recipient())
    assert message.body["images"] == []
    assert "<img" not in message.body["html"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=400 * 86400), min_size=2, max_size=80))
def test_any_window_can_be_drawn(seconds: list[int]) -> None:
    dots = [
        timeline.Dot(number=index + 1, at=at(1, 0) + timedelta(seconds=one), stage="released")
        for index, one in enumerate(seconds)
    ]
    drawn = timeline.draw(dots, at(1, 0), at(8, 0), catalogue("en", "Asia/Seoul").zone, str)
    assert drawn is not None
    assert len(drawn.png) < 100_000
    assert drawn.height <= 6 * 26 + 34


@pytest.mark.parametrize(
    ("lang", "write", "day"),
    [("en", lambda moment: f"{moment.day} {moment:%b}", "16 Feb"), ("ko", lambda moment: f"{moment.month}/{moment.day}", "2/16")],
)
def test_days_of_the_picture_are_written_as_the_reader_writes_them(lang: str, write: Callable[[datetime], str], day: str) -> None:
    written: list[str] = []

    def noted(moment: datetime) -> str:
        written.append(write(moment))
        return written[-1]

    made, sub = edition(), subscription(lang=lang)
    (message,) = render(made, sub, recipient())
    words = catalogue(lang, sub.timezone)
    lines = view(made, sub, recipient(), words, None).lines
    dots = [timeline.Dot(number=line.number, at=line.at, stage=line.stage_id) for line in lines]
    drawn = timeline.draw(dots, made.since, made.until, words.zone, noted)
    assert drawn is not None
    assert base64.b64decode(message.body["images"][0]["data"]) == drawn.png
    assert day in written
    assert all(label.isascii() for label in written), "the font has no other letters"


def test_readers_of_one_language_and_zone_share_a_picture_that_is_drawn_once() -> None:
    dots = [timeline.Dot(number=number, at=at(1, 3 * number), stage="released") for number in (1, 2)]
    seoul, utc = catalogue("en", "Asia/Seoul").zone, catalogue("en", "UTC").zone
    drawn = timeline.draw(dots, at(1, 0), at(1, 12), seoul, str)
    assert timeline.draw(list(dots), at(1, 0), at(1, 12), seoul, str) is drawn
    other = timeline.draw(dots, at(1, 0), at(1, 12), utc, str)
    assert drawn is not None
    assert other is not None
    assert other.png != drawn.png, "its hours are others"


# --- sections and order ---------------------------------------------------------------------------------------------------------


def test_importance_is_stage_then_tier_then_outlets() -> None:
    told = [entry.announcement.name for entry in select.by_importance(reversed((*week(), rumor())))]
    assert told == ["Sora", "Gemini 1.5 Pro", "Gemma", "V-JEPA", "Stable Diffusion 3", "OpenAI web search"]


def test_rumours_are_told_to_those_who_asked_and_a_launch_after_one_is_a_step_for_them_alone() -> None:
    plain, curious = subscription(), subscription(rumors=True)
    told = (*week(), rumor())
    for sub, steps, rumors in ((plain, 0, 0), (curious, 1, 1)):
        made = edition(sub, told)
        (message,) = render(made, sub, recipient(Channel.WEBHOOK, "https://hook.example"))
        values = json.loads(message.body["content"])
        assert len(values["stage_changes"]) == steps
        assert len(values["rumors"]) == rumors
        assert len(values["announcements"]) + len(values["stage_changes"]) == 5


def test_steps_found_in_one_poll_are_told_in_the_order_of_their_times() -> None:
    """After a pause a release was found first; the preview of the week before was called a step after it."""
    report = coverage("openai", "OpenAI", Tier.PRIMARY, "en", "Sora 2 in preview", at(10, 9))
    later = ((Stage.RELEASED, at(15, 9)),)
    found = entry_of("Sora 2", "OpenAI", Modality.VIDEO, Stage.PREVIEW, (report,), earlier=later)
    preview = replace(found, announcement=replace(found.announcement, at=at(16, 9)))
    release = replace(preview, announcement=replace(preview.announcement, id="release", stage=Stage.RELEASED))
    shown = view(edition(subscription(), (release, preview)), subscription(), recipient(), catalogue("en", "UTC"))
    assert [(part.title, [(line.stage, line.was) for line in part.lines]) for part in shown.sections] == [
        ("New models", [("Preview", "")]),
        ("Next steps of earlier stories", [("Released", "Earlier: Preview 10 Feb, 09:00.")]),
    ]


def test_a_retirement_stands_under_no_new_models() -> None:
    """That of a model whose launch was never told stood there, as an entry among them."""
    end = coverage("verge", "Byte Courier", Tier.PRESS, "en", "OpenAI retires GPT-3 in June", at(16, 9))
    gone = entry_of("GPT-3", "OpenAI", Modality.TEXT, Stage.DEPRECATED, (end,))
    made = edition(subscription(), (gone, week()[0]))
    shown = view(made, subscription(), recipient(), catalogue("en", "UTC"))
    assert [(part.title, [line.name for line in part.lines]) for part in shown.sections] == [
        ("New models", ["Sora"]),
        ("Changes to known models", ["GPT-3"]),
    ]
    assert ([line.number for line in shown.lines], shown.summary) == ([1, 2], "2 announcements")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ["Sora", "Gemini 1.5 Pro", "Gemma", "Stable Diffusion 3", "V-JEPA"]),
        (Filter(vendors=("google",)), ["Gemini 1.5 Pro", "Gemma"]),
        (Filter(modalities=(Modality.VIDEO,)), ["Sora", "V-JEPA"]),
        (Filter(stages=(Stage.PREVIEW,)), ["Gemini 1.5 Pro", "Stable Diffusion 3"]),
        (Filter(stages=(Stage.RUMORED,)), ["OpenAI web search"]),
        (Filter(tiers=(Tier.PRESS,)), ["Gemini 1.5 Pro"]),
        (Filter(sources=("META",)), ["V-JEPA"]),
        (Filter(langs=("EN-us",)), ["Sora", "Gemini 1.5 Pro", "Gemma", "Stable Diffusion 3", "V-JEPA"]),
        (Filter(langs=("ko",)), []),
        (Filter(text="gem"), ["Gemini 1.5 Pro", "Gemma"]),
        (Filter(min_score=9), []),
        (Filter(since=at(21, 13)), ["Gemma", "Stable Diffusion 3"]),
        (Filter(until=at(15, 17)), ["Gemini 1.5 Pro"]),
        (Filter(vendors=("google",), modalities=(Modality.TEXT,)), ["Gemma"]),
    ],
)
def test_every_given_condition_must_hold(wanted: Filter, names: list[str]) -> None:
    found = [entry.announcement.name for entry in (*week(), rumor()) if select.matches(wanted, entry.announcement)]
    assert found == names


def test_the_lead_is_told_both_ways() -> None:
    (message,) = render(edition(), subscription(), recipient())
    said = " ".join(message.body["text"].split())
    assert "at OpenAI; the first other outlet, Hacker Board, 18 min later." in said
    assert "at Byte Courier, 36 min before the vendor's own word." in said
    assert "at Meta AI; from the vendor alone so far." in said


@pytest.mark.parametrize(
    ("lang", "also", "alone"),
    [
        ("en", "Also in: Meta Research", "from the vendor alone so far"),
        ("ko", "함께 보도: Meta Research", "아직 개발사 발표뿐입니다"),
    ],
)
def test_a_second_page_of_the_vendor_s_own_is_named_and_no_outlet_denied(lang: str, also: str, alone: str) -> None:
    (one,) = (one for one in week() if one.announcement.name == "V-JEPA")
    sub = subscription(lang=lang)
    own = coverage("research", "Meta Research", Tier.PRIMARY, "en", "V-JEPA: code and weights", at(15, 18))
    (message,) = render(edition(sub, (replace(one, coverage=(*one.coverage, own)),)), sub, recipient())
    said = " ".join(message.body["text"].split())
    assert also in said
    assert alone in said
    assert "no other outlet" not in said


def test_a_source_without_gap_is_said_to_have_none() -> None:
    whole = replace(edition(), watch=Watch(sources=3, watched=3))
    (message,) = render(whole, subscription(), recipient())
    assert "Watched 3 of 3 sources.\nNo gap between two polls.\n" in message.body["text"]


def test_nothing_watched_is_no_proof_of_coverage() -> None:
    (message,) = render(replace(edition(), watch=Watch(sources=3, watched=0)), subscription(), recipient())
    assert "Watched 0 of 3 sources." in message.body["text"]
    assert "No gap" not in message.body["text"]


@pytest.mark.parametrize("word", ["x" * 300, "Super-Mega-" * 20, "끝이없는제목" * 30])
def test_a_word_longer_than_a_line_goes_on_in_the_next_without_a_space(word: str) -> None:
    lines = mail.wrap(f"see {word} there", "   ").split("\n")
    assert all(mail.columns(line) <= 74 for line in lines)
    assert "".join(line.strip() for line in lines).replace(" ", "") == f"see{word}there"
    assert not any(" " in line.strip() for line in lines[1:-1])


def test_near_misses_are_not_further_words_on_what_is_told() -> None:
    assert [miss.item_id for miss in edition().near] == ["n1", "n2"]
    assert [miss.item_id for miss in edition(entries=()).near] == ["n0", "n1", "n2"]
    assert edition(subscription(near_misses=False)).near == ()


def test_a_near_miss_meets_the_filters_of_its_digest() -> None:
    """A digest of one maker's videos named whatever was nearly an announcement, of whom and in what language it was."""
    model = Model(name="Sora", vendor="OpenAI", family="sora", modality=Modality.VIDEO)
    (film, *others) = tail().near
    miss = replace(film, source_id="verge", tier=Tier.PRESS, lang="en-US", models=(model,))
    for wanted, names in (
        (Filter(), ["n0", "n1", "n2"]),
        (Filter(vendors=("openai",), modalities=(Modality.VIDEO,), langs=("en",)), ["n0"]),
        (Filter(sources=("verge",), stages=(Stage.RELEASED,), min_score=9), ["n0"]),
        (Filter(vendors=("Google",)), []),
        (Filter(modalities=(Modality.TEXT,)), []),
        (Filter(langs=("ko",)), []),
        (Filter(tiers=(Tier.PRIMARY,)), []),
    ):
        window = compose.Window(since=at(12, 0), until=at(23, 0))
        sub = subscription(filter=wanted)
        made = compose.compose(sub, (), window, replace(tail(), near=(miss, *others)), now=at(23, 1))
        assert [one.item_id for one in made.near] == names


# --- words ----------------------------------------------------------------------------------------------------------------------


def test_the_languages_say_the_same_things() -> None:
    texts = {
        lang: tomllib.loads(files("aiwatch.digest").joinpath("messages", f"{lang}.toml").read_text("utf-8")) for lang in LANGUAGES
    }
    english = texts["en"]
    for lang, messages in texts.items():
        assert {(section, key) for section, lines in messages.items() for key in lines} == {
            (section, key) for section, lines in english.items() for key in lines
        }, lang
        for section, lines in messages.items():
            for key, text in lines.items():
                assert fields(text) <= fields(english[section][key]), f"{lang}: {section}.{key}"
    assert set(english["stage"]) == {stage.value for stage in Stage}
    assert set(english["modality"]) == {modality.value for modality in Modality}


def fields(message: object) -> set[str]:
    text = message["other"] if isinstance(message, dict) else message
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name}


def test_durations_and_plurals() -> None:
    english, korean = catalogue("en", "UTC"), catalogue("ko", "UTC")
    spoken = [english.lag(seconds).replace("\u00a0", " ") for seconds in (20, 47 * 60, 3600, 7800, 50 * 3600, 72 * 3600)]
    assert spoken == ["under a minute", "47 min", "1 h", "2 h 10 min", "2 d 2 h", "3 d"]
    assert korean.lag(7800).replace("\u00a0", " ") == "2시간 10분"
    assert english.say("count.announcements", n=1) == "1 announcement"
    assert english.say("count.announcements", n=2) == "2 announcements"
    assert korean.say("count.announcements", n=1) == "새 발표 1건"


def test_single_messages_can_be_put_differently() -> None:
    own = {"messages.en.toml": '[section]\nnews = "Fresh off the press"'}
    (message,) = render(edition(), subscription(), recipient(), own)
    assert "Fresh off the press" in message.body["text"]


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ('[section]\nnewz = "x"', 'there is no message "section.newz"; did you mean "section.news"?'),
        ('section = "x"', 'there is no message "section"'),
        (
            '[tail]\nwatched = "{watched} of {source}"',
            "tail.watched = \"{watched} of {source}\" cannot be filled in ('source'); there is",
        ),
    ],
)
def test_a_wording_that_cannot_be_used_is_told_with_its_file(own: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"messages.en.toml: {told}")):
        render(edition(), subscription(), recipient(), {"messages.en.toml": own})


def test_a_wording_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"^messages\.en\.toml:2: not TOML: Expected '=' after a key"):
        render(edition(), subscription(), recipient(), {"messages.en.toml": "[section]\noops\n"})


# --- templates of the user's ----------------------------------------------------------------------------------------------------


def test_a_template_of_the_users_takes_the_place_of_ours_and_is_sanitised() -> None:
    own = {
        "mail.html": (
            '<h1 onclick="x()">{{ v.title }}</h1><script>x()</script>'
            '<img src="https://evil.example/p.png"><a href="javascript:x">y</a>'
        ),
        "mail.txt": "{% for line in v.lines %}{{ line.name }}\n{% endfor %}",
    }
    sub = subscription(title="A <b> title")
    (message,) = render(edition(sub), sub, recipient(), own)
    assert message.body["text"] == "Sora\nGemini 1.5 Pro\nGemma\nV-JEPA\nStable Diffusion 3\n"
    page = message.body["html"]
    assert "A &lt;b&gt; title" in page
    assert not re.search(r"<script|onclick|evil\.example|javascript", page)


@pytest.mark.parametrize("name", ["mail.txt", "mail.html"])
@pytest.mark.parametrize(
    "text", ["{{ v.title", "{{ v.nothing }}", "{{ ''.__class__.__mro__ }}", "{% include '/etc/passwd' %}", "{{ 1 + v.title }}"]
)
def test_a_wrong_or_curious_template_is_told_with_file_and_line(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{re.escape(name)}:2: ."):
        render(edition(), subscription(), recipient(), {name: f"one\n{text}"})


# --- chats ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 5, 60, 260])
@pytest.mark.parametrize("channel", [Channel.SLACK, Channel.DISCORD, Channel.TEAMS, Channel.APPRISE])
def test_long_messages_are_split_and_nothing_is_cut(channel: Channel, count: int) -> None:
    sub = subscription(limit=60, rumors=True)
    made = render(edition(sub, (*many(count), rumor())), sub, recipient(channel))
    whole = " ".join(json.dumps(dict(message.body), ensure_ascii=False) for message in made)
    places = [
        whole.index(f"Model-{number:03d}".replace("-", "\\\\\\\\-") if channel is Channel.DISCORD else f"Model-{number:03d}")
        for number in range(count)
    ]
    assert len(set(places)) == count
    assert "Watched" in whole
    assert count < 60 or len(made) > 1
    for message in made:
        check_limits(channel, dict(message.body))


def check_limits(channel: Channel, body: dict[str, str]) -> None:
    """The limits that Slack, Discord and Teams document."""
    if channel is Channel.APPRISE:
        assert len(body["text"]) <= 3500
        return
    values = json.loads(body["content"])
    if channel is Channel.SLACK:
        assert 0 < len(values["blocks"]) <= 50
        assert len(values["text"]) <= 4000
        for block in values["blocks"]:
            assert block["type"] in {"section", "divider", "context"}
            texts = [block["text"]] if block["type"] == "section" else block.get("elements", [])
            assert all(0 < len(one["text"]) <= 3000 for one in texts)
    if channel is Channel.DISCORD:
        assert len(values["content"]) <= 2000
        assert len(values["embeds"]) <= 10
        assert sum(len(one.get("title", "")) + len(one["description"]) for one in values["embeds"]) <= 6000
        assert all(len(one.get("title", "")) <= 256 and 0 < len(one["description"]) <= 4096 for one in values["embeds"])
        assert values["allowed_mentions"] == {"parse": []}
    if channel is Channel.TEAMS:
        assert len(body["content"].encode()) <= 28_000
        (attachment,) = values["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert attachment["content"]["type"] == "AdaptiveCard"


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="*&<>_[]@~|`-", min_size=250, max_size=300), st.integers(min_value=0, max_value=1800))
def test_limits_hold_for_titles_made_of_signs_and_endless_addresses(title: str, length: int) -> None:
    url = "https://lab.example/" + "a" * length
    told = [
        replace(
            one,
            announcement=replace(one.announcement, name=title, vendor=title, quote=title[::-1], title=title, url=url),
            coverage=tuple(replace(part, title=title, source_name=title, url=url) for part in one.coverage),
        )
        for one in week()
    ]
    sub = subscription()
    for channel in (Channel.SLACK, Channel.DISCORD, Channel.TEAMS, Channel.APPRISE):
        for message in render(edition(sub, tuple(told)), sub, recipient(channel)):
            check_limits(channel, dict(message.body))


@given(st.text(max_size=400), st.integers(min_value=10, max_value=60))
def test_splitting_loses_nothing_but_space(text: str, limit: int) -> None:
    pieces = chat.split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


# --- tests by hand, notices, unsubscribing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", list(Channel))
def test_there_is_a_test_message_for_every_channel(channel: Channel) -> None:
    message = trial.message(recipient(channel, lang="ko"), at(20, 3))
    assert message.subject == "aiwatch: 테스트 메시지"
    assert message.body.get("content") or message.body.get("text")


def test_notices_say_what_began_and_what_is_over() -> None:
    made = compose.operations([notice(), replace(notice(is_open=False), at=at(21, 3))], now=at(21, 4))
    (message,) = render(made, subscription(id=compose.OPERATIONS, schedule="immediate"), recipient())
    assert message.subject == "aiwatch: Example Lab cannot be read: HTTP 503 for a day. (+1)"
    assert "Since 20 Feb, 12:00: Example Lab" in message.body["text"]
    assert "Over since 21 Feb, 12:00" in message.body["text"]
    assert message.body["unsubscribe"] is None


def test_a_link_to_unsubscribe_is_for_one_recipient_of_one_digest() -> None:
    me, other = recipient(), replace(recipient(), address=Secret("you@example.com"))
    link = unsubscribe.link("https://watch.example/", "weekly", me, "key")
    token = link.rpartition("/")[2]
    assert link == f"https://watch.example/unsubscribe/weekly/me/{token}"
    assert unsubscribe.verify(token, "weekly", me, "key")
    assert not unsubscribe.verify(token, "weekly", me, ""), "who knows the address and not the key cannot make it"
    assert not unsubscribe.verify(token, "daily", me, "key")
    assert not unsubscribe.verify(token, "weekly", other, "key")
    assert not unsubscribe.verify("", "weekly", me, "key")
    assert not unsubscribe.verify("한", "weekly", me, "key")
