"""What every test finds: the log as the test run began with it. Commands that run in process set its level for good."""

from __future__ import annotations

import logging

import pytest

LEVEL = logging.getLogger().level


@pytest.fixture(autouse=True)
def the_log_as_it_began() -> None:
    """The root's level again, also where a fixture of a wider scope ran a command."""
    logging.getLogger().setLevel(LEVEL)
