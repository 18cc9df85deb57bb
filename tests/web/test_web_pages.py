"""The pages: what stands on each, and that nobody else's text is ever markup."""

from __future__ import annotations

import html
import re
import sqlite3
import tomllib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from web_archive import DIGEST, NOW, RULES, MakeClient

from aiwatch import headline, rules
from aiwatch.errors import BadQuery, StoreError
from aiwatch.explaining import NoArchive, of_trace
from aiwatch.explanation import Taken
from aiwatch.feedback import UNSAID, Mend, SameName, Saying
from aiwatch.model import (
    DeliveryState,
    Filter,
    Item,
    Kind,
    LostPart,
    Note,
    Notice,
    Poll,
    PollPlan,
    Silence,
    Source,
    Stage,
)
from aiwatch.names.identity import identity
from aiwatch.outcome import Came, Fate
from aiwatch.settings import Config, Subscription
from aiwatch.store import maintenance
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.stories.refile import refile
from aiwatch.views import DeliveryView, Gap, Health, Label, StoryView, Trace
from aiwatch.web.look import bars, words
from aiwatch.web.race import neighbours, span_of
from aiwatch.web.told import became, hushed, passed_by

PATHS = [
    "/",
    "/rumors",
    "/race",
    "/race?zoom=year",
    "/search?q=Sora",
    "/sources",
    "/sources/daily",
    "/explain?q=Sora",
    "/digests",
    "/search?q=script",
]


def story_of(client: TestClient, name: str) -> str:
    return str(client.get(f"/api/v1/stories?text={name}").json()["stories"][0]["story"]["id"])


@pytest.mark.parametrize(("lang", "said"), [("en", "Times are those of Asia/Seoul."), ("ko", "시각은 Asia/Seoul 기준입니다.")])
def test_a_page_says_once_and_before_its_times_whose_they_are(client: TestClient, lang: str, said: str) -> None:
    for path in (*PATHS, f"/story/{story_of(client, 'Sora')}"):
        text = client.get(path, headers={"Accept-Language": lang}).text
        assert text.count(said) == 1, path
        assert text.index(said) < min(found.start() for found in re.finditer("<h1>|<time", text)), path
    assert said not in client.get("/nowhere", headers={"Accept-Language": lang}).text, "a page without a time"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_page_answers_in_both_languages(client: TestClient, path: str, lang: str) -> None:
    response = client.get(path, headers={"Accept-Language": f"{lang}-XX,fr;q=0.5"})
    assert response.status_code == 200
    assert f'<html lang="{lang}"' in response.text
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.count("<h1>") == 1
    assert '<main id="main"' in response.text


@pytest.mark.parametrize("path", PATHS)
def test_no_text_from_outside_becomes_markup(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert "<script" not in text
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", text)
    assert "49" not in re.findall(r"\{\{7\*7\}\}|49 =cmd", text)
    assert "\u202e" not in text
    assert "style=" not in text


def test_a_card_without_languages_ends_with_its_outlets(make_client: MakeClient, archive: str, tmp_path: Path) -> None:
    path = str(tmp_path / "speechless.db")
    maintenance.backup(archive, path)
    assert re.search(r"3 outlets · (EN KO|KO EN)</summary>", make_client(database=path).get("/").text)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE item SET lang = NULL")
    assert "3 outlets</summary>" in make_client(database=path).get("/").text


def test_today_tells_each_model_once_with_its_outlets(client: TestClient) -> None:
    text = client.get("/").text
    names = re.findall(r'<h2><a href="/story/\w+"><span class="vendor">(\w+)</span> ([^<]+)</a></h2>', text)
    assert names == [("Google", "Gemma"), ("OpenAI", "Sora")]
    assert "3 outlets" in text
    assert "오픈AI, 텍스트를 동영상으로" in text
    assert "GPT-5" not in text


@pytest.mark.parametrize("path", ["/", "/sources"])
def test_pages_over_a_service_that_stopped_say_since_when(make_client: MakeClient, path: str) -> None:
    assert "Nothing has been polled" not in make_client(now=NOW + timedelta(hours=23)).get(path).text
    late = make_client(now=NOW + timedelta(hours=25))
    assert "Nothing has been polled since 22 Feb 2024, 21:00. Is the service running?" in late.get(path).text
    assert "21:00 이후로 아무 출처도" in late.get(path, headers={"Accept-Language": "ko"}).text


def test_rumours_stand_apart(client: TestClient) -> None:
    text = client.get("/rumors").text
    assert "GPT-5" in text
    assert "Gemma" not in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("vendor=OpenAI", {"Sora"}),
        ("modality=video", {"Sora"}),
        ("lang=en", {"Sora", "Gemma"}),
        ("since=2d", {"Gemma"}),
    ],
)
def test_a_filter_narrows_what_is_shown(client: TestClient, query: str, names: set[str]) -> None:
    found = set(re.findall(r'<h2><a href="/story/\w+">(?:<span[^>]*>\w+</span> )?([^<]+)</a>', client.get(f"/?{query}").text))
    assert found == names


