"""The pinned libraries can be installed on every Python that the project promises to run on."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]


def wanted(name: str) -> str | None:
    """The Pythons that an installed library says it needs; None: it is not installed, as one of another platform."""
    try:
        return str(metadata(name).json.get("requires_python", ""))
    except PackageNotFoundError:
        return None


def test_no_pin_needs_a_newer_python_than_the_oldest_we_name() -> None:
    """A release for 3.11.5 and later stopped the set-up on Debian 12, whose Python is 3.11.2: pip finds no other version."""
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = Version(promised.removeprefix(">=") + ".0")
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    needs = {name: wanted(name) for name, _, version in (line.partition("==") for line in lines) if version}
    assert sum(one is not None for one in needs.values()) > 100
    assert [name for name, one in needs.items() if one is not None and oldest not in SpecifierSet(one)] == []
