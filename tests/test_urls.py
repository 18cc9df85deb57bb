"""Addresses: one identity for many spellings, nothing hostile out of ``resolve``, no secret out of ``redact``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.urls import canonical_url, page_key, redact, resolve


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://Example.COM:80/a/?utm_source=x&b=2&a=1#top", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?cb=1700000000", "https://example.com/a"),
        ("https://example.com/a?ref=rss&fbclid=abc&gclid=1", "https://example.com/a"),
        ("https://example.com", "http://example.com/"),
        ("https://example.com/%7Euser/%ed%95%9c", "https://example.com/~user/한"),
        ("https://소라.kr/x", "https://xn--oi2bv4q.kr/x"),
        ("https://user:pw@example.com/x", "https://example.com/x"),
        (" https://example.com/x\n", "https://example.com/x"),
        ("http://example.com:443/x", "https://example.com/x"),
        ("https://example.com/x?utm_%6Cang=ko&a=1", "https://example.com/x?a=1"),
    ],
)
def test_spellings_of_one_page_are_one(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://qwen.ai/blog?id=a", "https://qwen.ai/blog?id=b"),
        ("https://example.com/a", "https://example.com/b"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com:8443/", "https://example.com/"),
        ("https://a.example.com/", "https://example.com/"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_a_fragment_is_identity_only_where_it_names_a_place() -> None:
    assert page_key("https://e.com/changelog#2025-02-05") != page_key("https://e.com/changelog#2025-02-06")
    assert page_key("https://e.com/post#comments") == page_key("https://e.com/post#utm_source=rss") == "https://e.com/post"


@pytest.mark.parametrize(
    ("base", "href", "expected"),
    [
        ("https://a.com/x/y", "../z", "https://a.com/z"),
        ("https://a.com/x", "//b.com/q r", "https://b.com/q%20r"),
        ("https://a.com/x/", "?p=1", "https://a.com/x/?p=1"),
        ("https://a.com/", "https:\\\\b.com\\x", "https://b.com/x"),
        ("https://a.com/", " HTTPS://B.com/x\n", "https://B.com/x"),
        ("https://a.com/", "HTTP://b.com/x", "http://b.com/x"),
        ("https://a.com/", "feed:http://b.com/f", "http://b.com/f"),
        ("https://a.com/", "feed://https://b.com/f", "https://b.com/f"),
        (None, "//b.com/x", "https://b.com/x"),
        (None, "x", None),
        ("https://a.com/", "javascript:alert(1)", None),
        ("https://a.com/", "java\tscript:alert(1)", None),
        ("https://a.com/", "\x01javascript:alert(1)", None),
        ("https://a.com/", "data:text/html,x", None),
        ("https://a.com/", "file:///etc/passwd", None),
        ("https://a.com/", "http://[bad", None),
        ("https://a.com/", "http://b.com:port/", None),
        ("https://a.com/", "http:///", None),
        ("https://a.com/", "x" * 9000, None),
        ("https://a.com/", "", None),
        ("https://a.com/", None, None),
    ],
)
def test_resolve(base: str | None, href: str | None, expected: str | None) -> None:
    assert resolve(base, href) == expected


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://user:hunter2@example.com/feed", "hunter2"),
        ("https://example.com/feed?token=s3cr3t&x=1", "s3cr3t"),
        ("https://example.com/feed?api_key=s3cr3t", "s3cr3t"),
        ("https://example.com/feed?u=aB3dE5gH7jK9mN1pQ3sT", "aB3dE5gH7jK9mN1pQ3sT"),
        ("https://hooks.slack.com/services/T0/B0/XXXX", "XXXX"),
        ("https://discord.com/api/webhooks/1/abcdef", "abcdef"),
        ("https://api.telegram.org/bot12:AAbb/sendMessage", "AAbb"),
        ("tried https://u:hunter2@example.com/ and failed", "hunter2"),
        ("hooks.slack.com/services/T0/B0/XXXX", "XXXX"),
        ("localhost:8080/hooks/abcdef", "abcdef"),
        ("POST /bot12:AAbb/sendMessage failed", "AAbb"),
        ("POST /hooks/aB3dE5gH7jK9mN1pQ3sT failed", "aB3dE5gH7jK9mN1pQ3sT"),
        ("/srv/services/watch.toml:3: https://hooks.slack.com/services/T0/B0/XXXX", "XXXX"),
        ("https://example.com/feed?auth=s3cr3t", "s3cr3t"),
        ("https://example.com/feed?authorization=s3cr3t", "s3cr3t"),
    ],
)
def test_redact_hides(url: str, secret: str) -> None:
    assert secret not in redact(url)
    assert "***" in redact(url)


def test_redact_keeps_what_is_no_secret() -> None:
    assert redact("https://qwen.ai/blog?id=qwen3-coder&page=2") == "https://qwen.ai/blog?id=qwen3-coder&page=2"
    assert (
        redact("https://huggingface.co/api/models?author=acme&limit=20")
        == "https://huggingface.co/api/models?author=acme&limit=20"
    )


@pytest.mark.parametrize(
    "said",
    [
        "rules/bots.toml:1: rule 'mine.a' needs either a 'pattern' or 'terms'",
        "/srv/services/aiwatch/rules.toml:4: weights: no rule is called 'nuon'; did you mean 'noun'?",
        "~/bots/aiwatch.toml: there is no such file; `aiwatch init` writes a first one",
        "../hooks/db/aiwatch.db: there is no database yet",
    ],
)
def test_redact_keeps_a_file_below_a_directory_that_is_called_as_a_webhook_is(said: str) -> None:
    """A mistake in a file of ``~/bots`` was told as ``~/bot***``, and nothing of what it was."""
    assert redact(said) == said


@pytest.mark.parametrize("text", ["https://///////me:pw@lab.example:443/a", "https://", "http://@/"])
def test_an_address_without_a_host_stays_as_it_is(text: str) -> None:
    assert canonical_url(text) == text


@given(st.text())
def test_canonical_is_total_and_idempotent(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}", f"https://example.com/?{text}"):
        once = canonical_url(url)
        assert canonical_url(once) == once
        redact(url)
        page_key(url)


@given(st.text("ab/.-~_1", max_size=20), st.sampled_from(["http", "https", "HTTPS"]))
def test_the_short_way_gives_what_the_long_way_gives(path: str, scheme: str) -> None:
    assert canonical_url(f"{scheme}://lab.example/{path}") == canonical_url(
        f"{scheme}://LAB.example:{80 if scheme == 'http' else 443}/{path}"
    )


@given(st.text(), st.text())
def test_resolve_gives_inert_web_addresses_or_nothing(base: str, href: str) -> None:
    for reference in (href, f"//{href}", f"http://{href}", f"https://e.com/{href}"):
        result = resolve(f"https://example.com/{base}", reference)
        if result is not None:
            assert urlsplit(result).scheme in {"http", "https"}
            assert urlsplit(result).hostname
            assert not re.search(r"[\x00-\x20\"<>\\]", result)
