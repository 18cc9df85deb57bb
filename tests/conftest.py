"""What every test finds: the log as the test run began with it, and no word of the shell on colours and widths."""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import settings

from aiwatch.cli.running import Lines

# How long an example takes says more of the machine, and of what else it does, than of the program.
settings.register_profile("aiwatch", deadline=None)
settings.load_profile("aiwatch")

# Commands that run in process set its level, and where it is written, for good.
LEVEL = logging.getLogger().level

for _name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"):
    os.environ.pop(_name, None)  # rich heeds them, and runners of checks set them


@pytest.fixture(autouse=True)
def the_log_as_it_began() -> None:
    """The root's level and handlers again, also where a fixture of a wider scope ran a command."""
    root = logging.getLogger()
    root.setLevel(LEVEL)
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, Lines)]
