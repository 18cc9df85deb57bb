"""``make bench``: every measurement, each in a form that takes a minute or two; the long forms are in each one's ``--help``.

What needs the evaluation data beside the checkout says so and is skipped.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
MEASUREMENTS: tuple[tuple[str, ...], ...] = (
    ("accuracy.py",),
    ("goods.py",),
    ("events.py",),
    ("renamed.py",),
    ("changed.py", "--every", "5"),
    ("languages.py", "--sets", "100"),
    ("detect_speed.py",),
    ("parse_speed.py",),
    ("freshness.py",),
    ("history.py",),
    ("query_speed.py", "--documents", "50000", "--stories", "2000"),
    ("faults.py", "--runs", "1"),
    ("hostile.py",),
    ("kills.py", "--kills", "10", "--warm"),
    ("upgrade.py", "--entries", "20000", "--kills", "20"),
    ("soak.py", "--sources", "300", "--minutes", "2", "--polls", "8", "--warm", "0.5"),
    ("siege.py", "--documents", "20000", "--seconds", "15"),
    ("fuzz.py", "--cases", "300"),
    ("load.py", "--sources", "2000", "--items", "10000", "--seconds", "10"),
)


def main() -> int:
    """Run them one after the other; 1 if one of them failed."""
    failed = []
    for name, *arguments in MEASUREMENTS:
        if not (HERE / name).exists():
            continue
        print(f"\n== {' '.join((name, *arguments))}", flush=True)
        if subprocess.run([sys.executable, str(HERE / name), *arguments], check=False).returncode:
            failed.append(name)
    print(f"\n{len(failed)} of {len(MEASUREMENTS)} failed{': ' if failed else ''}{', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
