"""Titles that want to be more than titles: harmless, and still readable, in every channel."""

from __future__ import annotations

import csv
import html
import importlib.util
import json
import re
import types
from dataclasses import replace
from email import message_from_bytes, policy
from itertools import islice
from pathlib import Path

import pytest
from digest_samples import at, coverage, edition, entry, recipient, subscription
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from aiwatch.digest import safe
from aiwatch.digest.render import Message, render
from aiwatch.digest.unsubscribe import Site
from aiwatch.model import Delivery, Edition, Modality, Stage, Tier
from aiwatch.notify import message as mime
from aiwatch.settings import Channel, Smtp

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
SMTP = Smtp(sender="aiwatch <watch@example.org>")

HOSTILE = {
    "script": "Readable <script>alert(1)</script>",
    "handler": "Readable <img src=x onerror=alert(1)>",
    "svg": "Readable <svg/onload=alert(1)>",
    "attribute": 'Readable" onmouseover="alert(1)" x="',
    "entity": "Readable &lt;script&gt;alert(1)&lt;/script&gt;",
    "style": "Readable </style><style>*{display:none}</style>",
    "template": "Readable {{ 7*7 }} {% for x in y %} ${7*7} #{7*7}",
    "markdown": "Readable [click](javascript:alert(1)) **bold** `code` ![x](https://evil.example/p.png)",
    "slack": "Readable <!channel> <@U123456> <https://evil.example|your bank>",
    "discord": "Readable @everyone @here <@123> ||spoiler|| https://evil.example",
    "crlf": "Readable\r\nBcc: victim@example.org\r\n\r\nbody",
    "folded": "Readable\r\n\tX-Injected: yes",
    "separator": "Readable\u2028X-Injected: yes\u2029\x85\x0b\x0c",
    "encoded word": "Readable =?utf-8?q?=0D=0ABcc=3A_victim=40example=2Eorg?=",
    "bidi": "Readable \u202egnp.exe\u202c \u2066\u2067hidden",
    "nul": "Readable \x00 title \x07\x1b[31m",
    "surrogate": "Readable \ud800 and \udfff",
    "zalgo": "Readable " + "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 20,
    "invisible": "Rea\u200bda\u2060b\ufeffle",
    "huge": "Readable " + "long " * 2000,
    "unbroken": "Readable" + "가" * 10_000,
    "dot lines": "Readable\r\n.\r\nQUIT",
    "korean": "Readable 오픈AI, ‘소라’ 공개",
    "emoji": "Readable 👩‍👩‍👧 🇰🇷 ❤️",
    "empty": "",
}
TAGS = {
    "html", "head", "title", "style", "body", "div", "span", "p", "br", "a", "b", "h1", "h2", "table", "tbody", "tr", "td", "img",
    "blockquote", "details", "summary",
}  # fmt: skip


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        (" OpenAI ", " OpenAI "),
        ("AI\u202emodel", "AImodel"),
        ("\n\u200b", "\n "),
        ("Z" + "\u0351" * 30 + " 3 ", "Z" + "\u0351" * 4 + " 3 "),
        ("", ""),
        (" ", " "),
        ("x" * 900, "x" * 900),
    ],
)
def test_a_piece_of_a_text_keeps_its_ends_and_nothing_that_reaches_beyond_it(piece: str, shown: str) -> None:
    assert safe.inline(piece) == shown


def hostile_edition(title: str, url: str = "https://lab.example/1") -> Edition:
    member = replace(coverage("lab", title, Tier.PRIMARY, "en", title, at(15, 18)), url=url)
    other = replace(coverage("press", title, Tier.PRESS, "ko", title, at(15, 19)), url=url)
    told = entry(title or "x", title, Modality.VIDEO, Stage.ANNOUNCED, (member, other), quote=title)
    told = replace(told, announcement=replace(told.announcement, name=title))
    return replace(edition(entries=(told,)), title=title)


def messages(channel: Channel, title: str, url: str = "https://lab.example/1") -> tuple[Message, ...]:
    sub = subscription()
    return render(hostile_edition(title, url), sub, recipient(channel), {}, Site(base_url="https://watch.example"))


