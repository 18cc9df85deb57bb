"""Names as a list to show."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aiwatch.cli import output
from aiwatch.jsonable import jsonable
from aiwatch.views import NameSeen

_YES = {True: "yes", False: "no", None: None}


def sheet(found: Sequence[NameSeen], makers: Collection[str], empty: str) -> output.Sheet:
    """Names as a list to show; ``makers`` are those that a list has."""
    listed = [one.vendor in makers if one.vendor else None for one in found]
    return output.Sheet(
        columns=("name", "vendor", "vendor listed", "known since", "items", "verdict", "title", "item"),
        rows=[
            (one.spelled, one.vendor, _YES[known], one.heard_at, one.seen, one.verdict, one.title, one.first_item_id)
            for one, known in zip(found, listed, strict=True)
        ],
        objects=[{**jsonable(one), "vendor_listed": known} for one, known in zip(found, listed, strict=True)],
        empty=empty,
        right=frozenset({"items"}),
        fluid=frozenset({"title", "name"}),
        spare=("verdict", "items", "vendor listed", "title"),
    )
