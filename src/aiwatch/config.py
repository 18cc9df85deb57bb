"""``aiwatch.toml`` and ``sources.toml`` as text -> ``Config``. Pure: whoever calls it reads the files and the environment.

Every mistake is reported, not only the first, as ``file:line: key: what was found; what is allowed``.
"""

from __future__ import annotations

import difflib
import posixpath
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aiwatch import parse
from aiwatch.digest import slots
from aiwatch.errors import ConfigError
from aiwatch.model import Filter, Kind, Modality, Source, Stage, Tier
from aiwatch.settings import (
    Channel,
    Config,
    Http,
    Polling,
    QuietHours,
    Recipient,
    Secret,
    Smtp,
    Subscription,
    Web,
)
from aiwatch.tomlplace import Path, line_of, places

Reveal = Callable[[str, str], str | None]  # ("env" | "file", name) -> the secret, or None where there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A configuration file as read. ``name`` is what messages call it."""

    name: str
    text: str


# --- the shapes of the two files ------------------------------------------------------------------------------------------


class Shape(BaseModel):
    """A TOML table: unknown keys and wrong types are mistakes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Indirect(Shape):
    """A secret kept elsewhere: ``{ env = "NAME" }`` or ``{ file = "/path" }``."""

    env: str | None = None
    file: str | None = None


Hidden = str | Indirect
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2000)]
StageName = Literal["rumored", "announced", "preview", "released", "open_weights", "updated", "deprecated"]
ModalityName = Literal[
    "text", "image", "video", "audio", "speech", "music", "code", "multimodal", "3d", "embedding", "robotics", "world", "other"
]
TierName = Literal["primary", "press", "community"]
KindName = Literal[
    "feed",
    "page",
    "sitemap",
    "github",
    "huggingface",
    "arxiv",
    "hackernews",
    "youtube",
    "reddit",
    "bluesky",
    "mastodon",
    "x",
    "webhook",
]
Clock24 = Annotated[str, Field(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]


ShapeT = TypeVar("ShapeT", bound=Shape)


class SourceShape(Shape):
    """``[[source]]``."""

    id: Id
    url: Address
    name: str = ""
    kind: KindName = "feed"
    tier: TierName = "press"
    vendor: str | None = None
    lang: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = None
    timezone: str | None = None
    enabled: bool = True
    reason: str | None = None
    groups: list[str] = []
    interval: Annotated[int, Field(ge=1)] | None = None
    allow_private: bool = False
    headers: dict[str, Hidden] = {}
    options: dict[str, Any] = {}


class SourcesShape(Shape):
    """``sources.toml``."""

    source: list[SourceShape] = []


class HttpShape(Shape):
    """``[http]``."""

    contact: str = ""
    timeout: Annotated[float, Field(gt=0, le=300, strict=False)] = 30.0
    inactivity: Annotated[float, Field(gt=0, le=300, strict=False)] = 20.0
    max_body: Annotated[int, Field(ge=65536)] = 10 * 1024 * 1024
    max_redirects: Annotated[int, Field(ge=0, le=10)] = 5
    concurrency: Annotated[int, Field(ge=1, le=500)] = 20
    per_host: Annotated[int, Field(ge=1, le=10)] = 2
    host_gap: Annotated[float, Field(ge=0, strict=False)] = 1.0
    http2: bool = True
    respect_robots: bool = True
    allow_private: list[str] = []


class PollingShape(Shape):
    """``[polling]``."""

    min_interval: Annotated[int, Field(ge=1)] = 300
    max_interval: Annotated[int, Field(ge=60)] = 6 * 3600
    budget: Annotated[int, Field(ge=1, le=1440)] = 72
    tick: Annotated[float, Field(gt=0, le=300, strict=False)] = 5.0
    lease: Annotated[int, Field(ge=30)] = 300
    alert_window_hours: Annotated[float, Field(ge=0, strict=False)] = 72.0
    failing_notice_hours: Annotated[float, Field(gt=0, strict=False)] = 24.0
    budget_per_host: Annotated[int, Field(ge=1)] = 2000


class SmtpShape(Shape):
    """``[smtp]``."""

    host: str = "localhost"
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: Hidden | None = None
    sender: str = "aiwatch@localhost"
    timeout: Annotated[float, Field(gt=0, strict=False)] = 60.0
    verify: bool = True


class WebShape(Shape):
    """``[web]``."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8731
    base_url: Address | None = None
    token_hash: Hidden | None = None
    proxy: bool = False


