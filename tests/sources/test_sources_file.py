"""Editing sources.toml as a text: what was meant changes, all else stays to the byte."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import sourcefile
from aiwatch.errors import ConfigError
from aiwatch.model import Kind, Source, Tier

TEXT = """\
# mine

# why this one
[[source]]
id = "one"   # stays
url = "https://one.example/feed"
enabled = false
reason = "old"

[[source]]
id = "two"
kind = "sitemap"
url = "https://two.example/sitemap.xml"
[source.options]
include = ["^/news/"]
"""
SHIPPED = Path(__file__).resolve().parents[2] / "sources.toml"
NEW = Source(
    id="three",
    name='The "third"',
    url="https://three.example/x?a=1",
    kind=Kind.PAGE,
    tier=Tier.PRIMARY,
    vendor="Acme",
    lang="ko",
    timezone="Asia/Seoul",
    groups=("korea", "press"),
    interval=600,
    options={"rows": "li.news > a", "pages": 2, "deep": {"a b": [True, 1.5]}},
)


def test_an_entry_is_put_at_the_end_and_reads_as_it_was_meant() -> None:
    made = sourcefile.append(TEXT, [NEW])
    assert made.startswith(TEXT)
    found = tomllib.loads(made)["source"][2]
    assert found == {
        "id": "three",
        "name": 'The "third"',
        "kind": "page",
        "url": "https://three.example/x?a=1",
        "tier": "primary",
        "vendor": "Acme",
        "lang": "ko",
        "timezone": "Asia/Seoul",
        "groups": ["korea", "press"],
        "interval": 600,
        "options": dict(NEW.options),
    }
    assert sourcefile.append("", [NEW]).startswith("[[source]]")


def test_what_is_there_already_is_refused() -> None:
    with pytest.raises(ConfigError, match="there is a source 'one' already"):
        sourcefile.append(TEXT, [Source(id="one", url="https://x.example/")])
    with pytest.raises(ConfigError, match="is polled already, by two"):
        sourcefile.append(TEXT, [Source(id="x", url="https://two.example/sitemap.xml")])
    secret = replace(NEW, url="https://three.example/feed?token=abc")
    with pytest.raises(ConfigError, match=rf"token=\*\*\* is polled already, by {NEW.id}"):
        sourcefile.append(sourcefile.append("", [secret]), [replace(secret, id="again")])


def test_taking_one_out_takes_its_comments_and_leaves_the_rest() -> None:
    made = sourcefile.remove(TEXT, "one")
    assert made.startswith("# mine\n\n[[source]]")
    assert [one["id"] for one in tomllib.loads(made)["source"]] == ["two"]
    assert "why this one" not in made
    assert sourcefile.remove(sourcefile.append(TEXT, [NEW]), "three").rstrip("\n") == TEXT.rstrip("\n")


def test_a_pause_keeps_its_reason_and_ends() -> None:
    paused = sourcefile.switch(TEXT, "two", enabled=False, reason="too loud")
    two = tomllib.loads(paused)["source"][1]
    assert (two["enabled"], two["reason"], two["options"]) == (False, "too loud", {"include": ["^/news/"]})
    assert sourcefile.switch(paused, "two", enabled=True) == TEXT
    resumed = sourcefile.switch(TEXT, "one", enabled=True)
    assert "enabled" not in resumed
    assert 'id = "one"   # stays' in resumed


@pytest.mark.parametrize(
    "edit", [lambda text: sourcefile.remove(text, "nine"), lambda text: sourcefile.switch(text, "nine", enabled=True)]
)
def test_a_source_that_is_not_there_is_named(edit: object) -> None:
    with pytest.raises(ConfigError, match="there is no source 'nine'"):
        edit(TEXT)  # type: ignore[operator]  # one of two lambdas


def test_a_layout_that_cannot_be_edited_is_refused_and_not_damaged() -> None:
    inline = 'source = [{ id = "one", url = "https://one.example/" }]\n'
    with pytest.raises(ConfigError, match="cannot be edited as it is laid out"):
        sourcefile.remove(inline, "one")
    with pytest.raises(ConfigError, match="not TOML"):
        sourcefile.remove("[[source", "one")
    hidden = '[[source]]\nid = "one"\nurl = "https://one.example/"\nname = """\n[[source]]\n"""\n'
    with pytest.raises(ConfigError, match="cannot be edited"):
        sourcefile.switch(hidden, "one", enabled=False)


def test_every_shipped_source_can_be_paused_resumed_and_taken_out() -> None:
    text = SHIPPED.read_text("utf-8")
    entries = tomllib.loads(text)["source"]
    for one in entries[:: max(len(entries) // 12, 1)]:
        paused = sourcefile.switch(text, one["id"], enabled=False, reason="test")
        again = tomllib.loads(sourcefile.switch(paused, one["id"], enabled=True))["source"]
        assert again == [{k: v for k, v in each.items() if each is not one or k not in {"enabled", "reason"}} for each in entries]
        assert len(tomllib.loads(sourcefile.remove(text, one["id"]))["source"]) == len(entries) - 1


@given(
    st.text(max_size=30), st.text(max_size=30), st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=3)
)
def test_any_text_survives_being_written(name: str, reason: str, options: dict[str, str]) -> None:
    def writable(text: str) -> bool:
        return not any("\ud800" <= sign <= "\udfff" for sign in text)

    if not all(map(writable, (name, reason, *options, *options.values()))):
        return
    source = Source(id="x", name=name, url="https://x.example/", enabled=False, reason=reason, options=options)
    found = tomllib.loads(sourcefile.append(TEXT, [source]))["source"][2]
    assert (found.get("name", ""), found.get("reason", ""), found.get("options", {})) == (name, reason, options)
