"""``docs/sources.md`` is true: its tables are the code's, its examples are accepted and bring what they show."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aiwatch import config, parse
from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Item, Kind, PollState, Source
from aiwatch.parse import pageoptions
from aiwatch.parse.embedded import documents
from aiwatch.parse.path import select

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "sources.md").read_text("utf-8")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = FENCE.findall(TEXT)
ENTRIES = [block for kind, block in BLOCKS if kind == "toml"]
SHOWN = [(page, entry) for (first, page), (second, entry) in pairwise(BLOCKS) if (first, second) == ("html", "toml")]


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below that heading, without its head; an escaped bar is a bar."""
    section = TEXT.split(f"\n{heading}\n", 1)[1]
    lines = [line for line in re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0].splitlines() if line.startswith("|")]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def names(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def load(text: str) -> tuple[Source, ...]:
    problems: list[str] = []
    found = config.read_sources([config.File(name="sources.toml", text=text)], lambda _where, name: f"value of {name}", problems)
    assert problems == []
    return found


def shipped() -> dict[str, Source]:
    return {source.id: source for source in load((ROOT / "sources.toml").read_text("utf-8"))}


# --- tables of names --------------------------------------------------------------------------------------------------------


def test_every_field_has_its_row() -> None:
    problems: list[str] = []
    entry = config.File(name="s", text='[[source]]\nid = "a"\nurl = "https://acme.example/"\nunheard = 1')
    config.read_sources([entry], lambda _where, _name: None, problems)
    (allowed,) = re.findall(r"allowed here: (.+)", "\n".join(problems))
    assert sorted(names(row[0])[0] for row in table("## Fields")) == sorted(allowed.split(", "))


def test_every_kind_has_its_row_and_says_truly_whether_robots_txt_is_asked() -> None:
    rows = table("## Kinds")
    assert sorted(names(row[0])[0] for row in rows) == sorted(kind.value for kind in Kind)
    for row in rows:
        source = Source(id="s", url="https://acme.example/x", kind=Kind(names(row[0])[0]), headers={"authorization": "Bearer t"})
        asked = parse.request_for(source, PollState(source_id="s")).robots
        assert row[2] == ("asked" if asked else "not asked"), row[0]


@pytest.mark.parametrize("kind", Kind)
def test_every_option_of_a_kind_has_its_row_and_no_other(kind: Kind) -> None:
    told = [option for row in table("### Options") if names(row[0]) == [kind.value] for option in names(row[1])]
    assert sorted(told) == sorted(parse.options_of(kind))


def test_every_pack_is_named() -> None:
    packs = {group for source in shipped().values() for group in source.groups}
    (sentence,) = re.findall(r"^Packs are (.+?)\. ", TEXT, re.MULTILINE | re.DOTALL)
    assert set(names(sentence)) == packs
    assert f"shipped list of {len(shipped())}" in TEXT.replace("\n", " ")


# --- examples ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda text: str(tomllib.loads(text)["source"][0]["id"]))
def test_every_example_is_accepted(entry: str) -> None:
    (source,) = load(entry)
    parse.request_for(source, PollState(source_id=source.id))
    if source.kind is Kind.PAGE:
        assert pageoptions.check_options(source.options) == []


def read(page: str, source: Source) -> tuple[Item, ...]:
    fetched = Fetched(url=source.url, status=200, headers={"content-type": "text/html; charset=utf-8"}, body=page.encode())
    return parse.parse(source, fetched, now=NOW).items


def test_there_is_an_example_of_each_way_to_find_rows() -> None:
    modes = [mode for _, entry in SHOWN for mode in pageoptions.MODES if mode in load(entry)[0].options]
    assert sorted(modes) == sorted(pageoptions.MODES)


@pytest.mark.parametrize(("page", "entry"), SHOWN, ids=lambda text: text.split('id = "')[-1].split('"')[0][:20])
def test_every_page_that_is_shown_is_read_by_its_entry(page: str, entry: str) -> None:
    (source,) = load(entry)
    items = read(page, source)
    assert [item.title.removesuffix(" is here") for item in items] in (["Zephyr 9", "Our garden"], ["Zephyr 9", "Zephyr 8.1"])
    assert [item.published for item in items] == [datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)]
    assert len({item.url for item in items}) == 2
    assert all(str(item.url).startswith("https://acme.example/") for item in items)