def test_the_race_has_a_lane_a_vendor_and_a_link_a_mark(client: TestClient) -> None:
    text = client.get("/race?at=2024-02").text
    assert re.findall(r'<text class="vendor"[^>]*>([^<]+)<', text) == ["OpenAI", "Google"]
    marks = re.findall(r'<a href="/story/(\w+)" class="mark m-(\w+) s-(\w+)', text)
    assert {(modality, stage) for _, modality, stage in marks} >= {("video", "announced"), ("text", "open_weights")}
    assert story_of(client, "Sora") in {story for story, _, _ in marks}
    assert "<table>" in text
    assert "No step in this span" in client.get("/race?at=2023-01").text


def test_the_race_narrows_to_a_modality(client: TestClient) -> None:
    text = client.get("/race?at=2024-02&modality=video").text
    assert re.findall(r'<text class="vendor"[^>]*>([^<]+)<', text) == ["OpenAI"]


@pytest.mark.parametrize(
    ("zone", "zoom", "english", "korean"),
    [
        ("America/New_York", "month", "February 2024", "2024년 2월"),
        ("Asia/Seoul", "quarter", "Q1 2024", "2024년 1분기"),
        ("Pacific/Kiritimati", "year", "2024", "2024년"),
    ],
)
def test_a_span_of_the_race_is_one_of_the_readers_zone(
    make_client: MakeClient, zone: str, zoom: str, english: str, korean: str
) -> None:
    there = make_client(subscriptions=(replace(DIGEST, timezone=zone),))
    text = there.get(f"/race?zoom={zoom}&at=2024-02").text
    assert f"<h2>{english}</h2>" in text
    assert ">Sora</text>" in text
    first = re.search(r'<text x="132.0" y="16">([^<]+)<', text)
    assert first is not None
    assert first[1] == ("1 Feb" if zoom == "month" else "Jan")
    assert f"<h2>{korean}</h2>" in there.get(f"/race?zoom={zoom}&at=2024-02", headers={"Accept-Language": "ko"}).text


def test_a_span_ends_at_midnight_of_the_readers_zone() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    span = span_of("month", None, datetime(2024, 2, 29, 20, 0, tzinfo=UTC), seoul)
    assert (span.key, neighbours(span)) == ("2024-03", ("2024-02", "2024-04"))
    assert span.since.astimezone(UTC) == datetime(2024, 2, 29, 15, 0, tzinfo=UTC)


def test_a_time_of_another_year_says_which(make_client: MakeClient) -> None:
    later = make_client(now=datetime(2026, 1, 2, tzinfo=UTC))
    assert ">16 Feb 2024, 03:01</time>" in later.get("/").text
    assert ">2024년 2월 16일 03:01</time>" in later.get("/", headers={"Accept-Language": "ko"}).text
    assert ">16 Feb, 03:01</time>" in make_client().get("/").text


def test_a_story_shows_its_stages_members_evidence_and_deliveries(client: TestClient) -> None:
    text = client.get(f"/story/{story_of(client, 'Sora')}").text
    assert "3 outlets" in text
    assert "일보" in text
    stages = re.findall(r'class="tight(?: soft)?">(\w+)<', text)
    assert stages == ["Announced", "Announced", "Announced", "mention"], "an opinion names the model and announces nothing"
    assert re.search(r"<code>[\w.-]+</code>", text)
    assert "/digests/" in text


@pytest.mark.parametrize(("lang", "said"), [("en", "Models"), ("ko", "새 모델")])
def test_the_page_of_all_time_is_not_called_today_s(client: TestClient, lang: str, said: str) -> None:
    shown = client.get("/", headers={"Accept-Language": lang}).text
    assert re.findall(r'<a href="/" aria-current="page">([^<]+)</a>', shown) == [said]


@pytest.mark.parametrize(("lang", "published", "found"), [("en", "published", "found"), ("ko", "게시", "발견")])
def test_a_time_says_whether_it_is_of_publication_or_of_finding(
    client: TestClient, lang: str, published: str, found: str
) -> None:
    card = client.get("/?vendor=OpenAI", headers={"Accept-Language": lang}).text
    assert f'{found}</span> <time datetime="2024-02-15T18:01:00+00:00">' in card
    story = client.get(str(re.findall(r'"(/story/[0-9a-f]+)"', card)[0]), headers={"Accept-Language": lang}).text
    assert story.count(f'{published}</span> <time datetime="2024-02-15T18:00:00+00:00">') == 2  # the step, and its first report
    assert "18:01:00" not in story.partition('id="told"')[0]


