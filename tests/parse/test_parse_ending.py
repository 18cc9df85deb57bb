"""A page that breaks off gives no half title: half of one can be another model's name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Kind, Source
from aiwatch.parse import parse
from aiwatch.parse.ending import of_page

NOW = datetime(2026, 1, 9, tzinfo=UTC)
SOURCE = Source(id="s", url="https://x.example/", kind=Kind.PAGE, options={"links": "^/news/"})
TITLES = ("Introducing GPT-1001, a new language model", "A note on our garden", "OpenAI launches <b>GPT-1002</b> Pro")
CARDS = "".join(
    f'<article><a href="/news/{at}"><h2>{title}</h2></a><time datetime="2026-01-0{at + 1}">then</time></article>'
    for at, title in enumerate(TITLES)
)
LIST = "".join(f'<li><a href="/news/{at}">{title}</a>' for at, title in enumerate(TITLES))


def read(body: str) -> list[tuple[str | None, str]]:
    fetched = Fetched(url=SOURCE.url, status=200, headers={"content-type": "text/html"}, body=body.encode())
    return [(item.url, item.title) for item in parse(SOURCE, fetched, now=NOW).items]


@pytest.mark.parametrize("body", [f"<html><body><main>{CARDS}</main></body></html>", f"<ul>{LIST}</ul>"])
def test_wherever_a_page_is_cut_it_gives_whole_titles_or_none(body: str) -> None:
    whole = set(read(body))
    assert len(whole) == len(TITLES)
    for end in range(1, len(body)):
        try:
            found = read(body[:end])
        except ParseError:
            continue
        assert set(found) <= whole, body[:end][-60:]


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("<ul><li>a<li>b</ul>", False),  # what HTML lets one leave out
        ("<div><a href=x>y</a>", False),
        ("<b>x</body>", False),
        ("<p>one<p>tw", True),
        ("<h2>Introducing <b>", True),
        ('<a href="/news/intro', True),
    ],
)
def test_a_page_breaks_off_within_a_word_or_what_needs_an_end(text: str, breaks: bool) -> None:
    assert of_page(text).cut is breaks
