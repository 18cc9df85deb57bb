"""WebSub from end to end: the daemon asks a small hub, the hub asks back over a real socket, pushes, and the news is told once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import uvicorn
from starlette.testclient import TestClient
from web_archive import NOW, RULES

from aiwatch import websub
from aiwatch.app import Service
from aiwatch.errors import Contradiction, StoreError
from aiwatch.model import EMPTY, Delivery, Failed, Failure, Fetched, Filter, Kind, Lease, Outcome, Receipt, Source, Tier, Verdict
from aiwatch.poll import Poller, poll
from aiwatch.ports import Request
from aiwatch.run import hubs, local
from aiwatch.settings import Config, Recipient, Subscription, Web
from aiwatch.store.library import Library
from aiwatch.store.sqlite import SqliteStore
from aiwatch.web.app import make_app
from aiwatch.web.hub import AT_ONCE, LONGEST

TOPIC = "https://lab.example/feed"
OPTIONS = {"hub": "https://hub.example/", "topic": TOPIC}
LAB = Source(id="lab", url=TOPIC, name="Lab", kind=Kind.WEBHOOK, vendor="OpenAI", tier=Tier.PRIMARY, lang="en", options=OPTIONS)
STRAIGHT: dict[str, Any] = {"trust_env": False, "timeout": 60}  # past any proxy of the environment
DIGEST = Subscription(id="all", title="All", schedule="immediate")


def feed(*titles: str) -> bytes:
    rows = "".join(f"<item><title>{title}</title><link>https://lab.example/{n}</link></item>" for n, title in enumerate(titles))
    return f'<rss version="2.0"><channel><title>x</title>{rows}</channel></rss>'.encode()


OLD, SORA = "A note on our offices", "Introducing Sora, our text-to-video model"


@dataclass(slots=True)
class Hub:
    """Takes subscriptions, asks back at once, and signs what it sends. ``refuses`` answers without asking back."""

    refuses: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)

    async def fetch(self, request: Request) -> Outcome:
        if request.method == "GET":
            return Fetched(url=request.url, status=200, headers={}, body=feed(OLD))
        assert request.url == "https://hub.example/"
        form = {name: values[0] for name, values in parse_qs((request.body or b"").decode()).items()}
        self.asked.append(form)
        if self.refuses:
            return Failed(kind=Failure.SOFT, reason="HTTP 503")
        asked = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "c0ffee", "hub.lease_seconds": "86400"}
        async with httpx.AsyncClient(**STRAIGHT) as client:
            self.answers.append(await client.get(form["hub.callback"], params=asked))
        return Fetched(url=request.url, status=202, headers={}, body=b"")

    def push(self, body: bytes, signature: str | None = None) -> int:
        form = self.asked[-1]
        good = "sha256=" + hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature": good if signature is None else signature}
        return httpx.post(form["hub.callback"], content=body, headers=headers, **STRAIGHT).status_code


@dataclass(slots=True)
class Scene:
    """A daemon's parts and the served pages over one database."""

    hub: Hub
    store: SqliteStore
    service: Service
    path: str
    now: datetime = NOW

    def told(self) -> list[str]:
        with Library(self.path) as library:
            return [one.announcement.name for one in library.announcements(Filter())[0]]


async def nobody(delivery: Delivery, recipient: Recipient) -> Receipt:
    return Receipt(verdict=Verdict.SENT, answer="")


