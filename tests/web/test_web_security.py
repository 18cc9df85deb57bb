"""Who may look, and what a hostile page, client or name cannot do."""

from __future__ import annotations

import asyncio
import base64
import html
import re
import threading
from urllib.parse import unquote, urlencode

import pytest
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from web_archive import RECIPIENT, MakeClient

from aiwatch.digest import unsubscribe
from aiwatch.errors import ConfigError, StoreError
from aiwatch.settings import Secret, Web
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.web.app import AT_ONCE
from aiwatch.web.auth import Gate, hash_token, new_token
from aiwatch.web.security import HEADERS, Gated

TOKEN = "a token that nobody guesses"
CLOSED = Web(host="0.0.0.0", base_url="https://watch.example", token_hash=Secret(hash_token(TOKEN, b"salt" * 4)))
THERE = "https://watch.example"


@pytest.fixture
def closed(make_client: MakeClient) -> TestClient:
    return make_client(CLOSED, THERE)


def test_every_answer_carries_the_protective_headers(client: TestClient, closed: TestClient) -> None:
    for response in (
        client.get("/"),
        client.get("/nothing"),
        client.get("/api/v1/stats"),
        client.get("/static/style.css"),
        closed.get("/"),
    ):
        for name, value in HEADERS.items():
            assert response.headers[name] == value
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "script" not in HEADERS["Content-Security-Policy"]
    assert "Strict-Transport-Security" in closed.get("/signin").headers


def test_a_home_on_ipv6_is_one_client_and_mapped_addresses_are_many(make_client: MakeClient) -> None:
    behind = make_client(Web(proxy=True), monotonic=lambda: 5.0)

    def asked(address: str) -> set[int]:
        return {behind.get("/readyz", headers={"X-Forwarded-For": address.format(n)}).status_code for n in range(130)}

    assert asked("2001:db8:0:1::{}") == {200, 429}
    assert asked("2001:db8:1:{}::1") == {200}
    assert asked("::ffff:10.0.0.{}") == {200}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::"])
def test_a_name_that_is_not_ours_is_not_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8731", "localhost", "[::1]:8731"])
def test_loopback_is_answered_by_each_of_its_names(client: TestClient, host: str) -> None:
    assert client.get("/readyz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/race", "/story/abcdef", "/digests"])
def test_without_the_token_pages_lead_to_the_sign_in_page(closed: TestClient, path: str) -> None:
    response = closed.get(path)
    back = "" if path == "/" else f"?{urlencode({'back': path})}"
    assert (response.status_code, response.headers["location"]) == (303, f"/signin{back}")


def test_signing_in_leads_to_the_page_that_was_asked_for(closed: TestClient) -> None:
    asked = closed.get("/search?q=소라&since=7d").headers["location"]
    form = closed.get(asked).text
    (back,) = re.findall(r'name="back" value="([^"]+)"', form)
    wrong = closed.post("/signin", data={"token": "guess", "back": html.unescape(back)})
    assert f'value="{back}"' in wrong.text, "a mistyped token forgets nothing"
    right = closed.post("/signin", data={"token": TOKEN, "back": html.unescape(back)})
    assert unquote(right.headers["location"]) == "/search?q=소라&since=7d"
    assert 'name="back" value="/"' in closed.get("/signin?back=//evil.example").text


def test_language_and_theme_can_be_chosen_before_signing_in(closed: TestClient) -> None:
    response = closed.get("/look?lang=ko&back=/signin")
    assert (response.status_code, response.headers["location"]) == (303, "/signin")
    assert "lang=ko" in response.headers["set-cookie"]


@pytest.mark.parametrize(
    "path", ["/api/v1/announcements", "/feed.atom", "/feed.json", "/calendar.ics", "/metrics", "/api/v1/openapi.json"]
)
def test_without_the_token_programs_get_a_401(closed: TestClient, path: str) -> None:
    response = closed.get(path)
    assert response.status_code == 401
    assert "Bearer" in response.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Basic " + base64.b64encode(f"reader:{TOKEN}".encode()).decode(), 200),
        ("Bearer wrong", 401),
        ("Basic !!!", 401),
        ("Basic " + base64.b64encode(b"reader:wrong").decode(), 401),
        ("Digest x", 401),
        ("Bearer ", 401),
        ("", 401),
    ],
)
def test_the_token_opens_by_bearer_and_by_basic(closed: TestClient, header: str, status: int) -> None:
    assert closed.get("/feed.atom", headers={"Authorization": header}).status_code == status


def test_a_browser_signs_in_once_and_out_again(closed: TestClient) -> None:
    assert closed.get("/signin").status_code == 200
    wrong = closed.post("/signin", data={"token": "guess"})
    assert (wrong.status_code, "not the token" in wrong.text) == (403, True)
    right = closed.post("/signin", data={"token": TOKEN, "back": "//evil.example"})
    assert (right.status_code, right.headers["location"]) == (303, "/")
    cookie = right.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax"))
    assert TOKEN not in cookie
    assert closed.get("/").status_code == 200
    closed.post("/signout")
    assert closed.get("/").status_code == 303


