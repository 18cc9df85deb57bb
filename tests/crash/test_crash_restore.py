"""A short run of ``kill_restore.py``; ``python tests/crash/kill_restore.py`` is the long one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_no_kill_of_a_restore_leaves_no_database_or_loses_a_word() -> None:
    harness = Path(__file__).with_name("kill_restore.py")
    done = subprocess.run(
        [sys.executable, str(harness), "--kills", "40"], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 without a database, 0 unsound, 0 without what people said" in done.stdout
