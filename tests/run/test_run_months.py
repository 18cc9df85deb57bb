"""A short run of ``bench/months.py``; ``make months`` is the long one (60 days)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_days_of_trouble_tell_each_launch_once_and_say_each_gap() -> None:
    harness = Path(__file__).parents[2] / "bench" / "months.py"
    call = [sys.executable, str(harness), "--days", "8", "--sites", "8", "--seed", "5", "--quiet"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("PASS\n")
