"""What a command is given to read: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from aiwatch.errors import ConfigError


def contents(file: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises ConfigError naming a file that cannot be read."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error}") from error