def test_search_finds_korean_words_inside_words(client: TestClient) -> None:
    text = client.get("/search?q=소라").text
    assert "<mark>소라</mark>" in text
    assert "No document" in client.get("/search?q=zzzz").text


def test_explain_marks_the_words_and_names_the_rules(client: TestClient) -> None:
    text = client.get("/explain", params={"q": "OpenAI releases GPT-9, a new language model"}).text
    assert "<mark>" in text
    assert "An announcement of GPT-9" in text
    assert "<b>GPT-9</b> OpenAI" in text
    assert 'Read as <code dir="auto">{V} releases {M}, a new {noun}</code>' in text
    assert "Rules that fired" in text
    assert "<b>Mistral AI</b>" in client.get("/explain", params={"q": "Mistral releases new video model"}).text
    unknown = client.get(
        "/explain", params={"q": "New language model Zephyros 2 released"}, headers={"Accept-Language": "ko"}
    ).text
    assert "<b>Zephyros 2</b> 개발사 미상" in unknown


def test_a_korean_reader_gets_the_rules_reasons_in_korean(client: TestClient) -> None:
    asked = {"q": "[주간 정리] 소라, 제미나이 1.5, V-JEPA…하루에 쏟아진 AI 모델"}
    text = client.get("/explain", params=asked, headers={"Accept-Language": "ko"}).text
    assert "가장 크게 깎인 까닭: 한 제목에 여러 소식을 모았다." in text
    assert "AI 모델을 뜻하는 말이 있다" in text
    for path in (f"/explain?q={asked['q']}", "/explain?q=GPT-4 pricing: Acme releases Acme 3", "/explain?q=The Sonnet he wrote"):
        shown = client.get(path, headers={"Accept-Language": "ko"}).text
        reasons = re.findall(r'<span class="why" lang="(..)">(.*?)</span>', shown)
        assert reasons
        assert [said for lang, said in reasons if lang != "ko" or not re.search("[가-힣]", said)] == []
    english = client.get("/explain", params=asked, headers={"Accept-Language": "en"}).text
    assert "What weighs most against it: several topics under one title." in english


def test_explain_marks_what_stands_within_a_longer_mark(client: TestClient) -> None:
    text = client.get("/explain", params={"q": "OpenAI releases GPT-9, a new language model"}).text
    (marked,) = re.findall(r'<p class="marked" dir="auto">(.*?)</p>', text)
    assert re.search(r"<mark>[^/]*<mark>", marked), "a mark within a mark"
    assert re.sub(r"<sup>.*?</sup>|<[^>]+>", "", marked) == "OpenAI releases GPT-9, a new language model"
    shown = {number for one in re.findall(r"<sup>([\d,]+)</sup>", marked) for number in one.split(",")}
    together = [[int(number) for number in one.split(",")] for one in re.findall(r"<sup>([\d,]+)</sup>", marked)]
    assert together == [sorted(one) for one in together]
    assert "</sup></mark><sup>" not in marked, "what ends in one place is one superscript"
    fired = text.partition("Rules that fired")[2].partition("</ol>")[0].count("<li>")
    assert len(shown) >= fired - 1, "all but what fired on no word"


def test_text_of_another_direction_or_language_is_kept_apart(client: TestClient) -> None:
    text = client.get("/search?q=소라").text
    assert re.search(r'<h2 dir="auto" lang="ko">', text)
    assert '<li lang="ko">' not in text, "the words of the page are in its own language"
    assert re.search(r'<a href="[^"]+" rel="noopener nofollow" dir="auto">', client.get("/").text)
    assert '<bdi class="by">' in client.get("/").text


def test_a_source_s_page_shows_the_address_that_is_polled_and_no_secret_of_it(make_client: MakeClient, tmp_path: Path) -> None:
    path = str(tmp_path / "sources.db")
    with SqliteStore(path) as store:
        secret = Source(id="secret", url="https://user:pw@lab.example/feed?key=s3cr3t&lang=ko")
        store.sync_sources([Source(id="plain", url="https://lab.example/feed?lang=ko&n=5"), secret], NOW)
    client = make_client(database=path)
    assert '<a href="https://lab.example/feed?lang=ko&amp;n=5"' in client.get("/sources/plain").text
    shown = client.get("/sources/secret").text
    assert "***@lab.example/feed?key=***&amp;lang=ko" in shown
    assert "s3cr3t" not in shown
    assert "pw@" not in shown
    assert '<a href="https://***' not in shown


