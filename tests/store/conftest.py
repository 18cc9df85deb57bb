from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_samples import SOURCES, T0

from aiwatch.store.sqlite import SqliteStore

# One contract, every backend: a new one adds a line here and must pass test_store_contract.py as it stands.
BACKENDS: dict[str, Callable[[Path], SqliteStore]] = {
    "sqlite-memory": lambda _directory: SqliteStore(":memory:"),
    "sqlite-disk": lambda directory: SqliteStore(str(directory / "contract.db")),
}


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore]:
    made = BACKENDS[request.param](tmp_path)
    made.sync_sources(SOURCES, T0)
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "aiwatch.db")


@pytest.fixture
def disk(path: str) -> Iterator[SqliteStore]:
    made = SqliteStore(path)
    made.sync_sources(SOURCES, T0)
    yield made
    made.close()