class LogShape(Shape):
    """``[log]``."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


class RecipientShape(Shape):
    """``[[recipient]]``: exactly one of the channels."""

    id: Id
    email: Hidden | None = None
    webhook: Hidden | None = None
    slack: Hidden | None = None
    discord: Hidden | None = None
    teams: Hidden | None = None
    apprise: Hidden | None = None
    secrets: list[Hidden] = []
    allow_private: bool = False
    lang: Literal["en", "ko"] | None = None
    timezone: str | None = None
    headers: dict[str, Hidden] = {}


class QuietShape(Shape):
    """``quiet = { start = "22:00", end = "07:00" }``."""

    start: Clock24
    end: Clock24


class DigestShape(Shape):
    """``[[digest]]``."""

    id: Id
    title: str | None = None
    schedule: str
    timezone: str = "UTC"
    recipients: Annotated[list[str], Field(min_length=1)]
    lang: Literal["en", "ko"] = "en"
    vendors: list[str] = []
    modalities: list[ModalityName] = []
    stages: list[StageName] = []
    langs: list[str] = []
    sources: list[str] = []
    tiers: list[TierName] = []
    min_score: Annotated[float, Field(ge=0, strict=False)] = 0.0
    send_empty: bool = False
    rumors: bool = False
    near_misses: bool = True
    quiet: QuietShape | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class ConfigShape(Shape):
    """``aiwatch.toml``."""

    database: str = "db/aiwatch.db"
    sources: str = "sources.toml"
    rules: str | None = None
    templates: str | None = None
    operators: list[str] = []
    http: HttpShape = HttpShape()
    polling: PollingShape = PollingShape()
    smtp: SmtpShape = SmtpShape()
    web: WebShape = WebShape()
    log: LogShape = LogShape()
    recipient: list[RecipientShape] = []
    digest: list[DigestShape] = []


# --- reading --------------------------------------------------------------------------------------------------------------


def read(main: File | None, sources: Sequence[File], *, base: str, env: Mapping[str, str], reveal: Reveal) -> Config:
    """The whole configuration.

    ``base`` is the directory that relative paths start from; ``env`` overrides scalars as ``AIWATCH_SMTP_HOST=...``.
    Raises ConfigError with every problem found.
    """
    problems: list[str] = []
    shape = _main_shape(main or File(name="aiwatch.toml", text=""), env, problems)
    listed = read_sources(sources, reveal, problems)
    if shape is None:
        raise ConfigError(_in_order(problems))
    book = _Book(main or File(name="aiwatch.toml", text=""), problems)
    config = _assemble(shape, listed, base, reveal, book)
    _check_references(config, book)
    if problems:
        raise ConfigError(_in_order(problems))
    return config


def _in_order(problems: list[str]) -> list[str]:
    """By file and line, as a person mends them."""

    def place(problem: str) -> tuple[str, int]:
        name, _, rest = problem.partition(":")
        number = rest.partition(":")[0]
        return name, int(number) if number.isdigit() else 0

    return sorted(problems, key=place)


def sources_path(main: File | None, env: Mapping[str, str]) -> str:
    """Where the list of sources is, without judging the rest of the file."""
    if "AIWATCH_SOURCES" in env:
        return env["AIWATCH_SOURCES"]
    try:
        found = tomllib.loads(main.text).get("sources") if main else None
    except tomllib.TOMLDecodeError:
        return "sources.toml"
    return found if isinstance(found, str) else "sources.toml"


def read_sources(files: Sequence[File], reveal: Reveal, problems: list[str]) -> tuple[Source, ...]:
    """The sources of all files, in order; appends to ``problems`` what is wrong with them."""
    found: dict[str, tuple[Source, str]] = {}
    for file in files:
        book = _Book(file, problems)
        shape = _shape(SourcesShape, book, {})
        for index, entry in enumerate(shape.source if shape else ()):
            path: Path = ("source", index)
            here = f"{file.name}:{line_of(book.lines, path)}"
            if entry.id in found:
                book.say((*path, "id"), f'id "{entry.id}" is used twice; it stands already at {found[entry.id][1]}')
                continue
            found[entry.id] = (_source(entry, path, reveal, book), here)
    return tuple(source for source, _ in found.values())


class _Book:
    """The problems of one file, each with its line."""

    def __init__(self, file: File, problems: list[str]) -> None:
        self.file, self.problems, self.lines = file, problems, places(file.text)

    def say(self, path: Path, text: str) -> None:
        line = line_of(self.lines, path)
        self.problems.append(f"{self.file.name}:{line}: {text}" if line else f"{self.file.name}: {text}")


def _main_shape(file: File, env: Mapping[str, str], problems: list[str]) -> ConfigShape | None:
    return _shape(ConfigShape, _Book(file, problems), env)


def _shape(kind: type[ShapeT], book: _Book, env: Mapping[str, str]) -> ShapeT | None:
    """The file's text as that shape; None, with the problems said, where it is not."""
    try:
        table = tomllib.loads(book.file.text)
    except tomllib.TOMLDecodeError as error:
        book.problems.append(f"{book.file.name}: not TOML: {error}")
        return None
    try:
        return kind.model_validate(_overridden(table, kind, env))
    except ValidationError as error:
        for detail in error.errors():
            book.say(tuple(detail["loc"]), _sentence(detail, kind))
        return None


