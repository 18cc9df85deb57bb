"""What every test leaves as it found it: the log. Commands that run in process set its level and its handlers for good."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    """Levels and handlers of the root, and levels of the libraries that commands quieten."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    levels = {name: one.level for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    for name, one in list(logging.root.manager.loggerDict.items()):
        if isinstance(one, logging.Logger):
            one.setLevel(levels.get(name, logging.NOTSET))