def test_parts_of_a_sitemap_that_cannot_be_read_are_shown_without_their_secrets(make_client: MakeClient, tmp_path: Path) -> None:
    path = str(tmp_path / "parts.db")
    with SqliteStore(path) as store:
        store.sync_sources([Source(id="lab", url="https://lab.example/sitemap.xml", kind=Kind.SITEMAP)], NOW)
        [job] = store.claim_due(NOW, 1, timedelta(minutes=5))
        lost = tuple(LostPart(url=f"https://lab.example/{n}.xml?key=s3cr3t", since=NOW, reason="HTTP 404") for n in range(22))
        poll = Poll(source_id="lab", at=NOW, outcome="fetched")
        store.commit(PollPlan(state=replace(job.state, lost=lost, last_success_at=NOW), poll=poll))
    client = make_client(database=path)
    listed, shown = client.get("/sources").text, client.get("/sources/lab").text
    assert '<span class="health h-partly">partly</span>' in listed
    assert "https://lab.example/0.xml?key=*** cannot be read since" in listed
    assert shown.count("A part that cannot be read since") == 20
    assert "2 more" in shown
    assert "s3cr3t" not in listed + shown


@pytest.mark.parametrize("health", ["quiet", "floods"])
def test_a_source_that_is_quiet_or_floods_says_why_on_its_page_and_in_the_list(
    make_client: MakeClient, tmp_path: Path, health: str
) -> None:
    path = str(tmp_path / "noticed.db")
    with SqliteStore(path) as store:
        store.sync_sources([Source(id="lab", url="https://lab.example/feed")], NOW)
        [job] = store.claim_due(NOW, 1, timedelta(minutes=5))
        told = Notice(condition=f"source-{health}:lab", open=True, at=NOW, text="Lab brings <nothing> new")
        poll = Poll(source_id="lab", at=NOW, outcome="unchanged")
        store.commit(PollPlan(state=replace(job.state, last_success_at=NOW), poll=poll, notices=(told,)))
    client = make_client(database=path)
    for place in ("/sources", "/sources/lab"):
        text = client.get(place).text
        assert f'<span class="health h-{health}">{health}</span>' in text
        assert "Lab brings &lt;nothing&gt; new" in text


def test_a_digest_is_shown_as_it_was_sent(client: TestClient) -> None:
    listed = client.get("/digests").text
    (first, *_) = re.findall(r'href="(/digests/\w+)"', listed)
    text = client.get(first).text
    assert "250 kept" in text
    assert "<pre" in text


def test_a_mail_is_shown_as_it_was_mailed_in_a_document_of_its_own(make_client: MakeClient) -> None:
    class Pictured(Library):
        def delivery(self, ref: str) -> DeliveryView | None:
            found = super().delivery(ref)
            if found is None:
                return None
            html = found.delivery.body["html"].replace("</body>", '<img src="cid:line-1"><script>alert(1)</script></body>')
            images = [{"cid": "line-1", "type": "image/png", "name": "line.png", "data": "iVBORw0KGgo="}]
            return replace(found, delivery=replace(found.delivery, body={**found.delivery.body, "html": html, "images": images}))

    client = make_client(shelf=Pictured)
    (first, *_) = re.findall(r'href="(/digests/\w+)"', client.get("/digests").text)
    (link,) = re.findall(rf'href="({first}/mail)"', client.get(first).text)
    mail = client.get(link)
    assert (mail.status_code, mail.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert 'style="' in mail.text
    assert '<img src="data:image/png;base64,iVBORw0KGgo=">' in mail.text
    rules = mail.headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "img-src data:", "frame-ancestors 'none'"} <= {*rules}
    assert not [one for one in rules if one.startswith(("script-src", "form-action", "connect-src"))]
    assert mail.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/story/ffffffffffffffff",
        "/sources/none",
        "/nothing",
        "/digests/ffffffffffffffff",
        "/digests/ffffffffffffffff/mail",
        "/story/..%2f..%2fetc",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "Nothing here" in response.text


