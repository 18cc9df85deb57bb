"""A short run of ``kill_store.py``; ``python tests/crash/kill_store.py`` is the long one (2,000 kills)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_no_kill_and_no_cut_leaves_anything_half_done() -> None:
    harness = Path(__file__).with_name("kill_store.py")
    call = [sys.executable, str(harness), "--kills", "40", "--births", "15", "--cuts", "30", "--seed", "7"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 unsound, 0 lost, 0 half-done" in done.stdout
