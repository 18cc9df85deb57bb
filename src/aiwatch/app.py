"""The composition root: the one place that knows every implementation. Faces call it; nothing below does."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiwatch import config as configuration
from aiwatch.errors import ConfigError
from aiwatch.ports import Clock, Fetch, Send, Store
from aiwatch.settings import Config
from aiwatch.store.connection import MEMORY, absent
from aiwatch.store.library import Library

if TYPE_CHECKING:  # what writes, judges or polls is loaded where it is made: a command that only reads needs none of it
    from aiwatch.poll import Poller
    from aiwatch.rules import RuleSet
    from aiwatch.store.sqlite import SqliteStore


def now() -> datetime:
    """The wall clock, handed down as an argument from here."""
    return datetime.now(UTC)


def load_config(
    path: str = "aiwatch.toml", db: str | None = None, env: Mapping[str, str] | None = None, *, secrets: bool = True
) -> Config:
    """Read ``aiwatch.toml`` (which may be absent) and the sources it names. Raises ConfigError with every problem found.

    Without ``secrets`` one that is not to be had is no problem, and empty: who only reads the database needs none.
    """
    env = os.environ if env is None else env
    main = _file(Path(path))
    if main is None and path != "aiwatch.toml":
        raise ConfigError(f"{path}: there is no such file; `aiwatch init` writes a first one")
    base = Path(path).resolve().parent
    listed = configuration.sources_path(main, env)
    sources = _file(base / listed) or (packaged_sources() if main is None or listed == "sources.toml" else None)
    if sources is None:
        raise ConfigError(f"{path}: sources: found {listed!r}; there is no such file")

    def reveal(where: str, name: str) -> str | None:
        found = env.get(name) if where == "env" else _secret(base / name)
        return "" if found is None and not secrets else found

    config = configuration.read(main, [sources], base=str(base), env=env, reveal=reveal)
    if db:
        config = configuration.with_database(config, str(Path(db).resolve()) if db != MEMORY else db)
    return config


def secret_variables(path: str, env: Mapping[str, str]) -> set[str]:
    """The variables that the configuration's files name as the place of a secret; a file that cannot be read is told by who needs it."""
    try:
        files = (_file(Path(path)), _file(sources_file(path, env)[0]))
    except ConfigError:
        return set()
    return {name for file in files if file for name in configuration.of_secrets(file.text)}


def with_web(config: Config, host: str | None, port: int | None) -> Config:
    """The same configuration listening elsewhere."""
    web = replace(config.web, host=host or config.web.host, port=config.web.port if port is None else port)
    return replace(config, web=web)


def load_rules(config: Config) -> RuleSet:
    """The shipped rules with the user's overlay. Raises RuleError naming file, line and rule."""
    from aiwatch import rules

    if config.rules is None:
        return rules.load()
    overlay = _file(Path(config.rules))
    if overlay is None:
        raise ConfigError(
            f"rules: there is no file {config.rules}; an empty one will do, or take the key `rules` out of the configuration"
        )
    return rules.load(overlay.text, overlay.name)


def with_makers(config: Config) -> Config:
    """The same configuration, each source's vendor by the name that the rules give it: stories and nudges compare names.

    Raises RuleError, ConfigError.
    """
    maker = load_rules(config).directory.maker
    named = (replace(one, vendor=maker(one.vendor) or one.vendor) if one.vendor else one for one in config.sources)
    return replace(config, sources=tuple(named))


def has_database(config: Config) -> bool:
    """Whether there is a database already: who only asks makes none."""
    return config.database != MEMORY and Path(config.database).exists()


def need_database(config: Config) -> None:
    """Raises StoreError where there is no database yet, and so nothing to ask or to mend."""
    if not has_database(config):
        raise absent(config.database)


def open_store(config: Config) -> SqliteStore:
    """The database for writing, created and migrated where needed."""
    from aiwatch.store.sqlite import SqliteStore

    if config.database != MEMORY:
        Path(config.database).parent.mkdir(parents=True, exist_ok=True)
    return SqliteStore(config.database)


def looking_store(config: Config) -> SqliteStore:
    """The database for who only looks at what a poll or a digest works with. Raises StoreError where there is none, or an older one."""
    from aiwatch.store.looking import LookingStore

    return LookingStore(config.database)


def existing_store(config: Config) -> SqliteStore:
    """The database for writing, for who mends and makes none. Raises StoreError where there is none."""
    need_database(config)
    return open_store(config)


def open_library(config: Config) -> Library:
    """The database for reading."""
    return Library(config.database)


def templates(config: Config) -> dict[str, str]:
    """The user's own templates and wordings by file name; what else lies in their directory is not read.

    Raises ConfigError naming a file that cannot be read.
    """
    if config.templates is None:
        return {}
    from aiwatch.digest import mail  # which draws and inlines, and is slow to load: few commands need it

    found = ((name, _file(Path(config.templates) / name)) for name in sorted(mail.shipped()))
    return {name: file.text for name, file in found if file is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that runs: who polls, and what sends."""

    config: Config
    poller: Poller
    send: Send
    templates: Mapping[str, str]


@asynccontextmanager
async def service(
    config: Config, store: Store, clock: Clock = now, db: Executor | None = None, fetch: Fetch | None = None
) -> AsyncIterator[Service]:
    """The service's parts wired together; closes its connections on leaving."""
    from aiwatch import schedule
    from aiwatch.fetch import HttpFetch
    from aiwatch.notify import Sender
    from aiwatch.poll import Poller
    from aiwatch.sandbox import Sandbox

    loaded = load_rules(config)
    async with (
        HttpFetch(config.http, clock) as http,
        Sender(config.smtp, config.http, clock=clock) as send,
    ):
        poller = Poller(
            store=store,
            fetch=fetch or http,
            rules=loaded,
            clock=clock,
            sources=config.sources,
            subscriptions=config.subscriptions,
            polling=config.polling,
            jitter=random.random,
            crowd=schedule.crowd(config.sources),
            db=db,
            aside=Sandbox(),
        )
        yield Service(config=config, poller=poller, send=send, templates=templates(config))


def _file(path: Path) -> configuration.File | None:
    try:
        return configuration.File(name=shown(path), text=path.read_text("utf-8-sig"))  # editors of Windows put a mark before it
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is no text in UTF-8: byte {error.start} cannot be one; save it as UTF-8") from error


def shown(path: Path) -> str:
    """How a file is named in what is said of it: from the directory that one is in, where it lies there."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def sources_file(path: str = "aiwatch.toml", env: Mapping[str, str] | None = None) -> tuple[Path, str]:
    """Where this configuration keeps its list of sources, and its text: the shipped list's, where no file is there yet."""
    main = _file(Path(path))
    where = Path(path).resolve().parent / configuration.sources_path(main, os.environ if env is None else env)
    found = _file(where) or packaged_sources()
    return where, found.text if found else ""


def packaged_sources() -> configuration.File | None:
    """The catalogue that ships with the package, for a directory that has none of its own."""
    for candidate in (Path(__file__).parent / "sources.toml", Path(__file__).parents[2] / "sources.toml"):
        if candidate.is_file():
            return _file(candidate)
    return None


def _secret(path: Path) -> str | None:
    """What a file of one secret holds; None where it is not to be had."""
    try:
        return path.read_text("utf-8-sig").strip()  # as in ``_file``
    except (OSError, UnicodeDecodeError):
        return None