def test_a_forged_session_does_not_pass(closed: TestClient) -> None:
    assert closed.get("/", headers={"Cookie": "aiwatch_session=forged.by.somebody"}).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_form_on_another_site_cannot_sign_in_or_out(closed: TestClient, headers: dict[str, str]) -> None:
    assert closed.post("/signin", data={"token": TOKEN}, headers=headers).status_code == 403
    closed.post("/signin", data={"token": TOKEN}, headers={"Origin": THERE})
    closed.post("/signout", headers=headers)
    assert closed.get("/").status_code == 200


@pytest.mark.parametrize(
    ("site", "kind", "status", "parts"),
    [
        (b"cross-site", b"multipart/form-data; boundary=x", 403, 0),
        (b"cross-site", b"application/x-www-form-urlencoded", 403, 0),
        (b"same-origin", b"multipart/form-data; boundary=x", 415, 0),
        (b"same-origin", b"text/plain", 415, 0),
        (b"same-origin", b"application/x-www-form-urlencoded; charset=utf-8", 413, 1),
    ],
)
def test_of_what_is_not_the_form_to_sign_in_little_is_read(
    closed: TestClient, site: bytes, kind: bytes, status: int, parts: int
) -> None:
    read, sent = list[bytes](), list[Message]()

    async def receive() -> Message:
        head = b"" if read else b'--x\r\nContent-Disposition: form-data; name="token"; filename="f"\r\n\r\n'
        read.append(head + b"x" * 1_000_000)
        return {"type": "http.request", "body": read[-1], "more_body": len(read) < 120}

    async def send(message: Message) -> None:
        sent.append(message)

    async def post() -> None:
        headers = [(b"host", b"watch.example"), (b"sec-fetch-site", site), (b"content-type", kind)]
        asked = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": "/signin",
            "headers": headers,
        }
        await closed.app({**asked, "query_string": b"", "root_path": "", "client": ("192.0.2.1", 1)}, receive, send)

    asyncio.run(post())
    assert (sent[0]["status"], len(read)) == (status, parts)


def test_an_origin_that_is_no_address_is_another_site(closed: TestClient) -> None:
    answer = closed.post("/signin", data={"token": "guess"}, headers={"Origin": "http://[bad"})
    assert answer.status_code == 403


def test_others_cannot_be_let_in_without_a_token(make_client: MakeClient) -> None:
    with pytest.raises(ConfigError, match=r"web\.host is 0\.0\.0\.0"):
        make_client(Web(host="0.0.0.0"))
    with pytest.raises(ConfigError, match="token_hash is not a hash"):
        make_client(Web(token_hash=Secret("plain")))