@pytest.mark.parametrize(
    "path", ["/?stage=foo", "/?since=yesterday", "/race?at=13", "/?limit=x", "/?cursor=zzz", "/search?q=a&cursor=zzz"]
)
def test_a_parameter_that_cannot_be_is_explained(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "<h1>" in response.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(BadQuery("abcdef: several begin like this; give more digits"), 400), (StoreError("disk I/O error"), 503)],
)
def test_a_question_that_is_wrong_and_a_database_that_is_are_two_things(
    make_client: MakeClient, error: StoreError, status: int
) -> None:
    class Failing(Library):
        def story(self, *_: Any, **__: Any) -> Any:
            raise error

        announcements = story

    client = make_client(shelf=Failing)
    pages, api = ("/story/abcdef", "/?cursor=x"), ("/api/v1/stories/abcdef", "/api/v1/announcements?cursor=x")
    answers = [client.get(path) for path in (*pages, *api, "/feed.atom", "/feed.json", "/calendar.ics")]
    assert [one.status_code for one in answers] == [status] * 7
    assert ["give more digits" in one.text for one in answers] == [status == 400] * 7
    assert ["retry-after" in one.headers for one in answers] == [status == 503] * 7
    assert not any("disk I/O error" in one.text for one in answers)  # it may name a path of this machine, and strangers read it


@pytest.mark.parametrize(("lang", "said"), [("en", "This address can only be read."), ("ko", "이 주소는 읽기만 할 수 있습니다.")])
def test_what_cannot_be_done_is_a_page_that_says_so(client: TestClient, lang: str, said: str) -> None:
    response = client.post("/sources", headers={"Accept-Language": lang})
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert said in response.text
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(("lang", "said"), [("en", "A fault of ours"), ("ko", "내부 오류입니다")])
def test_a_fault_of_ours_is_a_page_with_the_same_headers(make_client: MakeClient, lang: str, said: str) -> None:
    class Broken(Library):
        def sources(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("a secret of the traceback")

    quiet = TestClient(make_client(shelf=Broken).app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    response = quiet.get("/sources", headers={"Accept-Language": lang})
    assert response.status_code == 500
    assert said in response.text
    assert "secret" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert quiet.get("/api/v1/sources").headers["content-type"] == "application/problem+json"


def test_a_parameter_is_explained_in_words_of_the_page_and_marked_as_english(client: TestClient) -> None:
    text = client.get("/?since=yesterday", headers={"Accept-Language": "ko"}).text
    assert "이해할 수 없는 주소입니다" in text
    assert '<p lang="en">since: found ' in text


def test_an_empty_archive_says_what_to_do(make_client: MakeClient, tmp_path: Path) -> None:
    path = str(tmp_path / "empty.db")
    with SqliteStore(path):
        pass
    nothing = make_client(database=path, sources=(), subscriptions=())
    assert "Nothing has been polled yet" in nothing.get("/").text
    assert "aiwatch init" in nothing.get("/sources").text
    assert "<table" not in nothing.get("/sources").text
    assert "No edition yet" in nothing.get("/digests").text
    assert "0 documents, 0 stories, 0 sources" in nothing.get("/").text


def test_no_gap_is_claimed_where_no_source_ever_answered(make_client: MakeClient, tmp_path: Path) -> None:
    path = str(tmp_path / "unanswered.db")
    with SqliteStore(path) as store:
        store.sync_sources([Source(id="lab", url="https://lab.example/feed")], NOW)
    text = make_client(database=path).get("/sources").text
    assert "No source has answered yet" in text
    assert "No gap between" not in text


def test_a_choice_that_the_form_does_not_offer_is_shown_and_kept(client: TestClient) -> None:
    text = client.get("/?vendor=Nobody%26&since=14d").text
    assert "<option selected>Nobody&amp;</option>" in text
    assert "<option selected>14d</option>" in text
    assert " selected>Any" not in text
    assert "<option selected>Google</option>" in client.get("/?vendor=Google&since=7d").text
    assert client.get("/?vendor=Google&since=7d").text.count(" selected>") == 2


def test_a_feed_of_everything_has_a_bare_address(client: TestClient) -> None:
    assert 'href="/feed.atom"' in client.get("/").text
    assert 'href="/feed.atom?modality=video"' in client.get("/?modality=video").text


def test_a_choice_can_be_cleared_whatever_made_it(client: TestClient) -> None:
    text = client.get("/?lang=ja").text
    assert "Nothing fits this choice." in text
    assert '<a class="clear" href="/">' in text
    assert '<a class="clear"' not in client.get("/").text
    assert '<a class="clear" href="/race?zoom=month&amp;at=2024-02">' in client.get("/race?at=2024-02&vendor=Meta").text


def test_one_is_one_and_thousands_are_grouped() -> None:
    english, korean = words("en", "UTC", 2024), words("ko", "UTC", 2024)
    assert [english.say("foot.stories", n=n) for n in (0, 1, 1234)] == ["0 stories", "1 story", "1,234 stories"]
    assert korean.say("foot.documents", n=1234567) == "문서 1,234,567건"


WEB = files("aiwatch.web")
ENGLISH, KOREAN = (tomllib.loads(WEB.joinpath("messages", f"{lang}.toml").read_text("utf-8")) for lang in ("en", "ko"))
MESSAGES = [(section, key) for section, lines in ENGLISH.items() for key in lines]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"text": "As a mail", "html": "<p>x</p>"}, "As a mail"),
        ({"content": '{"type":"announcement","name":"소라","by":"\\u202eevil"}'}, "&#34;name&#34;: &#34;소라&#34;"),
        ({"content": "not JSON"}, "not JSON"),
        ({}, "Its text is no longer kept."),
    ],
)
def test_a_delivery_is_shown_whatever_channel_it_took(make_client: MakeClient, body: dict[str, object], shown: str) -> None:
    class Changed(Library):
        def delivery(self, ref: str) -> DeliveryView | None:
            found = super().delivery(ref)
            return replace(found, delivery=replace(found.delivery, body=body)) if found else None

    client = make_client(shelf=Changed)
    (first, *_) = re.findall(r'href="(/digests/\w+)"', client.get("/digests").text)
    text = client.get(first).text
    assert shown in text
    assert "\u202e" not in text
    assert (f"{first}/mail" in text, client.get(f"{first}/mail").status_code) == (
        ("html" in body),
        200 if "html" in body else 404,
    )
    korean = client.get(first, headers={"Accept-Language": "ko"}).text
    assert re.search(r"</time> · 보냄 · 250 kept", korean)