@contextmanager
def served(config: Config, bound: socket.socket) -> Iterator[None]:
    with Library(config.database) as library:
        app = make_app(config, library, RULES, lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        yield
        server.should_exit = True
        thread.join(60)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    path, hub = str(tmp_path / "hub.db"), Hub()
    with SqliteStore(path) as store, socket.create_server(("127.0.0.1", 0)) as bound:
        web = Web(base_url=f"http://127.0.0.1:{bound.getsockname()[1]}")
        config = Config(database=path, sources=(LAB,), subscriptions=(DIGEST,), web=web)
        store.sync_sources(config.sources, NOW)
        poller = Poller(
            store=store,
            fetch=hub.fetch,
            rules=RULES,
            clock=lambda: NOW,
            sources=config.sources,
            subscriptions=config.subscriptions,
        )
        [job] = store.claim_due(NOW, 1, timedelta(minutes=5))
        asyncio.run(poll(poller, job))
        with served(config, bound):
            yield Scene(
                hub=hub, store=store, service=Service(config=config, poller=poller, send=nobody, templates=EMPTY), path=path
            )


def renewed(scene: Scene) -> None:
    asyncio.run(hubs.renew(scene.service))


def taken(scene: Scene) -> int:
    return asyncio.run(hubs.take(scene.service))


def test_a_subscription_is_confirmed_and_kept_until_its_last_third(scene: Scene) -> None:
    renewed(scene)
    assert [(one.status_code, one.text) for one in scene.hub.answers] == [(200, "c0ffee")]
    assert scene.store.leases() == {"lab": Lease(asked_at=NOW, since=NOW, until=NOW + timedelta(days=1))}
    renewed(scene)
    assert len(scene.hub.asked) == 1


def test_a_pushed_body_is_news_once_and_the_polls_books_stay(scene: Scene) -> None:
    renewed(scene)
    before = scene.store.claim_due(NOW, 1, timedelta(minutes=5), ["lab"])[0].state
    assert scene.hub.push(feed(OLD, SORA)) == 202
    assert scene.hub.push(feed(SORA)) == 202, "a hub may send the same again, and only what changed"
    assert scene.told() == [], "the pages keep it; the daemon reads it"
    assert taken(scene) == 2
    assert scene.told() == ["Sora"]
    assert taken(scene) == 0
    assert scene.store.pending("all", NOW)[0].name == "Sora"
    after = scene.store.claim_due(NOW, 1, timedelta(minutes=5), ["lab"])[0].state
    assert replace(after, revision=before.revision) == before
    with Library(scene.path) as library:
        newest = library.polls("lab")[0]
        assert (newest.reason, newest.overlap, newest.gap_since) == ("pushed by the hub", None, None)


def test_a_pass_without_a_daemon_takes_what_hubs_sent_and_renews(scene: Scene) -> None:
    renewed(scene)
    for n in range(hubs.AT_ONCE + 2):
        scene.hub.push(feed(OLD, SORA, *[OLD] * n))
    later = NOW + timedelta(hours=20)
    service = replace(scene.service, poller=replace(scene.service.poller, clock=lambda: later))
    asyncio.run(local.tended(service))
    assert scene.told() == ["Sora"]
    assert scene.store.pushes(1) == []
    assert len(scene.hub.asked) == 2


def test_pushes_however_many_put_no_poll_off(scene: Scene) -> None:
    renewed(scene)

    def due() -> datetime | None:
        job = scene.store.job("lab")
        return job.state.next_poll_at if job else None

    planned = due()
    for body in (feed(OLD, SORA), feed(OLD), b"<html>sign in</html>"):
        scene.hub.push(body)
        taken(scene)
        assert due() == planned
    scene.store.sync_sources([replace(LAB, enabled=False)], NOW)
    scene.hub.push(feed("Introducing Zephyr 9, our new language model"))
    assert (taken(scene), scene.told(), due()) == (1, ["Sora"], None), "what is paused is not read either"


@pytest.mark.parametrize("signature", ["", "sha256=00", "sha1=" + "0" * 40])
def test_an_unsigned_body_is_not_believed(scene: Scene, signature: str) -> None:
    renewed(scene)
    assert scene.hub.push(feed(SORA), signature) == 403
    assert taken(scene) == 0


def test_a_body_without_end_and_one_too_many_are_refused(scene: Scene) -> None:
    renewed(scene)
    assert scene.hub.push(b"x" * (LONGEST + 1)) == 413
    assert {scene.hub.push(feed(SORA)) for _ in range(20)} == {202}
    assert scene.hub.push(feed(SORA)) == 503


def test_what_is_no_feed_is_dropped(scene: Scene) -> None:
    renewed(scene)
    assert scene.hub.push(b"<html>sign in</html>") == 202
    assert taken(scene) == 1
    assert taken(scene) == 0
    assert scene.told() == []


def test_a_subscription_nobody_asked_for_is_not_confirmed(scene: Scene) -> None:
    base, key = str(scene.service.config.web.base_url), scene.store.secret(hubs.KEY).encode()
    ours, other = (websub.callback(base, name, key, TOPIC) for name in ("lab", "other"))
    asked = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "x"}
    assert httpx.get(ours, params=asked, **STRAIGHT).status_code == 404
    assert httpx.get(other, params=asked, **STRAIGHT).status_code == 404
    assert httpx.post(other, content=b"x", **STRAIGHT).status_code == 410
    assert httpx.post(ours, content=b"x", **STRAIGHT).status_code == 403


