"""The API, the feeds and the calendar, read by independent clients."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from starlette.testclient import TestClient
from web_archive import DAY, NOW, MakeClient

from aiwatch import parse
from aiwatch.explanation import Explanation, Span, Text
from aiwatch.jsonable import LEFT_OUT
from aiwatch.model import Announcement, Coverage, Entry, Evidence, Fetched, Filter, Model, Source, Story, StoryStage
from aiwatch.settings import Polling
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.views import Hits, Label, Stats
from aiwatch.web import api
from aiwatch.web.follow import summary
from aiwatch.web.openapi import DOCUMENT

SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)


def test_announcements_come_newest_first_with_story_and_coverage(client: TestClient) -> None:
    answer = client.get("/api/v1/announcements").json()
    assert [one["announcement"]["name"] for one in answer["announcements"]] == ["Gemma", "Sora"]
    sora = answer["announcements"][1]
    assert (sora["announcement"]["vendor"], sora["announcement"]["modality"], sora["announcement"]["stage"]) == (
        "OpenAI",
        "video",
        "announced",
    )
    assert {one["lang"] for one in sora["coverage"]} == {"en", "ko"}
    assert sora["announcement"]["at"].endswith("Z")


def test_a_cursor_leads_through_all_of_them(client: TestClient) -> None:
    names, cursor = [], ""
    while True:
        answer = client.get("/api/v1/announcements", params={"limit": 1, "cursor": cursor}).json()
        names += [one["announcement"]["name"] for one in answer["announcements"]]
        cursor = answer["cursor"]
        if not cursor:
            break
    assert names == ["Gemma", "Sora"]


def test_the_same_question_is_answered_with_304(client: TestClient) -> None:
    first = client.get("/api/v1/announcements?vendor=OpenAI")
    again = client.get("/api/v1/announcements?vendor=OpenAI", headers={"If-None-Match": first.headers["etag"]})
    other = client.get("/api/v1/announcements?vendor=Google", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_a_304_says_how_it_may_be_kept_as_the_answer_did(client: TestClient) -> None:
    first = client.get("/api/v1/stories")
    again = client.get("/api/v1/stories", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, first.headers["cache-control"])


@pytest.mark.parametrize("path", ["/api/v1/sources", "/api/v1/announcements?since=7d", "/feed.atom?since=7d"])
def test_what_changes_with_time_alone_is_not_answered_with_304_days_later(make_client: MakeClient, path: str) -> None:
    first = make_client().get(path)
    later = make_client(now=NOW + timedelta(days=9)).get(path, headers={"If-None-Match": first.headers["etag"]})
    assert later.status_code == 200
    assert later.text != first.text


def test_what_was_not_found_has_no_tag(client: TestClient) -> None:
    assert "etag" not in client.get("/api/v1/stories/ffffffffffffffff").headers


def test_a_comma_belongs_to_the_text_that_is_asked_for(client: TestClient) -> None:
    assert len(client.get("/api/v1/announcements?text=Sora").json()["announcements"]) == 1
    assert client.get("/api/v1/announcements?text=Sora,x").json()["announcements"] == []


def test_as_many_rows_are_asked_for_as_the_description_says(make_client: MakeClient) -> None:
    asked: list[int] = []

    class Asked(Library):
        def search(self, query: str, *, limit: int = 1, **more: Any) -> Hits:
            asked.append(limit)
            return super().search(query, limit=limit, **more)

    make_client(shelf=Asked).get("/api/v1/search?q=Sora")
    described = DOCUMENT["paths"]["/api/v1/search"]["get"]["parameters"]
    assert asked == [one["schema"]["default"] for one in described if one["name"] == "limit"]


def test_a_mistake_is_a_problem_with_a_sentence(client: TestClient) -> None:
    for path in (
        "/api/v1/announcements?stage=x",
        "/api/v1/search",
        "/api/v1/announcements?limit=0",
        "/api/v1/announcements?limit=0000001009999",
        f"/api/v1/announcements?limit={'9' * 5000}",
        "/api/v1/leadtime?since=x",
        "/api/v1/announcements?vendro=OpenAI",
        "/api/v1/stats?since=7d",
    ):
        response = client.get(path)
        assert response.status_code == 400, path
        assert response.headers["content-type"] == "application/problem+json"
        assert len(response.json()["detail"]) > 10
    assert client.get("/api/v1/stories/ffffffffffffffff").status_code == 404
    assert client.get("/api/v1/nothing").json()["status"] == 404
    refused = client.post("/api/v1/announcements")
    assert (refused.status_code, refused.headers["content-type"]) == (405, "application/problem+json")
    assert "GET" in refused.headers["allow"]


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    assert {route.path for route in api.ROUTES} == set(DOCUMENT["paths"])


def test_the_description_is_valid(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "kind", [Announcement, Model, Coverage, Entry, Story, StoryStage, Evidence, Stats, Explanation, Text, Span, Label]
)
def test_every_field_of_an_answer_is_described(kind: type) -> None:
    described = DOCUMENT["components"]["schemas"][kind.__name__]
    given = {one.name for one in fields(kind)} - LEFT_OUT
    assert set(described["properties"]) == given
    assert set(described["required"]) == given


def test_answers_are_as_described(client: TestClient) -> None:
    store = {"components": DOCUMENT["components"]}
    for path, asked in (
        ("announcements", ""),
        ("stories", ""),
        ("search", "?q=Sora"),
        ("sources", ""),
        ("stats", ""),
        ("explain", "?q=Sora"),
        ("explain", "?q=OpenAI+releases+GPT-9,+a+new+language+model"),
        ("gaps", "?since=1y"),
        ("leadtime", ""),
    ):
        described = DOCUMENT["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(client.get(f"/api/v1/{path}{asked}").json(), {**described, **store})
    ref = client.get("/api/v1/stories?text=Sora").json()["stories"][0]["story"]["id"]
    answer = client.get(f"/api/v1/stories/{ref}").json()
    jsonschema.validate(answer, {**DOCUMENT["components"]["schemas"]["StoryView"], **store})
    assert answer["steps"]


@SCHEMA.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_holds_against_its_description(case: Case[Any], client: TestClient) -> None:
    response = client.request(case.method, case.formatted_path, params=case.query or {}, headers=dict(case.headers or {}))
    allowed = {200, 304, 400, 404} if case.method == "GET" else {405}
    assert response.status_code in allowed, (case.formatted_path, case.query, response.text[:300])
    if response.status_code == 200:
        json.loads(response.text)


def test_another_reader_reads_the_atom_feed(client: TestClient) -> None:
    response = client.get("/feed.atom")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    assert [entry.title for entry in parsed.entries] == ["Google Gemma (open weights, text)", "OpenAI Sora (announced, video)"]
    assert all(entry.id.startswith("urn:aiwatch:announcement:") for entry in parsed.entries)


def test_an_atom_entry_has_one_alternate_link_and_the_story_beside_it(client: TestClient) -> None:
    entries = feedparser.parse(client.get("/feed.atom").content).entries
    for entry in entries:
        (alternate,) = [link.href for link in entry.links if link.rel == "alternate"]
        (related,) = [link.href for link in entry.links if link.rel == "related"]
        assert entry.link == alternate
        assert "/story/" in related
    assert re.search(b'<link href="[^"]+" rel="alternate"/>', client.get("/feed.atom").content)


@pytest.mark.parametrize(("outlets", "said"), [(3, "Also in: O01, O02"), (9, ", O07, O08"), (12, ", O07, O08 and 3 more")])
def test_a_feed_counts_the_outlets_it_does_not_name(client: TestClient, outlets: int, said: str) -> None:
    library = client.app.state.face.library  # type: ignore[attr-defined]  # the application is inside
    entry = library.announcements(Filter(), limit=1)[0][0]
    others = [replace(entry.coverage[0], source_id=f"o{n}", source_name=f"O{n:02}") for n in range(1, outlets)]
    first = replace(entry.coverage[0], source_id=entry.announcement.source_id)
    assert summary(replace(entry, coverage=(first, *others))).endswith(said)


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json"])
def test_our_own_parser_reads_both_feeds(client: TestClient, path: str) -> None:
    response = client.get(path)
    source = Source(id="self", url=f"http://127.0.0.1{path}")
    headers = {"content-type": response.headers["content-type"]}
    fetched = Fetched(url=source.url, status=200, headers=headers, body=response.content)
    items = parse.parse(source, fetched, now=NOW).items
    assert [item.title for item in items] == ["Google Gemma (open weights, text)", "OpenAI Sora (announced, video)"]
    assert all(item.url and item.published for item in items)


def test_a_filter_makes_a_feed_of_its_own(client: TestClient) -> None:
    assert len(feedparser.parse(client.get("/feed.atom?modality=video").content).entries) == 1
    assert client.get("/feed.json?vendor=OpenAI").json()["title"] == "New AI models: vendor OpenAI"
    assert client.get("/feed.atom?stage=x").status_code == 400
    assert client.get("/feed.atom?vendro=OpenAI").status_code == 400


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "/calendar.ics"])
def test_what_readers_add_against_caches_is_not_read_and_the_feed_is_the_same(client: TestClient, path: str) -> None:
    plain = client.get(f"{path}?vendor=OpenAI").content
    for added in ("_=1712", "utm_source=reader&utm_medium=rss", "_cb", "%5F=1"):
        assert client.get(f"{path}?vendor=OpenAI&{added}").content == plain, added
        assert client.get(f"{path}?{added}&vendor=OpenAI").content == plain, added
    for wrong in ("vendro=OpenAI", "utm=1", "cb_=1"):
        assert client.get(f"{path}?{wrong}").status_code == 400, wrong
    assert client.get("/api/v1/stats?_=1712").status_code == 200


def test_a_calendar_reads_the_announcements(client: TestClient) -> None:
    calendar = icalendar.Calendar.from_ical(client.get("/calendar.ics").content)
    events = list(calendar.walk("VEVENT"))
    assert {str(one["SUMMARY"]) for one in events} == {"Google Gemma (open weights, text)", "OpenAI Sora (announced, video)"}
    assert all(one["UID"] for one in events)


def test_health_says_how_old_each_sign_of_life_is(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["ok"], answer.json()["tick_seconds"]) == (200, True, 0.0)
    assert client.get("/readyz").json() == {"ready": True}


@pytest.mark.parametrize(("tick", "allowed"), [(5.0, 120), (60.0, 600)])
def test_a_daemon_is_said_to_have_stalled_after_ten_ticks_and_two_minutes(
    make_client: MakeClient, tick: float, allowed: int
) -> None:
    for later, status in ((allowed, 200), (allowed + 1, 503)):
        answer = make_client(now=NOW + timedelta(seconds=later), polling=Polling(tick=tick)).get("/healthz")
        assert (answer.status_code, answer.json()["allowed_seconds"]) == (status, allowed)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_no_cache_keeps_a_sign_of_life(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_database_that_is_not_there_is_no_health_and_its_place_is_told_to_nobody(
    make_client: MakeClient, tmp_path: Path, path: str
) -> None:
    database = str(tmp_path / "gone.db")
    SqliteStore(database).close()
    client = make_client(database=database)
    for file in tmp_path.iterdir():
        file.unlink()
    answer = client.get(path)
    assert answer.status_code == 503
    assert "gone.db" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_metrics_are_in_prometheus_form(client: TestClient) -> None:
    text = client.get("/metrics").text
    assert "aiwatch_documents_total 9.0" in text
    assert 'aiwatch_sources{health="ok"}' in text or 'aiwatch_sources{health="late"}' in text
    assert "aiwatch_tick_age_seconds 0.0" in text


def test_every_metric_is_documented(client: TestClient) -> None:
    told = set(re.findall(r"^aiwatch_(\w+)", client.get("/metrics").text, re.MULTILINE))
    page = (Path(__file__).parents[2] / "docs" / "web.md").read_text("utf-8")
    assert told <= set(re.findall(r"`(\w+)(?:\{\w+\})?`", page))


def test_metrics_show_each_station_of_an_items_way(make_client: MakeClient) -> None:
    """From the claim to the message: what waits there, and what went through lately."""

    def figures(now: datetime) -> dict[str, float]:
        lines = make_client(now=now).get("/metrics").text.splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    noon = figures(NOW)  # all four have just been asked, and had nothing new
    assert noon["aiwatch_sources_due"] == 0
    assert noon['aiwatch_polls_last_hour{outcome="unchanged"}'] == 4
    assert noon['aiwatch_polls_last_hour{outcome="failed"}'] == 0, "a figure that is not there cannot be watched"
    assert noon['aiwatch_deliveries_last_day{state="sent"}'] == 1
    assert noon['aiwatch_deliveries_last_day{state="dead"}'] == 0
    assert noon["aiwatch_deliveries_unsent"] == 0
    gemma = figures(DAY[21] + timedelta(minutes=10))
    assert gemma['aiwatch_polls_last_hour{outcome="fetched"}'] == 1
    assert gemma['aiwatch_items_last_hour{what="read"}'] == 1
    assert gemma['aiwatch_items_last_hour{what="new"}'] == 1
    assert gemma["aiwatch_polls_last_hour_bytes"] > 100
    stopped = figures(NOW + timedelta(days=1))
    assert stopped["aiwatch_sources_due"] == 4
    assert stopped["aiwatch_sources_due_seconds"] > 12 * 3600