def test_more_digests_are_a_link_away_where_there_are_more(client: TestClient) -> None:
    assert 'href="/digests?limit=3"' in client.get("/digests?limit=1").text
    assert "Show more" not in client.get("/digests").text, "all of them are shown"


def test_a_quiet_month_costs_a_page_little_and_says_its_sum(client: TestClient) -> None:
    assert bars((0,) * 30) == "M0 24v-1h149v1z"
    assert bars((0, 0, 4, 2, 0)) == "M0 24v-1h9v1zM10 24v-23h4v23zM15 24v-12h4v12zM20 24v-1h4v1z"
    assert re.search(r'aria-label="\d documents? in 30 days"', client.get("/sources").text)
    assert re.search(r'aria-label="30일 동안 문서 \d건"', client.get("/sources", headers={"Accept-Language": "ko"}).text)


def test_both_languages_say_the_same_things_of_the_same_values() -> None:
    assert [(section, key) for section, lines in KOREAN.items() for key in lines] == MESSAGES
    for section, key in MESSAGES:
        told = [
            {name for name in re.findall(r"\{(\w+)", str(said)) if f"{{{name}}}" in str(said) or f"{{{name}:" in str(said)}
            for said in (ENGLISH[section][key], KOREAN[section][key])
        ]
        assert told[0] == told[1], f"{section}.{key}"


def test_no_message_is_kept_that_nothing_says() -> None:
    places = [*WEB.iterdir(), *WEB.joinpath("templates").iterdir()]
    text = "".join(one.read_text("utf-8") for one in places if one.name.endswith((".py", ".html")))
    values = {one.value for kind in (Health, DeliveryState, Stage, Taken, Fate, Came) for one in kind} | {
        "unchanged",
        "fetched",
        "failed",
    }
    idle = [
        f"{section}.{key}"
        for section, key in MESSAGES
        if f"{section}.{key}" not in text
        and key.removeprefix("would_") not in values
        and not re.search(rf"""["']{key.removesuffix("_title").removesuffix("_lead").removeprefix("role_")}["']""", text)
        and not key.startswith(("tier_", "try_"))
        and section != "format"
    ]
    assert idle == []


@pytest.mark.parametrize(
    ("why", "korean"),
    [
        (Silence.TOO_OLD + "2023-03-14", "알림 대상 기간보다 오래된 소식(2023-03-14)"),
        (Silence.UNDATED, "출처를 처음 수집했을 때 이미 있던 날짜 없는 글"),
        (Silence.NAMELESS, "모델 이름이 없음. 이름이 밝혀지면 알립니다"),
        (Silence.EDITED, "이미 알린 글의 수정본"),
        (Silence.EDITED_LATE, "알림 대상 기간보다 오래된 글의 수정본"),
        (f"{Silence.WITHDRAWN}it is no announcement", "사람이 되돌린 소식"),
        ("something else", "something else"),
    ],
)
def test_why_a_step_was_not_told_is_said_in_the_readers_language(why: str, korean: str) -> None:
    assert hushed(words("ko", "UTC", 2024), why) == f"기록만 하고 알리지 않음: {korean}"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Digest films does not take it: vendors = Runway (it is {vendor}); min_score = 99 (it is {score:g})."),
        ("ko", "다이제스트 films에는 맞지 않습니다: vendors = Runway (이 소식: {vendor}); min_score = 99 (이 소식: {score:g})."),
    ],
)
def test_explain_says_which_digests_passed_a_step_by_and_why(archive: str, lang: str, said: str) -> None:
    with Library(archive) as library:
        told = next(one for one in library.timeline(Filter(), limit=50, silent=False) if one.name == "Sora")
        trace = library.trace(told.item_id)
    films = Subscription(id="films", title="Films", schedule="immediate", filter=Filter(vendors=("Runway",), min_score=99))
    (line,) = passed_by(words(lang, "UTC", 2024), [films], trace)
    assert line == said.format(vendor=told.vendor, score=told.score)