def test_a_hub_that_is_down_is_asked_again_an_hour_later(scene: Scene) -> None:
    scene.hub.refuses = True
    renewed(scene)
    assert scene.store.leases()["lab"].answer == "HTTP 503"
    renewed(scene)
    assert len(scene.hub.asked) == 1
    assert hubs.due(scene.store.leases()["lab"], NOW + timedelta(hours=1))


def test_a_refusal_is_kept_with_its_reason(scene: Scene) -> None:
    renewed(scene)
    denied = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "too many"}
    assert httpx.get(scene.hub.asked[0]["hub.callback"], params=denied, **STRAIGHT).status_code == 200
    assert scene.store.leases()["lab"] == Lease(asked_at=NOW, answer="too many")


def test_who_does_not_know_the_address_cannot_end_a_subscription(scene: Scene) -> None:
    renewed(scene)
    guessed = scene.hub.asked[0]["hub.callback"].rpartition("/")[0]
    denied = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "spite"}
    for address in (guessed, f"{guessed}/", f"{guessed}/{'0' * 32}", f"{guessed}/é"):
        assert httpx.get(address, params=denied, **STRAIGHT).status_code == 404
        assert httpx.post(address, content=feed(OLD, SORA), headers={"X-Hub-Signature": "sha256=00"}, **STRAIGHT).status_code in {
            404,
            410,
        }
    assert scene.store.leases()["lab"].answer is None


def test_nothing_is_asked_where_nobody_can_reach_us(scene: Scene) -> None:
    config = replace(scene.service.config, web=Web())
    asyncio.run(hubs.renew(replace(scene.service, config=config)))
    assert scene.hub.asked == []


@pytest.mark.parametrize("error", [RuntimeError("of ours"), Contradiction("a.db: the values contradict each other")])
def test_a_body_that_breaks_something_of_ours_does_not_stand_before_all_others_for_ever(
    scene: Scene, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> object:
        raise error

    renewed(scene)
    scene.hub.push(feed(OLD, SORA))
    poller = replace(scene.service.poller, aside=broken)  # type: ignore[arg-type]
    assert asyncio.run(hubs.take(replace(scene.service, poller=poller))) == 1
    assert "could not be taken" in caplog.text
    assert taken(scene) == 0
    scene.hub.push(feed(OLD, SORA))
    assert taken(scene) == 1
    assert scene.told() == ["Sora"]


def test_a_stranger_s_bodies_are_not_read_and_many_at_once_are_sent_away(scene: Scene) -> None:
    renewed(scene)
    with Library(scene.path) as library:
        app = make_app(scene.service.config, library, RULES, lambda: NOW)
        client = TestClient(app, base_url=str(scene.service.config.web.base_url))
        ours = scene.hub.asked[0]["hub.callback"]
        assert client.post(ours, content=b"<rss/>").status_code == 403
        signed = {"x-hub-signature": "sha256=00"}
        assert client.post(ours, content=b"x" * (LONGEST + 1), headers=signed).status_code == 413
        app.state.pushes = AT_ONCE
        assert client.post(ours, content=b"<rss/>", headers=signed).status_code == 503
        app.state.pushes = 0
        assert client.post(ours, content=b"<rss/>", headers=signed).status_code == 403
        assert app.state.pushes == 0


def test_a_hub_that_meets_a_database_in_trouble_comes_again(scene: Scene, tmp_path: Path) -> None:
    class Failing(Library):
        def secret(self, name: str) -> str | None:
            raise StoreError(f"{name}: disk I/O error")

    renewed(scene)
    callback, body = scene.hub.asked[0]["hub.callback"], feed(OLD, SORA)
    signed = {
        "x-hub-signature": "sha256=" + hmac.new(scene.hub.asked[0]["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
    }
    meant = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "x"}
    (broken := tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    unwritable = replace(scene.service.config, database=str(broken))
    for config, shelf in ((unwritable, Library), (scene.service.config, Failing)):
        with shelf(scene.path) as library:
            client = TestClient(make_app(config, library, RULES, lambda: NOW), base_url=str(config.web.base_url))
            for answer in (client.get(callback, params=meant), client.post(callback, content=body, headers=signed)):
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
                assert not any(secret in answer.text for secret in ("broken.db", "disk I/O error"))
