"""A short run of ``bench/upgrade.py``; ``make upgrade`` is the long one (100,000 entries, 100 kills)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_no_kill_during_an_upgrade_breaks_an_old_database() -> None:
    harness = Path(__file__).parents[2] / "bench" / "upgrade.py"
    call = [sys.executable, str(harness), "--entries", "2000", "--kills", "12", "--seed", "3"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("PASS\n")
