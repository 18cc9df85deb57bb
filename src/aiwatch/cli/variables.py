"""What the environment sets in vain: a misspelt ``AIWATCH_...`` would be passed over, and the default taken for what was asked."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping

from aiwatch.config.book import IN_ENVIRONMENT
from aiwatch.config.variables import PREFIX, is_meant_for_us, of_keys

_START = f"{PREFIX}_"
_KEPT = f"{PREFIX}_VERSION"  # whoever deploys keeps a number there


def unread(path: str, env: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each variable that nothing reads, with the nearest that something does; ``path``: the configuration."""
    env = os.environ if env is None else env
    ours = sorted(name for name, value in env.items() if is_meant_for_us(name, value))
    known = set(of_keys())
    if not set(ours) - known:  # the rest takes its time: every command is loaded
        return []
    from aiwatch import app

    known |= {*of_options(), _KEPT, *app.secret_variables(path, env)}
    return [f"{IN_ENVIRONMENT}{name} is read by nothing{_nearest(name, known)}" for name in ours if name not in known]


def of_options() -> Iterator[str]:
    """``AIWATCH_RUN_LOG_LEVEL`` and all others that an option is read from."""
    from aiwatch.cli.reference import commands

    for command, _ in commands():
        for option in command.params:
            if isinstance(option.envvar, str):
                yield option.envvar


def _nearest(name: str, known: set[str]) -> str:
    """The names are compared without what all of them begin with, which would make any two alike."""
    bare = {one.removeprefix(_START): one for one in sorted(known)}
    close = difflib.get_close_matches(name.upper().removeprefix(_START), bare, 1)
    return f"; did you mean {bare[close[0]]}?" if close else "; docs/configuration.md and docs/commands.md have those that are"
