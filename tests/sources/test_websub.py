"""WebSub as a subscriber: what is asked, what is confirmed, and which bodies are believed."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from aiwatch import websub

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEY, TOPIC, BACK = b"key", "https://acme.example/feed", "https://me.example/websub/acme"
ASKED = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c0ffee", "hub.lease_seconds": "86400"}


def test_a_subscription_names_topic_callback_and_a_secret_of_its_own() -> None:
    form = websub.subscribe("https://hub.example/", TOPIC, BACK, KEY)
    fields = {key: value[0] for key, value in parse_qs(form.body.decode()).items()}
    assert form.url == "https://hub.example/"
    assert fields == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": BACK,
        "hub.lease_seconds": "864000",
        "hub.secret": websub.secret(KEY, TOPIC),
    }
    assert websub.secret(KEY, TOPIC) != websub.secret(KEY, TOPIC + "2") != websub.secret(b"other", TOPIC + "2")


def test_a_secret_is_not_sent_in_the_clear() -> None:
    with pytest.raises(ValueError, match="https"):
        websub.subscribe("http://hub.example/", TOPIC, BACK, KEY)


def test_what_was_meant_is_confirmed_with_the_challenge() -> None:
    found = websub.verify(ASKED, topic=TOPIC, wanted=True, now=NOW)
    assert (found.status, found.body, found.until) == (200, "c0ffee", NOW + timedelta(days=1))
    assert websub.renew_at(NOW, NOW + timedelta(days=3)) == NOW + timedelta(days=2)
    gone = websub.verify({**ASKED, "hub.mode": "unsubscribe"}, topic=TOPIC, wanted=False, now=NOW)
    assert (gone.status, gone.body, gone.until) == (200, "c0ffee", None)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"hub.topic": "https://evil.example/"}, True),
        ({}, False),
        ({"hub.mode": "unsubscribe"}, True),
        ({"hub.mode": "publish"}, True),
        ({"hub.challenge": ""}, True),
        ({"hub.challenge": "x" * 5000}, True),
    ],
)
def test_what_was_not_meant_is_refused(changes: dict[str, str], wanted: bool) -> None:
    found = websub.verify({**ASKED, **changes}, topic=TOPIC, wanted=wanted, now=NOW)
    assert (found.status, found.body, found.until) == (404, "", None)


@pytest.mark.parametrize(
    ("given", "days"), [("", 10), ("soon", 10), ("1", 5 / 1440), ("999999999", 60), ("９９", 10), ("9" * 400, 10)]
)
def test_a_lease_stays_within_bounds(given: str, days: float) -> None:
    assert websub.verify({**ASKED, "hub.lease_seconds": given}, topic=TOPIC, wanted=True, now=NOW).until == NOW + timedelta(
        days=days
    )


def test_a_denial_is_acknowledged_and_told() -> None:
    found = websub.verify({"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "too many"}, topic=TOPIC, wanted=True, now=NOW)
    assert (found.status, found.denied, found.until) == (200, "too many", None)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_a_signed_body_is_believed(method: str) -> None:
    digest = hmac.new(websub.secret(KEY, TOPIC).encode(), b"<rss/>", getattr(hashlib, method.lower())).hexdigest()
    assert websub.authentic(b"<rss/>", f"{method}={digest}", KEY, TOPIC)
    assert not websub.authentic(b"<rss />", f"{method}={digest}", KEY, TOPIC)
    assert not websub.authentic(b"<rss/>", f"{method}={digest}", KEY, TOPIC + "2")
    assert not websub.authentic(b"<rss/>", f"{method}={digest[:-1]}", KEY, TOPIC)


@pytest.mark.parametrize("signature", [None, "", "sha256", "sha256=", "md5=00", "=00", "sha256=ü", "sha256=zz"])
def test_without_a_signature_nothing_is_believed(signature: str | None) -> None:
    assert not websub.authentic(b"<rss/>", signature, KEY, TOPIC)
