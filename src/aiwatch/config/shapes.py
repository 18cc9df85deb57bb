"""The shapes of ``aiwatch.toml`` and ``sources.toml`` as people write them; unknown keys and wrong types are mistakes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aiwatch.addresses import meant, wrong_address


class Shape(BaseModel):
    """A TOML table: unknown keys and wrong types are mistakes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Indirect(Shape):
    """A secret kept elsewhere: ``{ env = "NAME" }`` or ``{ file = "/path" }``."""

    env: str | None = None
    file: str | None = None


Hidden = str | Indirect
ID = r"^[a-z0-9][a-z0-9._-]*$"
ADDRESS = r"^https?://[^\s]+$"
CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
IN_WORDS = {  # what a pattern asks for, as a person says it
    ID: "an id is made of lower case letters, digits, '.', '_' and '-', and begins with a letter or a digit",
    ADDRESS: "an address begins with http:// or https:// and has no space in it",
    CLOCK: "a time of day is written 08:00 or 22:30",
    LANGUAGE: "a language is written as its code, such as ko or zh-TW",
}


def _reachable(value: str) -> str:
    if wrong := wrong_address(value):
        raise ValueError(wrong)
    return value


def _spoken(value: str) -> str:
    if language := meant(value):
        raise ValueError(f"that is a country; the language is {language}")
    return value


# Above them, a moment so far ahead or so long ago is none that a date can hold.
YEAR, CENTURY = 366 * 86_400, 100 * 366 * 24  # seconds; hours

Id = Annotated[str, Field(pattern=ID, max_length=80)]
Address = Annotated[str, Field(pattern=ADDRESS, max_length=2000), AfterValidator(_reachable)]
Language = Annotated[str, Field(pattern=LANGUAGE), AfterValidator(_spoken)]
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
Clock24 = Annotated[str, Field(pattern=CLOCK)]


class SourceShape(Shape):
    """``[[source]]``."""

    id: Id
    url: Address
    name: str = ""
    kind: KindName = "feed"
    tier: TierName = "press"
    vendor: str | None = None
    lang: Language | None = None
    timezone: str | None = None
    enabled: bool = True
    reason: str | None = None
    groups: list[str] = []
    interval: Annotated[int, Field(ge=1, le=YEAR)] | None = None
    allow_private: bool = False
    tls_verify: bool = True
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
    host_gap: Annotated[float, Field(ge=0, le=3600, strict=False)] = 1.0
    http2: bool = True
    respect_robots: bool = True
    allow_private: list[str] = []
    proxy: Hidden | None = None
    no_proxy: list[str] = []
    ca_file: str | None = None


class PollingShape(Shape):
    """``[polling]``."""

    min_interval: Annotated[int, Field(ge=1)] = 300
    max_interval: Annotated[int, Field(ge=60, le=YEAR)] = 6 * 3600
    budget: Annotated[int, Field(ge=1, le=1440)] = 72
    tick: Annotated[float, Field(gt=0, le=300, strict=False)] = 5.0
    lease: Annotated[int, Field(ge=30, le=YEAR)] = 300
    alert_window_hours: Annotated[float, Field(ge=0, le=CENTURY, strict=False)] = 72.0
    failing_notice_hours: Annotated[float, Field(gt=0, le=CENTURY, strict=False)] = 24.0
    budget_per_host: Annotated[int, Field(ge=1)] = 2000


class SmtpShape(Shape):
    """``[smtp]``."""

    host: str = "localhost"
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: Hidden | None = None
    sender: str = "aiwatch@localhost"
    timeout: Annotated[float, Field(gt=0, le=3600, strict=False)] = 60.0
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
    langs: list[Language] = []
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


ShapeT = TypeVar("ShapeT", bound=Shape)