def _overridden(table: dict[str, Any], kind: type[Shape], env: Mapping[str, str], prefix: str = "AIWATCH") -> dict[str, Any]:
    """``table`` with the scalars that the environment sets, such as AIWATCH_SMTP_PORT=587; the environment wins."""
    result = dict(table)
    for name, info in kind.model_fields.items():
        variable = f"{prefix}_{name}".upper()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Shape):
            inner = result.get(name, {})
            if isinstance(inner, dict) and (changed := _overridden(inner, info.annotation, env, variable)):
                result[name] = changed
        elif variable in env:
            result[name] = _typed(env[variable], info.annotation)
        elif Indirect in get_args(info.annotation) and f"{variable}_FILE" in env:
            result[name] = {"file": env[f"{variable}_FILE"]}
    return result


def _typed(text: str, annotation: Any) -> Any:
    """An environment variable's text as what the field wants; left as text where that fails, so that validation names it."""
    wants = _inside(annotation)
    if bool in wants and text.lower() in {"1", "yes", "true", "on", "0", "no", "false", "off"}:
        return text.lower() in {"1", "yes", "true", "on"}
    for number in (int, float):
        if number in wants:
            try:
                return number(text)
            except ValueError:
                continue
    return text.split(",") if str(annotation).startswith("list[str") else text


def _inside(annotation: Any) -> set[Any]:
    """The types that an annotation is made of."""
    parts = [part for part in get_args(annotation) if isinstance(part, type) or get_args(part)]
    return {annotation}.union(*(_inside(part) for part in parts))


def _sentence(detail: Any, kind: type[Shape]) -> str:
    """A pydantic problem as ``key: what was found; what is allowed``."""
    path = [str(part) for part in detail["loc"] if not isinstance(part, int)]
    key = ".".join(path) or "file"
    if detail["type"] == "extra_forbidden":
        allowed = sorted(_fields_at(kind, detail["loc"][:-1]))
        close = difflib.get_close_matches(path[-1], allowed, 1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        return f'unknown key "{key}"; {hint}allowed here: {", ".join(allowed)}'
    if detail["type"] == "missing":
        return f'"{key}" is missing'
    return f"{key}: found {_shown(detail.get('input'))}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _fields_at(kind: type[Shape], loc: tuple[int | str, ...]) -> set[str]:
    """The keys allowed in the table at ``loc``."""
    current: Any = kind
    for part in loc:
        if isinstance(part, int) or not hasattr(current, "model_fields"):
            continue
        if part not in current.model_fields:
            continue
        annotation = current.model_fields[part].annotation
        shapes = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, Shape)]
        current = shapes[0] if shapes else current
    return set(current.model_fields)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


