"""A person's own file with another text in it: all of the new one or all of the old one, whatever happens in between."""

from __future__ import annotations

import os
from pathlib import Path

from aiwatch.errors import ConfigError


def rewrite(path: Path, text: str) -> None:
    """Put ``text`` in the place of what the file holds; who could not read the old text cannot read the new one, at any moment.

    Raises ConfigError naming a file that cannot be written.
    """
    fresh = path.with_name(path.name + ".new")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666 if mode is None else mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            if mode is not None:
                os.fchmod(handle, mode)
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
