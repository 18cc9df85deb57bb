"""``aiwatch.toml`` and ``sources.toml`` as text -> ``Config``. Pure: whoever calls it reads the files and the environment.

    text -> shape (shapes, book) -> settings (assembly)

Every mistake is reported, not only the first, as ``file:line: key: what was found; what is allowed``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiwatch.config.assembly import Reveal, assemble, check_references, source
from aiwatch.config.book import Book, File, in_order, load
from aiwatch.config.shapes import ConfigShape, SourcesShape
from aiwatch.config.variables import of_secrets
from aiwatch.errors import ConfigError
from aiwatch.model import Source
from aiwatch.settings import Config
from aiwatch.tomlplace import Path, line_of, loads

__all__ = ["File", "Reveal", "of_secrets", "read", "read_sources", "sources_path", "with_database"]


def read(main: File | None, sources: Sequence[File], *, base: str, env: Mapping[str, str], reveal: Reveal) -> Config:
    """The whole configuration.

    ``base`` is the directory that relative paths start from; ``env`` overrides scalars as ``AIWATCH_SMTP_HOST=...``.
    Raises ConfigError with every problem found.
    """
    problems: list[str] = []
    book = Book(main or File(name="aiwatch.toml", text=""), problems, env)
    shape = load(ConfigShape, book)
    listed = read_sources(sources, reveal, problems)
    if shape is None:
        raise ConfigError(in_order(problems))
    config = assemble(shape, listed, base, reveal, book)
    check_references(config, book)
    if problems:
        raise ConfigError(in_order(problems))
    return config


def sources_path(main: File | None, env: Mapping[str, str]) -> str:
    """Where the list of sources is, without judging the rest of the file."""
    if "AIWATCH_SOURCES" in env:
        return env["AIWATCH_SOURCES"]
    try:
        found = loads(main.text).get("sources") if main else None
    except tomllib.TOMLDecodeError:
        return "sources.toml"
    return found if isinstance(found, str) else "sources.toml"


def read_sources(files: Sequence[File], reveal: Reveal, problems: list[str]) -> tuple[Source, ...]:
    """The sources of all files, in order; appends to ``problems`` what is wrong with them."""
    found: dict[str, tuple[Source, str]] = {}
    for file in files:
        book = Book(file, problems)
        shape = load(SourcesShape, book)
        for index, entry in enumerate(shape.source if shape else ()):
            path: Path = ("source", index)
            here = f"{file.name}:{line_of(book.lines, path)}"
            if entry.id in found:
                book.say((*path, "id"), f'id "{entry.id}" is used twice; it stands already at {found[entry.id][1]}')
                continue
            found[entry.id] = (source(entry, path, reveal, book), here)
    return tuple(source for source, _ in found.values())


def with_database(config: Config, database: str) -> Config:
    """The same configuration over another database file."""
    return replace(config, database=database)