def raw_mail(message: Message) -> bytes:
    delivery = Delivery(
        id="0123456789abcdef", edition_id="e", digest_id="weekly", recipient_id="me", subject=message.subject, body=message.body,
        created_at=at(23, 0),
    )  # fmt: skip
    return mime.build(delivery, recipient(), SMTP)[2]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_holds_no_active_content_and_the_words_survive(name: str) -> None:
    (message,) = messages(Channel.EMAIL, HOSTILE[name])
    tree = LexborHTMLParser(message.body["html"])
    assert {node.tag for node in tree.root.traverse()} <= TAGS  # type: ignore[union-attr]
    for node in tree.root.traverse():  # type: ignore[union-attr]
        for attribute, value in node.attributes.items():
            assert not attribute.startswith("on")
            if attribute in {"href", "src"}:
                assert re.match(r"https?://|mailto:|cid:", value or ""), value
    if name != "empty":
        assert "Readable" in tree.body.text()  # type: ignore[union-attr]
        assert "Readable" in message.body["text"]
    assert max(len(line.encode()) for line in message.body["text"].splitlines()) < 998
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", message.body["text"] + message.body["html"])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_title_can_write_a_header(name: str) -> None:
    (message,) = messages(Channel.EMAIL, HOSTILE[name])
    raw = raw_mail(message)
    head, _, _ = raw.partition(b"\r\n\r\n")
    read = message_from_bytes(raw, policy=policy.default)
    allowed = {
        "from", "to", "subject", "date", "message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted",
        "x-auto-response-suppress", "content-type", "mime-version", "content-transfer-encoding",
    }  # fmt: skip
    assert {field.lower() for field in read} <= allowed
    assert len(read.get_all("subject")) == len(read.get_all("to")) == 1  # type: ignore[arg-type]
    assert head.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert read["to"] == "me@example.com"
    if name not in {"empty", "encoded word"}:
        assert "Readable" in read["subject"]
    assert len(read["subject"]) <= 210


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("channel", [Channel.SLACK, Channel.DISCORD, Channel.TEAMS])
def test_chats_get_letters_and_no_markup(channel: Channel, name: str) -> None:
    for message in messages(channel, HOSTILE[name]):
        values = json.loads(message.body["content"])
        text = json.dumps(values, ensure_ascii=False)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", text)
        text.encode()  # no lone surrogates
        if channel is Channel.SLACK:
            assert not re.search(r"<!|<@|<#|evil\.example\|", text)
        if channel is Channel.DISCORD:
            assert values["allowed_mentions"] == {"parse": []}
            assert not re.search(r"@(everyone|here)|(?<!\\)\|\||(?<!\\)\[click(?<!\\)\]\(", text)
        if channel is Channel.TEAMS:
            assert not re.search(r"(?<!\\)\[click|\{\{", text)
    whole = "".join(message.body["content"] for message in messages(channel, HOSTILE[name]))
    assert name == "empty" or "Readable" in whole


@pytest.mark.parametrize("name", HOSTILE)
def test_payload_and_plain_text_are_clean(name: str) -> None:
    (message,) = messages(Channel.WEBHOOK, HOSTILE[name])
    told = json.loads(message.body["content"].encode())["announcements"]
    assert told
    assert name in {"empty", "invisible"} or "Readable" in told[0]["title"]
    for one in messages(Channel.APPRISE, HOSTILE[name]):
        assert not re.search("[\u202a-\u202e\x00-\x08\x1b]", one.body["text"] + one.body["title"])
        assert len(one.body["text"]) <= 3500


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://lab.example/a?b=c&d=e#f", "https://lab.example/a?b=c&d=e#f"),
        ("https://lab.example/한글", "https://lab.example/%ED%95%9C%EA%B8%80"),
        ('https://lab.example/"onclick="x', "https://lab.example/%22onclick=%22x"),
        ("https://lab.example/a b|c>d", "https://lab.example/a%20b%7Cc%3Ed"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//lab.example/", None),
        ("https://user:secret@lab.example/", None),
        ("https://lab.example\\@evil.example/", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_plain_addresses_become_links(url: str | None, kept: str | None) -> None:
    assert safe.link(url) == kept


@given(st.text(), st.integers(min_value=2, max_value=400))
def test_cleaning_is_total_idempotent_and_within_its_limit(text: str, limit: int) -> None:
    cleaned = safe.clean(text, limit)
    assert len(cleaned) <= limit
    assert safe.clean(cleaned, limit) == cleaned
    assert "\n" not in cleaned
    cleaned.encode()


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_every_text_can_be_told_in_every_channel(title: str) -> None:
    for channel in Channel:
        for message in messages(channel, title):
            json.dumps(dict(message.body)).encode()
            if channel is Channel.EMAIL:
                raw_mail(message)


# --- the evaluation data beside the checkout ------------------------------------------------------------------------------------


def shared_titles() -> list[str]:
    manifest = SHARED / "data" / "badfeeds" / "manifest.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as lines:
        files = [row["file"] for row in csv.DictReader(lines) if row["kind"] == "injection"]
    titles: list[str] = []
    for name in files:
        text = (manifest.parent / name).read_bytes().decode("utf-8", "replace")
        for found in re.findall(r"<title[^>]*>(.*?)</title>|\"title\":\s*\"((?:[^\"\\]|\\.)*)\"", text, re.DOTALL):
            raw = found[0] or found[1]
            titles += [raw, html.unescape(raw), html.unescape(html.unescape(raw.replace("<![CDATA[", "").replace("]]>", "")))]
    return list(dict.fromkeys(titles))


def sink(name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, SHARED / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data" / "badfeeds").is_dir(), reason="the evaluation data beside the checkout is absent")
def test_the_shared_sinks_find_nothing_in_the_shared_injections() -> None:
    smtp, webhook = sink("smtp_sink"), sink("webhook_sink")
    titles = shared_titles()
    assert len(titles) > 30
    found: list[tuple[str, object]] = []
    for title in islice(titles, 120):
        (message,) = messages(Channel.EMAIL, title)
        found += [(title, fault) for fault in smtp.lint(raw_mail(message), ["me@example.com"])]
        for channel in (Channel.SLACK, Channel.DISCORD):
            for one in messages(channel, title):
                found += [(title, fault) for fault in webhook.lint(channel.value, one.body["content"].encode())]
    assert found == []


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "tools").is_dir(), reason="the evaluation tools beside the checkout are absent")
@pytest.mark.parametrize("name", HOSTILE)
def test_the_shared_sinks_find_nothing_in_our_own_injections(name: str) -> None:
    smtp, webhook = sink("smtp_sink"), sink("webhook_sink")
    (message,) = messages(Channel.EMAIL, HOSTILE[name])
    assert smtp.lint(raw_mail(message), ["me@example.com"]) == []
    for channel in (Channel.SLACK, Channel.DISCORD):
        assert [webhook.lint(channel.value, one.body["content"].encode()) for one in messages(channel, HOSTILE[name])] == [[]]
