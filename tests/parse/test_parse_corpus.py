"""The gates over other parsers' own cases, where the evaluation data lies beside the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CASES, SCORER = SHARED / "data" / "badfeeds", SHARED / "tools" / "score_feeds.py"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (CASES.is_dir() and SCORER.is_file()), reason="the evaluation data is not beside the checkout"),
]


def scored(folder: Path, *options: str) -> dict[str, Any]:
    report = folder / "score.json"
    command = [
        sys.executable,
        str(SCORER),
        "--dir",
        str(CASES),
        "--adapter",
        "feeds_adapter:parse",
        "--timeout",
        "10",
        "--json",
        str(report),
        *options,
    ]
    subprocess.run(command, cwd=ROOT / "bench", check=True, capture_output=True, timeout=240)
    result: dict[str, Any] = json.loads(report.read_text())
    return result


def share(row: dict[str, int]) -> float:
    return row["cok"] / row["c"]


def test_the_cases_are_met(tmp_path: Path) -> None:
    result = scored(tmp_path, "--mutate", "2", "--seed", "11")
    stats = result["stats"]
    assert result["bad"] == []  # no crash, no hang, of files and mutants
    assert stats["ALL"]["over100MB"] == 0
    assert share(stats["CORE"]) >= 0.98
    assert share(stats["ALL"]) >= 0.99


def test_the_lists_are_met(tmp_path: Path) -> None:
    result = scored(tmp_path, "--opml", "--mutate", "5", "--seed", "11")
    assert result["bad"] == []
    assert share(result["stats"]["ALL"]) == 1.0
