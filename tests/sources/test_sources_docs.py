"""docs/sources.md names every kind and every option there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aiwatch.model import Kind
from aiwatch.parse import options_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text("utf-8")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_and_its_options_are_told(kind: Kind) -> None:
    (row,) = re.findall(rf"^\| `{kind}` \|.*$", PAGE, re.MULTILINE)
    where = PAGE.partition("## Pages without a feed")[2] if kind is Kind.PAGE else row
    missing = {option for option in options_of(kind) if not re.search(rf"`{option}[` ]", where)}
    assert not missing
