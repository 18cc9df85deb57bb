"""Answers that cost much and change little: kept until the database has changed, and then for a minute still."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

SECONDS = 60.0  # a daemon commits every few seconds; nobody needs a count to be younger than this
MOST = 32  # answers


class Kept:
    """A few answers by name. Thread-safe; two who ask at once may both make it."""

    def __init__(self, version: Callable[[], str], clock: Callable[[], float], seconds: float = SECONDS) -> None:
        self._version, self._clock, self._seconds = version, clock, seconds
        self._answers: OrderedDict[str, tuple[str, float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """The answer of that name: the kept one while the database is the same or the answer is young, else a new one."""
        version, now = self._version(), self._clock()
        with self._lock:
            known = self._answers.get(name)
        if known is not None and (known[0] == version or now - known[1] < self._seconds):
            return known[2]
        made = make()
        with self._lock:
            self._answers[name] = (version, now, made)
            self._answers.move_to_end(name)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return made
