"""The archive, and the application over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from web_archive import CONFIG, NOW, RULES, MakeClient, fill

from aiwatch.rules import RuleSet
from aiwatch.settings import Config, Web
from aiwatch.store.library import Library
from aiwatch.web.app import make_app


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("web") / "archive.db")
    fill(path)
    return path


@pytest.fixture(scope="session")
def config(archive: str) -> Config:
    return replace(CONFIG, database=archive)


@pytest.fixture
def make_client(config: Config) -> Iterator[MakeClient]:
    libraries: list[Library] = []

    def make(
        web: Web | None = None,
        base_url: str = "http://127.0.0.1",
        monotonic: Callable[[], float] | None = None,
        now: datetime = NOW,
        shelf: type[Library] = Library,
        rules: RuleSet = RULES,
        **changes: Any,
    ) -> TestClient:
        mine = replace(config, web=web or Web(), **changes)
        libraries.append(shelf(mine.database))
        app = make_app(mine, libraries[-1], rules, lambda: now, monotonic or _ticking())
        return TestClient(app, base_url=base_url, follow_redirects=False)

    yield make
    for library in libraries:
        library.close()


def _ticking() -> Callable[[], float]:
    """A clock on which a second passes at each look, so that no test meets the rate limit by being quick."""
    now = 0.0

    def tick() -> float:
        nonlocal now
        now += 1.0
        return now

    return tick


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")