# --- from shapes to settings ------------------------------------------------------------------------------------------------


def _secret(value: Hidden, path: Path, reveal: Reveal, book: _Book) -> Secret:
    """A secret written plainly or kept in the environment or a file; an absent one is a problem."""
    if isinstance(value, str):
        return Secret(value)
    places_named = [(where, name) for where, name in (("env", value.env), ("file", value.file)) if name]
    if len(places_named) != 1:
        book.say(path, f'{path[-1]}: a secret is a text, {{ env = "NAME" }} or {{ file = "/path" }}')
        return Secret("")
    where, name = places_named[0]
    text = reveal(where, name)
    if text is None:
        thing = "environment variable" if where == "env" else "file"
        book.say(path, f"{path[-1]}: the {thing} {name} is not there or cannot be read")
        return Secret("")
    return Secret(text.strip())


def _source(shape: SourceShape, path: Path, reveal: Reveal, book: _Book) -> Source:
    _check_zone(shape.timezone, (*path, "timezone"), book)
    allowed = parse.options_of(Kind(shape.kind))
    for key in sorted(set(shape.options) - allowed):
        close = difflib.get_close_matches(key, allowed, 1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        book.say(
            (*path, "options", key), f'unknown option "{key}" of kind {shape.kind}; {hint}allowed: {", ".join(sorted(allowed))}'
        )
    if shape.enabled:
        headers = {name: _secret(value, (*path, "headers", name), reveal, book).reveal() for name, value in shape.headers.items()}
    else:
        headers = {}
    return Source(
        id=shape.id,
        url=shape.url,
        name=shape.name or shape.id,
        kind=Kind(shape.kind),
        tier=Tier(shape.tier),
        vendor=shape.vendor,
        lang=shape.lang,
        timezone=shape.timezone,
        enabled=shape.enabled,
        reason=shape.reason,
        groups=tuple(shape.groups),
        interval=shape.interval,
        allow_private=shape.allow_private,
        headers=headers,
        options=shape.options,
    )


def _assemble(shape: ConfigShape, sources: tuple[Source, ...], base: str, reveal: Reveal, book: _Book) -> Config:
    def absolute(path: str) -> str:
        return posixpath.normpath(posixpath.join(base, path))

    return Config(
        database=shape.database if shape.database == ":memory:" else absolute(shape.database),
        sources=sources,
        http=Http(**{**shape.http.model_dump(), "allow_private": tuple(shape.http.allow_private)}),
        polling=_polling(shape.polling, book),
        smtp=_smtp(shape.smtp, reveal, book),
        web=_web(shape.web, reveal, book),
        subscriptions=tuple(_subscription(one, ("digest", index), book) for index, one in enumerate(shape.digest)),
        recipients=tuple(_recipient(one, ("recipient", index), reveal, book) for index, one in enumerate(shape.recipient)),
        operators=tuple(shape.operators),
        rules=absolute(shape.rules) if shape.rules else None,
        templates=absolute(shape.templates) if shape.templates else None,
        log_format=shape.log.format,
        log_level=shape.log.level,
    )


def _polling(shape: PollingShape, book: _Book) -> Polling:
    if shape.min_interval > shape.max_interval:
        book.say(
            ("polling", "min_interval"), f"min_interval {shape.min_interval} is longer than max_interval {shape.max_interval}"
        )
    return Polling(
        min_interval=shape.min_interval,
        max_interval=shape.max_interval,
        budget=shape.budget,
        tick=shape.tick,
        lease=shape.lease,
        alert_window=round(shape.alert_window_hours * 3600),
        failing_notice=round(shape.failing_notice_hours * 3600),
        budget_per_host=shape.budget_per_host,
    )


def _smtp(shape: SmtpShape, reveal: Reveal, book: _Book) -> Smtp:
    default_port = {"starttls": 587, "tls": 465, "none": 25}[shape.security]
    password = _secret(shape.password, ("smtp", "password"), reveal, book) if shape.password is not None else None
    return Smtp(
        host=shape.host,
        port=shape.port or default_port,
        security=shape.security,
        username=shape.username,
        password=password,
        sender=shape.sender,
        timeout=shape.timeout,
        verify=shape.verify,
    )


def _web(shape: WebShape, reveal: Reveal, book: _Book) -> Web:
    token = _secret(shape.token_hash, ("web", "token_hash"), reveal, book) if shape.token_hash is not None else None
    return Web(host=shape.host, port=shape.port, base_url=shape.base_url, token_hash=token, proxy=shape.proxy)


def _recipient(shape: RecipientShape, path: Path, reveal: Reveal, book: _Book) -> Recipient:
    given = [(channel, value) for channel in Channel if (value := getattr(shape, channel.value)) is not None]
    if len(given) != 1:
        names = ", ".join(channel.value for channel in Channel)
        book.say(path, f'recipient "{shape.id}" has {len(given)} channels; give exactly one of {names}')
        given = [(Channel.EMAIL, "nobody@invalid")]
    _check_zone(shape.timezone, (*path, "timezone"), book)
    channel, value = given[0]
    return Recipient(
        id=shape.id,
        channel=channel,
        address=_secret(value, (*path, channel.value), reveal, book),
        secrets=tuple(_secret(one, (*path, "secrets"), reveal, book) for one in shape.secrets),
        allow_private=shape.allow_private,
        lang=shape.lang,
        timezone=shape.timezone,
        headers={name: _secret(one, (*path, "headers", name), reveal, book).reveal() for name, one in shape.headers.items()},
    )


def _subscription(shape: DigestShape, path: Path, book: _Book) -> Subscription:
    _check_zone(shape.timezone, (*path, "timezone"), book)
    subscription = Subscription(
        id=shape.id,
        title=shape.title or f"aiwatch: {shape.id}",
        schedule=shape.schedule,
        timezone=shape.timezone,
        filter=Filter(
            vendors=tuple(shape.vendors),
            modalities=tuple(Modality(one) for one in shape.modalities),
            stages=tuple(Stage(one) for one in shape.stages),
            langs=tuple(shape.langs),
            sources=tuple(shape.sources),
            tiers=tuple(Tier(one) for one in shape.tiers),
            min_score=shape.min_score,
        ),
        recipients=tuple(shape.recipients),
        lang=shape.lang,
        send_empty=shape.send_empty,
        rumors=shape.rumors,
        near_misses=shape.near_misses,
        quiet=QuietHours(start=shape.quiet.start, end=shape.quiet.end) if shape.quiet else None,
        limit=shape.limit,
    )
    _check_schedule(subscription, path, book)
    return subscription


def _check_zone(name: str | None, path: Path, book: _Book) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        book.say(path, f'timezone: found "{name}"; allowed are IANA names such as "Asia/Seoul", "Europe/Berlin" or "UTC"')


def _check_schedule(subscription: Subscription, path: Path, book: _Book) -> None:
    try:
        slots.next_slot(replace(subscription, timezone="UTC"), datetime(2024, 1, 1, tzinfo=UTC))
    except ValueError as error:
        book.say((*path, "schedule"), f'schedule: found "{subscription.schedule}"; {error}')


def _check_references(config: Config, book: _Book) -> None:
    """Ids that one table uses and another defines."""
    recipients = {one.id for one in config.recipients}
    sources = {one.id for one in config.sources}
    for index, subscription in enumerate(config.subscriptions):
        _check_known(subscription.recipients, recipients, ("digest", index, "recipients"), "recipient", book)
        _check_known(subscription.filter.sources, sources, ("digest", index, "sources"), "source", book)
    _check_known(config.operators, recipients, ("operators",), "recipient", book)
    for kind, table in (("digest", config.subscriptions), ("recipient", config.recipients)):
        ids = [one.id for one in table]
        for index, one in enumerate(ids):
            if one in ids[:index]:
                book.say((kind, index, "id"), f'id "{one}" is used by two {kind}s')


def _check_known(names: Sequence[str], known: set[str], path: Path, what: str, book: _Book) -> None:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"known: {', '.join(sorted(known)[:10]) or 'none'}"
            book.say(path, f'there is no {what} "{name}"; {hint}')


def with_database(config: Config, database: str) -> Config:
    """The same configuration over another database file."""
    return replace(config, database=database)