def test_what_a_person_took_back_is_on_no_page_but_its_own(make_client: MakeClient, archive: str, tmp_path: Path) -> None:
    path = str(tmp_path / "mended.db")
    maintenance.backup(archive, path)
    with Library(path) as library:
        told = next(one for one in library.timeline(Filter(), limit=50, silent=False) if one.name == "Sora")
    label = Label(item_id=told.item_id, announcement=False, stage=None, note="", at=NOW)
    with SqliteStore(path) as store:
        items = [item.id for item, _ in store.archive()]
        labels = tuple(
            replace(label, item_id=item) for item in items if any(m.story_id == told.story_id for m in store.mentions(item))
        )
        store.mend(Saying(labels=labels), (), lambda shelved: refile(shelved, items, [], NOW), NOW)
    client = make_client(database=path)
    for page in ("/api/v1/announcements?limit=100", "/feed.atom", "/feed.json", "/"):
        before, after = make_client().get(page).text, client.get(page).text
        assert (told.title in before, told.title in after) == (True, False), page
    for page, mark in (("/calendar.ics", "BEGIN:VEVENT"), (f"/race?at={told.at:%Y-%m}", 'href="/story/')):
        counts = [one.get(page).text.count(mark) for one in (make_client(), client)]
        assert counts[1] < counts[0], page
    assert "by a person’s word its items are no news" in client.get(f"/story/{told.story_id}").text
    explained = client.get("/explain", params={"q": told.item_id}).text
    assert "A person says that it is no announcement." in explained
    assert "Taken back by a person. It was told before that:" in explained
    assert re.search(r"Digest [\w-]+ to [\w-]+: ", explained)
    assert "Told to nobody" not in client.get(f"/story/{told.story_id}").text


@pytest.mark.parametrize(("notes", "said"), [((), "nobody was told"), ((Note.PAGE_OWED,), "its page could not be read so far")])
def test_an_item_in_no_story_says_whether_it_waits_for_its_page(notes: tuple[str, ...], said: str) -> None:
    item = Item(id="i", source_id="lab", key="i", url=None, title="News 260120", notes=notes)
    trace = Trace(item=item, source_id="lab", source_name="Lab", revisions=(), detection=None, poll=None)
    answer = of_trace(NoArchive(), Config(database=""), RULES, trace)
    (line,) = became(words("en", "UTC", 2024), answer, trace)
    assert said in line


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "A person says that “Nimbus 3” means “Sora 3”."), ("ko", "“Nimbus 3”: “Sora 3”의 다른 이름 (사람이 정함).")],
)
def test_a_typed_text_is_read_with_what_people_said_of_names(
    make_client: MakeClient, archive: str, tmp_path: Path, lang: str, said: str
) -> None:
    path = str(tmp_path / "said.db")
    maintenance.backup(archive, path)
    text = "OpenAI releases Nimbus 3, a new video model"
    with SqliteStore(path) as store:
        (model,) = headline.judged(text, RULES, (), UNSAID).judged.detection.models
        meant = replace(model, name="Sora 3", family="sora", version="3")
        word = SameName(name_key=identity(model).key, spelled="Nimbus 3", vendor=model.vendor, model=meant, at=NOW)
        store.mend(Saying(same=(word,)), (), lambda shelved: Mend(), NOW)
    client = make_client(database=path)
    shown = client.get("/explain", params={"q": text}, headers={"Accept-Language": lang}).text
    assert said in shown
    answer = client.get("/api/v1/explain", params={"q": text}).json()
    assert answer["notes"][-1] == "a person says that Nimbus 3 means Sora 3"


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "It would be told as the first item of “Palaquin 7”: Released."), ("ko", "“Palaquin 7”의 첫 항목으로 알립니다")],
)
def test_a_typed_text_is_told_what_would_become_of_it(client: TestClient, lang: str, said: str) -> None:
    text = "OpenAI releases Palaquin 7, a new video model"
    assert said in client.get("/explain", params={"q": text}, headers={"Accept-Language": lang}).text
    (would,) = client.get("/api/v1/explain", params={"q": text}).json()["would"]
    assert (would["fate"], would["name"], would["stage"]) == ("told", "Palaquin 7", "released")


