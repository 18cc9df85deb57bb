"""A wrong value in a source's options is refused when the list is read, with its line; a key without a test would slip through."""

from __future__ import annotations

import pytest

from aiwatch import config, parse
from aiwatch.model import Kind
from aiwatch.parse.optionvalues import TESTS


def mistakes(kind: str, options: str) -> list[str]:
    text = f'[[source]]\nid = "a"\nurl = "https://a.example/"\nkind = "{kind}"\n[source.options]\n{options}\n'
    problems: list[str] = []
    config.read_sources([config.File(name="sources.toml", text=text)], lambda _where, _name: None, problems)
    return problems


@pytest.mark.parametrize("kind", Kind)
def test_every_option_has_its_test(kind: Kind) -> None:
    assert parse.options_of(kind) <= set(TESTS)


@pytest.mark.parametrize(
    ("kind", "options", "line", "said"),
    [
        ("page", 'item = "a[["', 6, "item"),
        ("page", 'item = "li"\ntitle = "h2::"', 7, "title"),
        ("page", 'links = "("', 6, "no regular expression"),
        ("page", 'title = "h2"', 6, "exactly one of item, links, sections, json"),
        ("page", 'item = "li"\nlinks = "^/a"', 6, "item and links"),
        ("page", 'json = "body"', 6, "json needs items"),
        ("page", 'json = "body"\nitems = "a[]"\nurl_template = "https://a.example/{slug}"', 8, "{slug}"),
        ("page", 'json = "body"\nitems = "a[]"\nurl_template = "https://a.example/{"', 8, "no template"),
        ("page", 'json = "body"\nitems = "a..["', 7, "items"),
        ("page", 'item = "li"\nlimit = "many"', 7, "'many'; a number"),
        ("page", 'item = "li"\nlimit = true', 7, "a number"),
        ("page", 'item = "li"\npost = "x"', 7, "a table"),
        ("sitemap", 'include = ["^/news", "["]', 6, "no regular expression"),
        ("sitemap", "include = 3", 6, "a text or a list"),
        ("sitemap", 'trust_lastmod = "yes"', 6, "true or false"),
        ("hackernews", 'min_points = "10"', 6, "a number"),
        ("github", 'drop = "+"', 6, "no regular expression"),
        ("webhook", 'hub = "hub.example"', 6, "an address"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(kind: str, options: str, line: int, said: str) -> None:
    (problem,) = mistakes(kind, options)
    assert problem.startswith(f"sources.toml:{line}: ")
    assert said in problem


def test_right_values_pass() -> None:
    good = 'json = "body"\nitems = "a[]"\ntitle = ["b", "c"]\nkey = "id"\nurl_template = "https://a.example/{key}?t={title}"\nlimit = 0'
    assert mistakes("page", good) == []
    assert mistakes("huggingface", 'pipelines = ["text-generation"]') == []
    assert mistakes("webhook", 'hub = "https://hub.example/"') == []
