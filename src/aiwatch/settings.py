"""The configuration as frozen values. ``config`` reads them from files; everybody else takes them as arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aiwatch.model import EMPTY, Filter, Source, ident


class Secret:
    """A text that never shows itself: ``repr``, ``str`` and formatting give dots; ``reveal()`` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself; call it where it leaves the process, nowhere earlier."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('...')"

    def __str__(self) -> str:
        return "..."

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What requests go out through. ``url`` is its address without the login, as it may be shown; empty: named, and not to be had here."""

    url: str
    login: Secret | None = None  # name:password


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """How requests are made. Times in seconds, sizes in bytes."""

    product: str = "aiwatch"
    contact: str = ""  # address or URL that a site's owner can reach
    timeout: float = 30.0  # the whole exchange
    inactivity: float = 20.0  # no byte for so long
    max_body: int = 10 * 1024 * 1024  # decoded
    max_header: int = 64 * 1024
    max_redirects: int = 5
    concurrency: int = 20  # requests under way at once
    per_host: int = 2
    host_gap: float = 1.0  # between two requests to one host
    http2: bool = True
    respect_robots: bool = True
    allow_private: tuple[str, ...] = ()  # exact host:port pairs that may be private, for every source and webhook
    proxy: Proxy | None = None
    no_proxy: tuple[str, ...] = ()  # hosts, and all below them, that are asked directly
    ca_file: str | None = None  # authorities that are believed beside the well-known ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """Bounds of the schedule and of what counts as news."""

    min_interval: int = 300  # seconds
    max_interval: int = 6 * 3600
    budget: int = 72  # polls a source and day, spent where its rhythm promises most
    tick: float = 5.0  # seconds between two looks for due sources
    lease: int = 300  # seconds after which a claimed source is due again
    alert_window: int = 72 * 3600  # a first poll announces what is younger; older items are only stored
    failing_notice: int = 24 * 3600  # a source failing for so long is told, once
    budget_per_host: int = 2000  # requests a day


class Channel(StrEnum):
    """How a recipient is reached."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"
    APPRISE = "apprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody, or something, that digests go to."""

    id: str
    channel: Channel
    address: Secret  # mail address, or URL (which may carry a token)
    secrets: tuple[Secret, ...] = ()  # webhook signing keys, newest first
    allow_private: bool = False
    lang: str | None = None  # overrides the digest's
    timezone: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)

    @property
    def address_key(self) -> str:
        """Who said "gone": the recipient at this very address. Another address in the configuration is a new start."""
        return f"{self.id}#{ident(self.address.reveal())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The mail server. ``security``: starttls, tls or none."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    username: str | None = None
    password: Secret | None = None
    sender: str = "aiwatch@localhost"
    timeout: float = 60.0
    verify: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local times between which an immediate alert waits; may cross midnight. As ``HH:MM``."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A ``[[digest]]``: what is told to whom, and when. ``schedule`` is ``immediate``, cron, or plain words."""

    id: str
    title: str
    schedule: str
    timezone: str = "UTC"
    filter: Filter = field(default_factory=Filter)
    recipients: tuple[str, ...] = ()
    lang: str = "en"
    send_empty: bool = False
    rumors: bool = False
    near_misses: bool = True
    quiet: QuietHours | None = None
    limit: int = 50  # entries an edition shows in full; the rest is counted and linked


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The pages and the API. Anything but loopback needs a token."""

    host: str = "127.0.0.1"
    port: int = 8731
    base_url: str | None = None  # as the outside sees it; makes unsubscribe links and WebSub possible
    token_hash: Secret | None = None
    proxy: bool = False  # trust X-Forwarded-* of the one proxy in front


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of it. Paths are absolute."""

    database: str
    sources: tuple[Source, ...] = ()
    http: Http = field(default_factory=Http)
    polling: Polling = field(default_factory=Polling)
    smtp: Smtp = field(default_factory=Smtp)
    web: Web = field(default_factory=Web)
    subscriptions: tuple[Subscription, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    operators: tuple[str, ...] = ()  # recipients of notices: source down, delivery dead, disk low
    rules: str | None = None  # the user's overlay
    templates: str | None = None  # directory of the user's own templates
    log_format: str = "text"
    log_level: str = "info"

    def recipient(self, recipient_id: str) -> Recipient | None:
        """The recipient of that id."""
        return next((one for one in self.recipients if one.id == recipient_id), None)

    def subscription(self, digest_id: str) -> Subscription | None:
        """The digest of that id."""
        return next((one for one in self.subscriptions if one.id == digest_id), None)
