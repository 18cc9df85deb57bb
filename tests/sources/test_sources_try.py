"""Trying a source asks as a poll would ask."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from aiwatch.model import Failed, Failure, Fetched, Outcome, Source
from aiwatch.ports import Request
from aiwatch.trying import tried

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_source_is_tried_with_the_certificate_check_and_headers_of_its_polls() -> None:
    asked: list[Request] = []

    async def fetch(request: Request) -> Outcome:
        asked.append(request)
        return Failed(kind=Failure.HARD, reason="HTTP 404", status=404)

    asyncio.run(
        tried(Source(id="lab", url="https://lab.example/feed", tls_verify=False, headers={"x-key": "k"}), fetch, lambda: NOW)
    )
    assert [(one.tls_verify, one.headers["x-key"]) for one in asked] == [(False, "k")]


@pytest.mark.parametrize(
    ("said", "titles", "lang"),
    [
        ("", ("새 모델 공개", "오늘의 날씨", "GPT-7"), "ko"),
        ("", ("新モデルを公開", "天気"), None),
        ("", ("新モデルを公開", "天気のニュース"), "ja"),
        ("", ("A model", "A phone"), None),
        ("<language>en-US</language>", ("새 모델 공개",), "en"),
    ],
)
def test_its_language_is_what_it_says_or_what_most_titles_are_written_in(
    said: str, titles: tuple[str, ...], lang: str | None
) -> None:
    entries = "".join(f"<item><guid>{number}</guid><title>{title}</title></item>" for number, title in enumerate(titles))
    body = f'<rss version="2.0"><channel><title>Lab</title>{said}{entries}</channel></rss>'.encode()

    async def fetch(request: Request) -> Outcome:
        return Fetched(url=request.url, status=200, headers={"content-type": "application/rss+xml"}, body=body)

    check = asyncio.run(tried(Source(id="lab", url="https://lab.example/feed"), fetch, lambda: NOW))
    assert (check.ok, check.items, check.lang) == (True, len(titles), lang)
