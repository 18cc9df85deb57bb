"""Stories measured on labelled headlines, with the labels in the place of detection."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiwatch import batch, rules
from benches import bench

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
FILES = [DATA / "dev.jsonl", DATA / "dev2.jsonl"]


@pytest.mark.shared
@pytest.mark.skipif(not all(path.exists() for path in FILES), reason="the labelled files are not beside the checkout")
def test_one_event_is_one_story_and_two_are_two() -> None:
    events = bench("events")
    rows = [row for path in FILES for row in events.rows(path)]
    judged = [events.perfect(row, number, rules.load()) for number, row in enumerate(rows)]
    figures = events.measure(events.scorer(DATA.parent), rows, batch.events(judged))
    assert figures["f1"] >= 0.98  # 0.992 when this was written; the goal is 0.93 with detection in front
    assert figures["alerts_per_event"] <= 1.02
