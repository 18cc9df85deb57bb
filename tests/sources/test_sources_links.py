"""``link`` without ``@attribute`` means the address of the element, or of the first link in it, never its text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aiwatch import parse
from aiwatch.model import Fetched, Kind, Source

PAGE = """<html><body><article class="x"><h2>Acme introduces Orion 5</h2>
<div class="more"><a href="/blog/orion-5">read more</a></div></article>
<article><h2>Acme opens an office in Seoul</h2><div class="more">
<a href="/blog/seoul">read more</a></div></article></body></html>"""


@pytest.mark.parametrize("link", ["a", ".more", "a@href", ["em", "a"], ".more a"])
def test_a_link_is_an_address(link: str | list[str]) -> None:
    source = Source(
        id="x", url="https://acme.example/blog", kind=Kind.PAGE, options={"item": "article", "link": link, "title": "h2"}
    )
    fetched = Fetched(url=source.url, status=200, headers={"content-type": "text/html"}, body=PAGE.encode())
    items = parse.parse(source, fetched, now=datetime(2026, 3, 2, tzinfo=UTC)).items
    assert [item.url for item in items] == ["https://acme.example/blog/orion-5", "https://acme.example/blog/seoul"]
