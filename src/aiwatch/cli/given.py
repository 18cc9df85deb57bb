"""What a command is given: a file or standard input to read, a port to listen on, a name."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click

from aiwatch.errors import ConfigError

LONGEST = 200  # characters of a name; the longest that were met have half as many


def name(text: str) -> str:
    """What a model or its maker can be called, without spaces around it: a letter or a digit at least, on one line. Else BadParameter."""
    found = text.strip()
    if not any(map(str.isalnum, found)) or not found.isprintable() or len(found) > LONGEST:
        raise click.BadParameter(
            f"{found[:40]!r} is no name: it has letters or digits, on one line of at most {LONGEST} characters"
        )
    return found


def contents(file: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``. Raises ConfigError naming a file that cannot be read."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error


def text(file: str) -> str:
    """The text of a file, or of standard input for ``-``. Raises ConfigError naming what cannot be read, and the line that is no text."""
    data = contents(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, byte = before.count(b"\n") + 1, len(before) - before.rfind(b"\n") - 1
        raise ConfigError(f"{file}:{line}: is no text in UTF-8: byte {byte} of the line cannot be one") from error


def missing(extra: str) -> click.ClickException:
    """What is said where a command's extra is not installed, or is of a version that does not serve."""
    return click.ClickException(f'the extra {extra} is not installed: pip install "aiwatch[{extra}]"')


def free(host: str, port: int) -> None:
    """Raises ClickException, saying what to do, where nothing can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be listened on: {error.strerror}; --port names another") from error
