"""Trying a source asks as a poll would ask."""

from __future__ import annotations

import asyncio

from aiwatch.cli.sourceswatch import try_one
from aiwatch.model import Failed, Failure, Outcome, Source
from aiwatch.ports import Request


def test_a_source_is_tried_with_the_certificate_check_and_headers_of_its_polls() -> None:
    asked: list[Request] = []

    async def fetch(request: Request) -> Outcome:
        asked.append(request)
        return Failed(kind=Failure.HARD, reason="HTTP 404", status=404)

    asyncio.run(try_one(Source(id="lab", url="https://lab.example/feed", tls_verify=False, headers={"x-key": "k"}), fetch))
    assert [(one.tls_verify, one.headers["x-key"]) for one in asked] == [(False, "k")]