def test_a_new_token_opens_what_its_hash_closes(make_client: MakeClient) -> None:
    token, hashed = new_token()
    client = make_client(Web(token_hash=Secret(hashed)))
    assert client.get("/api/v1/stats", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert token not in hashed


def test_who_asks_too_often_waits(make_client: MakeClient) -> None:
    client = make_client(monotonic=lambda: 5.0)
    answers = [client.get("/readyz") for _ in range(130)]
    assert [one.status_code for one in answers[:120]] == [200] * 120
    assert {one.status_code for one in answers[120:]} == {429}
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_guessing_the_token_is_slow(make_client: MakeClient) -> None:
    client = make_client(CLOSED, THERE, monotonic=lambda: 5.0)
    answers = [client.post("/signin", data={"token": "guess"}).status_code for _ in range(8)]
    assert answers == [403] * 6 + [429] * 2


def test_hashing_wrong_tokens_is_done_for_nobody_without_end(make_client: MakeClient) -> None:
    client = make_client(CLOSED, THERE, monotonic=lambda: 5.0)
    right = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/feed.atom", headers=right).status_code == 200
    answers = [client.get("/feed.atom", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(22)]
    assert answers == [401] * 19 + [429] * 3
    assert client.get("/feed.atom", headers=right).status_code == 200, "one that was right before costs nothing"


def test_while_a_token_is_hashed_others_are_served() -> None:
    passed, served = list[str](), threading.Event()

    class Slow(Gate):
        def knows(self, token: str) -> bool:
            return served.wait(60)  # only the other request ends it

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["path"])
        served.set()

    async def ask(gated: Gated, headers: list[tuple[bytes, bytes]]) -> None:
        answer = {"type": "http", "method": "GET", "path": "/healthz" if not headers else "/feed.atom", "headers": headers}
        await gated({**answer, "query_string": b"", "client": ("192.0.2.1", 1)}, no_body, unread)

    async def scene() -> None:
        gated = Gated(app, gate=Slow(CLOSED), clock=lambda: 0.0, proxy=False)
        hashing = asyncio.create_task(ask(gated, [(b"authorization", b"Bearer guess")]))
        await asyncio.sleep(0)
        await ask(gated, [])
        await hashing

    asyncio.run(scene())
    assert passed == ["/healthz", "/feed.atom"]


async def no_body() -> Message:
    return {"type": "http.request"}


async def unread(_: Message) -> None:
    """Whatever is answered."""


def test_a_proxy_s_word_counts_only_where_it_is_trusted(make_client: MakeClient) -> None:
    plain = make_client(monotonic=lambda: 5.0)
    answers = {plain.get("/readyz", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(130)}
    assert 429 in answers
    behind = make_client(Web(proxy=True), monotonic=lambda: 5.0)
    assert {behind.get("/readyz", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(130)} == {200}


@pytest.mark.parametrize(
    "asked",
    [
        "'; drop table item; --",
        '" OR 1=1',
        "* NEAR(",
        "vendor:';--",
        "%00",
        "a" * 1900,
        "{{7*7}}",
        "\u0000",
        "소라) UNION SELECT 1",
    ],
)
def test_what_is_typed_is_never_a_statement(client: TestClient, asked: str) -> None:
    for path in ("/api/v1/search", "/search", "/explain", "/api/v1/explain"):
        assert client.get(path, params={"q": asked}).status_code in {200, 400}
    for name in ("vendor", "text", "lang", "source", "cursor"):
        assert client.get("/api/v1/announcements", params={name: asked}).status_code in {200, 400}


@pytest.mark.parametrize("place", ["[" * 1400, '["abc"]', "[Infinity]", '["\\ud800", 1]', '[1, "a"]', "[[], {}]", f"[{2**63}]"])
def test_a_cursor_that_no_list_gave_is_no_fault_of_ours(client: TestClient, place: str) -> None:
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    for path in (
        "/api/v1/search?q=Sora",
        "/search?q=Sora",
        "/api/v1/announcements?",
        "/api/v1/announcements?sort=score",
        "/",
        "/api/v1/stories?",
    ):
        assert client.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}").status_code == 400, path


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"])
def test_a_moment_that_utc_does_not_have_is_a_mistake_like_any_other(client: TestClient, moment: str) -> None:
    for path in ("/", "/api/v1/announcements", "/api/v1/gaps", "/api/v1/leadtime", "/feed.atom"):
        assert client.get(path, params={"since": moment}).status_code == 400, path
    found = client.get("/api/v1/search", params={"q": f"Sora since:{moment}"})
    assert (found.status_code, [moment in note for note in found.json()["notes"]]) == (200, [True])


def test_an_endless_parameter_is_refused(client: TestClient) -> None:
    assert client.get("/search", params={"q": "x" * 5000}).status_code == 400


def test_leaving_takes_a_press_of_the_button_and_its_own_proof(make_client: MakeClient, archive: str) -> None:
    client = make_client(CLOSED, THERE)
    with SqliteStore(archive) as store:
        link = unsubscribe.link(THERE, "daily", RECIPIENT, store.secret(unsubscribe.KEY)).removeprefix(THERE)
    asked = client.get(link)
    assert asked.status_code == 200
    assert re.search(r'<form method="post"', asked.text)
    with Library(archive) as library:
        assert library.muted() == {}
    assert client.post(link[:-4] + "0000").status_code == 404
    assert client.post(link.replace("/daily/", "/other/")).status_code == 404
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with Library(archive) as library:
        assert library.muted() == {("me", "daily"): "unsubscribed"}


def test_leaving_while_the_database_cannot_be_read_is_to_be_tried_again(make_client: MakeClient) -> None:
    class Failing(Library):
        def secret(self, name: str) -> str | None:
            raise StoreError(f"{name}: disk I/O error")

    client = make_client(CLOSED, THERE, shelf=Failing)
    link = unsubscribe.link("", "daily", RECIPIENT, "key")
    for answer in (client.get(link), client.post(link)):
        assert (answer.status_code, "disk I/O error" in answer.text) == (503, False)
        assert int(answer.headers["retry-after"]) > 0


def test_few_pages_are_made_at_one_time(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, Starlette)

    async def scene() -> float:
        async with app.router.lifespan_context(app):
            return current_default_thread_limiter().total_tokens

    assert asyncio.run(scene()) == AT_ONCE


def test_who_is_turned_away_from_the_api_reads_why_as_a_problem(make_client: MakeClient) -> None:
    client = make_client(monotonic=lambda: 0.0)
    wrong = client.get("/api/v1/stats", headers={"Host": "evil.example"})
    hasty = [client.get("/api/v1/nothing") for _ in range(125)][-1]
    assert (wrong.status_code, hasty.status_code) == (421, 429)
    for answer in (wrong, hasty):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
