"""A person's own file with another text in it: all of the new one or all of the old one, whatever happens in between."""

from __future__ import annotations

import os
from pathlib import Path

from aiwatch.errors import ConfigError


def rewrite(path: Path, text: str) -> None:
    """Put ``text`` in the place of what the file holds; who could not read the old text cannot read the new one, at any moment.

    Raises ConfigError naming a file that cannot be written.
    """
    path = path.resolve()  # a link, as people who keep their files elsewhere have it, stays one
    fresh = path.with_name(path.name + ".new")
    try:
        body = text.encode("utf-8")
    except UnicodeEncodeError as error:  # bytes of a command line that are no UTF-8
        raise ConfigError(f"{path}: cannot be written: what was given is no text") from error
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666 if mode is None else mode)
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.fchmod(handle, mode)
            file.write(body)
            file.flush()
            os.fsync(handle)
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
