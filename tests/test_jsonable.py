"""Values as JSON that any reader takes."""

from __future__ import annotations

from aiwatch.jsonable import jsonable
from aiwatch.model import Evidence


def test_what_is_no_number_of_json_is_null() -> None:
    evidence = Evidence(rule="r", why="w", weight=float("nan"), field="title", matched="x", start=0, end=1)
    assert jsonable(evidence)["weight"] is None
    assert jsonable([float("inf"), -2.5, 3]) == [None, -2.5, 3]