# --- the language of pages --------------------------------------------------------------------------------------------------


SELECTED = {
    "h2": ("<li><h2>Zephyr</h2><a href='/1'>x</a></li>", "Zephyr"),
    "a@href": ("<li><a href='/1'>x</a></li>", "/1"),
    "@id": ("<li id='v9'><a href='/1'>x</a></li>", "v9"),
    ".": ("<li>All of it<a href='/1'></a></li>", "All of it"),
    "'#'@id": ("<li id='v9'><a href='/1'>x</a></li>", "#v9"),
}


@pytest.mark.parametrize("row", table("### Selectors"), ids=lambda row: row[0])
def test_every_selector_that_is_shown_selects(row: list[str]) -> None:
    (selector,) = names(row[0])
    page, wanted = SELECTED[selector]
    source = Source(
        id="s", url="https://acme.example/", kind=Kind.PAGE, options={"item": "li", "title": selector, "link": "a@href"}
    )
    assert [item.title for item in read(page, source)] == [wanted]


PUSH = 'self.__next_f.push([1,"0:{\\"n\\":1}\\n"])'
EMBEDDED = {
    "body": '{"n": 1}',
    "next_data": '<script id="__NEXT_DATA__">{"n": 1}</script>',
    "flight": f"<script>{PUSH}</script>",
    "ld": '<script type="application/ld+json">{"n": 1}</script>',
    "window._DATA": '<script>window._DATA = {"n": 1};</script>',
    "script#state": '<script id="state">{"n": 1}</script>',
    "div.list@data-props": """<div class="list" data-props='{"n": 1}'></div>""",
}


@pytest.mark.parametrize("row", table("### Where the data are"), ids=lambda row: row[0])
def test_data_are_found_in_every_place_that_is_named(row: list[str]) -> None:
    (where,) = names(row[0])
    assert documents(EMBEDDED[where], where) == [{"n": 1}]
    if where != "body":
        with pytest.raises(ParseError, match="no JSON at"):
            documents("<p>nothing here</p>", where)


def test_a_row_of_a_stream_that_is_as_long_as_no_page_is_no_text() -> None:
    rows = f'1:T{"f" * 20},a text\n2:{{"n":1}}\n'
    assert documents(f"<script>self.__next_f.push([1,{json.dumps(rows)}])</script>", "flight") == [{"n": 1}]


@pytest.mark.parametrize("row", table("### Paths"), ids=lambda row: row[0])
def test_every_path_gives_what_is_said(row: list[str]) -> None:
    path, value, wanted = (names(cell)[0] for cell in row)
    assert select(json.loads(value), path) == json.loads(wanted)


# --- the article ------------------------------------------------------------------------------------------------------------


def test_the_article_s_table_is_what_the_catalogue_and_the_samples_say() -> None:
    samples: dict[str, Any] = tomllib.loads((ROOT / "tests" / "golden-article" / "expected.toml").read_text("utf-8"))
    rows = table("## The sources of the founding article")
    sources = shipped()
    assert {names(row[1])[0] for row in rows} == set(samples)
    for row in rows:
        source = sources[names(row[1])[0]]
        found = {one["name"] for one in samples[source.id]["item"] if "name" in one}
        told = set() if row[3] == "nothing" else set(row[3].split(", "))
        assert row[2] == source.kind.value
        assert told <= found, source.id
        assert bool(told) == bool(found), source.id
        assert row[4].startswith("off") is not source.enabled, source.id


def test_the_number_of_korean_papers_is_counted() -> None:
    papers = [one for one in shipped().values() if "korea" in one.groups and "press" in one.groups]
    assert len(papers) == 9, "the table says: eight more than aitimes-kr"