def test_what_other_rules_would_say_today_is_shown_beside_what_was_said(make_client: MakeClient, archive: str) -> None:
    with Library(archive) as library:
        told = next(one for one in library.timeline(Filter(), limit=50, silent=False) if one.name == "Sora")
    client = make_client(rules=rules.load("[settings]\nthreshold = 9.5\n"))
    answer = client.get("/api/v1/explain", params={"q": told.item_id}).json()
    assert any(line.endswith("of 9.50 needed") for line in answer["since"])
    assert "Today they would say:" in client.get("/explain", params={"q": told.item_id}).text


def test_language_and_theme_are_kept_and_nobody_is_led_elsewhere(client: TestClient) -> None:
    response = client.get("/look?lang=ko&theme=dark&back=/race")
    assert (response.status_code, response.headers["location"]) == (303, "/race")
    shown = client.get("/race", headers={"Cookie": "lang=ko; theme=dark"}).text
    assert '<html lang="ko" data-theme="dark"' in shown
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""):
        assert client.get("/look", params={"lang": "ko", "back": evil}).headers["location"] == "/"


def test_the_style_sheet_is_served_and_nothing_above_it(client: TestClient) -> None:
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")
    for path in ("/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        (
            "https://openai.example/feed/sora",
            (
                "Sora 소식입니다(발표)",
                "“Sora” 이야기의 첫 보도: 발표.",
                "한 단계는 한 번만 알립니다",
                "다이제스트 daily, me: 보냄",
            ),
        ),
        ("https://ilbo.example/feed/sora", ("“Sora” 이야기의 후속 보도", "에서 찾았습니다")),
        ("https://daily.example/feed/rumour", ("GPT-5에 관한 소문입니다",)),
        (
            "https://daily.example/feed/crab",
            ("발표가 아닙니다. AI 모델 이름이 주제로 나오지 않습니다", "어느 이야기에도 들지 않아"),
        ),
        ("Acme releases Zeta-9, a new video generation model", ("보관소에 없는 글이어서", "알린 곳 없음: 어느 출처도")),
    ],
)
def test_the_reasons_are_told_in_the_readers_language(client: TestClient, asked: str, lines: tuple[str, ...]) -> None:
    text = client.get("/explain", params={"q": asked}, headers={"Accept-Language": "ko"}).text
    for line in lines:
        assert line in text
    english = client.get("/explain", params={"q": asked}, headers={"Accept-Language": "en"}).text
    assert "nnouncement" in english
    assert lines[0] not in english


@pytest.mark.parametrize("catalogue", ["digest", "web"])
def test_no_korean_message_leaves_the_choice_of_a_particle_to_the_reader(catalogue: str) -> None:
    """What is filled in may end in any sound, in Hangul or Latin letters: a message stands it beside a word whose particle is known."""
    shipped = files(f"aiwatch.{catalogue}").joinpath("messages", "ko.toml").read_text("utf-8")
    fudged = re.findall(r"[은는이가을를와과]\([은는이가을를와과]\)|\(으\)로|\(이\)", shipped)
    bare = re.findall(r"\}[”’\"]?(?:은|는|이|가|을|를|와|과|으로|로)(?![가-힣])", shipped)
    assert (fudged, bare) == ([], [])


@pytest.mark.parametrize(("page", "names"), [("/", ["Google Gemma", "OpenAI Sora"]), ("/rumors", ["OpenAI GPT-5"])])
def test_the_feeds_above_the_cards_bring_what_the_cards_show(client: TestClient, page: str, names: list[str]) -> None:
    links = re.findall(r'href="(/feed\.json[^"]*)"', client.get(page).text)
    assert len(links) == 1
    titles = [one["title"] for one in client.get(html.unescape(links[0])).json()["items"]]
    assert [title.partition(" (")[0] for title in titles] == names


def test_what_a_page_leaves_out_is_counted(make_client: MakeClient) -> None:
    one = Gap(source_id="daily", source_name="The Daily", since=NOW - timedelta(hours=2), until=NOW)

    class Leaky(Library):
        def gaps(self, since: datetime | None = None) -> list[Gap]:
            return [one] * 1234

        def story(self, ref: str) -> StoryView | None:
            found = super().story(ref)
            return found and replace(found, members=(*found.members,) * 100)

    client = make_client(shelf=Leaky)
    ref = client.get("/api/v1/stories?text=Sora").json()["stories"][0]["story"]["id"]
    members = len(client.get(f"/api/v1/stories/{ref}").json()["members"])
    assert "and 1,134 more" in client.get("/sources").text
    assert f"and {members - 200:,} more" in client.get(f"/story/{ref}").text
